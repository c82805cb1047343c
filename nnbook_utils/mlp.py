# mypy: disable-error-code=no-any-return
# (NumPy types what it computes as Any.)
"""The multilayer perceptron: forward, backward by four equations, training by batches.

Layer l turns what comes in, a^(l-1), into::

    z^l = W^l a^(l-1) + b^l        and        a^l = f(z^l),

with W^l of shape (units out, units in). Backpropagation goes the other way, with the
error delta^l = dC/dz^l, from the last layer L::

    BP1    delta^L = dC/da^L * f'(z^L)
    BP2    delta^l = ((W^(l+1))^T delta^(l+1)) * f'(z^l)
    BP3    dC/db^l = delta^l
    BP4    dC/dW^l = delta^l (a^(l-1))^T

In code a batch of samples is a matrix with a sample in each row. All products turn
around, Z = A @ W.T + b, and BP3 and BP4 become sums over the batch. A bias is the
weight of an input that is always 1: A gets a last column of ones, and W.T a last row b.
Then one product gives Z, and one gives both BP3 and BP4.

Read `MLP._forward` and `MLP._backward` first. They are the whole of backpropagation;
what surrounds them checks what comes in, keeps the books and saves the result.
"""

import io
import itertools
import json
import math
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnbook_utils._inputs import Array, choice, labels, number, real_array, whole
from nnbook_utils.activations import ACTIVATIONS
from nnbook_utils.costs import (
    binary_cross_entropy,
    cross_entropy_of_rows,
    mse,
    weight_decay,
)
from nnbook_utils.datasets import minterms
from nnbook_utils.optimizers import RULES, Rule, Schedule, constant, gd_step

__all__ = [  # noqa: RUF022 - in reading order
    "count_parameters",
    "History",
    "MLP",
    "xor_network",
    "boolean_network",
    "pulse_network",
]


def _softmax(Z: Array) -> Array:
    """`activations.softmax` without its guards, which cost as much as its arithmetic.

    A difference of scores that overflows is -inf, and its exponential 0, as it should.
    """
    E = Z - Z.max(axis=1, keepdims=True)
    np.exp(E, out=E)
    E /= E.sum(axis=1, keepdims=True)
    return E


OUTPUTS: dict[str, Callable[[Array], Array]] = {
    "softmax": _softmax,
    "sigmoid": ACTIVATIONS["sigmoid"][0],
    "linear": ACTIVATIONS["identity"][0],
    "threshold": ACTIVATIONS["threshold"][0],
}

# What each layer does with its z, by the name of its activation or output.
FORMULAE = {name: value for name, (value, _) in ACTIVATIONS.items()} | OUTPUTS

# The standard deviation of the first weights of a layer with m inputs and n units.
INITIALISERS: dict[str, Callable[[int, int], float]] = {
    "zero": lambda m, n: 0.0,
    "normal": lambda m, n: 1.0,
    "xavier": lambda m, n: math.sqrt(2 / (m + n)),
    "he": lambda m, n: math.sqrt(2 / m),
}

_OVERFLOW = (
    "an output of the network is too large for a float: scale the inputs, for "
    "example to [-1, 1], or use smaller weights"
)


def count_parameters(widths: Iterable[int]) -> int:
    """Count the weights and biases of a network: the sum of (units in + 1) units out.

    Parameters
    ----------
    widths : iterable of int
        The number of inputs, then the number of units of each layer.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `widths` is not made of whole numbers.
    ValueError
        If there are fewer than two, or one is below 1.

    Source: the book on layers and widths.
    """
    return sum((m + 1) * n for m, n in itertools.pairwise(_widths(widths)))


def _widths(widths: Any) -> tuple[int, ...]:
    if not isinstance(widths, Iterable):
        raise TypeError(f"widths is {widths!r}, expected several, such as (64, 32, 10)")
    checked = tuple(
        whole(width, f"widths[{i}]", least=1) for i, width in enumerate(widths)
    )
    if len(checked) < 2:
        raise ValueError(
            f"widths is {checked}, expected the number of inputs and then the number "
            "of units of at least one layer"
        )
    return checked


class History(NamedTuple):
    """What `MLP.fit` saw, one entry an epoch, without the penalty of weight decay.

    Parameters
    ----------
    cost : ndarray, (epochs,)
        The mean cost of the training samples. Each one counts as it was when its batch
        came up, so early batches of an epoch were judged by an older network.
    accuracy : ndarray, (epochs,), or None
        The share of them that was classified rightly. None for a linear output.
    validation_cost, validation_accuracy : ndarray, (epochs,), or None
        The same for the validation set, at the end of the epoch. None without one.
    kept : int
        The epoch, counted from 1, whose final weights the network has now.

    Source: the book on training and validation curves.
    """

    cost: Array
    accuracy: Array | None
    validation_cost: Array | None
    validation_accuracy: Array | None
    kept: int


