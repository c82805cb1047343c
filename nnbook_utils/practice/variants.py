"""Numbers for questions: each generator draws one variant of a computation.

It takes a random generator and gives what is given and the answers, part by part. The
answers come from the package's own functions. The numbers are such that one can compute
with them by hand.
"""

import inspect
import itertools
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from nnbook_utils import (
    activations,
    beyond,
    costs,
    gradcheck,
    graph,
    mlp,
    optimizers,
    regression,
)
from nnbook_utils.perceptron import perceptron_step as one_perceptron_step

Rng = np.random.Generator


class Variant(NamedTuple):
    """One variant of a question.

    Attributes
    ----------
    given : mapping, str -> float or array_like
        The values that the texts name.
    answers : mapping, str -> float or array_like
        The answer of each part, by the part's name.

    Source: CONTRIBUTING.md, "Write a question".
    """

    given: Mapping[str, Any]
    answers: Mapping[str, Any]


Draw = Callable[[Rng], Variant]
GENERATORS: dict[str, Draw] = {}
_DOCSTRING = """\
{summary}

Parameters
----------
rng : numpy.random.Generator
    What draws the numbers.

Returns
-------
Variant
{names}

{rest}
"""


def generator(draw: Draw) -> Draw:
    """Let questions name a function in `variants:`, and complete its docstring.

    Parameters
    ----------
    draw : callable, Generator -> Variant
        Its docstring has a summary, a paragraph that names what is given and what is
        answered, and the source.

    Returns
    -------
    callable
        The same function, now in `GENERATORS`.

    Source: CONTRIBUTING.md, "Write a question".
    """
    summary, _, own = inspect.cleandoc(draw.__doc__ or "").partition("\n\n")
    names, _, rest = own.partition("\n\n")
    draw.__doc__ = _DOCSTRING.format(
        summary=summary, names=textwrap.indent(names, "    "), rest=rest
    )
    GENERATORS[draw.__name__] = draw
    return draw


def _one(rng: Rng, values: Any) -> float:
    return float(rng.choice(values))


def _whole(rng: Rng, low: int, high: int, size: Any = None) -> Any:
    """Draw whole numbers from low to high that are not zero."""
    values = [value for value in range(low, high + 1) if value]
    drawn = rng.choice(values, size)
    return float(drawn) if size is None else drawn.astype(float)


@generator
def parabola_step(rng: Rng) -> Variant:
    """Draw two steps of gradient descent on C(w) = a w², and its bound.

    Given a, w0 and eta; answers w1, w2 and bound.

    Source: `optimizers.gradient_descent`; the chapter "Following the slope".
    """
    a, w0 = _one(rng, [2, 3, 4, 5]), _whole(rng, -3, 4)
    eta = _one(rng, [0.05, 0.1, 0.15, 0.2, 0.25])
    w = optimizers.gradient_descent(lambda w: 2 * a * w, w0, eta=eta, steps=2)
    return Variant(
        {"a": a, "w0": w0, "eta": eta}, {"w1": w[1], "w2": w[2], "bound": 1 / a}
    )


@generator
def bouncing_step(rng: Rng) -> Variant:
    """Draw a descent that jumps for ever between two points of a parabola.

    Given eta; answers L, the curvature, and best, the step that arrives at once.

    Source: the factor 1 - eta L of the chapter "Following the slope".
    """
    eta = _one(rng, [1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80, 100]) / 100
    L = 2 / eta
    there_and_back = optimizers.gradient_descent(lambda w: L * w, 1.0, eta=eta, steps=2)
    assert np.allclose(there_and_back, [1, -1, 1])
    return Variant({"eta": eta}, {"L": L, "best": 1 / L})


@generator
def bowl_step(rng: Rng) -> Variant:
    """Draw one step of gradient descent on f(w) = a w₁² + b w₂².

    Given a, b, w0 and eta; answers g, the gradient at w0, and w1.

    Source: `optimizers.gd_step`; the chapter "Following the slope".
    """
    a, b = rng.permutation([1.0, 2.0, 3.0, 4.0])[:2]
    w0, eta = _whole(rng, -4, 4, 2), _one(rng, [0.05, 0.1, 0.2])
    g = 2 * np.array([a, b]) * w0
    w1, _ = optimizers.gd_step(w0, None, g, eta=eta)
    return Variant({"a": a, "b": b, "w0": w0, "eta": eta}, {"g": g, "w1": w1})


