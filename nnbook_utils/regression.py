"""Linear models whose weights have a closed form.

A model is a vector of weights w; its prediction is X @ w. A bias is the weight of a
column of ones, which `design_matrix` puts first. All costs are averages over samples:
1/(2n) times the sum of squared residuals.
"""

from typing import NamedTuple

import numpy as np

from nnbook_utils._inputs import Array, labels, number, real_array, whole

__all__ = [  # noqa: RUF022 - in reading order
    "design_matrix",
    "polynomial_features",
    "Fit",
    "least_squares",
    "ridge",
    "predict",
    "linear_classifier",
    "classify",
]


def design_matrix(X: Array) -> Array:
    """Return `X` with a column of ones before the others, so that w[0] is the bias.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples.

    Returns
    -------
    ndarray, (n, d + 1)

    Raises
    ------
    TypeError
        If `X` is not made of real numbers.
    ValueError
        If `X` is not a table, is empty, or has an entry that is not finite.

    Source: the chapter on the linear model, where x0 = 1.
    """
    X = _samples(X)
    return np.hstack([np.ones((len(X), 1), X.dtype), X])


def polynomial_features(x: Array, degree: int) -> Array:
    """Return the powers of one variable, from 0, the column of ones, to `degree`.

    Parameters
    ----------
    x : array_like, (n,) or (n, 1)
        The variable.
    degree : int
        The highest power, not negative.

    Returns
    -------
    ndarray, (n, degree + 1)
        Column j is x ** j.

    Raises
    ------
    TypeError
        If `x` is not made of real numbers, or `degree` is not a whole number.
    ValueError
        If `x` holds more than one variable, is empty or not finite, `degree` is
        negative, or the highest power overflows.

    Source: the chapter on polynomial regression.
    """
    x = real_array(x, "x")
    x = real_array(x[:, np.newaxis] if x.ndim == 1 else x, "x", ("n", 1))
    degree = whole(degree, "degree")
    with np.errstate(over="ignore"):
        powers: Array = x ** np.arange(degree + 1, dtype=x.dtype)
    if not np.isfinite(powers).all():
        raise ValueError(
            f"x reaches {abs(x).max():g}, which to the power of {degree} is more than "
            f"a {x.dtype} can hold: scale x to lie between -1 and 1"
        )
    return powers


class Fit(NamedTuple):
    """What `least_squares` found, and how far to trust it.

    Attributes
    ----------
    weights : ndarray, (d,)
        The minimiser of the cost; of all minimisers, the one of least norm.
    rank : int
        How many columns of X are linearly independent. Below d, the minimiser is not
        unique.
    condition : float
        The largest singular value of X over the smallest: by how much X can magnify
        a relative error of the data. Infinite if the rank is below d.

    Source: Golub and Van Loan (2013), the chapter on least squares.
    """

    weights: Array
    rank: int
    condition: float


def least_squares(X: Array, y: Array) -> Fit:
    """Minimise 1/(2n) times the sum of squares of X @ w - y.

    The normal equations X.T @ X @ w = X.T @ y say the same, but forming X.T @ X
    squares the condition number, and inverting it fails where the columns of X are
    dependent. The singular value decomposition X = U @ diag(s) @ V.T does neither, and
    shows the dependence: as a singular value of zero.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, used as given: for a bias, pass `design_matrix(X)`.
    y : array_like, (n,)
        The targets.

    Returns
    -------
    Fit
        The weights (d,), the rank of X and its condition number.

    Raises
    ------
    TypeError
        If `X` or `y` is not made of real numbers.
    ValueError
        If a shape is wrong or an entry is not finite.

    Source: Golub and Van Loan (2013); the chapter on the closed form.
    """
    X = _samples(X)
    n, d = X.shape
    y = real_array(y, "y", (n,), hint="one target for each row of X")
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    # A singular value this far below the largest is a zero that was rounded.
    rank = int(np.sum(s > s[0] * max(n, d) * np.finfo(X.dtype).eps))
    U, s, Vt = U[:, :rank], s[:rank], Vt[:rank]
    weights = Vt.T @ ((U.T @ y) / s)
    return Fit(weights, rank, float(s[0] / s[-1]) if rank == d else np.inf)


