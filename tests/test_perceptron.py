"""The perceptron: against a worked problem, scikit-learn and Novikoff's theorem."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.linear_model import Perceptron, SGDClassifier

from nnbook_utils import datasets
from nnbook_utils.perceptron import (
    averaged_perceptron,
    margin,
    mistake_bound,
    perceptron,
    perceptron_step,
)
from nnbook_utils.regression import design_matrix


def xor():
    X, y = datasets.gate("xor")
    return design_matrix(X), 2 * y - 1


@st.composite
def samples(draw):
    """Draw whole numbers, on which every score is exact, and any labels."""
    n, d = draw(st.tuples(st.integers(1, 8), st.integers(1, 4)))
    whole = st.integers(-4, 4).map(float)
    X = draw(hnp.arrays(np.float64, (n, d), elements=whole))
    y = draw(hnp.arrays(np.float64, n, elements=st.sampled_from([-1.0, 1.0])))
    return X, y


@st.composite
def separable(draw):
    """Label samples by whole weights that leave none of them on the line."""
    X, _ = draw(samples())
    w_star = draw(
        hnp.arrays(np.float64, X.shape[1], elements=st.integers(-4, 4).map(float))
    )
    assume((X @ w_star != 0).all())
    return X, np.sign(X @ w_star), w_star


# One step


@pytest.mark.parametrize(
    ("w", "x", "y", "after", "mistake"),
    [
        ([1, 2], [3, 1], 1, [1, 2], False),
        ([1, 2], [3, 1], -1, [-2, 1], True),
        ([1, 2], [-3, 1], 1, [-2, 3], True),
        ([1, 2], [2, -1], 1, [3, 1], True),
        ([1, 2], [2, -1], -1, [-1, 3], True),
    ],
)
def test_a_step_adds_y_x_on_a_mistake_and_on_a_tie(w, x, y, after, mistake):
    w_after, wrong = perceptron_step(w, x, y)
    assert w_after.tolist() == after
    assert wrong is mistake


def test_a_step_returns_a_new_array():
    w, x = np.array([1.0, 2.0]), np.array([3.0, 1.0])
    for y in (-1, 1):
        after, _ = perceptron_step(w, x, y)
        after[:] = 7
    assert (w.tolist(), x.tolist()) == ([1, 2], [3, 1])


# A run


def test_problem_10():
    X, y = datasets.eight_samples()
    run = perceptron(X, y)
    assert run.iterates.shape == (9, 4)
    np.testing.assert_allclose(run.iterates[-1], [-0.35, 0.75, -0.85, -0.75])
    assert run.mistakes.tolist() == [2]


@given(samples(), st.integers(1, 5))
def test_the_weights_are_scikit_learns(problem, epochs):
    X, y = problem
    assume(len(set(y)) == 2)
    theirs = Perceptron(
        max_iter=epochs, tol=None, shuffle=False, fit_intercept=False
    ).fit(X, y)
    run = perceptron(X, y, epochs=epochs)
    np.testing.assert_array_equal(run.iterates[-1], theirs.coef_[0])


@given(samples(), st.integers(1, 5))
def test_the_mistakes_are_those_of_the_iterates(problem, epochs):
    X, y = problem
    run = perceptron(X, y, epochs=epochs)
    before, after = run.iterates[:-1], run.iterates[1:]
    rows = np.arange(len(before)) % len(X)
    wrong = y[rows] * np.sum(before * X[rows], axis=1) <= 0
    np.testing.assert_array_equal(
        after - before, wrong[:, np.newaxis] * y[rows, np.newaxis] * X[rows]
    )
    np.testing.assert_array_equal(run.mistakes, wrong.reshape(-1, len(X)).sum(axis=1))


@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(problem, random):
    X, y = problem
    columns = random.sample(range(X.shape[1]), X.shape[1])
    run, moved = perceptron(X, y, epochs=3), perceptron(X[:, columns], y, epochs=3)
    np.testing.assert_array_equal(moved.iterates, run.iterates[:, columns])
    np.testing.assert_array_equal(moved.mistakes, run.mistakes)
    mean = averaged_perceptron(X, y, epochs=3)
    np.testing.assert_allclose(
        averaged_perceptron(X[:, columns], y, epochs=3), mean[columns], rtol=1e-12
    )


@given(separable())
def test_separable_samples_are_learned_within_novikoffs_bound(problem):
    X, y, w_star = problem
    bound = mistake_bound(X, y, w_star)
    # Until it converges, every epoch makes a mistake: so many epochs are enough.
    run = perceptron(X, y, epochs=int(bound) + 1)
    assert run.converged
    assert (y * (X @ run.iterates[-1]) > 0).all()
    assert 1 <= run.mistakes.sum() <= bound * (1 + 1e-12)


@given(separable(), st.integers(0, 2**32))
def test_the_bound_holds_in_any_order(problem, seed):
    X, y, w_star = problem
    rng = np.random.default_rng(seed)
    order = (rng.integers(len(X), size=3) for _ in itertools.count())
    run = perceptron(X, y, epochs=20, order=order)
    assert run.mistakes.sum() <= mistake_bound(X, y, w_star) * (1 + 1e-12)


def test_the_run_ends_with_the_epoch_that_separates():
    X, y = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, -1.0])
    # By hand: (2, 1), (1, -1), and from there on no sample is a mistake.
    run = perceptron(X, y, epochs=10)
    assert run.iterates.tolist() == [[0, 0], [2, 1], [1, -1]]
    assert run.mistakes.tolist() == [2]
    assert run.converged is True


@given(w0=hnp.arrays(np.float64, 3, elements=st.integers(-9, 9).map(float)))
def test_xor_is_never_learned(w0):
    X, y = xor()
    run = perceptron(X, y, epochs=30, w0=w0)
    assert run.converged is False
    assert run.iterates.shape == (121, 3)
    assert run.mistakes.shape == (30,)
    assert run.mistakes.min() >= 1


@pytest.mark.parametrize("name", ["and", "or", "nand", "nor"])
def test_the_other_gates_are_learned(name):
    X, y = datasets.gate(name)
    assert perceptron(design_matrix(X), 2 * y - 1, epochs=20).converged


def test_a_sample_on_the_line_is_not_yet_learned():
    # One step from (0, -1) by the sample (1, 1) ends at (1, 0), where the other is.
    run = perceptron([[0, 1], [1, 1]], [1, 1], w0=[0, -1], order=[1, 1])
    assert run.iterates[-1].tolist() == [1, 0]
    assert run.converged is False


def test_start_and_order_are_the_callers():
    X, y = np.eye(3), [1, -1, 1]
    w0 = np.array([-5.0, 5.0, -5.0])
    run = perceptron(X, y, w0=w0, order=[2, 0, 1])
    assert run.iterates.tolist() == [[-5, 5, -5], [-5, 5, -4], [-4, 5, -4], [-4, 4, -4]]
    assert w0.tolist() == [-5, 5, -5]


def test_an_order_may_come_in_batches_across_epochs():
    X, y = xor()
    expected = perceptron(X, y, epochs=3)
    batches = np.split(np.tile(np.arange(4), 3), [5, 6])
    run = perceptron(X, y, epochs=3, order=batches)
    np.testing.assert_array_equal(run.iterates, expected.iterates)


# The average


@given(samples(), st.integers(1, 5))
def test_the_average_counts_every_step_but_not_the_start(problem, epochs):
    X, y = problem
    w = w0 = np.full(X.shape[1], 3.0)
    total, steps = np.zeros_like(w), 0
    for _ in range(epochs):
        for row in range(len(X)):
            if y[row] * np.dot(w, X[row]) <= 0:
                w = w + y[row] * X[row]
            total, steps = total + w, steps + 1
        if (y * (X @ w) > 0).all():
            break
    average = averaged_perceptron(X, y, epochs=epochs, w0=w0)
    np.testing.assert_allclose(average, total / steps, rtol=1e-12)


def test_the_average_is_scikit_learns():
    X, y = xor()
    theirs = SGDClassifier(
        loss="perceptron",
        penalty=None,
        learning_rate="constant",
        eta0=1,
        average=True,
        shuffle=False,
        fit_intercept=False,
        max_iter=7,
        tol=None,
    ).fit(X, y)
    average = averaged_perceptron(X, y, epochs=7)
    np.testing.assert_allclose(average, theirs.coef_[0], atol=1e-12)


def test_one_epoch_unless_more_are_asked_for():
    X, y = xor()
    assert perceptron(X, y).mistakes.shape == (1,)
    np.testing.assert_array_equal(
        averaged_perceptron(X, y), perceptron(X, y).iterates[1:].mean(axis=0)
    )


def test_the_average_follows_the_order():
    X, y = np.eye(2), [1, 1]
    assert averaged_perceptron(X, y, order=[1, 0]).tolist() == [0.5, 1]


# Margin and bound


def test_the_margin_is_the_distance_of_the_nearest_sample():
    X, y = [[3, 4], [-5, -10]], [1, -1]
    # On the line 3 a + 4 b = 0: at distances 25/5 and 55/5.
    assert margin(X, y, [3, 4]) == 5
    assert margin(X, y, [30, 40]) == pytest.approx(5)
    assert margin(X, y, [-3, -4]) == -11
    assert mistake_bound(X, y, [3, 4]) == pytest.approx(125 / 25)


def test_the_bound_can_be_reached():
    # One sample: R = gamma, and the one mistake is made at the start.
    X, y = [[3, 4]], [1]
    assert mistake_bound(X, y, [3, 4]) == pytest.approx(1)
    assert perceptron(X, y, epochs=5).mistakes.sum() == 1


# What holds for all


def test_layout_and_lists_do_not_matter_and_nothing_is_changed():
    X, y = datasets.iris_pair(("versicolor", "virginica"))
    kept = X.copy(), y.copy()
    expected = perceptron(X, y, epochs=2).iterates
    strided = np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2]
    for same in (np.asfortranarray(X), strided, X.tolist()):
        run = perceptron(same, y.astype(int).tolist(), epochs=2)
        np.testing.assert_allclose(run.iterates, expected, rtol=1e-10)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])


def test_float32_stays_float32():
    X, y = datasets.eight_samples()
    X = X.astype(np.float32)
    assert perceptron(X, y).iterates.dtype == np.float32
    assert averaged_perceptron(X, y).dtype == np.float32
    assert perceptron_step(X[0], X[1], 1)[0].dtype == np.float32


# What is refused


@pytest.mark.parametrize(
    "call",
    [
        perceptron,
        averaged_perceptron,
        lambda X, y: margin(X, y, [1, 1]),
        lambda X, y: mistake_bound(X, y, [1, 1]),
    ],
)
@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        ([1, 2], [1, 1], ValueError, r"X has shape \(2,\), expected \(n, d\)"),
        (np.empty((0, 2)), [], ValueError, "not empty"),
        ([[1, 2], [3, np.nan]], [1, 1], ValueError, r"X\[1, 1\] is nan"),
        ([["a", "b"]], [1], TypeError, "expected real numbers"),
        ([[1, 2]], [0], ValueError, "y holds the label 0, expected -1 or 1"),
        ([[1, 2]], [1, 1], ValueError, r"y has shape \(2,\), expected \(1,\)"),
    ],
)
def test_bad_samples_are_refused(call, X, y, error, message):
    with pytest.raises(error, match=message):
        call(X, y)


@pytest.mark.parametrize("learn", [perceptron, averaged_perceptron])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs is 0, expected at least 1"),
        ({"epochs": 1.5}, TypeError, "epochs is 1.5, expected a whole number"),
        (
            {"w0": [1, 2]},
            ValueError,
            r"w0 has shape \(2,\), expected \(3,\): one weight for each column",
        ),
        ({"w0": [1, 2, np.inf]}, ValueError, r"w0\[2\] is inf"),
        ({"order": [4, 0]}, ValueError, "a row in order is 4, expected .* at most 3"),
        ({"order": [-1, 0]}, ValueError, "a row in order is -1"),
        ({"order": [0.0]}, TypeError, "a row in order is .*0.0.*, expected a whole"),
        (
            {"order": [0, 1, 2, 3, 0], "epochs": 2},
            ValueError,
            "order ended after 5 steps, expected 4 for each of 2 epochs",
        ),
        ({"order": []}, ValueError, "order ended after 0 steps, expected 4"),
    ],
)
def test_bad_options_are_refused(learn, options, error, message):
    with pytest.raises(error, match=message):
        learn(*xor(), **options)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: perceptron_step([1, 2, 3], [1, 2], 1),
            ValueError,
            r"x has shape \(2,\), expected \(3,\): one entry for each weight",
        ),
        (lambda: perceptron_step([[1]], [1], 1), ValueError, "w has shape"),
        (lambda: perceptron_step([1], [np.nan], 1), ValueError, r"x\[0\] is nan"),
        (lambda: perceptron_step([1], [1], 0), ValueError, "the label 0"),
        (lambda: perceptron_step([1], [1], "1"), TypeError, "expected real numbers"),
        (
            lambda: margin([[1, 2]], [1], [1]),
            ValueError,
            r"w has shape \(1,\), expected \(2,\)",
        ),
        (lambda: margin([[1]], [1], [0]), ValueError, "w is zero"),
        (
            lambda: mistake_bound([[1], [2]], [1, -1], [1]),
            ValueError,
            "w_star has the margin -2, expected a positive one",
        ),
        (
            lambda: mistake_bound([[1, 0]], [1], [0, 1]),
            ValueError,
            "w_star has the margin 0, expected a positive one",
        ),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
