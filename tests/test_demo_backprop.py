"""The stepper: its engines against graph.py and mlp.py, and the figure in use."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Shown, engine_of, state_link
from traitlets import TraitError

from nnbook_utils import demos, graph, optimizers
from nnbook_utils.demos.backprop import LEAVES
from nnbook_utils.gradcheck import numerical_gradient
from nnbook_utils.mlp import MLP

close = {"rtol": 1e-9, "atol": 1e-9}

# Everything that the engine says of a graph, in one call.
WHOLE = """([nodes, start, eta]) => {
  const run = engine.passOf(nodes, start, eta);
  const each = (f) => nodes.map((_, i) => f(i));
  return {
    ...run,
    ways: each((i) => engine.waysFrom(nodes, run.locals, i).map((way) => way.product)),
    uses: each((i) => engine.usesOf(nodes, i)),
    differences: each((i) => engine.differenceAt(nodes, start, run.values, i)),
  };
}"""

BINARY = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "max": graph.maximum,
}
UNARY = {
    "square": lambda a: a**2,
    "sigmoid": graph.Value.sigmoid,
    "tanh": graph.Value.tanh,
    "relu": graph.Value.relu,
}
leaves = st.lists(st.floats(-2, 2), min_size=1, max_size=4)
operations = st.lists(
    st.tuples(st.sampled_from([*BINARY, *UNARY]), st.integers(0), st.integers(0)),
    min_size=1,
    max_size=7,
)


engine = engine_of("graph")
worked = engine_of("worked")


def both(numbers, ops):
    """Return a graph as the engine's nodes, and the same as Values."""
    nodes = [{"op": "", "parents": [], "role": "weight"} for _ in numbers]
    values = [graph.Value(number) for number in numbers]
    for op, *picks in ops:
        places = [pick % len(values) for pick in picks[: 2 if op in BINARY else 1]]
        nodes.append({"op": op, "parents": places})
        values.append((BINARY | UNARY)[op](*(values[place] for place in places)))
    return nodes, values


@given(numbers=leaves, ops=operations, eta=st.floats(0.001, 10))
def test_the_engine_computes_what_graph_does(engine, numbers, ops, eta):
    nodes, values = both(numbers, ops)
    graph.backward(values[-1])
    gradients = [0 if math.isnan(v.grad) else v.grad for v in values]
    start = numbers + [0] * len(ops)
    found = engine.page.evaluate(WHOLE, [nodes, start, eta])

    assert np.allclose(found["values"], [v.data for v in values], **close)
    for ours, value in zip(found["locals"], values, strict=True):
        assert np.allclose(ours, value.local, **close)
    assert np.allclose(found["gradients"], gradients, **close)
    for ours, value in zip(found["ways"], values, strict=True):
        products = [way.product for way in graph.paths(values[-1], value)]
        assert np.allclose(sorted(ours), sorted(products), **close)
    rule = optimizers.RULES["gd"]
    after, _ = rule(
        np.array(numbers), None, np.array(gradients)[: len(numbers)], eta=eta
    )
    assert np.allclose(found["after"][: len(numbers)], after, **close)
    delivered = [
        sum(gradients[child] * values[child].local[k] for child, k in uses)
        for uses in found["uses"][:-1]
    ]
    assert np.allclose(delivered, gradients[:-1], **close)


@given(numbers=leaves, ops=operations)
@settings(max_examples=25)
def test_finite_differences_are_those_of_gradcheck(engine, numbers, ops):
    def output(given):
        return both(given.tolist(), ops)[1][-1].data

    nodes, values = both(numbers, ops)
    found = engine.page.evaluate(WHOLE, [nodes, numbers + [0] * len(ops), 0.1])
    expected = numerical_gradient(output, numbers)
    # A quotient by 1e-4 enlarges the rounding of the largest value on the way.
    size = max(1, *(abs(v.data) for v in values))
    ours = found["differences"][: len(numbers)]
    assert np.allclose(ours, expected, rtol=1e-9, atol=1e-9 * size)


