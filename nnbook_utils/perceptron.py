"""Rosenblatt's perceptron: learning from mistakes.

The model is w, its label for a sample x the sign of w.x. A sample with label y is a
mistake if y w.x <= 0. So the tie counts, for either label: from w = 0, where every
score is 0, the rule would otherwise never take a step.
"""

from collections.abc import Iterable
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np

from nnbook_utils._inputs import Array, labels, real_array, whole
from nnbook_utils.regression import predict

__all__ = [  # noqa: RUF022 - in reading order
    "perceptron_step",
    "PerceptronRun",
    "perceptron",
    "averaged_perceptron",
    "margin",
    "mistake_bound",
]


def perceptron_step(w: Array, x: Array, y: float) -> tuple[Array, bool]:
    """Look at one sample, and add y x to the weights if it is a mistake.

    The step turns w towards the sample's right side: y w.x grows by x.x.

    Parameters
    ----------
    w : array_like, (d,)
        The weights before.
    x : array_like, (d,)
        The sample, with an entry 1 if the model has a bias.
    y : float
        Its label, -1 or 1.

    Returns
    -------
    w : ndarray, (d,)
        The weights after, a new array.
    mistake : bool
        Whether y w.x <= 0 held for the weights before.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If a shape is wrong, an entry is not finite, or the label is not -1 or 1.

    Source: Rosenblatt (1958); the chapter on the perceptron.
    """
    w = real_array(w, "w", ("d",))
    x = real_array(
        x, "x", w.shape, hint="one entry for each weight; a bias needs an entry 1"
    )
    return _step(w, x, float(labels([y], "y", (-1, 1), n=1)[0]))


def _step(w: Array, x: Array, y: float) -> tuple[Array, bool]:
    mistake = bool(y * (w @ x) <= 0)
    return w + mistake * y * x, mistake


class PerceptronRun(NamedTuple):
    """What happened while a perceptron learned.

    Attributes
    ----------
    iterates : ndarray, (steps + 1, d)
        The weights at the start and after each step, with or without a mistake.
    mistakes : ndarray of int, (epochs,)
        How many steps of each epoch met a mistake.
    converged : bool
        Whether the last weights make no mistake on any sample.

    Source: the chapter on the perceptron.
    """

    iterates: Array
    mistakes: Array
    converged: bool


def perceptron(
    X: Array,
    y: Array,
    *,
    epochs: int = 1,
    w0: Array | None = None,
    order: Iterable[Array | int] | None = None,
) -> PerceptronRun:
    """Learn by `perceptron_step`, one sample after the other.

    An epoch is n steps. The run ends after `epochs` of them, or after the first whose
    weights make no mistake on any sample, since no later step would change them.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, with a column of ones if the model has a bias.
    y : array_like, (n,)
        Their labels, -1 or 1.
    epochs : int, optional
        The longest that the run may take, at least 1.
    w0 : array_like, (d,), optional
        Where to start; zeros by default.
    order : iterable of int or of ndarray of int, optional
        Which rows to look at, such as `optimizers.shuffled(n, rng=0)` gives. The rows
        0 to n - 1 in turn by default.

    Returns
    -------
    PerceptronRun
        The iterates (steps + 1, d), the mistakes of each epoch, and whether the run
        converged.

    Raises
    ------
    TypeError
        If `X`, `y` or `w0` is not made of real numbers, or `epochs` or a row of
        `order` is not a whole number.
    ValueError
        If a shape is wrong, an entry is not finite, a label is not -1 or 1, `epochs`
        is below 1, or `order` names a row that is not there or runs out.

    Source: Rosenblatt (1958); the chapter on the perceptron.
    """
    X = real_array(X, "X", ("n", "d"), hint="a sample a row")
    n, d = X.shape
    y = labels(y, "y", (-1, 1), n=n)
    epochs = whole(epochs, "epochs", least=1)
    w = np.zeros(d, X.dtype) if w0 is None else w0
    w = real_array(w, "w0", (d,), hint="one weight for each column of X")
    batches = cycle(range(n)) if order is None else order
    rows = (row for batch in batches for row in np.atleast_1d(batch))

    iterates, converged = [w], False
    mistakes: list[int] = []
    while len(mistakes) < epochs and not converged:
        mistakes.append(0)
        for row in islice(rows, n):
            row = whole(row, "a row in order", most=n - 1)
            w, mistake = _step(w, X[row], float(y[row]))
            iterates.append(w)
            mistakes[-1] += mistake
        if len(iterates) != 1 + n * len(mistakes):
            raise ValueError(
                f"order ended after {len(iterates) - 1} steps, expected {n} for each "
                f"of {epochs} epochs: give one that does not end"
            )
        converged = bool((y * (X @ w) > 0).all())
    return PerceptronRun(np.array(iterates), np.array(mistakes), converged)


