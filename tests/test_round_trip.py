"""Release, hand in, autograde, feedback, export: the stock commands, end to end.

Three learners hand in the released notebook: one with every answer right, one with
problem 6 and the steps of problems 8 and 9 only, and one untouched.
"""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

ASSIGNMENT = "ps1"
ANSWERED = {
    "all-right": lambda grade_id: True,
    "partly-right": lambda grade_id: (
        grade_id.startswith("ps1-6") or grade_id in ("ps1-8a", "ps1-9a")
    ),
    "untouched": lambda grade_id: False,
}
# The tests of a part: those whose grade id starts with the part's.
EARNED = {
    "all-right": ("ps1-",),
    "partly-right": ("ps1-6", "ps1-8a", "ps1-9a"),
    "untouched": (),
}


def nbgrader(course, *arguments):
    program = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run(
        [program, *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def submit(course, student, answered):
    released = course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    solved = nbformat.read(
        course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
    )
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solved.cells
        if cell.metadata.nbgrader.solution
    }
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.nbgrader.grade_id
        if grade_id in answers and answered(grade_id):
            cell.source = answers[grade_id]
    folder = course / "grading" / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / released.name)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    nbgrader(course, "generate_assignment", ASSIGNMENT)
    for student, answered in ANSWERED.items():
        submit(course, student, answered)
    nbgrader(course, "autograde", ASSIGNMENT)
    nbgrader(course, "generate_feedback", ASSIGNMENT)
    nbgrader(course, "export")
    return course


def points_of_parts():
    notebook = nbformat.read(
        ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
    )
    return {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if cell.metadata.nbgrader.grade
    }


def test_the_three_come_out_with_the_points_expected(course):
    points = points_of_parts()
    with (course / "grading" / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(ANSWERED)
    for student, row in rows.items():
        earned = sum(
            value
            for grade_id, value in points.items()
            if grade_id.startswith(EARNED[student] or ("nothing",))
        )
        assert float(row["score"]) == earned, student
        assert float(row["max_score"]) == sum(points.values())
    assert float(rows["all-right"]["score"]) == 40
    assert 0 < float(rows["partly-right"]["score"]) < 40


def test_everyone_gets_a_page_of_feedback(course):
    for student in ANSWERED:
        page = course / "grading" / "feedback" / student / ASSIGNMENT / "ps1.html"
        assert page.stat().st_size > 10_000
    untouched = (
        course / "grading" / "feedback" / "untouched" / ASSIGNMENT / "ps1.html"
    ).read_text()
    assert "not yet answered" in untouched


def test_grading_writes_nowhere_but_into_its_folder(course):
    assert {path.name for path in course.iterdir()} == {
        "nbgrader_config.py",
        "solutions",
        "exercises",
        "grading",
    }
