"""The tests of the lab on gradient descent, a race into the valley.

Every test takes the learner's function, a seed and sizes; the hidden tests of the lab
call the same functions with others. The right answers come from `nnbook_utils`, the
wrong ones from the mistakes that are named beside them.
"""

from typing import Any

import numpy as np

from nnbook_utils import costs, datasets, optimizers, regression
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    call,
    expect,
    expect_pair,
    expect_result,
    expect_run,
    told,
)

__all__ = [
    "IMPORTS",
    "adam_step",
    "averaged_step",
    "backtrack",
    "batch_gradient",
    "descend",
    "epoch",
    "gd_step",
    "nesterov_step",
    "rmsprop_step",
    "schedule",
    "step_bound",
]

# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.datasets", "nnbook_utils.plots")


# Part 1: how long a step -------------------------------------------------------------


def step_bound(function: Answer, seed: int = 1, n: int = 6, d: int = 3) -> None:
    """Test ``step_bound(X)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d) -> float
        The learner's bound on the step size.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 1; the book's theorem on the step bound.
    """
    rides, _ = datasets.commute()
    other = np.random.default_rng(seed).normal(size=(n, d)).round(2)
    for X, setting in (
        (regression.design_matrix(rides), "on the rides"),
        (np.array([[2, 0], [0, 4]]), "on the example"),
        (other, f"on {n} samples with {d} columns"),
    ):
        rows = len(X)
        eigenvalues = np.linalg.eigvalsh(X.T @ X / rows)
        L = eigenvalues[-1]
        diagonal = np.diag(X.T @ X) / rows
        mistakes = {
            "1/L is taken: descent converges up to twice that": 1 / L,
            "X^T X is not divided by n": 2 / (rows * L),
            "L itself is returned": L,
            "half of L is returned: the bound is 2/L": L / 2,
            "the singular values of X are not squared": 2 / np.sqrt(rows * L),
            "the root of L is taken": 2 / np.sqrt(L),
            "the sum of the eigenvalues is taken, and not the largest": (
                2 / eigenvalues.sum()
            ),
            "the largest entry of the diagonal is taken for the largest eigenvalue": (
                2 / diagonal.max()
            ),
        }
        if len(X) >= X.shape[1]:
            mistakes |= {
                "the smallest eigenvalue is taken: the steepest direction sets the "
                "bound": 2 / eigenvalues[0],
                "the best step size for a known valley is taken, 2/(L + mu)": (
                    2 / (L + eigenvalues[0])
                ),
            }
        expect_result(
            function,
            {"X": X},
            2 / L,
            "your bound",
            setting=setting,
            mistakes=mistakes,
            shapes={(X.shape[1],): "one bound for all directions, the strictest"},
        )


def gd_step(function: Answer, seed: int = 2, d: int = 4) -> None:
    """Test ``gd_step(w, gradient, eta)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), float -> (d,)
        The learner's step.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 1; Cauchy (1847).
    """
    other = np.random.default_rng(seed).normal(size=(2, d)).round(2)
    for w, g, eta in ((*other, 0.3), (np.array([1, 2]), np.array([10, -20]), 0.1)):
        right, _ = optimizers.gd_step(w, None, g, eta=eta)
        expect_result(
            function,
            {"w": w, "gradient": g, "eta": eta},
            right,
            "your array of weights",
            mistakes={
                "the step goes up, along the gradient instead of against it": (
                    w + eta * g
                ),
                "eta is left out": w - g,
                "the gradient is divided by eta": w - g / eta,
                "the gradient is brought to length 1": w - eta * g / np.linalg.norm(g),
                "the step is returned, and not where it leads": -eta * g,
                "only the sign of the gradient is used": w - eta * np.sign(g),
                "the weights have not moved": w,
                "the weights shrink, too": (1 - eta) * w - eta * g,
            },
        )


def _right_step(w: Array, gradient: Array, eta: float) -> Array:
    return w - eta * gradient


