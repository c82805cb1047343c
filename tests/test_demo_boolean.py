"""Networks from truth tables and polygons: engines against NumPy, and the figure."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Engine, Shown, state_link, violations
from matplotlib.path import Path
from traitlets import TraitError

from nnbook_utils import datasets, demos, mlp

LAWN = [[0, 0], [4, 0], [5, 3], [2, 5], [-1, 3]]
DENT = [[0, 0], [4, 2], [8, 0], [4, 6]]


@pytest.fixture(scope="module")
def boolean(chromium):
    engine = Engine(chromium, "boolean")
    yield engine
    engine.page.close()


@pytest.fixture(scope="module")
def regions(chromium):
    engine = Engine(chromium, "regions")
    yield engine
    engine.page.close()


@pytest.fixture(scope="module")
def hand_built(chromium):
    engine = Engine(chromium, "hand_built")
    yield engine
    engine.page.close()


def columns(k):
    return ["".join(bits) for bits in itertools.product("01", repeat=2**k)]


def some_columns():
    """Every function of two and of three inputs, and some of four."""
    rng = np.random.default_rng(8)
    four = ["".join(map(str, rng.integers(0, 2, 16))) for _ in range(300)]
    return columns(2) + columns(3) + [*four, "0" * 16, "1" * 16]


def network_of(layers):
    return mlp.MLP.from_layers(
        [layer["W"] for layer in layers],
        [layer["b"] for layer in layers],
        hidden=[layer["unit"] for layer in layers[:-1]],
        output=layers[-1]["unit"],
    )


def answers(layers, outputs):
    k = len(outputs).bit_length() - 1
    if not layers[0]["b"]:  # no hidden unit: the bias of the output alone
        return "01"[layers[1]["b"][0] >= 0] * len(outputs)
    return "".join(map(str, network_of(layers).predict(datasets.truth_table(k))))


def built(engine, recipe, tables):
    return engine.page.evaluate(
        "([recipe, tables]) => tables.map((outputs) => engine.termNetwork("
        "engine.termsOf(outputs, recipe), recipe === 'opposite'))",
        [recipe, tables],
    )


# --- The engines ----------------------------------------------------------------------


def test_minterms_give_the_packages_network(boolean):
    tables = [outputs for outputs in some_columns() if "1" in outputs]
    for outputs, layers in zip(tables, built(boolean, "minterms", tables), strict=True):
        k = len(outputs).bit_length() - 1
        patterns = [format(i, f"0{k}b") for i, bit in enumerate(outputs) if bit == "1"]
        expected = mlp.boolean_network(patterns)
        for layer, W, b in zip(layers, expected.weights, expected.biases, strict=True):
            assert np.array_equal(layer["W"], W)
            assert np.array_equal(layer["b"], b)


@pytest.mark.parametrize("recipe", ["minterms", "merged", "opposite"])
def test_every_recipe_computes_every_function(boolean, recipe):
    tables = some_columns()
    for outputs, layers in zip(tables, built(boolean, recipe, tables), strict=True):
        assert answers(layers, outputs) == outputs


def cheapest(k):
    """For each function, as the bits of a number, the cost of its cheapest OR of ANDs.

    By relaxation over all functions, so it knows nothing of prime terms.
    """
    rows = datasets.truth_table(k).astype(int)
    cost = np.full(2**2**k, 10**6)
    cost[0] = 0
    terms = []
    for term in itertools.product((0, 1, None), repeat=k):
        asked = [(j, bit) for j, bit in enumerate(term) if bit is not None]
        true = [all(row[j] == bit for j, bit in asked) for row in rows]
        terms.append((sum(2**i for i, t in enumerate(true) if t), 100 + len(asked)))
    while True:
        before = cost.copy()
        for true, price in terms:
            np.minimum.at(cost, np.arange(len(cost)) | true, cost + price)
        if np.array_equal(cost, before):
            return cost


def test_merging_leaves_the_fewest_terms_and_signs(boolean):
    costs = {k: cheapest(k) for k in (2, 3, 4)}
    tables = some_columns()
    found = boolean.page.evaluate("(tables) => tables.map(engine.mergedTerms)", tables)
    for outputs, terms in zip(tables, found, strict=True):
        k = len(outputs).bit_length() - 1
        price = sum(100 + k - term.count("-") for term in terms)
        assert price == costs[k][int(outputs[::-1], 2)]


@pytest.mark.parametrize(("k", "known"), [(2, 14), (3, 104), (4, 1882)])
def test_single_units_are_all_threshold_functions(boolean, k, known):
    found = boolean.page.evaluate("(k) => [...engine.singleUnits(k)]", k)
    assert len(found) == known  # Muroga, Threshold Logic and Its Applications (1971)
    X = datasets.truth_table(k)
    for outputs, unit in found:
        on = X @ unit["w"] + unit["b"] >= 0
        assert "".join(map(str, on.astype(int))) == outputs


@given(number=st.integers(0, 65535))
@settings(max_examples=25)
def test_a_function_has_a_number_and_comes_back(boolean, number):
    outputs = boolean.functionOf(number, 4)
    assert sum(2**i for i, bit in enumerate(outputs) if bit == "1") == number
    assert boolean.numberOf(outputs) == number


variables = st.sampled_from(["x1", "x2", "x3"])
formulae = st.recursive(
    variables,
    lambda inner: st.one_of(
        st.builds(lambda p: f"not {p}", variables),
        st.builds(lambda p: f"({p})", inner),
        st.builds(lambda p: f"not ({p})", inner),
        st.builds(lambda p, q: f"{p} and {q}", inner, inner),
        st.builds(lambda p, q: f"{p} or {q}", inner, inner),
        st.builds(lambda p, q: f"(({p}) ^ ({q}))", inner, inner),
    ),
    max_leaves=8,
)


@given(formula=formulae)
def test_a_formula_means_what_it_means_in_python(boolean, formula):
    code = compile(formula, "formula", "eval")
    rows = datasets.truth_table(3).astype(bool).tolist()
    values = [eval(code, {"x1": p, "x2": q, "x3": r}) for p, q, r in rows]
    expected = "".join(str(int(value)) for value in values)
    assert boolean.readFormula(formula, 3) == expected


@pytest.mark.parametrize(
    ("formula", "outputs"),
    [
        ("¬x₁ ∨ (x2 ∧ x3)", "11110001"),
        ("x1 xor x2 XOR x3", "01101001"),
        ("!x1&&x2||0", "00110000"),
        ("x1 xor x2 and x3", "00011110"),  # "and" binds more tightly
    ],
)
def test_other_ways_to_write_a_formula(boolean, formula, outputs):
    assert boolean.readFormula(formula, 3) == outputs


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("x1 and", "stops too early"),
        ("(x1", "bracket is not closed"),
        ("x1 x2", "“x2” is not expected there"),
        ("x4", "There is no x4: the table has 3 inputs"),
        ("x1 plus x2", "“plus x” is not understood"),
        ("or x1", "“or” stands where"),
    ],
)
def test_a_wrong_formula_is_told_what_is_wrong(boolean, formula, words):
    with pytest.raises(Exception, match=words.replace("(", r"\(")):
        boolean.readFormula(formula, 3)


weights = st.floats(-50, 50)


@given(
    W=st.lists(st.lists(weights, min_size=2, max_size=2), min_size=3, max_size=3),
    b=st.lists(weights, min_size=3, max_size=3),
    V=st.lists(weights, min_size=3, max_size=3),
    x=st.lists(weights, min_size=2, max_size=2),
    units=st.sampled_from(
        [("threshold", "threshold"), ("sigmoid", "linear"), ("sigmoid", "sigmoid")]
    ),
)
@settings(max_examples=60)
def test_a_pass_gives_what_the_package_gives(hand_built, W, b, V, x, units):
    layers = [
        {"W": W, "b": b, "unit": units[0]},
        {"W": [V], "b": [0.25], "unit": units[1]},
    ]
    Z, A = network_of(layers).forward([x])
    if units[0] == "threshold" and np.abs(Z[0]).min() < 1e-9:
        return  # a tie up to rounding
    found = hand_built.passThrough(layers, x)
    many = hand_built.page.evaluate(
        "([layers, x]) => engine.passMany(layers, x.map((value) => [value]))"
        ".map((layer) => layer.map((values) => values[0]))",
        [layers, x],
    )
    for ours, theirs in zip(many, A[1:], strict=True):
        np.testing.assert_allclose(ours, theirs[0], rtol=1e-9, atol=1e-9)
    for ours, theirs in zip(found["Z"] + found["A"], Z + A, strict=True):
        np.testing.assert_allclose(ours, theirs[0], rtol=1e-9, atol=1e-9)


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


def test_steep_units_have_unit_normals_times_the_steepness(regions, hand_built):
    layers = regions.regionNetwork([LAWN, DENT], "sigmoid", 7)["layers"]
    assert np.allclose(np.linalg.norm(layers[0]["W"], axis=1), 7)
    network = network_of(layers)
    points = np.random.default_rng(1).uniform(-2, 9, (40, 2))
    A = network.forward(points)[1]
    for i, point in enumerate(points.tolist()):
        found = hand_built.passThrough(layers, point)["A"]
        for ours, theirs in zip(found, A, strict=True):
            np.testing.assert_allclose(ours, theirs[i], rtol=1e-9, atol=1e-9)


# --- The figure ----------------------------------------------------------------------


def test_a_row_of_the_table_is_changed_and_shown(chromium):
    with Shown(chromium, demos.Boolean(outputs="0110")) as shown:
        page = shown.page
        assert "2 hidden units" in shown.status
        assert "No single threshold unit" in shown.status
        page.get_by_role("button", name="f of 11: 0").click()
        assert "3 hidden units; true rows 3, merged terms 2" in shown.status
        page.get_by_label("Recipe", exact=True).select_option("merged")
        page.get_by_role("button", name="row 10").click()
        assert shown.status.startswith("Row 10: h₂ on, the network answers 1")
        page.get_by_role("button", name="hidden unit h₂, x1:").click()
        assert "h₂ asks “x1”: 1 if x₁ − 0.5 ≥ 0. Here the sum is 0.5" in (
            page.locator(".sums").inner_text()
        )
        assert shown.complaints == []


def test_the_numbers_shown_are_the_packages(chromium):
    outputs = "01101001"
    patterns = ["001", "010", "100", "111"]
    network = mlp.boolean_network(patterns)
    with Shown(chromium, demos.Boolean(outputs=outputs, row=5)) as shown:
        Z, A = network.forward([[1, 0, 1]])
        shown.page.get_by_text("The numbers as a table").click()
        rows = shown.page.locator(".data tbody tr").all()
        found = [
            [cell.replace("−", "-") for cell in row.locator("td").all_inner_texts()]
            for row in rows
        ]
        for i in range(4):
            expected = [*network.weights[0][i]]
            assert [float(w) for w in found[i][1].split(",")] == expected
            assert float(found[i][2]) == network.biases[0][i]
            assert float(found[i][3]) == Z[0][0, i]
            assert float(found[i][4]) == A[1][0, i]
        assert float(found[4][3]) == Z[1][0, 0]


def test_all_by_keyboard(chromium):
    with Shown(chromium, demos.Boolean(outputs="0000")) as shown:
        page = shown.page
        page.get_by_label("Formula").focus()
        page.keyboard.type("x1 and x2")
        page.keyboard.press("Enter")
        assert "1 hidden unit;" in shown.status
        page.get_by_role("button", name="input x1").focus()
        page.keyboard.press("Space")
        assert shown.status.startswith("Row 11: h₁ on, the network answers 1")
        page.get_by_label("Number of the function").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("16")
        page.keyboard.press("Tab")
        told = page.locator("[data-control='number'] .problem").inner_text()
        assert "go up to 15" in told
        page.get_by_label("Formula").fill("x1 and x3")
        page.keyboard.press("Enter")
        assert page.get_by_label("Formula").get_attribute("aria-invalid") == "true"
        assert "There is no x3" in page.locator("[data-control='formula']").inner_text()


def test_all_rows_are_run_through_and_it_stops(chromium):
    with Shown(chromium, demos.Boolean(outputs="0110", row=2)) as shown:
        run = shown.page.get_by_role("button", name="Run through all rows")
        run.click()
        shown.page.get_by_role("button", name="Stop").wait_for()
        run.wait_for(timeout=6000)  # it is called so again when it has stopped
        assert shown.status.startswith("Row 00")


def test_the_network_is_covered_until_there_is_a_guess(chromium):
    with Shown(chromium, demos.Boolean(outputs="0111", guess_first=True)) as shown:
        page = shown.page
        assert not page.locator(".network").is_visible()
        assert "?" in page.locator(".column").inner_text()
        assert not page.get_by_text("The numbers as a table").is_visible()
        page.get_by_label("How many hidden units").fill("2")
        page.get_by_role("button", name="Commit to it").click()
        assert "You said 2; it is 3." in page.locator(".verdict").inner_text()
        assert page.locator(".network").is_visible()
        page.get_by_role("button", name="Another table to guess about").click()
        assert not page.locator(".network").is_visible()


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_corner_is_dragged_and_the_network_follows(chromium):
    widget = demos.Boolean(view="region", polygons=[[[0, 0], [4, 0], [4, 4], [0, 4]]])
    with Shown(chromium, widget) as shown:
        page = shown.page
        assert "4 half-planes, one AND: 5 units" in shown.status
        x, y = centre(page.get_by_label("corner 3 of polygon 1"))
        unit = page.locator(".plane svg").first.bounding_box()["width"] / 460 * 406 / 12
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 3 * unit, y + 3 * unit, steps=6)  # a dent, at (1, 1)
        page.mouse.up()
        assert "2 convex pieces" in shown.status
        corner = page.get_by_label("corner 3 of polygon 1")
        assert "at 1, 1;" in corner.get_attribute("aria-label")
        assert shown.complaints == []


def test_a_polygon_is_drawn_by_touch(chromium):
    widget = demos.Boolean(view="region", polygons=[LAWN])
    with Shown(chromium, widget, width=400, has_touch=True) as shown:
        page = shown.page
        page.get_by_role("button", name="Draw another polygon").tap()
        picture = page.locator(".plane svg").first
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        scale = box["width"] / 460

        def tap(u, v):
            page.touchscreen.tap(
                box["x"] + scale * (44 + 406 * (u + 2) / 12),
                box["y"] + scale * (10 + 304 * (7 - v) / 9),
            )

        for corner in [(6, 1), (9, 2), (6, 4), (6, 1)]:
            tap(*corner)
        assert "8 half-planes, 2 ANDs and an OR: 11 units" in shown.status
        assert shown.complaints == []


def test_a_polygon_is_drawn_and_cut_down_by_keyboard(chromium):
    widget = demos.Boolean(view="region", polygons=[LAWN], point=[6, 1])
    with Shown(chromium, widget) as shown:
        page = shown.page
        press = page.keyboard.press
        page.get_by_role("button", name="Draw another polygon").press("Enter")
        here = page.get_by_role("button", name="Corner at the point")
        here.press("Enter")
        point = page.get_by_label("the point that is asked about")
        for key in ("Shift+ArrowRight", "ArrowUp"):
            point.focus()
            press(key)
            here.press("Enter")
        page.get_by_role("button", name="Close the polygon").press("Enter")
        assert "8 half-planes, 2 ANDs and an OR: 11 units" in shown.status
        page.get_by_label("corner 1 of polygon 2").focus()
        press("Delete")
        told = page.locator(".controls > .problem")
        assert "keeps three corners" in told.inner_text()
        page.get_by_label("corner 2 of polygon 1").focus()
        press("Delete")
        assert "7 half-planes" in shown.status
        page.get_by_role("button", name="Remove the polygon").press("Enter")
        assert "3 half-planes, one AND: 4 units" in shown.status


def test_a_border_that_would_meet_itself_is_refused(chromium):
    square = [[0, 0], [4, 0], [4, 4], [0, 4]]
    with Shown(chromium, demos.Boolean(view="region", polygons=[square])) as shown:
        shown.page.get_by_label("corner 1 of polygon 1").focus()
        for _ in range(2):
            shown.page.keyboard.press("Shift+ArrowRight")
        told = shown.page.locator(".controls > .problem").inner_text()
        assert "would meet itself" in told
        label = shown.page.get_by_label("corner 1 of polygon 1")
        assert "at 2.5, 0;" in label.get_attribute("aria-label")


def test_a_unit_shows_its_own_region(chromium):
    with Shown(chromium, demos.Boolean(view="region", polygons=[LAWN])) as shown:
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


@pytest.mark.parametrize(
    "settings",
    [
        {"outputs": "0110100110010110", "row": 3, "unit": "h2"},
        {"view": "region", "polygons": [LAWN, [[6, 1], [9, 2], [6, 4]]]},
        {"view": "region", "guess_first": True, "kind": "sigmoid"},
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_telephone(chromium, theme, settings):
    widget = demos.Boolean(**settings)
    with Shown(chromium, widget, width=320, theme=theme) as shown:
        page = shown.page
        assert [v for v in violations(page) if "<h1>" not in v] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.complaints == []


def test_a_link_carries_the_state_and_a_teachers_link_hides(chromium):
    link = state_link("boolean", outputs="00010111", row=7, hide=["recipe", "formula"])
    with Shown(chromium, demos.Boolean(), fragment=link) as shown:
        assert shown.status.startswith("Row 111: h₄ on")
        assert not shown.page.get_by_label("Recipe", exact=True).is_visible()
        assert not shown.page.get_by_label("Formula").is_visible()
        assert shown.page.get_by_label("Number of the function").is_visible()


@pytest.mark.parametrize(
    "state",
    [
        {"outputs": "012"},
        {"view": "elsewhere"},
        {"row": "one"},
        {"polygons": [[[0, 0], [2, 2], [2, 0], [0, 2]]], "view": "region"},
        {"polygons": 3},
        {"point": [1]},
    ],
)
def test_a_link_with_nonsense_starts_as_usual(chromium, state):
    link = state_link("boolean", **state)
    with Shown(chromium, demos.Boolean(), fragment=link) as shown:
        assert shown.status.startswith("Row 01: h₁ on")
        assert shown.complaints == []


@pytest.mark.parametrize(
    "state",
    [
        {"outputs": "011"},
        {"outputs": "01a1"},
        {"unit": "z1"},
        {"view": "both"},
        {"row": 16},
        {"polygons": [[[0, 0], [1, 1]]]},
        {"polygons": [[[0, 0], [2, 2], [2, 0], [0, 2]]]},
        {"steepness": 0.5},
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_python(state):
    with pytest.raises(TraitError):
        demos.Boolean(**state)
