"""Where a course keeps its files, which names may become a path, and who is at work.

The folders come from ``nbgrader_config.py``, so that these commands and nbgrader's
own look at the same places.
"""

import fcntl
import os
import socket
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

__all__ = [
    "Course",
    "GradingError",
    "name_trouble",
    "printable",
    "stamped_time",
    "write_whole",
]

CONFIG = "nbgrader_config.py"
# What nbgrader's pages, which put an id in as it is, take for HTML.
IN_HTML = set('<>"')


class GradingError(Exception):
    """What a person can mend: the message says what was wrong and what to do.

    Source: the messages of the book, section "For instructors".
    """


def _odd(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: object) -> str:
    """Return a text as one line that can't move a cursor or hide a part of itself.

    Parameters
    ----------
    text : object
        What is to be shown; its `str` is taken.

    Returns
    -------
    str
        The text, control and format characters replaced.

    Source: the Unicode categories of control, format and line-breaking characters.
    """
    return "".join("\N{REPLACEMENT CHARACTER}" if _odd(c) else c for c in str(text))


def name_trouble(name: str) -> str:
    """Say why a name can't be the name of a folder here, or return "".

    Ids come from downloads and from students. nbgrader puts them into paths, glob
    patterns and pages as they are, so what means something there is refused.

    Parameters
    ----------
    name : str
        The id of a student, the name of an assignment or of a file.

    Returns
    -------
    str
        A reason, empty if the name is good.

    Source: what paths, `glob.glob` and HTML take for more than a name.
    """
    if not name or name != name.strip():
        return "it is empty, or starts or ends with a space"
    if name.startswith("."):
        return "it starts with a dot"
    if set(name) & set("/\\"):
        return "it contains a slash"
    if set(name) & set("*?[]"):
        return "it contains one of * ? [ ], which nbgrader takes for a pattern"
    if set(name) & IN_HTML:
        return "it contains one of < > \", which nbgrader's pages take for HTML"
    if any(map(_odd, name)):
        return "it contains an invisible character"
    if len(name) > 128 or len(name.encode()) > 200:
        return "it is too long"
    return ""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old one or the new one, nothing between.

    Parameters
    ----------
    path : Path
        The file; its folder is made if it is not there.
    data : bytes
        All of its content.

    Returns
    -------
    None

    Source: rename(2), which replaces a file in one step.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The same name each time, so that what a killed run leaves is used up by the next.
    aside = path.with_name(f".part-{path.name}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def stamped_time(folder: Path) -> datetime | None:
    """Return the time in a submission's ``timestamp.txt``, which is not to be trusted.

    Parameters
    ----------
    folder : Path
        Of one submission.

    Returns
    -------
    datetime or None
        UTC; None if there is no such file, or no time in it.

    Source: nbgrader's exchange, which writes this file.
    """
    from nbgrader.utils import parse_utc

    stamp = folder / "timestamp.txt"
    if stamp.is_symlink() or not stamp.is_file():
        return None
    try:
        with stamp.open(encoding="utf-8") as file:
            time: datetime = parse_utc(file.read(100).strip())
    except (OSError, ValueError, OverflowError):
        return None
    return time


@dataclass(frozen=True)
class Course:
    """A folder with an ``nbgrader_config.py``, and the places that it names.

    Parameters
    ----------
    root : Path
        The folder of the course.
    config : traitlets Config object
        What ``nbgrader_config.py`` sets.

    Source: nbgrader's ``CourseDirectory``, which reads the same settings.
    """

    root: Path
    config: Any

    @classmethod
    def load(cls, root: Path) -> "Course":
        """Read the configuration of the course in a folder.

        Parameters
        ----------
        root : Path
            The folder of the course.

        Returns
        -------
        Course
            The course.

        Raises
        ------
        GradingError
            If the folder has no ``nbgrader_config.py``.

        Source: traitlets, which reads the file for nbgrader, too.
        """
        from traitlets.config.loader import PyFileConfigLoader

        root = root.resolve()
        if not (root / CONFIG).is_file():
            raise GradingError(
                f"There is no {CONFIG} in {root}. Run this in the folder of the "
                "course, or name that folder: nnbook --course FOLDER ..."
            )
        return cls(root, PyFileConfigLoader(CONFIG, path=str(root)).load_config())

    @cached_property
    def directory(self) -> Any:
        """Nbgrader's own object for these folders."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config, root=str(self.root))

    @property
    def results(self) -> Path:
        """The folder above all that grading makes."""
        return Path(self.root, self.directory.submitted_directory).parent

    def assignments(self) -> list[str]:
        """Return the names of the assignments that have an instructor's version.

        Returns
        -------
        list of str
            The folders below the source directory that hold a notebook.

        Source: nbgrader's layout of a course.
        """
        source = self.root / self.directory.source_directory
        return sorted({path.parent.name for path in source.glob("*/*.ipynb")})

    def check_assignment(self, name: str) -> str:
        """Return the name of an assignment, or say which there are.

        Parameters
        ----------
        name : str
            What was asked for.

        Returns
        -------
        str
            The same name.

        Raises
        ------
        GradingError
            If there is no such assignment.

        Source: nbgrader's layout of a course.
        """
        known = self.assignments()
        if name not in known:
            raise GradingError(
                f"There is no assignment {printable(name)!r} in "
                f"{self.directory.source_directory}/. There is: "
                f"{', '.join(known) or 'none yet'}."
            )
        return name

    def folder(self, step: str, assignment: str, student: str | None = None) -> Path:
        """Return where a step of grading has its files.

        Parameters
        ----------
        step : {'source', 'release', 'submitted', 'autograded', 'feedback'}
            nbgrader's name of the step.
        assignment : str
            The name of the assignment.
        student : str, optional
            The id of a student; without it, the step has one folder for all.

        Returns
        -------
        Path
            The folder, whether it is there or not.

        Raises
        ------
        GradingError
            If the id or the name can't be part of a path.

        Source: nbgrader's layout of a course.
        """
        for kind, name in [("student", student), ("assignment", assignment)]:
            trouble = name_trouble(name) if name is not None else ""
            if trouble:
                raise GradingError(
                    f"The {kind} {printable(name)!r} can't have a folder: {trouble}. "
                    "Give it another id."
                )
        directory = getattr(self.directory, f"{step}_directory")
        who = "." if student is None else student
        return Path(self.directory.format_path(directory, who, assignment))

    def submitters(self, assignment: str) -> list[str]:
        """Return who has a folder among the submissions of an assignment.

        Parameters
        ----------
        assignment : str
            The name of the assignment.

        Returns
        -------
        list of str
            Ids, sorted. Links, hidden folders and odd names are left out.

        Source: nbgrader's layout of a course.
        """
        top = self.root / self.directory.submitted_directory
        if not top.is_dir():
            return []
        return sorted(
            entry.name
            for entry in os.scandir(top)
            if entry.is_dir(follow_symlinks=False)
            and not name_trouble(entry.name)
            and (self.folder("submitted", assignment, entry.name)).is_dir()
        )

    @contextmanager
    def lock(self, doing: str) -> Iterator[None]:
        """Be the only one who writes results, for as long as the block runs.

        The kernel gives the lock back when its holder ends in whatever way, so none
        is left by a grader that was killed.

        Parameters
        ----------
        doing : str
            What the holder does, for the message of who comes second.

        Raises
        ------
        GradingError
            If somebody else is at work; the message says who and since when.

        Source: flock(2).
        """
        path = self.results / ".nnbook-lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = printable(file.read().strip() or "Somebody is at work")
                raise GradingError(
                    f"{holder}. Two graders at once would do the same work twice, so "
                    "this one stops. Start it again when the other is done."
                ) from None
            file.truncate(0)
            now = time.strftime("%H:%M")
            file.write(
                f"Process {os.getpid()} on {socket.gethostname()} is {doing} "
                f"since {now}"
            )
            file.flush()
            yield
