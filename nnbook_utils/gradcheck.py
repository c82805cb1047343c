"""Is this gradient right? Ask the function itself, by nudging one entry at a time.

The quotient (f(w + eps) - f(w - eps)) / (2 eps) differs from the derivative for two
reasons that pull in opposite directions. Truncation: the curve is not straight; this
error falls with eps squared. Rounding: two nearly equal numbers are subtracted; this
error grows as eps falls. In between, near 1e-5, some ten digits are right. That is
plenty to tell a mistake from noise.

It takes two evaluations of f for each entry, so use it to check, not to train.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnbook_utils._inputs import Array, number, real_array

__all__ = [  # noqa: RUF022 - in reading order
    "numerical_gradient",
    "GradientCheck",
    "check_gradient",
    "assert_gradient",
]

# Entries are compared with the gradient's largest, but with no less than this: near a
# minimum the gradient vanishes while the error of the quotient does not.
SMALLEST_SCALE = 1e-3


def numerical_gradient(
    f: Callable[[Array], Any], w: ArrayLike, epsilon: float = 1e-4
) -> Array:
    """Estimate the gradient of f at w by central differences.

    Parameters
    ----------
    f : callable, ndarray in the shape of `w` -> float
        The function. It gets a fresh array at each call.
    w : array_like, any shape
        Where.
    epsilon : float, positive
        How far to step to either side, in units of `w`.

    Returns
    -------
    ndarray, the shape of `w`
        Always float64: in float32 the rounding error would drown the difference.

    Raises
    ------
    TypeError
        If `w` is not made of real numbers, or `f` does not return one real number.
    ValueError
        If `w` or a value of `f` is not finite, or `epsilon` is not positive or is lost
        in the rounding of an entry of `w`.

    Source: the book on gradient checking.
    """
    w = real_array(w, "w").astype(np.float64)
    epsilon = number(epsilon, "epsilon", above=0)
    gradient = np.empty_like(w)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += epsilon
        down[index] -= epsilon
        step = float(up[index] - down[index])  # 2 epsilon, but for rounding
        if step == 0:
            raise ValueError(
                f"epsilon is {epsilon}, lost in the rounding of w{list(index)} = "
                f"{w[index]:g}: take a larger epsilon or rescale w"
            )
        gradient[index] = (number(f(up), "f(w)") - number(f(down), "f(w)")) / step
    return gradient


def _largest(array: Array) -> float:
    return float(np.abs(array).max())


class GradientCheck(NamedTuple):
    """What a check of a gradient found; printed, it says so in words.

    Parameters
    ----------
    relative_error : float
        The largest difference between the two gradients, as a share of their largest
        entry (or of 1e-3, if all entries are smaller).
    worst_index : tuple of int
        The entry with that difference.
    analytic : ndarray, the shape of w
        The gradient that was checked.
    numeric : ndarray, the shape of w
        The gradient by central differences.
    ok : bool
        Whether the relative error is within the tolerance.

    Source: the book on gradient checking.
    """

    relative_error: float
    worst_index: tuple[int, ...]
    analytic: Array
    numeric: Array
    ok: bool

    def __str__(self) -> str:
        worst = self.worst_index
        at = f" at w[{', '.join(map(str, worst))}]" if worst else ""
        return (
            f"the gradient {'agrees' if self.ok else 'disagrees'} with central "
            f"differences: relative error {self.relative_error:.1e}, worst{at}: "
            f"{self.analytic[worst]:.8g} against {self.numeric[worst]:.8g}"
            f"{self._common_factor()}"
        )

    def _common_factor(self) -> str:
        """Name the most common mistake: every entry off by the same factor."""
        if self.ok or not (self.analytic.any() and self.numeric.any()):
            return ""
        factor = (self.analytic * self.numeric).sum() / (self.numeric**2).sum()
        rest = _largest(self.analytic - factor * self.numeric)
        if rest > 1e-4 * _largest(self.analytic):
            return ""
        return (
            f"; every entry is {factor:.6g} times what it should be: look for a "
            f"{'wrong sign' if factor < 0 else 'missing factor'}"
        )


def check_gradient(
    f: Callable[[Array], Any],
    gradient: Callable[[Array], ArrayLike],
    w: ArrayLike,
    *,
    epsilon: float = 1e-5,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare a gradient with central differences of its function at one point.

    At a kink of f, such as max(w, 0) at 0, the two differ although nothing is wrong:
    choose another point.

    Parameters
    ----------
    f : callable, ndarray in the shape of `w` -> float
        The function, computed in float64.
    gradient : callable, ndarray in the shape of `w` -> array_like in that shape
        What is claimed to be its gradient.
    w : array_like, any shape, not empty
        Where; a random point tells more than a special one.
    epsilon : float, positive
        How far to step to either side, in units of `w`.
    tolerance : float, positive
        The largest relative error that passes.

    Returns
    -------
    GradientCheck
        Print it to read what was found.

    Raises
    ------
    TypeError
        If `w` or the gradient is not made of real numbers, or `f` does not return one.
    ValueError
        If one of them is not finite, `w` is empty, the gradient has another shape, or
        `epsilon` or `tolerance` is out of range.

    Source: the book on gradient checking.
    """
    w = real_array(w, "w").astype(np.float64)
    if w.size == 0:
        raise ValueError(f"w has shape {w.shape}, expected at least one entry")
    tolerance = number(tolerance, "tolerance", above=0)
    numeric = numerical_gradient(f, w, epsilon)
    analytic = real_array(
        gradient(w.copy()), "gradient(w)", w.shape, hint="it must have the shape of w"
    )
    difference = np.abs(analytic - numeric)
    worst = np.unravel_index(difference.argmax(), w.shape)
    scale = max(_largest(analytic), _largest(numeric), SMALLEST_SCALE)
    error = _largest(difference) / scale
    return GradientCheck(
        error, tuple(map(int, worst)), analytic, numeric, error <= tolerance
    )


def assert_gradient(
    f: Callable[[Array], Any],
    gradient: Callable[[Array], ArrayLike],
    w: ArrayLike,
    *,
    epsilon: float = 1e-5,
    tolerance: float = 1e-6,
) -> None:
    """Raise unless a gradient agrees with central differences at one point.

    Parameters
    ----------
    f : callable, ndarray in the shape of `w` -> float
        The function, computed in float64.
    gradient : callable, ndarray in the shape of `w` -> array_like in that shape
        What is claimed to be its gradient.
    w : array_like, any shape, not empty
        Where; a random point tells more than a special one.
    epsilon : float, positive
        How far to step to either side, in units of `w`.
    tolerance : float, positive
        The largest relative error that passes.

    Raises
    ------
    AssertionError
        If they disagree; the message names the worst entry.
    TypeError, ValueError
        As `check_gradient` does.

    Source: the book on gradient checking.
    """
    check = check_gradient(f, gradient, w, epsilon=epsilon, tolerance=tolerance)
    if not check.ok:
        raise AssertionError(str(check))
