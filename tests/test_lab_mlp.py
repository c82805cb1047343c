"""The lab on networks by hand, whole: what answers that learners give are worth."""

import re

import pytest
from marking import Answer, answers, hold, hold_to_sentences, mark, solved

from nnbook_utils.checks import lab_mlp

pytestmark = pytest.mark.usefixtures("no_figure_stays")

FORWARD = """
activations = [X]
for (W, b), function in zip(layers, functions):
    Z = layer(activations[-1], W, b)
    if function == "threshold":
        activations.append(1.0 * (Z >= 0))
    elif function == "relu":
        activations.append(np.maximum(Z, 0))
    else:
        activations.append(Z)
return activations
"""


def changed(body, *pairs):
    """Return a right body with a mistake in it; each pair must be found there."""
    for old, new in pairs:
        assert old in body, old
        body = body.replace(old, new)
    return body


UNIT = "p = np.array([int(c) for c in pattern])\n"
NETWORK = """
units = [minterm_unit(pattern) for pattern in patterns]
W, b = np.array([w for w, _ in units]), np.array([b for _, b in units])
return [(W, b), (np.ones((1, len(W))), [-0.5])]
"""
PULSE = "return [([[1], [1]], [-a, -b]), ([[height, -height]], [0])]"
ROW = """
steps = np.diff(heights, prepend=0, append=0)
return [(np.ones((len(edges), 1)), -edges), (steps[None, :], [0])]
"""
PARITY = """
signs = [[(-1) ** k for k in range(d)]]
return [(np.ones((d, d)), 0.5 - np.arange(1, d + 1)), (signs, [-0.5])]
"""

