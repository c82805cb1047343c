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
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

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


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a copy of the course; return its address."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    cells = [new_markdown_cell("# Widgets"), new_code_cell(WIDGETS)]
    widgets = new_notebook(cells=cells)
    widgets.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(widgets, folder / "widgets.ipynb")
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
