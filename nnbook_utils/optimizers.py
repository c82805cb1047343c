r"""Gradient descent and its descendants: rules, step sizes, batches and one loop.

A **rule** says how one step is made from one gradient. It is a pure function::

    w, state = rule(w, state, gradient, eta=...)

that takes what the rule remembers and gives back what it remembers now; the memory
before the first step is None and stands for zeros. Everything else is shared:
`descend` is the only loop, and a run is nothing more than the array of its iterates.

====================  ===============================================================
rule                  step, with g the gradient at w
====================  ===============================================================
gradient descent      w ← w − η g
momentum              v ← α v − η g,  w ← w + v
Nesterov              v ← α v − η g,  w ← w + α v − η g
AdaGrad               s ← s + g²,  w ← w − η g / (δ + √s)
RMSProp               s ← ρ s + (1 − ρ) g²,  w ← w − η g / (δ + √s)
Adam                  m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,
                      w ← w − η m̂ / (δ + √ŝ)
====================  ===============================================================

Squares, roots and quotients are taken entry by entry.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from nnbook_utils._inputs import Array, number, real_array, whole

__all__ = [  # noqa: RUF022 - in reading order
    "gd_step",
    "momentum_step",
    "nesterov_step",
    "adagrad_step",
    "rmsprop_step",
    "adam_step",
    "RULES",
    "descend",
    "gradient_descent",
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "constant",
    "inverse_sqrt",
    "inverse",
    "step_decay",
    "cyclic",
    "shuffled",
    "with_replacement",
    "without_replacement",
]

Rule = Callable[..., tuple[Array, Any]]
Gradient = Callable[..., Any]
Schedule = Callable[[int], float]
Order = Iterator[Array]


# --- Rules ---------------------------------------------------------------------------


def gd_step(
    w: Array, state: None, gradient: Array, *, eta: float
) -> tuple[Array, None]:
    """Take one step of gradient descent: w ← w − η g.

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        Where we stand.
    state : None
        Gradient descent remembers nothing; the place is kept for the other rules.
    gradient : ndarray, the shape of `w`
        The gradient at `w`, of the whole cost or of a batch.
    eta : float
        Step size, positive.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        Where we stand now.
    state : None

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, or `eta` is not positive.

    Source: Cauchy (1847), Méthode générale pour la résolution des systèmes
    d'équations simultanées.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    return w - eta * gradient, None


def momentum_step(
    w: Array, v: Array | None, gradient: Array, *, eta: float, alpha: float = 0.9
) -> tuple[Array, Array]:
    """Take one step of the heavy ball: v ← α v − η g, then w ← w + v.

    The velocity v is a sum of all steps so far in which old ones fade, so directions
    that keep their sign add up, to 1/(1 − α) times the plain step, and zig-zags
    cancel. Two other forms are in use. PyTorch keeps u = −v/η, the same iterates as
    long as η does not change. The averaged form m ← α m + (1 − α) g, w ← w − η' m
    is the same run with η' = η/(1 − α).

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        Where we stand.
    v : ndarray, the shape of `w`, or None
        Velocity: the last step. None before the first step.
    gradient : ndarray, the shape of `w`
        The gradient at `w`.
    eta : float
        Step size, positive.
    alpha : float, default 0.9
        How much velocity is kept, in [0, 1); 0 is gradient descent.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        Where we stand now.
    v : ndarray, the shape of `w`
        The velocity now.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, `eta` is not positive or `alpha` is
        outside [0, 1).

    Source: Polyak (1964), Some methods of speeding up the convergence of iteration
    methods.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    v = number(alpha, "alpha", least=0, below=1) * _or_zero(v) - eta * gradient
    return w + v, v


def nesterov_step(
    w: Array, v: Array | None, gradient: Array, *, eta: float, alpha: float = 0.9
) -> tuple[Array, Array]:
    """Take one step of Nesterov: v ← α v − η g, then w ← w + α v − η g.

    Nesterov's method asks for the gradient not at the ball's place p but where its
    velocity is about to carry it, at p + α v. Here `w` *is* that look-ahead point, as
    in PyTorch, so the rule needs the gradient at `w` alone, like every other. The
    ball itself is at w − α v.

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        The look-ahead point.
    v : ndarray, the shape of `w`, or None
        Velocity: the ball's last step. None before the first step.
    gradient : ndarray, the shape of `w`
        The gradient at `w`.
    eta : float
        Step size, positive.
    alpha : float, default 0.9
        How much velocity is kept, in [0, 1); 0 is gradient descent.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        The look-ahead point now.
    v : ndarray, the shape of `w`
        The velocity now.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, `eta` is not positive or `alpha` is
        outside [0, 1).

    Source: Nesterov (1983), A method for solving the convex programming problem with
    convergence rate O(1/k²); with a constant alpha, Sutskever et al. (2013), On the
    importance of initialization and momentum in deep learning.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    alpha = number(alpha, "alpha", least=0, below=1)
    v = alpha * _or_zero(v) - eta * gradient
    return w + alpha * v - eta * gradient, v


