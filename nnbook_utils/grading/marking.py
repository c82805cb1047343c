"""Mark one submission: from the folder handed in to points."""

import ast
import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nnbook_utils.grading import wire
from nnbook_utils.grading.assignment import (
    Assignment,
    BrokenAssignment,
    Cell,
    Role,
    bound_names,
    imported_names,
    nbgrader_of,
    parse,
    role,
    used_names,
)
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.sandbox import PACKAGE, Sandbox

if TYPE_CHECKING:
    from nbformat import NotebookNode

SLACK = 20  # seconds for reading, rebuilding and the last grace


class Status(StrEnum):
    """What became of a submission; only GRADED and TROUBLE say that all of it ran.

    Source: section "Grading" of the instructors' guide.
    """

    GRADED = "graded"
    TROUBLE = "graded with trouble"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


# Of several notebooks the worst says how it went.
_BADNESS = [
    Status.GRADED,
    Status.TROUBLE,
    Status.MISSING,
    Status.UNREADABLE,
    Status.TIMED_OUT,
    Status.CRASHED,
]


@dataclass(frozen=True)
class Marked:
    """One submission, marked.

    `notebooks` holds, by name, what nbgrader's autograded/ holds: rebuilt, run, outputs
    in place (empty when missing or unreadable). `scores` has every autograded cell of
    the assignment, all 0.0 when nothing could be run; `messages` says what each test
    that did not pass said.

    Source: section "Grading" of the instructors' guide.
    """

    status: Status
    reason: str  # one sentence, empty when graded without trouble
    scores: dict[str, float]  # grade id -> points
    messages: dict[str, str] = field(default_factory=dict)  # grade id -> what was said
    notebooks: "dict[str, NotebookNode]" = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def notebook(self) -> "NotebookNode | None":
        """The notebook of an assignment that has only one, or None if there is none."""
        return next(iter(self.notebooks.values()), None)


@dataclass(frozen=True)
class Problem:
    """Why a test cannot be run apart from the answers, or does not pass the solution.

    Source: section "Grading" of the instructors' guide.
    """

    grade_id: str
    what: str


