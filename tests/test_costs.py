"""Costs: asked of autograd, scikit-learn, closed forms and published examples."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special
import sklearn.metrics
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnbook_utils import costs

# Each cost's definition, in autograd's NumPy; naive on purpose.


def naive_categorical(Z, Y):
    p = anp.exp(Z) / anp.sum(anp.exp(Z), axis=1)[:, None]
    return -anp.mean(anp.sum(Y * anp.log(p), axis=1))


def naive_binary(z, y):
    p = 1 / (1 + anp.exp(-z))
    return -anp.mean(y * anp.log(p) + (1 - y) * anp.log(1 - p))


FORMULAE = {
    "mse": lambda a, y: anp.sum((a - y) ** 2) / (2 * len(a)),
    "hinge": lambda s, y: anp.mean(anp.where(1 - y * s > 0, 1 - y * s, 0.0)),
    "squared_hinge": lambda s, y: anp.mean(
        0.5 * anp.where(1 - y * s > 0, 1 - y * s, 0.0) ** 2
    ),
    "logistic": lambda s, y: anp.mean(anp.log(1 + anp.exp(-y * s))),
    "binary_cross_entropy": naive_binary,
    "categorical_cross_entropy": naive_categorical,
}
MARGIN = ["hinge", "squared_hinge", "logistic"]
moderate = st.floats(-15, 15)


@st.composite
def one_hot_or_soft(draw, n, k):
    if draw(st.booleans()):
        return np.eye(k)[draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n))]
    Y = draw(arrays(np.float64, (n, k), elements=st.floats(0.01, 1)))
    return Y / Y.sum(axis=1, keepdims=True)


@st.composite
def cases(draw, name):
    """Predictions and targets that fit the cost of that name."""
    n, k = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    matrix = arrays(np.float64, (n, k), elements=moderate)
    if name == "mse":
        shape = draw(st.sampled_from([(n,), (n, k)]))
        prediction = draw(arrays(np.float64, shape, elements=moderate))
        return prediction, draw(arrays(np.float64, shape, elements=moderate))
    if name == "categorical_cross_entropy":
        return draw(matrix), draw(one_hot_or_soft(n, k))
    low = 0 if name == "binary_cross_entropy" else -1
    prediction = draw(arrays(np.float64, (n,), elements=moderate))
    return prediction, draw(
        arrays(np.float64, (n,), elements=st.sampled_from([low, 1]))
    )


def both(name):
    return getattr(costs, name), getattr(costs, f"{name}_gradient")


def any_case(name, seed=0, n=6):
    """One fixed case of that name, of a handy size."""
    rng = np.random.default_rng(seed)
    if name == "categorical_cross_entropy":
        return rng.normal(size=(n, 3)), rng.integers(0, 3, size=n)
    if name == "binary_cross_entropy":
        return rng.normal(size=n), rng.integers(0, 2, size=n)
    if name == "mse":
        return rng.normal(size=n), rng.normal(size=n)
    return rng.normal(size=n), rng.choice([-1, 1], size=n)


@pytest.mark.parametrize("name", FORMULAE)
@given(data=st.data())
def test_cost_and_gradient_are_autograds(name, data):
    prediction, target = data.draw(cases(name))
    cost, gradient = both(name)
    formula = FORMULAE[name]
    value = cost(prediction, target)
    assert isinstance(value, float)
    assert value == pytest.approx(formula(prediction, target), rel=1e-7, abs=1e-12)
    if name == "hinge" and (target * prediction == 1).any():
        return  # the kink is pinned by hand below
    np.testing.assert_allclose(
        gradient(prediction, target),
        grad(formula)(prediction, target),
        rtol=1e-7,
        atol=1e-12,
    )


@pytest.mark.parametrize("name", FORMULAE)
@settings(max_examples=25)
@given(data=st.data())
def test_a_batch_is_its_samples_one_by_one(name, data):
    prediction, target = data.draw(cases(name))
    cost, gradient = both(name)
    n = len(prediction)
    pairs = [(prediction[i : i + 1], target[i : i + 1]) for i in range(n)]
    mean = sum(cost(*pair) for pair in pairs) / n
    assert cost(prediction, target) == pytest.approx(mean, rel=1e-12, abs=1e-15)
    rows = np.concatenate([gradient(*pair) for pair in pairs]) / n
    np.testing.assert_allclose(
        gradient(prediction, target), rows, rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("name", FORMULAE)
@settings(max_examples=25)
@given(data=st.data())
def test_layout_and_container_do_not_matter_and_the_input_is_kept(name, data):
    prediction, target = data.draw(cases(name))
    kept = prediction.copy(), target.copy()
    strided = np.repeat(prediction, 2, axis=0)[::2]
    others = [
        (prediction.tolist(), target.tolist()),
        (np.asfortranarray(prediction), np.asfortranarray(target)),
        (strided, target),
    ]
    for f in both(name):
        expected = f(prediction, target)
        for other in others:
            np.testing.assert_allclose(f(*other), expected, rtol=1e-12)
    np.testing.assert_array_equal(prediction, kept[0])
    np.testing.assert_array_equal(target, kept[1])


@pytest.mark.parametrize("name", FORMULAE)
def test_float32_stays_float32_whatever_the_targets(name):
    prediction, target = any_case(name)
    cost, gradient = both(name)
    single = prediction.astype(np.float32)
    assert isinstance(cost(single, target), float)
    assert cost(single, target) == pytest.approx(cost(prediction, target), rel=1e-6)
    result = gradient(single, target)
    assert result.dtype == np.float32
    assert gradient(prediction, target).dtype == np.float64
    np.testing.assert_allclose(result, gradient(prediction, target), rtol=1e-5)


@pytest.mark.parametrize("name", FORMULAE)
def test_integer_predictions_are_read_as_floats(name):
    prediction, target = any_case(name)
    rounded = np.rint(3 * prediction)
    for f in both(name):
        np.testing.assert_array_equal(
            f(rounded.astype(np.int64), target), f(rounded, target)
        )


# By hand, with every case distinction


def test_mse_by_hand():
    assert costs.mse([1, 2, 3], [1, 0, 0]) == (0 + 4 + 9) / 6
    np.testing.assert_array_equal(
        costs.mse_gradient([1, 2, 3], [1, 0, 0]), np.array([0, 2, 3]) / 3
    )
    # Several outputs: the sum over the outputs, the mean over the samples.
    assert costs.mse([[1, 2], [3, 4]], [[0, 0], [0, 0]]) == (1 + 4 + 9 + 16) / 4
    np.testing.assert_array_equal(
        costs.mse_gradient([[1, 2], [3, 4]], [[0, 0], [0, 0]]), [[0.5, 1], [1.5, 2]]
    )


def test_zero_one_counts_a_tie_as_wrong():
    assert costs.zero_one([2, -3, 0, 0, 1], [1, 1, 1, -1, -1]) == 4 / 5
    assert costs.zero_one([1e-300, -1e-300], [1, -1]) == 0


MARGINS = [  # margin, hinge, its slope, squared hinge, its slope
    (-1.0, 2.0, -1.0, 2.0, -2.0),
    (0.0, 1.0, -1.0, 0.5, -1.0),
    (0.5, 0.5, -1.0, 0.125, -0.5),
    (1.0, 0.0, 0.0, 0.0, 0.0),
    (1.5, 0.0, 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize("y", [-1, 1])
@pytest.mark.parametrize(("m", "hinge", "slope", "squared", "slope2"), MARGINS)
def test_hinges_by_hand(y, m, hinge, slope, squared, slope2):
    score = [y * m]
    assert costs.hinge(score, [y]) == hinge
    assert costs.hinge_gradient(score, [y]) == [y * slope]
    assert costs.squared_hinge(score, [y]) == squared
    assert costs.squared_hinge_gradient(score, [y]) == [y * slope2]


def test_hinge_gradient_divides_by_the_number_of_samples():
    np.testing.assert_array_equal(
        costs.hinge_gradient([0, 0, 2, 0], [1, -1, 1, 1]), [-0.25, 0.25, 0, -0.25]
    )


def test_undecided_costs_are_the_logarithm_of_the_number_of_classes():
    assert costs.logistic([0, 0], [1, -1]) == pytest.approx(math.log(2))
    assert costs.binary_cross_entropy([0, 0], [1, 0]) == pytest.approx(math.log(2))
    for k in (1, 2, 10):
        Z = np.full((3, k), 7.0)
        assert costs.categorical_cross_entropy(Z, [0, k - 1, 0]) == pytest.approx(
            math.log(k)
        )


@given(case=cases("logistic"))
def test_every_surrogate_lies_above_the_zero_one_cost(case):
    wrong = costs.zero_one(*case)
    assert costs.hinge(*case) >= wrong
    assert 2 * costs.squared_hinge(*case) >= wrong
    assert costs.logistic(*case) / math.log(2) >= wrong * (1 - 1e-15)


@given(case=cases("binary_cross_entropy"))
def test_the_cross_entropies_are_one_cost_in_three_forms(case):
    z, y = case
    Z = np.column_stack([np.zeros_like(z), z])  # softmax of (0, z) is sigmoid of z
    expected = costs.logistic(z, 2 * y - 1)
    assert costs.binary_cross_entropy(z, y) == expected
    assert costs.categorical_cross_entropy(Z, y) == pytest.approx(
        expected, rel=1e-9, abs=1e-15
    )
    gradient = costs.logistic_gradient(z, 2 * y - 1)
    np.testing.assert_array_equal(costs.binary_cross_entropy_gradient(z, y), gradient)
    np.testing.assert_allclose(
        costs.categorical_cross_entropy_gradient(Z, y)[:, 1], gradient, atol=1e-15
    )


@given(case=cases("categorical_cross_entropy"))
def test_rows_of_the_categorical_gradient_sum_to_zero(case):
    gradient = costs.categorical_cross_entropy_gradient(*case)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-15)


def test_class_numbers_and_one_hot_rows_mean_the_same():
    Z, y = any_case("categorical_cross_entropy")
    for f in both("categorical_cross_entropy"):
        np.testing.assert_array_equal(f(Z, y), f(Z, np.eye(3)[y]))
        np.testing.assert_array_equal(f(Z, y), f(Z, y.astype(float)))


# Others' implementations


@settings(max_examples=20)
@given(case=cases("hinge"))
def test_margin_costs_are_scikit_learns(case):
    scores, y = case
    wrong = sklearn.metrics.zero_one_loss(y, np.where(scores == 0, -y, np.sign(scores)))
    assert costs.zero_one(scores, y) == pytest.approx(wrong)
    if len(set(y)) == 2:
        theirs = sklearn.metrics.hinge_loss(y, scores)
        assert costs.hinge(scores, y) == pytest.approx(theirs)


def test_probabilistic_costs_are_scikit_learns():
    z, y = any_case("binary_cross_entropy", n=40)
    theirs = sklearn.metrics.log_loss(y, scipy.special.expit(z))
    assert costs.binary_cross_entropy(z, y) == pytest.approx(theirs)
    Z, y = any_case("categorical_cross_entropy", n=40)
    theirs = sklearn.metrics.log_loss(y, scipy.special.softmax(Z, axis=1))
    assert costs.categorical_cross_entropy(Z, y) == pytest.approx(theirs)


def test_mse_is_half_of_scikit_learns():
    prediction, target = any_case("mse")
    theirs = sklearn.metrics.mean_squared_error(target, prediction)
    assert costs.mse(prediction, target) == pytest.approx(theirs / 2)


def test_costs_and_gradients_are_torchs():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional
    theirs = {
        "mse": lambda a, y: functional.mse_loss(a, y) / 2,
        "hinge": lambda s, y: torch.clamp(1 - y * s, min=0).mean(),
        "logistic": functional.soft_margin_loss,
        "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
        "categorical_cross_entropy": functional.cross_entropy,
    }
    for name, their_cost in theirs.items():
        prediction, target = any_case(name)
        a = torch.tensor(prediction, requires_grad=True)
        y = torch.tensor(target if "categorical" in name else target * 1.0)
        value = their_cost(a, y)
        value.backward()
        cost, gradient = both(name)
        assert cost(prediction, target) == pytest.approx(value.item())
        np.testing.assert_allclose(gradient(prediction, target), a.grad.numpy())


# Published examples


def test_cross_entropy_of_published_probabilities(truth):
    case = truth["d2l_xent"]
    value = costs.categorical_cross_entropy(np.log(case["p"]), case["y"])
    assert value == pytest.approx(case["loss"], rel=1e-15)


def test_softmax_cost_and_bias_gradient_of_a_published_toy_network(truth):
    case = truth["cs231n_toy"]
    scores, y = case["scores"], [0, 1, 2, 2, 1]
    value = costs.categorical_cross_entropy(scores, y)
    assert value == pytest.approx(case["loss_reg0"], abs=1e-8)
    db2 = costs.categorical_cross_entropy_gradient(scores, y).sum(axis=0)
    np.testing.assert_allclose(db2, case["db2"], atol=5e-8)


def test_squared_error_of_a_worked_example(truth):
    case = truth["mazur"]
    assert costs.mse([case["o"]], [case["t"]]) == pytest.approx(case["E"], abs=1e-9)


EIGHT = np.array(
    [
        [-0.5, -1, 0.5, -0.2, -0.8, -0.15, -1, 0],
        [0.25, -0.1, 0, -0.3, 0, -0.5, 0, -0.25],
        [-0.8, -0.1, 0.25, 0.2, -0.8, 0.05, -1, 0.25],
        [-1, -1, 0.1, 0, -1, -0.25, -1, 0.1],
    ]
).T
EIGHT_LABELS = [1, 1, -1, -1, 1, -1, 1, -1]


def test_squared_hinge_trains_the_linear_classifier_of_the_problem_set():
    gradient = costs.linear_gradient(costs.squared_hinge_gradient, EIGHT, EIGHT_LABELS)
    w = np.zeros(4)
    for _ in range(25):
        w = w - 0.5 * gradient(w)
    answer = [-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751]
    np.testing.assert_allclose(w, answer, atol=1e-10)
    w = np.zeros(4)
    for step in range(80):
        w = w - 0.1 * gradient(w, [step % 8])
    answer = [-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070]
    np.testing.assert_allclose(w, answer, atol=1e-10)


def test_the_commute_has_its_least_squares_at_the_closed_form():
    X = np.array([[1, 2.7, 1], [1, 4.1, 1], [1, 1, 0], [1, 5.2, 1], [1, 2.8, 0]])
    y = np.array([25, 33, 15, 45, 22])
    w = [6.08613445378149, 6.53361344537816, 2.11274509803922]
    gradient = costs.linear_gradient(costs.mse_gradient, X, y)(w)
    np.testing.assert_allclose(gradient, 0, atol=1e-12)
    cost = costs.linear_cost(costs.mse, X, y)
    fitted = [25.8396358543, 34.9866946779, 12.6197478992, 42.1736694678, 24.3802521008]
    assert cost(w) == pytest.approx(((fitted - y) ** 2).sum() / 10, rel=1e-9)


# Extremes


def test_confident_and_right_costs_next_to_nothing_but_not_less():
    tail = math.exp(-700)
    assert costs.logistic([700.0, -700.0], [1, -1]) == pytest.approx(tail, abs=0)
    assert costs.binary_cross_entropy([700.0], [1]) == pytest.approx(tail, abs=0)
    assert costs.binary_cross_entropy_gradient([700.0], [1]) == pytest.approx(
        [-tail], abs=0
    )
    assert costs.categorical_cross_entropy([[1000.0, 0.0]], [0]) == 0


def test_confident_and_wrong_costs_what_the_score_says():
    assert costs.logistic([-1000.0], [1]) == 1000
    assert costs.binary_cross_entropy([1000.0], [0]) == 1000
    assert costs.categorical_cross_entropy([[1000.0, 0.0]], [1]) == 1000
    np.testing.assert_array_equal(costs.logistic_gradient([-1000.0], [1]), [-1])
    np.testing.assert_array_equal(
        costs.categorical_cross_entropy_gradient([[1000.0, 0.0]], [1]), [[1, -1]]
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FORMULAE)
def test_the_largest_floats_give_no_warning_and_no_nan(name, dtype):
    big = np.finfo(dtype).max
    cost, gradient = both(name)
    z = np.array([big, -big, big, -big], dtype)
    y = [1, 1, -1, -1]
    if name == "mse":
        y = -z
    if name == "binary_cross_entropy":
        y = [1, 1, 0, 0]
    if name == "categorical_cross_entropy":
        z = np.column_stack([z, -z])
        y = [0, 0, 1, 1]
    value, slope = cost(z, y), gradient(z, y)
    assert value > big / 10
    assert not np.isnan(slope).any()
    assert np.isinf(slope).all() == (name == "mse")


def test_what_overflows_is_inf():
    assert costs.mse([1e200], [0]) == np.inf
    assert costs.mse(np.float32([0]), [1e200]) == np.inf  # beyond float32
    assert costs.squared_hinge([-1e200, 0], [1, 1]) == np.inf
    assert costs.hinge([-1.7e308, -1.7e308], [1, 1]) == np.inf
    assert costs.logistic([-1.7e308, -1.7e308], [1, 1]) == np.inf
    assert costs.weight_decay([1e200], 1) == np.inf
    np.testing.assert_array_equal(
        costs.weight_decay_gradient([1e308, 1], 4), [np.inf, 4]
    )
    # float32 costs are summed in float64, so these do not overflow.
    scores = np.full(4, -3e38, np.float32)
    assert costs.hinge(scores, [1, 1, 1, 1]) == pytest.approx(3e38, rel=1e-6)


def test_a_class_of_probability_zero_adds_nothing_however_far_below():
    assert costs.categorical_cross_entropy([[1e308, -1e308]], [[1, 0]]) == 0
    assert costs.categorical_cross_entropy([[1e308, -1e308]], [[0, 1]]) > 1e308


# Weight decay


@given(W=arrays(np.float64, (2, 3), elements=moderate), lambda_=st.floats(0, 10))
def test_weight_decay_is_autograds(W, lambda_):
    def formula(W):
        return lambda_ / 2 * anp.sum(W * W)

    assert costs.weight_decay(W, lambda_) == pytest.approx(formula(W))
    np.testing.assert_allclose(
        costs.weight_decay_gradient(W, lambda_), grad(formula)(W), atol=1e-300
    )


def test_weight_decay_by_hand():
    assert costs.weight_decay([[1, -2], [3, 0]], 0.5) == 3.5
    np.testing.assert_array_equal(costs.weight_decay_gradient([1, -2], 0.5), [0.5, -1])
    assert costs.weight_decay([1e308], 0) == 0
    assert costs.weight_decay([], 1) == 0
    assert costs.weight_decay_gradient(np.float32([1]), 0.5).dtype == np.float32
    for f in (costs.weight_decay, costs.weight_decay_gradient):
        with pytest.raises(ValueError, match=r"lambda_ is -1.*at least 0"):
            f([1.0], -1)
        with pytest.raises(ValueError, match=r"W\[0\] is nan"):
            f([np.nan], 1)


# Linear models


@pytest.mark.parametrize("name", FORMULAE)
def test_a_linear_model_under_each_cost_is_autograds(name):
    prediction, target = any_case(name)
    X = np.random.default_rng(1).normal(size=(6, 4))
    w = np.random.default_rng(2).normal(size=(4, *prediction.shape[1:]))
    cost, gradient = both(name)
    formula_target = np.eye(3)[target] if "categorical" in name else target
    for rows in (slice(None), [4, 1, 1], slice(2, 5)):

        def formula(w, rows=rows):
            return FORMULAE[name](X[rows] @ w, formula_target[rows])

        assert costs.linear_cost(cost, X, target)(w, rows) == pytest.approx(formula(w))
        np.testing.assert_allclose(
            costs.linear_gradient(gradient, X, target)(w, rows), grad(formula)(w)
        )


def test_a_linear_model_uses_all_rows_unless_told():
    X, y = [[1.0], [2.0]], [1.0, 0.0]
    cost = costs.linear_cost(costs.mse, X, y)
    assert cost([1]) == (0 + 4) / 4
    assert cost([1], [0]) == 0
    assert cost([1], rows=[1]) == 2
    gradient = costs.linear_gradient(costs.mse_gradient, X, y)
    np.testing.assert_array_equal(gradient([1]), [2])
    np.testing.assert_array_equal(gradient([1], [1]), [4])


def test_a_linear_model_may_have_several_outputs():
    X, Y = np.eye(2), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    cost = costs.linear_cost(costs.mse, X, Y)
    assert cost(Y) == 0
    gradient = costs.linear_gradient(costs.mse_gradient, X, Y)
    np.testing.assert_array_equal(gradient(np.zeros((2, 3))), -Y / 2)


def test_a_linear_model_in_float32_stays_there():
    X = np.float32([[1], [2]])
    gradient = costs.linear_gradient(costs.mse_gradient, X, [1, 0])
    assert gradient(np.float32([1])).dtype == np.float32
    assert gradient(np.float32([1e38 * 3])).dtype == np.float32


def test_a_diverged_linear_model_says_so_in_numbers():
    X, y = [[5.0, -5.0], [1e10, 0.0]], [1.0, -1.0]
    cost = costs.linear_cost(costs.hinge, X, y)
    gradient = costs.linear_gradient(costs.hinge_gradient, X, y)
    assert cost([1e308, 1e308]) == np.inf  # X w holds inf and, from inf - inf, nan
    slope = gradient([1e308, 1e308])
    assert slope.shape == (2,)
    assert np.isnan(slope).all()
    # X w still fits into a float, X^T times the residual does not.
    squared = costs.linear_gradient(costs.mse_gradient, X, y)
    assert np.isinf(squared([1e297, 0])[0])


@pytest.mark.parametrize("make", [costs.linear_cost, costs.linear_gradient])
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], r"X has shape \(2,\), expected \(n, d\)"),
        (np.empty((0, 2)), [], r"X has shape \(0, 2\).*not empty"),
        ([[1.0], [2.0]], [1.0], r"y has shape \(1,\), expected \(2,\).*each row of X"),
        ([[1.0], [2.0]], [[1.0]], r"y has shape \(1, 1\), expected \(2, k\)"),
        ([[1.0], [2.0]], 1.0, r"y has shape \(\), expected \(2,\)"),
        ([[np.nan]], [1.0], r"X\[0, 0\] is nan"),
        ([[1.0]], [np.inf], r"y\[0\] is inf"),
    ],
)
def test_a_linear_model_refuses_other_data(make, X, y, message):
    with pytest.raises(ValueError, match=message):
        make(costs.mse, X, y)


@pytest.mark.parametrize("make", [costs.linear_cost, costs.linear_gradient])
@pytest.mark.parametrize("w", [[1.0], [1.0, 2.0, 3.0], 1.0, np.ones((2, 1, 1))])
def test_a_linear_model_refuses_weights_that_do_not_fit(make, w):
    of_weights = make(costs.mse, [[1.0, 2.0]], [1.0])
    message = r"w has shape .* but X has 2 columns.*did you add the bias column"
    with pytest.raises(ValueError, match=message):
        of_weights(w)


# Bad input


@pytest.mark.parametrize("f", both("mse"))
@pytest.mark.parametrize(
    ("prediction", "target", "message"),
    [
        (1.0, 1.0, r"prediction has shape \(\), expected \(n,\) or \(n, k\)"),
        ([], [], r"prediction has shape \(0,\).*not empty"),
        (np.ones((2, 2, 2)), np.ones((2, 2, 2)), r"prediction has shape \(2, 2, 2\)"),
        ([1, 2], [1], r"target has shape \(1,\), expected \(2,\): one target"),
        ([[1], [2]], [1, 2], r"target has shape \(2,\), expected \(2, 1\)"),
        ([np.nan], [1], r"prediction\[0\] is nan"),
        ([1], [-np.inf], r"target\[0\] is -inf"),
    ],
)
def test_mse_refuses(f, prediction, target, message):
    with pytest.raises(ValueError, match=message):
        f(prediction, target)


OF_LABELS = [
    costs.zero_one,
    *(f for name in [*MARGIN, "binary_cross_entropy"] for f in both(name)),
]


@pytest.mark.parametrize("f", OF_LABELS, ids=lambda f: f.__name__)
def test_costs_of_labels_refuse(f):
    binary = "binary" in f.__name__
    name, wanted = ("z", "0 or 1") if binary else ("scores", "-1 or 1")
    strange = -1 if binary else 0
    for label in (strange, 2, 0.5):
        message = rf"y holds the label {label}, expected {wanted}"
        with pytest.raises(ValueError, match=message):
            f([1.0, 2.0], [1, label])
    with pytest.raises(ValueError, match=r"y has shape \(1,\), expected \(2,\)"):
        f([1.0, 2.0], [1])
    with pytest.raises(
        ValueError, match=rf"{name} has shape \(2, 1\).*one score a sample"
    ):
        f([[1.0], [2.0]], [1, 1])
    with pytest.raises(ValueError, match=rf"{name} has shape \(0,\).*not empty"):
        f([], [])
    with pytest.raises(ValueError, match=rf"{name}\[1\] is nan"):
        f([1.0, np.nan], [1, 1])
    with pytest.raises(TypeError, match=r"y holds .* expected real numbers"):
        f([1.0], ["yes"])


@pytest.mark.parametrize("f", both("categorical_cross_entropy"))
@pytest.mark.parametrize(
    ("Z", "Y", "message"),
    [
        ([1.0, 2.0], [0], r"Z has shape \(2,\), expected \(n, k\): one row of scores"),
        (np.empty((2, 0)), [0, 0], r"Z has shape \(2, 0\).*not empty"),
        ([[1.0, 2.0]], [2], "Y holds the label 2, expected 0 or 1"),
        ([[1.0, 2.0]], [-1], "Y holds the label -1, expected 0 or 1"),
        ([[1.0, 2.0]], [0.5], "Y holds the label 0.5"),
        ([[1.0, 2.0]], [0, 1], r"Y has shape \(2,\), expected \(1,\)"),
        ([[1.0, 2.0]], [[1.0]], r"Y has shape \(1, 1\), expected \(1, 2\): give class"),
        ([[1.0, 2.0]], 0, r"Y has shape \(\), expected \(1, 2\)"),
        ([[1.0, 2.0]], [[0.5, 0.6]], "no probability distribution.*sum to 1"),
        ([[1.0, 2.0]], [[1.5, -0.5]], "no probability distribution.*at least 0"),
        ([[np.inf, 2.0]], [0], r"Z\[0, 0\] is inf"),
        ([[1.0, 2.0]], [[np.nan, 1]], r"Y\[0, 0\] is nan"),
    ],
)
def test_categorical_cross_entropy_refuses(f, Z, Y, message):
    with pytest.raises(ValueError, match=message):
        f(Z, Y)


def test_probabilities_may_be_off_by_rounding():
    assert costs.categorical_cross_entropy([[0, 0]], [[0.3, 0.7 + 9e-6]]) > 0
    with pytest.raises(ValueError, match="sum to 1"):
        costs.categorical_cross_entropy([[0, 0]], [[0.3, 0.7 + 2e-5]])
    with pytest.raises(ValueError, match="sum to 1"):
        costs.categorical_cross_entropy([[0, 0]], [[0.3, 0.7 - 2e-5]])
