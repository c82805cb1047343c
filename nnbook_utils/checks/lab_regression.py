"""The tests of the lab on regression, which asks when high water is.

Every test takes the learner's function, a seed and sizes; the hidden tests of the lab
call the same functions with others. The right answers come from `nnbook_utils`, the
wrong ones from the mistakes that are named beside them.
"""

from typing import NamedTuple

import numpy as np

from nnbook_utils import costs, datasets, regression
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import Answer, expect_pair, expect_result

__all__ = [
    "IMPORTS",
    "choose",
    "cost",
    "cross_validation",
    "design",
    "fit",
    "gradient",
    "path_costs",
    "powers",
    "rescale",
    "ridge",
    "ridge_gradient",
    "split",
]

# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.datasets", "nnbook_utils.plots")


class Samples(NamedTuple):
    """A design matrix, targets, and what messages call them.

    Source: the lab on regression.
    """

    X: Array  # (n, d), the first column all ones
    y: Array  # (n,)
    setting: str


def _samples(seed: int, n: int, d: int) -> list[Samples]:
    """Return the rides of the book, the example of the lab, and made-up samples."""
    rng = np.random.default_rng(seed)
    rides, minutes = datasets.commute()
    made = regression.design_matrix(rng.normal(size=(n, d - 1)).round(2))
    return [
        Samples(regression.design_matrix(rides), minutes, "the rides"),
        Samples(np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 2, 4]), "the example"),
        Samples(made, rng.normal(size=n).round(2), f"{n} samples with {d} columns"),
    ]


# Part 1: least squares ---------------------------------------------------------------


def design(function: Answer, seed: int = 1, n: int = 5, d: int = 3) -> None:
    """Test ``design(X)`` on the example and on other samples.

    Parameters
    ----------
    function : callable, (n, d) -> (n, d + 1)
        The learner's design matrix.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and features.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 1; the book's section on the linear model.
    """
    other = np.random.default_rng(seed).normal(size=(n, d)).round(2)
    for X in (other, np.array([[5, 6], [7, 8]])):
        rows, columns = X.shape
        right = regression.design_matrix(X)
        mistakes = {
            "the column of ones comes last": np.roll(right, -1, axis=1),
            "the column is made of zeros": np.column_stack([np.zeros(rows), X]),
            "the first column is overwritten, and the last one twice": np.column_stack(
                [np.ones(rows), X[:, 1:], X[:, -1]]
            ),
            "the column holds the numbers of the rows": (
                np.column_stack([np.arange(rows), X])
            ),
        }
        expect_result(
            function,
            {"X": X},
            right,
            "your design matrix",
            mistakes=mistakes,
            shapes={
                (rows + 1, columns): "the ones are a column, not a row",
                (rows, columns): "the column of ones is added, it replaces none",
                (columns + 1, rows): "samples are rows, transpose",
            },
        )


def cost(function: Answer, seed: int = 2, n: int = 6, d: int = 3) -> None:
    """Test ``cost(X, y, w)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,) -> float
        The learner's cost.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 1; the book's section on the linear model.
    """
    for X, y, setting in _samples(seed, n, d):
        w = _weights(X, seed)
        residual = X @ w - y
        total = residual @ residual
        mistakes = {
            "the sum is divided by n, and not by 2n": total / len(y),
            "the sum is not divided by anything": total,
            "the sum is divided by 2, and not by 2n": total / 2,
            "the root is taken": np.sqrt(total / len(y)),
            "the sizes of the residuals are added, not their squares": (
                np.abs(residual).sum() / (2 * len(y))
            ),
            "the residuals are added up first, and squared then": (
                residual.sum() ** 2 / (2 * len(y))
            ),
            "the sum is divided by 2d, and not by 2n": total / (2 * len(w)),
        }
        expect_result(
            function,
            {"X": X, "y": y, "w": w},
            costs.mse(X @ w, y),
            "your cost",
            setting=_at(setting, w),
            mistakes=mistakes,
            shapes={(len(y),): "one number is asked for, the sum over the samples"},
        )


def gradient(function: Answer, seed: int = 3, n: int = 6, d: int = 3) -> None:
    """Test ``gradient(X, y, w)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,) -> (d,)
        The learner's gradient of the cost.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 1; the book's section on the normal equations.
    """
    for X, y, setting in _samples(seed, n, d):
        w = _weights(X, seed)
        expect_result(
            function,
            {"X": X, "y": y, "w": w},
            _gradient(X, y, w),
            "your gradient",
            setting=_at(setting, w),
            mistakes=_wrong_gradients(X, y, w),
            shapes={
                (len(y),): "an entry for each weight: is the transposed X missing?"
            },
        )