def check_assignment(
    assignment: Assignment,
    limits: Limits | None = None,
    *,
    accept_the_risk: bool = False,
) -> list[Problem]:
    """Say which tests cannot be run apart from the learner's code, or prove nothing.

    The instructor's own solution is marked. A test that it does not pass there, though
    it does in the notebook, most likely needs what cannot cross: a class, a figure, a
    function that is handed to a function.

    Parameters
    ----------
    assignment : Assignment
    limits : Limits, optional
    accept_the_risk : bool
        As for `Marker`.

    Returns
    -------
    list of Problem
        Empty if all is well.

    Raises
    ------
    SandboxMissing
        As for `Marker`.

    Source: section "Grading" of the instructors' guide.
    """
    with (
        tempfile.TemporaryDirectory(prefix="nnbook-solution-") as temporary,
        Marker(assignment, limits, accept_the_risk=accept_the_risk) as marker,
    ):
        folder = Path(temporary, "instructor", assignment.name)
        folder.mkdir(parents=True)
        for name, cells in assignment.sources.items():
            text = json.dumps({"cells": cells, "nbformat": 4})
            (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        marked = marker.mark(folder)
    problems = [
        Problem(grade_id, marked.messages.get(grade_id) or marked.reason)
        for grade_id, points in assignment.points.items()
        if marked.scores[grade_id] < points
    ]
    if marked.reason and not problems:
        problems.append(Problem("", marked.reason))
    return problems + _beside(assignment)


def _beside(assignment: Assignment) -> list[Problem]:
    """Say which tests are worth nothing because of what runs beside the answers.

    There the checks are stand-ins, which every answer passes. And what such a test
    defines is the learner's to replace: no other test may use it.
    """
    problems = []
    for cells in assignment.sources.values():
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        checks = set().union(*(_from_checks(cell["source"]) for cell in code))
        for cell in (cell for cell in code if role(cell) is Role.BESIDE):
            name = nbgrader_of(cell)["grade_id"]
            if called := sorted(checks & used_names(cell["source"])):
                what = (
                    f"runs beside the answers, where {called[0]} lets everything pass"
                )
                problems.append(Problem(name, what))
            ours = {n for c in code if role(c) is Role.LOCKED for n in _made(c)}
            made = _made(cell) - ours
            for test in (cell for cell in code if role(cell) is Role.TEST):
                if used := sorted(made & used_names(test["source"]) - _made(test)):
                    what = f"uses {used[0]}, which {name} makes beside the answers"
                    problems.append(Problem(nbgrader_of(test)["grade_id"], what))
    return problems


def _made(cell: Cell) -> set[str]:
    return bound_names(cell["source"]) | imported_names(cell["source"])


def _from_checks(source: str) -> set[str]:
    """Return the names that stand for the checks, or for parts of them."""
    checks = f"{PACKAGE.name}.checks"
    found = set()
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            for alias in node.names:
                path = ".".join(filter(None, [module, alias.name]))
                if path == checks or path.startswith(f"{checks}."):
                    found.add(alias.asname or alias.name.split(".")[0])
    return found


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

    Source: section "Grading" of the instructors' guide.
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
        # Both load what they need at the same time, and so does who has called us.
        self.examiner = _Examiner(self.assignment, self.limits)
        try:
            self.sandbox = Sandbox(
                self.assignment.imports,
                [self.assignment.course],
                self.limits,
                accept_the_risk=self.accept_the_risk,
            )
        except BaseException:
            self.examiner.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.examiner.close()
        self.sandbox.close()

    def mark(self, folder: Path) -> Marked:
        """Mark what one learner handed in; never raises for what is in it.

        Parameters
        ----------
        folder : path
            ``submitted/<student>/<assignment>``; need not exist.

        Returns
        -------
        Marked

        Raises
        ------
        SandboxMissing
            If the sandbox does not start.
        BrokenAssignment
            If the tests can't be loaded.

        Source: section "Grading" of the instructors' guide.
        """
        started = time.perf_counter()
        parts = {
            name: self._mark_notebook(Path(folder), name)
            for name in self.assignment.sources
        }
        scores = dict.fromkeys(self.assignment.points, 0.0)
        messages: dict[str, str] = {}
        for part in parts.values():
            scores |= part.scores
            messages |= part.messages
        worst = max(parts.values(), key=lambda part: _BADNESS.index(part.status))
        several = len(parts) > 1
        reasons = [
            f"{name}: {part.reason}" if several else part.reason
            for name, part in parts.items()
            if part.reason
        ]
        return Marked(
            status=worst.status,
            reason="; ".join(reasons),
            scores=scores,
            messages=messages,
            notebooks={
                name: _notebook(part.cells, self.assignment.metadata[name])
                for name, part in parts.items()
                if part.cells
            },
            seconds=time.perf_counter() - started,
        )

    def _mark_notebook(self, folder: Path, name: str) -> "_Part":
        part = _Part()
        self.examiner.wait_until_ready()
        session, leash = self.sandbox.open()
        results, theirs = socket.socketpair()
        with session, leash, theirs:
            request = {"folder": str(folder.absolute()), "notebook": name}
            pid = self.examiner.start(request, [session, leash, theirs])
        # The examiner keeps the time itself; this is for one that cannot.
        deadline = time.monotonic() + self.limits.total_seconds + SLACK
        most = int(self.limits.notebook * 2e6)
        with results:
            try:
                while message := wire.receive(results, most, deadline):
                    part.take(wire.unpack(message))
                    if part.ended:
                        return part
            except TimeoutError:
                part.status = Status.TIMED_OUT
                part.reason = "the tests did not come to an end"
            else:
                part.status = Status.CRASHED
                part.reason = "the tests ran out of memory, or crashed"
            finally:
                if not part.ended:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
        return part


@dataclass
class _Part:
    """What is known so far of one notebook of a submission."""

    status: Status = Status.CRASHED
    reason: str = ""
    ended: bool = False
    cells: list[dict[str, Any]] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)

    def take(self, message: list[Any]) -> None:
        """Enter what the examiner reports."""
        match message:
            case ["rebuilt", bytes(cells)]:
                self.cells = json.loads(cells)
            case ["scored", str(grade_id), points, str(said)]:
                self.scores[grade_id] = float(points)
                if said:
                    self.messages[grade_id] = said
            case ["ran", int(place), int(count), bytes(outputs)]:
                cell = self.cells[place]
                cell["execution_count"], cell["outputs"] = count, json.loads(outputs)
            case ["end", str(status), str(reason)]:
                self.status, self.reason, self.ended = Status[status], reason, True


class _Examiner:
    """The process that examinations are forked from (see `examiner`)."""

    def __init__(self, assignment: Assignment, limits: Limits) -> None:
        self.name = assignment.name
        self.control, theirs = socket.socketpair()
        paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "nnbook_utils.grading.examiner"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self.said.fileno(),
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                    "PYTHONHASHSEED": "0",
                    "OPENBLAS_NUM_THREADS": "1",
                    "MPLBACKEND": "agg",
                    "NBGRADER_EXECUTION": "autograde",
                },
            )
        self.control.sendall(pickle.dumps((assignment, limits)))
        self.ready = False

    def wait_until_ready(self) -> None:
        """Return when the tests are loaded."""
        if not self.ready:
            self.ready = self.control.recv(1) == b"+"
        if not self.ready:
            raise BrokenAssignment(
                f"The tests of {self.name} can't be loaded, which is the assignment's "
                f"fault and no submission's: {self._last_words()}"
            )

    def start(self, request: dict[str, Any], sockets: list[socket.socket]) -> int:
        """Start an examination; return the number of its process."""
        numbers = [one.fileno() for one in sockets]
        socket.send_fds(self.control, [wire.pack(request)], numbers)
        said = b""
        while not said.endswith(b"\n"):
            piece = self.control.recv(64)
            if not piece:
                raise RuntimeError(f"the tests have ended: {self._last_words()}")
            said += piece
        return int(said)

    def _last_words(self) -> str:
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else "they ended without a word"

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.said.close()


def _notebook(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> "NotebookNode":
    import nbformat

    known = all("id" in cell for cell in cells)
    if not known:
        cells = [{k: v for k, v in cell.items() if k != "id"} for cell in cells]
    return nbformat.from_dict(
        {
            "cells": cells,
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": 5 if known else 4,
        }
    )
