"""The optimizers against hand calculation, closed forms, scikit-learn and PyTorch."""

import inspect
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor

from nnbook_utils import optimizers
from nnbook_utils.optimizers import (
    RULES,
    adagrad,
    adagrad_step,
    adam,
    adam_step,
    constant,
    cyclic,
    descend,
    gd_step,
    gradient_descent,
    inverse,
    inverse_sqrt,
    momentum,
    momentum_step,
    nesterov,
    nesterov_step,
    rmsprop,
    rmsprop_step,
    sgd,
    shuffled,
    step_decay,
    with_replacement,
    without_replacement,
)

# Problem Set 1: eight samples, squared hinge, no bias.
X = np.array(
    [
        [-0.5, 0.25, -0.8, -1.0],
        [-1.0, -0.1, -0.1, -1.0],
        [0.5, 0.0, 0.25, 0.1],
        [-0.2, -0.3, 0.2, 0.0],
        [-0.8, 0.0, -0.8, -1.0],
        [-0.15, -0.5, 0.05, -0.25],
        [-1.0, 0.0, -1.0, -1.0],
        [0.0, -0.25, 0.25, 0.1],
    ]
)
Y = np.array([1, 1, -1, -1, 1, -1, 1, -1])

# The commute: kilometres and weekday after the column of ones; minutes.
COMMUTE_X = np.column_stack(
    [np.ones(5), [2.7, 4.1, 1.0, 5.2, 2.8], [1.0, 1.0, 0.0, 1.0, 0.0]]
)
COMMUTE_Y = np.array([25.0, 33, 15, 45, 22])

FRONTS = {
    "gd": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}
every_rule = pytest.mark.parametrize("name", RULES)


def hinge_gradient(w, rows=None):
    """Mean over the rows of -y x max(0, 1 - y w·x), one sample at a time."""
    rows = range(len(X)) if rows is None else rows
    total = np.zeros(4)
    for i in rows:
        total -= Y[i] * X[i] * max(0.0, 1 - Y[i] * (X[i] @ w))
    return total / len(rows)


def commute_gradient(w, rows=slice(None)):
    x, y = COMMUTE_X[rows], COMMUTE_Y[rows]
    return x.T @ (x @ w - y) / len(y)


def close(actual, expected, tolerance=1e-9):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)


# --- Published answers ---------------------------------------------------------------


def test_problem_6_gradient_descent():
    w = gradient_descent(hinge_gradient, np.zeros(4), eta=0.5, steps=25)
    assert w.shape == (26, 4)
    close(w[25], [-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751])


def test_problem_7_sgd_in_cyclic_order():
    w = sgd(hinge_gradient, np.zeros(4), cyclic(8), eta=0.1, steps=80)
    close(w[80], [-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070])


def test_problem_8_momentum():
    w = momentum(hinge_gradient, np.zeros(4), eta=0.5, alpha=0.5, steps=25)
    close(w[25], [-0.5983515579, 1.8285453093, -1.5573624476, -0.5019762331])


def test_problem_9_adagrad_in_cyclic_order():
    w = adagrad(
        hinge_gradient, np.zeros(4), eta=0.1, delta=1e-6, batches=cyclic(8), steps=80
    )
    close(w[80], [-0.4777025824, 0.8490998936, -0.7215360745, -0.3801952299])


def test_gradient_descent_on_the_commute_reaches_the_closed_form():
    w = gradient_descent(
        commute_gradient, np.zeros(3), eta=0.14, steps=5000, gradient_tolerance=1e-11
    )
    assert len(w) < 5001
    close(w[-1], [6.08613445378149, 6.53361344537816, 2.11274509803922])


@pytest.mark.parametrize("eta", [0.2, 0.05, 1.1])
def test_published_parabola(truth, eta):
    case = truth["d2l_gd"]
    w = gradient_descent(lambda x: 2 * x, [case["x0"]], eta=eta, steps=case["steps"])
    close(w[-1], [case[f"eta{eta}"]], 5e-7)


def test_published_bowl(truth):
    case = truth["d2l_gd"]["2d"]
    w = gradient_descent(
        lambda x: [2 * x[0], 4 * x[1]], case["x0"], eta=case["eta"], steps=case["steps"]
    )
    close(w[-1], case["end"], 5e-7)


@pytest.mark.parametrize(
    "batches",
    [with_replacement(5, 2, rng=0), without_replacement(5, 2, rng=0)],
    ids=["with replacement", "without replacement"],
)
def test_minibatches_on_the_commute_stop_at_the_first_short_step(batches):
    w = sgd(
        commute_gradient,
        np.zeros(3),
        batches,
        eta=inverse_sqrt(0.06),
        steps=10_000,
        step_tolerance=0.02,
    )
    lengths = np.sqrt((np.diff(w, axis=0) ** 2).sum(axis=1))
    assert 10 < len(w) < 10_001
    assert lengths[-1] < 0.02 <= lengths[:-1].min()


