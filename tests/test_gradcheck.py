"""The gradient check: asked of autograd and closed forms, and given wrong gradients."""

import re

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.optimize
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnbook_utils.gradcheck import (
    SMALLEST_SCALE,
    assert_gradient,
    check_gradient,
    numerical_gradient,
)

points = arrays(
    np.float64, array_shapes(max_dims=3, max_side=3), elements=st.floats(-3, 3)
)


def smooth(w):
    return anp.sum(anp.sin(w) * anp.exp(w / 2)) + anp.sum(w) ** 2


def cubes(w):
    return (w**3).sum()


def slope_of_cubes(w):
    return 3 * w * w


# The estimate


@given(w=points)
def test_estimate_is_autograds(w):
    estimate = numerical_gradient(smooth, w)
    assert estimate.shape == w.shape
    np.testing.assert_allclose(estimate, grad(smooth)(w), rtol=1e-7, atol=1e-7)


def test_estimate_is_scipys():
    w = np.array([0.3, -1.2, 2.0])
    theirs = scipy.optimize.approx_fprime(w, smooth, 1e-8)
    np.testing.assert_allclose(numerical_gradient(smooth, w), theirs, rtol=1e-5)


@pytest.mark.parametrize("epsilon", [0.5, 0.25, 0.125])
def test_truncation_error_of_a_cube_is_epsilon_squared(epsilon):
    # ((w + e)^3 - (w - e)^3) / (2e) = 3 w^2 + e^2, exactly in these numbers
    estimate = numerical_gradient(cubes, [1.0, 2.0], epsilon)
    np.testing.assert_array_equal(estimate, [3 + epsilon**2, 12 + epsilon**2])


def test_the_default_step_is_the_one_of_the_course():
    error = numerical_gradient(cubes, [1.0])[0] - 3
    assert error == pytest.approx(1e-8, rel=1e-3)


def test_a_quadratic_has_no_truncation_error():
    w = np.array([[1.0, -2.0], [0.5, 4.0]])
    estimate = numerical_gradient(lambda w: (w * w).sum(), w, epsilon=1.0)
    np.testing.assert_array_equal(estimate, 2 * w)


def test_the_step_that_was_taken_is_divided_by():
    # Beside 2^20 the nearest floats lie 2^-32 apart: w +- 1e-9 moves by 4 of those.
    estimate = numerical_gradient(lambda w: w[0], [2.0**20], 1e-9)
    np.testing.assert_array_equal(estimate, [1])


@pytest.mark.parametrize("w", [2.0, [], [[1, 2]], np.ones((2, 1, 2))])
def test_any_shape_will_do(w):
    estimate = numerical_gradient(lambda w: (w * w).sum(), w)
    assert estimate.shape == np.shape(w)
    np.testing.assert_allclose(estimate, 2 * np.array(w))


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.float64])
def test_all_is_computed_in_float64(dtype):
    seen = []

    def f(w):
        seen.append(w.dtype)
        return w[0] ** 2

    estimate = numerical_gradient(f, np.array([3], dtype))
    assert set(seen) == {estimate.dtype} == {np.dtype(np.float64)}
    np.testing.assert_allclose(estimate, [6], rtol=1e-10)


def test_a_function_that_spoils_its_argument_does_no_harm():
    def spoil(w):
        value = (w * w).sum()
        w[:] = np.nan
        return value

    def spoil_too(w):
        slope = 2 * w
        w[:] = np.nan
        return slope

    w = np.array([1.0, 2.0])
    assert check_gradient(spoil, spoil_too, w).ok
    np.testing.assert_array_equal(w, [1, 2])


@pytest.mark.parametrize("kind", [float, np.float32, np.float64, np.array, int])
def test_one_number_of_any_kind_is_accepted(kind):
    np.testing.assert_array_equal(
        numerical_gradient(lambda w: kind(4 * w[0]), [1.0], 0.5), [4]
    )


# The verdict


@given(w=points)
def test_a_right_gradient_passes(w):
    check = check_gradient(smooth, grad(smooth), w)
    assert check.ok
    assert check.relative_error < 1e-6
    assert_gradient(smooth, grad(smooth), w)


@given(w=points, data=st.data())
def test_one_wrong_entry_is_found_and_named(w, data):
    index = tuple(data.draw(st.integers(0, side - 1)) for side in w.shape)

    def wrong(w):
        slope = grad(smooth)(w)
        slope[index] += 0.1
        return slope

    check = check_gradient(smooth, wrong, w)
    assert not check.ok
    assert check.worst_index == index
    np.testing.assert_array_equal(check.analytic, wrong(w))
    assert check.relative_error == pytest.approx(
        0.1 / max(np.abs(check.analytic).max(), np.abs(check.numeric).max()), rel=1e-3
    )
    with pytest.raises(AssertionError, match=re.escape(str(list(index)))):
        assert_gradient(smooth, wrong, w)


def test_the_tolerance_may_be_reached_but_not_passed():
    def check(tolerance):
        return check_gradient(
            lambda w: 4 * w[0], lambda w: [5.0], [0.0], epsilon=0.5, tolerance=tolerance
        )

    assert check(0.2).relative_error == 0.2  # |5 - 4| / 5, without rounding
    assert check(0.2).ok
    assert not check(0.199).ok
    with pytest.raises(AssertionError):
        assert_gradient(
            lambda w: 4 * w[0], lambda w: [5.0], [0.0], epsilon=0.5, tolerance=0.199
        )
    assert_gradient(
        lambda w: 4 * w[0], lambda w: [5.0], [0.0], epsilon=0.5, tolerance=0.2
    )


