"""The tests of the lab on backpropagation: from a graph by hand to digits read.

A network is a list of pairs (W, b), and so is a gradient. Every function is tested on
its own, with right arguments; one that uses earlier ones passes, too, if it is right
with the learner's own. Right answers come from `nnbook_utils`, wrong ones from the
mistakes that are named beside them.
"""

import copy
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from nnbook_utils import costs, datasets
from nnbook_utils import graph as graphs
from nnbook_utils import mlp as mlps
from nnbook_utils._inputs import Array
from nnbook_utils.activations import softmax as right_softmax
from nnbook_utils.checks._compare import Answer, agrees_with_own, call, expect, numbers

__all__ = [
    "IMPORTS",
    "by_hand",
    "claims",
    "cost_value",
    "graph_gradients",
    "graph_tie",
    "hidden_activations",
    "hidden_layers",
    "numeric",
    "output",
    "output_layer",
    "penalty",
    "planning",
    "reading",
    "scores_to_probabilities",
    "slope",
    "step",
    "training",
    "verdicts",
]

# What answers may import besides Python's own modules.
IMPORTS = (
    "numpy",
    "matplotlib",
    "nnbook_utils.datasets",
    "nnbook_utils.plots",
)

Network = list[tuple[Array, Array]]
Node = tuple[Any, ...]

LEAST = 0.94  # of the new digits have to be read rightly
WORDS = ("right", "sum", "sign", "penalty", "mask")


# Part 1: a graph ---------------------------------------------------------------------


def by_hand(came: Any, names: Sequence[str]) -> None:
    """Test derivatives of (x1 x2 + x3) max(x2, x3) at (3, 2, -1), found by hand.

    Parameters
    ----------
    came : mapping of str to float
        The learner's derivatives, under the names of the nodes.
    names : sequence of str
        Which of them to test.

    Raises
    ------
    NotImplementedError
        If one is still missing.
    AssertionError
        If one is wrong; the message names the mistake and not the answer.

    Source: the book on worked graphs.
    """
    if not isinstance(came, Mapping):
        raise AssertionError(f"by_hand is {came!r}, expected the dict of the task")
    x1, x2, x3 = 3.0, 2.0, -1.0
    v, m = x1 * x2 + x3, max(x2, x3)
    swap = "a product hands each factor its own value instead of the other's"
    right: dict[str, float] = {
        "v": m,
        "m": v,
        "u": m,
        "x1": m * x2,
        "x2": m * x1 + v,
        "x3": m,
    }
    mistakes: dict[str, dict[str, float]] = {
        "v": {swap: v},
        "m": {swap: m},
        "u": {swap: v, "the sum hands on 1 instead of what it got": 1.0},
        "x1": {
            swap: m * x1,
            "the local derivative x2 is left out": m,
            "what came from behind is left out": x2,
        },
        "x2": {
            "only the product delivers, and not the maximum": m * x1,
            "only the maximum delivers, and not the product": v,
            "the two deliveries are multiplied instead of added": m * x1 * v,
            swap: m * x2 + v,
        },
        "x3": {
            "the maximum hands something to its smaller input": m + v,
            "the sum's delivery is left out": 0.0,
            "the maximum shares equally, as it does only at a tie": m + v / 2,
        },
    }
    for name in names:
        expect(
            came.get(name),
            right[name],
            f"your derivative of f by {name}",
            mistakes=mistakes[name],
            reveal=False,
        )


def graph_gradients(function: Answer, seed: int | None = None) -> None:
    """Test ``gradients_of(graph, values)`` on a graph without ties.

    Parameters
    ----------
    function : callable, (list of tuple, list of float) -> (nodes,)
        The learner's walk from the end of a graph to its start.
    seed : int, optional
        Which random graph. If left out, the graph by hand and a neuron.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the chain rule and its graph.
    """
    neuron: list[Node] = [
        ("input", 2.0),
        ("input", -1.0),
        ("product", 0, 1),
        ("input", 1.5),
        ("sum", 2, 3),
        ("sigmoid", 4),
    ]
    first: list[Node] = [
        ("input", 3.0),
        ("input", 2.0),
        ("input", -1.0),
        ("product", 0, 1),
        ("sum", 3, 2),
        ("maximum", 1, 2),
        ("product", 4, 5),
    ]
    tested = (
        [(neuron, "of the neuron"), (first, "of part (a)")]
        if seed is None
        else [(_random_graph(seed), "of other numbers")]
    )
    for graph, name in tested:
        nodes = _values(graph)
        graphs.backward(nodes[-1])
        values = [node.data for node in nodes]
        came = call(
            function, {"graph": graph, "values": values}, f"on the graph {name}"
        )
        expect(
            came,
            [node.grad for node in nodes],
            f"your list of gradients, on the graph {graph},",
            mistakes={
                slip: _graph_gradients(graph, values, slip) for slip in GRAPH_SLIPS
            },
        )


def graph_tie(function: Answer, scale: float = 1.0) -> None:
    """Test ``gradients_of(graph, values)`` where a maximum has a tie.

    Parameters
    ----------
    function : callable, (list of tuple, list of float) -> (nodes,)
        The learner's walk from the end of a graph to its start.
    scale : float
        What the inputs are multiplied by.

    Raises
    ------
    AssertionError
        If the shares of the maximum do not sum to 1, or one is negative.

    Source: the book on worked graphs.
    """
    x1, x2 = 1.0 * scale, 2.0 * scale
    graph: list[Node] = [
        ("input", x1),
        ("input", x2),
        ("input", x2),
        ("maximum", 1, 2),
        ("product", 0, 3),
    ]
    came = call(
        function,
        {"graph": graph, "values": [x1, x2, x2, x2, x1 * x2]},
        "where the maximum has a tie",
    )
    _, first, second, whole, _ = numbers(came, (5,), "your list of gradients")
    expect(whole, x1, f"your gradient of the maximum, on the graph {graph},")
    text = (
        f"on the graph {graph} the maximum gets {whole:.6g} and has a tie; it hands "
        f"{first:.6g} and {second:.6g} to its inputs"
    )
    if math.isclose(first + second, 2 * whole, rel_tol=1e-9):
        raise AssertionError(
            f"{text}, all of it to both: that is no subgradient, the shares must "
            "sum to 1"
        )
    if not math.isclose(first + second, whole, rel_tol=1e-9, abs_tol=1e-12):
        raise AssertionError(f"{text}, but the shares must sum to 1")
    if min(first * whole, second * whole) < -1e-12:
        raise AssertionError(f"{text}, but no share may be negative")


