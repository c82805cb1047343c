"""Pulses that approximate a function: the engine against NumPy, and the figure."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Shown, engine_of, place_on, state_link, violations
from traitlets import TraitError

from nnbook_utils import demos, mlp

TARGETS = {
    "wave": lambda x: np.sin(2 * np.pi * x) + 0.5 * x,
    "hump": lambda x: 1.5 * np.exp(-(((x - 0.5) / 0.15) ** 2)),
    "ripples": lambda x: np.sin(8 * np.pi * x),
    "root": np.sqrt,
    "jump": lambda x: np.where(x < 0.3, -0.5, 1.0),
}
X = np.arange(2000) / 2000


engine = engine_of("pulses")


def pulses(f, m, kind="threshold", steepness=1.0):
    """Build the package's row of pulses, softened if asked as in the chapter."""
    edges = np.arange(m + 1) / m
    hard = mlp.pulse_network(edges, f((edges[:-1] + edges[1:]) / 2))
    if kind == "threshold":
        return hard
    return mlp.MLP.from_layers(
        [steepness * hard.weights[0], hard.weights[1]],
        [steepness * hard.biases[0], hard.biases[1]],
        hidden="sigmoid",
        output="linear",
    )


def errors(network, f, x=X):
    error = np.abs(network.predict(x[:, None]).ravel() - f(x))
    return error.max(), np.sqrt(np.mean(error**2))


heights = st.lists(st.floats(-2, 2), min_size=1, max_size=20)


@given(heights=heights, places=st.lists(st.floats(-0.5, 1.5), min_size=1, max_size=20))
@settings(max_examples=60)
def test_a_row_of_pulses_is_the_packages(engine, heights, places):
    m = len(heights)
    edges = [i / m for i in range(m + 1)]
    network = mlp.pulse_network(edges, heights)
    hidden, output = engine.pulseNetwork(edges, heights)
    for layer, W, b in zip(
        (hidden, output), network.weights, network.biases, strict=True
    ):
        np.testing.assert_allclose(layer["W"], W, rtol=0, atol=1e-9)
        np.testing.assert_allclose(layer["b"], b, rtol=0, atol=1e-9)
    found = engine.page.evaluate(
        "([layers, places]) => places.map((x) => engine.pulsesAt(layers, x))",
        [[hidden, output], places],
    )
    expected = network.predict(np.array(places)[:, None]).ravel()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@given(
    heights=heights,
    places=st.lists(st.floats(-0.5, 1.5), min_size=1, max_size=20),
    steepness=st.floats(1, 5000),
)
@settings(max_examples=60)
def test_a_row_of_soft_pulses_is_the_packages(engine, heights, places, steepness):
    m = len(heights)
    edges = np.arange(m + 1) / m
    middles = (edges[:-1] + edges[1:]) / 2
    network = pulses(lambda x: np.interp(x, middles, heights), m, "sigmoid", steepness)
    layers = engine.pulseNetwork(edges.tolist(), heights, "sigmoid", steepness)
    found = engine.page.evaluate(
        "([layers, places]) => places.map((x) => engine.pulsesAt(layers, x))",
        [layers, places],
    )
    expected = network.predict(np.array(places)[:, None]).ravel()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["threshold", "sigmoid"])
@pytest.mark.parametrize("name", TARGETS)
def test_the_errors_are_numpys(engine, name, kind):
    counts = [1, 2, 3, 8, 23, 64, 128]
    found = engine.page.evaluate(
        "([name, counts, kind]) => engine.errorCurve(engine.targetOf(name).f, counts, "
        "kind, 150, engine.samplesOf(0, 1, 2000))",
        [name, counts, kind],
    )
    for m, error in zip(counts, found, strict=True):
        largest, rms = errors(pulses(TARGETS[name], m, kind, 150), TARGETS[name])
        assert error["largest"] == pytest.approx(largest, rel=1e-9, abs=1e-9)
        assert error["rms"] == pytest.approx(rms, rel=1e-9, abs=1e-9)