def leaves_of(widths, numbers, target):
    """Cut numbers into inputs, targets, weights and biases; and name each of them."""
    rest = iter(numbers)
    x = [next(rest) for _ in range(2)]
    named = {f"x{k}": v for k, v in enumerate(x, 1)}
    if widths[-1] == 2:
        y = np.array([0])  # the first class
        named |= {"y1": 1.0, "y2": 0.0}
    else:
        y = np.array([target])
        named["y1"] = target
    W, b = [], []
    for layer, (m, n) in enumerate(itertools.pairwise(widths), 1):
        W.append([[next(rest) for _ in range(m)] for _ in range(n)])
        b.append([next(rest) for _ in range(n)])
        named |= layered(layer, W[-1], b[-1])
    return np.array([x]), y, W, b, named


def layered(layer, W, b):
    """Return the parameters of a layer, or their gradients, by their names."""
    rows = {
        f"W{layer}_{j}{k}": w
        for j, row in enumerate(W, 1)
        for k, w in enumerate(row, 1)
    }
    return rows | {f"b{layer}_{j}": value for j, value in enumerate(b, 1)}


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize(
    ("name", "cost"), [("2-2-1", "entropy"), ("2-2-1", "squared"), ("2-3-2", "entropy")]
)
@given(numbers=st.lists(st.floats(-2, 2), min_size=19, max_size=19))
@settings(max_examples=8)
def test_the_networks_compute_what_mlp_does(
    engine, worked, numbers, name, cost, hidden
):
    widths = [int(width) for width in name.split("-")]
    # The binary cross-entropy takes 0 and 1 alone.
    target = 0.25 if cost == "squared" else 1.0
    x, y, W, b, named = leaves_of(widths, numbers, target)
    nodes = worked.graphNamed(name, hidden, cost)
    keys = [node["key"] for node in nodes]
    run = engine.passOf(nodes, [named.get(key, 0) for key in keys], 0.1)
    value, gradient, after = (
        dict(zip(keys, run[what], strict=True))
        for what in ("values", "gradients", "after")
    )

    network = MLP.from_layers(
        W,
        b,
        hidden=hidden,
        output="softmax" if name == "2-3-2" else "sigmoid",
        cost="mse" if cost == "squared" else "fitting",
    )
    Z, A = network.forward(x)
    for layer in (1, 2):
        units = [f"{layer}_{j}" for j in range(1, widths[layer] + 1)]
        assert np.allclose([value[f"z{u}"] for u in units], Z[layer - 1][0], **close)
        assert np.allclose([value[f"a{u}"] for u in units], A[layer][0], **close)
    assert np.isclose(value["C"], network.cost(x, y), **close)
    dW, db = network.split_parameters(network.gradient(x, y))
    expected = layered(1, dW[0], db[0]) | layered(2, dW[1], db[1])
    for key, slope in expected.items():
        assert np.isclose(gradient[key], slope, **close), key
        assert np.isclose(after[key], named[key] - 0.1 * slope, **close), key


@pytest.mark.parametrize("name", LEAVES)
def test_a_pass_takes_each_step_once_children_before_parents(worked, name):
    nodes = worked.graphNamed(name)
    steps = worked.stepsOf(nodes)
    assert {n["key"] for n in nodes if not n["op"]} == LEAVES[name]
    took = {
        phase: [step["place"] for step in steps if step["phase"] == phase]
        for phase in ("forward", "backward", "update")
    }
    every = range(len(nodes))
    assert sorted(took["forward"]) == [i for i in every if nodes[i]["op"]]
    assert sorted(took["backward"]) == [i for i in every if not nodes[i].get("quiet")]
    assert took["update"] == [i for i in every if nodes[i].get("role") == "weight"]
    when = {place: t for t, place in enumerate(took["backward"])}
    for child, node in enumerate(nodes):
        for parent in node["parents"]:
            if parent in when:
                assert when[child] < when[parent]


# --- The figure ---


def number(text):
    return float(text.replace("−", "-"))


def cells(shown, key):
    """Return value, deliveries, gradient, difference and new value of a row."""
    row = shown.figure.locator(f'tr[data-key="{key}"]')
    _, value, *rest = row.locator("td").all()
    field = value.locator("input")
    first = field.input_value() if field.count() else value.inner_text()
    return [first, *(cell.inner_text() for cell in rest)]


