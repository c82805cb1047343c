"""The scalar graph against worked examples, autograd, finite differences and itself."""

import doctest
import math
from itertools import combinations, pairwise

import autograd
import autograd.numpy as anp
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.patches import FancyBboxPatch, PathPatch

from nnbook_utils import _graph_picture, graph
from nnbook_utils.graph import (
    Path,
    Value,
    backward,
    count_paths,
    draw,
    forward_mode,
    maximum,
    paths,
    record,
    table,
    topological_order,
)

pytestmark = pytest.mark.usefixtures("no_figure_stays")


def grads(*values):
    return [value.grad for value in values]


# Worked examples


def circuit(case):
    x, y, z = (Value(case[name], name) for name in "xyz")
    q = x + y
    q.label = "q"
    f = q * z
    f.label = "f"
    return f, (x, y, z)


def neuron(case):
    w = [Value(value, f"w{i}") for i, value in enumerate(case["w"])]
    x = [Value(value, f"x{i}") for i, value in enumerate(case["x"])]
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return dot.sigmoid(), dot, x, w


def staged(case):
    x, y = Value(case["x"], "x"), Value(case["y"], "y")
    return (x + y.sigmoid()) / (x.sigmoid() + (x + y) ** 2), (x, y)


def network():
    """Return the output of a 2-2-1 network of sigmoid units."""
    x1, x2 = Value(1.0, "$x_1$"), Value(0.0, "$x_2$")
    hidden = [
        (Value(u) * x1 + Value(v) * x2 + Value(b)).sigmoid()
        for u, v, b in [(0.5, -0.3, 0.1), (-0.7, 0.8, 0.2)]
    ]
    return (Value(1.2) * hidden[0] + Value(-0.6) * hidden[1] + Value(0.05)).sigmoid()


def test_circuit(truth):
    case = truth["circuit_xyz"]
    f, leaves = circuit(case)
    backward(f)
    assert f.data == case["f"]
    assert grads(*leaves) == [case["dx"], case["dy"], case["dz"]]


def test_sigmoid_neuron(truth):
    case = truth["sigmoid_neuron"]
    f, dot, x, w = neuron(case)
    backward(f)
    assert dot.data == case["dot"]
    assert f.data == pytest.approx(case["f"], rel=1e-14)
    assert dot.grad == pytest.approx(case["ddot"], rel=1e-14)
    assert grads(*x) == pytest.approx(case["dx"], rel=1e-14)
    assert grads(*w) == pytest.approx(case["dw"], rel=1e-14)


def test_staged(truth):
    case = truth["staged"]
    f, leaves = staged(case)
    backward(f)
    assert f.data == pytest.approx(case["value"], rel=1e-14)
    assert grads(*leaves) == pytest.approx([case["dx"], case["dy"]], rel=1e-14)


def test_product_of_sum_and_maximum():
    x1, x2, x3 = Value(1), Value(2), Value(0)
    f, g = x1 + x2, maximum(x2, x3)
    y = f * g
    backward(y)
    assert (f.data, g.data, y.data) == (3, 2, 6)
    assert grads(x1, x2, x3, f, g, y) == [2, 5, 0, 2, 3, 1]
    assert [(path.factors, path.product) for path in paths(y, x2)] == [
        ((1, 2), 2),
        ((1, 3), 3),
    ]


def test_linear_regression_has_the_sign_of_the_error_right():
    w, x, b, target = Value(5), Value(1), Value(1), Value(2)
    prediction = w * x + b
    cost = (target - prediction) ** 2
    backward(cost)
    assert (prediction.data, cost.data) == (6, 16)
    assert grads(prediction, w, x, b, target) == [8, 8, 40, 8, -8]


def test_total_derivative_along_a_curve():
    def cos(x):
        return record("cos", math.cos(x.data), (x,), (-math.sin(x.data),))

    t = Value(0.5)
    x, y = cos(t), t**2
    f = y + (x * y).exp()
    backward(f)
    expected = autograd.grad(lambda t: t**2 + anp.exp(anp.cos(t) * t**2))(0.5)
    assert t.grad == pytest.approx(expected, rel=1e-14)
    assert count_paths(f, t) == 3


def test_examples_in_the_docstrings():
    result = doctest.testmod(graph)
    assert result.attempted > 0
    assert result.failed == 0


# Each operation against autograd