@generator
def momentum_steps(rng: Rng) -> Variant:
    """Draw two steps with momentum on C(w) = a/2 w².

    Given a, w0, eta and alpha; answers w1 and w2.

    Source: `optimizers.momentum`.
    """
    a, w0 = _one(rng, [1, 2, 4]), _whole(rng, -4, 4)
    eta, alpha = _one(rng, [0.1, 0.2, 0.25]), _one(rng, [0.5, 0.8, 0.9])
    w = optimizers.momentum(lambda w: a * w, w0, eta=eta, alpha=alpha, steps=2)
    return Variant(
        {"a": a, "w0": w0, "eta": eta, "alpha": alpha}, {"w1": w[1], "w2": w[2]}
    )


@generator
def adagrad_steps(rng: Rng) -> Variant:
    """Draw two steps of AdaGrad with given gradients, of which the first is long.

    Given w0, eta, g1 and g2; answers w1 and w2.

    Source: `optimizers.adagrad_step`, with a delta too small to be seen.
    """
    g1, g2 = rng.choice([(3, 4), (4, 3), (6, 8), (8, 6), (5, 12), (12, 5)])
    w0, eta = _whole(rng, -3, 3), _one(rng, [0.1, 0.2, 0.5])
    first = np.array([w0])
    w1, s = optimizers.adagrad_step(first, None, np.array([g1]), eta=eta, delta=1e-12)
    w2, _ = optimizers.adagrad_step(w1, s, np.array([g2]), eta=eta, delta=1e-12)
    given = {"w0": w0, "eta": eta, "g1": g1, "g2": g2}
    return Variant(given, {"w1": w1[0], "w2": w2[0]})


@generator
def sgd_step(rng: Rng) -> Variant:
    """Draw one step with one sample, and with a batch of two, for the model w x.

    Given x, y (two samples), w0 and eta; answers one (first sample alone) and
    batch (both, the mean of their gradients).

    Source: `costs.linear_gradient` and `optimizers.gd_step`.
    """
    x, y = _whole(rng, -3, 3, 2), _whole(rng, -5, 5, 2)
    w0, eta = _whole(rng, -2, 2), _one(rng, [0.1, 0.2, 0.5])
    w = np.array([w0])

    def step(rows: list[int]) -> float:
        X = x[rows, None]
        gradient = X.T @ costs.mse_gradient(X @ w, y[rows])
        return float(optimizers.gd_step(w, None, gradient, eta=eta)[0][0])

    given = {"x": x, "y": y, "w0": w0, "eta": eta}
    return Variant(given, {"one": step([0]), "batch": step([0, 1])})


@generator
def perceptron_step(rng: Rng) -> Variant:
    """Draw a sample that the perceptron gets wrong, now and then by a tie.

    Given w0, x and y; answers score and w1.

    Source: `perceptron.perceptron_step`.
    """
    while True:
        w0, x = _whole(rng, -3, 3, 2), _whole(rng, -4, 4, 2)
        y = _one(rng, [-1, 1])
        w1, mistake = one_perceptron_step(w0, x, y)
        if mistake:
            break
    return Variant({"w0": w0, "x": x, "y": y}, {"score": w0 @ x, "w1": w1})


def _small_network(rng: Rng) -> tuple[dict[str, Any], mlp.MLP]:
    W, b = _whole(rng, -2, 2, (2, 2)), _whole(rng, -2, 2, 2)
    v, c, x = _whole(rng, -3, 3, 2), _whole(rng, -2, 2), _whole(rng, -3, 3, 2)
    network = mlp.MLP.from_layers(
        [W, v[None]], [b, [c]], hidden="relu", output="linear"
    )
    return {"W": W, "b": b, "v": v, "c": c, "x": x}, network


@generator
def forward_pass(rng: Rng) -> Variant:
    """Draw a ReLU network 2-2-1 with a linear output, to be computed forward.

    Given W, b, v, c and x; answers z and a (hidden layer) and out.

    Source: `mlp.MLP.forward`.
    """
    while True:
        given, network = _small_network(rng)
        Z, A = network.forward(given["x"][None])
        if (Z[0] > 0).sum() == 1:
            break
    return Variant(given, {"z": Z[0][0], "a": A[1][0], "out": A[-1][0, 0]})


@generator
def backward_pass(rng: Rng) -> Variant:
    """Draw the same network and a target, for the backward pass.

    Given W, b, v, c, x and y, z and a of the hidden layer, and out; answers delta2 (the
    output's error), delta1 (the hidden errors), dv and dW.

    The cost is half the squared error of the one sample.

    Source: `mlp.MLP.backward`, of which the gradients of the biases are the errors.
    """
    while True:
        given, network = _small_network(rng)
        X, y = given["x"][None], _whole(rng, -4, 4)
        Z, A = network.forward(X)
        if (Z[0] > 0).sum() == 1 and A[-1][0, 0] != y:
            break
    # One layer after the other, each with its biases last.
    dW, db = network.split_parameters(network.gradient(X, np.array([[y]])))
    given = {**given, "y": y, "z": Z[0][0], "a": A[1][0], "out": A[-1][0, 0]}
    answers = {"delta2": db[1][0], "delta1": db[0], "dv": dW[1][0], "dW": dW[0]}
    return Variant(given, answers)