class MLP:
    """A multilayer perceptron.

    All parameters lie in one flat vector `theta`: the weights of the first layer column
    by column, its biases, the weights of the second layer and so on. `weights` and
    `biases` are windows on it. To set some, write into them:
    ``network.weights[0][:] = W``.

    Parameters
    ----------
    widths : iterable of int
        The number of inputs, then the number of units of each layer.
    hidden : str or iterable of str
        The activation of the hidden layers, or of each of them: the names in
        `activations.ACTIVATIONS`. No gradient passes a layer of "threshold".
    output : str
        What the last layer gives, and with it the cost that fits:
        "softmax", probabilities of k classes, the categorical cross-entropy;
        "sigmoid", the probability of 1 in each unit, the binary cross-entropy;
        "linear", any reals, 1/(2n) times the sum of squares;
        "threshold", 0 or 1, no cost: for networks that are built by hand.
        Costs of several output units are added up, costs of samples averaged.
    cost : str
        "fitting", or "mse", which a sigmoid output may have as well, for any targets:
        the book shows how slowly a saturated unit then learns.
    init : str
        The first weights are normal with mean 0 and standard deviation
        "he", sqrt(2 / units in), for ReLU;
        "xavier", sqrt(2 / (units in + units out)), for tanh and sigmoid;
        "normal", 1, which saturates wide layers;
        "zero", 0, from which hidden units never grow apart. Biases start at 0.
    weight_decay : float
        Lambda: lambda/2 times the sum of the squared weights is added to the cost.
        Biases are not penalised.
    dtype : numpy.float64 or numpy.float32
        Of the parameters and all that is computed.
    rng : int or numpy.random.Generator
        Seed, or the generator to draw the first weights from.

    Attributes
    ----------
    widths, hidden, output, cost_name, weight_decay, dtype
        As given; `hidden` as a tuple.

    Raises
    ------
    TypeError
        If a width or `weight_decay` is not a number.
    ValueError
        If there are fewer than two widths, one is below 1, a name is unknown, there is
        not one activation for each hidden layer, a softmax has one unit only,
        `weight_decay` is negative, or `dtype` is another.

    Source: Rumelhart, Hinton and Williams (1986); Glorot and Bengio (2010) and He et
    al. (2015) on the first weights; the book on multilayer perceptrons.
    """

    def __init__(
        self,
        widths: Iterable[int],
        *,
        hidden: str | Iterable[str] = "relu",
        output: str = "softmax",
        cost: str = "fitting",
        init: str = "he",
        weight_decay: float = 0.0,
        dtype: DTypeLike = np.float64,
        rng: int | np.random.Generator,
    ) -> None:
        self.widths = _widths(widths)
        self.hidden = _hidden(hidden, len(self.widths) - 2)
        self.output = choice(output, "output", OUTPUTS)
        self.cost_name = choice(cost, "cost", ["fitting", "mse"])
        self.weight_decay = number(weight_decay, "weight_decay", least=0)
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float64, np.float32):
            raise ValueError(f"dtype is {self.dtype}, expected float64 or float32")
        if self.output == "softmax" and self.widths[-1] == 1:
            raise ValueError(
                "a softmax over one unit is always 1, expected at least two units: for "
                'two classes and one unit, use output="sigmoid"'
            )
        if self.cost_name == "mse" and self.output not in ("sigmoid", "linear"):
            raise ValueError(
                f'cost is "mse" and output {self.output!r}, expected output="sigmoid" '
                'or "linear" with this cost'
            )

        deviation = INITIALISERS[choice(init, "init", INITIALISERS)]
        generator = np.random.default_rng(rng)
        self._theta = np.zeros(count_parameters(self.widths), self.dtype)
        self._layers = self._windows(self._theta)
        for W in self.weights:
            n, m = W.shape
            W[:] = generator.normal(0, deviation(m, n), (n, m))

    @classmethod
    def from_layers(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        hidden: str | Iterable[str] = "relu",
        output: str = "softmax",
        cost: str = "fitting",
        weight_decay: float = 0.0,
    ) -> Self:
        """Build a network from given weights.

        Parameters
        ----------
        weights : sequence of array_like, (units out, units in)
            A matrix for each layer; copied. If all are float32, so is the network.
        biases : sequence of array_like, (units out,)
            A vector for each layer; copied.
        hidden, output, cost : str
            As for `MLP`.
        weight_decay : float
            As for `MLP`.

        Returns
        -------
        MLP

        Raises
        ------
        TypeError, ValueError
            As for `MLP`; if the entries are not finite real numbers; or if the shapes
            of two layers, or of weights and biases, do not fit together.

        Source: the book on networks built by hand.
        """
        if not len(weights) == len(biases) > 0:
            raise ValueError(
                f"there are {len(weights)} weights and {len(biases)} biases, expected "
                "as many of each and at least one: one pair a layer"
            )
        Ws: list[Array] = []
        bs: list[Array] = []
        for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
            units_in: int | str = len(Ws[-1]) if Ws else "units in"
            W = real_array(
                W,
                f"weights[{i}]",
                ("units out", units_in),
                hint="a row for each unit of the layer, a column for each of the layer "
                "before; is it transposed?",
            )
            Ws.append(W)
            bs.append(
                real_array(b, f"biases[{i}]", (len(W),), hint="a bias for each unit")
            )
        network = cls(
            [Ws[0].shape[1], *map(len, Ws)],
            hidden=hidden,
            output=output,
            cost=cost,
            init="zero",
            weight_decay=weight_decay,
            dtype=np.result_type(*Ws),
            rng=0,
        )
        for place, value in zip(network.weights, Ws, strict=True):
            place[:] = value
        for place, value in zip(network.biases, bs, strict=True):
            place[:] = value
        return network

    def __repr__(self) -> str:
        return (
            f"MLP({self.widths}, hidden={self.hidden}, output={self.output!r}, "
            f"cost={self.cost_name!r}, weight_decay={self.weight_decay:g}, "
            f"dtype={self.dtype}: {self.theta.size} parameters)"
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Called by copy and pickle. The windows have to open on the copy's own theta.
        self.__dict__.update(state)
        self._layers = self._windows(self._theta)

    # --- Parameters ----------------------------------------------------------------

    @property
    def theta(self) -> Array:
        """All parameters in one vector, (p,); written into, never replaced."""
        return self._theta

    @property
    def weights(self) -> tuple[Array, ...]:
        """Windows on `theta`, one a layer: (units out, units in)."""
        return self._split(self._layers)[0]

    @property
    def biases(self) -> tuple[Array, ...]:
        """Windows on `theta`, one a layer: (units out,)."""
        return self._split(self._layers)[1]

    def split_parameters(
        self, theta: ArrayLike
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Open windows on a flat vector of parameters, or on a gradient.

        Parameters
        ----------
        theta : array_like, (p,)
            In the order of `MLP.theta`.

        Returns
        -------
        weights : tuple of ndarray, (units out, units in)
            One a layer. If `theta` is an array of floats, they share its memory.
        biases : tuple of ndarray, (units out,)

        Raises
        ------
        TypeError, ValueError
            If `theta` is not a vector of as many finite real numbers as there are
            parameters.

        Source: the book on the vector of all parameters.
        """
        hint = "one entry for each parameter"
        theta = real_array(theta, "theta", (count_parameters(self.widths),), hint=hint)
        return self._split(self._windows(theta))

    def _windows(self, theta: Array) -> list[Array]:
        """Open a window on each layer: W.T and below it b, (units in + 1, units out).

        Column by column is how BLAS computes A @ W.T faster, by up to a third.
        """
        windows, at = [], 0
        for m, n in itertools.pairwise(self.widths):
            windows.append(theta[at : at + (m + 1) * n].reshape(m + 1, n))
            at += (m + 1) * n
        return windows

    @staticmethod
    def _split(layers: list[Array]) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        return tuple(layer[:-1].T for layer in layers), tuple(
            layer[-1] for layer in layers
        )

    # --- Forward and backward ------------------------------------------------------

    def _memory(self, n: int) -> tuple[list[Array], list[Array]]:
        """Make the arrays that a batch of `n` samples needs: Z, and A with its ones.

        What belongs to the units lies column by column: a window on all columns but the
        last is then one piece of memory, and NumPy takes the sums and maxima of a
        softmax over many samples at once. The inputs come in row by row.
        """
        Z = [np.empty((n, width), self.dtype, order="F") for width in self.widths[1:]]
        A = [np.ones((n, z.shape[1] + 1), self.dtype, order="F") for z in Z]
        return Z, [np.ones((n, self.widths[0] + 1), self.dtype), *A]

    def _forward(self, Z: list[Array], A: list[Array]) -> None:
        """Compute Z and A of each layer from A[0], the inputs, unchecked."""
        for layer, name in enumerate((*self.hidden, self.output)):
            np.matmul(A[layer], self._layers[layer], out=Z[layer])
            A[layer + 1][:, :-1] = FORMULAE[name](Z[layer])

    def _backward(
        self, Z: list[Array], A: list[Array], Y: Array, gradient: list[Array]
    ) -> None:
        """Write the gradient to where the windows show.

        delta is the error of a layer: the derivative of the cost by its z. Its rows are
        samples and hold the 1/n of the mean, so that sums over samples are means. In a
        hidden layer it takes the place of that z, which has served by then.
        """
        # BP1, the error of the output: delta = dC/da f'(z). For a cost that fits its
        # output, f' cancels and what remains is prediction minus target.
        delta = (A[-1][:, :-1] - Y) / len(Y)
        if self.cost_name == "mse" and self.output == "sigmoid":
            delta *= ACTIVATIONS["sigmoid"][1](Z[-1])

        for layer in reversed(range(len(self._layers))):
            W_and_b = self._layers[layer]

            # BP4, the weights: error times the activation that came in, summed. In the
            # last row that activation is 1: BP3, the biases, the sum of the errors.
            np.matmul(A[layer].T, delta, out=gradient[layer])
            if self.weight_decay:
                gradient[layer][:-1] += self.weight_decay * W_and_b[:-1]

            # BP2, one layer back: each unit gets the errors that it caused, weighted
            # as it caused them, and lets them pass as far as its f' is open.
            if layer > 0:
                slope = ACTIVATIONS[self.hidden[layer - 1]][1](Z[layer - 1])
                delta = np.matmul(delta, W_and_b[:-1].T, out=Z[layer - 1])
                delta *= slope

    def forward(self, X: ArrayLike) -> tuple[list[Array], list[Array]]:
        """Pass samples through the network and keep everything on the way.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.

        Returns
        -------
        Z : list of ndarray, (n, units)
            The pre-activations of each layer.
        A : list of ndarray, (n, units)
            The activations: `A[0]` is X, `A[i + 1]` comes from `Z[i]`, and `A[-1]` is
            the output.

        Raises
        ------
        TypeError, ValueError
            If `X` is not made of finite real numbers, or has another shape.
        FloatingPointError
            If a pre-activation is too large for a float.

        Source: the book on the forward pass.
        """
        X = self._inputs(X, "X")
        Z, A = self._memory(len(X))
        A[0][:, :-1] = X
        with np.errstate(over="ignore", invalid="ignore"):
            self._forward(Z, A)
        if not all(np.isfinite(z).all() for z in Z):
            raise FloatingPointError(_OVERFLOW)
        return Z, [a[:, :-1] for a in A]

    def backward(
        self, Z: Sequence[ArrayLike], A: Sequence[ArrayLike], y: ArrayLike
    ) -> Array:
        """Compute the gradient of the cost from what `forward` kept.

        Parameters
        ----------
        Z, A : lists of ndarray, (n, units)
            As `forward` returned them; they are not changed.
        y : array_like, (n,) or (n, outputs)
            The targets, as for `cost`.

        Returns
        -------
        ndarray, (p,)
            In the order of `theta`; `split_parameters` opens windows on it.

        Raises
        ------
        TypeError, ValueError
            As for `cost`; or if `Z` and `A` are not what `forward` returns.

        Source: Rumelhart, Hinton and Williams (1986); the book on the four equations.
        """
        layers = len(self.weights)
        if len(Z) != layers or len(A) != layers + 1:
            raise ValueError(
                f"Z has {len(Z)} and A {len(A)} entries, expected {layers} and "
                f"{layers + 1}: give what forward returned"
            )
        n = len(real_array(A[0], "A[0]", ("n", self.widths[0])))
        As = [
            real_array(a, f"A[{i}]", (n, width))
            for i, (a, width) in enumerate(zip(A, self.widths, strict=True))
        ]
        Zs = [
            real_array(z, f"Z[{i}]", (n, width))
            for i, (z, width) in enumerate(zip(Z, self.widths[1:], strict=True))
        ]
        return self._flat_gradient(Zs, As, self._targets(y, "y", n))

    def gradient(self, X: ArrayLike, y: ArrayLike) -> Array:
        """Compute the gradient of `cost` by all parameters: forward, then backward.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.
        y : array_like, (n,) or (n, outputs)
            The targets, as for `cost`.

        Returns
        -------
        ndarray, (p,)
            In the order of `theta`.

        Raises
        ------
        TypeError, ValueError, FloatingPointError
            As for `cost`.

        Source: the book on backpropagation.
        """
        Z, A = self.forward(X)
        return self._flat_gradient(Z, A, self._targets(y, "y", len(Z[0])))

    def _flat_gradient(self, Z: list[Array], A: list[Array], Y: Array) -> Array:
        gradient = np.empty_like(self.theta)
        own_Z, own_A = self._memory(len(Y))
        for own, given in zip(own_Z + own_A, [*Z, *A], strict=True):
            own[:, : given.shape[1]] = given
        self._backward(own_Z, own_A, Y, self._windows(gradient))
        return gradient

    # --- Costs and predictions -----------------------------------------------------

    def cost(self, X: ArrayLike, y: ArrayLike) -> float:
        """Compute the cost, with the penalty on the weights.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.
        y : array_like, (n,) or (n, outputs)
            The targets: class numbers (n,) for a softmax; 0 and 1 for sigmoids; reals
            for linear outputs and for the cost "mse". With one output, (n,) will do.

        Returns
        -------
        float
            The mean over the samples.

        Raises
        ------
        TypeError, ValueError
            If `X` or `y` is not made of finite real numbers or has another shape, a
            label is not one of those stated, or the output is "threshold".
        FloatingPointError
            If a pre-activation is too large for a float.

        Source: the book on costs and output units.
        """
        Z, _ = self.forward(X)
        penalty = sum(weight_decay(W, self.weight_decay) for W in self.weights)
        return self._data_cost(Z[-1], self._targets(y, "y", len(Z[-1]))) + penalty

    def predict(self, X: ArrayLike) -> Array:
        """Predict a class for each sample, or the value of each linear output.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.

        Returns
        -------
        ndarray, (n,), or (n, outputs) if several outputs are not a softmax
            Class numbers, the first of equally probable ones; for sigmoids and
            thresholds 0 or 1, where z = 0 gives 1; for linear outputs their value.

        Raises
        ------
        TypeError, ValueError, FloatingPointError
            As for `forward`.

        Source: the book on output units.
        """
        Z, _ = self.forward(X)
        decision = self._decide(Z[-1])
        return decision[:, 0] if decision.shape[1:] == (1,) else decision

    def predict_proba(self, X: ArrayLike) -> Array:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.

        Returns
        -------
        ndarray, (n, classes) for a softmax, (n, outputs) for sigmoids, (n,) for one
            For a sigmoid it is the probability of a 1.

        Raises
        ------
        TypeError, FloatingPointError
            As for `forward`.
        ValueError
            As for `forward`; or if the output is neither a softmax nor a sigmoid.

        Source: the book on output units.
        """
        if self.output not in ("softmax", "sigmoid"):
            raise ValueError(
                f"a {self.output} output gives no probabilities: use predict, or "
                'build the network with output="softmax" or "sigmoid"'
            )
        _, A = self.forward(X)
        return A[-1][:, 0] if self.widths[-1] == 1 else A[-1]

    def _inputs(self, X: ArrayLike, name: str) -> Array:
        d = self.widths[0]
        hint = f"one row a sample, {d} inputs in each; for one sample write [x]"
        return self._cast(real_array(X, name, ("n", d), hint=hint), name)

    def _targets(self, y: ArrayLike, name: str, n: int) -> Array:
        """Check the targets and return them as the output should be, (n, outputs)."""
        k = self.widths[-1]
        if self.output == "threshold":
            raise ValueError(
                "a threshold output has no cost and cannot be trained: its slope is 0. "
                'To train, build the network with output="sigmoid"'
            )
        if self.output == "softmax":
            classes = labels(y, name, range(k), n=n).astype(int)
            return np.eye(k, dtype=self.dtype)[classes]
        Y = real_array(y, name)
        if not (Y.ndim == k == 1):
            hint = "one row a sample, one column for each output"
            Y = real_array(Y, name, (n, k), hint=hint)
        elif len(Y) != n:
            raise ValueError(f"{name} has {len(Y)} entries, expected {n}: one a sample")
        if self.output == "sigmoid" and self.cost_name == "fitting":
            labels(Y.ravel(), name, (0, 1), n=n * k)
        return self._cast(Y.reshape(n, k), name)

    def _cast(self, array: Array, name: str) -> Array:
        if array.dtype == self.dtype:
            return array
        with np.errstate(over="ignore"):
            return real_array(array.astype(self.dtype), f"{name} as {self.dtype}")

    def _data_cost(self, scores: Array, Y: Array) -> float:
        """Compute the cost, without the penalty, from the last pre-activations.

        Not from the output: a probability that was rounded to 0 has no logarithm.
        """
        if self.output == "softmax":
            return cross_entropy_of_rows(scores, Y)
        if self.output == "linear":
            return mse(scores, Y)
        if self.cost_name == "mse":
            return mse(OUTPUTS["sigmoid"](scores), Y)
        return Y.shape[1] * binary_cross_entropy(scores.ravel(), Y.ravel())

    def _decide(self, scores: Array) -> Array:
        if self.output == "linear":
            return scores
        if self.output == "softmax":
            return scores.argmax(axis=1)
        return (scores >= 0).astype(np.int64)

    # --- Training ------------------------------------------------------------------

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        optimizer: str = "gd",
        eta: float | Callable[[int], float],
        epochs: int,
        batch_size: int = 32,
        rng: int | np.random.Generator,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        patience: int | None = None,
        progress: bool = False,
        **constants: float,
    ) -> History:
        """Train by minibatches, going on from the present weights.

        In each epoch the samples are shuffled and cut into batches; each batch makes
        one step of the optimiser.

        Parameters
        ----------
        X : array_like, (n, inputs)
            One sample a row.
        y : array_like, (n,) or (n, outputs)
            The targets, as for `cost`.
        optimizer : str
            The rule of a step: a name in `optimizers.RULES`.
        eta : float, or callable, int -> float
            Step size, positive, or a schedule that gives it for step t = 1, 2, ...,
            counted through all epochs.
        epochs : int
            How often to go through the samples.
        batch_size : int
            Samples in a batch. The last one of an epoch has those that are left.
        rng : int or numpy.random.Generator
            Seed, or the generator to shuffle with.
        validation : tuple (X, y), optional
            Samples to watch, not to train on.
        patience : int, optional
            Stop when the validation cost has not fallen below its lowest for so many
            epochs, and in any case go back to the weights of the lowest.
        progress : bool
            Whether to draw a bar on the standard error stream.
        **constants : float
            Handed to the rule, such as ``alpha=0.9``.

        Returns
        -------
        History
            Costs and accuracies, epoch by epoch.

        Raises
        ------
        TypeError
            If an argument is of another type, or the rule has no such constant.
        ValueError
            If a shape is wrong, an entry is not finite, a label is not one of those
            that `cost` states, a number is out of range, the optimiser is unknown,
            there is patience but nothing to validate on, or the output is "threshold".
        FloatingPointError
            If the weights, the gradient or an output grow out of bounds; the message
            names epoch and step. The network then has the weights again that it had
            before.

        Source: Robbins and Monro (1951); Prechelt (1998) on when to stop; the book on
        training a network.
        """
        X = self._inputs(X, "X")
        Y = self._targets(y, "y", len(X))
        rule = RULES[choice(optimizer, "optimizer", RULES)]
        schedule = eta if callable(eta) else constant(eta)
        epochs = whole(epochs, "epochs", least=1)
        batch_size = min(whole(batch_size, "batch_size", least=1), len(X))
        generator = np.random.default_rng(rng)
        held_out = self._held_out(validation, patience)

        training = self._epochs(X, Y, batch_size, generator, rule, constants, schedule)
        trained: list[tuple[float, float]] = []  # cost and accuracy of each epoch
        validated: list[tuple[float, float]] = []
        before, best, kept = self.theta.copy(), self.theta.copy(), 0
        try:
            for epoch in range(1, epochs + 1):
                trained.append(self._measure(*next(training)))
                if held_out is not None:
                    X_val, Y_val = held_out
                    validated.append(self._measure(self.forward(X_val)[0][-1], Y_val))
                if progress:
                    _draw_bar(epoch, epochs, trained[-1], *validated[-1:])
                if patience is None:
                    kept = epoch
                elif kept == 0 or validated[-1][0] < validated[kept - 1][0]:
                    best[:], kept = self.theta, epoch
                elif epoch - kept >= patience:
                    break
        except FloatingPointError as error:
            self.theta[:] = before
            raise FloatingPointError(
                f"training diverged in epoch {epoch}: {error}"
            ) from None
        finally:
            if progress:
                print(file=sys.stderr)
        if patience is not None:
            self.theta[:] = best
        cost, accuracy = np.array(trained).T
        validation_cost, validation_accuracy = (
            np.array(validated).T if validated else (None, None)
        )
        if self.output == "linear":
            accuracy = validation_accuracy = None
        return History(cost, accuracy, validation_cost, validation_accuracy, kept)

    def _epochs(
        self,
        X: Array,
        Y: Array,
        batch_size: int,
        generator: np.random.Generator,
        rule: Rule,
        constants: dict[str, float],
        schedule: Schedule,
    ) -> Iterator[tuple[Array, Array]]:
        """Train for one epoch after another, without end.

        After each, yield the last pre-activations as they were met, and their targets.

        All epochs and batches write into the same arrays. The system hands out fresh
        large ones page by page, which would cost wide layers a tenth of their time.
        """
        X_and_ones = np.hstack([X, np.ones((len(X), 1), self.dtype)])
        Y_shuffled, scores = (np.empty_like(Y, order="F") for _ in range(2))
        # The last batch of an epoch may be smaller.
        memory = {n: self._memory(n) for n in (batch_size, len(X) % batch_size)}
        theta = self.theta
        gradient, move = np.empty_like(theta), np.empty_like(theta)
        windows = self._windows(gradient)
        in_place = rule is gd_step and not constants
        state, t = None, 0

        while True:
            order = generator.permutation(len(X))
            # mode="clip" skips a check of the order, and a copy that it would need.
            Y.take(order, axis=0, out=Y_shuffled, mode="clip")
            # What overflows is found by looking, below; NumPy need not warn as well.
            with np.errstate(over="ignore", invalid="ignore"):
                for first in range(0, len(X), batch_size):
                    rows = slice(first, first + batch_size)
                    y = Y_shuffled[rows]
                    Z, A = memory[len(y)]
                    X_and_ones.take(order[rows], axis=0, out=A[0], mode="clip")
                    self._forward(Z, A)
                    scores[rows] = Z[-1]
                    self._backward(Z, A, y, windows)
                    t += 1
                    if in_place:  # what gd_step does, without its three new arrays
                        size = number(schedule(t), "eta", above=0)
                        np.multiply(gradient, size, out=move)
                        theta -= move
                    else:
                        theta[:], state = rule(
                            theta, state, gradient, eta=schedule(t), **constants
                        )
                # What is not finite stays so: looking once an epoch is enough. The
                # square of a gradient overflows before the gradient does. AdaGrad,
                # which divides by a sum of squares, would then stand still for ever.
                length = gradient @ gradient
            if not all(np.isfinite(a).all() for a in (scores, theta, length)):
                met = np.isfinite(scores).all(axis=1)
                step = len(X) - 1 if met.all() else met.argmin()
                raise FloatingPointError(
                    f"at step {step // batch_size + 1} of {-(-len(X) // batch_size)} "
                    "the outputs, the gradient or the weights grew out of bounds. eta "
                    f"is {schedule(t):.3g}, the largest input {np.abs(X).max():.3g}: "
                    "try a smaller eta, or scale the inputs, for example to [-1, 1]"
                )
            yield scores, Y_shuffled

    def _held_out(
        self, validation: Any, patience: int | None
    ) -> tuple[Array, Array] | None:
        if patience is not None:
            whole(patience, "patience", least=1)
            if validation is None:
                raise ValueError(
                    "patience needs a validation cost to watch: give validation=(X, y)"
                )
        if validation is None:
            return None
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise TypeError(
                f"validation is {type(validation).__name__}, expected a pair (X, y)"
            )
        X = self._inputs(validation[0], "validation X")
        return X, self._targets(validation[1], "validation y", len(X))

    def _measure(self, scores: Array, Y: Array) -> tuple[float, float]:
        """Compute cost and accuracy from the last pre-activations."""
        decided = self._decide(scores)
        if self.output == "softmax":
            right = Y[np.arange(len(Y)), decided]  # 1 where the class is the right one
        else:
            right = decided == (Y >= 0.5)
        return self._data_cost(scores, Y), float(right.mean())

    # --- Files ---------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a file, a NumPy .npz without pickles.

        The file appears whole or not at all: it is written under another name in the
        same folder and renamed at the end.

        Parameters
        ----------
        path : str or path
            Where to; a file that is there is replaced. Usually ends in ".npz".

        Raises
        ------
        OSError
            If the file cannot be written.

        Source: the book on training a network.
        """
        path = Path(path)
        header = {
            "format": _FORMAT,
            "version": _VERSION,
            "widths": self.widths,
            "hidden": self.hidden,
            "output": self.output,
            "cost": self.cost_name,
            "weight_decay": self.weight_decay,
        }
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with open(partial, "wb") as file:
                np.savez(file, header=np.array(json.dumps(header)), theta=self.theta)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a network that `save` wrote.

        Parameters
        ----------
        path : str or path
            Where from.

        Returns
        -------
        MLP

        Raises
        ------
        OSError
            If the file is not there or cannot be read.
        ValueError
            If it is of another kind, of a later version, or damaged.

        Source: the book on training a network.
        """
        content = Path(path).read_bytes()
        try:
            if not zipfile.is_zipfile(io.BytesIO(content)):
                raise ValueError("it is no .npz archive, or cut short")
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                header, theta = json.loads(str(stored["header"])), stored["theta"]
            if header.pop("format") != _FORMAT:
                raise ValueError("it holds something else")
            if (version := header.pop("version")) != _VERSION:
                raise ValueError(
                    f"its format has version {version}, this nnbook reads {_VERSION}: "
                    "use the nnbook that wrote it, or a newer one"
                )
            network = cls(**header, init="zero", dtype=theta.dtype, rng=0)
            network.theta[:] = real_array(theta, "theta", network.theta.shape)
        except Exception as error:  # a broken archive can make its readers raise any
            raise ValueError(
                f"{path} cannot be loaded as a network that MLP.save wrote: {error}"
            ) from error
        return network


_FORMAT = "nnbook MLP"
_VERSION = 1


def _hidden(hidden: Any, layers: int) -> tuple[str, ...]:
    """Check the activations of the hidden layers; return one for each."""
    if isinstance(hidden, str):
        hidden = [choice(hidden, "hidden", ACTIVATIONS)] * layers
    elif not isinstance(hidden, Iterable):
        raise TypeError(f"hidden is {hidden!r}, expected a name or several")
    names = tuple(choice(name, "hidden", ACTIVATIONS) for name in hidden)
    if len(names) != layers:
        raise ValueError(
            f"hidden names {len(names)} activations, expected {layers}: one for each "
            "layer but the last"
        )
    return names


def _draw_bar(epoch: int, epochs: int, *measured: tuple[float, float]) -> None:
    done = "#" * (20 * epoch // epochs)
    shown = ", validation ".join(f"{cost:.4g}" for cost, _ in measured)
    print(
        f"\r[{done:.<20}] epoch {epoch}/{epochs}, cost {shown}    ",
        end="",
        file=sys.stderr,
        flush=True,
    )


# --- Networks built by hand -----------------------------------------------------------


def xor_network() -> MLP:
    """Build XOR from three threshold units: (x OR y) AND (NOT x OR NOT y).

    Returns
    -------
    MLP
        With widths (2, 2, 1), for inputs of 0 and 1.

    Source: Minsky and Papert (1969) on why one unit is not enough; the book on XOR.
    """
    return MLP.from_layers(
        weights=[
            [[1, 1], [-1, -1]],  # at least one is on; at least one is off
            [[1, 1]],  # both of these hold
        ],
        biases=[[-0.5, 1.5], [-1.5]],
        hidden="threshold",
        output="threshold",
    )


def boolean_network(patterns: Iterable[str]) -> MLP:
    """Build any Boolean function as an OR of ANDs: one hidden unit for each pattern.

    A hidden unit gives weight 1 to the inputs that are on in its pattern and -1 to the
    others. The sum is as large as the number of ones in the pattern for the pattern
    itself, and at least 1 less for any other input: the bias puts the threshold halfway
    between.

    Parameters
    ----------
    patterns : iterable of str
        The inputs on which the function is true, such as "01011". In the worst case
        these are half of all 2**k or more: this construction is exponential.

    Returns
    -------
    MLP
        With widths (k, number of patterns, 1) and thresholds, for inputs of 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As for `datasets.minterms`.

    Source: the disjunctive normal form; the book on Boolean functions.
    """
    inputs, y = minterms(patterns)
    true = inputs[y == 1]
    return MLP.from_layers(
        weights=[2 * true - 1, np.ones((1, len(true)))],
        biases=[0.5 - true.sum(axis=1), [-0.5]],
        hidden="threshold",
        output="threshold",
    )


def pulse_network(edges: ArrayLike, heights: ArrayLike) -> MLP:
    """Build a function of one input as a row of square pulses.

    A pulse is what lies between two thresholds: one unit steps up at its left edge,
    another down at its right edge, a third adds both. Where pulses touch they share a
    unit, which steps from one height to the next.

    Parameters
    ----------
    edges : array_like, (m + 1,)
        Where the pulses begin and end, increasing.
    heights : array_like, (m,)
        `heights[i]` is the value for edges[i] <= x < edges[i + 1]. Outside it is 0, up
        to rounding.

    Returns
    -------
    MLP
        With widths (1, m + 1, 1), thresholds and a linear output.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a vector of finite real numbers, there is not one edge
        more than heights, or the edges do not increase.

    Source: the book on universal approximation.
    """
    heights = real_array(heights, "heights", ("m",))
    hint = "one edge more than heights"
    edges = real_array(edges, "edges", (len(heights) + 1,), hint=hint)
    if (np.diff(edges) <= 0).any():
        raise ValueError(f"edges is {edges}, expected increasing numbers")
    steps = np.diff(heights, prepend=0, append=0)
    return MLP.from_layers(
        weights=[np.ones((len(edges), 1)), steps[None, :]],
        biases=[-edges, [0]],
        hidden="threshold",
        output="linear",
    )
