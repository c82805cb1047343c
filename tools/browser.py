"""Chromium, as the tools use it: the one that is installed, without a window."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "on Debian and Ubuntu, apt install chromium"


@contextmanager
def launch() -> Iterator[Browser]:
    """Start the browser; without one, leave with words that say what to install."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.exit(f"This needs Chromium: {HOW}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
