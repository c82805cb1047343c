"""A 2 x 2 matrix as a map of the plane, to be dragged."""

from traitlets import Bool, Enum, List

from nnbook_utils.demos._demo import Demo, Finite


def _pair(first: float, second: float) -> List[float]:
    entry = Finite(min=-10, max=10)
    return List(entry, [first, second], minlen=2, maxlen=2).tag(sync=True)


def _matrix(*rows: list[float]) -> List[list[float]]:
    row = List(Finite(min=-10, max=10), minlen=2, maxlen=2)
    return List(row, list(rows), minlen=2, maxlen=2).tag(sync=True)


class LinearMap(Demo):
    """The plane under a 2 x 2 matrix.

    The reader drags the columns of a matrix, and the plane follows; or those of two,
    one map after the other; or two vectors, for their dot product and projection. All
    entries are from -10 to 10.

    Parameters
    ----------
    show : {"map", "compose", "dot"}
        What is seen: the map A, then B after A, or the dot product of two vectors.
    matrix, second : list of list of float, shape (2, 2)
        The matrices A and B, row by row.
    vector : list of float, shape (2,)
        The vector x that is mapped; the vector a of the dot product.
    other : list of float, shape (2,)
        The vector b of the dot product.
    figure : {"letter", "circle", "none"}
        What is mapped with the grid: the unit square with a letter F, or the circle of
        radius 1.
    show_eigen : bool
        Whether the directions that A keeps are drawn.
    quiz : bool
        Whether the determinant, or the dot product, is kept back until the reader has
        made a guess.

    Raises
    ------
    traitlets.TraitError
        If a shape, a type or a bound does not fit.

    Notes
    -----
    Source: the columns of A are the images of the unit vectors. 3Blue1Brown, "Essence
    of linear algebra", 2016, made this view of it widely known.
    """

    module = "linear_map"
    sentence = (
        "A live figure: drag the columns of a matrix, and the plane follows; or two "
        "vectors, for their dot product."
    )

    show = Enum(["map", "compose", "dot"], "map").tag(sync=True)
    matrix = _matrix([1.0, 0.5], [0.0, 1.0])
    second = _matrix([0.0, -1.0], [1.0, 0.0])
    vector = _pair(1.0, 2.0)
    other = _pair(2.0, 1.0)
    figure = Enum(["letter", "circle", "none"], "letter").tag(sync=True)
    show_eigen = Bool(False).tag(sync=True)
    quiz = Bool(False).tag(sync=True)
