"""nbgrader's gradebook, and beside it what nbgrader has no place for.

nbgrader's tables hold points and comments. Two small ones of our own, in the same
file, hold why a result is what it is and when a submission came in, so that one
transaction writes all that belongs to a student. nbgrader's commands do not look at
them.
"""

import json
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import nbgrader.api as stock
from nbgrader.utils import compute_checksum
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    MetaData,
    String,
    Table,
    Text,
    delete,
    or_,
    select,
)
from sqlalchemy.exc import DatabaseError

from .course import Course, GradingError, printable
from .marking import Marked, Status
from .roster import Person

__all__ = ["Gradebook", "Record", "Row", "open_gradebook"]

# Seconds to wait for somebody else, like formgrader, to let go of the file.
PATIENCE = 60
# formgrader puts names into its pages as they are.
NO_HTML = str.maketrans(
    "<>",
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
)
NOT_YET = "not graded yet"
BY_NBGRADER = "graded by nbgrader"

_ours = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        _ours,
        Column("assignment", String(128), primary_key=True),
        Column("student", String(128), primary_key=True),
        *columns,
    )


_marked = _table(
    "nnbook_marked",
    Column("status", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("messages", Text, nullable=False),
)
_collected = _table("nnbook_collected", Column("time", DateTime))

# By what nbgrader adds points up. Without an index each sum reads the marks of the
# whole class, and the time for a class grows with its square.
_sought = [
    Index(f"nnbook_{column.table.name}_{column.name}", column)
    for column in (
        stock.Grade.__table__.c.notebook_id,
        stock.Comment.__table__.c.notebook_id,
        stock.SubmittedNotebook.__table__.c.assignment_id,
        stock.SubmittedAssignment.__table__.c.student_id,
    )
]


@dataclass(frozen=True)
class Record:
    """Why a student's result is what it is.

    Parameters
    ----------
    status : str
        How marking ended.
    reason : str
        One sentence, or "".
    digest : str
        Of the bytes handed in and of the assignment's version.
    messages : dict of str to str
        What each test said, by grade id.

    Source: section "Grading" of the book's page for instructors.
    """

    status: str
    reason: str
    digest: str
    messages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One student's result, as tables and exports show it.

    Parameters
    ----------
    student, first_name, last_name, email, lms_user_id : str
        Who it is, "" where the gradebook does not say.
    status, reason : str
        How marking ended, and why so.
    points : float or None
        Points before a late penalty, those given by hand included; None if nothing
        was marked.
    penalty, most : float
        The late penalty, and how many points there are.
    time : datetime or None
        When it was handed in, UTC.
    by_hand : bool
        Whether something still waits to be marked by hand.

    Source: the columns of nbgrader's own export, and the status.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    status: str
    reason: str
    points: float | None
    penalty: float
    most: float
    time: datetime | None
    by_hand: bool

    @property
    def score(self) -> float | None:
        """Points after the late penalty, or None if nothing was marked."""
        return None if self.points is None else max(0.0, self.points - self.penalty)


class Gradebook:
    """The gradebook, open.

    Parameters
    ----------
    course : Course
        Whose gradebook it is.
    book : nbgrader.api.Gradebook object
        nbgrader's own.

    Source: nbgrader's ``Gradebook``.
    """

    def __init__(self, course: Course, book: stock.Gradebook) -> None:
        self.course = course
        self.book = book

    @cached_property
    def _late(self) -> Any:
        """Nbgrader's own preprocessor, which knows the plugin that is asked for.

        It is loaded when somebody is late: it takes a quarter of a second.
        """
        from nbgrader.preprocessors import AssignLatePenalties

        late = AssignLatePenalties(config=self.course.config)
        late.init_plugin()
        return late

    def students(self) -> list[stock.Student]:
        """Return everybody who is enrolled.

        Returns
        -------
        list of Student
            Sorted by id.

        Source: nbgrader's table of students.
        """
        return list(self.book.db.scalars(select(stock.Student).order_by("id")))

    def known(self, person: Person) -> stock.Student | None:
        """Return a student who is enrolled, under whichever of the ids in a list.

        Parameters
        ----------
        person : Person
            A line of a list of the class.

        Returns
        -------
        Student or None
            nbgrader's entry.

        Source: nbgrader's table of students.
        """
        for id_ in (person.id, *person.ids):
            student = self.book.db.get(stock.Student, id_)
            if student is not None:
                return student
        return None

    def enrol(self, people: Iterable[Person]) -> None:
        """Enter students, or what the list newly says about them.

        Parameters
        ----------
        people : iterable of Person
            Whom to enter; what a list leaves empty stays as it is.

        Returns
        -------
        None

        Source: nbgrader's table of students.
        """
        with self._whole():
            for person in people:
                student = self.known(person)
                if student is None:
                    student = stock.Student(id=person.id)
                    self.book.db.add(student)
                for name in ("first_name", "last_name", "email"):
                    if value := getattr(person, name).translate(NO_HTML):
                        setattr(student, name, value)
                if person.lms_user_id:
                    student.lms_user_id = person.lms_user_id

    def assignment(self, name: str) -> stock.Assignment:
        """Return an assignment as nbgrader knows it.

        Parameters
        ----------
        name : str
            The name of the assignment.

        Returns
        -------
        Assignment
            nbgrader's entry.

        Raises
        ------
        GradingError
            If it was not released from here.

        Source: nbgrader's table of assignments.
        """
        try:
            return self.book.find_assignment(name)
        except stock.MissingEntry:
            raise GradingError(
                f"The gradebook does not know {printable(name)!r} yet. "
                f"Enter it with: nnbook release {printable(name)}"
            ) from None

    def records(self, assignment: str) -> dict[str, Record]:
        """Return what was marked so far.

        Parameters
        ----------
        assignment : str
            The name of the assignment.

        Returns
        -------
        dict of str to Record
            By the student's id.

        Source: the table that `save` writes.
        """
        found = self.book.db.execute(
            select(_marked).where(_marked.c.assignment == assignment)
        )
        return {
            row.student: Record(
                row.status, row.reason, row.digest, json.loads(row.messages)
            )
            for row in found
        }

    def times(self, assignment: str) -> dict[str, datetime | None]:
        """Return when the submissions came in that `nnbook collect` brought.

        Parameters
        ----------
        assignment : str
            The name of the assignment.

        Returns
        -------
        dict of str to datetime or None
            UTC, by the student's id; None if the time is not known.

        Source: the table that `collected` writes.
        """
        found = self.book.db.execute(
            select(_collected).where(_collected.c.assignment == assignment)
        )
        return {row.student: row.time for row in found}

    def collected(self, assignment: str, student: str, time: datetime | None) -> None:
        """Remember when a submission came in.

        Parameters
        ----------
        assignment, student : str
            Whose it is.
        time : datetime or None
            UTC without a zone, as nbgrader keeps times.

        Returns
        -------
        None

        Source: the learning management system's times.
        """
        with self._whole():
            self._put(_collected, assignment, student, time=time)

    def save(
        self,
        assignment: str,
        student: str,
        marked: Marked,
        digest: str,
        time: datetime | None,
    ) -> None:
        """Write all that belongs to one student's result in one transaction.

        What a person entered, points, extra credit or comments, is left as it is.

        Parameters
        ----------
        assignment, student : str
            Whose result it is.
        marked : Marked
            The result.
        digest : str
            Of the bytes handed in and of the assignment's version.
        time : datetime or None
            When it was handed in, UTC.

        Returns
        -------
        None

        Source: nbgrader's ``SaveAutoGrades``, whose rules these are.
        """
        with self._whole():
            self._put(
                _marked,
                assignment,
                student,
                status=str(marked.status),
                reason=marked.reason,
                digest=digest,
                messages=json.dumps(marked.messages, sort_keys=True),
            )
            if not marked.scores:
                return  # nothing was marked: no points, rather than zero points
            if marked.status is Status.MISSING and not marked.notebooks:
                return
            submission = self._submission(assignment, student)
            submission.timestamp = time
            for notebook in submission.notebooks:
                self._fill(notebook, marked)
            self.book.db.flush()
            self._charge(submission)

    def refresh_penalties(self, assignment: str) -> None:
        """Work out all late penalties again, after marks by hand or new extensions.

        Parameters
        ----------
        assignment : str
            The name of the assignment.

        Returns
        -------
        None

        Source: nbgrader's ``AssignLatePenalties``.
        """
        handed_in, notebook = stock.SubmittedAssignment, stock.SubmittedNotebook
        # Whoever is late, or was, when last looked at.
        wanted = or_(
            handed_in.timestamp > stock.Assignment.duedate,
            handed_in.extension.is_not(None),
            handed_in.notebooks.any(notebook.late_submission_penalty.is_not(None)),
        )
        found = select(handed_in).join(handed_in.assignment)
        with self._whole():
            for submission in self.book.db.scalars(
                found.where(stock.Assignment.name == assignment, wanted)
            ).all():
                self._charge(submission)

    def rows(
        self, assignment: str, students: Container[str] | None = None
    ) -> list[Row]:
        """Return one row for each student who is enrolled.

        Parameters
        ----------
        assignment : str
            The name of the assignment.
        students : container of str, optional
            Whose rows; everybody's if not given.

        Returns
        -------
        list of Row
            Sorted by the student's id.

        Source: nbgrader's gradebook and the table that `save` writes.
        """
        entry = self.assignment(assignment)
        records = self.records(assignment)
        handed_in = stock.SubmittedAssignment
        # One query for the class: an object for each would ask four more.
        found = self.book.db.execute(
            select(
                handed_in.student_id,
                handed_in.timestamp,
                handed_in.score,
                handed_in.late_submission_penalty.label("penalty"),
                handed_in.needs_manual_grade.label("by_hand"),
            ).where(handed_in.assignment_id == entry.id)
        )
        submissions = {submission.student_id: submission for submission in found}
        most = entry.max_score
        return [
            self._row(student, most, submissions.get(student.id), records)
            for student in self.students()
            if students is None or student.id in students
        ]

    def _row(
        self,
        student: stock.Student,
        most: float,
        submission: Any,
        records: dict[str, Record],
    ) -> Row:
        record = records.get(student.id)
        status = record.status if record else BY_NBGRADER if submission else NOT_YET
        return Row(
            student=student.id,
            first_name=student.first_name or "",
            last_name=student.last_name or "",
            email=student.email or "",
            lms_user_id=student.lms_user_id or "",
            status=status,
            reason=record.reason if record else "",
            points=submission.score if submission else None,
            penalty=submission.penalty if submission else 0.0,
            most=most,
            time=submission.timestamp if submission else None,
            by_hand=bool(submission and submission.by_hand),
        )

    @contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            yield
            self.book.db.commit()
        except BaseException:
            self.book.db.rollback()
            raise

    def _put(self, table: Table, assignment: str, student: str, **values: Any) -> None:
        whose = {"assignment": assignment, "student": student}
        self.book.db.execute(
            delete(table).where(*(table.c[name] == whose[name] for name in whose))
        )
        self.book.db.execute(table.insert().values(**whose, **values))

    def _submission(self, assignment: str, student: str) -> stock.SubmittedAssignment:
        """Find a submission, or enter one as nbgrader does, but without a commit."""
        try:
            return self.book.find_submission(assignment, student)
        except stock.MissingEntry:
            pass
        db = self.book.db
        entry = self.assignment(assignment)
        submission = stock.SubmittedAssignment(
            assignment_id=entry.id, student_id=student
        )
        db.add(submission)
        db.flush()
        for notebook in entry.notebooks:
            whose = stock.SubmittedNotebook(
                notebook_id=notebook.id, assignment_id=submission.id
            )
            db.add(whose)
            db.flush()
            graded = [*notebook.grade_cells, *notebook.task_cells]
            answered = [*notebook.solution_cells, *notebook.task_cells]
            db.add_all(stock.Grade(cell_id=c.id, notebook_id=whose.id) for c in graded)
            db.add_all(
                stock.Comment(cell_id=c.id, notebook_id=whose.id) for c in answered
            )
        db.flush()
        return submission

    def _fill(self, handed_in: stock.SubmittedNotebook, marked: Marked) -> None:
        notebook = handed_in.notebook
        untouched = {c.name: c.checksum for c in notebook.source_cells}
        tasks = {c.id: c.name for c in notebook.task_cells}
        names = tasks | {
            c.id: c.name for c in [*notebook.grade_cells, *notebook.solution_cells]
        }
        executed = marked.notebooks.get(notebook.name)
        answers = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in (executed.cells if executed else ())
            if "nbgrader" in cell.metadata
        }

        def empty(name: str) -> bool:
            cell = answers.get(name)
            return cell is None or compute_checksum(cell) == untouched.get(name)

        for grade in handed_in.grades:
            name = names[grade.cell_id]
            if grade.cell_id not in tasks:
                # A cell that is marked by hand is worth nothing if it was not touched.
                by_hand = None if not empty(name) else 0.0
                grade.auto_score = marked.scores.get(name, by_hand)
            elif executed is None:
                grade.auto_score = 0.0
            else:
                grade.auto_score = None
            grade.needs_manual_grade = (
                grade.manual_score is not None or grade.auto_score is None
            )
        for comment in handed_in.comments:
            silent = comment.cell_id not in tasks and empty(names[comment.cell_id])
            comment.auto_comment = "No response." if silent else None

    def _charge(self, submission: stock.SubmittedAssignment) -> None:
        due = submission.assignment.duedate
        late = submission.total_seconds_late if due is not None else 0
        if late > 0:
            self._late.assignment_id = submission.assignment.name
        for notebook in submission.notebooks:
            penalty = None
            if late > 0:
                self.book.db.refresh(notebook, ["score"])
                penalty = self._late.plugin_inst.late_submission_penalty(
                    submission.student_id, notebook.score, late
                )
            if penalty is not None:
                penalty = min(max(penalty, 0.0), notebook.score)
            notebook.late_submission_penalty = penalty


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook of a course, and close it when the block ends.

    Parameters
    ----------
    course : Course
        The course.

    Yields
    ------
    Gradebook
        Its gradebook.

    Raises
    ------
    GradingError
        If the file is not a gradebook or can't be opened.

    Source: nbgrader's ``Gradebook``.
    """
    url = course.directory.db_url
    if url.startswith("sqlite:") and "?" not in url:
        url += f"?timeout={PATIENCE}"
    try:
        book = stock.Gradebook(url, course.directory.course_id)
        _ours.create_all(book.engine)
        for index in _sought:
            index.create(book.engine, checkfirst=True)
    except DatabaseError as error:
        raise GradingError(
            f"The gradebook {course.directory.db_url} can't be opened: {error.orig}."
        ) from error
    with book:
        yield Gradebook(course, book)