UNARY = {
    "exp": (Value.exp, anp.exp),
    "log": (lambda v: (v * v + 0.5).log(), lambda x: anp.log(x * x + 0.5)),
    "sigmoid": (Value.sigmoid, lambda x: 1 / (1 + anp.exp(-x))),
    "tanh": (Value.tanh, anp.tanh),
    "relu": (Value.relu, lambda x: anp.maximum(x, 0)),
    "neg": (lambda v: -v, lambda x: -x),
    "cube": (lambda v: v**3, lambda x: x**3),
    "power 0": (lambda v: v**0, lambda x: 0 * x + 1),
    "power 1": (lambda v: v**1, lambda x: x),
    "power -2": (lambda v: (v * v + 1) ** -2, lambda x: (x * x + 1) ** -2.0),
    "root": (lambda v: (v * v + 1) ** 0.5, lambda x: (x * x + 1) ** 0.5),
    "number + v": (lambda v: 3 + v, lambda x: 3 + x),
    "v + number": (lambda v: v + 3, lambda x: x + 3),
    "number - v": (lambda v: 3 - v, lambda x: 3 - x),
    "v - number": (lambda v: v - 3, lambda x: x - 3),
    "number * v": (lambda v: 3 * v, lambda x: 3 * x),
    "v * number": (lambda v: v * 3, lambda x: x * 3),
    "number / v": (lambda v: 3 / (v * v + 1), lambda x: 3 / (x * x + 1)),
    "v / number": (lambda v: v / 4, lambda x: x / 4),
    "maximum(v, number)": (lambda v: maximum(v, 1), lambda x: anp.maximum(x, 1)),
    "maximum(number, v)": (lambda v: maximum(1, v), lambda x: anp.maximum(1, x)),
    "numpy number * v": (lambda v: np.float64(3) * v, lambda x: 3 * x),
    "numpy number - v": (lambda v: np.float32(3) - v, lambda x: 3 - x),
}


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("x", [-2.5, -0.3, 0.7, 1.9])
def test_operation(name, x):
    ours, theirs = UNARY[name]
    leaf = Value(x)
    result = ours(leaf)
    backward(result)
    assert isinstance(result, Value)
    assert result.data == pytest.approx(float(theirs(x)), rel=1e-13)
    assert leaf.grad == pytest.approx(float(autograd.grad(theirs)(x)), rel=1e-12)


@pytest.mark.parametrize(("z", "value"), [(1000, 1.0), (-1000, 0.0), (0, 0.5)])
def test_sigmoid_saturates_without_overflow(z, value):
    x = Value(z)
    s = x.sigmoid()
    assert s.data == value
    assert s.local == (value * (1 - value),)


def test_sigmoid_keeps_its_digits_far_to_the_left():
    assert Value(-40).sigmoid().data == pytest.approx(math.exp(-40), rel=1e-14)


def test_relu_has_slope_zero_at_its_kink():
    assert Value(0).relu().local == (0,)


def test_powers_at_zero():
    zero = Value(0)
    assert ((zero**0).data, (zero**0).local) == (1, (0,))
    assert ((zero**1).data, (zero**1).local) == (0, (1,))
    assert ((zero**1.5).data, (zero**1.5).local) == (0, (0,))


def test_maximum_at_a_tie_gives_half_to_each():
    a, b = Value(2), Value(2)
    top = maximum(a, b)
    backward(top)
    assert top.data == 2
    assert grads(a, b) == [0.5, 0.5]
    theirs = autograd.grad(lambda x: anp.maximum(x[0], x[1]))(np.array([2.0, 2.0]))
    assert grads(a, b) == theirs.tolist()


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_shares_of_maximum_sum_to_one(a, b):
    top = maximum(Value(a), Value(b))
    assert sum(top.local) == 1
    assert top.data == max(a, b)


def test_maximum_of_a_value_with_itself_is_the_value():
    x = Value(3)
    top = maximum(x, x)
    backward(top)
    assert x.grad == 1


# Random graphs: reverse = forward = paths = autograd = finite differences


def bounded_operations(tanh, exp, maximum, sigmoid):
    """Return operations that keep numbers moderate, in the words of one library."""
    return [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: tanh(a) * b,
        lambda a, b: a / (b * b + 1),
        lambda a, b: 0.5 - tanh(a) ** 3,
        lambda a, b: exp(-sigmoid(b)),
        lambda a, b: maximum(a, b),
    ]