def lit(shown, where):
    found = shown.figure.locator(where).evaluate_all(
        "(all) => all.map((one) => one.dataset.key)"
    )
    return sorted(found)


def everything(shown):
    """Return all that the picture, the card and the table show."""
    texts = shown.figure.locator(".graph text, .known-of, .data td").all_text_contents()
    fields = shown.figure.locator(".data input").evaluate_all(
        "(all) => all.map((one) => one.value)"
    )
    marks = [".graph .lit[data-key]", ".graph .partner", "tr[aria-current]"]
    return [texts, fields, *(lit(shown, mark) for mark in [*marks, "tr.partner"])]


def press(shown, name, times=1):
    button = shown.figure.get_by_role("button", name=name, exact=True)
    for _ in range(times):
        button.click()


def worked_by_hand():
    x1, x2, x3 = (graph.Value(v, k) for v, k in ((1, "x1"), (2, "x2"), (0, "x3")))
    f, g = x1 + x2, graph.maximum(x2, x3)
    y = f * g
    graph.backward(y)
    return dict(
        zip(("x1", "x2", "x3", "f", "g", "y"), (x1, x2, x3, f, g, y), strict=True)
    )


def test_by_mouse_each_step_shows_what_graph_computes(show):
    nodes = worked_by_hand()
    with show(demos.Backprop()) as shown:
        for key in ("f", "g", "y"):
            assert cells(shown, key)[0] == ""
            press(shown, "Step")
            assert number(cells(shown, key)[0]) == nodes[key].data
        for key in ("y", "f", "g", "x1", "x2", "x3"):
            assert cells(shown, key)[2:4] == ["", ""]
            press(shown, "Step")
            _, _, gradient, difference, new = cells(shown, key)
            assert number(gradient) == nodes[key].grad
            assert math.isclose(number(difference), nodes[key].grad, abs_tol=1e-4)
            assert new == ""
            # Node, row and formula light up together.
            assert lit(shown, ".graph .lit[data-key]") == [key]
            assert lit(shown, "tr[aria-current]") == [key]
        assert cells(shown, "x2")[1] == "2 · 1 + 3 · 1"
        for key in ("x1", "x2", "x3"):
            press(shown, "Step")
            after = nodes[key].data - 0.1 * nodes[key].grad
            assert math.isclose(number(cells(shown, key)[4]), after)
        assert "update, 3 of 3" in shown.status
        assert shown.complaints == []


def test_the_card_names_paths_and_deliveries(chromium):
    with Shown(chromium, demos.Backprop(step=8)) as shown:
        card = shown.page.locator(".known-of").inner_text()
        assert "∂y/∂x₂ = ∂y/∂f · 1 + ∂y/∂g · [x₂ wins]" in card
        assert "Sum over 2 paths: x₂ → f → y gives 2; x₂ → g → y gives 3" in card
        assert "together 5" in card
        assert "Finite difference: 5, ✓ it agrees" in card
        assert lit(shown, "tr.partner") == ["f", "g"]
        assert shown.page.locator(".graph g.lit .wire").count() == 2


@pytest.mark.parametrize("grain", ["operation", "layer", "pass"])
def test_back_undoes_each_step(chromium, grain):
    with Shown(chromium, demos.Backprop(graph="2-2-1", grain=grain)) as shown:
        seen = []
        for _ in range({"operation": 37, "layer": 9, "pass": 5}[grain]):
            seen.append(everything(shown))
            press(shown, "Step")
        assert all(one != other for one, other in itertools.pairwise(seen))
        assert "Pass 2, " in shown.status
        for before in reversed(seen):
            press(shown, "Back")
            assert everything(shown) == before


