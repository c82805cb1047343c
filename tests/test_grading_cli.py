"""The commands, from releasing an assignment to handing out its marks."""

import csv
import importlib
import tomllib

import nbformat
import pytest
from classroom import ASSIGNMENT, answered, dump, hand_in, stand_in
from conftest import ROOT
from test_grading_collect import NOTEBOOK, pack

from nnbook_utils.grading import cli, marking
from nnbook_utils.grading.course import Course
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.marking import Problem

WRONG = "def squared_hinge_gradient(w, X, y):\n    return w * 0"


@pytest.fixture
def nnbook(course, capsys):
    """Return what a command prints and its exit code."""

    def run(*arguments):
        code = cli.main(["--course", str(course.root), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def test_the_command_is_installed():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, name = scripts["nnbook"].split(":")
    assert getattr(importlib.import_module(module), name) is cli.main


@pytest.mark.parametrize(
    "command", ["release", "collect", "grade", "feedback", "export"]
)
def test_every_command_explains_itself(capsys, command):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert len(text) > 500
    assert "Exit code: 0" in text


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    text = capsys.readouterr().out
    for command in ("release", "collect", "grade", "feedback", "export"):
        assert f"nnbook {command} ps1" in text


@pytest.mark.parametrize(
    "arguments", [[], ["mark"], ["grade"], ["grade", "ps1", "--jobs", "0"]]
)
def test_what_is_no_command(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage: nnbook" in capsys.readouterr().err


def test_a_mistake_is_one_sentence(nnbook, tmp_path):
    for arguments, words in [
        (["grade", "ps9"], "There is: essays, "),
        (["grade", "../ps1"], "There is no assignment"),
        (["grade", "ps1", "--student", "nobody"], "'nobody' is not enrolled"),
        (["export", "ps1", "--roster", "missing.csv"], "no file missing.csv"),
        (["collect", "ps1", "missing.zip"], "is not there"),
    ]:
        code, text = nnbook(*arguments)
        assert code == 2
        assert words in text
        assert text.startswith("nnbook: ")
        assert "Traceback" not in text
    assert cli.main(["--course", str(tmp_path / "nowhere"), "grade", "ps1"]) == 2


def test_limits_come_from_the_configuration(course, nnbook):
    config = course.root / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text + "\nc.SandboxedExporter.limits = {'memory': -1}\n")
    code, said = nnbook("grade", "ps1")
    assert code == 2
    assert "the limit memory is -1" in said
    config.write_text(text + "\nc.SandboxedExporter.limits = {'cookies': 1}\n")
    assert "cookies" in nnbook("grade", "ps1")[1]


def test_release_says_which_tests_cannot_be_graded(nnbook, monkeypatch):
    problem = [Problem("ps1-6a-example", "passes a class to the answer")]
    monkeypatch.setattr(marking, "check_assignment", lambda *what, **how: problem)
    code, text = nnbook("release", "ps1")
    assert code == 1
    assert "ps1-6a-example: passes a class to the answer" in text
    monkeypatch.setattr(marking, "check_assignment", lambda *what, **how: [])
    assert nnbook("release")[0] == 0


def test_from_a_download_to_marks(course, nnbook, tmp_path, monkeypatch):
    stand_in(monkeypatch)
    roster = tmp_path / "canvas.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (9)\n"
        "    Points Possible,,,,,60\n"
        '"Doe, Jane",1,,jane@x.org,A,\n"Roe, [red]Rick",2,,=rick,A,\n'
        '"Moe, Mia",3,,mia@x.org,A,\n'
    )
    notebook = (course.folder("source", ASSIGNMENT) / "ps1.ipynb").read_bytes()
    download = pack(
        tmp_path / "submissions.zip",
        [
            ("doejane_1_7_ps1.ipynb", notebook),
            ("redroerick_2_8_ps1.ipynb", b"<html>"),
            ("strange_9_9_ps1.ipynb", NOTEBOOK),
        ],
    )
    arguments = ["collect", "ps1", download, "--timezone", "UTC", "--roster", roster]
    code, text = nnbook(*arguments)
    assert code == 1
    assert "strange (9)" in text
    code, text = nnbook("grade", "ps1", "--jobs", "2")
    assert code == 1
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert "graded" in lines["jane@x.org"]
    assert "unreadable" in lines["=rick"]
    assert "missing" in lines["mia@x.org"]
    assert "2 graded now, 1 as they were." in text
    code, text = nnbook("feedback", "ps1")
    assert code == 0
    assert "3 of 3 students have a page" in text
    code, text = nnbook("export", "ps1")
    assert code == 1
    assert "by hand" in text
    with (course.results / "ps1-csv.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        statuses = {row["student_id"]: row["status"] for row in csv.DictReader(file)}
    assert statuses == {
        "jane@x.org": "graded",
        "'=rick": "unreadable",
        "mia@x.org": "missing",
    }
    code, text = nnbook(
        *["export", "ps1", "--format", "canvas", "--roster", roster, "--to", "-"]
    )
    assert code == 0
    assert text.splitlines()[3].endswith(",'=rick,A,")
    hand_in(course, "hers", notebook)
    code, text = nnbook("grade", "ps1")
    assert "Not enrolled, so not graded: hers" in text
    code, text = nnbook("grade", "ps1", "--enrol")
    assert "1 graded now, 3 as they were." in text


def test_the_real_marker_on_an_assignment_of_two_notebooks(course, nnbook):
    with_answers = {
        path.name: path.read_bytes()
        for path in course.folder("source", "essays").glob("*.ipynb")
    }
    for name, source in with_answers.items():
        hand_in(course, "whole", source, name, "essays")
    hand_in(course, "half", with_answers["essay1.ipynb"], "essay1.ipynb", "essays")
    hand_in(course, "neither", b"a picture", "photo.png", "essays")
    code, text = nnbook("grade", "essays", "--enrol", "--jobs", "1")
    assert code == 1, text
    with open_gradebook(course) as gradebook:
        rows = {row.student: row for row in gradebook.rows("essays")}
    assert (rows["whole"].status, rows["whole"].points) == ("graded", 2)
    assert rows["whole"].by_hand
    assert rows["half"].points == 2
    assert "essay2" in rows["half"].reason
    assert not rows["neither"].points
    assert rows["neither"].status in ("missing", "unreadable")
    before = dump(course)
    assert "0 graded now" in nnbook("grade", "essays")[1]
    assert dump(course) == before


def test_formgrader_finds_what_is_to_be_marked_by_hand(course, nnbook):
    from nbgrader.apps.api import NbGraderAPI

    for path in course.folder("source", "essays").glob("*.ipynb"):
        hand_in(course, "a", path.read_bytes(), path.name, "essays")
    nnbook("grade", "essays", "--enrol")
    api = NbGraderAPI(course.directory)
    [submission] = api.get_submissions("essays")
    assert submission["autograded"]
    assert submission["needs_manual_grade"]
    assert submission["score"] == 2
    assert api.get_autograded_students("essays") == {"a"}
    for notebook in ("essay1", "essay2"):
        [found] = api.get_notebook_submissions("essays", notebook)
        assert found["student"] == "a"
    course.folder("submitted", "essays", "a").rename(course.root / "away")
    nnbook("grade", "essays")
    (course.root / "away").rename(course.folder("submitted", "essays", "a"))
    assert api.get_autograded_students("essays") == {"a"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_feedback_lies_where_nbgrader_looks_for_it(course, nnbook):
    from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback

    folder = hand_in(course, "a", answered(course, {"ps1-6a": WRONG}))
    # As nbgrader's exchange collects it.
    (folder / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC")
    (folder / "submission_secret.txt").write_text("a secret")
    nnbook("grade", "ps1", "--enrol")
    nnbook("feedback", "ps1")
    page = course.folder("feedback", "ps1", "a") / "ps1.html"
    text = page.read_text()
    assert "failed" in text
    assert "not yet answered" in text
    directory = course.directory
    directory.assignment_id = "ps1"
    hub = ExchangeReleaseFeedback(coursedir=directory)
    hub.init_src()
    outbox = course.root / "outbox"
    outbox.mkdir()
    hub.dest_path = str(outbox)
    hub.copy_files()
    [released] = outbox.iterdir()
    assert released.read_text() == text


def test_stock_autograde_gives_the_same_points(course, nnbook):
    hand_in(course, "a", answered(course, {"ps1-6a": WRONG}))
    nnbook("grade", "ps1", "--enrol")
    ours = dump(course)["grades"]
    from nbgrader.converters import Autograde

    directory = Course.load(course.root).directory
    directory.assignment_id = "ps1"
    Autograde(coursedir=directory, config=course.config, force=True).start()
    assert dump(course)["grades"] == ours
    autograded = course.folder("autograded", "ps1", "a") / "ps1.ipynb"
    nbformat.validate(nbformat.read(autograded, as_version=4))
