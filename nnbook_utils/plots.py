"""The one look of the book: its palette, its style, and a function for each picture.

The same thing has the same colour and the same shape on every page, so that a figure
is read without its legend, by a colour-blind reader and from a grey print:

===========================  ====================================================
orange square, `POSITIVE`    the class +1 or 1; a positive weight, drawn solid
blue circle, `NEGATIVE`      the class -1 or 0; a negative weight, drawn dashed
purple, `LEARNED`            what is learned: a path, a fitted curve, training cost
green, `GOAL`                what judges it: an optimum (a star), validation cost
grey, `TRUTH`                what was there before: the true function, the old grid
===========================  ====================================================

Every function draws on the axes it is given, or on a new figure, and returns the axes.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D  # type: ignore[import-untyped]

from nnbook_utils._inputs import Array, labels, number, real_array, whole

__all__ = [  # noqa: RUF022 - in reading order
    "PAPER",
    "INK",
    "TRUTH",
    "GRID",
    "NEGATIVE",
    "POSITIVE",
    "LEARNED",
    "GOAL",
    "CLASSES",
    "STYLE",
    "use_style",
    "panels",
    "curve",
    "contour_path",
    "draw_path",
    "loss_surface",
    "fitted_plane",
    "training_curves",
    "scatter_classes",
    "decision_regions",
    "half_planes",
    "truth_table_plot",
    "activation_plot",
    "fitted_curve",
    "step_lengths",
    "vectors",
    "linear_map",
    "unit_balls",
    "image_grid",
    "network_diagram",
]

# Okabe and Ito's hues, moved until each stands out from the paper (3:1 and more) and
# from all others, for full and for colour-blind sight, and most of them in grey.
PAPER = "#FFFFFF"
INK = "#222222"
TRUTH = "#929292"
GRID = "#E4E4E4"
NEGATIVE = "#0A3FA0"
POSITIVE = "#DA7800"
LEARNED = "#90386F"
GOAL = "#08764C"

# Class k of a problem with several classes: its colour and its marker.
CLASSES = (
    (NEGATIVE, "o"),
    (POSITIVE, "s"),
    (GOAL, "^"),
    (LEARNED, "D"),
    (INK, "v"),
)

# Low costs are paper, high costs a grey blue, light enough for a path to be read on.
_HEIGHTS = LinearSegmentedColormap.from_list("heights", [PAPER, "#AFC1D2"])

# A page is opaque white even where the book is dark; 13 points on 6.4 inches are still
# 9 pixels high on a telephone 320 pixels wide.
STYLE: dict[str, Any] = {
    "figure.figsize": (6.4, 4.0),
    "figure.dpi": 150,
    "savefig.dpi": "figure",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "savefig.transparent": False,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "nnbook",
    "font.family": "DejaVu Sans",
    "font.size": 13.0,
    "axes.titlesize": 13.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 13.0,
    "xtick.labelsize": 12.0,
    "ytick.labelsize": 12.0,
    "legend.fontsize": 12.0,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.2,
    "text.color": INK,
    "axes.facecolor": PAPER,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(
        color=[LEARNED, GOAL, NEGATIVE, POSITIVE, INK],
        linestyle=["-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1))],
    ),
    "grid.color": GRID,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 2.0,
    "lines.markersize": 6.0,
}

Region = tuple[tuple[float, float], tuple[float, float]]
PLANE = ("$x_1$", "$x_2$")
WEIGHTS = ("$w_1$", "$w_2$")


def use_style() -> None:
    """Give every figure drawn from now on the look of the book.

    To be called in the first cell of a chapter; calling it again changes nothing.

    Source: Okabe and Ito (2008), Color Universal Design, for the hues.
    """
    plt.style.use(STYLE)


def panels(count: int, *, height: float = 3.0, **options: Any) -> tuple[Figure, Any]:
    """Make a figure of several panels side by side, as wide as the page.

    Parameters
    ----------
    count : int
        How many panels.
    height : float
        Of the figure, in inches.
    **options
        What `matplotlib.pyplot.subplots` takes, such as ``sharey=True``.

    Returns
    -------
    Figure
    ndarray of Axes, (count,)

    Raises
    ------
    TypeError, ValueError
        If `count` is not a whole number of at least 1, or `height` is not positive.

    Source: the layout of the book's pages.
    """
    whole(count, "count", least=1)
    size = (max(6.4, 3.2 * count), number(height, "height", above=0))
    fig, axes = plt.subplots(1, count, figsize=size, squeeze=False, **options)
    return fig, axes[0]


def curve(
    f: Callable[[float], float],
    span: tuple[float, float],
    *,
    label: str | None = None,
    colour: str = INK,
    ax: Axes | None = None,
) -> Axes:
    """Draw the graph of a function of one number.

    Parameters
    ----------
    f : callable, float -> float
        The function.
    span : (low, high)
        From where to where.
    label : str, optional
        Its name in the legend.
    colour : str
        To tell it from others on the same axes.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `span` is not a low number and a higher one, or `f` is not finite on it.

    Source: the book's chapter on gradient descent.
    """
    x = np.linspace(*_interval(span, "span"), 401)
    height = real_array([number(f(value), "f(x)") for value in x], "f(x)")
    ax = _axes(ax)
    ax.plot(x, height, gid="curve", label=label, color=colour)
    return _legend(ax)


def contour_path(
    f: Callable[[Array], float],
    iterates: Any,
    *,
    optimum: Any = None,
    region: Region | None = None,
    levels: int = 12,
    label: str | None = None,
    names: tuple[str, str] = WEIGHTS,
    ax: Axes | None = None,
) -> Axes:
    """Draw the level lines of a cost of two weights, and a descent's path over them.

    The levels lie closer together near the minimum, as squares do: on a quadratic
    bowl the lines are evenly spaced.

    Parameters
    ----------
    f : callable, (2,) -> float
        The cost.
    iterates : array_like, (steps + 1, 2)
        The path, its start first.
    optimum : array_like, (2,), optional
        Where to put the star.
    region : ((low, high), (low, high)), optional
        What to show of each weight; by default the path and the optimum with a margin.
    levels : int
        How many level lines.
    label : str, optional
        The path's name in the legend.
    names : (str, str)
        The axes' labels.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `iterates` or `optimum` has another shape, the region is empty, or `f` is
        not finite or is constant on it.

    Source: the book's chapter on gradient descent.
    """
    path = real_array(iterates, "iterates", ("n", 2), hint="one pair of weights a row")
    star = None if optimum is None else real_array(optimum, "optimum", (2,))
    whole(levels, "levels", least=1)
    shown = _region(region, path if star is None else np.vstack([path, star]))
    u, v, height = _heights(f, shown, points=101)
    lowest, highest = height.min(), height.max()
    if highest - lowest <= 1e-9 * abs(highest):
        raise ValueError(
            f"f is {lowest:g} everywhere on {shown}, so that it has no level lines: "
            "show a region where it changes"
        )
    ax = _axes(ax)
    steps = np.linspace(0, 1, levels + 2) ** 2
    heights = lowest + (highest - lowest) * steps
    ax.contourf(u, v, height, levels=heights, cmap=_HEIGHTS, zorder=0)
    lines = ax.contour(
        u, v, height, levels=heights[1:-1], colors="#8C9AA8", linewidths=0.8, zorder=1
    )
    lines.set_gid("levels")
    _frame(ax, shown, names)
    if star is not None:
        ax.plot(*star, gid="optimum", label="optimum", **_STAR)
    return draw_path(path, label=label, ax=ax)


def draw_path(
    iterates: Any,
    *,
    label: str | None = None,
    colour: str = LEARNED,
    marker: str = ".",
    ax: Axes | None = None,
) -> Axes:
    """Draw the path of a descent: a line from iterate to iterate, its start a ring.

    Parameters
    ----------
    iterates : array_like, (steps + 1, 2)
        The path, its start first.
    label : str, optional
        Its name in the legend.
    colour, marker : str
        To tell a second path on the same axes from the first.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `iterates` has another shape.

    Source: the book's chapter on gradient descent.
    """
    path = real_array(iterates, "iterates", ("n", 2), hint="one pair of weights a row")
    ax = _axes(ax)
    ax.plot(
        *path.T,
        gid="path",
        label=label,
        color=colour,
        linestyle="-",
        linewidth=1.6,
        marker=marker,
    )
    ax.plot(
        *path[0],
        gid="start",
        color=colour,
        linestyle="none",
        marker="o",
        markersize=9,
        markerfacecolor=PAPER,
        markeredgewidth=2,
    )
    return _legend(ax)


def loss_surface(
    f: Callable[[Array], float],
    *,
    region: Region,
    iterates: Any = None,
    optimum: Any = None,
    names: tuple[str, str, str] = (*WEIGHTS, "cost"),
    ax: Axes | None = None,
) -> Axes3D:
    """Draw a cost of two weights as a surface in space, and a path upon it.

    Parameters
    ----------
    f : callable, (2,) -> float
        The cost.
    region : ((low, high), (low, high))
        What to show of each weight.
    iterates : array_like, (steps + 1, 2), optional
        A path, its start first.
    optimum : array_like, (2,), optional
        Where to put the star.
    names : (str, str, str)
        The axes' labels.
    ax : Axes3D, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes3D

    Raises
    ------
    TypeError
        If an argument is of another type, or `ax` is flat.
    ValueError
        If `iterates` or `optimum` has another shape, the region is empty, or `f` is
        not finite on it.

    Source: the book's chapter on gradient descent.
    """
    shown = _region(region, None)
    u, v, height = _heights(f, shown, points=61)
    path = None if iterates is None else real_array(iterates, "iterates", ("n", 2))
    star = None if optimum is None else real_array(optimum, "optimum", (2,))
    trail = None if path is None else _drape(f, path)
    summit = None if star is None else _drape(f, star[None, :])
    ax3 = _axes3d(ax)
    ax3.plot_surface(
        u,
        v,
        height,
        cmap=_HEIGHTS,
        edgecolor="#8C9AA8",
        linewidth=0.3,
        rcount=31,
        ccount=31,
        alpha=0.9,
    )
    # matplotlib would sort by mean depth and hide a path below the surface's middle.
    ax3.computed_zorder = False
    if trail is not None:
        ax3.plot(
            *trail.T,
            gid="path",
            color=LEARNED,
            linestyle="-",
            marker=".",
            markevery=_PIECES,
            zorder=10,
        )
    if summit is not None:
        ax3.plot(*summit.T, gid="optimum", **_STAR)
    _frame(ax3, shown, names[:2])
    return _space(ax3, names[2])


def fitted_plane(
    X: Any,
    y: Any,
    w: Any,
    *,
    names: tuple[str, str, str] = (*PLANE, "$y$"),
    ax: Axes | None = None,
) -> Axes3D:
    """Draw samples of two features in space, a fitted plane, and the residuals.

    Parameters
    ----------
    X : array_like, (n, 2)
        The samples, without a column of ones.
    y : array_like, (n,)
        The target.
    w : array_like, (3,)
        The plane's weights, the bias first.
    names : (str, str, str)
        The axes' labels, with units.
    ax : Axes3D, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes3D

    Raises
    ------
    TypeError
        If an argument is of another type, or `ax` is flat.
    ValueError
        If the shapes do not fit.

    Source: the book's chapter on linear regression.
    """
    samples = real_array(X, "X", ("n", 2), hint="two features can be drawn")
    target = real_array(y, "y", (len(samples),), hint="one target a sample")
    weights = real_array(w, "w", (3,), hint="the bias, then one weight a feature")
    ax3 = _axes3d(ax)
    ax3.computed_zorder = False
    shown = _region(None, samples)
    u, v = _grid(shown, 9)
    plane = weights[0] + weights[1] * u + weights[2] * v
    ax3.plot_surface(
        u, v, plane, color=_tint(LEARNED), edgecolor=LEARNED, linewidth=0.4, alpha=0.6
    )
    fitted = weights[0] + samples @ weights[1:]
    for (x1, x2), measured, predicted in zip(samples, target, fitted, strict=True):
        ax3.plot(
            [x1, x1],
            [x2, x2],
            [measured, predicted],
            gid="residual",
            color=TRUTH,
            linestyle="-",
        )
    ax3.plot(*samples.T, target, gid="samples", color=INK, linestyle="none", marker="o")
    _frame(ax3, shown, names[:2])
    return _space(ax3, names[2])


def training_curves(
    training: Any,
    validation: Any = None,
    *,
    quantity: str = "cost",
    clock: str = "epoch",
    first: int = 0,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw how a quantity changed while a model was trained.

    Parameters
    ----------
    training : array_like, (n,)
        The quantity on the training set, once an epoch.
    validation : array_like, (n,), optional
        The same on the validation set.
    quantity : str
        What is drawn, for the axis: "cost", "accuracy".
    clock : str
        What is counted: "epoch", "step".
    first : int
        The number of the first entry: 0 if it was taken before training.
    log : bool
        Whether the vertical axis is logarithmic.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the curves are empty or not of one length, or the axis is logarithmic and
        an entry is not positive.

    Source: the book's chapter on training a network.
    """
    curves = {"training": real_array(training, "training", ("n",))}
    n = len(curves["training"])
    if validation is not None:
        curves["validation"] = real_array(
            validation, "validation", (n,), hint="one entry for each of `training`"
        )
    count = whole(first, "first") + np.arange(n)
    for name, curve in curves.items():
        if log and curve.min() <= 0:
            raise ValueError(
                f"{name} holds {curve.min():g}, which has no logarithm: "
                "draw it with log=False"
            )
    ax = _axes(ax)
    looks = {"training": (LEARNED, "-"), "validation": (GOAL, "--")}
    for name, curve in curves.items():
        colour, line = looks[name]
        ax.plot(count, curve, gid=name, label=name, color=colour, linestyle=line)
    ax.set(xlabel=clock, ylabel=quantity, yscale="log" if log else "linear")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return _legend(ax)