WRONG = {
    "1a def layer(A, W, b):": {
        "bias inside the sum": (
            3,
            "added once for each input",
            "return (A[:, None, :] * W + b[:, None]).sum(axis=2)",
        ),
        "bias left out": (3, "the bias is left out", "return A @ W.T"),
        "bias subtracted": (3, "the bias is subtracted", "return A @ W.T - b"),
        "not transposed": (3, "raised ValueError", "return A @ W + b"),
        "transposed only if it must be": (
            3,
            "W is not transposed, which no shape betrays",
            "return A @ (W if len(W) == A.shape[1] else W.T) + b",
        ),
        "samples in columns": (3, "has shape", "return W @ A.T + b[:, None]"),
        "threshold applied": (6, "a threshold is applied", "return A @ W.T + b >= 0"),
        "ReLU applied": (
            6,
            "negative numbers are cut off already",
            "return np.maximum(A @ W.T + b, 0)",
        ),
        "a bias a sample": (3, "raised ValueError", "return A @ W.T + b[:, None]"),
        "written into A": (
            8,
            "changed A, which belongs to its caller",
            "Z = A @ W.T + b; A[:] = 0; return Z",
        ),
    },
    "1b def forward(X, layers, functions):": {
        "a tie answers 0": (
            5,
            "a threshold at a tie, z = 0, answers 0",
            changed(FORWARD, ("Z >= 0", "Z > 0")),
        ),
        "only the last": (
            5,
            "expected a list of arrays",
            FORWARD.replace("return activations", "return activations[-1]"),
        ),
        "X left out": (
            5,
            "is X at its start",
            FORWARD.replace("return activations", "return activations[1:]"),
        ),
        "no functions": (
            5,
            "its function is not applied|relu",
            """
activations = [X]
for W, b in layers:
    activations.append(layer(activations[-1], W, b))
return activations
""",
        ),
        "X for every layer": (
            5,
            "raised ValueError",
            changed(FORWARD, ("layer(activations[-1]", "layer(X")),
        ),
        "signs for bits": (
            5,
            "a threshold answers -1 and 1",
            changed(FORWARD, ("1.0 * (Z >= 0)", "np.where(Z >= 0, 1, -1)")),
        ),
        "size for ReLU": (
            5,
            "ReLU takes the size",
            changed(FORWARD, ("np.maximum(Z, 0)", "np.abs(Z)")),
        ),
        "the wrong way round": (
            5,
            "ReLU keeps the negative numbers",
            changed(FORWARD, ("np.maximum", "np.minimum")),
        ),
        "ReLU everywhere": (
            5,
            "relu is applied to it in place of threshold",
            changed(FORWARD, ("1.0 * (Z >= 0)", "np.maximum(Z, 0)")),
        ),
        "functions from the end": (
            5,
            "identity is applied to it in place of relu|its function is not applied",
            changed(FORWARD, ("functions)", "functions[::-1])")),
        ),
        "last layer forgotten": (
            5,
            "is X at its start, and the last layer at its end",
            changed(FORWARD, ("zip(layers, functions)", "zip(layers[:-1], functions)")),
        ),
    },
    "1c def count_parameters(widths):": {
        "no biases": (
            2,
            "the biases are left out",
            "return sum(m * n for m, n in zip(widths, widths[1:]))",
        ),
        "biases of the inputs": (
            2,
            "the inputs have biases too",
            "return sum(m * n for m, n in zip(widths, widths[1:])) + sum(widths)",
        ),
        "biases of the layer before": (
            2,
            "for every unit of the layer before",
            "return sum(m * (n + 1) for m, n in zip(widths, widths[1:]))",
        ),
        "one bias a layer": (
            2,
            "one bias for all its units",
            "return sum(m * n + 1 for m, n in zip(widths, widths[1:]))",
        ),
        "units": (2, "the units are counted", "return sum(widths)"),
        "without the last layer": (
            2,
            "the last layer is left out",
            "return sum((m + 1) * n for m, n in zip(widths[:-2], widths[1:-1]))",
        ),
        "a product": (2, "expected 128", "return np.prod(widths)"),
    },
    "3a def minterm_unit(pattern):": {
        "weight 0": (
            3,
            "has the weight 0 instead of -1",
            UNIT + "return p, 0.5 - p.sum()",
        ),
        "sign of the bias": (
            3,
            "the sign of the bias is turned round",
            UNIT + "return 2 * p - 1, p.sum() - 0.5",
        ),
        "all inputs counted": (
            3,
            "counts all inputs, not those that are on",
            UNIT + "return 2 * p - 1, 0.5 - len(p)",
        ),
        "ones left out": (
            3,
            "left out of the bias",
            UNIT + "return 2 * p - 1, 0.5",
        ),
        "half too much": (
            3,
            "half an input more",
            UNIT + "return 2 * p - 1, -p.sum() - 0.5",
        ),
        "read backwards": (
            3,
            "read from right to left",
            UNIT + "return 2 * p[::-1] - 1, 0.5 - p.sum()",
        ),
        "exchanged": (
            3,
            "the signs of the weights are exchanged",
            UNIT + "return 1 - 2 * p, 0.5 - p.sum()",
        ),
        "weights only": (8, "return w, b", UNIT + "return 2 * p - 1"),
    },
    "3b def boolean_layers(patterns):": {
        "AND": (
            5,
            "more than one hidden unit",
            changed(NETWORK, ("[-0.5]", "[0.5 - len(W)]")),
        ),
        "bias of the output positive": (
            5,
            "its bias is not negative",
            changed(NETWORK, ("[-0.5]", "[0.5]")),
        ),
        "none of them": (
            5,
            "asks for none of the hidden units",
            changed(
                NETWORK,
                ("np.ones((1, len(W))), [-0.5]", "-np.ones((1, len(W))), [0.5]"),
            ),
        ),
        "output a vector": (
            5,
            r"W of layer 2 .* has shape \(6,\), expected \(units, 6\)",
            changed(NETWORK, ("(1, len(W))", "len(W)")),
        ),
        "output transposed": (
            5,
            "is it transposed",
            changed(NETWORK, ("(1, len(W))", "(len(W), 1)")),
        ),
        "hidden transposed": (
            5,
            "has shape",
            changed(NETWORK, ("(W, b),", "(W.T, b),")),
        ),
        "last pattern left out": (
            5,
            "expected 6-1",
            changed(NETWORK, ("in patterns]", "in patterns[:-1]]")),
        ),
        "two at least": (
            5,
            "more than one hidden unit",
            changed(NETWORK, ("[-0.5]", "[-1.5]")),
        ),
        "flat": (5, "expected a pair", changed(NETWORK, ("(W, b),", "W, b,"))),
    },
    "4a def pulse_layers(a, b, height):": {
        "biases a and b": (
            3,
            "instead of -a and -b",
            changed(PULSE, ("-a, -b", "a, b")),
        ),
        "both up": (3, "both steps go up", changed(PULSE, ("-height", "height"))),
        "height left out": (
            3,
            "the height is left out",
            "return [([[1], [1]], [-a, -b]), ([[1, -1]], [0])]",
        ),
        "height at one step": (
            3,
            "at the step up only",
            changed(PULSE, ("-height", "-1")),
        ),
        "exchanged": (
            3,
            "the two steps are exchanged",
            changed(PULSE, ("-a, -b", "-b, -a")),
        ),
        "one step": (
            3,
            "the second step is missing",
            "return [([[1]], [-a]), ([[height]], [0])]",
        ),
        "height as a bias": (
            3,
            "the height is the bias of the output",
            "return [([[1], [1]], [-a, -b]), ([[1, -1]], [height])]",
        ),
        "a row for a column": (
            3,
            r"has shape \(1, 2\), expected \(units, 1\)",
            changed(PULSE, ("[[1], [1]]", "[[1, 1]]")),
        ),
    },
    "4b def pulse_row(edges, heights):": {
        "heights as weights": (
            4,
            "the heights, not the steps",
            "return [(np.ones((len(heights), 1)), -edges[:-1]), (heights[None], [0])]",
        ),
        "heights and down": (
            4,
            "with a last step down to 0",
            changed(
                ROW,
                (
                    "steps = np.diff(heights, prepend=0, append=0)",
                    "steps = np.append(heights, -heights.sum())",
                ),
            ),
        ),
        "no last step": (
            4,
            "the last step down is missing",
            """
steps = np.diff(heights, prepend=0)
return [(np.ones((len(heights), 1)), -edges[:-1]), (steps[None, :], [0])]
""",
        ),
        "no first step": (
            4,
            "the first step is missing",
            """
steps = np.diff(heights, append=0)
return [(np.ones((len(steps), 1)), -edges[1:]), (steps[None, :], [0])]
""",
        ),
        "signs": (
            4,
            "the steps have the wrong sign",
            changed(ROW, ("steps[None", "-steps[None")),
        ),
        "biases": (4, "your row of pulses", changed(ROW, ("-edges", "edges"))),
        "right edges": (
            4,
            "each pulse begins at its right edge",
            """
steps = np.diff(heights, prepend=0)
return [(np.ones((len(steps), 1)), -edges[1:]), (steps[None, :], [0])]
""",
        ),
        "only the last": (
            4,
            "only the last pulse",
            "return pulse_layers(edges[-2], edges[-1], heights[-1])",
        ),
    },
    "4c def pieces(m):": {
        "m edges": (
            1,
            "expected 5: a piece has two ends",
            "e = np.linspace(0, 1, m); return e, (e[1:] + e[:-1]) / 2",
        ),
        "left": (1, "the left edges", "e = np.linspace(0, 1, m + 1); return e, e[:-1]"),
        "right": (
            1,
            "the right edges",
            "e = np.linspace(0, 1, m + 1); return e, e[1:]",
        ),
        "subtracted": (
            1,
            "half a piece is subtracted",
            "e = np.arange(m + 1) / m; return e, e[:-1] - 0.5 / m",
        ),
        "ends included": (
            1,
            "ends included",
            "return np.arange(m + 1) / m, np.linspace(0, 1, m)",
        ),
        "middles only": (1, "return edges, middles", "return (np.arange(m) + 0.5) / m"),
        "not divided": (
            1,
            "your edges of 4",
            "e = np.arange(m + 1); return e, e[:-1] + 0.5",
        ),
    },
    "5 def parity_layers(d):": {
        "no signs": (0, "do not alternate", changed(PARITY, ("(-1) ** k", "1"))),
        "even": (
            0,
            "true for an even number",
            changed(PARITY, ("(-1) ** k", "-((-1) ** k)"), ("[-0.5]", "[0.5]")),
        ),
        "AND": (
            0,
            "asks for all inputs",
            "return [(np.ones((1, d)), [0.5 - d]), ([[1]], [-0.5])]",
        ),
        "by the recipe": (
            0,
            "expected 3-1",
            """
odd = [f"{k:0{d}b}" for k in range(2**d) if k.bit_count() % 2]
return boolean_layers(odd)
""",
        ),
        "counts from 0": (
            0,
            "answers",
            changed(PARITY, ("np.arange(1, d + 1)", "np.arange(d)")),
        ),
        "signs begin with minus": (
            0,
            "answers",
            changed(PARITY, ("** k", "** (k + 1)")),
        ),
        "bias of the output positive": (
            0,
            "answers",
            changed(PARITY, ("[-0.5]", "[0.5]")),
        ),
    },
}

