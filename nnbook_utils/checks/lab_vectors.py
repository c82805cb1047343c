"""The tests of the lab on vectors and matrices: an arm that draws.

Every test takes the learner's function, a seed and sizes; the hidden tests of the lab
call the same functions with others. The right answers are NumPy's own or follow from
the definitions; the wrong ones come from the mistakes that are named beside them.
"""

import numpy as np

from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    call,
    expect,
    expect_pair,
    expect_result,
    numbers,
    told,
)

__all__ = [
    "IMPORTS",
    "both",
    "jacobian",
    "joints",
    "miss_gradient",
    "p_norm",
    "place",
    "project",
    "reach",
    "rotation",
    "total_torque",
    "turns_for",
]

# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.plots")

EXAMPLE_ARM = np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 2.0]])


# Part 1: lengths and forces ----------------------------------------------------------


def p_norm(function: Answer, seed: int = 1, d: int = 4) -> None:
    """Test ``p_norm(x, p)`` on the example and on other vectors.

    Parameters
    ----------
    function : callable, (d,), float -> float
        The learner's norm.
    seed : int
        Which numbers to try it on.
    d : int
        How many entries.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 1; the book's section on norms.
    """
    # The last entry is the largest in size and negative, so that signs matter.
    other = np.append(np.random.default_rng(seed).uniform(0.2, 2, d - 1), -3).round(2)
    for x in (np.array([3, -4]), other):
        for p in (1, 2, np.inf, 3, 1.5):
            sizes = np.abs(x)
            if p == np.inf:
                mistakes = {
                    "the largest entry is taken, and not the largest size": x.max(),
                    "p = infinity is put into the formula, where 1/p is 0": 1.0,
                    "the smallest size is taken": sizes.min(),
                    "the sizes are added up": sizes.sum(),
                }
            else:
                signed = np.sum(x**p) if p in (1, 2, 3) else 0.0
                mistakes = {
                    "the root is missing": np.sum(sizes**p),
                    "the signs of the entries are kept": np.sign(signed)
                    * abs(signed) ** (1 / p),
                    "the root is missing, and the signs of the entries are kept": (
                        signed
                    ),
                    "the square root is taken, whatever p is": (
                        np.sum(sizes**p) ** 0.5
                    ),
                    "the mean is taken instead of the sum": (
                        np.mean(sizes**p) ** (1 / p)
                    ),
                }
            mistakes["p is ignored: this is the norm for p = 2"] = np.linalg.norm(x)
            mistakes["p is ignored: this is the norm for p = 1"] = sizes.sum()
            right = np.linalg.norm(x, ord=p)
            expect_result(
                function, {"x": x, "p": p}, right, "your norm", mistakes=mistakes
            )


def project(function: Answer, seed: int = 2, d: int = 2) -> None:
    """Test ``project(a, b)``, which returns the projection and the rest.

    Parameters
    ----------
    function : callable, (d,), (d,) -> (d,), (d,)
        The learner's projection.
    seed : int
        Which numbers to try it on.
    d : int
        How many entries.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 1; the book's section on the dot product.
    """
    other = np.random.default_rng(seed).normal(size=(2, d)).round(2)
    for a, b in (np.array([[1, 2], [3, 1]]), other):
        dot, length = a @ b, np.linalg.norm(b)
        right = dot / (b @ b) * b
        expect_pair(
            function,
            {"a": a, "b": b},
            (
                "projection",
                right,
                {
                    "a . b is divided by the length of b instead of its square": (
                        dot / length * b
                    ),
                    "a . b is not divided by anything": dot * b,
                    "a . b is divided by a . a": dot / (a @ a) * b,
                    "b is projected onto a": dot / (a @ a) * a,
                    "the rest comes before the projection": a - right,
                    "a and b are multiplied entry by entry": a * b / (b @ b) * b,
                },
            ),
            (
                "rest",
                a - right,
                {
                    "a is subtracted from the projection": right - a,
                    "the projection is subtracted from b": b - right,
                    "b is subtracted from a": a - b,
                    "the projection is returned twice": right,
                },
            ),
            returned="p, a - p",
        )