def adagrad_step(
    w: Array, s: Array | None, gradient: Array, *, eta: float, delta: float = 1e-6
) -> tuple[Array, Array]:
    """Take one step of AdaGrad: s ← s + g², then w ← w − η g / (δ + √s).

    Every weight has a step size of its own, which shrinks with the gradients that the
    weight has seen: rare features keep large steps. It never grows again.

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        Where we stand.
    s : ndarray, the shape of `w`, or None
        Sum of the squared gradients. None before the first step.
    gradient : ndarray, the shape of `w`
        The gradient at `w`.
    eta : float
        Step size, positive; the first step moves every weight by about this much.
    delta : float, default 1e-6
        Keeps the quotient finite, positive. It stands outside the root.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        Where we stand now.
    s : ndarray, the shape of `w`
        The sum of squares now.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, or `eta` or `delta` is not positive.

    Source: Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online
    learning and stochastic optimization.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    s = _or_zero(s) + gradient**2
    return w - eta * gradient / (number(delta, "delta", above=0) + np.sqrt(s)), s


def rmsprop_step(
    w: Array,
    s: Array | None,
    gradient: Array,
    *,
    eta: float,
    rho: float = 0.9,
    delta: float = 1e-6,
) -> tuple[Array, Array]:
    """Take one step of RMSProp: s ← ρ s + (1 − ρ) g², then w ← w − η g / (δ + √s).

    AdaGrad with a memory that fades, so that the steps can grow again.

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        Where we stand.
    s : ndarray, the shape of `w`, or None
        Fading mean of the squared gradients. None before the first step.
    gradient : ndarray, the shape of `w`
        The gradient at `w`.
    eta : float
        Step size, positive.
    rho : float, default 0.9
        How much of the mean is kept, in [0, 1).
    delta : float, default 1e-6
        Keeps the quotient finite, positive. It stands outside the root.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        Where we stand now.
    s : ndarray, the shape of `w`
        The mean of squares now.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, `eta` or `delta` is not positive, or
        `rho` is outside [0, 1).

    Source: Tieleman and Hinton (2012), Neural networks for machine learning, lecture
    6.5.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    rho = number(rho, "rho", least=0, below=1)
    s = rho * _or_zero(s) + (1 - rho) * gradient**2
    return w - eta * gradient / (number(delta, "delta", above=0) + np.sqrt(s)), s


