"""How a learner's answer is called, held against the right one, and spoken of."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnbook_utils._inputs import Array

# Right answers in another order of summation agree to about 1e-13; the nearest known
# mistake is far more than 1e-6 away.
TOLERANCE = 1e-9

Answer = Callable[..., Any]


def call(function: Answer, arguments: Mapping[str, Any], setting: str) -> Any:
    """Call a learner's function on copies of the arguments, and see that they last.

    Parameters
    ----------
    function : callable
        What the learner wrote.
    arguments : mapping of str to object
        What to pass, in order, by position.
    setting : str
        What the data are, for messages: "on the eight samples".

    Returns
    -------
    object
        Whatever the function returned.

    Raises
    ------
    NotImplementedError
        If the learner has not answered yet.
    AssertionError
        If the function fails, or changes an array that belongs to its caller.

    Source: the book's page on how to use it.
    """
    given = {name: _copy(value) for name, value in arguments.items()}
    text = f"{getattr(function, '__name__', 'your function')}({', '.join(given)})"
    if not callable(function):
        raise AssertionError(
            f"expected a function that can be called as {text}, but it is "
            f"{_show(function)}: did you use its name for something else?"
        )
    try:
        came = function(*given.values())
    except NotImplementedError:
        raise
    except Exception as error:
        raise AssertionError(
            f"{text} {setting} raised {type(error).__name__}: {error}"
        ) from error
    for name, value in arguments.items():
        if not np.array_equal(given[name], value):
            raise AssertionError(
                f"{text} changed {name}, which belongs to its caller: make a new "
                "array, as in `w = w - step`, do not write into it, as in `w -= step`"
            )
    return came


def expect(
    came: Any,
    right: Any,
    what: str,
    *,
    mistakes: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
) -> None:
    """Hold an answer against the right one.

    Parameters
    ----------
    came : object
        The learner's answer.
    right : array_like
        The right answer, of the shape that is expected.
    what : str
        What is being compared, as the subject of a sentence: "your W(25)".
    mistakes : mapping of str to array_like, optional
        What known mistakes give, under the words that name them.
    tolerance : float
        The largest error allowed, relative to the largest right entry (or to 1).

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not the right answer.

    Source: the book's page on how to use it.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    right = np.asarray(right, dtype=float)
    try:
        answer = np.asarray(came, dtype=float)
    except (TypeError, ValueError):
        raise AssertionError(
            f"{what} is {_show(came)}, expected {_kind(right)}"
        ) from None
    if answer.shape != right.shape:
        hint = ""
        if answer.ndim == right.ndim + 1 and answer.size == right.size:
            hint = ": it has an axis of length 1 too many, `ravel()` takes it off"
        elif answer.ndim == right.ndim and abs(len(answer) - len(right)) == 1:
            hint = ": is the start among the iterates, and the last step not missing?"
        raise AssertionError(
            f"{what} has shape {answer.shape}, expected {right.shape}{hint}"
        )
    if _agree(answer, right, tolerance):
        return
    named = [
        name
        for name, wrong in (mistakes or {}).items()
        if np.shape(wrong) == right.shape and _agree(answer, np.asarray(wrong), 1e-6)
    ]
    reason = f" This is what comes out when {named[0]}." if named else ""
    raise AssertionError(f"{what} is {_show(came)}, expected {_show(right)}.{reason}")


def expect_choice(came: Any, right: str, what: str, reasons: Mapping[str, str]) -> None:
    """Hold the letter that a learner chose against the right one.

    Parameters
    ----------
    came : object
        The learner's answer.
    right : str
        The right letter.
    what : str
        The question's name.
    reasons : mapping of str to str
        For each wrong letter, why it is wrong.

    Raises
    ------
    NotImplementedError
        If the answer is still missing.
    AssertionError
        If it is another letter, or none.

    Source: the book's page on how to use it.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    letters = sorted({right, *reasons})
    letter = came.strip().upper() if isinstance(came, str) else came
    if letter not in letters:
        raise AssertionError(
            f"{what} is {_show(came)}, expected one of the letters {', '.join(letters)}"
        )
    if letter != right:
        raise AssertionError(f"{what} is not {letter}: {reasons[letter]}")


def _agree(answer: Array, right: Array, tolerance: float) -> bool:
    scale = max(1.0, float(np.abs(right).max(initial=0.0)))
    return bool(np.abs(answer - right).max(initial=0.0) <= tolerance * scale)


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _kind(right: Array) -> str:
    return f"an array of shape {right.shape}" if right.ndim else "a number"


def _show(value: Any) -> str:
    """Return `value` in few words: of a long array its last row."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        text = repr(value)
        return text if len(text) < 80 else f"a {type(value).__name__}"
    if array.ndim == 0:
        return f"{array:.6g}"
    rows = np.array2string(
        array if array.ndim == 1 else array[-1],
        precision=6,
        separator=", ",
        threshold=8,
    )
    return rows if array.ndim == 1 else f"(... last row {rows})"
