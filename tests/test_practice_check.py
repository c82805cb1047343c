"""A file of questions with a fault: where it is, what was expected, what to do."""

import pytest

from nnbook_utils import practice

NUMBER = """
questions:
  - id: q
    kind: number
    text: What is $[[x]] + 1$? See [here](here.md#topic-here).
    given: {x: 2}
    answer: x + 1
    mistakes: [{name: off_by_one, value: x, why: One is added.}]
    solution: $[[answer]]$.
"""
CHOICE = """
questions:
  - id: c
    kind: one
    text: Which?
    options:
      - {text: This one., right: true, why: It is.}
      - {text: That one., why: It is not.}
"""
ORDER = """
questions:
  - id: o
    kind: ordering
    text: In which order?
    items: [first, second, third]
    mistakes: [{order: [2, 1, 3], why: Swapped.}]
    solution: One after the other.
"""
PARTS = """
questions:
  - id: p
    text: Two parts.
    variants: parabola_step
    parts:
      - {id: w1, kind: number, text: One., no_mistakes: None., solution: So.}
      - {id: w2, kind: number, text: Two., no_mistakes: None., solution: So.}
"""
NAME = "c.questions.yml"


@pytest.fixture
def file(tmp_path):
    """Return a function that stores a text as the file of questions."""
    (tmp_path / "here.md").write_text("(topic-here)=\n# Here\n")

    def stored(text):
        path = tmp_path / NAME
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return stored


@pytest.mark.parametrize("text", [NUMBER, CHOICE, ORDER, PARTS])
def test_what_is_right_is_so(file, text):
    assert practice.problems(file(text)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ": expected `questions:`"),
        ("- a\n", ": expected `questions:`"),
        ("questions:\n", ": expected `questions:`"),
        ("questions: [one]\n", ": expected `questions:`"),
        ("questions: []\n", ", questions: has 0, expected at least 1"),
        ("questions:\n\t- id: q\n", ", line 2, column 1: found character"),
        ("questions: [\n", ", line 2, column 1: expected the node content"),
        ("questions: \x07\n", ": unacceptable character"),
        (b"questions: \xe9\n", ": expected text in UTF-8: save it so"),
        (
            NUMBER.replace("answer: x + 1", "answer: x + 1\n    answer: x"),
            ", line 8, column 5: 'answer' stands here for the second time",
        ),
    ],
)
def test_a_file_that_holds_no_questions_is_refused(file, text, complaint):
    path = file(text)
    (told,) = practice.problems(path)
    assert told.startswith(NAME + complaint)
    for function in (practice.questions, practice.summary):
        if "has 0" not in complaint:
            with pytest.raises(ValueError, match=NAME):
                function("c", path.parent)


