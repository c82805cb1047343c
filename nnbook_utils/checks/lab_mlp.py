"""The tests of the lab on multilayer perceptrons: forward pass, XOR, Boolean, pulses.

A network is a list of layers, each a pair (W, b): plain data, which the tests run with
`nnbook_utils.mlp`. So networks are judged by what they answer, not by their numbers,
and an error in the learner's own forward pass takes nothing from them. All data are
whole numbers or small binary fractions, so that a tie is a tie.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from nnbook_utils import activations, datasets, mlp
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    _show,
    call,
    expect,
    expect_whole,
    numbers,
    shape_of,
)

__all__ = [
    "IMPORTS",
    "boolean_layers",
    "count_parameters",
    "forward",
    "layer",
    "minterm_unit",
    "parity_layers",
    "pieces",
    "pulse_layers",
    "pulse_row",
    "pulses_needed",
    "units_needed",
    "xor",
]

# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib", "nnbook_utils.datasets", "nnbook_utils.plots")

Layers = list[tuple[Array, Array]]
FUNCTIONS = {
    "threshold": activations.threshold,
    "relu": activations.relu,
    "identity": activations.identity,
}


# Part 1: the forward pass ------------------------------------------------------------


def layer(
    function: Answer, seed: int = 11, n: int = 4, d: int = 2, units: int = 3
) -> None:
    """Test ``layer(A, W, b)`` on a batch, and on one where W is square.

    Parameters
    ----------
    function : callable, (n, d), (units, d), (units,) -> (n, units)
        The learner's layer, which returns the pre-activations.
    seed : int
        Which numbers to try it on.
    n, d, units : int
        How many samples, units in and units out.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 1.
    """
    rng = np.random.default_rng(seed)
    for inputs in (d, units):
        A = _whole(rng, (n, inputs))
        W, b = _whole(rng, (units, inputs)), _whole(rng, (units,))
        setting = f"on {n} samples with {inputs} inputs and {units} units"
        right = A @ W.T + b
        mistakes = {
            "the bias stands inside the sum and is added once for each input": (
                A @ W.T + inputs * b
            ),
            "the bias is left out": A @ W.T,
            "the bias is subtracted": A @ W.T - b,
            "a threshold is applied already: Z comes before it": (
                activations.threshold(right)
            ),
            "negative numbers are cut off already: Z comes before that": (
                activations.relu(right)
            ),
        }
        if inputs == units:
            mistakes["W is not transposed, which no shape betrays here"] = A @ W + b
        expect(
            call(function, {"A": A, "W": W, "b": b}, setting),
            right,
            f"your Z {setting}",
            mistakes=mistakes,
        )


def forward(
    function: Answer,
    own_layer: Answer | None = None,
    *,
    seed: int = 14,
    n: int = 5,
    widths: tuple[int, ...] = (3, 4, 2, 3),
    functions: tuple[str, ...] = ("relu", "threshold", "identity"),
) -> None:
    """Test ``forward(X, layers, functions)``, layer after layer.

    Parameters
    ----------
    function : callable, (n, d), list of (W, b), list of str -> list of (n, units)
        The learner's forward pass; it returns X and the activations of each layer.
    own_layer : callable, (n, d), (units, d), (units,) -> (n, units), optional
        The learner's layer. A pass that puts it together rightly is accepted, even if
        the layer is wrong: that is lost where the layer is asked for.
    seed : int
        Which numbers to try it on.
    n : int
        How many samples.
    widths : tuple of int
        How many units each layer has, the inputs first.
    functions : tuple of str
        The activation function of each layer.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 1.
    """
    rng = np.random.default_rng(seed)
    X, layers = _network(rng, n, widths, functions)
    setting = f"with widths {'-'.join(map(str, widths))} and {', '.join(functions)}"
    try:
        _hold_forward(function, X, layers, functions, setting)
    except AssertionError:
        # With as many samples as units the learner's layer fails at no shape, and a
        # unit without weights has a tie in whatever way its layer is wrong: so what
        # puts the layers together can be seen.
        square, even = _network(rng, 4, (4,) * len(widths), functions)
        for W, b in even:
            W[0] = W[:, 0] = b[0] = 0
        if (
            own_layer
            and not _is_right_layer(own_layer, X, *layers[0])
            and _is_own_pass(function, own_layer, square, even, functions)
        ):
            return
        raise


def _hold_forward(
    function: Answer,
    X: Array,
    layers: Layers,
    functions: tuple[str, ...],
    setting: str,
) -> None:
    given = {"X": X, "layers": layers, "functions": list(functions)}
    came = call(function, given, setting)
    if not isinstance(came, list | tuple):
        raise AssertionError(
            f"your forward {setting} returns {_show(came)}, expected a list of arrays: "
            "X and the activations of each layer"
        )
    if len(came) != len(layers) + 1:
        hint = {
            len(layers): "is X at its start, and the last layer at its end?",
            1: "what each layer gives is asked for, not the end only",
        }.get(len(came), "X and then one for each layer")
        raise AssertionError(
            f"your list {setting} has {len(came)} entries, expected {len(layers) + 1}: "
            f"{hint}"
        )
    expect(came[0], X, "the first entry of your list, which should be X")
    A = X
    for i, ((W, b), name) in enumerate(zip(layers, functions, strict=True)):
        Z = A @ W.T + b
        A = FUNCTIONS[name](Z)
        mistakes = {
            "its function is not applied": Z,
            "a threshold at a tie, z = 0, answers 0": np.where(Z > 0, 1, 0),
            "a threshold answers -1 and 1": np.where(Z >= 0, 1, -1),
            "ReLU takes the size instead of cutting off": np.abs(Z),
            "ReLU keeps the negative numbers": np.minimum(Z, 0),
            **{
                f"{other} is applied to it in place of {name}": FUNCTIONS[other](Z)
                for other in FUNCTIONS
                if other != name
            },
        }
        if name == "identity":
            del mistakes["its function is not applied"]
        elif name != "threshold":
            del mistakes["a threshold at a tie, z = 0, answers 0"]
        expect(
            came[i + 1],
            A,
            f"your activations of layer {i + 1} of {len(layers)} {setting}",
            mistakes=mistakes,
        )


def count_parameters(
    function: Answer, widths: tuple[tuple[int, ...], ...] = ((6, 5, 10, 3), (2, 2, 1))
) -> None:
    """Test ``count_parameters(widths)``.

    Parameters
    ----------
    function : callable, list of int -> int
        The learner's count.
    widths : tuple of tuples of int
        The networks to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 1.
    """
    for one in widths:
        right, name = mlp.count_parameters(one), "-".join(map(str, one))
        expect_whole(
            call(function, {"widths": list(one)}, f"for {name}"),
            right,
            f"your number of parameters of {name}",
            {
                "the biases are left out": sum(m * n for m, n in pairwise(one)),
                "the inputs have biases too": right + one[0],
                "each layer has a bias for every unit of the layer before": sum(
                    m * (n + 1) for m, n in pairwise(one)
                ),
                "each layer has one bias for all its units": sum(
                    m * n + 1 for m, n in pairwise(one)
                ),
                "the units are counted, not the parameters": sum(one),
                "the last layer is left out": mlp.count_parameters(one[:-1])
                if len(one) > 2
                else 0,
            },
        )


# Part 2: XOR -------------------------------------------------------------------------


def xor(came: Any, inputs: str = "bits") -> None:
    """Test a network for XOR on all four inputs.

    Parameters
    ----------
    came : list of pairs (W, b)
        The learner's layers: two hidden threshold units and one output unit.
    inputs : {"bits", "signs"}
        Whether off and on are 0 and 1, or -1 and 1.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which inputs.

    Source: the lab on multilayer perceptrons, part 2; Minsky and Papert (1969).
    """
    bits, right = datasets.gate("xor")
    signs = 2 * bits - 1
    X, other = (bits, signs) if inputs == "bits" else (signs, bits)
    layers = _layers(came, "your network for XOR", inputs=2)
    if [len(W) for W, _ in layers] != [2, 1]:
        widths = "-".join(str(len(W)) for W, _ in layers)
        raise AssertionError(
            f"your network for XOR has layers of {widths} units, expected 2-1: two "
            "hidden units and one output unit"
        )
    hidden, output = _run(layers, X)
    if np.array_equal(output[:, 0], right):
        return
    column = output[:, 0].tolist()
    names = ("and", "or", "nand", "nor", "xnor")
    named = [name for name in names if datasets.gate(name)[1].tolist() == column]
    if np.array_equal(_run(layers, other)[-1][:, 0], right):
        reason = f"it is right if off and on are {'-1' if X is bits else '0'} and 1"
    elif named:
        reason = f"it computes {named[0].upper()}"
    elif len(set(column)) == 1:
        reason = f"it answers {column[0]:g} to everything"
    else:
        reason = "look at the hidden units first"
    rows = [
        f"{x.astype(int).tolist()} makes the hidden units {h.astype(int).tolist()} "
        f"and the output {a:g}, expected {y:g}"
        for x, h, a, y in zip(X, hidden, column, right, strict=True)
        if a != y
    ]
    raise AssertionError(f"your network for XOR: {'; '.join(rows)}. Note: {reason}.")


# Part 3: any Boolean function --------------------------------------------------------


def minterm_unit(
    function: Answer, patterns: tuple[str, ...] = ("00110", "10", "111")
) -> None:
    """Test ``minterm_unit(pattern)`` on all inputs of so many bits.

    Parameters
    ----------
    function : callable, str -> (d,), float
        The learner's unit: weights and bias.
    patterns : tuple of str
        What to recognise.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which input.

    Source: the lab on multilayer perceptrons, part 3.
    """
    for pattern in patterns:
        X, right = datasets.minterms([pattern])
        p = np.array([float(bit) for bit in pattern])
        d, k = len(p), p.sum()
        what = f"your unit for {pattern}"
        came = call(function, {"pattern": pattern}, "")
        w, b = _unit(came, d, what)
        answers = (X @ w + b >= 0).astype(int)
        if np.array_equal(answers, right):
            continue
        mistakes = {
            "an input that is off has the weight 0 instead of -1": (p, 0.5 - k),
            "the sign of the bias is turned round": (2 * p - 1, k - 0.5),
            "the bias counts all inputs, not those that are on": (2 * p - 1, 0.5 - d),
            "the number of ones is left out of the bias": (2 * p - 1, 0.5),
            "the bias asks for one input more than there are ones": (2 * p - 1, -k - 1),
            "the bias asks for half an input more than there are ones": (
                2 * p - 1,
                -k - 0.5,
            ),
            "the pattern is read from right to left": (2 * p[::-1] - 1, 0.5 - k),
            "on and off are exchanged": (1 - 2 * p, 0.5 - (d - k)),
            "the signs of the weights are exchanged": (1 - 2 * p, 0.5 - k),
        }
        named = [
            name
            for name, (weights, bias) in mistakes.items()
            if np.allclose(w, weights) and np.isclose(b, bias)
        ]
        reason = f" This is what comes out when {named[0]}." if named else ""
        raise AssertionError(
            f"{what}, w = {w.tolist()} and b = {b:g}, "
            f"{_first_difference(answers, right, X)}.{reason}"
        )


def boolean_layers(
    function: Answer,
    own_unit: Answer | None = None,
    *,
    patterns: tuple[str, ...] = datasets.FIVE_VARIABLES,
) -> None:
    """Test ``boolean_layers(patterns)`` on all inputs.

    Parameters
    ----------
    function : callable, list of str -> list of (W, b)
        The learner's network, with one hidden unit for each pattern.
    own_unit : callable, str -> (d,), float, optional
        The learner's unit for one pattern. A network that puts such units together
        rightly is accepted: what is wrong in them is lost where they are asked for.
    patterns : tuple of str
        The inputs on which the function is true.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which input.

    Source: the lab on multilayer perceptrons, part 3.
    """
    X, right = datasets.minterms(patterns)
    d, m = X.shape[1], len(patterns)
    what = f"your network for {', '.join(patterns)}"
    came = call(function, {"patterns": list(patterns)}, f"with {', '.join(patterns)}")
    layers = _layers(came, what, inputs=d, outputs=1)
    if len(layers) != 2 or len(layers[0][0]) != m:
        widths = "-".join(str(len(W)) for W, _ in layers)
        raise AssertionError(
            f"{what} has layers of {widths} units, expected {m}-1: a hidden unit for "
            "each pattern, and one output unit"
        )
    hidden, output = _run(layers, X)
    answers = output[:, 0].astype(int)
    if np.array_equal(answers, right):
        return
    if own_unit and _puts_own_together(layers, own_unit, patterns):
        return
    on = hidden.sum(axis=1)
    reasons = {
        "the output asks for none of the hidden units": on == 0,
        "the output asks for more than one hidden unit at a time": on >= 2,
        "the output answers 1 even if no hidden unit is on: its bias is not negative": (
            on >= 0
        ),
    }
    named = [k for k, column in reasons.items() if np.array_equal(answers, column)]
    if not np.array_equal(on > 0, right):
        named = ["the hidden units do not recognise one pattern each"]
    reason = f" It looks as if {named[0]}." if named else ""
    raise AssertionError(f"{what} {_first_difference(answers, right, X)}.{reason}")


def units_needed(came: Any) -> None:
    """Test the number of hidden units for "at least three of six inputs are on".

    Parameters
    ----------
    came : int
        The learner's number.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 3.
    """
    on = datasets.truth_table(6).sum(axis=1)
    expect_whole(
        came,
        int((on >= 3).sum()),
        "your number of hidden units",
        {
            "exactly three inputs are on": int((on == 3).sum()),
            "at most three inputs are on": int((on <= 3).sum()),
            "the inputs on which it is false are counted, or those with more than "
            "three": int((on < 3).sum()),
            "all inputs are counted": len(on),
            "half of all inputs are counted": len(on) // 2,
            "the three inputs themselves are counted": 3,
            "one threshold unit is built by counting; the recipe needs more": 1,
        },
    )


# Part 4: pulses ----------------------------------------------------------------------


def pulse_layers(
    function: Answer, a: float = 0.25, b: float = 0.75, height: float = 3.0
) -> None:
    """Test ``pulse_layers(a, b, height)`` on both sides of both edges, and on them.

    Parameters
    ----------
    function : callable, float, float, float -> list of (W, b)
        The learner's network: two threshold units and a linear output.
    a, b : float
        Where the pulse begins and ends.
    height : float
        How high it is.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which x.

    Source: the lab on multilayer perceptrons, part 4.
    """
    x = np.arange(-16, 17) / 8
    came = call(function, {"a": a, "b": b, "height": height}, f"({a}, {b}, {height})")
    layers = _layers(came, "your pulse", inputs=1, outputs=1)
    up, down = x >= a, x >= b
    _expect_curve(
        layers,
        x,
        height * (up & ~down),
        f"your pulse from {a} to {b} of height {height:g}",
        {
            "both steps go up": height * up + height * down,
            "the second step is missing": height * up,
            "the first step is missing": -height * down,
            "the height is left out": 1.0 * (up & ~down),
            "the height stands at the step up only": height * up - down,
            "the biases are a and b instead of -a and -b": (
                height * (x >= -a) - height * (x >= -b)
            ),
            "the two steps are exchanged": -height * (up & ~down),
            "the height is the bias of the output": height + up - 1.0 * down,
        },
    )


def pulse_row(function: Answer, seed: int = 42, m: int = 4) -> None:
    """Test ``pulse_row(edges, heights)`` on both sides of all edges, and on them.

    Parameters
    ----------
    function : callable, (m + 1,), (m,) -> list of (W, b)
        The learner's network: threshold units and a linear output.
    seed : int
        Which heights to try it on.
    m : int
        How many pulses.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which x.

    Source: the lab on multilayer perceptrons, part 4.
    """
    rng = np.random.default_rng(seed)
    edges = np.cumsum(rng.integers(1, 4, size=m + 1)) / 8
    heights = rng.permutation(np.append(np.arange(1, m), -2.0)) / 2
    x = np.arange(-2, 8 * edges[-1] + 3) / 8
    came = call(
        function,
        {"edges": edges, "heights": heights},
        f"with edges {edges.tolist()} and heights {heights.tolist()}",
    )
    layers = _layers(came, "your row of pulses", inputs=1, outputs=1)
    up = x[:, None] >= edges
    right = mlp.pulse_network(edges, heights).predict(x[:, None])
    steps = np.diff(heights, prepend=0)
    _expect_curve(
        layers,
        x,
        right,
        f"your row of pulses with edges {edges.tolist()} and heights "
        f"{heights.tolist()}",
        {
            "the output weights are the heights, not the steps between them": (
                up[:, :-1] @ heights
            ),
            "the heights are the output weights, with a last step down to 0": (
                up @ np.append(heights, -heights.sum())
            ),
            "the last step down is missing": up[:, :-1] @ steps,
            "the last step goes down by too much or too little": (
                up @ np.append(steps, heights[-1])
            ),
            "the first step is missing": up @ np.append(0, np.diff(heights, append=0)),
            "the steps have the wrong sign": -right,
            "each pulse begins at its right edge": up[:, 1:] @ steps,
            "only the last pulse is there": heights[-1] * (up[:, -2] & ~up[:, -1]),
        },
    )


def pieces(function: Answer, m: int = 4) -> None:
    """Test ``pieces(m)``, which cuts [0, 1) into equal pieces.

    Parameters
    ----------
    function : callable, int -> (m + 1,), (m,)
        The learner's function; it returns the edges and the middles.
    m : int
        How many pieces.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 4.
    """
    came = call(function, {"m": m}, f"({m})")
    if not isinstance(came, tuple | list) or len(came) != 2:
        raise AssertionError(
            f"your pieces({m}) returns {_show(came)}, expected two arrays: "
            "`return edges, middles`"
        )
    edges = np.arange(m + 1) / m
    if shape_of(came[0]) == (m,):
        raise AssertionError(
            f"your {m} pieces have {m} edges, expected {m + 1}: a piece has two ends"
        )
    expect(came[0], edges, f"your edges of {m} pieces")
    expect(
        came[1],
        edges[:-1] + 1 / (2 * m),
        f"your middles of {m} pieces",
        mistakes={
            "the left edges are taken for the middles": edges[:-1],
            "the right edges are taken for the middles": edges[1:],
            "half a piece is subtracted instead of added": edges[:-1] - 1 / (2 * m),
            "they are spread from 0 to 1, ends included": np.linspace(0, 1, m),
        },
    )


def pulses_needed(came: Any) -> None:
    """Test the number of pulses that guarantees an error of at most 0.02 if L = 6.8.

    Parameters
    ----------
    came : int
        The learner's number.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the lab on multilayer perceptrons, part 4.
    """
    expect_whole(
        came,
        170,  # L / 2m <= 0.02
        "your number of pulses",
        {
            "the bound is L/m: the height is that of the middle, though": 340,
            "the bound is L/4m": 85,
            "the bound is 1/2m, without L": 25,
            "the bound does not hold yet with one pulse less": 169,
            "the hidden units are counted, not the pulses": 171,
        },
    )


# The optional part -------------------------------------------------------------------


def parity_layers(function: Answer, sizes: tuple[int, ...] = (2, 3, 5)) -> None:
    """Test ``parity_layers(d)`` on all inputs of d bits.

    Parameters
    ----------
    function : callable, int -> list of (W, b)
        The learner's network, with at most d hidden units.
    sizes : tuple of int
        How many bits to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says for which input.

    Source: the lab on multilayer perceptrons, the harder part.
    """
    for d in sizes:
        X = datasets.truth_table(d)
        right = (X.sum(axis=1) % 2).astype(int)
        what = f"your network for the parity of {d} bits"
        came = call(function, {"d": d}, f"({d})")
        layers = _layers(came, what, inputs=d, outputs=1)
        if len(layers) != 2 or len(layers[0][0]) > d:
            widths = "-".join(str(len(W)) for W, _ in layers)
            raise AssertionError(
                f"{what} has layers of {widths} units, expected {d}-1: units that "
                "count, not one for each pattern"
            )
        answers = _run(layers, X)[-1][:, 0].astype(int)
        if np.array_equal(answers, right):
            continue
        on = X.sum(axis=1)
        reasons = {
            "it is true for an even number": 1 - right,
            "the output weights do not alternate: it asks for at least one": on >= 1,
            "it asks for all inputs": on == d,
        }
        named = [k for k, v in reasons.items() if np.array_equal(answers, v)]
        reason = f" It looks as if {named[0]}." if named else ""
        raise AssertionError(f"{what} {_first_difference(answers, right, X)}.{reason}")


# What several tests share ------------------------------------------------------------


def _network(
    rng: np.random.Generator,
    n: int,
    widths: tuple[int, ...],
    functions: tuple[str, ...],
) -> tuple[Array, Layers]:
    """Return a batch and the layers of a network, in whole numbers.

    The first unit of each layer has z = 0 for the first sample: a tie.
    """
    X = A = _whole(rng, (n, widths[0]))
    layers = []
    for (inputs, units), name in zip(pairwise(widths), functions, strict=True):
        W, b = _whole(rng, (units, inputs)), _whole(rng, (units,))
        b[0] = -(W[0] @ A[0])
        layers.append((W, b))
        A = FUNCTIONS[name](A @ W.T + b)
    return X, layers


def _whole(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.integers(-3, 4, size=shape).astype(float)


def _layers(came: Any, what: str, *, inputs: int, outputs: int | None = None) -> Layers:
    """Return a learner's network as arrays whose shapes fit."""
    if came is None or came is Ellipsis:
        raise NotImplementedError(f"{what} is not yet answered")
    if not isinstance(came, list | tuple) or not came:
        raise AssertionError(
            f"{what} is {_show(came)}, expected a list of layers (W, b)"
        )
    layers: Layers = []
    for i, pair in enumerate(came, start=1):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise AssertionError(
                f"layer {i} of {what} is {_show(pair)}, expected a pair (W, b)"
            )
        shape = shape_of(pair[0])
        if len(shape) != 2 or shape[1] != inputs:
            turned = " is it transposed?" if shape[:1] == (inputs,) != shape else ""
            raise AssertionError(
                f"W of layer {i} of {what} has shape {shape}, expected (units, "
                f"{inputs}): a row for each unit, a column for each unit of the layer "
                f"before.{turned}"
            )
        W = numbers(pair[0], shape, f"W of layer {i} of {what}")
        b = numbers(pair[1], (len(W),), f"b of layer {i} of {what}")
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise AssertionError(
                f"layer {i} of {what} holds numbers that are no numbers"
            )
        layers.append((W, b))
        inputs = len(W)
    if outputs is not None and inputs != outputs:
        raise AssertionError(
            f"{what} has {inputs} units in its last layer, expected {outputs}"
        )
    return layers


