"""A function of one input, approximated by a row of pulses."""

from traitlets import Bool, Enum, Int, List

from nnbook_utils.demos._demo import Demo, Finite


class Approximation(Demo):
    """A row of square pulses that copies a function, and how far it is off.

    The reader chooses a function or draws one, and the width of the pulses.

    Parameters
    ----------
    target : {"wave", "hump", "ripples", "root", "jump", "drawn"}
        What is to be approximated on [0, 1].
    drawn : list of float, shape (n,)
        What "drawn" is: 2 to 65 heights from -2 to 2, at equal distances from 0 to 1
        and joined by straight lines. Up to 17 can be moved one by one.
    pulses : int
        How many pulses, from 1 to 128, all of the same width.
    pulse : int
        The pulse that is shown as a pair of units, counted from 1; 0 for none.
    kind : {"threshold", "sigmoid"}
        The hidden units.
    steepness : float
        With sigmoid units, what their sums are multiplied by; from 1 to 5000.
    show_curve : bool
        Whether the errors are drawn for all numbers of pulses, or for those that were
        tried.

    Raises
    ------
    traitlets.TraitError
        If a value is none of those that are listed, or has another type or shape.

    Notes
    -----
    Source: two steps make a pulse, and pulses any continuous function; the book on
    universal approximation, with the bound L / 2m.
    """

    module = "approximation"
    sentence = (
        "A live figure: choose or draw a function, and see how well pulses of a chosen "
        "width approximate it."
    )

    target = Enum(["wave", "hump", "ripples", "root", "jump", "drawn"], "wave").tag(
        sync=True
    )
    drawn = List(
        Finite(min=-2.0, max=2.0),
        [0.0, 0.6, 1.0, 1.2, 0.8, 0.0, -0.6, -0.4, 0.2],
        minlen=2,
        maxlen=65,
    ).tag(sync=True)
    pulses = Int(8, min=1, max=128).tag(sync=True)
    pulse = Int(0, min=0, max=128).tag(sync=True)
    kind = Enum(["threshold", "sigmoid"], "threshold").tag(sync=True)
    steepness = Finite(200.0, min=1.0, max=5000.0).tag(sync=True)
    show_curve = Bool(False).tag(sync=True)
