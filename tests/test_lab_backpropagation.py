"""The lab on backpropagation, whole: what answers that learners give are worth."""

from functools import partial

import pytest
from marking import Answer, hold, hold_form, right_answer, variant

from nnbook_utils.checks import lab_backpropagation

NAME = "lab_backpropagation"


answer = partial(variant, NAME)
right = partial(right_answer, NAME)


def by_hand(**changed):
    values = {"f": 1, "v": 2, "m": 5, "u": 2, "x1": 4, "x2": 11, "x3": 2} | changed
    return f"by_hand = {values}"


def verdicts(A="mask", B="right", C="penalty", D="sum"):
    return f"verdicts = { {'A': A, 'B': B, 'C': C, 'D': D} }"


hands = partial(Answer, f"{NAME}-1a")
graph = partial(answer, "1b")
softmax = partial(answer, "2a")
forward = partial(answer, "2b")
backward = partial(answer, "2c")
cost = partial(answer, "3a")
numeric = partial(answer, "3b")
judged = partial(Answer, f"{NAME}-3c")
step = partial(answer, "4a")
train = partial(answer, "4b")
plan = partial(answer, "4c")
reader = partial(answer, "4d")

BY_HAND = [
    hands("product hands on the own factor", by_hand(v=5, m=2, u=5), 1, "by v is 5, w"),
    hands("only one delivery to x2", by_hand(x2=6), 1, "and not the maximum"),
    hands("the other delivery to x2", by_hand(x2=5), 1, "and not the product"),
    hands("deliveries multiplied", by_hand(x2=30), 1, "multiplied instead of added"),
    hands("maximum to both", by_hand(x3=7), 1, "to its smaller input"),
    hands("x1 gets its own value", by_hand(x1=6), 1, "its own value"),
    hands("sum's delivery forgotten", by_hand(x3=0), 1, "sum's delivery is left out"),
    hands("u not handed on", by_hand(u=1, x1=2), 2, "hands on 1"),
    hands("one left open", by_hand(x2=None), 1, "by x2 is not yet answered"),
    hands("a word", by_hand(v="m"), 1, "expected a number"),
    hands("no dict", "by_hand = [2, 5, 2, 4, 11, 2]", 3, "expected the dict"),
    hands("right, as floats", by_hand(v=2.0, m=5.0, x2=11.0)),
    hands("right, computed", by_hand() + "\nby_hand['x2'] = 2 * 3 + 5"),
    hands("right, without f", by_hand() + "\ndel by_hand['f']"),
]

