"""The input checks: what passes, in which type, and what the refusals say."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnbook_utils._inputs import choice, labels, number, real_array, whole


def refuses(error, message):
    """Expect `error` with exactly `message`."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


# real_array


@given(
    a=arrays(
        st.sampled_from([np.bool_, np.int8, np.int64, np.uint64, np.float16]),
        array_shapes(min_dims=0),
        elements={"allow_nan": False, "allow_infinity": False},
    )
)
def test_every_kind_of_real_number_becomes_float64(a):
    result = real_array(a, "x")
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, a.astype(np.float64))
    np.testing.assert_array_equal(real_array(a.tolist(), "x"), result)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_keep_their_type_and_are_not_copied(dtype):
    a = np.ones((2, 3), dtype)
    assert real_array(a, "x") is a
    assert real_array(a[:, ::2], "x").dtype == dtype


def test_a_longer_float_beyond_float64_is_refused_as_infinite():
    with pytest.raises(ValueError, match=r"^x\[0\] is inf"):
        real_array(np.array([np.finfo(np.longdouble).max]), "x")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (["1"], "str32"),
        ([1j], "complex128"),
        ([None], "object"),
        ([10**400], "object"),
        ({1, 2}, "object"),
        (np.array(["2020-01-01"], "datetime64[D]"), "datetime64[D]"),
    ],
)
def test_what_is_not_real_numbers_is_refused(value, kind):
    with refuses(TypeError, f"x holds {kind} entries, expected real numbers"):
        real_array(value, "x")


def test_ragged_rows_are_refused():
    with refuses(ValueError, "x is ragged: every row must have the same length"):
        real_array([[1, 2], [3]], "x")


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (np.nan, "x is nan"),
        ([0, -np.inf], "x[1] is -inf"),
        ([[0, 1], [np.inf, np.nan]], "x[1, 0] is inf"),
        (np.array([0, np.nan], np.float32), "x[1] is nan"),
    ],
)
def test_the_first_entry_that_is_not_finite_is_named(value, where):
    with refuses(
        ValueError,
        f"{where}, expected finite numbers only: look for a division by zero, an "
        "overflow or a missing value before the call",
    ):
        real_array(value, "x")


@pytest.mark.parametrize(
    ("came", "shape"),
    [
        ((), ()),
        ((3,), ("n",)),
        ((3,), (3,)),
        ((0,), (0,)),
        ((0, 2), (0, "d")),
        ((3, 2), ("n", "d")),
        ((3, 3), ("n", "n")),
        ((3, 3), ("n", "d")),
        ((2, 5, 2), ("k", 5, "k")),
        ((0, 7), None),
    ],
)
def test_shapes_that_fit(came, shape):
    assert real_array(np.zeros(came), "x", shape).shape == came


@pytest.mark.parametrize(
    ("came", "shape", "message"),
    [
        ((3,), (2,), "x has shape (3,), expected (2,)"),
        ((), ("n",), "x has shape (), expected (n,)"),
        ((3,), (), "x has shape (3,), expected ()"),
        ((3,), ("n", "d"), "x has shape (3,), expected (n, d)"),
        ((3, 1), ("n",), "x has shape (3, 1), expected (n,)"),
        ((3, 2), ("n", "n"), "x has shape (3, 2), expected (n, n)"),
        ((3, 2), (3, 4), "x has shape (3, 2), expected (3, 4)"),
        ((2, 5, 3), ("k", 5, "k"), "x has shape (2, 5, 3), expected (k, 5, k)"),
        ((0,), ("n",), "x has shape (0,), expected (n,) and not empty"),
        ((3, 0), (3, "d"), "x has shape (3, 0), expected (3, d) and not empty"),
        ((0, 0), ("n", "n"), "x has shape (0, 0), expected (n, n) and not empty"),
    ],
)
def test_shapes_that_do_not_fit(came, shape, message):
    with refuses(ValueError, message):
        real_array(np.zeros(came), "x", shape)
    with refuses(ValueError, f"{message}: do this"):
        real_array(np.zeros(came), "x", shape, hint="do this")


# number


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.int8(2), np.float32(2), np.float64(2), np.array(2), Fraction(2)],
)
def test_one_number_of_any_kind_becomes_a_float(value):
    result = number(value, "eta")
    assert type(result) is float
    assert result == 2