GRAPH_SLIPS = (
    "a delivery overwrites the one before instead of being added to it",
    "a product hands each factor its own value instead of the other's",
    "a maximum hands on to both its inputs",
    "a maximum hands on to its smaller input",
    "the sigmoid's derivative is taken of its value instead of a (1 - a)",
    "what came from behind is left out: only local derivatives are added",
    "a sum hands on 1 instead of what it got",
    "the walk goes from the start to the end instead of backwards",
)


def _values(graph: list[Node]) -> list[graphs.Value]:
    """Return the nodes of a graph as the package computes them."""
    nodes: list[graphs.Value] = []
    for operation, *rest in graph:
        if operation == "input":
            nodes.append(graphs.Value(rest[0]))
            continue
        parents = [nodes[i] for i in rest]
        if operation == "sum":
            nodes.append(parents[0] + parents[1])
        elif operation == "product":
            nodes.append(parents[0] * parents[1])
        elif operation == "maximum":
            nodes.append(graphs.maximum(parents[0], parents[1]))
        else:
            nodes.append(parents[0].sigmoid())
    return nodes


def _graph_gradients(
    graph: list[Node], values: list[float], slip: str = ""
) -> list[float]:
    """Walk a graph from its end with one of the mistakes of `GRAPH_SLIPS`."""
    overwrite, own, both, smaller, twice, local_only, one, forwards = (
        slip == known for known in GRAPH_SLIPS
    )
    found = [0.0] * len(graph)
    found[-1] = 1.0
    places = range(len(graph)) if forwards else reversed(range(len(graph)))
    for place in places:
        operation, *rest = graph[place]
        if operation == "input":
            continue
        for slot, parent in enumerate(rest):
            other = rest[1 - slot] if len(rest) == 2 else parent
            if operation == "sum":
                local = 1 / found[place] if one and found[place] else 1.0
            elif operation == "product":
                local = values[parent] if own else values[other]
            elif operation == "maximum":
                wins = values[parent] > values[other]
                local = 1.0 if both or wins != smaller else 0.0
            else:
                a = values[place]
                if twice:
                    a = 1 / (1 + math.exp(-a))
                local = a * (1 - a)
            delivery = local if local_only else found[place] * local
            found[parent] = delivery if overwrite else found[parent] + delivery
    return found


def _random_graph(seed: int) -> list[Node]:
    """Make up a graph of three inputs and eight operations; the last uses the others.

    A node may be used several times, also twice by the same operation.
    """
    rng = np.random.default_rng(seed)
    # None near 0: a product with it would hide what comes from behind.
    inputs = rng.uniform(0.4, 1.6, 3).round(2) * rng.choice([-1, 1], 3)
    graph: list[Node] = [("input", float(value)) for value in inputs]
    operations = ["sum", "product", "maximum", "sum", "sigmoid", "maximum", "product"]
    for operation in [*rng.permutation(operations), "product"]:
        last = len(graph) - 1
        if operation == "sigmoid":
            graph.append(("sigmoid", last))
        elif operation == "maximum":  # never of a node with itself: that is a tie
            graph.append(("maximum", last, int(rng.integers(last))))
        else:
            graph.append((str(operation), int(rng.integers(last + 1)), last))
    return graph


# Part 2: the four equations ----------------------------------------------------------


def scores_to_probabilities(function: Answer, *, far: bool = False) -> None:
    """Test ``softmax(Z)``, row by row.

    Parameters
    ----------
    function : callable, (n, k) -> (n, k)
        The learner's softmax.
    far : bool
        Whether the rows lie far from each other, one above 0 and one below.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on output units.
    """
    tested = (
        [[[900.0, 901.0, 899.0], [-900.0, -902.0, -901.0]], [[0, 3], [800, 790]]]
        if far
        else [[[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]], [[1000.0, 1001.0], [999.0, 1000.0]]]
    )
    for rows in tested:
        Z = np.array(rows)
        with np.errstate(all="ignore"):
            E = np.exp(Z - Z.max(axis=1, keepdims=True))
            mistakes = {
                "the columns sum to 1 instead of the rows": (
                    right_softmax(Z.astype(float), axis=0)
                ),
                "all rows together sum to 1 instead of each": (
                    np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum()
                ),
                "the sum is taken over all rows instead of each": E / E.sum(),
                "it is not divided by the sum of the row": np.exp(Z),
                "the maximum is taken off and the sum forgotten": E,
                "the sign of the scores is turned round": right_softmax(-1.0 * Z),
                "the scores are divided by their sum, without an exponential": (
                    Z / Z.sum(axis=1, keepdims=True)
                ),
            }
        what = f"your softmax of {rows}"
        came = numbers(call(function, {"Z": Z}, f"with Z = {rows}"), Z.shape, what)
        if not np.isfinite(came).all():
            raise AssertionError(
                f"{what} is {came.tolist()}: an exponential overflows, or a whole row "
                "of them is 0. Take off from each row its own maximum first"
            )
        expect(came, right_softmax(Z.astype(float)), what, mistakes=mistakes)


