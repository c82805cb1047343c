"""The perceptron lab, whole: what answers that learners give are worth."""

import re

import pytest
from marking import Answer, answers, hold, hold_to_sentences, mark, solved

from nnbook_utils.checks import lab_perceptron

pytestmark = pytest.mark.usefixtures("no_figure_stays")

WRONG = {
    "1a def with_ones(X):": {
        "ones last": (2, "the ones come last", "return np.c_[X, np.ones(len(X))]"),
        "a row of ones": (
            2,
            "the ones are a row",
            "return np.r_[np.ones((1, X.shape[1])), X]",
        ),
        "zeros": (2, "holds zeros", "return np.c_[np.zeros(len(X)), X]"),
        "only the ones": (
            2,
            r"has shape \(5, 1\), expected \(5, 3\)",
            "return np.ones((len(X), 1))",
        ),
        "first feature lost": (
            2,
            r"has shape \(5, 2\)",
            "return np.c_[np.ones(len(X)), X[:, 1:]]",
        ),
        "as many ones as in the example": (
            2,
            "raised ValueError",
            "return np.c_[[1, 1], X]",
        ),
        "in place": (
            2,
            "changed X, which belongs to its caller",
            """
Z = np.c_[np.ones(len(X)), X]
X *= 2
return Z
""",
        ),
    },
    "1b def answers(w, X):": {
        "zero answers -1": (
            3,
            "a score of 0 answers -1",
            "return np.where(X @ w > 0, 1, -1)",
        ),
        "np.sign": (3, "as np.sign does", "return np.sign(X @ w)"),
        "0 and 1": (
            3,
            "0 and 1 instead of -1 and 1",
            "return (X @ w >= 0).astype(int)",
        ),
        "the scores": (3, "the scores themselves", "return X @ w"),
        "sides exchanged": (
            3,
            "the sides are exchanged",
            "return np.where(X @ w >= 0, -1, 1)",
        ),
        "the first sample only": (
            3,
            r"has shape \(\), expected \(6,\)",
            "return 1 if X[0] @ w >= 0 else -1",
        ),
        "bias left out": (
            3,
            r"the bias w\[0\] is left out",
            "return np.where(X[:, 1:] @ w[1:] >= 0, 1, -1)",
        ),
    },
    "2 def step(w, x, y):": {
        "tie forgotten": (
            11,
            "the tie y w·x = 0 is not counted as a mistake",
            "m = y * (w @ x) < 0; return (w + y * x if m else w), m",
        ),
        "(y - answer) x": (
            9,
            "twice as long",
            "m = y * (w @ x) <= 0; return (w + 2 * y * x if m else w), m",
        ),
        "subtracted": (
            11,
            "the update is subtracted",
            "m = y * (w @ x) <= 0; return (w - y * x if m else w), m",
        ),
        "every sample": (
            11,
            "a sample on the right side changes the weights",
            "return w + y * x, y * (w @ x) <= 0",
        ),
        "as for the hinge": (
            7,
            "a right sample with a margin below 1 is corrected too",
            "m = y * (w @ x) < 1; return (w + y * x if m else w), m",
        ),
        "label left out": (
            11,
            "the label is left out",
            "m = y * (w @ x) <= 0; return (w + x if m else w), m",
        ),
        "True for a right sample": (
            7,
            "True stands for a right sample",
            "m = y * (w @ x) <= 0; return (w + y * x if m else w), not m",
        ),
        "margin taken afterwards": (
            7,
            "with the new weights",
            """
if y * (w @ x) <= 0:
    w = w + y * x
return w, y * (w @ x) <= 0
""",
        ),
        "in place": (
            16,
            "changed w, which belongs to its caller",
            """
m = y * (w @ x) <= 0
if m:
    w += y * x
return w, m
""",
        ),
        "the weights only": (
            16,
            "return w, mistake",
            "return w + y * x if y * (w @ x) <= 0 else w",
        ),
        "answer against label, so that a tie depends on the label": (
            9,
            "the tie y w·x = 0 is not counted as a mistake",
            """
p = 1 if w @ x >= 0 else -1
return w + (y - p) / 2 * x, p != y
""",
        ),
        "nothing returned": (
            16,
            "is its `return` missing",
            "w + y * x, y * (w @ x) <= 0",
        ),
    },
    "3a def run(X, y, w0, epochs):": {
        "one epoch": (
            9,
            "does the run stop early",
            """
rows = [w0]
for x, label in zip(X, y):
    rows.append(step(rows[-1], x, label)[0])
return np.array(rows)
""",
        ),
        "start left out": (
            7,
            "is the start among the iterates",
            """
w, rows = w0, []
for _ in range(epochs):
    for x, label in zip(X, y):
        w, _ = step(w, x, label)
        rows.append(w)
return np.array(rows)
""",
        ),
        "every epoch from w0": (
            9,
            "every epoch starts at w0 again",
            """
rows = [w0]
for _ in range(epochs):
    w = w0
    for x, label in zip(X, y):
        w, _ = step(w, x, label)
        rows.append(w)
return np.array(rows)
""",
        ),
        "one array, changed in place": (
            9,
            "all rows of your array of iterates .* are the same",
            """
w = np.array(w0, dtype=float)
rows = [w]
for _ in range(epochs):
    for x, label in zip(X, y):
        if label * (w @ x) <= 0:
            w += label * x
        rows.append(w)
return np.array(rows)
""",
        ),
        "only the ends of epochs": (
            9,
            "has shape",
            """
w, rows = w0, [w0]
for _ in range(epochs):
    for x, label in zip(X, y):
        w, _ = step(w, x, label)
    rows.append(w)
return np.array(rows)
""",
        ),
        "only the mistakes": (
            9,
            "has shape",
            """
rows = [w0]
for _ in range(epochs):
    for x, label in zip(X, y):
        w, mistake = step(rows[-1], x, label)
        if mistake:
            rows.append(w)
return np.array(rows)
""",
        ),
        "reverse order": (
            7,
            "the samples are taken in the reverse order",
            """
rows = [w0]
for _ in range(epochs):
    for x, label in zip(X[::-1], y[::-1]):
        rows.append(step(rows[-1], x, label)[0])
return np.array(rows)
""",
        ),
        "margins of an epoch at its start": (
            7,
            "with the weights at its start",
            """
rows = [w0]
for _ in range(epochs):
    wrong = y * (X @ rows[-1]) <= 0
    for x, label, m in zip(X, y, wrong):
        rows.append(rows[-1] + m * label * x)
return np.array(rows)
""",
        ),
        "stops when an epoch is right": (
            5,
            "does the run stop early",
            """
rows = [w0]
for _ in range(epochs):
    for x, label in zip(X, y):
        rows.append(step(rows[-1], x, label)[0])
    if np.all(y * (X @ rows[-1]) > 0):
        break
return np.array(rows)
""",
        ),
        "random order": (
            7,
            "your last iterate",
            """
rows = [w0]
for _ in range(epochs):
    for i in np.random.default_rng(0).permutation(len(y)):
        rows.append(step(rows[-1], X[i], y[i])[0])
return np.array(rows)
""",
        ),
    },
    "3b def mistakes_in_epochs(iterates, n):": {
        "numbers counted, not steps": (
            3,
            "the numbers that change are counted",
            "return (np.diff(iterates, axis=0) != 0).sum(axis=1).reshape(-1, n).sum(1)",
        ),
        "right steps counted": (
            3,
            "the steps without a mistake are counted",
            "return (np.diff(iterates, axis=0) == 0).all(1).reshape(-1, n).sum(1)",
        ),
        "all together": (
            3,
            r"has shape \(\), expected \(4,\)",
            "return (np.diff(iterates, axis=0) != 0).any(1).sum()",
        ),
        "only the ends compared": (
            3,
            "only the weights at the ends of an epoch are compared",
            "return (np.diff(iterates[::n], axis=0) != 0).any(1).astype(int)",
        ),
        "added up": (
            3,
            "all epochs so far are added up",
            "return np.cumsum((np.diff(iterates, axis=0) != 0).any(1)"
            ".reshape(-1, n).sum(1))",
        ),
        "one step late": (
            3,
            "the start counts as the first step",
            """
changed = np.zeros(len(iterates))
changed[1:] = np.any(iterates[1:] != iterates[:-1], axis=1)
return [changed[k : k + n].sum() for k in range(0, len(iterates) - 1, n)]
""",
        ),
        "the start as an epoch of its own": (
            3,
            r"has shape \(5,\)",
            """
changed = np.any(iterates[1:] != iterates[:-1], axis=1)
return [changed[k : k + n].sum() for k in range(0, len(iterates), n)]
""",
        ),
    },
    "4b def verdict(iterates, n):": {
        "equal ends taken for a yes": (
            6,
            "within it they changed",
            """
if np.all(iterates[-1] == iterates[-1 - n]):
    return "yes"
return "never" if len(np.unique(iterates[::n], axis=0)) < len(iterates[::n]) \\
    else "unknown"
""",
        ),
        "repetition asked first": (
            6,
            "repeats the weights too",
            """
ends = iterates[::n]
if len(np.unique(ends, axis=0)) < len(ends):
    return "never"
return "yes" if np.all(iterates[-n - 1 :] == iterates[-1]) else "unknown"
""",
        ),
        "all rows compared, not the ends": (
            4,
            "a step without a mistake repeats",
            """
if np.all(iterates[-n - 1 :] == iterates[-1]):
    return "yes"
return "never" if len(np.unique(iterates, axis=0)) < len(iterates) else "unknown"
""",
        ),
        "only the epoch before": (
            2,
            "of an epoch further back",
            """
if np.all(iterates[-n - 1 :] == iterates[-1]):
    return "yes"
ends = iterates[::n]
again = np.any(np.all(ends[1:] == ends[:-1], axis=1))
return "never" if again else "unknown"
""",
        ),
        "never when not yet": (
            4,
            "no two epochs ended",
            'return "yes" if np.all(iterates[-n - 1 :] == iterates[-1]) else "never"',
        ),
        "unknown left out": (
            4,
            "is its `return` missing",
            """
if np.all(iterates[-n - 1 :] == iterates[-1]):
    return "yes"
if len(np.unique(iterates[::n], axis=0)) < len(iterates[::n]):
    return "never"
""",
        ),
        "True and False": (
            6,
            'say "yes", "never" or "unknown"',
            "return bool(np.all(iterates[-n - 1 :] == iterates[-1]))",
        ),
        "only the last step": (
            2,
            "the last epoch still changed",
            """
if np.all(iterates[-1] == iterates[-2]):
    return "yes"
return "never" if len(np.unique(iterates[::n], axis=0)) < len(iterates[::n]) \\
    else "unknown"
""",
        ),
    },
    "5a def averaged(iterates):": {
        "start counts": (
            6,
            "the start is averaged too",
            "return np.mean(iterates, axis=0)",
        ),
        "mistakes only": (
            6,
            "only the weights after a mistake",
            """
steps = np.asarray(iterates)
return steps[1:][np.any(np.diff(steps, axis=0) != 0, axis=1)].mean(axis=0)
""",
        ),
        "sum": (6, "added up and not divided", "return np.sum(iterates[1:], axis=0)"),
        "divided by one too many": (
            6,
            "one step too many",
            "return np.sum(iterates[1:], axis=0) / len(iterates)",
        ),
        "last weights": (6, "the last weights are returned", "return iterates[-1]"),
        "last weights left out": (
            6,
            "left out of the average",
            "return np.mean(iterates[:-1], 0)",
        ),
        "one number": (
            6,
            r"has shape \(\), expected \(3,\)",
            "return np.mean(iterates[1:])",
        ),
        "over the wrong axis": (
            6,
            r"has shape \(20,\)",
            "return np.mean(iterates[1:], axis=1)",
        ),
    },
    "6 def mistake_bound(X, y, w_star):": {
        name: (0, words, body)
        for name, (words, body) in {
            "w_star not divided by its length": (
                "not divided by its length",
                "return (np.linalg.norm(X, axis=1)"
                ".max() / np.min(y * (X @ w_star))) ** 2",
            ),
            "not squared": (
                "is not squared",
                "return np.linalg.norm(X, axis=1).max()"
                " / np.min(y * (X @ w_star)) * np.linalg.norm(w_star)",
            ),
            "only R squared": (
                "only R is squared",
                "return np.linalg.norm(X, axis=1).max() ** 2"
                " / np.min(y * (X @ w_star)) * np.linalg.norm(w_star)",
            ),
            "shortest sample": (
                "the shortest sample",
                "return (np.linalg.norm(X, axis=1).min()"
                " / np.min(y * (X @ w_star)) * np.linalg.norm(w_star)) ** 2",
            ),
            "norm of the whole matrix": (
                "the length of the whole X",
                "return (np.linalg.norm(X)"
                " / np.min(y * (X @ w_star)) * np.linalg.norm(w_star)) ** 2",
            ),
            "mean margin": (
                "the mean of the margins",
                "return (np.linalg.norm(X, axis=1).max()"
                " / np.mean(y * (X @ w_star)) * np.linalg.norm(w_star)) ** 2",
            ),
            "upside down": (
                "upside down",
                "return (np.min(y * (X @ w_star)) / np.linalg.norm(w_star)"
                " / np.linalg.norm(X, axis=1).max()) ** 2",
            ),
        }.items()
    },
}