def descend(
    function: Answer,
    step: Answer = _right_step,
    seed: int = 3,
    n: int = 6,
    d: int = 3,
) -> None:
    """Test ``descend(X, y, w0, etas)`` on the example, the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), (steps,) -> (steps + 1, d)
        The learner's run, which returns all iterates.
    step : callable, (d,), (d,), float -> (d,), optional
        The learner's single step: a run that is right with it passes.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and columns.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 1; Cauchy (1847).
    """
    rng = np.random.default_rng(seed)
    rides, minutes = datasets.commute()
    other = rng.normal(size=(n, d)).round(2), rng.normal(size=n).round(2)
    for X, y, setting in (
        (regression.design_matrix(rides), minutes, "on the rides"),
        (*other, f"on {n} samples with {d} columns"),
        (np.array([[2]]), np.array([4]), "on the example"),
    ):
        L = np.linalg.eigvalsh(X.T @ X / len(X))[-1]
        etas = np.array([0.9, 0.5, 1.2, 0.3, 0.7]) / L
        w0 = rng.normal(size=X.shape[1]).round(2)
        if setting == "on the example":
            w0, etas = np.array([0]), np.array([0.1, 0.5])
        gradient = costs.linear_gradient(costs.mse_gradient, X, y)

        def run(
            etas: Any,
            scale: float = 1.0,
            gradient: Any = gradient,
            w0: Array = w0,
        ) -> Array:
            return optimizers.gradient_descent(
                lambda w: scale * gradient(w),
                w0,
                eta=lambda t: float(etas[t - 1]),
                steps=len(etas),
            )

        def with_own_step(
            etas: Array = etas, gradient: Any = gradient, w0: Array = w0
        ) -> Array:
            iterates = [w0]
            for eta in etas:
                w = iterates[-1]
                # On a copy: the step may write into its arguments.
                iterates.append(np.asarray(step(w.copy(), gradient(w), eta)))
            return np.array(iterates)

        right = run(etas)
        mistakes = {
            "the step goes up, along the gradient instead of against it": (
                run(etas, scale=-1)
            ),
            "the gradient is not divided by n": run(etas, scale=len(X)),
            "the gradient is taken without the half of the cost, twice as long": (
                run(etas, scale=2)
            ),
            "every step uses the first step size": run(np.full(len(etas), etas[0])),
            "the step sizes come in the reverse order": run(etas[::-1]),
            "the first step uses the second step size": run(np.roll(etas, -1)),
            "the gradient is that of the start in every step": w0
            - np.append(0, np.cumsum(etas))[:, np.newaxis] * gradient(w0),
        }
        expect_run(
            function,
            {"X": X, "y": y, "w0": w0, "etas": etas},
            right,
            setting,
            mistakes=mistakes,
            own=with_own_step,
        )


# Part 2: short steps, few samples ----------------------------------------------------


def schedule(function: Answer, seed: int = 4, steps: int = 6) -> None:
    """Test ``schedule(name, C, steps)`` for all three names.

    Parameters
    ----------
    function : callable, str, float, int -> (steps,)
        The learner's step sizes.
    seed : int
        Which constants to try.
    steps : int
        How many steps, at least 2.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 2; Robbins and Monro (1951).
    """
    rng = np.random.default_rng(seed)
    for C, m in ((6, 4), (round(rng.uniform(0.1, 0.9), 2), steps)):
        t = np.arange(1.0, m + 1)
        formulae = {
            "root": (C / np.sqrt(t), "C / sqrt(t)"),
            "inverse": (C / t, "C / t"),
            "constant": (np.full(m, float(C)), "C"),
        }
        for name, (right, _) in formulae.items():
            mistakes = {
                f"this is {formula}, which belongs to another name": other
                for key, (other, formula) in formulae.items()
                if key != name
            }
            power = {"root": 0.5, "inverse": 1.0, "constant": 0.0}[name]
            mistakes |= {
                "the steps are counted from 2: the first one is t = 1": (
                    C / (t + 1) ** power
                ),
                "the root is taken of C, too": np.sqrt(C / t),
                "it is divided by t squared": C / t**2,
                "the step sizes grow with t": C * t**power,
                "the number of steps stands in the place of t": (
                    np.full(m, C / m**power)
                ),
                "the step sizes come in the reverse order": right[::-1],
                "the constant is left out": right / C,
            }
            expect_result(
                function,
                {"name": name, "C": C, "steps": m},
                right,
                "your array of step sizes",
                mistakes=mistakes,
                shapes={(): "one step size for every step"},
            )


