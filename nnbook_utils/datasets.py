"""The data of the book: small enough to hold in the hand, or made from a seed.

Every function returns new arrays, so what a caller does to them reaches nobody else.
Samples are rows. Class labels 0, 1, 2, ... are integers, because they count classes;
the labels -1 and 1 are floats, because they are multiplied with scores.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from nnbook_utils._inputs import Array, choice, number, real_array, whole

__all__ = [  # noqa: RUF022 - in reading order
    "commute",
    "eight_samples",
    "truth_table",
    "gate",
    "minterms",
    "FIVE_VARIABLES",
    "iris_pair",
    "digits",
    "xor_clouds",
    "circles",
    "moons",
    "spirals",
    "noisy_sine",
    "split",
]

FIVE_VARIABLES = ("00110", "01011", "01100", "10001", "10111", "11001")
"""Where the book's Boolean function of five variables is true, for `minterms`."""

# Each gate's output on the rows of the truth table, counting up: 00, 01, 10, 11.
_GATES = {
    "and": [0, 0, 0, 1],
    "or": [0, 1, 1, 1],
    "xor": [0, 1, 1, 0],
    "nand": [1, 1, 1, 0],
    "nor": [1, 0, 0, 0],
    "xnor": [1, 0, 0, 1],
    "not": [1, 0],
}


def commute() -> tuple[Array, Array]:
    """Return five trips of a commuter, the book's first data for regression.

    Returns
    -------
    X : ndarray, (5, 2)
        The distance in kilometres; 1 on a weekday and 0 at the weekend.
    y : ndarray, (5,)
        How long the trip took, in minutes.

    Source: the course's running example; the chapter on the linear model.
    """
    kilometres = [2.7, 4.1, 1.0, 5.2, 2.8]
    weekday = [1.0, 1.0, 0.0, 1.0, 0.0]
    minutes = [25.0, 33.0, 15.0, 45.0, 22.0]
    return np.column_stack([kilometres, weekday]), np.array(minutes)