def adam_step(
    w: Array,
    state: tuple[Array, Array, int] | None,
    gradient: Array,
    *,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    delta: float = 1e-8,
) -> tuple[Array, tuple[Array, Array, int]]:
    """Take one step of Adam: momentum in its averaged form, scaled as in RMSProp.

    m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g² are fading means that start at
    zero, hence too small at first. Dividing by the weight that they have gathered,
    m̂ = m/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ) at step t, corrects that. Then
    w ← w − η m̂ / (δ + √ŝ).

    Parameters
    ----------
    w : ndarray, (d,) or any other shape
        Where we stand.
    state : tuple (m, s, t), or None
        The two means, of the shape of `w`, and the number of steps so far. None
        before the first step.
    gradient : ndarray, the shape of `w`
        The gradient at `w`.
    eta : float
        Step size, positive; about the largest move of any weight in one step.
    beta1, beta2 : float, default 0.9 and 0.999
        How much of either mean is kept, in [0, 1).
    delta : float, default 1e-8
        Keeps the quotient finite, positive. It stands outside the root.

    Returns
    -------
    w : ndarray, the shape and float type of the old one
        Where we stand now.
    state : tuple (m, s, t)
        The means and the number of steps now.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If `gradient` has another shape than `w`, `eta` or `delta` is not positive, or
        `beta1` or `beta2` is outside [0, 1).

    Source: Kingma and Ba (2015), Adam: a method for stochastic optimization.
    """
    w, gradient, eta = _ready(w, gradient, eta)
    beta1 = number(beta1, "beta1", least=0, below=1)
    beta2 = number(beta2, "beta2", least=0, below=1)
    m, s, t = (0.0, 0.0, 0) if state is None else state
    m = beta1 * m + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    t = t + 1
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - eta * m_hat / (number(delta, "delta", above=0) + np.sqrt(s_hat)), (
        m,
        s,
        t,
    )


RULES: dict[str, Rule] = {
    "gd": gd_step,
    "momentum": momentum_step,
    "nesterov": nesterov_step,
    "adagrad": adagrad_step,
    "rmsprop": rmsprop_step,
    "adam": adam_step,
}


# Rules run in inner loops. Their checks let what is right pass at once and leave
# everything else to the full checks, which convert it or refuse it with a reason.


def _ready(w: Any, gradient: Any, eta: Any) -> tuple[Array, Array, float]:
    w, gradient = _floats(w, "w"), _floats(gradient, "gradient")
    if gradient.shape != w.shape:
        raise ValueError(
            f"gradient has shape {gradient.shape}, expected {w.shape}, the shape of w: "
            "NumPy would broadcast one over the other"
        )
    return w, gradient.astype(w.dtype, copy=False), number(eta, "eta", above=0)


def _floats(value: Any, name: str) -> Array:
    if isinstance(value, np.ndarray) and value.dtype.char in "df":
        return value
    return real_array(value, name)


def _or_zero(memory: Array | None) -> Array | float:
    return 0.0 if memory is None else memory


# --- The loop ------------------------------------------------------------------------