def hidden_activations(
    function: Answer, seed: int = 21, widths: Sequence[int] = (3, 4, 4, 2)
) -> None:
    """Test what ``forward(network, X)`` gives before the last layer.

    Parameters
    ----------
    function : callable, (list of pairs, (n, d)) -> list of (n, units)
        The learner's forward pass: X, then the activations of each layer.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations.
    """
    network, X, _ = _case(seed, widths)
    # Whole numbers, as pixels from 0 to 16 are, have to do as well.
    for samples in (X, np.rint(4 * X).astype(int)):
        came = _layers(function, network, samples)
        right = _activations(network, samples)
        wrong = {slip: _wrong_forward(network, samples, slip) for slip in FORWARD_SLIPS}
        expect(came[0], samples, "the first entry of your list, which should be X,")
        for layer in range(1, len(network)):
            expect(
                came[layer],
                right[layer],
                f"your activations of layer {layer}",
                mistakes={name: found[layer] for name, found in wrong.items()},
            )


def output(
    function: Answer,
    softmax: Answer,
    seed: int = 22,
    widths: Sequence[int] = (3, 4, 3),
) -> None:
    """Test the probabilities that ``forward(network, X)`` gives at the end.

    Parameters
    ----------
    function : callable, (list of pairs, (n, d)) -> list of (n, units)
        The learner's forward pass.
    softmax : callable, (n, k) -> (n, k)
        The learner's own; what is wrong with it is not lost here once more.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations.
    """
    network, X, _ = _case(seed, widths)
    Z, right = _scores(network, X), _activations(network, X)[-1]
    what = "your probabilities, the last entry of your list,"
    came = numbers(_layers(function, network, X)[-1], right.shape, what)
    zero = np.zeros_like(came)
    if agrees_with_own(
        np.stack([zero, came]),
        lambda: np.stack([zero, _trust(softmax, Z)]),
    ):
        return
    W, b = network[-1]
    into = _activations(network, X)[-2]
    expect(
        came,
        right,
        what,
        mistakes={
            "the softmax is left out: these are the scores": Z,
            "the last layer has ReLU instead of softmax": np.maximum(Z, 0),
            "ReLU comes before the softmax in the last layer": (
                right_softmax(np.maximum(Z, 0))
            ),
            "the bias is left out": right_softmax(into @ W.T),
            "the last layer has a sigmoid instead of a softmax": 1 / (1 + np.exp(-Z)),
            "the softmax runs over the samples instead of the classes": (
                right_softmax(Z, axis=0)
            ),
            "the hidden layers have no activation": (
                right_softmax(
                    _wrong_forward(network[:-1], X, FORWARD_SLIPS[0])[-1] @ W.T + b
                )
            ),
        },
    )


def output_layer(
    function: Answer, seed: int = 23, widths: Sequence[int] = (3, 4, 2), n: int = 5
) -> None:
    """Test the last pair of ``backward(network, A, Y, lambda_)``: BP1, BP3 and BP4.

    Parameters
    ----------
    function : callable, (list of pairs, list, (n, k), float) -> list of pairs
        The learner's backward pass.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.
    n : int
        How many samples.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations.
    """
    network, X, Y = _case(seed, widths, n)
    came = _backward(function, network, X, Y, 0.0)
    wrong = _wrong_backwards(network, X, Y, 0.0)
    right = _gradient(network, X, Y, 0.0)
    _expect_pair(came, right, wrong, len(network) - 1)


def hidden_layers(
    function: Answer, seed: int = 24, widths: Sequence[int] = (3, 5, 4, 2), n: int = 6
) -> None:
    """Test ``backward(network, A, Y, lambda_)`` before the last layer: BP2.

    Parameters
    ----------
    function : callable, (list of pairs, list, (n, k), float) -> list of pairs
        The learner's backward pass.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network. If all are the same, a missing transpose has fitting shapes.
    n : int
        How many samples.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations.
    """
    network, X, Y = _case(seed, widths, n)
    came = _backward(function, network, X, Y, 0.0)
    right = _gradient(network, X, Y, 0.0)
    wrong = _wrong_backwards(network, X, Y, 0.0)
    # A factor that the last layer's error has, such as a missing 1/n, goes on
    # backwards. It was lost there, and is not lost here once more.
    factor = _common_factor(came[-1][0], right[-1][0])
    if factor != 1.0 and np.allclose(_flat(came[:-1]), factor * _flat(right[:-1])):
        return
    for layer in reversed(range(len(network) - 1)):
        _expect_pair(came, right, wrong, layer)


def penalty(
    function: Answer, seed: int = 25, widths: Sequence[int] = (2, 3, 2), n: int = 4
) -> None:
    """Test what lambda adds to ``backward(network, A, Y, lambda_)``.

    Parameters
    ----------
    function : callable, (list of pairs, list, (n, k), float) -> list of pairs
        The learner's backward pass.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.
    n : int
        How many samples.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the algorithm.
    """
    network, X, Y = _case(seed, widths, n)
    lambda_ = 0.3
    without = _backward(function, network, X, Y, 0.0)
    came = _backward(function, network, X, Y, lambda_)
    for layer, (W, b) in enumerate(network):
        share = lambda_ * W
        what = f"what lambda = {lambda_} adds to your {{}} of layer {layer + 1}"
        expect(
            came[layer][0] - without[layer][0],
            share,
            what.format("dW"),
            mistakes={
                "the penalty is left out": np.zeros_like(W),
                "the penalty's derivative is divided by the number of samples": (
                    share / n
                ),
                "the 1/2 of the penalty is left standing": share / 2,
                "the 1/2 of the penalty is forgotten": 2 * share,
                "the penalty itself is added instead of its derivative": (
                    lambda_ / 2 * W**2
                ),
                "its sign is turned round": -share,
            },
        )
        expect(
            came[layer][1] - without[layer][1],
            np.zeros_like(b),
            what.format("db"),
            mistakes={"the biases are penalised as well": lambda_ * b},
        )


# Part 3: the check -------------------------------------------------------------------