@generator
def parameter_count(rng: Rng) -> Variant:
    """Draw the widths of a network of three layers, to count its parameters.

    Given n0 (inputs), n1, n2 and n3 (units); answer count.

    Source: `mlp.count_parameters`.
    """
    n = [
        int(rng.integers(low, high)) for low, high in ((2, 12), (3, 12), (2, 9), (1, 6))
    ]
    given = {f"n{i}": width for i, width in enumerate(n)}
    return Variant(given, {"count": mlp.count_parameters(n)})


@generator
def convolution_size(rng: Rng) -> Variant:
    """Draw a convolution, for the size of its result and its number of parameters.

    Given n, k, s, p (image, kernel, stride, padding) and cin, cout (channels);
    answers side and parameters.

    Source: `beyond.conv_output_size` and `beyond.conv_parameters`.
    """
    n, k = int(rng.integers(12, 40)), int(rng.choice([3, 5, 7]))
    s, p = int(rng.choice([2, 3])), int(rng.choice([1, 2]))
    cin, cout = int(rng.choice([1, 3])), int(rng.choice([4, 6, 8, 16]))
    side = beyond.conv_output_size(n, k, stride=s, padding=p)
    given = {"n": n, "k": k, "s": s, "p": p, "cin": cin, "cout": cout}
    parameters = beyond.conv_parameters(cin, cout, k)
    return Variant(given, {"side": side, "parameters": parameters})


@generator
def two_vectors(rng: Rng) -> Variant:
    """Draw two vectors of three entries, for dot product, norms and projection.

    Given a and b; answers dot, norm1, norm2 and norminf of a, and projection of a
    onto b.

    Source: NumPy's dot and norm.
    """
    triples = [(1, 2, 2), (2, 3, 6), (1, 4, 8), (2, 6, 9), (4, 4, 7), (3, 0, 4)]
    a = rng.permutation(np.array(triples[rng.integers(6)], float)) * rng.choice(
        [-1, 1], 3
    )
    b = _whole(rng, -2, 2, 3)
    norms = {f"norm{p}": np.linalg.norm(a, order) for p, order in
             (("1", 1), ("2", 2), ("inf", np.inf))}  # fmt: skip
    dot = float(np.dot(a, b))
    answers = {"dot": dot, **norms, "projection": dot / np.dot(b, b) * b}
    return Variant({"a": a, "b": b}, answers)


@generator
def matrix_times(rng: Rng) -> Variant:
    """Draw a matrix to be multiplied by a vector and by another matrix.

    Given W, V (2 x 2) and x; answers Wx and WV.

    Source: NumPy's product.
    """
    W, V = _whole(rng, -3, 3, (2, 2)), _whole(rng, -3, 3, (2, 2))
    x = _whole(rng, -3, 3, 2)
    return Variant({"W": W, "V": V, "x": x}, {"Wx": W @ x, "WV": W @ V})


@generator
def least_squares_slope(rng: Rng) -> Variant:
    """Draw two samples, for the best w of the model w x and its residual.

    Given x and y; answers w and residual (prediction minus target).

    Source: `regression.least_squares`.
    """
    x = np.array(
        [(1, 2), (1, 3), (2, 1), (3, 1), (2, 4), (1, -2)][rng.integers(6)], float
    )
    y = _whole(rng, -5, 6, 2)
    w = regression.least_squares(x[:, None], y).weights[0]
    return Variant({"x": x, "y": y}, {"w": w, "residual": w * x - y})


@generator
def softmax_cross_entropy(rng: Rng) -> Variant:
    """Draw three scores, for softmax, cross-entropy and the error of the output.

    Given z, target (one-hot) and label (counted from 1); answers p, cost and delta.

    Source: `activations.softmax`, `costs.categorical_cross_entropy` and its gradient.
    """
    z, label = rng.integers(-2, 4, 3).astype(float), int(rng.integers(3))
    target = np.eye(3)[label]
    cost = costs.categorical_cross_entropy(z[None], target[None])
    delta = costs.categorical_cross_entropy_gradient(z[None], target[None])[0]
    answers = {"p": activations.softmax(z), "cost": cost, "delta": delta}
    return Variant({"z": z, "target": target, "label": label + 1}, answers)