OURS = bounded_operations(Value.tanh, Value.exp, maximum, Value.sigmoid)
THEIRS = bounded_operations(
    anp.tanh, anp.exp, anp.maximum, lambda z: 1 / (1 + anp.exp(-z))
)
N_INPUTS = 3
inputs = st.lists(st.floats(-2, 2), min_size=N_INPUTS, max_size=N_INPUTS)
step = st.tuples(st.integers(0, len(OURS) - 1), st.integers(0, 99), st.integers(0, 99))
programs = st.lists(step, min_size=1, max_size=9)


def run(program, values, operations):
    """Apply each step to two of the values so far; add up the last few."""
    values = list(values)
    for which, i, j in program:
        a, b = values[i % len(values)], values[j % len(values)]
        values.append(operations[which](a, b))
    return values[-1] + values[len(values) // 2]


@given(programs, inputs)
def test_random_graph(program, x):
    leaves = [Value(value) for value in x]
    output = run(program, leaves, OURS)
    backward(output)
    used = [leaf for leaf in leaves if leaf in topological_order(output)]
    reverse = np.array([leaf.grad if leaf in used else 0.0 for leaf in leaves])

    forward = [forward_mode(output, leaf) for leaf in leaves]
    np.testing.assert_allclose(forward, reverse, rtol=1e-12, atol=1e-13)

    for leaf, gradient in zip(leaves, reverse, strict=True):
        ways = paths(output, leaf, limit=100_000)
        assert len(ways) == count_paths(output, leaf)
        assert sum(way.product for way in ways) == pytest.approx(
            gradient, rel=1e-11, abs=1e-12
        )

    theirs = autograd.grad(lambda x: run(program, x, THEIRS))(np.array(x))
    np.testing.assert_allclose(reverse, theirs, rtol=1e-11, atol=1e-12)


@given(programs, inputs)
def test_random_graph_against_finite_differences(program, x):
    leaves = [Value(value) for value in x]
    output = run(program, leaves, OURS)
    for node in topological_order(output):
        if node.operation == "max":
            a, b = node.parents  # the kink is no place for differences
            assume(a is b or abs(a.data - b.data) > 1e-3)
    for i, leaf in enumerate(leaves):
        low, high = list(x), list(x)
        low[i] -= 1e-5
        high[i] += 1e-5
        rise = run(program, high, THEIRS) - run(program, low, THEIRS)
        assert forward_mode(output, leaf) == pytest.approx(
            rise / 2e-5, rel=1e-6, abs=1e-7
        )


@given(programs, inputs)
def test_topological_order_has_each_node_once_and_parents_first(program, x):
    output = run(program, [Value(value) for value in x], OURS)
    order = topological_order(output)
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is output
    for node in order:
        assert all(place[parent] < place[node] for parent in node.parents)


def test_topological_order_follows_the_expression():
    w0, x0, w1, x1, w2 = (Value(i) for i in range(5))
    p, q = w0 * x0, w1 * x1
    s = p + q
    y = s + w2
    assert topological_order(y) == [w0, x0, w1, x1, w2, p, q, s, y]


# What backward promises


def test_gradient_is_unknown_before_backward():
    x = Value(2)
    y = x * x
    assert math.isnan(x.grad)
    assert math.isnan(y.grad)


def test_second_backward_does_not_count_twice():
    x = Value(3)
    y = x * x
    backward(y)
    backward(y)
    assert grads(x, y) == [6, 1]


def test_backward_from_another_output_starts_afresh():
    x = Value(3)
    y = x * x
    z = y + x
    w = 5 * y
    backward(w)
    backward(z)
    assert grads(x, y, z) == [7, 1, 1]
    assert w.grad == 1  # z does not depend on it: left alone


def test_gradient_of_an_inner_value():
    x = Value(3)
    y = x * x
    z = y * x
    backward(z)
    assert y.grad == forward_mode(z, y) == 3
    assert [path.product for path in paths(z, y)] == [3]


def test_output_that_is_a_leaf():
    x = Value(3)
    backward(x)
    assert x.grad == 1
    assert forward_mode(x, x) == 1
    assert paths(x, x) == [Path((x,), (), 1)]


def test_value_that_the_output_does_not_depend_on():
    x, other = Value(3), Value(4)
    y = x * x
    assert forward_mode(y, other) == 0
    assert isinstance(forward_mode(x, other), float)
    assert count_paths(y, other) == 0
    assert paths(y, other) == []
    assert paths(y, y * 2) == []


def test_chain_longer_than_any_recursion_limit():
    a = Value(0.5)
    x = start = Value(1.0)
    for _ in range(20_000):
        x = x + a
    backward(x)
    assert (start.grad, a.grad) == (1, 20_000)
    assert forward_mode(x, a) == 20_000
    assert count_paths(x, a) == 20_000


def test_long_path_is_listed():
    x = start = Value(1.0)
    for _ in range(2_000):
        x = -x
    (path,) = paths(x, start)
    assert len(path.nodes) == 2_001
    assert path.product == 1


# Paths


def test_paths_go_from_the_leaf_to_the_output_in_order():
    x = Value(3)
    y = x * x
    z = y + x
    first, second, third = paths(z, x)
    assert first == second == Path((x, y, z), (3, 1), 3)
    assert third == Path((x, z), (1,), 1)


def doubled(times):
    x = start = Value(1e-9)
    for _ in range(times):
        x = x + x
    return x, start


def test_paths_up_to_the_limit():
    x, start = doubled(4)
    assert len(paths(x, start, limit=16)) == 16
    with pytest.raises(ValueError, match=r"there are 16 paths, .* limit of 15"):
        paths(x, start, limit=15)


@pytest.mark.parametrize(
    ("times", "count"),
    [(10, "1,024"), (39, "549,755,813,888"), (40, r"about 10\^12")],
)
def test_too_many_paths_are_refused_with_their_number(times, count):
    x, start = doubled(times)
    assert count_paths(x, start) == 2**times
    with pytest.raises(ValueError, match=f"there are {count} paths, more than .*1,000"):
        paths(x, start)


def test_large_round_number_of_paths():
    x = start = Value(0)
    for _ in range(12):
        x = record("f", 0, (x,) * 10, (0,) * 10)
    with pytest.raises(ValueError, match=r"about 10\^12 paths"):
        paths(x, start)


def test_paths_do_not_search_where_the_leaf_is_not():
    x, _ = doubled(60)
    leaf = Value(2)
    assert len(paths(x * leaf, leaf)) == 1  # beside 2^60 ways to elsewhere


def test_number_of_paths_may_have_thousands_of_digits():
    x = start = Value(0.0)
    for _ in range(15_000):
        x = maximum(x, x)
    assert count_paths(x, start) == 2**15_000
    with pytest.raises(ValueError, match=r"about 10\^4515 paths"):
        paths(x, start)
    backward(x)  # where path by path takes 10^4515 products
    assert start.grad == 1


# What is refused


@pytest.mark.parametrize("data", ["3", None, True, [1.0], np.ones(2), 1j])
def test_value_of_something_else(data):
    with pytest.raises(TypeError, match=r"data is .*, expected one real number"):
        Value(data)


@pytest.mark.parametrize("data", [math.nan, math.inf, -math.inf])
def test_value_that_is_not_finite(data):
    with pytest.raises(ValueError, match="expected a finite number"):
        Value(data)


@pytest.mark.parametrize(
    "combine",
    [
        lambda x: x + "1",
        lambda x: "1" + x,
        lambda x: x - None,
        lambda x: x * np.ones(2),
        lambda x: np.ones(2) * x,
        lambda x: x / [1],
        lambda x: x**x,
        lambda x: x ** "2",
        lambda x: maximum(x, "1"),
    ],
)
def test_operand_of_another_kind(combine):
    with pytest.raises(TypeError, match=r"expected one real number|can only conc"):
        combine(Value(2))


def test_division_by_zero():
    with pytest.raises(ZeroDivisionError, match=r"Value\(1.0, label='a'\) is divided"):
        Value(1, "a") / Value(0)
    with pytest.raises(ZeroDivisionError, match="is divided by"):
        1 / Value(0)


@pytest.mark.parametrize("x", [0, -1])
def test_log_of_what_is_not_positive(x):
    with pytest.raises(ValueError, match=r"log of Value\(.*expected a positive"):
        Value(x).log()


@pytest.mark.parametrize(("x", "n"), [(-2, 0.5), (0, -1), (0, 0.5)])
def test_power_without_a_value_or_a_slope(x, n):
    with pytest.raises(ValueError, match="no real value or no finite slope"):
        Value(x) ** n


@pytest.mark.parametrize(
    ("combine", "message"),
    [
        (lambda: Value(1000).exp(), "exp of 1000 is inf with derivative inf"),
        (lambda: Value(1e200) ** 2, r"\^2 of 1e\+200 is inf"),
        (lambda: Value(1e200) * 1e200, r"× of 1e\+200, 1e\+200 is inf"),
        (lambda: Value(1e308) + 1e308, r"\+ of 1e\+308, 1e\+308 is inf"),
        (lambda: Value(1) / 1e-200, r"÷ of 1, 1e-200 is 1e\+200 with .* -inf"),
        (lambda: Value(5e-324).log(), "log of .* with derivative inf"),
    ],
)
def test_numbers_too_large_for_a_float(combine, message):
    with pytest.raises(FloatingPointError, match=message):
        combine()


def test_derivative_too_large_for_a_float():
    x = start = Value(1e-300)
    y = x
    for _ in range(4):
        x = x * 1e100
        y = y * 1e-100 * 1e200
    with pytest.raises(FloatingPointError, match="too large for a float"):
        backward(x)
    with pytest.raises(FloatingPointError, match="too large for a float"):
        forward_mode(y, start)


@pytest.mark.parametrize(
    "call",
    [
        lambda: backward(3.0),
        lambda: topological_order([Value(1)]),
        lambda: forward_mode(3.0, Value(1)),
        lambda: count_paths("y", Value(1)),
        lambda: paths(None, Value(1)),
        lambda: table(3),
        lambda: draw(3),
    ],
)
def test_output_that_is_not_a_value(call):
    with pytest.raises(TypeError, match=r"output is .*, expected a Value"):
        call()


@pytest.mark.parametrize("function", [forward_mode, count_paths, paths])
def test_leaf_that_is_not_a_value(function):
    with pytest.raises(TypeError, match=r"leaf is 3, expected a Value"):
        function(Value(1), 3)


def test_limit_that_is_not_a_whole_number():
    with pytest.raises(TypeError, match=r"limit is 2\.5, expected a whole number"):
        paths(Value(1), Value(1), limit=2.5)
    with pytest.raises(ValueError, match="limit is -1"):
        paths(Value(1), Value(1), limit=-1)


def test_record_checks_what_it_is_given():
    x = Value(1)
    with pytest.raises(ValueError, match="f has 1 parents and 2 local derivatives"):
        record("f", 1, (x,), (1, 2))
    with pytest.raises(ValueError, match="at least one parent"):
        record("f", 1, (), ())
    with pytest.raises(TypeError, match=r"a parent is 2.0, expected a Value"):
        record("f", 1, (x, 2.0), (1, 1))
    with pytest.raises(FloatingPointError, match="f of 1 is nan"):
        record("f", math.nan, (x,), (1,))
    with pytest.raises(FloatingPointError, match="f of 1 is 1 with derivative inf"):
        record("f", 1, (x,), (math.inf,))


def test_record_turns_numbers_of_other_kinds_into_floats():
    x = Value(np.float32(2))
    y = record("f", np.float64(3), (x,), (np.float64(4),))
    backward(y)
    assert [type(v) for v in (x.data, x.grad, y.data, *y.local)] == [float] * 4


# Text


def test_repr():
    x = Value(3, "x")
    y = x * 2
    assert repr(x) == "Value(3.0, label='x')"
    assert repr(y) == "Value(6.0)"
    backward(y)
    assert repr(x) == "Value(3.0, label='x', grad=2.0)"


def test_table():
    x, z = Value(2, "x"), Value(-4, "z")
    y = (x + 3) * z
    expected = """\
name  operation  parents  local  value  gradient
x                                2{}
3                                3{}
z                                -4{}
v1    +          x, 3     1, 1   5{}
v2    ×          v1, z    -4, 5  -20{}"""
    assert table(y) == expected.format("", "", "", "", "")
    backward(y)
    gaps = ["      -4", "      -4", "     5", "      -4", "    1"]
    assert table(y) == expected.format(*gaps)
    y.label = "y"
    assert table(y).splitlines()[-1].startswith("y     ×          v1, z")


# Pictures


def boxes(ax):
    return [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]


def extents_on(ax):
    """Return the rectangles of boxes, of their texts, and of edge labels, in pixels."""
    ax.figure.canvas.draw()
    rectangles = [box.get_window_extent() for box in boxes(ax)]
    texts = [text.get_window_extent() for text in ax.texts]
    inside = [t for t in texts if any(r.contains(*center(t)) for r in rectangles)]
    return rectangles, inside, [text for text in texts if text not in inside]


def center(rectangle):
    return (rectangle.x0 + rectangle.x1) / 2, (rectangle.y0 + rectangle.y1) / 2


def tangle():
    values = [Value(0.1 * i, f"x{i}") for i in range(4)]
    rng = np.random.default_rng(3)
    for _ in range(14):
        i, j = rng.integers(len(values), size=2)
        values.append(values[i] * values[j] if rng.random() < 0.7 else -values[i])
    total = values[-1]
    for value in values[4:-1]:
        total = total + value
    return total


PICTURES = {
    "circuit": lambda truth: circuit(truth["circuit_xyz"])[0],
    "neuron": lambda truth: neuron(truth["sigmoid_neuron"])[0],
    "staged": lambda truth: staged(truth["staged"])[0],
    "network": lambda truth: network(),
    "leaf": lambda truth: Value(3, "a label that is long"),
    "sum of many": lambda truth: record(
        "sum", 6, tuple(Value(i) for i in range(7)), (1,) * 7
    ),
    "square": lambda truth: Value(-3) * Value(4) * 2,
    "tangle": lambda truth: tangle(),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("given_axes", [False, True])
def test_nothing_in_a_picture_overlaps(name, given_axes, truth):
    output = PICTURES[name](truth)
    backward(output)
    ax = draw(output, plt.subplots(figsize=(5, 3))[1] if given_axes else None)
    rectangles, inside, labels = extents_on(ax)
    nodes = topological_order(output)
    assert len(rectangles) == len(nodes)
    assert len(inside) == sum(3 if node.edges else 2 for node in nodes)
    assert len(labels) == sum(len(node.edges) for node in nodes) + 3  # and the key
    for one, other in combinations(rectangles + labels, 2):
        assert not one.overlaps(other)
    for one, other in combinations(inside, 2):
        assert not one.overlaps(other)
    for text in inside:
        box = next(r for r in rectangles if r.contains(*center(text)))
        assert box.x0 < text.x0 < text.x1 < box.x1
        assert box.y0 < text.y0 < text.y1 < box.y1
    for one in rectangles + labels:
        assert ax.bbox.x0 <= one.x0 < one.x1 <= ax.bbox.x1
        assert ax.bbox.y0 <= one.y0 < one.y1 <= ax.bbox.y1


@pytest.mark.parametrize("name", PICTURES)
def test_edges_lead_to_the_right_and_around_boxes(name, truth):
    ax = draw(PICTURES[name](truth))
    curves = [patch.get_path() for patch in ax.patches if type(patch) is PathPatch]
    frames = [(b.get_x(), b.get_y(), b.get_width(), b.get_height()) for b in boxes(ax)]
    for curve in curves:
        points = curve.to_polygons(closed_only=False)[0]
        assert all(here[0] <= there[0] + 1e-9 for here, there in pairwise(points))
        assert any(points[0][0] == pytest.approx(x + w) for x, _, w, _ in frames)
        tip_x, tip_y = points[-1]
        assert any(
            tip_x == pytest.approx(x) and y < tip_y < y + h for x, y, _, h in frames
        )
        dense = np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(points)])
        for x, y, w, h in frames:
            within = (
                (dense[:, 0] > x + 1e-6)
                & (dense[:, 0] < x + w - 1e-6)
                & (dense[:, 1] > y + 1e-6)
                & (dense[:, 1] < y + h - 1e-6)
            )
            assert not within.any()


