"""The tests of Problem Set 1: five ways to train a linear classifier on eight samples.

Every test takes the learner's function and, if need be, other data than the eight
samples; the hidden tests of the assignment call the same functions on such data.
The right answers come from `nnbook_utils`, the wrong ones from the mistakes that are
named beside them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from nnbook_utils import costs, datasets, optimizers
from nnbook_utils import perceptron as perceptrons
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    call,
    expect,
    expect_pair,
    expect_run,
)

__all__ = [
    "IMPORTS",
    "Data",
    "adagrad_run",
    "adagrad_step",
    "answer",
    "eight_samples",
    "gd_run",
    "gradient",
    "momentum_run",
    "momentum_step",
    "other_data",
    "perceptron_pass",
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


def gd_run(function: Answer, data: Data | None = None) -> None:
    """Test ``gradient_descent(X, y, w0, eta, steps)``.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
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
    )


# Problem 7 ---------------------------------------------------------------------------


def sgd_run(function: Answer, data: Data | None = None) -> None:
    """Test ``sgd(X, y, w0, eta, steps)``, which takes the samples in turn.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
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


def momentum_run(function: Answer, data: Data | None = None) -> None:
    """Test ``momentum(X, y, w0, eta, alpha, steps)``.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
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
            "the velocity is averaged, with the factor 1 - alpha": averaged,
            "Nesterov's look-ahead is used instead of the heavy ball": ahead,
        },
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


def adagrad_run(function: Answer, data: Data | None = None) -> None:
    """Test ``adagrad(X, y, w0, eta, delta, steps)``, which takes the samples in turn.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, float, int -> (steps + 1, d)
        The learner's run, which returns all iterates.
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
    w0, eta, delta, steps = _start(X), 0.2, 1e-3, 2 * n + 3

    def run(gradient: Answer, order: Iterator[Array] | None) -> Array:
        return optimizers.adagrad(
            gradient, w0, eta=eta, delta=delta, steps=steps, batches=order
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
    d = X.shape[1]

    def run(
        start: Array, *, tie: bool = True, size: float = 1.0, always: bool = False
    ) -> Array:
        w, iterates = start, [start]
        for x, label in zip(X, y, strict=True):
            margin = label * (w @ x)
            if always or margin < 0 or (tie and margin == 0):
                w = w + size * label * x
            iterates.append(w)
        return np.array(iterates)

    for w0 in (np.zeros(d), _start(X)):
        right = perceptrons.perceptron(X, y, epochs=1, w0=w0).iterates
        expect_run(
            function,
            {"X": X, "y": y, "w0": w0},
            right,
            setting,
            mistakes={
                "the tie y w.x = 0 is not counted as a mistake": run(w0, tie=False),
                "the update is (y - prediction) x, twice as long as y x": (
                    run(w0, size=2.0)
                ),
                "every sample changes the weights, also one that is right": (
                    run(w0, always=True)
                ),
                "the update is subtracted": run(w0, size=-1.0),
            },
        )


# The numbers asked for ---------------------------------------------------------------


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
        If the answer is wrong; the message says in what way.

    Source: Problem Set 1, problems 6 to 10.
    """
    X, y, _ = eight_samples()
    full = costs.linear_gradient(costs.squared_hinge_gradient, X, y)
    w0, turns = np.zeros(4), optimizers.cyclic(8)
    if problem == 6:
        runs = optimizers.gradient_descent(full, w0, eta=0.5, steps=26)
    elif problem == 7:
        runs = optimizers.gradient_descent(full, w0, eta=0.1, steps=81, batches=turns)
    elif problem == 8:
        runs = optimizers.momentum(full, w0, eta=0.5, alpha=0.5, steps=26)
    elif problem == 9:
        runs = optimizers.adagrad(
            full, w0, eta=0.1, delta=1e-6, steps=81, batches=turns
        )
    else:
        runs = perceptrons.perceptron(X, y, epochs=2).iterates[:10]
    *_, before, right, after = runs
    t = len(runs) - 2
    mistakes = {
        f"one step is missing: this is W({t - 1})": before,
        f"one step is too many: this is W({t + 1})": after,
    }
    expect(came, right, f"your W({t})", mistakes=mistakes, tolerance=5.1e-4)


def _start(X: Array) -> Array:
    """Return weights other than zero to start from."""
    return np.linspace(-0.5, 1.0, X.shape[1])
