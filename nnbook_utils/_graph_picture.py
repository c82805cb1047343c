"""How `graph.draw` lays a graph out and paints it.

The layout is that of Sugiyama, Tagawa and Toda (1981), in three steps. A node stands in
the column just left of its nearest child; an edge that spans several columns gets a
way-point in each one between, so that it is led around boxes and not through them. The
order within a column is improved by sweeps that pull every item to the mean of its
neighbours. Then columns are slid up and down until the edges are as level as they can.

One unit of length is one inch of a picture at its natural size; y grows downwards.
"""

import math
from itertools import combinations, pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.textpath import TextPath

if TYPE_CHECKING:
    from nnbook_utils.graph import Value

Item: TypeAlias = "Value | tuple[Value, int]"  # a node, or a way-point: whose and where
Columns: TypeAlias = "list[list[Item]]"  # from left to right, each from top to bottom
Routes: TypeAlias = (
    "dict[tuple[Value, int], list[Item]]"  # of a child and its k-th edge
)
Neighbours: TypeAlias = "dict[Item, list[Item]]"

INK, GREY, RED = "#222222", "#6B6B6B", "#B03A00"
VALUE = {"color": INK}
GRADIENT = {"color": RED, "style": "italic"}
SLOPE = {"color": GREY}
LEAF, OPERATION, OUTPUT = "#E6F0F8", "#FFFFFF", "#FDF1CF"
FONT = 10.0  # points, at natural size
LINE = 0.19  # the height of a line of text
PAD = 0.09  # around text
GAP = 0.2  # between two items of a column, at least
PORT = 0.26  # between two edges that enter the same box
CURVE = (0.35, 0.9)  # the width in which edges change height, at least and at most
ARROW = 0.2  # the straight end of an edge, between its label and the box
TIP = 0.08  # the arrow's head


def picture(nodes: "list[Value]", ax: Axes | None) -> Axes:
    """Draw `nodes`, given parents first and the output last."""
    columns, routes = arrange(nodes)
    left, right = neighbours(routes)
    columns = untangle(columns, left, right)
    y = level(columns, left, right)
    calm, begin, end = sides(columns, left, y)
    key = [("value", VALUE), ("gradient", GRADIENT), ("local derivative", SLOPE)]
    if math.isnan(nodes[-1].grad):
        key.remove(("gradient", GRADIENT))

    width = max(end[nodes[-1]], sum(text_width(*entry) + 2 * PAD for entry in key))
    top = min(y[item] - height(item) / 2 for item in y)
    bottom = max(y[item] + height(item) / 2 for item in y) + GAP + LINE
    size = np.array([width, bottom - top]) + 2 * PAD
    if ax is None:
        ax = plt.figure(figsize=tuple(size), layout="none").add_axes((0, 0, 1, 1))
    ax.set(xlim=(-PAD, width + PAD), ylim=(bottom + PAD, top - PAD), aspect="equal")
    ax.set_axis_off()
    room = np.array(ax.get_window_extent().size) / ax.figure.dpi
    zoom = min(room / size)  # so that text and lines keep their size within a box

    def write(x: float, y: float, words: str, **style: Any) -> None:
        style = {"ha": "center", "va": "center_baseline"} | style
        ax.text(x, y, words, fontsize=FONT * zoom, **style)

    for node in nodes:
        for k, port in ports(node, routes, y).items():
            route = curve(routes[node, k], y | {node: port}, calm, begin, end)
            ax.add_artist(PathPatch(route, fc="none", ec=GREY, lw=zoom))
            tip, wing = begin[node], TIP / 2
            arrow = [(tip, port), (tip - TIP, port - wing), (tip - TIP, port + wing)]
            ax.add_artist(Polygon(arrow, fc=GREY, lw=0))
            gap = {"boxstyle": "square,pad=0.1", "fc": "white", "lw": 0}
            slope = short(node.local[k])
            write(tip - ARROW, port, slope, ha="right", bbox=gap, **SLOPE)

        corner = (begin[node], y[node] - height(node) / 2)
        wide = end[node] - begin[node]
        fill = OUTPUT if node is nodes[-1] else OPERATION if node.edges else LEAF
        box = FancyBboxPatch(corner, wide, height(node), fc=fill, ec=INK, lw=zoom)
        box.set_boxstyle("round", pad=0, rounding_size=PAD)
        ax.add_artist(box)
        lines = text(node)
        for row, (words, look) in enumerate(lines):
            line = y[node] + (row - (len(lines) - 1) / 2) * LINE
            write(begin[node] + wide / 2, line, words, **look)

    x = 0.0
    for words, look in key:
        write(x, bottom - LINE / 2, words, ha="left", **look)
        x += text_width(words, look) + 2 * PAD
    return ax


