"""Problem Set 2, whole: what answers that learners give are worth."""

import itertools
import re

import nbformat
import numpy as np
import pytest
import yaml
from conftest import ROOT
from marking import Answer, answers, hold, hold_to_sentences, mark, solved

from nnbook_utils import beyond
from nnbook_utils.checks import ps2

SIDES = """
for K, F, S, P in layers:
    side = {}
return {}
"""
SIZE = "output_size(side, F, S, P)"

WRONG = {
    "1a def output_size(n, F, S, P):": {
        "+ 1 missing": (4, r"\+ 1 is missing", "return (n + 2 * P - F) // S"),
        "padded on one side": (4, "on one side only", "return (n + P - F) // S + 1"),
        "padding forgotten": (4, "padding is forgotten", "return (n - F) // S + 1"),
        "padding subtracted": (4, "is subtracted", "return (n - 2 * P - F) // S + 1"),
        "stride forgotten": (4, "stride is forgotten", "return n + 2 * P - F + 1"),
        "not rounded": (4, "is not rounded down", "return (n + 2 * P - F) / S + 1"),
        "rounded up": (4, "is rounded up", "return -((F - n - 2 * P) // S) + 1"),
        "stride divides all": (
            4,
            r"divides the \+ 1 too",
            "return (n + 2 * P - F + 1) // S",
        ),
        "works for stride 1": (4, "", "return n + 2 * P - F + 1 if S == 1 else n // S"),
        "nothing returned": (8, "is its `return` missing", "(n + 2 * P - F) // S + 1"),
    },
    "1b def flat_size(side, layers):": {
        "kernels forgotten": (
            4,
            "the number of kernels is forgotten",
            SIDES.format(SIZE, "side**2"),
        ),
        "kernels multiplied": (
            4,
            "the kernels of all layers are multiplied",
            "maps = 1" + SIDES.format(SIZE + "\n    maps *= K", "maps * side**2"),
        ),
        "kernels added": (
            4,
            "the kernels of all layers are added",
            "maps = 0" + SIDES.format(SIZE + "\n    maps += K", "maps * side**2"),
        ),
        "not squared": (4, "the side is not squared", SIDES.format(SIZE, "K * side")),
        "first layer only": (
            4,
            "only the first layer",
            "K, F, S, P = layers[0]; return K * output_size(side, F, S, P) ** 2",
        ),
        "last layer left out": (
            4,
            "the last layer is left out",
            SIDES.format(SIZE, "layers[-1][0] * side**2").replace(
                "in layers", "in layers[:-1]"
            ),
        ),
        "the side": (4, "not how many numbers it has", SIDES.format(SIZE, "side")),
        "padding and stride exchanged": (
            4,
            "raised|expected",
            SIDES.format("output_size(side, F, P, S)", "K * side**2"),
        ),
    },
    "3a def kernels(side_in, channels_in, side_out, channels_out):": {
        "+ 1 missing": (
            3,
            "one too small",
            "F = side_in - side_out; return channels_out, F, F, channels_in",
        ),
        "exchanged": (
            3,
            "have changed places",
            "F = side_in - side_out + 1; return channels_in, F, F, channels_out",
        ),
        "one channel": (
            3,
            "one channel only",
            "F = side_in - side_out + 1; return channels_out, F, F, 1",
        ),
        "channels of the output": (
            3,
            "as many channels as the output",
            "F = side_in - side_out + 1; return channels_out, F, F, channels_out",
        ),
        "one kernel": (
            3,
            "one kernel only",
            "F = side_in - side_out + 1; return 1, F, F, channels_in",
        ),
        "size of the output": (
            3,
            "as large as the output",
            "return channels_out, side_out, side_out, channels_in",
        ),
        "another order": (
            3,
            "the order is H, W, C, N",
            "F = side_in - side_out + 1; return F, F, channels_in, channels_out",
        ),
        "three numbers": (
            3,
            r"has shape \(3,\)",
            "F = side_in - side_out + 1; return channels_out, F, channels_in",
        ),
    },
    "4a def conv_parameters(C, K, F):": {
        "no biases": (4, "biases are forgotten", "return K * F * F * C"),
        "one bias": (4, "one bias in all", "return K * F * F * C + 1"),
        "bias a channel": (4, "each channel of a kernel", "return K * C * (F * F + 1)"),
        "one channel": (4, "for one channel only", "return K * (F * F + 1)"),
        "not squared": (4, "is not squared", "return K * (F * C + 1)"),
        "one kernel": (4, "number of kernels is forgotten", "return F * F * C + 1"),
        "bias of the inputs": (4, "each channel of the input", "return K*F*F*C + C"),
    },
    "4b def dense_parameters(n_in, n_out):": {
        "no biases": (2, "the biases are forgotten", "return n_in * n_out"),
        "biases of the inputs": (2, "not each output", "return n_in * (n_out + 1)"),
        "both": (2, "both have biases", "return n_in * n_out + n_in + n_out"),
        "one bias": (2, "one bias in all", "return n_in * n_out + 1"),
        "added": (2, "are added", "return n_in + n_out"),
        "one weight an output": (2, "one weight and one bias", "return 2 * n_out"),
        "square": (2, "expected", "return n_in * (n_in + 1)"),
    },
    "optional def receptive_field(layers):": {
        "strides forgotten": (
            0,
            "the strides are forgotten|expected",
            "return 1 + sum(F - 1 for F, _ in layers)",
        ),
        "added": (0, "are added", "return sum(F for F, _ in layers)"),
        "multiplied": (
            0,
            "are multiplied",
            "p = 1\nfor F, _ in layers:\n    p *= F\nreturn p",
        ),
        "own stride": (
            0,
            "a layer's own stride is counted",
            "r, a = 1, 1\nfor F, S in layers:\n    a *= S; r += (F - 1) * a\nreturn r",
        ),
    },
}
RIGHT = {
    "1a def output_size(n, F, S, P):": {
        "rounded by int": "return int((n + 2 * P - F) / S + 1)",
        "counted": "return len(range(0, n + 2 * P - F + 1, S))",
        "a float that is whole": (
            "import math\nreturn math.floor((n + 2 * P - F) / S) + 1.0"
        ),
        "walked": """
count, start = 0, -P
while start + F <= n + P:
    count, start = count + 1, start + S
return count
""",
    },
    "1b def flat_size(side, layers):": {
        "written out": SIDES.format("(side + 2 * P - F) // S + 1", "K * side * side"),
        "recursive": """
if not layers:
    return side**2
K, F, S, P = layers[0]
rest = flat_size(output_size(side, F, S, P), layers[1:])
return rest if layers[1:] else K * rest
""",
        "indices": """
for layer in layers:
    side = output_size(side, layer[1], layer[2], layer[3])
import numpy as np
return np.prod([layer[0], side, side])
""",
    },
    "3a def kernels(side_in, channels_in, side_out, channels_out):": {
        "a list": (
            "F = side_in - (side_out - 1); return [channels_out, F, F, channels_in]"
        ),
        "searched": """
for F in range(1, side_in + 1):
    if side_in - F + 1 == side_out:
        return channels_out, F, F, channels_in
""",
        "an array": """
import numpy as np
F = 1 + side_in - side_out
return np.array([channels_out, F, F, channels_in])
""",
    },
    "4a def conv_parameters(C, K, F):": {
        "weights and biases": "weights = K * C * F**2; return weights + K",
        "kernel by kernel": "return sum(F * F * C + 1 for _ in range(K))",
        "counted": "import numpy as np\nreturn np.zeros((K, C, F, F)).size + K",
    },
    "4b def dense_parameters(n_in, n_out):": {
        "weights and biases": "return n_in * n_out + n_out",
        "output by output": "return sum(n_in + 1 for _ in range(n_out))",
        "counted": "import numpy as np\nreturn np.ones((n_out, n_in)).size + n_out",
    },
    "optional def receptive_field(layers):": {
        "from the last layer back": """
side = 1
for F, S in reversed(layers):
    side = (side - 1) * S + F
return side
""",
    },
}
KEY = {
    1: {1, 4},
    2: {1, 2, 5},
    3: {2},
    4: {3},
    5: {4, 5},
    6: {1, 3, 5},
    7: {3, 4, 5},
    8: {2, 4},
    9: {1, 2},
    10: {3, 5},
}
SETS = [
    Answer("ps2-1", "one missing", "question_1 = {1}", 2, "3 of 4 .*\n.*2 points of 4"),
    Answer("ps2-1", "number of kernels forgotten", "question_1 = {1, 2, 4}", 2, "4500"),
    Answer("ps2-1", "a list", "question_1 = [4, 1]"),
    Answer("ps2-1", "no set", "question_1 = 14", 4, "expected a set of numbers"),
    Answer("ps2-1", "no option", "question_1 = {1, 5}", 4, "whole numbers from 1 to 4"),
    Answer("ps2-1", "missing", "question_1 = None", 4, "not yet answered"),
    Answer(
        "ps2-2", "all checked", "question_2 = {1, 2, 3, 4, 5}", 4, "Option 3: false"
    ),
    Answer("ps2-3", "none checked", "question_3 = set()", 2, "11 − 5 . 1 = 7"),
    Answer("ps2-4", "biases forgotten", "question_4 = {1}", 4, "forgets the 2500"),
    Answer("ps2-6", "a key that is about", "question_6 = {1, 2, 4}", 5, "cloud of"),
    Answer("ps2-9", "a key that is about", "question_9 = {2}", 2, "Option 1: true"),
    Answer("ps2-10", "an array", "import numpy as np\nquestion_10 = np.array([3, 5])"),
]
ANSWERS = [*answers("ps2", WRONG, RIGHT), *SETS]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("ps2", answer, record_property)