def _run(layers: Layers, X: Array, output: str = "threshold") -> list[Array]:
    """Return what each layer of a network of thresholds gives."""
    network = mlp.MLP.from_layers(
        [W for W, _ in layers],
        [b for _, b in layers],
        hidden="threshold",
        output=output,
    )
    return network.forward(X)[1][1:]


def _unit(came: Any, d: int, what: str) -> tuple[Array, float]:
    """Return a learner's unit as an array of weights and a bias."""
    if not isinstance(came, tuple | list) or len(came) != 2:
        raise AssertionError(
            f"{what} is {_show(came)}, expected weights and bias: `return w, b`"
        )
    w = numbers(came[0], (d,), f"the weights of {what}")
    return w, float(numbers(came[1], (), f"the bias of {what}"))


def _first_difference(answers: Array, right: Array, X: Array) -> str:
    """Say on which input an answer is wrong, and on how many more."""
    wrong = np.flatnonzero(answers != right)
    bits = "".join(str(int(bit)) for bit in X[wrong[0]])
    more = f", and is wrong on {len(wrong) - 1} more inputs" if len(wrong) > 1 else ""
    return f"answers {answers[wrong[0]]} to {bits}, expected {right[wrong[0]]}{more}"


def _is_right_layer(own_layer: Answer, A: Array, W: Array, b: Array) -> bool:
    try:
        return bool(np.allclose(own_layer(A.copy(), W, b), A @ W.T + b))
    except Exception:
        return False