def descend(
    rule: Rule,
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    batches: Iterable[Any] | None = None,
    step_tolerance: float | None = None,
    gradient_tolerance: float | None = None,
    **constants: float,
) -> Array:
    """Step down from `w0` by `rule` and keep every iterate.

    Parameters
    ----------
    rule : callable, (w, state, gradient, eta=..., ...) -> (w, state)
        How one step is made: one of `RULES`, or your own.
    gradient : callable, (d,) -> (d,)
        The gradient of the cost. With `batches` it is called as gradient(w, rows) and
        gives the gradient of the cost of these rows. It gets a copy of the iterate.
    w0 : array_like, (d,)
        Where to start. float32 stays float32 all the way; all else becomes float64.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule that gives it for step t = 1, 2, ...
    steps : int
        How many steps to take at most.
    batches : iterable of array_like of int, (b,), optional
        The rows for each step: an order such as `cyclic(n)`, or a list that is long
        enough. Without it, every step uses the whole cost.
    step_tolerance : float, optional
        Stop after a step whose Euclidean length is below it, positive.
    gradient_tolerance : float, optional
        Stop at an iterate whose gradient has a Euclidean norm below it, positive. With
        `batches` this is the norm for one batch, which says little about the cost.
    **constants : float
        Handed to `rule`, such as ``alpha=0.9``.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first. The step that met `step_tolerance` is among them.

    Raises
    ------
    TypeError
        If `rule` or `gradient` is not callable, `batches` is not iterable, an argument
        is not a number, or `rule` has no such constant.
    ValueError
        If `eta` is not positive (at any step), `steps` is negative, a tolerance is not
        positive, `w0` is empty or not finite, `gradient` or `rule` returns another
        shape, or `batches` runs out or holds something else than rows.
    FloatingPointError
        If a gradient or a step is no longer finite; the message names the step.

    Source: written for this book; the chapter on gradient descent.
    """
    _require_function(rule, "rule")
    _require_function(gradient, "gradient")
    start = real_array(w0, "w0").copy()
    if start.size == 0:
        raise ValueError("w0 is empty, expected one entry a weight")
    schedule = eta if callable(eta) else constant(eta)
    steps = whole(steps, "steps")
    order = None if batches is None else _iterator(batches)
    step_tolerance = _tolerance(step_tolerance, "step_tolerance")
    gradient_tolerance = _tolerance(gradient_tolerance, "gradient_tolerance")

    w, state, iterates = start, None, [start]
    # What overflows is reported below: NumPy's warnings would say it a second time.
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, steps + 1):
            rate = number(schedule(t), f"eta at step {t}", above=0)
            rows = () if order is None else (_next_rows(order, t, steps),)
            # What others get are copies, so that nobody can spoil the iterates.
            g = gradient(w.copy(), *rows)
            try:
                # Inside the rule an overflow counts even where w stays finite:
                # AdaGrad would divide by an infinite s and never move again.
                with np.errstate(over="raise", invalid="raise", divide="raise"):
                    g = _like(start, g, f"gradient at step {t}")
                    if _shorter(g, gradient_tolerance):
                        break
                    w, state = rule(w.copy(), state, g, eta=rate, **constants)
                    w = _like(start, w, f"w after step {t}")
            except FloatingPointError as error:
                raise _divergence(error, iterates, rate) from None
            iterates.append(w)
            if _shorter(iterates[-1] - iterates[-2], step_tolerance):
                break
    return np.array(iterates)


def _require_function(value: Any, name: str) -> None:
    if not callable(value):
        raise TypeError(f"{name} is {value!r}, expected a function")


def _tolerance(value: float | None, name: str) -> float | None:
    return None if value is None else number(value, name, above=0)


def _shorter(vector: Array, tolerance: float | None) -> bool:
    # hypot, unlike the root of a sum of squares, neither overflows nor underflows.
    return tolerance is not None and math.hypot(*vector) < tolerance


def _iterator(batches: Any) -> Iterator[Any]:
    if not isinstance(batches, Iterable):
        raise TypeError(
            f"batches is {batches!r}, expected an iterable of row numbers, such as "
            "cyclic(n)"
        )
    return iter(batches)


def _next_rows(order: Iterator[Any], t: int, steps: int) -> Array:
    try:
        rows = np.asarray(next(order))
    except StopIteration:
        raise ValueError(
            f"batches ran out after {t - 1} of {steps} steps: give an order without "
            "end, such as cyclic(n), or ask for fewer steps"
        ) from None
    if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
        raise ValueError(
            f"the batch for step {t} is {rows!r}, expected row numbers (b,), at least "
            "one"
        )
    return rows


def _like(start: Array, value: Any, name: str) -> Array:
    """Return a copy of `value` with the shape and the float type of `start`."""
    array = np.asarray(value)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise FloatingPointError(f"{name} is not finite")
    hint = "the shape of w0"
    return real_array(array, name, start.shape, hint=hint).astype(start.dtype)


def _divergence(
    error: FloatingPointError, iterates: list[Array], rate: float
) -> FloatingPointError:
    w, t = iterates[-1], len(iterates)
    advice = "try a smaller eta"
    if t == 1:
        advice = "check the gradient at w0, or " + advice
    return FloatingPointError(
        f"diverged at step {t}: {error}. The last finite iterate has the largest entry "
        f"{np.abs(w).max():.3g}, eta is {rate:.3g}: {advice}"
    )


