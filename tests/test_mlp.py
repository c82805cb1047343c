"""The network: asked of autograd, scikit-learn, PyTorch and published examples."""

import copy
import io
import itertools
import json
import os
import pickle
import zipfile

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnbook_utils.activations import ACTIVATIONS, softmax
from nnbook_utils.datasets import (
    FIVE_VARIABLES,
    circles,
    digits,
    gate,
    noisy_sine,
    split,
    truth_table,
)
from nnbook_utils.gradcheck import assert_gradient
from nnbook_utils.mlp import (
    MLP,
    boolean_network,
    count_parameters,
    pulse_network,
    xor_network,
)
from nnbook_utils.optimizers import RULES, descend, inverse_sqrt, shuffled

# The network once more, in autograd's NumPy and as naive as can be.

NAIVE = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "hard_tanh": lambda z: anp.where(z > 1, 1.0, anp.where(z < -1, -1.0, z)),
    "threshold": lambda z: anp.where(z >= 0, 1.0, 0.0),
}
KINDS = [
    ("softmax", "fitting"),
    ("sigmoid", "fitting"),
    ("sigmoid", "mse"),
    ("linear", "fitting"),
]


def naive_cost(parameters, network, X, Y):
    weights, biases = parameters
    a = X
    names = [*network.hidden, "identity"]
    for W, b, name in zip(weights, biases, names, strict=True):
        a = NAIVE[name](anp.dot(a, W.T) + b)
    if network.output == "softmax":
        p = anp.exp(a) / anp.sum(anp.exp(a), axis=1)[:, None]
        cost = -anp.sum(Y * anp.log(p))
    elif network.output == "linear":
        cost = anp.sum((a - Y) ** 2) / 2
    elif network.cost_name == "mse":
        cost = anp.sum((NAIVE["sigmoid"](a) - Y) ** 2) / 2
    else:
        p = NAIVE["sigmoid"](a)
        cost = -anp.sum(Y * anp.log(p) + (1 - Y) * anp.log(1 - p))
    penalty = sum(anp.sum(W**2) for W in weights)
    return cost / len(X) + network.weight_decay / 2 * penalty


def flat(network, weights, biases):
    """Lay weights and biases out as the network does."""
    parts = zip(weights, biases, strict=True)
    return np.concatenate([np.r_[W.ravel(order="F"), b] for W, b in parts])


def samples(network, n, rng):
    """Draw inputs, the targets for the network, and the same as a matrix."""
    X = rng.normal(size=(n, network.widths[0]))
    k = network.widths[-1]
    if network.output == "softmax":
        y = rng.integers(k, size=n)
        return X, y, np.eye(k)[y]
    if network.output == "sigmoid":
        Y = rng.integers(2, size=(n, k))
    else:
        Y = rng.normal(size=(n, k))
    return X, Y, Y


@st.composite
def networks(draw, hidden=tuple(NAIVE), weight_decay=(0.0, 0.1)):
    output, cost = draw(st.sampled_from(KINDS))
    widths = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    widths[-1] += output == "softmax"
    layers = len(widths) - 2
    names = st.lists(st.sampled_from(hidden), min_size=layers, max_size=layers)
    network = MLP(
        widths,
        hidden=draw(names),
        output=output,
        cost=cost,
        weight_decay=draw(st.sampled_from(weight_decay)),
        rng=0,
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    network.theta[:] = rng.normal(size=network.theta.size)  # biases, too
    return network, rng


@given(networks(), st.integers(1, 5))
def test_cost_and_gradient_are_those_of_autograd(drawn, n):
    network, rng = drawn
    X, y, Y = samples(network, n, rng)
    parameters = (list(network.weights), list(network.biases))
    np.testing.assert_allclose(
        network.cost(X, y), naive_cost(parameters, network, X, Y), rtol=1e-9
    )
    expected = flat(network, *grad(naive_cost)(parameters, network, X, Y))
    np.testing.assert_allclose(network.gradient(X, y), expected, rtol=1e-7, atol=1e-12)


@given(networks(hidden=("tanh", "sigmoid", "softplus")))
@settings(max_examples=20)
def test_gradient_is_that_of_finite_differences(drawn):
    network, rng = drawn
    X, y, _ = samples(network, 4, rng)
    start = network.theta.copy()

    def at(function):
        def moved(theta):
            network.theta[:] = theta
            return function(X, y)

        return moved

    assert_gradient(at(network.cost), at(network.gradient), start, tolerance=1e-5)


@given(networks(weight_decay=(0.1,)))
def test_batch_gradient_is_the_mean_over_its_samples(drawn):
    network, rng = drawn
    X, y, _ = samples(network, 5, rng)
    each = [network.gradient(X[i : i + 1], y[i : i + 1]) for i in range(5)]
    np.testing.assert_allclose(
        network.gradient(X, y), np.mean(each, axis=0), rtol=1e-9, atol=1e-12
    )
    costs = [network.cost(X[i : i + 1], y[i : i + 1]) for i in range(5)]
    np.testing.assert_allclose(network.cost(X, y), np.mean(costs), rtol=1e-9)


@given(networks())
def test_results_do_not_depend_on_memory_layout(drawn):
    network, rng = drawn
    X, y, _ = samples(network, 4, rng)
    strided = np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2]
    for same in (np.asfortranarray(X), strided, X.tolist()):
        np.testing.assert_allclose(
            network.gradient(same, y.tolist()), network.gradient(X, y), rtol=1e-9
        )
        np.testing.assert_allclose(
            network.predict(same), network.predict(X), rtol=1e-12
        )


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_columns_and_of_units_changes_nothing(drawn, random):
    network, rng = drawn
    X, y, _ = samples(network, 4, rng)
    orders = [random.sample(range(m), m) for m in network.widths[:-1]]
    orders.append(list(range(network.widths[-1])))

    def moved(weights, biases):
        layers = zip(weights, biases, orders, orders[1:], strict=False)
        return [(W[np.ix_(after, before)], b[after]) for W, b, before, after in layers]

    weights, biases = zip(*moved(network.weights, network.biases), strict=True)
    other = MLP.from_layers(
        weights,
        biases,
        hidden=network.hidden,
        output=network.output,
        cost=network.cost_name,
        weight_decay=network.weight_decay,
    )
    there = X[:, orders[0]]
    np.testing.assert_allclose(other.cost(there, y), network.cost(X, y), rtol=1e-9)
    ours = moved(*network.split_parameters(network.gradient(X, y)))
    theirs = zip(*other.split_parameters(other.gradient(there, y)), strict=True)
    for expected, got in zip(ours, theirs, strict=True):
        for part, same in zip(expected, got, strict=True):
            np.testing.assert_allclose(same, part, rtol=1e-7, atol=1e-12)