RIGHT = {
    "1a def layer(A, W, b):": {
        "loops": """
Z = np.zeros((len(A), len(W)))
for i in range(len(A)):
    for k in range(len(W)):
        Z[i, k] = b[k]
        for j in range(A.shape[1]):
            Z[i, k] += W[k, j] * A[i, j]
return Z
""",
        "a list": "return [[sum(w * a) + c for w, c in zip(W, b)] for a in A]",
        "einsum": "return np.einsum('ij,kj->ik', A, W) + np.asarray(b)[None, :]",
        "float32": "return (A @ W.T + b).astype(np.float32)",
    },
    "1b def forward(X, layers, functions):": {
        "a dict of functions": """
known = {
    "threshold": lambda z: z >= 0,
    "relu": lambda z: z * (z > 0),
    "identity": lambda z: z,
}
A = [np.array(X)]
for i in range(len(layers)):
    W, b = layers[i]
    A.append(known[functions[i]](A[i] @ W.T + b))
return A
""",
        "a tuple": FORWARD.replace("return activations", "return tuple(activations)"),
        "lists of lists": """
out = [np.asarray(X).tolist()]
for (W, b), name in zip(layers, functions):
    rows = []
    for a in out[-1]:
        z = [sum(u * v for u, v in zip(w, a)) + c for w, c in zip(W, b)]
        if name == "relu":
            z = [max(0, v) for v in z]
        if name == "threshold":
            z = [int(v >= 0) for v in z]
        rows.append(z)
    out.append(rows)
return [np.array(rows) for rows in out]
""",
    },
    "1c def count_parameters(widths):": {
        "a loop": """
total = 0
for layer in range(1, len(widths)):
    total += widths[layer - 1] * widths[layer] + widths[layer]
return total
""",
        "arrays": "w = np.array(widths); return np.sum((w[:-1] + 1) * w[1:])",
        "dot": "return float(np.dot(widths[:-1], widths[1:]) + sum(widths[1:]))",
    },
    "3a def minterm_unit(pattern):": {
        "a tie": UNIT + "return 2 * p - 1, -p.sum()",
        "a loop": """
w, b = [], 0.5
for digit in pattern:
    w.append(1 if digit == "1" else -1)
    b -= digit == "1"
return w, b
""",
        "another scale": UNIT + "return 10.0 * (2 * p - 1), 9.0 - 10 * p.sum()",
    },
    "3b def boolean_layers(patterns):": {
        "without minterm_unit": """
P = np.array([[int(c) for c in pattern] for pattern in patterns])
return [(2 * P - 1, 0.5 - P.sum(axis=1)), ([[1] * len(P)], [-1])]
""",
        "lists": """
W, b = [], []
for pattern in patterns:
    W.append([1 if c == "1" else -1 for c in pattern])
    b.append(0.5 - pattern.count("1"))
return [(W, b), ([[1] * len(W)], [-0.5])]
""",
        "a tuple of tuples": NETWORK.replace("[(W, b)", "((W, b)").replace(
            "[-0.5])]", "[-0.5]))"
        ),
    },
    "4a def pulse_layers(a, b, height):": {
        "lists": PULSE,
        "one step looks left": "return [([[1], [-1]], [-a, b - 1e-9]),"
        " ([[height, height]], [-height])]",
        "another slope": "return [([[5], [5]], [-5 * a, -5 * b]),"
        " ([[height, -height]], [0.0])]",
    },
    "4b def pulse_row(edges, heights):": {
        "two units a pulse": """
W, b, v = [], [], []
for left, right, height in zip(edges, edges[1:], heights):
    W += [[1], [1]]
    b += [-left, -right]
    v += [height, -height]
return [(W, b), ([v], [0])]
""",
        "from pulse_layers": """
parts = [pulse_layers(a, b, h) for a, b, h in zip(edges, edges[1:], heights)]
W, b = (np.concatenate([p[0][i] for p in parts]) for i in (0, 1))
return [(W, b), (np.concatenate([p[1][0] for p in parts], axis=1), [0])]
""",
        "padded": """
padded = np.concatenate([[0], heights, [0]])
W = np.ones(len(edges)).reshape(-1, 1)
return [(W, -np.array(edges)), ((padded[1:] - padded[:-1]).reshape(1, -1), [0.0])]
""",
    },
    "4c def pieces(m):": {
        "lists": """
return np.array([i / m for i in range(m + 1)]), np.array(
    [(i + 0.5) / m for i in range(m)]
)
""",
        "a list of arrays": "e = np.linspace(0, 1, m + 1); return [e, e[1:] - 0.5 / m]",
        "more points": "e = np.linspace(0, 1, 2 * m + 1); return e[::2], e[1::2]",
    },
    "5 def parity_layers(d):": {
        "numpy": "return [(np.ones((d, d)), -np.arange(d) - 0.5),"
        " (np.cos(np.pi * np.arange(d)).round()[None], [-0.5])]",
        "a tie": "return [([[1] * d] * d, [-k for k in range(1, d + 1)]),"
        " ([[1 - 2 * (k % 2) for k in range(d)]], [-1])]",
        "from above": """
W, b = -np.ones((d, d)), np.arange(d) + 0.5  # at most k bits are 1
v = np.array([(-1.0) ** (k + 1) for k in range(d)])
return [(W, b), (v[None, :], [-v.sum() - 0.5])]
""",
    },
}


