"""How a learner's answer is called, held against the right one, and spoken of."""

import copy
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from nnbook_utils._inputs import Array

# Right answers in another order of summation agree to about 1e-13; the nearest known
# mistake is far more than 1e-6 away.
TOLERANCE = 1e-9

Answer = Callable[..., Any]


def call(
    function: Answer,
    arguments: Mapping[str, Any],
    setting: str,
    *,
    may_change: Collection[str] = (),
) -> Any:
    """Call a learner's function on copies of the arguments, and see that they last.

    Parameters
    ----------
    function : callable
        What the learner wrote.
    arguments : mapping of str to object
        What to pass, in order, by position.
    setting : str
        What the data are, for messages: "on the eight samples".
    may_change : collection of str
        Arguments that it may change; those that an earlier answer changes, which it
        calls and which has lost its points for that.

    Returns
    -------
    object
        Whatever the function returned.

    Raises
    ------
    NotImplementedError
        If the learner has not answered yet.
    AssertionError
        If the function fails, returns None, or changes an array that belongs to its
        caller.

    Source: the book's page on how to use it.
    """
    given = {name: copy.deepcopy(value) for name, value in arguments.items()}
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
        if name not in may_change and not _same(given[name], value):
            raise AssertionError(
                f"{text} changed {name}, which belongs to its caller: make a new "
                "array, as in `w = w - step`, do not write into it, as in `w -= step`"
            )
    if came is None:
        raise AssertionError("your function returns None: is its `return` missing?")
    return came


