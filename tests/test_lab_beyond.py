"""The lab beyond the perceptron, whole: what answers that learners give are worth."""

from functools import partial

import pytest
from marking import hold, hold_form, right_answer, variant

from nnbook_utils.checks import lab_beyond

NAME = "lab_beyond"


answer = partial(variant, NAME)
right = partial(right_answer, NAME)


size = partial(answer, "1a")
conv = partial(answer, "1b")
kernel = partial(answer, "1c")
pool = partial(answer, "1d")
step = partial(answer, "2a")
read = partial(answer, "2b")
cost = partial(answer, "3a")
slopes = partial(answer, "3b")
descend = partial(answer, "3c")
least = partial(answer, "3d")

SIZE = "(n + 2 * P - F) // S + 1"
SIZES = [
    size("no + 1", (" + 1", ""), lost=2, words="the \\+ 1 is missing"),
    size("padding on one side", ("2 * P", "P"), lost=2, words="one side only"),
    size("no padding", (" + 2 * P", ""), lost=2, words="padding is left out"),
    size("no stride", (" // S", ""), lost=2, words="stride is left out"),
    size("rounded up", (SIZE, "-(-(n + 2 * P - F) // S) + 1"), lost=2, words="up"),
    size("not rounded", ("//", "/"), lost=2, words="not rounded down"),
    size(
        "1 before the stride",
        (SIZE, "(n + 2 * P - F + 1) // S"),
        lost=2,
        words="before the div",
    ),
    size("no kernel", (" - F", ""), lost=2, words="kernel is left out"),
    right(
        "1a",
        "by walking",
        """
def output_size(n, F, S, P):
    count, start = 0, 0
    while start + F <= n + 2 * P:
        count, start = count + 1, start + S
    return count
""",
    ),
    right(
        "1a",
        "a float that is whole",
        """
def output_size(n, F, S, P):
    return np.floor((n + 2 * P - F) / S) + 1
""",
    ),
    right(
        "1a",
        "by range",
        """
def output_size(n, F, S, P):
    return len(range(0, n + 2 * P - F + 1, S))
""",
    ),
]

PRODUCT = "np.sum(kernels[r] * window) + b[r]"
CONVS = [
    conv(
        "flipped",
        ("kernels[r] *", "kernels[r][:, ::-1, ::-1] *"),
        lost=6,
        words="flipped",
    ),
    conv("no bias", (" + b[r]", ""), lost=6, words="the bias is left out"),
    conv(
        "bias for each weight",
        (PRODUCT, "np.sum(kernels[r] * window + b[r])"),
        lost=6,
        words="once for each weight",
    ),
    conv(
        "bias for each channel",
        (PRODUCT, "sum(np.sum(k * x) + b[r] for k, x in zip(kernels[r], window))"),
        lost=2,
        words="once for each channel",
    ),
    conv(
        "first channel only",
        (PRODUCT, "np.sum(kernels[r, 0] * window[0]) + b[r]"),
        lost=2,
        words="only the first channel",
    ),
    conv("mean", ("np.sum(", "np.mean("), lost=6, words="divided by the number"),
    conv(
        "transposed kernel",
        ("kernels[r] *", "kernels[r].transpose(0, 2, 1) *"),
        lost=6,
        words="kernel is transposed",
    ),
    conv(
        "stride in one direction",
        ("w * S : w * S + F", "w : w + F"),
        lost=2,
        words="your output",
    ),
    conv(
        "no stride",
        ("h * S : h * S + F, w * S : w * S + F", "h : h + F, w : w + F"),
        lost=2,
        words="your output",
    ),
    conv(
        "padding at the end",
        ("((0, 0), (P, P), (P, P))", "((0, 0), (0, 2 * P), (0, 2 * P))"),
        lost=2,
        words="none before",
    ),
    conv(
        "padding repeats the edge",
        ("(P, P)))", "(P, P)), mode='edge')"),
        lost=2,
        words="repeats the edge",
    ),
    conv(
        "first kernel",
        ("kernels[r] *", "kernels[0] *"),
        lost=6,
        words="the first kernel",
    ),
    conv(
        "square only", ("image.shape[2]", "image.shape[1]"), lost=6, words="has shape"
    ),
    right(
        "1b",
        "with sums over pixels",
        """
def conv(image, kernels, b, S, P):
    K, C, F, _ = kernels.shape
    _, height, width = image.shape
    maps = []
    for r in range(K):
        rows = []
        for top in range(-P, height + P - F + 1, S):
            row = []
            for left in range(-P, width + P - F + 1, S):
                z = float(b[r])
                for c in range(C):
                    for i in range(F):
                        for j in range(F):
                            y, x = top + i, left + j
                            if 0 <= y < height and 0 <= x < width:
                                z += kernels[r, c, i, j] * image[c, y, x]
                row.append(z)
            rows.append(row)
        maps.append(rows)
    return maps
""",
    ),
    right(
        "1b",
        "by windows",
        """
def conv(image, kernels, b, S, P):
    F = kernels.shape[-1]
    padded = np.pad(image, [(0, 0), (P, P), (P, P)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (F, F), axis=(1, 2))
    z = np.einsum("chwij,rcij->rhw", windows[:, ::S, ::S], kernels)
    return z + np.reshape(b, (-1, 1, 1))
""",
    ),
    right(
        "1b",
        "by shifted images",
        """
def conv(image, kernels, b, S, P):
    F = kernels.shape[2]
    _, H, W = image.shape
    big = np.zeros((len(image), H + 2 * P, W + 2 * P))
    big[:, P : P + H, P : P + W] = image
    h, w = H + 2 * P - F + 1, W + 2 * P - F + 1
    total = np.zeros((len(kernels), h, w)) + b[:, None, None]
    for i in range(F):
        for j in range(F):
            total += np.tensordot(kernels[:, :, i, j], big[:, i : i + h, j : j + w], 1)
    return total[:, ::S, ::S]
""",
    ),
]

