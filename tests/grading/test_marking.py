"""Marking beyond Problem Set 1: other assignments, other ways to run, sudden ends."""

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, need_program
from corpus import FULL, LEARNER, answered, code, save, with_cells

import nnbook_utils.checks
from nnbook_utils.grading import sandbox
from nnbook_utils.grading.assignment import BrokenAssignment
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.marking import (
    Assignment,
    Marker,
    Status,
    check_assignment,
)
from nnbook_utils.grading.sandbox import SandboxMissing


@pytest.fixture(autouse=True)
def bubblewrap():
    return need_program("bwrap", how="on Debian and Ubuntu, apt install bubblewrap")


def cell(grade_id, source, points=None, *, solution=False, tags=()):
    grade = points is not None
    told = {"grade_id": grade_id, "grade": grade, "solution": solution, "task": False}
    told |= {"locked": not solution, "schema_version": 3}
    if grade:
        told["points"] = points
    return code(source, nbgrader=told, tags=list(tags)) | {"id": grade_id}


def course(folder, *cells, stub="raise NotImplementedError", name="hw"):
    """Write a course with one assignment; answers are released as `stub`."""
    released = [
        c | {"source": stub} if c["metadata"]["nbgrader"]["solution"] else c
        for c in cells
    ]
    for where, content in (("solutions", cells), ("exercises", released)):
        notebook = {"cells": list(content), "metadata": {}, "nbformat": 4}
        save(folder / where / name, notebook | {"nbformat_minor": 5}, f"{name}.ipynb")
    return Assignment.load(folder, name)


HANDS_OVER_A_FUNCTION = """
def twice(f):
    return lambda x: f(f(x))
class Model:
    def fit(self):
        return 3
figure = object()
def add(x, *, to=1):
    return x + to
results = {}
results["a"] = [1, 2]
def fails(kind):
    raise {"v": ValueError, "k": KeyError, "own": Own, "s": SystemExit}[kind](kind)
class Own(ArithmeticError):
    pass
"""
TESTS = {
    "apart": "assert add(2, to=3) == 5 and add.__name__ == 'add'",
    "items": "assert results['a'] == [1, 2]",
    "function": "assert twice(lambda x: x + 1)(1) == 3",
    "class": "assert Model().fit() == 3",
    "figure": "assert figure is not None",
    "own-class": "try:\n    fails('own')\nexcept ArithmeticError as e:\n"
    "    assert type(e).__name__ == 'Own'",
    "errors": "import pytest\nwith pytest.raises(ValueError, match='v'):\n"
    "    fails('v')\nwith pytest.raises(KeyError):\n    fails('k')",
    "exit": "try:\n    fails('s')\nexcept Exception as e:\n"
    "    assert 'SystemExit' in repr(e)",
    "partial": "1.5",
    "warns": "import warnings\nwarnings.warn('careful')",
    "helper": "check(add)",
}


@pytest.fixture
def other_course(tmp_path):
    setup = "import math\ndef check(f):\n    assert f(math.floor(1.5)) == 2"
    cells = [cell("setup", setup), cell("answer", HANDS_OVER_A_FUNCTION, solution=True)]
    cells += [cell(name, source, 2.0) for name, source in TESTS.items()]
    return course(tmp_path / "course", *cells)


def test_the_check_names_the_tests_that_cannot_be_run_apart(other_course):
    problems = {p.grade_id: p.what for p in check_assignment(other_course)}
    print(problems)
    assert set(problems) == {"function", "class", "figure", "partial"}
    assert "function" in problems["function"]
    assert "Model" in problems["class"]
    assert "your figure is an object" in problems["figure"]
    assert problems["partial"] == "partial credit: 1.5 of 2"


def test_a_test_may_be_marked_to_run_beside_the_answer(tmp_path):
    assignment = course(
        tmp_path / "course",
        cell("answer", HANDS_OVER_A_FUNCTION, solution=True),
        cell("class", TESTS["class"], 2.0, tags=["beside-the-answer"]),
    )
    assert check_assignment(assignment) == []


