"""A small network that learns in the page, with all that one may want to change."""

import json
from sys import float_info
from typing import Any

from traitlets import Enum, Int, List, TraitError, observe, validate

from nnbook_utils.activations import ACTIVATIONS
from nnbook_utils.demos._demo import FOLDER, Demo, Finite

_, _PRESETS = (
    (FOLDER / "network_presets.js").read_text("utf-8").split("export const PRESETS = ")
)
PRESETS: dict[str, dict[str, Any]] = json.loads(_PRESETS.rstrip(";\n"))
_TEXTS = {"title", "hint"}
_USUAL = {name: value for name, value in PRESETS["usual"].items() if name not in _TEXTS}
DATASETS = [
    *["corners", "circle", "spiral", "pinwheel", "trio", "sides"],
    *["square", "sine", "line", "own"],
]
# What a link may bring, where the traits alone do not say it: the validators do, below.
_NUMBER = {"type": "number", "whole": False}
_POINT = {"items": [_NUMBER, _NUMBER, {"of": [0, 1, 2, 3, 4]}]}
_VIEW = {"items": [_NUMBER, _NUMBER, {**_NUMBER, "min": float_info.min}]}


def _one_of(name: str, options: list[str]) -> Enum[str]:
    return Enum(options, _USUAL[name]).tag(sync=True)


def _number(name: str, least: float, most: float) -> Finite:
    return Finite(_USUAL[name], min=least, max=most).tag(sync=True)


def _whole(name: str, least: int, most: int) -> Int[int, Any]:
    return Int(_USUAL[name], min=least, max=most).tag(sync=True)


def _several(name: str, each: Any, **bounds: int) -> List[Any]:
    return List(each, _USUAL[name], **bounds).tag(sync=True)


