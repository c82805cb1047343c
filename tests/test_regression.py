"""Linear models: against numpy.linalg, scikit-learn and first-order conditions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.linear_model import LinearRegression, Ridge, RidgeClassifier
from sklearn.preprocessing import PolynomialFeatures

from nnbook_utils import datasets
from nnbook_utils.regression import (
    classify,
    design_matrix,
    least_squares,
    linear_classifier,
    polynomial_features,
    predict,
    ridge,
)


@st.composite
def problems(draw):
    """Draw tables of small integers, often rank-deficient, with targets."""
    shape = draw(st.tuples(st.integers(1, 8), st.integers(1, 5)))
    entries = st.integers(-3, 3).map(float)
    X = draw(hnp.arrays(np.float64, shape, elements=entries))
    y = draw(hnp.arrays(np.float64, shape[0], elements=entries))
    return X, y


def commute():
    X, y = datasets.commute()
    return design_matrix(X), y


def random_problem():
    rng = np.random.default_rng(0)
    return rng.normal(size=(30, 4)), rng.normal(size=30)


# Tables


def test_design_matrix_puts_the_ones_first():
    X = np.array([[2.0, 3.0], [4.0, 5.0]])
    assert design_matrix(X).tolist() == [[1, 2, 3], [1, 4, 5]]
    assert design_matrix([[2], [4]]).tolist() == [[1, 2], [1, 4]]
    assert X.tolist() == [[2, 3], [4, 5]]


@given(
    x=hnp.arrays(
        np.float64, st.integers(1, 10), elements=st.floats(-2, 2, allow_subnormal=False)
    ),
    degree=st.integers(0, 8),
)
def test_polynomial_features_are_those_of_scikit_learn(x, degree):
    column = x[:, np.newaxis]
    theirs = PolynomialFeatures(degree).fit_transform(column)
    ours = polynomial_features(x, degree)
    assert ours.shape == (len(x), degree + 1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)
    np.testing.assert_array_equal(polynomial_features(column, degree), ours)


def test_powers_of_integers_do_not_wrap_around():
    # As 64-bit integers, 10**20 would come out as 7766279631452241920.
    assert polynomial_features([10], 20)[0, -1] == 1e20


# Least squares


def test_least_squares_on_the_commute():
    X, y = commute()
    fit = least_squares(X, y)
    known = [6.08613445378149, 6.53361344537816, 2.11274509803922]
    fitted = [25.8396358543, 34.9866946779, 12.6197478992, 42.1736694678, 24.3802521008]
    np.testing.assert_allclose(fit.weights, known, rtol=0, atol=1e-9)
    np.testing.assert_allclose(predict(X, fit.weights), fitted, rtol=0, atol=1e-9)
    assert fit.rank == 3
    assert fit.condition == pytest.approx(np.linalg.cond(X))


def test_least_squares_is_scikit_learns_with_an_intercept():
    X, y = random_problem()
    theirs = LinearRegression().fit(X, y)
    weights = least_squares(design_matrix(X), y).weights
    np.testing.assert_allclose(weights, [theirs.intercept_, *theirs.coef_])


@given(problems())
def test_least_squares_is_numpys_at_any_rank(problem):
    X, y = problem
    fit = least_squares(X, y)
    np.testing.assert_allclose(fit.weights, np.linalg.lstsq(X, y)[0], atol=1e-9)
    assert fit.rank == np.linalg.matrix_rank(X)
    if fit.rank == X.shape[1]:
        assert fit.condition == pytest.approx(np.linalg.cond(X))
    else:
        assert fit.condition == np.inf


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(problem, random):
    X, y = problem
    rows, columns = list(range(len(X))), list(range(X.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    weights = least_squares(X, y).weights
    moved = least_squares(X[rows][:, columns], y[rows]).weights
    np.testing.assert_allclose(moved, weights[columns], atol=1e-9)


def test_of_all_minimisers_the_shortest():
    # Kilometres and metres say the same: 1 w + 1000 v = 2 has many answers.
    X, y = np.array([[1.0, 1000.0], [2.0, 2000.0]]), np.array([2.0, 4.0])
    fit = least_squares(X, y)
    nearest_to_origin = 2 * np.array([1, 1000]) / (1 + 1000**2)
    np.testing.assert_allclose(fit.weights, nearest_to_origin)
    assert (fit.rank, fit.condition) == (1, np.inf)


def test_more_columns_than_rows():
    fit = least_squares([[3, 4]], [5])
    np.testing.assert_allclose(fit.weights, [0.6, 0.8])
    assert (fit.rank, fit.condition) == (1, np.inf)


def test_nothing_but_zeros():
    fit = least_squares(np.zeros((3, 2)), [1, 2, 3])
    assert fit.weights.tolist() == [0, 0]
    assert (fit.rank, fit.condition) == (0, np.inf)


@pytest.mark.parametrize(("small", "rank"), [(8, 1), (32, 2)])
def test_where_a_singular_value_counts_as_zero(small, rank):
    # The line is at max(n, d) = 16 times the distance from 1 to the next float.
    X = np.zeros((16, 2))
    X[0, 0], X[1, 1] = 1, small * np.finfo(float).eps
    assert least_squares(X, np.ones(16)).rank == rank


def test_a_badly_conditioned_table_keeps_its_digits():
    # Forming X.T @ X would round the difference of the two columns away.
    X = np.array([[1, 1], [1e-8, 0], [0, 1e-8]])
    fit = least_squares(X, X @ [1.0, 2.0])
    np.testing.assert_allclose(fit.weights, [1, 2], rtol=1e-6)
    assert np.linalg.matrix_rank(X.T @ X) == 1
    assert fit.condition == pytest.approx(np.sqrt(2) * 1e8)


# Ridge


@given(problems(), st.floats(1e-3, 1e3), st.booleans())
def test_ridge_is_scikit_learns_on_its_scale(problem, lambda_, bias):
    X, y = problem
    # Theirs is the sum of squares + alpha w.w, without our 1/(2n) and 1/2.
    theirs = Ridge(alpha=len(X) * lambda_, fit_intercept=bias, solver="svd").fit(X, y)
    if bias:
        ours = ridge(design_matrix(X), y, lambda_)
        np.testing.assert_allclose(ours, [theirs.intercept_, *theirs.coef_], atol=1e-9)
    else:
        ours = ridge(X, y, lambda_, bias_column=False)
        np.testing.assert_allclose(ours, theirs.coef_, atol=1e-9)


@pytest.mark.parametrize("lambda_", [1e-6, 0.1, 50])
def test_ridge_has_gradient_zero(lambda_):
    X, y = commute()
    w = ridge(X, y, lambda_)
    penalised = w * [0, 1, 1]
    gradient = X.T @ (X @ w - y) / len(X) + lambda_ * penalised
    np.testing.assert_allclose(gradient, 0, atol=1e-11)


def test_ridge_on_one_number():
    # (1/2)(2 w - 6)^2 + (3/2) w^2 is least where 4 w - 12 + 3 w = 0.
    np.testing.assert_allclose(ridge([[2]], [6], 3, bias_column=False), [12 / 7])


@given(problems())
def test_ridge_without_penalty_is_least_squares(problem):
    X, y = problem
    np.testing.assert_allclose(
        ridge(design_matrix(X), y, 0),
        least_squares(design_matrix(X), y).weights,
        atol=1e-9,
    )


def test_a_heavy_penalty_leaves_the_mean():
    X, y = commute()
    np.testing.assert_allclose(ridge(X, y, 1e12), [28, 0, 0], atol=1e-9)


def test_a_light_penalty_leads_to_the_shortest_minimiser():
    X, y = [[1, 1000], [2, 2000]], [2, 4]
    limit = least_squares(X, y).weights
    np.testing.assert_allclose(ridge(X, y, 1e-9, bias_column=False), limit, rtol=1e-8)


# Predicting and classifying


def test_predict_is_the_sum_of_products():
    assert predict([[1, 2], [3, 4]], [10, 1]).tolist() == [12, 34]


def test_classify_gives_the_tie_to_the_label_1():
    X = [[1, -1], [1, 0], [1, 1], [-0.0, 0]]
    assert classify(X, [0, 1]).tolist() == [-1, 1, 1, 1]


def test_linear_classifier_is_scikit_learns():
    X, y = datasets.iris_pair(("versicolor", "virginica"))
    fit = linear_classifier(design_matrix(X), y)
    theirs = RidgeClassifier(alpha=0).fit(X, y)
    np.testing.assert_allclose(
        fit.weights, np.append(theirs.intercept_, theirs.coef_), rtol=1e-9
    )
    np.testing.assert_array_equal(
        classify(design_matrix(X), fit.weights), theirs.predict(X)
    )
    assert fit.rank == 5


# What holds for all


FITS = [
    lambda X, y: least_squares(X, y).weights,
    lambda X, y: linear_classifier(X, np.sign(y)).weights,
    lambda X, y: ridge(X, y, 0.1, bias_column=False),
    lambda X, y: ridge(design_matrix(X), y, 0.1),
]


@pytest.mark.parametrize("fit", FITS)
def test_layout_and_lists_do_not_matter_and_nothing_is_changed(fit):
    X, y = random_problem()
    kept = X.copy(), y.copy()
    weights = fit(X, y)
    strided = np.repeat(np.repeat(X, 2, axis=0), 2, axis=1)[::2, ::2]
    for same in (np.asfortranarray(X), strided, X.tolist()):
        np.testing.assert_allclose(fit(same, y.tolist()), weights, rtol=1e-10)
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])


@pytest.mark.parametrize("fit", FITS)
def test_float32_stays_float32(fit):
    X, y = random_problem()
    weights = fit(X.astype(np.float32), y.astype(np.float32))
    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights, fit(X, y), rtol=1e-3, atol=1e-5)


def test_float32_tables_stay_float32():
    x = np.float32([[0.5], [2]])
    assert design_matrix(x).dtype == np.float32
    assert polynomial_features(x, 3).dtype == np.float32
    assert predict(x, np.float32([1])).dtype == np.float32


def test_float32_has_its_own_zero():
    X = np.float32([[1, 0], [0, 1e-8]])
    y = np.float32([1, 1])
    assert least_squares(X, y).rank == 1
    assert least_squares(X.astype(float), y).rank == 2


# What is refused


TABLES = {
    "design_matrix": design_matrix,
    "least_squares": lambda X: least_squares(X, [1, 1]),
    "linear_classifier": lambda X: linear_classifier(X, [1, 1]),
    "ridge": lambda X: ridge(X, [1, 1], 0.1),
    "predict": lambda X: predict(X, [1]),
    "classify": lambda X: classify(X, [1]),
}


@pytest.mark.parametrize("call", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1, 2], ValueError, r"X has shape \(2,\).*one feature alone is x\[:, np"),
        (np.empty((0, 1)), ValueError, "X has shape .* not empty"),
        ([[1], [np.nan]], ValueError, r"X\[1, 0\] is nan"),
        ([["1"], ["2"]], TypeError, "expected real numbers"),
    ],
)
def test_a_bad_table_is_refused(call, X, error, message):
    with pytest.raises(error, match=message):
        call(X)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: least_squares([[1], [2]], [1, 2, 3]),
            ValueError,
            r"y has shape \(3,\), expected \(2,\): one target for each row of X",
        ),
        (
            lambda: ridge([[1], [1]], [1, 2, 3], 0.1),
            ValueError,
            r"y has shape \(3,\), expected \(2,\): one target for each row of X",
        ),
        (lambda: least_squares([[1]], [np.inf]), ValueError, r"y\[0\] is inf"),
        (
            lambda: ridge([[1]], [1], -0.1),
            ValueError,
            "lambda_ is -0.1, expected a finite number at least 0",
        ),
        (lambda: ridge([[1]], [1], "0"), TypeError, "lambda_ is '0'"),
        (
            lambda: ridge([[1, 2], [2, 1]], [1, 2], 0.1),
            ValueError,
            "first column of X is not all ones.*design_matrix.*bias_column=False",
        ),
        (
            lambda: predict([[1, 2, 3]], [1, 2]),
            ValueError,
            r"w has shape \(2,\), expected \(3,\): X has 3 columns; did you add",
        ),
        (lambda: predict([[1]], [np.nan]), ValueError, r"w\[0\] is nan"),
        (
            lambda: linear_classifier([[1], [2]], [0, 1]),
            ValueError,
            "y holds the label 0, expected -1 or 1",
        ),
        (
            lambda: polynomial_features([[1, 2]], 2),
            ValueError,
            r"x has shape \(1, 2\), expected \(n, 1\)",
        ),
        (lambda: polynomial_features(3, 2), ValueError, r"x has shape \(\)"),
        (lambda: polynomial_features([], 2), ValueError, "not empty"),
        (lambda: polynomial_features([np.nan], 2), ValueError, r"x\[0\] is nan"),
        (lambda: polynomial_features([1], -1), ValueError, "degree is -1"),
        (lambda: polynomial_features([1], 1.5), TypeError, "degree is 1.5"),
        (
            lambda: polynomial_features([1, -1e200], 3),
            ValueError,
            r"x reaches 1e\+200, which to the power of 3 .* float64.* scale x",
        ),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