def epoch(function: Answer, seed: int = 5, n: int = 11, b: int = 4) -> None:
    """Test ``epoch(order, b)`` on the example and on another order.

    Parameters
    ----------
    function : callable, (n,), int -> list of arrays
        The learner's batches.
    seed : int
        Which order to try.
    n, b : int
        How many rows, and how many of them make a batch.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 2; the book's section on minibatches.
    """
    other = np.random.default_rng(seed).permutation(n)
    for order, size in ((other, b), (np.array([4, 0, 3, 1, 2]), 2)):
        arguments = {"order": order, "b": size}
        setting = f"with {told(arguments)}"
        came = call(function, arguments, setting)
        right = [order[k : k + size] for k in range(0, len(order), size)]
        if not isinstance(came, list | tuple | np.ndarray):
            raise AssertionError(
                f"your epoch {setting} is {type(came).__name__}, expected a list of "
                "batches"
            )
        if len(came) != len(right):
            reason = {
                len(order) // size: ": the last batch may be shorter, but it counts",
                len(order) - size + 1: ": no row belongs to two batches",
                len(order): ": are these the rows, one by one?",
                size: ": b is the size of a batch, and not the number of batches",
            }.get(len(came), "")
            raise AssertionError(
                f"your epoch {setting} has {len(came)} batches, expected "
                f"{len(right)}{reason}"
            )
        for k, (batch, rows) in enumerate(zip(came, right, strict=True)):
            what = f"batch {k} of your epoch {setting}"
            if k == len(right) - 1 and len(rows) < np.size(batch) == size:
                raise AssertionError(
                    f"{what} has {size} rows, expected {len(rows)}: the last batch is "
                    "shorter, and is not filled up"
                )
            expect(
                batch,
                rows,
                what,
                mistakes={
                    "the rows are taken as they stand, and not in the order given": (
                        np.arange(k * size, k * size + len(rows))
                    ),
                    "the rows of a batch are sorted": np.sort(rows),
                    "every batch takes each second, third, ... row of the order": (
                        order[k :: len(right)][: len(rows)]
                    ),
                    "the order is read backwards": order[::-1][
                        k * size : k * size + len(rows)
                    ],
                    "every batch is the first one": order[: len(rows)],
                },
            )


def batch_gradient(
    function: Answer, seed: int = 6, n: int = 7, d: int = 3, b: int = 3
) -> None:
    """Test ``batch_gradient(X, y, w, rows)`` on the example and on other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), (b,) -> (d,)
        The learner's gradient of a batch.
    seed : int
        Which numbers to try it on.
    n, d, b : int
        How many samples and columns, and how many samples make the batch.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 2; the book's section on minibatches.
    """
    rng = np.random.default_rng(seed)
    other = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)
    example = ([[1, 0], [1, 1], [1, 2]], [1, 2, 4], [1, 3], [1, 2])
    for X, y, w, rows in (
        (*(part.round(2) for part in other), rng.permutation(n)[:b]),
        tuple(np.array(part) for part in example),
    ):
        size = len(rows)
        gradient = costs.linear_gradient(costs.mse_gradient, X, y)
        right = gradient(w, rows)
        mistakes = {
            "the sum over the batch is divided by n, and not by b": (
                right * size / len(y)
            ),
            "the sign is turned round": -right,
            "all samples are used, and not the batch alone": gradient(w),
            "the half of the cost is forgotten: it cancels the 2": 2 * right,
            "the half of the cost is kept: it cancels the 2": right / 2,
            "the first rows are used, and not the rows of the batch": gradient(
                w, np.arange(size)
            ),
            "only the first row of the batch is used": gradient(w, rows[:1]),
            "the targets are not subtracted": X[rows].T @ X[rows] @ w / size,
        }
        if size > 1:
            mistakes["the sum over the batch is not divided by b"] = size * right
        expect_result(
            function,
            {"X": X, "y": y, "w": w, "rows": rows},
            right,
            "your gradient",
            setting=f"on {len(X)} samples with rows = {rows.tolist()}",
            mistakes=mistakes,
        )