def expect(
    came: Any,
    right: Any,
    what: str,
    *,
    mistakes: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
    reveal: bool = True,
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
    reveal : bool
        Whether the message says what is right; not where it could be copied from there.

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not the right answer.

    Source: the book's page on how to use it.
    """
    right = np.asarray(right, dtype=float)
    answer = numbers(came, right.shape, what)
    if _agree(answer, right, tolerance):
        return
    named = [
        name
        for name, wrong in (mistakes or {}).items()
        if np.shape(wrong) == right.shape
        and _agree(answer, np.asarray(wrong), 1e-6)
        # On some data a mistake does no harm; then it is not what went wrong.
        and not _agree(np.asarray(wrong), right, 1e-6)
    ]
    reason = f" This is what comes out when {named[0]}." if named else ""
    if reveal and not named and _agree(answer, right, 1e-4):
        reason = (
            f" It is off by {np.abs(answer - right).max():.1g}: was something rounded, "
            "or computed in float32?"
        )
    row = _worst_row(answer, right)
    wanted = f"expected {_show(right, row)}" if reveal else "which is not right"
    raise AssertionError(f"{what} is {_show(came, row)}, {wanted}.{reason}")


def expect_run(
    function: Answer,
    arguments: Mapping[str, Any],
    right: Array,
    setting: str,
    *,
    mistakes: Mapping[str, Array],
    own: Callable[[], Array] | None = None,
    tolerance: float = TOLERANCE,
) -> None:
    """Hold an array of iterates against the right one: shape, start, end, the rest.

    Parameters
    ----------
    function : callable
        What the learner wrote; it returns all iterates, the start first.
    arguments : mapping of str to object
        What to pass, in order, by position.
    right : ndarray, (steps + 1, ...)
        The right iterates.
    setting : str
        What the data are, for messages: "on the eight samples".
    mistakes : mapping of str to ndarray
        The iterates that known mistakes give, under the words that name them.
    own : callable, () -> (steps + 1, ...), optional
        The run that comes out when the learner's own earlier answers (a gradient, a
        step) are put together rightly. A run that agrees with it passes: what is
        wrong in those answers is lost there, and not once more here.
    tolerance : float
        As in `expect`.

    Raises
    ------
    NotImplementedError
        If the learner has not answered yet.
    AssertionError
        If it is not the right answer.

    Source: the book's page on how to use it.
    """
    came = call(function, arguments, setting)
    rows = numbers(came, right.shape, f"your array of iterates {setting}")
    expect(rows[0], right[0], "your first iterate, which should be the start w0")
    if _agree(rows, right, tolerance) or (own and agrees_with_own(rows, own)):
        return
    expect(
        rows[-1],
        right[-1],
        f"your last iterate {setting}",
        mistakes={name: run[-1] for name, run in mistakes.items()},
        tolerance=tolerance,
    )
    expect(
        rows,
        right,
        f"one of your iterates {setting}",
        mistakes=mistakes,
        tolerance=tolerance,
    )


def expect_pair(
    function: Answer,
    arguments: Mapping[str, Any],
    *parts: tuple[str, Array, Mapping[str, Array]],
    returned: str = "",
) -> None:
    """Hold the arrays that a step returns, two as a rule, against the right ones.

    Parameters
    ----------
    function : callable
        What the learner wrote; it returns a tuple of arrays.
    arguments : mapping of str to object
        What to pass, in order, by position: first what is returned anew.
    *parts : tuple of str, ndarray, mapping of str to ndarray
        For each array that is returned: its name, the right one, and what known
        mistakes give, under the words that name them.
    returned : str, optional
        What the function's `return` gives. If left out, the first arguments anew.

    Raises
    ------
    NotImplementedError
        If the learner has not answered yet.
    AssertionError
        If it is not the right answer.

    Source: the book's page on how to use it.
    """
    given = told(arguments)
    came = call(function, arguments, f"with {given}")
    if not isinstance(came, tuple | list) or len(came) != len(parts):
        count = {2: "two", 3: "three"}.get(len(parts), str(len(parts)))
        names = returned or ", ".join(list(arguments)[: len(parts)])
        raise AssertionError(
            f"your function returns {type(came).__name__}, expected {count} arrays: "
            f"`return {names}`"
        )
    which = "your" if returned else "your new"
    for value, (name, right, mistakes) in zip(came, parts, strict=True):
        expect(value, right, f"with {given}, {which} {name}", mistakes=mistakes)


def expect_letter(
    came: Any,
    letters: str,
    what: str,
    *,
    right: str | None = None,
    why: Mapping[str, str] | None = None,
) -> None:
    """Hold the letter of an option against the right one, after its form.

    Parameters
    ----------
    came : object
        The learner's answer.
    letters : str
        The options: "ABCD".
    what : str
        What is asked, as the subject of a sentence: "your answer to problem 1".
    right : str, optional
        The right letter. If left out, only the form is tested, as visible tests do.
    why : mapping of str to str, optional
        For the wrong letters, why each is wrong. It must not name the right one.

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not one of the letters, or not the right one.

    Source: the book's page on how to use it.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    letter = came.strip().upper() if isinstance(came, str) else ""
    if len(letter) != 1 or letter not in letters:
        raise AssertionError(
            f"{what} is {_show(came)}, expected one of the letters "
            f'{", ".join(letters)} in quotes, such as "{letters[0]}"'
        )
    if right is not None and letter != right:
        reason = (why or {}).get(letter, "that is not right")
        raise AssertionError(f"{what} is {letter}: {reason}.")