def cost_value(function: Answer, seed: int = 31, n: int = 5) -> None:
    """Test ``cost(P, Y, network, lambda_)``.

    Parameters
    ----------
    function : callable, ((n, k), (n, k), list of pairs, float) -> float
        The learner's cost.
    seed : int
        Which numbers to try it on.
    n : int
        How many samples.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on costs and on the algorithm.
    """
    network, X, Y = _case(seed, (3, 4, 3), n)
    sure = np.eye(3)[[0, 1]]
    for P, targets, lambda_ in (
        (_activations(network, X)[-1], Y, 0.0),
        (_activations(network, X)[-1], Y, 0.2),
        (0.5 * sure + 0.5 * sure[:, [0, 2, 1]], sure, 0.1),
    ):
        data = -np.log((P * targets).sum(axis=1))
        squares = sum((W**2).sum() for W, _ in network)
        share = lambda_ / 2 * squares
        fit, penalties = (
            float(data.mean()),
            sum(costs.weight_decay(W, lambda_) for W, _ in network),
        )
        biases = lambda_ / 2 * sum((b**2).sum() for _, b in network)
        what = f"your cost of {len(P)} samples with lambda = {lambda_}"
        came = call(
            function,
            {"P": P, "Y": targets, "network": network, "lambda_": lambda_},
            what.removeprefix("your cost "),
        )
        value = float(numbers(came, (), what))
        if not math.isfinite(value):
            raise AssertionError(
                f"{what} is {value}: some probabilities are 0 where the target is 0 "
                "as well, and 0 times log 0 is not a number. Pick out the "
                "probability of the right class first, then take the logarithm"
            )
        expect(
            value,
            fit + penalties,
            what,
            mistakes={
                "the cross-entropies are added up, not averaged": (
                    float(data.sum()) + share
                ),
                "the mean is taken over the classes, too": fit / P.shape[1] + share,
                "the minus in front of the logarithm is missing": share - fit,
                "the penalty is left out": fit,
                "the 1/2 of the penalty is missing": fit + 2 * share,
                "the penalty is divided by the number of samples": (
                    fit + share / len(P)
                ),
                "the biases are penalised as well": fit + share + biases,
                "the logarithm is not the natural one but that to base 2": (
                    fit / math.log(2) + share
                ),
                "only the last layer is penalised": (
                    fit + lambda_ / 2 * float((network[-1][0] ** 2).sum())
                ),
                "it is the squared error": (
                    float(((P - targets) ** 2).sum()) / (2 * len(P)) + share
                ),
            },
        )


def numeric(
    function: Answer,
    forward: Answer,
    cost: Answer,
    seed: int = 32,
    widths: Sequence[int] = (2, 3, 2),
) -> None:
    """Test ``numerical_gradients(network, X, Y, lambda_, epsilon)``.

    Parameters
    ----------
    function : callable, (list of pairs, (n, d), (n, k), float, float) -> list of pairs
        The learner's central differences.
    forward, cost : callable
        The learner's own; what is wrong with them is not lost here once more.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on gradient checking.
    """
    network, X, Y = _case(seed, widths)
    # This shift changes no probability. Without the softmax, scores stay positive, so
    # that there is a cost to be measured.
    network[-1] = network[-1][0], network[-1][1] + 20
    # So large that truncation shows, and with it which quotient was taken.
    epsilon, lambda_ = 0.05, 0.2
    here = _cost(network, X, Y, lambda_)

    def sound(moved: Network) -> float:
        return _cost(moved, X, Y, lambda_)

    def own(moved: Network) -> float:
        P = _trust(forward, moved, X)[-1]
        return float(_trust(cost, P, Y, moved, lambda_))

    plus, minus = _nudged(sound, network, epsilon), _nudged(sound, network, -epsilon)
    right = (plus - minus) / (2 * epsilon)
    no_penalty = [
        _nudged(lambda moved: _cost(moved, X, Y, 0.0), network, nudge)
        for nudge in (epsilon, -epsilon)
    ]
    fixed = _nudged(sound, network, 1e-4) - _nudged(sound, network, -1e-4)
    arguments = {
        "network": network,
        "X": X,
        "Y": Y,
        "lambda_": lambda_,
        "epsilon": epsilon,
    }
    came = _flat(
        _pairs(
            call(function, arguments, f"with epsilon = {epsilon}"),
            network,
            "your numerical gradients",
        )
    )
    zero = np.zeros_like(came)
    if agrees_with_own(
        np.stack([zero, came]),
        lambda: np.stack(
            [
                zero,
                (_nudged(own, network, epsilon) - _nudged(own, network, -epsilon))
                / (2 * epsilon),
            ]
        ),
    ):
        return
    expect(
        came,
        right,
        f"your numerical gradients with epsilon = {epsilon}, in one row,",
        mistakes={
            "the difference is one-sided, (C(up) - C) / epsilon": (
                (plus - here) / epsilon
            ),
            "the difference is one-sided and downwards, (C - C(down)) / epsilon": (
                (here - minus) / epsilon
            ),
            "it is divided by epsilon instead of 2 epsilon": 2 * right,
            "it is not divided at all": (plus - minus),
            "the sign is turned round": -right,
            "it is multiplied by 2 epsilon": (plus - minus) * 2 * epsilon,
            "the way down starts from the nudged weight, so it ends at the weight "
            "itself": (plus - here) / (2 * epsilon),
            "the penalty is left out of the cost": (
                (no_penalty[0] - no_penalty[1]) / (2 * epsilon)
            ),
            "epsilon is 1e-4 whatever is passed": fixed / 2e-4,
        },
        tolerance=1e-8,
    )


def claims() -> tuple[Network, Array, Array, float, dict[str, Network]]:
    """Return a network, samples, and four gradients that somebody claims it has.

    Returns
    -------
    network : list of pairs
        Of widths (4, 5, 3).
    X, Y : ndarray, (8, 4) and (8, 3)
        The samples and their targets.
    lambda_ : float
        Of the penalty.
    claimed : dict of str to list of pairs
        The gradients, under the letters A to D.

    Source: made up for the lab; the mistakes are those of the book on checking.
    """
    network, X, Y = _case(33, (4, 5, 3), 8)
    lambda_ = 0.1
    wrong = _wrong_backwards(network, X, Y, lambda_)
    return (
        network,
        X,
        Y,
        lambda_,
        {
            "A": wrong[NO_MASK],
            "B": _gradient(network, X, Y, lambda_),
            "C": _gradient(network, X, Y, 0.0),
            "D": wrong[SUM],
        },
    )