# Part 3: the family ------------------------------------------------------------------


def averaged_step(function: Answer, seed: int = 7, d: int = 3) -> None:
    """Test ``averaged_step(w, m, gradient, eta, alpha)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; it returns the new weights and the new mean.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 3; the book's forms of momentum.
    """
    other = *np.random.default_rng(seed).normal(size=(3, d)).round(2), 0.2, 0.75
    example = np.array([1]), np.array([4]), np.array([2]), 0.1, 0.5
    for w, m, g, eta, alpha in (other, example):
        new = alpha * m + (1 - alpha) * g
        means = {
            "the gradient is added whole, without 1 - alpha": alpha * m + g,
            "alpha and 1 - alpha have changed places": (1 - alpha) * m + alpha * g,
            "the mean is kept whole, without alpha": m + (1 - alpha) * g,
            "eta is in the mean: it belongs to the step": (
                alpha * m + (1 - alpha) * eta * g
            ),
            "the gradient is subtracted: that is the velocity": (
                alpha * m - (1 - alpha) * g
            ),
            "the old mean is forgotten": g,
            "the mean has not changed": m,
        }
        weights = {
            "the weights move by the old mean": w - eta * m,
            "eta is in the mean, and not in the step": (
                w - alpha * m - (1 - alpha) * eta * g
            ),
            "the step goes up": w + eta * new,
            "the weights move by the gradient, and not by the mean": w - eta * g,
            "eta is left out": w - new,
            "the weights have not moved": w,
            **{name: w - eta * wrong for name, wrong in means.items()},
        }
        expect_pair(
            function,
            {"w": w, "m": m, "gradient": g, "eta": eta, "alpha": alpha},
            ("weights", w - eta * new, weights),
            ("mean", new, means),
        )


def nesterov_step(function: Answer, seed: int = 8, d: int = 3) -> None:
    """Test ``nesterov_step(w, v, gradient, eta, alpha)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), (d,), float, float -> (d,), (d,)
        The learner's step; it returns the new look-ahead point and the new velocity.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 3; Nesterov (1983).
    """
    other = *np.random.default_rng(seed).normal(size=(3, d)).round(2), 0.2, 0.75
    example = np.array([1]), np.array([0.4]), np.array([2]), 0.1, 0.5
    for w, v, g, eta, alpha in (other, example):
        right, new = optimizers.nesterov_step(w, v, g, eta=eta, alpha=alpha)
        velocities = {
            "the gradient is added instead of subtracted": alpha * v + eta * g,
            "the velocity is averaged, with 1 - alpha": (
                alpha * v - (1 - alpha) * eta * g
            ),
            "eta is left out of the velocity": alpha * v - g,
            "the velocity is kept whole, without alpha": v - eta * g,
            "the old velocity is left out": -eta * g,
            "alpha and eta have changed places": eta * v - alpha * g,
        }
        weights = {
            "the weights move by the velocity: that is the heavy ball": w + new,
            "the second gradient term is left out": w + alpha * new,
            "alpha is left out before the velocity": w + new - eta * g,
            "the second gradient term is added": w + alpha * new + eta * g,
            "the weights have not moved": w,
            **{name: w + alpha * wrong - eta * g for name, wrong in velocities.items()},
        }
        expect_pair(
            function,
            {"w": w, "v": v, "gradient": g, "eta": eta, "alpha": alpha},
            ("weights", right, weights),
            ("velocity", new, velocities),
        )


