"""The arithmetic of questions, in Python and in the page, and their variants."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live import PACKAGE, engine_of

from nnbook_utils.practice import _data, _expressions, _text, variants
from nnbook_utils.practice._expressions import evaluate

ENGINE = PACKAGE / "practice" / "engine"
NAMES = {
    "x": 2.5,
    "n": -3.0,
    "v": [1.0, -2.0],
    "u": [0.5, 4.0],
    "A": [[1.0, 2.0], [-3.0, 0.5]],
}


arithmetic = engine_of(ENGINE / "expression.js")
marking = engine_of(ENGINE / "marking.js")
text = engine_of(ENGINE / "text.js")


# --- Expressions ---------------------------------------------------------------------

numbers = st.sampled_from(
    ["x", "n", "3", "0.5", "1e-2", "v[0]", "A[1][0]", "dot(v, u)"]
)
vectors = st.sampled_from(["v", "u", "[x, 1]", "A @ v", "softmax(u)", "v @ A"])
ENTRYWISE = ["abs", "exp", "floor", "sign", "tanh", "sigmoid", "relu", "step"]
WHOLE = ["sum", "mean", "size", "norm", "max", "min"]


def combined(inner):
    two = st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(" ".join)
    return st.one_of(
        two,
        two.map("({})".format),
        two.map("-({})".format),
        inner.map("-{}".format),
        inner.map("({})**2".format),
        st.tuples(st.sampled_from(ENTRYWISE), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, inner).map("max({0[0]}, {0[1]})".format),
    )


expressions = st.recursive(numbers, combined, max_leaves=6) | st.recursive(
    vectors | numbers, combined, max_leaves=6
).flatmap(lambda e: st.sampled_from([e, *(f"{f}({e})" for f in WHOLE)]))


@given(expression=expressions)
def test_both_evaluate_alike(arithmetic, expression):
    expected = evaluate(expression, NAMES)
    found = arithmetic.evaluate(expression, NAMES)
    if np.isfinite(expected).all():
        assert np.shape(found) == np.shape(expected)
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-2**2", -4),
        ("2**-1", 0.5),
        ("2**3**2", 512),
        ("8 / 4 / 2", 1),
        ("1 - 2 - 3", -4),
        ("-x + 1", -1.5),
        ("transpose(A)", [[1, -3], [2, 0.5]]),
        ("outer(v, u)", [[0.5, 4], [-1, -8]]),
        ("A @ A", [[-5, 3], [-4.5, -5.75]]),
        ("min(v, 0)", [0, -2]),
        ("sqrt(16) + log(1)", 4),
    ],
)
def test_known_values(arithmetic, expression, value):
    assert np.allclose(evaluate(expression, NAMES), value)
    assert np.allclose(arithmetic.evaluate(expression, NAMES), value)


@pytest.mark.parametrize(
    "expression",
    ["", "1 +", "y", "f(1)", "v + [1, 2, 3]", "A + v", "x; 1", "1 2", "v[5]", "().x",
     "__import__", "[1, 2", "'a'", "x if x else 1", "v[-1]", "dot(v, [1])"],
)  # fmt: skip
def test_what_is_no_expression_is_refused_by_both(arithmetic, expression):
    with pytest.raises(ValueError, match="cannot evaluate"):
        evaluate(expression, NAMES)
    with pytest.raises(Exception, match="Error"):
        arithmetic.evaluate(expression, NAMES)


# --- Numbers in texts ----------------------------------------------------------------


@given(value=st.floats(-1e9, 1e9) | st.floats(-1, 1) | st.integers(-20, 20).map(float))
def test_both_write_a_value_alike(text, value):
    assert text.valueInTex(value) == _text.value_in_tex(value)


@pytest.mark.parametrize(
    ("tex", "filled"),
    [
        ("[[x]] w", "2.5 w"),
        ("2 [[+n]]", "2 - 3"),
        ("2 [[+x]]", "2 + 2.5"),
        (r"2 \cdot [[(n)]]", r"2 \cdot (-3)"),
        (r"2 \cdot [[(x)]]", r"2 \cdot 2.5"),
        ("[[v]]", r"(1,\ \allowbreak -2)"),
        ("[[v[0]]] [[A[1][0]]]", "1 -3"),
        ("[[A]]", r"\begin{pmatrix} 1 & 2 \\ -3 & 0.5 \end{pmatrix}"),
        ("[[1 / 3]]", "0.3333"),
        ("[[1e-7]]", r"1 \cdot 10^{-7}"),
    ],
)
def test_both_fill_a_formula_alike(text, tex, filled):
    assert _text.fill_tex(tex, NAMES) == filled
    assert text.fillTex(tex, NAMES) == filled


def test_a_number_in_a_sentence():
    html = _text.to_html("It *is* [[n]], or $[[x]]$; see [there](../a.ipynb).")
    shown = _text.filled(html, NAMES)
    assert "<em>is</em>" in html
    assert '<span class="slot">−3</span>' in shown
    assert r'<span class="math">\(2.5\)</span>' in shown
    assert '<a href="../a.ipynb">there</a>' in shown


def test_html_in_a_text_is_text():
    assert "&lt;b&gt;" in _text.to_html("a <b> c")
    assert "&lt;b" in _text.to_html("$a <b$")


def test_a_formula_keeps_what_stands_beside_it():
    assert _text.to_html("if ($x$), then $y$ or $z$.", inline=True) == (
        'if <span class="nn-keep">(<span class="math">\\(x\\)</span>),</span> then '
        '<span class="math">\\(y\\)</span> or '
        '<span class="nn-keep"><span class="math">\\(z\\)</span>.</span>'
    )


def test_quotation_marks_are_those_of_the_book():
    assert _text.to_html('a "guess" that isn\'t', inline=True) == "a “guess” that isn’t"


def test_negative_zero_is_zero():
    assert _expressions.show(-0.0) == "0"


# --- Marking -------------------------------------------------------------------------


@given(
    value=st.floats(-10, 10),
    answer=st.floats(-10, 10) | st.just(0.0),
    near=st.floats(-3e-3, 3e-3),
    digits=st.none() | st.integers(0, 3),
)
def test_both_judge_closeness_alike(marking, value, answer, near, digits):
    for given_value in (value, answer * (1 + near)):
        rule = {"tolerance": 1e-3, "digits": digits}
        ours = _data.close(given_value, answer, **rule)
        assert marking.close(given_value, answer, rule) == ours


def test_an_answer_may_be_rounded_as_asked(marking):
    assert marking.close(0.333, 1 / 3)
    assert not marking.close(0.33, 1 / 3)
    assert marking.close(0.33, 1 / 3, {"digits": 2})
    assert not marking.close(0.34, 1 / 3, {"digits": 2})
    assert not marking.close([0, 1], [0.5, 1])
    assert marking.close([0, 1000], [0.0001, 1000])


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.5", 0.5), (" -2 ", -2), ("−2", -2), ("1/3", 1 / 3), ("0,5", 0.5), (".5", 0.5),
     ("2e-3", 0.002), ("+4", 4)],
)  # fmt: skip
def test_a_number_as_people_type_it(marking, typed, value):
    assert marking.readEntry("number", typed, []) == {"value": pytest.approx(value)}


@pytest.mark.parametrize(
    "typed", ["", "two", "1 2", "1/0", "1/2/3", "0x10", "e5", "--1"]
)
def test_what_is_no_number_is_said(marking, typed):
    assert marking.readEntry("number", typed, [])["problem"].startswith("Type")


def test_vectors_and_matrices_are_checked_for_form(marking):
    for typed in ("1, -2", "(1, −2)", "[1 -2]", "1;-2"):
        assert marking.readEntry("vector", typed, [2]) == {"value": [1, -2]}
    assert "two numbers" in marking.readEntry("vector", "1, x", [2])["problem"]
    assert "three numbers" in marking.readEntry("vector", "1, 2, 3", [2])["problem"]
    matrix = {"value": [[1, 2], [0.5, -4]]}
    assert marking.readEntry("matrix", "1 2\n1/2, -4\n", [2, 2]) == matrix
    assert "two rows" in marking.readEntry("matrix", "1 2 3 4", [2, 2])["problem"]


CHAIN = {
    "parts": [
        {"id": "w1", "kind": "number", "answer": "2 * w0", "mistakes": [
            {"name": "forgot_factor_2", "value": "w0"}]},
        {"id": "w2", "kind": "number", "answer": "w1 + 1", "mistakes": [
            {"name": "wrong_sign", "value": "w1 - 1"}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value", "found", "outcome"),
    [
        (0, 6, {}, "right"),
        (0, 3, {}, "known"),
        (0, 8, {}, "wrong"),
        (1, 7, {}, "right"),
        (1, 7, {"w1": 3}, "right"),
        (1, 4, {"w1": 3}, "follows"),
        (1, 2, {"w1": 3}, "known"),
        (1, 5, {"w1": 3}, "known"),
        (1, 4, {}, "wrong"),
    ],
)
def test_a_part_is_marked_from_the_readers_own_answer(
    marking, place, value, found, outcome
):
    variant = {"given": {"w0": 3}, "answers": {}}
    part = CHAIN["parts"][place]
    assert marking.mark(CHAIN, part, variant, value, found)["outcome"] == outcome


# --- Variants ------------------------------------------------------------------------

MEANT = {
    "parabola_step": {
        "w1": "w0 - eta * 2 * a * w0",
        "w2": "w0 * (1 - 2 * a * eta)**2",
        "bound": "2 / (2 * a)",
    },
    "bouncing_step": {"L": "2 / eta", "best": "eta / 2"},
    "bowl_step": {"g": "2 * [a, b] * w0", "w1": "w0 - eta * 2 * [a, b] * w0"},
    "momentum_steps": {
        "w1": "w0 - eta * a * w0",
        "w2": "w0 - eta * a * w0 - alpha * eta * a * w0"
        " - eta * a * (w0 - eta * a * w0)",
    },
    "adagrad_steps": {
        "w1": "w0 - eta",
        "w2": "w0 - eta - eta * g2 / sqrt(g1**2 + g2**2)",
    },
    "sgd_step": {
        "one": "w0 - eta * (w0 * x[0] - y[0]) * x[0]",
        "batch": "w0 - eta * mean((w0 * x - y) * x)",
    },
    "perceptron_step": {"score": "dot(w0, x)", "w1": "w0 + y * x"},
    "forward_pass": {
        "z": "W @ x + b",
        "a": "relu(W @ x + b)",
        "out": "dot(v, relu(W @ x + b)) + c",
    },
    "backward_pass": {
        "delta2": "out - y",
        "delta1": "(out - y) * v * step(z)",
        "dv": "(out - y) * a",
        "dW": "outer((out - y) * v * step(z), x)",
    },
    "parameter_count": {"count": "(n0 + 1) * n1 + (n1 + 1) * n2 + (n2 + 1) * n3"},
    "convolution_size": {
        "side": "floor((n + 2 * p - k) / s) + 1",
        "parameters": "(cin * k**2 + 1) * cout",
    },
    "two_vectors": {
        "dot": "sum(a * b)",
        "norm1": "sum(abs(a))",
        "norm2": "sqrt(sum(a**2))",
        "norminf": "max(abs(a))",
        "projection": "dot(a, b) / dot(b, b) * b",
    },
    "matrix_times": {
        "Wx": "[dot(W[0], x), dot(W[1], x)]",
        "WV": "[W[0][0] * V[0] + W[0][1] * V[1], W[1][0] * V[0] + W[1][1] * V[1]]",
    },
    "least_squares_slope": {
        "w": "dot(x, y) / dot(x, x)",
        "residual": "dot(x, y) / dot(x, x) * x - y",
    },
    "softmax_cross_entropy": {
        "p": "exp(z) / sum(exp(z))",
        "cost": "log(sum(exp(z))) - dot(z, target)",
        "delta": "exp(z) / sum(exp(z)) - target",
    },
    "sigmoid_slope": {
        "z": "w * x + b",
        "a": "1 / (1 + exp(-(w * x + b)))",
        "slope": "sigmoid(w * x + b) * (1 - sigmoid(w * x + b)) * x",
    },
    "linear_combination": {
        "c": "[t[0] * v[1] - t[1] * v[0], u[0] * t[1] - u[1] * t[0]]"
        " / (u[0] * v[1] - u[1] * v[0])",
    },
    "right_angle": {"orthogonal": "-t * b[1] / b[0]", "parallel": "t * b[0] / b[1]"},
    "layer_gradient": {"r": "W @ x - y", "G": "outer(W @ x - y, x)"},
    "ride_prediction": {
        "prediction": "w[0] + w[1] * km + w[2]",
        "residual": "w[0] + w[1] * km + w[2] - took",
    },
    "residual_cost": {"C": "sum(r**2) / (2 * size(r))", "mse": "mean(r**2)"},
    "shared_columns": {"level": "mean(y)", "w": "mean(y) * a / dot(a, a)"},
    "singular_values": {"kappa": "s[0] / s[2]", "squared": "(s[0] / s[2])**2"},
    "parabola_through": {
        "w": "[y[0], -1.5 * y[0] + 2 * y[1] - 0.5 * y[2],"
        " (y[0] - 2 * y[1] + y[2]) / 2]",
    },
    "scored_sample": {
        "m": "y * s",
        "hinge": "max(0, 1 - y * s)",
        "squared_hinge": "max(0, 1 - y * s)**2 / 2",
        "squared_error": "(s - y)**2 / 2",
    },
    "ridge_slope": {
        "plain": "dot(x, y) / dot(x, x)",
        "w": "dot(x, y) / 2 / (dot(x, x) / 2 + lambda_)",
    },
    "two_paths": {
        "by_x": "2 * (p * t) * (q + r * t)",
        "by_y": "(p * t)**2",
        "slope": "2 * p**2 * q * t + 3 * p**2 * r * t**2",
    },
    "sum_times_maximum": {
        "factors": "[x1 + x2, max(x2, x3)]",
        "gradient": "[max(x2, x3), max(x2, x3) + (x1 + x2) * step(x2 - x3),"
        " (x1 + x2) * step(x3 - x2)]",
    },
    "regression_sample": {
        "e": "y - w * x - b",
        "dw": "-2 * (y - w * x - b) * x",
        "db": "-2 * (y - w * x - b)",
    },
    "hidden_error": {"open": "dot(w, delta)", "shut": "0"},
    "training_step": {
        "g": "sum(gw) / 4 + lambda_ * w",
        "w1": "w * (1 - eta * lambda_) - eta * sum(gw) / 4",
        "b1": "b - eta * sum(gb) / 4",
    },
    "difference_quotients": {
        "central": "3 * a * theta**2 + a * epsilon**2",
        "central_error": "a * epsilon**2",
        "one_sided_error": "3 * a * theta * epsilon + a * epsilon**2",
    },
    "initial_scale": {"xavier": "sqrt(2 / (m + n))", "he": "sqrt(2 / m)"},
    "bracketings": {
        "forward": "n2 * n1 * n0 + n3 * n2 * n0",
        "reverse": "n3 * n2 * n1 + n3 * n1 * n0",
    },
    "descent_forecast": {
        "bound": "2 / max(H)",
        "best": "2 / (min(H) + max(H))",
        "factor": "(max(H) - min(H)) / (max(H) + min(H))",
    },
    "translated_weights": {
        "w": "[u[0] - u[1] * m[0] / s[0] - u[2] * m[1] / s[1],"
        " u[1] / s[0], u[2] / s[1]]",
    },
    "two_bottoms": {
        "w": "(c[0] + c[1]) / 2",
        "ends": "(1 - eta) * mean(c) + eta * c",
        "ball": "eta * (c[1] - c[0])**2 / 4 / (2 - eta)",
    },
    "batch_noise": {
        "drawn": "sigma2 / b",
        "different": "sigma2 / b * (n - b) / (n - 1)",
        "whole": "sigma2 / n",
    },
    "epoch_of_batches": {
        "steps": "floor(n / b) + sign(n - b * floor(n / b))",
        "last": "n - b * floor((n - 1) / b)",
        "weight": "b / (n - b * floor((n - 1) / b))",
    },
    "hinge_gradient": {"m": "y * dot(w, x)", "g": "(dot(w, x) - y) * x"},
    "minterm_unit": {"w": "2 * p - 1", "b": "0.5 - sum(p)"},
    "row_of_pulses": {
        "units": "m + 1",
        "parameters": "(1 + 1) * (m + 1) + (m + 1 + 1) * 1",
        "needed": "L / (2 * eps)",
    },
    "least_reconstruction": {"cost": "sum(lost) / 2"},
    "weight_decay_step": {"w1": "(1 - eta * lam) * w - eta * gw", "b1": "b - eta * gb"},
}


def test_every_generator_is_held_to_its_formulae():
    assert set(MEANT) == set(variants.GENERATORS)


@pytest.mark.parametrize("name", MEANT)
def test_a_variant_answers_by_the_textbook_formula(name):
    rng = np.random.default_rng(3)
    drawn = [variants.GENERATORS[name](rng) for _ in range(60)]
    for variant in drawn:
        assert set(variant.answers) == set(MEANT[name])
        for part, formula in MEANT[name].items():
            expected = evaluate(formula, variant.given)
            assert np.allclose(variant.answers[part], expected, rtol=1e-9, atol=1e-10)
        words = re.findall(r"\w+", variants.GENERATORS[name].__doc__)
        assert {*variant.given, *variant.answers} <= {*words}
    assert len({str(variant.given) for variant in drawn}) > 12


def test_a_variant_in_which_a_mistake_would_not_show_is_not_used(tmp_path):
    question = {
        "id": "q",
        "text": "?",
        "variants": "parabola_step",
        "parts": [
            {
                "id": "w1",
                "kind": "number",
                "answer": "w0 - eta * 2 * a * w0",
                "mistakes": [{"name": "wrong_sign", "value": "abs(w0 - eta*2*a*w0)"}],
            }
        ],
    }
    drawn = _data.variants_of(question)
    assert len(drawn) == _data.COUNT
    assert all(variant.answers["w1"] < 0 for variant in drawn)
    assert [v.given for v in drawn] == [v.given for v in _data.variants_of(question)]