def fit(function: Answer, seed: int = 4, n: int = 8, d: int = 3) -> None:
    """Test ``fit(X, y)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,) -> (d,)
        The learner's weights of least squares.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns, n at least d.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 1; the book's section on the normal equations.
    """
    for X, y, setting in _samples(seed, n, d):
        right = regression.least_squares(X, y).weights
        square, target = X.T @ X, X.T @ y
        mistakes = {
            "only one side of the equations is divided by n": right / len(y),
            "only one side of the equations is divided by n: the left one": (
                right * len(y)
            ),
            "the columns are fitted one at a time, as if they were perpendicular": (
                target / np.diag(square)
            ),
            "X^T y is returned, and no equation is solved": target,
            "X^T X is applied, and not undone": square @ target,
            "the bias is forced to zero": np.append(
                0, regression.least_squares(X[:, 1:], y).weights
            ),
            "the sign is turned round": -right,
        }
        expect_result(
            function,
            {"X": X, "y": y},
            right,
            "your weights",
            setting=f"on {setting}",
            mistakes=mistakes,
            shapes={
                (len(y),): "the weights are asked for, not the fitted values",
                (X.shape[1] - 1,): "the bias is one of the weights, the first",
            },
            tolerance=1e-8,
        )


# Part 2: curves ----------------------------------------------------------------------


def powers(function: Answer, seed: int = 5, n: int = 4, degree: int = 3) -> None:
    """Test ``powers(x, degree)`` on the example and on other values.

    Parameters
    ----------
    function : callable, (n,), int -> (n, degree + 1)
        The learner's powers, the zeroth first.
    seed : int
        Which numbers to try it on.
    n : int
        How many values.
    degree : int
        The highest power.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 2; the book's section on polynomials.
    """
    other = np.random.default_rng(seed).uniform(-2, 2, n).round(2)
    for x, m in ((np.array([2, -1]), 3), (other, degree)):
        right = regression.polynomial_features(x, m)
        mistakes = {
            "the highest power comes first": right[:, ::-1],
            "the powers start at 1: the column of ones is missing": x[:, np.newaxis]
            ** np.arange(1, m + 2),
            "x is multiplied by the exponents, and not raised to them": (
                x[:, np.newaxis] * np.arange(m + 1)
            ),
        }
        expect_result(
            function,
            {"x": x, "degree": m},
            right,
            "your array of powers",
            mistakes=mistakes,
            shapes={
                (len(x), m): f"the powers 0 to {m} are {m + 1} columns",
                (m + 1, len(x)): "samples are rows, transpose",
            },
        )


def rescale(function: Answer, seed: int = 6, n: int = 5, m: int = 4) -> None:
    """Test ``rescale(x_train, x_new)`` on the example and on other values.

    Parameters
    ----------
    function : callable, (n,), (m,) -> (n,), (m,)
        The learner's map of the training set's range to [-1, 1], of both.
    seed : int
        Which numbers to try it on.
    n, m : int
        How many training values and new ones, n at least 2.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 2; the book's section on polynomials.
    """
    rng = np.random.default_rng(seed)
    other = rng.uniform(0, 9, n).round(2), rng.uniform(-4, 14, m).round(2)
    for train, new in ((np.array([2, 6, 4]), np.array([3, 8])), other):
        low, high = train.min(), train.max()
        middle, half = (low + high) / 2, (high - low) / 2
        every = np.append(train, new)
        # Each a middle and a scale: x goes to (x - middle) / scale.
        maps = {
            "the range of both together is used: the new values were looked at": (
                (every.min() + every.max()) / 2,
                (every.max() - every.min()) / 2,
            ),
            "the values are mapped to [0, 1]": (low, 2 * half),
            "the range is divided by as a whole: the values reach from -1/2 to 1/2": (
                middle,
                2 * half,
            ),
            "mean and standard deviation are used, and not the range": (
                train.mean(),
                train.std(),
            ),
            "the mean is subtracted: the middle of the range is (low + high) / 2": (
                train.mean(),
                half,
            ),
            "the values are divided by the largest": (0, high),
        }
        right = (train - middle) / half, (new - middle) / half
        trains = {name: (train - m) / scale for name, (m, scale) in maps.items()}
        news = {name: (new - m) / scale for name, (m, scale) in maps.items()}
        news["the new values are cut off at -1 and 1"] = right[1].clip(-1, 1)
        news["the new values are returned as they came"] = new
        if len(new) > 1:
            news["the new values are mapped by their own range"] = (
                2 * (new - new.min()) / (new.max() - new.min()) - 1
            )
        expect_pair(
            function,
            {"x_train": train, "x_new": new},
            ("u_train", right[0], trains),
            ("u_new", right[1], news),
            returned="u_train, u_new",
        )