# --- Closed forms --------------------------------------------------------------------

H = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, -0.5], [0.0, -0.5, 1.0]])
W0 = np.array([1.0, -2.0, 0.5])


def test_gradient_descent_on_a_quadratic_is_a_matrix_power():
    w = gradient_descent(lambda w: H @ w, W0, eta=0.3, steps=12)
    shrink = np.eye(3) - 0.3 * H
    for t in range(13):
        close(w[t], np.linalg.matrix_power(shrink, t) @ W0, 1e-12)


@pytest.mark.parametrize(
    ("rule", "keep"), [(momentum_step, 0.7), (nesterov_step, 0.7**2)]
)
def test_momentum_on_a_quadratic_is_a_matrix_power(rule, keep):
    # (w, v) -> (w + keep v - gain g, alpha v - eta g) with g = H w; the heavy ball
    # moves by the new v, Nesterov's look-ahead point by alpha v_new - eta g.
    alpha, eta, one = 0.7, 0.2, np.eye(3)
    gain = eta if rule is momentum_step else (1 + alpha) * eta
    step = np.block([[one - gain * H, keep * one], [-eta * H, alpha * one]])
    w = descend(rule, lambda w: H @ w, W0, eta=eta, steps=9, alpha=alpha)
    for t in range(10):
        both = np.linalg.matrix_power(step, t) @ np.concatenate([W0, np.zeros(3)])
        close(w[t], both[:3], 1e-12)


def test_nesterov_keeps_the_look_ahead_point():
    # The form of the paper: evaluate the gradient ahead of the ball, then move it.
    ball, v, alpha, eta = W0, np.zeros(3), 0.8, 0.1
    w = nesterov(lambda w: H @ w, W0, eta=eta, alpha=alpha, steps=15)
    for t in range(16):
        close(w[t], ball + alpha * v, 1e-12)
        v = alpha * v - eta * H @ (ball + alpha * v)
        ball = ball + v


def test_averaged_momentum_is_the_same_run_with_a_larger_step():
    alpha, eta, m, theta = 0.8, 0.1, np.zeros(3), W0
    w = momentum(lambda w: H @ w, W0, eta=eta, alpha=alpha, steps=15)
    for t in range(16):
        close(w[t], theta, 1e-12)
        m = alpha * m + (1 - alpha) * (H @ theta)
        theta = theta - eta / (1 - alpha) * m


GRADIENTS = np.random.default_rng(7).normal(size=(9, 3))


def replay(gradients):
    """Return the gradients one after the other, wherever w is."""
    remaining = iter(gradients)
    return lambda w: next(remaining)


def fading_mean(values, keep):
    """Average with weights that are `keep` times smaller for every step back."""
    return np.average(values, axis=0, weights=keep ** np.arange(len(values))[::-1])


def test_adagrad_divides_by_the_root_of_all_squares_so_far():
    w = adagrad(replay(GRADIENTS), W0, eta=0.3, delta=0.25, steps=9)
    norms = [np.linalg.norm(GRADIENTS[: t + 1], axis=0) for t in range(9)]
    close(np.diff(w, axis=0), -0.3 * GRADIENTS / (0.25 + np.array(norms)), 1e-12)


def test_rmsprop_divides_by_the_root_of_a_fading_mean_from_zero():
    w = rmsprop(replay(GRADIENTS), W0, eta=0.3, rho=0.6, delta=0.25, steps=9)
    for t in range(1, 10):
        s = fading_mean(GRADIENTS[:t] ** 2, 0.6) * (1 - 0.6**t)
        close(w[t] - w[t - 1], -0.3 * GRADIENTS[t - 1] / (0.25 + np.sqrt(s)), 1e-12)


def test_adam_divides_two_fading_means():
    w = adam(replay(GRADIENTS), W0, eta=0.3, beta1=0.6, beta2=0.7, delta=0.25, steps=9)
    for t in range(1, 10):
        m, s = fading_mean(GRADIENTS[:t], 0.6), fading_mean(GRADIENTS[:t] ** 2, 0.7)
        close(w[t] - w[t - 1], -0.3 * m / (0.25 + np.sqrt(s)), 1e-12)


def test_adam_remembers_both_means_and_the_count():
    g = np.array([2.0, -4.0])
    _, state = adam_step(np.zeros(2), None, g, eta=0.1, beta1=0.5, beta2=0.75)
    _, (m, s, t) = adam_step(np.zeros(2), state, g, eta=0.1, beta1=0.5, beta2=0.75)
    assert state[2] == 1
    assert t == 2
    close(m, 0.75 * g)
    close(s, (1 - 0.75**2) * g**2)


# --- Other libraries -----------------------------------------------------------------