def rmsprop_step(function: Answer, seed: int = 9, d: int = 3) -> None:
    """Test ``rmsprop_step(w, s, gradient, eta, rho, delta)``, one step on its own.

    Parameters
    ----------
    function : callable, (d,), (d,), (d,), float, float, float -> (d,), (d,)
        The learner's step; it returns the new weights and the new mean of squares.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 3; Tieleman and Hinton (2012).
    """
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=d).round(2), rng.uniform(0.1, 1, d).round(2)
    # A large delta, so that where it stands makes a difference that can be seen.
    other = *positions, rng.normal(size=d).round(2), 0.2, 0.75, 0.3
    example = np.array([1]), np.array([14]), np.array([2]), 0.3, 0.5, 0.0
    for w, s, g, eta, rho, delta in (other, example):
        new = rho * s + (1 - rho) * g**2
        right = w - eta * g / (delta + np.sqrt(new))
        squares = {
            "the squares are added up, as in AdaGrad": s + g**2,
            "rho and 1 - rho have changed places": (1 - rho) * s + rho * g**2,
            "the square is added whole, without 1 - rho": rho * s + g**2,
            "the gradient is not squared": rho * s + (1 - rho) * g,
            "the old mean is forgotten": g**2,
            "the mean of squares has not changed": s,
            "the squares are averaged over all weights": rho * s
            + (1 - rho) * np.mean(g**2),
        }
        weights = {
            "the step is divided by the old mean": w - eta * g / (delta + np.sqrt(s)),
            "delta stands inside the root": w - eta * g / np.sqrt(delta + new),
            "the root is forgotten": w - eta * g / (delta + new),
            "the step goes up": w + eta * g / (delta + np.sqrt(new)),
            "the step is not divided by anything": w - eta * g,
            "delta is left out": w - eta * g / np.sqrt(new),
            "the weights have not moved": w,
        }
        for name, wrong in squares.items():
            with np.errstate(invalid="ignore"):
                weights.setdefault(name, w - eta * g / (delta + np.sqrt(wrong)))
        expect_pair(
            function,
            {"w": w, "s": s, "gradient": g, "eta": eta, "rho": rho, "delta": delta},
            ("weights", right, weights),
            ("mean of squares", new, squares),
        )


