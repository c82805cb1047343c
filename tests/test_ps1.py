"""Problem Set 1, whole: what answers that learners give are worth."""

import re

import nbformat
import numpy as np
import pytest
import yaml
from conftest import ROOT
from marking import Answer, answers, hold, hold_to_sentences, solved

from nnbook_utils.checks import ps1

# The bodies of runs that differ in one line only.
DESCENT = """
rows = [np.asarray(w0, dtype=float)]
for t in range(steps):
    w = rows[-1]
    rows.append({})
return np.array(rows)
"""
WITH_STATE = """
w, state, rows = w0, np.zeros_like(w0), [w0]
for t in range(steps):
    {}
    rows.append(w)
return np.array(rows)
"""
PASS = """
rows = [w0]
for x, label in zip(X, y):
    w = rows[-1]
    {}
    rows.append(w)
return np.array(rows)
"""
ALL = "w - eta * squared_hinge_gradient(w, X, y)"
ONE = "w - eta * squared_hinge_gradient(w, X[[{0}]], y[[{0}]])"

WRONG = {
    "5b def minimiser(points, weights):": {
        "weights forgotten": (
            3,
            "that is the plain mean",
            "return points.mean(axis=0)",
        ),
        "not divided": (3, "not divided by anything", "return weights @ points"),
        "divided by m": (
            3,
            "divided by the number of points",
            "return weights @ points / len(points)",
        ),
        "plain sum over weights": (
            3,
            "the plain sum is divided",
            "return points.sum(axis=0) / weights.sum()",
        ),
        "weights squared": (
            3,
            "the weights are squared",
            "return weights**2 @ points / np.sum(weights**2)",
        ),
        "weights reversed": (
            3,
            "in the reverse order",
            "return weights[::-1] @ points / weights.sum()",
        ),
        "for two points only": (
            2,
            r"on 5 points|has shape|expected \[",
            "a, b = weights[:2]; return (a * points[0] + b * points[1]) / (a + b)",
        ),
    },
    "6a def squared_hinge_gradient(w, X, y):": {
        "missing 1/n": (
            7,
            "not divided by n",
            "return X.T @ (-np.maximum(0, 1 - y * (X @ w)) * y)",
        ),
        "sign": (
            9,
            "the sign",
            "return X.T @ (np.maximum(0, 1 - y * (X @ w)) * y) / len(y)",
        ),
        "divided by 2n": (
            8,
            "divided by 2n",
            "return X.T @ (-np.maximum(0, 1 - y * (X @ w)) * y) / (2 * len(y))",
        ),
        "1/2 forgotten": (
            8,
            "the 1/2 of the cost is forgotten",
            "return 2 * X.T @ (-np.maximum(0, 1 - y * (X @ w)) * y) / len(y)",
        ),
        "squared error": (9, "all samples count", "return X.T @ (X @ w - y) / len(y)"),
        "mean over the active": (
            7,
            "with margin below 1 only",
            """
inside = y * (X @ w) < 1
return X.T @ np.where(inside, X @ w - y, 0) / max(1, inside.sum())
""",
        ),
        "plain hinge": (
            9,
            "the plain hinge",
            "return X.T @ np.where(y * (X @ w) < 1, -y, 0) / len(y)",
        ),
        "label forgotten": (
            9,
            "the label is forgotten",
            "return X.T @ -np.maximum(0, 1 - y * (X @ w)) / len(y)",
        ),
        "inequality turned": (
            15,
            "instead of the others",
            "return X.T @ np.where(y * (X @ w) < 1, 0, X @ w - y) / len(y)",
        ),
        "for zero weights only": (9, "at w = ", "return -X.T @ y / len(y)"),
    },
    "6b def gradient_descent(X, y, w0, eta, steps):": {
        "up": (6, "the step goes up", DESCENT.format(ALL.replace("-", "+"))),
        "sum for mean": (
            6,
            "not divided by n",
            DESCENT.format(ALL.replace("eta", "len(y) * eta")),
        ),
        "start left out": (
            5,
            "is the start among the iterates",
            DESCENT.format(ALL).replace("(rows)", "(rows[1:])"),
        ),
        "last step left out": (
            6,
            "the last step not missing",
            DESCENT.format(ALL).replace("range(steps)", "range(steps - 1)"),
        ),
        "from zero": (
            5,
            "which should be the start",
            DESCENT.format(ALL).replace("np.asarray(w0, dtype=float)", "0 * w0"),
        ),
        "last iterate only": (
            6,
            "your array of iterates .* has shape",
            DESCENT.format(ALL).replace("(rows)", "(rows[-1])"),
        ),
        "gradient at the start": (
            6,
            "your last iterate",
            DESCENT.format(ALL.replace("(w,", "(w0,")),
        ),
        "nothing returned": (6, "is its `return` missing", "w0 - eta"),
        "in the caller's array": (
            5,
            "which belongs to its caller",
            """
rows = [w0.copy()]
for t in range(steps):
    w0 -= eta * squared_hinge_gradient(w0, X, y)
    rows.append(w0.copy())
return rows
""",
        ),
        "the same array in every row": (
            5,
            "which should be the start",
            """
w, rows = w0.copy(), []
for t in range(steps + 1):
    rows.append(w)
    w -= eta * squared_hinge_gradient(w, X, y) if t < steps else 0
return rows
""",
        ),
    },
    "7a def sgd(X, y, w0, eta, steps):": {
        "all samples": (6, "uses all samples", DESCENT.format(ALL)),
        "divided by n": (
            6,
            "gradient is divided by n",
            DESCENT.format(ONE.format("t % len(y)") + " / len(y)"),
        ),
        "t from 1": (
            6,
            "takes the second sample",
            DESCENT.format(ONE.format("(t + 1) % len(y)")),
        ),
        "backwards": (
            6,
            "in the reverse order",
            DESCENT.format(ONE.format("-1 - t % len(y)")),
        ),
        "one pass only": (6, "raised IndexError", DESCENT.format(ONE.format("t"))),
        "at random, globally": (
            6,
            "your last iterate",
            DESCENT.format(ONE.format("np.random.randint(len(y))")),
        ),
        "seven for n": (6, "your last iterate", DESCENT.format(ONE.format("t % 7"))),
        "eight for n": (
            3,
            "raised IndexError|your last iterate",
            DESCENT.format(ONE.format("t % 8")),
        ),
    },
    "8a def momentum_step(w, v, gradient, eta, alpha):": {
        "gradient added": (
            5,
            "added instead of subtracted",
            "v = alpha * v + eta * gradient; return w + v, v",
        ),
        "velocity averaged": (
            5,
            "the velocity is averaged",
            "v = alpha * v - (1 - alpha) * eta * gradient; return w + v, v",
        ),
        "eta left out": (
            5,
            "eta is left out",
            "v = alpha * v - gradient; return w + v, v",
        ),
        "velocity left out": (
            5,
            "the old velocity is left out",
            "v = -eta * gradient; return w + v, v",
        ),
        "exchanged": (
            4,
            "have changed places",
            "v = eta * v - alpha * gradient; return w + v, v",
        ),
        "velocity kept whole": (
            5,
            "kept whole",
            "v = v - eta * gradient; return w + v, v",
        ),
        "moves too early": (
            5,
            "move by the old velocity",
            "return w + v, alpha * v - eta * gradient",
        ),
        "velocity subtracted": (
            5,
            "the velocity is subtracted",
            "v = alpha * v - eta * gradient; return w - v, v",
        ),
        "does not move": (8, "have not moved", "return w, alpha * v - eta * gradient"),
        "weights only": (
            8,
            "expected two arrays",
            "return w + alpha * v - eta * gradient",
        ),
        "turned round": (
            5,
            "your new weights",
            "v = alpha * v - eta * gradient; return v, w + v",
        ),
        "in the caller's array": (
            4,
            "changed v, which belongs to its caller",
            "v *= alpha; v -= eta * gradient; return w + v, v",
        ),
    },
    "8b def momentum(X, y, w0, eta, alpha, steps):": {
        "velocity forgotten": (
            4,
            "starts again from zero",
            DESCENT.format(
                "momentum_step("
                "w, 0 * w, squared_hinge_gradient(w, X, y), eta, alpha)[0]"
            ),
        ),
        "averaged": (
            4,
            "with the factor 1 − α",
            WITH_STATE.format("""g = (1 - alpha) * squared_hinge_gradient(w, X, y)
    w, state = momentum_step(w, state, g, eta, alpha)"""),
        ),
        "looks ahead": (
            4,
            "Nesterov",
            WITH_STATE.format("""g = squared_hinge_gradient(w, X, y)
    state = alpha * state - eta * g
    w = w + alpha * state - eta * g"""),
        ),
        "exchanged": (
            3,
            "your last iterate",
            WITH_STATE.format("""g = squared_hinge_gradient(w, X, y)
    w, state = momentum_step(w, state, g, alpha, eta)"""),
        ),
        "gradient at the start": (
            4,
            "your last iterate",
            WITH_STATE.format("""g = squared_hinge_gradient(w0, X, y)
    w, state = momentum_step(w, state, g, eta, alpha)"""),
        ),
        "velocity of one at the start": (
            4,
            "your last iterate",
            WITH_STATE.format("""g = squared_hinge_gradient(w, X, y)
    w, state = momentum_step(w, state, g, eta, alpha)""").replace("zeros", "ones"),
        ),
    },
    "9a def adagrad_step(w, s, gradient, eta, delta):": {
        "old sum": (
            5,
            "divided by the old sum",
            "return w - eta * gradient / (delta + np.sqrt(s)), s + gradient**2",
        ),
        "delta in the root": (
            4,
            "delta stands inside the root",
            "s = s + gradient**2; return w - eta * gradient / np.sqrt(delta + s), s",
        ),
        "root forgotten": (
            5,
            "the root is forgotten",
            "s = s + gradient**2; return w - eta * gradient / (delta + s), s",
        ),
        "up": (
            5,
            "the step goes up",
            "s = s + gradient**2; return w + eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "delta left out": (
            4,
            "delta is left out",
            "s = s + gradient**2; return w - eta * gradient / np.sqrt(s), s",
        ),
        "sum not kept": (
            5,
            "not in the sum yet",
            "return w - eta * gradient / (delta + np.sqrt(s + gradient**2)), s",
        ),
        "not squared": (
            5,
            "your new weights|not its square",
            "s = s + gradient; "
            "return w - eta * gradient / (delta + np.sqrt(abs(s))), s",
        ),
        "one sum for all": (
            5,
            "added up over all weights",
            "s = s + gradient @ gradient; "
            "return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "old sum thrown away": (
            5,
            "the old sum is thrown away",
            "s = gradient**2; return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "plain descent": (
            5,
            "not divided by anything",
            "return w - eta * gradient, s + gradient**2",
        ),
        "averaged": (
            5,
            "your new weights",
            "s = 0.5 * s + 0.5 * gradient**2; "
            "return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
    },
    "9b def adagrad(X, y, w0, eta, delta, steps):": {
        "all samples": (
            4,
            "uses all samples",
            WITH_STATE.format("""g = squared_hinge_gradient(w, X, y)
    w, state = adagrad_step(w, state, g, eta, delta)"""),
        ),
        "no sums": (
            4,
            "not divided by the root",
            DESCENT.format(ONE.format("t % len(y)")),
        ),
        "divided by n": (
            3,
            "gradient is divided by n",
            WITH_STATE.format("""i = [t % len(y)]
    g = squared_hinge_gradient(w, X[i], y[i]) / len(y)
    w, state = adagrad_step(w, state, g, eta, delta)"""),
        ),
        "sums forgotten": (
            4,
            "your last iterate",
            WITH_STATE.format("""i = [t % len(y)]
    g = squared_hinge_gradient(w, X[i], y[i])
    w, _ = adagrad_step(w, state, g, eta, delta)"""),
        ),
        "t from 1": (
            4,
            "your last iterate",
            WITH_STATE.format("""i = [(t + 1) % len(y)]
    g = squared_hinge_gradient(w, X[i], y[i])
    w, state = adagrad_step(w, state, g, eta, delta)"""),
        ),
        "one pass only": (
            4,
            "raised IndexError",
            WITH_STATE.format("""g = squared_hinge_gradient(w, X[[t]], y[[t]])
    w, state = adagrad_step(w, state, g, eta, delta)"""),
        ),
    },
    "10a def perceptron_pass(X, y, w0):": {
        "tie not counted": (
            7,
            "the tie",
            PASS.format("w = w + label * x if label * (w @ x) < 0 else w"),
        ),
        "twice as long": (
            7,
            "twice as long",
            PASS.format("w = w + 2 * label * x if label * (w @ x) <= 0 else w"),
        ),
        "always": (7, "also one that is right", PASS.format("w = w + label * x")),
        "subtracted": (
            7,
            "the update is subtracted",
            PASS.format("w = w - label * x if label * (w @ x) <= 0 else w"),
        ),
        "half as long": (
            7,
            "your last iterate",
            PASS.format("w = w + label * x / 2 if label * (w @ x) <= 0 else w"),
        ),
        "inequality turned": (
            7,
            "your last iterate",
            PASS.format("w = w + label * x if label * (w @ x) >= 0 else w"),
        ),
        "label forgotten": (
            7,
            "your last iterate",
            PASS.format("w = w + x if label * (w @ x) <= 0 else w"),
        ),
        "margin 1": (
            7,
            "your last iterate",
            PASS.format("w = w + label * x if label * (w @ x) < 1 else w"),
        ),
        "last weights only": (
            7,
            "your array of iterates .* has shape",
            PASS.format("w = w + label * x if label * (w @ x) <= 0 else w").replace(
                "(rows)", "(rows[-1])"
            ),
        ),
    },
    "optional def exact_step(w, X, y):": {
        "a parabola": (
            0,
            "taken to stay inside",
            """
g = squared_hinge_gradient(w, X, y)
inside = X[y * (X @ w) < 1]
return len(y) * (g @ g) / np.sum((inside @ g) ** 2)
""",
        ),
        "all samples": (
            0,
            "all samples count|taken to stay inside",
            """
g = squared_hinge_gradient(w, X, y)
return len(y) * (g @ g) / np.sum((X @ g) ** 2)
""",
        ),
        "always 1": (0, "your step size .* expected", "return 1.0"),
    },
}
RIGHT = {
    "5b def minimiser(points, weights):": {
        "numpy's average": "return np.average(points, axis=0, weights=weights)",
        "loops and lists": """
total = [0.0] * len(points[0])
for point, weight in zip(points, weights):
    for j, value in enumerate(point):
        total[j] += weight * value
return [value / sum(weights) for value in total]
""",
        "broadcast": (
            "return (weights[:, None] * points).sum(axis=0) / np.sum(weights)"
        ),
    },
    "6a def squared_hinge_gradient(w, X, y):": {
        "loops and lists": """
total = [0.0] * len(w)
for x, label in zip(X, y):
    score = sum(a * b for a, b in zip(w, x))
    if label * score < 1:
        for j in range(len(w)):
            total[j] += (score - label) * x[j]
return np.array(total) / len(X)
""",
        "mask": """
inside = y * (X @ w) < 1
return ((X @ w - y)[inside] @ X[inside]) / len(y)
""",
        "mean over an axis": """
m = y * (X @ w)
return np.mean(np.where(m < 1, (m - 1) * y, 0)[:, None] * X, axis=0)
""",
        "einsum": """
pull = np.clip(1 - y * (X @ w), 0, None) * y
return -np.einsum("i,ij->j", pull, X) / X.shape[0]
""",
    },
    "6b def gradient_descent(X, y, w0, eta, steps):": {
        "list of lists": DESCENT.format(ALL).replace(
            "np.array(rows)", "[[*r] for r in rows]"
        ),
        "array filled": """
rows = np.zeros((steps + 1, len(w0)))
rows[0] = w0
for t in range(steps):
    rows[t + 1] = rows[t] - eta * squared_hinge_gradient(rows[t], X, y)
return rows
""",
        "while loop, stacked": """
w, rows, t = np.array(w0), np.array([w0]), 0
while t < steps:
    w = w - eta * squared_hinge_gradient(w, X, y)
    rows = np.vstack([rows, w])
    t += 1
return rows
""",
        "gradient written out": DESCENT.format(
            "w + eta * X.T @ (np.maximum(0, 1 - y * (X @ w)) * y) / len(y)"
        ),
    },
    "7a def sgd(X, y, w0, eta, steps):": {
        "slices": DESCENT.format(
            "w - eta * squared_hinge_gradient("
            "w, X[t % len(y):][:1], y[t % len(y):][:1])"
        ),
        "an iterator": """
import itertools
rows = [w0]
for x, label in itertools.islice(itertools.cycle(zip(X, y)), steps):
    w = rows[-1]
    rows.append(w + eta * max(0, 1 - label * (w @ x)) * label * x)
return rows
""",
        "a counter that starts again": """
rows, i = [list(w0)], 0
for _ in range(steps):
    w = np.array(rows[-1])
    rows.append(list(w - eta * squared_hinge_gradient(w, X[i:i + 1], y[i:i + 1])))
    i = 0 if i == len(X) - 1 else i + 1
return rows
""",
    },
    "8a def momentum_step(w, v, gradient, eta, alpha):": {
        "one line": (
            "return w + alpha * v - eta * gradient, alpha * v - eta * gradient"
        ),
        "copies changed in place": """
v = v.copy()
v *= alpha
v -= eta * gradient
return np.add(w, v), v
""",
        "loops": """
v = np.array([alpha * a - eta * b for a, b in zip(v, gradient)])
return np.array([a + b for a, b in zip(w, v)]), v
""",
    },
    "8b def momentum(X, y, w0, eta, alpha, steps):": {
        "velocity as the last difference": DESCENT.format(
            "w - eta * squared_hinge_gradient(w, X, y)"
            " + (alpha * (w - rows[-2]) if t else 0)"
        ),
        "written out": WITH_STATE.format("""g = squared_hinge_gradient(w, X, y)
    state = alpha * state - eta * g
    w = w + state"""),
        "velocity a number at first": WITH_STATE.format(
            """g = squared_hinge_gradient(w, X, y)
    w, state = momentum_step(w, state, g, eta, alpha)"""
        ).replace("np.zeros_like(w0)", "0.0"),
    },
    "9a def adagrad_step(w, s, gradient, eta, delta):": {
        "powers": """
s = s + gradient * gradient
return w - eta * gradient * (delta + s**0.5) ** -1, s
""",
        "loops": """
new_w, new_s = w.copy(), s.copy()
for j in range(len(w)):
    new_s[j] += gradient[j] ** 2
    new_w[j] -= eta / (delta + new_s[j] ** 0.5) * gradient[j]
return new_w, new_s
""",
        "numpy's functions": """
s = np.add(s, np.square(gradient))
return np.subtract(w, eta * gradient / (np.sqrt(s) + delta)), s
""",
    },
    "9b def adagrad(X, y, w0, eta, delta, steps):": {
        "written out": WITH_STATE.format("""i = [t % len(X)]
    g = squared_hinge_gradient(w, X[i], y[i])
    state = state + g**2
    w = w - eta * g / (delta + np.sqrt(state))"""),
        "all gradients kept": """
rows, gradients = [w0], []
for t in range(steps):
    i = t % len(y)
    gradients.append(squared_hinge_gradient(rows[-1], X[[i]], y[[i]]))
    s = np.sum(np.square(gradients), axis=0)
    rows.append(rows[-1] - eta * gradients[-1] / (delta + np.sqrt(s)))
return rows
""",
        "rows repeated": """
X, y = np.tile(X, (steps, 1))[:steps], np.tile(y, steps)[:steps]
w, s, rows = w0, 0 * w0, [w0]
for x, label in zip(X, y):
    g = squared_hinge_gradient(w, x[None], np.array([label]))
    w, s = adagrad_step(w, s, g, eta, delta)
    rows.append(w)
return rows
""",
    },
    "10a def perceptron_pass(X, y, w0):": {
        "by prediction": """
rows = [w0.copy()]
for i in range(len(y)):
    w = rows[-1].copy()
    if np.sign(w @ X[i]) != y[i]:
        w += y[i] * X[i]
    rows.append(w)
return rows
""",
        "not right, so wrong": PASS.format(
            "w = w if label * (w @ x) > 0 else w + label * x"
        ),
        "truth value as a factor": PASS.format(
            "w = w + (label * np.dot(w, x) <= 0) * label * x"
        ),
    },
    "optional def exact_step(w, X, y):": {
        "breakpoints sorted": """
g = squared_hinge_gradient(w, X, y)
m, rate = y * (X @ w), -y * (X @ g)
breaks = [(1 - a) / b for a, b in zip(m, rate) if b != 0 and (1 - a) / b > 0]
for low, high in zip([0, *sorted(breaks)], [*sorted(breaks), np.inf]):
    middle = low + 1 if high == np.inf else (low + high) / 2
    inside = m + middle * rate < 1
    a, b = (1 - m)[inside], rate[inside]
    if b @ b == 0:
        return low
    eta = (a @ b) / (b @ b)
    if eta <= high:
        return max(eta, low)
""",
    },
}
LETTERS = [
    Answer(f"ps1-{cell}", f"{letter} chosen", f'problem_{k} = "{letter}"', lost, words)
    for k, cell, lost, options in (
        (1, "1", 2, {"A": "either sign", "C": "a slope for each axis", "D": "uphill"}),
        (2, "2", 2, {"A": "a batch of one", "B": "all of them", "D": "varies less"}),
        (
            3,
            "3",
            2,
            {"A": "each layer needs", "B": "what comes out", "C": "chain rule"},
        ),
        (
            4,
            "4",
            2,
            {"A": "biases are forgotten", "C": "inputs are given", "D": "the paths"},
        ),
        (5, "5a", 1, {"A": "so is squared", "B": "2 is forgotten", "D": "other point"}),
    )
    for letter, words in options.items()
] + [
    Answer("ps1-1", "lower case", 'problem_1 = "b "'),
    Answer("ps1-1", "no letter", 'problem_1 = "E"', 2, "one of the letters A, B, C, D"),
    Answer("ps1-4", "the number", "problem_4 = 128", 2, "is 128, expected one of"),
    Answer(
        "ps1-3", "two letters", 'problem_3 = "CD"', 2, "expected one of the letters"
    ),
    Answer("ps1-2", "missing", "problem_2 = None", 2, "not yet answered"),
]
NUMBERS = [
    Answer(
        "ps1-6c", "typed to three decimals", "w_6 = [-0.527, 1.220, -1.047, -0.445]"
    ),
    Answer(
        "ps1-6c",
        "one step missing",
        "w_6 = gradient_descent(X, y, np.zeros(4), 0.5, 24)[-1]",
        1,
        r"one step is missing: this is W\(24\)",
    ),
    Answer(
        "ps1-8c",
        "one step too many",
        "w_8 = momentum(X, y, np.zeros(4), 0.5, 0.5, 26)[-1]",
        1,
        r"one step is too many: this is W\(26\)",
    ),
    Answer(
        "ps1-7b",
        "all samples",
        "w_7 = gradient_descent(X, y, np.zeros(4), 0.1, 80)[-1]",
        1,
        "every step uses all samples",
    ),
    Answer(
        "ps1-8c",
        "another alpha",
        "w_8 = momentum(X, y, np.zeros(4), 0.5, 0.9, 25)[-1]",
        1,
        "which is not right",
    ),
    Answer("ps1-9c", "missing", "w_9 = None", 1, "is not yet answered"),
    Answer(
        "ps1-10b",
        "all iterates",
        "w_10 = perceptron_pass(X, y, np.zeros(4))",
        1,
        "has shape",
    ),
]
ANSWERS = [*answers("ps1", WRONG, RIGHT), *LETTERS, *NUMBERS]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("ps1", answer, record_property)


def test_every_coding_problem_has_six_wrong_answers_and_three_right_ones():
    optional = "optional def exact_step(w, X, y):"
    assert {**WRONG, optional: 0}.keys() == {**RIGHT, optional: 0}.keys()
    for head in WRONG.keys() - {optional}:
        assert len(WRONG[head]) >= 6, head
        assert len(RIGHT[head]) >= 3, head


# Each test of the module, whatever the mistake ----------------------------------------

SOLVED = solved("ps1")
GRADIENT = SOLVED["squared_hinge_gradient"]
TESTS = {
    "minimiser": ps1.minimiser,
    "squared_hinge_gradient": ps1.gradient,
    "gradient_descent": lambda f: ps1.gd_run(f, GRADIENT),
    "sgd": lambda f: ps1.sgd_run(f, GRADIENT),
    "momentum_step": ps1.momentum_step,
    "momentum": lambda f: ps1.momentum_run(f, GRADIENT, SOLVED["momentum_step"]),
    "adagrad_step": ps1.adagrad_step,
    "adagrad": lambda f: ps1.adagrad_run(f, GRADIENT, SOLVED["adagrad_step"]),
    "perceptron_pass": ps1.perceptron_pass,
}


@pytest.mark.parametrize("name", TESTS)
def test_whatever_a_function_does_its_learner_gets_a_sentence(name):
    hold_to_sentences(TESTS[name], SOLVED[name])


def test_a_gradient_that_shows_nothing_does_not_excuse_a_run():
    def standing(X, y, w0, eta, steps):
        return np.tile(w0, (steps + 1, 1))

    def zero(w, X, y):
        return 0 * w

    def broken(w, X, y):
        raise TypeError

    for gradient in (zero, broken, lambda w, X, y: w[:, None], lambda w, X, y: w / 0):
        with np.errstate(all="ignore"), pytest.raises(AssertionError, match="iterate"):
            ps1.gd_run(standing, gradient)


# The options and the numbers asked for ------------------------------------------------

PAGE = ROOT / "book" / "problem_sets" / "ps1.ipynb"
KEY = "BCD"  # problems 1 to 3, which ask for no number
PUBLISHED = {
    4: ("B", 128),
    5: ("C", (ps1.POINTS[0] + 2 * ps1.POINTS[1]) / 3),
    6: ("B", (-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751)),
    7: ("A", (-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070)),
    8: ("D", (-0.5983515579, 1.8285453093, -1.5573624476, -0.5019762331)),
    9: ("A", (-0.4777025824, 0.8490998936, -0.7215360745, -0.3801952299)),
    10: ("C", (-0.35, 0.75, -0.85, -0.75)),
}


@pytest.mark.parametrize("problem", PUBLISHED)
def test_one_option_is_right_and_each_other_comes_from_a_mistake(problem):
    letter, value = PUBLISHED[problem]
    options = ps1.options(problem)
    assert "".join(option.letter for option in options) == "ABCD"
    assert [option.letter for option in options if not option.mistake] == [letter]
    (right,) = (option.value for option in options if not option.mistake)
    np.testing.assert_allclose(right, value, rtol=0, atol=1e-9)
    assert len({option.mistake for option in options}) == 4
    for i, one in enumerate(options):
        for other in options[:i]:
            # To three decimals, as they are printed, no two could be taken for another.
            assert np.abs(one.value - other.value).max() > 0.01


@pytest.mark.parametrize("problem", range(6, 11))
def test_an_option_is_what_the_mistake_gives_in_a_learner_s_code(problem):
    """Options are computed from the package; here the learners' own code does it."""
    found = {
        6: {
            "A": ("6a", "missing 1/n"),
            "C": ("6a", "squared error"),
            "D": ("6a", "1/2 forgotten"),
        },
        7: {
            "B": ("7a", "divided by n"),
            "C": ("7a", "t from 1"),
            "D": ("7a", "all samples"),
        },
        8: {
            "A": ("8b", "averaged"),
            "B": ("8b", "looks ahead"),
            "C": ("8a", "moves too early"),
        },
        9: {
            "B": ("9a", "root forgotten"),
            "C": ("9a", "one sum for all"),
            "D": ("9b", "all samples"),
        },
        10: {
            "A": ("10a", "tie not counted"),
            "B": ("10a", "always"),
            "D": ("10a", "twice as long"),
        },
    }[problem]
    for option in ps1.options(problem):
        if option.mistake:
            cell, name = found[option.letter]
            (source,) = (
                a.source for a in ANSWERS if (a.cell, a.name) == (f"ps1-{cell}", name)
            )
            came = weights_with(f"ps1-{cell}", source)[f"w_{problem}"]
            np.testing.assert_allclose(came, option.value, rtol=0, atol=1e-9)


def weights_with(grade_id, source):
    """Return the names of the notebook, run with one answer in another form."""
    names = {}
    path = ROOT / "solutions" / "ps1" / "ps1.ipynb"
    for cell in nbformat.read(path, as_version=4).cells:
        told = cell.metadata.nbgrader
        if cell.cell_type == "code" and not told.grade:
            exec(source if told.grade_id == grade_id else cell.source, names)
    return names


@pytest.mark.parametrize("problem", range(6, 11))
def test_the_numbers_are_tested_to_three_decimals_and_not_given_away(problem):
    value = np.array(PUBLISHED[problem][1])
    np.testing.assert_allclose(SOLVED[f"w_{problem}"], value, rtol=0, atol=1e-9)
    ps1.answer(problem, np.round(value, 3))
    with pytest.raises(AssertionError, match="which is not right") as caught:
        ps1.answer(problem, value + 0.002)
    assert str(value[0])[:6] not in str(caught.value)


# The page -----------------------------------------------------------------------------


def one_line(text):
    return " ".join(text.split())


def first_letter_large(text):
    return text[0].upper() + text[1:]


def test_the_page_asks_what_the_notebook_asks_and_gives_the_tests_reasons():
    asked = yaml.safe_load((PAGE.with_suffix(".questions.yml")).read_text())
    cells = nbformat.read(PAGE, as_version=4).cells
    page = "\n".join(cell.source for cell in cells)
    solution = nbformat.read(ROOT / "solutions/ps1/ps1.ipynb", as_version=4)
    notebook = one_line("\n".join(cell.source for cell in solution.cells))
    for number, question in enumerate(asked["questions"], start=1):
        (title,) = re.findall(rf"## Problem {number}: .*", page)
        assert f'practice.questions("ps1", only="{question["id"]}")' in page
        options = dict(zip("ABCD", question["options"], strict=True))
        if number <= 5:
            lines = [f"- **{k}.** {option['text']}" for k, option in options.items()]
            said = [title, question["text"], *lines, "*Assign*"]
            assert one_line(" ".join(said)) in notebook
        for letter, reason in ps1.WHY.get(number, {}).items():
            why = one_line(options[letter]["why"])
            assert why == f"{first_letter_large(reason)}."
        for letter, value, mistake in ps1.options(number) if number >= 4 else ():
            option = options[letter]
            assert ("right" in option) is not mistake
            if mistake:
                why = one_line(option["why"])
                assert why.startswith(f"That comes out when {mistake}.")
            if number == 4:
                assert option["text"] == str(value)
            if number >= 6:  # as the page shows them
                assert option["text"] == f"$[[{letter}]]$"
                np.testing.assert_array_equal(
                    question["given"][letter], np.round(value, 3)
                )
    right = "".join(
        letter
        for question in asked["questions"]
        for letter, option in zip("ABCD", question["options"], strict=True)
        if "right" in option
    )
    assert right == KEY + "".join(PUBLISHED[n][0] for n in range(4, 11))