RIGHT = {
    "1a def with_ones(X):": {
        "a list of lists": "return [[1, *x] for x in X]",
        "insert": "return np.insert(X, 0, 1, axis=1)",
        "filled in": """
A = np.ones((X.shape[0], X.shape[1] + 1))
A[:, 1:] = X
return A
""",
        "float32": "return np.c_[np.ones(len(X)), X].astype(np.float32)",
    },
    "1b def answers(w, X):": {
        "a list": """
found = []
for x in X:
    score = 0
    for a, b in zip(w, x):
        score += a * b
    found.append(1 if score >= 0 else -1)
return found
""",
        "from a truth value": "return 2 * (X @ w >= 0) - 1",
        "float32": "return np.where(w @ np.asarray(X).T < 0, -1, 1).astype(np.float32)",
    },
    "2 def step(w, x, y):": {
        "lists": """
score = sum(a * b for a, b in zip(w, x))
if y * score > 0:
    return list(w), False
return [a + y * b for a, b in zip(w, x)], True
""",
        "a factor": "m = y * np.dot(w, x) <= 0; return w + m * y * x, m",
        "by the sign of the score": """
m = np.sign(np.dot(w, x)) != y
return np.asarray(w) + np.where(m, y * x, 0), int(m)
""",
        "a copy, changed in place": """
w, m = np.array(w, dtype=float), bool(y * (w @ x) <= 0)
if m:
    w += y * x
return w, m
""",
    },
    "3a def run(X, y, w0, epochs):": {
        "filled in": """
n = len(y)
rows = np.zeros((epochs * n + 1, len(w0)))
rows[0] = w0
for t in range(epochs * n):
    rows[t + 1], _ = step(rows[t], X[t % n], y[t % n])
return rows
""",
        "without step, copies appended": """
w = np.array(w0, dtype=float)
rows = [w.copy()]
for _ in range(epochs):
    for i in range(len(y)):
        if y[i] * np.dot(w, X[i]) <= 0:
            w += y[i] * X[i]
        rows.append(w.copy())
return rows
""",
        "a list of lists": """
rows = [list(w0)]
for _ in range(epochs):
    for x, label in zip(X, y):
        margin = label * sum(a * b for a, b in zip(rows[-1], x))
        rows.append([a + (margin <= 0) * label * b for a, b in zip(rows[-1], x)])
return rows
""",
    },
    "3b def mistakes_in_epochs(iterates, n):": {
        "loops": """
counts = []
for start in range(0, len(iterates) - 1, n):
    count = 0
    for t in range(start, start + n):
        if list(iterates[t]) != list(iterates[t + 1]):
            count += 1
    counts.append(count)
return counts
""",
        "split": """
changed = np.abs(np.diff(iterates, axis=0)).sum(axis=1) > 0
return [part.sum() for part in np.split(changed, len(changed) // n)]
""",
        "add.reduceat": """
changed = np.any(np.diff(iterates, axis=0), axis=1).astype(float)
return np.add.reduceat(changed, range(0, len(changed), n))
""",
    },
    "4b def verdict(iterates, n):": {
        "a set": """
rows = [tuple(w) for w in iterates]
if len(set(rows[-n - 1 :])) == 1:
    return "yes"
ends = rows[::n]
return "unknown" if len(set(ends)) == len(ends) else "never"
""",
        "with the count of mistakes": """
if mistakes_in_epochs(iterates, n)[-1] == 0:
    return "yes"
ends = [list(w) for w in iterates[::n]]
for i, end in enumerate(ends):
    if end in ends[:i]:
        return "never"
return "unknown"
""",
        "nested loops": """
if not np.diff(iterates[-n - 1 :], axis=0).any():
    return "yes"
for i in range(0, len(iterates), n):
    for j in range(0, i, n):
        if np.array_equal(iterates[i], iterates[j]):
            return "never"
return "unknown"
""",
    },
    "5a def averaged(iterates):": {
        "added up": """
total = 0
for w in iterates[1:]:
    total = total + np.asarray(w)
return total / (len(iterates) - 1)
""",
        "a list": "return [sum(c[1:]) / (len(c) - 1) for c in zip(*iterates)]",
        "weighted": "return np.average(iterates, axis=0,"
        " weights=[0] + [1] * (len(iterates) - 1))",
    },
    "6 def mistake_bound(X, y, w_star):": {
        "unit vector": """
u = w_star / np.linalg.norm(w_star)
return np.max(np.sum(X**2, axis=1)) / min(y * (X @ u)) ** 2
""",
        "loops": """
R2 = max(sum(v * v for v in x) for x in X)
gamma = min(label * sum(a * b for a, b in zip(w_star, x)) for x, label in zip(X, y))
return R2 * sum(v * v for v in w_star) / gamma**2
""",
        "einsum": "return np.einsum('ij,ij->i', X, X).max()"
        " * (w_star @ w_star) / (y * (X @ w_star)).min() ** 2",
    },
}


