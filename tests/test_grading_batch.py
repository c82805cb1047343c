"""A class is graded: everybody gets a row, whole or not at all."""

import errno
import json
import re
from datetime import datetime, timedelta

import pytest
from classroom import ASSIGNMENT, StandIn, dump, hand_in, points_of, stand_in
from sqlalchemy import event

from nnbook_utils.grading import batch as batches
from nnbook_utils.grading.assignment import BrokenAssignment
from nnbook_utils.grading.batch import Batch, digest_of, version_of
from nnbook_utils.grading.course import Course, GradingError
from nnbook_utils.grading.gradebook import NOT_YET, open_gradebook
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.marking import Status
from nnbook_utils.grading.roster import Person
from nnbook_utils.grading.sandbox import SandboxMissing


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    stand_in(monkeypatch)


def grade(course, *, force=False, jobs=2, assignment=ASSIGNMENT, told=None):
    """Grade everybody who is enrolled; return the rows by student."""
    with open_gradebook(course) as gradebook:
        batch = Batch(course, gradebook, assignment, Limits())
        students = [student.id for student in gradebook.students()]
        waiting = batch.waiting(students, force=force)
        batch.run(waiting, jobs, told or (lambda student, marked: None))
        gradebook.refresh_penalties(assignment)
        return {row.student: row for row in gradebook.rows(assignment)}


def enrol(course, *students):
    with open_gradebook(course) as gradebook:
        gradebook.enrol(map(Person, students))


def test_everybody_has_a_row(course):
    odd = ["=1+1", "&amp;", "name with spaces", "Zoë", "../up", "<b>"]
    enrol(course, "right", "broken", "nobody", "crash", *odd)
    for student in ["right", "crash", *odd[:4]]:
        hand_in(course, student)
    hand_in(course, "broken", b"<html>")
    rows = grade(course)
    assert {student: row.status for student, row in rows.items()} == {
        "right": Status.GRADED,
        "broken": Status.UNREADABLE,
        "nobody": Status.MISSING,
        "crash": Status.CRASHED,
        "../up": Status.MISSING,
        "<b>": Status.MISSING,
    } | dict.fromkeys(odd[:4], Status.GRADED)
    assert "dot" in rows["../up"].reason
    assert "HTML" in rows["<b>"].reason
    assert "the marker is broken" in rows["crash"].reason
    assert rows["nobody"].points is None
    assert rows["crash"].points is None
    assert rows["broken"].points == 0
    marker = StandIn(points_of(course), Limits())
    marked = marker.mark(course.folder("submitted", ASSIGNMENT, "right"))
    assert 0 < rows["right"].points == sum(marked.scores.values()) < 60
    assert rows["right"].most == 60


def test_who_is_graded_already_is_left_alone(course):
    enrol(course, "a", "b", "nobody")
    hand_in(course, "a")
    hand_in(course, "b")
    first = grade(course)
    before = dump(course)
    assert StandIn.marked == 2
    assert grade(course) == first
    assert StandIn.marked == 2
    assert dump(course) == before
    hand_in(course, "b", b"<html>")
    assert grade(course)["b"].status == Status.UNREADABLE
    assert StandIn.marked == 3
    assert not (course.folder("autograded", ASSIGNMENT, "b") / "ps1.ipynb").exists()
    grade(course, force=True)
    assert StandIn.marked == 5


def test_a_broken_grader_is_tried_again_and_costs_nobody_points(course):
    enrol(course, "crash")
    hand_in(course, "crash")
    grade(course)
    grade(course)
    assert StandIn.marked == 2


