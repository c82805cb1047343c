"""Activation functions and their derivatives, for arrays of any shape.

Each function takes pre-activations `z` and works entry by entry; softmax alone looks at
a whole row. Each has a partner named `..._derivative` that takes the same `z`.

Two rules keep the formulae safe for any finite `z`, however large. The exponential is
only ever taken of something that is not positive, so it cannot overflow. And a formula
such as 1 - tanh(z)^2, where two nearly equal numbers are subtracted, is replaced by an
equal one without the difference, so that the tails keep their digits, also in float32.
"""

# mypy: disable-error-code=no-any-return
# (NumPy's ufuncs are typed as returning Any.)

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnbook_utils._inputs import Array, number, real_array

__all__ = [  # noqa: RUF022 - in reading order
    "identity",
    "identity_derivative",
    "threshold",
    "threshold_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "tanh",
    "tanh_derivative",
    "relu",
    "relu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "softplus",
    "softplus_derivative",
    "hard_tanh",
    "hard_tanh_derivative",
    "softmax",
    "softmax_jacobian",
    "ACTIVATIONS",
]

Formula = Callable[..., Array]


def _checked(formula: Formula) -> Formula:
    """Let a formula for float arrays take anything array-like, and check it."""

    @functools.wraps(formula)
    def checked(z: ArrayLike, *args: Any, **kwargs: Any) -> Array:
        return formula(real_array(z, "z"), *args, **kwargs)

    return checked


@_checked
def identity(z: Array) -> Array:
    """Pass z through: the output of a linear unit.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        A copy of `z`.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on output units.
    """
    return +z  # the plus sign makes the copy


@_checked
def identity_derivative(z: Array) -> Array:
    """1 everywhere.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Ones.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on output units.
    """
    return np.ones_like(z)[()]  # [()] turns an array of no axes into its number


@_checked
def threshold(z: Array) -> Array:
    """1 where z >= 0, else 0: the unit that is on or off. The tie z = 0 is on.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Ones and zeros.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: McCulloch and Pitts (1943).
    """
    return (z >= 0).astype(z.dtype)


@_checked
def threshold_derivative(z: Array) -> Array:
    """0 everywhere; at the jump, where there is no derivative, 0 by convention.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Zeros: no gradient passes a threshold, so it cannot be trained by descent.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on activation functions.
    """
    return np.zeros_like(z)[()]


