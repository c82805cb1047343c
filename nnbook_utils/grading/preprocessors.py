"""The same marking behind stock ``nbgrader autograde``.

nbgrader's own way is to read what was handed in, clean it, run it in a Jupyter kernel
and look at the outputs. Here reading, cleaning and running are the `Marker`'s: nbgrader
receives the rebuilt notebook with its outputs, and does the rest. See
``nbgrader_config.py`` for the few lines that put this in place.
"""

import atexit
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde, base
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict

from nnbook_utils.grading.assignment import Assignment, Role, nbgrader_of, role
from nnbook_utils.grading.course import (
    Course,
    name_trouble,
    printable,
    stamped_time,
)
from nnbook_utils.grading.examiner import error_output
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.marking import Marked, Marker
from nnbook_utils.grading.rebuild import Unreadable


class SandboxedExporter(NotebookExporter):
    """Reads what learners have handed in by marking it.

    Source: nbgrader's converters.
    """

    limits = Dict(help="Limits other than the defaults, by name").tag(config=True)
    without_sandbox = Bool(
        False, help="Run submissions as yourself where there is no bubblewrap"
    ).tag(config=True)
    believe_timestamps = Bool(
        False,
        help="Take timestamp.txt as the time of handing in, where `nnbook collect` "
        "has not told it. Only for what nbgrader's exchange collected",
    ).tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):
            self._guard(self.parent)

    def _guard(self, converter: Any) -> None:
        """Have nbgrader leave out odd ids, and not believe a submission's own time."""
        start = converter.init_destination  # the first that sees a student's id

        def init_destination(assignment: str, student: str) -> bool:
            trouble = name_trouble(student)
            if trouble:
                self.log.error("%s is left out: %s", printable(student), trouble)
            return not trouble and bool(start(assignment, student))

        converter.init_destination = init_destination
        course = Course(Path(converter.coursedir.root), self.config)
        with open_gradebook(course) as gradebook:
            told = {
                course.folder("submitted", assignment, student): time
                for assignment in course.assignments()
                for student, time in gradebook.times(assignment).items()
            }
        submitted = Path(course.root, converter.coursedir.submitted_directory)

        def get_existing_timestamp(folder: str) -> datetime | None:
            path = Path(folder).absolute()
            if path in told:
                return told[path]
            own = path.is_relative_to(submitted) and not self.believe_timestamps
            return None if own else stamped_time(path)

        converter.coursedir.get_existing_timestamp = get_existing_timestamp

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> Any:
        """Mark the submission that a notebook belongs to, and go on with the result.

        In nbgrader's second pass the file is what the first has written, and is read.

        Parameters
        ----------
        filename : str
            In the submission's folder; it need not exist.
        resources : mapping, optional
            nbgrader's.
        options : object
            nbconvert's.

        Returns
        -------
        str, mapping
            The notebook's text, and the resources.

        Source: nbgrader's converters.
        """
        converter: Any = self.parent
        if not converter._sanitizing:
            return super().from_filename(filename, resources, **options)
        path = Path(filename).absolute()
        marker = _marker(
            Path(converter.coursedir.root),
            resources["nbgrader"]["assignment"],
            tuple(sorted(self.limits.items())),
            self.without_sandbox,
        )
        marked = marker.mark(path.parent)
        if marked.reason:
            self.log.warning("%s: %s (%s)", filename, marked.status, marked.reason)
        notebook = as_nbgrader(marked, marker.assignment, path.stem)
        return self.from_notebook_node(  # type: ignore[no-untyped-call]
            notebook, resources, **options
        )


def as_nbgrader(marked: Marked, assignment: Assignment, name: str) -> NotebookNode:
    """Return a notebook that nbgrader gives the same points for as the Marker.

    Parameters
    ----------
    marked : Marked
    assignment : Assignment
    name : str
        The notebook's.

    Returns
    -------
    NotebookNode
        Of a submission that could not be read: as released, no test passed.

    Source: nbgrader's `determine_grade`.
    """
    notebook = marked.notebooks.get(name)
    if notebook is None:
        notebook = nbformat.from_dict(
            {
                "cells": [
                    {**cell, "outputs": [], "execution_count": None}
                    if cell["cell_type"] == "code"
                    else cell
                    for cell in assignment.sources[name]
                ],
                "metadata": assignment.metadata[name],
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    unrun = nbformat.from_dict(
        error_output(Unreadable(f"{marked.status}: {marked.reason}"))
    )
    for cell in notebook.cells:
        # A test that was not reached must not count as passed.
        if role(cell) in (Role.TEST, Role.BESIDE) and cell.execution_count is None:
            cell.outputs = [unrun]
    return notebook


class AsReleased(NbGraderPreprocessor):  # type: ignore[misc]
    """Shows in feedback what the students know: no hidden test, no marking scheme.

    Source: nbgrader's preprocessors.
    """

    def preprocess(
        self, notebook: NotebookNode, resources: Any
    ) -> tuple[NotebookNode, Any]:
        """Give every cell that is no answer the source that was released.

        Parameters
        ----------
        notebook : NotebookNode object
            As it was marked; changed in place.
        resources : mapping
            nbgrader's, which name the assignment.

        Returns
        -------
        NotebookNode, mapping
            Both as they came.

        Source: nbgrader's `ClearHiddenTests`, which fails where an answer holds a mark
        like those that it looks for.
        """
        told = resources["nbgrader"]
        assignment = Assignment.load(Path.cwd(), told["assignment"])
        sources = {
            nbgrader_of(cell).get("grade_id"): cell["source"]
            for cell in assignment.released[told["notebook"]]
        }
        for cell in notebook.cells:
            name = nbgrader_of(cell).get("grade_id")
            if name is not None and not nbgrader_of(cell).get("solution"):
                cell.source = sources.get(name, "")
        return notebook, resources


def name_notebooks(notebooks: list[str], **of_what: Any) -> None:
    """Let nbgrader look for the assignment's notebooks, whatever learners named theirs.

    Set as the hook that nbgrader calls before it converts a submission.

    Source: nbgrader's converters.

    Parameters
    ----------
    notebooks : list of str
        The paths that nbgrader has found; changed in place.
    **of_what : object
        The assignment, and the student.
    """
    if notebooks:
        folder = Path(notebooks[0]).parent
        names = Assignment.load(Path.cwd(), str(of_what["assignment"])).sources
        notebooks[:] = [str(folder / f"{name}.ipynb") for name in names]


@cache
def _marker(
    course: Path, name: str, limits: tuple[tuple[str, Any], ...], accept: bool
) -> Marker:
    """Return the one Marker for all submissions of this command."""
    marker = Marker(
        Assignment.load(course, name), Limits(**dict(limits)), accept_the_risk=accept
    )
    marker.__enter__()
    atexit.register(marker.__exit__, None, None, None)
    return marker


def _without_links(found: Any) -> Any:
    """Return nbgrader's search for files, but for symbolic links."""

    def find_all_files(*arguments: Any, **options: Any) -> Iterator[str]:
        return (p for p in found(*arguments, **options) if not os.path.islink(p))

    return find_all_files


# nbgrader copies what lies beside a notebook, and would copy what a link points to.
base.find_all_files = _without_links(base.find_all_files)