WINNER = "[1.0, 0.0] if p[0] >= p[1] else [0.0, 1.0]"
GRAPHS = [
    graph(
        "overwrites",
        ("found[parent] +=", "found[parent] ="),
        lost=4,
        words="a delivery overwrites",
    ),
    graph("own factor", ("[p[1], p[0]]", "p"), lost=5, words="instead of the other's"),
    graph("1 to both always", (WINNER, "[1, 1]"), lost=5, words="hands on to both"),
    graph(
        "1 to both at a tie",
        (WINNER, "[float(p[0] >= p[1]), float(p[1] >= p[0])]"),
        lost=1,
        words="all of it to both",
    ),
    graph(
        "nothing to either at a tie",
        (WINNER, "[float(p[0] > p[1]), float(p[1] > p[0])]"),
        lost=1,
        words="the shares must sum to 1",
    ),
    graph("smaller input", ("p[0] >= p[1]", "p[0] <= p[1]"), lost=4, words="smaller"),
    graph(
        "sigmoid of the value again",
        (
            "[values[place] * (1 - values[place])]",
            "[np.exp(-values[place]) / (1 + np.exp(-values[place])) ** 2]",
        ),
        lost=4,
        words="sigmoid's derivative is taken of its value",
    ),
    graph(
        "forwards",
        ("reversed(range(len(graph)))", "range(len(graph))"),
        lost=5,
        words="from the start to the end",
    ),
    graph(
        "local derivatives only",
        ("found[place] * slope", "slope"),
        lost=4,
        words="what came from behind is left out",
    ),
    graph("no start", ("    found[-1] = 1.0\n", ""), lost=5, words="your list of"),
    graph(
        "nothing returned", ("return found", "pass"), lost=5, words="`return` missing"
    ),
    right(
        "1b",
        "by recursion over children",
        """
def gradients_of(graph, values):
    def local(child, slot):
        operation, *rest = graph[child]
        if operation == "sum":
            return 1
        if operation == "product":
            return values[rest[1 - slot]]
        if operation == "maximum":
            one, other = values[rest[slot]], values[rest[1 - slot]]
            return 0.5 if one == other else float(one > other)
        return values[child] * (1 - values[child])

    def gradient(node):
        if node == len(graph) - 1:
            return 1
        return sum(
            gradient(child) * local(child, slot)
            for child in range(node + 1, len(graph))
            if graph[child][0] != "input"
            for slot, parent in enumerate(graph[child][1:])
            if parent == node
        )

    return [gradient(node) for node in range(len(graph))]
""",
    ),
    right(
        "1b",
        "an array, all of a tie to the second",
        """
def gradients_of(graph, values):
    g = np.zeros(len(graph))
    g[-1] = 1
    for k in range(len(graph) - 1, -1, -1):
        node = graph[k]
        if node[0] == "sum":
            for i in node[1:]:
                g[i] += g[k]
        elif node[0] == "product":
            g[node[1]] += g[k] * values[node[2]]
            g[node[2]] += g[k] * values[node[1]]
        elif node[0] == "maximum":
            g[node[2] if values[node[2]] >= values[node[1]] else node[1]] += g[k]
        elif node[0] == "sigmoid":
            g[node[1]] += g[k] * values[k] * (1 - values[k])
    return g
""",
    ),
    right(
        "1b",
        "by a table of local derivatives",
        """
LOCAL = {
    "sum": lambda a, p, q: (1, 1),
    "product": lambda a, p, q: (q, p),
    "maximum": lambda a, p, q: (0.3, 0.7) if p == q else (int(p > q), int(q > p)),
    "sigmoid": lambda a, p: (a - a * a,),
}


def gradients_of(graph, values):
    got = {place: [] for place in range(len(graph))}
    got[len(graph) - 1].append(1)
    for place, (operation, *rest) in reversed(list(enumerate(graph))):
        if operation != "input":
            shares = LOCAL[operation](values[place], *(values[i] for i in rest))
            for i, share in zip(rest, shares):
                got[i].append(share * sum(got[place]))
    return tuple(sum(deliveries) for deliveries in got.values())
""",
    ),
]

SHIFT = "Z - Z.max(axis=1, keepdims=True)"
SOFTMAXES = [
    softmax("no shift", (SHIFT, "Z"), lost=2, words="take off|Take off"),
    softmax(
        "shift by the largest of all",
        (SHIFT, "Z - Z.max()"),
        lost=1,
        words="its own maximum",
    ),
    softmax("over columns", ("axis=1", "axis=0"), lost=2, words="the columns sum to 1"),
    softmax(
        "all rows together",
        ("E.sum(axis=1, keepdims=True)", "E.sum()"),
        lost=2,
        words="over all rows instead of each",
    ),
    softmax(
        "not divided",
        ("return E / E.sum(axis=1, keepdims=True)", "return E"),
        lost=2,
        words="the sum forgotten",
    ),
    softmax("sign", (SHIFT, "Z.min(axis=1, keepdims=True) - Z"), lost=2, words="sign"),
    softmax(
        "no exponential",
        (f"np.exp({SHIFT})", "Z"),
        lost=2,
        words="without an exponential",
    ),
    softmax(
        "not kept", (", keepdims=True", ""), lost=16, words="raised ValueError|your"
    ),
    softmax(
        "changed in place", ("    E =", "    Z -= 1\n    E ="), lost=2, words="belongs"
    ),
    right(
        "2a",
        "row by row, a list",
        """
def softmax(Z):
    rows = []
    for z in Z:
        e = [np.exp(float(v) - max(z)) for v in z]
        rows.append([v / sum(e) for v in e])
    return rows
""",
    ),
    right(
        "2a",
        "by logarithms",
        """
def softmax(Z):
    m = np.max(Z, axis=1)[:, None]
    return np.exp(Z - m - np.log(np.sum(np.exp(Z - m), axis=1))[:, None])
""",
    ),
    right(
        "2a",
        "transposed",
        """
def softmax(Z):
    E = np.exp(Z.T - Z.T.max(axis=0))
    return (E / E.sum(axis=0)).T
""",
    ),
]