def test_edges_enter_a_box_in_the_order_in_which_they_come():
    a, b = Value(1), Value(2)
    f = a * b
    routes = {(f, 0): [a, f], (f, 1): [b, f]}
    upper, lower = -_graph_picture.PORT / 2, _graph_picture.PORT / 2
    assert _graph_picture.ports(f, routes, {a: -1, b: 1, f: 0}) == {0: upper, 1: lower}
    assert _graph_picture.ports(f, routes, {a: 1, b: -1, f: 0}) == {0: lower, 1: upper}


def test_operations_are_drawn_in_a_line_with_leaves_beside_it():
    c = Value(3)
    product = Value(1) * Value(2)
    f = product + c
    columns, routes = _graph_picture.arrange(topological_order(f))
    y = _graph_picture.level(columns, *_graph_picture.neighbours(routes))
    assert abs(y[f] - y[product]) < 0.3 * abs(y[f] - y[c])


def test_picture_says_what_the_graph_holds(truth):
    f, _ = circuit(truth["circuit_xyz"])
    before = [text.get_text() for text in draw(f).texts]
    assert sorted(before) == sorted(
        [
            "x = −2",
            "y = 5",
            "z = −4",
            "+",
            "q = 3",
            "×",
            "f = −12",
            "1",
            "1",
            "−4",
            "3",
            "value",
            "local derivative",
        ]
    )
    backward(f)
    after = [text.get_text() for text in draw(f).texts]
    assert sorted(after) == sorted([*before, "−4", "−4", "3", "−4", "1", "gradient"])


