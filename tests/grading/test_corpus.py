"""Every submission of the corpus gets the status and the points that it should."""

import contextlib
import json
import re
import socket
import time
from pathlib import Path

import pytest
from conftest import ROOT, need_program
from corpus import ASSIGNMENT, CASES, FORBIDDEN

from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.marking import Assignment, Marker

LIMITS = Limits(
    cell_seconds=2,
    total_seconds=20,
    memory=500,
    processes=16,
    output=1,
    disk=20,
    value=16,
    notebook=70,
)


@pytest.fixture(scope="module")
def marker():
    need_program("bwrap", how="on Debian and Ubuntu, apt install bubblewrap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNBOOK_SECRET", "not for learners")
        with (
            socket.create_server(("127.0.0.1", 45871)),
            Marker(Assignment.load(ROOT, ASSIGNMENT), LIMITS) as marker,
        ):
            yield marker


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_submission_gets_what_it_should(case, marker, tmp_path, record_property):
    folder = tmp_path / "learner" / ASSIGNMENT
    case.make(folder)
    marked = marker.mark(folder)
    points = sum(marked.scores.values())
    said = f"{marked.status}; {marked.reason}; {marked.messages}"
    record_property(
        "marked", [ASSIGNMENT, str(case), points, case.points, marked.reason]
    )
    assert set(marked.scores) == set(marker.assignment.points), said
    assert points == case.points, said
    assert marked.status == case.status, said
    assert re.search(case.says, marked.reason), said
    shown = json.dumps(
        [cell.get("outputs") for n in marked.notebooks.values() for cell in n.cells]
    )
    assert FORBIDDEN not in shown, re.findall(FORBIDDEN + ".{80}", shown)[:5]
    assert len(shown) < 3_000_000
    assert len(said) < 300_000
    assert "text/html" not in shown


def test_there_are_enough_and_none_twice():
    assert len({case.name for case in CASES}) == len(CASES) >= 80


def sleepers():
    """Return the processes that a submission has left to sleep for ten minutes."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if b"sleep\x00600" in path.read_bytes():
                yield path


def test_nothing_outlives_its_submission(marker):
    until = time.monotonic() + 60  # other tests may be marking the same submissions
    while found := list(sleepers()):
        assert time.monotonic() < until, found
        time.sleep(0.2)