def adam_step(function: Answer, seed: int = 10, d: int = 3, t: int = 4) -> None:
    """Test ``adam_step(w, m, s, t, gradient, eta, beta1, beta2, delta)``.

    Parameters
    ----------
    function : callable, three (d,), int, (d,), four float -> three (d,)
        The learner's step; it returns the new weights and both new means.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.
    t : int
        The number of the step, 1 for the first.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 3; Kingma and Ba (2015).
    """
    rng = np.random.default_rng(seed)
    w, g, m = rng.normal(size=(3, d)).round(2)
    s = rng.uniform(0.1, 1, d).round(2)
    if t == 1:
        m, s = np.zeros(d), np.zeros(d)
    # Large constants, so that each makes a difference that can be seen.
    other = w, m, s, t, g, 0.2, 0.75, 0.6, 0.3
    zero = np.array([0])
    example = np.array([1]), zero, zero, 1, np.array([4]), 0.1, 0.5, 0.5, 0.0
    for w, m, s, step, g, eta, beta1, beta2, delta in (other, example):
        new_m = beta1 * m + (1 - beta1) * g
        new_s = beta2 * s + (1 - beta2) * g**2
        part_m, part_s = 1 - beta1**step, 1 - beta2**step
        means = {
            "beta1 and 1 - beta1 have changed places": (1 - beta1) * m + beta1 * g,
            "the gradient is added whole, without 1 - beta1": beta1 * m + g,
            "beta2 is used in the place of beta1": beta2 * m + (1 - beta2) * g,
            "the corrected mean is stored: the memory is not corrected": (
                new_m / part_m
            ),
            "the old mean is forgotten": g,
            "the mean has not changed": m,
        }
        squares = {
            "beta2 and 1 - beta2 have changed places": (1 - beta2) * s + beta2 * g**2,
            "the square is added whole, without 1 - beta2": beta2 * s + g**2,
            "beta1 is used in the place of beta2": beta1 * s + (1 - beta1) * g**2,
            "the gradient is not squared": beta2 * s + (1 - beta2) * g,
            "the corrected mean of squares is stored: the memory is not corrected": (
                new_s / part_s
            ),
            "the mean of squares has not changed": s,
        }

        def moved(
            m_hat: Array,
            s_hat: Array,
            *,
            w: Array = w,
            eta: float = eta,
            delta: float = delta,
        ) -> Array:
            with np.errstate(invalid="ignore", divide="ignore"):
                return w - eta * m_hat / (delta + np.sqrt(s_hat))

        m_hat, s_hat = new_m / part_m, new_s / part_s
        late = 1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)
        weights = {
            "both corrections are left out": moved(new_m, new_s),
            "the mean m is not corrected": moved(new_m, s_hat),
            "the mean of squares s is not corrected": moved(m_hat, new_s),
            "the corrections count one step too many": (
                moved(new_m / late[0], new_s / late[1])
            ),
            "the corrections multiply instead of dividing": (
                moved(new_m * part_m, new_s * part_s)
            ),
            "the corrections use 1 - beta, without the power t": (
                moved(new_m / (1 - beta1), new_s / (1 - beta2))
            ),
            "the gradient is used in the place of its mean": moved(g, s_hat),
            "delta stands inside the root": w - eta * m_hat / np.sqrt(delta + s_hat),
            "the root is forgotten": w - eta * m_hat / (delta + s_hat),
            "the step goes up": 2 * w - moved(m_hat, s_hat),
            "the step is not divided by anything": w - eta * m_hat,
            "the weights have not moved": w,
        }
        for name, wrong in means.items():
            weights.setdefault(name, moved(wrong / part_m, s_hat))
        for name, wrong in squares.items():
            weights.setdefault(name, moved(m_hat, wrong / part_s))
        expect_pair(
            function,
            {
                "w": w,
                "m": m,
                "s": s,
                "t": step,
                "gradient": g,
                "eta": eta,
                "beta1": beta1,
                "beta2": beta2,
                "delta": delta,
            },
            ("weights", moved(m_hat, s_hat), weights),
            ("mean of gradients", new_m, means),
            ("mean of squares", new_s, squares),
        )


# Part 5: optional --------------------------------------------------------------------


def backtrack(function: Answer) -> None:
    """Test ``backtrack(X, y, w, eta, c)`` on the rides and other samples.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), float, float -> float
        The learner's step size.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on gradient descent, part 5; Armijo (1966).
    """
    rng = np.random.default_rng(11)
    rides, minutes = datasets.commute()
    for X, y, setting in (
        (regression.design_matrix(rides), minutes, "on the rides"),
        (rng.normal(size=(9, 2)), rng.normal(size=9), "on 9 samples with 2 columns"),
    ):
        cost = costs.linear_cost(costs.mse, X, y)
        w = rng.normal(size=X.shape[1]).round(2)
        g = costs.linear_gradient(costs.mse_gradient, X, y)(w)
        for eta, c in ((8.0, 0.3), (8.0, 0.9), (1e-3, 0.5)):
            halved = eta / 2.0 ** np.arange(40)
            promised = [cost(w) - c * h * (g @ g) for h in halved]
            enough = [
                cost(w - h * g) <= p for h, p in zip(halved, promised, strict=True)
            ]
            lower = [cost(w - h * g) <= cost(w) for h in halved]
            k = int(np.argmax(enough))
            expect_result(
                function,
                {"X": X, "y": y, "w": w, "eta": eta, "c": c},
                halved[k],
                "your step size",
                setting=f"{setting} with eta = {eta}, c = {c}",
                mistakes={
                    "it is halved once more than needed": halved[k + 1],
                    "the cost must only fall, by however little": (
                        halved[int(np.argmax(lower))]
                    ),
                },
            )