def eight_samples() -> tuple[Array, Array]:
    """Return the eight samples on which Problem Set 1 is worked.

    A line through the origin separates them, so a classifier needs no bias.

    Returns
    -------
    X : ndarray, (8, 4)
        Four features without a unit, between -1 and 1.
    y : ndarray, (8,)
        Labels, -1 or 1.

    Source: the course's Problem Set 1.
    """
    X = [
        [-0.5, 0.25, -0.8, -1.0],
        [-1.0, -0.1, -0.1, -1.0],
        [0.5, 0.0, 0.25, 0.1],
        [-0.2, -0.3, 0.2, 0.0],
        [-0.8, 0.0, -0.8, -1.0],
        [-0.15, -0.5, 0.05, -0.25],
        [-1.0, 0.0, -1.0, -1.0],
        [0.0, -0.25, 0.25, 0.1],
    ]
    y = [1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
    return np.array(X), np.array(y)


def truth_table(k: int) -> Array:
    """Return all inputs of a Boolean function of `k` variables.

    Row i spells i in binary, so the first column is the most significant digit.

    Parameters
    ----------
    k : int
        How many variables, from 1 to 16.

    Returns
    -------
    ndarray, (2**k, k)
        Zeros and ones, as floats.

    Raises
    ------
    TypeError
        If `k` is not a whole number.
    ValueError
        If `k` is below 1 or above 16: the rows double with every variable.

    Source: the chapter on Boolean functions.
    """
    k = whole(k, "k", least=1, most=16)
    rows = np.arange(2**k)[:, np.newaxis]
    places = np.arange(k)[::-1]
    return ((rows >> places) & 1).astype(np.float64)


def gate(name: str) -> tuple[Array, Array]:
    """Return the truth table of a logic gate.

    Parameters
    ----------
    name : {"and", "or", "xor", "nand", "nor", "xnor", "not"}
        The gate.

    Returns
    -------
    X : ndarray, (4, 2), or (2, 1) for "not"
        The inputs, counting up in binary.
    y : ndarray of int, (4,), or (2,) for "not"
        The output, 0 or 1.

    Raises
    ------
    ValueError
        If there is no gate of that name.

    Source: the chapters on the perceptron and on Boolean functions.
    """
    y = np.array(_GATES[choice(name, "name", _GATES)])
    return truth_table(1 if name == "not" else 2), y


def minterms(patterns: Iterable[str]) -> tuple[Array, Array]:
    """Return the truth table of the function that is true on `patterns` only.

    Parameters
    ----------
    patterns : iterable of str
        Inputs such as "01011", all of the same length k, one digit a variable.

    Returns
    -------
    X : ndarray, (2**k, k)
        All inputs, counting up in binary.
    y : ndarray of int, (2**k,)
        1 where the input is one of `patterns`, else 0.

    Raises
    ------
    TypeError
        If `patterns` is a single string, or one of them is not a string.
    ValueError
        If there is no pattern, a pattern has characters other than 0 and 1, the
        lengths differ, or the length is not from 1 to 16.

    Source: the disjunctive normal form, in the chapter on Boolean functions.
    """
    if isinstance(patterns, str):
        raise TypeError(
            f"patterns is the string {patterns!r}, expected several patterns: "
            f"for one, write [{patterns!r}]"
        )
    patterns = list(patterns)
    if not patterns:
        raise ValueError(
            "patterns is empty, expected at least one: its length says how many "
            "variables there are"
        )
    for pattern in patterns:
        if not isinstance(pattern, str):
            raise TypeError(f"patterns holds {pattern!r}, expected strings like '011'")
        if set(pattern) - {"0", "1"}:
            raise ValueError(f"patterns holds {pattern!r}, expected 0s and 1s only")
        if len(pattern) != len(patterns[0]):
            raise ValueError(
                f"patterns holds {patterns[0]!r} and {pattern!r}, expected one length: "
                "one digit for every variable"
            )
    X = truth_table(len(patterns[0]))
    y = np.zeros(len(X), dtype=np.int64)
    y[[int(pattern, base=2) for pattern in patterns]] = 1
    return X, y


def iris_pair(
    species: Sequence[str] = ("setosa", "versicolor"),
    features: Sequence[str] | None = None,
) -> tuple[Array, Array]:
    """Return two species of Fisher's iris flowers, fifty of each.

    Setosa is linearly separable from the two others; versicolor and virginica are not
    separable from each other.

    Parameters
    ----------
    species : sequence of two str
        Two of "setosa", "versicolor" and "virginica"; the first gets the label -1.
    features : sequence of str, optional
        Which of "sepal length", "sepal width", "petal length" and "petal width" to
        return, in which order; all four, in this order, by default.

    Returns
    -------
    X : ndarray, (100, 4), or (100, len(features))
        The measurements in centimetres, the first species' rows first.
    y : ndarray, (100,)
        -1 for the first species, 1 for the second.

    Raises
    ------
    ValueError
        If a name is unknown, `species` are not two different ones, or `features` is
        empty.

    Source: Fisher (1936), as scikit-learn ships it.
    """
    from sklearn.datasets import load_iris

    iris = load_iris()
    known = list(map(str, iris.target_names))
    columns = [name.removesuffix(" (cm)") for name in iris.feature_names]
    species = [choice(name, "a species", known) for name in species]
    if len(set(species)) != 2 or len(species) != 2:
        raise ValueError(f"species are {species}, expected two different ones")
    features = columns if features is None else features
    features = [choice(name, "a feature", columns) for name in features]
    if not features:
        raise ValueError("features is empty, expected at least one name")
    first, second = (iris.target == known.index(name) for name in species)
    X = np.concatenate([iris.data[first], iris.data[second]])
    y = np.repeat([-1.0, 1.0], [first.sum(), second.sum()])
    return X[:, [columns.index(name) for name in features]], y


def digits() -> tuple[Array, Array]:
    """Return 1,797 handwritten digits of 8 by 8 pixels.

    Returns
    -------
    X : ndarray, (1797, 64)
        How much ink is in each pixel, from 0 to 1 in steps of 1/16; the rows of a
        picture one after the other, so `X[i].reshape(8, 8)` is picture i.
    y : ndarray of int, (1797,)
        The digit, 0 to 9.

    Source: Alpaydin and Kaynak (1998), the test set of Optical Recognition of
    Handwritten Digits, as scikit-learn ships it.
    """
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return X / 16, y


def xor_clouds(
    n: int, *, noise: float, rng: int | np.random.Generator
) -> tuple[Array, Array]:
    """Return clouds around the corners of a square, coloured as XOR colours them.

    Parameters
    ----------
    n : int
        How many samples, at least 1; the corners (-1, -1), (-1, 1), (1, -1) and (1, 1)
        take turns.
    noise : float
        Standard deviation of each coordinate around its corner, not negative.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    X : ndarray, (n, 2)
        Points of the plane, without a unit.
    y : ndarray of int, (n,)
        1 where the corner's coordinates have different signs, else 0.

    Raises
    ------
    TypeError
        If `n` is not a whole number, or `noise` not a real one.
    ValueError
        If `n` is below 1, or `noise` is negative or not finite.

    Source: the XOR problem of Minsky and Papert (1969), with noise.
    """
    n, noise, rng = _recipe(n, noise, rng)
    inputs, outputs = gate("xor")
    corner = np.arange(n) % 4
    return _blur(2 * inputs[corner] - 1, noise, rng), outputs[corner]


def circles(
    n: int, *, noise: float, rng: int | np.random.Generator
) -> tuple[Array, Array]:
    """Return a circle inside another.

    Parameters
    ----------
    n : int
        How many samples, at least 1; the two circles take turns.
    noise : float
        Standard deviation of each coordinate around the circle, not negative.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    X : ndarray, (n, 2)
        Points of the plane, without a unit.
    y : ndarray of int, (n,)
        0 on the outer circle, of radius 1, and 1 on the inner one, of radius 1/2.

    Raises
    ------
    TypeError
        If `n` is not a whole number, or `noise` not a real one.
    ValueError
        If `n` is below 1, or `noise` is negative or not finite.

    Source: the shape of scikit-learn's make_circles, at random angles.
    """
    n, noise, rng = _recipe(n, noise, rng)
    y = np.arange(n) % 2
    radius = np.array([1.0, 0.5])[y]
    return _blur(_polar(radius, rng.uniform(0, 2 * np.pi, n)), noise, rng), y


def moons(
    n: int, *, noise: float, rng: int | np.random.Generator
) -> tuple[Array, Array]:
    """Return two half circles that reach into each other.

    Parameters
    ----------
    n : int
        How many samples, at least 1; the two moons take turns.
    noise : float
        Standard deviation of each coordinate around the moon, not negative.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    X : ndarray, (n, 2)
        Points of the plane, without a unit.
    y : ndarray of int, (n,)
        0 on the upper half of the unit circle around (0, 0), 1 on the lower half of
        the one around (1, 1/2).

    Raises
    ------
    TypeError
        If `n` is not a whole number, or `noise` not a real one.
    ValueError
        If `n` is below 1, or `noise` is negative or not finite.

    Source: the shape of scikit-learn's make_moons, at random angles.
    """
    n, noise, rng = _recipe(n, noise, rng)
    y = np.arange(n) % 2
    upper = _polar(1.0, rng.uniform(0, np.pi, n))
    # Half a turn about (1/2, 1/4) takes the upper moon to the lower one.
    X = np.where(y[:, np.newaxis] == 0, upper, [1.0, 0.5] - upper)
    return _blur(X, noise, rng), y


def spirals(
    n: int, *, noise: float, rng: int | np.random.Generator, classes: int = 2
) -> tuple[Array, Array]:
    """Return spirals wound into each other, one for every class.

    Parameters
    ----------
    n : int
        How many samples, at least 1; the spirals take turns.
    noise : float
        Standard deviation of each coordinate around the spiral, not negative.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.
    classes : int, optional
        How many spirals, at least 2.

    Returns
    -------
    X : ndarray, (n, 2)
        Points of the plane, without a unit. A spiral turns one and a half times while
        its distance from the origin grows evenly from 0.1 to 1.
    y : ndarray of int, (n,)
        The class, from 0 to `classes` - 1: each is the one before, turned by
        1/`classes` of a full turn.

    Raises
    ------
    TypeError
        If `n` or `classes` is not a whole number, or `noise` not a real one.
    ValueError
        If `n` is below 1, `classes` below 2, or `noise` is negative or not finite.

    Source: after Lang and Witbrock (1988), whose spirals turn three times.
    """
    n, noise, rng = _recipe(n, noise, rng)
    y = np.arange(n) % whole(classes, "classes", least=2)
    radius = rng.uniform(0.1, 1, n)
    turns = 1.5 * (radius - 0.1) / 0.9 + y / classes
    return _blur(_polar(radius, 2 * np.pi * turns), noise, rng), y


def noisy_sine(
    n: int, *, noise: float, rng: int | np.random.Generator
) -> tuple[Array, Array]:
    """Return one period of a sine wave, measured with errors.

    Parameters
    ----------
    n : int
        How many samples, at least 1.
    noise : float
        Standard deviation of the error, not negative.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    x : ndarray, (n, 1)
        Where it was measured: uniform on [0, 1), in ascending order, without a unit.
    y : ndarray, (n,)
        sin(2 pi x) and the error.

    Raises
    ------
    TypeError
        If `n` is not a whole number, or `noise` not a real one.
    ValueError
        If `n` is below 1, or `noise` is negative or not finite.

    Source: Bishop (2006), the curve-fitting example, at random places.
    """
    n, noise, rng = _recipe(n, noise, rng)
    x = np.sort(rng.uniform(0, 1, n))
    return x[:, np.newaxis], _blur(np.sin(2 * np.pi * x), noise, rng)


def split(
    X: Array, y: Array, *, fraction: float = 0.25, rng: int | np.random.Generator
) -> tuple[Array, Array, Array, Array]:
    """Divide samples at random into a training and a validation set.

    Parameters
    ----------
    X : array_like, (n, d)
        The samples.
    y : array_like, (n,) or (n, k)
        Their targets; labels that are integers stay integers.
    fraction : float, optional
        What part goes to validation, between 0 and 1; the number of samples is rounded.
    rng : int or numpy.random.Generator
        The seed, or the generator to draw from.

    Returns
    -------
    X_train, X_val : ndarray, (n - m, d) and (m, d)
        Copies of the rows, with m = round(n * fraction).
    y_train, y_val : ndarray
        The targets of those rows.

    Raises
    ------
    TypeError
        If `X` or `y` is not made of real numbers.
    ValueError
        If a shape is wrong, an entry is not finite, `fraction` is not between 0 and 1,
        or one of the two sets would be empty.

    Source: the chapter on overfitting; the order is that of scikit-learn's
    train_test_split.
    """
    X = real_array(X, "X", ("n", "d"))
    if real_array(y, "y").shape[:1] != X.shape[:1]:
        raise ValueError(
            f"y has shape {np.shape(y)} but X has {len(X)} rows: expected one target "
            "a row"
        )
    fraction = number(fraction, "fraction", above=0, below=1)
    size = round(len(X) * fraction)
    if size in (0, len(X)):
        raise ValueError(
            f"fraction is {fraction}, which of {len(X)} samples leaves "
            f"{len(X) - size} for training and {size} for validation: expected at "
            "least one each"
        )
    y = np.asarray(y)
    rows = np.random.default_rng(rng).permutation(len(X))
    train, validation = rows[size:], rows[:size]
    return X[train], X[validation], y[train], y[validation]


def _recipe(
    n: int, noise: float, rng: int | np.random.Generator
) -> tuple[int, float, np.random.Generator]:
    """Check what every function that draws samples is given."""
    return (
        whole(n, "n", least=1),
        number(noise, "noise", least=0),
        np.random.default_rng(rng),
    )


def _polar(radius: Array | float, angle: Array) -> Array:
    """Return the points at those distances and angles from the origin, (n, 2)."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _blur(points: Array, noise: float, rng: np.random.Generator) -> Array:
    """Return the points with independent normal errors in every coordinate."""
    return points + rng.normal(0, noise, points.shape)
