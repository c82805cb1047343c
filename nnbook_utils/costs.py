"""Costs and their gradients: how wrong predictions are, and which way is less wrong.

A cost takes the predictions first and the targets second, and returns the mean over the
n samples as one float. Its partner named `..._gradient` takes the same two and returns
the derivative by each prediction, with the 1/n in it.

Classifiers give scores, not probabilities. For labels of -1 and 1 what counts is the
margin, y times the score: it is positive when the sign is right. The cross-entropies
take the scores before the sigmoid or softmax ("logits"): the logarithm then undoes the
exponential on paper, and neither can overflow in the machine.

A cost, or an entry of a gradient, that is too large for a float is inf, without a
warning.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from nnbook_utils._inputs import Array, labels, number, real_array
from nnbook_utils.activations import sigmoid, softmax, softplus

__all__ = [  # noqa: RUF022 - in reading order
    "mse",
    "mse_gradient",
    "zero_one",
    "hinge",
    "hinge_gradient",
    "squared_hinge",
    "squared_hinge_gradient",
    "logistic",
    "logistic_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "categorical_cross_entropy",
    "categorical_cross_entropy_gradient",
    "weight_decay",
    "weight_decay_gradient",
    "linear_cost",
    "linear_gradient",
]

overflow_is_inf = np.errstate(over="ignore")  # as a decorator, for the whole function


# Regression


def _residual(prediction: ArrayLike, target: ArrayLike) -> Array:
    """Prediction minus target, in the prediction's float type."""
    prediction = real_array(prediction, "prediction")
    if prediction.ndim not in (1, 2) or prediction.size == 0:
        raise ValueError(
            f"prediction has shape {prediction.shape}, expected (n,) or (n, k) and not "
            "empty"
        )
    target = real_array(
        target, "target", prediction.shape, hint="one target for each prediction"
    )
    residual: Array = prediction - target.astype(prediction.dtype, copy=False)
    return residual


@overflow_is_inf
def mse(prediction: ArrayLike, target: ArrayLike) -> float:
    """1/(2n) times the sum of the squared residuals: half the mean squared error.

    The 1/2 cancels the 2 that differentiating brings.

    Parameters
    ----------
    prediction, target : array_like, (n,) or (n, k)
        One row a sample, in the same units.

    Returns
    -------
    float
        In squared units of the target.

    Raises
    ------
    TypeError, ValueError
        If they are not finite real numbers in the same shape, (n,) or (n, k).

    Source: Gauss (1809); the book on the linear model.
    """
    residual = _residual(prediction, target)
    return float((residual * residual).sum(dtype=np.float64)) / (2 * len(residual))


@overflow_is_inf
def mse_gradient(prediction: ArrayLike, target: ArrayLike) -> Array:
    """(prediction - target) / n.

    Parameters
    ----------
    prediction, target : array_like, (n,) or (n, k)
        One row a sample, in the same units.

    Returns
    -------
    ndarray, the shape of `prediction`

    Raises
    ------
    TypeError, ValueError
        If they are not finite real numbers in the same shape, (n,) or (n, k).

    Source: the book on the linear model.
    """
    residual = _residual(prediction, target)
    return residual / len(residual)


# Classification with labels -1 and 1


def _mean(losses: Array) -> float:
    return float(losses.mean(dtype=np.float64))


def _scores_and_labels(
    scores: ArrayLike,
    y: ArrayLike,
    name: str = "scores",
    allowed: tuple[int, int] = (-1, 1),
) -> tuple[Array, Array]:
    """Check both; give the labels the scores' float type."""
    scores = real_array(scores, name, ("n",), hint="one score a sample")
    y = labels(y, "y", allowed, n=len(scores))
    return scores, y.astype(scores.dtype, copy=False)


