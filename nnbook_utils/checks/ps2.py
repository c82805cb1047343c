"""The tests of Problem Set 2: ten questions on what lies beyond the MLP, and counting.

The questions are marked option by option. The numbers behind questions 1, 3 and 4 are
asked for as functions too; right answers come from `nnbook_utils.beyond`, wrong ones
from the mistakes that are named beside them.
"""

import functools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from nnbook_utils import beyond
from nnbook_utils.checks._compare import (
    Answer,
    call,
    expect,
    expect_set,
    expect_whole,
)

__all__ = [
    "IMPORTS",
    "conv_parameters",
    "dense_parameters",
    "flat_size",
    "kernels",
    "output_size",
    "question",
    "receptive_field",
]

# What answers may import besides Python's own modules.
IMPORTS = ("numpy", "matplotlib")

# For each question, what holds of each of its options.
WHY = {
    1: (
        "32 becomes 26, then 16, and 2 maps of 16 by 16 are 512 numbers",
        "32 becomes 30 and stays 30, but 5 maps of 30 by 30 are 4500 numbers, not 900",
        "32 becomes 30, then 20; 2 maps of 20 by 20 are 800 numbers, not 1152, and 10 "
        "classes need 10 outputs, not 11",
        "32 becomes 30 and stays 30, and 1 map of 30 by 30 is 900 numbers",
    ),
    2: (
        "true: a kernel's few weights are used at every place, so their number does "
        "not grow with the image",
        "true: SGD needs a gradient, and backpropagation gives it for both",
        "false: there is no such version; the gradient of a shared weight is a sum "
        "over its places, by the same chain rule",
        "false: it is a sum over all places that the kernel is laid on, so almost all "
        "pixels enter",
        "true: halving both sides leaves a quarter of the numbers that have to be kept "
        "for the backward pass",
    ),
    3: (
        "3 kernels give 3 channels, not 10, and with side 3 the map is 9 by 9",
        "10 kernels give 10 channels, 11 − 5 + 1 = 7, and 3 channels fit a colour "
        "image",
        "a colour image has 3 channels, and a kernel reaches through all of them",
        "side 3 gives a map of 9 by 9, and a kernel for a colour image has 3 channels",
        "the number of kernels and that of channels have changed places",
    ),
    4: (
        "this counts 2500 times 2500 weights and forgets the 2500 biases of the fully "
        "connected layer",
        "this gives each pixel one weight, but in a fully connected layer every output "
        "sees every pixel",
        "the fully connected layer has 2500 times 2500 weights and 2500 biases, the "
        "convolution 9 weights and 1 bias",
        "these are the weights alone, without the biases, and nothing is taken off for "
        "the convolution",
        "this is the number of pixels",
    ),
    5: (
        "false: each state needs the one before it, so the steps wait for each other",
        "false: grids are what convolutions are made for; an RNN reads sequences",
        "false: one output after a whole sequence, or a sequence from one input, can "
        "be had as well",
        "true: the cell state is passed on beside the hidden state",
        "true: the last hidden state sums up a whole sequence in one vector",
    ),
    6: (
        "true: inputs that look alike get codes that lie close together, so groups "
        "form without labels",
        "false: nothing says which codes are likely, so a code picked at random often "
        "decodes to nothing real",
        "true: it has learned features without labels, and a small classifier on top "
        "of them needs few",
        "false: two images of one class differ, and so do their codes; a class is a "
        "cloud of points",
        "true: nothing asks the codes to fill the space, so there are gaps",
    ),
    7: (
        "false: a narrow code has no room for the details of single images and keeps "
        "what many of them share",
        "false: then the network could pass its input on unchanged",
        "true: the code is what the neurons of the bottleneck give",
        "true: that is what makes it a bottleneck",
        "true: with enough room, copying the input costs nothing and teaches nothing",
    ),
    8: (
        "false: another start gives other features, even where the cost is the same",
        "true: a longer code can do all that a shorter one can",
        "false: latent means hidden; they are computed from the data, not measured in "
        "it",
        "true: the target is the input itself, so no labels are needed",
    ),
    9: (
        "true: stretching by σ and shifting by μ give variance σ² and mean μ",
        "true: with noise that comes from outside, only sums and products lie between "
        "the cost and μ and σ",
        "false: it is training that needs the gradients",
        "false: drawing from the distribution directly is as fast; the trick is there "
        "for the gradients",
    ),
    10: (
        "false: that is the reconstruction term; the KL term compares two "
        "distributions over codes",
        "false: it is a second aim that pulls against the first, and reconstructions "
        "tend to get worse",
        "true: it is computed from μ and σ, which the encoder gives; the decoder "
        "does not enter",
        "false: it pulls towards the prior, which as a rule is a standard normal "
        "distribution",
        "true: the space between the codes is filled, so the points on the way decode "
        "to data as well",
    ),
}


