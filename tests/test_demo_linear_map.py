"""The linear map: its engine against NumPy, and the figure by mouse, touch and keys."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from live import Shown, centre, engine_of, place_on, state_link
from traitlets import TraitError

from nnbook_utils import demos

numbers = st.floats(-100, 100)
vectors = st.lists(numbers, min_size=2, max_size=2)
matrices = st.lists(vectors, min_size=2, max_size=2)


engine = engine_of("linear")


@given(V=matrices, W=matrices, a=vectors)
def test_the_engine_computes_what_numpy_does(engine, V, W, a):
    assert np.allclose(engine.times(W, a), np.array(W) @ a, rtol=1e-9, atol=1e-9)
    assert np.allclose(engine.compose(V, W), np.array(V) @ W, rtol=1e-9, atol=1e-9)
    assert np.isclose(engine.determinant(W), np.linalg.det(W), rtol=1e-9, atol=1e-9)
    assert np.isclose(engine.dot(V[0], a), np.dot(V[0], a), rtol=1e-9, atol=1e-9)


@given(a=vectors, b=vectors)
def test_projection_and_angle_are_those_of_numpy(engine, a, b):
    assume(min(np.linalg.norm(a), np.linalg.norm(b)) > 1e-3)
    share = np.linalg.lstsq(np.array([b]).T, np.array(a), rcond=None)[0][0]
    assert np.allclose(engine.project(a, b), share * np.array(b), rtol=1e-9, atol=1e-9)
    turned = np.degrees(np.angle(complex(*a) / complex(*b)))
    assert np.isclose(engine.angle(a, b), abs(turned), rtol=1e-9, atol=1e-9)


@given(W=matrices)
def test_the_directions_that_are_kept_are_those_of_numpy(engine, W):
    values = np.linalg.eigvals(W)
    gap = abs(values[0] - values[1])
    assume(gap > 1e-3 * (1 + np.abs(W).max()))  # nearer, they depend on every digit
    pairs = engine.eigen(W)
    if np.iscomplexobj(values):
        assert pairs == []
        return
    came, ways = zip(*pairs, strict=True)
    assert np.allclose(came, np.sort(values)[::-1], rtol=1e-9, atol=1e-9)
    for value, way in pairs:
        assert np.isclose(np.linalg.norm(way), 1)
        assert np.allclose(np.array(W) @ way, np.multiply(value, way), atol=1e-6)
    assert abs(np.linalg.det(np.array(ways))) > 0


def test_maps_with_one_direction_with_all_and_with_none(engine):
    assert engine.eigen([[2, 0], [0, 2]]) == [[2, [1, 0]], [2, [0, 1]]]
    [[value, way]] = engine.eigen([[1, 1], [0, 1]])
    assert value == 1
    assert np.allclose(np.abs(way), [1, 0])
    assert engine.eigen([[0, -1], [1, 0]]) == []


def unit_of(shown):
    """How many pixels of the first picture are 1."""
    picture = shown.figure.locator(".plane svg:visible").first
    left, right = (place_on(picture, x, 0, (-3, 3), (-3, 3))[0] for x in (0, 1))
    return right - left


def test_a_column_is_dragged_and_the_determinant_follows(show):
    with show(demos.LinearMap(matrix=[[1, 0], [0, 1]])) as shown:
        x, y = centre(shown.figure.get_by_label("tip of column 1 of A"))
        shown.drag((x, y), (x + unit_of(shown), y))  # from (1, 0) to (2, 0)
        assert "determinant 2:" in shown.status
        assert shown.complaints == []


def test_a_finger_drags_a_column(show):
    widget = demos.LinearMap(matrix=[[1, 0], [0, 1]])
    with show(widget, width=360, has_touch=True) as shown:
        x, y = centre(shown.figure.get_by_label("tip of column 2 of A"))
        shown.drag((x, y), (x, y - unit_of(shown)), finger=True)
        assert "and (0, 2); determinant 2:" in shown.status
        shown.figure.get_by_label("directions that A keeps").tap()
        assert "A keeps the direction" in shown.status


def test_the_keyboard_does_everything(show):
    with show(demos.LinearMap(matrix=[[1, 0], [0, 1]])) as shown:
        page, figure = shown.page, shown.figure
        figure.get_by_label("tip of column 2").first.focus()
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Shift+ArrowDown")
        assert "turned over" in shown.status
        figure.get_by_label("a₁₁").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("−2,5")
        page.keyboard.press("Enter")
        assert "Columns (−2.5, 0)" in shown.status
        page.keyboard.press("Control+A")
        page.keyboard.type("much")
        page.keyboard.press("Enter")
        assert "Type a number" in figure.locator(".problem:visible").first.inner_text()
        assert "Columns (−2.5, 0)" in shown.status
        assert shown.complaints == []


def test_one_map_after_the_other(chromium):
    A, B = np.array([[1.0, 0.5], [0.5, 2.0]]), np.array([[0.0, -1.0], [1.0, 1.0]])
    widget = demos.LinearMap(
        show="compose", matrix=A.tolist(), second=B.tolist(), vector=[1, 2]
    )
    with Shown(chromium, widget) as shown:
        assert f"{np.linalg.det(B @ A):.4g}: areas" in shown.status
        assert "B A = (−0.5, −2; 1.5, 2.5)" in shown.status
        shown.page.locator("details.numbers summary").click()
        row = shown.page.locator(".data tbody tr").last.inner_text().split("\t")
        assert row == ["(1, 2)", "(2, 4.5)", "(−4.5, 6.5)"]
        shown.page.get_by_role("button", name="Swap A and B").click()
        product = "; ".join(", ".join(f"{x:g}" for x in row) for row in A @ B)
        assert f"({product})".replace("-", "\N{MINUS SIGN}") in shown.status


def test_the_dot_product_and_its_shadow(chromium):
    a, b = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    with Shown(chromium, demos.LinearMap(show="dot")) as shown:
        p = (a @ b) / (b @ b) * b
        assert f"a · b = {a @ b:g}" in shown.status
        assert f"of length {np.linalg.norm(p):.4g}" in shown.status
        for _ in range(2):
            shown.page.get_by_label("vector b at").press("Shift+ArrowLeft")
        shown.page.get_by_label("vector b at").press("Shift+ArrowDown")
        assert "no direction to project onto" in shown.status
        assert shown.complaints == []


@pytest.mark.parametrize("show", ["map", "compose", "dot"])
def test_a_guess_comes_before_the_answer(chromium, show):
    widget = demos.LinearMap(
        show=show, quiz=True, matrix=[[2, 1], [0, 3]], second=[[2, 0], [0, 1]]
    )
    right = {"map": 6, "compose": 12, "dot": 4}[show]
    with Shown(chromium, widget) as shown:
        page = shown.page
        page.locator("details.numbers summary").click()
        assert "Your guess first" in shown.status
        assert str(right) not in page.locator(".status").inner_text()
        page.get_by_label("What is").fill("5")
        page.get_by_role("button", name="Commit to it").click()
        verdict = page.locator(".verdict")
        told = f"✗ Not this time. You said: 5. It is {right}."
        assert verdict.inner_text() == told
        assert str(right) in shown.status
        page.get_by_role("button", name="Guess about other numbers").click()
        assert "Your guess first" in shown.status
        assert page.get_by_label("What is").input_value() == ""
        page.get_by_label("What is").fill("100")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert verdict.inner_text().startswith("✗ Not this time. You said: 100. It is")
        entry = {"map": "a₁₁", "compose": "b₁₁", "dot": "b₁"}[show]
        page.get_by_label(entry, exact=True).fill("9.5")
        page.keyboard.press("Tab")
        assert verdict.inner_text() == ""  # it was about other numbers
        assert shown.complaints == []


def test_large_entries_are_in_the_picture(chromium):
    with Shown(chromium, demos.LinearMap(matrix=[[8, 0], [0, -9]])) as shown:
        picture = shown.page.locator(".plane svg:visible").first.bounding_box()
        for j in (1, 2):
            tip = shown.page.get_by_label(f"tip of column {j} of A").bounding_box()
            assert picture["x"] < tip["x"] < picture["x"] + picture["width"]
            assert picture["y"] < tip["y"] < picture["y"] + picture["height"]


def test_a_link_carries_the_state_and_a_teachers_link_hides(chromium):
    link = state_link("linear_map", matrix=[[3, 0], [0, 1]], hide=["figure"])
    with Shown(chromium, demos.LinearMap(), fragment=link) as shown:
        assert "determinant 3:" in shown.status
        assert not shown.page.get_by_label("picture").is_visible()
        assert shown.page.get_by_label("Show", exact=True).is_visible()


def test_a_link_that_was_cut_off_starts_as_usual(chromium):
    link = state_link("linear_map", matrix=[[3]])
    with Shown(chromium, demos.LinearMap(), fragment=link) as shown:
        assert "determinant 1:" in shown.status


@pytest.mark.parametrize(
    "wrong", [{"matrix": [[1, 2]]}, {"vector": [1, 11]}, {"show": "all"}], ids=repr
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(TraitError):
        demos.LinearMap(**wrong)
