"""What comes after the multilayer perceptron, each in a few lines of NumPy.

Convolutions share one small set of weights over the whole image, recurrent cells share
one over all times, autoencoders learn a short code for their own input, and a
variational autoencoder makes that code random in a way that can be differentiated.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnbook_utils._inputs import Array, real_array, whole
from nnbook_utils.activations import sigmoid, tanh
from nnbook_utils.optimizers import momentum

__all__ = [  # noqa: RUF022 - in reading order
    "conv_output_size",
    "conv_parameters",
    "dense_parameters",
    "conv2d",
    "max_pool2d",
    "rnn_step",
    "lstm_step",
    "LinearAutoencoder",
    "linear_autoencoder",
    "reparameterize",
    "reparameterized_gradient",
    "kl_to_standard_normal",
]


# --- Convolutions ---------------------------------------------------------------------


def conv_output_size(n: int, kernel: int, *, stride: int = 1, padding: int = 0) -> int:
    """Count the places at which a kernel fits along one side of an image.

    The first place is at the padded image's edge and each next one `stride` further;
    what is left over at the far edge is not looked at.

    Parameters
    ----------
    n : int
        The image's side, in pixels.
    kernel : int
        The kernel's side, in pixels.
    stride : int
        How far the kernel moves, in pixels.
    padding : int
        How many zeros are put before the first pixel and after the last.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If a side or the stride is below 1, the padding is negative, or the kernel is
        larger than the padded image.

    Source: Dumoulin and Visin (2016), A guide to convolution arithmetic.
    """
    side = whole(n, "n", least=1) + 2 * whole(padding, "padding")
    if whole(kernel, "kernel", least=1) > side:
        raise ValueError(
            f"kernel is {kernel}, larger than the padded image, {side}: use a smaller "
            "kernel or more padding"
        )
    return (side - kernel) // whole(stride, "stride", least=1) + 1


def conv_parameters(
    in_channels: int, out_channels: int, kernel: int, *, bias: bool = True
) -> int:
    """Count the weights and biases of a convolutional layer.

    The image's size does not enter: every place shares the same kernels.

    Parameters
    ----------
    in_channels : int
        The channels of the image.
    out_channels : int
        The channels of the output: how many kernels there are.
    kernel : int
        The side of a kernel, in pixels.
    bias : bool
        Whether each kernel has a bias.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below 1.

    Source: LeCun et al. (1989), Backpropagation applied to handwritten zip code
    recognition.
    """
    weights = whole(in_channels, "in_channels", least=1)
    weights *= whole(kernel, "kernel", least=1) ** 2
    return whole(out_channels, "out_channels", least=1) * (weights + bool(bias))


def dense_parameters(n_in: int, n_out: int) -> int:
    """Count the weights and biases of a fully connected layer.

    Parameters
    ----------
    n_in, n_out : int
        How many units there are before and in the layer.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below 1.

    Source: the book's chapter on multilayer perceptrons.
    """
    return whole(n_out, "n_out", least=1) * (whole(n_in, "n_in", least=1) + 1)


def conv2d(
    image: Any, kernels: Any, bias: Any = None, *, stride: int = 1, padding: int = 0
) -> Array:
    """Lay each kernel on each place of an image and sum the products.

    The kernels are not flipped. Strictly this is a cross-correlation; the field calls
    it a convolution, as the kernels are learned and a flipped one is as good.

    Parameters
    ----------
    image : array_like, (channels, height, width)
        The image.
    kernels : array_like, (K, channels, F, F)
        The kernels, which look at all channels at once.
    bias : array_like, (K,), optional
        What is added to each output channel.
    stride : int
        How far the kernels move, in pixels.
    padding : int
        How many zeros are put around the image.

    Returns
    -------
    ndarray, (K, height out, width out)
        With the sizes of `conv_output_size`.

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, the kernels are larger than the padded image, or
        `stride` or `padding` is out of range.

    Source: LeCun et al. (1989), Backpropagation applied to handwritten zip code
    recognition.
    """
    pixels = real_array(image, "image", ("channels", "height", "width"))
    weights = real_array(
        kernels,
        "kernels",
        ("K", pixels.shape[0], "F", "F"),
        hint="K square kernels, each with a slice for every channel of the image",
    )
    border = whole(padding, "padding")
    padded = np.pad(pixels, ((0, 0), (border, border), (border, border)))
    windows = _windows(padded, weights.shape[-1], stride)
    output: Array = np.einsum("chwij,kcij->khw", windows, weights)
    if bias is not None:
        offsets = real_array(bias, "bias", (len(weights),), hint="one bias a kernel")
        output = output + offsets[:, None, None]
    return output


def max_pool2d(image: Any, size: int, *, stride: int | None = None) -> Array:
    """Keep the greatest number of each window, channel by channel.

    Parameters
    ----------
    image : array_like, (channels, height, width)
        The image.
    size : int
        The window's side, in pixels.
    stride : int, optional
        How far the window moves; by default `size`, so that windows do not overlap.

    Returns
    -------
    ndarray, (channels, height out, width out)
        With the sizes of `conv_output_size`.

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the image has another shape, the window is larger than it, or `size` or
        `stride` is below 1.

    Source: Riesenhuber and Poggio (1999), Hierarchical models of object recognition
    in cortex.
    """
    pixels = real_array(image, "image", ("channels", "height", "width"))
    windows = _windows(pixels, size, size if stride is None else stride)
    return np.asarray(windows.max(axis=(3, 4)))


def _windows(image: Array, side: int, stride: int) -> Array:
    """Return every window of the image: (channels, height out, width out, side, side).

    A view: the same pixel is in many windows and in memory once.
    """
    for length in image.shape[1:]:
        conv_output_size(length, side, stride=stride)  # refuses what does not fit
    windows = sliding_window_view(image, (side, side), axis=(1, 2))
    return windows[:, ::stride, ::stride]


# --- Recurrent cells ------------------------------------------------------------------


def rnn_step(x: Any, h: Any, W_x: Any, W_h: Any, b: Any) -> Array:
    """Take one step in time: mix the new input with what is remembered.

    h' = tanh(W_x x + W_h h + b), with the same weights at every time.

    Parameters
    ----------
    x : array_like, (d,) or (n, d)
        The input at this time, of one sequence or of n, a sequence a row.
    h : array_like, (units,) or (n, units)
        The hidden state before.
    W_x : array_like, (units, d)
        The weights of the input.
    W_h : array_like, (units, units)
        The weights of the hidden state.
    b : array_like, (units,)
        The biases. PyTorch has two, whose sum this is.

    Returns
    -------
    ndarray, (units,) or (n, units)
        The hidden state after.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If the shapes do not fit or an entry is not finite.

    Source: Elman (1990), Finding structure in time.
    """
    x, W_x, W_h, b = _cell(x, W_x, W_h, b, ("W_x", "W_h", "b"), gates=1)
    h = real_array(h, "h", (*x.shape[:-1], W_h.shape[1]), hint=_STATE)
    return tanh(x @ W_x.T + h @ W_h.T + b)


def lstm_step(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> tuple[Array, Array]:
    """Take one step in time with a memory cell behind gates.

    The cell state c is changed only by a product and a sum, c' = f * c + i * g, so
    that with a forget gate near 1 its gradient lives through many steps.

    Parameters
    ----------
    x : array_like, (d,) or (n, d)
        The input at this time, of one sequence or of n, a sequence a row.
    h, c : array_like, (units,) or (n, units)
        The hidden state and the cell state before.
    W : array_like, (4 units, d)
        The weights of the input: input gate, forget gate, candidate, output gate.
    U : array_like, (4 units, units)
        The weights of the hidden state, in the same order.
    b : array_like, (4 units,)
        The biases. PyTorch has two, whose sum this is.

    Returns
    -------
    h, c : ndarray, (units,) or (n, units)
        Both states after.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If the shapes do not fit or an entry is not finite.

    Source: Hochreiter and Schmidhuber (1997), Long short-term memory; Gers,
    Schmidhuber and Cummins (2000) for the forget gate. The order of the gates is
    PyTorch's.
    """
    x, W, U, b = _cell(x, W, U, b, ("W", "U", "b"), gates=4)
    h = real_array(h, "h", (*x.shape[:-1], U.shape[1]), hint=_STATE)
    c = real_array(c, "c", h.shape, hint=_STATE)
    z_i, z_f, z_g, z_o = np.split(x @ W.T + h @ U.T + b, 4, axis=-1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * tanh(z_g)
    return sigmoid(z_o) * tanh(c), c


_STATE = "one number a unit for each sequence of x"


def _cell(
    x: Any, W: Any, U: Any, b: Any, names: tuple[str, str, str], *, gates: int
) -> tuple[Array, Array, Array, Array]:
    """Check the input and the weights of a cell, of which U tells the units."""
    x = real_array(x, "x")
    x = real_array(x, "x", ("d",) if x.ndim == 1 else ("n", "d"))
    U = real_array(U, names[1], ("rows", "units"))
    rows = gates * U.shape[1]
    hint = f"{gates} rows a unit" if gates > 1 else "one row a unit"
    U = real_array(U, names[1], (rows, U.shape[1]), hint=hint)
    W = real_array(W, names[0], (rows, x.shape[-1]), hint=hint)
    return x, W, U, real_array(b, names[2], (rows,), hint=hint)


# --- Autoencoders ---------------------------------------------------------------------


class LinearAutoencoder(NamedTuple):
    """A trained linear autoencoder: two matrices with a bottleneck between.

    Parameters
    ----------
    encoder : ndarray, (k, d)
        From a centred sample to its code.
    decoder : ndarray, (d, k)
        From a code back.
    mean : ndarray, (d,)
        The training samples' mean.
    costs : ndarray, (steps + 1,)
        The cost before training and after each step.

    Source: Bourlard and Kamp (1988), Auto-association by multilayer perceptrons.
    """

    encoder: Array
    decoder: Array
    mean: Array
    costs: Array

    def encode(self, X: Any) -> Array:
        """Return the codes of samples.

        Parameters
        ----------
        X : array_like, (n, d)
            The samples.

        Returns
        -------
        ndarray, (n, k)

        Raises
        ------
        TypeError
            If X is not made of real numbers.
        ValueError
            If X has another shape or is not finite.

        Source: the book's chapter on autoencoders.
        """
        samples = real_array(X, "X", ("n", len(self.mean)), hint="one sample a row")
        return (samples - self.mean) @ self.encoder.T

    def decode(self, codes: Any) -> Array:
        """Return the samples that codes stand for.

        Parameters
        ----------
        codes : array_like, (n, k)
            The codes.

        Returns
        -------
        ndarray, (n, d)

        Raises
        ------
        TypeError
            If the codes are not made of real numbers.
        ValueError
            If they have another shape or are not finite.

        Source: the book's chapter on autoencoders.
        """
        k = len(self.encoder)
        A = real_array(codes, "codes", ("n", k), hint="one code a row")
        return A @ self.decoder.T + self.mean


def linear_autoencoder(
    X: Any,
    k: int,
    *,
    eta: float = 0.1,
    steps: int = 1000,
    rng: int | np.random.Generator,
) -> LinearAutoencoder:
    """Learn k numbers a sample from which the sample can be told best.

    Gradient descent with momentum on the mean squared error between a sample and its
    reconstruction. At the minimum the decoder's columns span the first k principal
    components, though they need not be them: any invertible mixing of the code, undone
    by the decoder, costs the same. Nor does the encoder need to shrink directions in
    which no sample differs from another.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples; their mean is taken off.
    k : int
        The width of the bottleneck, at most d.
    eta : float
        Step size, positive.
    steps : int
        How many steps to take.
    rng : int or Generator
        For the first weights.

    Returns
    -------
    LinearAutoencoder

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If X is not (n, d) and finite, k is not from 1 to d, `eta` is not positive, or
        `steps` is negative.
    FloatingPointError
        If it diverges: the greater the variance of X, the smaller `eta` must be.

    Source: Baldi and Hornik (1989), Neural networks and principal component analysis.
    """
    samples = real_array(X, "X", ("n", "d"), hint="one sample a row")
    n, d = samples.shape
    k = whole(k, "k", least=1, most=d)
    mean = samples.mean(axis=0)
    centred = samples - mean

    def matrices(theta: Array) -> tuple[Array, Array]:
        return theta[: k * d].reshape(k, d), theta[k * d :].reshape(d, k)

    def residuals(theta: Array) -> Array:
        encoder, decoder = matrices(theta)
        return np.asarray(centred @ encoder.T @ decoder.T - centred)

    def gradient(theta: Array) -> Array:
        encoder, decoder = matrices(theta)
        delta = residuals(theta) / n
        by_encoder = (delta @ decoder).T @ centred
        by_decoder = delta.T @ (centred @ encoder.T)
        return np.concatenate([by_encoder.ravel(), by_decoder.ravel()])

    start = np.random.default_rng(rng).normal(size=2 * k * d) / np.sqrt(d)
    path = momentum(gradient, start.astype(samples.dtype), eta=eta, steps=steps)
    # A last step may be finite and its square not; descend sees only the steps.
    with np.errstate(over="ignore", invalid="ignore"):
        costs = np.array([np.sum(residuals(w) ** 2) / (2 * n) for w in path])
    if not np.isfinite(costs).all():
        raise FloatingPointError("the cost diverged: try a smaller eta")
    return LinearAutoencoder(*matrices(path[-1]), mean, costs)


# --- Variational autoencoders ---------------------------------------------------------


def reparameterize(mu: Any, log_var: Any, noise: Any) -> Array:
    """Make draws from a normal distribution out of standard normal noise.

    z = mu + sigma * noise. The randomness comes from outside, so that z has a
    derivative by mu and by log_var.

    Parameters
    ----------
    mu, log_var : array_like, (d,) or (n, d)
        The mean and the logarithm of the variance.
    noise : array_like, of the shape of `mu`, or (m, d) if that is (d,)
        Draws from the standard normal distribution.

    Returns
    -------
    ndarray, of the shape of `noise`

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If the shapes do not fit or an entry is not finite.
    FloatingPointError
        If a variance overflows.

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes.
    """
    mu, log_var = _normal(mu, log_var)
    noise = real_array(noise, "noise")
    draws = noise.ndim == 2 and mu.ndim == 1
    shape = ("m", *mu.shape) if draws else mu.shape
    noise = real_array(noise, "noise", shape, hint="one draw an entry of mu")
    return np.asarray(mu + _exp(log_var / 2, "log_var / 2") * noise)


def reparameterized_gradient(
    gradient: Callable[[Array], Array], mu: Any, log_var: Any, noise: Any
) -> tuple[Array, Array]:
    """Estimate the gradient of the mean of f(z) when z is normal.

    By the chain rule through `reparameterize`, averaged over the draws: dz/dmu is 1
    and dz/dlog_var is sigma * noise / 2.

    Parameters
    ----------
    gradient : callable, (m, d) -> (m, d)
        The gradient of f at each row.
    mu, log_var : array_like, (d,)
        The mean and the logarithm of the variance.
    noise : array_like, (m, d)
        Draws from the standard normal distribution.

    Returns
    -------
    by_mu, by_log_var : ndarray, (d,)

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, `gradient` returns another, or an entry is not
        finite.
    FloatingPointError
        If a variance overflows.

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes.
    """
    mu = real_array(mu, "mu", ("d",))
    noise = real_array(noise, "noise", ("m", len(mu)), hint="one draw of z a row")
    z = reparameterize(mu, log_var, noise)
    slope = real_array(gradient(z), "gradient(z)", z.shape, hint="one gradient a row")
    return slope.mean(axis=0), (slope * (z - mu) / 2).mean(axis=0)


def kl_to_standard_normal(mu: Any, log_var: Any) -> Array:
    """Measure how far normal distributions are from the standard one, in nats.

    The Kullback-Leibler divergence, half the sum of mu^2 + sigma^2 - 1 - log sigma^2
    over independent coordinates: never negative, and 0 only for the standard normal.

    Parameters
    ----------
    mu, log_var : array_like, (d,) or (n, d)
        The mean and the logarithm of the variance.

    Returns
    -------
    ndarray, () or (n,)
        The divergence of each distribution.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If the shapes do not fit or an entry is not finite.
    FloatingPointError
        If a variance overflows.

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes, appendix B.
    """
    mu, log_var = _normal(mu, log_var)
    excess = mu**2 + _exp(log_var, "log_var") - 1 - log_var
    return np.asarray(excess.sum(axis=-1) / 2)


def _normal(mu: Any, log_var: Any) -> tuple[Array, Array]:
    mu = real_array(mu, "mu")
    mu = real_array(mu, "mu", ("d",) if mu.ndim == 1 else ("n", "d"))
    return mu, real_array(log_var, "log_var", mu.shape, hint="the shape of mu")


def _exp(log: Array, name: str) -> Array:
    with np.errstate(over="ignore"):
        power = np.exp(log)
    if not np.isfinite(power).all():
        raise FloatingPointError(
            f"{name} is {log.max():g}, whose exponential overflows: is it the variance "
            "itself instead of its logarithm?"
        )
    return np.asarray(power)
