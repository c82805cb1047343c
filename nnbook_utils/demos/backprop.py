"""Backpropagation through small graphs, one step at a time, in both directions."""

from itertools import pairwise
from typing import Any

from traitlets import Dict, Enum, Int, TraitError, Unicode, validate

from nnbook_utils.demos._demo import Demo, Finite

BOUND = 100.0


def _leaves(*widths: int) -> set[str]:
    keys = {f"x{k + 1}" for k in range(widths[0])}
    keys |= {f"y{k + 1}" for k in range(widths[-1])}
    for layer, (m, n) in enumerate(pairwise(widths), start=1):
        keys |= {f"b{layer}_{j + 1}" for j in range(n)}
        keys |= {f"W{layer}_{j + 1}{k + 1}" for j in range(n) for k in range(m)}
    return keys


LEAVES = {
    "product": {"x1", "x2", "x3"},
    "neuron": {"w0", "x0", "w1", "x1", "w2"},
    "regression": {"w", "x", "b", "y"},
    "2-2-1": _leaves(2, 2, 1),
    "2-3-2": _leaves(2, 3, 2),
}


class Backprop(Demo):
    """Forward, backward and update of a small graph, a step at a time.

    The reader goes by one operation, one layer or one pass, forwards and backwards.
    The formula, the node with its edges, and the row of the table light up together.

    Parameters
    ----------
    graph : {"product", "neuron", "regression", "2-2-1", "2-3-2"}
        A sum times a maximum, a sigmoid unit, one sample of a linear regression, or a
        network: with one sigmoid output, or with a softmax over two classes.
    values : dict of str to float
        Inputs, weights and targets that differ from those of the book, within -100 and
        100: by the name of the leaf, such as "x1", and in networks "W1_21" for the
        weight of layer 1 to unit 2 from unit 1, "b1_2", "y1".
    step : int
        How many single steps have been taken since the start. A pass takes one for
        each operation, for each gradient and for each weight; the next pass goes on.
    grain : {"operation", "layer", "pass"}
        How far a press of the button goes.
    eta : float
        The step size, from 0.001 to 10.
    hidden : {"tanh", "sigmoid", "relu"}
        The activation of the hidden units of a network.
    cost : {"entropy", "squared"}
        Of the network with one sigmoid output.
    picked : str
        The name of a node that is looked at in place of the current one, or empty.

    Raises
    ------
    traitlets.TraitError
        If a value is of another type, out of bounds, or belongs to no leaf of the
        graph.

    Notes
    -----
    Source: Linnainmaa (1970); Rumelhart, Hinton and Williams (1986). Its graphs are
    those of the book's section on worked graphs.
    """

    module = "backprop"
    sentence = (
        "A live figure: go through a small graph forward, backward and through an "
        "update, one step at a time."
    )

    graph = Enum(list(LEAVES), "product").tag(sync=True)
    values = Dict(Finite(), key_trait=Unicode()).tag(sync=True)
    step = Int(0, min=0).tag(sync=True)
    grain = Enum(["operation", "layer", "pass"], "operation").tag(sync=True)
    eta = Finite(0.1, min=0.001, max=10.0).tag(sync=True)
    hidden = Enum(["tanh", "sigmoid", "relu"], "tanh").tag(sync=True)
    cost = Enum(["entropy", "squared"], "entropy").tag(sync=True)
    picked = Unicode("").tag(sync=True)

    @validate("values")
    def _fitting(self, proposal: Any) -> dict[str, float]:
        values: dict[str, float] = proposal["value"]
        known = LEAVES[self.graph]
        for name, value in values.items():
            if name not in known:
                raise TraitError(
                    f"values has {name!r}, but the leaves of {self.graph!r} are "
                    f"{', '.join(sorted(known))}"
                )
            if not -BOUND <= value <= BOUND:
                raise TraitError(f"values[{name!r}] is {value}, expected -100 to 100")
        return values
