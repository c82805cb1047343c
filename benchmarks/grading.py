"""Grade a hundred ordinary submissions, beside stock nbgrader on some of the same.

Stock nbgrader runs with the course's folders but without the course's grading: its own
preprocessors, a Jupyter kernel a submission, no sandbox. Both give the same points.

    python benchmarks/grading.py [SUBMISSIONS [FOR_STOCK]]

With 1000 for SUBMISSIONS it shows that a submission costs as much in a large class: the
last fifth of them beside the first, and a single one of the class, marked anew.
"""

import csv
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "ps1"
PROCESSES = 2
GOAL, AIM = 8, 20  # times as fast as stock
MEMORY = 500  # MB of the largest process, one submission printing 200 MB
ONE = 3  # seconds, the middle of three
FLAT = 1.5  # times the seconds of the first fifth that the last fifth may take

# nbgrader as it comes, but for where the folders are.
STOCK = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.db_url = "sqlite:///{root}/grading/gradebook.db"
c.ExportPlugin.to = "{root}/grading/grades.csv"
"""


def submissions(folder, count):
    """Write ordinary submissions, from untouched to all right, and their names."""
    released = json.loads(
        (ROOT / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text()
    )
    solved = json.loads(
        (ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text()
    )
    answers = [
        (place, cell["source"])
        for place, cell in enumerate(solved["cells"])
        if cell["metadata"]["nbgrader"]["solution"]
    ]
    order = random.Random(1)
    names = []
    for number in range(count):
        notebook = json.loads(json.dumps(released))
        # Most learners answer most of it; some stop early.
        for place, source in answers[: order.choice([3, 7, 10, 13, 13, 13, 13])]:
            if order.random() < 0.95:
                notebook["cells"][place]["source"] = source
        names.append(f"learner-{number:03}")
        target = folder / names[-1] / ASSIGNMENT
        target.mkdir(parents=True)
        (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    return names


def with_nnbook(course, folder, names):
    """Return the points of each, the seconds of `nnbook grade`, and its memory in MB.

    The memory is that of the largest process, be it the grader's or a sandbox's. Then
    the seconds for one, and how many times as long the last fifth took as the first.
    """
    shutil.copytree(ROOT / "solutions", course / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    nnbook(course, "release", ASSIGNMENT)
    for name in names:
        shutil.copytree(folder / name, course / "grading" / "submitted" / name)
    started = time.perf_counter()
    nnbook(course, "grade", ASSIGNMENT, "--enrol", "--jobs", str(PROCESSES))
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    written = sorted(
        path.stat().st_mtime for path in course.glob("grading/autograded/*/*/*.ipynb")
    )
    fifth = len(written) // 5
    growth = (written[-1] - written[-1 - fifth]) / (written[fifth] - written[0])
    ones = []
    for _ in range(3):
        started = time.perf_counter()
        nnbook(course, "grade", ASSIGNMENT, "--force", "--student", names[0])
        ones.append(time.perf_counter() - started)
    one = statistics.median(ones)
    nnbook(course, "export", ASSIGNMENT)
    table = course / "grading" / f"{ASSIGNMENT}-csv.csv"
    with table.open(newline="", encoding="utf-8-sig") as file:
        points = {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}
    return points, seconds, memory, one, growth


def nnbook(course, *arguments):
    """Run a command of ours; 1 says that something needs a look, which is no error."""
    done = subprocess.run(
        [sys.executable, "-m", "nnbook_utils.grading.cli", *arguments],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    if done.returncode > 1:
        sys.exit(done.stderr)


def with_stock(course, folder, names):
    """Return the points of each, and the seconds of `nbgrader autograde`."""
    program = str(Path(sys.executable).with_name("nbgrader"))
    shutil.copytree(ROOT / "solutions", course / "solutions")
    (course / "grading").mkdir()
    (course / "nbgrader_config.py").write_text(STOCK.format(root=str(course)))
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}

    def run(*arguments):
        subprocess.run(
            [program, *arguments],
            cwd=course,
            check=True,
            capture_output=True,
            env=environment,
        )

    run("generate_assignment", ASSIGNMENT)
    for name in names:
        shutil.copytree(folder / name, course / "grading" / "submitted" / name)
    started = time.perf_counter()
    run("autograde", ASSIGNMENT)
    seconds = time.perf_counter() - started
    run("export")
    with (course / "grading" / "grades.csv").open(newline="") as file:
        points = {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}
    return points, seconds


def loud_submission(folder):
    """Add a submission that prints 200 MB."""
    source = "for _ in range(200):\n    print('x' * 1_000_000)"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    target = folder / "loud" / ASSIGNMENT
    target.mkdir(parents=True)
    (target / f"{ASSIGNMENT}.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    )
    return "loud"


def main():
    """Run both and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for_stock = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory(prefix="nnbook-benchmark-") as temporary:
        folder = Path(temporary, "submitted")
        names = submissions(folder, count)
        loud = loud_submission(folder)
        course = Path(temporary, "ours")
        ours, seconds, memory, one, growth = with_nnbook(course, folder, [*names, loud])
        sample = names[:: max(1, count // for_stock)][:for_stock]
        theirs, stock_seconds = with_stock(Path(temporary, "stock"), folder, sample)
    each, stock_each = seconds / (count + 1), stock_seconds / len(sample)
    ratio = stock_each / each
    same = all(ours[name] == theirs[name] for name in sample)
    rows = [
        ("nbgrader autograde", len(sample), stock_seconds, stock_each),
        (f"nnbook grade --jobs {PROCESSES}", count + 1, seconds, each),
    ]
    print(f"{'':24}{'submissions':>12}{'seconds':>10}{'each':>9}")
    for what, how_many, total, per_submission in rows:
        print(f"{what:24}{how_many:12}{total:10.1f}{per_submission:9.3f}")
    print(f"times as fast: {ratio:.1f} (goal {GOAL}, aim {AIM}); same points: {same}")
    print(f"the grader's memory, 200 MB printed: {memory:.0f} MB (at most {MEMORY})")
    print(f"one submission, from command to result: {one:.1f} s (at most {ONE})")
    print(f"the last fifth, times the seconds of the first: {growth:.2f} (<= {FLAT})")
    slow = ratio < GOAL or one > ONE or growth > FLAT
    if not same or slow or memory > MEMORY:
        sys.exit("the goal is not reached")


if __name__ == "__main__":
    main()
