"""A 2 x 2 matrix as a map of the plane, to be dragged."""

from traitlets import Bool, Float, List

from nnbook_utils.demos._demo import Demo


def _pair(default: list[float]) -> List[float]:
    return List(Float(), default, minlen=2, maxlen=2).tag(sync=True)


class LinearMap(Demo):
    """The plane under a 2 x 2 matrix.

    The reader drags the columns of the matrix; square, circle and grid follow.

    Parameters
    ----------
    matrix : list of list of float, shape (2, 2)
        The matrix W, row by row.
    vector : list of float, shape (2,)
        The vector a of which the picture shows W a.
    show_circle : bool
        Whether the unit circle and its image are drawn.

    Raises
    ------
    traitlets.TraitError
        If a shape or a type does not fit.

    Notes
    -----
    Source: the columns of W are the images of the unit vectors. 3Blue1Brown, "Essence
    of linear algebra", 2016, made this view of it widely known.
    """

    module = "linear_map"
    sentence = (
        "A live figure: drag the columns of a matrix, and square, circle and grid "
        "follow."
    )

    matrix = List(
        List(Float(), minlen=2, maxlen=2),
        [[1.0, 0.5], [0.0, 1.0]],
        minlen=2,
        maxlen=2,
    ).tag(sync=True)
    vector = _pair([1.0, 1.0])
    show_circle = Bool(True).tag(sync=True)
