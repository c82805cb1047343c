"""A copy of the book that has two pages, for tests that build one."""

import os
import shutil

import nbformat
import yaml
from conftest import ROOT


def small_book(root):
    """Put all but its page `one` into the folder `root`; return the environment."""
    for name in ("tools", "nnbook_utils", "book/_page"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("_config.yml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    (root / "book" / "references.bib").write_text("")
    for name in ("glossary.md", "coverage.md"):
        (root / "book" / name).write_text("---\norphan: true\n---\n# Empty\n")
    (root / "book" / "welcome.md").write_text("# Welcome\n\nSee [one](one.ipynb).\n")
    (root / "_toc.yml").write_text(
        yaml.safe_dump(
            {
                "format": "jb-book",
                "root": "book/welcome",
                "chapters": [{"file": "book/one"}],
            }
        )
    )
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}


def notebook(path, *cells):
    """Store a notebook as an editor does: the file is there at once, and whole."""
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            nbformat.v4.new_markdown_cell(cell[3:])
            if cell.startswith("md ")
            else nbformat.v4.new_code_cell(cell)
            for cell in cells
        ],
    )
    other = path.with_suffix(".tmp")
    other.write_text(nbformat.writes(made), "utf-8")
    other.replace(path)
