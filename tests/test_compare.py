"""How answers to the exercises are compared, and what is said about them."""

import numpy as np
import pytest

from nnbook_utils.checks import _compare


def test_messages_say_what_came_and_what_was_expected():
    with pytest.raises(
        AssertionError, match=r"your w is \[1\., 2\.\], expected \[1\., 3"
    ):
        _compare.expect([1.0, 2.0], [1.0, 3.0], "your w")
    with pytest.raises(AssertionError, match=r"ravel\(\)"):
        _compare.expect([[1.0], [3.0]], [1.0, 3.0], "your w")
    with pytest.raises(AssertionError, match="your w is 'x', expected a number"):
        _compare.expect("x", 3.0, "your w")
    with pytest.raises(
        AssertionError, match=r"w is \[\[1\., 2\.\]\], expected \[\[1\., 3"
    ):
        _compare.expect([[1.0, 2.0]], [[1.0, 3.0]], "your w")
    many = np.arange(20.0).reshape(5, 4)
    for row, words in ((4, "last row"), (2, "row 2")):
        wrong = many.copy()
        wrong[row, 1] += 7
        with pytest.raises(AssertionError, match=rf"{words} \[.*expected .*{words} \["):
            _compare.expect(wrong, many, "your w")


def test_a_near_miss_is_called_that():
    with pytest.raises(AssertionError, match=r"off by 1e-07: .* float32"):
        _compare.expect([1.0000001], [1.0], "your w")


def test_a_result_of_another_shape_has_its_mistake_named():
    def twice(x):
        return [x, x]

    for shapes, words in (({(2,): "twice is too much"}, ": twice is"), ({}, r"\(\)$")):
        with pytest.raises(AssertionError, match=rf"your w with x = 3 has .*{words}"):
            _compare.expect_result(twice, {"x": 3}, 6.0, "your w", shapes=shapes)
    with pytest.raises(AssertionError, match="expected a number"):
        _compare.expect_result(lambda x: [[x], [x, x]], {"x": 3}, 6.0, "your w")
    _compare.expect_result(lambda x: 2 * x, {"x": 3}, 6.0, "your w")
    with pytest.raises(AssertionError, match="nan"):
        _compare.expect([np.nan], [1.0], "your w")


def test_the_tolerance_is_relative_to_the_largest_entry():
    _compare.expect([1e6 + 1e-4, 0.0], [1e6, 0.0], "w")
    with pytest.raises(AssertionError):
        _compare.expect([1e6 + 1e-2, 0.0], [1e6, 0.0], "w")
    with pytest.raises(AssertionError):
        _compare.expect([1e-3 + 1e-8], [1e-3], "w")


def test_a_mistake_that_does_no_harm_on_the_data_is_not_named():
    with pytest.raises(AssertionError) as caught:
        _compare.expect([1.0 + 1e-7], [1.0], "your w", mistakes={"never": [1.0]})
    assert "never" not in str(caught.value)


def test_what_is_not_given_away_is_not_in_the_message():
    with pytest.raises(AssertionError, match="your w is 2, which is not right"):
        _compare.expect(2.0, 7.0, "your w", reveal=False)


@pytest.mark.parametrize(
    ("came", "words"),
    [
        ("E", "is 'E', expected one of the letters A, B, C in quotes, such as \"A\""),
        (3, "is 3, expected one of"),
        ("", "expected one of"),
        ("AB", "expected one of"),
        (["A"], "expected one of"),
        ("c", r"is C: too late\."),
        ("A", "is A: that is not right"),
    ],
)
def test_a_letter_has_its_form_tested_and_then_its_mistake_named(came, words):
    with pytest.raises(AssertionError, match=words):
        _compare.expect_letter(came, "ABC", "your x", right="B", why={"C": "too late"})


def test_a_right_letter_passes_and_a_form_needs_no_right_one():
    for came in ("B", "b", " B\n"):
        _compare.expect_letter(came, "ABC", "your x", right="B")
    _compare.expect_letter("C", "ABC", "your x")
    for missing in (None, ...):
        with pytest.raises(NotImplementedError, match="your x is not yet answered"):
            _compare.expect_letter(missing, "ABC", "your x")