def test_picture_writes_no_minus_zero():
    y = Value(0) * Value(-1)
    assert "0" in [text.get_text() for text in draw(y).texts]
    assert "−0" not in [text.get_text() for text in draw(y).texts]


def test_picture_goes_where_it_is_told():
    _, (left, right) = plt.subplots(1, 2)
    assert draw(Value(1) + 2, right) is right
    assert boxes(left) == []
    assert len(boxes(right)) == 3
    assert len(plt.get_fignums()) == 1


def test_worked_graphs_are_drawn_with_few_crossings(truth):
    def disorder(output):
        columns, routes = _graph_picture.arrange(topological_order(output))
        left, right = _graph_picture.neighbours(routes)
        columns = _graph_picture.untangle(columns, left, right)
        return _graph_picture.disorder(columns, left)

    assert disorder(circuit(truth["circuit_xyz"])[0]) == 0
    assert disorder(neuron(truth["sigmoid_neuron"])[0]) == 0
    assert disorder(staged(truth["staged"])[0]) == 1.5  # one, and the fraction turned
    a, b = Value(1), Value(2)
    assert disorder((a * 2 + 3) * (b * 4 + 5)) == 0


def test_sweeps_do_better_than_the_first_order():
    columns, routes = _graph_picture.arrange(topological_order(tangle()))
    left, right = _graph_picture.neighbours(routes)
    better = _graph_picture.untangle(columns, left, right)
    before = _graph_picture.disorder(columns, left)
    assert _graph_picture.disorder(better, left) < before
    assert [set(column) for column in better] == [set(column) for column in columns]