def xors(bits="[-0.5, 1.5]", signs="[1, 1]", out="[-1.5]", cuts="[[1, 1], [-1, -1]]"):
    return f"""
both = ([[1, 1]], {out})
xor_bits = [({cuts}, {bits}), both]
xor_signs = [({cuts}, {signs}), both]
"""


VALUES = [
    ("2", *answer)
    for answer in (
        ("the same twice", xors(signs="[-0.5, 1.5]"), 3, "if off and on are 0 and 1"),
        (
            "the same twice, for signs",
            xors(bits="[1, 1]"),
            2,
            "it computes|if off and on",
        ),
        ("OR at the end", xors(out="[-0.5]"), 5, "it answers 1 to everything"),
        ("thresholds for biases", xors(bits="[0.5, -1.5]"), 2, "expected"),
        ("one cut twice", xors(cuts="[[1, 1], [1, 1]]"), 5, "it computes"),
        (
            "no hidden layer",
            "xor_bits = xor_signs = [([[1, 1]], [-0.5])]",
            5,
            "expected 2-1",
        ),
        ("output a vector", xors().replace("[[1, 1]]", "[1, 1]", 1), 5, "has shape"),
        ("bias a number", xors(out="-1.5"), 5, "b of layer 2"),
        ("none for signs", xors() + "xor_signs = None", 3, "not yet answered"),
        ("XNOR", xors() + "xor_bits = [xor_bits[0], ([[-1, -1]], [1.5])]", 2, "XNOR"),
        (
            "right: patterns",
            "W = np.array([[1, -1], [-1, 1]])\nout = (np.ones((1, 2)), [-1])\n"
            "xor_bits, xor_signs = [(W, [-1, -1]), out], [(W, [-2, -2]), out]",
            0,
            "",
        ),
        (
            "right: or and not and",
            "W = np.ones((2, 2))\nout = (np.array([[1, -1]]), np.array([-0.5]))\n"
            "xor_bits, xor_signs = ((W, [-0.5, -1.5]), out), ((W, [1, -1]), out)",
            0,
            "",
        ),
        ("right: lists", xors(bits="[-1, 1]", signs="[0, 0]", out="[-2]"), 0, ""),
    )
]
VALUES += [
    ("3c", str(number), f"units_needed = {number}", 1, words)
    for number, words in (
        (20, "exactly three"),
        (22, "on which it is false"),
        (64, "all inputs"),
        (32, "half of all"),
        (3, "the three inputs"),
        (1, "the recipe needs more"),
        (42.5, "expected a whole number"),
    )
]
VALUES += [
    ("4d", str(number), f"pulses_needed = {number}", 1, words)
    for number, words in (
        (340, "L/m"),
        (85, "L/4m"),
        (25, "without L"),
        (169, "one pulse less"),
        (171, "the hidden units"),
        (6.8 / 0.02, "L/m"),
        (None, "not yet answered"),
    )
]
VALUES += [
    (cell, f"right: {source}", source, 0, "")
    for cell, source in (
        (
            "3c",
            "from math import comb; units_needed = sum(comb(6, k) for k in (3,4,5,6))",
        ),
        ("3c", "units_needed = 2**6 - 1 - 6 - 15"),
        ("3c", "units_needed = np.float64(42)"),
        ("4d", "pulses_needed = round(6.8 / 2 / 0.02)"),
        ("4d", "pulses_needed = np.array(170)"),
        ("4d", "pulses_needed = next(m for m in range(1, 999) if 680 <= 4 * m)"),
    )
]

