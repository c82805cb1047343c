"""The perceptron: its engine against the package; the figure by mouse, touch, keys."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live import Shown, centre, engine_of, place_on, state_link, violations
from scipy.optimize import nnls
from traitlets import TraitError

from nnbook_utils import datasets, demos
from nnbook_utils import perceptron as package
from nnbook_utils.regression import design_matrix

# Quarters are exact in binary, and so are their products: a tie is one for everybody.
quarters = st.integers(-14, 14).map(lambda k: k / 4)
SIX = [(0.5, -2, -1), (-2, -1, -1), (-1, 1, -1), (2.5, 3, 1), (1, 2, 1), (2, 1, 1)]


@st.composite
def problems(draw):
    """Draw samples, labels, a start, and in which order each of six passes goes."""
    d = draw(st.sampled_from([2, 3]))
    rows = st.tuples(*[quarters] * 2, st.sampled_from([-1, 1]))
    samples = np.array(draw(st.lists(rows, min_size=1, max_size=9)))
    X, y = samples[:, :2], samples[:, 2]
    X = design_matrix(X) if d == 3 else X
    start = np.array(draw(st.lists(quarters, min_size=d, max_size=d)))
    n = len(y)
    orders = draw(st.lists(st.permutations(range(n)), min_size=6, max_size=6))
    return X, y, start * draw(st.sampled_from([0, 1])), orders


engine = engine_of("perceptron")


def largest_margin(X, y):
    """Return the margin of the data; 0 if they are not separable.

    It is the distance from 0 to what the samples y x enclose, which is a least-squares
    problem with weights that are not negative (Lawson and Hanson, 1974, chapter 23).
    """
    Z = X * y[:, np.newaxis]
    table = np.vstack([Z.T, np.ones(len(Z))])
    goal = np.append(np.zeros(X.shape[1]), 1.0)
    weights, distance = nnls(table, goal)
    if distance < 1e-6:
        return 0.0
    w = -(table @ weights - goal)[:-1] / (table @ weights - goal)[-1]
    return 1 / np.linalg.norm(w)


@given(problem=problems())
def test_a_run_is_the_packages_run(engine, problem):
    X, y, start, orders = problem
    plain = [part.tolist() for part in (X, y, start)]
    found = engine.perceptronRun(*plain, orders)
    run = package.perceptron(X, y, epochs=6, w0=start, order=iter(orders))
    assert np.allclose(found["iterates"], run.iterates, rtol=0, atol=1e-9)
    assert found["mistakes"] == run.mistakes.tolist()
    assert found["converged"] == run.converged
    mean = package.averaged_perceptron(X, y, epochs=6, w0=start, order=iter(orders))
    count = len(found["iterates"]) - 1
    assert np.allclose(
        engine.averagedWeights(found["iterates"], count), mean, rtol=1e-9, atol=1e-9
    )


@given(problem=problems())
def test_margins_and_the_bound_are_the_packages(engine, problem):
    X, y, _, _ = problem
    ours = engine.bestMargin(X.tolist(), y.tolist())
    best = largest_margin(X, y)
    if best == 0:
        assert ours["gamma"] <= 1e-9
        return
    assert np.isclose(ours["gamma"], best, rtol=1e-6)
    w = np.array(ours["w"])
    assert np.isclose(ours["gamma"], package.margin(X, y, w), rtol=1e-9)
    assert np.isclose(
        engine.marginOf(X.tolist(), y.tolist(), ours["w"]), ours["gamma"], rtol=1e-9
    )
    R = engine.longest(X.tolist())
    bound = engine.mistakeBound(R, ours["gamma"], [0] * len(w))
    assert np.isclose(bound, package.mistake_bound(X, y, w), rtol=1e-9)


@given(problem=problems())
def test_no_run_exceeds_the_bound_from_its_start(engine, problem):
    X, y, start, orders = problem
    gamma = largest_margin(X, y)
    if gamma == 0:
        return
    run = package.perceptron(X, y, epochs=6, w0=start, order=iter(orders))
    R = engine.longest(X.tolist())
    bound = engine.mistakeBound(R, gamma, start.tolist())
    expected = (R / gamma) ** 2 + 2 * np.linalg.norm(start) / gamma
    assert np.isclose(bound, expected, rtol=1e-9)
    assert run.mistakes.sum() <= bound + 1e-6


def test_without_the_tie_it_never_starts(engine):
    X, y = [[1, 2], [2, 1]], [1, -1]
    still = engine.perceptronRun(X, y, [0, 0], [[0, 1]] * 3, False)
    assert still["iterates"] == [[0, 0]] * 7
    assert engine.perceptronStep([1, -1], [1, 1], 1, False)["mistake"] is False
    assert engine.perceptronStep([1, -1], [1, 1], 1, True)["mistake"] is True
    assert engine.perceptronStep([1, -1], [1, 2], 1, False)["w"] == [2, 1]


def test_each_pass_visits_every_sample_once(engine):
    for kind in ("given", "reversed", "shuffled"):
        passes = engine.visits(kind, 7, 20, 3)
        assert all(sorted(rows) == list(range(7)) for rows in passes)
    assert engine.visits("reversed", 3, 1, 0) == [[2, 1, 0]]
    shuffled = [engine.visits("shuffled", 7, 20, seed) for seed in (3, 3, 4)]
    assert shuffled[0] == shuffled[1] != shuffled[2]
    assert len({tuple(rows) for rows in shuffled[0]}) > 15
    firsts = [rows[0] for rows in engine.visits("shuffled", 4, 4000, 1)]
    assert np.bincount(firsts).min() > 900  # each about a thousand times


def numbers(text):
    return [float(v) for v in re.findall(r"-?[\d.]*\d", text.replace("−", "-"))]


def told_weights(shown):
    return numbers(re.search(r"w (?:= |stays )\(([^)]*)\)", shown.status)[1])


def six(**options):
    samples = np.array(SIX)
    X, y = samples[:, :2], samples[:, 2]
    return X, y, package.perceptron(X, y, epochs=100, **options)


def press(shown, name):
    shown.figure.get_by_role("button", name=name, exact=True).click()


def test_steps_go_forwards_and_back_as_in_numpy(chromium):
    X, y, run = six()
    with Shown(chromium, demos.Perceptron(steps=0)) as shown:
        for t in (1, 2, 3):
            press(shown, "Step")
            assert told_weights(shown) == run.iterates[t].tolist()
            assert f"sample {t}" in shown.status
        press(shown, "Back")
        assert told_weights(shown) == run.iterates[2].tolist()
        press(shown, "Next mistake")
        press(shown, "Next mistake")
        changed = np.flatnonzero(np.diff(run.iterates, axis=0).any(axis=1)) + 1
        assert told_weights(shown) == run.iterates[changed[2]].tolist()
        press(shown, "To the end")
        text = shown.status
        assert f"{run.mistakes.sum()} mistakes so far" in text
        assert "6 of 6 right" in text
        assert "it stops" in text
        # The bound and a margin of w come with their panel: a whole number of mistakes.
        assert "at most" not in text
        assert "Margin" not in text
        shown.page.get_by_label("beside the samples").select_option("bound")
        text = shown.status
        margin = numbers(re.search(r"Margin of w: (\S+)\.", text)[1])[0]
        assert margin == pytest.approx(package.margin(X, y, run.iterates[-1]), rel=6e-4)
        bound = (np.linalg.norm(X, axis=1).max() / largest_margin(X, y)) ** 2
        assert f"at most {int(bound)} in any order" in text
        press(shown, "To the start")
        assert told_weights(shown) == [0, 0]
        assert shown.complaints == []


def test_the_table_tells_the_run(chromium):
    X, y, run = six()
    with Shown(chromium, demos.Perceptron(steps=5)) as shown:
        shown.page.locator(".numbers summary").click()
        shown.page.locator(".numbers tbody tr").first.wait_for()
        rows = shown.page.locator(".numbers tbody tr").all()
        assert len(rows) == len(run.iterates) - 1
        for t, row in enumerate(rows):
            cells = row.locator("th, td").all_inner_texts()
            x, label = X[t % 6], y[t % 6]
            assert numbers(cells[3]) == run.iterates[t].tolist()
            score = label * (run.iterates[t] @ x)
            assert numbers(cells[4]) == pytest.approx([score], rel=6e-4)
            assert cells[5] == ("mistake" if score <= 0 else "right")
            assert numbers(cells[6]) == run.iterates[t + 1].tolist()
        current = shown.page.locator(".numbers tr[aria-current=true] th")
        assert current.inner_text() == "5"


def test_the_tie_is_said_and_can_be_left_out(chromium):
    with Shown(chromium, demos.Perceptron(steps=1)) as shown:
        assert "a tie, which counts as a mistake" in shown.status
        shown.page.get_by_label("a tie is a mistake").uncheck()
        assert "does not count here" in shown.status
        press(shown, "To the end")
        assert "it never takes a step" in shown.status


def test_a_guess_is_compared_with_the_run(chromium):
    with Shown(chromium, demos.Perceptron(steps=0, speed=50)) as shown:
        page = shown.page
        page.get_by_label("How many mistakes").select_option("4 to 6")
        page.get_by_role("button", name="Commit").click()
        press(shown, "Run")
        page.get_by_text("✓ Right. You said: 4 to 6. It stopped after 5").wait_for()
        assert six()[2].mistakes.sum() == 5
        page.get_by_label("Samples", exact=True).select_option("xor")
        page.get_by_label("How many mistakes").select_option("more than 30")
        page.get_by_role("button", name="Commit").click()
        press(shown, "To the end")
        assert page.get_by_text("and never will").is_visible()
        assert "6 of 6" not in shown.status


@pytest.mark.parametrize("name", ["and", "or", "nand", "xor"])
def test_gates_learn_with_a_bias_as_in_numpy(chromium, name):
    X, bits = datasets.gate(name)
    A, y = design_matrix(X), 2.0 * bits - 1
    run = package.perceptron(A, y, epochs=100)
    widget = demos.Perceptron(data=name, bias=True, steps=4000, averaged=True)
    with Shown(chromium, widget) as shown:
        text = shown.status
        assert told_weights(shown) == run.iterates[-1].tolist()
        assert f"{run.mistakes.sum()} mistakes so far" in text
        assert ("it stops" in text) == run.converged
        mean = run.iterates[1:].mean(axis=0)
        told = numbers(re.search(r"Averaged w = \(([^)]*)\)", text)[1])
        assert told == pytest.approx(mean.tolist(), rel=6e-4)
        if name == "xor":
            assert "no line separates these samples" in text


def plane_place(shown, x, y):
    """Return where (x, y) of the first picture lies in the window."""
    picture = shown.figure.locator(".plane svg").first
    return place_on(picture, x, y, across=(-3.5, 3.5), up=(-3.5, 3.5))


def labels_of(shown):
    texts = shown.figure.locator(".points .handle").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    found = [numbers(text) for text in texts]
    return [(x, y, label) for _, label, x, y in found]


def test_samples_are_dragged_added_changed_and_removed_by_mouse(show):
    with show(demos.Perceptron(steps=0)) as shown:
        sample = centre(shown.figure.get_by_label("sample 1, "))
        shown.drag(sample, plane_place(shown, 1.25, -0.5))
        shown.figure.get_by_label("A press adds").select_option("negative")
        shown.page.mouse.click(*plane_place(shown, -2.5, 2.0))
        expected = [(1.25, -0.5, -1), *SIX[1:], (-2.5, 2.0, -1)]
        assert labels_of(shown) == expected
        press(shown, "Change the chosen label")
        press(shown, "To the end")
        samples = np.array([(1.25, -0.5, 1), *expected[1:]])
        run = package.perceptron(samples[:, :2], samples[:, 2], epochs=100)
        assert told_weights(shown) == run.iterates[-1].tolist()
        press(shown, "Remove the chosen sample")
        assert labels_of(shown) == expected[1:]
        assert shown.complaints == []


def test_by_keyboard_alone(show):
    with show(demos.Perceptron(steps=0)) as shown:
        key = shown.page.keyboard.press
        shown.tab_into()  # to the samples, of which one is a stop
        key("ArrowRight")
        key("PageUp")
        key("Delete")
        assert labels_of(shown) == [(0.75, -2, -1), *SIX[1:5]]
        samples = np.array(labels_of(shown))
        run = package.perceptron(samples[:, :2], samples[:, 2], epochs=100)
        for _ in range(3):
            key("Tab")  # to the start, back, step
        for _ in range(len(run.iterates) + 3):
            key("Enter")  # more often than there are steps: the focus stays
        assert told_weights(shown) == run.iterates[-1].tolist()
        key("Shift+Tab")
        key("Space")
        assert told_weights(shown) == run.iterates[-2].tolist()


def test_by_touch(show):
    options = {"has_touch": True, "width": 400}
    with show(demos.Perceptron(steps=0), **options) as shown:
        shown.page.touchscreen.tap(*plane_place(shown, -2.5, 2.0))
        assert labels_of(shown)[-1] == (-2.5, 2.0, 1)
        shown.figure.get_by_role("button", name="Step", exact=True).tap()
        assert told_weights(shown) == [-0.5, 2]
        sample = centre(shown.figure.get_by_label("sample 1, "))
        shown.drag(sample, plane_place(shown, 1.25, -0.5), finger=True)
        assert labels_of(shown)[0] == (1.25, -0.5, -1)


def test_another_start_and_what_is_wrong_with_it(chromium):
    with Shown(chromium, demos.Perceptron(steps=0)) as shown:
        field = shown.page.get_by_label("start w₁")
        field.fill("eleven")
        field.press("Enter")
        assert shown.page.get_by_text("Type a number, such as").is_visible()
        field.fill("-2.5")
        field.press("Enter")
        press(shown, "To the end")
        start = np.array([-2.5, 0.0])
        assert told_weights(shown) == six(w0=start)[2].iterates[-1].tolist()
        assert not shown.page.get_by_label("start b").is_visible()


def drawn(path):
    pairs = re.findall(r"([-\d.]+),([-\d.]+)", path.get_attribute("d"))
    return np.array(pairs, float).T


def test_the_bound_is_drawn_where_the_root_meets_the_line(chromium):
    widget = demos.Perceptron(data="or", bias=True, panel="bound")
    with Shown(chromium, widget) as shown:
        side = shown.page.locator(".plane").nth(1)
        root, line = drawn(side.locator("path.ink")), drawn(side.locator("path.goal"))
        gap = np.interp(root[0], *line) - root[1]  # in pixels, downwards
        place = float(side.locator(".limit").get_attribute("x1"))
        beyond = root[0] > place + 5
        assert beyond.any()
        assert (gap[beyond] < 0).all()
        assert (gap[(root[0] > 60) & (root[0] < place - 5)] > 0).all()
        X, bits = datasets.gate("or")
        bound = (np.sqrt(3) / largest_margin(design_matrix(X), 2.0 * bits - 1)) ** 2
        assert f"bound: {bound:.4g} mistakes" in shown.page.inner_text(".legend")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it_with_all_shown(chromium, theme):
    widget = demos.Perceptron(
        data="overlap", bias=True, averaged=True, panel="bound", steps=300
    )
    with Shown(chromium, widget, theme=theme, width=320) as shown:
        shown.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        assert violations(shown.page) == []
        assert "no bound" in shown.page.inner_text(".numbers caption")
        assert shown.complaints == []


def test_a_link_restores_the_step(chromium):
    link = state_link("perceptron", data="own", points=SIX, order="reversed", steps=3)
    with Shown(chromium, demos.Perceptron(), fragment=link) as shown:
        run = six(order=iter([5, 4, 3, 2, 1, 0] * 100))[2]
        assert told_weights(shown) == run.iterates[3].tolist()
    link = state_link("perceptron", points=[[0, 0, 2]], data="own", steps=1)
    with Shown(chromium, demos.Perceptron(), fragment=link) as shown:
        assert len(labels_of(shown)) == 2  # the points of an own set at the start


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("points", []), ("points", [(0, 0, 0)]), ("points", [(9, 0, 1)])),
        *(("steps", -1), ("seed", 0.5), ("start", (0.0, 1.0)), ("speed", np.inf)),
        *(("data", "iris"), ("order", "random"), ("panel", None), ("adds", 1)),
    ],
)
def test_python_refuses_what_cannot_be_drawn(name, value):
    with pytest.raises(TraitError, match=name):
        demos.Perceptron(**{name: value})