# --- The loop under the names of its rules -------------------------------------------


def gradient_descent(
    gradient: Gradient, w0: Any, *, eta: float | Schedule, steps: int, **options: Any
) -> Array:
    """Follow the negative gradient from `w0`.

    On a quadratic cost whose largest curvature is L this converges for every
    eta < 2/L and diverges beyond.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend`; FloatingPointError if it diverges.

    Source: Cauchy (1847), Méthode générale pour la résolution des systèmes
    d'équations simultanées; the chapter on gradient descent.
    """
    return descend(gd_step, gradient, w0, eta=eta, steps=steps, **options)


def sgd(
    gradient: Gradient,
    w0: Any,
    batches: Iterable[Any],
    *,
    eta: float | Schedule,
    steps: int,
    **options: Any,
) -> Array:
    """Descend by the gradient of one sample, or one batch of samples, at a time.

    Parameters
    ----------
    gradient : callable, (d,), (b,) -> (d,)
        gradient(w, rows) is the gradient of the cost averaged over these rows.
    w0 : array_like, (d,)
        Where to start.
    batches : iterable of array_like of int, (b,)
        The rows for each step, such as `cyclic(n)` or ``shuffled(n, 32, rng=0)``.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule such as ``inverse_sqrt(0.1)``.
    steps : int
        How many steps, not epochs, to take at most.
    **options
        `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend`; ValueError also if `batches` runs out.

    Source: Robbins and Monro (1951), A stochastic approximation method; the chapter on
    stochastic gradient descent.
    """
    return descend(
        gd_step, gradient, w0, eta=eta, steps=steps, batches=batches, **options
    )


def momentum(
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    alpha: float = 0.9,
    **options: Any,
) -> Array:
    """Descend as a heavy ball does: see `momentum_step`.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start, at rest.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    alpha : float, default 0.9
        How much velocity is kept, in [0, 1).
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend` and `momentum_step`.

    Source: Polyak (1964), Some methods of speeding up the convergence of iteration
    methods; the chapter on momentum and AdaGrad.
    """
    return descend(
        momentum_step, gradient, w0, eta=eta, steps=steps, alpha=alpha, **options
    )


def nesterov(
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    alpha: float = 0.9,
    **options: Any,
) -> Array:
    """Descend by momentum that looks ahead: see `nesterov_step`.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start, at rest.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    alpha : float, default 0.9
        How much velocity is kept, in [0, 1).
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, which are the look-ahead points, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend` and `nesterov_step`.

    Source: Nesterov (1983), A method for solving the convex programming problem with
    convergence rate O(1/k²); the chapter on momentum and AdaGrad.
    """
    return descend(
        nesterov_step, gradient, w0, eta=eta, steps=steps, alpha=alpha, **options
    )


def adagrad(
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    delta: float = 1e-6,
    **options: Any,
) -> Array:
    """Descend with a shrinking step size for every weight: see `adagrad_step`.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    delta : float, default 1e-6
        Keeps the quotient finite, positive.
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend` and `adagrad_step`.

    Source: Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online
    learning and stochastic optimization; the chapter on momentum and AdaGrad.
    """
    return descend(
        adagrad_step, gradient, w0, eta=eta, steps=steps, delta=delta, **options
    )


def rmsprop(
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    rho: float = 0.9,
    delta: float = 1e-6,
    **options: Any,
) -> Array:
    """Descend with a step size for every weight that may grow: see `rmsprop_step`.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    rho : float, default 0.9
        How much of the mean square is kept, in [0, 1).
    delta : float, default 1e-6
        Keeps the quotient finite, positive.
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend` and `rmsprop_step`.

    Source: Tieleman and Hinton (2012), Neural networks for machine learning, lecture
    6.5; the chapter on momentum and AdaGrad.
    """
    return descend(
        rmsprop_step,
        gradient,
        w0,
        eta=eta,
        steps=steps,
        rho=rho,
        delta=delta,
        **options,
    )