@generator
def sigmoid_slope(rng: Rng) -> Variant:
    """Draw a sigmoid unit, for its output and its slope by the weight.

    Given w, x and b; answers z, a (the output) and slope (of a by w).

    Source: `activations.sigmoid` and `activations.sigmoid_derivative`.
    """
    w, x, b = _whole(rng, -2, 2), _whole(rng, -3, 3), _whole(rng, -3, 3)
    z = np.array(w * x + b)
    slope = float(activations.sigmoid_derivative(z)) * x
    answers = {"z": float(z), "a": float(activations.sigmoid(z)), "slope": slope}
    return Variant({"w": w, "x": x, "b": b}, answers)


@generator
def linear_combination(rng: Rng) -> Variant:
    """Draw two independent vectors and a third, to be combined from them.

    Given u, v and t; answer c, the coefficients with t = c[0] u + c[1] v.

    Source: NumPy's solver; the chapter "Vectors as arrows".
    """
    while True:
        u, v, c = _whole(rng, -2, 3, (3, 2))
        basis = np.column_stack([u, v])
        if abs(np.linalg.det(basis)) > 0.5:
            break
    t = basis @ c
    return Variant({"u": u, "v": v, "t": t}, {"c": np.linalg.solve(basis, t)})


@generator
def right_angle(rng: Rng) -> Variant:
    """Draw a vector, and one entry of another that shall be orthogonal or parallel.

    Given b and t; answers orthogonal and parallel, the k for which (k, t) is so.

    Source: NumPy's solver, for (k, t) = c (-b[1], b[0]) and (k, t) = c b.
    """
    first, second = _whole(rng, 1, 3), _whole(rng, -3, 3)
    b, t = np.array([first, second]) * _one(rng, [1, 2]), _whole(rng, -6, 6)
    k = [
        np.linalg.solve([[1.0, -direction[0]], [0.0, direction[1]]], [0.0, t])[0]
        for direction in ((-b[1], b[0]), b)
    ]
    return Variant({"b": b, "t": t}, {"orthogonal": k[0], "parallel": k[1]})


@generator
def layer_gradient(rng: Rng) -> Variant:
    """Draw a linear layer with one sample, for the slope of its squared error.

    Given W, x and y; answers r, the residual, and G, the gradient of half the
    squared error by W.

    Source: `mlp.MLP.gradient` of a network with one layer.
    """
    W, x, y = _whole(rng, -2, 3, (2, 2)), _whole(rng, -3, 3, 2), _whole(rng, -4, 4, 2)
    layer = mlp.MLP.from_layers([W], [np.zeros(2)], output="linear")
    (dW,), (db,) = layer.split_parameters(layer.gradient(x[None], y[None]))
    return Variant({"W": W, "x": x, "y": y}, {"r": db, "G": dW})


@generator
def ride_prediction(rng: Rng) -> Variant:
    """Draw the weights of the commute and a ride on a weekday.

    Given w (bias, per kilometre, on a weekday), km and took (minutes); answers
    prediction and residual (prediction minus target).

    Source: `regression.predict`.
    """
    w = np.array([_whole(rng, 2, 6), _whole(rng, 5, 8), _whole(rng, 1, 4)])
    km = _one(rng, [1.5, 2, 2.5, 3, 4, 5])
    ride = regression.design_matrix(np.array([[km, 1.0]]))
    prediction = regression.predict(ride, w)[0]
    took = float(np.round(prediction)) + _whole(rng, -3, 3)
    given = {"w": w, "km": km, "took": took}
    return Variant(given, {"prediction": prediction, "residual": prediction - took})


@generator
def residual_cost(rng: Rng) -> Variant:
    """Draw residuals, for their cost on the book's scale and without its one half.

    Given r; answers C and mse, the mean of the squares.

    Source: `costs.mse`.
    """
    r = _whole(rng, -4, 4, int(rng.integers(2, 5)))
    C = costs.mse(r, np.zeros(len(r)))
    return Variant({"r": r}, {"C": C, "mse": 2 * C})


@generator
def shared_columns(rng: Rng) -> Variant:
    """Draw a table with two equal rows, which leave a line of best weights.

    Given a (each row of the table) and y (two targets); answers level, what
    a w is for every best w, and w, the shortest of them.

    Source: `regression.least_squares`.
    """
    a, y = _whole(rng, 1, 3, 2), _whole(rng, 1, 9, 2)
    X = np.array([a, a])
    w = regression.least_squares(X, y).weights
    level = regression.predict(X, w)[0]
    return Variant({"a": a, "y": y}, {"level": level, "w": w})