TORCH = {
    "gd": ("SGD", {}, {}),
    "momentum": ("SGD", {"momentum": 0.7}, {"alpha": 0.7}),
    "nesterov": ("SGD", {"momentum": 0.7, "nesterov": True}, {"alpha": 0.7}),
    "adagrad": ("Adagrad", {"eps": 1e-3}, {"delta": 1e-3}),
    "rmsprop": ("RMSprop", {"alpha": 0.8, "eps": 1e-3}, {"rho": 0.8, "delta": 1e-3}),
    "adam": (
        "Adam",
        {"betas": (0.8, 0.95), "eps": 1e-3},
        {"beta1": 0.8, "beta2": 0.95, "delta": 1e-3},
    ),
}


@every_rule
def test_pytorch_walks_the_same_way(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    theirs, their_constants, our_constants = TORCH[name]
    parameter = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    walker = getattr(torch.optim, theirs)([parameter], lr=0.1, **their_constants)
    w = FRONTS[name](hinge_gradient, np.zeros(4), eta=0.1, steps=20, **our_constants)
    for t in range(21):
        close(w[t], parameter.detach().numpy(), 1e-12)
        parameter.grad = torch.from_numpy(hinge_gradient(parameter.detach().numpy()))
        walker.step()


@pytest.mark.parametrize(
    ("theirs", "eta"),
    [
        ({"learning_rate": "constant", "eta0": 0.05}, 0.05),
        ({"learning_rate": "invscaling", "eta0": 0.05, "power_t": 0.5}, None),
        ({"learning_rate": "invscaling", "eta0": 0.05, "power_t": 1.0}, None),
    ],
    ids=["constant", "inverse root", "inverse"],
)
def test_scikit_learn_walks_the_same_way(theirs, eta):
    schedule = {0.5: inverse_sqrt(0.05), 1.0: inverse(0.05)}.get(
        theirs.get("power_t"), eta
    )
    model = SGDRegressor(penalty=None, fit_intercept=False, shuffle=False, **theirs)
    w = sgd(commute_gradient, np.zeros(3), cyclic(5), eta=schedule, steps=20)
    for epoch in range(1, 5):
        model.partial_fit(COMMUTE_X, COMMUTE_Y)
        close(w[5 * epoch], model.coef_, 1e-12)


# --- What all rules have in common ---------------------------------------------------


@every_rule
def test_a_front_is_descend_with_its_rule_and_the_same_defaults(name):
    front, rule = FRONTS[name], RULES[name]
    run = {"eta": 0.1, "steps": 6}
    expected = descend(rule, hinge_gradient, np.ones(4), **run)
    np.testing.assert_array_equal(front(hinge_gradient, np.ones(4), **run), expected)
    defaults = {
        key: parameter.default
        for key, parameter in inspect.signature(rule).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }
    named = descend(rule, hinge_gradient, np.ones(4), **run, **defaults)
    np.testing.assert_array_equal(named, expected)
    for key, default in defaults.items():
        assert inspect.signature(front).parameters[key].default == default


@pytest.mark.parametrize(
    ("name", "constants"),
    [(name, ours) for name, (_, _, ours) in TORCH.items()],
    ids=list(TORCH),
)
def test_a_front_hands_over_its_constants_and_options(name, constants):
    run = {"eta": 0.1, "steps": 50, "step_tolerance": 0.05, **constants}
    ours = FRONTS[name](hinge_gradient, np.zeros(4), batches=cyclic(8, 3), **run)
    expected = descend(
        RULES[name], hinge_gradient, np.zeros(4), batches=cyclic(8, 3), **run
    )
    np.testing.assert_array_equal(ours, expected)


def test_rules_by_name():
    assert list(RULES) == list(FRONTS)
    assert RULES["gd"] is gd_step
    assert RULES["rmsprop"] is rmsprop_step
    for name, rule in RULES.items():
        assert rule.__name__ == f"{name}_step"


def test_everything_public_exists():
    for name in optimizers.__all__:
        assert hasattr(optimizers, name)


@every_rule
def test_float32_stays_float32(name):
    w = FRONTS[name](
        lambda w: np.float64(2) * w.astype(np.float64),
        np.ones(3, np.float32),
        eta=lambda t: np.float64(0.1),
        steps=4,
    )
    assert w.dtype == np.float32
    stepped, state = RULES[name](w[-1], None, np.ones(3), eta=np.float64(0.1))
    assert stepped.dtype == np.float32
    for memory in state if isinstance(state, tuple) else [state]:
        assert not isinstance(memory, np.ndarray) or memory.dtype == np.float32


@every_rule
def test_a_rule_takes_lists_and_integers_without_overflow(name):
    rule = RULES[name]
    from_floats, _ = rule(np.array([1.0, 2.0]), None, np.array([100.0, -50.0]), eta=1.0)
    from_lists, _ = rule([1, 2], None, [100, -50], eta=1)
    small = np.array([100, -50], dtype=np.int8)
    from_small, _ = rule(np.array([1, 2], dtype=np.int8), None, small, eta=np.int8(1))
    np.testing.assert_array_equal(from_lists, from_floats)
    np.testing.assert_array_equal(from_small, from_floats)
    assert from_small.dtype == np.float64


@every_rule
def test_a_rule_changes_none_of_its_arguments(name):
    rule = RULES[name]
    w, g = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    w_next, state = rule(w, None, g, eta=0.1)
    parts = state if isinstance(state, tuple) else (state,)
    before = [np.copy(p) if isinstance(p, np.ndarray) else p for p in parts]
    rule(w_next, state, g, eta=0.1)
    np.testing.assert_array_equal(w, [1.0, -2.0])
    np.testing.assert_array_equal(g, [0.5, 3.0])
    for old, new in zip(before, parts, strict=True):
        np.testing.assert_array_equal(old, new)


numbers = st.floats(-3, 3).map(lambda x: round(x, 3))
vectors = st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=6)