def verdicts(came: Any, letters: str = "") -> None:
    """Test the learner's verdicts on the four gradients of `claims`.

    Parameters
    ----------
    came : mapping of str to str
        A word for each letter.
    letters : str
        Which to test. If left out, only the form is tested, as visible tests do.

    Raises
    ------
    NotImplementedError
        If a verdict is still missing.
    AssertionError
        If the form is wrong, or a verdict is.

    Source: the book on gradient checking.
    """
    if not isinstance(came, Mapping) or set(came) != set("ABCD"):
        raise AssertionError(
            f"verdicts is {came!r}, expected the dict of the task, with A, B, C and D"
        )
    for letter, word in came.items():
        if word is None or word is Ellipsis:
            raise NotImplementedError(f"your verdict on {letter} is not yet answered")
        if word not in WORDS:
            raise AssertionError(
                f"your verdict on {letter} is {word!r}, expected one of "
                f"{', '.join(map(repr, WORDS))}"
            )
    right = {"A": "mask", "B": "right", "C": "penalty", "D": "sum"}
    look = {
        "A": "which layers agree with central differences, and which do not?",
        "B": "how large is its relative error, with lambda = 0.1?",
        "C": "what do the biases say, and what the weights?",
        "D": "divide it by the central differences, entry by entry, and mind lambda",
    }
    for letter in letters:
        if came[letter] != right[letter]:
            raise AssertionError(
                f'your verdict on {letter} is "{came[letter]}", which is not so: '
                f"{look[letter]}"
            )


# Part 4: training --------------------------------------------------------------------


def step(function: Answer, seed: int = 41, widths: Sequence[int] = (3, 4, 2)) -> None:
    """Test ``sgd_step(network, gradients, eta)``, one step on its own.

    Parameters
    ----------
    function : callable, (list of pairs, list of pairs, float) -> list of pairs
        The learner's step; it returns the new network.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the algorithm.
    """
    network, _, _ = _case(seed, widths)
    gradients, _, _ = _case(seed + 1, widths)
    eta = 0.25
    given = {"network": network, "gradients": gradients, "eta": eta}
    what = "your new network"
    came = _pairs(call(function, given, f"with eta = {eta}"), network, what)

    def moved(by_W: float, by_b: float) -> Network:
        return [
            (W + by_W * dW, b + by_b * db)
            for (W, b), (dW, db) in zip(network, gradients, strict=True)
        ]

    mistakes = {
        "the step goes up: the gradient is added": moved(eta, eta),
        "eta is left out": moved(-1, -1),
        "nothing has moved": network,
        "the biases have not moved": moved(-eta, 0),
        "the weights have not moved": moved(0, -eta),
        "only the step is returned": [(-eta * dW, -eta * db) for dW, db in gradients],
        "it is divided by eta": moved(-1 / eta, -1 / eta),
    }
    expect(
        _flat(came),
        _flat(moved(-eta, -eta)),
        f"{what}, in one row,",
        mistakes={name: _flat(wrong) for name, wrong in mistakes.items()},
    )


def training(
    function: Answer,
    forward: Answer,
    backward: Answer,
    sgd_step: Answer,
    seed: int = 42,
    widths: Sequence[int] = (3, 4, 2),
) -> None:
    """Test ``train(network, X, Y, batches, eta, lambda_)`` on a few steps.

    Parameters
    ----------
    function : callable, (list of pairs, (n, d), (n, k), list, float, float) -> list
        The learner's training; it returns the network after the last batch.
    forward, backward, sgd_step : callable
        The learner's own; what is wrong with them is not lost here once more.
    seed : int
        Which numbers to try it on.
    widths : sequence of int
        Of the network.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on training on digits.
    """
    network, X, Y = _case(seed, widths, 11)
    order = np.random.default_rng(seed).permutation(11)
    batches = [order[:4], order[4:8], order[8:], order[::2]]
    eta, lambda_ = 0.5, 0.1

    def run(
        rows_of: Sequence[Array], *, up: float = -1.0, lambda_: float = lambda_
    ) -> Network:
        now = network
        for rows in rows_of:
            slopes = _gradient(now, X[rows], Y[rows], lambda_)
            now = [
                (W + up * eta * dW, b + up * eta * db)
                for (W, b), (dW, db) in zip(now, slopes, strict=True)
            ]
        return now

    def own() -> Array:
        now: Any = network
        for rows in batches:
            A = _trust(forward, now, X[rows])
            slopes = _trust(backward, now, A, Y[rows], lambda_)
            now = _trust(sgd_step, now, slopes, eta)
        return np.stack([_flat(network), _flat(now)])

    start = network
    stale = network
    for rows in batches:
        slopes = _gradient(start, X[rows], Y[rows], lambda_)
        stale = [
            (W - eta * dW, b - eta * db)
            for (W, b), (dW, db) in zip(stale, slopes, strict=True)
        ]
    everything = np.arange(len(X))
    arguments = {
        "network": network,
        "X": X,
        "Y": Y,
        "batches": batches,
        "eta": eta,
        "lambda_": lambda_,
    }
    what = "your network after four batches"
    changed = ["network"] if _changes_network(sgd_step, network) else []
    came = _pairs(
        call(function, arguments, "on four batches", may_change=changed), network, what
    )
    if agrees_with_own(np.stack([_flat(network), _flat(came)]), own):
        return
    mistakes = {
        "the last batch is left out": run(batches[:-1]),
        "the first batch is left out": run(batches[1:]),
        "only the first batch is used": run(batches[:1]),
        "every step uses all samples instead of its batch": run([everything] * 4),
        "one step uses all samples, and the batches are forgotten": run([everything]),
        "every step takes its gradient at the start, not where the network is now": (
            stale
        ),
        "every step starts from the first network again": run(batches[-1:]),
        "the steps go up": run(batches, up=1.0),
        "the penalty is left out": run(batches, lambda_=0.0),
        "the batches come in the reverse order": run(batches[::-1]),
        "nothing has moved": network,
    }
    expect(
        _flat(came),
        _flat(run(batches)),
        f"{what}, in one row,",
        mistakes={name: _flat(wrong) for name, wrong in mistakes.items()},
    )


