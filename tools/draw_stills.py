"""Take the picture of each live figure that stands where no script runs.

    python tools/draw_stills.py [NAME ...]

Needs Chromium. The pictures lie in book/_page/static/live/; a figure that has changed
its look gets a new one.
"""

import io
import sys
from pathlib import Path

from browser import launch
from PIL import Image

from nnbook_utils._page import InPage
from nnbook_utils.demos import Demo

STATIC = Path(__file__).parent.parent / "book" / "_page" / "static"
WIDTH = 760


def page_of(widget: InPage, *, theme: str = "light") -> str:
    """Return the HTML of a page that shows `widget` alone, started as in the book."""
    return f"""<!doctype html><html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><title>{widget.module}</title>
<style>html {{ --nn-wash: #f4f6fb }}
html[data-theme="dark"] {{ --nn-paper: #121212; --nn-ink: #e6e6e2;
--nn-wash: #1c1e22; --nn-line: #3a424f;
background: #121212; color: #e6e6e2 }}</style>
<style>{widget._css}</style>
<script>{widget.script()}</script>
<script>{(STATIC / "nnbook.js").read_text("utf-8")}</script>
</head><body><main><h1>A page</h1>{widget.in_page()}</main></body></html>"""


def main() -> None:
    """Draw the figures that are named, or all."""
    folder = STATIC / "live"
    folder.mkdir(exist_ok=True)
    with launch() as browser:
        for name in sys.argv[1:] or sorted(Demo.all):
            demo = Demo.all[name]
            # A page of its own: what a script has declared stays in its page.
            page = browser.new_page(viewport={"width": WIDTH + 40, "height": 1000})
            page.set_content(page_of(demo(**demo.still)))
            page.wait_for_timeout(700)
            shot = page.locator(".nn-demo").screenshot()
            page.close()
            with Image.open(io.BytesIO(shot)) as picture:
                # The method that keeps the colours of thin lines as they are.
                small = picture.convert("RGB").quantize(
                    64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
                )
            small.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
