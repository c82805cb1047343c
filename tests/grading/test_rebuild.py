"""Whatever was handed in, what is run is the instructor's notebook with the answers."""

import json
import random

import pytest
from conftest import ROOT
from corpus import ASSIGNMENT, SOLUTIONS, answered, code, grade_id, released
from hypothesis import given
from hypothesis import strategies as st

from nnbook_utils.grading.assignment import Assignment, Role, role
from nnbook_utils.grading.rebuild import Unreadable, read, rebuild

ASSIGNED = Assignment.load(ROOT, ASSIGNMENT)
SOURCE, RELEASED = ASSIGNED.sources[ASSIGNMENT], ASSIGNED.released[ASSIGNMENT]


def rebuilt(notebook):
    raw = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    return rebuild(read(raw), SOURCE, RELEASED)


def answers(built):
    return {
        grade_id(cell): cell["source"]
        for cell in built.cells
        if grade_id(cell) and role(cell) is Role.ANSWER
    }


def not_answers(built):
    return [
        (grade_id(cell), cell["source"], cell["metadata"])
        for cell in built.cells
        if role(cell) is not Role.ANSWER
    ]


THE_INSTRUCTORS = [
    (grade_id(cell), cell["source"], cell["metadata"])
    for cell in SOURCE
    if role(cell) is not Role.ANSWER
]


def test_the_answers_are_taken_and_nothing_else():
    built = rebuilt(answered())
    assert answers(built) == SOLUTIONS
    assert not_answers(built) == THE_INSTRUCTORS
    assert built.troubles == []
    assert all(c["outputs"] == [] for c in built.cells if c["cell_type"] == "code")


@pytest.mark.parametrize("seed", range(5))
def test_order_copies_and_other_cells_do_not_matter(seed):
    shuffled = random.Random(seed)
    notebook = answered()
    cells = notebook["cells"]
    cells += shuffled.sample(cells, 10)
    cells += [code(f"mine_{n} = {n}") for n in range(3)]
    shuffled.shuffle(cells)
    built = rebuilt(notebook)
    assert answers(built) == SOLUTIONS
    assert [row for row in not_answers(built) if row[0]] == THE_INSTRUCTORS
    mine = [c["source"] for c in built.cells if c["source"].startswith("mine_")]
    assert sorted(mine) == ["mine_0 = 0", "mine_1 = 1", "mine_2 = 2"]


def test_a_cell_of_the_learners_own_stays_behind_the_cell_it_stood_behind():
    notebook = answered()
    place = [grade_id(cell) for cell in notebook["cells"]].index("ps1-7a")
    notebook["cells"].insert(place, code("helper = 1"))
    sources = [cell["source"] for cell in rebuilt(notebook).cells]
    assert sources.index("helper = 1") + 1 == sources.index(SOLUTIONS["ps1-7a"])


def test_what_is_missing_is_as_released_and_named():
    notebook = answered()
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) != "ps1-9a"]
    built = rebuilt(notebook)
    assert "not yet answered" in answers(built)["ps1-9a"]
    assert built.troubles == ["no cell was found for ps1-9a"]


def test_an_untouched_copy_does_not_hide_the_answer():
    notebook = answered()
    notebook["cells"] += released()["cells"]
    built = rebuilt(notebook)
    assert answers(built) == SOLUTIONS
    assert built.troubles == []


def test_no_metadata_of_a_learner_survives():
    notebook = answered()
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["metadata"].get("nbgrader", {})["points"] = 1000
    for cell in rebuilt(notebook).cells:
        assert "tags" not in cell["metadata"]
        assert cell["metadata"].get("nbgrader", {}).get("points", 0) < 10


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe", "not JSON"),
        (b"<html>", "web page"),
        (b"{", "not JSON"),
        (b"null", "not a notebook"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"worksheets": 3}', "no list of cells"),
        (json.dumps({"cells": [{}] * 6000}).encode(), "6000 cells"),
        (json.dumps({"cells": [{"source": "x" * 5_000_000}]}).encode(), "4 MB"),
    ],
)
def test_what_is_no_notebook_is_named(raw, words):
    with pytest.raises(Unreadable, match=words):
        read(raw)


CELL_KEYS = ["cells", "cell_type", "source", "input", "metadata", "nbgrader"]
CELL_KEYS += ["grade_id", "id", "worksheets", "solution"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cells",
                    "cell_type",
                    "source",
                    "input",
                    "metadata",
                    "nbgrader",
                    "grade_id",
                    "id",
                    "worksheets",
                    "solution",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.one_of(st.binary(max_size=50), JSON.map(lambda v: json.dumps(v).encode())))
def test_any_bytes_are_rebuilt_or_refused(raw):
    try:
        built = rebuilt(raw)
    except Unreadable:
        return
    assert [row for row in not_answers(built) if row[0]] == THE_INSTRUCTORS


@given(st.lists(JSON, max_size=4))
def test_any_cells_are_rebuilt(cells):
    built = rebuilt({"cells": cells})
    assert set(answers(built)) == set(SOLUTIONS)