KERNELS = [
    kernel("mean", ("np.sum(", "np.mean("), lost=3, words="averaged over the places"),
    kernel(
        "first place only",
        ("np.sum(delta * x[i : i + height, j : j + width])", "delta[0, 0] * x[i, j]"),
        lost=3,
        words="only the first place",
    ),
    kernel(
        "delta summed first",
        ("np.sum(delta * x[i : i + height, j : j + width])", "delta.sum() * x[i, j]"),
        lost=3,
        words="delta is summed",
    ),
    kernel(
        "flipped result",
        ("gradient[i, j]", "gradient[F - 1 - i, F - 1 - j]"),
        lost=3,
        words="the result is flipped",
    ),
    kernel(
        "delta flipped",
        ("np.sum(delta *", "np.sum(delta[::-1, ::-1] *"),
        lost=3,
        words="delta is flipped",
    ),
    kernel(
        "transposed",
        ("gradient[i, j]", "gradient[j, i]"),
        lost=3,
        words="the result is transposed",
    ),
    kernel("sign", ("np.sum(delta", "-np.sum(delta"), lost=3, words="the sign"),
    kernel("F off by one", ("- height + 1", "- height"), lost=3, words="has shape"),
    right(
        "1c",
        "place by place",
        """
def kernel_gradient(x, delta):
    height, width = delta.shape
    F = x.shape[1] - width + 1
    total = np.zeros((F, F))
    for h in range(height):
        for w in range(width):
            total = total + delta[h, w] * x[h : h + F, w : w + F]
    return total
""",
    ),
    right(
        "1c",
        "by windows",
        """
def kernel_gradient(x, delta):
    windows = np.lib.stride_tricks.sliding_window_view(x, delta.shape)
    return (windows * delta).sum(axis=(2, 3))
""",
    ),
    right(
        "1c",
        "a list, by vdot",
        """
def kernel_gradient(x, delta):
    h, w = delta.shape
    F = len(x) - h + 1
    return [
        [float(np.vdot(delta, x[i : i + h, j : j + w])) for j in range(F)]
        for i in range(F)
    ]
""",
    ),
]