def zero_one(scores: ArrayLike, y: ArrayLike) -> float:
    """Return the share of samples whose score has the wrong sign.

    A score of 0 takes no side and counts as wrong.

    Parameters
    ----------
    scores : array_like, (n,)
        What the classifier gives, before the sign is taken.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    float, from 0 to 1
        It has no useful gradient: it is flat wherever it does not jump.

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return _mean(y * scores <= 0)


@overflow_is_inf
def hinge(scores: ArrayLike, y: ArrayLike) -> float:
    """Mean of max(0, 1 - margin): zero once every margin is at least 1.

    Parameters
    ----------
    scores : array_like, (n,)
        What the classifier gives, before the sign is taken.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    float, not negative

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: Cortes and Vapnik (1995); the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return _mean(np.maximum(0, 1 - y * scores))


def hinge_gradient(scores: ArrayLike, y: ArrayLike) -> Array:
    """-y / n where the margin is below 1, else 0.

    At the kink, a margin of exactly 1, any number from -1 to 0 times y / n is a
    subgradient. This one is 0.

    Parameters
    ----------
    scores : array_like, (n,)
        What the classifier gives, before the sign is taken.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return np.where(y * scores < 1, -y, 0) / len(y)


@overflow_is_inf
def squared_hinge(scores: ArrayLike, y: ArrayLike) -> float:
    """Mean of 1/2 max(0, 1 - margin)^2: a hinge without the kink.

    Parameters
    ----------
    scores : array_like, (n,)
        What the classifier gives, before the sign is taken.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    float, not negative

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: Cortes and Vapnik (1995); the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return _mean(np.maximum(0, 1 - y * scores) ** 2) / 2


def squared_hinge_gradient(scores: ArrayLike, y: ArrayLike) -> Array:
    """(scores - y) / n where the margin is below 1, else 0.

    The chain rule gives -y max(0, 1 - y score) / n. Since y^2 = 1, this is the gradient
    of the squared error, on the samples whose margin is too small.

    Parameters
    ----------
    scores : array_like, (n,)
        What the classifier gives, before the sign is taken.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return np.where(y * scores < 1, scores - y, 0) / len(y)


@overflow_is_inf
def logistic(scores: ArrayLike, y: ArrayLike) -> float:
    """Mean of log(1 + exp(-margin)), the softplus of the negative margin.

    Parameters
    ----------
    scores : array_like, (n,)
        Log-odds of the label 1.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    float, not negative
        In nats.

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: Cox (1958); the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return _mean(softplus(-y * scores))


def logistic_gradient(scores: ArrayLike, y: ArrayLike) -> Array:
    """-y sigmoid(-margin) / n.

    Parameters
    ----------
    scores : array_like, (n,)
        Log-odds of the label 1.
    y : array_like, (n,), of -1 and 1
        The right labels.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError, ValueError
        If a score is not a finite real number, a label is not -1 or 1, or there are
        not as many labels as scores.

    Source: the book on margins and surrogates.
    """
    scores, y = _scores_and_labels(scores, y)
    return -y * sigmoid(-y * scores) / len(y)


# Classification by probabilities


def binary_cross_entropy(z: ArrayLike, y: ArrayLike) -> float:
    """Mean of -y log p - (1 - y) log(1 - p), where p = sigmoid(z).

    It is the logistic cost with the labels 0 and 1 in place of -1 and 1: log p and
    log(1 - p) are -softplus(-z) and -softplus(z).

    Parameters
    ----------
    z : array_like, (n,)
        Log-odds of the label 1: what goes into the sigmoid, not what comes out.
    y : array_like, (n,), of 0 and 1
        The right labels.

    Returns
    -------
    float, not negative
        In nats.

    Raises
    ------
    TypeError, ValueError
        If an entry of `z` is not a finite real number, a label is not 0 or 1, or there
        are not as many labels as entries.

    Source: Cox (1958); the book on output units.
    """
    z, y = _scores_and_labels(z, y, "z", allowed=(0, 1))
    return logistic(z, 2 * y - 1)


def binary_cross_entropy_gradient(z: ArrayLike, y: ArrayLike) -> Array:
    """(sigmoid(z) - y) / n.

    Parameters
    ----------
    z : array_like, (n,)
        Log-odds of the label 1: what goes into the sigmoid, not what comes out.
    y : array_like, (n,), of 0 and 1
        The right labels.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError, ValueError
        If an entry of `z` is not a finite real number, a label is not 0 or 1, or there
        are not as many labels as entries.

    Source: the book on output units.
    """
    # As the logistic gradient it does not cancel where sigmoid(z) is close to y.
    z, y = _scores_and_labels(z, y, "z", allowed=(0, 1))
    return logistic_gradient(z, 2 * y - 1)


