"""The lab on vectors, whole: what answers that learners give are worth."""

import pytest
from marking import answers, hold, hold_to_sentences, solved

from nnbook_utils.checks import lab_vectors

WRONG = {
    "1a def p_norm(x, p):": {
        "root missing": (
            3,
            "the root is missing",
            "return np.max(np.abs(x)) if p == np.inf else np.sum(np.abs(x) ** p)",
        ),
        "signs kept": (
            3,
            "the signs of the entries are kept",
            "return np.max(np.abs(x)) if p == np.inf else np.sum(x**p) ** (1 / p)",
        ),
        "infinity put into the formula": (
            3,
            "infinity is put into the formula",
            "return np.sum(np.abs(x) ** float(p)) ** (1 / p)",
        ),
        "largest entry with its sign": (
            3,
            "not the largest size",
            "return max(x) if p == np.inf else np.sum(np.abs(x) ** p) ** (1 / p)",
        ),
        "always the square root": (
            3,
            "the square root is taken, whatever p is",
            "return max(abs(x)) if p == np.inf else np.sqrt(np.sum(np.abs(x) ** p))",
        ),
        "p ignored": (3, "norm for p = 2", "return np.linalg.norm(x)"),
        "mean for sum": (
            3,
            "the mean is taken",
            "return max(abs(x)) if p == np.inf else np.mean(np.abs(x) ** p) ** (1 / p)",
        ),
        "nothing returned": (3, "is its `return` missing", "np.linalg.norm(x, p)"),
    },
    "1b def project(a, b):": {
        "divided by the length": (
            4,
            "the length of b instead of its square",
            "p = (a @ b) / np.linalg.norm(b) * b; return p, a - p",
        ),
        "not divided": (4, "not divided by anything", "p = (a @ b) * b; return p, a-p"),
        "divided by a . a": (
            4,
            r"divided by a \. a",
            "p = (a @ b) / (a @ a) * b; return p, a - p",
        ),
        "b onto a": (
            4,
            "b is projected onto a",
            "p = (a @ b) / (a @ a) * a; return p, b - p",
        ),
        "exchanged": (
            4,
            "the rest comes before",
            "p = (a @ b) / (b @ b) * b; return a - p, p",
        ),
        "rest turned round": (
            4,
            "a is subtracted from the projection",
            "p = (a @ b) / (b @ b) * b; return p, p - a",
        ),
        "the number only": (
            4,
            r"projection is 0\.5, expected|has shape \(\)",
            "c = (a @ b) / (b @ b); return c, a - c * b",
        ),
        "projection only": (
            4,
            "expected two arrays: `return p, a - p`",
            "return (a @ b) / (b @ b) * b",
        ),
        "caller's array changed": (
            4,
            "changed a, which belongs to its caller",
            "p = (a @ b) / (b @ b) * b; a[:] = a - p; return p, a",
        ),
    },
    "1c def total_torque(levers, forces):": {
        "F x r": (
            3,
            "the force comes before the lever",
            "return np.cross(forces, levers).sum(axis=0)",
        ),
        "added up before": (
            3,
            "added up first",
            "return np.cross(levers.sum(axis=0), forces.sum(axis=0))",
        ),
        "one each": (3, "a torque for each force", "return np.cross(levers, forces)"),
        "misprint": (
            3,
            "the misprint is used",
            "first = (levers[:, 1] * forces[:, 2] - levers[:, 2] * forces[:, 1]).sum()"
            "; return np.array([first, 0, -first])",
        ),
        "second sign": (
            3,
            "the second entry has its sign",
            "return np.cross(levers, forces).sum(axis=0) * [1, -1, 1]",
        ),
        "mean": (
            3,
            "averaged instead of added",
            "return np.cross(levers, forces).mean(axis=0)",
        ),
        "dot product": (3, "a dot product", "return np.sum(levers * forces)"),
        "added the wrong way": (
            3,
            "your torque",
            "return np.cross(levers, forces).sum(axis=1)",
        ),
    },
    "2a def rotation(theta):": {
        "to the right": (
            3,
            "turns to the right",
            "c, s = np.cos(theta), np.sin(theta); return np.array([[c, s], [-s, c]])",
        ),
        "degrees": (
            3,
            "taken for degrees",
            "c, s = np.cos(np.radians(theta)), np.sin(np.radians(theta))\n"
            "return np.array([[c, -s], [s, c]])",
        ),
        "sine for cosine": (
            3,
            "have changed places",
            "c, s = np.sin(theta), np.cos(theta); return np.array([[c, -s], [s, c]])",
        ),
        "no minus": (
            3,
            "the minus is missing",
            "c, s = np.cos(theta), np.sin(theta); return np.array([[c, s], [s, c]])",
        ),
        "mirrored": (
            3,
            "mirrored",
            "c, s = np.cos(theta), np.sin(theta); return np.array([[c, s], [s, -c]])",
        ),
        "the turn by 90 degrees, always": (
            3,
            "with theta = 0.7",
            "return np.array([[0, -1], [1, 0]])",
        ),
        "whole numbers": (
            3,
            "your matrix",
            "c, s = np.cos(theta), np.sin(theta)\n"
            "return np.array([[c, -s], [s, c]]).astype(int)",
        ),
    },
    "2b def place(A, b, points):": {
        "not transposed": (
            3,
            "not by A transposed",
            "return points @ A + b",
        ),
        "shift first": (3, r"A \(x \+ b\)", "return (points + b) @ A.T"),
        "shift first, not transposed": (
            3,
            "and the matrix is transposed",
            "return (points + b) @ A",
        ),
        "no shift": (3, "the shift is forgotten", "return points @ A.T"),
        "shift subtracted": (3, "the shift is subtracted", "return points @ A.T - b"),
        "points in columns": (
            3,
            "belong in the rows",
            "return A @ points.T + b[:, None]",
        ),
        "columns for rows": (3, "raised ValueError", "return A @ points + b"),
        "only square": (
            2,
            "raised ValueError",
            "return points @ A.T + b if len(A) == A.shape[1] else points @ A + b",
        ),
    },
    "2c def both(A, b, B, c):": {
        "A B": (4, "in the wrong order, A B", "return A @ B, B @ b + c"),
        "all in the wrong order": (4, "wrong order", "return A @ B, A @ c + b"),
        "shifts added": (
            4,
            "not applied to the first shift",
            "return B @ A, b + c",
        ),
        "second shift lost": (4, "second shift is left out", "return B @ A, B @ b"),
        "first shift lost": (4, "first shift is left out", "return B @ A, c"),
        "entry by entry": (4, "entry by entry", "return B * A, B @ b + c"),
        "matrices added": (4, "the matrices are added", "return A + B, B @ b + c"),
        "one shift too much": (
            4,
            "the second shift is multiplied, too",
            "return B @ A, B @ (b + c)",
        ),
        "the matrix only": (4, "`return matrix, shift`", "return B @ A"),
    },
    "2d def joints(angles, lengths):": {
        "angles from the axis": (
            4,
            r"measured from \(1, 0\)",
            "x, y = np.cumsum(lengths * [np.cos(angles), np.sin(angles)], axis=1)\n"
            "return np.vstack([[0, 0], np.column_stack([x, y])])",
        ),
        "sine for cosine": (
            4,
            "cosine and sine have changed places",
            "t = np.cumsum(angles)\n"
            "x, y = np.cumsum(lengths * [np.sin(t), np.cos(t)], axis=1)\n"
            "return np.vstack([[0, 0], np.column_stack([x, y])])",
        ),
        "degrees": (
            4,
            "taken for degrees",
            "t = np.radians(np.cumsum(angles))\n"
            "x, y = np.cumsum(lengths * [np.cos(t), np.sin(t)], axis=1)\n"
            "return np.vstack([[0, 0], np.column_stack([x, y])])",
        ),
        "shoulder left out": (
            4,
            "the shoulder .* is the first row",
            "t = np.cumsum(angles)\n"
            "x, y = np.cumsum(lengths * [np.cos(t), np.sin(t)], axis=1)\n"
            "return np.column_stack([x, y])",
        ),
        "hand only": (
            4,
            "all joints are asked for",
            "t = np.cumsum(angles)\n"
            "return np.array([lengths @ np.cos(t), lengths @ np.sin(t)])",
        ),
        "pieces from the shoulder": (
            4,
            "every piece starts at the shoulder",
            "t = np.cumsum(angles)\n"
            "x, y = lengths * [np.cos(t), np.sin(t)]\n"
            "return np.vstack([[0, 0], np.column_stack([x, y])])",
        ),
        "in columns": (
            4,
            "belong in the rows",
            "t = np.cumsum(angles)\n"
            "x, y = np.cumsum(lengths * [np.cos(t), np.sin(t)], axis=1)\n"
            "return np.array([np.append(0, x), np.append(0, y)])",
        ),
        "two pieces only": (
            4,
            r"has shape \(3, 2\), expected \(4, 2\)",
            "a, b = angles[0], angles[0] + angles[1]\n"
            "e = lengths[0] * np.array([np.cos(a), np.sin(a)])\n"
            "h = e + lengths[1] * np.array([np.cos(b), np.sin(b)])\n"
            "return np.array([[0, 0], e, h])",
        ),
        "only the angle before added": (
            4,
            "only the angle before is added",
            "t = angles + np.append(0, angles[:-1])\n"
            "x, y = np.cumsum(lengths * [np.cos(t), np.sin(t)], axis=1)\n"
            "return np.vstack([[0, 0], np.column_stack([x, y])])",
        ),
    },
    "3a def jacobian(places):": {
        "to the right": (
            4,
            "turned to the right",
            "s = places[-1] - places[:-1]; return np.array([s[:, 1], -s[:, 0]])",
        ),
        "not turned": (4, "not turned", "return (places[-1] - places[:-1]).T"),
        "to the next joint": (
            4,
            "from the joint to the next one",
            "s = np.diff(places, axis=0); return np.array([-s[:, 1], s[:, 0]])",
        ),
        "rows for columns": (
            4,
            "rows and columns have changed places",
            "s = places[-1] - places[:-1]; return np.column_stack([-s[:, 1], s[:, 0]])",
        ),
        "from the shoulder": (
            4,
            "every column goes from the shoulder to the hand",
            "x, y = places[-1]; return np.outer([-y, x], np.ones(len(places) - 1))",
        ),
        "mirrored": (
            4,
            "without a minus",
            "return (places[-1] - places[:-1])[:, ::-1].T",
        ),
        "the hand as a joint": (
            4,
            "the hand itself is no joint",
            "s = places[-1] - places; return np.array([-s[:, 1], s[:, 0]])",
        ),
        "from the shoulder to the joints": (
            4,
            "from the shoulder to the joints",
            "s = places[1:]; return np.array([-s[:, 1], s[:, 0]])",
        ),
    },
    "3b def turns_for(J, s):": {
        "forward": (2, "the way forward", "return J @ s"),
        "transposed": (2, "J transposed is applied", "return J.T @ s"),
        "solved with J transposed": (
            2,
            "the system is solved for J transposed",
            "return s @ np.linalg.inv(J)",
        ),
        "divided entry by entry": (
            2,
            "did you divide by J",
            "return np.divide(s, np.where(J == 0, 1, J))",
        ),
        "sign": (2, "the wrong sign", "return -np.linalg.solve(J, s)"),
        "as it came": (2, "s is returned as it came", "return s"),
        "inverse rounded": (
            2,
            "rounded, or computed in float32",
            "return np.round(np.linalg.inv(J) @ s, 5) + 1e-6",
        ),
    },
    "3c def miss_gradient(J, y, g):": {
        "g - y": (3, "the miss is g - y", "return J.T @ (g - y)"),
        "not transposed": (3, "J is not transposed", "return J @ (y - g)"),
        "twice": (3, "the half of the cost is forgotten", "return 2 * J.T @ (y - g)"),
        "of the length": (
            3,
            "and not of half its square",
            "return J.T @ (y - g) / np.linalg.norm(y - g)",
        ),
        "by the place": (3, "without the Jacobian", "return y - g"),
        "the cost itself": (
            3,
            "its gradient has an entry for each angle",
            "return 0.5 * (y - g) @ (y - g)",
        ),
        "goal forgotten": (3, "the goal is forgotten", "return J.T @ y"),
        "solved": (3, "solved with J", "return np.linalg.solve(J, y - g)"),
    },
}

