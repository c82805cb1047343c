"""The tests of the lab beyond the multilayer perceptron: three ways to see a digit.

A convolution, a recurrent network, a linear autoencoder. Every function is tested on
its own, with right arguments; one that uses earlier ones passes, too, if it is right
with the learner's own. Right answers come from `nnbook_utils`, wrong ones from the
mistakes that are named beside them.
"""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook_utils import beyond
from nnbook_utils._inputs import Array
from nnbook_utils.checks._compare import (
    Answer,
    agrees_with_own,
    call,
    expect,
    expect_whole,
    numbers,
)

__all__ = [
    "IMPORTS",
    "ae_cost",
    "ae_decoder",
    "ae_encoder",
    "conv",
    "conv_channels",
    "conv_matrix",
    "conv_places",
    "descent",
    "kernel_gradient",
    "least",
    "output_size",
    "pool",
    "reading",
    "rnn_step",
]

# What answers may import besides Python's own modules.
IMPORTS = (
    "numpy",
    "matplotlib",
    "nnbook_utils.datasets",
    "nnbook_utils.plots",
)


# Part 1: convolution -----------------------------------------------------------------


def output_size(function: Answer, *, other: bool = False) -> None:
    """Test ``output_size(n, F, S, P)``.

    Parameters
    ----------
    function : callable, (int, int, int, int) -> int
        The learner's size.
    other : bool
        Whether to take other numbers than those of the visible test.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the size of a convolution's output.
    """
    cases = [(31, 5, 2, 1), (8, 3, 1, 1), (10, 4, 3, 1), (7, 7, 1, 0)]
    if other:
        cases = [(28, 5, 2, 2), (9, 2, 4, 0), (64, 7, 3, 3), (5, 1, 2, 0), (6, 3, 2, 1)]
    came = [
        call(
            function,
            {"n": n, "F": F, "S": S, "P": P},
            f"with n = {n}, F = {F}, S = {S}, P = {P}",
        )
        for n, F, S, P in cases
    ]
    mistakes: dict[str, Callable[..., float]] = {
        "the first window is forgotten: the + 1 is missing": lambda n, F, S, P: (
            (n + 2 * P - F) // S
        ),
        "the padding is put on one side only": lambda n, F, S, P: (n + P - F) // S + 1,
        "the padding is left out": lambda n, F, S, P: (n - F) // S + 1,
        "the stride is left out": lambda n, F, S, P: n + 2 * P - F + 1,
        "the division is rounded up": lambda n, F, S, P: -(-(n + 2 * P - F) // S) + 1,
        "the 1 is added before the division by the stride": lambda n, F, S, P: (
            (n + 2 * P - F + 1) // S
        ),
        "the division is not rounded down": lambda n, F, S, P: (n + 2 * P - F) / S + 1,
        "the kernel is left out": lambda n, F, S, P: (n + 2 * P) // S + 1,
    }
    # In a single case, different mistakes may give the same number.
    named = {
        name: wrong
        for name, wrong in mistakes.items()
        if all(wrong(*case) == size for case, size in zip(cases, came, strict=True))
    }
    for (n, F, S, P), size in zip(cases, came, strict=True):
        expect_whole(
            size,
            beyond.conv_output_size(n, F, stride=S, padding=P),
            f"your output_size of n = {n}, F = {F}, S = {S}, P = {P}",
            {name: wrong(n, F, S, P) for name, wrong in named.items()},
        )


def conv(function: Answer, seed: int = 11, F: int = 3, size: int = 6) -> None:
    """Test ``conv(image, kernels, b, S, P)`` on one channel, with S = 1 and P = 0.

    Parameters
    ----------
    function : callable, -> (K, height out, width out)
        The learner's convolution.
    seed : int
        Which numbers to try it on.
    F, size : int
        The sides of the kernels and of the image.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on convolutions.
    """
    rng = np.random.default_rng(seed)
    # Whole numbers, as pixels from 0 to 16 are, have to do as well.
    image = rng.integers(0, 17, (1, size, size + 1))
    _conv(function, image, rng.normal(size=(2, 1, F, F)), rng.normal(size=2), 1, 0)


def conv_channels(function: Answer, seed: int = 12, C: int = 3, K: int = 2) -> None:
    """Test ``conv(image, kernels, b, S, P)`` on several channels.

    Parameters
    ----------
    function : callable, -> (K, height out, width out)
        The learner's convolution.
    seed : int
        Which numbers to try it on.
    C, K : int
        How many channels the image has, and how many kernels there are.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on channels.
    """
    rng = np.random.default_rng(seed)
    image, kernels = rng.normal(size=(C, 5, 6)), rng.normal(size=(K, C, 2, 2))
    _conv(function, image, kernels, rng.normal(size=K), 1, 0)


def conv_places(
    function: Answer, seed: int = 13, S: int = 2, P: int = 1, F: int = 3
) -> None:
    """Test ``conv(image, kernels, b, S, P)`` with another stride and padding.

    Parameters
    ----------
    function : callable, -> (K, height out, width out)
        The learner's convolution.
    seed : int
        Which numbers to try it on.
    S, P, F : int
        Stride, padding, and the side of the kernels.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the size of a convolution's output.
    """
    rng = np.random.default_rng(seed)
    image, kernels = rng.normal(size=(1, 8, 9)), rng.normal(size=(2, 1, F, F))
    _conv(function, image, kernels, rng.normal(size=2), S, P)


def _conv(
    function: Answer, image: Array, kernels: Array, b: Array, S: int, P: int
) -> None:
    right = beyond.conv2d(image, kernels, b, stride=S, padding=P)

    def other(
        image: Array = image,
        kernels: Array = kernels,
        b: Array | None = b,
        S: int = S,
        P: int = P,
    ) -> Array:
        return beyond.conv2d(image, kernels, b, stride=S, padding=P)

    plain = other(b=None)
    after = np.pad(image, ((0, 0), (0, 2 * P), (0, 2 * P)))
    ones = np.pad(image, ((0, 0), (P, P), (P, P)), mode="edge")
    setting = (
        f"on an image {image.shape} with kernels {kernels.shape}, S = {S}, P = {P}"
    )
    came = call(
        function, {"image": image, "kernels": kernels, "b": b, "S": S, "P": P}, setting
    )
    what = f"your output {setting}"
    if (
        np.shape(came)
        == (right.shape[0], right.shape[2], right.shape[1])
        != right.shape
    ):
        raise AssertionError(
            f"{what} has shape {np.shape(came)}, expected {right.shape}: height and "
            "width have changed places"
        )
    expect(
        came,
        right,
        what,
        mistakes={
            "the kernel is flipped: our convolution lays it on as it is": (
                other(kernels=kernels[:, :, ::-1, ::-1])
            ),
            "the bias is left out": plain,
            "the bias is subtracted": 2 * plain - right,
            "the bias is added once for each channel": (
                plain + len(image) * b[:, None, None]
            ),
            "the bias is added once for each weight of the kernel": (
                plain + kernels[0].size * b[:, None, None]
            ),
            "only the first channel is looked at": (
                other(image=image[:1], kernels=kernels[:, :1])
            ),
            "the channels are averaged instead of added up": (
                plain / len(image) + b[:, None, None]
            ),
            "the sum over a window is divided by the number of its pixels": (
                plain / kernels[0, 0].size + b[:, None, None]
            ),
            "the kernel is transposed": other(kernels=kernels.transpose(0, 1, 3, 2)),
            "all zeros of the padding are put after the image, none before": (
                other(image=after, P=0)
            ),
            "the padding repeats the edge instead of being zero": (
                other(image=ones, P=0)
            ),
            "the first kernel is used for all outputs": (
                other(kernels=np.repeat(kernels[:1], len(kernels), axis=0))
            ),
        },
    )


def kernel_gradient(
    function: Answer, seed: int = 14, F: int = 3, size: int = 6
) -> None:
    """Test ``kernel_gradient(x, delta)`` for one channel, with S = 1 and P = 0.

    Parameters
    ----------
    function : callable, ((height, width), (height out, width out)) -> (F, F)
        The learner's gradient.
    seed : int
        Which numbers to try it on.
    F, size : int
        The sides of the kernel and of the image.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on what is new in backpropagation.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, size + 1))
    delta = rng.normal(size=(size - F + 1, size - F + 2))
    right = np.array(
        [
            [
                np.sum(delta * x[i : i + len(delta), j : j + len(delta[0])])
                for j in range(F)
            ]
            for i in range(F)
        ]
    )
    what = f"your gradient of the kernel for an image {x.shape} and delta {delta.shape}"
    came = call(
        function,
        {"x": x, "delta": delta},
        f"on an image {x.shape} and delta {delta.shape}",
    )
    expect(
        came,
        right,
        what,
        mistakes={
            "it is averaged over the places instead of summed": right / delta.size,
            "only the first place counts": delta[0, 0] * x[:F, :F],
            "only the last place counts": delta[-1, -1] * x[-F:, -F:],
            "delta is summed before it meets the image": delta.sum() * x[:F, :F],
            "delta is flipped": np.array(
                [
                    [
                        np.sum(
                            delta[::-1, ::-1]
                            * x[i : i + len(delta), j : j + len(delta[0])]
                        )
                        for j in range(F)
                    ]
                    for i in range(F)
                ]
            ),
            "the result is flipped": right[::-1, ::-1],
            "the result is transposed": right.T,
            "the sign is turned round": -right,
        },
    )


def pool(function: Answer, seed: int = 15, size: int = 2, side: int = 6) -> None:
    """Test ``max_pool(maps, size)``.

    Parameters
    ----------
    function : callable, ((C, height, width), int) -> (C, height out, width out)
        The learner's pooling.
    seed : int
        Which numbers to try it on.
    size, side : int
        The sides of the windows and of the maps.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on pooling.
    """
    rng = np.random.default_rng(seed)
    maps = rng.normal(size=(2, side, side + 1))  # a rest that is not looked at
    right = beyond.max_pool2d(maps, size)
    windows = beyond.conv2d(
        maps[:1], np.ones((1, 1, size, size)) / size**2, stride=size
    )
    second = beyond.conv2d(maps[1:], np.ones((1, 1, size, size)) / size**2, stride=size)
    came = call(
        function, {"maps": maps, "size": size}, f"on maps {maps.shape}, size = {size}"
    )
    expect(
        came,
        right,
        f"your pooled maps of {maps.shape} with size = {size}",
        mistakes={
            "the mean of each window is taken instead of the greatest": (
                np.concatenate([windows, second])
            ),
            "the smallest of each window is taken": -beyond.max_pool2d(-maps, size),
            "the greatest is taken over the channels, too": (
                np.repeat(right.max(axis=0, keepdims=True), 2, axis=0)
            ),
            "the first of each window is taken": (
                maps[:, ::size, ::size][:, : right.shape[1], : right.shape[2]]
            ),
            "negative numbers are set to 0 first": np.maximum(right, 0),
            "the greatest in size is taken, without its sign": (
                beyond.max_pool2d(np.abs(maps), size)
            ),
        },
    )


# Part 2: a recurrent network ---------------------------------------------------------


def rnn_step(function: Answer, seed: int = 21, d: int = 3, m: int = 4) -> None:
    """Test ``rnn_step(x, h, W_x, W_h, b)``, one step on its own.

    Parameters
    ----------
    function : callable, ((d,), (m,), (m, d), (m, m), (m,)) -> (m,)
        The learner's step; it returns the new state.
    seed : int
        Which numbers to try it on.
    d, m : int
        How many numbers an item has, and how many units there are.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on recurrent networks; Elman (1990).
    """
    x, h, W_x, W_h, b = _recurrent(seed, d, m)
    z = W_x @ x + W_h @ h + b
    came = call(
        function,
        {"x": x, "h": h, "W_x": W_x, "W_h": W_h, "b": b},
        f"with items of {d} numbers and {m} units",
    )
    expect(
        came,
        beyond.rnn_step(x, h, W_x, W_h, b),
        f"your new state, with items of {d} numbers and {m} units,",
        mistakes={
            "tanh is left out": z,
            "the old state is left out": np.tanh(W_x @ x + b),
            "the item is left out": np.tanh(W_h @ h + b),
            "the bias is left out": np.tanh(W_x @ x + W_h @ h),
            "W_h is transposed": np.tanh(W_x @ x + W_h.T @ h + b),
            "there is a sigmoid instead of tanh": 1 / (1 + np.exp(-z)),
            "there is ReLU instead of tanh": np.maximum(z, 0),
            "the old state is added outside of tanh": np.tanh(W_x @ x + b) + W_h @ h,
            "the old state is added as it is, without W_h": np.tanh(W_x @ x + h + b),
            "the bias is added outside of tanh": np.tanh(W_x @ x + W_h @ h) + b,
        },
    )


def reading(
    function: Answer, step: Answer, seed: int = 22, T: int = 5, d: int = 3, m: int = 4
) -> None:
    """Test ``read(items, W_x, W_h, b)``, all states of a sequence.

    Parameters
    ----------
    function : callable, ((T, d), (m, d), (m, m), (m,)) -> (T + 1, m)
        The learner's run; it returns all states, the zero state first.
    step : callable
        The learner's own; what is wrong with it is not lost here once more.
    seed : int
        Which numbers to try it on.
    T, d, m : int
        How many items there are, how many numbers each has, how many units.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on recurrent networks.
    """
    _, _, W_x, W_h, b = _recurrent(seed, d, m)
    items = np.random.default_rng(seed + 1).normal(size=(T, d))
    zero = np.zeros(m)

    def run(order: Array, *, forget: bool = False, first: Array = zero) -> Array:
        states = [first]
        for x in order:
            h = zero if forget else states[-1]
            states.append(beyond.rnn_step(x, h, W_x, W_h, b))
        return np.array(states)

    def own() -> Array:
        states: list[Any] = [zero]
        for x in items:
            # Not a copy of the state: a step that writes into it does so here, too.
            states.append(step(x.copy(), states[-1], *copy.deepcopy((W_x, W_h, b))))
        return np.array(states, dtype=float)

    right = run(items)
    came = call(
        function,
        {"items": items, "W_x": W_x, "W_h": W_h, "b": b},
        f"on {T} items of {d} numbers",
    )
    what = f"your states on {T} items of {d} numbers, the zero state first"
    rows = numbers(came, right.shape, what)
    if agrees_with_own(rows, own):
        return
    expect(rows[0], zero, "your first state, which should be zero,")
    expect(
        rows[1:],
        right[1:],
        "your later states",
        mistakes={
            "the state is set back to zero before each item": (
                run(items, forget=True)[1:]
            ),
            "the items are read in the reverse order": run(items[::-1])[1:],
            "every step reads the first item": run(np.repeat(items[:1], T, axis=0))[1:],
            "the states come in the reverse order": right[:0:-1],
            "the states are added up": np.cumsum(right, axis=0)[1:],
            "the first item is read in every step but the first as zeros": (
                run(np.vstack([items[:1], 0 * items[1:]]))[1:]
            ),
        },
    )


def _recurrent(seed: int, d: int, m: int) -> tuple[Array, Array, Array, Array, Array]:
    """Make up an item, a state and the parameters of a recurrent network."""
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=d),
        rng.uniform(-1, 1, m),
        rng.normal(0, 0.7, (m, d)),
        rng.normal(0, 0.7, (m, m)),
        rng.normal(0, 0.5, m),
    )


# Part 3: a linear autoencoder --------------------------------------------------------


def ae_cost(function: Answer, seed: int = 31, k: int = 2) -> None:
    """Test ``ae_cost(E, D, X)``.

    Parameters
    ----------
    function : callable, ((k, d), (d, k), (n, d)) -> float
        The learner's cost.
    seed : int
        Which numbers to try it on.
    k : int
        The width of the bottleneck.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on autoencoders.
    """
    E, D, X = _autoencoder(seed, k)
    n, d = X.shape
    misses = X @ E.T @ D.T - X
    right = float((misses**2).sum()) / (2 * n)
    came = call(
        function, {"E": E, "D": D, "X": X}, f"on {n} samples with {d} numbers, k = {k}"
    )
    expect(
        came,
        right,
        f"your cost of {n} samples with {d} numbers, k = {k}",
        mistakes={
            "the 1/2 is missing": 2 * right,
            "it is not divided by n": n * right,
            "the mean is taken over the pixels, too": right / d,
            "the mean is taken over all entries, and the 1/2 is missing": 2 * right / d,
            "neither the mean nor the 1/2 is taken": 2 * n * right,
            "lengths are added up instead of their squares": (
                float(np.linalg.norm(misses, axis=1).sum()) / (2 * n)
            ),
            "the reconstruction alone is squared": (
                float(((misses + X) ** 2).sum()) / (2 * n)
            ),
            "E and D have changed places": (
                float(((X @ D @ E - X) ** 2).sum()) / (2 * n)
            ),
        },
    )


def ae_decoder(function: Answer, seed: int = 32, k: int = 2) -> None:
    """Test the decoder's part of ``ae_gradients(E, D, X)``, the second.

    Parameters
    ----------
    function : callable, ((k, d), (d, k), (n, d)) -> ((k, d), (d, k))
        The learner's gradients.
    seed : int
        Which numbers to try it on.
    k : int
        The width of the bottleneck.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations and on autoencoders.
    """
    E, D, X = _autoencoder(seed, k)
    _, came = _two(function, E, D, X)
    delta = (X @ E.T @ D.T - X) / len(X)
    right = delta.T @ (X @ E.T)
    expect(
        came,
        right,
        f"your gradient of the decoder, k = {k},",
        mistakes=_slips(right, len(X))
        | {"the code is computed with the decoder": delta.T @ (X @ D)},
    )


def ae_encoder(function: Answer, seed: int = 33, k: int = 2) -> None:
    """Test the encoder's part of ``ae_gradients(E, D, X)``, the first.

    Parameters
    ----------
    function : callable, ((k, d), (d, k), (n, d)) -> ((k, d), (d, k))
        The learner's gradients.
    seed : int
        Which numbers to try it on.
    k : int
        The width of the bottleneck.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on the four equations and on autoencoders.
    """
    E, D, X = _autoencoder(seed, k)
    came, _ = _two(function, E, D, X)
    delta = (X @ E.T @ D.T - X) / len(X)
    right = (delta @ D).T @ X
    expect(
        came,
        right,
        f"your gradient of the encoder, k = {k},",
        mistakes=_slips(right, len(X))
        | {
            "the error comes back through the encoder instead of the decoder": (
                (delta @ E.T).T @ X
            ),
            "the reconstruction stands where the sample should": (
                (delta @ D).T @ (X @ E.T @ D.T)
            ),
        },
    )


def descent(
    function: Answer, gradients: Answer, seed: int = 34, k: int = 2, steps: int = 5
) -> None:
    """Test ``descend(E, D, X, eta, steps)``.

    Parameters
    ----------
    function : callable, -> ((k, d), (d, k))
        The learner's descent; it returns encoder and decoder after the last step.
    gradients : callable
        The learner's own; what is wrong with them is not lost here once more.
    seed : int
        Which numbers to try it on.
    k, steps : int
        The width of the bottleneck, and how many steps to take.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on gradient descent.
    """
    E, D, X = _autoencoder(seed, k)
    eta = 0.005  # so small that a missing 1/n does not diverge

    def slopes(E: Array, D: Array) -> tuple[Array, Array]:
        delta = (X @ E.T @ D.T - X) / len(X)
        return (delta @ D).T @ X, delta.T @ (X @ E.T)

    def run(steps: int = steps, up: float = -1, only: str = "ED") -> Array:
        e, d = E, D
        for _ in range(steps):
            by_e, by_d = slopes(e, d)
            e = e + up * eta * by_e if "E" in only else e
            d = d + up * eta * by_d if "D" in only else d
        return _row(e, d)

    def in_turn() -> Array:
        e, d = E, D
        for _ in range(steps):
            e = e - eta * slopes(e, d)[0]
            d = d - eta * slopes(e, d)[1]
        return _row(e, d)

    def own() -> Array:
        e, d = E, D
        for _ in range(steps):
            by_e, by_d = gradients(*copy.deepcopy((e, d, X)))
            e, d = e - eta * np.asarray(by_e), d - eta * np.asarray(by_d)
        return np.stack([_row(E, D), _row(e, d)])

    still = slopes(E, D)
    arguments = {"E": E, "D": D, "X": X, "eta": eta, "steps": steps}
    came = call(function, arguments, f"with k = {k} and {steps} steps")
    if not isinstance(came, list | tuple) or len(came) != 2:
        raise AssertionError(
            f"your descent returns a {type(came).__name__}, expected two arrays: "
            "`return E, D`"
        )
    row = _row(
        numbers(came[0], E.shape, "your encoder"),
        numbers(came[1], D.shape, "your decoder"),
    )
    if agrees_with_own(np.stack([_row(E, D), row]), own):
        return
    expect(
        row,
        run(),
        f"your encoder and decoder after {steps} steps, in one row,",
        mistakes={
            "the steps go up": run(up=1.0),
            "one step is missing": run(steps - 1),
            "one step is too many": run(steps + 1),
            "only the encoder learns": run(only="E"),
            "only the decoder learns": run(only="D"),
            "nothing has moved": run(0),
            "only one step is taken": run(1),
            "the gradients are those of the start in every step": (
                _row(E - steps * eta * still[0], D - steps * eta * still[1])
            ),
            "the decoder's gradient is taken after the encoder has moved": in_turn(),
        },
    )


def least(function: Answer, seed: int = 35, k: int = 2) -> None:
    """Test ``least_cost(X, k)``, the bound from principal components.

    Parameters
    ----------
    function : callable, ((n, d), int) -> float
        The learner's bound.
    seed : int
        Which numbers to try it on.
    k : int
        The width of the bottleneck.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on linear autoencoders and principal components.
    """
    _, _, X = _autoencoder(seed, k)
    n, d = X.shape
    values = np.linalg.eigvalsh(X.T @ X / n)[::-1]
    right = float(values[k:].sum()) / 2
    came = call(function, {"X": X, "k": k}, f"on {n} samples with {d} numbers, k = {k}")
    expect(
        came,
        right,
        f"your least cost of {n} samples with {d} numbers, k = {k}",
        mistakes={
            "the 1/2 of the cost is missing": 2 * right,
            "the eigenvalues that are kept are added up": float(values[:k].sum()) / 2,
            "the smallest k are left out instead of the largest": (
                float(values[: d - k].sum()) / 2
            ),
            "k + 1 eigenvalues are left out": float(values[k + 1 :].sum()) / 2,
            "k - 1 eigenvalues are left out": float(values[k - 1 :].sum()) / 2,
            "X^T X is not divided by n": n * right,
            "X^T X is divided by n - 1": n * right / (n - 1),
            "singular values stand where eigenvalues should": (
                float(np.sqrt(values[k:]).sum()) / 2
            ),
        },
        tolerance=1e-8,
    )


def conv_matrix(function: Answer, seed: int = 41) -> None:
    """Test ``conv_matrix(kernel, height, width)``, a convolution as a matrix.

    Parameters
    ----------
    function : callable, ((F, F), int, int) -> (places, pixels)
        The learner's matrix, for S = 1, P = 0 and no bias.
    seed : int
        Which numbers to try it on.

    Raises
    ------
    AssertionError
        If the answer is wrong; the message says in what way.

    Source: the book on weight sharing.
    """
    kernel = np.random.default_rng(seed).normal(size=(2, 2))
    height, width = 4, 5
    lit = np.eye(height * width).reshape(-1, 1, height, width)
    right = np.array(
        [beyond.conv2d(pixel, kernel[None, None]).ravel() for pixel in lit]
    ).T
    given = {"kernel": kernel, "height": height, "width": width}
    came = call(function, given, f"for images of {height} by {width}")
    expect(came, right, f"your matrix for images of {height} by {width}")


def _autoencoder(seed: int, k: int) -> tuple[Array, Array, Array]:
    """Make up encoder, decoder and centred samples."""
    rng = np.random.default_rng(seed)
    d = 2 * k + 1
    X = rng.normal(size=(4 * d, d)) * np.linspace(1.5, 0.3, d)
    E, D = rng.normal(0, 0.5, (k, d)), rng.normal(0, 0.5, (d, k))
    return E, D, X - X.mean(axis=0)


def _two(function: Answer, E: Array, D: Array, X: Array) -> tuple[Any, Any]:
    came = call(function, {"E": E, "D": D, "X": X}, f"on {len(X)} samples")
    if not isinstance(came, list | tuple) or len(came) != 2:
        raise AssertionError(
            f"your gradients are a {type(came).__name__}, expected two arrays: "
            "`return by_E, by_D`"
        )
    shapes = np.shape(came[0]), np.shape(came[1])
    if shapes == (D.shape, E.shape):
        raise AssertionError(
            f"your gradients have the shapes {shapes}, expected "
            f"{E.shape, D.shape}: the encoder's comes first, and neither is transposed"
        )
    return came[0], came[1]


def _slips(right: Array, n: int) -> dict[str, Array]:
    """Return what mistakes with signs and factors make of a gradient."""
    return {
        "the sum over the samples is not divided by n": n * right,
        "the sign is turned round: sample minus reconstruction": -right,
        "the 1/2 of the cost is forgotten": 2 * right,
        "the 1/2 of the cost is left standing": right / 2,
        "it is divided by n twice": right / n,
    }


def _row(E: Array, D: Array) -> Array:
    return np.concatenate([np.ravel(E), np.ravel(D)])