def question(
    number: int, came: Any, *, right: Collection[int] | None = None
) -> int | None:
    """Mark the options that a learner checked.

    Parameters
    ----------
    number : int
        Which question, 1 to 10.
    came : set, list or tuple of int
        The learner's answer.
    right : collection of int, optional
        The right one. If left out, only the form is tested.

    Returns
    -------
    int or None
        A point for each option judged right, one less for each judged wrong, at least
        0; None if only the form is tested.

    Raises
    ------
    AssertionError
        If it is not a set of options.

    Source: Problem Set 2.
    """
    sentences = WHY[number]
    what = f"your answer to question {number}"
    why = dict(enumerate(sentences, start=1))
    return expect_set(came, len(sentences), what, right=right, why=why)


# The numbers behind questions 1, 3 and 4 ---------------------------------------------

Cases = Sequence[tuple[Any, ...]]


def output_size(
    function: Answer, cases: Cases = ((11, 5, 1, 0), (21, 5, 2, 4), (28, 5, 2, 2))
) -> None:
    """Test ``output_size(n, F, S, P)``, one side of a convolution's output.

    Parameters
    ----------
    function : callable, (int, int, int, int) -> int
        The learner's.
    cases : sequence of tuple
        What to try it on: image side, kernel side, stride, padding.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, question 1.
    """
    for n, F, S, P in cases:
        room = n + 2 * P - F
        right = _true_size(n, F, S, P)
        mistakes = {
            # As if + 1 were missing, but right for a stride of 1.
            "the stride divides the + 1 too": (room + 1) // S,
            "the first place is not counted: + 1 is missing": room // S,
            "the padding is added on one side only": (room - P) // S + 1,
            "the padding is forgotten": (n - F) // S + 1,
            "the padding is subtracted": (n - 2 * P - F) // S + 1,
            "the stride is forgotten": room + 1,
            "the division is not rounded down": room / S + 1,
            "the division is rounded up": math.ceil(room / S) + 1,
        }
        _test_count(function, {"n": n, "F": F, "S": S, "P": P}, right, mistakes)


def flat_size(
    function: Answer,
    size: Answer,
    cases: Cases = ((32, ((3, 7, 1, 0), (2, 11, 1, 0))), (20, ((4, 3, 2, 1),))),
) -> None:
    """Test ``flat_size(side, layers)``, how many numbers the last layer is given.

    Parameters
    ----------
    function : callable, (int, list of (K, F, S, P)) -> int
        The learner's.
    size : callable, (int, int, int, int) -> int
        The learner's `output_size`. A count that is right with it is right.
    cases : sequence of tuple
        What to try it on: the image's side, and the layers.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, question 1.
    """
    for side, layers in cases:
        final, K = _last_side(_true_size, side, layers), layers[-1][0]
        first, before = [
            _last_side(_true_size, side, part) for part in (layers[:1], layers[:-1])
        ]
        mistakes = {
            "the number of kernels is forgotten": final**2,
            "the kernels of all layers are multiplied": (
                final**2 * math.prod(layer[0] for layer in layers)
            ),
            "the kernels of all layers are added": (
                final**2 * sum(layer[0] for layer in layers)
            ),
            "the side is not squared": K * final,
            "only the first layer is gone through": layers[0][0] * first**2,
            "the last layer is left out": K * before**2,
            "this is the side of the last map, not how many numbers it has": final,
        }
        _test_count(
            function,
            {"side": side, "layers": [tuple(layer) for layer in layers]},
            K * final**2,
            mistakes,
            own=functools.partial(_flat_size, size, side, layers),
        )


def _true_size(n: int, F: int, S: int, P: int) -> int:
    return beyond.conv_output_size(n, F, stride=S, padding=P)


def _last_side(size: Answer, side: int, layers: Cases) -> Any:
    for _, F, S, P in layers:
        side = size(side, F, S, P)
    return side


def _flat_size(size: Answer, side: int, layers: Cases) -> Any:
    return layers[-1][0] * _last_side(size, side, layers) ** 2