RELU = "np.maximum(Z, 0) if i < len(network) - 1 else softmax(Z)"
FORWARDS = [
    forward(
        "no activation",
        (RELU, "Z if i < len(network) - 1 else softmax(Z)"),
        lost=4,
        words="no activation",
    ),
    forward("ReLU at the end", (RELU, "np.maximum(Z, 0)"), lost=2, words="has ReLU"),
    forward(
        "scores at the end", ("else softmax(Z)", "else Z"), lost=2, words="the scores"
    ),
    forward("softmax in all layers", (RELU, "softmax(Z)"), lost=4, words="layer 1"),
    forward("no bias", (" + b", ""), lost=4, words="the bias is left out"),
    forward(
        "bias subtracted", (" + b", " - b"), lost=4, words="the bias is subtracted"
    ),
    forward("not transposed", ("W.T", "W"), lost=14, words="raised ValueError"),
    forward("X missing", ("return A", "return A[1:]"), lost=9, words="X missing"),
    forward(
        "only the output", ("return A", "return A[-1]"), lost=9, words="expected a list"
    ),
    forward(
        "sigmoid",
        ("np.maximum(Z, 0)", "1 / (1 + np.exp(-Z))"),
        lost=4,
        words="sigmoid instead of ReLU",
    ),
    forward(
        "ReLU before the softmax",
        ("else softmax(Z)", "else softmax(np.maximum(Z, 0))"),
        lost=2,
        words="ReLU comes before",
    ),
    right(
        "2b",
        "sample by sample",
        """
def forward(network, X):
    columns = [[np.asarray(x, dtype=float)] for x in X]
    for a in columns:
        for layer, (W, b) in enumerate(network):
            z = W @ a[-1] + b
            if layer + 1 < len(network):
                a.append(np.where(z > 0, z, 0))
            else:
                a.append(softmax(z[None])[0])
    return [np.array(rows) for rows in zip(*columns)]
""",
    ),
    right(
        "2b",
        "a softmax of its own, a tuple",
        """
def forward(network, X):
    A = (np.array(X),)
    for W, b in network[:-1]:
        A += ((A[-1] @ W.T + b) * (A[-1] @ W.T + b > 0),)
    W, b = network[-1]
    E = np.exp(A[-1] @ W.T + b)
    return A + (E / E.sum(axis=1, keepdims=True),)
""",
    ),
    right(
        "2b",
        "with einsum",
        """
def forward(network, X):
    A = [np.array(X, dtype=float)]
    for i, (W, b) in enumerate(network):
        Z = np.einsum("ni,ji->nj", A[-1], W) + b
        A.append(softmax(Z) if i == len(network) - 1 else Z.clip(min=0))
    return A
""",
    ),
]

