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
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D  # type: ignore[import-untyped]

from nnbook_utils._inputs import Array, number, real_array, whole

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
    "training_curves",
    "scatter_classes",
    "decision_regions",
]

# Okabe and Ito's hues, darkened until each stands out from the paper (3:1 and more)
# and from the others in grey.
PAPER = "#FFFFFF"
INK = "#222222"
TRUTH = "#767676"
GRID = "#E4E4E4"
NEGATIVE = "#005B96"
POSITIVE = "#DB6A00"
LEARNED = "#A8467F"
GOAL = "#00805E"

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
    low, high = real_array(span, "span", (2,), hint="(low, high)")
    if low >= high:
        raise ValueError(f"span is {span}, expected a low number and a higher one")
    x = np.linspace(low, high, 401)
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
    if lowest == highest:
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
    if path is not None:
        on_surface = [number(f(w), "f(w)") for w in path]
        ax3.plot(
            *path.T,
            on_surface,
            gid="path",
            color=LEARNED,
            linestyle="-",
            marker=".",
            zorder=10,
        )
    if star is not None:
        height_there = number(f(star), "f(optimum)")
        ax3.plot(*star[:, None], [height_there], gid="optimum", **_STAR)
    _frame(ax3, shown, names[:2])
    ax3.set_zlabel(names[2])
    return ax3


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
    samples = real_array(X, "X", ("n", 2), hint="two features can be drawn")
    y = real_array(y, "y", (len(samples),), hint="one label a sample")
    places = _places(y, "y")
    number(size, "size", above=0)
    ax = _axes(ax)
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
    ax.set(xlabel=features[0], ylabel=features[1])
    return _legend(ax)


def decision_regions(
    classify: Callable[[Array], Array],
    X: Any = None,
    y: Any = None,
    *,
    region: Region | None = None,
    features: tuple[str, str] = PLANE,
    points: int = 241,
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
    samples = None if X is None else real_array(X, "X", ("n", 2))
    shown = _region(region, samples)
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
    if samples is not None:
        scatter_classes(samples, y, ax=ax)
    _frame(ax, shown, features)
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


def _tint(colour: str, strength: float = 0.22) -> tuple[float, ...]:
    """Return the colour as it looks when laid thinly on paper."""
    return tuple(1 - strength * (1 - part) for part in to_rgb(colour))