# Part 3: ridge regression ------------------------------------------------------------


def ridge_gradient(function: Answer, seed: int = 7, n: int = 6, d: int = 3) -> None:
    """Test ``ridge_gradient(X, y, w, lambda_)`` on the example and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float -> (d,)
        The learner's gradient of the cost with a penalty.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 3; the book's section on ridge regression.
    """
    for X, y, setting in _samples(seed, n, d):
        w, lambda_ = _weights(X, seed), 0.3
        plain = _gradient(X, y, w)
        free = np.append(0.0, w[1:])  # the bias is free
        mistakes = {
            "the bias w[0] is penalised, too": plain + lambda_ * w,
            "lambda is lost and a 2 has come in: the gradient of "
            "lambda/2 w^2 is lambda w": plain + 2 * free,
            "the half of the penalty is forgotten: it cancels the 2": (
                plain + 2 * lambda_ * free
            ),
            "the half of the penalty is kept: it cancels the 2": plain
            + lambda_ / 2 * free,
            "the penalty is divided by n": plain + lambda_ / len(y) * free,
            "lambda is lost": plain + free,
            "the penalty is left out": plain,
            "the penalty is subtracted": plain - lambda_ * free,
            "the last weight is free instead of the first": (
                plain + lambda_ * np.append(w[:-1], 0)
            ),
            "lambda itself is added, and not lambda w": (
                plain + lambda_ * (np.arange(len(w)) > 0)
            ),
            "only the gradient of the penalty is returned": lambda_ * free,
        }
        for name, wrong in _wrong_gradients(X, y, w).items():
            mistakes[name] = wrong + lambda_ * free
        expect_result(
            function,
            {"X": X, "y": y, "w": w, "lambda_": lambda_},
            plain + lambda_ * free,
            "your gradient",
            setting=f"{_at(setting, w)} and lambda = {lambda_}",
            mistakes=mistakes,
        )


def ridge(function: Answer, seed: int = 8, n: int = 8, d: int = 3) -> None:
    """Test ``ridge(X, y, lambda_)``, also on dependent columns.

    Parameters
    ----------
    function : callable, (n, d), (n,), float -> (d,)
        The learner's weights of ridge regression.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns; d may be more than n.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 3; the book's section on ridge regression.
    """
    cases = [(*sample, 0.3) for sample in _samples(seed, n, d)]
    rides, minutes, _, _ = cases[0]
    twice = np.column_stack([rides, 2 * rides[:, 1]])
    cases.append((twice, minutes, "the rides with a column of half kilometres", 0.01))
    for X, y, setting, lambda_ in cases:
        n_here, columns = X.shape
        D = np.diag(np.append(0.0, np.ones(columns - 1)))

        square, target = X.T @ X / n_here, X.T @ y / n_here

        def solved(A: Array, b: Array) -> Array:
            # A wrong matrix may be singular.
            return np.linalg.lstsq(A, b, rcond=None)[0]

        right = regression.ridge(X, y, lambda_)
        last_free = np.diag(np.append(np.ones(columns - 1), 0.0))
        matrices = {
            "the bias w[0] is penalised, too": lambda_ * np.eye(columns),
            "lambda stands beside X^T X without the 1/n": lambda_ / n_here * D,
            "lambda is multiplied by n, though X^T X is divided by it": (
                lambda_ * n_here * D
            ),
            "the penalty is counted twice, 2 lambda": 2 * lambda_ * D,
            "the penalty is halved, lambda / 2": lambda_ / 2 * D,
            "lambda is squared": lambda_**2 * D,
            "the last weight is free instead of the first": lambda_ * last_free,
            "lambda is added to all entries, and not only to the diagonal": (
                np.full((columns, columns), lambda_)
            ),
            "the penalty is subtracted": -lambda_ * D,
        }
        mistakes = {
            name: solved(square + penalty, target) for name, penalty in matrices.items()
        }
        mistakes |= {
            "there is no penalty: this is least squares": (
                regression.least_squares(X, y).weights
            ),
            "only X^T X is divided by n, and X^T y is not": right * n_here,
            "only X^T y is divided by n, and X^T X is not": solved(
                n_here * square + lambda_ * D, target
            ),
        }
        expect_result(
            function,
            {"X": X, "y": y, "lambda_": lambda_},
            right,
            "your weights",
            setting=f"on {setting} with lambda = {lambda_}",
            mistakes=mistakes,
            tolerance=1e-8,
        )