FIRST = "(A[-1] - Y) / len(Y)"
BACK = "D @ W * (A[i] > 0)"
BACKWARDS = [
    backward("sum", (FIRST, "A[-1] - Y"), lost=2, words="not divided by n"),
    backward("sign", (FIRST, "(Y - A[-1]) / len(Y)"), lost=2, words="sign is turned"),
    backward("no mask", (BACK, "D @ W"), lost=3, words="left out of BP2"),
    backward("not transposed", (BACK, "D @ W.T * (A[i] > 0)"), lost=11, words="raised"),
    backward(
        "mask of the wrong layer",
        (BACK, "(D * (A[i + 1] > 0)) @ W"),
        lost=3,
        words="your dW of layer",
    ),
    backward(
        "derivative of the sigmoid",
        ("(A[i] > 0)", "A[i] * (1 - A[i])"),
        lost=3,
        words="the derivative of the sigmoid",
    ),
    backward(
        "no penalty", (" + lambda_ * W", ""), lost=2, words="the penalty is left out"
    ),
    backward(
        "biases penalised",
        ("db = D.sum(axis=0)", "db = D.sum(axis=0) + lambda_ * _"),
        lost=2,
        words="the biases are penalised",
    ),
    backward(
        "half the penalty", ("lambda_ * W", "lambda_ / 2 * W"), lost=2, words="1/2"
    ),
    backward(
        "penalty divided by n",
        ("lambda_ * W", "lambda_ * W / len(Y)"),
        lost=2,
        words="divided by the number of samples",
    ),
    backward(
        "bias averaged", ("D.sum(axis=0)", "D.mean(axis=0)"), lost=5, words="n twice"
    ),
    backward(
        "last layer first",
        ("found[::-1]", "found"),
        lost=12,
        words="turn the list round",
    ),
    backward(
        "W and b apart",
        ("return found[::-1]", "return tuple(zip(*found[::-1]))"),
        lost=12,
        words="a list for W and a list for b",
    ),
    backward(
        "BP4 with its own activations",
        ("D.T @ A[i]", "D.T @ A[i + 1]"),
        lost=11,
        words="raised ValueError|W part",
    ),
    backward(
        "a (1 - a) at the end",
        (FIRST, "(A[-1] - Y) * A[-1] * (1 - A[-1]) / len(Y)"),
        lost=5,
        words="had cancelled",
    ),
    right(
        "2c",
        "sample by sample",
        """
def backward(network, A, Y, lambda_):
    n = len(Y)
    total = [(lambda_ * W, np.zeros(len(b))) for W, b in network]
    for s in range(n):
        delta = (A[-1][s] - Y[s]) / n
        for layer in range(len(network) - 1, -1, -1):
            dW, db = total[layer]
            total[layer] = (dW + np.outer(delta, A[layer][s]), db + delta)
            delta = (network[layer][0].T @ delta) * (A[layer][s] > 0)
    return total
""",
    ),
    right(
        "2c",
        "1/n at the end, lists",
        """
def backward(network, A, Y, lambda_):
    result = []
    D = A[-1] - Y
    for (W, b), a in zip(network[::-1], A[-2::-1]):
        result.insert(0, [D.T.dot(a) / len(Y) + lambda_ * W, D.mean(axis=0)])
        D = np.where(a > 0, D.dot(W), 0)
    return result
""",
    ),
    right(
        "2c",
        "errors first, then all derivatives",
        """
def backward(network, A, Y, lambda_):
    L = len(network)
    errors = [None] * L
    errors[-1] = (A[-1] - Y) / Y.shape[0]
    for i in range(L - 2, -1, -1):
        errors[i] = np.sign(A[i + 1]) * (errors[i + 1] @ network[i + 1][0])
    return tuple(
        (np.einsum("nj,nk->jk", errors[i], A[i]) + lambda_ * network[i][0],
         np.ones(len(Y)) @ errors[i])
        for i in range(L)
    )
""",
    ),
]

COSTS = [
    cost("sum", (".mean()", ".sum()"), lost=2, words="added up, not averaged"),
    cost(
        "mean over classes",
        (
            "-np.log((P * Y).sum(axis=1)).mean()",
            "-np.log((P * Y).sum(axis=1)).mean() / P.shape[1]",
        ),
        lost=2,
        words="over the classes",
    ),
    cost(
        "0 log 0",
        ("-np.log((P * Y).sum(axis=1)).mean()", "-(Y * np.log(P)).sum(axis=1).mean()"),
        lost=2,
        words="0 times log 0",
    ),
    cost("sign", ("-np.log", "np.log"), lost=2, words="the minus"),
    cost(
        "no penalty", ("lambda_ / 2 *", "0 *"), lost=2, words="the penalty is left out"
    ),
    cost("no half", ("lambda_ / 2", "lambda_"), lost=2, words="the 1/2 of the penalty"),
    cost(
        "biases too",
        ("(W**2).sum() for W, _ in", "(W**2).sum() + (b**2).sum() for W, b in"),
        lost=2,
        words="the biases are penalised",
    ),
    cost("log2", ("np.log(", "np.log2("), lost=2, words="to base 2"),
    cost(
        "squared error",
        ("-np.log((P * Y).sum(axis=1)).mean()", "((P - Y) ** 2).sum() / (2 * len(P))"),
        lost=2,
        words="squared error",
    ),
    right(
        "3a",
        "with loops",
        """
import math
def cost(P, Y, network, lambda_):
    total = 0
    for p, y in zip(P, Y):
        for probability, target in zip(p, y):
            if target == 1:
                total -= math.log(probability)
    penalty = sum(float(w) ** 2 for W, b in network for row in W for w in row)
    return total / len(Y) + lambda_ * penalty / 2
""",
    ),
    right(
        "3a",
        "by class numbers",
        """
def cost(P, Y, network, lambda_):
    chosen = P[np.arange(len(P)), Y.argmax(axis=1)]
    squares = sum(np.sum(W * W) for W, b in network)
    return np.mean(-np.log(chosen)) + 0.5 * lambda_ * squares
""",
    ),
    right(
        "3a",
        "guarded",
        """
def cost(P, Y, network, lambda_):
    logs = np.log(np.maximum(P, 1e-300))
    norms = [np.linalg.norm(W) ** 2 for W, _ in network]
    return -np.sum(logs * Y) / len(P) + lambda_ / 2 * np.sum(norms)
""",
    ),
]