def test_decay_pulls_weights_and_leaves_biases():
    plain = MLP((3, 4, 2), hidden="tanh", rng=0)
    plain.theta[:] = np.random.default_rng(1).normal(size=plain.theta.size)
    decayed = MLP((3, 4, 2), hidden="tanh", weight_decay=0.3, rng=0)
    decayed.theta[:] = plain.theta
    X, y = np.eye(3), [0, 1, 1]
    pull = decayed.gradient(X, y) - plain.gradient(X, y)
    expected = flat(plain, [0.3 * W for W in plain.weights], [np.zeros(4), [0, 0]])
    np.testing.assert_allclose(pull, expected, atol=1e-15)


# --- The same network elsewhere -------------------------------------------------------


def as_sklearn(network, kind, X, y, alpha):
    """Give scikit-learn the same weights, by way of a step that is thrown away."""
    model = kind(
        hidden_layer_sizes=network.widths[1:-1],
        activation={"relu": "relu", "sigmoid": "logistic"}[network.hidden[0]],
        solver="sgd",
        momentum=0,
        nesterovs_momentum=False,
        learning_rate_init=0.1,
        alpha=alpha,
        batch_size=len(X),
        shuffle=False,
        random_state=0,
    )
    classes = {"classes": np.unique(y)} if kind is MLPClassifier else {}
    model.partial_fit(X, y, **classes)
    model.coefs_ = [W.T.copy() for W in network.weights]
    model.intercepts_ = [b.copy() for b in network.biases]
    return model