def scatter_classes(
    X: Any,
    y: Any,
    *,
    features: tuple[str, str] = PLANE,
    size: float = 45,
    ax: Axes | None = None,
) -> Axes:
    """Draw samples of two features, each class with its colour and its shape.

    Parameters
    ----------
    X : array_like, (n, 2)
        The samples.
    y : array_like, (n,)
        Their labels: -1 and 1, or whole numbers from 0 to 4.
    features : (str, str)
        The axes' labels, with units.
    size : float
        A marker's area, in square points.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, or a label has no colour.

    Source: the book's chapter on perceptrons.
    """
    samples, targets = _samples(X, y)
    number(size, "size", above=0)
    ax = _axes(ax)
    _scatter(ax, samples, targets, size)
    ax.set(xlabel=features[0], ylabel=features[1])
    return _legend(ax)


def decision_regions(
    classify: Callable[[Array], Array],
    X: Any = None,
    y: Any = None,
    *,
    region: Region | None = None,
    features: tuple[str, str] = PLANE,
    points: int = 401,
    ax: Axes | None = None,
) -> Axes:
    """Colour the plane by the class that a classifier gives each point.

    Parameters
    ----------
    classify : callable, (n, 2) -> (n,)
        The classifier; its labels are -1 and 1, or whole numbers from 0 to 4.
    X : array_like, (n, 2), optional
        Samples to draw on top.
    y : array_like, (n,), optional
        Their labels.
    region : ((low, high), (low, high)), optional
        What to show of each feature; by default the samples with a margin.
    features : (str, str)
        The axes' labels, with units.
    points : int
        The grid on which the classifier is asked has so many points a side.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, a label has no colour, only one of X and y is given,
        or there are neither samples nor a region.

    Source: the book's chapter on perceptrons.
    """
    if (X is None) != (y is None):
        raise ValueError("X and y belong together: give both or neither")
    drawn = None if X is None else _samples(X, y)
    shown = _region(region, None if drawn is None else drawn[0])
    u, v = _grid(shown, whole(points, "points", least=2))
    grid = np.column_stack([u.ravel(), v.ravel()])
    answers = real_array(
        classify(grid), "classify(X)", (len(grid),), hint="one label a row of X"
    )
    places = _places(answers, "classify(X)").reshape(u.shape)
    ax = _axes(ax)
    ax.pcolormesh(
        u,
        v,
        places,
        cmap=ListedColormap([_tint(colour) for colour, _ in CLASSES]),
        vmin=-0.5,
        vmax=len(CLASSES) - 0.5,
        shading="nearest",
        rasterized=True,
        zorder=0,
    )
    # One boundary a class, so that a step from class 0 to 2 has one line, not two.
    for place in np.unique(places)[1:]:
        inside = (places == place).astype(float)
        line = ax.contour(u, v, inside, levels=[0.5], colors=INK, linewidths=1.2)
        line.set_gid("boundary")
    _frame(ax, shown, features)
    if drawn is not None:
        _scatter(ax, *drawn)
    return _legend(ax)