def _logits_and_probabilities(Z: ArrayLike, Y: ArrayLike) -> tuple[Array, Array]:
    """Check both; turn class numbers (n,) into rows with a single 1."""
    Z = real_array(Z, "Z", ("n", "k"), hint="one row of scores a sample")
    n, k = Z.shape
    Y = real_array(Y, "Y")
    if Y.ndim == 1:
        return Z, np.eye(k, dtype=Z.dtype)[labels(Y, "Y", range(k), n=n).astype(int)]
    Y = real_array(Y, "Y", (n, k), hint="give class numbers (n,) or probabilities")
    if Y.min() < 0 or abs(Y.sum(axis=1) - 1).max() > 1e-5:
        raise ValueError(
            "Y has a row that is no probability distribution, expected entries of at "
            "least 0 that sum to 1"
        )
    return Z, Y.astype(Z.dtype, copy=False)


@overflow_is_inf
def cross_entropy_of_rows(Z: Array, Y: Array) -> float:
    """Compute `categorical_cross_entropy` by its formula alone, for a model.

    It expects float arrays, rows of probabilities in `Y`, and checks nothing; compare
    `activations.ACTIVATIONS`.
    """
    below = Z - Z.max(axis=1, keepdims=True)  # how far each score is below the best
    # Kept finite, so that a probability of 0 times it is 0.
    np.maximum(below, np.finfo(Z.dtype).min, out=below)
    expected = (Y * below).sum(axis=1)
    return _mean(np.log(np.exp(below, out=below).sum(axis=1)) - expected)


def categorical_cross_entropy(Z: ArrayLike, Y: ArrayLike) -> float:
    """Mean of -sum_j Y_j log p_j, where p = softmax(Z) row by row.

    Parameters
    ----------
    Z : array_like, (n, k)
        Scores: what goes into the softmax, not what comes out.
    Y : array_like, (n,) of 0 .. k - 1, or (n, k)
        The right classes by number, or a probability for each class, such as one-hot
        rows.

    Returns
    -------
    float, not negative
        In nats.

    Raises
    ------
    TypeError, ValueError
        If an entry of `Z` is not a finite real number, a class number is not one of
        0 .. k - 1, a row of probabilities does not sum to 1, or the shapes differ.

    Source: Bridle (1990); the book on output units.
    """
    return cross_entropy_of_rows(*_logits_and_probabilities(Z, Y))


def categorical_cross_entropy_gradient(Z: ArrayLike, Y: ArrayLike) -> Array:
    """(softmax(Z) - Y) / n: prediction minus target, as for the squared error.

    Parameters
    ----------
    Z : array_like, (n, k)
        Scores: what goes into the softmax, not what comes out.
    Y : array_like, (n,) of 0 .. k - 1, or (n, k)
        The right classes by number, or a probability for each class, such as one-hot
        rows.

    Returns
    -------
    ndarray, (n, k)
        Each row sums to 0.

    Raises
    ------
    TypeError, ValueError
        If an entry of `Z` is not a finite real number, a class number is not one of
        0 .. k - 1, a row of probabilities does not sum to 1, or the shapes differ.

    Source: Bridle (1990); the book on output units.
    """
    Z, Y = _logits_and_probabilities(Z, Y)
    return (softmax(Z) - Y) / len(Z)


# Regularisation


@overflow_is_inf
def weight_decay(W: ArrayLike, lambda_: float) -> float:
    """lambda/2 times the sum of the squared weights.

    Biases are not penalised: leave them out of `W`.

    Parameters
    ----------
    W : array_like, any shape
        Weights.
    lambda_ : float, not negative
        How much a large weight costs.

    Returns
    -------
    float, not negative

    Raises
    ------
    TypeError, ValueError
        If `W` does not hold finite real numbers, or `lambda_` is negative.

    Source: Hoerl and Kennard (1970); the book on ridge regression.
    """
    W = real_array(W, "W")
    # From the left, so that lambda = 0 costs nothing, whatever the weights.
    penalty = number(lambda_, "lambda_", least=0) / 2 * W * W
    return float(penalty.sum(dtype=np.float64))


