"""The fit: its engine against the package, and the figure by mouse, touch and keys."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from live import Shown, centre, engine_of, place_on, state_link, violations
from scipy.stats import kstest
from traitlets import TraitError

from nnbook_utils import costs, demos, regression

EPSILON = np.finfo(float).eps
places = st.integers(0, 100).map(lambda k: k / 100)
heights = st.integers(-200, 200).map(lambda k: k / 100)
points = st.lists(st.tuples(places, heights), min_size=1, max_size=40)
strengths = st.just(0.0) | st.floats(-8, 2).map(lambda k: 10.0**k)
LINE = [(0.0, 0.0), (0.5, 1.0), (1.0, 1.0)]


engine = engine_of("regression")


def features(data, degree):
    x = np.array([x for x, _ in data])
    return regression.polynomial_features(2 * x - 1, degree)


def targets(data):
    return np.array([y for _, y in data])


def singular_values(X, lambda_):
    """Return those of the table that ridge regression solves."""
    n, d = X.shape
    rows = np.vstack([X, np.sqrt(n * lambda_) * np.eye(d)[1:]])
    return np.linalg.svd(rows, compute_uv=False), max(rows.shape)


def numpy_costs(training, validation, degree, lambda_=0.0):
    w = regression.ridge(features(training, degree), targets(training), lambda_)
    return [
        costs.mse(features(data, degree) @ w, targets(data))
        for data in (training, validation)
    ]


@given(training=points, kept=points, degree=st.integers(0, 12), lambda_=strengths)
def test_the_engine_fits_as_the_package_does(engine, training, kept, degree, lambda_):
    """To 1e-9 where the condition is at most 1000, else to what rounding can do.

    A rounding error of the data reaches the weights times the square of the condition
    (Golub and Van Loan, 2013, section 5.3.7). A singular value that is nearly at the
    limit for zero may fall on either side, so such tables are left out.
    """
    X, y = features(training, degree), targets(training)
    s, longer = singular_values(X, lambda_)
    small = longer * EPSILON * s[0]
    assume(not ((s > small / 30) & (s < small * 30)).any())
    smallest = s[s > small].min()
    condition = s[0] / smallest

    found = engine.fitPoints(training, kept, degree, lambda_)
    w = regression.ridge(X, y, lambda_)
    error = 1e-9 if condition <= 1000 else max(1e-9, 20 * EPSILON * condition**2)
    size = np.linalg.norm(w) + np.linalg.norm(y) / smallest
    assert np.linalg.norm(w - found["weights"]) <= error * max(1, size)
    assert found["rank"] == (s > small).sum()
    if condition <= 1000:
        expected = numpy_costs(training, kept, degree, lambda_)
        assert np.allclose(
            [found["training"], found["validation"]], expected, rtol=1e-9, atol=1e-9
        )
        if found["rank"] == len(s):
            assert np.isclose(found["condition"], condition, rtol=1e-9)


@given(x=st.lists(st.floats(-1, 1), min_size=1), degree=st.integers(0, 12))
def test_powers_and_values_are_numpys(engine, x, degree):
    powers = regression.polynomial_features(x, degree)
    assert np.allclose(engine.polynomialFeatures(x, degree), powers, rtol=1e-12)
    weights = list(range(-3, degree - 2))
    value = np.polynomial.polynomial.polyval(2 * x[0] - 1, weights)
    assert np.isclose(engine.valueAt(weights, x[0]), value, rtol=1e-9, atol=1e-9)


def test_more_points_come_from_the_source(engine):
    drawn = np.array(engine.noisySine(4000, 0.25, 7))
    assert np.array_equal(drawn, engine.noisySine(4000, 0.25, 7))
    assert not np.allclose(drawn, engine.noisySine(4000, 0.25, 8))
    x, errors = drawn[:, 0], drawn[:, 1] - np.sin(2 * np.pi * drawn[:, 0])
    assert kstest(x, "uniform").pvalue > 0.01
    assert kstest(errors, "norm", (0, 0.25)).pvalue > 0.01
    assert abs(np.corrcoef(x, errors)[0, 1]) < 0.05


def test_a_perfect_fit_and_a_table_without_a_unique_one(engine):
    assert engine.fitPoints(LINE, [], 2, 0)["training"] < 1e-25
    assert engine.fitPoints(LINE, [], 2, 0)["validation"] is None
    found = engine.leastSquares([[1, 1], [1, 1]], [1, 3])
    assert np.allclose(found["weights"], [1, 1])
    assert found["rank"] == 1
    assert found["condition"] == np.inf


def told_costs(shown):
    words = re.search(r"training cost (\S+), validation cost (\S+)\.", shown.status)
    return [float(word.replace("−", "-")) for word in words.groups()]


def places_told(shown):
    """Return the points as the table of the figure has them."""
    # The table waits for it.
    shown.figure.locator(".numbers").evaluate("box => { box.open = true; }")
    points = shown.figure.get_by_role("group", name="The points")
    points.wait_for()
    rows = points.locator("tbody tr")
    found = {"training": [], "validation": []}
    for row in rows.all():
        name, x, y = row.locator("th, td").all_inner_texts()[:3]
        found[name].append([float(v.replace("−", "-")) for v in (x, y)])
    return found


def agrees(shown, degree, lambda_=0.0):
    """Assert that the costs that are told are NumPy's for the points in the table."""
    costs = told_costs(shown)  # which waits for what was done last
    told = places_told(shown)
    expected = numpy_costs(told["training"], told["validation"], degree, lambda_)
    assert costs == pytest.approx(expected, rel=6e-4)
    return told


