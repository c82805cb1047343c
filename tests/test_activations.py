"""Activations: asked of autograd, SciPy, closed forms and published examples."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special
from autograd import elementwise_grad, jacobian
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnbook_utils import activations
from nnbook_utils.activations import ACTIVATIONS

# The textbook formula of each, in autograd's NumPy; naive on purpose.
FORMULAE = {
    "identity": lambda z: 1.0 * z,
    "threshold": lambda z: anp.where(z >= 0, 1.0, 0.0) + 0 * z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": lambda z: (anp.exp(z) - anp.exp(-z)) / (anp.exp(z) + anp.exp(-z)),
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "hard_tanh": lambda z: anp.where(abs(z) < 1, z, anp.sign(z)),
}
NAMES = list(FORMULAE)
VALUES = [getattr(activations, name) for name in NAMES]
DERIVATIVES = [getattr(activations, f"{name}_derivative") for name in NAMES]
ELEMENTWISE = VALUES + DERIVATIVES

finite = st.floats(-1e308, 1e308)
moderate = arrays(
    np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-15, 15)
)


def test_every_elementwise_function_is_listed():
    assert set(activations.__all__) == {
        *(f.__name__ for f in ELEMENTWISE),
        "softmax",
        "softmax_jacobian",
        "ACTIVATIONS",
    }
    assert list(ACTIVATIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(z=moderate)
def test_value_is_the_textbook_formula(name, z):
    value = getattr(activations, name)(z)
    np.testing.assert_allclose(value, FORMULAE[name](z), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
@given(z=moderate)
def test_derivative_is_autograds(name, z):
    z = z[np.abs(np.abs(z) - 1) > 1e-9]  # beside the kinks of hard tanh,
    z = z[z != 0]  # and of the rectifiers
    derivative = getattr(activations, f"{name}_derivative")(z)
    expected = elementwise_grad(FORMULAE[name])(z) if z.size else z
    np.testing.assert_allclose(derivative, expected, rtol=1e-7, atol=1e-9)


def test_sigmoid_and_softplus_are_scipys_down_to_the_smallest_float():
    z = np.concatenate([np.linspace(-708, 708, 501), np.linspace(-3, 3, 61)])
    np.testing.assert_allclose(
        activations.sigmoid(z), scipy.special.expit(z), rtol=1e-14
    )
    np.testing.assert_allclose(
        activations.softplus(z), -scipy.special.log_expit(-z), rtol=1e-14
    )


@pytest.mark.parametrize("z", [-300.0, -40.0, -20.0, -1.5, 0.0, 1.5, 20.0, 40.0, 300.0])
def test_derivatives_keep_their_digits_in_the_tails(z):
    # Closed forms without a difference: 1 / (4 cosh(z/2)^2) and 1 / cosh(z)^2.
    assert activations.sigmoid_derivative(z) == pytest.approx(
        0.25 / math.cosh(z / 2) ** 2, rel=1e-13, abs=0
    )
    assert activations.tanh_derivative(z) == pytest.approx(
        1 / math.cosh(z) ** 2, rel=1e-13, abs=0
    )


KINKS = [
    ("threshold", [-1e-300, 0, 1e-300], [0, 1, 1]),
    ("threshold", [-0.0], [1]),
    ("threshold_derivative", [-1, 0, 1], [0, 0, 0]),
    ("relu", [-1, 0, 2], [0, 0, 2]),
    ("relu_derivative", [-1e-300, 0, 1e-300], [0, 0, 1]),
    ("leaky_relu", [-2, 0, 2], [-0.02, 0, 2]),
    ("leaky_relu_derivative", [-1e-300, 0, 1e-300], [0.01, 0.01, 1]),
    ("hard_tanh", [-1.5, -1, -0.5, 0.5, 1, 1.5], [-1, -1, -0.5, 0.5, 1, 1]),
    ("hard_tanh_derivative", [-1.1, -1, -0.9, 0, 0.9, 1, 1.1], [0, 0, 1, 1, 1, 0, 0]),
    ("sigmoid", [0], [0.5]),
    ("sigmoid_derivative", [0], [0.25]),
    ("tanh_derivative", [0], [1]),
    ("softplus", [0], [math.log(2)]),
    ("softplus_derivative", [0], [0.5]),
    ("identity", [-3, 0, 4], [-3, 0, 4]),
    ("identity_derivative", [-3, 0, 4], [1, 1, 1]),
]


@pytest.mark.parametrize(("name", "z", "expected"), KINKS)
def test_values_done_by_hand_at_ties_and_kinks(name, z, expected):
    result = getattr(activations, name)(z)
    np.testing.assert_array_equal(result, np.array(expected, dtype=float))


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("sigmoid", 0, 1),
        ("tanh", -1, 1),
        ("hard_tanh", -1, 1),
        ("threshold", 0, 1),
        ("relu", 0, None),
        ("softplus", 0, None),
        ("identity", None, None),
    ],
)
@pytest.mark.parametrize("size", [1000.0, 1e308])
def test_limits_far_out(name, left, right, size):
    f = getattr(activations, name)
    assert f(-size) == (-size if left is None else left)
    assert f(size) == (size if right is None else right)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
@settings(max_examples=20)
@given(z=finite)
def test_no_finite_input_overflows(f, z):
    assert np.isfinite(f(z))


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
def test_float32_stays_float32_and_loses_no_digits(f):
    z = np.linspace(-80, 80, 1001, dtype=np.float32)
    single, double = f(z), f(z.astype(np.float64))
    assert single.dtype == np.float32
    assert double.dtype == np.float64
    np.testing.assert_allclose(single, double, rtol=2e-6, atol=1e-37)
    largest = np.finfo(np.float32).max
    assert np.isfinite(f(np.array([-largest, largest]))).all()


@pytest.mark.parametrize("f", [*ELEMENTWISE, activations.softmax])
def test_integers_lists_and_booleans_are_read_as_floats(f):
    expected = f(np.array([-2.0, 0.0, 1.0]))
    for z in ([-2, 0, 1], (-2.0, 0, True), np.array([-2, 0, 1], dtype=np.int8)):
        result = f(z)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(f(np.array([True, False])), f([1.0, 0.0]))


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
def test_one_number_gives_one_number_and_nothing_gives_nothing(f):
    assert isinstance(f(1), np.float64)
    assert f(np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=lambda f: f.__name__)
@settings(max_examples=20)
@given(z=moderate)
def test_layout_and_batching_do_not_matter_and_the_input_is_kept(f, z):
    before = z.copy()
    whole = f(z)
    assert whole.shape == z.shape
    assert not np.shares_memory(whole, z)
    np.testing.assert_array_equal(z, before)
    np.testing.assert_allclose(f(np.asfortranarray(z)), whole, rtol=1e-15)
    np.testing.assert_allclose(f(z[::-1]), whole[::-1], rtol=1e-15)
    one_by_one = [f(entry) for entry in z.ravel()]
    np.testing.assert_allclose(whole.ravel(), one_by_one, rtol=1e-15)


@pytest.mark.parametrize("f", [*ELEMENTWISE, activations.softmax])
@pytest.mark.parametrize(
    ("z", "error", "message"),
    [
        ([0.0, np.nan], ValueError, r"z\[1\] is nan"),
        ([[np.inf]], ValueError, r"z\[0, 0\] is inf"),
        ([1j], TypeError, "z holds complex128 entries"),
        (["a"], TypeError, "expected real numbers"),
        ([[1], [2, 3]], ValueError, "z is ragged"),
        (None, TypeError, "z holds object entries"),
    ],
)
def test_other_input_is_refused(f, z, error, message):
    with pytest.raises(error, match=message):
        f(z)


@pytest.mark.parametrize(
    "f", [activations.leaky_relu, activations.leaky_relu_derivative]
)
def test_the_slope_of_the_leak(f):
    z = np.array([-2.0, 3.0])
    leak, rest = (-2.0, 3.0) if f is activations.leaky_relu else (1.0, 1.0)
    for slope in (0, 0.25, 1):
        np.testing.assert_array_equal(f(z, slope=slope), [slope * leak, rest])
    for slope in (-0.01, 1.01, np.nan):
        with pytest.raises(ValueError, match=r"slope is .* at least 0 and at most 1"):
            f(z, slope)
    with pytest.raises(TypeError, match=r"slope is '0\.1'"):
        f(z, "0.1")


@pytest.mark.parametrize("name", NAMES)
def test_the_table_holds_the_same_formulae_without_the_checks(name):
    z = np.array([[-2.5, -1.0, 0.0], [0.3, 1.0, 40.0]])
    value, derivative = ACTIVATIONS[name]
    np.testing.assert_array_equal(value(z), getattr(activations, name)(z))
    np.testing.assert_array_equal(
        derivative(z), getattr(activations, f"{name}_derivative")(z)
    )
    infinite = np.array([np.inf])
    assert value(infinite).shape == derivative(infinite).shape == (1,)


# Softmax

scores = arrays(
    np.float64,
    array_shapes(min_dims=1, max_dims=3, max_side=5),
    elements=st.floats(-1000, 1000),
)


@settings(max_examples=20)
@given(z=scores)
def test_softmax_is_scipys_along_every_axis(z):
    for axis in range(-z.ndim, z.ndim):
        expected = scipy.special.softmax(z, axis=axis)
        np.testing.assert_allclose(activations.softmax(z, axis), expected, rtol=1e-14)
    np.testing.assert_array_equal(activations.softmax(z), activations.softmax(z, -1))


@given(z=scores, shift=st.integers(-1000, 1000))
def test_softmax_rows_are_distributions_and_a_shift_changes_nothing(z, shift):
    p = activations.softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(activations.softmax(z + shift), p, atol=1e-12)


def test_softmax_by_hand():
    z = np.log([[1, 2, 5], [1, 1, 2]])
    expected = [[1 / 8, 2 / 8, 5 / 8], [1 / 4, 1 / 4, 2 / 4]]
    np.testing.assert_allclose(activations.softmax(z), expected)
    np.testing.assert_allclose(activations.softmax(z.T, axis=0), np.transpose(expected))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_survives_the_largest_floats(dtype):
    big = np.finfo(dtype).max
    p = activations.softmax(np.array([[big, -big, big], [-big, -big, -big]], dtype))
    assert p.dtype == dtype
    np.testing.assert_allclose(p, [[0.5, 0, 0.5], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-6)
    np.testing.assert_array_equal(activations.softmax([1000, 0, -1000]), [1, 0, 0])


def test_softmax_of_two_is_the_sigmoid_of_the_difference():
    a, b = np.linspace(-30, 30, 13), np.linspace(5, -5, 13)
    p = activations.softmax(np.column_stack([a, b]))
    np.testing.assert_allclose(p[:, 0], activations.sigmoid(a - b), rtol=1e-14)


@pytest.mark.parametrize(
    ("z", "axis"), [(1.0, -1), ([1.0, 2.0], 1), ([1.0], -2), (np.empty((2, 0)), -1)]
)
def test_softmax_needs_an_axis_with_entries(z, axis):
    with pytest.raises(ValueError, match=rf"at least one score along axis {axis}"):
        activations.softmax(z, axis)


@given(z=arrays(np.float64, st.integers(1, 6), elements=st.floats(-20, 20)))
def test_softmax_jacobian_is_autograds(z):
    def naive(z):
        e = anp.exp(z)
        return e / anp.sum(e)

    J = activations.softmax_jacobian(z)
    np.testing.assert_allclose(J, jacobian(naive)(z), atol=1e-14)
    np.testing.assert_allclose(J.sum(axis=1), 0, atol=1e-15)
    np.testing.assert_array_equal(J, J.T)


def test_softmax_jacobian_takes_one_sample():
    assert activations.softmax_jacobian(np.float32([1, 2])).dtype == np.float32
    np.testing.assert_allclose(
        activations.softmax_jacobian([0, 0]), [[0.25, -0.25], [-0.25, 0.25]]
    )
    for z in (1.0, [[1.0, 2.0]], []):
        with pytest.raises(ValueError, match=r"expected \(k,\).*one sample"):
            activations.softmax_jacobian(z)


# Published examples


def test_the_sigmoid_neuron_of_the_course(truth):
    case = truth["sigmoid_neuron"]
    assert activations.sigmoid(case["dot"]) == pytest.approx(case["f"], rel=1e-15)
    slope = activations.sigmoid_derivative(case["dot"])
    assert slope == pytest.approx(case["ddot"], rel=1e-14)
    np.testing.assert_allclose(slope * np.array(case["w"][:2]), case["dx"], rtol=1e-14)


def test_the_two_layers_of_a_worked_example(truth):
    case = truth["mazur"]
    h = activations.sigmoid(np.dot(case["W1"], case["x"]) + case["b1"])
    o = activations.sigmoid(np.dot(case["W2"], h) + case["b2"])
    np.testing.assert_allclose(h, case["h"], atol=5e-10)
    np.testing.assert_allclose(o, case["o"], atol=5e-10)


@pytest.mark.parametrize(("w", "b", "name"), [(0.6, 0.9, "w0.6_b0.9"), (2, 2, "w2_b2")])
def test_a_saturated_neuron_learns_slowly(truth, w, b, name):
    case = truth["nielsen_neuron"]
    outputs = []
    for _ in range(case["epochs"] + 1):
        z = w * case["x"] + b
        outputs.append(activations.sigmoid(z))
        delta = (outputs[-1] - case["y"]) * activations.sigmoid_derivative(z)
        w, b = w - case["eta"] * delta * case["x"], b - case["eta"] * delta
    assert outputs[0] == pytest.approx(case[name]["start"], abs=5e-7)
    assert outputs[-1] == pytest.approx(case[name]["end"], abs=5e-7)
    assert outputs[150] == pytest.approx(case[name].get("at150", outputs[150]))


def test_every_activation_is_torchs():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional
    theirs = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "softplus": functional.softplus,
        "hard_tanh": functional.hardtanh,
    }
    points = np.array([-100, -15, -1, -0.5, 0, 0.5, 1, 15, 100.0])
    for name, their_value in theirs.items():
        z = torch.tensor(points, requires_grad=True)
        value = their_value(z)
        value.sum().backward()
        value, slope = value.detach().numpy(), z.grad.numpy()
        np.testing.assert_allclose(getattr(activations, name)(points), value)
        derivative = getattr(activations, f"{name}_derivative")(points)
        np.testing.assert_allclose(derivative, slope, atol=1e-15)
    softmax = functional.softmax(torch.tensor(points), dim=0).numpy()
    np.testing.assert_allclose(activations.softmax(points), softmax)