def adam(
    gradient: Gradient,
    w0: Any,
    *,
    eta: float | Schedule,
    steps: int,
    beta1: float = 0.9,
    beta2: float = 0.999,
    delta: float = 1e-8,
    **options: Any,
) -> Array:
    """Descend with momentum and a step size for every weight: see `adam_step`.

    Parameters
    ----------
    gradient : callable, (d,) -> (d,)
        The gradient of the cost.
    w0 : array_like, (d,)
        Where to start.
    eta : float, or callable, int -> float
        Step size, positive, or a schedule of step sizes.
    steps : int
        How many steps to take at most.
    beta1, beta2 : float, default 0.9 and 0.999
        How much of the mean gradient and of the mean square is kept, in [0, 1).
    delta : float, default 1e-8
        Keeps the quotient finite, positive.
    **options
        `batches`, `step_tolerance` and `gradient_tolerance`, as in `descend`.

    Returns
    -------
    ndarray, (steps + 1, d), or fewer rows if it stopped early
        The iterates, `w0` first.

    Raises
    ------
    TypeError, ValueError, FloatingPointError
        As in `descend` and `adam_step`.

    Source: Kingma and Ba (2015), Adam: a method for stochastic optimization; the
    chapter on momentum and AdaGrad.
    """
    return descend(
        adam_step,
        gradient,
        w0,
        eta=eta,
        steps=steps,
        beta1=beta1,
        beta2=beta2,
        delta=delta,
        **options,
    )


# --- Schedules: the step size of step t = 1, 2, ... ----------------------------------


def constant(eta: float) -> Schedule:
    """Give every step the same size.

    Parameters
    ----------
    eta : float
        The size, positive.

    Returns
    -------
    callable, int -> float
        The step size of step t = 1, 2, ...

    Raises
    ------
    TypeError
        If `eta` is not a number.
    ValueError
        If it is not positive.

    Source: the chapter on gradient descent.
    """
    size = number(eta, "eta", above=0)
    return lambda t: size


def inverse_sqrt(C: float) -> Schedule:
    """Let the step size fall as C/√t.

    The steps have an infinite sum but so have their squares, so this is *not* a
    schedule in the sense of Robbins and Monro; what is proved for it concerns the
    average of the iterates, or a horizon that is known beforehand.

    Parameters
    ----------
    C : float
        The size of the first step, positive.

    Returns
    -------
    callable, int -> float
        The step size of step t = 1, 2, ...; it refuses t = 0.

    Raises
    ------
    TypeError
        If `C` is not a number.
    ValueError
        If it is not positive.

    Source: Zinkevich (2003), Online convex programming and generalized infinitesimal
    gradient ascent; the chapter on stochastic gradient descent.
    """
    C = number(C, "C", above=0)
    return lambda t: C / math.sqrt(_step_number(t))


def inverse(C: float) -> Schedule:
    """Let the step size fall as C/t, as the theorem of Robbins and Monro wants it.

    The steps have an infinite sum, so they can reach any place; their squares have a
    finite one, so the noise dies out.

    Parameters
    ----------
    C : float
        The size of the first step, positive.

    Returns
    -------
    callable, int -> float
        The step size of step t = 1, 2, ...; it refuses t = 0.

    Raises
    ------
    TypeError
        If `C` is not a number.
    ValueError
        If it is not positive.

    Source: Robbins and Monro (1951), A stochastic approximation method; the chapter on
    stochastic gradient descent.
    """
    C = number(C, "C", above=0)
    return lambda t: C / _step_number(t)


