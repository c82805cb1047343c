"""The students' version of an assignment, made by nbgrader and then looked at.

nbgrader takes the solutions and the hidden tests out. What it can't know is looked at
here before anything reaches the students' folder: is a solution repeated elsewhere, is
an output left?
"""

import json
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from .course import Course, GradingError

__all__ = ["Finding", "look", "release"]

MARKS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
REGION = re.compile(
    rf"^[^\n]*BEGIN ({'|'.join(MARKS)})[^\n]*\n(.*?)^[^\n]*END \1",
    re.DOTALL | re.MULTILINE,
)
# A shorter answer may well stand in a text, or in another answer, by chance.
TELLING = 12


@dataclass(frozen=True)
class Finding:
    """What is wrong with the students' version of an assignment.

    Parameters
    ----------
    where : str
        The notebook, and the cell's grade id or number.
    what : str
        What is wrong, and what to do about it.

    Source: section "Releasing" of the book's page for instructors.
    """

    where: str
    what: str


def release(course: Course, assignment: str) -> list[Finding]:
    """Make the students' version, enter it in the gradebook, and look at it.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The name of the assignment.

    Returns
    -------
    list of Finding
        What is wrong with it. If there is anything, the students' folder is as it was.

    Raises
    ------
    GradingError
        If nbgrader can't make it; the message holds what nbgrader said.

    Source: nbgrader's ``GenerateAssignment``.
    """
    target = course.folder("release", assignment)
    aside = target.parent / ".part"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        _generate(course, assignment, aside)
        made = aside / assignment
        findings = look(_read(course.folder("source", assignment)), _read(made))
        if not findings:
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        return findings
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def look(
    sources: dict[str, NotebookNode], released: dict[str, NotebookNode]
) -> list[Finding]:
    """Find what students should not get.

    Parameters
    ----------
    sources, released : dict of str to NotebookNode
        The notebooks of the instructor and of the students, by name.

    Returns
    -------
    list of Finding
        Solutions, hidden tests and outputs that are left.

    Source: nbgrader's marks for solutions and hidden tests.
    """
    secrets = [
        (kind, _plain(region))
        for notebook in sources.values()
        for cell in notebook.cells
        for kind, region in REGION.findall(cell.source)
        if len(_plain(region)) >= TELLING
    ]
    return [
        Finding(f"{name}, {_where(cell, number)}", what)
        for notebooks, looks in [(sources, _unpaired), (released, _leaks)]
        for name, notebook in notebooks.items()
        for number, cell in enumerate(notebook.cells, start=1)
        for what in looks(cell, secrets)
    ]


def _unpaired(cell: NotebookNode, secrets: list[tuple[str, str]]) -> Iterator[str]:
    for mark in MARKS:
        if cell.source.count(f"BEGIN {mark}") != cell.source.count(f"END {mark}"):
            yield f"has BEGIN {mark} or END {mark} without the other"


def _leaks(cell: NotebookNode, secrets: list[tuple[str, str]]) -> Iterator[str]:
    if cell.get("outputs") or cell.get("execution_count"):
        yield "has an output; nbgrader's ClearOutput should have taken it away"
    # Attachments and metadata are text, too.
    everything = _plain(cell.source + json.dumps(cell.metadata))
    for kind in sorted({kind for kind, secret in secrets if secret in everything}):
        yield f"repeats what stands between BEGIN and END {kind} in the source"


def _plain(text: str) -> str:
    return "".join(text.split())


def _where(cell: NotebookNode, number: int) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id or f"cell {number}"


def _read(folder: Path) -> dict[str, NotebookNode]:
    return {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted(folder.glob("*.ipynb"))
    }


def _generate(course: Course, assignment: str, aside: Path) -> None:
    """Have nbgrader write the students' version below the folder `aside`."""
    said: list[str] = []
    log = logging.Logger("release")
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(handler)
    directory = CourseDirectory(
        config=course.config,
        root=str(course.root),
        assignment_id=assignment,
        release_directory=str(aside),
    )
    maker = GenerateAssignment(
        coursedir=directory, config=course.config, force=True, log=log
    )
    try:
        maker.start()
    except NbGraderException as error:
        raise GradingError(
            f"nbgrader can't make the students' version of {assignment}:\n"
            + "\n".join(said[:1] or [str(error)])
        ) from error