@generator
def singular_values(rng: Rng) -> Variant:
    """Draw the singular values of a table X, for condition numbers.

    Given s, falling; answers kappa of X, and squared, that of X.T @ X.

    Source: `regression.least_squares`, which reports the condition number.
    """
    s = np.array(
        [_one(rng, [8, 10, 20, 40]), _one(rng, [2, 4, 5]), _one(rng, [1, 0.5, 0.1])]
    )
    kappa, squared = (
        regression.least_squares(np.diag(values), np.zeros(3)).condition
        for values in (s, s**2)
    )
    return Variant({"s": s}, {"kappa": kappa, "squared": squared})


@generator
def parabola_through(rng: Rng) -> Variant:
    """Draw three targets at 0, 1 and 2, for the parabola that meets them.

    Given y; answer w, the weights of 1, x and x squared.

    Source: `regression.least_squares` on `regression.polynomial_features`.
    """
    y = rng.integers(-3, 5, 3).astype(float)
    X = regression.polynomial_features(np.arange(3.0), 2)
    return Variant({"y": y}, {"w": regression.least_squares(X, y).weights})


@generator
def scored_sample(rng: Rng) -> Variant:
    """Draw a score and a label, for the margin and the losses.

    Given s and y; answers m (margin), hinge, squared_hinge and squared_error.

    Source: `costs.hinge`, `costs.squared_hinge` and `costs.mse`.
    """
    s, y = _one(rng, [0.25, 0.5, 1.5, 2, 2.5, 3, 4]), _one(rng, [-1, 1])
    s *= _one(rng, [-1, 1])
    losses = {
        "hinge": costs.hinge([s], [y]),
        "squared_hinge": costs.squared_hinge([s], [y]),
        "squared_error": costs.mse([s], [y]),
    }
    return Variant({"s": s, "y": y}, {"m": y * s, **losses})


@generator
def ridge_slope(rng: Rng) -> Variant:
    """Draw two samples, for the best w of the model w x with and without a penalty.

    Given x, y and lambda_; answers plain (no penalty) and w.

    Source: `regression.ridge`, its penalty on the only weight.
    """
    x = np.array([(1, 2), (1, 3), (2, 1), (3, 1), (2, 4)][rng.integers(5)], float)
    y, lambda_ = _whole(rng, 1, 6, 2), _one(rng, [0.5, 1, 2.5, 5])
    plain, w = (
        regression.ridge(x[:, None], y, strength, bias_column=False)[0]
        for strength in (0, lambda_)
    )
    return Variant({"x": x, "y": y, "lambda_": lambda_}, {"plain": plain, "w": w})


@generator
def two_paths(rng: Rng) -> Variant:
    """Draw z = x² y with x = p t and y = q + r t, for the slope of z by t.

    Given p, q, r, t and, at that t, x and y; answers by_x and by_y (the partial
    derivatives of z) and slope (of z by t).

    Source: `graph.backward`; the chapter "The chain rule and its graph".
    """
    q, (p, r) = _whole(rng, -3, 4), rng.choice([-3.0, -2, 2, 3, 4], 2)
    t = graph.Value(_one(rng, [1, 2]))
    x, y = p * t, q + r * t
    graph.backward(x**2 * y)
    given = {"p": p, "q": q, "r": r, "t": t.data, "x": x.data, "y": y.data}
    return Variant(given, {"by_x": x.grad, "by_y": y.grad, "slope": t.grad})


@generator
def sum_times_maximum(rng: Rng) -> Variant:
    """Draw y = (x1 + x2) max(x2, x3), away from the tie, for its gradient.

    Given x1, x2 and x3; answers factors (the sum and the maximum) and gradient.

    Source: `graph.backward`; the chapter "Three graphs by hand".
    """
    x1, (x2, x3) = _whole(rng, -3, 4), rng.choice(np.arange(-3.0, 6.0), 2, False)
    leaves = [graph.Value(value) for value in (x1, x2, x3)]
    f, g = leaves[0] + leaves[1], graph.maximum(leaves[1], leaves[2])
    graph.backward(f * g)
    return Variant(
        {"x1": x1, "x2": x2, "x3": x3},
        {"factors": [f.data, g.data], "gradient": [leaf.grad for leaf in leaves]},
    )