def gates(both="[-1.5, 1, 1]", either="[-0.5, 1, 1]", first="[-0.5, 1, -1]"):
    return f"w_and, w_or, w_only_first = {both}, {either}, {first}"


VALUES = [
    ("4a", *answer)
    for answer in (
        (
            "AND and OR exchanged",
            gates("[-0.5, 1, 1]", "[-1.5, 1, 1]"),
            2,
            "compute OR",
        ),
        ("thresholds", gates("[1.5, 1, 1]"), 1, "the sign of the bias is turned round"),
        ("bias last", gates("[1, 1, -1.5]"), 1, "the bias stands last"),
        ("all signs", gates("[1.5, -1, -1]"), 1, "all signs are turned round"),
        ("a tie", gates(first="[0, 1, -1]"), 1, r"\[0, 0\] has the score 0"),
        ("weights 0", gates(either="[-0.5, 1, 0]"), 1, "x1 itself"),
        ("no bias", gates(either="[1, 1]"), 1, r"has shape \(2,\), expected \(3,\)"),
        ("the other bit", gates(first="[-0.5, -1, 1]"), 1, "ONLY THE SECOND"),
        ("right: on a tie that counts", gates("[-2, 1, 1]", "(-1, 1, 1)"), 0, ""),
        ("right: other lengths", gates("np.array([-30, 20, 20])"), 0, ""),
        ("right: unequal weights", gates("[-4, 3, 2]", first="[-1, 1, -5]"), 0, ""),
    )
]
COLUMNS = """
possible = []
for k in range(16):
    column = tuple(int(bit) for bit in f"{k:04b}")
    labels = np.array([2 * bit - 1 for bit in column])
    if verdict(run(bits, labels, np.zeros(3), EPOCHS), 4) == "yes":
        possible.append(column)
"""
VALUES += [
    ("4c", "too few epochs", COLUMNS.replace("EPOCHS", "2"), 2, "enough epochs"),
    (
        "4c",
        "labels 0 and 1",
        COLUMNS.replace("2 * bit - 1", "bit").replace("EPOCHS", "50"),
        2,
        "XOR and its negation",
    ),
    ("4c", "all", "possible = list(product([0, 1], repeat=4))", 2, "XOR and its neg"),
    ("4c", "the count", "possible = 14", 2, "expected a list of tuples"),
    (
        "4c",
        "XOR too",
        COLUMNS.replace("EPOCHS", "50") + "possible += [(0, 1, 1, 0)]\n",
        2,
        "no perceptron computes it",
    ),
    (
        "4c",
        "the impossible ones",
        "possible = [(0, 1, 1, 0), (1, 0, 0, 1)]",
        2,
        "no perceptron computes it",
    ),
    ("4c", "only the gates", "possible = [(0, 0, 0, 1), (0, 1, 1, 1)]", 2, "lacks"),
    ("4c", "right: a loop", COLUMNS.replace("EPOCHS", "50"), 0, ""),
    (
        "4c",
        "right: a set",
        COLUMNS.replace("EPOCHS", "30") + "possible = set(possible)\n",
        0,
        "",
    ),
    (
        "4c",
        "right: an array",
        COLUMNS.replace("EPOCHS", "99") + "possible = np.array(possible, float)\n",
        0,
        "",
    ),
]
SORTER = "its = run(A, y, np.zeros(3), 30); w_last, w_mean = its[-1], averaged(its)\n"
VALUES += [
    ("5b", *answer)
    for answer in (
        ("29 epochs", SORTER.replace("30", "29"), 2, "only 29 epochs are run"),
        ("31 epochs", SORTER.replace("30", "31"), 2, "31 epochs are run"),
        ("30 steps", SORTER + "w_last = its[30]", 2, "the run stops after 30 steps"),
        (
            "not the average",
            SORTER + "w_mean = w_last",
            2,
            "the last weights are returned",
        ),
        (
            "mean of all",
            SORTER + "w_mean = its.mean(axis=0)",
            2,
            "the start is averaged",
        ),
        ("of the ends", SORTER + "w_mean = its[60::60].mean(0)", 2, "the end of each"),
        ("from ones", SORTER.replace("zeros", "ones"), 2, "your w_last"),
        ("the new flowers", SORTER.replace("A, y", "A_new, y_new"), 2, "your w_last"),
        ("exchanged", SORTER + "w_last, w_mean = w_mean, w_last", 2, "your w_last"),
        ("right: lists", SORTER + "w_last, w_mean = list(w_last), list(w_mean)", 0, ""),
        ("right: by steps", SORTER + "w_mean = sum(its[1:]) / 1800", 0, ""),
        (
            "right: a tuple",
            SORTER + "w_last, w_mean = tuple(w_last), averaged(its)",
            0,
            "",
        ),
    )
]