def curve(
    route: list[Item],
    y: dict[Item, float],
    calm: dict[Item, float],
    begin: dict[Item, float],
    end: dict[Item, float],
) -> Path:
    """Return the line along a route: it bends between columns, and is level in them."""
    points = [(end[route[0]], y[route[0]])]
    codes = [Path.MOVETO]
    for here, there in pairwise(route):
        half = (end[here] + calm[there]) / 2
        points += [(half, y[here]), (half, y[there]), (calm[there], y[there])]
        points += [(end[there], y[there])]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    points[-1] = (begin[route[-1]], y[route[-1]])  # it stops at the child's box
    return Path(points, codes)


def arrange(nodes: "list[Value]") -> tuple[Columns, Routes]:
    """Return the columns in a first order, and the way of every edge through them."""
    place = {nodes[-1]: 0}  # columns are counted from the output
    for node in reversed(nodes):
        for parent in node.parents:
            place[parent] = max(place.get(parent, 0), place[node] + 1)
    routes: Routes = {}
    for node in nodes:
        for k, parent in enumerate(node.parents):
            stops = range(place[parent] - 1, place[node], -1)
            routes[node, k] = [parent, *((parent, stop) for stop in stops), node]
    columns: Columns = [[nodes[-1]]]
    left, _ = neighbours(routes)
    for _ in range(max(place.values())):
        found = (item for child in columns[0] for item in left.get(child, ()))
        columns.insert(0, list(dict.fromkeys(found)))
    return columns, routes


def neighbours(routes: Routes) -> tuple[Neighbours, Neighbours]:
    """Return what every item is linked to in the column before it and after it."""
    left: Neighbours = {}
    right: Neighbours = {}
    links = (link for route in routes.values() for link in pairwise(route))
    for here, there in dict.fromkeys(links):
        left.setdefault(there, []).append(here)
        right.setdefault(here, []).append(there)
    return left, right


def untangle(columns: Columns, left: Neighbours, right: Neighbours) -> Columns:
    """Return the columns in a better order, found by barycentre sweeps."""
    best = columns
    for sweep in range(24):
        forwards = sweep % 2 == 0
        near = left if forwards else right
        columns = [list(column) for column in columns]
        for fixed, free in pairwise(columns if forwards else columns[::-1]):
            if sweep % 4 >= 2:
                free.reverse()  # and with it those that the sort finds equal
            row = {item: i for column in (free, fixed) for i, item in enumerate(column)}
            mean = {
                item: fmean(row[o] for o in near.get(item, [item])) for item in free
            }
            free.sort(key=mean.__getitem__)
        if disorder(columns, left) < disorder(best, left):
            best = columns
    return best


def disorder(columns: Columns, left: Neighbours) -> float:
    """Return how many pairs of edges cross, and half of how many leave their order.

    The order of an operation's edges is that of its operands: a numerator is to stand
    above its denominator, unless turning them over saves a crossing.
    """
    row = {item: i for column in columns for i, item in enumerate(column)}
    total = 0.0
    for column in columns:
        links = [(row[a], row[b]) for b in column for a in left.get(b, ())]
        for (a, b), (c, d) in combinations(links, 2):
            if b == d:
                total += (a > c) / 2
            else:
                total += (a - c) * (b - d) < 0
    return total


