"""Polygons and the network of half-planes that decides what is inside."""

import itertools
import re
from typing import Any

from traitlets import Bool, Enum, List, TraitError, Unicode, validate

from nnbook_utils.demos._demo import Demo, Finite

_CORNER = List(Finite(), minlen=2, maxlen=2)
_MOST_CORNERS = 24


def _turn(p: list[float], q: list[float], r: list[float]) -> float:
    """Return twice the area of a triangle, positive if p, q, r turn to the left."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _on(p: list[float], q: list[float], r: list[float]) -> bool:
    """Tell whether r lies between p and q, on a straight line with them."""
    inside = all(min(a, b) <= c <= max(a, b) for a, b, c in zip(p, q, r, strict=True))
    return inside and abs(_turn(p, q, r)) < 1e-9


def _is_simple(corners: list[list[float]]) -> bool:
    """Tell whether no two edges share more than the corner where they join."""
    n = len(corners)
    edges = [(corners[i], corners[(i + 1) % n]) for i in range(n)]
    for (i, (p, q)), (j, (r, s)) in itertools.combinations(enumerate(edges), 2):
        if j == i + 1 or (i, j) == (0, n - 1):
            far = (p, s) if j == i + 1 else (q, r)
            if p == q or r == s or _on(p, q, far[1]) or _on(r, s, far[0]):
                return False
            continue
        crossing = (
            _turn(p, q, r) * _turn(p, q, s) < 0 and _turn(r, s, p) * _turn(r, s, q) < 0
        )
        touching = _on(p, q, r) or _on(p, q, s) or _on(r, s, p) or _on(r, s, q)
        if crossing or touching:
            return False
    return True


class Regions(Demo):
    """Polygons and the network whose region they are.

    The reader moves and draws polygons; the network has a unit for each edge, an AND
    for each convex piece, and an OR.

    Parameters
    ----------
    polygons : list of list of list of float, shape (polygons, corners, 2)
        At most 4 polygons with at most 24 corners in all, none of which meets itself.
        The region is their union.
    point : list of float, shape (2,)
        The point of the plane whose values are shown.
    unit : str
        The unit whose weights and region are shown: "y", or such as "h2" or "g1".
    kind : {"threshold", "sigmoid"}
        The units.
    steepness : float
        With sigmoid units, what every sum is multiplied by; from 1 to 100.
    guess_first : bool
        Whether the network stays covered until the reader has guessed its size.

    Raises
    ------
    traitlets.TraitError
        If a value is none of those that are listed, or has another type or shape, or a
        polygon meets itself.

    Notes
    -----
    Source: Lippmann (1987) made the picture of regions and layers known. Polygons with
    dents are cut as Hertel and Mehlhorn (1983) do.
    """

    module = "regions"
    sentence = (
        "A live figure: move or draw polygons, and see the network of half-planes that "
        "decides what is inside."
    )

    polygons = List(
        List(_CORNER, minlen=3),
        [[[0.0, 0.0], [4.0, 0.0], [5.0, 3.0], [2.0, 5.0], [-1.0, 3.0]]],
        minlen=1,
        maxlen=4,
    ).tag(sync=True)
    point = List(Finite(), [2.0, 2.0], minlen=2, maxlen=2).tag(sync=True)
    unit = Unicode("y").tag(sync=True)
    kind = Enum(["threshold", "sigmoid"], "threshold").tag(sync=True)
    steepness = Finite(4.0, min=1.0, max=100.0).tag(sync=True)
    guess_first = Bool(False).tag(sync=True)

    @validate("polygons")
    def _are_polygons(self, proposal: Any) -> list[list[list[float]]]:
        polygons: list[list[list[float]]] = proposal["value"]
        if sum(map(len, polygons)) > _MOST_CORNERS:
            raise TraitError(
                f"polygons has {sum(map(len, polygons))} corners, expected at most "
                f"{_MOST_CORNERS}"
            )
        for i, corners in enumerate(polygons):
            if not _is_simple(corners):
                raise TraitError(
                    f"polygons[{i}] is {corners}, expected corners in their order "
                    "around an area: the border may not meet itself"
                )
        return polygons

    @validate("unit")
    def _is_a_unit(self, proposal: Any) -> str:
        unit = str(proposal["value"])
        if not re.fullmatch(r"y|[hg][1-9]\d?", unit):
            raise TraitError(f"unit is {unit!r}, expected 'y' or such as 'h2' or 'g1'")
        return unit
