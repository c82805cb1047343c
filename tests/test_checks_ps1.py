"""The tests of Problem Set 1 against answers that learners really give.

Each wrong answer has to be refused with a message that names the mistake; each right
one, in whatever style, has to pass.
"""

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from nnbook_utils.checks import _compare, ps1

SOLUTIONS = ROOT / "solutions" / "ps1" / "ps1.ipynb"
DATA = [None, ps1.other_data(seed=7, n=11, d=3), ps1.other_data(seed=8, n=6, d=5)]


@pytest.fixture(scope="module")
def solved():
    """Return the names that the solution notebook defines."""
    names = {}
    for cell in nbformat.read(SOLUTIONS, as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    return names


def margins(w, X, y):
    return y * (X @ w)


# Problem 6 ---------------------------------------------------------------------------


def vectorised(w, X, y):
    return X.T @ (-np.maximum(0, 1 - margins(w, X, y)) * y) / len(y)


def with_loops(w, X, y):
    total = [0.0] * len(w)
    for x, label in zip(X, y, strict=True):
        score = sum(a * b for a, b in zip(w, x, strict=True))
        if label * score < 1:
            for j in range(len(w)):
                total[j] += (score - label) * x[j]
    return [value / len(X) for value in total]


def with_mask(w, X, y):
    inside = margins(w, X, y) < 1
    return ((X @ w - y)[inside] @ X[inside]) / len(y)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("answer", [vectorised, with_loops, with_mask])
def test_right_gradients_pass(answer, data):
    ps1.gradient(answer, data)


WRONG_GRADIENTS = {
    "not divided by n": lambda w, X, y: len(y) * vectorised(w, X, y),
    "the sign": lambda w, X, y: -vectorised(w, X, y),
    "divided by 2n": lambda w, X, y: vectorised(w, X, y) / 2,
    "the 1/2 of the cost is forgotten": lambda w, X, y: 2 * vectorised(w, X, y),
    "all samples count": lambda w, X, y: X.T @ (X @ w - y) / len(y),
    "with margin below 1 only": lambda w, X, y: (
        X.T
        @ (np.where(margins(w, X, y) < 1, X @ w - y, 0))
        / max(1, (margins(w, X, y) < 1).sum())
    ),
    "the plain hinge": lambda w, X, y: (
        X.T @ np.where(margins(w, X, y) < 1, -y, 0) / len(y)
    ),
    "the label is forgotten": lambda w, X, y: (
        X.T @ -np.maximum(0, 1 - margins(w, X, y)) / len(y)
    ),
    "instead of the others": lambda w, X, y: (
        X.T @ np.where(margins(w, X, y) < 1, 0, X @ w - y) / len(y)
    ),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("words", WRONG_GRADIENTS)
def test_wrong_gradients_are_named(words, data):
    with pytest.raises(AssertionError, match=words):
        ps1.gradient(WRONG_GRADIENTS[words], data)


# Runs --------------------------------------------------------------------------------


def descent(X, y, w0, eta, steps, *, gradient=vectorised, pick=None):
    w = np.array(w0, dtype=float)
    rows = [w]
    for t in range(steps):
        Xt, yt = (
            (X, y) if pick is None else (X[[pick(t, len(y))]], y[[pick(t, len(y))]])
        )
        w = w - eta * gradient(w, Xt, yt)
        rows.append(w)
    return np.array(rows)


def in_turn(t, n):
    return t % n


WRONG_DESCENTS = {
    "the step goes up": lambda X, y, w0, eta, steps: descent(X, y, w0, -eta, steps),
    "not divided by n": lambda X, y, w0, eta, steps: descent(
        X, y, w0, eta * len(y), steps
    ),
    "is the start among the iterates": lambda X, y, w0, eta, steps: descent(
        X, y, w0, eta, steps
    )[1:],
    "which should be the start": lambda X, y, w0, eta, steps: descent(
        X, y, 0 * w0, eta, steps
    ),
    "your array of iterates .* has shape": lambda X, y, w0, eta, steps: descent(
        X, y, w0, eta, steps
    )[-1],
    "is its `return` missing": lambda X, y, w0, eta, steps: None,
    "your last iterate": lambda X, y, w0, eta, steps: descent(X, y, w0, eta / 3, steps),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("words", WRONG_DESCENTS)
def test_wrong_descents_are_named(words, data):
    with pytest.raises(AssertionError, match=words):
        ps1.gd_run(WRONG_DESCENTS[words], data)


def test_a_list_of_lists_is_as_good_as_an_array():
    ps1.gd_run(lambda *given: descent(*given).tolist())
    ps1.sgd_run(lambda *given: list(descent(*given, pick=in_turn)))


def test_a_wrong_iterate_on_the_way_is_seen():
    def patched(X, y, w0, eta, steps):
        rows = descent(X, y, w0, eta, steps)
        rows[2] += 0.5
        return rows

    with pytest.raises(AssertionError, match="one of your iterates"):
        ps1.gd_run(patched)


WRONG_TURNS = {
    "uses all samples": lambda *given: descent(*given),
    "gradient is divided by n": lambda X, y, w0, eta, steps: descent(
        X, y, w0, eta / len(y), steps, pick=in_turn
    ),
    "takes the second sample": lambda *given: descent(
        *given, pick=lambda t, n: (t + 1) % n
    ),
    "in the reverse order": lambda *given: descent(
        *given, pick=lambda t, n: n - 1 - t % n
    ),
    "your last iterate": lambda *given: descent(
        *given, pick=lambda t, n: np.random.default_rng(t).integers(n)
    ),
    "raised IndexError": lambda *given: descent(*given, pick=lambda t, n: t),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("words", WRONG_TURNS)
def test_wrong_turns_are_named(words, data):
    with pytest.raises(AssertionError, match=words):
        ps1.sgd_run(WRONG_TURNS[words], data)


# Steps -------------------------------------------------------------------------------


def heavy_ball(w, v, gradient, eta, alpha):
    v = alpha * v - eta * gradient
    return w + v, v


WRONG_MOMENTA = {
    "added instead of subtracted": lambda w, v, g, eta, alpha: heavy_ball(
        w, v, -g, eta, alpha
    ),
    "the velocity is averaged": lambda w, v, g, eta, alpha: heavy_ball(
        w, v, g, (1 - alpha) * eta, alpha
    ),
    "eta is left out": lambda w, v, g, eta, alpha: heavy_ball(w, v, g, 1, alpha),
    "the old velocity is left out": lambda w, v, g, eta, alpha: heavy_ball(
        w, v, g, eta, 0
    ),
    "have changed places": lambda w, v, g, eta, alpha: heavy_ball(w, v, g, alpha, eta),
    "kept whole": lambda w, v, g, eta, alpha: heavy_ball(w, v, g, eta, 1),
    "move by the old velocity": lambda w, v, g, eta, alpha: (
        w + v,
        heavy_ball(w, v, g, eta, alpha)[1],
    ),
    "the velocity is subtracted": lambda w, v, g, eta, alpha: (
        w - heavy_ball(w, v, g, eta, alpha)[1],
        heavy_ball(w, v, g, eta, alpha)[1],
    ),
    "have not moved": lambda w, v, g, eta, alpha: (
        w,
        heavy_ball(w, v, g, eta, alpha)[1],
    ),
    "expected two arrays": lambda w, v, g, eta, alpha: w + alpha * v - eta * g,
}


@pytest.mark.parametrize("words", WRONG_MOMENTA)
def test_wrong_momentum_steps_are_named(words):
    for seed, d in ((8, 4), (81, 6)):
        with pytest.raises(AssertionError, match=words):
            ps1.momentum_step(WRONG_MOMENTA[words], seed=seed, d=d)


def test_a_velocity_in_another_place_of_the_pair_is_seen():
    with pytest.raises(AssertionError, match="your new weights"):
        ps1.momentum_step(lambda *given: heavy_ball(*given)[::-1])


def momentum(X, y, w0, eta, alpha, steps, *, ahead=False, forget=False):
    w, v, rows = w0, np.zeros_like(w0), [w0]
    for _ in range(steps):
        at = w + alpha * v if ahead else w
        w, v = heavy_ball(w, v, vectorised(at, X, y), eta, alpha)
        v = 0 * v if forget else v
        rows.append(w)
    return np.array(rows)


WRONG_MOMENTUM_RUNS = {
    "starts again from zero": lambda *given: momentum(*given, forget=True),
    "with the factor 1 - alpha": lambda X, y, w0, eta, alpha, steps: momentum(
        X, y, w0, (1 - alpha) * eta, alpha, steps
    ),
    "your last iterate": lambda X, y, w0, eta, alpha, steps: momentum(
        X, y, w0, eta, 1 - alpha, steps
    ),
}


@pytest.mark.parametrize("data", DATA)
def test_momentum_runs(data):
    ps1.momentum_run(momentum, data)
    for words, wrong in WRONG_MOMENTUM_RUNS.items():
        with pytest.raises(AssertionError, match=words):
            ps1.momentum_run(wrong, data)


def nesterov_in_the_package_s_form(X, y, w0, eta, alpha, steps):
    w, v, rows = w0, np.zeros_like(w0), [w0]
    for _ in range(steps):
        g = vectorised(w, X, y)
        v = alpha * v - eta * g
        w = w + alpha * v - eta * g
        rows.append(w)
    return np.array(rows)


def test_nesterov_is_not_taken_for_the_heavy_ball():
    with pytest.raises(AssertionError, match="look-ahead"):
        ps1.momentum_run(nesterov_in_the_package_s_form)


def adaptive(w, s, gradient, eta, delta):
    s = s + gradient**2
    return w - eta * gradient / (delta + np.sqrt(s)), s


WRONG_ADAGRADS = {
    "divided by the old sum": lambda w, s, g, eta, delta: (
        w - eta * g / (delta + np.sqrt(s)),
        s + g**2,
    ),
    "delta stands inside the root": lambda w, s, g, eta, delta: (
        w - eta * g / np.sqrt(delta + s + g**2),
        s + g**2,
    ),
    "the root is forgotten": lambda w, s, g, eta, delta: (
        w - eta * g / (delta + s + g**2),
        s + g**2,
    ),
    "the step goes up": lambda w, s, g, eta, delta: (
        w + eta * g / (delta + np.sqrt(s + g**2)),
        s + g**2,
    ),
    "delta is left out": lambda w, s, g, eta, delta: (
        w - eta * g / np.sqrt(s + g**2),
        s + g**2,
    ),
    "not in the sum yet": lambda w, s, g, eta, delta: (
        adaptive(w, s, g, eta, delta)[0],
        s,
    ),
    "not its square": lambda w, s, g, eta, delta: (
        adaptive(w, s, g, eta, delta)[0],
        s + g,
    ),
    "added up over all weights": lambda w, s, g, eta, delta: (
        w - eta * g / (delta + np.sqrt(s + g @ g)),
        s + g @ g,
    ),
    "as in RMSProp": lambda w, s, g, eta, delta: (
        adaptive(w, s, g, eta, delta)[0],
        0.5 * s + 0.5 * g**2,
    ),
    "the old sum is thrown away": lambda w, s, g, eta, delta: adaptive(
        w, 0 * s, g, eta, delta
    ),
    "not divided by anything": lambda w, s, g, eta, delta: (w - eta * g, s + g**2),
}


@pytest.mark.parametrize("words", WRONG_ADAGRADS)
def test_wrong_adagrad_steps_are_named(words):
    for seed, d in ((9, 4), (91, 6)):
        with pytest.raises(AssertionError, match=words):
            ps1.adagrad_step(WRONG_ADAGRADS[words], seed=seed, d=d)


def adagrad(X, y, w0, eta, delta, steps, *, gradient=vectorised, full=False):
    w, s, rows = w0, np.zeros_like(w0), [w0]
    for t in range(steps):
        i = slice(None) if full else [t % len(y)]
        w, s = adaptive(w, s, gradient(w, X[i], y[i]), eta, delta)
        rows.append(w)
    return np.array(rows)


WRONG_ADAGRAD_RUNS = {
    "uses all samples": lambda *given: adagrad(*given, full=True),
    "are not divided by the root": lambda X, y, w0, eta, delta, steps: descent(
        X, y, w0, eta, steps, pick=in_turn
    ),
    "gradient is divided by n": lambda X, y, w0, eta, delta, steps: adagrad(
        X,
        y,
        w0,
        eta,
        delta,
        steps,
        gradient=lambda w, a, b: vectorised(w, a, b) / len(y),
    ),
}


@pytest.mark.parametrize("data", DATA)
def test_adagrad_runs(data):
    ps1.adagrad_run(adagrad, data)
    for words, wrong in WRONG_ADAGRAD_RUNS.items():
        with pytest.raises(AssertionError, match=words):
            ps1.adagrad_run(wrong, data)


# Problem 10 --------------------------------------------------------------------------


def one_pass(X, y, w0, *, wrong=lambda margin: margin <= 0, size=1.0):
    rows = [w0]
    for x, label in zip(X, y, strict=True):
        moves = wrong(label * (rows[-1] @ x))
        rows.append(rows[-1] + size * label * x if moves else rows[-1])
    return np.array(rows)


def by_prediction(X, y, w0):
    rows = [w0.copy()]
    for i in range(len(y)):
        w = rows[-1].copy()
        if np.sign(w @ X[i]) != y[i]:
            w += y[i] * X[i]
        rows.append(w)
    return rows


WRONG_PASSES = {
    "the tie": lambda *given: one_pass(*given, wrong=lambda m: m < 0),
    "twice as long": lambda *given: one_pass(*given, size=2.0),
    "also one that is right": lambda *given: one_pass(*given, wrong=lambda m: True),
    "the update is subtracted": lambda *given: one_pass(*given, size=-1.0),
    "your last iterate": lambda *given: one_pass(*given, size=0.5),
    "your array of iterates .* has shape": lambda *given: one_pass(*given)[-1],
}


@pytest.mark.parametrize("data", DATA)
def test_perceptron_passes(data):
    ps1.perceptron_pass(one_pass, data)
    ps1.perceptron_pass(by_prediction, data)
    for words, wrong in WRONG_PASSES.items():
        with pytest.raises(AssertionError, match=words):
            ps1.perceptron_pass(wrong, data)


# The numbers asked for ---------------------------------------------------------------

PUBLISHED = {
    6: (-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751),
    7: (-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070),
    8: (-0.5983515579, 1.8285453093, -1.5573624476, -0.5019762331),
    9: (-0.4777025824, 0.8490998936, -0.7215360745, -0.3801952299),
    10: (-0.35, 0.75, -0.85, -0.75),
}


@pytest.mark.parametrize("problem", PUBLISHED)
def test_published_answers(problem, solved):
    np.testing.assert_allclose(
        solved[f"w_{problem}"], PUBLISHED[problem], rtol=0, atol=1e-9
    )
    ps1.answer(problem, PUBLISHED[problem])
    ps1.answer(problem, np.round(PUBLISHED[problem], 3))
    with pytest.raises(AssertionError, match="expected"):
        ps1.answer(problem, np.array(PUBLISHED[problem]) + 0.002)
    with pytest.raises(NotImplementedError, match="not yet answered"):
        ps1.answer(problem, None)


def test_one_step_off_is_named():
    X, y, _ = ps1.eight_samples()
    for steps, words in ((24, "one step is missing"), (26, "one step is too many")):
        with pytest.raises(AssertionError, match=words):
            ps1.answer(6, descent(X, y, np.zeros(4), 0.5, steps)[-1])


# Every test, whatever the mistake ----------------------------------------------------

TESTS = {
    "squared_hinge_gradient": ps1.gradient,
    "gradient_descent": ps1.gd_run,
    "sgd": ps1.sgd_run,
    "momentum_step": ps1.momentum_step,
    "momentum": ps1.momentum_run,
    "adagrad_step": ps1.adagrad_step,
    "adagrad": ps1.adagrad_run,
    "perceptron_pass": ps1.perceptron_pass,
}


@pytest.mark.parametrize("name", TESTS)
def test_the_solution_notebook_passes_and_others_get_a_sentence(name, solved):
    test = TESTS[name]
    test(solved[name])

    def unanswered(*given):
        raise NotImplementedError("not yet answered")

    def broken(*given):
        return given[0] @ np.zeros(99)

    def in_place(*given):
        for value in given:
            if isinstance(value, np.ndarray):
                value += 1.0
        return solved[name](*given)

    with pytest.raises(NotImplementedError, match="not yet answered"):
        test(unanswered)
    with pytest.raises(AssertionError, match="raised ValueError"):
        test(broken)
    with pytest.raises(AssertionError, match="which belongs to its caller"):
        test(in_place)
    with pytest.raises(AssertionError, match="did you use its name"):
        test(np.zeros(3))
    with pytest.raises(AssertionError, match="expected"):
        test(lambda *given: "no numbers")


# The comparison itself ---------------------------------------------------------------


def test_messages_say_what_came_and_what_was_expected():
    with pytest.raises(
        AssertionError, match=r"your w is \[1\., 2\.\], expected \[1\., 3"
    ):
        _compare.expect([1.0, 2.0], [1.0, 3.0], "your w")
    with pytest.raises(AssertionError, match=r"ravel\(\)"):
        _compare.expect([[1.0], [3.0]], [1.0, 3.0], "your w")
    with pytest.raises(AssertionError, match="your w is 'x', expected a number"):
        _compare.expect("x", 3.0, "your w")
    with pytest.raises(
        AssertionError, match=r"w is \[\[1\., 2\.\]\], expected \[\[1\., 3"
    ):
        _compare.expect([[1.0, 2.0]], [[1.0, 3.0]], "your w")
    many = np.arange(20.0).reshape(5, 4)
    for row, words in ((4, "last row"), (2, "row 2")):
        wrong = many.copy()
        wrong[row, 1] += 7
        with pytest.raises(AssertionError, match=rf"{words} \[.*expected .*{words} \["):
            _compare.expect(wrong, many, "your w")


def test_a_near_miss_is_called_that():
    with pytest.raises(AssertionError, match=r"off by 1e-07: .* float32"):
        _compare.expect([1.0000001], [1.0], "your w")


def test_a_result_of_another_shape_has_its_mistake_named():
    def twice(x):
        return [x, x]

    for shapes, words in (({(2,): "twice is too much"}, ": twice is"), ({}, r"\(\)$")):
        with pytest.raises(AssertionError, match=rf"your w with x = 3 has .*{words}"):
            _compare.expect_result(twice, {"x": 3}, 6.0, "your w", shapes=shapes)
    with pytest.raises(AssertionError, match="expected a number"):
        _compare.expect_result(lambda x: [[x], [x, x]], {"x": 3}, 6.0, "your w")
    _compare.expect_result(lambda x: 2 * x, {"x": 3}, 6.0, "your w")
    with pytest.raises(AssertionError, match="nan"):
        _compare.expect([np.nan], [1.0], "your w")


def test_the_tolerance_is_relative_to_the_largest_entry():
    _compare.expect([1e6 + 1e-4, 0.0], [1e6, 0.0], "w")
    with pytest.raises(AssertionError):
        _compare.expect([1e6 + 1e-2, 0.0], [1e6, 0.0], "w")
    with pytest.raises(AssertionError):
        _compare.expect([1e-3 + 1e-8], [1e-3], "w")
