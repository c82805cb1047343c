"""A polynomial through points that can be dragged, with a price on its weights."""

from traitlets import Bool, Enum, Int, List, Tuple

from nnbook_utils.demos._demo import Demo, Finite

_POINT = (Finite(min=0, max=1), Finite(min=-2, max=2))
_TRAINING = [
    *((0.01, -0.23), (0.05, 0.49), (0.06, 0.4), (0.1, 0.4), (0.13, 0.44)),
    *((0.23, 0.73), (0.26, 0.78), (0.29, 1.29), (0.46, 0.02), (0.49, 0.28)),
    *((0.74, -1.03), (0.74, -1.13), (0.79, -0.92), (0.92, -1.04), (0.97, 0.03)),
]
_VALIDATION = [
    *((0.08, 0.55), (0.17, 1.28), (0.38, 0.78), (0.51, 0.06), (0.54, -0.65)),
    *((0.61, -0.06), (0.8, -1.43), (0.87, -0.45), (0.94, -0.43), (0.98, -0.37)),
]


class Fit(Demo):
    """A polynomial fitted to points, by least squares or with a ridge penalty.

    The reader drags, adds and removes points, and sets the degree and the strength of
    the penalty. Beside the fit stand its training and its validation cost, for this
    setting and for all others.

    Parameters
    ----------
    training : list of (float, float), 1 to 40 of them
        The points that are fitted: x from 0 to 1, y from -2 to 2. By default the
        fifteen of the chapter on polynomials, rounded.
    validation : list of (float, float), at most 40
        The points that are kept aside; by default ten from the same source.
    degree : int
        Of the polynomial, from 0 to 12. Its variable is t = 2x - 1.
    lambda_ : float
        The strength of the penalty (lambda_/2 times the squared weights, the bias left
        out): 0, or from 1e-8 to 100.
    against : {"degree", "lambda"}
        What the curve of the costs is drawn against.
    curve : bool
        Whether the curve is shown from the start, or only once the reader has it run.
    show_truth : bool
        Whether the curve that the points came from is drawn, sin(2 pi x).
    adds : {"training", "validation"}
        Which kind of point a click or a button adds.

    Raises
    ------
    traitlets.TraitError
        If a value is of another type or out of bounds.

    Notes
    -----
    Source: `nnbook_utils.regression`, whose numbers the figure shows; the example is
    that of Bishop (2006), section 1.1.
    """

    module = "fit"
    sentence = (
        "A live figure: drag the points, set the degree of a polynomial and the price "
        "of its weights, and follow training and validation cost."
    )

    training = List(Tuple(*_POINT), _TRAINING, minlen=1, maxlen=40).tag(sync=True)
    validation = List(Tuple(*_POINT), _VALIDATION, maxlen=40).tag(sync=True)
    degree = Int(3, min=0, max=12).tag(sync=True)
    lambda_ = Finite(0.0, min=0, max=100).tag(sync=True)
    against = Enum(["degree", "lambda"], "degree").tag(sync=True)
    curve = Bool(True).tag(sync=True)
    show_truth = Bool(False).tag(sync=True)
    adds = Enum(["training", "validation"], "training").tag(sync=True)