@pytest.mark.parametrize("hidden", ["relu", "sigmoid"])
@pytest.mark.parametrize("output", ["softmax", "sigmoid", "linear"])
def test_predictions_cost_and_step_are_those_of_scikit_learn(hidden, output):
    outputs = 3 if output == "softmax" else 1
    network = MLP(
        (4, 6, 5, outputs), hidden=hidden, output=output, weight_decay=0.2, rng=1
    )
    rng = np.random.default_rng(2)
    X, y, Y = samples(network, 12, rng)
    y = Y[:, 0] if outputs == 1 else y
    kind = MLPRegressor if output == "linear" else MLPClassifier
    model = as_sklearn(network, kind, X, y, alpha=0.2 * len(X))

    np.testing.assert_allclose(network.predict(X), model.predict(X), rtol=1e-12)
    if output == "softmax":
        np.testing.assert_allclose(network.predict_proba(X), model.predict_proba(X))
    if output == "sigmoid":
        np.testing.assert_allclose(
            network.predict_proba(X), model.predict_proba(X)[:, 1]
        )
    cost, gradient = network.cost(X, y), network.gradient(X, y)
    model.partial_fit(X, y)
    np.testing.assert_allclose(model.loss_, cost, rtol=1e-10)
    stepped = flat(network, [W.T for W in model.coefs_], model.intercepts_)
    np.testing.assert_allclose(stepped, network.theta - 0.1 * gradient, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gradients_and_a_step_are_those_of_pytorch(dtype):
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    network = MLP((5, 7, 6, 3), hidden=["relu", "tanh"], dtype=dtype, rng=3)
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(8, 5)).astype(dtype), rng.integers(3, size=8)
    kind = torch.float64 if dtype is np.float64 else torch.float32
    model = torch.nn.Sequential(
        torch.nn.Linear(5, 7, dtype=kind),
        torch.nn.ReLU(),
        torch.nn.Linear(7, 6, dtype=kind),
        torch.nn.Tanh(),
        torch.nn.Linear(6, 3, dtype=kind),
    )
    theirs = list(model.parameters())
    ours = itertools.chain(*zip(network.weights, network.biases, strict=True))
    with torch.no_grad():
        for parameter, value in zip(theirs, ours, strict=True):
            parameter.copy_(torch.tensor(np.ascontiguousarray(value)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    cost = torch.nn.functional.cross_entropy(model(torch.tensor(X)), torch.tensor(y))
    cost.backward()
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    np.testing.assert_allclose(network.cost(X, y), cost.item(), rtol=tolerance)
    gradients = [parameter.grad.numpy() for parameter in theirs]
    np.testing.assert_allclose(
        network.gradient(X, y),
        flat(network, gradients[::2], gradients[1::2]),
        atol=tolerance,
    )
    optimizer.step()
    network.fit(X, y, eta=0.5, epochs=1, batch_size=8, rng=0)
    after = [parameter.detach().numpy() for parameter in theirs]
    np.testing.assert_allclose(
        network.theta, flat(network, after[::2], after[1::2]), atol=tolerance
    )


# --- Published examples ---------------------------------------------------------------


def mazur(case):
    return MLP.from_layers(
        [case["W1"], case["W2"]],
        [[case["b1"]] * 2, [case["b2"]] * 2],  # one bias a layer, so both start equal
        hidden="sigmoid",
        output="sigmoid",
        cost="mse",
    )


def test_mazur_forward_and_backward(truth):
    case = truth["mazur"]
    network, X, t = mazur(case), [case["x"]], [case["t"]]
    _, A = network.forward(X)
    np.testing.assert_allclose(A[1][0], case["h"], atol=5e-10)
    np.testing.assert_allclose(A[2][0], case["o"], atol=5e-10)
    np.testing.assert_allclose(network.cost(X, t), case["E"], atol=5e-10)
    (W1, W2), (b1, b2) = network.split_parameters(network.gradient(X, t))
    for gradient, name in [(W1, "gW1"), (W2, "gW2"), (b1, "gb1"), (b2, "gb2")]:
        np.testing.assert_allclose(gradient, case[name], atol=5e-9)


@pytest.mark.parametrize("variant", ["bias_frozen", "bias_updated"])
def test_mazur_training(truth, variant):
    case = truth["mazur"]
    network, X, t = mazur(case), [case["x"]], [case["t"]]
    moves = np.ones_like(network.theta)
    if variant == "bias_frozen":  # as published
        for b in network.split_parameters(moves)[1]:
            b[:] = 0
    for step in range(10_000):
        network.theta[:] -= case["lr"] * moves * network.gradient(X, t)
        if step == 0:
            after = case[f"E_after1_ours_{variant}"]
            np.testing.assert_allclose(network.cost(X, t), after, atol=5e-13)
            for W, name in zip(network.weights, ["W1", "W2"], strict=True):
                np.testing.assert_allclose(W, case[f"{name}_after"], atol=5e-9)
            if variant == "bias_updated":
                for b, name in zip(network.biases, ["b1", "b2"], strict=True):
                    updated = case["b_after_if_updated"][name]
                    np.testing.assert_allclose(b, updated, atol=5e-9)
    end = case[f"E_10000_ours_{variant}"]
    np.testing.assert_allclose(network.cost(X, t), end, rtol=1e-6)


@pytest.mark.parametrize(("w", "b"), [(0.6, 0.9), (2, 2)])
def test_nielsen_neuron(truth, w, b):
    case = truth["nielsen_neuron"]
    expected = case[f"w{w}_b{b}"]
    neuron = MLP.from_layers([[[w]]], [[b]], output="sigmoid", cost="mse")
    X, y = [[case["x"]]], [case["y"]]
    assert neuron.predict_proba(X)[0] == pytest.approx(expected["start"], abs=5e-7)
    neuron.fit(X, y, eta=case["eta"], epochs=150, rng=0)
    if "at150" in expected:  # saturated, it has hardly begun
        assert neuron.predict_proba(X)[0] == pytest.approx(expected["at150"], abs=5e-7)
    neuron.fit(X, y, eta=case["eta"], epochs=case["epochs"] - 150, rng=0)
    assert neuron.predict_proba(X)[0] == pytest.approx(expected["end"], abs=5e-7)


def cs231n_toy(penalty):
    """Build the toy as published, from the old generator; its penalty has no 1/2."""
    rng = np.random.RandomState(0)
    W1, W2 = 0.1 * rng.randn(4, 10), 0.1 * rng.randn(10, 3)
    network = MLP.from_layers(
        [W1.T, W2.T], [np.zeros(10), np.zeros(3)], weight_decay=2 * penalty
    )
    X = 10 * np.random.RandomState(1).randn(5, 4)
    return network, X, np.array([0, 1, 2, 2, 1]), rng


def test_cs231n_toy(truth):
    case = truth["cs231n_toy"]
    network, X, y, _ = cs231n_toy(penalty=0)
    Z, _ = network.forward(X)
    np.testing.assert_allclose(Z[-1], case["scores"], atol=5e-9)
    assert network.cost(X, y) == pytest.approx(case["loss_reg0"], abs=5e-13)
    decayed, *_ = cs231n_toy(penalty=0.05)
    assert decayed.cost(X, y) == pytest.approx(case["loss_reg0.05_full"], abs=5e-12)
    _, (_, db2) = decayed.split_parameters(decayed.gradient(X, y))
    np.testing.assert_allclose(db2, case["db2"], atol=5e-8)


def test_cs231n_toy_training(truth):
    network, X, y, rng = cs231n_toy(penalty=5e-6)
    for step in range(100):
        batch = rng.choice(5, 200)
        cost = network.cost(X[batch], y[batch])
        gradient = network.gradient(X[batch], y[batch])
        network.theta[:] -= 0.1 * 0.95**step * gradient
    assert cost == pytest.approx(truth["cs231n_toy"]["final_train_loss"], abs=1e-12)


def test_cs231n_affine(truth):
    case = truth["cs231n_affine"]
    layer = MLP.from_layers(
        [np.linspace(-0.2, 0.3, 360).reshape(120, 3).T],
        [np.linspace(-0.3, 0.1, 3)],
        output="linear",
    )
    X = np.linspace(-0.1, 0.5, 240).reshape(2, 120)
    np.testing.assert_allclose(layer.predict(X), case["out"], atol=5e-9)


# --- What the book says of networks ---------------------------------------------------


def test_parameter_counts():
    assert count_parameters((6, 5, 10, 3)) == 128
    assert count_parameters([2, 1]) == 3
    assert MLP((6, 5, 10, 3), rng=0).theta.shape == (128,)


def test_xor_by_its_table():
    X, y = gate("xor")
    network = xor_network()
    _, A = network.forward(X)
    np.testing.assert_array_equal(A[1], [[0, 1], [1, 1], [1, 1], [1, 0]])
    np.testing.assert_array_equal(network.predict(X), y)
    assert network.widths == (2, 2, 1)


def test_five_variable_function():
    network = boolean_network(FIVE_VARIABLES)
    X = truth_table(5)
    names = ["".join(str(int(bit)) for bit in row) for row in X]
    true = {name for name, y in zip(names, network.predict(X), strict=True) if y}
    assert true == {"00110", "01011", "01100", "10001", "10111", "11001"}
    _, A = network.forward(X)
    assert network.widths == (5, 6, 1)
    assert (A[1].sum(axis=0) == 1).all()  # each hidden unit knows one input


@given(
    st.integers(1, 5).flatmap(
        lambda k: st.sets(st.text("01", min_size=k, max_size=k), min_size=1)
    )
)
def test_any_boolean_function(patterns):
    k = len(next(iter(patterns)))
    inputs = ["".join(bits) for bits in itertools.product("01", repeat=k)]
    predicted = boolean_network(patterns).predict(truth_table(k))
    assert predicted.tolist() == [int(bits in patterns) for bits in inputs]


def test_repeated_patterns_need_one_unit():
    assert boolean_network(["01", "01"]).widths == (2, 1, 1)


def test_a_pulse_holds_its_left_edge_only():
    network = pulse_network([-1, 0, 2], [3, -5])
    x = [-1.001, -1, -0.5, -0.001, 0, 1.999, 2, 9]
    np.testing.assert_allclose(
        network.predict(np.array(x)[:, None]), [0, 3, 3, 3, -5, -5, 0, 0], atol=1e-15
    )
    assert network.widths == (1, 3, 1)


def test_narrow_pulses_approximate_a_function():
    x = np.linspace(0, 1, 1001, endpoint=False)[:, None]
    errors = []
    for m in (10, 100, 1000):
        edges = np.linspace(0, 1, m + 1)
        heights = np.sin(6 * (edges[1:] + edges[:-1]) / 2)
        error = pulse_network(edges, heights).predict(x) - np.sin(6 * x[:, 0])
        errors.append(abs(error).max())
        assert errors[-1] <= 6 / (2 * m) + 1e-12  # slope times half a width
    assert errors[0] > 5 * errors[1] > 25 * errors[2]


def test_two_relus_make_an_absolute_value():
    network = MLP.from_layers(
        [[[1], [-1]], [[1, 1]]], [[0, 0], [0]], hidden="relu", output="linear"
    )
    x = np.linspace(-2, 2, 9)
    np.testing.assert_array_equal(network.predict(x[:, None]), abs(x))


def test_hidden_identities_collapse_into_one_layer():
    network = MLP((3, 5, 4, 2), hidden="identity", output="linear", rng=0)
    network.theta[:] = np.random.default_rng(1).normal(size=network.theta.size)
    (W1, W2, W3), (b1, b2, b3) = network.weights, network.biases
    X = np.random.default_rng(2).normal(size=(4, 3))
    expected = X @ (W3 @ W2 @ W1).T + W3 @ (W2 @ b1 + b2) + b3
    np.testing.assert_allclose(network.predict(X), expected)


@pytest.mark.parametrize("start", [0.0, 0.5])
def test_all_equal_start_stays_equal(start):
    X, y = circles(40, noise=0.1, rng=0)
    network = MLP((2, 6, 1), hidden="tanh", output="sigmoid", init="zero", rng=0)
    network.theta[:] = start
    network.fit(X, y, eta=0.5, epochs=20, batch_size=8, rng=1)
    for part in (network.weights[0], network.biases[0], network.weights[1].T):
        np.testing.assert_allclose(part, np.broadcast_to(part[0], part.shape))
    assert (network.theta != start).any()
    if start == 0:  # nothing comes through zero weights: only the last bias moves
        assert np.flatnonzero(network.theta).tolist() == [network.theta.size - 1]


@pytest.mark.parametrize(
    ("init", "deviation"),
    [
        ("he", np.sqrt(2 / 200)),
        ("xavier", np.sqrt(2 / 500)),
        ("normal", 1),
        ("zero", 0),
    ],
)
def test_first_weights_have_the_stated_spread(init, deviation):
    network = MLP((200, 300, 2), init=init, rng=0)
    W = network.weights[0]
    assert W.std() == pytest.approx(deviation, rel=0.02)
    assert abs(W.mean()) <= 0.02 * deviation
    assert all((b == 0).all() for b in network.biases)


def test_defaults_are_relu_softmax_and_he():
    network, said = (
        MLP((4, 3, 2), rng=0, **options)
        for options in ({}, {"hidden": "relu", "output": "softmax", "init": "he"})
    )
    np.testing.assert_array_equal(network.theta, said.theta)
    assert repr(network) == repr(said)


def test_same_seed_same_network_in_either_precision():
    one, other = MLP((4, 3, 2), rng=7), MLP((4, 3, 2), rng=np.random.default_rng(7))
    np.testing.assert_array_equal(one.theta, other.theta)
    single = MLP((4, 3, 2), dtype="float32", rng=7)
    np.testing.assert_array_equal(single.theta, one.theta.astype(np.float32))
    assert (one.theta != MLP((4, 3, 2), rng=8).theta).any()


# --- Predictions ----------------------------------------------------------------------


def test_predictions_and_probabilities():
    X = np.array([[-1.0], [0.0], [2.0]])
    unit = {"weights": [[[1.0]]], "biases": [[0.0]]}
    sigmoid = MLP.from_layers(**unit, output="sigmoid")
    np.testing.assert_array_equal(sigmoid.predict(X), [0, 1, 1])  # the tie is a 1
    np.testing.assert_allclose(sigmoid.predict_proba(X), 1 / (1 + np.exp(-X[:, 0])))
    threshold = MLP.from_layers(**unit, output="threshold")
    np.testing.assert_array_equal(threshold.predict(X), [0, 1, 1])
    linear = MLP.from_layers(**unit, output="linear")
    np.testing.assert_array_equal(linear.predict(X), X[:, 0])

    two = {"weights": [[[1.0], [-1.0]]], "biases": [[0.0, 0.0]]}
    Z = np.hstack([X, -X])
    soft = MLP.from_layers(**two)
    np.testing.assert_array_equal(soft.predict(X), [1, 0, 0])  # the tie: the first
    np.testing.assert_allclose(soft.predict_proba(X), softmax(Z))
    several = MLP.from_layers(**two, output="sigmoid")
    np.testing.assert_array_equal(several.predict(X), [[0, 1], [1, 1], [1, 0]])
    assert several.predict_proba(X).shape == (3, 2)
    np.testing.assert_array_equal(MLP.from_layers(**two, output="linear").predict(X), Z)
    assert soft.predict(X).dtype == sigmoid.predict(X).dtype == np.int64


def test_large_scores_give_a_finite_cost():
    for output in ("softmax", "sigmoid"):
        network = MLP.from_layers([[[1000], [-1000]]], [[0, 0]], output=output)
        probabilities = network.predict_proba([[1], [-1]])
        np.testing.assert_allclose(probabilities, [[1, 0], [0, 1]], atol=1e-300)
    network = MLP.from_layers([[[1000], [-1000]]], [[0, 0]])
    assert network.cost([[1], [-1]], [1, 1]) == 1000
    assert np.isfinite(network.gradient([[1], [-1]], [1, 1])).all()
    far = MLP.from_layers([[[1e308], [-1e308]]], [[0, 0]])  # the difference is no float
    np.testing.assert_array_equal(far.forward([[1]])[1][-1], [[1, 0]])


# --- Training -------------------------------------------------------------------------


CONSTANTS = {
    "gd": {},
    "momentum": {"alpha": 0.8},
    "nesterov": {"alpha": 0.8},
    "adagrad": {"delta": 1e-3},
    "rmsprop": {"rho": 0.8},
    "adam": {"beta1": 0.8},
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("batch_size", [4, 5, 100])
def test_fit_is_descent_on_shuffled_batches(name, batch_size):
    """The package's one loop takes the same steps; 12 samples leave 2 for a batch."""
    X, y = circles(12, noise=0.1, rng=0)
    network = MLP((2, 5, 4, 2), hidden=["relu", "tanh"], weight_decay=0.01, rng=1)
    other = copy.deepcopy(network)

    def gradient(theta, rows):
        other.theta[:] = theta
        return other.gradient(X[rows], y[rows])

    per_epoch = -(-12 // batch_size)
    eta = inverse_sqrt(0.05)
    iterates = descend(
        RULES[name],
        gradient,
        network.theta.copy(),
        eta=eta,
        steps=3 * per_epoch,
        batches=shuffled(12, batch_size, rng=2),
        **CONSTANTS[name],
    )
    history = network.fit(
        X,
        y,
        optimizer=name,
        eta=eta,
        epochs=3,
        batch_size=batch_size,
        rng=2,
        **CONSTANTS[name],
    )
    np.testing.assert_allclose(network.theta, iterates[-1], rtol=1e-9, atol=1e-12)

    # The history holds what each sample cost when it was met.
    orders = shuffled(12, batch_size, rng=2)
    plain = MLP((2, 5, 4, 2), hidden=["relu", "tanh"], rng=1)  # without the penalty
    costs, hits = np.zeros(3), np.zeros(3)
    for step, theta in enumerate(iterates[:-1]):
        rows, epoch = next(orders), step // per_epoch
        plain.theta[:] = theta
        costs[epoch] += len(rows) * plain.cost(X[rows], y[rows]) / 12
        hits[epoch] += (plain.predict(X[rows]) == y[rows]).sum() / 12
    np.testing.assert_allclose(history.cost, costs)
    np.testing.assert_allclose(history.accuracy, hits)
    assert history.validation_cost is history.validation_accuracy is None
    assert history.kept == 3


@pytest.mark.parametrize(("output", "cost"), KINDS)
def test_validation_history(output, cost):
    network = MLP((3, 4, 2), output=output, cost=cost, weight_decay=0.1, rng=0)
    rng = np.random.default_rng(1)
    X, y, _ = samples(network, 20, rng)
    X_val, y_val, _ = samples(network, 7, rng)
    options = {"eta": 0.1, "batch_size": 8, "validation": (X_val, y_val)}
    history = network.fit(X, y, epochs=2, rng=2, **options)
    plain = MLP((3, 4, 2), output=output, cost=cost, rng=0)
    plain.theta[:] = network.theta
    assert history.validation_cost[-1] == pytest.approx(plain.cost(X_val, y_val))
    assert history.validation_cost.shape == history.cost.shape == (2,)
    if output == "linear":
        assert history.accuracy is history.validation_accuracy is None
    else:
        right = (plain.predict(X_val) == y_val).mean()
        assert history.validation_accuracy[-1] == pytest.approx(right)


def test_accuracy_rounds_soft_targets():
    unit = MLP.from_layers([[[1.0]]], [[0.0]], output="sigmoid", cost="mse")
    X, y = [[-1], [1], [1], [1]], [0.4, 0.6, 0.5, 0.1]
    assert unit.fit(X, y, eta=1e-9, epochs=1, rng=0).accuracy.tolist() == [0.75]


def test_validation_does_not_touch_training():
    X, y = circles(20, noise=0.1, rng=0)
    alone, watched = MLP((2, 4, 2), rng=0), MLP((2, 4, 2), rng=0)
    alone.fit(X, y, eta=0.1, epochs=3, rng=1)
    watched.fit(X, y, eta=0.1, epochs=3, rng=1, validation=(X[:5], y[:5]))
    np.testing.assert_array_equal(alone.theta, watched.theta)


def test_fit_goes_on_and_leaves_its_arguments_alone():
    X, y = circles(20, noise=0.1, rng=0)
    before = X.copy(), y.copy()
    once, twice = MLP((2, 4, 2), rng=0), MLP((2, 4, 2), rng=0)
    once.fit(X, y, eta=0.1, epochs=4, rng=np.random.default_rng(1))
    generator = np.random.default_rng(1)
    for _ in range(2):
        twice.fit(X, y, eta=0.1, epochs=2, rng=generator)
    np.testing.assert_array_equal(once.theta, twice.theta)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


def test_fit_does_not_depend_on_memory_layout():
    X, y = circles(20, noise=0.1, rng=0)
    thetas = []
    for same in (X, np.asfortranarray(X), X.tolist()):
        network = MLP((2, 4, 2), rng=0)
        network.fit(same, list(y), eta=0.1, epochs=3, batch_size=6, rng=1)
        thetas.append(network.theta)
    np.testing.assert_allclose(thetas[1], thetas[0], rtol=1e-12)
    np.testing.assert_allclose(thetas[2], thetas[0], rtol=1e-12)


def test_early_stopping_keeps_the_best_weights():
    # Learning one thing and watching the opposite: the first epoch is the best.
    X, y = np.array([[1.0], [-1.0]]), np.array([0, 1])
    network = MLP((1, 3, 2), hidden="tanh", rng=0)
    one_epoch = copy.deepcopy(network)
    options = {"eta": 0.5, "batch_size": 2, "validation": (X, 1 - y)}
    one_epoch.fit(X, y, epochs=1, rng=1, **options)
    history = network.fit(X, y, epochs=50, patience=3, rng=1, **options)
    assert (np.diff(history.validation_cost) > 0).all()
    assert len(history.cost) == 4  # the best one and three of patience
    assert history.kept == 1
    np.testing.assert_array_equal(network.theta, one_epoch.theta)


def test_patience_starts_anew_at_every_best():
    X, y = noisy_sine(30, noise=0.4, rng=3)
    X_val, y_val = noisy_sine(15, noise=0.4, rng=4)
    network = MLP((1, 20, 1), hidden="tanh", output="linear", rng=0)
    history = network.fit(
        X,
        y,
        optimizer="momentum",
        eta=0.05,
        epochs=300,
        batch_size=5,
        rng=1,
        validation=(X_val, y_val),
        patience=4,
    )
    costs = history.validation_cost
    best = np.minimum.accumulate(costs)
    waits = [i - int(np.argmin(costs[: i + 1])) for i in range(len(costs))]
    assert 5 < len(costs) < 300
    assert max(waits[:-1]) == 3  # it was near stopping, went on, ...
    assert waits[-1] == 4  # ... and stopped only here
    assert history.kept == int(np.argmin(costs)) + 1
    assert network.cost(X_val, y_val) == pytest.approx(best[-1])


def test_patience_outlasting_the_epochs_still_goes_back():
    X, y = np.array([[1.0], [-1.0]]), np.array([0, 1])
    network = MLP((1, 3, 2), hidden="tanh", rng=0)
    history = network.fit(
        X, y, eta=0.5, epochs=3, rng=1, validation=(X, 1 - y), patience=3
    )
    assert len(history.cost) == 3
    assert history.kept == 1
    assert network.cost(X, 1 - y) == pytest.approx(history.validation_cost[0])


def test_an_equal_cost_is_no_improvement():
    X, y = np.ones((2, 1)), [0.5, 0.5]
    still = MLP.from_layers([[[0.5]]], [[0.0]], output="linear")  # already right
    history = still.fit(X, y, eta=0.1, epochs=9, rng=0, validation=(X, y), patience=1)
    assert history.kept == 1
    assert len(history.cost) == 2


def test_each_sample_has_a_softmax_of_its_own():
    network = MLP.from_layers([np.eye(2)], [[0, 0]])
    found = network.predict_proba([[1000, 1000], [0, 0]])
    np.testing.assert_array_equal(found, np.full((2, 2), 0.5))


def test_a_divergence_names_the_largest_input_not_the_constant_one():
    network = MLP((1, 1), output="linear", init="normal", rng=0)
    with pytest.raises(FloatingPointError, match=r"largest input 0\.5:"):
        network.fit([[0.5], [0.25]], [1, 2], eta=1e200, epochs=9, rng=0)


def test_progress_goes_to_standard_error(capsys):
    X, y = circles(20, noise=0.1, rng=0)
    options = {"eta": 0.1, "epochs": 4, "rng": 1, "validation": (X, y)}
    history = MLP((2, 4, 2), rng=0).fit(X, y, **options)
    assert capsys.readouterr() == ("", "")
    MLP((2, 4, 2), rng=0).fit(X, y, progress=True, **options)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\r") == 4
    assert err.endswith("\n")
    last = f"cost {history.cost[-1]:.4g}, validation {history.validation_cost[-1]:.4g}"
    assert f"[{'#' * 20}] epoch 4/4, {last}" in err
    assert f"[{'#' * 5}{'.' * 15}] epoch 1/4, " in err


def test_digits_are_learnt():
    X, y = digits()
    X, X_val, y, y_val = split(X, y, rng=0)
    network = MLP((64, 64, 10), rng=1)
    history = network.fit(
        X, y, eta=0.2, epochs=40, rng=2, validation=(X_val, y_val), patience=10
    )
    assert (network.predict(X_val) == y_val).mean() >= 0.97
    assert history.validation_accuracy[history.kept - 1] >= 0.97
    assert history.cost[-1] < 0.1 * history.cost[0]


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_circles_are_learnt(output):
    X, y = circles(200, noise=0.05, rng=0)
    units = 1 if output == "sigmoid" else 2
    network = MLP((2, 16, units), hidden="tanh", init="xavier", output=output, rng=1)
    network.fit(X, y, optimizer="adam", eta=0.02, epochs=60, rng=2)
    assert (network.predict(X) == y).mean() > 0.97


def test_single_precision_stays_single():
    network = MLP((2, 4, 2), weight_decay=0.1, dtype=np.float32, rng=0)
    X, y = circles(20, noise=0.1, rng=0)
    network.fit(X, y, optimizer="adam", eta=0.01, epochs=2, rng=1)
    Z, A = network.forward(X)
    arrays = [network.theta, *network.weights, *Z, *A, network.gradient(X, y)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert MLP((2, 2), rng=0).forward(np.ones((1, 2), np.float32))[0][0].dtype == float
    W, b = np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
    assert MLP.from_layers([W], [b]).dtype == np.float32
    assert MLP.from_layers([W, np.eye(2)], [b, b]).dtype == np.float64


# --- Divergence -----------------------------------------------------------------------


def line(weight):
    return MLP.from_layers([[[weight]]], [[0.0]], output="linear")


def test_divergence_names_epoch_and_step_and_restores():
    # A step multiplies the output by 1 - eta (x^2 + 1), here -1e4: it is 1e(4s - 2) in
    # step s, so in step 78 a float cannot hold it. Steps are looked at in fifties, and
    # after the first fifty the gradient has no more than a square that overflows.
    X, y = np.full((50, 1), 100.0), np.zeros(50)
    options = {"eta": 1.0, "epochs": 9, "batch_size": 1, "rng": 0}
    network = line(1.0)
    with pytest.raises(FloatingPointError) as caught:
        network.fit(X, y, **options)
    text = str(caught.value)
    assert text.startswith("training diverged in epoch 1: at step 50 of 50 the outputs")
    assert "eta is 1, the largest input 100: try a smaller eta, or scale" in text
    assert network.theta.tolist() == [1, 0]
    with pytest.raises(FloatingPointError, match=r"epoch 1: at step 78 of 100 "):
        network.fit(np.tile(X, (2, 1)), np.tile(y, 2), **options)


def test_divergence_in_the_very_last_step():
    network = line(1.0)
    with pytest.raises(FloatingPointError, match="epoch 1: at step 1 of 1 "):
        network.fit([[1e10]], [0.0], eta=1e308, epochs=1, rng=0)
    assert network.theta.tolist() == [1, 0]


def test_a_squared_gradient_that_overflows_is_divergence():
    # AdaGrad would divide by infinity for ever after.
    network = line(1e100)
    with pytest.raises(FloatingPointError, match="epoch 1: at step 1 of 1 "):
        network.fit([[1e30]], [0.0], optimizer="adagrad", eta=1, epochs=1, rng=0)
    assert network.weights[0] == 1e100


def test_overflow_on_validation_is_reported():
    network, validation = line(10.0), ([[1e308]], [0.0])
    with pytest.raises(FloatingPointError, match=r"epoch 1: an output .* scale the"):
        network.fit([[0.0]], [1.0], eta=1, epochs=1, rng=0, validation=validation)
    assert network.theta.tolist() == [10, 0]


def test_overflow_on_a_saturated_training_sample_is_reported():
    # A sigmoid of infinity is 1, which is the target: no gradient tells.
    unit = MLP.from_layers([[[10.0]]], [[0.0]], output="sigmoid")
    with pytest.raises(FloatingPointError, match=r"epoch 1: at step 1 of 1 "):
        unit.fit([[1e308]], [1], eta=1, epochs=1, rng=0)


def test_overflow_in_the_forward_pass():
    network = line(1e200)
    for call in (network.forward, network.predict, lambda X: network.cost(X, [0])):
        with pytest.raises(FloatingPointError, match="too large for a float: scale"):
            call([[1e200]])
    hidden = MLP.from_layers(
        [[[1e200]], [[1.0]]], [[0.0], [0.0]], hidden="threshold", output="linear"
    )
    with pytest.raises(FloatingPointError, match="too large"):
        hidden.forward([[1e200]])  # although a threshold would hide it


# --- Copies and files -----------------------------------------------------------------


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))]
)
def test_copies_stand_on_their_own(copied):
    network = MLP((2, 3, 2), rng=0)
    other = copied(network)
    other.theta[:] = 1
    assert all((W == 1).all() for W in (*other.weights, *other.biases))
    assert (network.theta != 1).all()


def test_weights_are_windows_and_cannot_be_replaced():
    network = MLP((2, 3, 2), rng=0)
    network.weights[1][:] = 7
    assert (network.theta == 7).sum() == 6
    with pytest.raises(TypeError):
        network.weights[1] = np.ones((2, 3))
    for name in ("theta", "weights", "biases"):
        with pytest.raises(AttributeError):
            setattr(network, name, np.ones(17))


def test_split_parameters_opens_windows():
    network = MLP((2, 3, 2), rng=0)
    theta = np.arange(17.0)
    weights, biases = network.split_parameters(theta)
    np.testing.assert_array_equal(flat(network, weights, biases), theta)
    weights[0][:] = -1
    assert (theta[:6] == -1).all()
    assert [part.shape for part in (*weights, *biases)] == [(3, 2), (2, 3), (3,), (2,)]


def test_backward_leaves_what_forward_kept():
    network = MLP((2, 3, 2), rng=0)
    Z, A = network.forward([[1, 2]])
    before = copy.deepcopy((Z, A))
    first = network.backward(Z, A, [0])
    np.testing.assert_array_equal(network.backward(Z, A, [0]), first)
    np.testing.assert_array_equal(first, network.gradient([[1, 2]], [0]))
    for one, other in zip((*Z, *A), (*before[0], *before[1]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_repr_says_what_it_is():
    text = repr(MLP((6, 5, 10, 3), weight_decay=0.1, rng=0))
    assert "(6, 5, 10, 3), hidden=('relu', 'relu'), output='softmax'" in text
    assert "weight_decay=0.1" in text
    assert "128 parameters" in text


ALL_SORTS = [
    MLP((3, 4, 2), rng=0),
    MLP((3, 5, 4, 1), hidden=["tanh", "softplus"], output="sigmoid", cost="mse", rng=1),
    MLP((2, 2), output="linear", weight_decay=0.25, dtype=np.float32, rng=2),
    xor_network(),
]


@pytest.mark.parametrize("network", ALL_SORTS, ids=repr)
def test_save_and_load(network, tmp_path):
    path = tmp_path / "network"
    network.save(path)
    network.save(str(path))  # again, over the first
    loaded = MLP.load(path)
    assert repr(loaded) == repr(network)
    np.testing.assert_array_equal(loaded.theta, network.theta)
    X = np.ones((2, network.widths[0]))
    np.testing.assert_array_equal(loaded.predict(X), network.predict(X))
    assert [file.name for file in tmp_path.iterdir()] == ["network"]
    with np.load(path, allow_pickle=False) as file:  # and so without pickles
        assert sorted(file) == ["header", "theta"]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    MLP((2, 2), rng=0).save(path)
    before = path.read_bytes()

    def full_disk(descriptor):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space left"):
        MLP((5, 5), rng=0).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_load_wants_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        MLP.load(tmp_path / "nothing.npz")


def altered(**changes):
    """Return a saved network with entries of its header changed, or dropped if None."""
    network = MLP((2, 2), rng=0)
    header = {
        "format": "nnbook MLP",
        "version": 1,
        "widths": [2, 2],
        "hidden": [],
        "output": "softmax",
        "cost": "fitting",
        "weight_decay": 0.0,
    }
    theta = changes.pop("theta", network.theta)
    header = {k: v for k, v in (header | changes).items() if v is not None}
    file = io.BytesIO()
    np.savez(file, header=np.array(json.dumps(header)), theta=theta)
    return file.getvalue()


def archive(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def not_arrays():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("readme.txt", "hello")
    return file.getvalue()


FOREIGN = {
    "empty": (b"", "no .npz archive, or cut short"),
    "text": (b"hello", "no .npz archive, or cut short"),
    "cut short": (altered()[:-30], "no .npz archive, or cut short"),
    "another zip": (not_arrays(), "header is not a file"),
    "another npz": (archive(x=np.ones(3)), "header is not a file"),
    "no theta": (archive(header=np.array('{"format": "nnbook MLP"}')), "theta is not"),
    "objects": (archive(header=np.array([{}], dtype=object)), "allow_pickle=False"),
    "no JSON": (archive(header=np.array("{"), theta=np.ones(2)), "Expecting"),
    "another format": (altered(format="theirs"), "it holds something else"),
    "no format": (altered(format=None), "format"),
    "later version": (altered(version=2), "version 2, this nnbook reads 1: use the"),
    "no widths": (altered(widths=None), "widths"),
    "unknown entry": (altered(colour="red"), "colour"),
    "bad name": (altered(output="max"), "output is 'max'"),
    "other widths": (altered(widths=[2, 3]), r"theta has shape \(6,\)"),
    "integers": (altered(theta=np.arange(6)), "dtype is int64"),
    "not finite": (altered(theta=np.full(6, np.nan)), r"theta\[0\] is nan"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_load_refuses_foreign_files(name, tmp_path):
    content, reason = FOREIGN[name]
    path = tmp_path / "theirs.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as caught:
        MLP.load(path)
    assert "theirs.npz cannot be loaded as a network that MLP.save" in str(caught.value)


def test_the_altered_file_is_good_when_nothing_is_altered(tmp_path):
    path = tmp_path / "ours.npz"
    path.write_bytes(altered())
    np.testing.assert_array_equal(MLP.load(path).theta, MLP((2, 2), rng=0).theta)


def test_no_flipped_bit_goes_unnoticed(tmp_path):
    network, path = MLP((2, 3, 2), weight_decay=0.1, rng=0), tmp_path / "network.npz"
    network.save(path)
    content, refused = bytearray(path.read_bytes()), 0
    for i in range(0, len(content), 3):
        damaged = content.copy()
        damaged[i] ^= 1 << i % 8
        path.write_bytes(damaged)
        try:
            loaded = MLP.load(path)
        except ValueError:
            refused += 1
        else:  # a bit that holds nothing, such as one of a date
            assert repr(loaded) == repr(network)
            np.testing.assert_array_equal(loaded.theta, network.theta)
    assert refused > len(content) / 3 / 2


# --- Bad input ------------------------------------------------------------------------


def soft(**options):
    return MLP(**{"widths": (2, 3, 2), "rng": 0} | options)


def fit(network=None, X=((0, 0), (1, 1)), y=(0, 1), **options):
    options = {"eta": 0.1, "epochs": 1, "rng": 0} | options
    return (network or soft()).fit(X, y, **options)


Z_AND_A = soft().forward([[1.0, 2.0]])
BAD = [
    (lambda: count_parameters(5), TypeError, "widths is 5, expected several"),
    (lambda: count_parameters([5]), ValueError, r"widths is \(5,\), expected the"),
    (lambda: count_parameters([5, 0]), ValueError, r"widths\[1\] is 0"),
    (lambda: soft(widths=(2, 2.5)), TypeError, r"widths\[1\] is 2.5"),
    (lambda: soft(widths=(2, 3, 1)), ValueError, "softmax over one unit is always 1"),
    (lambda: soft(hidden="max"), ValueError, "hidden is 'max', expected one of"),
    (lambda: soft(widths=(2, 2), hidden="max"), ValueError, "hidden is 'max'"),
    (lambda: soft(hidden=["relu", "relu"]), ValueError, "names 2 activations, exp.* 1"),
    (lambda: soft(hidden=[]), ValueError, "names 0 activations, expected 1"),
    (lambda: soft(hidden=7), TypeError, "hidden is 7, expected a name or several"),
    (lambda: soft(output="relu"), ValueError, "output is 'relu'"),
    (lambda: soft(cost="hinge"), ValueError, "cost is 'hinge'"),
    (lambda: soft(cost="mse"), ValueError, "output 'softmax', expected output=\"sigm"),
    (lambda: soft(init="glorot"), ValueError, "init is 'glorot'"),
    (lambda: soft(weight_decay=-1), ValueError, "weight_decay is -1"),
    (lambda: soft(dtype=int), ValueError, "dtype is int64, expected float64"),
    (lambda: soft(rng="seed"), TypeError, "[Ss]eed"),
    (lambda: MLP.from_layers([], []), ValueError, "0 weights and 0 biases"),
    (lambda: MLP.from_layers([np.eye(2)], []), ValueError, "1 weights and 0 biases"),
    (
        lambda: MLP.from_layers([np.ones((3, 2)), np.ones((3, 2))], [[0] * 3, [0] * 3]),
        ValueError,
        r"weights\[1\] has shape \(3, 2\), expected \(units out, 3\).*transposed",
    ),
    (
        lambda: MLP.from_layers([np.eye(2)], [[0, 0, 0]]),
        ValueError,
        r"biases\[0\] has shape \(3,\), expected \(2,\): a bias for each unit",
    ),
    (lambda: MLP.from_layers([[[np.nan]]], [[0]]), ValueError, r"weights\[0\]\[0, 0\]"),
    (lambda: soft().split_parameters([1, 2]), ValueError, r"theta has shape \(2,\)"),
    (lambda: soft().forward([1, 2]), ValueError, r"X has shape \(2,\).*write \[x\]"),
    (lambda: soft().forward([[1, 2, 3]]), ValueError, "2 inputs in each"),
    (lambda: soft().forward(np.ones((0, 2))), ValueError, "not empty"),
    (lambda: soft().forward([[1, np.inf]]), ValueError, r"X\[0, 1\] is inf"),
    (lambda: soft().forward([["a", "b"]]), TypeError, "X holds"),
    (
        lambda: soft(dtype=np.float32).forward([[1e300, 0]]),
        ValueError,
        r"X as float32\[0, 0\] is inf",
    ),
    (lambda: soft().backward([], [], [0]), ValueError, "Z has 0 and A 0 .* 2 and 3"),
    (
        lambda: soft().backward(Z_AND_A[0], Z_AND_A[1][:-1], [0]),
        ValueError,
        "Z has 2 and A 2 entries",
    ),
    (
        lambda: soft().backward(Z_AND_A[0][::-1], Z_AND_A[1], [0]),
        ValueError,
        r"Z\[0\] has shape \(1, 2\), expected \(1, 3\)",
    ),
    (
        lambda: soft().backward(Z_AND_A[0], [[[1, 2], [3, 4]], *Z_AND_A[1][1:]], [0]),
        ValueError,
        r"A\[1\] has shape \(1, 3\), expected \(2, 3\)",
    ),
    (lambda: soft().backward(*Z_AND_A, [2]), ValueError, "y holds the label 2"),
    (lambda: soft().cost([[1, 2]], [-1]), ValueError, "label -1, expected 0 or 1"),
    (lambda: soft().cost([[1, 2]], [0.5]), ValueError, "label 0.5"),
    (lambda: soft().cost([[1, 2]], [0, 1]), ValueError, r"y has shape \(2,\)"),
    (lambda: soft().gradient([[1, 2]], [[0, 1]]), ValueError, r"y has shape \(1, 2\)"),
    (lambda: line(1).cost([[1]], [1, 2]), ValueError, "y has 2 entries, expected 1"),
    (lambda: line(1).cost([[1]], [[1, 2]]), ValueError, r"y has shape \(1, 2\)"),
    (lambda: line(1).cost([[1]], [np.nan]), ValueError, r"y\[0\] is nan"),
    (
        lambda: soft(output="sigmoid").cost([[1, 2]], [[0, 2]]),
        ValueError,
        "y holds the label 2, expected 0 or 1",
    ),
    (lambda: soft(output="sigmoid").cost([[1, 2]], [0]), ValueError, "y has shape"),
    (lambda: xor_network().cost([[0, 0]], [0]), ValueError, "threshold output has no"),
    (lambda: xor_network().gradient([[0, 0]], [0]), ValueError, "threshold output has"),
    (lambda: fit(xor_network()), ValueError, 'build the network with output="sigmoid"'),
    (lambda: line(1).predict_proba([[1]]), ValueError, "linear output gives no prob"),
    (lambda: xor_network().predict_proba([[1, 1]]), ValueError, "use predict"),
    (lambda: fit(X=[[0, 0]]), ValueError, r"y has shape \(2,\), expected \(1,\)"),
    (
        lambda: fit(optimizer="sgd"),
        ValueError,
        "optimizer is 'sgd', expected one of gd",
    ),
    (lambda: fit(eta=0), ValueError, "eta is 0"),
    (lambda: fit(eta="big"), TypeError, "eta is 'big'"),
    (lambda: fit(eta=lambda t: -1), ValueError, "eta is -1"),
    (lambda: fit(epochs=0), ValueError, "epochs is 0, expected at least 1"),
    (lambda: fit(epochs=1.5), TypeError, "epochs is 1.5"),
    (lambda: fit(batch_size=0), ValueError, "batch_size is 0"),
    (lambda: fit(alpha=0.9), TypeError, "alpha"),
    (lambda: fit(optimizer="momentum", alpha=1), ValueError, "alpha is 1"),
    (
        lambda: fit(patience=3),
        ValueError,
        r"patience needs .* give validation=\(X, y\)",
    ),
    (lambda: fit(patience=0, validation=([[0, 0]], [0])), ValueError, "patience is 0"),
    (
        lambda: fit(validation=7),
        TypeError,
        r"validation is int, expected a pair \(X, y",
    ),
    (lambda: fit(validation=([[0, 0]],)), TypeError, "expected a pair"),
    (lambda: fit(validation=([[0]], [0])), ValueError, "validation X has shape"),
    (lambda: fit(validation=([[0, 0]], [5])), ValueError, "validation y holds the lab"),
    (lambda: boolean_network([]), ValueError, "patterns is empty"),
    (lambda: boolean_network("01"), TypeError, "patterns is the string"),
    (lambda: pulse_network([0, 1], []), ValueError, "heights has shape"),
    (lambda: pulse_network([0, 1], [1, 2]), ValueError, "one edge more than heights"),
    (lambda: pulse_network([0, 0], [1]), ValueError, "expected increasing numbers"),
    (lambda: pulse_network([1, 0], [1]), ValueError, "expected increasing numbers"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_is_refused_with_a_reason(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_refused_fit_changes_nothing():
    network = soft()
    before = network.theta.copy()
    for options in ({"alpha": 0.9}, {"optimizer": "momentum", "alpha": 2}, {"eta": -1}):
        with pytest.raises((TypeError, ValueError)):
            fit(network, **options)
    np.testing.assert_array_equal(network.theta, before)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_works_in_every_hidden_layer(name):
    X, y = circles(10, noise=0.1, rng=0)
    network = MLP((2, 3, 3, 2), hidden=name, rng=0)
    history = network.fit(X, y, eta=0.1, epochs=30, batch_size=10, rng=1)
    assert history.cost[-1] < history.cost[0]


# What the messages say, word by word --------------------------------------------------

IDENTITY = np.eye(2)
MESSAGES = {
    "there are 0 weights and 0 biases, expected as many of each and at least one: "
    "one pair a layer": lambda: MLP.from_layers([], []),
    "there are 1 weights and 2 biases, expected as many of each and at least one: "
    "one pair a layer": lambda: MLP.from_layers([IDENTITY], [np.zeros(2)] * 2),
    "weights[0] has shape (2,), expected (units out, units in): a row for each unit of "
    "the layer, a column for each of the layer before; is it transposed?": lambda: (
        MLP.from_layers([np.zeros(2)], [np.zeros(2)])
    ),
    "weights[1] has shape (3, 1), expected (units out, 3): a row for each unit of the "
    "layer, a column for each of the layer before; is it transposed?": lambda: (
        MLP.from_layers([np.ones((3, 2)), np.ones((3, 1))], [np.zeros(3), np.zeros(1)])
    ),
    "biases[0] has shape (2,), expected (3,): a bias for each unit": lambda: (
        MLP.from_layers([np.ones((3, 2))], [np.zeros(2)])
    ),
    "edges has shape (2,), expected (3,): one edge more than heights": lambda: (
        pulse_network([0.0, 1.0], [1.0, 2.0])
    ),
    "heights has shape (1, 1), expected (m,)": lambda: pulse_network([0.0], [[1.0]]),
    "theta has shape (3,), expected (13,): one entry for each parameter": lambda: MLP(
        [2, 3, 1], output="linear", rng=0
    ).split_parameters(np.zeros(3)),
}


@pytest.mark.parametrize("words", MESSAGES)
def test_a_message_says_what_came_what_was_expected_and_what_to_do(words):
    with pytest.raises(ValueError, match="expected") as refused:
        MESSAGES[words]()
    assert str(refused.value) == words


def test_a_file_that_is_no_archive_is_called_that(tmp_path):
    (tmp_path / "text.npz").write_text("not an archive")
    with pytest.raises(ValueError, match=r"it is no \.npz archive, or cut short$"):
        MLP.load(tmp_path / "text.npz")