@pytest.mark.parametrize("what", ["source", "checks", "limits", "time"])
def test_what_changes_the_digest(course, what, monkeypatch, tmp_path):
    folder = hand_in(course, "a")
    before = digest_of(folder, version_of(course, ASSIGNMENT, Limits()))
    limits = Limits()
    if what == "source":
        (course.folder("source", ASSIGNMENT) / "more.txt").write_text("more")
    elif what == "checks":
        package = tmp_path / "copy"
        (package / "checks").mkdir(parents=True)
        monkeypatch.setattr(
            batches.nnbook_utils, "__file__", str(package / "__init__.py")
        )
    elif what == "limits":
        limits = Limits(memory=7)
    else:
        (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    after = digest_of(folder, version_of(course, ASSIGNMENT, limits))
    assert (after == before) is (what == "time")


def test_links_are_not_followed(course, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "ps1.ipynb").write_bytes(b"secret")
    enrol(course, "linked", "inside")
    top = course.folder("submitted", ASSIGNMENT, "linked")
    top.parent.mkdir(parents=True)
    top.symlink_to(secret)
    folder = hand_in(course, "inside")
    (folder / "other.ipynb").symlink_to(secret / "ps1.ipynb")
    digest = digest_of(folder, "")
    (secret / "ps1.ipynb").write_bytes(b"changed")
    assert digest_of(folder, "") == digest
    assert "link" in grade(course)["linked"].reason


def test_marks_by_hand_survive_another_grading(course):
    enrol(course, "a")
    for name in ("essay1.ipynb", "essay2.ipynb"):
        hand_in(course, "a", name=name, assignment="essays")
    row = grade(course, assignment="essays")["a"]
    assert row.by_hand
    with open_gradebook(course) as gradebook:
        find = gradebook.book.find_grade
        find("why", "essay2", "essays", "a").manual_score = 4
        find("why", "essay2", "essays", "a").needs_manual_grade = False
        find("double-hidden", "essay1", "essays", "a").extra_credit = 0.5
        comment = gradebook.book.find_comment("why", "essay2", "essays", "a")
        comment.manual_comment = "Well said."
        gradebook.book.db.commit()
    before = dump(course)
    hand_in(course, "a", b"<html>", "essay1.ipynb", "essays")
    after = grade(course, assignment="essays")["a"]
    assert after.status == Status.UNREADABLE
    assert after.points == 4.5
    hand_in(course, "a", None, "essay1.ipynb", "essays")
    grade(course, assignment="essays")
    again = dump(course)
    assert again["comments"] == before["comments"]
    # As nbgrader does it, a mark by hand is to be looked at again.
    assert again["grades"] == [
        line.replace("4.0, None, 0)", "4.0, None, 1)") for line in before["grades"]
    ]


def test_an_untouched_answer_needs_nobody_to_mark_it(course):
    enrol(course, "a")
    for name in ("essay1.ipynb", "essay2.ipynb"):
        path = course.folder("release", "essays") / name
        hand_in(course, "a", path.read_bytes(), name, "essays")
    grade(course, assignment="essays")
    with open_gradebook(course) as gradebook:
        why = gradebook.book.find_grade("why", "essay2", "essays", "a")
        assert (why.auto_score, why.needs_manual_grade) == (0, False)
        comment = gradebook.book.find_comment("why", "essay2", "essays", "a")
        assert comment.comment == "No response."
        draw = gradebook.book.find_grade("draw", "essay2", "essays", "a")
        assert (draw.auto_score, draw.needs_manual_grade) == (None, True)


def test_a_full_disk_stops_the_run_and_the_next_goes_on(course, monkeypatch):
    students = [f"s{i}" for i in range(6)]
    enrol(course, *students)
    for student in students:
        hand_in(course, student)
    write, written = batches.write_whole, []

    def full(path, data):
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "write_whole", full)
        with pytest.raises(GradingError, match=r"No space left.*run this again"):
            grade(course)
    with open_gradebook(course) as gradebook:
        done = [r for r in gradebook.rows(ASSIGNMENT) if r.status != NOT_YET]
    assert len(done) == 3
    grade(course)
    resumed = dump(course)
    for student in students:
        for path in course.folder("autograded", ASSIGNMENT, student).iterdir():
            path.unlink()
    grade(course)
    assert dump(course) == resumed


@pytest.mark.parametrize("moment", ["before the rows", "before the notebooks"])
def test_killed_between_the_two_writes(course, monkeypatch, moment):
    enrol(course, "a")
    hand_in(course, "a")
    grade(course)
    undisturbed = dump(course)
    notebook = course.folder("autograded", ASSIGNMENT, "a") / "ps1.ipynb"
    content = notebook.read_bytes()
    hand_in(course, "a", b"<html>")
    grade(course)
    hand_in(course, "a")

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    name = "write_whole" if moment == "before the notebooks" else "Gradebook.save"
    with monkeypatch.context() as patch:
        where = "nnbook_utils.grading.batch." if "whole" in name else ""
        where = where or "nnbook_utils.grading.gradebook."
        patch.setattr(where + name, die)
        with pytest.raises(Killed):
            grade(course)
    grade(course)
    assert dump(course) == undisturbed
    assert notebook.read_bytes() == content


def test_a_result_that_cannot_be_entered_leaves_nothing(course, monkeypatch):
    enrol(course, "a")
    hand_in(course, "a")
    before = dump(course)
    charge = "nnbook_utils.grading.gradebook.Gradebook._charge"
    with monkeypatch.context() as patch:
        patch.setattr(charge, lambda *args: json.loads("broken"))
        with pytest.raises(ValueError, match="Expecting value"):
            grade(course)
    assert dump(course) == before


