"""The tests of Problem Set 1: five questions, and five ways to train a classifier.

Every test takes the learner's function and, if need be, other data than the eight
samples; the hidden tests of the assignment call the same functions on such data.
The right answers come from `nnbook_utils`, the wrong ones, and so the wrong options of
the questions, from the mistakes that are named beside them.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from nnbook_utils import costs, datasets, optimizers
from nnbook_utils import perceptron as perceptrons
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    call,
    expect,
    expect_letter,
    expect_pair,
    expect_run,
)

__all__ = [
    "IMPORTS",
    "Data",
    "Option",
    "adagrad_run",
    "adagrad_step",
    "answer",
    "eight_samples",
    "exact_step",
    "gd_run",
    "gradient",
    "minimiser",
    "momentum_run",
    "momentum_step",
    "options",
    "other_data",
    "perceptron_pass",
    "question",
    "sgd_run",
]


# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.datasets")


class Data(NamedTuple):
    """Samples, labels, and what messages call them.

    Source: Problem Set 1.
    """

    X: Array  # (n, d)
    y: Array  # (n,), each -1 or 1
    setting: str


def eight_samples() -> Data:
    """Return the data of Problem Set 1.

    Returns
    -------
    Data
        X is (8, 4), y is (8,) and holds -1 and 1.

    Source: Problem Set 1.
    """
    return Data(*datasets.eight_samples(), "on the eight samples")


def other_data(seed: int, n: int, d: int) -> Data:
    """Return other samples to try an answer on.

    Parameters
    ----------
    seed : int
        Which data.
    n, d : int
        How many samples and features.

    Returns
    -------
    Data
        X is (n, d), y is (n,) and holds -1 and 1.

    Source: made up for the hidden tests.
    """
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, size=(n, d))
    y = np.where(X @ rng.normal(size=d) + 0.2 * rng.normal(size=n) > 0, 1.0, -1.0)
    return Data(X, y, f"on {n} samples with {d} features")


class Option(NamedTuple):
    """One option of a question: what it is, and the mistake that gives it.

    Source: Problem Set 1.
    """

    letter: str
    value: Array
    mistake: str  # empty for the right one


# Problems 1 to 5 ---------------------------------------------------------------------

# Why each wrong option of the questions in words is wrong.
WHY = {
    1: {
        "A": "an entry is a slope along one axis, and slopes have either sign",
        "C": "a number for each point is what the function itself gives; its gradient "
        "needs a slope for each axis",
        "D": "the gradient points uphill, its opposite downhill, and neither says "
        "anything about the sign of an entry",
    },
    2: {
        "A": "that statement is true: a batch of one is what SGD looks at",
        "B": "that statement is true: n different samples out of n are all of them",
        "D": "that statement is true: the mean of more samples varies less",
    },
    3: {
        "A": "that statement is true: each layer needs what the one before it gives",
        "B": "that statement is true: the gradient of the cost is what comes out",
        "C": "that statement is true: the gradient passes a layer by the chain rule",
    },
}
# The two points of problem 5, for a, b, c, d that make all options different.
POINTS = np.array([[0.0, 3.0], [6.0, -9.0]])


def question(number: int, came: Any, *, right: str | None = None) -> None:
    """Test the letter that a learner chose.

    Parameters
    ----------
    number : int
        Which problem, 1 to 5.
    came : str
        The learner's letter.
    right : str, optional
        The right one. If left out, only the form is tested.

    Raises
    ------
    AssertionError
        If it is no letter, or a wrong one; the message says why that one is wrong.

    Source: Problem Set 1, problems 1 to 5.
    """
    why = WHY.get(number) or {
        option.letter: f"this is what comes out when {option.mistake}"
        for option in options(number)
        if option.mistake
    }
    what = f"your answer to problem {number}"
    expect_letter(came, "ABCD", what, right=right, why=why)


@functools.cache
def options(problem: int) -> tuple[Option, ...]:
    """Return the options of a problem whose answer is computed.

    Parameters
    ----------
    problem : int
        4 to 10.

    Returns
    -------
    tuple of Option
        A to D. The values are () for problem 4, (2,) for 5, there with the two points
        `POINTS`, and (4,) for 6 to 10.

    Source: Problem Set 1; the mistakes are those that its learners make.
    """
    values = _OPTIONS[problem]()
    return tuple(
        Option(letter, np.asarray(value), "" if mistake == "right" else mistake)
        for letter, (mistake, value) in zip("ABCD", values.items(), strict=True)
    )


def _parameters() -> dict[str, float]:
    sizes = np.array([6, 5, 10, 3])
    weights = sizes[:-1] @ sizes[1:]
    return {
        "the biases are forgotten": weights,
        "right": weights + sizes[1:].sum(),
        "the inputs are given biases too": weights + sizes.sum(),
        "the sizes of all layers are multiplied, which counts the paths through the "
        "network": np.prod(sizes),
    }


def _minimisers() -> dict[str, Array]:
    weights = np.array([1.0, 2.0])
    return {
        "the factor 2 is taken inside the norm and so is squared": (
            np.average(POINTS, axis=0, weights=weights**2)
        ),
        "the factor 2 is forgotten": POINTS.mean(axis=0),
        "right": np.average(POINTS, axis=0, weights=weights),
        "the factor 2 is given to the other point": (
            np.average(POINTS, axis=0, weights=weights[::-1])
        ),
    }


def minimiser(function: Answer, seed: int = 5, m: int = 2, d: int = 2) -> None:
    """Test ``minimiser(points, weights)``.

    Parameters
    ----------
    function : callable, (m, d), (m,) -> (d,)
        The learner's minimiser of the weighted sum of squared distances.
    seed : int
        Which numbers to try it on.
    m, d : int
        How many points, of how many coordinates.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 5.
    """
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(m, d)).round(2)
    weights = rng.uniform(0.5, 3, size=m).round(2)
    total = weights @ points
    mistakes = {
        "the weights are forgotten: that is the plain mean": points.mean(axis=0),
        "the weighted sum is not divided by anything": total,
        "the weighted sum is divided by the number of points, not by the sum of the "
        "weights": total / m,
        "the plain sum is divided by the sum of the weights": (
            points.sum(axis=0) / weights.sum()
        ),
        "the weights are squared": np.average(points, axis=0, weights=weights**2),
        "the weights are in the reverse order": (
            np.average(points, axis=0, weights=weights[::-1])
        ),
        "the first point is taken, not a mean": points[0],
    }
    came = call(function, {"points": points, "weights": weights}, f"on {m} points")
    what = f"with points = {points.tolist()} and weights = {weights.tolist()}, your X"
    expect(came, np.average(points, axis=0, weights=weights), what, mistakes=mistakes)


# Problem 6 ---------------------------------------------------------------------------


def gradient(function: Answer, data: Data | None = None) -> None:
    """Test ``squared_hinge_gradient(w, X, y)`` at zero and at other weights.

    Parameters
    ----------
    function : callable, (d,), (n, d), (n,) -> (d,)
        The learner's gradient of the mean squared hinge.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 6.
    """
    X, y, setting = data or eight_samples()
    n, d = X.shape
    rng = np.random.default_rng(n * d)
    for w in (np.zeros(d), 3 * rng.normal(size=d)):
        right = costs.linear_gradient(costs.squared_hinge_gradient, X, y)(w)
        margins = y * (X @ w)
        inside = margins < 1
        mistakes = {
            "the sum over the samples is not divided by n": n * right,
            "the sign is turned round": -right,
            "the sum is divided by 2n: the 1/2 of the cost cancels the 2 of the "
            "derivative": right / 2,
            "the 1/2 of the cost is forgotten": 2 * right,
            "all samples count, also those with margin 1 or more": (
                X.T @ (-(1 - margins) * y) / n
            ),
            "the samples with margin 1 or more count instead of the others": (
                X.T @ (np.where(inside, 0, -(1 - margins)) * y) / n
            ),
            "the mean is taken over the samples with margin below 1 only": (
                n * right / max(1, inside.sum())
            ),
            "the plain hinge is used instead of the squared one": (
                X.T @ (np.where(inside, -1, 0) * y) / n
            ),
            "the label is forgotten: -(1 - margin) x instead of -(1 - margin) y x": (
                X.T @ np.where(inside, -(1 - margins), 0) / n
            ),
        }
        came = call(function, {"w": w, "X": X, "y": y}, setting)
        where = "at w = 0" if not w.any() else f"at w = {np.round(w, 3).tolist()}"
        expect(came, right, f"your gradient {setting} {where}", mistakes=mistakes)


def gd_run(function: Answer, gradient: Answer, data: Data | None = None) -> None:
    """Test ``gradient_descent(X, y, w0, eta, steps)``.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
    gradient : callable, (d,), (n, d), (n,) -> (d,)
        The learner's gradient. A run that is right with it is right, whatever it is.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 6.
    """
    X, y, setting = data or eight_samples()
    full = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    w0, eta, steps = _start(X), 0.3, 7
    right = optimizers.gradient_descent(full, w0, eta=eta, steps=steps)
    up = optimizers.gradient_descent(lambda w: -full(w), w0, eta=eta, steps=steps)
    total = optimizers.gradient_descent(
        lambda w: len(X) * full(w), w0, eta=eta, steps=steps
    )
    expect_run(
        function,
        {"X": X, "y": y, "w0": w0, "eta": eta, "steps": steps},
        right,
        setting,
        mistakes={
            "the step goes up, along the gradient instead of against it": up,
            "the gradient is not divided by n": total,
        },
        own=lambda: _put_together(
            gradient, lambda w, s, g: (w - eta * g, s), X, y, w0, steps, in_turn=False
        ),
    )


# Problem 7 ---------------------------------------------------------------------------


def sgd_run(function: Answer, gradient: Answer, data: Data | None = None) -> None:
    """Test ``sgd(X, y, w0, eta, steps)``, which takes the samples in turn.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
    gradient : callable, (d,), (n, d), (n,) -> (d,)
        The learner's gradient. A run that is right with it is right, whatever it is.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 7.
    """
    X, y, setting = data or eight_samples()
    n = len(X)
    one = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    w0, eta, steps = _start(X), 0.2, 2 * n + 3

    def run(scale: float = 1.0, shift: int = 0) -> Array:
        rows = (np.array([(t + shift) % n]) for t in range(steps))
        return optimizers.gradient_descent(
            lambda w, rows: scale * one(w, rows),
            w0,
            eta=eta,
            steps=steps,
            batches=rows,
        )

    expect_run(
        function,
        {"X": X, "y": y, "w0": w0, "eta": eta, "steps": steps},
        run(),
        setting,
        mistakes={
            "every step uses all samples: that is gradient descent": (
                optimizers.gradient_descent(one, w0, eta=eta, steps=steps)
            ),
            "a single sample's gradient is divided by n": run(scale=1 / n),
            "the first step takes the second sample": run(shift=1),
            "the samples are taken in the reverse order": (
                optimizers.gradient_descent(
                    one,
                    w0,
                    eta=eta,
                    steps=steps,
                    batches=(np.array([-1 - t % n]) for t in range(steps)),
                )
            ),
        },
        own=lambda: _put_together(
            gradient, lambda w, s, g: (w - eta * g, s), X, y, w0, steps, in_turn=True
        ),
    )


# Problem 8 ---------------------------------------------------------------------------


def momentum_step(function: Answer, seed: int = 8, d: int = 4) -> None:
    """Test ``momentum_step(w, v, gradient, eta, alpha)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; it returns the new weights and the new velocity.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 8; Polyak (1964).
    """
    rng = np.random.default_rng(seed)
    w, v, g = rng.normal(size=(3, d)).round(2)
    eta, alpha = 0.5, 0.25
    new_w, new_v = optimizers.momentum_step(w, v, g, eta=eta, alpha=alpha)
    velocities = {
        "the gradient is added instead of subtracted": alpha * v + eta * g,
        "the velocity is averaged, alpha v - (1 - alpha) eta gradient": (
            alpha * v - (1 - alpha) * eta * g
        ),
        "eta is left out of the velocity": alpha * v - g,
        "the old velocity is left out: that is plain gradient descent": -eta * g,
        "alpha and eta have changed places": eta * v - alpha * g,
        "the velocity is kept whole, without alpha": v - eta * g,
    }
    weights = {
        "the weights move by the old velocity": w + v,
        "the velocity is subtracted": w - new_v,
        "the weights have not moved": w,
        **{name: w + wrong for name, wrong in velocities.items()},
    }
    expect_pair(
        function,
        {"w": w, "v": v, "gradient": g, "eta": eta, "alpha": alpha},
        ("weights", new_w, weights),
        ("velocity", new_v, velocities),
    )


def momentum_run(
    function: Answer, gradient: Answer, step: Answer, data: Data | None = None
) -> None:
    """Test ``momentum(X, y, w0, eta, alpha, steps)``.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
    gradient : callable, (d,), (n, d), (n,) -> (d,)
        The learner's gradient. A run that is right with it is right, whatever it is.
    step : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; the same holds for it.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 8; Polyak (1964).
    """
    X, y, setting = data or eight_samples()
    full = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    w0, eta, alpha, steps = _start(X), 0.3, 0.6, 7
    right = optimizers.momentum(full, w0, eta=eta, alpha=alpha, steps=steps)
    plain = optimizers.gradient_descent(full, w0, eta=eta, steps=steps)
    averaged = optimizers.momentum(
        full, w0, eta=(1 - alpha) * eta, alpha=alpha, steps=steps
    )
    ahead = optimizers.descend(
        optimizers.nesterov_step, full, w0, eta=eta, alpha=alpha, steps=steps
    )
    expect_run(
        function,
        {"X": X, "y": y, "w0": w0, "eta": eta, "alpha": alpha, "steps": steps},
        right,
        setting,
        mistakes={
            "the velocity starts again from zero in every step": plain,
            "the velocity is averaged, with the factor 1 − α": averaged,
            "Nesterov's look-ahead is used instead of the heavy ball": ahead,
        },
        own=lambda: _put_together(
            gradient,
            lambda w, v, g: step(w, v, g, eta, alpha),
            X,
            y,
            w0,
            steps,
            in_turn=False,
        ),
    )


# Problem 9 ---------------------------------------------------------------------------


def adagrad_step(function: Answer, seed: int = 9, d: int = 4) -> None:
    """Test ``adagrad_step(w, s, gradient, eta, delta)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; it returns the new weights and the new sum of squares.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 9; Duchi, Hazan and Singer (2011).
    """
    rng = np.random.default_rng(seed)
    w, g = rng.normal(size=(2, d)).round(2)
    s = rng.uniform(0, 1, size=d).round(2)
    # A large delta, so that where it stands makes a difference that can be seen.
    eta, delta = 0.5, 0.25
    new_w, new_s = optimizers.adagrad_step(w, s, g, eta=eta, delta=delta)
    sums = {
        "the new gradient is not in the sum yet": s,
        "the gradient itself is added, not its square": s + g,
        "the old sum is thrown away": g**2,
        "the squares are added up over all weights: each weight has a sum of its own": (
            s + g @ g
        ),
        "the squares are averaged, as in RMSProp": (s + g**2) / 2,
    }
    weights = {
        "the step is divided by the old sum, without the new gradient": (
            w - eta * g / (delta + np.sqrt(s))
        ),
        "delta stands inside the root": w - eta * g / np.sqrt(delta + new_s),
        "the root is forgotten": w - eta * g / (delta + new_s),
        "the step goes up": w + eta * g / (delta + np.sqrt(new_s)),
        "the step is not divided by anything: that is gradient descent": w - eta * g,
        "delta is left out": w - eta * g / np.sqrt(new_s),
        "the weights have not moved": w,
        "the squares are added up over all weights: each weight has a sum of its own": (
            w - eta * g / (delta + np.sqrt(s + g @ g))
        ),
        "the old sum is thrown away": w - eta * g / (delta + np.abs(g)),
    }
    expect_pair(
        function,
        {"w": w, "s": s, "gradient": g, "eta": eta, "delta": delta},
        ("weights", new_w, weights),
        ("sum of squares", new_s, sums),
    )


def adagrad_run(
    function: Answer, gradient: Answer, step: Answer, data: Data | None = None
) -> None:
    """Test ``adagrad(X, y, w0, eta, delta, steps)``, which takes the samples in turn.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
    gradient : callable, (d,), (n, d), (n,) -> (d,)
        The learner's gradient. A run that is right with it is right, whatever it is.
    step : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; the same holds for it.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 9; Duchi, Hazan and Singer (2011).
    """
    X, y, setting = data or eight_samples()
    n = len(X)
    one = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    # So close to zero that every sample pulls: no sum of squares is zero.
    w0, eta, delta, steps = 0.1 * _start(X), 0.2, 1e-3, 2 * n + 3

    def run(slope: Answer, order: Iterator[Array] | None) -> Array:
        return optimizers.adagrad(
            slope, w0, eta=eta, delta=delta, steps=steps, batches=order
        )

    right = run(one, optimizers.cyclic(n))
    full = run(one, None)
    shrunk = run(lambda w, rows: one(w, rows) / n, optimizers.cyclic(n))
    plain = optimizers.gradient_descent(
        one, w0, eta=eta, steps=steps, batches=optimizers.cyclic(n)
    )
    expect_run(
        function,
        {"X": X, "y": y, "w0": w0, "eta": eta, "delta": delta, "steps": steps},
        right,
        setting,
        mistakes={
            "every step uses all samples instead of one": full,
            "a single sample's gradient is divided by n": shrunk,
            "the steps are not divided by the root of the sums": plain,
        },
        own=lambda: _put_together(
            gradient,
            lambda w, s, g: step(w, s, g, eta, delta),
            X,
            y,
            w0,
            steps,
            in_turn=True,
        ),
    )


# Problem 10 --------------------------------------------------------------------------


def perceptron_pass(function: Answer, data: Data | None = None) -> None:
    """Test ``perceptron_pass(X, y, w0)``, one pass in the order of the rows.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,) -> (n + 1, d)
        The learner's pass, which returns all iterates.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problem 10; Rosenblatt (1958).
    """
    X, y, setting = data or eight_samples()
    for w0 in (np.zeros(X.shape[1]), _start(X)):
        right = perceptrons.perceptron(X, y, epochs=1, w0=w0).iterates
        expect_run(
            function,
            {"X": X, "y": y, "w0": w0},
            right,
            setting,
            mistakes={
                "the tie y w·x = 0 is not counted as a mistake": _one_pass(
                    X, y, w0, tie=False
                ),
                "the update is (y − prediction) x, twice as long as y x": (
                    _one_pass(X, y, w0, size=2.0)
                ),
                "every sample changes the weights, also one that is right": (
                    _one_pass(X, y, w0, always=True)
                ),
                "the update is subtracted": _one_pass(X, y, w0, size=-1.0),
            },
        )


# Optional: a step that goes just far enough ------------------------------------------


def exact_step(function: Answer, data: Data | None = None) -> None:
    """Test ``exact_step(w, X, y)``, the step size that lowers the cost the most.

    Parameters
    ----------
    function : callable, (d,), (n, d), (n,) -> float
        The learner's step size along the negative gradient.
    data : Data, optional
        The eight samples if left out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, the optional part of problem 6; Cauchy (1847).
    """
    X, y, setting = data or eight_samples()
    slope = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    for w in (np.zeros(X.shape[1]), _start(X)):
        down = -slope(w)

        def rise(eta: float, w: Array = w, down: Array = down) -> float:
            return float(slope(w + eta * down) @ down)

        low, high = 0.0, 1.0
        while rise(high) < 0 and high < 1e6:
            high *= 2
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if rise(middle) < 0 else (low, middle)
        inside = X[y * (X @ w) < 1] @ down
        parabola = len(y) * (down @ down) / (inside @ inside)
        mistakes = {
            "the samples that are inside the margin at w are taken to stay inside": (
                parabola
            ),
            "all samples count, also those with margin 1 or more": (
                len(y) * (down @ down) / np.sum((X @ down) ** 2)
            ),
            "the n of the mean is forgotten": parabola / len(y),
        }
        came = call(function, {"w": w, "X": X, "y": y}, setting)
        what = f"your step size {setting} from w = {np.round(w, 3).tolist()}"
        expect(came, high, what, mistakes=mistakes, tolerance=1e-6)


# The numbers asked for, and the options that mistakes give ---------------------------


def answer(problem: int, came: Any) -> None:
    """Test the weights that a problem asks for, to three decimals or better.

    Parameters
    ----------
    problem : int
        6, 7, 8, 9 or 10.
    came : array_like, (4,)
        The learner's weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way, not what is right.

    Source: Problem Set 1, problems 6 to 10.
    """
    rows = _run(problem)
    t = len(rows) - 2
    mistakes = {
        f"one step is missing: this is W({t - 1})": rows[-3],
        f"one step is too many: this is W({t + 1})": rows[-1],
        **{o.mistake: o.value for o in options(problem) if o.mistake},
    }
    expect(
        came,
        rows[-2],
        f"your W({t})",
        mistakes=mistakes,
        tolerance=5.1e-4,
        reveal=False,
    )


@functools.cache
def _run(problem: int) -> Array:
    """Return the right iterates of problem 6 to 10, one step more than asked for."""
    if problem == 6:
        return _descent(steps=26)
    if problem == 7:
        return _descent(eta=0.1, steps=81, batches=optimizers.cyclic(8))
    if problem == 8:
        return optimizers.momentum(_slope, np.zeros(4), eta=0.5, alpha=0.5, steps=26)
    if problem == 9:
        return _adaptive(optimizers.cyclic(8), steps=81)
    X, y, _ = eight_samples()
    return perceptrons.perceptron(X, y, epochs=2).iterates[:10]


def _slope(w: Array, rows: Array | None = None) -> Array:
    X, y, _ = eight_samples()
    gradient = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    return gradient(w) if rows is None else gradient(w, rows)


def _descent(
    scale: float = 1.0,
    *,
    eta: float = 0.5,
    steps: int = 25,
    batches: Iterator[Array] | None = None,
) -> Array:
    """Return a descent from zero along `scale` times the gradient."""
    return optimizers.gradient_descent(
        lambda w, *rows: scale * _slope(w, *rows),
        np.zeros(4),
        eta=eta,
        steps=steps,
        batches=batches,
    )


def _adaptive(batches: Iterator[Array] | None, steps: int = 80) -> Array:
    return optimizers.adagrad(
        _slope, np.zeros(4), eta=0.1, delta=1e-6, steps=steps, batches=batches
    )


def _descents() -> dict[str, Array]:
    X, y, _ = eight_samples()
    error = optimizers.gradient_descent(
        lambda w: X.T @ (X @ w - y) / len(y), np.zeros(4), eta=0.5, steps=25
    )
    return {
        "the sum over the samples is not divided by n": _descent(8.0)[-1],
        "right": _run(6)[-2],
        "all samples count, also those with margin 1 or more": error[-1],
        "the 1/2 of the cost is forgotten": _descent(2.0)[-1],
    }


def _turns() -> dict[str, Array]:
    turns = optimizers.cyclic
    late = (np.array([(t + 1) % 8]) for t in range(80))
    return {
        "right": _run(7)[-2],
        "a single sample's gradient is divided by n": (
            _descent(1 / 8, eta=0.1, steps=80, batches=turns(8))[-1]
        ),
        "the first step takes the second sample": (
            _descent(eta=0.1, steps=80, batches=late)[-1]
        ),
        "every step uses all samples: that is gradient descent": (
            _descent(eta=0.1, steps=80)[-1]
        ),
    }


def _momenta() -> dict[str, Array]:
    averaged = optimizers.momentum(_slope, np.zeros(4), eta=0.25, alpha=0.5, steps=25)
    ahead = optimizers.descend(
        optimizers.nesterov_step, _slope, np.zeros(4), eta=0.5, alpha=0.5, steps=25
    )
    w, v = np.zeros(4), np.zeros(4)
    for _ in range(25):
        w, v = w + v, 0.5 * v - 0.5 * _slope(w)
    return {
        "the velocity is averaged, with the factor 1 − α": averaged[-1],
        "Nesterov's look-ahead is used instead of the heavy ball": ahead[-1],
        "the weights move by the old velocity": w,
        "right": _run(8)[-2],
    }


def _adagrads() -> dict[str, Array]:
    no_root, one_sum = np.zeros(4), np.zeros(4)
    s, total = np.zeros(4), np.zeros(1)
    for t in range(80):
        g = _slope(no_root, np.array([t % 8]))
        s = s + g**2
        no_root = no_root - 0.1 * g / (1e-6 + s)
        g = _slope(one_sum, np.array([t % 8]))
        total = total + g @ g
        one_sum = one_sum - 0.1 * g / (1e-6 + np.sqrt(total))
    return {
        "right": _run(9)[-2],
        "the root is forgotten": no_root,
        "the squares are added up over all weights: each weight has a sum of its own": (
            one_sum
        ),
        "every step uses all samples instead of one": _adaptive(None)[-1],
    }


def _passes() -> dict[str, Array]:
    X, y, _ = eight_samples()
    w0 = np.zeros(4)
    return {
        "the tie y w·x = 0 is not counted as a mistake": (
            _one_pass(X, y, w0, tie=False)[-1]
        ),
        "every sample changes the weights, also one that is right": (
            _one_pass(X, y, w0, always=True)[-1]
        ),
        "right": _run(10)[-2],
        "the update is (y − prediction) x, twice as long as y x": (
            _one_pass(X, y, w0, size=2.0)[-1]
        ),
    }


_OPTIONS: dict[int, Callable[[], Mapping[str, Any]]] = {
    4: _parameters,
    5: _minimisers,
    6: _descents,
    7: _turns,
    8: _momenta,
    9: _adagrads,
    10: _passes,
}


# What the tests share ----------------------------------------------------------------


def _one_pass(
    X: Array,
    y: Array,
    w0: Array,
    *,
    tie: bool = True,
    size: float = 1.0,
    always: bool = False,
) -> Array:
    """Return a pass of the perceptron, or of what learners take for it."""
    w, iterates = w0, [w0]
    for x, label in zip(X, y, strict=True):
        margin = label * (w @ x)
        if always or margin < 0 or (tie and margin == 0):
            w = w + size * label * x
        iterates.append(w)
    return np.array(iterates)


def _put_together(
    gradient: Answer,
    step: Answer,
    X: Array,
    y: Array,
    w0: Array,
    steps: int,
    *,
    in_turn: bool,
) -> Array:
    """Return the run that a learner's own gradient and step make, from state zero."""
    w, state, iterates = w0, np.zeros_like(w0), [w0]
    everything = np.arange(len(y))
    for t in range(steps):
        rows = everything[[t % len(y)]] if in_turn else everything
        slope = np.asarray(gradient(w.copy(), X[rows], y[rows]), dtype=float)
        if slope.shape != w.shape:  # would be spread over more and more axes
            raise ValueError(f"a gradient of shape {slope.shape}")
        w, state = step(w.copy(), state, slope)
        iterates.append(w)
    return np.array(iterates, dtype=float)


def _start(X: Array) -> Array:
    """Return weights to start from that leave some samples inside the margin."""
    return np.linspace(-2.0, -1.0, X.shape[1])