def test_a_layer_lights_up_together_with_its_equation(chromium):
    with Shown(chromium, demos.Backprop(graph="2-3-2", grain="layer")) as shown:
        press(shown, "Step", 3)
        weights = [f"W2_{j}{k}" for j in (1, 2) for k in (1, 2, 3)]
        units = [f"{kind}2_{j}" for kind in "zab" for j in (1, 2)]
        expected = sorted(["C", *weights, *units])
        assert lit(shown, ".graph .lit[data-key]") == expected
        assert lit(shown, "tr[aria-current]") == expected
        card = shown.page.locator(".known-of").inner_text()
        assert "∂C/∂W² = δ² (a¹)ᵀ (BP4)" in card
        press(shown, "Step")
        assert "(W²)ᵀ δ² ⊙ f′(z¹) (BP2)" in shown.page.locator(".known-of").inner_text()


def test_the_next_pass_starts_with_the_new_weights(chromium):
    with Shown(chromium, demos.Backprop(graph="regression", grain="pass")) as shown:
        press(shown, "Step", 4)
        # w and b are 5 + 0.8 and 1 + 0.8 after a step with the gradient -8.
        assert cells(shown, "w")[0] == "5.8"
        assert math.isclose(number(cells(shown, "c")[0]), (10 - 7.6) ** 2, rel_tol=1e-4)
        assert "changed c from 16 to 5.76" in shown.status


def test_when_it_diverges_it_stops_and_says_why(chromium):
    widget = demos.Backprop(graph="regression", grain="pass", eta=10, step=100_000)
    with Shown(chromium, widget) as shown:
        assert "Stopped" in shown.status
        assert "step size is too large" in shown.status
        text = shown.page.locator(".nn-demo").inner_text()
        assert not re.search("NaN|not a number|∞", text)
        press(shown, "Back")
        assert "Stopped" not in shown.status


@pytest.mark.parametrize(
    ("step", "guess", "words"),
    [
        (7, "5", "✓ Right. You said: 5. ∂y/∂x₂ is 5."),
        (
            7,
            "3",
            "✗ Not this time. You said: 3. ∂y/∂x₂ is 5. That is one delivery alone",
        ),
        (7, "−5", "sign is the wrong way round"),
        (4, "1", "backpropagated gradient; multiply it by the local"),
        (4, "2", "Right."),
        (10, "2.5", "step uphill"),
        (10, "−3", "step size is missing"),
        (10, "1.5", "Right."),
        (0, "2", "Compare with the formula"),
    ],
)
def test_a_guess_is_compared_and_known_mistakes_are_named(chromium, step, guess, words):
    with Shown(chromium, demos.Backprop(step=step)) as shown:
        shown.page.get_by_label("What will").fill(guess)
        press(shown, "Commit to it")
        press(shown, "Step")
        assert words in shown.page.locator(".verdict").inner_text()


def test_a_value_is_typed_by_keyboard_alone_and_all_follows(show):
    with show(demos.Backprop(step=9)) as shown:
        page, figure = shown.page, shown.figure
        figure.get_by_label("value of x₃").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("2")
        page.keyboard.press("Tab")
        # At the tie each of the two gets one half of what the maximum gets.
        assert [cells(shown, f"x{k}")[2] for k in (1, 2, 3)] == ["2", "3.5", "1.5"]
        figure.get_by_label("value of x₁").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("1000")
        page.keyboard.press("Tab")
        assert (
            "from −100 to 100"
            in figure.locator('tr[data-key="x1"] .problem').inner_text()
        )
        assert cells(shown, "y")[0] == "6"

        figure.get_by_role("button", name="Back", exact=True).focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert "the new x₁" in shown.status
        figure.locator(".graph [data-key=x1]").focus()
        for key in ("ArrowRight", "PageDown", "PageDown"):
            page.keyboard.press(key)
        assert "Chosen: f" in figure.locator(".known-of").inner_text()
        page.keyboard.press("Escape")
        assert "Update: the new x₁" in figure.locator(".known-of").inner_text()


def test_a_negative_number_in_a_function_has_one_pair_of_brackets(chromium):
    with Shown(chromium, demos.Backprop(graph="2-3-2", step=5)) as shown:
        said = shown.page.locator(".known-of").inner_text()
    assert "tanh(−" in said
    assert "((" not in said