def test_the_larger_gradient_is_the_scale_whichever_it_is():
    for analytic, error in ((5.0, 0.2), (3.0, 0.25), (-4.0, 2.0)):
        check = check_gradient(
            lambda w: 4 * w[0], lambda w, a=analytic: [a], [0.0], epsilon=0.5
        )
        assert check.relative_error == error
        assert not check.ok


def test_at_a_minimum_the_scale_has_a_floor():
    check = check_gradient(cubes, slope_of_cubes, np.zeros(3))
    assert check.ok
    assert check.relative_error == pytest.approx(1e-10 / SMALLEST_SCALE)
    flat = check_gradient(lambda w: 0.0, lambda w: w + 1e-4, np.zeros(2))
    assert flat.relative_error == pytest.approx(0.1)
    assert not flat.ok


def test_the_step_can_be_chosen():
    check = check_gradient(cubes, slope_of_cubes, [1.0], epsilon=0.5)
    assert check.numeric == [3.25]
    assert not check.ok
    with pytest.raises(AssertionError, match=re.escape("3 against 3.25")):
        assert_gradient(cubes, slope_of_cubes, [1.0], epsilon=0.5)


# What it says


def test_agreement_reads_well():
    text = str(check_gradient(cubes, slope_of_cubes, [[1.0, 2.0]]))
    assert re.fullmatch(
        r"the gradient agrees with central differences: relative error \d\.\de-\d\d, "
        r"worst at w\[0, [01]\]: (3|12) against (3|12)(\.\d+)?",
        text,
    )


def test_disagreement_reads_well():
    check = check_gradient(
        lambda w: (w * w).sum(), lambda w: 2 * w + [0, 0.5], [1.0, 2.0], epsilon=0.5
    )
    assert str(check) == (
        "the gradient disagrees with central differences: relative error 1.1e-01, "
        "worst at w[1]: 4.5 against 4"
    )


def test_a_single_number_has_no_index():
    check = check_gradient(lambda w: w * w, lambda w: 2 * w + 1, 1.0, epsilon=0.5)
    assert check.worst_index == ()
    assert "worst: 3 against 2" in str(check)


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (-1, "; every entry is -1 times what it should be: look for a wrong sign"),
        (5, "; every entry is 5 times what it should be: look for a missing factor"),
        (0.5, "; every entry is 0.5 times what it should be: look for a missing"),
    ],
)
def test_a_common_factor_is_named(factor, message):
    w = np.array([1.0, 0.0, -2.0])
    with pytest.raises(AssertionError, match=re.escape(message)):
        assert_gradient(cubes, lambda w: factor * slope_of_cubes(w), w)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda w: 0 * w,
        lambda w: slope_of_cubes(w) + 1,
        lambda w: 2 * slope_of_cubes(w) + [0, 0, 0.1],
    ],
)
def test_other_mistakes_are_not_called_a_factor(wrong):
    check = check_gradient(cubes, wrong, [1.0, 0.5, -2.0])
    assert not check.ok
    assert "every entry" not in str(check)


def test_a_flat_function_with_a_gradient_is_not_called_a_factor():
    check = check_gradient(lambda w: 1.0, lambda w: w, [1.0, 2.0])
    assert not check.ok
    assert "every entry" not in str(check)


def test_a_common_factor_may_be_rounded():
    def wrong(w):
        return 2 * slope_of_cubes(w) + [0, 0, 0.001]

    check = check_gradient(cubes, wrong, [1.0, 0.5, -2.0])
    assert "every entry is 2.00008 times" in str(check)


# Bad input


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda w: w, TypeError, r"f\(w\) is array.*expected one real number"),
        (lambda w: None, TypeError, r"f\(w\) is None"),
        (lambda w: float("nan"), ValueError, r"f\(w\) is nan"),
        (lambda w: float("inf"), ValueError, r"f\(w\) is inf"),
    ],
)
def test_a_function_that_gives_no_number_is_refused(f, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(f, [1.0, 2.0])


@pytest.mark.parametrize(
    ("w", "epsilon", "error", "message"),
    [
        ([np.nan], 1e-4, ValueError, r"w\[0\] is nan"),
        (["a"], 1e-4, TypeError, "w holds str32 entries"),
        ([1.0], 0, ValueError, "epsilon is 0, expected a finite number above 0"),
        ([1.0], -1e-4, ValueError, "epsilon is -0.0001"),
        ([1.0], "small", TypeError, "^epsilon is 'small'"),
        (
            [[1.0, 1e13]],
            1e-4,
            ValueError,
            r"lost in the rounding of w\[0, 1\] = 1e\+13",
        ),
    ],
)
def test_other_points_and_steps_are_refused(w, epsilon, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(lambda w: w.sum(), w, epsilon)


@pytest.mark.parametrize("check", [check_gradient, assert_gradient])
def test_a_check_refuses_what_it_cannot_compare(check):
    w = [1.0, 2.0]
    with pytest.raises(
        ValueError, match=r"^gradient\(w\) has shape \(\), expected \(2,\).*shape of w"
    ):
        check(cubes, lambda w: 1.0, w)
    with pytest.raises(ValueError, match=r"gradient\(w\)\[1\] is inf"):
        check(cubes, lambda w: [0, np.inf], w)
    with pytest.raises(TypeError, match=r"gradient\(w\) holds object entries"):
        check(cubes, lambda w: None, w)
    with pytest.raises(
        ValueError, match=r"w has shape \(0, 2\), expected at least one"
    ):
        check(cubes, slope_of_cubes, np.empty((0, 2)))
    with pytest.raises(ValueError, match=r"^tolerance is 0, expected .* above 0"):
        check(cubes, slope_of_cubes, w, tolerance=0)
    with pytest.raises(ValueError, match="epsilon is 0"):
        check(cubes, slope_of_cubes, w, epsilon=0)