@generator
def regression_sample(rng: Rng) -> Variant:
    """Draw a sample for the model w x + b, for the slopes of its squared error.

    Given w, x, b and y; answers e (y minus prediction), and dw and db, the slopes
    of e².

    Source: `graph.backward`; the chapter "Three graphs by hand".
    """
    w, x, b = _whole(rng, -3, 5), _whole(rng, -3, 3), _whole(rng, -3, 3)
    y = w * x + b + _whole(rng, -5, 5)
    W, B = graph.Value(w), graph.Value(b)
    e = y - (W * x + B)
    graph.backward(e**2)
    return Variant(
        {"w": w, "x": x, "b": b, "y": y}, {"e": e.data, "dw": W.grad, "db": B.grad}
    )


@generator
def hidden_error(rng: Rng) -> Variant:
    """Draw a ReLU unit that leads to two others, for its error.

    Given z (positive), w and delta (weights to the two units, and their errors);
    answers open, the error of the unit, and shut, that of one with -z.

    Source: `graph.backward`; BP2 of the chapter "The four equations of
    backpropagation".
    """
    z, w, delta = _whole(rng, 2, 4), _whole(rng, -4, 4, 2), _whole(rng, -3, 3, 2)

    def error(at: float) -> float:
        unit = graph.Value(at)
        a = unit.relu()
        graph.backward(delta[0] * (w[0] * a) + delta[1] * (w[1] * a))
        return unit.grad

    given = {"z": z, "w": w, "delta": delta}
    return Variant(given, {"open": error(z), "shut": error(-z)})


def _decayed(w: Any, b: Any, gw: Any, gb: Any, eta: Any, lambda_: Any) -> Any:
    """Return the slope by w with the penalty, and w and b after one step."""
    g = gw + lambda_ * w
    (w1, b1), _ = optimizers.gd_step(np.array([w, b]), None, np.array([g, gb]), eta=eta)
    return g, w1, b1


@generator
def training_step(rng: Rng) -> Variant:
    """Draw a step with weight decay from the derivatives of four samples.

    Given w and b, gw and gb (the samples' derivatives by them), lambda_ and eta;
    answers g (derivative of the cost by w, with the penalty), w1 and b1.

    Source: steps 5 and 6 of the chapter "The algorithm"; `optimizers.gd_step`.
    """
    w, b = _whole(rng, -4, 4), _whole(rng, -3, 3)
    gw, gb = _whole(rng, -4, 6, 4), _whole(rng, -4, 4, 4)
    lambda_, eta = _one(rng, [0.1, 0.2, 0.5]), _one(rng, [0.1, 0.2, 0.4])
    g, w1, b1 = _decayed(w, b, np.mean(gw), np.mean(gb), eta, lambda_)
    given = {"w": w, "b": b, "gw": gw, "gb": gb, "lambda_": lambda_, "eta": eta}
    return Variant(given, {"g": g, "w1": w1, "b1": b1})


@generator
def weight_decay_step(rng: Rng) -> Variant:
    """Draw one step with weight decay, for a weight and for a bias.

    Given w, b, gw and gb (the derivatives of the cost without the penalty), eta and
    lam; answers w1 and b1.

    Source: `optimizers.gd_step`; the chapter "Costs and outputs".
    """
    w, b = _whole(rng, -4, 4), _whole(rng, -4, 4)
    gw, gb = _whole(rng, -3, 3), _whole(rng, -3, 3)
    eta, lam = _one(rng, [0.1, 0.2, 0.5]), _one(rng, [0.1, 0.2, 0.5])
    _, w1, b1 = _decayed(w, b, gw, gb, eta, lam)
    given = {"w": w, "b": b, "gw": gw, "gb": gb, "eta": eta, "lam": lam}
    return Variant(given, {"w1": w1, "b1": b1})


@generator
def difference_quotients(rng: Rng) -> Variant:
    """Draw a cost a theta³, for its difference quotients and their errors.

    Given a, theta and epsilon; answers central (the central difference),
    central_error and one_sided_error.

    Source: `gradcheck.numerical_gradient`; the chapter "Gradient checking".
    """
    a, theta = _one(rng, [-2, 2, 3, 4]), _whole(rng, -2, 2)
    epsilon = _one(rng, [0.1, 0.2, 0.5])

    def cost(theta: Any) -> Any:
        return a * theta**3

    slope = 3 * a * theta**2
    central = float(gradcheck.numerical_gradient(cost, np.array(theta), epsilon))
    one_sided = (cost(theta + epsilon) - cost(theta)) / epsilon
    answers = {
        "central": central,
        "central_error": central - slope,
        "one_sided_error": one_sided - slope,
    }
    return Variant({"a": a, "theta": theta, "epsilon": epsilon}, answers)