@every_rule
@settings(max_examples=20)
@given(rows=vectors, data=st.data())
def test_the_order_of_the_weights_does_not_matter(name, rows, data):
    w0, slope, offset = np.array(rows).T
    order = np.array(data.draw(st.permutations(range(len(w0)))))
    w = FRONTS[name](lambda w: slope * w + offset, w0, eta=0.1, steps=4)
    moved = FRONTS[name](
        lambda w: slope[order] * w + offset[order], w0[order], eta=0.1, steps=4
    )
    np.testing.assert_array_equal(moved, w[:, order])


@every_rule
@settings(max_examples=20)
@given(rows=vectors)
def test_memory_layout_does_not_matter(name, rows):
    table = np.array(rows)
    w0, slope, offset = (np.ascontiguousarray(column) for column in table.T)
    w = FRONTS[name](lambda w: slope * w + offset, w0, eta=0.1, steps=4)
    strided = FRONTS[name](
        lambda w: (slope * w + offset)[::-1].copy()[::-1], table[:, 0], eta=0.1, steps=4
    )
    listed = FRONTS[name](
        lambda w: (slope * w + offset).tolist(), w0.tolist(), eta=0.1, steps=4
    )
    np.testing.assert_array_equal(strided, w)
    np.testing.assert_array_equal(listed, w)
    matrix, _ = RULES[name](np.asfortranarray(table), None, table, eta=0.1)
    flat, _ = RULES[name](table.ravel(), None, table.ravel(), eta=0.1)
    np.testing.assert_array_equal(matrix.ravel(), flat)


@every_rule
def test_a_zero_gradient_moves_nothing(name):
    w = FRONTS[name](np.zeros_like, W0, eta=0.5, steps=3)
    np.testing.assert_array_equal(w, [W0] * 4)


# --- Nobody spoils the iterates ------------------------------------------------------


@every_rule
def test_a_gradient_that_writes_over_its_argument(name):
    def careless(w):
        w *= 2
        return w

    w0 = np.array([1.0, -3.0])
    w = FRONTS[name](careless, w0, eta=0.1, steps=5)
    expected = FRONTS[name](lambda w: 2 * w, [1.0, -3.0], eta=0.1, steps=5)
    np.testing.assert_array_equal(w, expected)
    np.testing.assert_array_equal(w0, [1.0, -3.0])


@every_rule
def test_a_gradient_that_returns_one_buffer_again_and_again(name):
    buffer = np.empty(2)

    def reuse(w):
        return np.multiply(w, 2, out=buffer)

    w = FRONTS[name](reuse, [1.0, -3.0], eta=0.1, steps=5)
    expected = FRONTS[name](lambda w: 2 * w, [1.0, -3.0], eta=0.1, steps=5)
    np.testing.assert_array_equal(w, expected)


def test_a_rule_of_your_own_may_work_in_place():
    def in_place(w, state, gradient, *, eta):
        gradient *= eta
        w -= gradient
        return w, state

    buffer = np.empty(2)

    def one_buffer(w, state, gradient, *, eta):
        return np.subtract(w, eta * gradient, out=buffer), state

    expected = gradient_descent(lambda w: 2 * w, [1.0, -3.0], eta=0.1, steps=5)
    for rule in (in_place, one_buffer):
        w = descend(rule, lambda w: 2 * w, [1.0, -3.0], eta=0.1, steps=5)
        np.testing.assert_array_equal(w, expected)


def test_a_gradient_that_writes_over_the_callers_w0():
    w0 = np.array([1.0, -3.0])

    def meddling(w):
        w0[:] = 99
        return 2 * w

    w = gradient_descent(meddling, w0, eta=0.25, steps=2)
    np.testing.assert_array_equal(w, [[1, -3], [0.5, -1.5], [0.25, -0.75]])


def test_the_result_is_the_callers_to_change():
    w0 = np.array([1.0, -3.0])
    gradient_descent(lambda w: w, w0, eta=0.1, steps=0)[0] = 7
    np.testing.assert_array_equal(w0, [1.0, -3.0])


# --- Stopping ------------------------------------------------------------------------