def expect_set(
    came: Any,
    count: int,
    what: str,
    *,
    right: Collection[int] | None = None,
    why: Mapping[int, str] | None = None,
) -> int | None:
    """Mark the set of options that a learner checked, a point an option.

    An option that is judged right, checked or left alone, earns a point, and one that
    is judged wrong takes one away; so guessing earns little. The points are
    returned: a test cell whose last line is this call gives just so many to nbgrader.

    Parameters
    ----------
    came : object
        The learner's answer: a set, list or tuple of the numbers of options.
    count : int
        How many options there are; they are numbered from 1.
    what : str
        What is asked, as the subject of a sentence: "your answer to question 1".
    right : collection of int, optional
        The right set. If left out, only the form is tested, as visible tests do.
    why : mapping of int to str, optional
        For each option, what holds; printed for those that were judged wrong.

    Returns
    -------
    int or None
        The points, from 0 to `count`; None if only the form is tested.

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not a set of options.

    Source: the book's page on how to use it.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    if isinstance(came, np.ndarray):
        came = came.tolist()
    if not isinstance(came, set | frozenset | list | tuple):
        raise AssertionError(
            f"{what} is {_show(came)}, expected a set of numbers such as {{1, {count}}}"
        )
    for option in came:
        if not _is_whole(option) or not 1 <= option <= count:
            raise AssertionError(
                f"{what} contains {option!r}, expected whole numbers from 1 to {count}"
            )
    if right is None:
        return None
    checked = {int(option) for option in came}
    wrong = sorted(checked ^ set(right))
    points = max(0, count - 2 * len(wrong))
    if wrong:
        print(f"{what}: {count - len(wrong)} of {count} options judged right,")
        print(f"{len(wrong)} judged wrong, which makes {points} points of {count}.")
    for option in wrong:
        print(f"Option {option}: {(why or {}).get(option, 'look at it again')}.")
    return points


def expect_whole(
    came: Any,
    right: int,
    what: str,
    mistakes: Mapping[str, float],
    *,
    own: Callable[[], Any] | None = None,
) -> None:
    """Hold a number that is counted against the right one.

    Parameters
    ----------
    came : object
        The learner's answer.
    right : int
        The right answer.
    what : str
        What is counted, as the subject of a sentence: "your number of parameters".
    mistakes : mapping of str to float
        What known mistakes give, under the words that name them.
    own : callable, () -> number, optional
        What comes out with the learner's own earlier answers, as for `expect_run`.

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not the right number.

    Source: the book's page on how to use it.
    """
    number = float(numbers(came, (), what))
    if number != right and own and agrees_with_own(number, own):
        return
    if not number.is_integer():
        named = [name for name, wrong in mistakes.items() if wrong == number]
        reason = f" This is what comes out when {named[0]}." if named else ""
        raise AssertionError(
            f"{what} is {number:.6g}, expected a whole number.{reason}"
        )
    expect(came, right, what, mistakes=mistakes)


def expect_result(
    function: Answer,
    arguments: Mapping[str, Any],
    right: Any,
    what: str,
    *,
    setting: str = "",
    mistakes: Mapping[str, Any] | None = None,
    shapes: Mapping[tuple[int, ...], str] | None = None,
    tolerance: float = TOLERANCE,
) -> None:
    """Call a learner's function and hold what it returns against the right answer.

    Parameters
    ----------
    function : callable
        What the learner wrote.
    arguments : mapping of str to object
        What to pass, in order, by position.
    right : array_like
        The right answer.
    what : str
        What the answer is, as the subject of a sentence: "your gradient".
    setting : str, optional
        What the data are: "on the eight samples". If left out, all arguments are told.
    mistakes : mapping of str to array_like, optional
        What known mistakes give, under the words that name them.
    shapes : mapping of tuple of int to str, optional
        Shapes that known mistakes give, each with what to do about it.
    tolerance : float
        As in `expect`.

    Raises
    ------
    NotImplementedError
        If the learner has not answered yet.
    AssertionError
        If it is not the right answer.

    Source: the book's page on how to use it.
    """
    setting = setting or f"with {told(arguments)}"
    came = call(function, arguments, setting)
    shape, wanted = shape_of(came), np.shape(right)
    hint = (shapes or {}).get(shape)
    if hint and shape != wanted:
        raise AssertionError(
            f"{what} {setting} has shape {shape}, expected {wanted}: {hint}"
        )
    expect(came, right, f"{what} {setting}", mistakes=mistakes, tolerance=tolerance)


def told(arguments: Mapping[str, Any]) -> str:
    """Return arguments as a message tells them: "x = [3, -4], p = 1".

    Parameters
    ----------
    arguments : mapping of str to array_like
        Numbers and small arrays under their names.

    Returns
    -------
    str

    Source: the book's page on how to use it.
    """
    return ", ".join(f"{name} = {_told(value)}" for name, value in arguments.items())


def _told(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str((np.round(value, 6) + 0).tolist())  # adding 0 makes 0 of -0


def numbers(came: Any, shape: tuple[int, ...], what: str) -> Array:
    """Return an answer as an array of floats of the shape that is expected.

    Parameters
    ----------
    came : object
        The learner's answer.
    shape : tuple of int
        What is expected.
    what : str
        What the answer is, as the subject of a sentence.

    Returns
    -------
    ndarray, of `shape`

    Raises
    ------
    NotImplementedError
        If the answer is still missing (None or Ellipsis).
    AssertionError
        If it is not made of numbers, or of another shape.

    Source: the book's page on how to use it.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    try:
        answer = np.asarray(came, dtype=float)
    except (TypeError, ValueError):
        kind = f"an array of shape {shape}" if shape else "a number"
        raise AssertionError(f"{what} is {_show(came)}, expected {kind}") from None
    if answer.shape != shape:
        hint = ""
        if answer.ndim == len(shape) + 1 and answer.size == np.prod(shape):
            hint = ": it has an axis of length 1 too many, `ravel()` takes it off"
        elif (
            answer.ndim == len(shape) > 0
            and answer.shape[1:] == shape[1:]
            and abs(len(answer) - shape[0]) == 1
        ):
            hint = ": is the start among the iterates, and the last step not missing?"
        raise AssertionError(f"{what} has shape {answer.shape}, expected {shape}{hint}")
    return answer