class Network(Demo):
    """A network of up to six hidden layers that learns points of the plane, or a curve.

    The reader starts from a preset, and may change everything: the points, the layers,
    the costs, the steps. Whatever is not given comes from the preset.

    Parameters
    ----------
    preset : str
        A name in `PRESETS`, such as "xor", "circle", "spiral" or "dead_relu".
    task : {"classes", "curve", "copy"}
        Whether the colour of (x1, x2) is learned, or y from x, or the point itself.
    rule : {"descent", "rosenblatt", "averaged"}
        Gradient descent, or Rosenblatt's perceptron and its average.
    dataset : str
        A name in `DATASETS`; "own" for `points`.
    points : list of list of float
        The reader's own points, (x1, x2, class) or (x, y, 0), at most 1000.
    count, noise, data_seed : int, float, int
        How many points of the data set, their noise, and the seed they come from.
    share : float
        The share to train on, in [0.1, 1]; the others are the test.
    extras : list of str
        More inputs: "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2".
    layers : list of int
        The units of each hidden layer, 1 to 8; at most 6 layers.
    activations : list of str
        The activation of each hidden layer, a name in `activations.ACTIVATIONS`; tanh
        where none is given.
    cost : {"cross_entropy", "squared_error"}
        What is made small. A curve and a copy always have the squared error.
    init : {"xavier", "he", "normal", "zero", "equal"}
        How the first weights are drawn.
    weights : list of float
        The first weights themselves, in the order of `MLP.theta`; none to draw them.
    seed : int
        What first weights and the order of the examples come from.
    eta, alpha, l1, l2 : float
        Step size; momentum; the penalties on the sizes and the squares of the weights.
    batch_size : int
        How many examples a step looks at.
    speed : float
        Steps a second, as far as the machine can.
    background : {"regions", "output", "none"}
        What is painted behind the points.
    tab : {"network", "history", "weights", "table", "bent"}
        Which of the panels is open.
    view : list of float, shape (3,)
        The middle of the picture, and how far it reaches to each side.
    probe : list of float, shape (2,)
        The point whose way through the network is shown.
    guess_epochs : int
        After how many epochs the reader's guess is compared.

    Raises
    ------
    traitlets.TraitError
        If a value is of another type, out of its bounds, or not one of those listed.

    Notes
    -----
    Source: Rumelhart, Hinton and Williams (1986). Karpathy's ConvNetJS, 2014, and
    Smilkov and Carter's TensorFlow Playground, 2016, made networks to play with known.
    """

    module = "network"
    sentence = (
        "A live figure: a small neural network learns coloured points or a curve, step "
        "by step, while its weights and units can be watched and changed."
    )

    preset = Enum([name for name in PRESETS if name != "usual"], "circle").tag(
        sync=True
    )
    task = _one_of("task", ["classes", "curve", "copy"])
    rule = _one_of("rule", ["descent", "rosenblatt", "averaged"])
    dataset = _one_of("dataset", DATASETS)
    points = _several("points", List(Finite(), minlen=3, maxlen=3), maxlen=1000)
    points.tag(limits={"each": _POINT, "least": 0, "most": 1000})
    count = _whole("count", 1, 1000)
    noise = _number("noise", 0, 1)
    data_seed = _whole("data_seed", 0, 2**31)
    share = _number("share", 0.1, 1)
    extras = _several("extras", Enum(["x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]))
    layers = _several("layers", Int(min=1, max=8), maxlen=6)
    activations = _several("activations", Enum(list(ACTIVATIONS)), maxlen=6)
    cost = _one_of("cost", ["cross_entropy", "squared_error"])
    init = _one_of("init", ["xavier", "he", "normal", "zero", "equal"])
    weights = _several("weights", Finite())
    seed = _whole("seed", 0, 2**31)
    eta = _number("eta", 1e-4, 100)
    alpha = _number("alpha", 0, 0.99)
    l1 = _number("l1", 0, 10)
    l2 = _number("l2", 0, 10)
    batch_size = _whole("batch_size", 1, 1000)
    speed = _number("speed", 1, 10_000)
    background = _one_of("background", ["regions", "output", "none"])
    tab = _one_of("tab", ["network", "history", "weights", "table", "bent"])
    view = _several("view", Finite(), minlen=3, maxlen=3)
    view.tag(limits=_VIEW)
    probe = _several("probe", Finite(), minlen=2, maxlen=2)
    guess_epochs = _whole("guess_epochs", 1, 100_000)

    def __init__(self, **given: Any) -> None:
        """Take from the preset what is not given."""
        preset = given.get("preset", "circle")
        if preset not in PRESETS:
            raise TraitError(
                f"preset is {preset!r}, expected one of {', '.join(PRESETS)}"
            )
        super().__init__(**{**_settings(preset), **given})
        self._made = True

    @validate("points")
    def _check_points(self, proposal: dict[str, Any]) -> list[list[float]]:
        points: list[list[float]] = proposal["value"]
        for i, point in enumerate(points):
            if point[2] not in range(5):
                raise TraitError(
                    f"points[{i}] has the class {point[2]}, expected 0 to 4"
                )
        return points

    @validate("view")
    def _check_view(self, proposal: dict[str, Any]) -> list[float]:
        view: list[float] = proposal["value"]
        if view[2] <= 0:
            raise TraitError(
                f"view reaches {view[2]:g} to each side, expected more than 0"
            )
        return view

    @observe("preset")
    def _take_preset(self, change: dict[str, Any]) -> None:
        if getattr(self, "_made", False):
            with self.hold_sync():
                for name, value in _settings(change["new"]).items():
                    setattr(self, name, value)

    def __repr__(self) -> str:
        """Return the call that makes this widget, with what is not its preset's."""
        usual = _settings(self.preset)
        given = [f"preset={self.preset!r}"] + [
            f"{name}={value!r}"
            for name, value in self.settings().items()
            if name != "preset" and value != usual[name]
        ]
        return f"Network({', '.join(given)})"


def _settings(preset: str) -> dict[str, Any]:
    own = PRESETS[preset]
    return {name: own.get(name, value) for name, value in _USUAL.items()}