def halve(**options):
    """(3, 4), (1.5, 2), (0.75, 1), ...: steps 2.5, 1.25, ...; gradients twice that."""
    options = {"steps": 8} | options
    return gradient_descent(lambda w: w, [3.0, 4.0], eta=0.5, **options)


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, 9),
        ({"steps": 0}, 1),
        ({"steps": 1}, 2),
        ({"steps": np.int64(3)}, 4),
        ({"step_tolerance": 2.6}, 2),
        ({"step_tolerance": 2.5}, 3),
        ({"step_tolerance": 1.25}, 4),
        ({"step_tolerance": 1e-9}, 9),
        ({"gradient_tolerance": 5.1}, 1),
        ({"gradient_tolerance": 5.0}, 2),
        ({"gradient_tolerance": 2.5}, 3),
        ({"gradient_tolerance": 1e-9}, 9),
        ({"step_tolerance": 2.5, "gradient_tolerance": 0.7}, 3),
        ({"step_tolerance": 0.2, "gradient_tolerance": 2.5}, 3),
    ],
)
def test_where_a_run_stops(options, rows):
    w = halve(**options)
    assert w.shape == (rows, 2)
    np.testing.assert_array_equal(w, [[3 / 2**t, 4 / 2**t] for t in range(rows)])


def test_tolerances_hold_for_very_large_and_very_small_numbers():
    # A root of a sum of squares is inf for the first and 0 for the second.
    large = gradient_descent(
        lambda w: w, [3e200, 4e200], eta=0.5, steps=2, gradient_tolerance=1e201
    )
    small = gradient_descent(
        lambda w: w, [3e-200, 4e-200], eta=0.5, steps=2, step_tolerance=1e-201
    )
    assert len(large) == 1
    assert len(small) == 3


def test_a_run_that_stops_early_takes_no_more_batches():
    order = cyclic(8)
    sgd(lambda w, rows: w, [1.0], order, eta=0.5, steps=9, step_tolerance=0.3)
    np.testing.assert_array_equal(next(order), [2])


# --- Schedules -----------------------------------------------------------------------


def test_a_schedule_is_asked_from_step_1():
    asked, used = [], []

    def schedule(t):
        asked.append(t)
        return 0.1 / t

    def recording(w, state, gradient, *, eta):
        used.append(eta)
        return gd_step(w, state, gradient, eta=eta)

    descend(recording, lambda w: w, [1.0], eta=schedule, steps=4)
    assert asked == [1, 2, 3, 4]
    assert used == [0.1, 0.05, 0.1 / 3, 0.025]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (constant(0.3), [0.3] * 6),
        (inverse_sqrt(0.6), [0.6, 0.6 / 2**0.5, 0.6 / 3**0.5, 0.3]),
        (inverse(0.6), [0.6, 0.3, 0.2, 0.15]),
        (step_decay(0.8, 2, 0.5), [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1]),
        (step_decay(0.8, 1, 0.5), [0.8, 0.4, 0.2]),
        (step_decay(0.8, 3, 1), [0.8, 0.8, 0.8, 0.8]),
    ],
)
def test_schedules(schedule, expected):
    close([schedule(t) for t in range(1, len(expected) + 1)], expected, 1e-15)


def test_a_run_follows_its_schedule():
    w = gradient_descent(np.ones_like, [0.0], eta=step_decay(1, 2, 0.5), steps=5)
    np.testing.assert_array_equal(w[:, 0], [0, -1, -2, -2.5, -3, -3.25])


@pytest.mark.parametrize(
    "schedule", [inverse_sqrt(1), inverse(1), step_decay(1, 2, 0.5)]
)
def test_schedules_start_at_1(schedule):
    with pytest.raises(ValueError, match="t is 0, expected at least 1"):
        schedule(0)
    with pytest.raises(TypeError, match=r"t is 1\.5, expected a whole number"):
        schedule(1.5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(0), "eta is 0, expected a finite number above 0"),
        (lambda: constant(np.inf), "eta is inf"),
        (lambda: inverse_sqrt(-1), "C is -1, expected a finite number above 0"),
        (lambda: inverse(np.nan), "C is nan"),
        (lambda: step_decay(0, 2, 0.5), "eta is 0, expected"),
        (lambda: step_decay(1, 0, 0.5), "every is 0, expected at least 1"),
        (lambda: step_decay(1, 2, 0), "factor is 0, expected a finite number above 0"),
        (lambda: step_decay(1, 2, 1.1), r"factor is 1\.1, expected .* at most 1"),
    ],
)
def test_a_schedule_out_of_range(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "make", [constant, inverse_sqrt, inverse, lambda x: step_decay(1, x, 0.5)]
)
def test_a_schedule_from_something_else_than_a_number(make):
    with pytest.raises(TypeError, match="is 'fast', expected"):
        make("fast")


# --- Orders --------------------------------------------------------------------------


def take(order, count):
    return [rows.tolist() for rows in itertools.islice(order, count)]