def ridge(X: Array, y: Array, lambda_: float, *, bias_column: bool = True) -> Array:
    """Minimise squared error plus a penalty on every weight but the bias.

    The cost is 1/(2n) sum of (X @ w - y)^2 + `lambda_`/2 sum of w^2.

    The penalty is a sum of squares like the other: it is what d more samples would
    cost, each asking for one weight, times the square root of n `lambda_`, to be 0. So
    least squares on the longer table gives the answer, and no inverse is formed.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, with the column of ones that `design_matrix` adds.
    y : array_like, (n,)
        The targets.
    lambda_ : float
        The weight of the penalty, not negative. scikit-learn's `alpha` is n `lambda_`.
    bias_column : bool, optional
        Whether the first column of `X` is the column of ones, whose weight is not
        penalised. If False, `X` is used as given and every weight is penalised.

    Returns
    -------
    ndarray, (d,)
        The weights. At `lambda_` = 0 those of `least_squares`.

    Raises
    ------
    TypeError
        If `X` or `y` is not made of real numbers, or `lambda_` is not one.
    ValueError
        If a shape is wrong, an entry is not finite, `lambda_` is negative, or the
        first column should be ones and is not.

    Source: Hoerl and Kennard (1970); the chapter on ridge regression.
    """
    X = _samples(X)
    n, d = X.shape
    y = real_array(y, "y", (n,), hint="one target for each row of X")
    lambda_ = number(lambda_, "lambda_", least=0)
    if bias_column and (X[:, 0] != 1).any():
        raise ValueError(
            "the first column of X is not all ones: add it by design_matrix(X), or "
            "pass bias_column=False to penalise every weight"
        )
    penalised = np.eye(d, dtype=X.dtype)[int(bias_column) :]
    rows = np.vstack([X, np.sqrt(n * lambda_).astype(X.dtype) * penalised])
    return least_squares(rows, np.append(y, np.zeros(len(penalised), y.dtype))).weights


def predict(X: Array, w: Array) -> Array:
    """Return the linear model's predictions X @ w.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, with the column of ones if the model was fitted with it.
    w : array_like, (d,)
        The weights.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError
        If `X` or `w` is not made of real numbers.
    ValueError
        If `w` has not one weight a column of `X`, or an entry is not finite.

    Source: the chapter on the linear model.
    """
    X = _samples(X)
    hint = f"X has {X.shape[1]} columns; did you add the bias column?"
    scores: Array = X @ real_array(w, "w", X.shape[1:], hint=hint)
    return scores


def linear_classifier(X: Array, y: Array) -> Fit:
    """Fit the labels -1 and 1 by least squares, as if they were measurements.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, used as given: for a bias, pass `design_matrix(X)`.
    y : array_like, (n,)
        The labels, -1 or 1.

    Returns
    -------
    Fit
        The weights (d,), the rank of X and its condition number. `classify` turns
        the weights into labels.

    Raises
    ------
    TypeError
        If `X` or `y` is not made of real numbers.
    ValueError
        If a shape is wrong, an entry is not finite, or a label is not -1 or 1.

    Source: the chapter on linear classification.
    """
    X = _samples(X)
    return least_squares(X, labels(y, "y", (-1, 1), n=len(X)))


def classify(X: Array, w: Array) -> Array:
    """Return the sign of each prediction X @ w; a score of 0 gets the label 1.

    The tie is decided as in the threshold unit, whose output at 0 is 1.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples, with the column of ones if the model was fitted with it.
    w : array_like, (d,)
        The weights.

    Returns
    -------
    ndarray, (n,)
        Labels, -1 or 1.

    Raises
    ------
    TypeError
        If `X` or `w` is not made of real numbers.
    ValueError
        If `w` has not one weight a column of `X`, or an entry is not finite.

    Source: the chapter on linear classification.
    """
    return np.where(predict(X, w) >= 0, 1.0, -1.0)


def _samples(X: Array) -> Array:
    return real_array(
        X, "X", ("n", "d"), hint="a sample a row; one feature alone is x[:, np.newaxis]"
    )
