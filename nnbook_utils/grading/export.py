"""Marks for Canvas, for Moodle, or as a table.

A learning management system knows its students by its own numbers. So its own list is
filled in if there is one; without it the gradebook's ids have to do.

Who handed in nothing, or nothing that can be read, gets no zero by accident: such cells
stay empty unless zeros are asked for. And no cell starts like a formula, since a
spreadsheet runs formulae when it opens the file.
"""

import csv
import io
from collections.abc import Iterable

from .course import GradingError, printable
from .gradebook import Row
from .marking import Status
from .roster import Roster

__all__ = ["canvas", "moodle", "safe", "table", "unlisted"]

# A mark in these is no judgement of the work.
UNMARKED = (Status.MISSING, Status.UNREADABLE)
CANVAS_COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE_REMARKS = "Feedback comments"


def safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Parameters
    ----------
    text : str
        What the cell is to say.

    Returns
    -------
    str
        The same on one line, after an apostrophe if it starts like a formula.

    Source: what spreadsheets take for a formula: a cell that starts with = + - @.
    """
    line = " ".join(text.split("\n")).replace("\r", " ").replace("\t", " ")
    return f"'{line}" if line.lstrip().startswith(("=", "+", "-", "@", "|")) else line


def table(rows: Iterable[Row], assignment: str) -> str:
    """Return all that is known, one line a student, the status among it.

    Parameters
    ----------
    rows : iterable of Row
        The results.
    assignment : str
        The name of the assignment.

    Returns
    -------
    str
        CSV.

    Source: the columns of nbgrader's own export, and the status.
    """
    columns = [
        "assignment",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "status",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
        "to_mark_by_hand",
        "timestamp",
        "reason",
    ]
    lines = [
        [
            assignment,
            row.student,
            row.last_name,
            row.first_name,
            row.email,
            row.status,
            _digits(row.points),
            _digits(row.penalty),
            _digits(row.score),
            _digits(row.most),
            "yes" if row.by_hand else "",
            f"{row.time:%Y-%m-%d %H:%M:%S} UTC" if row.time else "",
            row.reason,
        ]
        for row in rows
    ]
    return _csv(columns, lines)


def canvas(
    rows: Iterable[Row],
    assignment: str,
    roster: Roster | None = None,
    *,
    column: str = "",
    zeros: bool = False,
) -> str:
    """Return what Canvas reads under *Grades > Import*.

    Parameters
    ----------
    rows : iterable of Row
        The results.
    assignment : str
        The name of the assignment.
    roster : Roster, optional
        What Canvas gives out under *Grades > Export*.
    column : str, optional
        The title of the assignment's column there; without it, the one that starts
        with the assignment's name.
    zeros : bool, optional
        Whether who handed in nothing readable gets 0 points.

    Returns
    -------
    str
        CSV: the columns that say who it is, and the one of the assignment.

    Raises
    ------
    GradingError
        If the list is not Canvas's, or has no such column.

    Source: Canvas's importer of marks.
    """
    rows = list(rows)
    if roster is None:
        most = rows[0].most if rows else 0
        lines = [["    Points Possible", "", "", "", "", _digits(most)]]
        lines += [
            [_name(row), row.lms_user_id, "", row.student, "", _mark(row, zeros)]
            for row in rows
        ]
        return _csv([*CANVAS_COLUMNS, column or assignment], lines)
    _expect(roster, "canvas", "Canvas (Grades > Export)")
    title = column or _column(roster, assignment)
    if title not in roster.columns:
        raise GradingError(
            f"Canvas's list has no column {printable(title)!r}: give one of its titles "
            "with --column."
        )
    who = [name for name in roster.columns if name in CANVAS_COLUMNS]
    lines = [
        [line[name] for name in who] + [_mark(row, zeros) if row else line[title]]
        for line, row in zip(roster.lines, _matched(roster, rows), strict=True)
    ]
    return _csv([*who, title], lines, roster.delimiter)


def moodle(
    rows: Iterable[Row],
    assignment: str,
    roster: Roster | None = None,
    *,
    column: str = "",
    zeros: bool = False,
) -> str:
    """Return what Moodle reads: its grading worksheet filled in, or a table of grades.

    Parameters
    ----------
    rows : iterable of Row
        The results.
    assignment : str
        The name of the assignment.
    roster : Roster, optional
        Moodle's grading worksheet of the assignment.
    column : str, optional
        The title of the column of grades there, "Grade" in English.
    zeros : bool, optional
        Whether who handed in nothing readable gets 0 points.

    Returns
    -------
    str
        CSV: the worksheet with its grades, to upload as *grading worksheet*; or without
        one a table for *Grades > Import*, which asks what each column means.

    Raises
    ------
    GradingError
        If the list is not a grading worksheet, or has no such column.

    Source: Moodle's importers of worksheets and of grades.
    """
    rows = list(rows)
    if roster is None:
        lines = [
            [row.student, row.email, _mark(row, zeros), _remark(row)] for row in rows
        ]
        columns = ["Student id", "Email address", column or assignment, MOODLE_REMARKS]
        return _csv(columns, lines)
    _expect(roster, "moodle", "Moodle (grading worksheet)")
    title = column or "Grade"
    if title not in roster.columns:
        raise GradingError(
            f"The worksheet has no column {printable(title)!r}: name the column of "
            "grades with --column."
        )
    lines = []
    for line, row in zip(roster.lines, _matched(roster, rows), strict=True):
        filled = dict(line)
        if row:
            filled[title] = _mark(row, zeros) or line[title]
            if MOODLE_REMARKS in line:
                filled[MOODLE_REMARKS] = line[MOODLE_REMARKS] or _remark(row)
        lines.append([filled[name] for name in roster.columns])
    return _csv(roster.columns, lines, roster.delimiter)


def unlisted(rows: Iterable[Row], roster: Roster) -> list[str]:
    """Return who has a mark, but no line in the list to put it on.

    Parameters
    ----------
    rows : iterable of Row
        The results.
    roster : Roster
        The learning management system's list.

    Returns
    -------
    list of str
        Ids.

    Source: the ids in the list.
    """
    rows = list(rows)
    listed = {row.student for row in _matched(roster, rows) if row}
    return [row.student for row in rows if row.student not in listed]


def _matched(roster: Roster, rows: list[Row]) -> list[Row | None]:
    """Return whose line each line of the list is."""
    by_id = {row.student: row for row in rows}
    if roster.kind == "canvas":  # Moodle's numbers hold for one assignment only
        by_id |= {row.lms_user_id: row for row in rows if row.lms_user_id}
    return [
        next((by_id[id_] for id_ in person.ids if id_ in by_id), None)
        if person
        else None
        for person in roster.people
    ]


def _expect(roster: Roster, kind: str, whose: str) -> None:
    if roster.kind != kind:
        raise GradingError(
            f"--roster is a list of the kind {roster.kind!r}; expected the one that "
            f"comes from {whose}."
        )


def _column(roster: Roster, assignment: str) -> str:
    found = [
        name
        for name in roster.columns
        if name not in CANVAS_COLUMNS
        and (name == assignment or name.startswith(f"{assignment} ("))
    ]
    if len(found) != 1:
        titles = [n for n in roster.columns if n not in CANVAS_COLUMNS]
        raise GradingError(
            f"Which of Canvas's columns is {assignment}? Say it with --column. There "
            f"is: {printable('; '.join(titles))}."
        )
    return found[0]


def _mark(row: Row, zeros: bool) -> str:
    if row.status in UNMARKED and not row.points:
        return "0" if zeros else ""
    return _digits(row.score)


def _remark(row: Row) -> str:
    if row.status == Status.GRADED:
        return ""
    return f"{row.status}: {row.reason}" if row.reason else row.status


def _name(row: Row) -> str:
    return ", ".join(filter(None, [row.last_name, row.first_name])) or row.student


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _csv(columns: list[str], lines: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([safe(cell) for cell in line] for line in [columns, *lines])
    return text.getvalue()