def planning(
    function: Answer,
    widths: Sequence[int] = (64, 64, 10),
    seed: int = 4,
    least: float = LEAST,
) -> None:
    """Test ``plan(n, widths)``: train by it, with our own functions, and read digits.

    Parameters
    ----------
    function : callable, (int, tuple of int) -> (list of pairs, list, float, float)
        The learner's plan: a network to start from, batches, eta and lambda.
    widths : sequence of int
        Of the network to train.
    seed : int
        Which digits are new, a quarter of all.
    least : float
        The share of them that has to be right.

    Raises
    ------
    AssertionError
        If the plan is none, or fewer digits are right; the message says how many.

    Source: the book on training on digits.
    """
    n, widths = len(_digits(seed)[0]), tuple(widths)
    came = call(function, {"n": n, "widths": widths}, f"with n = {n} and {widths}")
    if not isinstance(came, list | tuple) or len(came) != 4:
        raise AssertionError(
            f"your plan is a {type(came).__name__}, expected four things: "
            "`return network, batches, eta, lambda_`"
        )
    start, batches, eta, lambda_ = came
    shapes = [(np.zeros((out, into)), np.zeros(out)) for into, out in pairwise(widths)]
    network = _pairs(start, shapes, "your plan's network")
    for name, value in (("eta", eta), ("lambda_", lambda_)):
        numbers(value, (), f"your plan's {name}")
    rows = _rows_of(batches, n)
    share, finite = _share_by_plan(network, batches, eta, lambda_, seed)
    if share >= least:
        return
    if not finite:
        why = "The steps are too large: the weights grow without bound"
    elif len(widths) > 2 and np.ptp(network[0][0], axis=0).max() < 1e-12:
        why = "All units of the hidden layer start equal, and equal units stay equal"
    elif len(np.unique(rows)) < n / 2:
        why = f"The batches use only {len(np.unique(rows))} of the {n} samples"
    elif len(batches) * float(eta) < 20:
        why = "It has not gone far: more epochs, or a larger eta"
    else:
        why = "Try another eta, another lambda or smaller batches"
    raise AssertionError(
        f"by your plan, with our own functions, a network of the widths {widths} reads "
        f"{100 * share:.0f} of 100 new digits, expected at least {100 * least:.0f}. "
        f"{why}."
    )


def reading(
    function: Answer,
    plan: Answer,
    train: Answer,
    forward: Answer,
    widths: Sequence[int] = (64, 64, 10),
    seed: int = 4,
    least: float = LEAST,
) -> None:
    """Test how many digits ``learn_to_read(X, y, X_new, widths)`` reads rightly.

    Parameters
    ----------
    function : callable, ((n, 64), (n,), (m, 64), tuple of int) -> (m,)
        The learner's training from beginning to end; it returns what the new pictures
        show.
    plan, train, forward : callable
        The learner's own; what is wrong with them is not lost here once more.
    widths : sequence of int
        Of the network to train.
    seed : int
        Which digits are new, a quarter of all.
    least : float
        The share of them that has to be right.

    Raises
    ------
    AssertionError
        If fewer are right; the message says how many.

    Source: the book on training on digits.
    """
    X, X_new, y, y_new = _digits(seed)
    widths = tuple(widths)
    what = f"your reading of {len(y_new)} new digits with the widths {widths}"
    given = {"X": X, "y": y, "X_new": X_new, "widths": widths}
    came = call(function, given, "on the digits")
    if np.shape(came) == (len(y_new), 10):
        raise AssertionError(
            f"{what} has shape {np.shape(came)}: these are probabilities, expected for "
            "each picture the digit that is most probable, `argmax(axis=1)`"
        )
    if np.shape(came) == y.shape:
        raise AssertionError(
            f"{what} has shape {np.shape(came)}: are these the pictures of the "
            "training set? X_new are the ones to be read"
        )
    answers = numbers(came, y_new.shape, what)
    share = float(np.mean(answers == y_new))
    if share >= least:
        return
    none = np.full(len(X_new), -1.0)

    def own() -> Array:
        start, batches, eta, lambda_ = _trust(plan, len(X), widths)
        network = _trust(train, start, X, np.eye(10)[y], batches, eta, lambda_)
        read = np.asarray(_trust(forward, network, X_new)[-1]).argmax(axis=1)
        return np.stack([none, read])

    if agrees_with_own(np.stack([none, answers]), own):
        print(f"{what}: {100 * share:.0f} of 100 are right, which is too few.")
        print("It does what your other functions say, so nothing is lost here.")
        return
    why = ""
    if len(set(answers.tolist())) == 1:
        why = f" All pictures are read as {answers[0]:g}."
    elif share < 0.2:
        why = " By chance it would be 10 in 100: it has learned nothing of use."
    raise AssertionError(
        f"{what} is right in {100 * share:.0f} of 100, expected at least "
        f"{100 * least:.0f}.{why} Take the four things of your plan, one-hot targets, "
        "train, then the most probable digit of forward."
    )