RIGHT = {
    "1a def p_norm(x, p):": {
        "NumPy's own": "return np.linalg.norm(x, p)",
        "a loop": """
if p == float("inf"):
    return max(abs(value) for value in x)
total = 0
for value in x:
    total += abs(value) ** p
return total ** (1 / p)
""",
        "scaled against overflow, of floats": """
x = np.asarray(x, float)
M = np.abs(x).max()
return float(M) if np.isinf(p) else M * ((np.abs(x) / M) ** p).sum() ** (1 / p)
""",
    },
    "1b def project(a, b):": {
        "by the unit vector, lists": """
u = b / np.linalg.norm(b)
p = np.dot(a, u) * u
return p.tolist(), (a - p).tolist()
""",
        "by a matrix": """
P = np.outer(b, b) / np.dot(b, b)
return P @ a, (np.eye(len(a)) - P) @ a
""",
        "a loop, a list of both": """
c = sum(x * y for x, y in zip(a, b)) / sum(y * y for y in b)
p = [c * y for y in b]
return [p, [x - y for x, y in zip(a, p)]]
""",
    },
    "1c def total_torque(levers, forces):": {
        "NumPy's own": "return np.cross(levers, forces).sum(axis=0)",
        "a loop": """
T = np.zeros(3)
for r, F in zip(levers, forces):
    T = T + [r[1]*F[2] - r[2]*F[1], r[2]*F[0] - r[0]*F[2], r[0]*F[1] - r[1]*F[0]]
return T
""",
        "lists": """
x = sum(r[1]*F[2] - r[2]*F[1] for r, F in zip(levers, forces))
y = sum(r[2]*F[0] - r[0]*F[2] for r, F in zip(levers, forces))
z = sum(r[0]*F[1] - r[1]*F[0] for r, F in zip(levers, forces))
return [x, y, z]
""",
    },
    "2a def rotation(theta):": {
        "lists, Python's math": """
import math
return [[math.cos(theta), -math.sin(theta)], [math.sin(theta), math.cos(theta)]]
""",
        "from its columns": """
e1 = [np.cos(theta), np.sin(theta)]
e2 = [-np.sin(theta), np.cos(theta)]
return np.column_stack([e1, e2])
""",
        "from the identity": """
J = np.array([[0, -1], [1, 0]])
return np.cos(theta) * np.eye(2) + np.sin(theta) * J
""",
    },
    "2b def place(A, b, points):": {
        "columns": "return (A @ points.T + b[:, np.newaxis]).T",
        "a loop": "return np.array([A @ x + b for x in points])",
        "lists": """
return [
    [sum(a * v for a, v in zip(row, x)) + s for row, s in zip(A, b)] for x in points
]
""",
    },
    "2c def both(A, b, B, c):": {
        "np.dot": "return np.dot(B, A), np.dot(B, b) + c",
        "through the images of zero and the unit vectors": """
def f(x):
    return B @ (A @ x + b) + c
n = A.shape[1]
shift = f(np.zeros(n))
return np.column_stack([f(e) - shift for e in np.eye(n)]), shift
""",
        "one larger matrix, lists": """
def larger(M, s):
    top = np.column_stack([M, s])
    return np.vstack([top, np.append(np.zeros(M.shape[1]), 1)])
M = larger(B, c) @ larger(A, b)
return M[:-1, :-1].tolist(), M[:-1, -1].tolist()
""",
    },
    "2d def joints(angles, lengths):": {
        "a loop": """
at, direction, places = np.zeros(2), 0.0, [np.zeros(2)]
for angle, length in zip(angles, lengths):
    direction += angle
    at = at + length * np.array([np.cos(direction), np.sin(direction)])
    places.append(at)
return places
""",
        "turns, one after the other": """
turn, places = np.eye(2), [np.zeros(2)]
for angle, length in zip(angles, lengths):
    c, s = np.cos(angle), np.sin(angle)
    turn = turn @ np.array([[c, -s], [s, c]])
    places.append(places[-1] + turn @ [length, 0])
return np.array(places)
""",
        "complex numbers": """
z = np.cumsum(lengths * np.exp(1j * np.cumsum(angles)))
return np.array([[0, 0]] + [[w.real, w.imag] for w in z])
""",
    },
    "3a def jacobian(places):": {
        "a matrix that turns": """
quarter = np.array([[0, -1], [1, 0]])
return quarter @ (places[-1] - places[:-1]).T
""",
        "a loop, lists": """
x, y = places[-1]
return [[-(y - q) for p, q in places[:-1]], [x - p for p, q in places[:-1]]]
""",
        "sums of the slopes of the pieces": """
pieces = np.diff(places, axis=0)
reach = np.cumsum(pieces[::-1], axis=0)[::-1]
return np.vstack([-reach[:, 1], reach[:, 0]])
""",
    },
    "3b def turns_for(J, s):": {
        "the inverse": "return np.linalg.inv(J) @ s",
        "Cramer's rule, a list": """
d = J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0]
return [(s[0]*J[1, 1] - J[0, 1]*s[1]) / d, (J[0, 0]*s[1] - J[1, 0]*s[0]) / d]
""",
        "least squares": "return np.linalg.lstsq(J, s, rcond=None)[0]",
    },
    "3c def miss_gradient(J, y, g):": {
        "from the left": "return (y - g) @ J",
        "column by column, a list": """
return [sum((y[i] - g[i]) * J[i, j] for i in range(2)) for j in range(J.shape[1])]
""",
        "einsum": "return np.einsum('ij,i->j', J, np.subtract(y, g))",
    },
    "5 def reach(angles, lengths, g):": {
        "many short steps": """
angles = np.array(angles, dtype=float)
for _ in range(3000):
    places = joints(angles, lengths)
    angles = angles + 0.05 * np.linalg.solve(jacobian(places), g - places[-1])
return angles
""",
    },
}


@pytest.mark.parametrize("answer", answers("lab_vectors", WRONG, RIGHT), ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("lab_vectors", answer, record_property)


@pytest.mark.parametrize("name", [n for n in lab_vectors.__all__ if n.islower()])
def test_whatever_comes_a_sentence_is_the_answer(name):
    hold_to_sentences(getattr(lab_vectors, name), solved("lab_vectors")[name])
