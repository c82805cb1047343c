"""JupyterLab as a learner meets it: the exercises validate, the widgets are alive."""

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from live import violations
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_practice_page import KINDS, PLACES, answer

from nnbook_utils import demos, practice
from nnbook_utils.demos import Demo

TOKEN = "learner"
WIDGETS = """
import anywidget
import traitlets
from ipywidgets import IntSlider, VBox


class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = "count " + model.get("n"); };
        button.onclick = () => { model.set("n", model.get("n") + 1);
                                 model.save_changes(); show(); };
        show();
        el.append(button);
    } };'''
    n = traitlets.Int(3).tag(sync=True)


VBox([IntSlider(description="eta"), Counter()])
"""
# Each demo, and what says of it in Python what has reached it there.
DEMOS = """
from ipywidgets import Button, Label, VBox

from nnbook_utils import demos

shown = [kind() for _, kind in sorted(demos.Demo.all.items())]


def parts(demo):
    told, put = Label(), Button(description=f"put back {demo.module}")
    started = demo.settings()

    def tell(change=None):
        told.value = f"{demo.module} as started: {demo.settings() == started}"

    def back(button):
        for name, value in started.items():
            demo.set_trait(name, value)

    demo.observe(tell)
    put.on_click(back)
    tell()
    return [demo, told, put]


VBox([part for demo in shown for part in parts(demo)])
"""
QUESTIONS = """
from nnbook_utils import practice

practice.questions("questions_of_each_kind")
"""
SET = """
next(d for d in shown if d.module == "linear_map").matrix = [[2, 0], [0, 3]]
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a copy of the course; return its address."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copy(ROOT / "tests" / "questions_of_each_kind.questions.yml", folder)
    made = {"widgets": [WIDGETS], "demos": [DEMOS, SET], "questions": [QUESTIONS]}
    for name, codes in made.items():
        cells = [new_markdown_cell("# Widgets"), *map(new_code_cell, codes)]
        widgets = new_notebook(cells=cells)
        widgets.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(widgets, folder / f"{name}.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("jupyter"),
            "lab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            f"--ServerApp.token={TOKEN}",
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                with urlopen(f"{address}/api?token={TOKEN}") as answer:
                    assert json.load(answer)["version"]
                    break
            except URLError:
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not start within a minute")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:  # it waits for kernels that are busy
            server.kill()
            server.wait()


def opened(chromium, address, notebook):
    page = chromium.new_page()
    page.set_default_timeout(90_000)
    # A workspace of its own, so that no other notebook is open in another tab.
    workspace = Path(notebook).stem
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{notebook}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-MarkdownCell h1")
    # A cell that is run before its kernel is there may be forgotten.
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    return page


def test_validate_tells_what_is_not_yet_answered(chromium, lab):
    page = opened(chromium, lab, "exercises/ps1/ps1.ipynb")
    page.get_by_text("Validate", exact=True).click()
    page.get_by_text("Validation Results").wait_for()
    assert "not yet answered" in page.locator(".jp-Dialog").inner_text()
    page.close()


def test_widgets_are_drawn_and_answer(chromium, lab):
    page = opened(chromium, lab, "widgets.ipynb")
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("count 3").click()
    page.get_by_text("count 4").wait_for()
    assert page.locator(".widget-slider, .jupyter-widget-slider").count() == 1
    page.close()


def moved(control):
    """Move a control to another value, as a reader does."""
    kind = control.get_attribute("type")
    if kind == "checkbox":
        control.click()
    elif kind == "range":
        before = control.input_value()
        control.press("ArrowRight")
        if control.input_value() == before:  # it stood at its end
            control.press("ArrowLeft")
    else:
        options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
        control.select_option(next(o for o in options if o != control.input_value()))


def state_of(control):
    return control.evaluate("c => c.type === 'checkbox' ? c.checked : c.value")


def test_every_demo_is_drawn_and_speaks_with_python(chromium, lab):
    page = opened(chromium, lab, "demos.ipynb")
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    figures = page.locator(".jp-OutputArea .nn-demo")
    figures.nth(len(Demo.all) - 1).wait_for()
    assert figures.count() == len(Demo.all)
    for place, (name, kind) in enumerate(sorted(Demo.all.items())):
        figure = figures.nth(place)
        assert figure.locator("svg, canvas").first.bounding_box()["width"] > 100
        controls = ", ".join(
            f'[data-control="{trait}"] :is(select, [type="checkbox"], [type="range"])'
            for trait in kind().settings()
        )
        control = figure.locator(controls).first
        before = state_of(control)
        moved(control)
        page.get_by_text(f"{name} as started: False").wait_for()
        assert state_of(control) != before
        page.get_by_role("button", name=f"put back {name}", exact=True).click()
        page.get_by_text(f"{name} as started: True").wait_for()
        assert state_of(control) == before
        figure.locator(".state-link summary").click()
        call = figure.locator(".state-link input").first.input_value()
        assert eval(call, {"demos": demos}).settings() == kind().settings()
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("determinant 6:").wait_for()
    ids = page.locator(".nn-demo [id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert violations(page, within=".nn-demo") == []
    assert complaints == []
    page.close()


def test_questions_are_asked_and_marked(chromium, lab):
    page = opened(chromium, lab, "questions.ipynb")
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    number = page.locator("fieldset.question").nth(2)
    number.get_by_label("Your answer").click()
    page.keyboard.type("125")
    page.keyboard.press("Enter")
    number.get_by_text("in another order").wait_for()
    # Formulae are MathML here, with the numbers in them.
    assert number.locator("math").first.text_content().replace(" ", "") == "23+3"
    number.get_by_label("Your answer").fill("11")
    number.get_by_role("button", name="Check").click()
    number.get_by_text("✓ Right.").wait_for()
    assert complaints == []
    page.close()


def test_every_kind_of_question_is_answered_by_the_keyboard_alone(chromium, lab):
    page = opened(chromium, lab, "questions.ipynb")
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    asked = page.locator("fieldset.question")
    asked.nth(len(PLACES) - 1).wait_for()
    keyboard, shown = page.keyboard, practice.questions(KINDS, ROOT / "tests")

    def checked(name, *keys, typed="", focus="input, textarea, button"):
        box = asked.nth(PLACES.index(name))
        box.locator(focus).first.focus()
        if typed:
            keyboard.press("Control+a")
            keyboard.type(typed)
        for key in keys:
            keyboard.press(key)
        box.get_by_role("button", name="Check").first.focus()
        keyboard.press("Enter")
        return box.locator(".verdict").first

    # JupyterLab would take the arrows to leave the cell.
    wrong = checked("one-of-many", "Space", "ArrowDown")
    wrong.get_by_text("that is minus the gradient", exact=False).wait_for()
    checked("one-of-many", "ArrowUp", focus=":checked").get_by_text("Right").wait_for()
    ticked = checked("all-that-apply", "Space", "Tab", "Space")
    ticked.get_by_text("✓ Right").wait_for()
    checked("a-number", typed="11").get_by_text("✓ Right").wait_for()
    for name, between in (("a-vector", ", "), ("a-matrix", " ")):
        value = np.atleast_2d(answer(shown, name)[0]["answer"])
        rows = [between.join(f"{entry:g}" for entry in row) for row in value]
        right = checked(name, typed="\n".join(rows))
        right.get_by_text("✓ Right").wait_for(timeout=3000)
    order = asked.nth(PLACES.index("an-order"))
    items = order.locator(".order .item")
    for place, item in enumerate(["forward pass", "backward pass", "update"]):
        while items.all_inner_texts().index(item) > place:
            order.get_by_role("button", name=f"Move up: {item}").focus()
            keyboard.press("Enter")
    checked("an-order").get_by_text("✓ Right").wait_for()
    page.close()