@pytest.mark.parametrize(
    "value",
    [True, np.True_, np.array(True), "1", None, 1j, [1.0], np.array([1.0])],
)
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(TypeError, match=r"^eta is .*, expected one real number$"):
        number(value, "eta")


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "wanted"),
    [
        ({"above": 0}, [5e-324, 1e308], [0, -1], " above 0"),
        ({"least": 0}, [0, 1], [-5e-324], " at least 0"),
        ({"most": 1}, [1, -1e308], [1 + 2**-52], " at most 1"),
        ({"below": 1}, [1 - 2**-53, -1], [1, 2], " below 1"),
        ({"least": 0, "below": 1}, [0, 0.5], [-1, 1], " at least 0 and below 1"),
        ({}, [-1e308, 0], [], ""),
    ],
)
def test_bounds(bounds, inside, outside, wanted):
    for value in inside:
        assert number(value, "eta", **bounds) == value
    for value in [*outside, np.nan, np.inf, -np.inf]:
        message = f"eta is {value}, expected a finite number{wanted}"
        with refuses(ValueError, message):
            number(value, "eta", **bounds)


@pytest.mark.parametrize(
    "value",
    [10**400, -(10**400), 10**5000, Fraction(10**400)],
    ids=["positive", "negative", "too long to print", "fraction"],
)
def test_a_number_beyond_the_floats_is_refused(value):
    with refuses(ValueError, "eta is too large for a float"):
        number(value, "eta")


# whole


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_whole_numbers_become_ints(value):
    result = whole(value, "steps")
    assert type(result) is int
    assert result == 3


@pytest.mark.parametrize("value", [3.0, 3.5, np.float64(3), True, np.True_, "3", None])
def test_other_numbers_are_not_whole(value):
    with refuses(TypeError, f"steps is {value!r}, expected a whole number"):
        whole(value, "steps")


def test_whole_numbers_have_bounds():
    assert whole(0, "steps") == 0
    with refuses(ValueError, "steps is -1, expected at least 0"):
        whole(-1, "steps")
    for value in (2, 4):
        assert whole(value, "steps", least=2, most=4) == value
    for value in (1, 5):
        with refuses(
            ValueError, f"steps is {value}, expected at least 2 and at most 4"
        ):
            whole(value, "steps", least=2, most=4)
    assert whole(-3, "steps", least=-3) == -3


# labels


def test_labels_are_floats_of_the_allowed_values():
    result = labels([1, -1, 1], "y", (-1, 1), n=3)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, [1, -1, 1])
    np.testing.assert_array_equal(labels([True, False], "y", {0, 1}, n=2), [1, 0])
    assert labels(np.float32([2]), "y", range(3), n=1).dtype == np.float32
    assert labels([], "y", (0, 1), n=0).shape == (0,)


@pytest.mark.parametrize(
    ("value", "allowed", "message"),
    [
        ([0, 1], (1, -1), "y holds the label 0, expected -1 or 1"),
        ([0, 2], (0, 1), "y holds the label 2, expected 0 or 1"),
        ([0.5, 7], (0, 1), "y holds the label 0.5, expected 0 or 1"),
        ([0, 4], range(4), "y holds the label 4, expected 0 or 1 or 2 or 3"),
        ([5, 0], range(5), "y holds the label 5, expected 0, 1, ..., 4"),
        ([0, -1], range(10), "y holds the label -1, expected 0, 1, ..., 9"),
    ],
)
def test_the_first_strange_label_is_named(value, allowed, message):
    with refuses(ValueError, message):
        labels(value, "y", allowed, n=2)


def test_there_is_one_label_a_sample():
    for value in ([1], [[1], [1]], 1):
        with pytest.raises(
            ValueError, match=r"^y has shape .* expected \(2,\): one lab"
        ):
            labels(value, "y", (0, 1), n=2)
    with refuses(TypeError, "y holds str96 entries, expected real numbers"):
        labels(["yes", "no"], "y", (0, 1), n=2)
    with pytest.raises(ValueError, match=r"^y\[1\] is nan"):
        labels([1, np.nan], "y", (0, 1), n=2)


# choice


def test_a_choice_is_one_of_the_names():
    assert choice("relu", "hidden", ["tanh", "relu"]) == "relu"
    assert choice("relu", "hidden", {"relu": 1}) == "relu"
    assert choice("b", "x", (name for name in "ab")) == "b"


@pytest.mark.parametrize("value", ["ReLU", "", None, 1, ["relu"]])
def test_other_choices_are_refused(value):
    with refuses(ValueError, f"hidden is {value!r}, expected one of tanh, relu"):
        choice(value, "hidden", ["tanh", "relu"])