def test_crossings_are_counted():
    a, b, c, d = (Value(i) for i in range(4))
    left = {c: [a, b], d: [a]}
    disorder = _graph_picture.disorder
    assert disorder([[a, b], [c, d]], left) == 1  # b-c and a-d
    assert disorder([[a, b], [d, c]], left) == 0
    assert disorder([[b, a], [c, d]], left) == 0.5  # c's operands change places


@given(
    st.lists(
        st.tuples(st.floats(-9, 9), st.floats(0.1, 5), st.floats(0.1, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_spread_leaves_gaps_and_the_mean_alone(items):
    wanted, weights, sizes = map(list, zip(*items, strict=True))
    placed = _graph_picture.spread(wanted, weights, sizes)
    for (y1, h1), (y2, h2) in pairwise(zip(placed, sizes, strict=True)):
        assert y2 - y1 >= (h1 + h2) / 2 + _graph_picture.GAP - 1e-9
    assert np.dot(placed, weights) == pytest.approx(np.dot(wanted, weights), abs=1e-9)


def test_spread_moves_nothing_that_has_room():
    assert _graph_picture.spread([0, 5, 9], [1, 1, 1], [1, 1, 1]) == [0, 5, 9]
    assert _graph_picture.spread([1, 1], [3, 1], [0.8, 0.8]) == pytest.approx(
        [0.75, 1.75]
    )


def test_graph_too_large_for_a_picture():
    x = Value(1)
    for _ in range(49):
        x = x * 1.5
    assert len(topological_order(x)) == 99
    assert len(boxes(draw(-x))) == 100
    with pytest.raises(ValueError, match="the graph has 101 nodes, expected at most"):
        draw(x * 2)