@overflow_is_inf
def weight_decay_gradient(W: ArrayLike, lambda_: float) -> Array:
    """Lambda times the weights.

    Parameters
    ----------
    W : array_like, any shape
        Weights.
    lambda_ : float, not negative
        How much a large weight costs.

    Returns
    -------
    ndarray, the shape of `W`

    Raises
    ------
    TypeError, ValueError
        If `W` does not hold finite real numbers, or `lambda_` is negative.

    Source: the book on ridge regression.
    """
    return number(lambda_, "lambda_", least=0) * real_array(W, "W")


# A linear model under any of these costs


def _samples(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    X = real_array(X, "X", ("n", "d"), hint="one row a sample")
    y = real_array(y, "y")
    shape = (len(X), "k") if y.ndim == 2 else (len(X),)
    return X, real_array(y, "y", shape, hint="one target for each row of X")


def _scores(X: Array, w: ArrayLike) -> Array:
    w = real_array(w, "w")
    if w.ndim not in (1, 2) or len(w) != X.shape[1]:
        raise ValueError(
            f"w has shape {w.shape} but X has {X.shape[1]} columns, expected one "
            "weight a column: did you add the bias column?"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        return X @ w


def linear_cost(
    cost: Callable[[Array, Array], float], X: ArrayLike, y: ArrayLike
) -> Callable[..., float]:
    """Make a cost of predictions into a cost of the weights that predict X w.

    Parameters
    ----------
    cost : callable, (predictions, targets) -> float
        One of this module's.
    X : array_like, (n, d)
        One row a sample.
    y : array_like, (n,) or (n, k)
        The targets that `cost` expects.

    Returns
    -------
    callable, (w, rows=all) -> float
        The cost on the samples `rows` of weights `w`, (d,) or (d, k); inf if X w
        overflows.

    Raises
    ------
    TypeError, ValueError
        If `X` or `y` does not hold finite real numbers, or their lengths differ; later,
        if `w` does not fit `X`.

    Source: the book on the linear model.

    Examples
    --------
    >>> cost = linear_cost(mse, [[1.0], [2.0]], [1.0, 2.0])
    >>> cost([1.0]), cost([0.0])
    (0.0, 1.25)
    """
    X, y = _samples(X, y)

    def cost_of(w: ArrayLike, rows: slice | Array = slice(None)) -> float:
        scores = _scores(X[rows], w)
        return cost(scores, y[rows]) if np.isfinite(scores).all() else np.inf

    return cost_of


def linear_gradient(
    cost_gradient: Callable[[Array, Array], Array], X: ArrayLike, y: ArrayLike
) -> Callable[..., Array]:
    """Make a gradient by predictions into one by the weights: X^T times the first.

    This is the chain rule, the same line for every cost: the prediction is X w, and its
    derivative by w is X.

    Parameters
    ----------
    cost_gradient : callable, (predictions, targets) -> ndarray
        One of this module's.
    X : array_like, (n, d)
        One row a sample.
    y : array_like, (n,) or (n, k)
        The targets that `cost_gradient` expects.

    Returns
    -------
    callable, (w, rows=all) -> ndarray, the shape of w
        The gradient on the samples `rows` at weights `w`, (d,) or (d, k); not finite if
        X w overflows, so that a descent notices that it diverged.

    Raises
    ------
    TypeError, ValueError
        If `X` or `y` does not hold finite real numbers, or their lengths differ; later,
        if `w` does not fit `X`.

    Source: the book on the linear model and on the chain rule.
    """
    X, y = _samples(X, y)

    def gradient_at(w: ArrayLike, rows: slice | Array = slice(None)) -> Array:
        scores = _scores(X[rows], w)
        if not np.isfinite(scores).all():
            return np.full(np.shape(w), np.nan, scores.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            return X[rows].T @ cost_gradient(scores, y[rows])

    return gradient_at