QUOTIENT = "(costs[0] - costs[1]) / (2 * epsilon)"
NUMERICS = [
    numeric(
        "one-sided",
        ("(epsilon, -epsilon)", "(epsilon, 0)"),
        (QUOTIENT, "(costs[0] - costs[1]) / epsilon"),
        lost=3,
        words="one-sided",
    ),
    numeric(
        "by epsilon",
        (QUOTIENT, "(costs[0] - costs[1]) / epsilon"),
        lost=3,
        words="instead of 2 epsilon",
    ),
    numeric(
        "sign",
        (QUOTIENT, "(costs[1] - costs[0]) / (2 * epsilon)"),
        lost=3,
        words="sign",
    ),
    numeric(
        "precedence",
        (QUOTIENT, "(costs[0] - costs[1]) / 2 * epsilon"),
        lost=3,
        words="in one row",
    ),
    numeric(
        "not divided",
        (QUOTIENT, "costs[0] - costs[1]"),
        lost=3,
        words="not divided at all",
    ),
    numeric(
        "epsilon of its own",
        ("    found = []\n", "    epsilon = 1e-4\n    found = []\n"),
        lost=3,
        words="1e-4 whatever",
    ),
    numeric(
        "no penalty",
        ("cost(P, Y, moved, lambda_)", "cost(P, Y, moved, 0)"),
        lost=3,
        words="penalty is left out",
    ),
    numeric(
        "the caller's network",
        ("values.copy()", "values"),
        lost=3,
        words="ends at the weight itself",
    ),
    numeric(
        "biases forgotten",
        ("found.append(tuple(slopes))", "found.append((slopes[0], 0 * pair[1]))"),
        lost=3,
        words="in one row",
    ),
    right(
        "3b",
        "a copy of all for each entry",
        """
import copy
def numerical_gradients(network, X, Y, lambda_, epsilon):
    def at(layer, part, place, nudge):
        other = copy.deepcopy(network)
        other[layer][part][place] += nudge
        return cost(forward(other, X)[-1], Y, other, lambda_)

    return [
        [
            np.reshape(
                [
                    (at(l, p, k, epsilon) - at(l, p, k, -epsilon)) / (2 * epsilon)
                    for k in np.ndindex(network[l][p].shape)
                ],
                network[l][p].shape,
            )
            for p in (0, 1)
        ]
        for l in range(len(network))
    ]
""",
    ),
    right(
        "3b",
        "nudged and put back in a copy",
        """
def numerical_gradients(network, X, Y, lambda_, epsilon):
    net = [(W.copy(), b.copy()) for W, b in network]
    result = []
    for W, b in net:
        pair = []
        for array in (W, b):
            slope = np.zeros_like(array)
            flat, out = array.reshape(-1), slope.reshape(-1)
            for i in range(flat.size):
                kept = flat[i]
                flat[i] = kept + epsilon
                up = cost(forward(net, X)[-1], Y, net, lambda_)
                flat[i] = kept - epsilon
                down = cost(forward(net, X)[-1], Y, net, lambda_)
                flat[i] = kept
                out[i] = (up - down) / epsilon / 2
            pair.append(slope)
        result.append((pair[0], pair[1]))
    return result
""",
    ),
    right(
        "3b",
        "by a vector of all parameters",
        """
def numerical_gradients(network, X, Y, lambda_, epsilon):
    shapes = [part.shape for pair in network for part in pair]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    theta = np.concatenate([part.ravel() for pair in network for part in pair])

    def unpack(theta):
        parts = [p.reshape(s) for p, s in zip(np.split(theta, cuts), shapes)]
        return list(zip(parts[::2], parts[1::2]))

    def at(theta):
        net = unpack(theta)
        return cost(forward(net, X)[-1], Y, net, lambda_)

    steps = epsilon * np.eye(len(theta))
    differences = np.array([at(theta + e) - at(theta - e) for e in steps])
    return unpack(differences / (2 * epsilon))
""",
    ),
]

