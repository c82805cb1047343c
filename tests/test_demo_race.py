"""The race: its engine against the package's optimisers, and how it is used."""

from itertools import chain, islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Shown, centre, engine_of, state_link
from traitlets import TraitError

from nnbook_utils import costs, datasets, demos, optimizers

SCHEDULES = {
    "constant": optimizers.constant,
    "inverse_sqrt": optimizers.inverse_sqrt,
    "inverse": optimizers.inverse,
    "step_decay": lambda eta: optimizers.step_decay(eta, 20, 0.5),
}
KEEP = {"momentum", "nesterov"}
DIVIDE = {"adagrad", "rmsprop", "adam"}
X, y = datasets.eight_samples()
X = X[:, [0, 3]]
weights = st.lists(st.floats(-3, 3), min_size=2, max_size=2)


def close(came, right):
    return np.allclose(np.array(came, float), right, rtol=1e-9, atol=1e-9)


def constants(rule, alpha, delta):
    return {
        **({"alpha": alpha} if rule in KEEP else {}),
        **({"delta": delta} if rule in DIVIDE else {}),
    }


descent = engine_of("descent")
landscape = engine_of("landscape")


# The engine


@settings(max_examples=20)
@given(
    slopes=st.lists(
        st.lists(st.floats(-50, 50), min_size=2, max_size=2), min_size=1, max_size=45
    ),
    start=weights,
    eta=st.floats(1e-4, 10),
    alpha=st.floats(0, 0.99),
    delta=st.floats(1e-8, 1),
)
def test_every_rule_and_schedule_is_the_packages(
    descent, slopes, start, eta, alpha, delta
):
    came = descent.page.evaluate(
        """([slopes, start, eta, schedules, alpha, delta]) =>
        Object.keys(engine.RULES).flatMap((rule) => schedules.map((schedule) => {
          let t = 0;
          const gradient = () => slopes[t++];
          const steps = slopes.length;
          return [rule, schedule, engine.descend(rule, gradient, start,
            {eta, schedule, steps, alpha, delta})];
        }))""",
        [slopes, start, eta, list(SCHEDULES), alpha, delta],
    )
    assert {(rule, name) for rule, name, _ in came} == set(
        product(optimizers.RULES, SCHEDULES)
    )
    for rule, schedule, run in came:
        given_slopes = iter(slopes)
        right = optimizers.descend(
            optimizers.RULES[rule],
            lambda w, g=given_slopes: np.array(next(g)),
            start,
            eta=SCHEDULES[schedule](eta),
            steps=len(slopes),
            **constants(rule, alpha, delta),
        )
        assert run["diverged"] is None
        assert close(run["iterates"], right)


def test_a_run_that_diverges_ends_where_the_packages_does(descent):
    came = descent.page.evaluate(
        """() => engine.descend("gd", (w) => [w[0] ** 3], [3],
        {eta: 1, schedule: "constant", steps: 50})"""
    )
    with pytest.raises(FloatingPointError, match=rf"at step {came['diverged']}:"):
        optimizers.gradient_descent(lambda w: w**3, [3.0], eta=1.0, steps=50)
    assert len(came["iterates"]) == came["diverged"]


HEIGHTS = """([settings, points, rows]) => {
  const cost = engine.landscape(settings);
  return {
    values: points.map((w) => cost.value(w)),
    gradients: points.map((w) => cost.gradient(w)),
    partial: points.map((w) => cost.gradient(w, rows)),
    curvatures: points.map((w) => engine.largestCurvature(cost, w)),
    minima: cost.minima,
  };
}"""


def quadratic(condition, angle):
    t = np.radians(angle)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    H = turn @ np.diag([1.0, condition]) @ turn.T
    return (lambda w: w @ H @ w / 2), (lambda w: H @ w)


def rosenbrock(w):
    return ((1 - w[0]) ** 2 + 10 * (w[1] - w[0] ** 2) ** 2) / 4


def two_minima(w):
    return 4 * w[0] ** 2 + 2 * (w[1] ** 2 - 1) ** 2 + w[1]


def slope_of(f):
    """Differentiate a polynomial by a complex step, exact to rounding."""
    h = 1e-30

    def gradient(w):
        return np.array([f(w + 1j * h * e).imag / h for e in np.eye(2)])

    return gradient