def kernels(function: Answer, cases: Cases = ((11, 3, 7, 10), (28, 1, 26, 6))) -> None:
    """Test ``kernels(side_in, channels_in, side_out, channels_out)``.

    Parameters
    ----------
    function : callable, (int, int, int, int) -> (int, int, int, int)
        The learner's: how many kernels, their height, width and channels, for stride 1
        and no padding.
    cases : sequence of tuple
        What to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, question 3.
    """
    names = ("side_in", "channels_in", "side_out", "channels_out")
    for side_in, C, side_out, N in cases:
        F = side_in - side_out + 1
        mistakes = {
            "the kernel is one too small: + 1 is missing": (N, F - 1, F - 1, C),
            "the number of kernels and that of channels have changed places": (
                C,
                F,
                F,
                N,
            ),
            "a kernel reaches through one channel only": (N, F, F, 1),
            "a kernel has as many channels as the output": (N, F, F, N),
            "there is one kernel only": (1, F, F, C),
            "the kernel is as large as the output": (N, side_out, side_out, C),
            "the order is H, W, C, N": (F, F, C, N),
        }
        given = dict(zip(names, (side_in, C, side_out, N), strict=True))
        came = call(function, given, _with(given))
        what = f"{_with(given)}, your (N, H, W, C)"
        expect(came, (N, F, F, C), what, mistakes=mistakes)


def conv_parameters(function: Answer, cases: Cases = ((1, 1, 3), (3, 10, 5))) -> None:
    """Test ``conv_parameters(C, K, F)``, weights and biases of a convolution.

    Parameters
    ----------
    function : callable, (int, int, int) -> int
        The learner's.
    cases : sequence of tuple
        What to try it on: channels of the input, kernels, kernel side.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, question 4.
    """
    for C, K, F in cases:
        weights = K * F * F * C
        mistakes = {
            "the biases are forgotten": weights,
            "there is one bias in all, not one a kernel": weights + 1,
            "each channel of a kernel has a bias of its own": weights + K * C,
            "a kernel has weights for one channel only": K * (F * F + 1),
            "the kernel's side is not squared": K * (F * C + 1),
            "the number of kernels is forgotten": F * F * C + 1,
            "there is a bias for each channel of the input": weights + C,
        }
        right = beyond.conv_parameters(C, K, F)
        _test_count(function, {"C": C, "K": K, "F": F}, right, mistakes)


def dense_parameters(function: Answer, cases: Cases = ((4, 3), (2500, 2500))) -> None:
    """Test ``dense_parameters(n_in, n_out)``, weights and biases of a dense layer.

    Parameters
    ----------
    function : callable, (int, int) -> int
        The learner's.
    cases : sequence of tuple
        What to try it on: inputs and outputs.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, question 4.
    """
    for n_in, n_out in cases:
        weights = n_in * n_out
        mistakes = {
            "the biases are forgotten": weights,
            "each input has a bias, not each output": weights + n_in,
            "inputs and outputs both have biases": weights + n_in + n_out,
            "there is one bias in all, not one an output": weights + 1,
            "the numbers of units are added": n_in + n_out,
            "each output has one weight and one bias": 2 * n_out,
        }
        right = beyond.dense_parameters(n_in, n_out)
        _test_count(function, {"n_in": n_in, "n_out": n_out}, right, mistakes)


def receptive_field(
    function: Answer, cases: Cases = ((((3, 1), (3, 1)),), (((5, 2), (3, 1)),))
) -> None:
    """Test ``receptive_field(layers)``, the side of what one output sees.

    Parameters
    ----------
    function : callable, list of (F, S) -> int
        The learner's.
    cases : sequence of tuple
        What to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: Problem Set 2, the optional part.
    """
    for (layers,) in cases:
        side, apart, slow = 1, 1, 1
        for F, S in layers:
            side += (F - 1) * apart
            apart *= S
            slow += (F - 1) * apart
        mistakes = {
            "the strides are forgotten": 1 + sum(F - 1 for F, _ in layers),
            "the sides of the kernels are added": sum(F for F, _ in layers),
            "the sides of the kernels are multiplied": math.prod(F for F, _ in layers),
            "a layer's own stride is counted, not only those before it": slow,
        }
        layers = [tuple(layer) for layer in layers]
        _test_count(function, {"layers": layers}, side, mistakes)


def _test_count(
    function: Answer,
    given: Mapping[str, Any],
    right: int,
    mistakes: Mapping[str, float],
    own: Callable[[], Any] | None = None,
) -> None:
    """Test a function that counts; `own` is as for `expect_run`."""
    came = call(function, given, _with(given))
    expect_whole(came, right, f"{_with(given)}, your result", mistakes, own=own)


def _with(given: Mapping[str, Any]) -> str:
    return "with " + ", ".join(f"{name} = {value}" for name, value in given.items())