def plane_place(shown, x, y):
    """Return where (x, y) of the first picture lies in the window."""
    picture = shown.figure.locator(".plane svg").first
    return place_on(picture, x, y, across=(0, 1), up=(-2, 2))


def test_points_are_dragged_added_and_removed_by_mouse(show):
    with show(demos.Fit()) as shown:
        start = agrees(shown, 3)
        mouse = shown.page.mouse
        point = centre(shown.figure.get_by_label("training point 8 "))
        shown.drag(point, plane_place(shown, 0.35, -1.0))
        moved = agrees(shown, 3)
        assert moved["training"][7] == pytest.approx([0.35, -1.0], abs=0.011)
        assert len(moved["training"]) == len(start["training"])
        shown.figure.get_by_label("A press adds").select_option("validation")
        mouse.click(*plane_place(shown, 0.6, 1.5))
        assert agrees(shown, 3)["validation"][-1] == pytest.approx([0.6, 1.5], abs=0.02)
        shown.figure.get_by_role("button", name="Remove the chosen point").click()
        assert len(agrees(shown, 3)["training"]) == 14
        shown.figure.get_by_label("A press adds").select_option("training")
        shown.figure.get_by_role("button", name="Five more from the source").click()
        assert len(agrees(shown, 3)["training"]) == 19
        for _ in range(5):  # up to 39, which leaves no room for five
            shown.figure.get_by_role("button", name="Five more from the source").click()
        assert shown.figure.get_by_text("There are 39 training points").is_visible()
        shown.figure.get_by_role("button", name="First points again").click()
        assert agrees(shown, 3) == start
        assert shown.complaints == []


def test_of_near_points_the_nearest_is_taken(chromium):
    near = [(0.2, 0.0), (0.215, 0.0), (0.8, 1.0)]
    with Shown(chromium, demos.Fit(training=near, degree=1)) as shown:
        point = centre(shown.page.get_by_label("training point 1 "))
        shown.drag(point, plane_place(shown, 0.2, 1.0))
        told = agrees(shown, 1)["training"]
        assert told[0] == pytest.approx([0.2, 1.0], abs=0.02)
        assert told[1] == [0.215, 0.0]


def test_by_keyboard_alone(show):
    with show(demos.Fit(degree=2)) as shown:
        key = shown.page.keyboard.press
        shown.tab_into()  # to the points, of which one is a stop
        key("ArrowUp")
        key("PageDown")
        key("Shift+ArrowRight")
        told = agrees(shown, 2)["training"]
        assert told[0] == [0.01, -0.22]
        assert told[1] == [0.15, 0.49]
        key("Delete")
        assert len(agrees(shown, 2)["training"]) == 14
        key("Tab")  # on from the points to the degree
        key("ArrowRight")
        agrees(shown, 3)
        key("Tab")
        for _ in range(8):
            key("ArrowRight")
        strength = shown.figure.get_by_role("slider", name="penalty").get_attribute(
            "aria-valuetext"
        )
        assert 0 < float(strength.replace("−", "-")) < 1e-5
        agrees(shown, 3, float(strength.replace("−", "-")))


def test_by_touch(show):
    options = {"has_touch": True, "width": 400}
    with show(demos.Fit(adds="training"), **options) as shown:
        shown.page.touchscreen.tap(*plane_place(shown, 0.6, 1.2))
        told = agrees(shown, 3)["training"]
        assert told[-1] == pytest.approx([0.6, 1.2], abs=0.02)
        point = centre(shown.figure.get_by_label("training point 8 "))
        shown.drag(point, plane_place(shown, 0.35, -1.0), finger=True)
        told = agrees(shown, 3)["training"]
        assert told[7] == pytest.approx([0.35, -1.0], abs=0.02)
        shown.figure.get_by_role("button", name="Exchange the two sets").tap()
        assert len(agrees(shown, 3)["validation"]) == 16