POOLS = [
    pool("mean", (".max(", ".mean("), lost=2, words="the mean of each window"),
    pool("smallest", (".max(", ".min("), lost=2, words="the smallest"),
    pool(
        "over channels",
        (
            "    return whole.reshape(C, rows, size, columns, size).max(axis=(2, 4))",
            "    whole = whole.reshape(C, rows, size, columns, size)\n"
            "    return np.stack([whole.max(axis=(0, 2, 4))] * C)",
        ),
        lost=2,
        words="over the channels",
    ),
    pool(
        "first of each",
        (".max(axis=(2, 4))", "[:, :, 0, :, 0]"),
        lost=2,
        words="the first of each",
    ),
    pool(
        "absolute",
        ("whole.reshape", "abs(whole).reshape"),
        lost=2,
        words="without its sign",
    ),
    pool(
        "ReLU first",
        ("whole.reshape", "np.maximum(whole, 0).reshape"),
        lost=2,
        words="set to 0 first",
    ),
    pool(
        "the rest looked at",
        (
            "    whole =",
            "    maps = np.pad(maps, ((0, 0), (0, size), (0, size)))\n"
            "    columns += 1\n    whole =",
        ),
        lost=2,
        words="has shape",
    ),
    pool(
        "stride 1",
        (
            "    return whole.reshape(C, rows, size, columns, size).max(axis=(2, 4))",
            "    slide = np.lib.stride_tricks.sliding_window_view\n"
            "    return slide(maps, (size, size), axis=(1, 2)).max(axis=(3, 4))",
        ),
        lost=2,
        words="has shape",
    ),
    right(
        "1d",
        "with loops",
        """
def max_pool(maps, size):
    C, height, width = maps.shape
    pooled = np.zeros((C, height // size, width // size))
    for c in range(C):
        for h in range(height // size):
            for w in range(width // size):
                top, left = h * size, w * size
                pooled[c, h, w] = maps[c, top : top + size, left : left + size].max()
    return pooled
""",
    ),
    right(
        "1d",
        "by every size-th pixel",
        """
def max_pool(maps, size):
    C, height, width = maps.shape
    h, w = height // size * size, width // size * size
    parts = [maps[:, i:h:size, j:w:size] for i in range(size) for j in range(size)]
    return np.max(parts, axis=0)
""",
    ),
    right(
        "1d",
        "lists",
        """
def max_pool(maps, size):
    return [
        [
            [
                max(float(m[h + i][w + j]) for i in range(size) for j in range(size))
                for w in range(0, len(m[0]) - size + 1, size)
            ]
            for h in range(0, len(m) - size + 1, size)
        ]
        for m in maps
    ]
""",
    ),
]

STEPS = [
    step("no tanh", ("np.tanh", ""), lost=3, words="tanh is left out"),
    step("no state", (" + W_h @ h", ""), lost=3, words="the old state is left out"),
    step("no item", ("W_x @ x + ", ""), lost=3, words="the item is left out"),
    step("no bias", (" + b", ""), lost=3, words="the bias is left out"),
    step("W_h transposed", ("W_h @ h", "h @ W_h"), lost=3, words="W_h is transposed"),
    step(
        "sigmoid",
        (
            "np.tanh(W_x @ x + W_h @ h + b)",
            "1 / (1 + np.exp(-(W_x @ x + W_h @ h + b)))",
        ),
        lost=3,
        words="sigmoid",
    ),
    step(
        "state outside",
        ("np.tanh(W_x @ x + W_h @ h + b)", "np.tanh(W_x @ x + b) + W_h @ h"),
        lost=3,
        words="outside of tanh",
    ),
    step("bias outside", (" + b)", ") + b"), lost=3, words="bias is added outside"),
    step(
        "in place",
        ("    return", "    h *= 1.5\n    return"),
        lost=3,
        words="changed h",
    ),
    right(
        "2a",
        "with loops",
        """
def rnn_step(x, h, W_x, W_h, b):
    new = []
    for j in range(len(b)):
        z = b[j] + sum(W_x[j, k] * x[k] for k in range(len(x)))
        new.append(np.tanh(z + sum(W_h[j, k] * h[k] for k in range(len(h)))))
    return new
""",
    ),
    right(
        "2a",
        "one matrix",
        """
def rnn_step(x, h, W_x, W_h, b):
    W = np.concatenate([W_x, W_h, b[:, None]], axis=1)
    return np.tanh(W @ np.concatenate([x, h, [1.0]]))
""",
    ),
    right(
        "2a",
        "by exponentials",
        """
def rnn_step(x, h, W_x, W_h, b):
    z = np.dot(W_x, x) + np.dot(W_h, h) + b
    return 1 - 2 / (np.exp(2 * z) + 1)
""",
    ),
]

