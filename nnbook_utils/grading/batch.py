"""Mark a whole class: everybody gets a row, and a run can be killed and repeated.

A result is two things, notebooks in ``autograded/`` and rows in the gradebook. The
notebooks are replaced first, each in one step; then one transaction writes the rows,
and with them a digest of what was marked. So a run that was killed in between leaves
the old digest, and the next run marks that student again and comes to the same result.
Whoever has the digest already is not marked again.
"""

import errno
import hashlib
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import nbformat
from sqlalchemy.exc import OperationalError

import nnbook_utils

from .assignment import Assignment, BrokenAssignment
from .course import (
    Course,
    GradingError,
    name_trouble,
    printable,
    stamped_time,
    write_whole,
)
from .gradebook import Gradebook, Record
from .limits import Limits
from .marking import Marked, Marker, Status
from .sandbox import SandboxMissing

__all__ = ["Batch", "digest_of", "version_of"]

# Trouble of the machine, not of a submission: nothing is gained by going on.
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}


def version_of(course: Course, assignment: str, limits: Limits) -> str:
    """Return what changes when an assignment is to be marked again.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        The name of the assignment.
    limits : Limits object
        What a submission may use.

    Returns
    -------
    str
        A digest of the instructor's version, the tests that it calls, and the limits.

    Source: SHA-256.
    """
    source = course.folder("source", assignment)
    checks = Path(nnbook_utils.__file__).with_name("checks")
    digest = hashlib.sha256(f"{nnbook_utils.__version__} {limits}".encode())
    for top in (source, checks):
        for path in sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                _add(digest, path, str(path.relative_to(top)))
    return digest.hexdigest()


def digest_of(folder: Path, version: str) -> str:
    """Return what changes when something else is handed in, or the assignment changes.

    Parameters
    ----------
    folder : Path
        What a student handed in.
    version : str
        As `version_of` gives it.

    Returns
    -------
    str
        A digest of both. Links are not followed.

    Source: SHA-256.
    """
    digest = hashlib.sha256(version.encode())
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink() or not path.is_file():
            digest.update(f"other {name!r}".encode())
        elif name != "timestamp.txt":
            _add(digest, path, name)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", path: Path, name: str) -> None:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    digest.update(f"{name!r} {content}".encode(errors="surrogateescape"))


