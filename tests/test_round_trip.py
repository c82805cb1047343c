"""Release, hand in, autograde, feedback, export: every assignment, with stock nbgrader.

Every released notebook is handed in with all answers right; some also with every other
answer only, or untouched. What they earn is held against what marking.py says, on which
the tables of answers rest. One assignment goes through the commands that an instructor
types, the others through the same code in one process.
"""

import csv
import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT
from marking import mark
from stock import ASSIGNMENTS, by_program, nbgrader

TYPED = "ps1"
HANDED_IN = [
    *(("all-right", assignment) for assignment in ASSIGNMENTS),
    ("partly-right", TYPED),
    ("partly-right", "ps2"),
    ("untouched", TYPED),
]
# What else the learner who is partly right answers, so that sets earn a part.
SLIPS = {"ps2": {"ps2-1": "question_1 = {1}", "ps2-2": "question_2 = {1, 2, 3, 5}"}}


def read(folder, assignment):
    path = folder / assignment / f"{assignment}.ipynb"
    return nbformat.read(path, as_version=4)


def answers_of(student, assignment):
    """Return what a learner writes into the released notebook: grade id to source."""
    solved = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in read(ROOT / "solutions", assignment).cells
        if cell.metadata.nbgrader.solution
    }
    if student == "partly-right":
        return dict(list(solved.items())[::2]) | SLIPS.get(assignment, {})
    return solved if student == "all-right" else {}


def handed_in(student, assignment, released):
    notebook = read(released, assignment)
    answers = answers_of(student, assignment)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def submit(course, student, assignment):
    folder = course / "grading" / "submitted" / student / assignment
    folder.mkdir(parents=True)
    notebook = handed_in(student, assignment, course / "exercises")
    nbformat.write(notebook, folder / f"{assignment}.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    nbgrader(course, "generate_assignment", TYPED)
    by_program(course, *(name for name in ASSIGNMENTS if name != TYPED))
    for student, assignment in HANDED_IN:
        submit(course, student, assignment)
    nbgrader(course, "autograde", TYPED)
    nbgrader(course, "generate_feedback", TYPED)
    by_program(course, *(f"{a}/{s}" for s, a in HANDED_IN if a != TYPED))
    nbgrader(course, "export")
    return course


@pytest.fixture(scope="module")
def grades(course):
    with (course / "grading" / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["student_id"], row["assignment"]): row for row in rows}


def expected_points(student, assignment):
    """Return what marking.py gives; a cell left alone is as it was released."""
    answers = answers_of(student, assignment)
    released = read(ROOT / "exercises", assignment)
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in released.cells
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution
    }
    outcomes = mark(
        assignment, {name: answers.get(name, old) for name, old in sources.items()}
    )
    return sum(outcome.points for outcome in outcomes.values())


@pytest.mark.parametrize(("student", "assignment"), HANDED_IN)
def test_each_learner_gets_the_points_expected(student, assignment, grades):
    cells = read(ROOT / "solutions", assignment).cells
    told = [cell.metadata.nbgrader for cell in cells]
    by_tests = sum(cell.points for cell in told if cell.grade and not cell.solution)
    row = grades[student, assignment]
    score = float(row["score"])
    assert float(row["max_score"]) == sum(cell.points for cell in told if cell.grade)
    assert score == expected_points(student, assignment)
    assert {
        "all-right": score == by_tests,
        "partly-right": 0 < score < by_tests,
        "untouched": score == 0,
    }[student]


@pytest.mark.parametrize(("student", "assignment"), HANDED_IN)
def test_everyone_gets_a_page_of_feedback(student, assignment, course):
    page = course / "grading" / "feedback" / student / assignment / f"{assignment}.html"
    assert ("Traceback (most recent" in page.read_text()) == (student != "all-right")


def test_sets_earn_a_part_in_stock_nbgrader(course):
    folder = course / "grading" / "autograded" / "partly-right"
    shown = {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in read(folder, "ps2").cells
        if cell.cell_type == "code"
    }
    text, number = shown["ps2-2-marked"]
    assert "4 of 5 options judged right" in text.text
    assert "Option 3: false" in text.text
    assert float(number.data["text/plain"]) == 3


def test_grading_writes_nowhere_but_into_its_folder(course):
    assert {path.name for path in course.iterdir()} == {
        "nbgrader_config.py",
        "solutions",
        "exercises",
        "grading",
    }


# As a student has it: the package and a notebook, nothing that grades -----------------

STUDENT = """
import json, sys

ABSENT = {"nbgrader", "nbval", "pytest", "hypothesis", "autograd", "torch", "numpydoc"}


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ABSENT or name.startswith("nnbook_utils.grading"):
            raise ModuleNotFoundError(f"{name} is not in a student's environment")


sys.meta_path.insert(0, Absent())
import matplotlib
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output

matplotlib.use("agg")
shell = InteractiveShell.instance()
shell.InteractiveTB.set_mode("Minimal")  # whole tracebacks take long to draw
failures = {}
for name, cells in json.load(sys.stdin).items():
    shell.reset()
    failures[name] = {}
    for grade_id, source in cells:
        with capture_output():
            error = shell.run_cell(source, store_history=True).error_in_exec
        if error is not None:
            failures[name][grade_id] = f"{type(error).__name__}: {error}"
print(json.dumps(failures))
"""


def run_as_a_student(student, folder):
    """Run all cells of each assignment; return what failed, by assignment and cell."""
    cells = {
        assignment: [
            (cell.metadata.nbgrader.grade_id, cell.source)
            for cell in handed_in(student, assignment, ROOT / "exercises").cells
            if cell.cell_type == "code"
        ]
        for assignment in ASSIGNMENTS
    }
    done = subprocess.run(
        [sys.executable, "-c", STUDENT],
        cwd=folder,
        input=json.dumps(cells),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_untouched_all_run_to_the_end_and_say_what_is_not_yet_answered(tmp_path):
    for assignment, failures in run_as_a_student("untouched", tmp_path).items():
        for grade_id, message in failures.items():
            assert "not yet answered" in message, grade_id
        for cell in read(ROOT / "exercises", assignment).cells:
            told = cell.metadata.nbgrader
            # Of hidden tests a student has the comment only.
            code = re.sub(r"(?m)^#.*", "", cell.source).strip()
            if told.grade and told.points and cell.cell_type == "code" and code:
                assert told.grade_id in failures, told.grade_id


def test_solved_all_pass_their_tests(tmp_path):
    failures = run_as_a_student("all-right", tmp_path)
    assert failures == {assignment: {} for assignment in ASSIGNMENTS}