READS = [
    read(
        "state not kept", ("states[-1]", "states[0]"), lost=3, words="set back to zero"
    ),
    read(
        "item fed back",
        ("states[-1]", "np.resize(x, len(b))"),
        lost=3,
        words="your later states",
    ),
    read(
        "reverse order", ("in items", "in items[::-1]"), lost=3, words="reverse order"
    ),
    read(
        "states in reverse",
        ("np.array(states)", "np.array(states[:1] + states[:0:-1])"),
        lost=3,
        words="states come in the reverse",
    ),
    read(
        "no zero state",
        ("np.array(states)", "np.array(states[1:])"),
        lost=3,
        words="has shape",
    ),
    read(
        "last state only", ("np.array(states)", "states[-1]"), lost=3, words="has shape"
    ),
    read(
        "first item always",
        ("rnn_step(x,", "rnn_step(items[0],"),
        lost=3,
        words="reads the first item",
    ),
    read(
        "starts at one", ("np.zeros", "np.ones"), lost=3, words="which should be zero"
    ),
    read("nothing returned", ("return np", "np"), lost=3, words="`return` missing"),
    right(
        "2b",
        "filling an array",
        """
def read(items, W_x, W_h, b):
    H = np.zeros((len(items) + 1, len(b)))
    for t in range(1, len(items) + 1):
        H[t] = rnn_step(items[t - 1], H[t - 1], W_x, W_h, b)
    return H
""",
    ),
    right(
        "2b",
        "without the step",
        """
def read(items, W_x, W_h, b):
    states = [0 * b]
    for drive in items @ W_x.T + b:
        states += [np.tanh(drive + W_h @ states[-1])]
    return states
""",
    ),
    right(
        "2b",
        "by accumulate",
        """
from itertools import accumulate
def read(items, W_x, W_h, b):
    step = lambda h, x: rnn_step(x, h, W_x, W_h, b)
    return list(accumulate(items, step, initial=np.zeros(len(b))))
""",
    ),
]

COSTS = [
    cost("no half", ("(2 * len(X))", "len(X)"), lost=2, words="the 1/2 is missing"),
    cost("no mean", (" / (2 * len(X))", " / 2"), lost=2, words="not divided by n"),
    cost(
        "over pixels", ("(2 * len(X))", "(2 * X.size)"), lost=2, words="over the pixels"
    ),
    cost(
        "np.mean",
        (
            "np.sum((X @ E.T @ D.T - X) ** 2) / (2 * len(X))",
            "np.mean((X @ E.T @ D.T - X) ** 2)",
        ),
        lost=2,
        words="over all entries",
    ),
    cost("neither", (" / (2 * len(X))", ""), lost=2, words="neither the mean"),
    cost(
        "lengths",
        (
            "np.sum((X @ E.T @ D.T - X) ** 2)",
            "np.linalg.norm(X @ E.T @ D.T - X, axis=1).sum()",
        ),
        lost=2,
        words="lengths are added",
    ),
    cost(
        "not transposed",
        ("X @ E.T @ D.T", "X @ E @ D"),
        lost=2,
        words="raised ValueError",
    ),
    cost(
        "places changed",
        ("X @ E.T @ D.T", "X @ D @ E"),
        lost=2,
        words="have changed places",
    ),
    right(
        "3a",
        "sample by sample",
        """
def cost(E, D, X):
    total = 0.0
    for x in X:
        miss = D @ (E @ x) - x
        total += sum(v * v for v in miss)
    return total / len(X) / 2
""",
    ),
    right(
        "3a",
        "by the norm",
        """
def cost(E, D, X):
    return np.linalg.norm(X - X @ (D @ E).T) ** 2 / X.shape[0] / 2
""",
    ),
    right(
        "3a",
        "an array of one number",
        """
def cost(E, D, X):
    return np.array(0.5 * np.mean(np.sum((D @ E @ X.T - X.T) ** 2, axis=0)))
""",
    ),
]