def level(columns: Columns, left: Neighbours, right: Neighbours) -> dict[Item, float]:
    """Return the height at which every item stands."""
    y = dict.fromkeys((item for column in columns for item in column), 0.0)
    for sweep in range(40):
        for column in columns[:: 1 if sweep % 2 else -1]:
            wanted, weights = [], []
            for item in column:
                near = [*left.get(item, ()), *right.get(item, ())] or [item]
                # The way of the computation is to be straight; a leaf may stand aside.
                pull = [1.0 if is_leaf(item) or is_leaf(one) else 5.0 for one in near]
                wanted.append(fmean([y[one] for one in near], pull))
                weights.append(sum(pull))
            sizes = [height(item) for item in column]
            y |= zip(column, spread(wanted, weights, sizes), strict=True)
    return y


def spread(
    wanted: list[float], weights: list[float], sizes: list[float]
) -> list[float]:
    """Return the heights nearest to those wanted that leave a gap between items.

    Nearest in weighted least squares: once the sizes are taken off, this is isotonic
    regression, solved by pooling neighbours that are in the wrong order (Ayer et al.,
    1955).
    """
    offsets = [0.0]
    for above, below in pairwise(sizes):
        offsets.append(offsets[-1] + (above + below) / 2 + GAP)
    pools: list[tuple[float, float, int]] = []  # mean, weight, number of items
    for goal, weight, offset in zip(wanted, weights, offsets, strict=True):
        pool = (goal - offset, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            both = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / both, both, count + pool[2])
        pools.append(pool)
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def sides(
    columns: Columns, left: Neighbours, y: dict[Item, float]
) -> tuple[dict[Item, float], dict[Item, float], dict[Item, float]]:
    """Return where the edges into an item are level, where it begins, where it ends."""
    calm: dict[Item, float] = {}
    begin: dict[Item, float] = {}
    end: dict[Item, float] = {}
    x = 0.0
    for column in columns:
        boxes = [item for item in column if not isinstance(item, tuple)]
        if end:
            rises = [abs(y[a] - y[b]) for a in column for b in left.get(a, ())]
            slopes = [
                text_width(short(slope)) for node in boxes for slope in node.local
            ]
            x += min(max(CURVE[0], max(rises) / 2), CURVE[1])
            calm |= dict.fromkeys(column, x)
            x += max(slopes) + ARROW + PAD
        begin |= dict.fromkeys(column, x)
        x += max(text_width(*line) for node in boxes for line in text(node)) + 2 * PAD
        end |= dict.fromkeys(column, x)
    return calm, begin, end


def ports(node: "Value", routes: Routes, y: dict[Item, float]) -> dict[int, float]:
    """Return the height at which each of a node's edges enters its box."""
    edges = range(len(node.parents))
    order = sorted(edges, key=lambda k: y[routes[node, k][-2]])
    middle = y[node] - (len(order) - 1) / 2 * PORT
    return {k: middle + i * PORT for i, k in enumerate(order)}


def is_leaf(item: Item) -> bool:
    """Tell an input or a constant from an operation or a way-point."""
    return not isinstance(item, tuple) and not item.edges


def text(node: "Value") -> list[tuple[str, dict[str, Any]]]:
    """Return the lines in a node's box, each with its style."""
    value = f"{node.label} = {short(node.data)}" if node.label else short(node.data)
    lines = [(value, VALUE)]
    if node.operation:
        lines.insert(0, (node.operation, VALUE | {"weight": "bold"}))
    if not math.isnan(node.grad):
        lines.append((short(node.grad), GRADIENT))
    return lines


def height(item: Item) -> float:
    """Return the height of an item: of a box with its text, or of a passing edge."""
    if isinstance(item, tuple):
        return LINE / 2
    return max(len(text(item)) * LINE + 2 * PAD, len(item.edges) * PORT)


def text_width(words: str, style: dict[str, Any] | None = None) -> float:
    """Return the width of a line of text."""
    font = FontProperties(size=FONT, weight=(style or {}).get("weight"))
    outline = TextPath((0, 0), words, prop=font).vertices
    return float(np.max(np.asarray(outline)[:, 0], initial=0.0)) / 72


def short(value: float) -> str:
    """Return a number to four digits, with a proper minus sign."""
    return f"{value + 0.0:.4g}".replace("-", "−")  # adding 0 turns −0 into 0