ANSWERS = answers("lab_perceptron", WRONG, RIGHT) + [
    Answer(f"lab_perceptron-{cell}", name, source, lost, words)
    for cell, name, source, lost, words in VALUES
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("lab_perceptron", answer, record_property)


@pytest.mark.parametrize(
    "odd",
    [
        "None",
        "...",
        "'a word'",
        "np.ones((5, 1))",
        "3",
        "[[1], [1, 2]]",
        "np.nan",
        "abs",
    ],
)
def test_whatever_comes_back_is_answered_with_a_sentence(odd):
    heads = {head.partition(" ")[::2] for head in WRONG}
    given = {f"lab_perceptron-{cell}": f"{line} return {odd}" for cell, line in heads}
    for test, outcome in mark("lab_perceptron", given).items():
        if outcome.of and not test.startswith("lab_perceptron-4a"):
            assert outcome.points == 0, test
            assert re.match("AssertionError|NotImplementedError", outcome.message), test


@pytest.mark.parametrize(
    "name",
    [
        "with_ones",
        "answers",
        "step",
        "run",
        "mistakes_in_epochs",
        "averaged",
        "mistake_bound",
    ],
)
def test_every_form_of_a_result_is_right_or_gets_a_sentence(name):
    hold_to_sentences(getattr(lab_perceptron, name), solved("lab_perceptron")[name])


def test_an_earlier_mistake_does_not_excuse_a_later_one():
    given = {
        "lab_perceptron-2": "def step(w, x, y):\n"
        "    m = y * (w @ x) <= 0\n"
        "    return (w - y * x if m else w), m\n",
        "lab_perceptron-3a": "def run(X, y, w0, epochs):\n"
        "    rows = [w0]\n"
        "    for _ in range(epochs):\n"
        "        for x, label in zip(X[::-1], y[::-1]):\n"
        "            rows.append(step(rows[-1], x, label)[0])\n"
        "    return np.array(rows)\n",
    }
    for test, outcome in mark("lab_perceptron", given).items():
        if test.startswith(("lab_perceptron-2", "lab_perceptron-3a")):
            assert outcome.points == 0, test
