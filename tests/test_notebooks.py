"""The notebooks are in normal form, and exercises/ is what solutions/ generates."""

import re
import shutil
import subprocess
import sys

import nbformat
import notebooks
import pytest
import yaml
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook, new_output
from stock import ASSIGNMENTS, by_program

from nnbook_utils.checks import _imports

SOURCES = notebooks.sources()
CHAPTERS = [path for path in SOURCES if path.is_relative_to(ROOT / "book")]
SECTIONS = [
    path for path in CHAPTERS if path.parent.name not in ("book", "problem_sets")
]
RELEASED = [
    path
    for path in sorted((ROOT / "exercises").rglob("*.ipynb"))
    if ".ipynb_checkpoints" not in path.parts
]


def name(path):
    return str(path.relative_to(ROOT))


def test_notebooks_are_in_normal_form():
    assert notebooks.check(SOURCES) == []


def test_normal_form_drops_pictures_and_keeps_text():
    figure = new_output(
        "display_data",
        data={"text/plain": "<Figure>", "image/png": "aGk="},
        metadata={"image/png": {"width": 3}},
    )
    printed = [new_output("stream", text="a\n"), new_output("stream", text="b\n")]
    cell = new_code_cell("x  \ny", outputs=[*printed, figure], execution_count=7)
    cell.metadata["execution"] = {"started": "now"}
    once = notebooks.normal_form(new_notebook(cells=[cell]))
    (kept,) = nbformat.reads(once, as_version=4).cells
    assert kept.outputs[0].text == "a\nb\n"
    assert dict(kept.outputs[1].data) == {"text/plain": "<Figure>"}
    assert kept.outputs[1].metadata == {}
    assert kept.metadata == {}
    assert kept.execution_count == 1
    assert kept.source == "x\ny"
    assert notebooks.normal_form(nbformat.reads(once, as_version=4)) == once


def printed(code):
    """Return what code that uses tools/notebooks.py prints.

    In a process of its own: nbclient leaves its event loop to the garbage collector.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"import pathlib, notebooks\n{code}"],
        cwd=ROOT / "tools",
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout


def test_a_notebook_that_fails_is_reported_and_left_alone(tmp_path):
    path = tmp_path / "bad.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    said = printed(
        f"notebooks.ROOT = folder = pathlib.Path({str(tmp_path)!r})\n"
        "print(*notebooks.refresh([folder / 'bad.ipynb'], jobs=1))"
    )
    assert "bad.ipynb  FAILED" in said
    assert "ZeroDivisionError" in said
    assert path.read_bytes() == before


def test_what_comes_in_pieces_is_one_output_of_a_run(tmp_path):
    path = tmp_path / "pieces.ipynb"
    pieces = """import time
for word in ('a', 'b', '\\nc'):
    print(word, end='', flush=True)
    time.sleep(0.5)"""
    nbformat.write(new_notebook(cells=[new_code_cell(pieces)]), path)
    said = printed(
        f"cell = notebooks.run(pathlib.Path({str(path)!r})).notebook.cells[0]\n"
        "print([output.text for output in cell.outputs])"
    )
    assert said.strip() == r"['ab\nc']"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_output_is_an_error_and_no_cell_is_long(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.source.count("\n") < 30
            assert "error" not in {output.output_type for output in cell.outputs}


@pytest.mark.parametrize("path", SECTIONS, ids=name)
def test_a_section_has_all_its_parts(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for part in (
        ":::{admonition} In this section\n:class: objectives",
        "*You need:*",
        "*Time:*",
        "## Summary",
        "## Check yourself",
        "## Exercises",
        "## Key terms",
        "## Further reading",
    ):
        assert part in text, f"{name(path)} lacks: {part}"
    asked = path.with_suffix(".questions.yml")
    if asked.exists():  # tests/test_practice_files.py looks at each of them
        assert len(yaml.safe_load(asked.read_text("utf-8"))["questions"]) >= 3
        assert f'practice.questions("{path.stem}")' in {cell.source for cell in cells}
        return
    questions = text.count("\n**1.**") + sum(
        text.count(f"\n**{k}.**") for k in range(2, 9)
    )
    assert 3 <= questions == text.count(":::{admonition} Answer\n:class: dropdown")


def test_what_the_book_s_cache_leaves_aside_is_imported_nowhere():
    """See fingerprint() in tools/build_book.py, which watches the one exception."""
    aside = ("nnbook_utils.checks", "nnbook_utils.grading")
    imported = {
        (name(path), names[0])
        for path in CHAPTERS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        for names in _imports._imported(cell.source)
        if names[0].startswith(aside)
    }
    assert imported == {("book/problem_sets/ps1.ipynb", "nnbook_utils.checks.ps1")}


@pytest.mark.parametrize("path", CHAPTERS, ids=name)
def test_every_figure_has_a_name_a_caption_and_alternative_text(path):
    for cell in nbformat.read(path, as_version=4).cells:
        draws = any(
            "<Figure" in output.get("data", {}).get("text/plain", "")
            for output in cell.get("outputs", [])
        )
        if draws:
            meta = cell.metadata["mystnb"]
            assert meta["figure"]["name"].startswith("fig-")
            assert len(meta["figure"]["caption"]) > 30
            assert len(meta["image"]["alt"]) > 60


def test_exercises_are_exactly_what_the_solutions_generate(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    by_program(tmp_path, *ASSIGNMENTS)
    made = {
        path.relative_to(tmp_path / "exercises"): path.read_bytes()
        for path in (tmp_path / "exercises").rglob("*")
        if path.is_file()
    }
    kept = {
        path.relative_to(ROOT / "exercises"): path.read_bytes()
        for path in (ROOT / "exercises").rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    assert sorted(made) == sorted(kept), "run `make release`"
    assert [str(p) for p in made if made[p] != kept[p]] == [], "run `make release`"


@pytest.mark.parametrize("path", RELEASED, ids=name)
def test_a_released_notebook_gives_nothing_away(path):
    text = path.read_text()
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text
    released = nbformat.read(path, as_version=4)
    source = nbformat.read(
        ROOT / "solutions" / path.relative_to(ROOT / "exercises"), as_version=4
    )
    answers = 0
    for cell, original in zip(released.cells, source.cells, strict=True):
        assert not cell.get("outputs")
        begin, _, rest = original.source.partition("### BEGIN ")
        if rest:
            answers += 1
            secret = rest.partition("\n")[2].partition("### END")[0].strip()
            assert secret
            assert secret not in cell.source
            assert cell.source.startswith(begin.rstrip(" ").rstrip("\n"))
    assert answers > 5


@pytest.mark.parametrize("path", RELEASED, ids=name)
def test_the_page_of_exercises_says_what_an_assignment_takes_and_is_worth(path):
    cells = nbformat.read(path, as_version=4).cells
    told = [cell.metadata.nbgrader for cell in cells]
    points = sum(cell.points for cell in told if cell.grade)
    title = " ".join(cells[0].source.split())
    (time,) = re.findall(rf"\*Time:\* (\d+) minutes\. \*Points:\* {points}\.", title)
    page = (ROOT / "book" / "exercises.md").read_text()
    label = f"exercises-{path.stem}"
    row = rf"^\| {{ref}}`{label}` \| [^|]+ \| {time} \| {points} \|$"
    assert re.search(row, page, re.MULTILINE)
    section = page.partition(f"\n({label})=\n## ")[2].partition("\n## ")[0]
    assert f"\nNotebook: `{name(path)}`. " in section
    assert f". Time: {time} minutes. Points: {points}.\n" in section