def test_a_guess_is_compared_with_the_run(chromium):
    with Shown(chromium, demos.Fit(degree=1, curve=False)) as shown:
        page = shown.page
        assert "Lowest" not in shown.status
        page.get_by_role("button", name="Commit").click()
        assert page.get_by_text("Choose one first.").is_visible()
        page.get_by_label("Which degree will have").select_option("5")
        page.get_by_role("button", name="Commit").click()
        page.get_by_role("button", name="Run").click()
        verdict = page.get_by_text("✗ Not this time. You said: 5. The lowest")
        verdict.wait_for()
        told = agrees(shown, 3)
        every = [numpy_costs(*told.values(), degree)[1] for degree in range(13)]
        assert int(np.argmin(every)) == 3
        assert "at degree 3." in verdict.inner_text()
        rows = page.get_by_role("group", name="Costs of each setting")
        rows.wait_for()
        texts = rows.locator("tbody tr td:last-child").all_inner_texts()
        assert [float(text) for text in texts] == pytest.approx(every, rel=6e-4)
        page.get_by_role("button", name="Exchange the two sets").click()
        assert not verdict.is_visible()


def test_the_costs_are_drawn_against_lambda_too(chromium):
    with Shown(chromium, demos.Fit(degree=12, against="lambda")) as shown:
        told = agrees(shown, 12)
        words = re.search(r"Lowest validation cost (\S+) at λ = (\S+)\.", shown.status)
        cost, strength = (float(word) for word in words.groups())
        assert numpy_costs(*told.values(), 12, strength)[1] == pytest.approx(
            cost, rel=6e-4
        )
        for other in (0.0, strength / 10**0.25, strength * 10**0.25):
            assert numpy_costs(*told.values(), 12, other)[1] > cost


def test_guesses_of_lambda_stand_in_order_and_the_nearest_one_is_right(chromium):
    widget = demos.Fit(degree=12, against="lambda", curve=False)
    with Shown(chromium, widget) as shown:
        page = shown.page
        guess = page.get_by_label("Nearest to which of these λ")
        powers = [
            f"10{'⁻' if k < 0 else ''}{'⁰¹²³⁴⁵⁶⁷⁸'[abs(k)]}" for k in range(-8, 3)
        ]
        options = guess.locator("option").all_inner_texts()
        assert options == ["your guess", "0", *powers]
        guess.select_option(label="10⁻²")
        page.get_by_role("button", name="Commit").click()
        page.get_by_role("button", name="Run").click()
        page.get_by_text("✓ Right. You said: 10⁻².").wait_for()
        best = re.search(r"Lowest validation cost \S+ at λ = (\S+)\.", shown.status)
        assert abs(np.log10(float(best[1])) + 2) < 0.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it_with_all_shown(chromium, theme):
    widget = demos.Fit(degree=12, against="lambda", show_truth=True, lambda_=1e-12)
    with Shown(chromium, widget, theme=theme, width=320) as shown:
        shown.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        assert violations(shown.page) == []
        assert shown.complaints == []


def test_what_fits_perfectly_and_what_is_not_determined_is_said(chromium):
    alone = demos.Fit(training=LINE, validation=[], degree=4)
    with Shown(chromium, alone) as shown:
        assert "leave 2 of 5 weights open" in shown.status
        assert "Nothing is kept aside" in shown.status
        assert shown.complaints == []
        for _ in range(3):
            shown.page.get_by_role("button", name="Remove the chosen point").click()
        assert shown.page.get_by_text("One training point must stay.").is_visible()


def test_a_link_carries_the_points(chromium):
    link = state_link("fit", training=LINE, validation=[[0.2, 0.2]], degree=1)
    with Shown(chromium, demos.Fit(), fragment=link) as shown:
        told = agrees(shown, 1)
        assert told["training"] == [list(point) for point in LINE]
    link = state_link("fit", training=[[0.5, 9]], degree=1)
    with Shown(chromium, demos.Fit(), fragment=link) as shown:
        assert len(agrees(shown, 1)["training"]) == 15


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("training", []), ("training", [(0.5, 3)]), ("training", [(0.5,)])),
        *(("degree", 13), ("degree", 1.5), ("lambda_", -1.0), ("lambda_", np.nan)),
        ("against", "both"),
    ],
)
def test_python_refuses_what_cannot_be_drawn(name, value):
    with pytest.raises(TraitError, match=name):
        demos.Fit(**{name: value})
