"""The lab on gradient descent, whole: what answers that learners give are worth."""

import pytest
from marking import answers, hold, hold_to_sentences, solved

from nnbook_utils.checks import lab_gradient_descent

WRONG = {
    "1a def step_bound(X):": {
        "1/L": (
            4,
            "1/L is taken",
            "return 1 / np.linalg.eigvalsh(X.T @ X / len(X)).max()",
        ),
        "missing 1/n": (
            4,
            "not divided by n",
            "return 2 / np.linalg.eigvalsh(X.T @ X).max()",
        ),
        "smallest eigenvalue": (
            4,
            "the smallest eigenvalue",
            "return 2 / np.linalg.eigvalsh(X.T @ X / len(X)).min()",
        ),
        "L": (
            4,
            "L itself is returned",
            "return np.linalg.eigvalsh(X.T @ X / len(X))[-1]",
        ),
        "singular value": (
            4,
            "singular values of X are not squared",
            "return 2 / np.linalg.svd(X)[1][0]",
        ),
        "trace": (
            4,
            "the sum of the eigenvalues",
            "return 2 / np.trace(X.T @ X / len(X))",
        ),
        "diagonal": (
            4,
            "largest entry of the diagonal",
            "return 2 / np.diag(X.T @ X / len(X)).max()",
        ),
        "the best step": (
            4,
            r"2/\(L \+ mu\)",
            "e = np.linalg.eigvalsh(X.T @ X / len(X)); return 2 / (e[0] + e[-1])",
        ),
        "one for each direction": (
            4,
            "one bound for all directions",
            "return 2 / np.linalg.eigvalsh(X.T @ X / len(X))",
        ),
    },
    "1b def gd_step(w, gradient, eta):": {
        "up": (2, "the step goes up", "return w + eta * gradient"),
        "no eta": (2, "eta is left out", "return w - gradient"),
        "divided by eta": (2, "divided by eta", "return w - gradient / eta"),
        "length 1": (
            2,
            "brought to length 1",
            "return w - eta * gradient / np.linalg.norm(gradient)",
        ),
        "the step alone": (2, "the step is returned", "return -eta * gradient"),
        "sign only": (2, "only the sign", "return w - eta * np.sign(gradient)"),
        # It spoils the run of part 1 (c) as well, which calls it.
        "in place": (
            6,
            "changed w, which belongs to its caller",
            "w -= eta * gradient; return w",
        ),
        "decay": (2, "the weights shrink", "return w * (1 - eta) - eta * gradient"),
    },
    "1c def descend(X, y, w0, etas):": {
        "missing 1/n": (
            4,
            "not divided by n",
            "w, run = w0, [w0]\n"
            "for eta in etas:\n"
            "    w = w - eta * X.T @ (X @ w - y)\n"
            "    run.append(w)\n"
            "return np.array(run)",
        ),
        "up": (
            4,
            "the step goes up",
            "run = [w0]\n"
            "for eta in etas:\n"
            "    run.append(run[-1] - eta * X.T @ (y - X @ run[-1]) / len(y))\n"
            "return np.array(run)",
        ),
        "no half": (
            4,
            "twice as long",
            "run = [w0]\n"
            "for eta in etas:\n"
            "    run.append(run[-1] - 2 * eta * X.T @ (X @ run[-1] - y) / len(y))\n"
            "return np.array(run)",
        ),
        "always the first step size": (
            4,
            "every step uses the first step size",
            "run = [w0]\n"
            "for _ in etas:\n"
            "    run.append(run[-1] - etas[0] * X.T @ (X @ run[-1] - y) / len(y))\n"
            "return np.array(run)",
        ),
        "one off": (
            4,
            "the first step uses the second",
            "run = [w0]\n"
            "for t in range(1, len(etas) + 1):\n"
            "    eta = etas[t % len(etas)]\n"
            "    run.append(run[-1] - eta * X.T @ (X @ run[-1] - y) / len(y))\n"
            "return np.array(run)",
        ),
        "start left out": (
            4,
            "is the start among the iterates",
            "w, run = w0, []\n"
            "for eta in etas:\n"
            "    w = w - eta * X.T @ (X @ w - y) / len(y)\n"
            "    run.append(w)\n"
            "return np.array(run)",
        ),
        "last only": (
            4,
            "has shape",
            "w = w0\n"
            "for eta in etas:\n"
            "    w = w - eta * X.T @ (X @ w - y) / len(y)\n"
            "return w",
        ),
        "gradient of the start": (
            4,
            "that of the start in every step",
            "g, run = X.T @ (X @ w0 - y) / len(y), [w0]\n"
            "for eta in etas:\n"
            "    run.append(run[-1] - eta * g)\n"
            "return np.array(run)",
        ),
        "one array, many times": (
            4,
            "your first iterate",
            "w, run = np.array(w0, dtype=float), []\n"
            "run.append(w)\n"
            "for eta in etas:\n"
            "    w -= eta * X.T @ (X @ w - y) / len(y)\n"
            "    run.append(w)\n"
            "return np.array(run)",
        ),
        "caller's start changed": (
            4,
            "changed w0, which belongs to its caller",
            "w, run = w0, [w0.copy()]\n"
            "for eta in etas:\n"
            "    w -= eta * X.T @ (X @ w - y) / len(y)\n"
            "    run.append(w.copy())\n"
            "return np.array(run)",
        ),
    },
    "2a def schedule(name, C, steps):": {
        "from t = 0": (
            4,
            "your array of step sizes",
            "t = np.arange(steps)\n"
            "return C / t ** {'constant': 0, 'root': 0.5, 'inverse': 1}[name]",
        ),
        "from t = 2": (
            4,
            "counted from 2",
            "t = np.arange(1, steps + 1) + 1\n"
            "return C / t ** {'constant': 0, 'root': 0.5, 'inverse': 1}[name]",
        ),
        "root of C": (
            4,
            "the root is taken of C, too",
            "t = np.arange(1, steps + 1)\n"
            "return {'constant': C + 0*t, 'root': (C / t)**0.5, 'inverse': C/t}[name]",
        ),
        "squared": (
            4,
            "divided by t squared",
            "t = np.arange(1, steps + 1)\n"
            "return C / t ** {'constant': 0, 'root': 0.5, 'inverse': 2}[name]",
        ),
        "exchanged": (
            4,
            "belongs to another name",
            "t = np.arange(1, steps + 1)\n"
            "return C / t ** {'constant': 0, 'root': 1, 'inverse': 0.5}[name]",
        ),
        "growing": (
            4,
            "grow with t",
            "t = np.arange(1, steps + 1)\n"
            "return C * t ** {'constant': 0, 'root': 0.5, 'inverse': 1}[name]",
        ),
        "the last step size": (
            4,
            "one step size for every step",
            "return C / steps ** {'constant': 0, 'root': 0.5, 'inverse': 1}[name]",
        ),
        "one step too many": (
            4,
            "has shape",
            "t = np.arange(1, steps + 2)\n"
            "return C / t ** {'constant': 0, 'root': 0.5, 'inverse': 1}[name]",
        ),
        "constant as one number": (
            4,
            "one step size for every step",
            "t = np.arange(1, steps + 1)\n"
            "return {'constant': C, 'root': C / np.sqrt(t), 'inverse': C / t}[name]",
        ),
    },
    "2b def epoch(order, b):": {
        "last batch dropped": (
            3,
            "the last batch may be shorter",
            "return [order[k * b : (k + 1) * b] for k in range(len(order) // b)]",
        ),
        "b batches": (
            3,
            "b is the size of a batch",
            "return np.array_split(order, b)",
        ),
        "windows": (
            3,
            "no row belongs to two batches",
            "return [order[k : k + b] for k in range(len(order) - b + 1)]",
        ),
        "order not used": (
            3,
            "taken as they stand",
            "rows = np.arange(len(order))\n"
            "return [rows[k : k + b] for k in range(0, len(order), b)]",
        ),
        "filled up": (
            3,
            "is not filled up",
            "longer = np.append(order, order)\n"
            "return [longer[k : k + b] for k in range(0, len(order), b)]",
        ),
        "sorted": (
            3,
            "are sorted",
            "n = len(order); return [np.sort(order[k : k+b]) for k in range(0, n, b)]",
        ),
        "one by one": (3, "are these the rows", "return list(order)"),
        "dealt out": (
            3,
            "each second, third",
            "count = -(-len(order) // b)\n"
            "return [order[k::count] for k in range(count)]",
        ),
    },
    "2c def batch_gradient(X, y, w, rows):": {
        "divided by n": (
            3,
            "by n, and not by b",
            "return X[rows].T @ (X[rows] @ w - y[rows]) / len(y)",
        ),
        "sum": (
            3,
            "is not divided by b",
            "return X[rows].T @ (X[rows] @ w - y[rows])",
        ),
        "sign": (
            3,
            "the sign is turned round",
            "return X[rows].T @ (y[rows] - X[rows] @ w) / len(rows)",
        ),
        "all samples": (
            3,
            "all samples are used",
            "return X.T @ (X @ w - y) / len(y)",
        ),
        "twice": (
            3,
            "the half of the cost is forgotten",
            "return 2 * X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)",
        ),
        "the first rows": (
            3,
            "the first rows are used",
            "b = len(rows); return X[:b].T @ (X[:b] @ w - y[:b]) / b",
        ),
        "the first row of the batch": (
            3,
            "only the first row of the batch",
            "i = rows[0]; return (X[i] @ w - y[i]) * X[i]",
        ),
        "targets of other rows": (
            3,
            "your gradient",
            "b = len(rows); return X[rows].T @ (X[rows] @ w - y[:b]) / b",
        ),
    },
    "3a def averaged_step(w, m, gradient, eta, alpha):": {
        "gradient whole": (
            3,
            "added whole",
            "m = alpha * m + gradient; return w - eta * m, m",
        ),
        "exchanged": (
            3,
            "have changed places",
            "m = (1 - alpha) * m + alpha * gradient; return w - eta * m, m",
        ),
        "kept whole": (
            3,
            "the mean is kept whole",
            "m = m + (1 - alpha) * gradient; return w - eta * m, m",
        ),
        "old mean": (
            3,
            "move by the old mean",
            "return w - eta * m, alpha * m + (1 - alpha) * gradient",
        ),
        "eta in the mean": (
            3,
            "eta is in the mean",
            "m = alpha * m + (1 - alpha) * eta * gradient; return w - m, m",
        ),
        "up": (
            3,
            "the step goes up",
            "m = alpha * m + (1 - alpha) * gradient; return w + eta * m, m",
        ),
        "plain descent": (
            3,
            "by the gradient, and not by the mean",
            "return w - eta * gradient, alpha * m + (1 - alpha) * gradient",
        ),
        "the heavy ball": (
            3,
            "your new weights",
            "m = alpha * m - eta * gradient; return w + m, m",
        ),
        "in place": (
            3,
            "changed m, which belongs to its caller",
            "m[:] = alpha * m + (1 - alpha) * gradient; return w - eta * m, m",
        ),
        "exchanged in the pair": (
            3,
            "your new weights",
            "m = alpha * m + (1 - alpha) * gradient; return m, w - eta * m",
        ),
    },
    "3b def nesterov_step(w, v, gradient, eta, alpha):": {
        "the heavy ball": (
            3,
            "that is the heavy ball",
            "v = alpha * v - eta * gradient; return w + v, v",
        ),
        "second gradient left out": (
            3,
            "the second gradient term is left out",
            "v = alpha * v - eta * gradient; return w + alpha * v, v",
        ),
        "second gradient added": (
            3,
            "the second gradient term is added",
            "v = alpha*v - eta*gradient; return w + alpha * v + eta * gradient, v",
        ),
        "alpha left out": (
            3,
            "alpha is left out before the velocity",
            "v = alpha * v - eta * gradient; return w + v - eta * gradient, v",
        ),
        "averaged": (
            3,
            "the velocity is averaged",
            "v = alpha * v - (1 - alpha) * eta * gradient\n"
            "return w + alpha * v - eta * gradient, v",
        ),
        "sign": (
            3,
            "added instead of subtracted",
            "v = alpha*v + eta*gradient; return w + alpha * v - eta * gradient, v",
        ),
        "no velocity returned": (
            3,
            "expected two arrays",
            "v = alpha * v - eta * gradient; return w + alpha * v - eta * gradient",
        ),
    },
    "3c def rmsprop_step(w, s, gradient, eta, rho, delta):": {
        "AdaGrad": (
            3,
            "as in AdaGrad",
            "s = s + gradient**2; return w - eta*gradient / (delta + np.sqrt(s)), s",
        ),
        "exchanged": (
            3,
            "have changed places",
            "s = (1 - rho) * s + rho * gradient**2\n"
            "return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "delta inside": (
            3,
            "delta stands inside the root",
            "s = rho * s + (1 - rho) * gradient**2\n"
            "return w - eta * gradient / np.sqrt(delta + s), s",
        ),
        "old mean": (
            3,
            "divided by the old mean",
            "step = eta * gradient / (delta + np.sqrt(s))\n"
            "return w - step, rho * s + (1 - rho) * gradient**2",
        ),
        "no root": (
            3,
            "the root is forgotten",
            "s = rho * s + (1 - rho) * gradient**2\n"
            "return w - eta * gradient / (delta + s), s",
        ),
        "not squared": (
            3,
            "your new weights .* nan|not squared",
            "s = rho * s + (1 - rho) * gradient\n"
            "return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "no delta": (
            3,
            "delta is left out",
            "s = rho * s + (1 - rho) * gradient**2\n"
            "return w - eta * gradient / np.sqrt(s), s",
        ),
        "one mean for all": (
            3,
            "averaged over all weights",
            "s = rho * s + (1 - rho) * np.mean(gradient**2)\n"
            "return w - eta * gradient / (delta + np.sqrt(s)), s",
        ),
        "up": (
            3,
            "the step goes up",
            "s = rho * s + (1 - rho) * gradient**2\n"
            "return w + eta * gradient / (delta + np.sqrt(s)), s",
        ),
    },
    "3d def adam_step(w, m, s, t, gradient, eta, beta1, beta2, delta):": {
        "no correction": (
            5,
            "both corrections are left out",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "return w - eta * m / (delta + np.sqrt(s)), m, s",
        ),
        "m not corrected": (
            5,
            "the mean m is not corrected",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "return w - eta * m / (delta + np.sqrt(s / (1 - beta2**t))), m, s",
        ),
        "s not corrected": (
            5,
            "the mean of squares s is not corrected",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "return w - eta * m / (1 - beta1**t) / (delta + np.sqrt(s)), m, s",
        ),
        "t one too many": (
            5,
            "one step too many",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "t = t + 1\n"
            "a, b = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * a / (delta + np.sqrt(b)), m, s",
        ),
        "t from 0": (
            5,
            "your new weights",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1**(t - 1)), s / (1 - beta2**(t - 1))\n"
            "return w - eta * a / (delta + np.sqrt(b)), m, s",
        ),
        "without the power": (
            5,
            "without the power t",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1), s / (1 - beta2)\n"
            "return w - eta * a / (delta + np.sqrt(b)), m, s",
        ),
        "corrected memory returned": (
            5,
            "the corrected mean is stored",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "m, s = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * m / (delta + np.sqrt(s)), m, s",
        ),
        "delta inside": (
            5,
            "delta stands inside",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * a / np.sqrt(delta + b), m, s",
        ),
        "no root": (
            5,
            "the root is forgotten",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * a / (delta + b), m, s",
        ),
        "constants exchanged": (
            5,
            "beta1|beta2",
            "m = beta2*m + (1-beta2)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * a / (delta + np.sqrt(b)), m, s",
        ),
        "two of three": (
            5,
            "expected three arrays",
            "m = beta1*m + (1-beta1)*gradient; s = beta2*s + (1-beta2)*gradient**2\n"
            "a, b = m / (1 - beta1**t), s / (1 - beta2**t)\n"
            "return w - eta * a / (delta + np.sqrt(b)), (m, s)",
        ),
    },
}

