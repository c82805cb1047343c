"""Downloads of Canvas and Moodle come in whole, and nothing else comes with them."""

import io
import stat
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from classroom import ASSIGNMENT, hand_in

from nnbook_utils.grading import downloads
from nnbook_utils.grading.collect import collect, read_times
from nnbook_utils.grading.course import GradingError, name_trouble, printable
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.roster import Person, read_roster

NOON = (2026, 11, 20, 12, 0, 0)
NOTEBOOK = b'{"cells": []}'


def pack(path, files, date=NOON):
    """Write a zip of names and bytes (or of ZipInfo and bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = name
            if isinstance(name, str):
                info = zipfile.ZipInfo(name, date)
                info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def zipped(files):
    data = io.BytesIO()
    pack(data, files)
    return data.getvalue()


def bring(course, *paths, people=(), zone=UTC, **options):
    with open_gradebook(course) as gradebook:
        gradebook.enrol(people)
        outcomes = collect(course, gradebook, ASSIGNMENT, paths, zone=zone, **options)
    return {outcome.student: outcome for outcome in outcomes}


def submitted(course, student):
    folder = course.folder("submitted", ASSIGNMENT, student)
    if not folder.is_dir():
        return None
    return {path.name: path.read_bytes() for path in folder.iterdir()}


JANE = Person("jdoe", first_name="Jane", last_name="Doe", lms_user_id="1234")


def test_canvas(course, tmp_path):
    path = pack(
        tmp_path / "submissions.zip",
        [
            ("doejane_1234_9001_ps1-2.ipynb", NOTEBOOK),
            ("doejane_1234_9002_notes.txt", b"my notes"),
            ("roerick_LATE_77_9003_Untitled3.ipynb", NOTEBOOK + b" "),
            ("straengermia_88_9004_ps1.ipynb", NOTEBOOK),
            ("odetom_99_text.html", b"<p>I could not upload it"),
        ],
    )
    people = [JANE, Person("77"), Person("99")]
    outcomes = bring(course, path, people=people)
    stamp = b"2026-11-20 12:00:00 UTC\n"
    assert submitted(course, "jdoe") == {
        "ps1.ipynb": NOTEBOOK,
        "notes.txt": b"my notes",
        "timestamp.txt": stamp,
    }
    assert submitted(course, "77")["ps1.ipynb"] == NOTEBOOK + b" "
    assert outcomes["jdoe"].what == "collected"
    assert not outcomes["jdoe"].trouble
    assert outcomes["77"].notes == (
        "Untitled3.ipynb taken as ps1.ipynb",
        "late, Canvas says",
    )
    stranger = outcomes["straengermia (88)"]
    assert stranger.trouble
    assert "--enrol" in stranger.what
    assert "no notebook in it" in outcomes["99"].notes
    assert set(submitted(course, "99")) == {"text.html", "timestamp.txt"}
    assert "88" in bring(course, path, enrol=True)
    assert submitted(course, "88")["ps1.ipynb"] == NOTEBOOK


def test_a_student_of_canvas_is_known_by_name(course, tmp_path):
    path = pack(tmp_path / "a.zip", [("doejane_5_9_ps1.ipynb", NOTEBOOK)])
    person = Person("jd", first_name="Jane", last_name="Doe")
    assert bring(course, path, people=[person])["jd"].what == "collected"


def test_moodle(course, tmp_path):
    files = [
        ("Jane Doe_501_assignsubmission_file_/ps1.ipynb", NOTEBOOK),
        ("Jane Doe_501_assignsubmission_file_/data/extra.csv", b"1,2"),
        ("Rick Roe_502_assignsubmission_file_ps1.ipynb", NOTEBOOK + b" "),
        ("Rick Roe_502_assignsubmission_onlinetext_onlinetext.html", b"see file"),
    ]
    path = pack(tmp_path / "ps1.zip", files)
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Last modified (submission),Grade\n"
        'Participant 501,Jane Doe,jane@x.org,"Friday, 20 November 2026, 3:15 PM",\n'
        'Participant 502,Rick Roe,rick@x.org,"Friday, 20 November 2026, 4:15 PM",\n'
        "Participant 503,Mia Moe,mia@x.org,-,\n",
        encoding="utf-8-sig",
    )
    zone = ZoneInfo("Europe/Paris")
    bring(course, path, roster=read_roster(worksheet), zone=zone)
    assert submitted(course, "jane@x.org") == {
        "ps1.ipynb": NOTEBOOK,
        "extra.csv": b"1,2",
        "timestamp.txt": b"2026-11-20 14:15:00 UTC\n",
    }
    assert set(submitted(course, "rick@x.org")) == {
        "ps1.ipynb",
        "onlinetext.html",
        "timestamp.txt",
    }
    with open_gradebook(course) as gradebook:
        assert [s.id for s in gradebook.students()] == [
            "jane@x.org",
            "mia@x.org",
            "rick@x.org",
        ]
        # Its number holds for this assignment only.
        assert {s.lms_user_id for s in gradebook.students()} == {None}


def test_two_of_one_name_are_not_mixed_up(course, tmp_path):
    files = [
        (f"Jane Doe_{number}_assignsubmission_file_/ps1.ipynb", NOTEBOOK)
        for number in (1, 2)
    ]
    path = pack(tmp_path / "a.zip", files)
    for people in ([], [Person("jd", first_name="Jane", last_name="Doe")]):
        outcomes = bring(course, path, people=people, enrol=True)
        assert [o.what for o in outcomes.values()] == [
            "not collected: more than one student has this name; give --roster"
        ] * 2


@pytest.mark.parametrize(
    "layout",
    ["{}/ps1.ipynb", "all/{}/ps1.ipynb", "{}/ps1/ps1.ipynb", "ps1/{}/ps1.ipynb"],
)
@pytest.mark.parametrize("students", [("a",), ("a", "b")])
def test_folders(course, tmp_path, layout, students):
    for student in students:
        file = tmp_path / "in" / layout.format(student)
        file.parent.mkdir(parents=True)
        file.write_bytes(NOTEBOOK)
    outcomes = bring(course, tmp_path / "in", people=map(Person, students))
    assert {student: o.what for student, o in outcomes.items()} == dict.fromkeys(
        students, "collected"
    )


def test_a_students_own_zip_is_opened_once(course, tmp_path):
    inner = zipped([("ps1.ipynb", b"hidden")])
    hers = zipped(
        [
            ("work/ps1.ipynb", NOTEBOOK),
            ("work/.ipynb_checkpoints/ps1.ipynb", b"old"),
            ("__MACOSX/work/._ps1.ipynb", b"mac"),
            ("work/timestamp.txt", b"1999-01-01 00:00:00 UTC"),
            ("work/more.zip", inner),
        ]
    )
    path = pack(tmp_path / "a.zip", [("doejane_1234_9_ps1.zip", hers)])
    outcome = bring(course, path, people=[JANE])["jdoe"]
    assert submitted(course, "jdoe") == {
        "ps1.ipynb": NOTEBOOK,
        "timestamp.txt": b"2026-11-20 12:00:00 UTC\n",
    }
    assert "without work/more.zip: a zip inside a zip is not opened" in outcome.notes
    assert any("own time is not believed" in note for note in outcome.notes)


def link(name):
    info = zipfile.ZipInfo(name, NOON)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../doejane_1234_9_ps1.ipynb", "leads out"),
        ("/doejane_1234_9_ps1.ipynb", "leads out"),
        ("..\\doejane_1234_9_ps1.ipynb", "leads out"),
        (link("doejane_1234_9_ps1.ipynb"), "link"),
    ],
)
def test_names_that_lead_elsewhere(course, tmp_path, name, why):
    before = sorted(course.root.rglob("*"))
    path = pack(course.root / "a.zip", [(name, b"/etc/passwd")])
    [outcome] = bring(course, path, people=[JANE]).values()
    assert why in outcome.what
    assert set(course.root.rglob("*")) - set(before) == {path}


@pytest.mark.parametrize("id_", ["..", ".", "a\\b", "x" * 129, "*", "a\u202eb"])
def test_ids_that_cannot_be_a_folder(course, tmp_path, id_):
    assert name_trouble(id_)
    (tmp_path / "in").mkdir()
    roster = tmp_path / "list.csv"
    roster.write_text(f'id,lms_user_id\n"{id_}",7\n')
    path = pack(tmp_path / "a.zip", [("doe_7_9_ps1.ipynb", NOTEBOOK)])
    [outcome] = bring(course, path, roster=read_roster(roster)).values()
    assert "can't have a folder" in outcome.what


def test_an_id_that_is_html_is_not_enrolled(course, tmp_path):
    listed = tmp_path / "class.csv"
    listed.write_text("id\n<img src=x onerror=alert(1)>\njdoe\n")
    outcomes = bring(course, roster=read_roster(listed))
    [(student, outcome)] = outcomes.items()
    assert student.startswith("<img")
    assert outcome.what.startswith("not enrolled: it contains one of <")
    assert outcome.trouble
    with open_gradebook(course) as gradebook:
        assert [s.id for s in gradebook.students()] == ["jdoe"]


def test_links_in_folders(course, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"secret")
    folder = tmp_path / "in" / "a"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").symlink_to(secret)
    (folder / "other.txt").write_text("mine")
    (tmp_path / "in" / "b").symlink_to(tmp_path)
    outcomes = bring(course, tmp_path / "in", people=[Person("a"), Person("b")])
    assert "symbolic link" in outcomes["a/ps1.ipynb"].what
    assert "symbolic link" in outcomes["b"].what
    assert set(submitted(course, "a")) == {"other.txt", "timestamp.txt"}
    assert submitted(course, "b") is None


def test_a_link_among_the_submissions_is_not_written_through(course, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target = course.folder("submitted", ASSIGNMENT, "jdoe")
    target.parent.mkdir(parents=True)
    target.symlink_to(tmp_path / "elsewhere")
    path = pack(tmp_path / "a.zip", [("doejane_1234_9_ps1.ipynb", NOTEBOOK)])
    outcome = bring(course, path, people=[JANE])["jdoe"]
    assert outcome.what == "not collected: its folder is a link"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_bombs_are_not_unpacked(course, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "FILE_BYTES", 1000)
    monkeypatch.setattr(downloads, "NESTED_ENTRIES", 10)
    path = pack(
        tmp_path / "a.zip",
        [
            ("a_1_9_ps1.ipynb", b"0" * 10_000_000),
            ("b_2_9_ps1.zip", zipped([(f"{i}", b"") for i in range(11)])),
            ("c_3_9_ps1.zip", zipped([(f"{i}.txt", b"0" * 300) for i in range(5)])),
            ("d_4_9_ps1.zip", b"not a zip"),
        ],
    )
    outcomes = bring(course, path, people=map(Person, "1234"))
    words = ["larger than", "more than 10 files", "unpacks to more", "not a zip"]
    for student, word in zip("1234", words, strict=True):
        assert any(word in note for note in outcomes[student].notes), word
        assert set(submitted(course, student)) == {"timestamp.txt"}


def test_damage_in_one_file_is_that_files_only(course, tmp_path):
    path = tmp_path / "a.zip"
    pack(path, [("a_1_9_ps1.ipynb", NOTEBOOK * 50), ("b_2_9_ps1.ipynb", NOTEBOOK)])
    data = bytearray(path.read_bytes())
    start = data.index(b"ps1.ipynb") + len("ps1.ipynb")
    data[start + 2 : start + 8] = b"broken"
    path.write_bytes(data)
    outcomes = bring(course, path, people=map(Person, "12"))
    assert "can't be unpacked" in outcomes["1"].notes[0]
    assert outcomes["2"].what == "collected"


def test_what_is_newer_stays(course, tmp_path):
    later = (2026, 11, 21, 12, 0, 0)
    name = "doejane_1234_9_ps1.ipynb"
    new = pack(tmp_path / "new.zip", [(name, b"new")], later)
    old = pack(tmp_path / "old.zip", [(name, b"old")])
    assert bring(course, old, people=[JANE])["jdoe"].what == "collected"
    assert bring(course, old)["jdoe"].what == "unchanged"
    assert "replacing" in bring(course, new)["jdoe"].what
    kept = bring(course, old)["jdoe"]
    assert kept.what == "kept what is there, which is newer"
    assert kept.trouble
    assert submitted(course, "jdoe")["ps1.ipynb"] == b"new"
    bring(course, old, replace=True)
    assert submitted(course, "jdoe")["ps1.ipynb"] == b"old"


def test_what_somebody_put_there_stays(course, tmp_path):
    path = pack(tmp_path / "a.zip", [("doejane_1234_9_ps1.ipynb", NOTEBOOK)])
    hand_in(course, "jdoe", b"by hand")
    assert "--replace" in bring(course, path, people=[JANE])["jdoe"].what
    assert submitted(course, "jdoe") == {"ps1.ipynb": b"by hand"}


@pytest.mark.parametrize("where", ["before", "after"])
def test_killed_while_replacing(course, tmp_path, where):
    later = (2026, 11, 21, 12, 0, 0)
    name = "doejane_1234_9_ps1.ipynb"
    bring(course, pack(tmp_path / "a.zip", [(name, b"old")]), people=[JANE])
    target = course.folder("submitted", ASSIGNMENT, "jdoe")
    old = target.with_name(f".old-{ASSIGNMENT}")
    if where == "before":  # moved aside, and nothing in its place yet
        target.rename(old)
    else:  # in place, and what was moved aside not deleted yet
        old.mkdir()
    bring(course, pack(tmp_path / "b.zip", [(name, b"new")], later))
    assert submitted(course, "jdoe")["ps1.ipynb"] == b"new"
    assert [path.name for path in target.parent.iterdir()] == [ASSIGNMENT]


def test_two_notebooks_of_one_student(course, tmp_path):
    files = [
        ("a_1_7_ps1.ipynb", b"first"),
        ("a_1_8_ps1-1.ipynb", b"second"),
        ("b_2_9_essay.ipynb", b"one"),
        ("b_2_9_draft.ipynb", b"other"),
    ]
    bring(course, pack(tmp_path / "a.zip", files), people=map(Person, "12"))
    files = submitted(course, "1")
    assert files["ps1.ipynb"] == b"second"
    assert files["ps1-older.ipynb"] == b"first"
    assert {"essay.ipynb", "draft.ipynb"} < set(submitted(course, "2"))


def test_times_from_a_list_come_first(course, tmp_path):
    times = tmp_path / "times.csv"
    times.write_text("student,time\njdoe,2026-11-19 23:59\n77,2026-11-19T10:00-05:00\n")
    zone = ZoneInfo("Asia/Shanghai")
    path = pack(
        tmp_path / "a.zip",
        [(f"{who}_9_ps1.ipynb", NOTEBOOK) for who in ("doe_1234", "roe_77")],
    )
    outcomes = bring(
        course,
        path,
        people=[JANE, Person("77")],
        zone=zone,
        times=read_times(times, zone),
    )
    assert outcomes["jdoe"].time == datetime(2026, 11, 19, 15, 59)
    assert outcomes["77"].time == datetime(2026, 11, 19, 15, 0)
    times.write_text("student,time\njdoe,yesterday evening\n")
    with pytest.raises(GradingError, match="yesterday evening"):
        read_times(times, zone)
    times.write_text("who,when\n")
    with pytest.raises(GradingError, match="student and time"):
        read_times(times, zone)


def test_what_is_no_download(course, tmp_path):
    (tmp_path / "a.zip").write_text("<html>Log in")
    with pytest.raises(GradingError, match="Download it again"):
        bring(course, tmp_path / "a.zip")
    with pytest.raises(GradingError, match="is not there"):
        bring(course, tmp_path / "missing")
    (tmp_path / "ps1.ipynb").write_bytes(NOTEBOOK)
    [outcome] = bring(course, tmp_path / "ps1.ipynb").values()
    assert "does not say whose" in outcome.what


def test_nothing_moves_the_cursor():
    assert printable("a\x1b[2Jb\u202ec\nd") == "a\ufffd[2Jb\ufffdc\ufffdd"
    assert printable("Zoë 学生") == "Zoë 学生"
