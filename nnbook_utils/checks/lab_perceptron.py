"""The tests of the perceptron lab: the rule, gates, XOR, and averaging.

Every test takes the learner's function; seeds and sizes say which data it is tried on.
All numbers in the data are whole or small binary fractions, so that a tie is a tie
whatever the order of a sum. The right answers come from `nnbook_utils.perceptron` or
from a count, the wrong ones from the mistakes that are named beside them.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise, product
from typing import Any

import numpy as np

from nnbook_utils import datasets
from nnbook_utils import perceptron as perceptrons
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    _show,
    call,
    expect,
    expect_run,
    numbers,
    shape_of,
)

__all__ = [
    "IMPORTS",
    "answers",
    "averaged",
    "flowers",
    "gate",
    "mistake_bound",
    "mistakes_in_epochs",
    "possible",
    "run",
    "sorter",
    "step",
    "verdict",
    "with_ones",
]


# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.datasets", "nnbook_utils.plots")

# The run that Part 5 asks for.
EPOCHS = 30


# Part 1: what a perceptron answers ---------------------------------------------------


def with_ones(function: Answer, seed: int = 11, n: int = 5, d: int = 2) -> None:
    """Test ``with_ones(X)``, which puts a column of ones before the features.

    Parameters
    ----------
    function : callable, (n, d) -> (n, d + 1)
        The learner's function.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples and features.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 1.
    """
    X = np.random.default_rng(seed).integers(-4, 5, size=(n, d)).astype(float)
    ones = np.ones((n, 1))
    setting = f"on {n} samples with {d} features"
    came = call(function, {"X": X}, setting)
    if shape_of(came) == (n + 1, d):
        raise AssertionError(
            f"your array {setting} has shape {(n + 1, d)}, expected {(n, d + 1)}: the "
            "ones are a row, that is one more sample; they should be a column"
        )
    expect(
        came,
        np.hstack([ones, X]),
        f"your array {setting}",
        mistakes={
            "the ones come last, not first": np.hstack([X, ones]),
            "the new column holds zeros": np.hstack([0 * ones, X]),
        },
    )


def answers(function: Answer, seed: int = 12, n: int = 6, d: int = 3) -> None:
    """Test ``answers(w, X)``; one of the samples has the score zero.

    Parameters
    ----------
    function : callable, (d,), (n, d) -> (n,)
        The learner's function, which answers -1 or 1.
    seed : int
        Which numbers to try it on.
    n, d : int
        How many samples, and how many columns with the one of ones.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 1.
    """
    rng = np.random.default_rng(seed)
    X = np.hstack([np.ones((n, 1)), rng.integers(-4, 5, size=(n, d - 1))])
    w = rng.integers(1, 5, size=d).astype(float)
    w[0] = -(w[1:] @ X[-1, 1:])  # the last sample lies on the boundary
    scores = X @ w
    expect(
        call(function, {"w": w, "X": X}, f"on {n} samples"),
        np.where(scores >= 0, 1, -1),
        f"your answers to the scores {scores.tolist()}",
        mistakes={
            "a score of 0 answers -1": np.where(scores > 0, 1, -1),
            "a score of 0 answers 0, as np.sign does": np.sign(scores),
            "the answers are 0 and 1 instead of -1 and 1": np.where(scores >= 0, 1, 0),
            "the scores themselves are returned": scores,
            "the sides are exchanged": np.where(scores >= 0, -1, 1),
            "the bias w[0] is left out": np.where(X[:, 1:] @ w[1:] >= 0, 1, -1),
        },
    )


# Part 2: the rule --------------------------------------------------------------------


def step(function: Answer, seed: int = 21, d: int = 3) -> None:
    """Test ``step(w, x, y)`` on samples on each side, near the boundary and on it.

    Parameters
    ----------
    function : callable, (d,), (d,), float -> (d,), bool
        The learner's step; it returns the new weights and whether it was a mistake.
    seed : int
        Which numbers to try it on.
    d : int
        How many weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 2; Rosenblatt (1958).
    """
    rng = np.random.default_rng(seed)
    x = np.append(1.0, rng.integers(1, 4, size=d - 1))
    w = rng.integers(-3, 4, size=d).astype(float)
    for y, margin in (
        (1.0, 3.0),
        (-1.0, 2.0),
        (-1.0, 0.25),
        (1.0, -2.0),
        (-1.0, -1.5),
        (1.0, 0.0),
        (-1.0, 0.0),
    ):
        w[0] = y * margin - w[1:] @ x[1:]  # so that y w.x is the margin
        right, mistake = perceptrons.perceptron_step(w, x, y)
        given = f"with w = {w.tolist()}, x = {x.tolist()}, y = {y:g} (margin {margin})"
        came = call(function, {"w": w.copy(), "x": x, "y": y}, given)
        if not isinstance(came, tuple | list) or len(came) != 2:
            raise AssertionError(
                f"{given}, your step returns {type(came).__name__}, expected the new "
                "weights and whether it was a mistake: `return w, mistake`"
            )
        stays = {
            "the tie y w·x = 0 is not counted as a mistake": margin == 0,
            "a sample on the wrong side does not change the weights": margin < 0,
        }
        moves = {
            "a right sample with a margin below 1 is corrected too": margin < 1,
            "a sample on the right side changes the weights": margin > 0,
        }
        size = {
            # For y = 1 these are right, and for y = -1 a subtraction was found before.
            "the label is left out of the update: w + x": w + x,
            "the update is subtracted": w - y * x,
            "the update is (y - answer) x, twice as long as y x": w + 2 * y * x,
            "the update is y alone, without x": w + y,
            "the update is y x alone, without the old weights": y * x,
        }
        named = {name: w for name, holds in stays.items() if holds}
        named |= {
            name: w + y * x for name, holds in moves.items() if holds and not mistake
        }
        expect(
            came[0],
            right,
            f"{given}, your new w",
            mistakes=named | (size if mistake else {}),
        )
        expect(
            came[1],
            float(mistake),
            f"{given}, your `mistake`",
            mistakes={
                "the tie y w·x = 0 is not counted": 0.0 if margin == 0 else np.nan,
                "the margin is taken with the new weights": float(y * (right @ x) <= 0),
                "True stands for a right sample": float(not mistake),
            },
        )


# Part 3: epochs ----------------------------------------------------------------------


def run(
    function: Answer,
    own_step: Answer | None = None,
    *,
    seed: int = 33,
    n: int = 5,
    d: int = 3,
    epochs: int = 3,
) -> None:
    """Test ``run(X, y, w0, epochs)``.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,), int -> (epochs n + 1, d)
        The learner's run, which returns the weights at the start and after each step.
    own_step : callable, (d,), (d,), float -> (d,), bool, optional
        The learner's step. A run that puts it together rightly passes, even if the
        step is wrong: that is lost in part 2.
    seed : int
        Which data to try it on.
    n, d : int
        How many samples, and how many columns with the one of ones.
    epochs : int
        How many epochs to ask for.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 3; Rosenblatt (1958).
    """
    X, y, w0 = _task(seed, n, d)
    setting = f"on {n} samples, {epochs} epochs,"
    arguments = {"X": X, "y": y, "w0": w0, "epochs": epochs}
    came = call(function, arguments, setting)

    def own() -> Array:
        rows = [w0]
        for _ in range(epochs):
            for x, label in zip(X, y, strict=True):
                assert own_step
                rows.append(np.asarray(own_step(rows[-1].copy(), x, label)[0]))
        return np.array(rows)

    right = _run(X, y, w0, epochs)
    rows, *rest = shape_of(came) or (0,)
    if rest == [d] and rows < len(right) and rows % n == 1:
        raise AssertionError(
            f"your array of iterates {setting} has {rows} rows, expected "
            f"{len(right)}: does the run stop early? All epochs are asked for, also "
            "after one without a mistake, and every step makes a row"
        )
    if shape_of(came) == right.shape and not np.diff(came, axis=0).any():
        raise AssertionError(
            f"all rows of your array of iterates {setting} are the same: if you change "
            "one array in place and append it each time, you append the same array "
            "each time; make a new one, as in `w = w + y * x`"
        )
    batch = [w0]
    for _ in range(epochs):
        start = batch[-1]
        wrong = y * (X @ start) <= 0
        batch += list(start + np.cumsum(wrong[:, None] * y[:, None] * X, axis=0))
    expect_run(
        lambda *_: came,
        arguments,
        right,
        setting,
        mistakes={
            "every epoch starts at w0 again": np.vstack(
                [w0, np.tile(_run(X, y, w0, 1)[1:], (epochs, 1))]
            ),
            "the samples are taken in the reverse order": (
                _run(X[::-1], y[::-1], w0, epochs)
            ),
            "the margins of a whole epoch are taken with the weights at its start": (
                np.array(batch)
            ),
            "every sample changes the weights, also one that is right": np.vstack(
                [w0, w0 + np.cumsum(np.tile(y[:, None] * X, (epochs, 1)), axis=0)]
            ),
            "the update is subtracted": _run(X, -y, w0, epochs),
        },
        own=own if own_step else None,
    )


def mistakes_in_epochs(
    function: Answer, seed: int = 35, n: int = 5, d: int = 3, epochs: int = 4
) -> None:
    """Test ``mistakes_in_epochs(iterates, n)`` on the iterates of a right run.

    Parameters
    ----------
    function : callable, (epochs n + 1, d), int -> (epochs,)
        The learner's count.
    seed : int
        Which data to try it on.
    n, d : int
        How many samples, and how many columns with the one of ones.
    epochs : int
        How long the run is.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 3.
    """
    X, y, w0 = _task(seed, n, d)
    iterates = _run(X, y, w0, epochs)
    changes = np.diff(iterates, axis=0) != 0
    changed = changes.any(axis=1)
    expect(
        call(
            function,
            {"iterates": iterates, "n": n},
            f"on a run of {epochs} epochs with {n} samples",
        ),
        _by_epoch(changed, n),
        f"your count of mistakes in {epochs} epochs with {n} samples",
        mistakes={
            "the numbers that change are counted, not the steps": (
                _by_epoch(changes.sum(axis=1), n)
            ),
            "the steps without a mistake are counted": _by_epoch(~changed, n),
            "the start counts as the first step of the first epoch": (
                _by_epoch(np.append(False, changed[:-1]), n)
            ),
            "the mistakes of all epochs so far are added up": (
                np.cumsum(_by_epoch(changed, n))
            ),
            "only the weights at the ends of an epoch are compared": (
                (np.diff(iterates[::n], axis=0) != 0).any(axis=1).astype(float)
            ),
        },
    )


# Part 4: gates, and why not XOR ------------------------------------------------------

# The functions of two bits that the lab asks weights for, as columns of answers to
# 00, 01, 10, 11; and others, to name what came instead.
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "ONLY THE FIRST": (0, 0, 1, 0),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "ONLY THE SECOND": (0, 1, 0, 0),
    "constant 0": (0, 0, 0, 0),
    "constant 1": (1, 1, 1, 1),
    "x1 itself": (0, 0, 1, 1),
    "x2 itself": (0, 1, 0, 1),
}


def gate(name: str, w: Any) -> None:
    """Test the weights of a gate of two bits on all four inputs.

    Parameters
    ----------
    name : {"AND", "OR", "ONLY THE FIRST"}
        The gate.
    w : array_like, (3,)
        The learner's bias and weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which inputs.

    Source: the perceptron lab, part 4; McCulloch and Pitts (1943).
    """
    weights = numbers(w, (3,), f"your bias and weights for {name}")
    inputs = datasets.truth_table(2)

    def column(bias: float, of_inputs: Array) -> tuple[int, ...]:
        return tuple(int(s >= 0) for s in inputs @ of_inputs + bias)

    came, right = column(weights[0], weights[1:]), GATES[name]
    if came == right:
        return
    rows = [
        f"{x.astype(int).tolist()} has the score {weights[0] + x @ weights[1:]:g} and "
        f"answers {given}, expected {wanted}"
        for x, given, wanted in zip(inputs, came, right, strict=True)
        if given != wanted
    ]
    reason = ""
    if column(-weights[0], weights[1:]) == right:
        reason = "the sign of the bias is turned round: it is minus the threshold"
    elif column(weights[2], weights[:2]) == right:
        reason = "the bias stands last, it should come first"
    elif tuple(1 - bit for bit in came) == right:
        reason = "all signs are turned round"
    else:
        reason = next((f"they compute {k}" for k, v in GATES.items() if v == came), "")
    raise AssertionError(
        f"your weights {weights.tolist()} for {name}: {'; '.join(rows)}."
        + (f" It looks as if {reason}." if reason else "")
    )


# Runs to judge: the answers to all inputs, the start, the epochs. What to say of a run
# is worked out from how it was made, in `verdict`.
RUNS = {
    "visible": (
        ((0, 0, 0, 1), (0, 0, 0), 10),
        ((0, 1, 1, 0), (0, 0, 0), 3),
        ((0, 0, 0, 1), (0, 0, 0), 2),
    ),
    "hidden": (
        ((1, 0, 0, 0), (-1, 2, 0), 14),
        ((1, 0, 0, 1), (3, 3, 3), 4),
        ((1, 0, 0, 1), (3, 3, 3), 2),
        ((1, 0, 0, 0, 0, 1, 1, 1), (-3, -3, -1, 0), 9),
        ((1, 0, 0, 0, 0, 1, 1, 1), (-3, -3, -1, 0), 3),
        ((0, 0, 1, 0, 0, 1, 0, 0), (0, 0, 0, 0), 6),
        ((0, 0, 1, 0, 0, 1, 0, 0), (0, 0, 0, 0), 4),
        ((0, 0, 1, 1, 0, 1, 1, 1), (2, -2, -1, 1), 20),
        ((0, 0, 1, 1, 0, 1, 1, 1), (2, -2, -1, 1), 6),
    ),
}


def verdict(function: Answer, runs: str = "visible") -> None:
    """Test ``verdict(iterates, n)`` on runs of which it is known how they go on.

    Parameters
    ----------
    function : callable, (epochs n + 1, d), int -> str
        The learner's verdict, "yes", "never" or "unknown".
    runs : {"visible", "hidden"}
        Which runs to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 4.
    """
    for column, start, epochs in RUNS[runs]:
        n = len(column)
        A = np.hstack([np.ones((n, 1)), datasets.truth_table(n.bit_length() - 1)])
        y = 2.0 * np.array(column) - 1
        iterates = _run(A, y, np.array(start, dtype=float), epochs)
        ends = [tuple(w) for w in iterates[::n]]
        if (y * (A @ iterates[-1]) > 0).all() and (
            iterates[-n - 1 :] == iterates[-1]
        ).all():
            right = "yes"
        else:
            right = "never" if len(set(ends)) < len(ends) else "unknown"
        setting = (
            f"on {epochs} epochs with the labels {y.astype(int).tolist()} from the "
            f"weights {list(start)}"
        )
        came = call(function, {"iterates": iterates, "n": n}, setting)
        if isinstance(came, str) and came == right:
            continue
        same = any(a == b for a, b in pairwise(ends))
        reasons = {
            ("yes", "never"): "an epoch without a mistake repeats the weights too: ask "
            "first whether the last epoch changed anything",
            ("never", "yes"): "the weights are the same before and after an epoch, but "
            "within it they changed, so there were mistakes",
            ("never", "unknown"): (
                "two epochs one after the other end with the same weights"
                if same
                else "the weights come back to those of an epoch further back, or of "
                "the start"
            ),
            ("unknown", "never"): "no two epochs ended with the same weights; a step "
            "without a mistake repeats the weights as well, and does not count",
            ("unknown", "yes"): "the last epoch still changed the weights",
            ("yes", "unknown"): "the last epoch changed nothing",
        }
        reason = reasons.get((right, str(came)), 'say "yes", "never" or "unknown"')
        raise AssertionError(
            f"your verdict {setting} is {_show(came)}, expected {right!r}: {reason}."
        )


def possible(came: Any) -> None:
    """Test the list of functions of two bits that are perceptrons.

    Parameters
    ----------
    came : collection of tuples of int, (4,)
        The learner's columns of answers to 00, 01, 10 and 11.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says which column is too many or missing.

    Source: the perceptron lab, part 4; Cover (1965) counts them for more bits.
    """
    if came is None or came is Ellipsis:
        raise NotImplementedError("your list of columns is not yet answered")
    if not isinstance(came, Collection) or isinstance(came, str | Mapping):
        raise AssertionError(
            f"your list of columns is {type(came).__name__}, expected a list of tuples"
        )
    given = {
        tuple(int(bit) for bit in numbers(column, (4,), "one of your columns"))
        for column in came
    }
    # A column is possible if some bias and weights give it; whole and half numbers up
    # to 2 suffice for two bits, as the book's proof of the count shows.
    inputs = np.hstack([np.ones((4, 1)), datasets.truth_table(2)])
    grid = np.arange(-2, 2.5, 0.5)
    right = {tuple(int(s >= 0) for s in inputs @ w) for w in product(grid, repeat=3)}
    extra, missing = sorted(given - right), sorted(right - given)
    if extra:
        reason = (
            "that are all 16: XOR and its negation are no perceptrons"
            if len(given) == 16
            else "no perceptron computes it"
        )
        raise AssertionError(f"your list holds {extra[0]}: {reason}")
    if missing:
        raise AssertionError(
            f"your list of {len(given)} columns lacks {missing[0]}: did the run have "
            "enough epochs, and do the labels for the rule stand at -1 and 1?"
        )


# Part 5: averaging -------------------------------------------------------------------


def averaged(
    function: Answer, seed: int = 52, n: int = 5, d: int = 3, epochs: int = 4
) -> None:
    """Test ``averaged(iterates)`` on the iterates of a right run.

    Parameters
    ----------
    function : callable, (steps + 1, d) -> (d,)
        The learner's average.
    seed : int
        Which data to try it on.
    n, d : int
        How many samples, and how many columns with the one of ones.
    epochs : int
        How long the run is.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 5; Freund and Schapire (1999).
    """
    X, y, w0 = _task(seed, n, d)
    iterates = _run(X, y, w0, epochs)
    expect(
        call(function, {"iterates": iterates}, f"on {len(iterates)} iterates"),
        iterates[1:].mean(axis=0),
        f"your average of {len(iterates)} iterates",
        mistakes=_wrong_averages(iterates, n),
    )


def flowers() -> tuple[Array, Array, Array, Array]:
    """Return two kinds of iris that overlap: 60 to learn from, and 40 new ones.

    Returns
    -------
    A : ndarray, (60, 3)
        A constant 10, petal length and petal width in millimetres: whole numbers.
    y : ndarray, (60,)
        -1 for versicolor, 1 for virginica.
    A_new : ndarray, (40, 3)
        The same of the flowers that are kept back.
    y_new : ndarray, (40,)

    Source: Fisher (1936), as scikit-learn ships it.
    """
    X, y = datasets.iris_pair(
        ("versicolor", "virginica"), features=["petal length", "petal width"]
    )
    A = np.rint(10 * np.hstack([np.ones((100, 1)), X]))
    order = np.random.default_rng(2).permutation(100)
    learn, new = order[:60], order[60:]
    return A[learn], y[learn], A[new], y[new]


def sorter(w_last: Any, w_mean: Any) -> None:
    """Test the last and the averaged weights of the run on the flowers.

    Parameters
    ----------
    w_last : array_like, (3,)
        The learner's last weights.
    w_mean : array_like, (3,)
        The learner's averaged weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, part 5.
    """
    A, y, _, _ = flowers()
    n = len(y)
    longer = _run(A, y, np.zeros(3), EPOCHS + 1)
    right = longer[: EPOCHS * n + 1]
    numbers(w_mean, (3,), "your w_mean")
    expect(
        w_last,
        right[-1],
        f"your w_last after {EPOCHS} epochs",
        mistakes={
            f"only {EPOCHS - 1} epochs are run": right[-n - 1],
            f"{EPOCHS + 1} epochs are run": longer[-1],
            f"the run stops after {EPOCHS} steps": right[EPOCHS],
            "one step is missing at the end": right[-2],
        },
    )
    expect(
        w_mean,
        right[1:].mean(axis=0),
        f"your w_mean of {EPOCHS} epochs",
        mistakes=_wrong_averages(right, n),
    )


# The optional part -------------------------------------------------------------------


def mistake_bound(function: Answer, seed: int = 61, n: int = 6, d: int = 2) -> None:
    """Test ``mistake_bound(X, y, w_star)`` for weights that separate.

    Parameters
    ----------
    function : callable, (n, d), (n,), (d,) -> float
        The learner's bound.
    seed : int
        Which data to try it on.
    n, d : int
        How many samples and weights.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the perceptron lab, the harder part; Novikoff (1962).
    """
    rng = np.random.default_rng(seed)
    w = rng.integers(1, 4, size=d).astype(float)
    X = rng.integers(-4, 5, size=(n, d)) + 1 / 32  # no score is zero
    y = np.where(X @ w > 0, 1.0, -1.0)
    margins, lengths = y * (X @ w), np.linalg.norm(X, axis=1)
    R, gamma = lengths.max(), margins.min() / np.linalg.norm(w)
    expect(
        call(function, {"X": X, "y": y, "w_star": w}, f"on {n} samples"),
        perceptrons.mistake_bound(X, y, w),
        f"your bound for {n} samples and w_star = {w.tolist()}",
        mistakes={
            "w_star is not divided by its length": (R / margins.min()) ** 2,
            "R / gamma is not squared": R / gamma,
            "only R is squared": R**2 / gamma,
            "R is the length of the shortest sample": (lengths.min() / gamma) ** 2,
            "gamma is the mean of the margins, not the least": (
                (R * np.linalg.norm(w) / margins.mean()) ** 2
            ),
            "the length of the whole X is taken for R": (np.linalg.norm(X) / gamma)
            ** 2,
            "the fraction is upside down": (gamma / R) ** 2,
            "gamma is the largest of the margins": (
                (R * np.linalg.norm(w) / margins.max()) ** 2
            ),
        },
    )


# What several tests share ------------------------------------------------------------


def _task(seed: int, n: int, d: int) -> tuple[Array, Array, Array]:
    """Return samples with a column of ones, labels, and a start that meets no tie.

    The samples are whole numbers and the start is a little more than whole in the
    weight of the ones, so no score is ever zero: the tie is tested in part 2 alone.
    """
    rng = np.random.default_rng(seed)
    X = np.hstack([np.ones((n, 1)), rng.integers(-3, 4, size=(n, d - 1))])
    w0 = rng.integers(-2, 3, size=d).astype(float)
    w0[0] += 1 / 32
    return X, rng.choice([-1.0, 1.0], size=n), w0


def _run(X: Array, y: Array, w0: Array, epochs: int) -> Array:
    """Return the iterates of exactly so many epochs, also after nothing is wrong."""
    rows = [w0]
    for _ in range(epochs):
        for x, label in zip(X, y, strict=True):
            rows.append(perceptrons.perceptron_step(rows[-1], x, label)[0])
    return np.array(rows)


def _by_epoch(steps: Array, n: int) -> Array:
    """Add up a number for each step over the epochs."""
    return np.asarray(steps, dtype=float).reshape(-1, n).sum(axis=1)


def _wrong_averages(iterates: Array, n: int) -> dict[str, Array]:
    changed = np.any(np.diff(iterates, axis=0) != 0, axis=1)
    steps = iterates[1:]
    return {
        "the start is averaged too": iterates.mean(axis=0),
        "only the weights after a mistake are averaged": steps[changed].mean(axis=0),
        "only the weights at the end of each epoch are averaged": (
            steps[n - 1 :: n].mean(axis=0)
        ),
        "the weights are added up and not divided by their number": steps.sum(axis=0),
        "the sum is divided by one step too many": steps.sum(axis=0) / len(iterates),
        "the last weights are returned, not their average": steps[-1],
        "the last weights are left out of the average": iterates[:-1].mean(axis=0),
    }
