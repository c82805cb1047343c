"""Stock nbgrader's commands are as safe, and give the corpus the Marker's points."""

import csv
import dataclasses
import re
import shutil
import subprocess
import sys
from datetime import datetime

import pytest
from conftest import ROOT, need_program
from corpus import ASSIGNMENT, CASES, FULL, GRADED, TIMED_OUT, save, with_cells
from test_corpus import LIMITS

from nnbook_utils.grading.course import Course
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.roster import Person

# All that is broken, and of the others every third that does not take long.
QUICK = [case for case in CASES if case.status is not TIMED_OUT]
CHOSEN = [case for case in QUICK if case.kind == "broken"]
CHOSEN += [case for case in QUICK if case.kind != "broken"][::3]
# nbgrader has no row for whoever has handed in no file that is called a notebook.
WITHOUT_ROW = {
    "nothing",
    "an empty folder",
    "no notebook",
}


OWN_TIME, TOLD_TIME, ODD = "own-time", "told-time", "<b>odd"
MINE = "# BEGIN HIDDEN TESTS of my own"  # which nbgrader's own way stumbles over


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a course, graded, and the rows of the table by student."""
    need_program("bwrap", how="on Debian and Ubuntu, apt install bubblewrap")
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")

    def nbgrader(*arguments):
        program = shutil.which("nbgrader", path=str(sys.executable).rpartition("/")[0])
        done = subprocess.run(
            [program, *arguments], cwd=course, capture_output=True, text=True
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]

    nbgrader("generate_assignment", ASSIGNMENT)
    for number, case in enumerate(CHOSEN):
        case.make(course / "grading" / "submitted" / f"case-{number}" / ASSIGNMENT)
    submitted = course / "grading" / "submitted"
    for student in (OWN_TIME, TOLD_TIME, ODD):
        save(submitted / student / ASSIGNMENT, with_cells(MINE))
        long_ago = "1999-12-31 23:59:59 UTC"
        save(submitted / student / ASSIGNMENT, long_ago, "timestamp.txt")
    with open_gradebook(Course.load(course)) as gradebook:
        gradebook.enrol([Person(TOLD_TIME)])
        gradebook.collected(ASSIGNMENT, TOLD_TIME, datetime(2026, 11, 20, 12))
    limits = dataclasses.asdict(LIMITS)
    nbgrader("autograde", ASSIGNMENT, f"--SandboxedExporter.limits={limits}")
    nbgrader("export")
    nbgrader("generate_feedback", ASSIGNMENT, "--student", OWN_TIME)
    with (course / "grading" / "grades.csv").open(newline="") as file:
        return course, {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("case", CHOSEN, ids=str)
def test_stock_gives_the_same_points(case, graded):
    _, rows = graded
    row = rows.get(f"case-{CHOSEN.index(case)}")
    if case.name in WITHOUT_ROW:
        assert row is None or float(row["score"]) == 0
    else:
        assert float(row["score"]) == case.points


def test_only_a_time_that_was_told_is_believed(graded):
    _, rows = graded
    assert rows[OWN_TIME]["timestamp"] == ""
    assert rows[TOLD_TIME]["timestamp"].startswith("2026-11-20 12:00")
    assert float(rows[OWN_TIME]["score"]) == float(rows[TOLD_TIME]["score"]) == FULL


def test_an_id_that_means_something_in_a_page_is_left_out(graded):
    course, rows = graded
    assert ODD not in rows
    assert not (course / "grading" / "autograded" / ODD).exists()


def test_feedback_shows_no_hidden_test(graded):
    course, _ = graded
    path = course / "grading" / "feedback" / OWN_TIME / ASSIGNMENT / "ps1.html"
    page = re.sub(r"<[^>]+>", "", path.read_text())
    assert MINE in page
    assert "Grading tests the same function here on other data." in page
    assert "seed=602" in (course / "solutions/ps1/ps1.ipynb").read_text()
    assert "seed=602" not in page


def test_full_marks_are_among_them():
    assert sum(case.points == FULL and case.status is GRADED for case in CHOSEN) > 10
