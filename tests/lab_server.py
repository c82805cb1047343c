"""JupyterLab on a copy of the course, and a notebook of it in the browser."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook

TOKEN = "learner"


class Lab(NamedTuple):
    """A running JupyterLab: where its files are, and where it answers."""

    folder: Path
    address: str

    def write(self, name, *codes):
        """Write a notebook with these cells, and return where it is."""
        made = new_notebook(cells=[new_code_cell(code) for code in codes])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(made, self.folder / "tests" / name)
        return f"tests/{name}"

    def opened(self, chromium, notebook, **options):
        """Return a page with a notebook whose kernel is ready."""
        page = chromium.new_context(**options).new_page()
        page.set_default_timeout(60_000)  # starting takes long on a busy machine
        # A workspace of its own, so that no other notebook is open in another tab.
        place = f"/lab/workspaces/{Path(notebook).stem}/tree/{notebook}?token={TOKEN}"
        # A cell that is run before its kernel answers may be forgotten.
        with page.expect_websocket(lambda one: "/channels" in one.url) as kernel:
            page.goto(f"{self.address}{place}")
        kernel.value.wait_for_event("framereceived")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        page.wait_for_selector(".jp-CodeCell .cm-content")
        return page


@contextmanager
def started(folder):
    """Run JupyterLab in `folder`, which is to be empty, as a `Lab`."""
    course = folder / "course"
    (course / "tests").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "exercises", course / "exercises")
    questions = "tests/questions_of_each_kind.questions.yml"
    shutil.copy(ROOT / questions, course / questions)
    # Its theme is light or dark as the browser asks, and no question about news stands
    # before a figure.
    settings = folder / "LAB_SETTINGS_DIR/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    for plugin, chosen in (
        ("themes", {"adaptive-theme": True}),
        ("notification", {"fetchNews": "false"}),
    ):
        file = settings / f"{plugin}.jupyterlab-settings"
        file.write_text(json.dumps(chosen))
    # Nothing of whoever runs the tests is read or changed.
    own = ("CONFIG_DIR", "RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("jupyter"),
            "lab",
            "--no-browser",
            "--allow-root",
            "--port=0",  # one that is free
            f"--ServerApp.token={TOKEN}",
        ],
        cwd=course,
        env=os.environ
        | {
            f"JUPYTER{'' if 'LAB' in name else '_'}{name}": folder / name
            for name in own
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Lab(course, _address(folder / "RUNTIME_DIR", server))
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:  # it waits for kernels that are busy
            server.kill()
            server.wait()


def _address(folder, server):
    """Wait for the file that says where the server answers."""
    file = folder / f"jpserver-{server.pid}.json"
    for _ in range(240):
        if file.exists():
            return f"http://127.0.0.1:{json.loads(file.read_text())['port']}"
        time.sleep(0.25)
    raise TimeoutError("JupyterLab did not start within a minute")
