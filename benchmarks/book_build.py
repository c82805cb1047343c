"""Our way of building the book against Jupyter Book's own, from an empty cache.

Both build the same pages in copies of the course, with the same environment. Plain
`jupyter-book build` runs the notebooks one after the other, which is its default; ours
runs them side by side first. The goals: a cold build in at most 0.7 of the time, and
less than 20 seconds for a build after a change in one notebook.

    python benchmarks/book_build.py                all pages: ten minutes or more
    python benchmarks/book_build.py --pages 8      a quick try with the first few
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import nbformat
import yaml

ROOT = Path(__file__).resolve().parent.parent
GOAL_RATIO = 0.7
GOAL_SECONDS = 20
EDITED = "book/vectors/norms.ipynb"  # among the first, so that a quick try has it


def copy_course(to: Path, pages: int | None) -> Path:
    """Copy what a build needs; with `pages`, keep only so many in the contents."""
    aside = shutil.ignore_patterns("_build", ".*", "grading", "__pycache__")
    shutil.copytree(ROOT, to, ignore=aside)
    if pages is not None:
        contents = yaml.safe_load((to / "_toc.yml").read_text())
        for part in contents["parts"]:
            here = [c for c in part["chapters"] if is_notebook(to, c["file"])]
            rest = [c for c in part["chapters"] if c not in here]
            part["chapters"] = here[:pages] + rest
            pages -= min(pages, len(here))
        contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
        (to / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False))
    return to


def is_notebook(course: Path, page: str) -> bool:
    """Return whether the page is run when it is built."""
    return (course / f"{page}.ipynb").exists()


def seconds(command: list[str], *, strict: bool) -> float:
    """Return how long a command takes. With `strict`, it must succeed."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    start = perf_counter()
    done = subprocess.run(
        command, capture_output=True, check=False, env=environment, text=True
    )
    taken = perf_counter() - start
    if strict and done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr}")
    return taken


def edit(course: Path) -> None:
    """Change a code cell of one notebook, as an author does."""
    path = course / EDITED
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.source += "\n# edited"
    nbformat.write(notebook, path)


def main() -> int:
    """Print the times; return 0 if both goals are reached."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, help="build only so many notebooks")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    strict = given.pages is None  # references to pages left out are no error
    with tempfile.TemporaryDirectory(prefix="nnbook-bench-") as folder:
        ours = copy_course(Path(folder) / "ours", given.pages)
        plain = copy_course(Path(folder) / "plain", given.pages)
        build = [sys.executable, str(ours / "tools" / "build_book.py")]
        build += ["--jobs", str(given.jobs)]
        jupyter_book = str(Path(sys.executable).with_name("jupyter-book"))
        our_time = seconds(build, strict=strict)
        their_time = seconds([jupyter_book, "build", str(plain)], strict=strict)
        edit(ours)
        again = seconds(build, strict=strict)
    ratio = our_time / their_time
    print(
        f"cold build: ours {our_time:.0f} s with {given.jobs} jobs, plain "
        f"{their_time:.0f} s, ratio {ratio:.2f} (goal: at most {GOAL_RATIO})"
    )
    print(f"after one edit: {again:.0f} s (goal: below {GOAL_SECONDS})")
    return int(ratio > GOAL_RATIO or again >= GOAL_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
