"""What every public function asks of its arguments, and what it says when refused.

A message names the argument, what came, what was expected and, where it is known,
what to do about it.
"""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Shape = tuple[int | str, ...]


def real_array(
    value: Any, name: str, shape: Shape | None = None, *, hint: str = ""
) -> Array:
    """Return `value` as a finite array of floats, float32 if it was float32.

    Parameters
    ----------
    value : array_like
        What the caller was given.
    name : str
        The argument's name, for messages.
    shape : tuple of int or str, optional
        The expected shape. An int is an exact length; a letter stands for any length
        of at least 1, the same length wherever the letter comes again.
    hint : str, optional
        What the caller's caller should do about a wrong shape.

    Returns
    -------
    ndarray, of `shape`
        Not a copy if `value` is such an array already.

    Raises
    ------
    TypeError
        If `value` is not made of real numbers.
    ValueError
        If the shape is another, or an entry is NaN or infinite.

    Source: the conventions of the book's notation page.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} is ragged: every row must have the same length"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} holds {array.dtype.name} entries, expected real numbers"
        )
    if array.dtype != np.float32:
        with np.errstate(over="ignore"):  # of a longer float: refused below, as inf
            array = array.astype(np.float64, copy=False)
    if shape is not None:
        _require_shape(array.shape, name, shape, hint)
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        at = f"[{', '.join(map(str, where))}]" if where else ""
        raise ValueError(
            f"{name}{at} is {array[where]}, expected finite numbers only: "
            "look for a division by zero, an overflow or a missing value before the "
            "call"
        )
    return array


def _require_shape(came: tuple[int, ...], name: str, shape: Shape, hint: str) -> None:
    sizes: dict[str, int] = {}
    fits = len(came) == len(shape) and all(
        length == (want if isinstance(want, int) else sizes.setdefault(want, length))
        and (isinstance(want, int) or length > 0)
        for length, want in zip(came, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        empty = " and not empty" if 0 in came else ""
        raise ValueError(
            f"{name} has shape {came}, expected ({wanted}){empty}"
            + (f": {hint}" if hint else "")
        )


def number(
    value: Any,
    name: str,
    *,
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    below: float | None = None,
) -> float:
    """Return `value` as a finite float within the stated bounds.

    Parameters
    ----------
    value : float
        What the caller was given.
    name : str
        The argument's name, for messages.
    above, below : float, optional
        Bounds that the value may not reach.
    least, most : float, optional
        Bounds that it may reach.

    Returns
    -------
    float
        Python's own, beside which a float32 array stays one.

    Raises
    ------
    TypeError
        If `value` is not a real number.
    ValueError
        If it is not finite or out of bounds.

    Source: the conventions of the book's notation page.
    """
    result = value if type(value) is float else _as_float(value, name)
    if not (
        math.isfinite(result)
        and (above is None or result > above)
        and (least is None or result >= least)
        and (most is None or result <= most)
        and (below is None or result < below)
    ):
        bounds = {"above": above, "at least": least, "at most": most, "below": below}
        wanted = [f"{text} {x}" for text, x in bounds.items() if x is not None]
        raise ValueError(
            f"{name} is {value}, expected a finite number"
            + " and".join(f" {text}" for text in wanted)
        )
    return result


def _as_float(value: Any, name: str) -> float:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}, expected one real number")
    try:
        return float(value)
    except OverflowError:  # a Python int may have any number of digits
        raise ValueError(f"{name} is too large for a float") from None


def whole(value: Any, name: str, *, least: int = 0, most: int | None = None) -> int:
    """Return `value` as an int within the stated bounds.

    Parameters
    ----------
    value : int
        What the caller was given; 3.0 is refused as 3.5 is.
    name : str
        The argument's name, for messages.
    least, most : int, optional
        Bounds that the value may reach.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `value` is not a whole number.
    ValueError
        If it is out of bounds.

    Source: the conventions of the book's notation page.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {value!r}, expected a whole number")
    result = int(value)
    if result < least or (most is not None and result > most):
        wanted = f"at least {least}" + ("" if most is None else f" and at most {most}")
        raise ValueError(f"{name} is {result}, expected {wanted}")
    return result


def labels(value: Any, name: str, allowed: Iterable[float], *, n: int) -> Array:
    """Return `value` as an array of `n` labels, each one of `allowed`.

    Parameters
    ----------
    value : array_like, (n,)
        One label a sample.
    name : str
        The argument's name, for messages.
    allowed : iterable of float
        The labels in use, such as (-1, 1).
    n : int
        How many samples there are.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    TypeError
        If the labels are not numbers.
    ValueError
        If there are not `n` of them, or one is not allowed.

    Source: the conventions of the book's notation page.
    """
    array = real_array(value, name, (n,), hint="one label a sample")
    stated = np.array(sorted(allowed))
    strange = array[(array[:, None] != stated).all(axis=1)]
    if strange.size:
        names = [f"{label:g}" for label in stated]
        if len(names) > 4:
            names = [f"{', '.join(names[:2])}, ..., {names[-1]}"]
        wanted = " or ".join(names)
        raise ValueError(f"{name} holds the label {strange[0]:g}, expected {wanted}")
    return array


def choice(value: Any, name: str, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the names in `allowed`.

    Parameters
    ----------
    value : str
        What the caller was given.
    name : str
        The argument's name, for messages.
    allowed : iterable of str
        The names in use.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is another name.

    Source: the conventions of the book's notation page.
    """
    names = list(allowed)
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{name} is {value!r}, expected one of {', '.join(names)}")
    return value