def step_decay(eta: float, every: int, factor: float) -> Schedule:
    """Multiply the step size by `factor` after every `every` steps.

    Parameters
    ----------
    eta : float
        The size of the first `every` steps, positive.
    every : int
        For how many steps a size is kept, at least 1.
    factor : float
        What the size is multiplied by, in (0, 1].

    Returns
    -------
    callable, int -> float
        The step size of step t = 1, 2, ...; it refuses t = 0.

    Raises
    ------
    TypeError
        If an argument is not a number, or `every` not a whole one.
    ValueError
        If one is out of its range.

    Source: the chapter on stochastic gradient descent.
    """
    eta = number(eta, "eta", above=0)
    every = whole(every, "every", least=1)
    factor = number(factor, "factor", above=0, most=1)
    return lambda t: eta * factor ** ((_step_number(t) - 1) // every)


def _step_number(t: int) -> int:
    return whole(t, "t", least=1)


# --- Orders: which rows each step looks at, without end ------------------------------


def cyclic(n: int, size: int = 1) -> Order:
    """Go through the rows from first to last, again and again.

    Parameters
    ----------
    n : int
        How many rows there are, at least 1.
    size : int, default 1
        How many rows make a batch, at least 1.

    Returns
    -------
    iterator of ndarray of int, (size,)
        The rows of each step, without end. Where `size` does not divide `n`, the last
        batch of a round is shorter; where it exceeds `n`, every batch is all rows.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If it is below 1.

    Source: the chapter on stochastic gradient descent.
    """
    rows = np.arange(_count(n, "n"))
    return _rounds(rows.copy, _count(size, "size"))


def shuffled(n: int, size: int = 1, *, rng: int | np.random.Generator) -> Order:
    """Go through all rows in a new random order in each epoch.

    Parameters
    ----------
    n : int
        How many rows there are, at least 1.
    size : int, default 1
        How many rows make a batch, at least 1.
    rng : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    iterator of ndarray of int, (size,)
        The rows of each step, without end. Where `size` does not divide `n`, the last
        batch of an epoch is shorter; where it exceeds `n`, every batch is all rows.

    Raises
    ------
    TypeError
        If `n` or `size` is not a whole number.
    ValueError
        If it is below 1.

    Source: Bottou (2009), Curiously fast convergence of some stochastic gradient
    descent algorithms; the chapter on stochastic gradient descent.
    """
    n, generator = _count(n, "n"), np.random.default_rng(rng)
    return _rounds(lambda: generator.permutation(n), _count(size, "size"))


def with_replacement(n: int, size: int, *, rng: int | np.random.Generator) -> Order:
    """Draw every row of every batch afresh: a row may come twice in one batch.

    Parameters
    ----------
    n : int
        How many rows there are, at least 1.
    size : int
        How many rows make a batch, at least 1; it may exceed `n`.
    rng : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    iterator of ndarray of int, (size,)
        The rows of each step, without end.

    Raises
    ------
    TypeError
        If `n` or `size` is not a whole number.
    ValueError
        If it is below 1.

    Source: Robbins and Monro (1951), A stochastic approximation method; the chapter on
    stochastic gradient descent.
    """
    n, size, generator = (
        _count(n, "n"),
        _count(size, "size"),
        np.random.default_rng(rng),
    )
    return (generator.integers(n, size=size) for _ in itertools.repeat(None))


def without_replacement(n: int, size: int, *, rng: int | np.random.Generator) -> Order:
    """Draw every batch afresh from all rows: no row comes twice in one batch.

    Unlike `shuffled`, the next batch may hold rows of this one.

    Parameters
    ----------
    n : int
        How many rows there are, at least 1.
    size : int
        How many rows make a batch, at least 1 and at most `n`.
    rng : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    iterator of ndarray of int, (size,)
        The rows of each step, without end.

    Raises
    ------
    TypeError
        If `n` or `size` is not a whole number.
    ValueError
        If it is below 1, or `size` exceeds `n`.

    Source: the chapter on stochastic gradient descent.
    """
    n = _count(n, "n")
    size, generator = whole(size, "size", least=1, most=n), np.random.default_rng(rng)
    return (generator.choice(n, size, replace=False) for _ in itertools.repeat(None))


def _count(value: int, name: str) -> int:
    return whole(value, name, least=1)


def _rounds(new_round: Callable[[], Array], size: int) -> Order:
    while True:
        rows = new_round()
        for first in range(0, len(rows), size):
            yield rows[first : first + size]
