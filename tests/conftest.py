"""What all tests share."""

import json
import os
import shutil
from functools import partial
from pathlib import Path

import hypothesis
import matplotlib.pyplot
import pytest

matplotlib.use("agg")

hypothesis.settings.register_profile(
    "nnbook", derandomize=True, deadline=None, max_examples=50, print_blob=True
)
hypothesis.settings.load_profile("nnbook")


@pytest.fixture(scope="session")
def truth():
    """Return published worked examples with their full inputs and outputs."""
    return json.loads(Path(__file__).with_name("truth_cases.json").read_text())


@pytest.fixture
def no_figure_stays():
    """Close what a test has drawn."""
    yield
    matplotlib.pyplot.close("all")


ROOT = Path(__file__).resolve().parent.parent


def need_program(*names, how):
    """Return the path of a program; without it skip, or in CI fail."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        reason = f"{names[0]} is not installed, so this is not tested: {how}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def chromium():
    """Return a running Chromium; each test opens its own pages in it."""
    program = need_program(
        "chromium",
        "chromium-browser",
        "google-chrome",
        how="on Debian and Ubuntu, apt install chromium",
    )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Return a running JupyterLab on a copy of the course."""
    from lab_server import started

    with started(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def notebook(chromium, lab):
    """Return a page of JupyterLab with an empty cell, for figures one by one."""
    page = lab.opened(
        chromium,
        lab.write("figures.ipynb", ""),
        viewport={"width": 1280, "height": 1000},
        has_touch=True,
    )
    yield page
    page.context.close()


@pytest.fixture(params=["page", "lab"])
def show(request, chromium):
    """Return what shows a live figure: in a page of the book, and in JupyterLab."""
    from live import InLab, Shown

    if request.param == "page":
        return partial(Shown, chromium)
    return partial(InLab, request.getfixturevalue("notebook"))


def pytest_terminal_summary(terminalreporter):
    """Print the table of the exercises' answers that were marked (see marking.py)."""
    rows = sorted(
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == "marked"
    )
    if not rows:
        return
    terminalreporter.section("answers to the exercises, marked")
    terminalreporter.write_line("points  expected  answer, and what its tests say")
    for assignment, answer, points, expected, message in rows:
        terminalreporter.write_line(
            f"{points:6g}  {expected:8g}  {assignment}: {answer}"
        )
        if message:
            terminalreporter.write_line(f"{'':18}{message.splitlines()[0][:160]}")


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """Return a course with two assignments, released; tests work on copies of it."""
    from classroom import write_essays

    from nnbook_utils.grading.cli import _prepare
    from nnbook_utils.grading.course import Course

    _prepare()
    from nnbook_utils.grading.release import release

    root = tmp_path_factory.mktemp("released")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copytree(ROOT / "solutions", root / "solutions")
    write_essays(root / "solutions" / "essays")
    course = Course.load(root)
    for assignment in ("ps1", "essays"):
        assert release(course, assignment) == []
    return course


@pytest.fixture
def course(released, tmp_path):
    """Return a course of one's own, with nobody enrolled."""
    from nnbook_utils.grading.course import Course

    shutil.copytree(released.root, tmp_path, dirs_exist_ok=True)
    return Course.load(tmp_path)