def test_cyclic_goes_round():
    assert take(cyclic(3), 5) == [[0], [1], [2], [0], [1]]
    assert take(cyclic(5, 2), 5) == [[0, 1], [2, 3], [4], [0, 1], [2, 3]]
    assert take(cyclic(4, 2), 3) == [[0, 1], [2, 3], [0, 1]]
    assert take(cyclic(3, 5), 2) == [[0, 1, 2], [0, 1, 2]]
    assert take(cyclic(1), 2) == [[0], [0]]


def test_cyclic_survives_a_reader_that_writes():
    order = cyclic(2)
    next(order)[:] = 9
    assert take(order, 3) == [[1], [0], [1]]


def test_shuffled_goes_through_all_rows_in_every_epoch():
    batches = take(shuffled(10, 4, rng=3), 30)
    assert [len(rows) for rows in batches] == [4, 4, 2] * 10
    rows = list(itertools.chain(*batches))
    epochs = [rows[first : first + 10] for first in range(0, 100, 10)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 10


def test_shuffled_one_by_one_and_all_at_once():
    assert sorted(itertools.chain(*take(shuffled(6, rng=0), 6))) == list(range(6))
    assert sorted(take(shuffled(6, 6, rng=0), 1)[0]) == list(range(6))
    assert sorted(take(shuffled(3, 8, rng=0), 1)[0]) == [0, 1, 2]


def test_with_replacement_repeats_inside_a_batch():
    batches = np.array(take(with_replacement(4, 3, rng=1), 4000))
    assert batches.shape == (4000, 3)
    # All distinct with probability 3/4 * 2/4 = 3/8; five deviations of leeway.
    distinct = np.mean([len(set(rows)) == 3 for rows in batches.tolist()])
    assert abs(distinct - 3 / 8) < 5 * np.sqrt(3 / 8 * 5 / 8 / 4000)
    shares = np.bincount(batches.ravel(), minlength=4) / batches.size
    close(shares, 1 / 4, 5 * np.sqrt(3 / 16 / 12_000))
    assert len(take(with_replacement(2, 5, rng=0), 1)[0]) == 5


def test_without_replacement_repeats_only_between_batches():
    batches = np.array(take(without_replacement(4, 3, rng=1), 4000))
    assert all(len(set(rows)) == 3 for rows in batches.tolist())
    for position in batches.T:
        shares = np.bincount(position, minlength=4) / 4000
        close(shares, 1 / 4, 5 * np.sqrt(3 / 16 / 4000))
    # Afresh from all rows: the second batch of 3 out of 4 has to share some.
    assert set(batches[0]) & set(batches[1])
    assert sorted(take(without_replacement(4, 4, rng=0), 1)[0]) == [0, 1, 2, 3]


RANDOM = [shuffled, with_replacement, without_replacement]


@pytest.mark.parametrize("order", RANDOM)
def test_random_orders_depend_on_the_seed_alone(order):
    state = np.random.get_state()  # noqa: NPY002 - that it is left alone is tested
    first = take(order(20, 5, rng=4), 6)
    assert first == take(order(20, 5, rng=4), 6)
    assert first == take(order(20, 5, rng=np.random.default_rng(4)), 6)
    assert first != take(order(20, 5, rng=5), 6)
    after = np.random.get_state()  # noqa: NPY002
    np.testing.assert_array_equal(state[1], after[1])
    assert state[2:] == after[2:]


@pytest.mark.parametrize("order", RANDOM)
def test_a_generator_is_drawn_from_and_not_copied(order):
    rng = np.random.default_rng(4)
    assert take(order(20, 5, rng=rng), 4) != take(order(20, 5, rng=rng), 4)


@pytest.mark.parametrize(
    "order",
    [cyclic, *(lambda n, size, order=order: order(n, size, rng=0) for order in RANDOM)],
)
def test_an_order_refuses_bad_sizes_when_it_is_made(order):
    with pytest.raises(ValueError, match="n is 0, expected at least 1"):
        order(0, 1)
    with pytest.raises(ValueError, match="size is 0, expected at least 1"):
        order(3, 0)
    with pytest.raises(TypeError, match=r"n is 3\.0, expected a whole number"):
        order(3.0, 1)
    with pytest.raises(TypeError, match=r"size is 1\.5, expected a whole number"):
        order(3, 1.5)


def test_without_replacement_cannot_draw_more_than_there_are():
    with pytest.raises(ValueError, match=r"size is 4, expected .* at most 3"):
        without_replacement(3, 4, rng=0)


# --- Batches in a run ----------------------------------------------------------------


def test_batches_may_be_a_list_and_reach_the_gradient_as_arrays():
    seen = []

    def gradient(w, rows):
        seen.append(rows)
        return w

    sgd(gradient, [1.0], [[0, 2], (1,), np.array([3])], eta=0.1, steps=3)
    assert all(isinstance(rows, np.ndarray) for rows in seen)
    assert [rows.tolist() for rows in seen] == [[0, 2], [1], [3]]


def test_batches_that_run_out():
    with pytest.raises(ValueError, match=r"ran out after 2 of 3 steps: .*cyclic\(n\)"):
        sgd(lambda w, rows: w, [1.0], [[0], [1]], eta=0.1, steps=3)
    with pytest.raises(ValueError, match="ran out after 0 of 1 steps"):
        sgd(lambda w, rows: w, [1.0], [], eta=0.1, steps=1)


@pytest.mark.parametrize(
    "batch", [[], np.arange(0), 3, [[0, 1]], [0.0], [True, False], ["0"]]
)
def test_a_batch_that_is_not_row_numbers(batch):
    with pytest.raises(ValueError, match=r"batch for step 2 is .*expected row numbers"):
        sgd(lambda w, rows: w, [1.0], [[0], batch], eta=0.1, steps=2)


@pytest.mark.parametrize("batches", [5, cyclic])
def test_batches_that_cannot_be_gone_through(batches):
    with pytest.raises(TypeError, match=r"expected an iterable .*cyclic\(n\)"):
        sgd(lambda w, rows: w, [1.0], batches, eta=0.1, steps=1)


# --- Divergence ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "step", "largest"),
    [(np.float64, 309, "1e+308"), (np.float32, 39, "1e+38")],
)
def test_divergence_names_the_step_and_what_to_do(kind, step, largest):
    # With g = w and eta = 11 every step multiplies w by -10.
    start = np.array([0.5, 1], dtype=kind)
    with pytest.raises(FloatingPointError) as error:
        gradient_descent(lambda w: w, start, eta=11, steps=1000)
    message = str(error.value)
    assert message.startswith(f"diverged at step {step}: ")
    assert f"largest entry {largest}, eta is 11: try a smaller eta" in message
    assert "gradient at w0" not in message
    last = gradient_descent(lambda w: w, start, eta=11, steps=step - 1)
    assert len(last) == step