def _is_own_pass(
    function: Answer,
    own_layer: Answer,
    X: Array,
    layers: Layers,
    functions: tuple[str, ...],
) -> bool:
    """Tell whether a forward pass is what the learner's own layer gives.

    A layer that fails, or gives the same for all samples, shows nothing.
    """
    wanted = [X]
    try:
        for (W, b), name in zip(layers, functions, strict=True):
            Z = np.asarray(own_layer(wanted[-1].copy(), W, b), dtype=float)
            wanted.append(FUNCTIONS[name](Z))
        came = function(X.copy(), layers, list(functions))
        same = len(came) == len(wanted) and all(map(np.allclose, came, wanted))
    except Exception:
        return False
    return same and any(np.ptp(A, axis=0).any() for A in wanted[1:])


def _puts_own_together(
    layers: Layers, own_unit: Answer, patterns: tuple[str, ...]
) -> bool:
    """Tell whether a network is the OR of the learner's own units."""
    (W, b), output = layers
    try:
        units = [_unit(own_unit(p), W.shape[1], "") for p in patterns]
    except Exception:
        return False
    m = len(patterns)
    hidden = np.vstack([np.zeros((1, m)), np.eye(m), np.ones((1, m))])
    return (
        np.allclose(W, [w for w, _ in units])
        and np.allclose(b, [bias for _, bias in units])
        and np.array_equal(_run([output], hidden)[-1][:, 0], hidden.any(axis=1))
    )


def _expect_curve(
    layers: Layers,
    x: Array,
    right: Array,
    what: str,
    mistakes: Mapping[str, Array],
) -> None:
    """Hold a network with a linear output against the right values at all x."""
    came = _run(layers, x[:, None], "linear")[-1][:, 0]
    wrong = ~np.isclose(came, right, rtol=0, atol=1e-9)
    if not wrong.any():
        return
    named = [k for k, v in mistakes.items() if np.allclose(came, v, atol=1e-9)]
    reason = f" This is what comes out when {named[0]}." if named else ""
    i = int(np.flatnonzero(wrong)[0])
    raise AssertionError(
        f"{what} is {came[i]:g} at x = {x[i]:g}, expected {right[i]:g}.{reason}"
    )
