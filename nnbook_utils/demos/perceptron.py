"""A perceptron that learns sample by sample, forwards and back."""

from traitlets import Bool, Enum, Int, List, Tuple

from nnbook_utils.demos._demo import Demo, Finite

_PLACE = Finite(min=-3.5, max=3.5)
_START = Finite(min=-10, max=10)


class Perceptron(Demo):
    """Rosenblatt's perceptron in the plane, one step at a time.

    The reader steps forwards and back, sees the weights and the line turn, moves, adds
    and removes samples, and holds the mistakes against the bound (R / gamma)^2.

    Parameters
    ----------
    data : {"wide", "narrow", "overlap", "and", "or", "nand", "xor", "own"}
        Which samples: six with a wide gap, twelve with a narrow one, twelve that no
        line separates, the truth table of a gate, or those of `points`.
    points : list of (float, float, int), 1 to 40 of them
        The samples if `data` is "own": both features, from -3.5 to 3.5, and the label,
        -1 or 1.
    bias : bool
        Whether each sample has an entry 1, whose weight is the bias.
    start : (float, float, float)
        Where the weights start: the bias (which counts only with `bias`), w1 and w2,
        each from -10 to 10.
    order : {"given", "reversed", "shuffled"}
        In which order a pass goes through the samples.
    seed : int
        Of the shuffled order, from 0 to 9999.
    tie : bool
        Whether y w.x = 0 counts as a mistake, as it must.
    averaged : bool
        Whether the line of the averaged weights is drawn.
    panel : {"update", "bound"}
        What stands beside the samples: the weights and their last update, or their
        length against the number of mistakes.
    steps : int
        How many steps have been taken, from 0 to 4000. A run ends after 100 passes, or
        before, with the first pass after which no mistake is left. By default 9, with
        which the six samples show an update.
    speed : float
        Steps a second while it runs, from 0.5 to 50.
    adds : {"positive", "negative"}
        The label of a sample that a click adds.

    Raises
    ------
    traitlets.TraitError
        If a value is of another type or out of bounds.

    Notes
    -----
    Source: `nnbook_utils.perceptron`, whose numbers the figure shows; Rosenblatt
    (1958), Novikoff (1962).
    """

    module = "perceptron"
    sentence = (
        "A live figure: a perceptron learns sample by sample, and the weights, the "
        "line and the number of mistakes can be followed step by step."
    )

    data = Enum(
        ["wide", "narrow", "overlap", "and", "or", "nand", "xor", "own"], "wide"
    ).tag(sync=True)
    points = List(
        Tuple(_PLACE, _PLACE, Enum([-1, 1])),
        [(1.0, 2.0, 1), (-1.0, -1.0, -1)],
        minlen=1,
        maxlen=40,
    ).tag(sync=True)
    bias = Bool(False).tag(sync=True)
    start = Tuple(_START, _START, _START, default_value=(0.0, 0.0, 0.0)).tag(sync=True)
    order = Enum(["given", "reversed", "shuffled"], "given").tag(sync=True)
    seed = Int(0, min=0, max=9999).tag(sync=True)
    tie = Bool(True).tag(sync=True)
    averaged = Bool(False).tag(sync=True)
    panel = Enum(["update", "bound"], "update").tag(sync=True)
    steps = Int(9, min=0, max=4000).tag(sync=True)
    speed = Finite(4.0, min=0.5, max=50).tag(sync=True)
    adds = Enum(["positive", "negative"], "positive").tag(sync=True)