@generator
def initial_scale(rng: Rng) -> Variant:
    """Draw the widths of a layer, for the spread of its first weights.

    Given m (inputs) and n (units); answers xavier and he, standard deviations.

    Source: `mlp.INITIALISERS`.
    """
    # Both roots come out: the deviations are 1/large and 1/small.
    small, large = sorted(rng.choice([2, 3, 4, 5, 6, 8, 10, 20], 2, False))
    m, n = int(2 * small**2), int(2 * (large**2 - small**2))
    answers = {rule: mlp.INITIALISERS[rule](m, n) for rule in ("xavier", "he")}
    return Variant({"m": m, "n": n}, answers)


@generator
def bracketings(rng: Rng) -> Variant:
    """Draw the widths of a chain of three layers, to count multiplications.

    Given n0, n1, n2 and n3, inputs first; answers forward, the multiplications of
    J3 (J2 J1), and reverse, those of (J3 J2) J1.

    Source: the chapter "Forward or reverse?".
    """
    n = [int(rng.integers(low, 9)) for low in (1, 3, 3, 1)]
    J1, J2, J3 = (np.ones((rows, columns)) for columns, rows in itertools.pairwise(n))

    def multiplications(A: Any, B: Any) -> float:
        return float((A @ B).sum())  # each entry counts its products of ones

    forward = multiplications(J2, J1) + multiplications(J3, np.ones((n[2], n[0])))
    reverse = multiplications(J3, J2) + multiplications(np.ones((n[3], n[1])), J1)
    given = {f"n{i}": width for i, width in enumerate(n)}
    return Variant(given, {"forward": forward, "reverse": reverse})


@generator
def descent_forecast(rng: Rng) -> Variant:
    """Draw the three eigenvalues of a quadratic cost, for the forecast of a descent.

    Given H, the eigenvalues in rising order; answers bound, best (the best constant
    step size) and factor (by which the gap shrinks in a step, at worst).

    Source: `optimizers.gradient_descent`; the chapter "Descent on the commute".
    """
    ends = [(1, 4), (1, 7), (1, 9), (2, 6), (2, 8), (2, 18), (3, 5), (3, 7), (4, 16)]
    low, high = ends[rng.integers(len(ends))]
    H = np.array([low, rng.integers(low + 1, high), high], float)
    best = 2 / (low + high)
    one = optimizers.gradient_descent(lambda w: H * w, np.ones(3), eta=best, steps=1)
    factor = np.abs(one[-1]).max()
    return Variant({"H": H}, {"bound": 2 / high, "best": best, "factor": factor})


@generator
def translated_weights(rng: Rng) -> Variant:
    """Draw the weights of two standardised features, to be translated back.

    Given u (bias first), m and s (means and deviations); answer w (bias first).

    Source: `regression.least_squares`, on what the standardised model predicts.
    """
    s, m = rng.choice([0.5, 1.5, 2.0, 2.5], 2), rng.choice([0.5, 1, 2, 3, 4], 2)
    slopes = s * rng.integers(1, 6, 2)
    bias = float(rng.integers(20, 41))
    z = np.array([[0, 0], [1, 0], [0, 1]])
    w = regression.least_squares(
        regression.design_matrix(m + s * z), bias + z @ slopes
    ).weights
    return Variant({"u": np.array([bias, *slopes]), "m": m, "s": s}, {"w": w})


@generator
def two_bottoms(rng: Rng) -> Variant:
    """Draw two samples with the costs (w - c)²/2, and a constant step size for SGD.

    Given c (two bottoms) and eta; answers w (the minimum of the mean), ends (where
    a step from there leads, with either sample) and ball (the mean squared distance
    from w after many steps).

    Source: `optimizers.sgd`, and the step's second moment, iterated.
    """
    low, half = _whole(rng, -4, 4), float(rng.integers(1, 5))
    c, eta = np.array([low, low + 2 * half]), _one(rng, [0.1, 0.2, 0.25, 0.4, 0.5])
    w = c.mean()
    ends = [
        optimizers.sgd(
            lambda w, rows: w - c[rows].mean(), w, iter([[i]]), eta=eta, steps=1
        )
        for i in range(2)
    ]
    ball = 0.0
    for _ in range(500):
        ball = (1 - eta) ** 2 * ball + eta**2 * half**2
    answers = {"w": w, "ends": np.array([float(e[-1]) for e in ends]), "ball": ball}
    return Variant({"c": c, "eta": eta}, answers)