@_checked
def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), which rises from 0 to 1.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in the open interval (0, 1), up to rounding.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: Rumelhart, Hinton and Williams (1986); the book on sigmoid units.
    """
    # For z < 0 the formula is extended by exp(z), to exp(z) / (exp(z) + 1).
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


@_checked
def sigmoid_derivative(z: Array) -> Array:
    """sigmoid(z) (1 - sigmoid(z)): at most 1/4, at z = 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in (0, 1/4], up to rounding.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on sigmoid units, where it is proved.
    """
    # 1 - sigmoid(z) = sigmoid(-z), so the derivative is even: z may be taken as -|z|.
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@_checked
def tanh(z: Array) -> Array:
    """tanh(z) = 2 sigmoid(2z) - 1: a sigmoid that rises from -1 to 1.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in [-1, 1].

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp".
    """
    return np.tanh(z)


@_checked
def tanh_derivative(z: Array) -> Array:
    """1 - tanh(z)^2, which is also 1 / cosh(z)^2; 1 at z = 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in (0, 1], up to rounding.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on activation functions.
    """
    # The second form: 1 - tanh(z)^2 would cancel as soon as tanh(z) is close to 1.
    e = np.exp(-np.abs(z))
    return (2 * e / (1 + e * e)) ** 2


@_checked
def relu(z: Array) -> Array:
    """max(z, 0): the rectified linear unit.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers that are not negative.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: Nair and Hinton (2010).
    """
    return np.maximum(z, 0)


@_checked
def relu_derivative(z: Array) -> Array:
    """1 where z > 0, else 0. At the kink z = 0 it is 0, as in PyTorch.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Ones and zeros.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on activation functions.
    """
    return (z > 0).astype(z.dtype)


@_checked
def leaky_relu(z: Array, slope: float = 0.01) -> Array:
    """max(z, slope z): a ReLU that never dies, because it leaks for z < 0.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.
    slope : float, from 0 to 1
        The slope for z < 0.

    Returns
    -------
    ndarray, the shape of `z`
        z where z > 0, else slope z.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers, or `slope` is out of range.

    Source: Maas, Hannun and Ng (2013).
    """
    return np.maximum(z, number(slope, "slope", least=0, most=1) * z)


@_checked
def leaky_relu_derivative(z: Array, slope: float = 0.01) -> Array:
    """1 where z > 0, else `slope`, also at the kink z = 0, as in PyTorch.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.
    slope : float, from 0 to 1
        The slope for z <= 0.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers that are 1 or `slope`.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers, or `slope` is out of range.

    Source: the book on activation functions.
    """
    return np.maximum((z > 0).astype(z.dtype), number(slope, "slope", least=0, most=1))


@_checked
def softplus(z: Array) -> Array:
    """log(1 + exp(z)): a smooth ReLU, whose derivative is the sigmoid.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Positive numbers, up to rounding.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: Dugas et al. (2001); the book on activation functions.
    """
    # log(1 + exp(z)) = z + log(1 + exp(-z)): for z > 0 the right side is the safe one.
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


@_checked
def softplus_derivative(z: Array) -> Array:
    """sigmoid(z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in (0, 1), up to rounding.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on activation functions.
    """
    return sigmoid(z)


@_checked
def hard_tanh(z: Array) -> Array:
    """Cut z off at -1 and at 1: a tanh made of three straight pieces.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Numbers in [-1, 1].

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: Collobert (2004).
    """
    return np.clip(z, -1, 1)


@_checked
def hard_tanh_derivative(z: Array) -> Array:
    """1 where -1 < z < 1, else 0, also at the kinks -1 and 1, as in PyTorch.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activations.

    Returns
    -------
    ndarray, the shape of `z`
        Ones and zeros.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers.

    Source: the book on activation functions.
    """
    return (np.abs(z) < 1).astype(z.dtype)


@_checked
def softmax(z: Array, axis: int = -1) -> Array:
    """exp(z_i) / sum_j exp(z_j): scores in, probabilities out.

    Parameters
    ----------
    z : array_like, (..., k) or any shape with at least one axis
        Scores, in rows unless `axis` says otherwise.
    axis : int
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray, the shape of `z`
        Probabilities.

    Raises
    ------
    TypeError, ValueError
        If `z` does not hold finite real numbers, or none along `axis`.

    Source: Bridle (1990); the book on softmax units.
    """
    if not -z.ndim <= axis < z.ndim or z.shape[axis] == 0:
        raise ValueError(
            f"z has shape {z.shape}, expected at least one score along axis {axis}"
        )
    # A shift of all scores changes nothing: numerator and denominator share the factor.
    with np.errstate(over="ignore"):  # a difference of -inf is fine: its exp is 0
        e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(z: ArrayLike) -> Array:
    """diag(p) - p p^T with p = softmax(z): how each probability moves with each score.

    Parameters
    ----------
    z : array_like, (k,)
        The scores of one sample.

    Returns
    -------
    ndarray, (k, k)
        Row i, column j: the derivative of p_i by z_j. Symmetric; each row sums to 0.

    Raises
    ------
    TypeError, ValueError
        If `z` is not one row of finite real numbers.

    Source: Bridle (1990); the book on softmax units.
    """
    p = softmax(real_array(z, "z", ("k",), hint="give the scores of one sample"))
    return np.diag(p) - np.outer(p, p)


ACTIVATIONS: dict[str, tuple[Formula, Formula]] = {
    value.__name__: (inspect.unwrap(value), inspect.unwrap(derivative))
    for value, derivative in [
        (identity, identity_derivative),
        (threshold, threshold_derivative),
        (sigmoid, sigmoid_derivative),
        (tanh, tanh_derivative),
        (relu, relu_derivative),
        (leaky_relu, leaky_relu_derivative),
        (softplus, sigmoid),
        (hard_tanh, hard_tanh_derivative),
    ]
}
"""Value and derivative by name, for the inner loop of a model.

These are the bare formulae: they expect float arrays and check nothing, so that a
batch costs no more than its arithmetic. A model checks what comes in and what comes
out.
"""
