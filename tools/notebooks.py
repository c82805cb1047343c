"""Keep the notebooks in normal form, and run them side by side.

A notebook is stored with its text outputs, which strict nbval holds the code to, and
without pictures, which the build draws. What only records one run on one machine
(timings, widget state, versions) is not stored. So a changed line in a
notebook's file means that something a reader sees has changed.

    python tools/notebooks.py check             is every notebook in normal form?
    python tools/notebooks.py refresh [PATH]    run them, and store what came out
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("book", "solutions")  # exercises/ is generated and holds no outputs
CELL_TIMEOUT = 60  # seconds
KEPT_CELL_METADATA = {"mystnb", "nbgrader", "tags"}
KERNEL_FAILURES = (CellExecutionError, CellTimeoutError, DeadKernelError)


def sources() -> list[Path]:
    """All notebooks that are kept by hand, in a stable order."""
    return sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )


def normal_form(notebook: NotebookNode) -> str:
    """Return the text of the file that `notebook` is to be stored as."""
    notebook = nbformat.from_dict(notebook)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    count = 0
    for cell in notebook.cells:
        for key in set(cell.metadata) - KEPT_CELL_METADATA:
            del cell.metadata[key]
        cell.source = "\n".join(line.rstrip() for line in cell.source.split("\n"))
        if cell.cell_type == "code":
            count += 1  # as if run once from top to bottom; nbval wants a number here
            cell.execution_count = count
            cell.outputs = [
                _normal_output(output, count) for output in _joined(cell.outputs)
            ]
    return str(nbformat.writes(notebook, indent=1)) + "\n"


def _joined(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Join what a cell printed in several pieces: where it is cut is chance."""
    for stream, group in groupby(outputs, key=lambda output: output.get("name")):
        first, *rest = group
        yield first
        for output in rest:
            if stream is None:
                yield output
            else:
                first.text += output.text


def _normal_output(output: NotebookNode, count: int) -> NotebookNode:
    if "execution_count" in output:
        output.execution_count = count
    for mime in list(output.get("data", {})):
        if mime.startswith("image/") or "widget" in mime:
            del output.data[mime]
    for mime in list(output.get("metadata", {})):
        if mime.startswith("image/") or mime == "needs_background":
            del output.metadata[mime]
    return output


class Run(NamedTuple):
    """What came of running one notebook."""

    path: Path
    notebook: NotebookNode
    seconds: float
    failure: str  # empty if every cell ran


def run(path: Path) -> Run:
    """Run the notebook at `path` in a fresh kernel, in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    started = time.perf_counter()
    failure = ""
    # Kernels that start at the same time may be given the same TCP port; each gets
    # socket files in a folder of its own instead.
    with tempfile.TemporaryDirectory(prefix="nnbook-") as sockets:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            record_timing=False,
            km=AsyncKernelManager(
                kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel"
            ),
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            client.execute(env=kernel_environment(), cleanup_kc=True)
        except KERNEL_FAILURES as error:
            failure = str(error)
    # Also for the book: its own joining puts a line's end where a piece ended.
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_joined(cell.outputs))
    return Run(path, notebook, time.perf_counter() - started, failure)


def kernel_environment() -> dict[str, str]:
    """Return this process's environment, with what makes runs come out the same."""
    return {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}


def run_all(paths: list[Path], jobs: int) -> Iterator[Run]:
    """Run notebooks, `jobs` at a time, and yield each when it is done."""
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting = [pool.submit(run, path) for path in paths]
        for number, done in enumerate(as_completed(waiting), start=1):
            result = done.result()
            name = result.path.relative_to(ROOT)
            word = "FAILED" if result.failure else f"{result.seconds:.1f} s"
            print(f"[{number}/{len(paths)}] {name}  {word}", flush=True)
            yield result


def check(paths: list[Path]) -> list[str]:
    """Return a sentence for each notebook that is not in normal form."""
    return [
        f"{path.relative_to(ROOT)} is not in normal form: run `make outputs`"
        for path in paths
        if path.read_text(encoding="utf-8")
        != normal_form(nbformat.read(path, as_version=4))
    ]


def refresh(paths: list[Path], jobs: int) -> list[str]:
    """Run the notebooks and store them; a notebook that fails is left as it is."""
    failures = []
    for result in run_all(paths, jobs):
        if result.failure:
            failures.append(f"{result.path.relative_to(ROOT)}\n{result.failure}")
            continue
        text = normal_form(result.notebook)
        if text != result.path.read_text(encoding="utf-8"):
            result.path.write_text(text, encoding="utf-8")
    return failures


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["check", "refresh"])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks; all if none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    paths = [path.resolve() for path in given.paths] or sources()
    complaints = (
        check(paths) if given.command == "check" else refresh(paths, given.jobs)
    )
    sys.exit("\n\n".join(complaints) or None)


if __name__ == "__main__":
    main()