@generator
def batch_noise(rng: Rng) -> Variant:
    """Draw a noise of single samples, for the noise of a batch.

    Given sigma2 (of one sample), n and b; answers drawn (with replacement),
    different (without) and whole (b = n, with replacement).

    Source: the mean over all batches, for gradients that are equally long and equally
    far apart.
    """
    n, b = int(rng.integers(4, 6)), int(rng.integers(2, 4))
    sigma2 = _one(rng, [6, 12, 18, 24, 30, 36, 60])
    gradients = np.sqrt(sigma2 * n / (n - 1)) * (np.eye(n) - 1 / n)

    def noise(batches: Any) -> float:
        means = gradients[np.array(list(batches))].mean(axis=1)
        return float(np.mean(np.sum(means**2, axis=1)))

    answers = {
        "drawn": noise(itertools.product(range(n), repeat=b)),
        "different": noise(itertools.permutations(range(n), b)),
        "whole": noise(itertools.product(range(n), repeat=n)),
    }
    return Variant({"sigma2": sigma2, "n": n, "b": b}, answers)


@generator
def epoch_of_batches(rng: Rng) -> Variant:
    """Draw a number of samples that the size of a batch does not divide.

    Given n and b; answers steps (of an epoch), last (size of the last batch) and
    weight (of a sample in the last batch, in those of a sample in another).

    Source: `optimizers.shuffled`.
    """
    n, b = 50 * int(rng.integers(4, 31)), int(rng.choice([16, 32, 64, 128]))
    sizes = [
        len(rows) for rows in itertools.islice(optimizers.shuffled(n, b, rng=0), n)
    ]
    steps = int(np.searchsorted(np.cumsum(sizes), n)) + 1
    last = sizes[steps - 1]
    return Variant({"n": n, "b": b}, {"steps": steps, "last": last, "weight": b / last})


@generator
def hinge_gradient(rng: Rng) -> Variant:
    """Draw a sample whose margin is below 1, for the gradient of the squared hinge.

    Given w, x and y; answers m, the margin, and g, the gradient.

    Source: `costs.squared_hinge_gradient`.
    """
    while True:
        w, x = _whole(rng, -3, 3, 2), _whole(rng, -3, 3, 2)
        y = _one(rng, [-1, 1])
        if y * (w @ x) < 1:
            break
    slope = costs.linear_gradient(costs.squared_hinge_gradient, x[None], np.array([y]))
    return Variant({"w": w, "x": x, "y": y}, {"m": y * (w @ x), "g": slope(w)})


@generator
def minterm_unit(rng: Rng) -> Variant:
    """Draw a pattern of five bits, for the threshold unit that recognises it.

    Given p (the pattern); answers w and b.

    Source: `mlp.boolean_network`.
    """
    p = rng.integers(0, 2, 5)
    network = mlp.boolean_network(["".join(map(str, p))])
    return Variant({"p": p}, {"w": network.weights[0][0], "b": network.biases[0][0]})


@generator
def row_of_pulses(rng: Rng) -> Variant:
    """Draw a row of touching pulses, for its size and its error.

    Given m (pulses), L and eps; answers units (hidden), parameters, and needed
    (pulses for an error of eps, if slopes are at most L).

    Source: `mlp.pulse_network`; the theorem on the error of pulses.
    """
    m, L = int(rng.integers(5, 40)), _one(rng, [2, 3, 4, 5, 6, 8])
    eps = _one(rng, [0.01, 0.02, 0.05, 0.1])
    network = mlp.pulse_network(np.arange(m + 1.0), np.ones(m))
    # The line L x is off most where a piece begins, by half a piece.
    needed = round(L / 2 / eps)
    steps = np.linspace(0, 1, needed + 1)
    line = mlp.pulse_network(steps, L * (steps[:-1] + steps[1:]) / 2)
    assert np.isclose(line.predict([[0.0]])[0], eps)
    answers = {"units": m + 1, "parameters": network.theta.size, "needed": needed}
    return Variant({"m": m, "L": L, "eps": eps}, answers)


@generator
def least_reconstruction(rng: Rng) -> Variant:
    """Draw the eigenvalues of a covariance matrix, for a linear autoencoder's cost.

    Given eigenvalues (falling), k (the width of the code), kept and lost (the
    eigenvalues that the best code keeps and loses); answer cost, the least there is.

    Source: `costs.mse` of samples with these variances and their best projections; the
    chapter "A short code for a long vector".
    """
    eigenvalues = np.sort(rng.integers(1, 10, 5))[::-1].astype(float)
    k = int(rng.integers(2, 4))
    arms = np.diag(np.sqrt(5 * eigenvalues))
    X = np.concatenate([arms, -arms])
    cost = costs.mse(X * (np.arange(5) < k), X)
    parts = {"kept": eigenvalues[:k], "lost": eigenvalues[k:]}
    return Variant({"eigenvalues": eigenvalues, "k": k, **parts}, {"cost": cost})
