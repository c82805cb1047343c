"""The grader is killed again and again, and ends where an undisturbed one does.

The real command grades a class of 30, sandbox and all.
"""

import functools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from classroom import ASSIGNMENT, answered, dump, hand_in

from nnbook_utils.grading.course import Course
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.roster import Person

STUDENTS = [f"s{number:02}" for number in range(30)]
KILLS = 20
COMMAND = [sys.executable, "-m", "nnbook_utils.grading.cli"]
WRONG = "def squared_hinge_gradient(w, X, y):\n    return w * 0"


@pytest.fixture(scope="module")
def handed_in(released, tmp_path_factory):
    """Return a class that has handed in: right, wrong, broken, nothing."""
    root = tmp_path_factory.mktemp("class")
    shutil.copytree(released.root, root, dirs_exist_ok=True)
    course = Course.load(root)
    with open_gradebook(course) as gradebook:
        gradebook.enrol(map(Person, STUDENTS))
    kinds = [None, answered(course, {"ps1-6a": WRONG}), answered(course, {})]
    for number, student in enumerate(STUDENTS):
        if number % 10 == 8:
            hand_in(course, student, b"<html>")
        elif number % 10 != 9:
            hand_in(course, student, kinds[number % 3])
    return course


def copy(course, name):
    root = course.root.with_name(f"{course.root.name}-{name}")
    shutil.copytree(course.root, root)
    return Course.load(root)


def nnbook(course, *arguments, **options):
    return subprocess.Popen(
        [*COMMAND, "--course", str(course.root), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def finish(course, *arguments):
    process = nnbook(course, *arguments)
    output, _ = process.communicate(timeout=120)
    assert process.returncode in (0, 1), output
    return output


def results(course):
    """Grade to the end, and return all that comes of it."""
    finish(course, "grade", ASSIGNMENT)
    finish(course, "feedback", ASSIGNMENT)
    finish(course, "export", ASSIGNMENT)
    files = {
        str(path.relative_to(course.results)): path.read_bytes()
        for path in sorted(course.results.rglob("*"))
        if path.is_file() and path.name not in ("gradebook.db", ".nnbook-lock")
    }
    return dump(course), files


@pytest.fixture(scope="module")
def undisturbed(handed_in):
    return results(copy(handed_in, "undisturbed"))


def done(course):
    """Return how many results the gradebook holds."""
    address = f"file:{course.results / 'gradebook.db'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
        [[count]] = connection.execute("select count(*) from submitted_assignment")
        return count


def alive(mark):
    """Return the processes that were started with a mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_undisturbed_everybody_is_graded(undisturbed):
    rows, files = undisturbed
    statuses = " ".join(rows["marked"])
    assert statuses.count("'graded'") == 24
    assert statuses.count("'unreadable'") == 3
    assert statuses.count("'missing'") == 3
    assert len([name for name in files if name.startswith("feedback")]) == 30


def test_killed_at_random_moments(handed_in, undisturbed):
    course = copy(handed_in, "killed")
    chance = random.Random(6)
    mark = uuid.uuid4().hex
    killed = 0
    for _ in range(KILLS):
        goal = done(course) + chance.choice([0, 1])
        process = nnbook(
            course, "grade", ASSIGNMENT, env=os.environ | {"NNBOOK_TEST": mark}
        )
        patience = time.monotonic() + 60
        if goal == 0:
            time.sleep(chance.uniform(0, 2))
        while done(course) < goal and process.poll() is None:
            assert time.monotonic() < patience
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert killed >= KILLS * 3 // 4
    for _ in range(100):
        if not alive(mark):
            break
        time.sleep(0.1)
    assert alive(mark) == [], "a sandbox outlives its grader"
    rows, files = results(course)
    assert rows == undisturbed[0]
    assert files == undisturbed[1]


def test_two_graders_at_once_and_the_first_is_interrupted(handed_in, undisturbed):
    course = copy(handed_in, "twice")
    # A shell may have started the tests deaf to this signal.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    first = nnbook(course, "grade", ASSIGNMENT, preexec_fn=listen)
    while done(course) == 0 and first.poll() is None:
        time.sleep(0.01)
    # Stopped, so that it is still at work when the second has started.
    first.send_signal(signal.SIGSTOP)
    second = nnbook(course, "grade", ASSIGNMENT)
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"Process {first.pid} on" in output
    assert "is grading ps1 since" in output
    first.send_signal(signal.SIGINT)
    first.send_signal(signal.SIGCONT)
    output, _ = first.communicate(timeout=60)
    assert first.returncode == 130
    assert "run it again to go on" in output
    assert done(course) < 27
    assert results(course) == undisturbed


def test_no_file_may_grow_further(handed_in, undisturbed):
    """A disk that is full, as the system tells it: no file may pass a certain size."""
    course = copy(handed_in, "full")
    size = (course.results / "gradebook.db").stat().st_size
    # Room for a few results: the gradebook grows by some kilobytes with each.
    limit = size + 20_000
    code = (
        "import resource, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from nnbook_utils.grading.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    full = subprocess.run(
        [sys.executable, "-c", code, "--course", str(course.root), "grade", ASSIGNMENT],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert full.returncode == 2, full.stdout + full.stderr
    assert "A result can't be written" in full.stderr
    assert "Traceback" not in full.stderr
    assert done(course) < 27
    assert results(course) == undisturbed
