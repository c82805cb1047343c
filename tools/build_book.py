"""Build the book into _build/html, strictly: a warning or a failing cell is an error.

The notebooks that are not in the cache yet are run first, side by side; Jupyter Book
then finds every page's outputs there. The cache is dropped when the package, the
locked versions or this way of running has changed, since jupyter-cache looks only at
a notebook's own cells.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from notebooks import ROOT, kernel_environment, run_all
from sphinx_external_toc.parsing import parse_toc_yaml

BUILD = ROOT / "_build"
CACHE = BUILD / ".jupyter_cache"
# The fingerprint of what the notebooks in the cache were run with.
STAMP = CACHE / "fingerprint"
INDEX = BUILD / "html" / "index.html"


def pages() -> list[Path]:
    """Return the notebooks that the table of contents names."""
    documents = parse_toc_yaml(ROOT / "_toc.yml")
    paths = [ROOT / f"{name}.ipynb" for name in documents]
    return [path for path in paths if path.exists()]


def fingerprint() -> str:
    """Return a digest of all that a notebook's outputs depend on besides its cells."""
    package = ROOT / "nnbook_utils"
    # No chapter imports these, but for the options of Problem Set 1.
    aside = {package / "checks", package / "grading"}
    shown = package / "checks" / "ps1.py"
    files = [
        *(file for file in sorted(package.rglob("*.py")) if file.parent not in aside),
        shown,
        *sorted(package.rglob("*.js")),
        ROOT / "requirements.lock",
        ROOT / "tools" / "notebooks.py",
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def renew_cache() -> None:
    """Empty the cache of executed notebooks if it is out of date."""
    current = fingerprint()
    if not STAMP.exists() or STAMP.read_text() != current:
        shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(current)


def forget() -> None:
    """Let the next build run every notebook: the cache no longer fits the package."""
    STAMP.unlink(missing_ok=True)


def lacking(paths: list[Path]) -> list[Path]:
    """Return those of the pages `paths` that the cache does not have."""
    cache = get_cache(str(CACHE))
    missing = []
    for path in paths:
        try:
            cache.match_cache_notebook(nbformat.read(path, as_version=4))
        except KeyError:
            missing.append(path)
    return missing


def run_and_store(paths: list[Path], jobs: int) -> list[str]:
    """Run notebooks and put them into the cache; return what failed, in words."""
    cache = get_cache(str(CACHE))
    failures = []
    for result in run_all(paths, jobs):
        if result.failure:
            failures.append(f"{result.path.relative_to(ROOT)}\n{result.failure}")
            continue
        bundle = CacheBundleIn(
            result.notebook,
            str(result.path),
            data={"execution_seconds": result.seconds},
        )
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return failures


def execute(jobs: int) -> list[str]:
    """Run every page that the cache lacks; return what failed, in words."""
    renew_cache()
    missing = lacking(pages())
    print(f"{len(missing)} notebooks to run", flush=True)
    return run_and_store(missing, jobs)


def render() -> bool:
    """Let Jupyter Book write the pages; return whether all went well."""
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    strict = ["-n", "-W", "--keep-going"]
    done = subprocess.run(
        [str(jupyter_book), "build", str(ROOT), *strict],
        env=kernel_environment(),
        check=False,
    )
    return done.returncode == 0 and INDEX.exists()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--open", action="store_true", help="open it at a terminal")
    given = parser.parse_args()
    started = time.perf_counter()
    failures = execute(given.jobs)
    if failures:
        sys.exit(
            "The book was not built. These notebooks fail:\n\n" + "\n\n".join(failures)
        )
    if not render():
        sys.exit("The book was not built: see the warnings above, each is an error.")
    print(f"Built in {time.perf_counter() - started:.0f} s. Open {INDEX.as_uri()}")
    if given.open and sys.stdout.isatty() and "CI" not in os.environ:
        webbrowser.open(INDEX.as_uri())


if __name__ == "__main__":
    main()