VERDICTS = [
    judged("A missed", verdicts(A="penalty"), 1, "verdict on A"),
    judged("B missed", verdicts(B="mask"), 1, "verdict on B"),
    judged("C missed", verdicts(C="right"), 1, "verdict on C"),
    judged("D missed", verdicts(D="sign"), 1, "verdict on D"),
    judged(
        "all of them right", verdicts("right", "right", "right", "right"), 2, "A is"
    ),
    judged("a word not in the table", verdicts(A="relu"), 2, "expected one of"),
    judged("one left open", verdicts(D=None), 2, "on D is not yet answered"),
    judged("no dict", "verdicts = ['mask', 'right']", 2, "expected the dict"),
    judged("right", verdicts()),
    judged(
        "right, in another order",
        "verdicts = dict(D='sum', C='penalty', B='right', A='mask')",
    ),
    judged(
        "right, computed",
        "verdicts = dict(zip('ABCD', ['mask', 'right', 'penalty', 'sum']))",
    ),
]

STEPS = [
    step(
        "up",
        ("W - eta", "W + eta"),
        ("b - eta", "b + eta"),
        lost=2,
        words="the step goes up",
    ),
    step("no eta", ("eta * ", ""), lost=2, words="eta is left out"),
    step(
        "biases forgotten",
        ("b - eta * db", "b"),
        lost=2,
        words="the biases have not moved",
    ),
    step(
        "weights forgotten",
        ("W - eta * dW", "W"),
        lost=2,
        words="the weights have not moved",
    ),
    step(
        "only the step",
        ("W - eta * dW", "-eta * dW"),
        ("b - eta * db", "-eta * db"),
        lost=2,
        words="only the step",
    ),
    step(
        "divided by eta",
        ("eta * dW", "dW / eta"),
        ("eta * db", "db / eta"),
        lost=2,
        words="divided by eta",
    ),
    Answer(
        f"{NAME}-4a",
        "in place",
        """
def sgd_step(network, gradients, eta):
    for (W, b), (dW, db) in zip(network, gradients):
        W -= eta * dW
        b -= eta * db
    return network
""",
        2,
        "changed network",
    ),
    Answer(
        f"{NAME}-4a",
        "nothing returned",
        """
def sgd_step(network, gradients, eta):
    new = [(W - eta * dW, b - eta * db) for (W, b), (dW, db) in zip(network, gradients)]
""",
        7,
        "`return` missing",
    ),
    right(
        "4a",
        "with loops",
        """
def sgd_step(network, gradients, eta):
    new = []
    for i in range(len(network)):
        pair = []
        for part in range(2):
            pair.append(network[i][part] - eta * gradients[i][part])
        new.append(pair)
    return new
""",
    ),
    right(
        "4a",
        "copies, in place",
        """
def sgd_step(network, gradients, eta):
    new = [(W.copy(), b.copy()) for W, b in network]
    for (W, b), (dW, db) in zip(new, gradients):
        W -= eta * dW
        b -= eta * db
    return new
""",
    ),
    right(
        "4a",
        "a tuple by map",
        """
def sgd_step(network, gradients, eta):
    move = lambda old, slope: tuple(np.subtract(o, eta * s) for o, s in zip(old, slope))
    return tuple(map(move, network, gradients))
""",
    ),
]