def total_torque(function: Answer, seed: int = 3, n: int = 3) -> None:
    """Test ``total_torque(levers, forces)`` on the example and on other forces.

    Parameters
    ----------
    function : callable, (n, 3), (n, 3) -> (3,)
        The learner's sum of torques.
    seed : int
        Which numbers to try it on.
    n : int
        How many forces.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 1; the book's section on the cross product.
    """
    example = np.array([[[0.5, 0, 0], [0.9, 0, 0]], [[0, -20, 0], [0, -10, 0]]])
    other = np.random.default_rng(seed).normal(size=(2, n, 3)).round(2)
    integers = np.random.default_rng(seed).integers(-9, 9, size=(2, n, 3))
    for r, F in (other, integers, example):
        each = np.cross(r, F)
        right = each.sum(axis=0)
        first = r[:, 1] * F[:, 2] - r[:, 2] * F[:, 1]
        mistakes = {
            "the force comes before the lever, F x r": -right,
            "levers and forces are added up first, and multiplied then": (
                np.cross(r.sum(axis=0), F.sum(axis=0))
            ),
            "the second entry has its sign turned round": right * [1, -1, 1],
            "the misprint is used: its second entry is 0, its third minus the first": (
                np.sum([first, 0 * first, -first], axis=1)
            ),
            "the torques are averaged instead of added up": right / len(r),
            "levers and forces are multiplied entry by entry": (r * F).sum(axis=0),
            "only the first force counts": each[0],
        }
        expect_result(
            function,
            {"levers": r, "forces": F},
            right,
            "your torque",
            mistakes=mistakes,
            shapes={
                (len(r), 3): "this is a torque for each force, add them up",
                (3, len(r)): "this is a torque for each force, add them up",
                (): "the torque is a vector, did you take a dot product?",
            },
        )


# Part 2: from angles to places -------------------------------------------------------


def rotation(function: Answer, seed: int = 4) -> None:
    """Test ``rotation(theta)`` at several angles.

    Parameters
    ----------
    function : callable, float -> (2, 2)
        The learner's matrix of a turn.
    seed : int
        Which angles to try besides those of the example.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 2; the book's section on matrices.
    """
    others = np.random.default_rng(seed).uniform(-3, 3, size=2).round(2)
    for theta in (0.7, *others.tolist(), np.pi / 2, 3):
        c, s = np.cos(theta), np.sin(theta)
        degrees = np.radians(theta)
        right = np.array([[c, -s], [s, c]])
        mistakes = {
            "the plane turns to the right: the minus is at the other sine": right.T,
            "theta is taken for degrees: it is in radians": np.array(
                [
                    [np.cos(degrees), -np.sin(degrees)],
                    [np.sin(degrees), np.cos(degrees)],
                ]
            ),
            "sine and cosine have changed places": np.array([[s, -c], [c, s]]),
            "the minus is missing": np.array([[c, s], [s, c]]),
            "the plane is mirrored, too: the second column must be (-sin, cos)": (
                np.array([[c, s], [s, -c]])
            ),
        }
        expect_result(
            function, {"theta": theta}, right, "your matrix", mistakes=mistakes
        )


def place(function: Answer, seed: int = 5, k: int = 4, m: int = 2, n: int = 2) -> None:
    """Test ``place(A, b, points)`` on the example and on other maps.

    Parameters
    ----------
    function : callable, (m, n), (m,), (k, n) -> (k, m)
        The learner's affine map, applied to every row.
    seed : int
        Which numbers to try it on.
    k, m, n : int
        How many points, and how many entries their images and they have.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 2; the book's section on matrices.
    """
    rng = np.random.default_rng(seed)
    other = tuple(rng.normal(size=size).round(2) for size in ((m, n), (m,), (k, n)))
    example = (
        np.array([[0, -1], [1, 0]]),
        np.array([10, 0]),
        np.array([[1, 0], [0, 2], [1, 1]]),
    )
    for A, b, points in (example, other):
        right = points @ A.T + b
        mistakes = {
            "the shift is forgotten": points @ A.T,
            "the shift is subtracted": points @ A.T - b,
        }
        if A.shape[0] == A.shape[1]:
            mistakes |= {
                "the rows are multiplied by A, and not by A transposed": points @ A + b,
                "the shift comes before the matrix, A (x + b)": (points + b) @ A.T,
                "the shift comes before the matrix, and the matrix is transposed": (
                    (points + b) @ A
                ),
            }
        rows = len(points)
        expect_result(
            function,
            {"A": A, "b": b, "points": points},
            right,
            "your array of images",
            mistakes=mistakes,
            shapes={(right.shape[1], rows): "the images belong in the rows, transpose"},
        )