ANSWERS = answers("lab_mlp", WRONG, RIGHT) + [
    Answer(f"lab_mlp-{cell}", name, source, lost, words)
    for cell, name, source, lost, words in VALUES
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("lab_mlp", answer, record_property)


@pytest.mark.parametrize(
    "odd",
    [
        "None",
        "...",
        "'a word'",
        "np.ones((5, 1))",
        "[]",
        "[[1], [1, 2]]",
        "np.nan",
        "abs",
    ],
)
def test_whatever_comes_back_is_answered_with_a_sentence(odd):
    heads = {head.partition(" ")[::2] for head in WRONG}
    given = {f"lab_mlp-{cell}": f"{line} return {odd}" for cell, line in heads}
    given["lab_mlp-2"] = f"xor_bits = xor_signs = {odd}"
    given["lab_mlp-3c"] = f"units_needed = {odd}"
    given["lab_mlp-4d"] = f"pulses_needed = {odd}"
    for test, outcome in mark("lab_mlp", given).items():
        if outcome.of:
            assert outcome.points == 0, test
            assert re.match("AssertionError|NotImplementedError", outcome.message), test


@pytest.mark.parametrize(
    "name", ["layer", "count_parameters", "minterm_unit", "pieces"]
)
def test_every_form_of_a_result_is_right_or_gets_a_sentence(name):
    hold_to_sentences(getattr(lab_mlp, name), solved("lab_mlp")[name])


def test_an_earlier_mistake_does_not_excuse_a_later_one():
    given = {
        "lab_mlp-1a": "def layer(A, W, b):\n    return A @ W.T - b\n",
        "lab_mlp-1b": "def forward(X, layers, functions):"
        + changed(FORWARD, ("Z >= 0", "Z > 0")).replace("\n", "\n    "),
        "lab_mlp-3a": f"def minterm_unit(pattern):\n    {UNIT}    return p, 0.5",
        "lab_mlp-3b": "def boolean_layers(patterns):"
        + changed(NETWORK, ("-0.5", "-1.5")).replace("\n", "\n    "),
    }
    for test, outcome in mark("lab_mlp", given).items():
        if test.startswith(("lab_mlp-1a", "lab_mlp-1b", "lab_mlp-3a", "lab_mlp-3b")):
            assert outcome.points == 0, test
