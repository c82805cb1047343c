"""Networks from truth tables: the engine against NumPy, and the figure."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Shown, engine_of, network_of, state_link, violations
from traitlets import TraitError

from nnbook_utils import datasets, demos, mlp

boolean = engine_of("boolean")
hand_built = engine_of("hand_built")


def columns(k):
    return ["".join(bits) for bits in itertools.product("01", repeat=2**k)]


def some_columns():
    """Every function of two and of three inputs, and some of four."""
    rng = np.random.default_rng(8)
    four = ["".join(map(str, rng.integers(0, 2, 16))) for _ in range(300)]
    return columns(2) + columns(3) + [*four, "0" * 16, "1" * 16]


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


# --- The figure ----------------------------------------------------------------------


def test_a_row_of_the_table_is_changed_and_shown(show):
    with show(demos.Boolean(outputs="0110")) as shown:
        figure = shown.figure
        assert "2 hidden units" in shown.status
        assert "No single threshold unit" in shown.status
        figure.get_by_role("button", name="f of 11: 0").click()
        assert "3 hidden units; true rows 3, merged terms 2" in shown.status
        figure.get_by_label("Recipe", exact=True).select_option("merged")
        figure.get_by_role("button", name="row 10").click()
        assert shown.status.startswith("Row 10: h₂ on, the network answers 1")
        figure.get_by_role("button", name="hidden unit h₂, x1:").click()
        assert "h₂ asks “x1”: 1 if x₁ − 0.5 ≥ 0. Here the sum is 0.5" in (
            figure.locator(".sums").inner_text()
        )
        assert shown.complaints == []


def test_the_numbers_shown_are_the_packages(chromium):
    outputs = "01101001"
    patterns = ["001", "010", "100", "111"]
    network = mlp.boolean_network(patterns)
    with Shown(chromium, demos.Boolean(outputs=outputs, row=5)) as shown:
        Z, A = network.forward([[1, 0, 1]])
        rows = shown.rows()
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


def test_by_touch(show):
    widget = demos.Boolean(outputs="0110", row=0)
    with show(widget, width=360, has_touch=True) as shown:
        figure = shown.figure
        figure.get_by_role("button", name="f of 00: 0").tap()
        assert "true rows 3" in shown.status
        figure.get_by_role("button", name="input x2").tap()
        network = mlp.boolean_network(["00", "01", "10"])
        on = int(network.predict([[0, 1]])[0])
        units = [
            f"h{'₁₂₃'[i]}" for i in range(3) if network.forward([[0, 1]])[1][1][0, i]
        ]
        assert shown.status.startswith(
            f"Row 01: {' and '.join(units)} on, the network answers {on}"
        )
        assert shown.complaints == []


def test_all_by_keyboard(show):
    with show(demos.Boolean(outputs="0000")) as shown:
        page, figure = shown.page, shown.figure
        figure.get_by_label("Formula").focus()
        page.keyboard.type("x1 and x2")
        page.keyboard.press("Enter")
        assert "1 hidden unit;" in shown.status
        figure.get_by_role("button", name="input x1").focus()
        page.keyboard.press("Space")
        assert shown.status.startswith("Row 11: h₁ on, the network answers 1")
        figure.get_by_label("Number of the function").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("16")
        page.keyboard.press("Tab")
        told = figure.locator("[data-control='number'] .problem").inner_text()
        assert "go up to 15" in told
        figure.get_by_label("Formula").fill("x1 and x3")
        page.keyboard.press("Enter")
        assert figure.get_by_label("Formula").get_attribute("aria-invalid") == "true"
        assert (
            "There is no x3" in figure.locator("[data-control='formula']").inner_text()
        )


def test_all_rows_are_run_through_and_it_stops(chromium):
    with Shown(chromium, demos.Boolean(outputs="0110", row=2)) as shown:
        run = shown.page.get_by_role("button", name="Run")
        run.click()
        shown.page.get_by_role("button", name="Stop").wait_for()
        run.wait_for(timeout=6000)  # it is called so again when it has stopped
        assert shown.status.startswith("Row 00")


def test_the_network_is_covered_until_there_is_a_guess(chromium):
    with Shown(chromium, demos.Boolean(outputs="0111", guess_first=True)) as shown:
        page = shown.page
        assert not page.locator(".hand-network").is_visible()
        assert "?" in page.locator(".column").inner_text()
        assert not page.get_by_text("The numbers as a table").is_visible()
        page.get_by_label("How many hidden units").fill("2")
        page.get_by_role("button", name="Commit to it").click()
        told = page.locator(".verdict").inner_text()
        assert told.startswith("✗ Not this time. You said: 2. It is 3.")
        assert page.locator(".hand-network").is_visible()
        page.get_by_role("button", name="Guess about another table").click()
        assert not page.locator(".hand-network").is_visible()


@pytest.mark.parametrize(
    "settings",
    [
        {"outputs": "0110100110010110", "row": 3, "unit": "h2"},
        {"guess_first": True, "recipe": "opposite"},
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_telephone(chromium, theme, settings):
    widget = demos.Boolean(**settings)
    with Shown(chromium, widget, width=320, theme=theme) as shown:
        page = shown.page
        assert violations(page) == []
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
        {"outputs": 3},
        {"row": "one"},
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
        {"recipe": "both"},
        {"row": 16},
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_python(state):
    with pytest.raises(TraitError):
        demos.Boolean(**state)