def test_the_check_names_tests_beside_the_answers_that_prove_nothing(tmp_path):
    beside = ["beside-the-answer"]
    assignment = course(
        tmp_path / "course",
        cell("setup", "from nnbook_utils.checks import ps1\nlimit = 3"),
        cell("answer", "x = 1", solution=True),
        cell("passes", "ps1.question(1, x)", 1.0, tags=beside),
        cell("makes", "expected = limit = 1\nassert x == 1", 1.0, tags=beside),
        cell("uses", "assert x == expected", 1.0),
        cell("uses-its-own", "expected = 1\nassert x == expected < limit", 1.0),
    )
    assert {p.grade_id: p.what for p in check_assignment(assignment)} == {
        "passes": "runs beside the answers, where ps1 lets everything pass",
        "uses": "uses expected, which makes makes beside the answers",
    }


ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").iterdir())


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_assignment_can_be_tested_apart(name):
    assert check_assignment(Assignment.load(ROOT, name)) == []


def test_an_assignment_without_checks_allows_what_its_own_cells_import(tmp_path):
    assignment = course(
        tmp_path / "course",
        cell("setup", "import numpy as np, math"),
        cell("answer", "import matplotlib.pyplot as plt", solution=True),
    )
    assert assignment.imports == ("numpy", "matplotlib.pyplot")


def test_checks_that_cannot_be_loaded_are_the_assignments_fault(tmp_path, monkeypatch):
    assignment = course(tmp_path / "course", cell("test", "pass", 1.0))
    checks = tmp_path / "checks"
    save(checks, "import nowhere", "hw.py")
    path = nnbook_utils.checks.__path__
    monkeypatch.setattr(nnbook_utils.checks, "__path__", [*path, str(checks)])
    with pytest.raises(BrokenAssignment, match=r"checks\.hw .*ModuleNotFound.*nowhere"):
        Assignment.load(assignment.course, "hw")


def test_tests_that_do_not_start_are_told_once_and_marked_nowhere(tmp_path):
    assignment = course(tmp_path / "course", cell("test", "pass", 1.0))
    broken = dataclasses.replace(assignment, folder=tmp_path / "gone")
    with (
        Marker(broken) as marker,
        pytest.raises(
            BrokenAssignment, match=r"The tests of hw can't be .*No such file"
        ),
    ):
        marker.mark(tmp_path)


def test_two_cells_with_one_id_are_refused(tmp_path):
    cells = [cell("same", "pass", 1.0), cell("same", "pass", 1.0)]
    with pytest.raises(BrokenAssignment, match="two cells of hw have the id same"):
        course(tmp_path / "course", *cells)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no notebook"):
        Assignment.load(tmp_path, "hw")
    course(tmp_path, cell("a", "pass", 1.0))
    shutil.rmtree(tmp_path / "exercises")
    with pytest.raises(FileNotFoundError, match="release hw first"):
        Assignment.load(tmp_path, "hw")


def test_a_learner_replaces_nothing_of_the_tests_own(tmp_path):
    setup = "import numpy as np\ndef reference():\n    return 3"
    answer = "def total():\n    return 3\ndef sum(values):\n    return 3"
    assignment = course(
        tmp_path / "course",
        cell("setup", setup),
        cell("answer", answer, solution=True),
        cell("total", "assert np.allclose(total(), reference())", 1.0),
        cell("late", "limit = 5\nassert abs(total()) < limit == 5", 1.0),
        cell("sum", "assert sum([1, 2]) == 3", 1.0),
    )
    assert check_assignment(assignment) == []
    forged = """
def total(): return 4
def reference(): return 4
def abs(x): return 0
limit = 100
class np:
    allclose = lambda *a: True
"""
    released = json.loads(
        (assignment.course / "exercises" / "hw" / "hw.ipynb").read_text()
    )
    released["cells"][1]["source"] = forged
    save(tmp_path / "learner" / "hw", released, "hw.ipynb")
    with Marker(assignment) as marker:
        marked = marker.mark(tmp_path / "learner" / "hw")
    # 4 is below the limit of 5; nobody has written a `sum`.
    assert marked.scores == {"total": 0.0, "late": 1.0, "sum": 0.0}
    assert marked.messages["sum"] == "CannotCrossError: your sum is not defined"