def test_every_coding_problem_has_six_wrong_answers_and_three_right_ones():
    assert WRONG.keys() == RIGHT.keys()
    for head in WRONG:
        if not head.startswith("optional"):
            assert len(WRONG[head]) >= 6, head
            assert len(RIGHT[head]) >= 3, head


def test_the_key_earns_all_points_and_its_opposite_none():
    SOLVED = solved("ps2")
    for number, right in KEY.items():
        assert SOLVED[f"question_{number}"] == right
        opposite = set(range(1, len(ps2.WHY[number]) + 1)) - right
        outcome = mark("ps2", {f"ps2-{number}": f"question_{number} = {opposite}"})
        assert outcome[f"ps2-{number}-marked"].points == 0
        assert outcome[f"ps2-{number}-marked"].of == len(ps2.WHY[number])


# Each test of the module, whatever the mistake ----------------------------------------

TESTS = {
    "output_size": ps2.output_size,
    "flat_size": lambda f: ps2.flat_size(f, solved("ps2")["output_size"]),
    "kernels": ps2.kernels,
    "conv_parameters": ps2.conv_parameters,
    "dense_parameters": ps2.dense_parameters,
}


@pytest.mark.parametrize("name", TESTS)
def test_whatever_a_function_does_its_learner_gets_a_sentence(name):
    hold_to_sentences(TESTS[name], solved("ps2")[name])


