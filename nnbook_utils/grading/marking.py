"""Mark one submission: from the folder handed in to points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from nbformat import NotebookNode

from nnbook_utils.grading.limits import Limits


class Status(StrEnum):
    """What became of a submission; only GRADED and TROUBLE say that all of it ran.

    Source: issue 6 of this project.
    """

    GRADED = "graded"
    TROUBLE = "graded with trouble"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Marked:
    """One submission, marked.

    `notebooks` holds, by name, what nbgrader's autograded/ holds: rebuilt, run, outputs
    in place (empty when missing or unreadable). `scores` has every autograded cell of
    the assignment, all 0.0 when nothing could be run; `messages` says what each test
    that did not pass said.

    Source: issue 6 of this project.
    """

    status: Status
    reason: str  # one sentence, empty when graded without trouble
    scores: dict[str, float]  # grade id -> points
    messages: dict[str, str] = field(default_factory=dict)  # grade id -> what was said
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def notebook(self) -> NotebookNode | None:
        """The notebook of an assignment that has only one, or None if there is none."""
        return next(iter(self.notebooks.values()), None)


@dataclass(frozen=True)
class Assignment:
    """An assignment as the instructor wrote it, loaded once for all submissions.

    Source: issue 6 of this project.
    """

    name: str
    sources: Mapping[str, NotebookNode]  # by notebook name: tests and solutions in full
    released: Mapping[str, NotebookNode]  # by notebook name: as the learners got it
    points: Mapping[str, float]  # grade id of each autograded cell -> most points
    manual: Mapping[str, float]  # grade id of each cell marked by hand -> most points
    imports: tuple[
        str, ...
    ]  # modules that answers may import, beyond the standard ones
    files: Mapping[str, bytes]  # what was released beside the notebooks: data files

    @classmethod
    def load(cls, course: Path, name: str) -> "Assignment":
        """Load ``solutions/<name>`` and ``exercises/<name>`` of a course.

        Parameters
        ----------
        course : path
            The course's folder.
        name : str
            The assignment's.

        Returns
        -------
        Assignment

        Raises
        ------
        FileNotFoundError
            If there is no such assignment.
        ValueError
            If two cells of it have the same grade id.

        Source: issue 6 of this project.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Problem:
    """Why a test cannot be run apart from the answers, or does not pass the solution.

    Source: issue 6 of this project.
    """

    grade_id: str
    what: str


def check_assignment(assignment: Assignment) -> list[Problem]:
    """Say which tests cannot be run apart from the learner's code.

    Parameters
    ----------
    assignment : Assignment

    Returns
    -------
    list of Problem
        Empty if all is well.

    Source: issue 6 of this project.
    """
    raise NotImplementedError


class Marker:
    """Marks submissions of one assignment, one after the other.

    Parameters
    ----------
    assignment : Assignment
    limits : Limits, optional
    accept_the_risk : bool
        Run without a sandbox where there is no bubblewrap.

    Raises
    ------
    SandboxMissing
        If there is no bubblewrap, and the risk is not accepted.

    Source: issue 6 of this project.
    """

    def __init__(
        self,
        assignment: Assignment,
        limits: Limits | None = None,
        *,
        accept_the_risk: bool = False,
    ) -> None:
        self.assignment = assignment
        self.limits = limits or Limits()
        self.accept_the_risk = accept_the_risk

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def mark(self, folder: Path) -> Marked:
        """Mark what one learner handed in; never raises for what is in it.

        Parameters
        ----------
        folder : path
            ``submitted/<student>/<assignment>``; need not exist.

        Returns
        -------
        Marked

        Source: issue 6 of this project.
        """
        raise NotImplementedError