def test_no_divergence_below_the_bound_of_the_step_size():
    # The bound is 2/L for the largest eigenvalue L; beyond it the run grows.
    L = np.linalg.eigvalsh(H)[-1]
    shrinking = gradient_descent(lambda w: H @ w, W0, eta=1.9 / L, steps=400)
    assert np.linalg.norm(shrinking[-1]) < 1e-9
    with pytest.raises(FloatingPointError, match="diverged"):
        gradient_descent(lambda w: H @ w, W0, eta=2.8 / L, steps=1500)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite(bad):
    with pytest.raises(
        FloatingPointError, match=r"diverged at step 1: gradient .*gradient at w0"
    ):
        gradient_descent(lambda w: [0.0, bad], [1.0, 2.0], eta=0.1, steps=3)
    gradients = iter([[1.0, 0.0], [1.0, bad]])
    with pytest.raises(
        FloatingPointError, match=r"at step 2: gradient .*entry 2, eta is 0\.1: try"
    ):
        gradient_descent(lambda w: next(gradients), [1.0, 2.0], eta=0.1, steps=3)


def test_a_gradient_that_is_not_finite_says_so_once():
    with pytest.raises(FloatingPointError, match="diverged at step 1: gradient"):
        gradient_descent(lambda w: w * 1e200 * w, [1e200], eta=0.1, steps=3)
    with pytest.raises(FloatingPointError, match="diverged at step 1: gradient"):
        gradient_descent(lambda w: np.sqrt(-w), [1.0], eta=0.1, steps=3)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_an_overflow_of_the_squares_is_divergence_and_not_a_standstill(name):
    with pytest.raises(FloatingPointError, match="step 1: overflow"):
        FRONTS[name](lambda w: [1e200], [1.0], eta=0.1, steps=3)


def test_a_gradient_too_large_for_float32():
    with pytest.raises(FloatingPointError, match=r"step 1: overflow .* in cast"):
        gradient_descent(lambda w: [1e200], np.ones(1, np.float32), eta=0.1, steps=3)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda w: [float("nan")], "w after step 1 is not finite"),
        (lambda w: w / (w - w), "divide by zero"),
        (lambda w: np.sqrt(-w), "invalid value"),
    ],
)
def test_a_rule_of_your_own_that_diverges(step, message):
    def rule(w, state, gradient, *, eta):
        return step(w), state

    with pytest.raises(FloatingPointError, match=f"diverged at step 1: {message}"):
        descend(rule, lambda w: w, [1.0], eta=0.1, steps=3)


# --- Other bad input -----------------------------------------------------------------