def test_by_touch(show):
    widget = demos.Backprop(graph="2-3-2", step=7)
    with show(widget, width=390, has_touch=True) as shown:
        shown.figure.get_by_role("button", name="Step", exact=True).tap()
        shown.figure.locator(".graph [data-key=a1_2]").tap()
        assert "a¹₂ = tanh(z¹₂)" in shown.figure.locator(".known-of").inner_text()
        shown.figure.get_by_role("button", name="Back to the step").tap()
        assert "Forward: z²₂" in shown.figure.locator(".known-of").inner_text()
        shown.figure.locator(".graph [data-key=W2_21]").tap()
        assert "Chosen: W²₂₁" in shown.figure.locator(".known-of").inner_text()
        assert shown.complaints == []


def test_at_a_kink_the_difference_is_not_said_to_agree(chromium):
    off = {"W1_11": 0, "W1_12": 0, "b1_1": 0}
    widget = demos.Backprop(
        graph="2-2-1", hidden="relu", values=off, step=19, picked="z1_1"
    )
    with Shown(chromium, widget) as shown:
        assert (
            "✗ it differs: here is a kink"
            in shown.page.locator(".known-of").inner_text()
        )


def test_another_graph_starts_at_its_own_start(chromium):
    with Shown(chromium, demos.Backprop(values={"x1": 7}, step=5)) as shown:
        page = shown.page
        assert not page.get_by_label("Activation").is_visible()
        page.get_by_label("graph").first.select_option("2-2-1")
        assert cells(shown, "x1")[0] == "1"
        assert page.get_by_label("Cost", exact=True).is_visible()
        assert "Nothing is computed yet" in shown.status
        page.get_by_label("value of x₁").fill("3")
        page.keyboard.press("Tab")
        press(shown, "Values of the book")
        assert cells(shown, "x1")[0] == "1"


def test_a_link_carries_the_state(chromium):
    link = state_link(
        "backprop", graph="neuron", values={"w0": -1.5}, step=17, picked="z", eta=0.5
    )
    with Shown(chromium, demos.Backprop(), fragment=link) as shown:
        assert cells(shown, "w0")[0] == "−1.5"
        assert "Chosen: z" in shown.page.locator(".known-of").inner_text()
        # z = (-1.5)(-1) + (-3)(-2) - 3, and dw0 = a (1 - a) x0
        a = 1 / (1 + math.exp(-4.5))
        assert math.isclose(number(cells(shown, "w0")[2]), -a * (1 - a), rel_tol=1e-4)
        new = -1.5 + 0.5 * a * (1 - a)
        assert math.isclose(number(cells(shown, "w0")[4]), new, rel_tol=1e-4)


@pytest.mark.parametrize(
    "strange",
    [
        {"values": {"x1": "2"}},
        {"values": {"x1": 1e300}},
        {"step": -1},
        {"graph": "3-3"},
    ],
    ids=str,
)
def test_a_strange_link_starts_as_usual(chromium, strange):
    with Shown(
        chromium, demos.Backprop(), fragment=state_link("backprop", **strange)
    ) as shown:
        assert cells(shown, "x1")[0] == "1"
        assert "Nothing is computed yet" in shown.status
        assert shown.complaints == []


def test_a_teachers_link_leaves_values_to_be_read(chromium):
    link = state_link("backprop", hide=["values", "eta"])
    with Shown(chromium, demos.Backprop(), fragment=link) as shown:
        assert shown.page.locator(".data input").count() == 0
        assert cells(shown, "x2")[0] == "2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"graph": "deep"},
        {"values": {"w9": 1}},
        {"values": {"x1": 101}},
        {"values": {"x1": math.nan}},
        {"graph": "neuron", "values": {"x3": 1}},
        {"step": -1},
        {"eta": 0},
        {"eta": math.inf},
        {"grain": "epoch"},
        {"hidden": "threshold"},
        {"cost": "hinge"},
    ],
    ids=str,
)
def test_bad_traits_are_refused(wrong):
    with pytest.raises(TraitError):
        demos.Backprop(**wrong)


def test_traits_fit_the_graph_that_is_set_with_them():
    widget = demos.Backprop(graph="2-3-2", values={"W2_13": -1})
    assert widget.values == {"W2_13": -1}
    with pytest.raises(TraitError, match="leaves of '2-3-2' are W1_11, W1_12"):
        widget.values = {"x9": 1}