@pytest.mark.parametrize(
    ("came", "points"),
    [
        ({1, 4}, 5),
        ([4, 1, 1], 5),
        ((np.int64(1), 4), 5),
        ({1}, 3),
        ({1, 4, 5}, 3),
        (set(), 1),
        ({1, 2, 3, 4, 5}, 0),
        ({2, 3, 5}, 0),
    ],
)
def test_a_set_earns_a_point_an_option(came, points, capsys):
    why = {k: f"reason {k}" for k in range(1, 6)}
    given = _compare.expect_set(came, 5, "your x", right={1, 4}, why=why)
    assert type(given) is int
    assert given == points
    printed = capsys.readouterr().out
    wrong = {1, 4} ^ {int(option) for option in came}
    for option in range(1, 6):
        assert (f"Option {option}: reason {option}.\n" in printed) == (option in wrong)
    assert (printed == "") == (points == 5)


def test_guessing_at_sets_earns_little(capsys):
    every = [[k for k in range(1, 6) if code >> k & 1] for code in range(0, 64, 2)]
    points = [_compare.expect_set(s, 5, "your x", right={1, 4}) for s in every]
    assert len(every) == 32
    assert np.mean(points) < 1


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (2, r"is 2, expected a set of numbers such as \{1, 5\}"),
        ("{1}", "expected a set"),
        ({1: 2}, "expected a set"),
        ({0}, "contains 0, expected whole numbers from 1 to 5"),
        ({6}, "contains 6"),
        ({1.0}, r"contains 1\.0"),
        ({True}, "contains True"),
        (["a"], "contains 'a'"),
    ],
)
def test_a_set_of_another_form_gets_a_sentence(came, words):
    with pytest.raises(AssertionError, match=words):
        _compare.expect_set(came, 5, "your x")


def test_a_set_has_its_form_tested_without_a_right_one():
    assert _compare.expect_set({2}, 5, "your x") is None
    with pytest.raises(NotImplementedError, match="your x is not yet answered"):
        _compare.expect_set(None, 5, "your x")


def test_a_count_is_whole():
    mistakes = {"nothing is rounded": 2.5, "one is missing": 1}
    for came in (2, 2.0, np.int64(2), np.array(2)):
        _compare.expect_whole(came, 2, "your n", mistakes)
    for came, words in (
        (2.5, "is 2.5, expected a whole number.* nothing is rounded"),
        (1, r"is 1, expected 2\. .* one is missing"),
        (3.25, r"expected a whole number\.$"),
        ([2], "has shape"),
        ("two", "is 'two', expected a number"),
    ):
        with pytest.raises(AssertionError, match=words):
            _compare.expect_whole(came, 2, "your n", mistakes)


@pytest.mark.parametrize(
    ("own", "passes"),
    [
        (lambda: np.array([[1.0], [5.0]]), True),
        (lambda: [[1.0], [5.0]], True),
        (lambda: np.array([[1.0], [5.1]]), False),
        (lambda: np.array([[1.0], [1.0]]), False),
        (lambda: np.array([[1.0], [np.nan]]), False),
        (lambda: 1 / 0, False),
        (lambda: [[1.0]], False),
        (None, False),
    ],
)
def test_a_run_that_is_right_with_the_learner_s_own_parts_passes(own, passes):
    def run(start):
        return np.array([start, [5.0]])

    arguments, right = {"start": np.array([1.0])}, np.array([[1.0], [2.0]])
    if passes:
        _compare.expect_run(run, arguments, right, "here", mistakes={}, own=own)
        return
    with pytest.raises(AssertionError, match="your last iterate here"):
        _compare.expect_run(run, arguments, right, "here", mistakes={}, own=own)


def test_a_wrong_iterate_on_the_way_is_seen():
    def run(start):
        return np.array([start, [7.0], [2.0]])

    right = np.array([[1.0], [1.5], [2.0]])
    with pytest.raises(AssertionError, match="one of your iterates"):
        _compare.expect_run(run, {"start": right[0]}, right, "here", mistakes={})