def half_planes(
    W: Any,
    b: Any,
    *,
    region: Region,
    features: tuple[str, str] = PLANE,
    ax: Axes | None = None,
) -> Axes:
    """Draw how perceptrons cut the plane: a line each, and the regions between.

    An arrow at each line points to the side on which its perceptron answers 1. Each
    region carries the answers of all, such as 101, and is darker the more are 1.

    Parameters
    ----------
    W : array_like, (k, 2)
        The weights, one perceptron a row.
    b : array_like, (k,)
        The biases.
    region : ((low, high), (low, high))
        What to show of each feature.
    features : (str, str)
        The axes' labels, with units.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, the region is empty, or a row of W is zero.

    Source: Minsky and Papert (1969), Perceptrons.
    """
    weights = real_array(W, "W", ("k", 2), hint="one perceptron a row")
    bias = real_array(b, "b", (len(weights),), hint="one bias a perceptron")
    lengths = np.linalg.norm(weights, axis=1)
    if (lengths == 0).any():
        raise ValueError(
            f"W[{lengths.argmin()}] is zero, so that it cuts along no line: give it a "
            "direction"
        )
    shown = _region(region, None)
    u, v = _grid(shown, 241)
    grid = np.column_stack([u.ravel(), v.ravel()])
    answers = grid @ weights.T + bias >= 0
    ax = _axes(ax)
    ones = answers.sum(axis=1).reshape(u.shape)
    ax.pcolormesh(
        u,
        v,
        ones,
        cmap=_HEIGHTS,
        vmin=0,
        vmax=len(weights),
        shading="nearest",
        rasterized=True,
        zorder=0,
    )
    # Each answer is a digit of one number a point, which is quick to compare.
    numbers = answers @ 2 ** np.arange(len(weights))
    for one in np.unique(numbers, return_index=True)[1]:
        inside = grid[numbers == numbers[one]]
        # A cell of less than a hundredth of the picture has no room for its name.
        if len(inside) > len(grid) / 100:
            text = "".join(str(int(answer)) for answer in answers[one])
            x1, x2 = inside.mean(axis=0)
            ax.text(x1, x2, text, ha="center", va="center", gid="code")
    low, high = np.transpose(shown)
    reach = float((high - low).min())
    for w, offset, length in zip(weights, bias, lengths, strict=True):
        normal, along = w / length, np.array([-w[1], w[0]]) / length
        middle = (low + high) / 2
        foot = middle - (normal @ middle + offset / length) * normal
        ax.axline(
            tuple(foot),
            tuple(foot + along),
            gid="line",
            color=INK,
            linestyle="-",
            linewidth=1.4,
        )
        # The arrow stands near an end of what is seen of the line, clear of the codes.
        line = foot + np.linspace(-1, 1, 2001)[:, None] * along * np.hypot(
            *(high - low)
        )
        seen = line[((low < line) & (line < high)).all(axis=1)]
        if len(seen):
            at = seen[len(seen) // 10]
            _arrows(ax, at[None, :], 0.09 * reach * normal[None, :], [INK])
    _frame(ax, shown, features)
    ax.set_aspect("equal")
    return ax


def truth_table_plot(
    X: Any,
    y: Any,
    *,
    classify: Callable[[Array], Array] | None = None,
    features: tuple[str, str] = PLANE,
    ax: Axes | None = None,
) -> Axes:
    """Draw a function of two bits on the corners of the square, its value inside.

    Parameters
    ----------
    X : array_like, (4, 2)
        The inputs, 0 or 1.
    y : array_like, (4,)
        The outputs, 0 or 1.
    classify : callable, (n, 2) -> (n,), optional
        A classifier whose regions are drawn beneath.
    features : (str, str)
        The axes' labels.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, or an entry is neither 0 nor 1.

    Source: the book's chapter on perceptrons.
    """
    corners = real_array(X, "X", (4, 2), hint="the four rows of a truth table")
    labels(corners.ravel(), "X", (0, 1), n=8)
    outputs = labels(y, "y", (0, 1), n=4)
    square = ((-0.4, 1.4), (-0.4, 1.4))
    ax = _axes(ax)
    if classify is not None:
        decision_regions(classify, region=square, ax=ax)
    _scatter(ax, corners, outputs, size=480)
    for (x1, x2), output in zip(corners, outputs, strict=True):
        ax.text(
            x1,
            x2,
            f"{output:g}",
            color=PAPER,
            weight="bold",
            ha="center",
            va="center",
            zorder=4,
        )
    _frame(ax, square, features)
    ax.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
    return ax


def activation_plot(
    function: Callable[[Array], Array],
    derivative: Callable[[Array], Array] | None = None,
    *,
    name: str = "value",
    interval: tuple[float, float] = (-5.0, 5.0),
    breaks: Sequence[float] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw an activation function, and its derivative dashed.

    Parameters
    ----------
    function : callable, (n,) -> (n,)
        The activation.
    derivative : callable, (n,) -> (n,), optional
        Its derivative.
    name : str
        The function's name in the legend.
    interval : (low, high)
        Where to draw.
    breaks : sequence of float
        Where the function or the derivative jumps. The curve is interrupted there,
        and a dot marks the value that is taken.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the interval is empty, a break lies outside it, or a function returns
        another shape or something not finite.

    Source: the book's chapter on activation functions.
    """
    low, high = _interval(interval, "interval")
    jumps = sorted(number(at, "breaks", above=low, below=high) for at in breaks)
    ends = [low, *jumps, high]
    # A hair's breadth on either side of a break the curve has its one-sided value.
    hair = 1e-9 * (high - low)
    pieces = [
        np.linspace(left + hair, right - hair, 401) for left, right in pairwise(ends)
    ]
    curves = [(function, name, LEARNED, "-")]
    if derivative is not None:
        curves.append((derivative, "derivative", GOAL, "--"))
    values = [[_values(curve, z, what) for z in pieces] for curve, what, *_ in curves]
    taken = [_values(curve, np.array(jumps), what) for curve, what, *_ in curves]
    ax = _axes(ax)
    _cross(ax)
    for (_, what, colour, line), parts, dots in zip(curves, values, taken, strict=True):
        ax.plot(
            _joined(pieces),
            _joined(parts),
            gid=what,
            label=what,
            color=colour,
            linestyle=line,
        )
        for at, dot, (before, after) in zip(jumps, dots, pairwise(parts), strict=True):
            if abs(after[0] - before[-1]) > 1e-6:
                ax.plot(at, dot, gid="taken", color=colour, marker="o")
    ax.set(xlim=(low, high), xlabel="$z$")
    return _legend(ax)


def fitted_curve(
    x: Any,
    y: Any,
    predict: Callable[[Array], Array],
    *,
    truth: Callable[[Array], Array] | None = None,
    interval: tuple[float, float] | None = None,
    names: tuple[str, str] = ("$x$", "$y$"),
    ax: Axes | None = None,
) -> Axes:
    """Draw samples of one feature, the fitted curve, and the true one in grey.

    Parameters
    ----------
    x : array_like, (n,)
        The feature.
    y : array_like, (n,)
        The target.
    predict : callable, (m,) -> (m,)
        The fitted function.
    truth : callable, (m,) -> (m,), optional
        The function that the samples were drawn from.
    interval : (low, high), optional
        Where to draw the curves; by default from the least to the greatest `x`.
    names : (str, str)
        The axes' labels, with units.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, the interval is empty, or a function returns another
        shape or something not finite.

    Source: the book's chapter on polynomial regression.
    """
    feature = real_array(x, "x", ("n",), hint="one feature: write x[:, 0]")
    target = real_array(y, "y", (len(feature),), hint="one target a sample")
    ends = (feature.min(), feature.max()) if interval is None else interval
    where = np.linspace(*_interval(ends, "interval"), 401)
    fitted = _values(predict, where, "predict")
    true = None if truth is None else _values(truth, where, "truth")
    ax = _axes(ax)
    if true is not None:
        ax.plot(where, true, gid="truth", label="truth", color=TRUTH, linestyle="--")
    ax.plot(where, fitted, gid="fit", label="fit", color=LEARNED, linestyle="-")
    ax.plot(
        feature,
        target,
        gid="samples",
        label="samples",
        color=INK,
        linestyle="none",
        marker="o",
        markeredgecolor=PAPER,
    )
    ax.set(xlabel=names[0], ylabel=names[1])
    return _legend(ax)


def step_lengths(
    iterates: Any, *, tolerance: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how long each step of a descent was, on a logarithmic axis.

    Parameters
    ----------
    iterates : array_like, (steps + 1, d)
        The path, its start first; at least one step.
    tolerance : float, optional
        The length below which the descent stops, drawn as a line.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `iterates` has another shape or no step that moves, or `tolerance` is not
        positive.

    Source: the book's chapter on stochastic gradient descent.
    """
    path = real_array(iterates, "iterates", ("n", "d"), hint="one iterate a row")
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    if not lengths.any():
        raise ValueError("iterates never move: there is no step to draw")
    ax = _axes(ax)
    ax.plot(
        np.arange(1, len(path)),
        lengths,
        gid="lengths",
        label="step length",
        color=LEARNED,
        linestyle="-",
        marker=".",
    )
    if tolerance is not None:
        stop = number(tolerance, "tolerance", above=0)
        ax.axhline(stop, gid="stop", label="tolerance", color=GOAL, linestyle="--")
    ax.set(xlabel="step", ylabel="length of the step", yscale="log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return _legend(ax)


def vectors(
    V: Any,
    *,
    origins: Any = None,
    names: Sequence[str] | None = None,
    colours: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw vectors of the plane as arrows, both axes to one scale.

    Parameters
    ----------
    V : array_like, (n, 2)
        The vectors, one a row.
    origins : array_like, (n, 2), optional
        Where each starts; by default at the origin.
    names : sequence of str, optional
        A name for each, written at its left.
    colours : sequence of str, optional
        A colour for each; by default those of the palette in turn.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit, or there is not one name and one colour a vector.

    Source: the book's chapter on vectors.
    """
    arrows = real_array(V, "V", ("n", 2), hint="one vector of the plane a row")
    n = len(arrows)
    starts = np.zeros((n, 2)) if origins is None else origins
    starts = real_array(starts, "origins", (n, 2), hint="one origin a vector")
    palette = [LEARNED, GOAL, NEGATIVE, POSITIVE, INK]
    inks = [palette[i % 5] for i in range(n)] if colours is None else list(colours)
    texts = [""] * n if names is None else list(names)
    for given, what in ((inks, "colours"), (texts, "names")):
        if len(given) != n:
            raise ValueError(f"{what} has {len(given)} entries for {n} vectors")
    ax = _axes(ax)
    _cross(ax)
    _arrows(ax, starts, arrows, inks)
    for start, arrow, text, ink in zip(starts, arrows, texts, inks, strict=True):
        _beside(ax, start, arrow, text, ink)
    ax.set(xlabel=PLANE[0], ylabel=PLANE[1])
    _include(ax, np.vstack([np.zeros((1, 2)), starts, starts + arrows]))
    return ax


def linear_map(A: Any, *, ax: Axes | None = None) -> Axes:
    """Draw what a 2 by 2 matrix does to the plane.

    In grey the grid, the unit square and a letter F in it; in colour what becomes of
    them. The arrows are the columns of A, the images of the two unit vectors, and a
    mirrored F tells a mirroring from a turn.

    Parameters
    ----------
    A : array_like, (2, 2)
        The matrix.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If A is not 2 by 2.

    Source: the book's chapter on matrices.
    """
    matrix = real_array(A, "A", (2, 2), hint="a map of the plane to itself")
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    letter = np.array(
        [[0.3, 0.2], [0.3, 0.8], [0.7, 0.8], [0.3, 0.8], [0.3, 0.5], [0.6, 0.5]]
    )
    ticks = np.arange(-1, 3)
    grid = [np.array([[t, -1], [t, 2]]) for t in ticks]
    grid += [np.array([[-1, t], [2, t]]) for t in ticks]
    ax = _axes(ax)
    for segment in grid:
        ax.plot(*segment.T, color=GRID, linestyle="-", linewidth=1)
    for segment in grid:
        image = segment @ matrix.T
        ax.plot(*image.T, gid="grid", color=_tint(LEARNED, 0.5), linestyle="-", lw=1)
    ax.plot(*square.T, color=TRUTH, linestyle="--", linewidth=1.4)
    ax.plot(*letter.T, color=TRUTH, linestyle="-", linewidth=1.4)
    ax.fill(*(square @ matrix.T).T, gid="square", color=LEARNED, alpha=0.22, lw=0)
    ax.plot(*(letter @ matrix.T).T, gid="letter", color=LEARNED, linestyle="-")
    inks = [NEGATIVE, POSITIVE]
    _arrows(ax, np.zeros((2, 2)), matrix.T, inks)
    # Outside the square: at the first one's right unless the map mirrors.
    outside = -1.0 if np.linalg.det(matrix) >= 0 else 1.0
    _beside(ax, np.zeros(2), matrix[:, 0], "$A e_1$", inks[0], outside)
    _beside(ax, np.zeros(2), matrix[:, 1], "$A e_2$", inks[1], -outside)
    ax.set(xlabel=PLANE[0], ylabel=PLANE[1])
    _include(
        ax, np.vstack([segment @ M for segment in grid for M in (np.eye(2), matrix.T)])
    )
    ax.grid(False)
    return ax


def unit_balls(
    orders: Sequence[float] = (1, 2, np.inf), *, ax: Axes | None = None
) -> Axes:
    """Draw the vectors of length 1 in several norms.

    Parameters
    ----------
    orders : sequence of float
        Which p of the p-norms, at least 1; infinity is the greatest entry's size.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an order is not a number.
    ValueError
        If an order is below 1 (its ball is not convex, and it is no norm), or there
        are none or more than five.

    Source: the book's chapter on norms.
    """
    ps = [p if p == np.inf else number(p, "p", least=1) for p in orders]
    palette = [LEARNED, GOAL, NEGATIVE, POSITIVE, INK]
    lines = ["-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1))]
    if not 1 <= len(ps) <= len(palette):
        raise ValueError(f"orders has {len(ps)} entries, expected 1 to {len(palette)}")
    # Of 8 k directions some go exactly through the corners of the polygons.
    angle = np.linspace(0, 2 * np.pi, 801)
    directions = np.column_stack([np.cos(angle), np.sin(angle)])
    ax = _axes(ax)
    _cross(ax)
    for p, colour, line in zip(ps, palette, lines, strict=False):
        ball = directions / np.linalg.norm(directions, ord=p, axis=1, keepdims=True)
        name = r"$p = \infty$" if p == np.inf else f"$p = {p:g}$"
        ax.plot(*ball.T, gid=f"p = {p:g}", label=name, color=colour, linestyle=line)
    ax.set(xlabel=PLANE[0], ylabel=PLANE[1], xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    ax.set_aspect("equal")
    return _legend(ax)


def image_grid(
    images: Any,
    *,
    titles: Sequence[str] | None = None,
    columns: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Draw grey images side by side, dark where the number is high, as ink on paper.

    Parameters
    ----------
    images : array_like, (n, height, width)
        The images; all share one scale, from the least entry to the greatest.
    titles : sequence of str, optional
        One for each, written above it.
    columns : int
        How many in a row.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `images` has another shape, or there is not one title an image.

    Source: the book's chapter on handwritten digits.
    """
    pictures = real_array(images, "images", ("n", "height", "width"))
    n, height, width = pictures.shape
    across = min(whole(columns, "columns", least=1), n)
    if titles is not None and len(titles) != n:
        raise ValueError(f"titles has {len(titles)} entries for {n} images")
    rows = -(-n // across)
    # Measured in widths of an image; a title needs room above each row.
    tall, gap = height / width, 0.12
    head = gap if titles is None else 0.45
    extent = (across * (1 + gap) - gap, rows * (tall + head))
    if ax is None:
        ax = plt.subplots(figsize=(6.4, 6.4 * extent[1] / extent[0]))[1]
    ax = _axes(ax)
    for i, picture in enumerate(pictures):
        left, top = i % across * (1 + gap), i // across * (tall + head) + head
        ax.imshow(
            picture,
            cmap="gray_r",
            vmin=pictures.min(),
            vmax=pictures.max(),
            interpolation="nearest",
            extent=(left, left + 1, top + tall, top),
        )
        if titles is not None:
            ax.text(left + 0.5, top - 0.06, titles[i], ha="center", va="bottom")
    ax.set(xlim=(0, extent[0]), ylim=(extent[1], 0), aspect="equal")
    ax.set_axis_off()
    return ax


def network_diagram(
    weights: Sequence[Any],
    biases: Sequence[Any] | None = None,
    *,
    values: Sequence[Any] | None = None,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network: a circle a unit, a line a weight, from left to right.

    A positive weight is a solid orange line, a negative one dashed blue, a zero one
    thin and grey; the larger the weight, the thicker its line. Numbers are written
    where they have room: a weight's on its line where two layers share at most 16,
    biases under their units where no layer has more than 6.

    Parameters
    ----------
    weights : sequence of array_like, (units out, units in) each; or sequence of int
        The weights of each layer, the first first; or only the widths, input first.
    biases : sequence of array_like, (units out,) each, optional
        The biases.
    values : sequence of array_like, (units,) each, optional
        What each unit puts out, the input layer first; written inside.
    inputs, outputs : sequence of str, optional
        Names beside the first and the last layer.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the shapes do not fit from layer to layer, there is no layer, or a layer
        has more than 10 units.

    Source: the book's chapter on multilayer perceptrons.
    """
    bare = all(isinstance(entry, Integral) for entry in weights)
    if bare:
        widths = [whole(width, "width", least=1) for width in weights]
    else:
        layers = _layers(weights)
        widths = [layers[0].shape[1], *(len(W) for W in layers)]
    if len(widths) < 2:
        raise ValueError("weights is empty: a network has at least one layer of them")
    if max(widths) > 10:
        raise ValueError(
            f"a layer has {max(widths)} units, more than 10 cannot be told apart: draw "
            "a part of the network"
        )
    if bare:
        layers = [np.zeros(shape[::-1]) for shape in pairwise(widths)]
    offsets = _one_each(biases, "biases", widths[1:])
    activity = _one_each(values, "values", widths)
    names = {0: _names(inputs, "inputs", "x", widths[0])}
    names[len(widths) - 1] = _names(outputs, "outputs", r"\hat y", widths[-1])
    if ax is None:
        ax = plt.subplots(figsize=(6.4, max(4.0, 0.7 * max(widths))))[1]
    ax = _axes(ax)
    # Units are sized in points, so that they stay round whatever the axes' shape.
    box = ax.get_window_extent()
    extent = np.array([len(widths) - 0.2, max(widths) + 0.25])
    scale = np.array([box.width, box.height]) * 72 / ax.figure.dpi / extent
    diameter = min(40.0, 0.78 * scale[1])
    where = [
        np.column_stack([np.full(n, layer), (n - 1) / 2 - np.arange(n)])
        for layer, n in enumerate(widths)
    ]
    ax.set(
        xlim=(-0.4, extent[0] - 0.4), ylim=(-extent[1] / 2 - 0.06, extent[1] / 2 - 0.06)
    )
    ax.set_axis_off()

    largest = max(float(np.abs(W).max()) for W in layers)
    for layer, W in enumerate(layers):
        _edges(
            ax,
            where[layer],
            where[layer + 1],
            W,
            largest=largest,
            scale=scale,
            numbered=not bare,
        )
    for layer, place in enumerate(where):
        inside = None if activity is None else activity[layer]
        _units(ax, place, inside, diameter)
        if offsets is not None and layer > 0 and max(widths) <= 6:
            for unit, bias in zip(place, offsets[layer - 1], strict=True):
                ax.annotate(
                    f"$b = {_short(bias)}$",
                    unit,
                    (0, -diameter / 2 - 2),
                    textcoords="offset points",
                    ha="center",
                    va="top",
                    fontsize=10,
                    gid="bias",
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
                    zorder=2,
                )
    for layer, texts in names.items():
        side = -1 if layer == 0 else 1
        for unit, text in zip(where[layer], texts, strict=True):
            ax.annotate(
                text,
                unit,
                (side * (diameter / 2 + 5), 0),
                textcoords="offset points",
                ha="right" if layer == 0 else "left",
                va="center",
                gid="name",
            )
    return ax


_STAR: dict[str, Any] = {
    "color": GOAL,
    "marker": "*",
    "markersize": 17,
    "markeredgecolor": PAPER,
    "linestyle": "none",
    "zorder": 11,
}


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        ax = plt.subplots()[1]
    if not isinstance(ax, Axes):
        raise TypeError(
            f"ax is {ax!r}, expected a matplotlib Axes or None: with several panels, "
            "pass one of them"
        )
    return ax


def _axes3d(ax: Axes | None) -> Axes3D:
    if ax is None:
        ax = plt.subplots(subplot_kw={"projection": "3d"})[1]
    if not isinstance(ax, Axes3D):
        raise TypeError(
            f"ax is {ax!r}, expected axes in space: make them with "
            'subplot_kw={"projection": "3d"}, or leave ax out'
        )
    return ax


def _space(ax: Axes3D, height: str) -> Axes3D:
    """Finish axes in space: the third label, and room for all three."""
    ax.set_zlabel(height)
    for axis, pad in ((ax.xaxis, 8), (ax.yaxis, 8), (ax.zaxis, 10)):
        axis.labelpad = pad
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.set_box_aspect(None, zoom=0.9)
    return ax


_PIECES = 12  # of each step of a path laid upon a surface


def _drape(f: Callable[[Array], float], path: Array) -> Array:
    """Return the points (w1, w2, f(w)) along a path, its iterates among them."""
    clock = np.arange(len(path))
    finer = np.linspace(0, len(path) - 1, (len(path) - 1) * _PIECES + 1)
    w = np.column_stack([np.interp(finer, clock, part) for part in path.T])
    return np.column_stack([w, [number(f(row), "f(w)") for row in w]])


def _legend(ax: Axes) -> Axes:
    """Put the legend above the axes at the right, where it covers no data."""
    entries = len(ax.get_legend_handles_labels()[1])
    if entries:
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=entries)
    return ax


def _frame(ax: Axes, region: Region, names: Sequence[str]) -> None:
    ax.set(xlim=region[0], ylim=region[1], xlabel=names[0], ylabel=names[1])
    ax.grid(False)


def _region(region: Region | None, points: Array | None) -> Region:
    """Return the region asked for, or the points' with a margin."""
    if region is not None:
        given = real_array(region, "region", (2, 2), hint="((low, high), (low, high))")
        if (given[:, 0] >= given[:, 1]).any():
            raise ValueError(f"region is {region}, expected low < high in each pair")
        (a, b), (c, d) = given.tolist()
        return (a, b), (c, d)
    if points is None:
        raise ValueError("region is missing: without samples, say what to show")
    low, high = points.min(axis=0), points.max(axis=0)
    # A path along one axis, or of one point, has no extent to take a margin of.
    extent = np.where(high > low, high - low, max(float((high - low).max()), 1.0))
    (a, c), (b, d) = low - 0.2 * extent, high + 0.2 * extent
    return (float(a), float(b)), (float(c), float(d))


def _interval(ends: Any, name: str) -> tuple[float, float]:
    low, high = real_array(ends, name, (2,), hint="(low, high)").tolist()
    if low >= high:
        raise ValueError(f"{name} is ({low:g}, {high:g}), expected low < high")
    return low, high


def _values(function: Callable[[Array], Array], x: Array, name: str) -> Array:
    return real_array(function(x), f"{name}(x)", x.shape, hint="one value an entry")


def _grid(region: Region, points: int) -> tuple[Array, Array]:
    u, v = np.meshgrid(*(np.linspace(low, high, points) for low, high in region))
    return u, v


def _heights(
    f: Callable[[Array], float], region: Region, points: int
) -> tuple[Array, Array, Array]:
    u, v = _grid(region, points)
    heights = [number(f(w), "f(w)") for w in np.column_stack([u.ravel(), v.ravel()])]
    return u, v, np.reshape(heights, u.shape)


def _places(y: Array, name: str) -> Array:
    """Return the place of each label in `CLASSES`: -1 and 0 share the first."""
    strange = y[~np.isin(y, [-1, *range(len(CLASSES))])]
    if strange.size:
        raise ValueError(
            f"{name} holds the label {strange[0]:g}, expected -1 and 1, or whole "
            f"numbers from 0 to {len(CLASSES) - 1}"
        )
    if {-1, 0} <= set(y.tolist()):
        raise ValueError(f"{name} holds both -1 and 0, which share a colour: use one")
    return np.maximum(y, 0).astype(int)


def _samples(X: Any, y: Any) -> tuple[Array, Array]:
    samples = real_array(X, "X", ("n", 2), hint="two features can be drawn")
    targets = real_array(y, "y", (len(samples),), hint="one label a sample")
    _places(targets, "y")
    return samples, targets


def _scatter(ax: Axes, samples: Array, y: Array, size: float = 45) -> None:
    places = _places(y, "y")
    for place in np.unique(places):
        rows = places == place
        colour, marker = CLASSES[place]
        ax.scatter(
            samples[rows, 0],
            samples[rows, 1],
            s=size,
            gid=f"class {place}",
            label=f"$y = {y[rows][0]:g}$",
            color=colour,
            marker=marker,
            edgecolor=PAPER,
            linewidth=0.8,
            zorder=3,
        )


def _tint(colour: str, strength: float = 0.22) -> tuple[float, ...]:
    """Return the colour as it looks when laid thinly on paper."""
    return tuple(1 - strength * (1 - part) for part in to_rgb(colour))


def _joined(pieces: Sequence[Array]) -> Array:
    """Return the pieces of a curve in one array, NaN between them to lift the pen."""
    return np.concatenate([part for p in pieces for part in (p, [np.nan])])[:-1]


def _cross(ax: Axes) -> None:
    """Draw the two axes through the origin."""
    ax.axhline(0, color=TRUTH, linestyle="-", linewidth=0.8, zorder=1)
    ax.axvline(0, color=TRUTH, linestyle="-", linewidth=0.8, zorder=1)


def _arrows(ax: Axes, starts: Array, arrows: Array, colours: Sequence[str]) -> None:
    ax.quiver(
        *starts.T,
        *arrows.T,
        color=colours,
        angles="xy",
        scale_units="xy",
        scale=1,
        units="inches",
        width=0.032,
        headwidth=4.5,
        headlength=6,
        headaxislength=5.2,
        zorder=4,
        gid="arrows",
    )


def _beside(
    ax: Axes, start: Array, arrow: Array, text: str, colour: str, side: float = 1
) -> None:
    """Write a name beside an arrow's middle, at its left or (side -1) its right."""
    across, up = side * np.array([-arrow[1], arrow[0]]) / (np.hypot(*arrow) or 1)
    ax.annotate(
        text,
        tuple(start + arrow / 2),
        (6 * across, 6 * up),
        textcoords="offset points",
        color=colour,
        ha="center" if abs(across) < 0.3 else "left" if across > 0 else "right",
        va="center" if abs(up) < 0.3 else "bottom" if up > 0 else "top",
        gid="name",
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5, "alpha": 0.7},
        zorder=5,
    )


def _include(ax: Axes, points: Array) -> None:
    """Show all points, with a margin for names, both axes to one scale."""
    ax.update_datalim(points)
    ax.margins(0.08)
    ax.autoscale_view()
    ax.set_aspect("equal", adjustable="datalim")


def _layers(weights: Sequence[Any]) -> list[Array]:
    layers: list[Array] = []
    for W in weights:
        name = f"weights[{len(layers)}]"
        columns: int | str = len(layers[-1]) if layers else "units in"
        hint = "one column a unit of the layer before"
        layers.append(real_array(W, name, ("units out", columns), hint=hint))
    return layers


def _one_each(
    given: Sequence[Any] | None, name: str, widths: Sequence[int]
) -> list[Array] | None:
    if given is None:
        return None
    if len(given) != len(widths):
        raise ValueError(f"{name} has {len(given)} layers, expected {len(widths)}")
    return [
        real_array(entry, f"{name}[{i}]", (width,), hint="one number a unit")
        for i, (entry, width) in enumerate(zip(given, widths, strict=True))
    ]


def _names(
    given: Sequence[str] | None, name: str, letter: str, width: int
) -> list[str]:
    if given is None:
        return [f"${letter}_{{{i + 1}}}$" for i in range(width)]
    if len(given) != width:
        raise ValueError(f"{name} has {len(given)} names for {width} units")
    return list(given)


def _short(value: float) -> str:
    """Write a number in at most two decimals, without idle zeros."""
    text = (
        f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:.3g}"
    )
    return "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")


def _edges(
    ax: Axes,
    left: Array,
    right: Array,
    W: Array,
    *,
    largest: float,
    scale: Array,
    numbered: bool,
) -> None:
    """Draw one layer's weights from the units on the left to those on the right."""
    ends = [(start, end) for end in right for start in left]
    size = np.abs(W.ravel()) / (largest or 1)
    ax.add_collection(
        LineCollection(
            ends,
            colors=[_sign(w) for w in W.ravel()],
            linewidths=0.9 + (3.1 if W.size <= 16 else 1.6) * size,
            linestyles=["--" if w < 0 else "-" for w in W.ravel()],
            zorder=1,
            gid="edges",
        )
    )
    if not numbered or W.size > 16:
        return
    for (x, y), w in zip(_clear_spots(ends, scale), W.ravel(), strict=True):
        ax.text(
            x,
            y,
            _short(w),
            fontsize=10,
            ha="center",
            va="center",
            gid="weight",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2},
            zorder=2,
        )


def _clear_spots(ends: Sequence[tuple[Array, Array]], scale: Array) -> list[Array]:
    """Return a place on each line for its number, clear of other lines and numbers.

    `scale` is how many points a unit of each axis is long; a number takes about 30
    points by 14.
    """
    spots: list[Array] = []
    # From just before the middle outwards, and of equally good places the first.
    along = sorted(np.linspace(0.2, 0.75, 23), key=lambda t: abs(t - 0.4))
    for start, end in ends:
        room = []
        for t in along:
            spot = start + t * (end - start)
            others = [
                np.hypot(*(scale * (spot - a - t * (b - a)))) / 14
                for a, b in ends
                if a is not start or b is not end
            ]
            numbers = [np.max(scale * np.abs(spot - s) / [34, 15]) for s in spots]
            room.append(min([1.0, *others, *numbers]))
        spots.append(start + along[int(np.argmax(room))] * (end - start))
    return spots


def _units(ax: Axes, place: Array, values: Array | None, diameter: float) -> None:
    """Draw one layer's units, tinted by the sign and the size of what they put out."""
    fill: list[Any] = [PAPER] * len(place)
    if values is not None:
        size = np.abs(values) / max(float(np.abs(values).max()), 1.0)
        fill = [_tint(_sign(v), 0.35 * s) for v, s in zip(values, size, strict=True)]
    ax.scatter(
        place[:, 0],
        place[:, 1],
        s=diameter**2,
        c=fill,
        edgecolors=INK,
        linewidths=1.5,
        zorder=3,
        gid="units",
    )
    for (x, y), value in zip(place, [] if values is None else values, strict=False):
        ax.text(
            x,
            y,
            _short(value),
            fontsize=min(11.0, 0.28 * diameter),
            ha="center",
            va="center",
            zorder=4,
            gid="value",
        )


def _sign(w: float) -> str:
    return POSITIVE if w > 0 else NEGATIVE if w < 0 else TRUTH