def run(**changed):
    arguments = {
        "rule": gd_step,
        "gradient": lambda w: w,
        "w0": [1.0, 2.0],
        "eta": 0.1,
        "steps": 2,
    }
    return descend(**(arguments | changed))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"eta": 0}, "eta is 0, expected a finite number above 0"),
        ({"eta": -0.1}, r"eta is -0\.1, expected"),
        ({"eta": np.nan}, "eta is nan, expected"),
        ({"eta": 0, "steps": 0}, "eta is 0, expected"),
        ({"eta": lambda t: 2 - t}, "eta at step 2 is 0, expected"),
        ({"eta": lambda t: np.inf}, "eta at step 1 is inf, expected"),
        ({"steps": -1}, "steps is -1, expected at least 0"),
        ({"step_tolerance": 0}, "step_tolerance is 0, expected .* above 0"),
        ({"gradient_tolerance": -1}, "gradient_tolerance is -1, expected .* above 0"),
        ({"w0": []}, r"w0 has shape \(0,\), expected \(d,\) and not empty"),
        ({"w0": 1.0}, r"w0 has shape \(\), expected \(d,\): one entry a weight"),
        ({"w0": [[1.0]]}, r"w0 has shape \(1, 1\), expected \(d,\)"),
        ({"w0": [1.0, np.nan]}, r"w0\[1\] is nan, expected finite"),
        (
            {"gradient": lambda w: w[:, None]},
            r"gradient at step 1 has shape \(2, 1\), expected \(2,\): the shape of w0",
        ),
        ({"gradient": lambda w: 1.0}, r"gradient at step 1 has shape \(\)"),
        (
            {"rule": lambda w, state, g, *, eta: (w[:1], None)},
            r"w after step 1 has shape \(1,\), expected \(2,\): the shape of w0",
        ),
        ({"rule": momentum_step, "alpha": 1}, "alpha is 1, expected .* below 1"),
    ],
)
def test_descend_refuses_bad_values(changed, message):
    with pytest.raises(ValueError, match=message):
        run(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rule": "gd"}, "rule is 'gd', expected a function"),
        ({"gradient": np.ones(2)}, r"gradient is array\(.*, expected a function"),
        ({"gradient": lambda w: None}, "gradient at step 1 holds object entries"),
        ({"gradient": lambda w: w + 1j}, "gradient at step 1 holds complex128"),
        ({"eta": "0.1"}, "eta is '0.1', expected one real number"),
        ({"eta": lambda t: None}, "eta at step 1 is None, expected one real number"),
        ({"eta": lambda t: [0.1]}, r"eta at step 1 is \[0\.1\], expected one real"),
        ({"steps": 2.0}, r"steps is 2\.0, expected a whole number"),
        ({"steps": None}, "steps is None, expected a whole number"),
        ({"step_tolerance": "small"}, "step_tolerance is 'small', expected"),
        ({"gradient_tolerance": True}, "gradient_tolerance is True, expected"),
        ({"w0": ["a"]}, "w0 holds str32 entries, expected real numbers"),
        ({"alpha": 0.9}, "unexpected keyword argument 'alpha'"),
    ],
)
def test_descend_refuses_what_is_of_another_kind(changed, message):
    with pytest.raises(TypeError, match=message):
        run(**changed)


@every_rule
def test_a_rule_refuses_another_shape(name):
    with pytest.raises(
        ValueError, match=r"gradient has shape \(1,\), expected \(2,\), the shape of w"
    ):
        RULES[name](np.zeros(2), None, np.ones(1), eta=0.1)
    with pytest.raises(TypeError, match="gradient holds object entries"):
        RULES[name](np.zeros(2), None, None, eta=0.1)
    with pytest.raises(TypeError, match="w holds complex128 entries"):
        RULES[name](np.zeros(2) * 1j, None, np.zeros(2), eta=0.1)


@every_rule
@pytest.mark.parametrize("eta", [0, 0.0, -0.1, np.nan, np.inf])
def test_a_rule_refuses_a_step_size(name, eta):
    with pytest.raises(ValueError, match=f"eta is {eta}, expected .* above 0"):
        RULES[name](np.zeros(2), None, np.ones(2), eta=eta)


@pytest.mark.parametrize(
    ("rule", "constant_name"),
    [
        (momentum_step, "alpha"),
        (nesterov_step, "alpha"),
        (rmsprop_step, "rho"),
        (adam_step, "beta1"),
        (adam_step, "beta2"),
    ],
)
def test_a_share_that_is_kept_lies_between_0_and_1(rule, constant_name):
    w, g = np.zeros(2), np.ones(2)
    for kept in (0.0, 0, 0.999, np.float32(0.5)):
        assert np.isfinite(rule(w, None, g, eta=0.1, **{constant_name: kept})[0]).all()
    for refused in (1.0, 1, -0.1, np.nan):
        with pytest.raises(
            ValueError,
            match=f"{constant_name} is {refused}, expected .* at least 0 and below 1",
        ):
            rule(w, None, g, eta=0.1, **{constant_name: refused})
    with pytest.raises(TypeError, match=f"{constant_name} is None"):
        rule(w, None, g, eta=0.1, **{constant_name: None})


@pytest.mark.parametrize("rule", [adagrad_step, rmsprop_step, adam_step])
def test_delta_is_positive(rule):
    for refused in (0.0, 0, -1e-6, np.inf):
        with pytest.raises(
            ValueError, match=f"delta is {refused}, expected .* above 0"
        ):
            rule(np.zeros(2), None, np.ones(2), eta=0.1, delta=refused)
