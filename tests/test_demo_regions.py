"""Networks from polygons: the engine against NumPy, and the figure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import (
    Engine,
    Shown,
    box_of,
    centre,
    engine_of,
    network_of,
    place_on,
    state_link,
    violations,
)
from matplotlib.path import Path
from traitlets import TraitError

from nnbook_utils import demos

LAWN = [[0, 0], [4, 0], [5, 3], [2, 5], [-1, 3]]
DENT = [[0, 0], [4, 2], [8, 0], [4, 6]]


regions = engine_of("regions")


# --- The engine -----------------------------------------------------------------------


def edge_units(corners):
    """As the chapter on regions has it."""
    p = np.array(corners, dtype=float)
    e = np.roll(p, -1, axis=0) - p
    W = np.column_stack([-e[:, 1], e[:, 0]])
    return W, -(W * p).sum(axis=1)


def test_a_convex_polygon_gives_the_chapters_network(regions):
    W, b = edge_units(LAWN)
    for corners in (LAWN, LAWN[::-1]):
        layers = regions.regionNetwork([corners])["layers"]
        expected = {(*w, c) for w, c in zip(W.tolist(), b, strict=True)}
        found = zip(layers[0]["W"], layers[0]["b"], strict=True)
        assert {(*w, c) for w, c in found} == expected
        assert [layer["b"] for layer in layers[1:]] == [[-4.5]]


def far_from_borders(points, polygons):
    """Those of `points` that no rounding can move over a border."""
    keep = np.ones(len(points), dtype=bool)
    for polygon in polygons:
        p = np.array(polygon, dtype=float)
        for a, c in zip(p, np.roll(p, -1, axis=0), strict=True):
            t = np.clip((points - a) @ (c - a) / ((c - a) @ (c - a)), 0, 1)
            keep &= np.hypot(*(points - a - t[:, None] * (c - a)).T) > 1e-6
    return points[keep]


@st.composite
def stars(draw):
    """Polygons around a centre, mostly dented; the corners lie on quarters."""
    n = draw(st.integers(3, 10))
    radii = draw(st.lists(st.floats(1, 4), min_size=n, max_size=n))
    angle = 2 * np.pi * np.arange(n) / n + 0.1
    corners = np.round(4 * np.column_stack([np.cos(angle), np.sin(angle)]).T * radii)
    return (corners.T / 4 + draw(st.integers(-1, 4))).tolist()


@given(polygons=st.lists(stars(), min_size=1, max_size=2), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_the_network_knows_inside_from_outside(regions, polygons, seed):
    if not all(regions.isSimple(polygon) for polygon in polygons):
        return
    built = regions.regionNetwork(polygons)
    points = np.random.default_rng(seed).uniform(-6, 9, (400, 2))
    points = far_from_borders(points, polygons + built["pieces"])
    inside = np.any([Path(p).contains_points(points) for p in polygons], axis=0)
    network = network_of(built["layers"])
    assert np.array_equal(network.predict(points), inside)
    assert all(regions.isConvex(piece) for piece in built["pieces"])


def test_a_dented_polygon_is_cut_into_few_pieces(regions):
    assert len(regions.convexPieces(DENT)) == 2
    star = [[4, -1], [5, 2], [8, 2], [5.5, 3.5], [6.5, 6.5], [4, 4.5], [1.5, 6.5]]
    star += [[2.5, 3.5], [0, 2], [3, 2]]
    # Five dents need three cuts at least; Hertel and Mehlhorn: at most four times that.
    assert 4 <= len(regions.convexPieces(star)) <= 6


@pytest.mark.parametrize(
    ("corners", "simple"),
    [
        (LAWN, True),
        (DENT, True),
        ([[0, 0], [2, 0], [4, 0], [2, 3]], True),  # straight on at a corner
        ([[0, 0], [2, 2], [2, 0], [0, 2]], False),  # a bow tie
        ([[0, 0], [4, 0], [2, 0]], False),  # no area
        ([[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]], False),  # a corner on an edge
        ([[0, 0], [4, 0], [4, 0], [2, 4]], False),  # twice the same corner
        ([[0, 0], [4, 0], [4, 4], [4, 2], [0, 2]], False),  # back over an edge
    ],
)
def test_a_border_that_meets_itself_is_found(regions, corners, simple):
    assert regions.isSimple(corners) is simple


def test_steep_units_have_unit_normals_times_the_steepness(regions, chromium):
    layers = regions.regionNetwork([LAWN, DENT], "sigmoid", 7)["layers"]
    assert np.allclose(np.linalg.norm(layers[0]["W"], axis=1), 7)
    network = network_of(layers)
    points = np.random.default_rng(1).uniform(-2, 9, (40, 2))
    A = network.forward(points)[1]
    hand_built = Engine(chromium, "hand_built")
    for i, point in enumerate(points.tolist()):
        found = hand_built.passThrough(layers, point)["A"]
        for ours, theirs in zip(found, A, strict=True):
            np.testing.assert_allclose(ours, theirs[i], rtol=1e-9, atol=1e-9)


# --- The figure -----------------------------------------------------------------------


def test_a_corner_is_dragged_and_the_network_follows(show):
    widget = demos.Regions(polygons=[[[0, 0], [4, 0], [4, 4], [0, 4]]])
    with show(widget) as shown:
        figure = shown.figure
        assert "4 half-planes, one AND: 5 units" in shown.status
        x, y = centre(figure.get_by_label("corner 3 of polygon 1"))
        picture = figure.locator(".plane svg").first
        unit = box_of(picture)["width"] / 460 * 406 / 12
        shown.drag((x, y), (x - 3 * unit, y + 3 * unit))  # a dent, at (1, 1)
        assert "2 convex pieces" in shown.status
        corner = figure.get_by_label("corner 3 of polygon 1")
        assert "at 1, 1;" in corner.get_attribute("aria-label")
        assert shown.complaints == []


def test_a_polygon_is_drawn_by_touch(show):
    widget = demos.Regions(polygons=[LAWN])
    with show(widget, width=400, has_touch=True) as shown:
        page, figure = shown.page, shown.figure
        figure.get_by_role("button", name="Draw another polygon").tap()
        plane = figure.locator(".plane svg").first

        def place(u, v):
            return place_on(plane, u, v, across=(-2, 10), up=(-2, 7))

        for corner in [(6, 1), (9, 2), (6, 4), (6, 1)]:
            page.touchscreen.tap(*place(*corner))
        assert "8 half-planes, 2 ANDs and an OR: 11 units" in shown.status
        corner = figure.get_by_label("corner 3 of polygon 1")
        shown.drag(place(5, 3), place(5, 4), finger=True)
        assert "at 5, 4;" in corner.get_attribute("aria-label")
        assert shown.complaints == []


def test_a_polygon_is_drawn_and_cut_down_by_keyboard(show):
    widget = demos.Regions(polygons=[LAWN], point=[6, 1])
    with show(widget) as shown:
        page, figure = shown.page, shown.figure
        press = page.keyboard.press
        figure.get_by_role("button", name="Draw another polygon").press("Enter")
        here = figure.get_by_role("button", name="Add a corner at the point")
        here.press("Enter")
        point = figure.get_by_label("the point that is asked about")
        point.focus()
        press("ArrowRight")
        press("Space")
        press("Delete")  # the last corner again
        press("ArrowLeft")
        for key in ("Shift+ArrowRight", "ArrowUp"):
            press(key)
            press("Enter")
        figure.get_by_role("button", name="Close the polygon").press("Enter")
        assert "8 half-planes, 2 ANDs and an OR: 11 units" in shown.status
        figure.get_by_label("corner 1 of polygon 2").focus()
        press("Delete")
        told = figure.locator(".controls > .problem")
        assert "keeps three corners" in told.inner_text()
        figure.get_by_label("corner 1 of polygon 1").focus()
        press("PageDown")
        press("Delete")
        assert "7 half-planes" in shown.status
        figure.get_by_role("button", name="Remove the chosen polygon").press("Enter")
        assert "3 half-planes, one AND: 4 units" in shown.status


def test_a_border_that_would_meet_itself_is_refused(chromium):
    square = [[0, 0], [4, 0], [4, 4], [0, 4]]
    with Shown(chromium, demos.Regions(polygons=[square])) as shown:
        shown.page.get_by_label("corner 1 of polygon 1").focus()
        for _ in range(2):
            shown.page.keyboard.press("Shift+ArrowRight")
        told = shown.page.locator(".controls > .problem").inner_text()
        assert "would meet itself" in told
        label = shown.page.get_by_label("corner 1 of polygon 1")
        assert "at 2.5, 0;" in label.get_attribute("aria-label")


def test_a_unit_shows_its_own_region(chromium):
    with Shown(chromium, demos.Regions(polygons=[LAWN])) as shown:
        page = shown.page
        tinted = """() => {
          const c = document.querySelector(".plane canvas");
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let n = 0;
          for (let i = 3; i < d.length; i += 4) n += d[i] > 0;
          return n / (c.width * c.height);
        }"""
        area = 0.5 * abs(
            sum(
                p[0] * q[1] - q[0] * p[1]
                for p, q in zip(LAWN, LAWN[1:] + LAWN[:1], strict=True)
            )
        )
        assert abs(page.evaluate(tinted) - area / (12 * 9)) < 0.01
        page.get_by_role("button", name="unit h₁, half-plane").click()
        assert abs(page.evaluate(tinted) - 7 / 9) < 0.01  # where y >= 0
        assert page.locator(".cut").get_attribute("visibility") == "visible"


def test_the_network_is_covered_until_there_is_a_guess(chromium):
    with Shown(chromium, demos.Regions(polygons=[DENT], guess_first=True)) as shown:
        page = shown.page
        assert not page.locator(".hand-network").is_visible()
        assert not page.locator(".plane canvas").is_visible()
        page.get_by_label("How many threshold units").fill("9")
        page.get_by_role("button", name="Commit to it").click()
        verdict = page.locator(".verdict")
        assert verdict.inner_text() == "✓ Right. You said: 9. It is 9."
        assert page.locator(".hand-network").is_visible()
        page.get_by_role("button", name="star").click()
        assert verdict.inner_text() == ""  # it was about another polygon
        page.get_by_role("button", name="Guess about another shape").click()
        assert not page.locator(".hand-network").is_visible()


def test_the_numbers_shown_are_the_packages(chromium, regions):
    point = [1.5, 2.25]
    network = network_of(regions.regionNetwork([LAWN], "sigmoid", 3)["layers"])
    Z, A = network.forward([point])
    widget = demos.Regions(polygons=[LAWN], point=point, kind="sigmoid", steepness=3)
    with Shown(chromium, widget) as shown:
        assert f"answers {A[-1][0, 0]:.4g}: inside" in shown.status
        rows = shown.rows()
        sums = np.concatenate([z[0] for z in Z])
        values = np.concatenate([a[0] for a in A[1:]])
        for row, z, a in zip(rows, sums, values, strict=True):
            cells = [c.replace("−", "-") for c in row.locator("td").all_inner_texts()]
            assert float(cells[3]) == pytest.approx(z, rel=1e-3)
            assert float(cells[4]) == pytest.approx(a, rel=1e-3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_polygons_are_accessible_and_fit_a_telephone(chromium, theme):
    widget = demos.Regions(polygons=[LAWN, [[6, 1], [9, 2], [6, 4]]], kind="sigmoid")
    with Shown(chromium, widget, width=320, theme=theme) as shown:
        assert violations(shown.page) == []
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.complaints == []


def test_a_link_carries_the_state(chromium):
    link = state_link("regions", polygons=[DENT], point=[4, 1])
    with Shown(chromium, demos.Regions(), fragment=link) as shown:
        assert "At (4, 1)" in shown.status
        assert shown.status.endswith("the network answers 0: outside.")


@pytest.mark.parametrize(
    "polygons",
    [3, [], [[[0, 0], [2, 2], [2, 0], [0, 2]]], [[[0, 0], [1, 1]]], [[[0, 0]] * 3]],
)
def test_a_link_with_nonsense_starts_as_usual(chromium, polygons):
    link = state_link("regions", polygons=polygons)
    with Shown(chromium, demos.Regions(), fragment=link) as shown:
        assert "5 half-planes, one AND: 6 units" in shown.status
        assert shown.complaints == []


@pytest.mark.parametrize(
    "state",
    [
        {"polygons": []},
        {"polygons": [[[0, 0], [1, 1]]]},
        {"polygons": [[[0, 0], [2, 2], [2, 0], [0, 2]]]},
        {"polygons": [[[0, 0], [4, 0], [4, 4], [4, 2], [0, 2]]]},
        {"polygons": [LAWN] * 5},
        {"polygons": [[[np.cos(k / 4), np.sin(k / 4)] for k in range(25)]]},
        {"unit": "z1"},
        {"kind": "relu"},
        {"steepness": 0.5},
        {"point": [np.inf, 0]},
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_python(state):
    with pytest.raises(TraitError):
        demos.Regions(**state)
