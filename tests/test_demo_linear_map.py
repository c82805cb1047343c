"""The linear map: its engine against NumPy, and the figure by mouse, touch and keys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live import Engine, Shown, state_link

from nnbook_utils import demos

numbers = st.floats(-100, 100)
vectors = st.lists(numbers, min_size=2, max_size=2)
matrices = st.lists(vectors, min_size=2, max_size=2)


@pytest.fixture(scope="module")
def engine(chromium):
    engine = Engine(chromium, "linear")
    yield engine
    engine.page.close()


@given(V=matrices, W=matrices, a=vectors)
def test_the_engine_computes_what_numpy_does(engine, V, W, a):
    assert np.allclose(engine.times(W, a), np.array(W) @ a, rtol=1e-9, atol=1e-9)
    assert np.allclose(engine.compose(V, W), np.array(V) @ W, rtol=1e-9, atol=1e-9)
    assert np.isclose(engine.determinant(W), np.linalg.det(W), rtol=1e-9, atol=1e-9)
    assert np.isclose(engine.dot(V[0], a), np.dot(V[0], a), rtol=1e-9, atol=1e-9)


def test_a_column_is_dragged_and_the_determinant_follows(chromium):
    with Shown(chromium, demos.LinearMap(matrix=[[1, 0], [0, 1]])) as shown:
        tip = shown.page.get_by_label("tip of column 1")
        box = tip.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        unit = shown.page.locator(".plane svg").bounding_box()["width"] / 420 * 366 / 8
        shown.page.mouse.move(x, y)
        shown.page.mouse.down()
        shown.page.mouse.move(x + unit, y, steps=3)  # from (1, 0) to (2, 0)
        shown.page.mouse.up()
        assert "determinant 2:" in shown.status
        assert shown.complaints == []


def test_the_keyboard_moves_a_column(chromium):
    with Shown(chromium, demos.LinearMap(matrix=[[1, 0], [0, 1]])) as shown:
        shown.page.get_by_label("tip of column 2").focus()
        shown.page.keyboard.press("Shift+ArrowDown")
        shown.page.keyboard.press("Shift+ArrowDown")
        assert "turned over" in shown.status


def test_a_link_carries_the_state_and_a_teachers_link_hides(chromium):
    link = state_link("linear_map", matrix=[[3, 0], [0, 1]], hide=["show_circle"])
    with Shown(chromium, demos.LinearMap(), fragment=link) as shown:
        assert "determinant 3:" in shown.status
        assert not shown.page.get_by_label("unit circle").is_visible()


def test_a_link_that_was_cut_off_starts_as_usual(chromium):
    link = state_link("linear_map", matrix=[[3]])
    with Shown(chromium, demos.LinearMap(), fragment=link) as shown:
        assert "determinant 1:" in shown.status
