"""Beyond the MLP, held against PyTorch, SciPy, scikit-learn, loops and integrals."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import subspace_angles
from scipy.signal import correlate2d
from scipy.stats import norm
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from nnbook_utils import beyond

NO_TORCH = "PyTorch is not installed, so that its layers cannot be compared with"


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# Sizes and counts ---------------------------------------------------------------------


def places(n, kernel, stride, padding):
    """Walk along the padded image and collect where the kernel still fits."""
    at, found = -padding, []
    while at + kernel <= n + padding:
        found.append(at)
        at += stride
    return found


@given(
    n=st.integers(1, 40),
    kernel=st.integers(1, 12),
    stride=st.integers(1, 5),
    padding=st.integers(0, 6),
)
def test_output_size_is_the_number_of_places(n, kernel, stride, padding):
    expected = len(places(n, kernel, stride, padding))
    if expected:
        found = beyond.conv_output_size(n, kernel, stride=stride, padding=padding)
        assert found == expected
    else:
        with pytest.raises(ValueError, match="larger than the padded image"):
            beyond.conv_output_size(n, kernel, stride=stride, padding=padding)


def test_output_size_is_a_plain_int_without_stride_and_padding():
    found = beyond.conv_output_size(np.int64(11), 5)
    assert found == 7
    assert type(found) is int


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 1), {}, "n is 0, expected at least 1"),
        ((5, 0), {}, "kernel is 0, expected at least 1"),
        ((5, 3), {"stride": 0}, "stride is 0, expected at least 1"),
        ((5, 3), {"padding": -1}, "padding is -1, expected at least 0"),
        ((5, 8), {"padding": 1}, "kernel is 8, larger than the padded image, 7"),
    ],
)
def test_output_size_refuses(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        beyond.conv_output_size(*arguments, **options)


def test_kernel_as_large_as_the_padded_image_fits_once():
    assert beyond.conv_output_size(5, 7, padding=1) == 1


@pytest.mark.parametrize("function", [beyond.conv_parameters, beyond.dense_parameters])
def test_counts_refuse_fractions_and_zero(function):
    more = [3] if function is beyond.conv_parameters else []
    for arguments in ([2.0, 1], [1, 2.0]):
        with pytest.raises(TypeError, match=r"is 2\.0, expected a whole number"):
            function(*arguments, *more)
    for arguments in ([0, 1], [1, 0]):
        with pytest.raises(ValueError, match="is 0, expected at least 1"):
            function(*arguments, *more)
    with pytest.raises(ValueError, match="kernel is 0"):
        beyond.conv_parameters(1, 1, 0)


# Problem Set 2, questions 1, 3 and 4: the verified answers of the course.


@pytest.mark.parametrize(
    ("first", "second", "units", "right"),
    [
        ((1, 7, 1, 0), (2, 11, 1, 0), (512, 10), True),
        ((1, 3, 1, 0), (5, 3, 1, 1), (900, 10), False),
        ((1, 3, 1, 0), (2, 11, 1, 0), (1152, 11), False),
        ((1, 3, 1, 0), (1, 3, 1, 1), (900, 10), True),
    ],
)
def test_which_networks_fit_together(first, second, units, right):
    side = 32
    for _, kernel, stride, padding in (first, second):
        side = beyond.conv_output_size(side, kernel, stride=stride, padding=padding)
    assert ((second[0] * side**2, 10) == units) == right


def test_five_by_five_kernels_make_seven_of_eleven_pixels():
    assert beyond.conv_output_size(11, 5) == 7
    assert beyond.conv_output_size(11, 3) != 7


def test_dense_layer_needs_so_many_more_parameters_than_a_convolution():
    assert beyond.conv_output_size(50, 3, padding=1) == 50
    assert beyond.conv_parameters(1, 1, 3) == 10
    assert beyond.dense_parameters(2500, 2500) == 6252500
    more = beyond.dense_parameters(2500, 2500) - beyond.conv_parameters(1, 1, 3)
    assert more == 6252490


@pytest.mark.parametrize("bias", [True, False])
def test_parameter_counts_agree_with_pytorch(bias):
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    layer = torch.nn.Conv2d(3, 10, 5, bias=bias)
    expected = sum(p.numel() for p in layer.parameters())
    assert beyond.conv_parameters(3, 10, 5, bias=bias) == expected
    layer = torch.nn.Linear(7, 4)
    expected = sum(p.numel() for p in layer.parameters())
    assert beyond.dense_parameters(7, 4) == expected


# Convolution and pooling --------------------------------------------------------------


def test_convolution_by_hand():
    image = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]
    edge = [[[[1, 0], [0, -1]]]]  # what is at the upper left minus what is lower right
    np.testing.assert_array_equal(beyond.conv2d(image, edge), np.full((1, 2, 2), -4))
    np.testing.assert_array_equal(
        beyond.conv2d(image, edge, [10]), np.full((1, 2, 2), 6)
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("side", [1, 3, 4])
def test_convolution_is_scipys_correlation(rng, stride, padding, side):
    image = rng.normal(size=(3, 7, 9))
    kernels = rng.normal(size=(2, 3, side, side))
    bias = rng.normal(size=2)
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    expected = [
        sum(
            correlate2d(channel, part, mode="valid")
            for channel, part in zip(padded, kernel, strict=True)
        )[::stride, ::stride]
        + offset
        for kernel, offset in zip(kernels, bias, strict=True)
    ]
    found = beyond.conv2d(image, kernels, bias, stride=stride, padding=padding)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    sizes = [
        beyond.conv_output_size(n, side, stride=stride, padding=padding) for n in (7, 9)
    ]
    assert found.shape == (2, *sizes)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", [0, 1])
def test_convolution_is_pytorchs(rng, stride, padding):
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    image, kernels = rng.normal(size=(3, 8, 6)), rng.normal(size=(4, 3, 3, 3))
    bias = rng.normal(size=4)
    theirs = torch.nn.functional.conv2d(
        torch.from_numpy(image[None]),
        torch.from_numpy(kernels),
        torch.from_numpy(bias),
        stride=stride,
        padding=padding,
    )
    ours = beyond.conv2d(image, kernels, bias, stride=stride, padding=padding)
    np.testing.assert_allclose(ours, theirs[0].numpy(), atol=1e-12)


def test_convolution_keeps_float32_and_its_input(rng):
    image = rng.normal(size=(1, 4, 4)).astype(np.float32)
    kernels = rng.normal(size=(1, 1, 2, 2)).astype(np.float32)
    kept = image.copy(), kernels.copy()
    found = beyond.conv2d(image, kernels, np.zeros(1, np.float32), padding=1)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(image, kept[0])
    np.testing.assert_array_equal(kernels, kept[1])
    assert beyond.conv2d([[[1, 2]]], [[[[1]]]]).dtype == np.float64


def test_memory_layout_does_not_matter(rng):
    image, kernels = rng.normal(size=(2, 5, 5)), rng.normal(size=(2, 2, 3, 3))
    expected = beyond.conv2d(image, kernels)
    strided = np.repeat(image, 2, axis=2)[:, :, ::2]
    for same in (np.asfortranarray(image), strided, image.tolist()):
        np.testing.assert_allclose(beyond.conv2d(same, kernels), expected)
        np.testing.assert_array_equal(
            beyond.max_pool2d(same, 2), beyond.max_pool2d(image, 2)
        )


def test_shifted_image_gives_a_shifted_map(rng):
    image = np.zeros((1, 9, 9))
    image[0, 2:5, 2:5] = rng.normal(size=(3, 3))
    kernels = rng.normal(size=(1, 1, 3, 3))
    moved = np.roll(image, (1, 2), axis=(1, 2))
    expected = np.roll(beyond.conv2d(image, kernels), (1, 2), axis=(1, 2))
    np.testing.assert_allclose(beyond.conv2d(moved, kernels), expected)


@pytest.mark.parametrize(
    ("image", "kernels", "options", "message"),
    [
        (np.ones((4, 4)), np.ones((1, 1, 2, 2)), {}, r"image has shape \(4, 4\)"),
        (np.ones((2, 4, 4)), np.ones((1, 3, 2, 2)), {}, "a slice for every channel"),
        (np.ones((1, 4, 4)), np.ones((1, 1, 2, 3)), {}, "K square kernels"),
        (np.ones((1, 4, 4)), np.ones((1, 1, 5, 5)), {}, "kernel is 5, larger"),
        (np.ones((1, 6, 4)), np.ones((1, 1, 5, 5)), {}, "kernel is 5, larger"),
        (np.ones((1, 4, 4)), np.ones((1, 1, 2, 2)), {"stride": 0}, "stride is 0"),
        (np.ones((1, 4, 4)), np.ones((1, 1, 2, 2)), {"padding": -1}, "padding is -1"),
        (np.ones((1, 4, 4)), np.ones((1, 1, 2, 2)), {"bias": [1, 2]}, "bias a kernel"),
        (np.full((1, 4, 4), np.nan), np.ones((1, 1, 2, 2)), {}, "image.*is nan"),
        (np.ones((0, 4, 4)), np.ones((1, 0, 2, 2)), {}, "not empty"),
    ],
)
def test_convolution_refuses(image, kernels, options, message):
    with pytest.raises(ValueError, match=message):
        beyond.conv2d(image, kernels, **options)


def test_pooling_by_hand():
    image = [[[1, 2, 5, 0], [3, 4, 0, 0], [-1, -2, 7, 8], [-3, -4, 9, 6]]]
    np.testing.assert_array_equal(beyond.max_pool2d(image, 2), [[[4, 5], [-1, 9]]])


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 1), (3, 2), (2, 3), (4, 4)])
def test_pooling_is_the_greatest_of_every_window(rng, size, stride):
    image = rng.normal(size=(2, 6, 9))
    found = beyond.max_pool2d(image, size, stride=stride)
    expected = np.full_like(found, np.nan)
    for (i, top), (j, left) in product(
        enumerate(places(6, size, stride, 0)), enumerate(places(9, size, stride, 0))
    ):
        for channel in range(2):
            expected[channel, i, j] = max(
                image[channel, top + a, left + b]
                for a, b in product(range(size), repeat=2)
            )
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("stride", [None, 1, 2])
def test_pooling_is_pytorchs(rng, stride):
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    image = rng.normal(size=(3, 7, 8))
    theirs = torch.nn.functional.max_pool2d(torch.from_numpy(image), 3, stride=stride)
    ours = beyond.max_pool2d(image, 3, stride=stride)
    np.testing.assert_array_equal(ours, theirs.numpy())


def test_pooling_keeps_float32_and_returns_its_own_memory():
    image = np.zeros((1, 2, 2), np.float32)
    found = beyond.max_pool2d(image, 1)
    assert found.dtype == np.float32
    assert not np.shares_memory(found, image)


def test_pooling_refuses():
    with pytest.raises(ValueError, match=r"image has shape \(2, 2\)"):
        beyond.max_pool2d(np.ones((2, 2)), 2)
    with pytest.raises(ValueError, match="kernel is 3, larger"):
        beyond.max_pool2d(np.ones((1, 2, 5)), 3)
    with pytest.raises(ValueError, match="kernel is 0"):
        beyond.max_pool2d(np.ones((1, 2, 2)), 0)
    with pytest.raises(ValueError, match="stride is 0"):
        beyond.max_pool2d(np.ones((1, 2, 2)), 1, stride=0)


# Recurrent cells ----------------------------------------------------------------------


def rnn_by_loops(x, h, W_x, W_h, b):
    new = []
    for k in range(len(h)):
        z = b[k]
        for j, x_j in enumerate(x):
            z += W_x[k][j] * x_j
        for j, h_j in enumerate(h):
            z += W_h[k][j] * h_j
        new.append(math.tanh(z))
    return new


def lstm_by_loops(x, h, c, W, U, b):
    units = len(h)

    def z(row):
        total = b[row]
        total += sum(W[row][j] * x_j for j, x_j in enumerate(x))
        return total + sum(U[row][j] * h_j for j, h_j in enumerate(h))

    def gate(row):
        return 1 / (1 + math.exp(-z(row)))

    new_h, new_c = [], []
    for k in range(units):
        candidate = math.tanh(z(2 * units + k))
        cell = gate(units + k) * c[k] + gate(k) * candidate
        new_c.append(cell)
        new_h.append(gate(3 * units + k) * math.tanh(cell))
    return new_h, new_c


@pytest.mark.parametrize(("d", "units"), [(1, 1), (3, 2), (2, 4)])
def test_cells_agree_with_loops_over_several_steps(rng, d, units):
    W_x, W_h = rng.normal(size=(units, d)), rng.normal(size=(units, units))
    W, U = rng.normal(size=(4 * units, d)), rng.normal(size=(4 * units, units))
    b, b4 = rng.normal(size=units), rng.normal(size=4 * units)
    h = np.zeros(units)
    state = (np.zeros(units), np.zeros(units))
    loop_h, loop_state = [0.0] * units, ([0.0] * units, [0.0] * units)
    for x in rng.normal(size=(5, d)):
        h = beyond.rnn_step(x, h, W_x, W_h, b)
        loop_h = rnn_by_loops(x, loop_h, W_x, W_h, b)
        np.testing.assert_allclose(h, loop_h, atol=1e-13)
        state = beyond.lstm_step(x, *state, W, U, b4)
        loop_state = lstm_by_loops(x, *loop_state, W, U, b4)
        np.testing.assert_allclose(state, loop_state, atol=1e-13)


def test_cells_agree_with_pytorch(rng):
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    x, h, c = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    with torch.no_grad():
        cell = torch.nn.RNNCell(3, 2, dtype=torch.float64)
        weights = [p.numpy() for p in cell.parameters()]
        theirs = cell(torch.from_numpy(x), torch.from_numpy(h)).numpy()
        ours = beyond.rnn_step(x, h, weights[0], weights[1], weights[2] + weights[3])
        np.testing.assert_allclose(ours, theirs, atol=1e-13)

        cell = torch.nn.LSTMCell(3, 2, dtype=torch.float64)
        weights = [p.numpy() for p in cell.parameters()]
        states = (torch.from_numpy(h), torch.from_numpy(c))
        theirs = cell(torch.from_numpy(x), states)
        ours = beyond.lstm_step(
            x, h, c, weights[0], weights[1], weights[2] + weights[3]
        )
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, other.numpy(), atol=1e-13)


def test_a_batch_is_its_sequences_one_by_one(rng):
    x, h, c = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
    W, U, b = rng.normal(size=(8, 3)), rng.normal(size=(8, 2)), rng.normal(size=8)
    together = beyond.lstm_step(x, h, c, W, U, b)
    alone = [beyond.lstm_step(*rows, W, U, b) for rows in zip(x, h, c, strict=True)]
    np.testing.assert_allclose(together, np.swapaxes(alone, 0, 1), atol=1e-14)
    together = beyond.rnn_step(x, h, W[:2], U[:2], b[:2])
    alone = [
        beyond.rnn_step(*rows, W[:2], U[:2], b[:2]) for rows in zip(x, h, strict=True)
    ]
    np.testing.assert_allclose(together, alone, atol=1e-14)


def test_open_forget_gate_keeps_the_cell_and_a_shut_one_clears_it():
    W, U = np.zeros((4, 1)), np.zeros((4, 1))
    for forget, kept in ((50, 0.7), (-50, 0)):
        h, c = beyond.lstm_step([1], [0], [0.7], W, U, [-50, forget, 0, 50])
        assert c == pytest.approx(kept, abs=1e-12)
        assert h == pytest.approx(math.tanh(kept), abs=1e-12)


def test_cells_keep_float32_and_the_states_they_were_given():
    x, h, c = (np.ones(2, np.float32) for _ in range(3))
    W, U, b = (np.ones(s, np.float32) for s in ((8, 2), (8, 2), 8))
    for new in beyond.lstm_step(x, h, c, W, U, b):
        assert new.dtype == np.float32
    assert beyond.rnn_step(x, h, W[:2], U[:2], b[:2]).dtype == np.float32
    np.testing.assert_array_equal([h, c], 1)


def lstm_arguments(**changes):
    sizes = {"x": 3, "h": 2, "c": 2, "W": (8, 3), "U": (8, 2), "b": 8} | changes
    return [np.ones(size) for size in sizes.values()]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": (1, 2, 3)}, r"x has shape \(1, 2, 3\)"),
        ({"x": 4}, r"W has shape \(8, 3\), expected \(8, 4\).*4 rows a unit"),
        ({"h": 3}, r"h has shape \(3,\), expected \(2,\).*one number a unit"),
        ({"c": 1}, r"c has shape \(1,\), expected \(2,\)"),
        ({"U": (6, 2)}, r"U has shape \(6, 2\), expected \(8, 2\)"),
        ({"b": 2}, r"b has shape \(2,\), expected \(8,\)"),
        ({"x": (5, 3)}, r"h has shape \(2,\), expected \(5, 2\)"),
    ],
)
def test_lstm_refuses(changes, message):
    beyond.lstm_step(*lstm_arguments())
    with pytest.raises(ValueError, match=message):
        beyond.lstm_step(*lstm_arguments(**changes))


def test_rnn_refuses():
    good = {"x": [1.0], "h": [0.0], "W_x": [[1.0]], "W_h": [[1.0]], "b": [0.0]}
    assert beyond.rnn_step(**good) == pytest.approx(math.tanh(1))
    for name, bad, message in (
        ("W_x", [[1.0], [1.0]], r"W_x has shape \(2, 1\).*one row a unit"),
        ("W_h", [[1.0], [1.0]], r"W_h has shape \(2, 1\), expected \(1, 1\)"),
        ("b", [[1.0]], r"b has shape \(1, 1\)"),
        ("h", [[1.0]], r"h has shape \(1, 1\)"),
        ("x", [np.inf], r"x\[0\] is inf"),
        ("x", [], "x has shape .* not empty"),
    ):
        with pytest.raises(ValueError, match=message):
            beyond.rnn_step(**good | {name: bad})


# Autoencoder --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits():
    return load_digits().data[:300] / 16


@pytest.fixture(scope="module")
def trained(digits):
    return beyond.linear_autoencoder(digits, 3, eta=0.1, steps=1500, rng=0)


def test_autoencoder_finds_the_principal_subspace(digits, trained):
    pca = PCA(3).fit(digits)
    assert subspace_angles(trained.decoder, pca.components_.T).max() < 1e-3
    np.testing.assert_allclose(trained.mean, pca.mean_)
    rebuilt = trained.decode(trained.encode(digits))
    expected = pca.inverse_transform(pca.transform(digits))
    assert np.linalg.norm(rebuilt - expected) < 5e-3 * np.linalg.norm(expected)


def test_autoencoder_is_the_projection_if_the_samples_fill_the_space(rng):
    X = (
        rng.normal(size=(200, 4))
        * [2, 1.5, 1, 0.7]
        @ np.linalg.qr(rng.normal(size=(4, 4))).Q
    )
    model = beyond.linear_autoencoder(X, 2, eta=0.05, steps=2000, rng=0)
    axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False).Vh[:2]
    np.testing.assert_allclose(model.decoder @ model.encoder, axes.T @ axes, atol=1e-6)
    # The two axes of the code are not the principal ones: they only span the same.
    assert np.abs(model.decoder - axes.T).max() > 0.1


def test_autoencoders_least_cost_is_the_variance_left_out(digits, trained):
    singular = np.linalg.svd(digits - digits.mean(axis=0), compute_uv=False)
    left_out = np.sum(singular[3:] ** 2) / (2 * len(digits))
    assert trained.costs[-1] == pytest.approx(left_out, rel=1e-4)
    assert trained.costs.shape == (1501,)
    rebuilt = trained.decode(trained.encode(digits))
    cost = np.sum((rebuilt - digits) ** 2) / (2 * len(digits))
    assert trained.costs[-1] == pytest.approx(cost)


def test_autoencoders_first_step_follows_the_numerical_gradient(rng):
    X, k, eta = rng.normal(size=(6, 3)), 2, 1e-3
    before = beyond.linear_autoencoder(X, k, steps=0, eta=eta, rng=1)
    after = beyond.linear_autoencoder(X, k, steps=1, eta=eta, rng=1)
    centred = X - X.mean(axis=0)

    def cost(theta):
        encoder, decoder = theta[:6].reshape(2, 3), theta[6:].reshape(3, 2)
        rebuilt = np.array([decoder @ (encoder @ x) for x in centred])
        return 0.5 * np.mean(np.sum((rebuilt - centred) ** 2, axis=1))

    theta = np.concatenate([before.encoder.ravel(), before.decoder.ravel()])
    slope = [
        (cost(theta + step) - cost(theta - step)) / 2e-5 for step in 1e-5 * np.eye(12)
    ]
    found = np.concatenate([after.encoder.ravel(), after.decoder.ravel()])
    np.testing.assert_allclose(found, theta - eta * np.array(slope), atol=1e-10)
    assert before.costs == pytest.approx([cost(theta)])


def test_autoencoder_without_bottleneck_forgets_nothing(rng):
    X = rng.normal(size=(50, 2)) + 5
    model = beyond.linear_autoencoder(X, 2, eta=0.1, steps=1000, rng=0)
    np.testing.assert_allclose(model.decode(model.encode(X)), X, atol=1e-6)


def test_autoencoder_is_repeatable_and_keeps_float32(rng):
    X = rng.normal(size=(20, 3)).astype(np.float32)
    kept = X.copy()
    one, two = (beyond.linear_autoencoder(X, 1, steps=5, rng=4) for _ in range(2))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first, second)
    assert one.encoder.dtype == one.decoder.dtype == one.mean.dtype == np.float32
    other = beyond.linear_autoencoder(X, 1, steps=5, rng=5)
    assert not np.array_equal(one.encoder, other.encoder)
    np.testing.assert_array_equal(X, kept)


@pytest.mark.parametrize("steps", range(1, 12))
def test_autoencoder_says_that_it_diverges(rng, steps):
    X = 100 * rng.normal(size=(20, 3))
    if steps < 4:
        model = beyond.linear_autoencoder(X, 1, eta=1, steps=steps, rng=0)
        assert np.isfinite(model.costs).all()
    else:
        with pytest.raises(FloatingPointError, match=r"diverged.*smaller eta"):
            beyond.linear_autoencoder(X, 1, eta=1, steps=steps, rng=0)


def test_autoencoder_refuses(rng, trained):
    X = rng.normal(size=(5, 3))
    for k in (0, 4):
        with pytest.raises(ValueError, match=f"k is {k}, expected at least 1 and at"):
            beyond.linear_autoencoder(X, k, rng=0)
    with pytest.raises(ValueError, match=r"X has shape \(5,\).*one sample a row"):
        beyond.linear_autoencoder(X[:, 0], 1, rng=0)
    with pytest.raises(ValueError, match="eta"):
        beyond.linear_autoencoder(X, 1, eta=0, rng=0)
    with pytest.raises(ValueError, match="steps is -1"):
        beyond.linear_autoencoder(X, 1, steps=-1, rng=0)
    with pytest.raises(ValueError, match=r"X has shape \(5, 3\), expected \(n, 64\)"):
        trained.encode(X)
    with pytest.raises(ValueError, match=r"codes has shape \(5, 2\), expected \(n, 3"):
        trained.decode(X[:, :2])


# Variational autoencoder --------------------------------------------------------------


def test_reparameterization_by_hand():
    # Variances 4 and 1/4 are deviations 2 and 1/2.
    z = beyond.reparameterize([1, -1], np.log([4, 0.25]), [[0.5, 2], [-1, 0]])
    np.testing.assert_allclose(z, [[2, 0], [-1, -1]])
    np.testing.assert_allclose(beyond.reparameterize([1], [0], [3]), [4])


def test_reparameterized_draws_have_the_mean_and_the_variance(rng):
    noise = rng.normal(size=(100_000, 1))
    z = beyond.reparameterize([3], [np.log(4)], noise)
    # Five standard errors: of a mean sigma / sqrt(m), of a variance about
    # sigma^2 sqrt(2 / m).
    assert z.mean() == pytest.approx(3, abs=5 * 2 / np.sqrt(1e5))
    assert z.var() == pytest.approx(4, abs=5 * 4 * np.sqrt(2 / 1e5))


def test_one_draw_a_sample(rng):
    mu, log_var, noise = rng.normal(size=(3, 4, 2))
    z = beyond.reparameterize(mu, log_var, noise)
    np.testing.assert_allclose((z - mu) / noise, np.sqrt(np.exp(log_var)))


@given(st.floats(-3, 3), st.floats(-4, 2))
def test_gradient_of_a_square_is_exact_for_noise_of_unit_variance(mu, log_var):
    # E z^2 = mu^2 + sigma^2, and plus and minus one have mean 0 and variance 1.
    found = beyond.reparameterized_gradient(
        lambda z: 2 * z, [mu], [log_var], [[1], [-1]]
    )
    np.testing.assert_allclose(
        np.ravel(found), [2 * mu, np.exp(log_var)], atol=1e-12, rtol=1e-12
    )


def test_gradient_is_that_of_the_monte_carlo_mean(rng):
    mu, log_var = rng.normal(size=(2, 2))
    noise = rng.normal(size=(500, 2))

    def mean(mu, log_var):
        z = beyond.reparameterize(mu, log_var, noise)
        return np.mean(np.sin(z[:, 0]) * z[:, 1] ** 2)

    def slope(z):
        by_first = np.cos(z[:, 0]) * z[:, 1] ** 2
        return np.column_stack([by_first, 2 * np.sin(z[:, 0]) * z[:, 1]])

    found = beyond.reparameterized_gradient(slope, mu, log_var, noise)
    h = 1e-5 * np.eye(2)
    by_mu = [(mean(mu + e, log_var) - mean(mu - e, log_var)) / 2e-5 for e in h]
    by_log = [(mean(mu, log_var + e) - mean(mu, log_var - e)) / 2e-5 for e in h]
    np.testing.assert_allclose(found, [by_mu, by_log], atol=1e-8)


def test_gradient_tends_to_the_closed_form(rng):
    # E sin z = sin(mu) exp(-sigma^2 / 2), differentiated by mu and by log sigma^2.
    mu, variance, m = 0.7, 0.5, 200_000
    found = beyond.reparameterized_gradient(
        np.cos, [mu], [np.log(variance)], rng.normal(size=(m, 1))
    )
    damping = np.exp(-variance / 2)
    expected = [np.cos(mu) * damping, -variance / 2 * np.sin(mu) * damping]
    # Each draw contributes at most about one; five standard errors.
    np.testing.assert_allclose(np.ravel(found), expected, atol=5 / np.sqrt(m))


@pytest.mark.parametrize(("mu", "log_var"), [(0, 0), (1, 0), (-2, 1.5), (0.3, -3)])
def test_divergence_is_the_integral(mu, log_var):
    ours, standard = norm(mu, np.exp(log_var / 2)), norm()
    integral, _ = quad(
        lambda z: ours.pdf(z) * (ours.logpdf(z) - standard.logpdf(z)),
        mu - 12 * np.exp(log_var / 2),
        mu + 12 * np.exp(log_var / 2),
    )
    found = beyond.kl_to_standard_normal([mu], [log_var])
    assert found.shape == ()
    assert found == pytest.approx(integral, abs=1e-8)


def test_divergence_agrees_with_pytorch(rng):
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    mu, log_var = rng.normal(size=(2, 4, 3))
    normal = torch.distributions.Normal
    theirs = torch.distributions.kl_divergence(
        normal(torch.from_numpy(mu), torch.from_numpy(np.exp(log_var / 2))),
        normal(torch.zeros(4, 3), torch.ones(4, 3)),
    ).sum(dim=1)
    np.testing.assert_allclose(
        beyond.kl_to_standard_normal(mu, log_var), theirs.numpy()
    )


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=4))
def test_divergence_is_not_negative_and_adds_over_coordinates(pairs):
    mu, log_var = np.transpose(pairs)
    found = beyond.kl_to_standard_normal(mu, log_var)
    assert found >= 0
    alone = [beyond.kl_to_standard_normal([m], [v]) for m, v in pairs]
    assert found == pytest.approx(sum(alone))
    rows = beyond.kl_to_standard_normal([mu, mu + 1], [log_var, log_var])
    assert rows.shape == (2,)
    assert rows[0] == pytest.approx(found)


def test_divergence_is_zero_for_the_standard_normal():
    assert beyond.kl_to_standard_normal([0, 0], [0, 0]) == 0


def test_variational_functions_keep_float32():
    mu, log_var = np.ones((2, 3), np.float32)
    noise = np.ones((4, 3), np.float32)
    assert beyond.reparameterize(mu, log_var, noise).dtype == np.float32
    assert beyond.kl_to_standard_normal(mu, log_var).dtype == np.float32
    for gradient in beyond.reparameterized_gradient(np.cos, mu, log_var, noise):
        assert gradient.dtype == np.float32


def test_variational_functions_refuse():
    with pytest.raises(ValueError, match=r"log_var has shape \(1,\).*the shape of mu"):
        beyond.kl_to_standard_normal([0, 1], [0])
    with pytest.raises(ValueError, match=r"mu has shape \(\)"):
        beyond.kl_to_standard_normal(0, 0)
    with pytest.raises(ValueError, match=r"log_var\[1\] is nan"):
        beyond.kl_to_standard_normal([0, 1], [0, np.nan])
    with pytest.raises(ValueError, match=r"noise has shape \(3,\).*one draw an entry"):
        beyond.reparameterize([0, 1], [0, 0], [1, 2, 3])
    with pytest.raises(ValueError, match=r"noise has shape \(3, 2\), expected \(1, 2"):
        beyond.reparameterize([[0, 1]], [[0, 0]], np.ones((3, 2)))
    with pytest.raises(ValueError, match="one draw of z a row"):
        beyond.reparameterized_gradient(np.cos, [0], [0], [1])
    with pytest.raises(ValueError, match=r"mu has shape \(1, 1\)"):
        beyond.reparameterized_gradient(np.cos, [[0]], [[0]], [[1]])
    with pytest.raises(ValueError, match=r"gradient\(z\) has shape \(2,\)"):
        beyond.reparameterized_gradient(
            lambda z: z[:, 0], [0, 0], [0, 0], np.ones((2, 2))
        )
    with pytest.raises(FloatingPointError, match="log_var is 800, whose exponential"):
        beyond.kl_to_standard_normal([0], [800])
    with pytest.raises(FloatingPointError, match="instead of its logarithm"):
        beyond.reparameterize([0], [2000], [1])