def shape_of(came: Any) -> tuple[int, ...]:
    """Return the shape of an answer made of numbers, and () of any other.

    Parameters
    ----------
    came : object
        The learner's answer.

    Returns
    -------
    tuple of int

    Source: the book's page on how to use it.
    """
    try:
        return np.asarray(came, dtype=float).shape
    except (TypeError, ValueError):
        return ()


def agrees_with_own(came: Any, own: Callable[[], Any]) -> bool:
    """Tell whether an answer is what the learner's own parts, put together, give.

    Parameters
    ----------
    came : ndarray, (steps, ...), or a number
        The learner's run, the start first; of what has no steps, zeros and the result.
    own : callable, () -> the same
        Puts the parts together. Parts that fail, give 0 or never move show nothing
        about what uses them.

    Returns
    -------
    bool

    Source: the book's page on how to use it.
    """
    try:
        wanted = np.asarray(own(), dtype=float)
    except Exception:
        return False
    still = np.broadcast_to(wanted[0] if wanted.ndim else 0.0, wanted.shape)
    return (
        wanted.shape == np.shape(came)
        and bool(np.isfinite(wanted).all())
        and not _agree(wanted, still, 1e-6)
        and _agree(np.asarray(came), wanted, TOLERANCE)
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _agree(answer: Array, right: Array, tolerance: float) -> bool:
    scale = max(1.0, float(np.abs(right).max(initial=0.0)))
    return bool(np.abs(answer - right).max(initial=0.0) <= tolerance * scale)


def _same(one: Any, other: Any) -> bool:
    """Tell whether two arguments are equal; lists, of arrays too, entry by entry."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(np.array_equal(one, other))


def _show(value: Any, row: int = -1) -> str:
    """Return `value` in few words: of a large array one row, the last if not told."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        text = repr(value)
        return text if len(text) < 80 else f"a {type(value).__name__}"
    if array.ndim == 0:
        return f"{array:.6g}"
    whole = array.ndim == 1 or array.size <= 12
    text = np.array2string(
        array if whole else array[row], precision=6, separator=", ", threshold=12
    )
    text = " ".join(text.split())
    if whole:
        return text
    return f"(... {'last row' if row == -1 else f'row {row}'} {text})"


def _worst_row(answer: Array, right: Array) -> int:
    """Return the row in which an answer is furthest from right; -1 if it is the last.

    Rows are counted from 0, as in Python.
    """
    if answer.ndim < 2:
        return -1
    off = np.abs(answer - right).reshape(len(answer), -1).max(axis=1)
    row = int(off.argmax())
    return -1 if row == len(answer) - 1 else row