TRAININGS = [
    train(
        "last batch left out",
        ("in batches", "in batches[:-1]"),
        lost=3,
        words="the last batch is left out",
    ),
    train("all samples", ("[rows]", ""), lost=3, words="every step uses all samples"),
    train(
        "returns in the loop",
        ("    return network", "        return network"),
        lost=3,
        words="only the first batch",
    ),
    train(
        "gradient at the start",
        ("    for rows in", "    start = network\n    for rows in"),
        ("forward(network, X[rows])", "forward(start, X[rows])"),
        ("backward(network, A", "backward(start, A"),
        lost=3,
        words="its gradient at the start",
    ),
    train(
        "each step from the first network",
        ("    for rows in", "    start = network\n    for rows in"),
        ("network = sgd_step(network", "network = sgd_step(start"),
        lost=3,
        words="your network after four",
    ),
    train("up", (", eta)", ", -eta)"), lost=3, words="the steps go up"),
    train(
        "no penalty",
        ("Y[rows], lambda_", "Y[rows], 0"),
        lost=3,
        words="the penalty is left out",
    ),
    train(
        "new network thrown away",
        ("network = sgd_step", "new = sgd_step"),
        lost=3,
        words="nothing has moved",
    ),
    train(
        "reverse order",
        ("in batches", "in reversed(batches)"),
        lost=3,
        words="the reverse order",
    ),
    right(
        "4b",
        "by index",
        """
def train(network, X, Y, batches, eta, lambda_):
    net = list(network)
    for t in range(len(batches)):
        Xt, Yt = X[batches[t], :], Y[batches[t], :]
        net = sgd_step(net, backward(net, forward(net, Xt), Yt, lambda_), eta)
    return net
""",
    ),
    right(
        "4b",
        "by recursion",
        """
def train(network, X, Y, batches, eta, lambda_):
    if len(batches) == 0:
        return network
    first, rest = batches[0], batches[1:]
    g = backward(network, forward(network, X[first]), Y[first], lambda_)
    for one in rest[:1]:
        pass
    done = sgd_step(network, g, eta)
    while len(rest):
        first, rest = rest[0], rest[1:]
        g = backward(done, forward(done, X[first]), Y[first], lambda_)
        done = sgd_step(done, g, eta)
    return done
""",
    ),
    right(
        "4b",
        "the update written out",
        """
def train(network, X, Y, batches, eta, lambda_):
    weights = [(W.copy(), b.copy()) for W, b in network]
    for rows in batches:
        slopes = backward(weights, forward(weights, X[rows]), Y[rows], lambda_)
        for i, (dW, db) in enumerate(slopes):
            weights[i] = (weights[i][0] - eta * dW, weights[i][1] - eta * db)
    return weights
""",
    ),
]

NORMAL = "rng.normal(0, np.sqrt(2 / into), (out, into))"
PLANS = [
    plan("weights at zero", (NORMAL, "np.zeros((out, into))"), lost=2, words="equal"),
    plan(
        "all weights equal",
        (NORMAL, "np.full((out, into), 0.1)"),
        lost=2,
        words="equal",
    ),
    plan("weights far too large", (NORMAL, "30 * " + NORMAL), lost=2, words="reads"),
    plan(
        "eta far too large",
        ("0.3, 1e-4", "30, 1e-4"),
        lost=2,
        words="without bound|Try",
    ),
    plan(
        "eta far too small", ("0.3, 1e-4", "1e-4, 1e-4"), lost=2, words="not gone far"
    ),
    plan(
        "lambda far too large",
        ("0.3, 1e-4", "0.3, 1.0"),
        lost=2,
        words="another lambda",
    ),
    plan(
        "one epoch of two batches",
        ("range(20)", "range(1)"),
        (", 32)", ", 900)"),
        lost=2,
        words="not gone far|batches use",
    ),
    plan(
        "the first hundred samples only",
        ("rng.permutation(n)", "rng.permutation(100)"),
        ("range(0, n, 32)", "range(0, 100, 32)"),
        lost=2,
        words="use only 100 of",
    ),
    plan("transposed weights", ("(out, into)", "(into, out)"), lost=4, words="W part"),
    plan(
        "rows that are not there",
        ("order[first : first + 32]", "order[first : first + 32] + 5"),
        lost=4,
        words="other things than row numbers",
    ),
    plan(
        "batches forgotten",
        ("return network, batches,", "return network,"),
        lost=4,
        words="four things",
    ),
    right(
        "4c",
        "batches drawn with replacement",
        """
def plan(n, widths):
    rng = np.random.default_rng(2)
    network = [
        [rng.normal(size=(k, m)) * (2 / m) ** 0.5, np.zeros(k)]
        for m, k in zip(widths[:-1], widths[1:])
    ]
    return network, rng.integers(n, size=(900, 32)), 0.3, 0
""",
    ),
    right(
        "4c",
        "by array_split",
        """
def plan(n, widths):
    rng = np.random.default_rng(1)
    network = []
    for m, k in pairwise(widths):
        network.append((np.sqrt(2 / m) * rng.standard_normal((k, m)), np.zeros(k)))
    batches = []
    for epoch in range(25):
        batches.extend(np.array_split(rng.permutation(n), 30))
    return [network, batches, 0.4, 0.0001]
""",
    ),
    right(
        "4c",
        "lists of int, small steps",
        """
def plan(n, widths):
    rng = np.random.default_rng(5)
    network = [
        (rng.uniform(-1, 1, (k, m)) * np.sqrt(6 / m), 0.0 * np.arange(k))
        for m, k in pairwise(widths)
    ]
    batches = []
    for epoch in range(15):
        rows = list(range(n))
        rng.shuffle(rows)
        while rows:
            batches.append(rows[:16])
            rows = rows[16:]
    return network, batches, 0.1, 1e-4
""",
    ),
]