def test_a_result_gone_from_the_disk_is_made_again(course):
    enrol(course, "a")
    folder = hand_in(course, "a")
    grade(course)
    notebook = course.folder("autograded", ASSIGNMENT, "a") / "ps1.ipynb"
    notebook.unlink()
    grade(course)
    assert notebook.exists()
    (folder / "ps1.ipynb").unlink()
    folder.rmdir()
    before = dump(course)
    assert grade(course)["a"].status == Status.GRADED
    assert dump(course) == before


def test_an_assignment_that_was_never_released(course):
    (course.root / "solutions" / "new").mkdir()
    (course.root / "solutions" / "new" / "new.ipynb").write_text("{}")
    with (
        open_gradebook(course) as gradebook,
        pytest.raises(GradingError, match="nnbook release new"),
    ):
        gradebook.assignment("new")
    with pytest.raises(GradingError, match=r"There is: essays, .*new, ps1"):
        course.check_assignment("ps9")


def test_a_course_without_configuration(tmp_path):
    with pytest.raises(GradingError, match="--course"):
        Course.load(tmp_path)


def test_only_one_grader_at_a_time(course):
    busy = pytest.raises(GradingError, match=r"is grading ps1 since .*Start it again")
    with course.lock("grading ps1"), busy, course.lock("grading ps1"):
        pass
    with course.lock("grading ps1"):
        pass


def test_times_that_were_handed_in_are_not_believed(course):
    enrol(course, "a")
    folder = hand_in(course, "a")
    (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    assert grade(course)["a"].time is None
    with open_gradebook(course) as gradebook:
        batch = Batch(course, gradebook, ASSIGNMENT, Limits(), believe_timestamps=True)
        batch.run(batch.waiting(["a"], force=True), 1, lambda *result: None)
        [row] = gradebook.rows(ASSIGNMENT)
    assert row.time.year == 2020


@pytest.mark.parametrize("where", ["__enter__", "mark"])
def test_without_a_sandbox_nothing_is_graded(course, monkeypatch, where):
    def missing(*arguments):
        raise SandboxMissing("install bubblewrap")

    enrol(course, "a", "b")
    hand_in(course, "a")
    hand_in(course, "b")
    before = dump(course)
    monkeypatch.setattr(StandIn, where, missing)
    with pytest.raises(SandboxMissing):
        grade(course)
    assert dump(course) == before


def test_tests_that_cannot_be_loaded_stop_the_run(course, monkeypatch):
    def broken(*arguments):
        raise BrokenAssignment("The tests can't be loaded.")

    enrol(course, "a", "b")
    hand_in(course, "a")
    hand_in(course, "b")
    before = dump(course)
    monkeypatch.setattr(StandIn, "mark", broken)
    with pytest.raises(GradingError, match="can't be loaded"):
        grade(course)
    assert dump(course) == before


def test_late_penalties_are_taken_again_when_the_due_date_moves(course):
    course.config.LatePenalty.percent_per_day = 10
    enrol(course, "a", "b")
    hand_in(course, "a")
    hand_in(course, "b")
    day = datetime(2026, 11, 20)
    with open_gradebook(course) as gradebook:
        gradebook.collected(ASSIGNMENT, "a", day)
        gradebook.collected(ASSIGNMENT, "b", day - timedelta(days=1))
    for due, late in ((day - timedelta(hours=1), {"a"}), (day, set()), (None, set())):
        with open_gradebook(course) as gradebook:
            gradebook.assignment(ASSIGNMENT).duedate = due
            gradebook.book.db.commit()
        rows = grade(course)
        assert {student for student, row in rows.items() if row.penalty} == late
    with open_gradebook(course) as gradebook:
        assert [r.student for r in gradebook.rows(ASSIGNMENT, {"b"})] == ["b"]


def test_the_cost_of_a_table_does_not_grow_with_the_class(course):
    enrol(course, *(f"s{number}" for number in range(40)))
    hand_in(course, "s1")
    asked = []
    with open_gradebook(course) as gradebook:
        event.listen(
            gradebook.book.engine,
            "before_cursor_execute",
            lambda connection, cursor, statement, *rest: asked.append(statement),
        )
        for student in ("s1", "s2"):
            hand_in(course, student)
            batch = Batch(course, gradebook, ASSIGNMENT, Limits())
            batch.run(batch.waiting([student]), 1, lambda *result: None)
        asked.clear()
        gradebook.refresh_penalties(ASSIGNMENT)
        rows = gradebook.rows(ASSIGNMENT)
        assert sum(row.points is not None for row in rows) == 2
        assert len(rows) == 40
        assert len(asked) < 10, asked
        sums = [statement for statement in asked if "sum(" in statement]
        for statement in sums:
            plan = gradebook.book.db.connection().exec_driver_sql(
                f"explain query plan {statement}", ("x",) * statement.count("?")
            )
            scan = r"SCAN (grade|submitted_notebook)\b"
            assert not re.search(scan, str(plan.all()))
        assert sums