def slope(function: Answer, seed: int = 51) -> None:
    """Test ``slope_along(network, X, Y, lambda_, direction, epsilon)``.

    Parameters
    ----------
    function : callable, -> (float, float)
        The learner's slope along a direction, by backpropagation and measured.
    seed : int
        Which numbers to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on gradient checking.
    """
    network, X, Y = _case(seed, (3, 4, 2))
    direction, _, _ = _case(seed + 1, (3, 4, 2))
    lambda_, epsilon = 0.2, 0.01

    def along(nudge: float) -> float:
        moved = [
            (W + nudge * U, b + nudge * u)
            for (W, b), (U, u) in zip(network, direction, strict=True)
        ]
        return _cost(moved, X, Y, lambda_)

    arguments = {
        "network": network,
        "X": X,
        "Y": Y,
        "lambda_": lambda_,
        "direction": direction,
        "epsilon": epsilon,
    }
    came = numbers(call(function, arguments, "on a small network"), (2,), "your pair")
    exact = float(_flat(_gradient(network, X, Y, lambda_)) @ _flat(direction))
    expect(came[0], exact, "your slope by backpropagation")
    measured = (along(epsilon) - along(-epsilon)) / (2 * epsilon)
    one_sided = (along(epsilon) - along(0)) / epsilon
    expect(
        came[1],
        measured,
        "your measured slope",
        mistakes={"the difference is one-sided": one_sided},
        tolerance=1e-8,
    )


def _digits(seed: int) -> tuple[Array, Array, Array, Array]:
    """Return pictures to learn from, pictures to be read, and the labels of each."""
    images, labels = datasets.digits()
    return datasets.split(images, labels, rng=seed)


def _rows_of(batches: Any, n: int) -> Array:
    """Return all row numbers of a plan's batches in one array, or say what is wrong."""
    if not isinstance(batches, list | tuple | np.ndarray) or len(batches) == 0:
        raise AssertionError("your plan's batches: expected a list of arrays of int")
    if len(batches) > 5000:
        raise AssertionError(
            f"your plan has {len(batches)} batches, expected at most 5000: that is "
            "plenty, and training should take a second or two"
        )
    rows = np.concatenate([np.ravel(batch) for batch in batches])
    if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n:
        raise AssertionError(
            f"your plan's batches hold other things than row numbers from 0 to {n - 1}"
        )
    return rows


def _share_by_plan(
    network: Network, batches: Any, eta: float, lambda_: float, seed: int
) -> tuple[float, bool]:
    """Train by a plan; return the share that is read, and whether it stayed finite."""
    X, X_new, y, y_new = _digits(seed)
    package = _package(network, float(lambda_))
    try:
        with np.errstate(all="ignore"):
            for batch in batches:
                package.theta[:] -= float(eta) * package.gradient(X[batch], y[batch])
            return float(np.mean(package.predict(X_new) == y_new)), True
    except (FloatingPointError, ValueError):
        return 0.0, False


# Networks as lists of pairs ----------------------------------------------------------

FORWARD_SLIPS = (
    "the hidden layers have no activation",
    "the bias is left out",
    "the hidden layers have a sigmoid instead of ReLU",
    "the hidden layers have tanh instead of ReLU",
    "W is not transposed: A @ W instead of A @ W.T",
    "the bias is subtracted",
    "the hidden layers have the softmax, too",
)

SUM = "the sum over the samples is not divided by n"
NO_MASK = "f'(z) is left out of BP2: errors pass where ReLU is shut, too"
BACKWARD_SLIPS = (
    SUM,
    NO_MASK,
    "the sign is turned round: target minus prediction",
    "the biases' gradient is divided by n twice",
    "the biases get the sum over the units instead of that over the samples",
    "the output's error is multiplied by a (1 - a), which had cancelled",
    "BP2 goes through W instead of its transpose",
    "BP2 uses f'(z) of the wrong layer, the one after",
    "BP2 uses a (1 - a), the derivative of the sigmoid, instead of that of ReLU",
    "BP4 uses the activations of the layer itself instead of those that came in",
    "BP4 comes out transposed",
    "BP2 is done before BP4: each dW uses the error of the layer before",
)


def _case(seed: int, widths: Sequence[int], n: int = 6) -> tuple[Network, Array, Array]:
    """Make up a network, samples and one-hot targets, no pre-activation near 0."""
    rng = np.random.default_rng(seed)
    network = [
        (rng.normal(0, 1, (out, into)), rng.normal(0, 0.5, out))
        for into, out in pairwise(widths)
    ]
    X = rng.normal(size=(n, widths[0]))
    Y = np.eye(widths[-1])[rng.integers(widths[-1], size=n)]
    return network, X, Y


def _package(network: Network, lambda_: float = 0.0) -> mlps.MLP:
    weights, biases = zip(*network, strict=True)
    return mlps.MLP.from_layers(weights, biases, weight_decay=lambda_)


def _activations(network: Network, X: Array) -> list[Array]:
    """Return X and the activations of each layer, as the package computes them."""
    return _package(network).forward(X)[1]


def _scores(network: Network, X: Array) -> Array:
    return _package(network).forward(X)[0][-1]


def _cost(network: Network, X: Array, Y: Array, lambda_: float) -> float:
    return _package(network, lambda_).cost(X, Y.argmax(axis=1))


def _gradient(network: Network, X: Array, Y: Array, lambda_: float) -> Network:
    package = _package(network, lambda_)
    found = package.split_parameters(package.gradient(X, Y.argmax(axis=1)))
    return list(zip(*found, strict=True))


def _wrong_forward(network: Network, X: Array, slip: str) -> list[Array]:
    """Return the activations of layers with ReLU, with one of `FORWARD_SLIPS`."""
    A = [np.asarray(X)]
    for W, b in network:
        turned = slip == FORWARD_SLIPS[4] and W.shape[0] == W.shape[1]
        Z = A[-1] @ (W if turned else W.T)
        if slip == FORWARD_SLIPS[5]:
            Z = Z - b
        elif slip != FORWARD_SLIPS[1]:
            Z = Z + b
        if slip == FORWARD_SLIPS[0]:
            A.append(Z)
        elif slip == FORWARD_SLIPS[2]:
            A.append(1 / (1 + np.exp(-Z)))
        elif slip == FORWARD_SLIPS[3]:
            A.append(np.tanh(Z))
        elif slip == FORWARD_SLIPS[6]:
            A.append(right_softmax(Z))
        else:
            A.append(np.maximum(Z, 0))
    return A