def averaged_perceptron(
    X: Array,
    y: Array,
    *,
    epochs: int = 1,
    w0: Array | None = None,
    order: Iterable[Array | int] | None = None,
) -> Array:
    """Return the mean of the weights after each step of the run of `perceptron`.

    Every step counts, with or without a mistake: weights that last for many samples
    count for much. The start `w0` does not count.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, with a column of ones if the model has a bias.
    y : array_like, (n,)
        Their labels, -1 or 1.
    epochs : int, optional
        The longest that the run may take, at least 1. It ends earlier where that of
        `perceptron` does.
    w0 : array_like, (d,), optional
        Where to start; zeros by default.
    order : iterable of int or of ndarray of int, optional
        Which rows to look at, as for `perceptron`.

    Returns
    -------
    ndarray, (d,)

    Raises
    ------
    TypeError
        Where `perceptron` does.
    ValueError
        Where `perceptron` does.

    Source: Freund and Schapire (1999); the chapter on the perceptron.
    """
    run = perceptron(X, y, epochs=epochs, w0=w0, order=order)
    average: Array = run.iterates[1:].mean(axis=0)
    return average


def margin(X: Array, y: Array, w: Array) -> float:
    """Return how far the line of w stays away from the samples, at the nearest.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples.
    y : array_like, (n,)
        Their labels, -1 or 1.
    w : array_like, (d,)
        The weights; their length does not matter.

    Returns
    -------
    float
        The least y w.x / norm(w), in the units of X. Positive if w separates the
        samples; otherwise, minus how deep the worst sample is on its wrong side.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If a shape is wrong, an entry is not finite, a label is not -1 or 1, or `w` is
        zero, which has no direction.

    Source: Novikoff (1962); the chapter on the perceptron.
    """
    scores = predict(X, w)
    length = np.linalg.norm(w)
    if length == 0:
        raise ValueError("w is zero, expected a vector with a direction")
    return float((labels(y, "y", (-1, 1), n=len(scores)) * scores).min() / length)


def mistake_bound(X: Array, y: Array, w_star: Array) -> float:
    """Return a number of mistakes that no perceptron starting at 0 exceeds.

    If some w* separates the samples by a margin gamma > 0, and no sample is longer
    than R, then the perceptron makes at most (R / gamma)^2 mistakes, however many
    epochs it runs and in whatever order.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples.
    y : array_like, (n,)
        Their labels, -1 or 1.
    w_star : array_like, (d,)
        Weights that separate the samples. The larger their margin, the better the
        bound.

    Returns
    -------
    float
        (R / gamma)^2.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `margin` refuses its arguments, or is not positive for `w_star`.

    Source: Novikoff (1962); the chapter on the perceptron.
    """
    gamma = margin(X, y, w_star)
    if gamma <= 0:
        raise ValueError(
            f"w_star has the margin {gamma:g}, expected a positive one: the bound "
            "needs weights that separate the samples"
        )
    return float((np.linalg.norm(X, axis=1).max() / gamma) ** 2)
