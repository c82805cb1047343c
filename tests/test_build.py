"""Building again: what has changed is in the pages, though their sources have not."""

import shutil
import subprocess
import sys
from types import SimpleNamespace

import book_page
import pytest
from conftest import ROOT
from small_book import notebook, small_book


def test_a_changed_package_is_seen_in_pages_that_have_not_changed(tmp_path):
    environment = small_book(tmp_path)
    one = tmp_path / "book" / "one.ipynb"
    notebook(
        one,
        "md # One",
        "from nnbook_utils import costs, practice\n\nprint(costs.WORD)",
        "practice.questions('one')",
    )
    questions = ROOT / "tests" / "questions_of_each_kind.questions.yml"
    shutil.copy(questions, one.with_name("one.questions.yml"))
    costs = tmp_path / "nnbook_utils" / "costs.py"
    mistakes = tmp_path / "nnbook_utils" / "practice" / "_mistakes.py"
    source, words = costs.read_text(), mistakes.read_text()

    def page(word, said):
        costs.write_text(f'{source}\nWORD = "word {word}"\n')
        mistakes.write_text(words.replace("you left out the factor 2", said))
        build = [sys.executable, str(tmp_path / "tools" / "build_book.py")]
        built = subprocess.run(
            build, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert built.returncode == 0, built.stdout + built.stderr
        return (tmp_path / "_build" / "html" / "book" / "one.html").read_text()

    first = page("first", "you left out the factor 2")
    assert "word first" in first
    assert "you left out the factor 2" in first
    second = page("second", "you took half of it")
    assert "word second" in second
    assert "word first" not in second
    assert "you took half of it" in second


@pytest.fixture
def outdated(tmp_path, monkeypatch):
    """Return a function that says which of two pages are read again."""
    stamp = tmp_path / "fingerprint"
    monkeypatch.setattr(book_page, "STAMP", stamp)
    env = SimpleNamespace(found_docs={"one", "two"})

    def made(fingerprint, added=()):
        stamp.write_text(fingerprint) if fingerprint else stamp.unlink()
        return book_page.outdated(None, env, set(added), set(), set())

    return made


def test_pages_are_read_again_only_if_what_they_depend_on_has_changed(outdated):
    assert outdated("a", added={"one", "two"}) == set()
    assert outdated("a") == set()
    assert outdated("b", added={"two"}) == {"one"}
    assert outdated("b") == set()


def test_pages_of_several_packages_are_read_again_with_the_next_build(outdated):
    assert outdated("a", added={"one", "two"}) == set()
    assert outdated("") == set()  # the package changes while the book is served,
    assert outdated("a") == {"one", "two"}  # and is changed back before it is built