RIGHT = {
    "1a def step_bound(X):": {
        "the norm of X": "return 2 * len(X) / np.linalg.norm(X, 2) ** 2",
        "eigenvalues of any matrix": """
H = np.dot(X.T, X) / X.shape[0]
return float(2 / max(np.linalg.eigvals(H).real))
""",
        "singular values": "return 2 / (np.linalg.svd(X)[1][0] ** 2 / len(X))",
    },
    "1b def gd_step(w, gradient, eta):": {
        "a list": "return [a - eta * g for a, g in zip(w, gradient)]",
        "a copy, in place": """
new = np.array(w, dtype=float)
new -= eta * gradient
return new
""",
        "np.subtract": "return np.subtract(w, np.multiply(eta, gradient))",
    },
    "1c def descend(X, y, w0, etas):": {
        "filled in": """
run = np.empty((len(etas) + 1, len(w0)))
run[0] = w0
for t in range(len(etas)):
    r = X @ run[t] - y
    run[t + 1] = run[t] - etas[t] * (r @ X) / len(X)
return run
""",
        "lists": """
run = [list(w0)]
for eta in etas:
    w = np.array(run[-1])
    run.append(list(w - eta * np.mean((X @ w - y)[:, None] * X, axis=0)))
return run
""",
        "by the matrix H": """
H, c = X.T @ X / len(y), X.T @ y / len(y)
run = [1.0 * w0]
for eta in etas:
    run.append((np.eye(len(H)) - eta * H) @ run[-1] + eta * c)
return np.array(run)
""",
    },
    "2a def schedule(name, C, steps):": {
        "branches": """
t = np.arange(1, steps + 1)
if name == "constant":
    return np.full(steps, C)
if name == "root":
    return C / np.sqrt(t)
return C / t
""",
        "a loop": """
etas = []
for t in range(1, steps + 1):
    etas.append(C if name == "constant" else C / (t**0.5 if name == "root" else t))
return etas
""",
        "linspace": """
t = np.linspace(1, steps, steps)
return {"constant": C * np.ones(steps), "root": C * t**-0.5, "inverse": C / t}[name]
""",
    },
    "2b def epoch(order, b):": {
        "a loop": """
batches, left = [], list(order)
while left:
    batches.append(left[:b])
    left = left[b:]
return batches
""",
        "np.split": "return np.split(order, range(b, len(order), b))",
        "a tuple": """
count = -(-len(order) // b)
return tuple(order[k * b : k * b + b] for k in range(count))
""",
    },
    "2c def batch_gradient(X, y, w, rows):": {
        "a loop": """
g = np.zeros(len(w))
for i in rows:
    g = g + (X[i] @ w - y[i]) * X[i]
return g / len(rows)
""",
        "a mean": "return np.mean([(X[i] @ w - y[i]) * X[i] for i in rows], axis=0)",
        "np.take, a list": """
A, b = np.take(X, rows, axis=0), np.take(y, rows)
return list((A @ w - b) @ A / len(b))
""",
    },
    "3a def averaged_step(w, m, gradient, eta, alpha):": {
        "by the difference": """
m = m + (1 - alpha) * (gradient - m)
return w - eta * m, m
""",
        "a list of both": """
new = np.average([m, gradient], axis=0, weights=[alpha, 1 - alpha])
return [w - eta * new, new]
""",
        "lists": """
m = [alpha * a + (1 - alpha) * g for a, g in zip(m, gradient)]
return [a - eta * b for a, b in zip(w, m)], m
""",
    },
    "3b def nesterov_step(w, v, gradient, eta, alpha):": {
        "in one": """
step = eta * gradient
return w + alpha**2 * v - (1 + alpha) * step, alpha * v - step
""",
        "by the ball": """
ball = w - alpha * v
v = alpha * v - eta * gradient
ball = ball + v
return ball + alpha * v, v
""",
        "lists": """
v = [alpha * a - eta * g for a, g in zip(v, gradient)]
return [a + alpha * b - eta * g for a, b, g in zip(w, v, gradient)], v
""",
    },
    "3c def rmsprop_step(w, s, gradient, eta, rho, delta):": {
        "by the difference": """
s = s + (1 - rho) * (gradient * gradient - s)
return w - eta * gradient / (delta + s**0.5), s
""",
        "a step size for each weight": """
s = rho * s + (1 - rho) * np.square(gradient)
etas = np.divide(eta, np.add(delta, np.sqrt(s)))
return w - etas * gradient, s
""",
        "lists": """
s = [rho * a + (1 - rho) * g**2 for a, g in zip(s, gradient)]
return [a - eta * g / (delta + b**0.5) for a, b, g in zip(w, s, gradient)], s
""",
    },
    "3d def adam_step(w, m, s, t, gradient, eta, beta1, beta2, delta):": {
        "by differences": """
m = m + (1 - beta1) * (gradient - m)
s = s + (1 - beta2) * (gradient**2 - s)
root = np.sqrt(s / (1 - beta2**t))
return w - eta / (1 - beta1**t) * m / (root + delta), m, s
""",
        "corrected at last": """
m, s = beta1*m + (1 - beta1)*gradient, beta2*s + (1 - beta2)*gradient**2
part = np.sqrt(1 - beta2**t)
return w - eta * part / (1 - beta1**t) * m / (np.sqrt(s) + delta * part), m, s
""",
        "a loop, lists": """
new = []
for a, b, c, g in zip(w, m, s, gradient):
    b, c = beta1 * b + (1 - beta1) * g, beta2 * c + (1 - beta2) * g**2
    a = a - eta * (b / (1 - beta1**t)) / (delta + (c / (1 - beta2**t)) ** 0.5)
    new.append((a, b, c))
return [list(part) for part in zip(*new)]
""",
    },
    "5 def backtrack(X, y, w, eta, c):": {
        "counted": """
r = X @ w - y
g = X.T @ r / len(y)
for k in range(60):
    h = eta / 2**k
    new = X @ (w - h * g) - y
    if new @ new <= r @ r - 2 * len(y) * c * h * (g @ g):
        return h
""",
    },
}


