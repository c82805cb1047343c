"""A small class to grade: a course folder, what is handed in, and what comes of it."""

import random
import sqlite3

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnbook_utils.grading.assignment import Assignment
from nnbook_utils.grading.marking import Marked, Status

ASSIGNMENT = "ps1"


def hand_in(course, student, source=None, name="ps1.ipynb", assignment=ASSIGNMENT):
    """Put a notebook, or any bytes, where a student's submission lies."""
    folder = course.folder("submitted", assignment, student)
    folder.mkdir(parents=True, exist_ok=True)
    if source is None:
        source = (course.folder("source", assignment) / name).read_bytes()
    (folder / name).write_bytes(source)
    return folder


def answered(course, answers, assignment=ASSIGNMENT):
    """Return the released notebook with answers (grade id: source) filled in."""
    path = course.folder("release", assignment) / f"{assignment}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    left = dict(answers)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = left.pop(grade_id, cell.source)
    assert not left, left
    return nbformat.writes(notebook).encode()


def points_of(course, assignment=ASSIGNMENT):
    """Return the points of each automatic test, by grade id."""
    return {
        cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
        for path in sorted(course.folder("source", assignment).glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.nbgrader.grade and not cell.metadata.nbgrader.solution
    }


class StandIn:
    """A marker that runs nothing: what it finds follows from the student's name."""

    marked = 0

    def __init__(self, assignment, limits, *, accept_the_risk=False):
        self.assignment = self.points = assignment

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def mark(self, folder):
        type(self).marked += 1
        student = folder.parent.name
        notebooks = {}
        for path in folder.glob("*.ipynb"):
            try:
                notebooks[path.stem] = nbformat.v4.reads(path.read_text())
            except ValueError:
                zeros = dict.fromkeys(self.points, 0.0)
                return Marked(Status.UNREADABLE, "It is no notebook.", zeros)
        if "crash" in student:
            raise RuntimeError("the marker is broken")
        chance = random.Random(student)
        scores = {
            name: of * (chance.random() < 0.7) for name, of in self.points.items()
        }
        messages = {
            name: f"{name} <b>went</b> wrong" for name in scores if not scores[name]
        }
        return Marked(Status.GRADED, "", scores, messages, notebooks)


def stand_in(monkeypatch):
    """Have batches use the stand-in, counting anew what it marks."""
    for module in ("batch", "marking"):
        monkeypatch.setattr(f"nnbook_utils.grading.{module}.Marker", StandIn)
    monkeypatch.setattr(StandIn, "marked", 0)

    def load(root, name):
        from nnbook_utils.grading.course import Course

        return points_of(Course.load(root), name)

    monkeypatch.setattr(Assignment, "load", staticmethod(load))


def dump(course):
    """Return all rows of the gradebook under names instead of its random ids."""
    connection = sqlite3.connect(
        f"file:{course.results / 'gradebook.db'}?mode=ro", uri=True
    )
    queries = {
        "grades": """
            select s.student_id, n.name, c.name, g.auto_score, g.manual_score,
                   g.extra_credit, g.needs_manual_grade
            from grade g join base_cell c on c.id = g.cell_id
            join submitted_notebook h on h.id = g.notebook_id
            join notebook n on n.id = h.notebook_id
            join submitted_assignment s on s.id = h.assignment_id""",
        "comments": """
            select s.student_id, n.name, c.name, k.auto_comment, k.manual_comment
            from comment k join base_cell c on c.id = k.cell_id
            join submitted_notebook h on h.id = k.notebook_id
            join notebook n on n.id = h.notebook_id
            join submitted_assignment s on s.id = h.assignment_id""",
        "submissions": """
            select student_id, timestamp, extension from submitted_assignment""",
        "penalties": """
            select s.student_id, h.late_submission_penalty, h.flagged
            from submitted_notebook h
            join submitted_assignment s on s.id = h.assignment_id""",
        "students": "select * from student",
        "marked": "select * from nnbook_marked",
        "collected": "select * from nnbook_collected",
    }
    try:
        return {
            name: sorted(map(repr, connection.execute(query)))
            for name, query in queries.items()
        }
    finally:
        connection.close()


def _cell(kind, grade_id, source, points=None, *, solution=False, task=False):
    make = new_code_cell if kind == "code" else new_markdown_cell
    marks = {
        "grade_id": grade_id,
        "grade": points is not None and not task,
        "solution": solution,
        "task": task,
        "locked": not solution,
        "schema_version": 3,
    }
    if points is not None:
        marks["points"] = points
    return make(source, metadata={"nbgrader": marks})


def write_essays(folder):
    """Write an assignment of two notebooks, a part of it marked by hand."""
    first = [
        _cell("markdown", "intro", "# Essays\n\n## Code"),
        _cell(
            "code",
            "double",
            "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n"
            "    ### END SOLUTION",
            solution=True,
        ),
        _cell(
            "code",
            "double-hidden",
            "assert callable(double)\n### BEGIN HIDDEN TESTS\n"
            "assert double(20) == 40, 'twice 20 is 40'\n### END HIDDEN TESTS",
            2,
        ),
        _cell(
            "code",
            "curve",
            "### BEGIN SOLUTION\nplot = 'a curve'\n### END SOLUTION",
            3,
            solution=True,
        ),
    ]
    second = [
        _cell(
            "markdown",
            "why",
            "### BEGIN SOLUTION\nBecause it converges.\n### END SOLUTION",
            5,
            solution=True,
        ),
        _cell("markdown", "draw", "Draw it.", 4, task=True),
    ]
    folder.mkdir(parents=True)
    for name, cells in [("essay1", first), ("essay2", second)]:
        notebook = new_notebook(cells=cells)
        notebook.metadata.kernelspec = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, folder / f"{name}.ipynb")