SLOPES = [
    slopes("no 1/n", (" / len(X)", ""), lost=4, words="not divided by n"),
    slopes("sign", ("(Z @ D.T - X)", "(X - Z @ D.T)"), lost=4, words="sample minus"),
    slopes(
        "twice", ("(Z @ D.T - X)", "2 * (Z @ D.T - X)"), lost=4, words="is forgotten"
    ),
    slopes("half", (" / len(X)", " / (2 * len(X))"), lost=4, words="left standing"),
    slopes(
        "through the encoder",
        ("delta @ D", "delta @ E.T"),
        lost=2,
        words="instead of the decoder",
    ),
    slopes(
        "reconstruction came in",
        ("(delta @ D).T @ X", "(delta @ D).T @ (Z @ D.T)"),
        lost=2,
        words="where the sample should",
    ),
    slopes(
        "code by the decoder",
        ("delta.T @ Z", "delta.T @ (X @ D)"),
        lost=2,
        words="with the decoder",
    ),
    slopes(
        "other order",
        (
            "return (delta @ D).T @ X, delta.T @ Z",
            "return delta.T @ Z, (delta @ D).T @ X",
        ),
        lost=7,
        words="comes first",
    ),
    right(
        "3b",
        "sample by sample",
        """
def gradients(E, D, X):
    by_E, by_D = np.zeros_like(E), np.zeros_like(D)
    for x in X:
        z = E @ x
        miss = (D @ z - x) / len(X)
        by_D += np.outer(miss, z)
        by_E += np.outer(D.T @ miss, x)
    return by_E, by_D
""",
    ),
    right(
        "3b",
        "by the covariance",
        """
def gradients(E, D, X):
    S = X.T @ X / len(X)
    G = (D @ E - np.eye(len(D))) @ S
    return [D.T @ G, G @ E.T]
""",
    ),
    right(
        "3b",
        "by einsum",
        """
def gradients(E, D, X):
    Z = np.einsum("ij,kj->ik", X, E)
    R = np.einsum("ik,jk->ij", Z, D) - X
    by_D = np.einsum("ij,ik->jk", R, Z) / len(X)
    back = np.einsum("ij,jk->ik", R, D)
    return np.einsum("ik,ij->kj", back, X) / len(X), by_D
""",
    ),
]