@pytest.mark.parametrize(
    ("text", "old", "new", "complaint"),
    [
        # the form
        (NUMBER, "answer:", "hint: Add.\n    answer:", ": hint: no such key belongs"),
        (NUMBER, "kind: number", "kind: digits", ", kind: 'digits' is none of one"),
        (NUMBER, "    kind: number\n", "", ": 'kind' is missing: add it"),
        (NUMBER, "id: q", "id: A Q", ", id: 'A Q', expected small letters, digits"),
        (NUMBER, "solution: $[[answer]]$.", "", ": 'solution' is missing: add it"),
        (NUMBER, "solution: $[[answer]]$.", "solution: 3", ", solution: 3, expected a"),
        (NUMBER, "answer: x + 1", "answer: [1]", ", answer: [1], expected a text or a"),
        (NUMBER, "answer:", "digits: -1\n    answer:", ", digits: -1, expected 0 or"),
        (NUMBER, "answer:", "tolerance: 0\n    answer:", ", tolerance: 0, expected"),
        (NUMBER, "{x: 2}", "[2]", ", given: [2], expected names with values"),
        (NUMBER, "{x: 2}", "{x: 2}\n    variants: bowl_step", ": has `variants` and"),
        (NUMBER, "mistakes:", "no_mistakes: None.\n    mistakes:", ": expected either"),
        (NUMBER, "why: One is added.", "why: ''", ", mistakes 1, why: '', expected a"),
        (CHOICE, ", why: It is not.", "", ", options 2: 'why' is missing: add it"),
        (CHOICE, "right: true", "right: false", ", options 1, right: False, expected"),
        (PARTS, "id: w2", "id: 2w", ", part 2w, id: '2w', expected letters, digits"),
        (PARTS, "id: w2,", "id: w2, colour: red,", ", part w2: colour: no such key"),
        # names
        (NUMBER, "name: off_by_one", "name: off_by_on", "did you mean off_by_one?"),
        (NUMBER, "name: off_by_one", "name: qqq", "take one of those, or add it there"),
        (NUMBER, "given: {x: 2}", "variants: bowl_stp", "did you mean bowl_step"),
        (NUMBER, "answer: x + 1", "answer: z + 1", "z is neither given (x are)"),
        (NUMBER, "[[x]] + 1", "[[z]] + 1", "cannot evaluate 'z'"),
        (NUMBER, "{x: 2}", "{x: 2, answer: 1}", "answer names two parts or values"),
        (PARTS, "id: w2", "id: w1", "w1 names two parts or values: rename one"),
        (PARTS, "id: w2", "id: w3", "part w3 has no answer: add `answer:`, or name"),
        (NUMBER, "    answer: x + 1\n", "", "part answer has no answer: add `answer:`"),
        # values
        (NUMBER, "{x: 2}", "{x: 2, A: [[1, 2], [3]]}", "given A is [[1, 2], [3]], exp"),
        (NUMBER, "{x: 2}", "{x: two}", "given x is 'two', expected finite numbers"),
        (NUMBER, "{x: 2}", "{x: true}", "given x is True, expected finite numbers"),
        (NUMBER, "{x: 2}", "{x: .inf}", "given x is inf, expected finite numbers"),
        (NUMBER, "{x: 2}", "{x: }", "given x is None, expected finite numbers"),
        (NUMBER, "{x: 2}", "{x: 2, v: []}", "given v is [], expected finite numbers"),
        (NUMBER, "value: x,", "value: x + 1,", "mistake off_by_one has the value of"),
        (NUMBER, "value: x,", "value: x / 0,", "mistake off_by_one is inf, expected"),
        (NUMBER, "answer: x + 1", "answer: x / 0", "the answer is inf, expected"),
        (NUMBER, "answer: x + 1", "answer: '[x, 3]'", "answer is [2.0, 3.0], expected"),
        (NUMBER, "answer: x + 1", "answer: '[[x, 3], [1]]'", "have several lengths"),
        (NUMBER, "$[[answer]]$.", "$[[x / 0]]$.", "[[x / 0]] is not finite"),
        (PARTS, "One.,", "One., answer: w0,", "what the package computes for"),
        # texts
        (NUMBER, "$[[answer]]$.", "$[[answer]].", "a $ or [[ that is not closed"),
        (NUMBER, "$[[answer]]$.", "$[[answer]$.", "a $ or [[ that is not closed"),
        (NUMBER, "here.md#", "gone.md#", "the link gone.md#topic-here leads to no"),
        (NUMBER, "(here.md#topic-here)", "(c.questions.yml)", "leads to no page"),
        (NUMBER, "#topic-here", "#topic-gone", "here.md has no label (topic-gone)=:"),
        # choices and orders
        (CHOICE, "right: true, ", "", "0 options are right, expected one: mark it"),
        (CHOICE, "That one.,", "That one., right: true,", "2 options are right,"),
        (CHOICE, "That one.", "This one.", "two options or items are the same: change"),
        (CHOICE.replace("kind: one", "kind: all"), "right: true, ", "", "no option is"),
        (ORDER, "[2, 1, 3]", "[2, 1]", "[2, 1] is no other order of the items [1, 2,"),
        (ORDER, "[2, 1, 3]", "[1, 2, 3]", "[1, 2, 3] is no other order of the items"),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_with_its_place(file, text, old, new, complaint):
    assert old in text
    (told,) = practice.problems(file(text.replace(old, new)))
    assert told.startswith(f"{NAME}, question ")
    assert complaint in told


def test_two_questions_have_two_names(file):
    (told,) = practice.problems(file(NUMBER + NUMBER.partition("questions:\n")[2]))
    assert told == f"{NAME}, question q: two questions have this id: rename one"


def test_a_mistake_that_never_shows_is_told(file):
    text = NUMBER.replace("given: {x: 2}", "variants: bouncing_step")
    text = text.replace("[[x]]", "[[eta]]").replace("x + 1", "eta")
    (told,) = practice.problems(file(text.replace("value: x", "value: 0 + eta")))
    assert "of 2000 variants that bouncing_step drew, only 0 are different" in told


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("kind: number", "kind: digits", "KeyError: 'options'"),
        ("name: off_by_one", "name: off_by_on", "did you mean off_by_one"),
        ("given: {x: 2}", "variants: bowl_stp", "did you mean bowl_step"),
        ("{x: 2}", "{x: }", "TypeError"),
        ("$[[answer]]$.", "$[[result]]$.", "cannot evaluate 'result'"),
    ],
)
def test_a_question_that_cannot_be_shown_says_which_it_is(file, old, new, complaint):
    path = file(NUMBER.replace(old, new))
    with pytest.raises(ValueError, match=f"{NAME}, question q: .*{complaint}"):
        practice.questions("c", path.parent).in_page()


def test_there_must_be_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        practice.problems(tmp_path / NAME)
