"""Optimisers side by side on the contours of a cost."""

from typing import Any, ClassVar

from traitlets import Enum, Int, List

from nnbook_utils.demos._demo import Demo, Finite
from nnbook_utils.optimizers import RULES


def _eta(default: float) -> Finite:
    return Finite(default, min=1e-4, max=10).tag(sync=True)


class Race(Demo):
    """The package's optimisers from the same start, with the same order of the data.

    The reader drags the start, chooses the cost and who takes part, guesses who will be
    lowest, and runs.

    Parameters
    ----------
    cost : {"quadratic", "rosenbrock", "two_minima", "eight_samples"}
        The cost of two weights. The last is the squared hinge of Problem Set 1's eight
        samples, of which the model sees the first and the fourth feature.
    condition, angle : float
        Of the quadratic cost: its condition number, from 1 to 1000 (the smallest
        curvature is 1), and by how many degrees, 0 to 90, the valley is turned.
    start : list of float, shape (2,)
        Where all start.
    rules : list of str
        Who takes part: keys of `nnbook_utils.optimizers.RULES`.
    eta_gd, eta_momentum, eta_nesterov, eta_adagrad, eta_rmsprop, eta_adam : float
        The step size of each, from 0.0001 to 10.
    alpha : float
        How much velocity momentum and Nesterov keep, from 0 to 0.99.
    delta : float
        What keeps the quotients of AdaGrad, RMSProp and Adam finite, from 1e-8 to 1.
    schedule : {"constant", "inverse_sqrt", "inverse", "step_decay"}
        How the step size falls; the last halves it after every 20 steps.
    batch : int
        How many of the eight samples a step uses; 8 is all of them.
    order : {"cyclic", "shuffled", "with_replacement"}
        In which order the samples come.
    seed : int
        Another number, another order, from 0 to 999.
    steps : int
        How many steps a run has, from 10 to 500.
    step : int
        The step that is shown.

    Raises
    ------
    traitlets.TraitError
        If a type or a bound does not fit.

    Notes
    -----
    Source: `nnbook_utils.optimizers`, to which a test holds every rule and schedule.
    Rosenbrock, "An automatic method for finding the greatest or least value of a
    function", 1960, gave the curved valley.
    """

    module = "race"
    sentence = (
        "A live figure: optimisers race down a cost from the same start; drag it, and "
        "set their step sizes."
    )
    still: ClassVar[dict[str, Any]] = {"step": 40}

    cost = Enum(
        ["quadratic", "rosenbrock", "two_minima", "eight_samples"], "quadratic"
    ).tag(sync=True)
    condition = Finite(25.0, min=1, max=1000).tag(sync=True)
    angle = Finite(0.0, min=0, max=90).tag(sync=True)
    start = List(Finite(min=-5, max=5), [2.5, 0.5], minlen=2, maxlen=2).tag(sync=True)
    rules = List(Enum(list(RULES)), ["gd", "momentum", "adagrad"]).tag(sync=True)
    eta_gd = _eta(0.07)
    eta_momentum = _eta(0.05)
    eta_nesterov = _eta(0.04)
    eta_adagrad = _eta(0.5)
    eta_rmsprop = _eta(0.05)
    eta_adam = _eta(0.2)
    alpha = Finite(0.7, min=0, max=0.99).tag(sync=True)
    delta = Finite(1e-6, min=1e-8, max=1).tag(sync=True)
    schedule = Enum(
        ["constant", "inverse_sqrt", "inverse", "step_decay"], "constant"
    ).tag(sync=True)
    batch = Int(8, min=1, max=8).tag(sync=True)
    order = Enum(["cyclic", "shuffled", "with_replacement"], "cyclic").tag(sync=True)
    seed = Int(0, min=0, max=999).tag(sync=True)
    steps = Int(60, min=10, max=500).tag(sync=True)
    step = Int(0, min=0, max=500).tag(sync=True)