# Part 4: choosing the strength of the penalty ----------------------------------------


def split(function: Answer, seed: int = 9, n: int = 8, size: int = 3) -> None:
    """Test ``split(X, y, order, size)`` on the example and on other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (n,), int -> four arrays
        The learner's training set and validation set.
    seed : int
        Which numbers to try it on.
    n, size : int
        How many samples, and how many of them for validation.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 4; the book's section on polynomials.
    """
    rng = np.random.default_rng(seed)
    other = rng.normal(size=(n, 2)).round(2), rng.normal(size=n).round(2)
    example = np.array([[1, 10], [1, 11], [1, 12], [1, 13]]), np.array([50, 51, 52, 53])
    for X, y, order, m in (
        (*example, np.array([2, 0, 3, 1]), 2),
        (*other, rng.permutation(n), size),
    ):
        val, train = order[:m], order[m:]
        # For each mistake the rows of the training set and those for validation.
        rows = {
            "the sets have changed places: the first rows are for validation": (
                val,
                train,
            ),
            "the order is not used: the rows are taken as they stand": (
                np.arange(m, len(y)),
                np.arange(m),
            ),
            "the last rows of the order are the validation set": (
                order[:-m],
                order[-m:],
            ),
            "all samples are in the training set": (order, val),
            "the rows are sorted, and not in the order given": (
                np.sort(train),
                np.sort(val),
            ),
        }
        parts = []
        for k, (name, right) in enumerate((("train", train), ("val", val))):
            wrong = {words: pair[k] for words, pair in rows.items()}
            unmoved = y[m:] if name == "train" else y[:m]
            alone = {"the targets are not taken in the order of the rows": unmoved}
            of_X = {words: X[taken] for words, taken in wrong.items()}
            of_y = {words: y[taken] for words, taken in wrong.items()}
            parts.append((f"X_{name}", X[right], of_X))
            parts.append((f"y_{name}", y[right], alone | of_y))
        expect_pair(
            function,
            {"X": X, "y": y, "order": order, "size": m},
            *parts,
            returned="X_train, y_train, X_val, y_val",
        )


def path_costs(
    function: Answer, seed: int = 10, n: int = 6, d: int = 3, k: int = 4
) -> None:
    """Test ``path_costs(X, y, W)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (k, d) -> (k,)
        The learner's costs of many weight vectors.
    seed : int
        Which numbers to try it on.
    n, d, k : int
        How many samples, columns, and weight vectors.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 4; the book's section on ridge regression.
    """
    rng = np.random.default_rng(seed)
    for X, y, setting in _samples(seed, n, d):
        W = rng.normal(size=(k, X.shape[1])).round(2)
        if setting == "the example":
            W = np.array([[1, 3], [1, 1]])
        residuals = W @ X.T - y
        right = np.array([costs.mse(X @ w, y) for w in W])
        mistakes = {
            "the sums are divided by n, and not by 2n": 2 * right,
            "the sums are not divided by anything": 2 * len(y) * right,
            "the sums are divided by 2k, the number of weight vectors": (
                right * len(y) / len(W)
            ),
            "the roots are taken": np.sqrt(2 * right),
            "the squared weights are added: no penalty is asked for": (
                right + (W**2).sum(axis=1) / 2
            ),
            "the sizes of the residuals are added, not their squares": (
                np.abs(residuals).mean(axis=1) / 2
            ),
            "the residuals are added up first, and squared then": (
                residuals.sum(axis=1) ** 2 / (2 * len(y))
            ),
        }
        if len(W) > 1:
            mistakes["only the first weight vector is used"] = np.full(len(W), right[0])
        expect_result(
            function,
            {"X": X, "y": y, "W": W},
            right,
            "your array of costs",
            setting=f"on {setting} with {len(W)} weight vectors",
            mistakes=mistakes,
            shapes={
                (): "one cost for each row of W",
                (len(y),): "one cost for each row of W, summed over the samples",
                (len(W), len(y)): "the sum over the samples is missing",
                (len(y), len(W)): "the sum over the samples is missing",
            },
        )