def both(function: Answer, seed: int = 6, n: int = 2, k: int = 2, m: int = 2) -> None:
    """Test ``both(A, b, B, c)``, which makes one affine map of two.

    Parameters
    ----------
    function : callable, (k, n), (k,), (m, k), (m,) -> (m, n), (m,)
        The learner's matrix and shift of both maps together.
    seed : int
        Which numbers to try it on.
    n, k, m : int
        How many entries a vector has before, between and after the maps.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 2; the book's section on matrices.
    """
    rng = np.random.default_rng(seed)
    sizes = ((k, n), (k,), (m, k), (m,))
    other = tuple(rng.normal(size=size).round(2) for size in sizes)
    whole = tuple(np.array(a) for a in ([[2, 1], [0, 3]], [1, 4], [[1, 5], [2, 0]]))
    examples = (
        tuple(np.array(value) for value in ([[2]], [1], [[3]], [5])),
        (*whole, np.array([7, -2])),
    )
    for A, b, B, c in (*examples, other):
        matrices: dict[str, Array] = {}
        shifts = {
            "the second shift is left out": B @ b,
            "the first shift is left out": c,
        }
        if A.shape == B.shape and A.shape[0] == A.shape[1]:
            matrices |= {
                "the maps are in the wrong order, A B instead of B A": A @ B,
                "the matrices are added": A + B,
                "the matrices are multiplied entry by entry": A * B,
            }
            shifts |= {
                "the second matrix is not applied to the first shift": b + c,
                "the maps are in the wrong order, A c + b": A @ c + b,
                "the second shift is multiplied, too": B @ (b + c),
                "the first matrix is applied to the first shift": A @ b + c,
            }
        expect_pair(
            function,
            {"A": A, "b": b, "B": B, "c": c},
            ("matrix", B @ A, matrices),
            ("shift", B @ b + c, shifts),
            returned="matrix, shift",
        )


def joints(function: Answer, seed: int = 7, n: int = 3) -> None:
    """Test ``joints(angles, lengths)`` on the example and on another arm.

    Parameters
    ----------
    function : callable, (n,), (n,) -> (n + 1, 2)
        The learner's places of the joints.
    seed : int
        Which numbers to try it on.
    n : int
        How many pieces the other arm has.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 2.
    """
    rng = np.random.default_rng(seed)
    other = rng.uniform(-2, 2, n).round(2), rng.uniform(0.3, 2, n).round(2)
    example = np.array([np.pi / 2, -np.pi / 2]), np.array([2, 1])
    for angles, lengths in (example, other):
        right = _joints(angles, lengths)
        swapped = right[:, ::-1]
        directions = np.cumsum(angles)
        pieces = np.diff(right, axis=0)
        mistakes = {
            "every angle is measured from (1, 0), and not from the piece before it": (
                _chain(angles, lengths)
            ),
            "cosine and sine have changed places": swapped,
            "the angles are taken for degrees: they are in radians": (
                _joints(np.radians(angles), lengths)
            ),
            "every piece starts at the shoulder, not where the one before it ends": (
                np.vstack([np.zeros(2), pieces])
            ),
            "the angles are counted to the right": right * [1, -1],
            "every piece has the length of the first one": (
                _chain(directions, np.full(len(angles), lengths[0]))
            ),
            "the hand comes first and the shoulder last": right[::-1],
        }
        if len(angles) > 1:
            mistakes["only the angle before is added, and not all before it"] = _chain(
                angles + np.append(0, angles[:-1]), lengths
            )
        n_here = len(angles)
        expect_result(
            function,
            {"angles": angles, "lengths": lengths},
            right,
            "your array of joints",
            mistakes=mistakes,
            shapes={
                (n_here, 2): "the shoulder (0, 0) is the first row",
                (2, n_here + 1): "the joints belong in the rows, transpose",
                (2,): "all joints are asked for, the hand is only the last",
            },
        )


# Part 3: from places to angles -------------------------------------------------------


def jacobian(function: Answer, seed: int = 8, n: int = 3) -> None:
    """Test ``jacobian(places)`` on the example and on another arm.

    Parameters
    ----------
    function : callable, (n + 1, 2) -> (2, n)
        The learner's Jacobian of the hand's place by the angles.
    seed : int
        Which numbers to try it on.
    n : int
        How many pieces the other arm has.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 3; the book's section on the Jacobian.
    """
    rng = np.random.default_rng(seed)
    other = _joints(rng.uniform(-2, 2, n), rng.uniform(0.3, 2, n)).round(2)
    for places in (EXAMPLE_ARM, other):
        pieces = len(places) - 1
        right = _jacobian(places)
        mistakes = {
            "the sticks are turned to the right": -right,
            "the sticks are not turned": (places[-1] - places[:-1]).T,
            "the columns go from the joint to the next one, and not to the hand": (
                _turned(np.diff(places, axis=0))
            ),
            "every column goes from the shoulder to the hand": (
                _turned(np.tile(places[-1], (pieces, 1)))
            ),
            "the columns go from the shoulder to the joints": _turned(places[1:]),
            "x and y change places without a minus: a mirror, not a turn": (
                (places[-1] - places[:-1])[:, ::-1].T
            ),
        }
        if pieces == 2:
            mistakes["rows and columns have changed places"] = right.T
        expect_result(
            function,
            {"places": places},
            right,
            "your Jacobian",
            mistakes=mistakes,
            shapes={
                (pieces, 2): "a row for each coordinate, a column for each angle",
                (2, pieces + 1): "the hand itself is no joint and has no column",
            },
        )