def test_a_test_of_the_imports_sees_the_cells_that_were_run(tmp_path):
    look = "from nnbook_utils.checks._imports import only_imports\n"
    assignment = course(
        tmp_path / "course",
        cell("setup", "import numpy as np"),
        cell("answer", "x = 1", solution=True),
        cell("imports", f"{look}only_imports(('numpy',))", 1.0),
    )
    assert check_assignment(assignment) == []
    released = json.loads(
        (assignment.course / "exercises" / "hw" / "hw.ipynb").read_text()
    )
    released["cells"][1]["source"] = "import scipy.stats"
    save(tmp_path / "learner" / "hw", released, "hw.ipynb")
    with Marker(assignment) as marker:
        marked = marker.mark(tmp_path / "learner" / "hw")
    assert marked.status == Status.TROUBLE
    assert "the cell answer imports scipy.stats" in marked.reason
    assert "your cells import scipy.stats" in marked.messages["imports"]


def submission(folder, notebook):
    save(folder / "learner" / "ps1", notebook)
    return folder / "learner" / "ps1"


def test_without_bubblewrap_grading_refuses(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with (
        pytest.raises(SandboxMissing, match=r"apt install bubblewrap.*--without-sandb"),
        Marker(Assignment.load(ROOT, "ps1")),
    ):
        pass


def test_the_risk_can_be_accepted(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with Marker(Assignment.load(ROOT, "ps1"), accept_the_risk=True) as marker:
        for _ in range(2):
            marked = marker.mark(submission(tmp_path, answered()))
            assert (marked.status, sum(marked.scores.values())) == (Status.GRADED, FULL)


def test_where_namespaces_are_not_to_be_had_each_submission_has_a_sandbox(
    monkeypatch, tmp_path
):
    command = sandbox.Sandbox._command

    def alone(self, allowed, hidden):
        made = command(self, allowed, hidden)
        return [part.replace('"alone": false', '"alone": true') for part in made]

    monkeypatch.setattr(sandbox.Sandbox, "_command", alone)
    leave = "open('/tmp/note', 'w').close()"
    find = "import os\nif os.path.exists('/tmp/note'):\n    print('FOU' + 'ND')"
    with Marker(Assignment.load(ROOT, "ps1"), Limits(cell_seconds=2)) as marker:
        for source in (leave, find):
            folder = submission(tmp_path, with_cells(source))
            marked = marker.mark(folder)
            assert (marked.status, sum(marked.scores.values())) == (Status.GRADED, FULL)
            assert "FOUND" not in json.dumps(marked.notebook)
        assert not marker.sandbox.locks


def test_a_released_file_lies_beside_the_answers(tmp_path):
    answer = "def total():\n    return sum(map(int, open('data.txt')))"
    assignment = course(
        tmp_path / "course",
        cell("answer", answer, solution=True),
        cell("test", "assert total() == 6", 1.0),
    )
    save(assignment.course / "exercises" / "hw", "1\n2\n3\n", "data.txt")
    save(assignment.course / "solutions" / "hw", "secret", "hidden.txt")
    assignment = Assignment.load(assignment.course, "hw")
    assert dict(assignment.files) == {"data.txt": b"1\n2\n3\n"}
    assert check_assignment(assignment) == []


def started_by(pid):
    """Return a process and all that it has started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
    family = {pid}
    while found := {p for p, parent in parents.items() if parent in family} - family:
        family |= found
    return family


def test_a_sandbox_that_freezes_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "TO_ANSWER", 3)
    folder = submission(tmp_path, answered())
    with Marker(Assignment.load(ROOT, "ps1")) as marker:
        assert sum(marker.mark(folder).scores.values()) == FULL
        before = marker.sandbox.process.pid
        for pid in started_by(before):
            with contextlib.suppress(ProcessLookupError):  # the last learner's ends
                os.kill(pid, signal.SIGSTOP)
        assert sum(marker.mark(folder).scores.values()) == FULL
        assert marker.sandbox.process.pid != before


def test_what_a_killed_grader_has_left_is_cleared_away(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox.tempfile, "tempdir", str(tmp_path))
    leave = (
        "import os, sys, tempfile\n"
        "from nnbook_utils.grading import sandbox\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "box = sandbox.Sandbox([], [], sandbox.Limits())\n"
        "print(box.folder, flush=True)\n"
        "input()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", leave, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as grader:
        left = Path(grader.stdout.readline().decode().strip())
        elses = tmp_path / "nnbook-sandbox-else"
        elses.mkdir()  # of nobody known: its owner may just be starting
        link = tmp_path / "nnbook-sandbox-link"
        link.symlink_to(left)
        sandbox._clear_abandoned()
        assert left.is_dir()
        grader.kill()
        grader.wait()
        sandbox._clear_abandoned()
        assert not left.exists()
        assert elses.is_dir()
        assert link.is_symlink()


GRADER = """
import sys, time
from pathlib import Path
from nnbook_utils.grading.marking import Assignment, Marker
with Marker(Assignment.load(Path(sys.argv[1]), "ps1")) as marker:
    print(marker.examiner.process.pid, marker.sandbox.process.pid, flush=True)
    marker.mark(Path(sys.argv[2]))
"""


def processes():
    """Return the command lines of all processes that there are."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            yield int(path.name), (path / "cmdline").read_bytes()
        except OSError:
            continue


def test_when_the_grader_is_killed_all_that_it_started_ends(tmp_path):
    notebook = with_cells(
        "import subprocess\nsubprocess.run(['sleep', '98765'])", base=answered
    )
    folder = submission(tmp_path, notebook)
    with subprocess.Popen(
        [sys.executable, "-c", GRADER, str(ROOT), str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as grader:
        started = {int(pid) for pid in grader.stdout.readline().split()}
        until = time.monotonic() + 60
        while not any(b"98765" in line for _, line in processes()):
            assert time.monotonic() < until, "the submission has not started"
            time.sleep(0.05)
        grader.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while any(b"98765" in line or pid in started for pid, line in processes()):
        assert time.monotonic() < until, "something has outlived the grader"
        time.sleep(0.05)


BESIDE = f"""
{LEARNER}
def claim(points):
    Learner.run = lambda *a: [
        {{"output_type": "error", "ename": "E" * 9_999, "evalue": "v" * 5_000_000,
         "traceback": ["t" * 1_000_000]}},
        {{"output_type": "execute_result", "data": {{"text/plain": points}}}},
        {{"output_type": "stream", "name": "stdout", "text": "s" * 1_000_000}},
    ]
claim("1e9")
"""


def test_what_runs_beside_an_answer_gives_its_own_points_at_most(tmp_path):
    assignment = course(
        tmp_path,
        cell("answer", "x = 1", solution=True),
        cell("beside", "assert x == 1", 2, tags=["beside-the-answer"]),
        cell("apart", "assert x == 1", 2),
    )
    folder = tmp_path / "submitted" / "learner" / "hw"
    notebook = json.loads((tmp_path / "exercises/hw/hw.ipynb").read_text("utf-8"))
    scores = []
    for forged in (BESIDE, BESIDE.replace('"output_type": "error"', '"n": 0')):
        notebook["cells"][0]["source"] = forged
        save(folder, notebook, "hw.ipynb")
        with Marker(assignment) as marker:
            marked = marker.mark(folder)
        scores.append(marked.scores)
        assert len(json.dumps(marked.notebook)) < 3_000_000
        assert len(marked.reason + "".join(marked.messages.values())) < 20_000
    assert scores == [{"beside": 0, "apart": 0}, {"beside": 2, "apart": 0}]


def test_what_a_locked_cell_makes_and_cannot_cross_stays_behind(tmp_path):
    setup = """
from nnbook_utils.checks import ps1
class Odd:
    def __array__(self, *a, **k):
        raise RuntimeError("detach it first")
odd = Odd()
total = 5 + 0 * len(ps1.other_data(seed=1, n=3, d=2))
"""
    assignment = course(
        tmp_path / "course",
        cell("setup", setup),
        cell("answer", "def five():\n    return total", solution=True),
        cell("test", "assert five() == 5", 1.0),
    )
    assert check_assignment(assignment) == []


@pytest.mark.parametrize("last", ["0.5", "np.float64(0.5)", "np.int64(1) / 2"])
def test_what_a_test_prints_does_not_hide_its_partial_credit(tmp_path, last):
    source = f"import numpy as np\nprint(talk())\n{last}"
    assignment = course(
        tmp_path,
        cell("answer", "def talk():\n    return ''", solution=True),
        cell("partial", source, 2),
    )
    folder = tmp_path / "submitted" / "learner" / "hw"
    notebook = json.loads((tmp_path / "exercises/hw/hw.ipynb").read_text("utf-8"))
    notebook["cells"][0]["source"] = "def talk():\n    return 'x' * 1_000_000"
    save(folder, notebook, "hw.ipynb")
    with Marker(assignment) as marker:
        assert marker.mark(folder).scores == {"partial": 0.5}