DESCENTS = [
    descend(
        "up",
        ("E - eta", "E + eta"),
        ("D - eta", "D + eta"),
        lost=3,
        words="the steps go up",
    ),
    descend(
        "one too few",
        ("range(steps)", "range(steps - 1)"),
        lost=3,
        words="one step is missing",
    ),
    descend(
        "one too many",
        ("range(steps)", "range(steps + 1)"),
        lost=3,
        words="one step is too many",
    ),
    descend("encoder only", ("D - eta * by_D", "D"), lost=3, words="only the encoder"),
    descend("decoder only", ("E - eta * by_E", "E"), lost=3, words="only the decoder"),
    descend(
        "gradient at the start",
        (
            "    for _ in range(steps):\n        by_E, by_D = gradients(E, D, X)\n",
            "    by_E, by_D = gradients(E, D, X)\n    for _ in range(steps):\n",
        ),
        lost=3,
        words="those of the start",
    ),
    descend(
        "one after the other",
        (
            "        E, D = E - eta * by_E, D - eta * by_D\n",
            "        E = E - eta * by_E\n        D = D - eta * gradients(E, D, X)[1]\n",
        ),
        lost=3,
        words="after the encoder has moved",
    ),
    descend(
        "returns in the loop",
        ("    return E, D", "        return E, D"),
        lost=3,
        words="only one step",
    ),
    descend(
        "in place",
        (
            "        E, D = E - eta * by_E, D - eta * by_D",
            "        E -= eta * by_E\n        D -= eta * by_D",
        ),
        lost=3,
        words="changed E",
    ),
    descend(
        "only the encoder returned",
        ("return E, D", "return E"),
        lost=3,
        words="expected two arrays",
    ),
    right(
        "3c",
        "copies in place",
        """
def descend(E, D, X, eta, steps):
    E, D = E.copy(), D.copy()
    for t in range(steps):
        by_E, by_D = gradients(E, D, X)
        E -= eta * np.asarray(by_E)
        D -= eta * np.asarray(by_D)
    return [E, D]
""",
    ),
    right(
        "3c",
        "by recursion",
        """
def descend(E, D, X, eta, steps):
    if steps == 0:
        return E, D
    E, D = descend(E, D, X, eta, steps - 1)
    return tuple(M - eta * G for M, G in zip((E, D), gradients(E, D, X)))
""",
    ),
    right(
        "3c",
        "gradients written out",
        """
def descend(E, D, X, eta, steps):
    S = X.T @ X / len(X)
    while steps > 0:
        G = (D @ E - np.eye(len(D))) @ S
        E, D, steps = E - eta * D.T @ G, D - eta * G @ E.T, steps - 1
    return E, D
""",
    ),
]

LEASTS = [
    least("no half", (" / 2", ""), lost=2, words="the 1/2 of the cost"),
    least("the kept", ("[k:]", "[:k]"), lost=2, words="that are kept"),
    least(
        "smallest first", ("[::-1]", ""), lost=2, words="the smallest k are left out"
    ),
    least("k + 1", ("[k:]", "[k + 1 :]"), lost=2, words="k \\+ 1 eigenvalues"),
    least("k - 1", ("[k:]", "[k - 1 :]"), lost=2, words="k - 1 eigenvalues"),
    least("no 1/n", ("X.T @ X / len(X)", "X.T @ X"), lost=2, words="not divided by n"),
    least("n - 1", ("/ len(X)", "/ (len(X) - 1)"), lost=2, words="n - 1"),
    least(
        "singular values",
        (
            "np.linalg.eigvalsh(X.T @ X / len(X))[::-1]",
            "np.linalg.svd(X / len(X) ** 0.5)[1]",
        ),
        lost=2,
        words="singular values",
    ),
    right(
        "3d",
        "by singular values",
        """
def least_cost(X, k):
    return sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / len(X) / 2
""",
    ),
    right(
        "3d",
        "by np.cov",
        """
def least_cost(X, k):
    values = np.sort(np.linalg.eigvals(np.cov(X.T, bias=True)).real)
    return 0.5 * np.sum(values[: len(values) - k])
""",
    ),
    right(
        "3d",
        "by projection",
        """
def least_cost(X, k):
    _, vectors = np.linalg.eigh(X.T @ X)
    kept = vectors[:, -k:]
    return np.sum((X - X @ kept @ kept.T) ** 2) / (2 * len(X))
""",
    ),
]

ANSWERS = [
    *SIZES,
    *CONVS,
    *KERNELS,
    *POOLS,
    *STEPS,
    *READS,
    *COSTS,
    *SLOPES,
    *DESCENTS,
    *LEASTS,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold(NAME, answer, record_property)


# A test, the function that it tests, and the parts of the learner's own it takes.
FORMS = [
    "output_size output_size",
    "conv conv",
    "conv_channels conv",
    "conv_places conv",
    "kernel_gradient kernel_gradient",
    "pool max_pool",
    "rnn_step rnn_step",
    "reading read rnn_step",
    "ae_cost cost",
    "ae_decoder gradients",
    "ae_encoder gradients",
    "descent descend gradients",
    "least least_cost",
    "conv_matrix conv_matrix",
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_of_a_result_is_right_or_gets_a_sentence(form):
    hold_form(lab_beyond, NAME, form)