def curvature_of(gradient, w, h=1e-5):
    H = [(gradient(w + h * e) - gradient(w - h * e)) / (2 * h) for e in np.eye(2)]
    return np.linalg.eigvalsh(np.array(H))[-1]


@settings(max_examples=30)
@given(
    condition=st.floats(1, 1000),
    angle=st.floats(0, 90),
    points=st.lists(weights, min_size=1, max_size=5),
    rows=st.lists(st.integers(0, 7), min_size=1, max_size=8),
)
def test_every_cost_is_the_packages(landscape, condition, angle, points, rows):
    everything = {
        "quadratic": quadratic(condition, angle),
        "rosenbrock": (rosenbrock, slope_of(rosenbrock)),
        "two_minima": (two_minima, slope_of(two_minima)),
        "eight_samples": (
            costs.linear_cost(costs.squared_hinge, X, y),
            costs.linear_gradient(costs.squared_hinge_gradient, X, y),
        ),
    }
    for name, (value, gradient) in everything.items():
        settings_ = {"cost": name, "condition": condition, "angle": angle}
        came = landscape.page.evaluate(HEIGHTS, [settings_, points, rows])
        at = np.array(points)
        assert close(came["values"], [value(w) for w in at])
        assert close(came["gradients"], [gradient(w) for w in at])
        if name == "eight_samples":
            batch = costs.linear_gradient(
                costs.squared_hinge_gradient, X[rows], y[rows]
            )
            assert close(came["partial"], [batch(w) for w in at])
            margins = y * (at @ X.T)
            for m, L in zip(margins, came["curvatures"], strict=True):
                inside = X[m < 1]
                right = np.linalg.eigvalsh(inside.T @ inside / len(X))[-1]
                assert np.isclose(L, right, rtol=1e-9, atol=1e-12)
        else:
            right = [curvature_of(gradient, w) for w in at]
            assert np.allclose(came["curvatures"], right, rtol=1e-5, atol=1e-4)
        for w in np.array(came["minima"]):
            assert np.abs(gradient(w)).max() < 1e-12
            assert curvature_of(gradient, w) > 0
        lowest = [value(w) for w in np.array(came["minima"])]
        assert lowest[0] == min(lowest)
        assert min(value(w) for w in at) >= lowest[0] - 1e-12


@pytest.mark.parametrize("rule", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.95])
def test_beyond_its_bound_a_rule_diverges_and_below_it_converges(descent, rule, alpha):
    L = 4.0
    bound = descent.stepBound(rule, L, alpha)
    constants_ = {} if rule == "gd" else {"alpha": alpha}

    def end(eta):
        run = optimizers.descend(
            optimizers.RULES[rule],
            lambda w: L * w,
            [1.0],
            eta=eta,
            steps=6000,
            **constants_,
        )
        return abs(run[-1, 0])

    assert end(0.98 * bound) < 1e-3
    with np.errstate(over="ignore"):
        try:
            far = end(1.02 * bound)
        except FloatingPointError:
            far = np.inf
    assert far > 1e3
    assert descent.stepBound("adagrad", L, alpha) is None