@dataclass
class Batch:
    """One run over a class.

    Parameters
    ----------
    course : Course
        The course.
    gradebook : Gradebook
        Where the results go; this process is the only one that writes them.
    assignment : str
        The name of the assignment.
    limits : Limits object
        What a submission may use.
    accept_the_risk : bool
        Whether to run without a sandbox where there is none.
    ahead : Marker, optional
        One that has been started already, with the same limits.
    believe_timestamps : bool
        Whether ``timestamp.txt`` was written by nbgrader's exchange.

    Source: section "Grading" of the book's page for instructors.
    """

    course: Course
    gradebook: Gradebook
    assignment: str
    limits: Limits
    accept_the_risk: bool = False
    ahead: Marker | None = None
    believe_timestamps: bool = False

    def waiting(
        self, students: Iterable[str], *, force: bool = False
    ) -> dict[str, str]:
        """Return who is to be marked; write at once who has handed in nothing.

        Parameters
        ----------
        students : iterable of str
            Ids of those who are enrolled.
        force : bool, optional
            Whether to mark again who is marked already.

        Returns
        -------
        dict of str to str
            The digest of what they handed in, by id.

        Source: the digests that `Gradebook.save` keeps.
        """
        version = version_of(self.course, self.assignment, self.limits)
        records = self.gradebook.records(self.assignment)
        waiting = {}
        for student in students:
            record = records.get(student)
            trouble = self._nothing_from(student)
            if trouble:
                # What was marked stays, should its files be gone.
                if record is None:
                    nothing = Marked(Status.MISSING, trouble, {})
                    self.gradebook.save(self.assignment, student, nothing, "", None)
                continue
            digest = digest_of(self._folder("submitted", student), version)
            if (
                force
                or record is None
                or record.digest != digest
                or not self._has_notebooks(student, record)
            ):
                waiting[student] = digest
        return waiting

    def _nothing_from(self, student: str) -> str:
        """Say why there is nothing to mark, or return ""."""
        trouble = name_trouble(student)
        if trouble:
            return f"This id can't have a folder: {trouble}."
        folder = self._folder("submitted", student)
        if folder.is_symlink() or folder.parent.is_symlink():
            return "The folder of this submission is a link, which is not followed."
        return "" if folder.is_dir() else "Nothing was handed in."

    def _has_notebooks(self, student: str, record: Record) -> bool:
        folder = self._folder("autograded", student)
        nothing = record.status in (Status.UNREADABLE, Status.MISSING)
        return nothing or any(
            (folder / f"{name}.ipynb").is_file() for name in self._names
        )

    def run(
        self, waiting: dict[str, str], jobs: int, told: Callable[[str, Marked], None]
    ) -> None:
        """Mark who waits, several at a time, and write one result after the other.

        Parameters
        ----------
        waiting : dict of str to str
            Digests by id, as `waiting` gives them.
        jobs : int
            How many to mark at a time, at least 1.
        told : callable, (str, Marked) -> None
            Called after each result that was written.

        Raises
        ------
        GradingError
            If the assignment itself is broken; then nothing more is marked. If the
            disk is full. What was written is whole; run again to go on.
        SandboxMissing
            If there is no sandbox here, and nobody accepts the risk.

        Source: section "Grading" of the book's page for instructors.
        """
        if not waiting:
            return
        assignment = Assignment.load(self.course.root, self.assignment)
        ready = queue.SimpleQueue[Marker]()
        if self.ahead and self.ahead.assignment == assignment:
            ready.put(self.ahead)
        tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
        for student in waiting:
            tasks.put(student)
        done: queue.SimpleQueue[tuple[str, Marked | BaseException]]
        done = queue.SimpleQueue()
        stop = threading.Event()
        workers = [
            threading.Thread(
                target=self._work,
                args=(assignment, ready, tasks, done, stop),
                daemon=True,
            )
            for _ in range(min(jobs, len(waiting)))
        ]
        for worker in workers:
            worker.start()
        try:
            with _interrupts_into(done):
                for _ in waiting:
                    student, result = done.get()
                    if isinstance(result, BaseException):
                        raise result
                    # Without scores it is the grader that failed: next time, try again.
                    self._save(
                        student, result, waiting[student] if result.scores else ""
                    )
                    told(student, result)
        except BrokenAssignment as error:
            raise GradingError(f"{error} Nothing was marked with it.") from error
        except (OSError, OperationalError) as error:
            raise GradingError(
                f"A result can't be written: {_what(error)}. What is written is whole; "
                "make room, and run this again to go on."
            ) from error
        finally:
            stop.set()
            for worker in workers:
                worker.join(timeout=5)

    def _work(
        self,
        assignment: Assignment,
        ready: "queue.SimpleQueue[Marker]",
        tasks: "queue.SimpleQueue[str]",
        done: "queue.SimpleQueue[tuple[str, Marked | BaseException]]",
        stop: threading.Event,
    ) -> None:
        """Mark one after the other; a marker that fails is replaced by a new one."""
        student = ""
        try:
            while not stop.is_set():
                with ExitStack() as stack:
                    try:
                        marker = ready.get_nowait()
                    except queue.Empty:
                        marker = stack.enter_context(self._marker(assignment))
                    while not stop.is_set():
                        student = tasks.get_nowait()
                        try:
                            marked = marker.mark(self._folder("submitted", student))
                        except Exception as error:
                            if _is_no_submissions(error):
                                raise
                            done.put((student, _failed(error)))
                            break
                        done.put((student, marked))
        except queue.Empty:
            pass
        except BaseException as error:  # the one who waits has to know
            done.put((student, error))

    def _marker(self, assignment: Assignment) -> Marker:
        return Marker(assignment, self.limits, accept_the_risk=self.accept_the_risk)

    def _save(self, student: str, marked: Marked, digest: str) -> None:
        """Write the notebooks, each whole, then everything else in one transaction."""
        if marked.scores:
            folder = self._folder("autograded", student)
            for name in self._names:
                path = folder / f"{name}.ipynb"
                if name in marked.notebooks:
                    text = nbformat.v4.writes(marked.notebooks[name])
                    write_whole(path, text.encode() + b"\n")
                else:
                    path.unlink(missing_ok=True)
        self.gradebook.save(
            self.assignment, student, marked, digest, self._time(student)
        )

    @cached_property
    def _names(self) -> list[str]:
        return [n.name for n in self.gradebook.assignment(self.assignment).notebooks]

    @cached_property
    def _times(self) -> dict[str, datetime | None]:
        return self.gradebook.times(self.assignment)

    def _time(self, student: str) -> datetime | None:
        if self.believe_timestamps:
            stamped = stamped_time(self._folder("submitted", student))
            if stamped is not None:
                return stamped
        return self._times.get(student)

    def _folder(self, step: str, student: str) -> Path:
        return self.course.folder(step, self.assignment, student)


def _is_no_submissions(error: Exception) -> bool:
    full = isinstance(error, OSError) and error.errno in MACHINE
    return full or isinstance(error, SandboxMissing | BrokenAssignment)


def _failed(error: Exception) -> Marked:
    what = printable(f"{type(error).__name__}: {error}")[:200]
    reason = f"The grader itself failed ({what}). Grade again; please report it."
    return Marked(Status.CRASHED, reason, {})


def _what(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


@contextmanager
def _interrupts_into(
    done: "queue.SimpleQueue[tuple[str, Marked | BaseException]]",
) -> Iterator[None]:
    """Let an interrupt wait its turn among the results.

    Raised wherever the program is, it could be lost: where Python cleans up, it only
    prints an exception and goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(
        signal.SIGINT, lambda number, frame: done.put(("", KeyboardInterrupt()))
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