@given(heights=st.lists(st.floats(-2, 2), min_size=2, max_size=65))
@settings(max_examples=40)
def test_what_is_drawn_is_joined_by_straight_lines(engine, heights):
    x = np.linspace(0, 1, 50)
    found = engine.page.evaluate(
        "([heights, x]) => { const { f, steepest } = engine.targetOf('drawn', heights);"
        "return [x.map(f), steepest]; }",
        [heights, x.tolist()],
    )
    knots = np.linspace(0, 1, len(heights))
    np.testing.assert_allclose(found[0], np.interp(x, knots, heights), atol=1e-9)
    slopes = np.diff(heights) / np.diff(knots)
    assert found[1] == pytest.approx(np.abs(slopes).max(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", ["wave", "hump", "ripples"])
def test_the_bound_on_the_slope_is_the_largest_slope(engine, name):
    x = np.linspace(0, 1, 100_001)
    slopes = np.abs(np.diff(TARGETS[name](x)) / np.diff(x))
    steepest = engine.page.evaluate("(name) => engine.TARGETS[name].steepest", name)
    assert slopes.max() <= steepest <= slopes.max() * 1.0001


# --- The figure ----------------------------------------------------------------------


def numbers_said(status):
    found = re.search(r"error (\S+) at x = (\S+), root mean square ([\d.]+)\.", status)
    return [float(number) for number in found.groups()]


def test_the_width_is_halved_and_the_numbers_are_numpys(chromium):
    with Shown(chromium, demos.Approximation(pulses=8)) as shown:
        for m in (8, 16):
            largest, rms = errors(pulses(TARGETS["wave"], m), TARGETS["wave"])
            said = numbers_said(shown.status)
            assert said[0] == pytest.approx(largest, rel=1e-3)
            assert said[2] == pytest.approx(rms, rel=1e-3)
            assert f"{m + 1} hidden units ({2 * m} as separate pairs)" in shown.status
            shown.page.get_by_role("button", name="Halve the width").click()
        assert shown.complaints == []


def test_the_table_holds_what_was_tried(chromium):
    widget = demos.Approximation(pulses=5, kind="sigmoid", steepness=300)
    with Shown(chromium, widget) as shown:
        shown.page.get_by_role("button", name="Double the width").click()
        rows = shown.rows()
        assert len(rows) == 2
        inner = np.linspace(0.1, 0.9, 2000, endpoint=False)
        for row, m in zip(rows, (3, 5), strict=True):
            network = pulses(TARGETS["wave"], m, "sigmoid", 300)
            largest, rms = errors(network, TARGETS["wave"])
            cells = row.locator("td").all_inner_texts()
            assert int(cells[1]) == m + 1
            assert float(cells[2]) == pytest.approx(largest, rel=1e-3)
            assert float(cells[3]) == pytest.approx(rms, rel=1e-3)
            middle = errors(network, TARGETS["wave"], inner)[0]
            assert float(cells[4]) == pytest.approx(middle, rel=1e-3)
            assert cells[5] == "none"  # the theorem is on thresholds


@pytest.mark.parametrize(
    ("name", "guess", "words"),
    [
        ("wave", "fall to about half", "✓ Right."),
        ("wave", "stay about the same", "✗ Not this time."),
        ("root", "fall, but not to half", "✓ Right."),
        ("jump", "stay about the same", "✓ Right."),
    ],
)
def test_a_guess_is_compared_with_what_happens(chromium, name, guess, words):
    with Shown(chromium, demos.Approximation(target=name, pulses=8)) as shown:
        page = shown.page
        page.get_by_label("What will the largest error do?").select_option(guess)
        page.get_by_role("button", name="Commit to it").click()
        verdict = page.locator(".verdict").inner_text()
        assert verdict.startswith(f"{words} You said: {guess}. It went from")
        f = TARGETS[name]
        before, after = (errors(pulses(f, m), f)[0] for m in (8, 16))
        said = f"from {before:.4g} to {after:.4g}, times {after / before:.3g}"
        assert said in verdict
        assert "16 pulses" in shown.status
        page.get_by_label("Function", exact=True).select_option("hump")
        assert page.locator(".verdict").inner_text() == ""
        page.get_by_label("What will the largest error do?").select_option(guess)
        page.get_by_role("button", name="Commit to it").click()
        page.get_by_role("button", name="Guess again").click()
        assert page.locator(".verdict").inner_text() == ""
        assert page.get_by_role("button", name="Commit to it").is_enabled()


def place(figure, x, y):
    picture = figure.locator(".drawable svg")
    return place_on(picture, x, y, across=(-0.05, 1.05), up=(-2, 2))


def test_a_function_is_drawn_by_mouse(show):
    with show(demos.Approximation(target="jump", pulses=64)) as shown:
        figure = shown.figure
        figure.get_by_role("button", name="Draw by hand").click()
        shown.drag(place(figure, 0, 1), place(figure, 1, 0))
        # Now it falls from 1 to 0 along a line of slope 1.
        said = numbers_said(shown.status)
        assert said[0] == pytest.approx(1 / 128, abs=0.006)
        assert figure.get_by_label("Function", exact=True).input_value() == "drawn"
        assert shown.complaints == []


def test_a_function_is_drawn_by_touch(show):
    widget = demos.Approximation(target="drawn", drawn=[1.0] * 65, pulses=1)
    with show(widget, width=400, has_touch=True) as shown:
        page, figure = shown.page, shown.figure
        assert numbers_said(shown.status)[0] == 0
        figure.get_by_role("button", name="Draw by hand").tap()
        x, y = place(figure, 0.25, -1)
        page.touchscreen.tap(x, y)
        said = numbers_said(shown.status)
        assert said[0] == pytest.approx(2, abs=0.05)
        assert said[1] == pytest.approx(0.25, abs=0.01)
        shown.drag(place(figure, 0, 1), place(figure, 1, 0), finger=True)
        # One pulse at 1/2, where the line falls from 1 to 0.
        assert numbers_said(shown.status)[0] == pytest.approx(0.5, abs=0.01)


def test_points_are_moved_by_keyboard_alone(show):
    widget = demos.Approximation(target="drawn", drawn=[0.0] * 9, pulses=1)
    with show(widget) as shown:
        page, figure = shown.page, shown.figure
        figure.get_by_label("point 1 of the function").focus()
        page.keyboard.press("Shift+ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")  # a point stays at its x
        label = figure.get_by_label("point 1 of the function").get_attribute(
            "aria-label"
        )
        assert "at 0, 0.55;" in label
        assert numbers_said(shown.status)[0] == 0.55
        figure.get_by_label("Pulses m").focus()
        page.keyboard.press("ArrowRight")
        assert "2 pulses" in shown.status
        figure.get_by_label("Activation").select_option("sigmoid")
        figure.get_by_label("Steepness").focus()
        page.keyboard.press("Home")
        steepness = figure.locator("[data-control='steepness'] output")
        assert steepness.inner_text() == "1"


def test_another_function_becomes_points_that_can_be_moved(chromium):
    with Shown(chromium, demos.Approximation(target="root")) as shown:
        shown.page.get_by_role("button", name="Move nine points").click()
        labels = [
            shown.page.get_by_label(f"point {i} of the function").get_attribute(
                "aria-label"
            )
            for i in range(1, 10)
        ]
        found = [float(re.search(r", ([\d.]+);", label)[1]) for label in labels]
        np.testing.assert_allclose(found, np.sqrt(np.arange(9) / 8), atol=0.005)


def test_one_pulse_is_shown_as_a_pair(chromium):
    with Shown(chromium, demos.Approximation(pulses=4)) as shown:
        shown.page.get_by_role("button", name="Next pulse").click()
        about = shown.page.locator(".about").inner_text()
        height = TARGETS["wave"](0.125)
        assert f"Pulse 1 is {height:.4g} high from 0 to 0.25" in about
        assert shown.page.locator(".curve.class-2").first.get_attribute("d")
        shown.page.get_by_role("button", name="No pulse").click()
        assert shown.page.locator(".about").inner_text() == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_telephone(chromium, theme):
    widget = demos.Approximation(
        target="drawn", kind="sigmoid", show_curve=True, pulse=2
    )
    with Shown(chromium, widget, width=320, theme=theme) as shown:
        assert violations(shown.page) == []
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.complaints == []


def test_a_link_carries_the_state_and_a_teachers_link_hides(chromium):
    link = state_link("approximation", target="root", pulses=3, hide=["draw"])
    with Shown(chromium, demos.Approximation(), fragment=link) as shown:
        largest, _ = errors(pulses(np.sqrt, 3), np.sqrt)
        assert numbers_said(shown.status)[0] == pytest.approx(largest, rel=1e-3)
        assert not shown.page.get_by_role("button", name="Draw by hand").is_visible()


@pytest.mark.parametrize(
    "state",
    [
        {"target": "nothing"},
        {"drawn": [1]},
        {"drawn": [1, "high"]},
        {"pulses": 2.5},
        {"pulses": 1000},
        {"kind": 3},
        {"steepness": None},
    ],
)
def test_a_link_with_nonsense_starts_as_usual(chromium, state):
    link = state_link("approximation", **state)
    with Shown(chromium, demos.Approximation(), fragment=link) as shown:
        assert shown.status.startswith("8 pulses of width 0.125")
        assert shown.complaints == []


@pytest.mark.parametrize(
    "state",
    [
        {"target": "nothing"},
        {"drawn": [1.0]},
        {"drawn": [0.0, 3.0]},
        {"pulses": 0},
        {"pulses": 129},
        {"kind": "relu"},
        {"steepness": 0.0},
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_python(state):
    with pytest.raises(TraitError):
        demos.Approximation(**state)