READERS = [
    reader(
        "probabilities",
        (
            "np.argmax(forward(network, X_new)[-1], axis=1)",
            "forward(network, X_new)[-1]",
        ),
        lost=2,
        words="these are probabilities",
    ),
    reader(
        "reads the training set",
        ("forward(network, X_new)", "forward(network, X)"),
        lost=2,
        words="pictures of the training set",
    ),
    reader(
        "not trained",
        ("    network = train(", "    trained = train("),
        lost=2,
        words="right in",
    ),
    reader(
        "labels out of order",
        ("np.eye(10)[y]", "np.eye(10)[sorted(y)]"),
        lost=2,
        words="right in",
    ),
    reader(
        "the least probable digit", ("np.argmax", "np.argmin"), lost=2, words="right in"
    ),
    reader("over the wrong axis", ("axis=1", "axis=0"), lost=2, words="has shape"),
    reader("counted from 1", ("axis=1)", "axis=1) + 1"), lost=2, words="right in"),
    reader("the first layer's activations", ("[-1]", "[1]"), lost=2, words="right in"),
    reader("up", (", eta, lambda_)", ", -eta, lambda_)"), lost=2, words="right in"),
    right(
        "4d",
        "one by one",
        """
def learn_to_read(X, y, X_new, widths):
    network, batches, eta, lambda_ = plan(n=len(y), widths=widths)
    Y = np.zeros((len(y), 10))
    for i, digit in enumerate(y):
        Y[i, digit] = 1
    network = train(network, X, Y, batches, eta, lambda_)
    return [int(np.argmax(forward(network, x[None])[-1])) for x in X_new]
""",
    ),
    right(
        "4d",
        "a plan of its own",
        """
def learn_to_read(X, y, X_new, widths):
    rng = np.random.default_rng(1)
    network, _, _, _ = plan(len(X), widths)
    Y = (y[:, None] == np.arange(10)).astype(float)
    for epoch in range(15):
        batches = np.array_split(rng.permutation(len(X)), 40)
        network = train(network, X, Y, batches, 0.5 * (1 - epoch / 15), 0.0)
    return forward(network, X_new)[-1].argmax(axis=1)
""",
    ),
    right(
        "4d",
        "floats",
        """
def learn_to_read(X, y, X_new, widths):
    start, *rest = plan(len(X), widths)
    done = train(start, X, np.eye(10)[np.asarray(y, dtype=int)], *rest)
    P = np.array(forward(done, X_new)[-1])
    return (P == P.max(axis=1, keepdims=True)).argmax(axis=1) * 1.0
""",
    ),
]

ANSWERS = [
    *BY_HAND,
    *GRAPHS,
    *SOFTMAXES,
    *FORWARDS,
    *BACKWARDS,
    *COSTS,
    *NUMERICS,
    *VERDICTS,
    *STEPS,
    *TRAININGS,
    *PLANS,
    *READERS,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold(NAME, answer, record_property)


# A test, the function that it tests, and the parts of the learner's own it takes.
FORMS = [
    "graph_gradients gradients_of",
    "graph_tie gradients_of",
    "scores_to_probabilities softmax",
    "hidden_activations forward",
    "output forward softmax",
    "output_layer backward",
    "hidden_layers backward",
    "penalty backward",
    "cost_value cost",
    "numeric numerical_gradients forward cost",
    "step sgd_step",
    "training train forward backward sgd_step",
    "reading learn_to_read plan train forward",
    "slope slope_along",
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_of_a_result_is_right_or_gets_a_sentence(form):
    hold_form(lab_backpropagation, NAME, form)
