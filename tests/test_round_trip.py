"""Release, hand in, autograde, feedback, export: every assignment, with stock nbgrader.

Three learners hand in each released notebook: one with every answer right, one with
every other answer only, and one untouched. What they earn is held against what
marking.py says, on which the tables of answers rest. One assignment goes through the
commands that an instructor types, the others through the same code in one process.
"""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from marking import mark

ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").iterdir())
TYPED = "ps1"
STUDENTS = ("all-right", "partly-right", "untouched")
# What else the learner who is partly right answers, so that sets earn a part.
SLIPS = {"ps2": {"ps2-1": "question_1 = {1}", "ps2-2": "question_2 = {1, 2, 3, 5}"}}


def read(folder, assignment):
    path = folder / assignment / f"{assignment}.ipynb"
    return nbformat.read(path, as_version=4)


def answer_cells(assignment):
    """Return the learners' cells of an assignment, by grade id, in order."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in read(ROOT / "solutions", assignment).cells
        if cell.metadata.nbgrader.solution
    }


def answers_of(student, assignment):
    """Return what a learner writes into the released notebook: grade id to source."""
    solved = {
        grade_id: cell.source for grade_id, cell in answer_cells(assignment).items()
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


# nbgrader's own interface for programs; it starts up once, not for each command.
BY_PROGRAM = """
import sys
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

step, students, assignments = (given.split(",") for given in sys.argv[1:])
api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py").load_config())
for assignment in assignments:
    done = []
    if step == ["release"]:
        done.append(api.generate_assignment(assignment))
    else:
        for student in students:
            done.append(api.autograde(assignment, student))
            done.append(api.generate_feedback(assignment, student))
    for result in done:
        if not result["success"]:
            sys.exit(result.get("log", "") + result.get("error", ""))
"""


def run(course, program, *arguments):
    done = subprocess.run(
        [program, *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def nbgrader(course, *arguments):
    run(course, Path(sys.executable).with_name("nbgrader"), *arguments)


def by_program(course, step):
    others = ",".join(name for name in ASSIGNMENTS if name != TYPED)
    run(course, sys.executable, "-c", BY_PROGRAM, step, ",".join(STUDENTS), others)


def submit(course, assignment):
    for student in STUDENTS:
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
    by_program(course, "release")
    for assignment in ASSIGNMENTS:
        submit(course, assignment)
    nbgrader(course, "autograde", TYPED)
    nbgrader(course, "generate_feedback", TYPED)
    by_program(course, "grade")
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


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_learner_gets_the_points_expected(assignment, grades):
    cells = read(ROOT / "solutions", assignment).cells
    told = [cell.metadata.nbgrader for cell in cells]
    points = sum(cell.points for cell in told if cell.grade)
    by_tests = sum(cell.points for cell in told if cell.grade and not cell.solution)
    for student in STUDENTS:
        row = grades[student, assignment]
        assert float(row["max_score"]) == points
        assert float(row["score"]) == expected_points(student, assignment), student
    assert float(grades["all-right", assignment]["score"]) == by_tests
    assert 0 < float(grades["partly-right", assignment]["score"]) < by_tests
    assert float(grades["untouched", assignment]["score"]) == 0


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_everyone_gets_a_page_of_feedback(assignment, course):
    pages = [
        course / "grading" / "feedback" / student / assignment / f"{assignment}.html"
        for student in STUDENTS
    ]
    texts = [page.read_text() for page in pages]
    assert "not yet answered" in texts[2]
    assert "not yet answered" in texts[1]
    assert "AssertionError" not in texts[0]


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
    assert number.data["text/plain"] == "3"


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
failures = {}
for grade_id, source in json.load(sys.stdin):
    with capture_output():
        error = shell.run_cell(source, store_history=True).error_in_exec
    if error is not None:
        failures[grade_id] = f"{type(error).__name__}: {error}"
print(json.dumps(failures))
"""


def run_as_a_student(notebook, folder):
    """Run all cells, and return what failed: grade id to message."""
    cells = [
        (cell.metadata.nbgrader.grade_id, cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    done = subprocess.run(
        [sys.executable, "-c", STUDENT],
        cwd=folder,
        input=json.dumps(cells),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_untouched_it_runs_to_the_end_and_says_what_is_not_yet_answered(
    assignment, tmp_path
):
    notebook = handed_in("untouched", assignment, ROOT / "exercises")
    failures = run_as_a_student(notebook, tmp_path)
    for grade_id, message in failures.items():
        assert "not yet answered" in message, grade_id
    for cell in notebook.cells:
        told = cell.metadata.nbgrader
        if cell.cell_type == "code" and (told.solution or (told.grade and told.points)):
            # Of hidden tests a student has the place only.
            assert told.grade_id in failures or "hidden" in told.grade_id, told.grade_id


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_solved_it_passes_all_its_tests(assignment, tmp_path):
    notebook = handed_in("all-right", assignment, ROOT / "exercises")
    assert run_as_a_student(notebook, tmp_path) == {}