# What is asked, recomputed from the definitions ---------------------------------------


def text(path):
    cells = nbformat.read(ROOT / path, as_version=4).cells
    return "\n".join(c.source for c in cells if c.cell_type == "markdown")


def questions():
    """Return each question's text, as the notebook asks it."""
    notebook = text("solutions/ps2/ps2.ipynb")
    found = re.findall(r"(?s)(## Question \d+: .*?)\n\n\*Assign\*", notebook)
    assert len(found) == 10
    return found


def test_the_page_asks_what_the_notebook_asks_and_gives_the_tests_reasons():
    page = ROOT / "book" / "problem_sets" / "ps2.ipynb"
    cells = {cell.source for cell in nbformat.read(page, as_version=4).cells}
    file = yaml.safe_load(page.with_suffix(".questions.yml").read_text())["questions"]
    for number, question in enumerate(questions(), start=1):
        shown = file[number - 1]
        title = question.partition("\n")[0]
        assert title.startswith(f"## Question {number}: ")
        assert {title, f'practice.questions("ps2", only="{shown["id"]}")'} <= cells
        lines = [f"{k}. {o['text']}" for k, o in enumerate(shown["options"], start=1)]
        said = " ".join([title, shown["text"], *lines])
        assert said.split() == question.split()
        for option, reason in zip(shown["options"], ps2.WHY[number], strict=True):
            assert (
                " ".join(option["why"].split()) == f"{reason[0].upper()}{reason[1:]}."
            )
        right = {k for k, o in enumerate(shown["options"], start=1) if "right" in o}
        assert right == KEY[number]


def test_the_plans_of_question_1_are_what_they_are_said_to_be():
    plan = r"\$K = (\d+)\$, \$F = (\d+)\$, \$S = (\d+)\$, \$P = (\d+)\$"
    lines = re.findall(r"(?m)^\d\. First.*", questions()[0])
    for number, line in enumerate(lines, start=1):
        side, inputs, outputs = 32, *map(int, re.findall(r"(\d+) → (\d+)\.", line)[0])
        for layer in re.findall(plan, line):
            K, F, S, P = map(int, layer)
            side = beyond.conv_output_size(side, F, stride=S, padding=P)
            assert str(side) in ps2.WHY[1][number - 1]
        assert f"{K * side**2} numbers" in ps2.WHY[1][number - 1]
        assert (K * side**2 == inputs and outputs == 10) == (number in KEY[1])


def test_the_kernels_of_question_3_are_tried():
    values = r"\$N = (\d+)\$, \$H = (\d+)\$, \$W = (\d+)\$, \$C = (\d+)\$"
    for number, found in enumerate(re.findall(values, questions()[2]), start=1):
        N, H, _, C = map(int, found)
        fits = (N, beyond.conv_output_size(11, H), C) == (10, 7, 3)
        assert fits == (number in KEY[3])


def test_the_options_of_question_4_come_from_the_right_count_and_from_mistakes():
    pixels, shared = 50 * 50, beyond.conv_parameters(1, 1, 3)
    assert beyond.conv_output_size(50, 3, padding=1) == 50
    expected = [
        pixels**2 - shared,  # the biases of the fully connected layer forgotten
        pixels - shared,  # a weight a pixel
        beyond.dense_parameters(pixels, pixels) - shared,
        pixels**2,  # weights alone
        pixels,
    ]
    options = re.findall(r"(?m)^\d\. ([\d ]+)$", questions()[3])
    assert [int(option.replace(" ", "")) for option in options] == expected


def test_the_receptive_field_is_what_moves_an_output():
    """Ask the convolution itself which pixels change one number of its output."""
    for layers in ([(3, 2), (2, 1)], [(2, 1), (3, 3), (2, 2)], [(5, 2), (3, 1)]):

        def output(image, layers=layers):
            for F, S in layers:
                image = beyond.conv2d(image, np.ones((1, 1, F, F)), stride=S)
            return image[0, 0, 0]

        touched = [
            output(np.eye(1, 900, i * 30 + j).reshape(1, 30, 30)) != 0
            for i, j in itertools.product(range(30), repeat=2)
        ]
        side = solved("ps2")["receptive_field"](layers)
        assert sum(touched) == side**2
