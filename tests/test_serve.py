"""`make serve`: what is saved is soon seen, and what fails is said."""

import re
import subprocess
import sys
import time

import pytest
from small_book import notebook, small_book

# From the end of a run until the page has been drawn: what is promised for a machine
# that does nothing else, and how long a test waits on one that does.
PATIENCE = 180_000  # milliseconds


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a copy of the book that has two pages; return its folder and address."""
    root = tmp_path_factory.mktemp("served")
    environment = small_book(root)
    notebook(root / "book" / "one.ipynb", "md # One", "print('first')")
    log = (root / "log.txt").open("w+")
    process = subprocess.Popen(
        [sys.executable, str(root / "tools" / "serve_book.py"), "--port", "0"],
        cwd=root,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    until = time.monotonic() + PATIENCE / 1000
    while not (found := re.search(r"http://\S+/", (root / "log.txt").read_text())):
        assert process.poll() is None, (root / "log.txt").read_text()
        assert time.monotonic() < until, (root / "log.txt").read_text()
        time.sleep(0.2)
    yield root, found.group()
    process.terminate()
    process.wait(30)
    log.close()


def test_what_is_saved_is_seen(served, chromium):
    root, address = served
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}book/one.html")
    page.get_by_text("first", exact=True).wait_for()

    # A change of the text alone is not run; a change of code is.
    notebook(root / "book" / "one.ipynb", "md # One\n\nAgain.", "print('first')")
    page.get_by_text("Again.").wait_for()
    notebook(root / "book" / "one.ipynb", "md # One", "print('sec' + 'ond')")
    page.get_by_text("second", exact=True).wait_for()
    log = (root / "log.txt").read_text()
    assert len(re.findall(r"one\.ipynb  [\d.]+ s", log)) == 2

    # A cell that fails is said in the page, which stays, and in the terminal.
    notebook(root / "book" / "one.ipynb", "md # One", "1 / 0")
    page.locator("#nn-trouble", has_text="ZeroDivisionError").wait_for()
    assert page.get_by_text("second", exact=True).count() == 1
    assert "ZeroDivisionError" in (root / "log.txt").read_text()

    # Half a file is no file.
    text = (root / "book" / "one.ipynb").read_text()
    (root / "book" / "one.ipynb").write_text(text[: len(text) // 2])
    until = time.monotonic() + PATIENCE / 1000
    while "half saved" not in (root / "log.txt").read_text():
        assert time.monotonic() < until
        time.sleep(0.2)

    # So is a warning, and the page is drawn none the less.
    notebook(
        root / "book" / "one.ipynb", "md # One\n\n[x](gone.md) Third.", "print('a')"
    )
    page.get_by_text("Third.").wait_for()
    page.locator("#nn-trouble", has_text="gone.md").wait_for()

    # And all is well again once it is mended.
    notebook(root / "book" / "one.ipynb", "md # One\n\nFourth.", "print('a')")
    page.get_by_text("Fourth.").wait_for()
    assert page.locator("#nn-trouble").count() == 0

    # A page that is closed while it waits for news is no trouble.
    page.close()
    drawn = (root / "log.txt").read_text().count("drawn in")
    notebook(root / "book" / "one.ipynb", "md # One\n\nFifth.", "print('a')")
    until = time.monotonic() + PATIENCE / 1000
    while (log := (root / "log.txt").read_text()).count("drawn in") == drawn:
        assert time.monotonic() < until
        time.sleep(0.2)
    time.sleep(0.5)
    assert "BrokenPipe" not in log + (root / "log.txt").read_text()


def test_the_news_wait_for_a_change():
    import serve_book

    news = serve_book.News()
    first = news.after()
    assert news.after("something else") == first
    news.tell("a cell fails", drawn=False)
    assert news.after(first["version"])["trouble"] == "a cell fails"
