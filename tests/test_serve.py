"""`make serve`: what is saved is soon seen, and what fails is said."""

import os
import re
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
import yaml
from conftest import ROOT

# From the end of a run until the page has been drawn: what is promised for a machine
# that does nothing else, and how long a test waits on one that does.
PATIENCE = 180_000  # milliseconds


def notebook(path, *cells):
    """Store a notebook as an editor does: the file is there at once, and whole."""
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            nbformat.v4.new_markdown_cell(cell[3:])
            if cell.startswith("md ")
            else nbformat.v4.new_code_cell(cell)
            for cell in cells
        ],
    )
    other = path.with_suffix(".tmp")
    other.write_text(nbformat.writes(made), "utf-8")
    other.replace(path)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a copy of the book that has two pages; return its folder and address."""
    root = tmp_path_factory.mktemp("served")
    for name in ("tools", "nnbook_utils", "book/_page"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("_config.yml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    (root / "book" / "references.bib").write_text("")
    for name in ("glossary.md", "coverage.md"):
        (root / "book" / name).write_text("---\norphan: true\n---\n# Empty\n")
    (root / "book" / "welcome.md").write_text("# Welcome\n\nSee [one](one.ipynb).\n")
    notebook(root / "book" / "one.ipynb", "md # One", "print('first')")
    (root / "_toc.yml").write_text(
        yaml.safe_dump(
            {
                "format": "jb-book",
                "root": "book/welcome",
                "chapters": [{"file": "book/one"}],
            }
        )
    )
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
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
    page.close()


def test_the_news_wait_for_a_change():
    import serve_book

    news = serve_book.News()
    first = news.after()
    assert news.after("something else") == first
    news.tell("a cell fails", drawn=False)
    assert news.after(first["version"])["trouble"] == "a cell fails"
