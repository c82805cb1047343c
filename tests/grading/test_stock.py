"""Stock `nbgrader autograde` gives the corpus the points that the Marker gives."""

import csv
import dataclasses
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, need_program
from corpus import ASSIGNMENT, CASES, FULL, GRADED, TIMED_OUT
from test_corpus import LIMITS

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


@pytest.fixture(scope="module")
def points(tmp_path_factory):
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
    limits = dataclasses.asdict(LIMITS)
    nbgrader("autograde", ASSIGNMENT, f"--SandboxedExporter.limits={limits}")
    nbgrader("export")
    with (course / "grading" / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    return {case: rows.get(f"case-{n}") for n, case in enumerate(CHOSEN)}


@pytest.mark.parametrize("case", CHOSEN, ids=str)
def test_stock_gives_the_same_points(case, points):
    if case.name in WITHOUT_ROW:
        assert points[case] in (None, 0)
    else:
        assert points[case] == case.points


def test_full_marks_are_among_them():
    assert sum(case.points == FULL and case.status is GRADED for case in CHOSEN) > 10