@pytest.mark.parametrize(
    "answer", answers("lab_gradient_descent", WRONG, RIGHT), ids=str
)
def test_answers_earn_what_they_should(answer, record_property):
    hold("lab_gradient_descent", answer, record_property)


@pytest.mark.parametrize(
    "name",
    [n for n in lab_gradient_descent.__all__ if n.islower() and n != "epoch"],
)
def test_whatever_comes_a_sentence_is_the_answer(name):
    hold_to_sentences(
        getattr(lab_gradient_descent, name), solved("lab_gradient_descent")[name]
    )


def test_a_run_that_is_right_with_the_learner_s_own_step_passes():
    names = solved("lab_gradient_descent")

    def twice(w, gradient, eta):
        return w - 2 * eta * gradient

    def run(X, y, w0, etas):
        iterates = [w0]
        for eta in etas:
            w = iterates[-1]
            iterates.append(twice(w, X.T @ (X @ w - y) / len(y), eta))
        return iterates

    lab_gradient_descent.descend(run, twice)
    with pytest.raises(AssertionError, match="twice as long"):
        lab_gradient_descent.descend(run, names["gd_step"])


def test_an_epoch_that_is_no_list_of_batches_gets_a_sentence():
    for came, words in (
        (lambda order, b: None, "is its `return` missing"),
        (lambda order, b: 7, "expected a list of batches"),
        (lambda order, b: ["a", "b", "c"], "is 'a', expected an array"),
    ):
        with pytest.raises(AssertionError, match=words):
            lab_gradient_descent.epoch(came)
