"""What students get has nothing in it that they should not get."""

import shutil

import nbformat
import pytest
from classroom import ASSIGNMENT

from nnbook_utils.grading.course import GradingError
from nnbook_utils.grading.release import look, release


def notebook(course, assignment=ASSIGNMENT, step="source"):
    path = course.folder(step, assignment) / f"{assignment}.ipynb"
    return path, nbformat.read(path, as_version=4)


def cell_of(book, grade_id):
    return next(c for c in book.cells if c.metadata.nbgrader.grade_id == grade_id)


def test_what_is_released_is_what_nbgrader_makes(course):
    from conftest import ROOT

    released = course.folder("release", ASSIGNMENT) / "ps1.ipynb"
    assert released.read_bytes() == (ROOT / "exercises/ps1/ps1.ipynb").read_bytes()
    assert release(course, ASSIGNMENT) == []
    assert {p.name for p in (course.root / "exercises").iterdir()} == {"ps1", "essays"}


def in_the_text(book):
    solution = cell_of(book, "ps1-6a").source
    cell_of(book, "ps1-title").source += "\n\n" + "\n".join(solution.splitlines()[3:5])
    return "ps1-title", "repeats what stands between BEGIN and END SOLUTION"


def in_the_metadata(book):
    solution = cell_of(book, "ps1-6a").source
    cell_of(book, "ps1-title").metadata["note"] = solution.splitlines()[3]
    line = solution.splitlines()[3]
    cell_of(book, "ps1-6a").source = f"### BEGIN SOLUTION\n{line}\n### END SOLUTION"
    return "ps1-title", "repeats what stands between BEGIN and END SOLUTION"


def a_hidden_test_in_the_open(book):
    cell = cell_of(book, "ps1-6b-hidden")
    hidden = "\n".join(cell.source.splitlines()[2:-1])
    cell_of(book, "ps1-6b-visible").source += "\n" + hidden
    return "ps1-6b-visible", "repeats what stands between BEGIN and END HIDDEN TESTS"


def an_end_without_a_beginning(book):
    cell_of(book, "ps1-setup").source += "\n### END SOLUTION"
    return "ps1-setup", "without the other"


@pytest.mark.parametrize(
    "spoil",
    [
        in_the_text,
        in_the_metadata,
        a_hidden_test_in_the_open,
        an_end_without_a_beginning,
    ],
)
def test_what_leaks_is_not_released(course, spoil):
    path, book = notebook(course)
    where, what = spoil(book)
    nbformat.write(book, path)
    released = course.folder("release", ASSIGNMENT) / "ps1.ipynb"
    before = released.read_bytes()
    findings = release(course, ASSIGNMENT)
    assert [finding.where for finding in findings] == [f"ps1, {where}"]
    assert what in findings[0].what
    assert released.read_bytes() == before
    assert {p.name for p in (course.root / "exercises").iterdir()} == {"ps1", "essays"}


def test_an_output_is_found(course):
    _, source = notebook(course)
    _, students = notebook(course, step="release")
    assert look({"ps1": source}, {"ps1": students}) == []
    cell_of(students, "ps1-6a").outputs = [nbformat.v4.new_output("stream", text="4")]
    [finding] = look({"ps1": source}, {"ps1": students})
    assert "output" in finding.what


def test_what_nbgrader_refuses_is_said_in_its_words(course):
    path, book = notebook(course)
    cell_of(book, "ps1-6b").metadata.nbgrader.grade_id = "ps1-6a"
    nbformat.write(book, path)
    with pytest.raises(GradingError, match="ps1-6a"):
        release(course, ASSIGNMENT)


def test_a_first_release_makes_the_folder(course):
    shutil.rmtree(course.root / "exercises")
    assert release(course, ASSIGNMENT) == []
    assert (course.root / "exercises" / "ps1" / "ps1.ipynb").is_file()
