"""Marks leave for Canvas, Moodle and spreadsheets as they are, and as nothing else."""

import csv
import io
from datetime import datetime

import pytest

from nnbook_utils.grading import export
from nnbook_utils.grading.course import GradingError
from nnbook_utils.grading.gradebook import Row
from nnbook_utils.grading.roster import read_roster


def row(student, status="graded", points=None, **more):
    values = {
        "student": student,
        "first_name": "",
        "last_name": "",
        "email": "",
        "lms_user_id": "",
        "status": status,
        "reason": "",
        "points": points,
        "penalty": 0.0,
        "most": 40.0,
        "time": None,
        "by_hand": False,
    }
    return Row(**(values | more))


ROWS = [
    row("jdoe", points=31.5, lms_user_id="1234", first_name="Jane", last_name="Doe"),
    row("late", points=20.0, penalty=25.0, time=datetime(2026, 11, 20, 23, 59)),
    row("zero", points=0.0, lms_user_id="55"),
    row("nobody", "missing", reason="Nothing was handed in."),
    row("broken", "unreadable", 0.0, reason='It says "<html>", and more.'),
    row("slow", "timed out", 12.0, reason="Cell ps1-6a took 10 s."),
    row("=cmd|'/C calc'!A0", points=1.0, last_name='Doe "X", Jr', first_name="@a"),
]


def read(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_the_table_tells_a_zero_from_everything_else():
    lines = {line["student_id"]: line for line in read(export.table(ROWS, "ps1"))}
    assert {name: (line["status"], line["score"]) for name, line in lines.items()} == {
        "jdoe": ("graded", "31.5"),
        "late": ("graded", "0"),
        "zero": ("graded", "0"),
        "nobody": ("missing", ""),
        "broken": ("unreadable", "0"),
        "slow": ("timed out", "12"),
        "'=cmd|'/C calc'!A0": ("graded", "1"),
    }
    assert lines["late"]["raw_score"] == "20"
    assert lines["late"]["timestamp"] == "2026-11-20 23:59:00 UTC"
    assert lines["broken"]["reason"] == 'It says "<html>", and more.'
    assert lines["'=cmd|'/C calc'!A0"]["last_name"] == 'Doe "X", Jr'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\n=", "\r=", "|"])
def test_no_cell_is_a_formula(start):
    cell = export.safe(f"{start}1+1")
    assert cell.startswith("'")
    assert "\n" not in cell
    assert export.safe("a=1") == "a=1"


@pytest.mark.parametrize("write", [export.canvas, export.moodle])
def test_every_cell_is_safe_without_a_list(write):
    for line in csv.reader(io.StringIO(write(ROWS, "=ps1"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,ps1 (987),ps10 (988),Final Score
    Points Possible,,,,,40,10,(read only)
"Doe, Jane",1234,S1,jdoe@x.org,Sec 1,,7,
"Zero, Zoe",55,S2,zoe@x.org,Sec 1,,,
"Body, No",66,S3,nobody,Sec 1,,,
"Else, Any",77,S4,else@x.org,Sec 1,3,,
"""


def write_list(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8-sig")
    return read_roster(path)


def test_canvas_gets_its_own_lines_back(tmp_path):
    roster = write_list(tmp_path, CANVAS)
    text = export.canvas(ROWS, "ps1", roster)
    assert text.splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (987)",
        "    Points Possible,,,,,40",
        '"Doe, Jane",1234,S1,jdoe@x.org,Sec 1,31.5',
        '"Zero, Zoe",55,S2,zoe@x.org,Sec 1,0',
        '"Body, No",66,S3,nobody,Sec 1,',
        '"Else, Any",77,S4,else@x.org,Sec 1,3',
    ]
    zeros = read(export.canvas(ROWS, "ps1", roster, zeros=True))
    assert [line["ps1 (987)"] for line in zeros] == ["40", "31.5", "0", "0", "3"]
    assert export.unlisted(ROWS, roster) == ["late", "broken", "slow", ROWS[-1].student]


def test_the_column_of_canvas_can_be_named(tmp_path):
    roster = write_list(tmp_path, CANVAS)
    lines = read(export.canvas(ROWS, "ps1", roster, column="ps10 (988)"))
    assert lines[1]["ps10 (988)"] == "31.5"
    with pytest.raises(GradingError, match=r"--column.*ps10 \(988\)"):
        export.canvas(ROWS, "ps2", roster)
    with pytest.raises(GradingError, match="no column"):
        export.canvas(ROWS, "ps1", roster, column="ps3")


def test_canvas_without_a_list():
    lines = read(export.canvas(ROWS, "ps1"))
    assert lines[0] | {"ps1": "40"} == lines[0]
    assert lines[1]["Student"] == "Doe, Jane"
    assert lines[1]["ID"] == "1234"
    assert [line["ps1"] for line in lines[2:6]] == ["0", "0", "", ""]


MOODLE = """\
Identifier;Full name;Email address;Grade;Last modified (grade);Feedback comments
Participant 1;Jane Doe;jdoe;;-;
Participant 2;Slow Joe;slow;;-;
Participant 3;No Body;nobody;;-;
Participant 55;Any Else;else;7.00;-;good
"""


def test_moodle_gets_its_own_lines_back(tmp_path):
    roster = write_list(tmp_path, MOODLE)
    lines = read(export.moodle(ROWS, "ps1", roster), ";")
    assert list(lines[0]) == MOODLE.splitlines()[0].split(";")
    assert [line["Grade"] for line in lines] == ["31.5", "12", "", "7.00"]
    assert [line["Feedback comments"] for line in lines] == [
        "",
        "timed out: Cell ps1-6a took 10 s.",
        "missing: Nothing was handed in.",
        "good",
    ]
    with pytest.raises(GradingError, match="no column"):
        export.moodle(ROWS, "ps1", roster, column="Note")


def test_a_list_of_the_wrong_kind(tmp_path):
    with pytest.raises(GradingError, match="'canvas'"):
        export.moodle(ROWS, "ps1", write_list(tmp_path, CANVAS))
    with pytest.raises(GradingError, match="grading worksheet"):
        write_list(tmp_path, "Name,Mark\n")
    with pytest.raises(GradingError, match="two lines"):
        write_list(tmp_path, "id\na\na\n")
