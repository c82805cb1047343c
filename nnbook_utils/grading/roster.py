"""Who is in the class: the lists of Canvas and Moodle, or one of one's own.

The three are told apart by their columns:

- Canvas, *Grades > Export*: ``Student, ID, SIS User ID, SIS Login ID, Section, ...``
- Moodle, *Download grading worksheet*: ``Identifier, Full name, Email address, ...``
- one's own: ``id``, and if known ``first_name, last_name, email, lms_user_id``
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from .course import GradingError, printable

__all__ = ["Person", "Roster", "read_roster", "same_name"]

# The column that says who it is, best first. Canvas asks for ID, people for a login.
CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID")
MOODLE_IDS = ("ID number", "Username", "Email address")


@dataclass(frozen=True)
class Person:
    """One line of a list.

    Parameters
    ----------
    id : str
        The id under which nbgrader knows the student.
    key : str
        What the learning management system calls the student in file names: Canvas's
        number, or Moodle's number of the participant, which holds for one assignment.
    first_name, last_name, email : str
        As in the list, "" if not given.
    time : str
        When the submission came in, as Moodle writes it, "" if not given.
    ids : tuple of str
        All that the list has to tell the student by, best first.
    lms_user_id : str
        The number that the system has for the student everywhere, "" if none is known.

    Source: the columns of Canvas's and Moodle's lists.
    """

    id: str
    key: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    time: str = ""
    ids: tuple[str, ...] = ()
    lms_user_id: str = ""


@dataclass(frozen=True)
class Roster:
    """A list of a class: its lines as they are, and who they are.

    Parameters
    ----------
    kind : {'canvas', 'moodle', 'own'}
        Whose list it is.
    columns : list of str
        The first line.
    lines : list of dict
        The other lines, by column.
    people : list of Person or None
        Who each line is; None for a line that is nobody, like "Points Possible".
    delimiter : str
        What separates the columns.

    Source: the columns of Canvas's and Moodle's lists.
    """

    kind: str
    columns: list[str]
    lines: list[dict[str, str]]
    people: list[Person | None]
    delimiter: str


def same_name(name: str) -> str:
    """Return a name as it is compared: small letters and digits only.

    Parameters
    ----------
    name : str
        A name, as in "Doe, Jane" or "doejane".

    Returns
    -------
    str
        What two spellings of it have in common.

    Source: Canvas's file names, which keep nothing else of a name.
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def read_roster(path: Path) -> Roster:
    """Read a list of the class.

    Parameters
    ----------
    path : Path
        A CSV file, separated by commas or semicolons.

    Returns
    -------
    Roster
        The list.

    Raises
    ------
    GradingError
        If it is none of the three kinds, or two lines have one id.

    Source: the columns of Canvas's and Moodle's lists.
    """
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restval="")
    columns = list(reader.fieldnames or ())
    lines = [{k: v or "" for k, v in line.items() if k is not None} for line in reader]
    if {"Student", "ID"} <= set(columns):
        kind, who = "canvas", _canvas
    elif {"Identifier", "Full name"} <= set(columns):
        kind, who = "moodle", _moodle
    elif "id" in columns:
        kind, who = "own", _own
    else:
        raise GradingError(
            f"{path} is not a list of a class that is known here: its columns are "
            f"{printable(', '.join(columns))}. Expected Canvas's (Student, ID, ...), "
            "Moodle's grading worksheet (Identifier, Full name, ...), or a column id."
        )
    people = [who(line) for line in lines]
    ids = [person.id for person in people if person]
    twice = {id_ for id_ in ids if ids.count(id_) > 1}
    if twice:
        raise GradingError(
            f"{path} has {printable(min(twice))!r} on two lines: an id must be one "
            "student's."
        )
    return Roster(kind, columns, lines, people, delimiter)


def _ids(line: dict[str, str], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line[c].strip() for c in columns if line.get(c, "").strip())


def _canvas(line: dict[str, str]) -> Person | None:
    if not line["ID"].strip():
        return None  # "Points Possible" and the line on manual posting
    last, _, first = line["Student"].partition(",")
    ids = _ids(line, CANVAS_IDS)
    return Person(
        id=ids[0],
        key=line["ID"].strip(),
        first_name=first.strip(),
        last_name=last.strip(),
        ids=ids,
        lms_user_id=line["ID"].strip(),
    )


def _moodle(line: dict[str, str]) -> Person | None:
    key = "".join(c for c in line["Identifier"] if c.isdigit())
    first, _, last = line["Full name"].strip().rpartition(" ")
    named = "-".join(line["Full name"].casefold().split())
    ids = (*_ids(line, MOODLE_IDS), *filter(None, [named]))
    return Person(
        id=ids[0] if ids else f"participant-{key}",
        key=key,
        first_name=first,
        last_name=last,
        email=line.get("Email address", "").strip(),
        time=line.get("Last modified (submission)", "").strip(" -"),
        ids=ids,
    )


def _own(line: dict[str, str]) -> Person | None:
    if not line["id"].strip():
        return None
    return Person(
        id=line["id"].strip(),
        key=line.get("lms_user_id", "").strip(),
        first_name=line.get("first_name", "").strip(),
        last_name=line.get("last_name", "").strip(),
        email=line.get("email", "").strip(),
        ids=_ids(line, ("id", "lms_user_id")),
        lms_user_id=line.get("lms_user_id", "").strip(),
    )