def turns_for(function: Answer, seed: int = 9) -> None:
    """Test ``turns_for(J, s)`` on the example and on another move.

    Parameters
    ----------
    function : callable, (2, 2), (2,) -> (2,)
        The learner's turns of the joints.
    seed : int
        Which numbers to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 3; the book's section on linear combinations.
    """
    rng = np.random.default_rng(seed)
    other = np.array([[-1.3, -0.4], [0.2, 0.9]]) + rng.uniform(-0.1, 0.1, (2, 2))
    for J, s in (
        (_jacobian(EXAMPLE_ARM), np.array([-0.2, 0.3])),
        (other.round(2), rng.normal(size=2).round(2)),
        (np.array([[-2, -1], [3, 1]]), np.array([1, -4])),
    ):
        expect_result(
            function,
            {"J": J, "s": s},
            np.linalg.solve(J, s),
            "your pair of turns",
            mistakes={
                "J is applied to s: that is the way forward, from turns to moves": (
                    J @ s
                ),
                "J transposed is applied to s": J.T @ s,
                "the system is solved for J transposed": np.linalg.solve(J.T, s),
                "s is returned as it came": s,
                "the turns have the wrong sign": -np.linalg.solve(J, s),
            },
            shapes={(2, 2): "s is one move, did you divide by J entry by entry?"},
        )


def miss_gradient(function: Answer, seed: int = 10, n: int = 2) -> None:
    """Test ``miss_gradient(J, y, g)`` on the example and on another arm.

    Parameters
    ----------
    function : callable, (2, n), (2,), (2,) -> (n,)
        The learner's gradient of half the squared miss by the angles.
    seed : int
        Which numbers to try it on.
    n : int
        How many angles the other arm has.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on vectors, part 3; the book's section on the chain rule.
    """
    rng = np.random.default_rng(seed)
    other = rng.normal(size=(2, n)).round(2), *rng.normal(size=(2, 2)).round(2)
    example = _jacobian(EXAMPLE_ARM), np.array([1, 2]), np.array([0, 4])
    for J, y, g in (example, other):
        right = J.T @ (y - g)
        miss = np.linalg.norm(y - g)
        mistakes = {
            "the miss is g - y: the derivative of half its square is y - g": -right,
            "the half of the cost is forgotten": 2 * right,
            "the gradient of the miss itself is taken, and not of half its square": (
                right / miss
            ),
            "the goal is forgotten": J.T @ y,
        }
        if J.shape == (2, 2):
            mistakes |= {
                "J is not transposed": J @ (y - g),
                "J is not transposed, and the sign is turned round": J @ (g - y),
                "this is the gradient by the place, without the Jacobian": y - g,
                "the system is solved with J, as for a move": np.linalg.solve(J, y - g),
            }
        expect_result(
            function,
            {"J": J, "y": y, "g": g},
            right,
            "your gradient",
            mistakes=mistakes,
            shapes={
                (): "the cost is a number, but its gradient has an entry for each angle"
            },
        )


# Part 5: optional --------------------------------------------------------------------


def reach(function: Answer) -> None:
    """Test ``reach(angles, lengths, g)`` for goals far from where the arm stands.

    Parameters
    ----------
    function : callable, (2,), (2,), (2,) -> (2,)
        The learner's angles for which the hand is at the goal.

    Raises
    ------
    AssertionError
        If the hand is not at the goal.

    Source: the lab on vectors, part 5.
    """
    lengths = np.array([0.5, 0.4])
    for angles, goal in (
        (np.array([0.3, 1.4]), np.array([0.1, 0.7])),
        (np.array([0.3, 0.2]), np.array([-0.5, 0.3])),
        (np.array([2.0, 1.0]), np.array([0.2, 0.25])),
    ):
        arguments = {"angles": angles, "lengths": lengths, "g": goal}
        setting = f"with {told(arguments)}"
        came = call(function, arguments, setting)
        found = numbers(came, (2,), f"your pair of angles {setting}")
        hand = _joints(found, lengths)[-1]
        expect(hand, goal, f"the place of the hand {setting}", tolerance=1e-6)


# The arm itself ----------------------------------------------------------------------


def _chain(directions: Array, lengths: Array) -> Array:
    """Return the joints of an arm whose pieces point in these directions."""
    pieces = np.column_stack([np.cos(directions), np.sin(directions)])
    pieces = lengths[:, np.newaxis] * pieces
    return np.vstack([np.zeros(2), np.cumsum(pieces, axis=0)])


def _joints(angles: Array, lengths: Array) -> Array:
    return _chain(np.cumsum(angles), lengths)


def _turned(sticks: Array) -> Array:
    """Return the sticks, one a row, turned to the left, one a column."""
    return np.array([-sticks[:, 1], sticks[:, 0]])


def _jacobian(places: Array) -> Array:
    return _turned(places[-1] - places[:-1])