def choose(function: Answer, seed: int = 11, k: int = 7) -> None:
    """Test ``choose(lambdas, training, validation)`` on the example and another path.

    Parameters
    ----------
    function : callable, (k,), (k,), (k,) -> float
        The learner's choice.
    seed : int
        Which numbers to try it on.
    k : int
        How many strengths, at least 5.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 4; the book's section on ridge regression.
    """
    rng = np.random.default_rng(seed)
    training = np.sort(rng.uniform(1, 2, k)).round(3)
    validation = (3 + rng.uniform(0, 1, k)).round(3)
    validation[k // 2] = 2.5
    made = np.logspace(-3, 3, k).round(4), training, validation
    example = [0.02, 0.2, 2, 20], [2, 3, 7, 8], [9, 4, 8, 8.5]
    for lambdas, train, val in (made, map(np.array, example)):
        best = int(np.argmin(val))
        expect_result(
            function,
            {"lambdas": lambdas, "training": train, "validation": val},
            lambdas[best],
            "your choice",
            mistakes={
                "the place in the array is returned, and not the strength": best,
                "the training cost takes part: it always votes for the smallest": (
                    lambdas[train.argmin()]
                ),
                "the highest validation cost is taken": lambdas[val.argmax()],
                "the validation cost is returned, and not the strength": val[best],
                "the largest strength is taken": lambdas[-1],
            },
        )


# Part 6: optional --------------------------------------------------------------------


def cross_validation(function: Answer) -> None:
    """Test ``cross_validation(X, y, order, k, lambdas)`` on the rides and others.

    Parameters
    ----------
    function : callable, (n, d), (n,), (n,), int, (m,) -> (m,)
        The learner's mean validation costs.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on regression, part 6; Stone (1974).
    """
    for X, y, setting in _samples(12, 14, 3)[::2]:
        order = np.random.default_rng(len(y)).permutation(len(y))
        lambdas = np.array([0.01, 0.1, 1.0])
        held_out, fitted = [], []
        for part in np.array_split(order, 3):
            rest = np.setdiff1d(order, part)
            W = [regression.ridge(X[rest], y[rest], strength) for strength in lambdas]
            held_out.append([costs.mse(X[part] @ w, y[part]) for w in W])
            fitted.append([costs.mse(X[rest] @ w, y[rest]) for w in W])
        expect_result(
            function,
            {"X": X, "y": y, "order": order, "k": 3, "lambdas": lambdas},
            np.mean(held_out, axis=0),
            "your array of mean validation costs",
            setting=f"on {setting} in 3 parts",
            mistakes={
                "the costs of the training parts are averaged": np.mean(fitted, axis=0),
                "only the last part is used": held_out[-1],
                "the costs are added up, and not averaged": np.sum(held_out, axis=0),
            },
            tolerance=1e-8,
        )


# What several tests need -------------------------------------------------------------


def _weights(X: Array, seed: int) -> Array:
    """Return weights to try a function at: the lab's on its example."""
    if X.shape == (3, 2):
        return np.array([1, 3])
    return np.random.default_rng(seed).normal(size=X.shape[1]).round(2)


def _at(setting: str, w: Array) -> str:
    return f"on {setting} at w = {w.tolist()}"


def _gradient(X: Array, y: Array, w: Array) -> Array:
    return costs.linear_gradient(costs.mse_gradient, X, y)(w)


def _wrong_gradients(X: Array, y: Array, w: Array) -> dict[str, Array]:
    right = _gradient(X, y, w)
    return {
        "the sum over the samples is not divided by n": len(y) * right,
        "the residual is y - X w, so that the sign is turned round": -right,
        "the half of the cost is forgotten: it cancels the 2": 2 * right,
        "the half is kept: it cancels the 2": right / 2,
        "the sum is divided by the number of weights": right * len(y) / len(w),
        "the targets are not subtracted": X.T @ (X @ w) / len(y),
        "X^T is left out, and the mean residual is used for every weight": np.full(
            len(w), (X @ w - y).mean()
        ),
    }
