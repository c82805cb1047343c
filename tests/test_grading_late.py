"""What a late submission costs."""

from datetime import datetime, timedelta

import pytest
from classroom import ASSIGNMENT, hand_in
from traitlets.config import Config

from nnbook_utils.grading.course import Course, GradingError
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.late import LatePenalty, read_extensions
from nnbook_utils.grading.marking import Marked, Status
from nnbook_utils.grading.roster import Person

HOUR = 3600
DAY = 24 * HOUR


def penalty(late, score=30.0, student="a", **settings):
    plugin = LatePenalty(config=Config({"LatePenalty": settings}))
    return plugin.late_submission_penalty(student, score, late)


@pytest.mark.parametrize(
    ("late", "points"),
    [(1, 3), (DAY, 3), (DAY + 1, 6), (3 * DAY, 9), (5 * DAY, 15), (50 * DAY, 15)],
)
def test_a_percentage_for_each_day_begun_and_no_more_than_the_cap(late, points):
    settings = {"percent_per_day": 10, "percent_at_most": 50}
    assert penalty(late, **settings) == pytest.approx(points)


def test_within_the_grace_time_it_costs_nothing():
    settings = {"percent_per_day": 10, "grace_minutes": 15}
    assert penalty(15 * 60, **settings) is None
    assert penalty(15 * 60 + 1, **settings) == pytest.approx(3)
    assert penalty(10 * DAY) == 0


def test_an_extension_moves_one_students_due_date(tmp_path):
    path = tmp_path / "extensions.csv"
    path.write_text("assignment,student,days\nps1,a,2\n,b,0.5\nps1,b,1\nps2,c,9\n")
    assert read_extensions(path)["ps1", "a"] == 2

    class Preprocessor(LatePenalty):
        assignment_id = "ps1"

    settings = {"LatePenalty": {"percent_per_day": 10, "extensions": str(path)}}
    plugin = LatePenalty(config=Config(settings), parent=Preprocessor())
    charge = plugin.late_submission_penalty
    assert charge("a", 30.0, 2 * DAY) is None
    assert charge("a", 30.0, 2 * DAY + 1) == pytest.approx(3)
    assert charge("b", 30.0, DAY) is None
    assert charge("c", 30.0, DAY) == pytest.approx(3)
    Preprocessor.assignment_id = "ps9"
    assert charge("a", 30.0, DAY) == pytest.approx(3)
    assert charge("b", 30.0, DAY) == pytest.approx(3)
    assert charge("b", 30.0, DAY / 2) is None


@pytest.mark.parametrize("days", ["-1", "two", "nan", "inf", ""])
def test_what_is_no_number_of_days(tmp_path, days):
    path = tmp_path / "extensions.csv"
    path.write_text(f"assignment,student,days\nps1,a,{days}\n")
    with pytest.raises(GradingError, match=r"line 2.*expected 0 or more"):
        read_extensions(path)
    path.write_text("assignment,student\nps1,a\n")
    with pytest.raises(GradingError, match="'days'"):
        read_extensions(path)


def test_the_gradebook_charges_what_the_plugin_says(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "\nc.LatePenalty.percent_per_day = 10\nc.LatePenalty.percent_at_most = 25\n"
    )
    course = Course.load(course.root)
    due = datetime(2026, 11, 20, 12)
    scores = {"ps1-6a-example": 2.0, "ps1-6a-hidden": 3.0}
    hand_in(course, "a")
    with open_gradebook(course) as gradebook:
        gradebook.enrol([Person("a")])
        gradebook.assignment(ASSIGNMENT).duedate = due

        def charged(late):
            marked = Marked(Status.GRADED, "", scores, {}, {})
            gradebook.save(ASSIGNMENT, "a", marked, "", due + late)
            [row] = gradebook.rows(ASSIGNMENT)
            return row.points, row.penalty, row.score

        assert charged(timedelta(0)) == (5, 0, 5)
        assert charged(timedelta(days=1)) == (5, 0.5, 4.5)
        assert charged(timedelta(days=9)) == (5, 1.25, 3.75)
        # A mark by hand afterwards changes what the percentage is of.
        grade = gradebook.book.find_grade("ps1-6a-hidden", "ps1", ASSIGNMENT, "a")
        grade.manual_score = 0
        gradebook.book.db.commit()
        gradebook.refresh_penalties(ASSIGNMENT)
        [row] = gradebook.rows(ASSIGNMENT)
        assert (row.points, row.penalty) == (2, 0.5)
        assert charged(timedelta(hours=-1))[1] == 0