def _wrong_backwards(
    network: Network, X: Array, Y: Array, lambda_: float
) -> dict[str, Network]:
    """Return what each of `BACKWARD_SLIPS` gives, where its shapes fit together."""
    A = _activations(network, X)
    found = {}
    for slip in BACKWARD_SLIPS:
        try:
            found[slip] = _wrong_backward(network, A, Y, lambda_, slip)
        except ValueError:  # the shapes do not fit, so NumPy names this one
            continue
    return found


def _wrong_backward(
    network: Network, A: list[Array], Y: Array, lambda_: float, slip: str
) -> Network:
    (
        total,
        no_mask,
        sign,
        twice,
        over_units,
        with_derivative,
        no_transpose,
        mask_after,
        sigmoid,
        own_activation,
        turned,
        early,
    ) = (slip == known for known in BACKWARD_SLIPS)
    n = len(Y)
    D = (Y - A[-1] if sign else A[-1] - Y) / (1 if total else n)
    if with_derivative:
        D = D * A[-1] * (1 - A[-1])
    found: Network = []
    for i in reversed(range(len(network))):
        W, _ = network[i]
        back = D @ (W.T if no_transpose else W)
        if mask_after:
            back = back * (A[i + 1] > 0)
        elif sigmoid:
            back = back * A[i] * (1 - A[i])
        elif not no_mask:
            back = back * (A[i] > 0)
        if early:
            D = back
        dW = D.T @ (A[i + 1] if own_activation else A[i])
        dW = (dW.T if turned else dW) + lambda_ * W
        db = D.sum(axis=1) if over_units else D.sum(axis=0)
        found.append((dW, db / n if twice else db))
        D = back
    return found[::-1]


def _nudged(cost: Answer, network: Network, nudge: float) -> Array:
    """Return the cost with each parameter moved by `nudge`, the others held."""
    found = []
    for layer, pair in enumerate(network):
        for part, values in enumerate(pair):
            for place in np.ndindex(values.shape):
                moved = [list(two) for two in network]
                moved[layer][part] = values.copy()
                moved[layer][part][place] += nudge
                found.append(cost([tuple(two) for two in moved]))
    return np.array(found)


def _trust(function: Answer, *arguments: Any) -> Any:
    """Call an answer on copies: what it does to them was looked at in its own test."""
    return function(*copy.deepcopy(arguments))


def _changes_network(sgd_step: Answer, network: Network) -> bool:
    """Tell whether a learner's step writes into the network that it is given."""
    given = copy.deepcopy(network)
    try:
        sgd_step(given, copy.deepcopy(network), 1.0)
    except Exception:
        return False
    return not np.array_equal(_flat(given), _flat(network))


def _flat(network: Any) -> Array:
    return np.concatenate([np.ravel(part) for pair in network for part in pair])


def _layers(function: Answer, network: Network, X: Array) -> list[Any]:
    """Call a learner's forward pass and see that it returns a list of all layers."""
    came = call(function, {"network": network, "X": X}, f"on {len(X)} samples")
    wanted = len(network) + 1
    if not isinstance(came, list | tuple):
        raise AssertionError(
            f"your forward returns {type(came).__name__} of shape {np.shape(came)}, "
            f"expected a list of {wanted} arrays: X, then the activations of each layer"
        )
    if len(came) != wanted:
        hint = " Is X missing in front?" if len(came) == wanted - 1 else ""
        raise AssertionError(
            f"your forward returns a list of {len(came)}, expected {wanted} arrays: X, "
            f"then the activations of each of the {len(network)} layers.{hint}"
        )
    return list(came)


def _backward(
    function: Answer, network: Network, X: Array, Y: Array, lambda_: float
) -> Network:
    given = {
        "network": network,
        "A": _activations(network, X),
        "Y": Y,
        "lambda_": lambda_,
    }
    came = call(function, given, f"on {len(X)} samples with lambda = {lambda_}")
    return _pairs(came, network, "your gradients")


def _pairs(came: Any, network: Network, what: str) -> Network:
    """Return an answer as a pair of arrays for each layer, in the network's shapes."""
    layers = len(network)
    wanted = f"expected a list of {layers} pairs, one for each layer, the first first"
    if not isinstance(came, list | tuple) or len(came) != layers:
        size = f" of length {len(came)}" if isinstance(came, list | tuple) else ""
        raise AssertionError(f"{what}: a {type(came).__name__}{size}, {wanted}")
    if any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in came):
        raise AssertionError(f"{what}: an entry is no pair, {wanted}")

    def shapes(pairs: Any) -> list[Any]:
        return [tuple(np.shape(part) for part in pair) for pair in pairs]

    if shapes(came) != shapes(network):
        if shapes(came[::-1]) == shapes(network):
            raise AssertionError(
                f"{what} come with the last layer first: turn the list round, `[::-1]`"
            )
        if shapes(zip(*came, strict=True)) == shapes(network):
            raise AssertionError(
                f"{what} come as a list for W and a list for b, {wanted}"
            )
        if [pair[::-1] for pair in shapes(came)] == shapes(network):
            raise AssertionError(f"{what} have the bias first, expected (dW, db)")
    return [
        (
            numbers(one, W.shape, f"{what}: the W part of layer {layer}"),
            numbers(other, b.shape, f"{what}: the b part of layer {layer}"),
        )
        for layer, ((one, other), (W, b)) in enumerate(
            zip(came, network, strict=True), start=1
        )
    ]


def _expect_pair(
    came: Network, right: Network, wrong: Mapping[str, Network], layer: int
) -> None:
    for part, name in ((0, "dW"), (1, "db")):
        expect(
            came[layer][part],
            right[layer][part],
            f"your {name} of layer {layer + 1}",
            mistakes={slip: found[layer][part] for slip, found in wrong.items()},
        )


def _common_factor(came: Array, right: Array) -> float:
    """Return the one number that makes `right` to what came; 1 if there is none."""
    factor = float(np.sum(came * right) / np.sum(right * right))
    same = abs(factor) > 1e-9 and np.allclose(came, factor * right, rtol=1e-9)
    return factor if same else 1.0