@settings(max_examples=20)
@given(size=st.integers(1, 8), seed=st.integers(0, 999))
def test_samples_come_in_the_order_that_is_named(descent, size, seed):
    steps = 40

    def batches(kind):
        return descent.batchesOf(kind, 8, size, steps, seed)

    turns = islice(optimizers.cyclic(8, size), steps)
    assert batches("cyclic") == [rows.tolist() for rows in turns]
    drawn = batches("with_replacement")
    assert all(len(rows) == size and set(rows) <= set(range(8)) for rows in drawn)
    epoch = -(-8 // size)
    deck = batches("shuffled")
    assert deck == batches("shuffled")
    for first in range(0, steps - epoch + 1, epoch):
        assert sorted(chain(*deck[first : first + epoch])) == list(range(8))
    assert size == 8 or deck != descent.batchesOf("shuffled", 8, size, steps, seed + 1)


def test_shuffled_orders_and_draws_are_even(descent):
    deck = descent.batchesOf("shuffled", 8, 8, 4000, 1)
    drawn = descent.batchesOf("with_replacement", 8, 8, 4000, 1)
    for rows in (np.array(deck), np.array(drawn)):
        shares = [
            (rows[:, place] == row).mean() for row in range(8) for place in (0, 7)
        ]
        assert np.allclose(shares, 1 / 8, atol=0.03)


def test_the_samples_are_those_of_the_book(landscape):
    came = landscape.page.evaluate("engine.SAMPLES")
    assert np.array_equal(came["X"], X)
    assert np.array_equal(came["y"], y)


# The figure


def rows_of(shown):
    shown.figure.locator("details.numbers").evaluate("d => { d.open = true; }")
    shown.page.wait_for_timeout(100)  # the table is drawn on opening
    rows = shown.figure.locator(".data tbody tr")
    return {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in rows.all()
    }


def numbers(texts):
    return [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]


def test_the_numbers_shown_are_the_packages(chromium):
    race = demos.Race(
        rules=["gd", "momentum", "adam"], angle=30, schedule="inverse_sqrt", step=17
    )
    value, gradient = quadratic(25, 30)
    with Shown(chromium, race) as shown:
        came = rows_of(shown)
        assert shown.complaints == []
    for name, rule, eta in (
        ("gradient descent", "gd", 0.07),
        ("momentum", "momentum", 0.05),
        ("Adam", "adam", 0.2),
    ):
        run = optimizers.descend(
            optimizers.RULES[rule],
            gradient,
            [2.5, 0.5],
            eta=optimizers.inverse_sqrt(eta),
            steps=17,
            **constants(rule, 0.7, 1e-6),
        )
        right = [eta / np.sqrt(17), *run[-1], value(run[-1]), value(run[-1])]
        assert np.allclose(numbers(came.pop(name)), right, rtol=1e-3)
    assert came == {}


def test_all_get_the_same_batches(chromium):
    race = demos.Race(
        cost="eight_samples", rules=["gd", "momentum"], batch=3, start=[1, 1], step=20
    )
    batch = costs.squared_hinge_gradient
    with Shown(chromium, race) as shown:
        came = rows_of(shown)
    for name, rule, eta in (
        ("gradient descent", "gd", 0.07),
        ("momentum", "momentum", 0.05),
    ):
        run = optimizers.descend(
            optimizers.RULES[rule],
            lambda w, rows: costs.linear_gradient(batch, X[rows], y[rows])(w),
            [1, 1],
            eta=eta,
            steps=20,
            batches=optimizers.cyclic(8, 3),
            **constants(rule, 0.7, 1e-6),
        )
        assert np.allclose(numbers(came[name][1:3]), run[-1], rtol=1e-4)


def test_predict_then_run_with_the_keyboard_alone(show):
    race = demos.Race(rules=["gd", "momentum"], steps=10, alpha=0.4)
    with show(race) as shown:
        keys = shown.page.keyboard
        shown.figure.get_by_label("Who is lowest at the end?").focus()
        keys.press("ArrowDown")  # the first: gradient descent
        keys.press("Tab")
        keys.press("Enter")
        assert "Committed" in shown.figure.locator(".verdict").inner_text()
        shown.figure.get_by_role("button", name="Run").focus()
        keys.press("Enter")
        shown.figure.get_by_text("After 10 steps").wait_for()
        came = rows_of(shown)
        best = min(came, key=lambda name: numbers(came[name])[3])
        told = shown.figure.locator(".verdict").inner_text()
        assert f"{best} is lowest" in told
        assert told.startswith("✓ Right.") == (best == "gradient descent")
        shown.figure.get_by_label("start at").focus()
        keys.press("Shift+ArrowUp")
        assert "Step 10 of 10" in shown.status
        assert "at 2.5, 1;" in shown.figure.get_by_label("start at").get_attribute(
            "aria-label"
        )
        assert shown.figure.locator(".verdict").inner_text() == ""
        assert shown.complaints == []


@pytest.mark.parametrize(("eta", "too_small"), [(0.11, True), (0.01, False)])
def test_costs_below_the_axis_are_said_to_be_less(chromium, eta, too_small):
    race = demos.Race(rules=["momentum"], eta_momentum=eta, alpha=0.45, step=60)
    with Shown(chromium, race) as shown:
        lowest = rows_of(shown)["momentum"][-1]
        assert (numbers([lowest])[0] < 1e-9) == too_small
        assert (shown.page.get_by_text("≤ 10⁻⁹").count() == 1) == too_small


def test_the_start_is_dragged_and_a_step_is_picked_by_mouse(show):
    with show(demos.Race(step=0)) as shown:
        x, y = centre(shown.figure.get_by_label("start at"))
        shown.drag((x, y), (x - 74, y))
        label = shown.figure.get_by_label("start at").get_attribute("aria-label")
        assert 0.5 < float(label.split()[2].strip(",")) < 2
        plot = shown.figure.get_by_label("The cost above the least")
        shown.page.mouse.click(*centre(plot))
        step = int(shown.status.split()[1])
        assert 20 < step < 40
        assert shown.complaints == []


def test_it_runs_by_touch(show):
    with show(demos.Race(steps=20), width=360, has_touch=True) as shown:
        shown.figure.get_by_role("button", name="Step", exact=True).tap()
        assert "Step 1 of 20" in shown.status
        shown.figure.get_by_label("Nesterov", exact=True).tap()
        assert "Nesterov" in shown.status
        shown.figure.get_by_role("button", name="Run").tap()
        shown.figure.get_by_text("Step 20 of 20").wait_for()
        assert shown.figure.get_by_role("button", name="Run").is_visible()
        handle = shown.figure.get_by_label("start at")
        x, y = centre(handle)
        before = float(handle.get_attribute("aria-label").split()[2].strip(","))
        shown.drag((x, y), (x - 60, y), finger=True)
        after = float(handle.get_attribute("aria-label").split()[2].strip(","))
        width = shown.figure.locator(".plane svg").first.bounding_box()["width"]
        assert after < before - 60 / width  # the picture is more than 1 wide


def test_a_step_size_above_the_bound_is_said(chromium):
    race = demos.Race(rules=["gd"], eta_gd=0.081, step=3)
    with Shown(chromium, race) as shown:
        assert "gradient descent is above its bound 0.08" in shown.status
        assert "gradient descent 0.081, bound 0.08" in shown.page.get_by_label(
            "Step sizes"
        ).get_attribute("aria-label")
        shown.page.get_by_label("η of gradient descent").press("ArrowLeft")
        assert "above" not in shown.status


def test_what_diverges_is_said(chromium):
    race = demos.Race(cost="rosenbrock", rules=["gd"], eta_gd=5, step=40)

    def gradient(w):
        rise = w[1] - w[0] ** 2
        return np.array([(w[0] - 1) / 2 - 10 * w[0] * rise, 5 * rise])

    with pytest.raises(FloatingPointError) as error:
        optimizers.gradient_descent(gradient, [2.5, 0.5], eta=5.0, steps=40)
    with Shown(chromium, race) as shown:
        step = shown.status.split("diverged at step ")[1].split(".")[0]
        assert f"at step {step}:" in str(error.value)
        assert shown.complaints == []


def test_a_cost_brings_its_own_controls_and_start(chromium):
    with Shown(chromium, demos.Race()) as shown:
        page = shown.page
        assert page.get_by_label("condition number").is_visible()
        assert not page.get_by_label("batch").is_visible()
        page.get_by_label("Cost", exact=True).select_option("eight_samples")
        assert not page.get_by_label("condition number").is_visible()
        assert page.get_by_label("batch").is_visible()
        assert page.get_by_text("“here” is where the runner is now").is_visible()
        label = page.get_by_label("start at").get_attribute("aria-label")
        assert label.startswith("start at 1, 1;")


def test_a_link_restores_the_race(chromium):
    link = state_link("race", cost="two_minima", rules=["adam"], step=7, start=[1, 0.5])
    with Shown(chromium, demos.Race(), fragment=link) as shown:
        assert "Step 7 of 60. Cost: Adam" in shown.status


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost": "mountain"},
        {"rules": ["newton"]},
        {"start": [1]},
        {"start": [1, float("nan")]},
        {"condition": 0},
        {"alpha": 1},
        {"eta_gd": 0},
        {"batch": 9},
        {"steps": 5},
    ],
    ids=repr,
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(TraitError):
        demos.Race(**wrong)
