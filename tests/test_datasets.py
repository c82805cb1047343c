"""The data: against their sources, their shapes in the plane, and other callers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets as sk
from sklearn.model_selection import train_test_split

from nnbook_utils import datasets

CLOUDS = [datasets.xor_clouds, datasets.circles, datasets.moons, datasets.spirals]
SAMPLED = [*CLOUDS, datasets.noisy_sine]
FIXED = [
    datasets.commute,
    datasets.eight_samples,
    lambda: datasets.gate("xor"),
    lambda: datasets.minterms(datasets.FIVE_VARIABLES),
    datasets.iris_pair,
    datasets.digits,
    lambda: (datasets.truth_table(3),),
]


# The small data: what is known to come out of them pins every number.


def test_commute_has_the_known_closed_form():
    X, y = datasets.commute()
    w = np.linalg.solve(*normal_equations(X, y))
    known = [6.08613445378149, 6.53361344537816, 2.11274509803922]
    np.testing.assert_allclose(w, known, rtol=0, atol=1e-9)
    assert (X.shape, y.shape, y.sum()) == ((5, 2), (5,), 140)


def normal_equations(X, y):
    ones = np.column_stack([np.ones(len(X)), X])
    return ones.T @ ones, ones.T @ y


def test_eight_samples_give_the_known_descent():
    X, y = datasets.eight_samples()
    w = np.zeros(4)
    for _ in range(25):
        short_of_one = np.maximum(0, 1 - y * (X @ w))
        w += 0.5 * X.T @ (short_of_one * y) / 8
    known = [-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751]
    np.testing.assert_allclose(w, known, rtol=0, atol=1e-10)
    assert y.tolist() == [1, 1, -1, -1, 1, -1, 1, -1]


# Boolean functions


@pytest.mark.parametrize("k", [1, 2, 5, 10])
def test_truth_table_counts_up(k):
    expected = list(itertools.product([0, 1], repeat=k))
    np.testing.assert_array_equal(datasets.truth_table(k), expected)


def test_truth_table_goes_up_to_sixteen_variables():
    assert datasets.truth_table(16).shape == (2**16, 16)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("and", lambda a, b: a and b),
        ("or", lambda a, b: a or b),
        ("xor", lambda a, b: a != b),
        ("nand", lambda a, b: not (a and b)),
        ("nor", lambda a, b: not (a or b)),
        ("xnor", lambda a, b: a == b),
        ("not", lambda a: not a),
    ],
)
def test_gate_follows_its_rule(name, rule):
    X, y = datasets.gate(name)
    assert X.shape == ((2, 1) if name == "not" else (4, 2))
    assert len(np.unique(X, axis=0)) == len(X)
    assert y.tolist() == [bool(rule(*row)) for row in X]


@given(
    st.integers(1, 6).flatmap(
        lambda k: st.sets(st.text("01", min_size=k, max_size=k), min_size=1)
    )
)
def test_minterms_are_true_on_the_patterns_only(patterns):
    X, y = datasets.minterms(patterns)
    spelt = ["".join(str(int(x)) for x in row) for row in X]
    assert len(set(spelt)) == 2 ** len(spelt[0])
    assert {row for row, true in zip(spelt, y, strict=True) if true} == patterns
    assert set(y) <= {0, 1}


def test_minterms_take_any_iterable_with_repetitions():
    once = datasets.minterms(["10"])
    again = datasets.minterms(pattern for pattern in ["10", "10"])
    np.testing.assert_array_equal(once[1], again[1])


def test_five_variables_are_true_on_six_inputs():
    X, y = datasets.minterms(datasets.FIVE_VARIABLES)
    assert X.shape == (32, 5)
    assert np.flatnonzero(y).tolist() == [6, 11, 12, 17, 23, 25]


# The sets that scikit-learn ships


def test_iris_has_fishers_means():
    X, y = datasets.iris_pair()
    setosa, versicolor = X[y == -1], X[y == 1]
    assert setosa.shape == versicolor.shape == (50, 4)
    np.testing.assert_allclose(setosa.mean(axis=0), [5.006, 3.428, 1.462, 0.246])
    np.testing.assert_allclose(versicolor.mean(axis=0), [5.936, 2.770, 4.260, 1.326])
    assert y.tolist() == [-1] * 50 + [1] * 50


def test_iris_gives_the_species_and_features_asked_for():
    X, y = datasets.iris_pair(
        ("virginica", "setosa"), features=("petal width", "sepal length")
    )
    iris = sk.load_iris()
    np.testing.assert_array_equal(X[y == -1], iris.data[iris.target == 2][:, [3, 0]])
    np.testing.assert_array_equal(X[y == 1], iris.data[iris.target == 0][:, [3, 0]])


def test_digits_are_pictures_between_0_and_1():
    X, y = datasets.digits()
    assert X.shape == (1797, 64)
    assert (X.min(), X.max()) == (0, 1)
    np.testing.assert_array_equal(X.reshape(-1, 8, 8) * 16, sk.load_digits().images)
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(y).tolist() == counts


# The clouds: without noise they lie on known curves.


def test_xor_clouds_sit_on_the_corners_of_a_square():
    X, y = datasets.xor_clouds(9, noise=0, rng=0)
    assert X[:5].tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1], [-1, -1]]
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)


def test_circles_have_their_radii_and_go_all_round():
    X, y = datasets.circles(400, noise=0, rng=0)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1, 0.5))
    for label in (0, 1):
        angles = np.arctan2(*X[y == label].T[::-1])
        quarters = np.histogram(angles, 4, (-np.pi, np.pi))[0]
        assert quarters.min() > 38


def test_moons_cover_those_of_scikit_learn():
    X, y = datasets.moons(400, noise=0, rng=0)
    theirs, labels = sk.make_moons(2001, noise=None)
    for label in (0, 1):
        ours, other = X[y == label], theirs[labels == label]
        distance = np.linalg.norm(ours[:, np.newaxis] - other, axis=2)
        assert distance.min(axis=1).max() < 2e-3
        assert distance.min(axis=0).max() < 0.15


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spirals_are_one_curve_turned(classes):
    X, y = datasets.spirals(600, noise=0, rng=0, classes=classes)
    assert np.bincount(y).tolist() == [600 // classes] * classes
    plane = X @ [1, 1j]
    back = plane * np.exp(-2j * np.pi * y / classes)
    by_radius = back[np.argsort(abs(back))]
    radius, angle = abs(by_radius), np.unwrap(np.angle(by_radius))
    assert 0.1 <= radius[0] < 0.12
    assert 0.98 < radius[-1] <= 1
    slope, start = np.polyfit(radius - 0.1, angle, 1)
    np.testing.assert_allclose(angle, slope * (radius - 0.1) + start, atol=1e-9)
    np.testing.assert_allclose([slope * 0.9, start], [3 * np.pi, 0], atol=1e-9)


def test_noisy_sine_is_one_period_in_ascending_order():
    x, y = datasets.noisy_sine(500, noise=0, rng=0)
    assert x.shape == (500, 1)
    assert (np.diff(x[:, 0]) > 0).all()
    assert x[0, 0] < 0.02
    assert 0.98 < x[-1, 0] < 1
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x[:, 0]), atol=1e-12)


@pytest.mark.parametrize("sample", SAMPLED)
def test_noise_is_the_standard_deviation_of_what_is_added(sample):
    (X, y), (noisy_X, noisy_y) = (sample(2000, noise=s, rng=5) for s in (0, 0.3))
    errors = np.append(noisy_X - X, noisy_y - y)
    errors = errors[errors != 0]
    assert abs(errors.mean()) < 0.03
    assert abs(errors.std() - 0.3) < 0.02
    assert abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) < 0.1


@pytest.mark.parametrize("sample", SAMPLED)
def test_the_seed_decides(sample):
    first, again = sample(20, noise=0.1, rng=1), sample(20, noise=0.1, rng=1)
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (sample(20, noise=0.1, rng=2)[0] != first[0]).any()
    generator = np.random.default_rng(1)
    np.testing.assert_array_equal(sample(20, noise=0.1, rng=generator)[0], first[0])
    assert (sample(20, noise=0.1, rng=generator)[0] != first[0]).any()


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("n", [1, 2, 101])
def test_clouds_have_n_samples_and_even_classes(cloud, n):
    X, y = cloud(n, noise=0.1, rng=0)
    assert (X.shape, y.shape, y.dtype.kind) == ((n, 2), (n,), "i")
    assert set(y) <= {0, 1}
    assert abs(np.sum(y == 0) - np.sum(y == 1)) <= 1


@pytest.mark.parametrize("load", FIXED)
def test_a_change_reaches_no_other_caller(load):
    kept = [array.copy() for array in load()]
    for array in load():
        array[:] = 7
    for array, expected in zip(load(), kept, strict=True):
        np.testing.assert_array_equal(array, expected)


# Training and validation


@given(n=st.integers(2, 60), fraction=st.floats(0.05, 0.95), seed=st.integers(0, 2**32))
def test_split_is_a_partition_that_keeps_rows_together(n, fraction, seed):
    X = np.arange(2 * n).reshape(n, 2)
    size = round(fraction * n)
    if not 0 < size < n:
        with pytest.raises(ValueError, match="at least one each"):
            datasets.split(X, X[:, 0], fraction=fraction, rng=seed)
        return
    X_train, X_val, y_train, y_val = datasets.split(
        X, X[:, 0], fraction=fraction, rng=seed
    )
    assert (len(X_train), len(X_val)) == (n - size, size)
    np.testing.assert_array_equal(X_train[:, 0], y_train)
    np.testing.assert_array_equal(X_val[:, 0], y_val)
    assert sorted([*y_train, *y_val]) == X[:, 0].tolist()


def test_split_has_the_order_and_default_of_scikit_learn():
    X, y = datasets.digits()
    X, y = X[:100], y[:100]
    ours = datasets.split(X, y, rng=0)
    theirs = train_test_split(X, y, random_state=0)
    assert [a.shape for a in ours] == [b.shape for b in theirs]
    assert [a.dtype for a in ours] == [b.dtype for b in theirs]


def test_split_draws_by_the_seed():
    X, y = datasets.digits()
    first, again, other = (datasets.split(X, y, rng=seed)[3] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_split_copies_and_takes_lists_and_tables_of_targets():
    X = np.eye(4)
    Y = np.eye(4)
    for part in datasets.split(X, Y, fraction=0.5, rng=0):
        assert part.shape == (2, 4)
        part[:] = 7
    np.testing.assert_array_equal(X, np.eye(4))
    np.testing.assert_array_equal(Y, np.eye(4))
    parts = datasets.split([[1], [2]], [3, 4], fraction=0.5, rng=0)
    assert sorted(int(part.item()) for part in parts) == [1, 2, 3, 4]


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: datasets.truth_table(0), ValueError, "k is 0, expected at least 1"),
        (lambda: datasets.truth_table(17), ValueError, "at most 16"),
        (lambda: datasets.truth_table(2.0), TypeError, "k is 2.0, expected a whole"),
        (lambda: datasets.gate("XOR"), ValueError, "name is 'XOR', expected one of"),
        (lambda: datasets.minterms("01"), TypeError, r"for one, write \['01'\]"),
        (lambda: datasets.minterms([]), ValueError, "patterns is empty"),
        (lambda: datasets.minterms([1, 10]), TypeError, "holds 1, expected strings"),
        (lambda: datasets.minterms(["012"]), ValueError, "'012', expected 0s and 1s"),
        (lambda: datasets.minterms(["0_1"]), ValueError, "'0_1', expected 0s and 1s"),
        (lambda: datasets.minterms(["0", "01"]), ValueError, "expected one length"),
        (lambda: datasets.minterms([""]), ValueError, "expected at least 1"),
        (
            lambda: datasets.iris_pair(("setosa", "rose")),
            ValueError,
            "a species is 'rose', expected one of setosa, versicolor, virginica",
        ),
        (
            lambda: datasets.iris_pair(("setosa", "setosa")),
            ValueError,
            "expected two different ones",
        ),
        (
            lambda: datasets.iris_pair(("setosa", "virginica", "setosa")),
            ValueError,
            "expected two different ones",
        ),
        (
            lambda: datasets.iris_pair(features=["petal"]),
            ValueError,
            "a feature is 'petal', expected one of sepal length, sepal width",
        ),
        (lambda: datasets.iris_pair(features=[]), ValueError, "features is empty"),
        (
            lambda: datasets.spirals(9, noise=0, rng=0, classes=1),
            ValueError,
            "classes is 1, expected at least 2",
        ),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("sample", SAMPLED)
@pytest.mark.parametrize(
    ("n", "noise", "error", "message"),
    [
        (0, 0.1, ValueError, "n is 0, expected at least 1"),
        (2.5, 0.1, TypeError, "n is 2.5, expected a whole number"),
        (5, -0.1, ValueError, "noise is -0.1, expected a finite number at least 0"),
        (5, np.nan, ValueError, "noise is nan"),
        (5, "much", TypeError, "noise is 'much', expected one real number"),
    ],
)
def test_a_bad_recipe_is_refused(sample, n, noise, error, message):
    with pytest.raises(error, match=message):
        sample(n, noise=noise, rng=0)


@pytest.mark.parametrize(
    ("X", "y", "fraction", "message"),
    [
        ([1, 2], [1, 2], 0.5, "X has shape"),
        (np.empty((0, 2)), [], 0.5, "not empty"),
        ([[1], [2]], [1], 0.5, r"y has shape \(1,\) but X has 2 rows"),
        ([[1], [2]], 1, 0.5, r"y has shape \(\) but X has 2 rows"),
        ([[1], [np.nan]], [1, 2], 0.5, r"X\[1, 0\] is nan"),
        ([[1], [2]], [1, np.inf], 0.5, r"y\[1\] is inf"),
        ([[1], [2]], [1, 2], 0, "fraction is 0, expected a finite number above 0"),
        ([[1], [2]], [1, 2], 1, "fraction is 1, expected a finite number"),
        ([[1], [2]], [1, 2], 0.1, "leaves 2 for training and 0 for validation"),
        ([[1], [2]], [1, 2], 0.9, "leaves 0 for training and 2 for validation"),
    ],
)
def test_split_refuses_what_it_cannot_divide(X, y, fraction, message):
    with pytest.raises(ValueError, match=message):
        datasets.split(X, y, fraction=fraction, rng=0)
