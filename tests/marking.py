"""Marking an answer as nbgrader would, without its machinery: for tables of answers.

An assignment's source notebook is run from top to bottom, hidden tests included, with
one answer in the place of the solution. What each test cell then gives is what a
learner who hands in that answer gets.
"""

import ast
import contextlib
import io
import re
import symtable
import textwrap
import warnings
from dataclasses import dataclass
from functools import cache

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from conftest import ROOT


@dataclass(frozen=True)
class Answer:
    """An answer that learners give, and what it must come to.

    `cell` is the grade id of the answer cell that `source` replaces; `name` says what
    is wrong with it, or what is special about a right one. Of the whole assignment's
    points it loses `lost`, in tests whose first message matches `words`.
    """

    cell: str
    name: str
    source: str
    lost: float = 0.0
    words: str = ""

    def __str__(self):
        return f"{self.cell}: {self.name}"


@dataclass(frozen=True)
class Outcome:
    """What one test cell gave: points, of how many, and its message."""

    points: float
    of: float
    message: str


def answers(assignment, wrong, right):
    """Return a table of answers that is written as the bodies of functions.

    Both tables map a part's number and the head of its function, such as
    "1a def p_norm(x, p):", to answers by name: of a right one the body, of a wrong one
    the points that it loses, the words of its message, and the body.
    """

    def whole(head, name, body, lost=0.0, words=""):
        number, _, line = head.partition(" ")
        source = f"{line}\n{textwrap.indent(body.strip(), '    ')}\n"
        return Answer(f"{assignment}-{number}", name, source, lost, words)

    return [
        *(
            whole(head, name, body, lost, words)
            for head, bodies in wrong.items()
            for name, (lost, words, body) in bodies.items()
        ),
        *(
            whole(head, f"right: {name}", body)
            for head, bodies in right.items()
            for name, body in bodies.items()
        ),
    ]


@cache
def cells(assignment):
    """Return the code cells of an assignment's source notebook."""
    path = ROOT / "solutions" / assignment / f"{assignment}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run(source, name, namespace):
    """Run a cell, and return what it shows: the value of its last line, if any."""
    tree = ast.parse(source)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, name, "exec"), namespace)
    return eval(compile(last, name, "eval"), namespace) if last else None


@cache
def names(source):
    """Return the names that a cell uses and those that it sets, for other cells.

    What functions take from outside counts as used: they will be called.
    """
    top = symtable.symtable(source, "cell", "exec")
    used = {name.get_name() for name in top.get_symbols() if name.is_referenced()}
    given = {
        name.get_name()
        for name in top.get_symbols()
        if name.is_assigned() or name.is_imported()
    }
    inner = top.get_children()
    for scope in inner:  # the list grows while we walk along it
        inner += scope.get_children()
        used |= {name.get_name() for name in scope.get_symbols() if name.is_global()}
    return used, given


def changed_by(assignment, answers):
    """Return the cells that answers may change, and those with all that they need.

    The rest of a notebook comes out as ever, so that it need not run again for each
    of a hundred answers.
    """
    seen = []
    for cell in cells(assignment):
        grade_id = cell.metadata.nbgrader.grade_id
        seen.append((grade_id, *names(answers.get(grade_id, cell.source))))
    changed, tainted = set(), set()
    for grade_id, used, given in seen:
        if grade_id in answers or used & tainted:
            changed.add(grade_id)
            tainted |= given
    needed, wanted = set(), set()
    for grade_id, used, given in reversed(seen):
        if grade_id in changed or given & wanted:
            needed.add(grade_id)
            wanted |= used
    return changed, needed


@cache
def all_right(assignment):
    """Return each test's outcome with all answers right."""
    return mark(assignment, {})


def mark(assignment, answers):
    """Return each test's outcome with `answers` (grade id: source) handed in."""
    outcomes = {}
    namespace = {"__name__": "__main__"}
    left = dict(answers)
    changed, needed = changed_by(assignment, answers)
    for cell in cells(assignment):
        told = cell.metadata.nbgrader
        if answers and told.grade_id not in needed:
            if told.grade and not told.solution:
                outcomes[told.grade_id] = all_right(assignment)[told.grade_id]
            continue
        source = left.pop(told.grade_id) if told.grade_id in left else cell.source
        printed, value, failure = io.StringIO(), None, ""
        # What stands around an answer must not matter: a print, a warning.
        with warnings.catch_warnings(), contextlib.redirect_stdout(printed):
            warnings.simplefilter("ignore")
            try:
                value = run(source, told.grade_id, namespace)
            except Exception as error:
                failure = f"{type(error).__name__}: {error}"
        if told.grade and not told.solution:
            # As nbgrader has it: a number that a test cell shows is what it gives.
            number = type(value) in (int, float)
            points = 0.0 if failure else value if number else told.points
            assert 0 <= points <= told.points, f"{told.grade_id} gives {points}"
            message = failure or printed.getvalue()
            outcomes[told.grade_id] = Outcome(points, told.points, message)
        elif told.grade_id not in changed:  # what uses an answer may fail with it
            assert not failure, f"{told.grade_id} of {assignment} fails: {failure}"
    assert not left, f"{assignment} has no cells {sorted(left)}"
    plt.close("all")
    return outcomes


def variant(assignment, part, name, *swaps, lost=0.0, words=""):
    """Return the solution of a part as an answer, with pieces of its text exchanged.

    Each of `swaps` is a pair: what stands in the solution, and what stands there
    instead.
    """
    cell = f"{assignment}-{part}"
    (source,) = (
        there.source
        for there in cells(assignment)
        if there.metadata.nbgrader.grade_id == cell
    )
    for old, new in swaps:
        assert old in source, f"{cell} has no {old!r}"
        source = source.replace(old, new)
    return Answer(cell, name, source, lost, words)


def right_answer(assignment, part, name, source):
    """Return an answer in another style than the solution's, which loses nothing."""
    return Answer(f"{assignment}-{part}", f"right, {name}", source)


def hold(assignment, answer, record_property):
    """Mark one answer, enter it in the table, and hold it to what is expected."""
    outcomes = mark(assignment, {answer.cell: answer.source}).values()
    total = sum(outcome.of for outcome in outcomes)
    points = sum(outcome.points for outcome in outcomes)
    message = next((outcome.message for outcome in outcomes if outcome.message), "")
    record_property(
        "marked", [assignment, str(answer), points, total - answer.lost, message]
    )
    assert points == pytest.approx(total - answer.lost), message
    if answer.words:
        assert re.search(answer.words, message), message


@cache
def solved(assignment):
    """Return the names that an assignment's solutions define."""
    names = {"__name__": "__main__"}
    for cell in cells(assignment):
        if not cell.metadata.nbgrader.grade:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(cell.source, names)
    return names


def hold_to_sentences(test, function):
    """Hold a test of `checks` to a sentence for whatever a function may do or return.

    `function` is the right answer; here it is left out, breaks, writes into its
    arguments, or returns its result in another form.
    """

    def unanswered(*given):
        raise NotImplementedError("not yet answered")

    def broken(*given):
        return np.zeros(98) @ np.zeros(99)

    def in_place(*given):
        came = function(*given)
        for value in given:
            if isinstance(value, np.ndarray):
                value += 1
            elif isinstance(value, list):
                value.append(value[-1])
        return came

    def returning(change):
        def each(came):
            several = isinstance(came, tuple | list)
            return tuple(map(each, came)) if several else change(came)

        return lambda *given: each(function(*given))

    def column(value):
        return np.reshape(value, (-1, 1))

    test(function)
    test(returning(lambda value: np.asarray(value).tolist()))
    for wrong, words in (
        (broken, "raised ValueError"),
        (np.zeros(3), "did you use its name"),
        (returning(lambda value: "no numbers"), "expected"),
        (lambda *given: None, "is its `return` missing"),
        (returning(column), "has shape|axis of length 1"),
    ):
        with pytest.raises(AssertionError, match=words):
            test(wrong)
    with pytest.raises(NotImplementedError, match="not yet answered"):
        test(unanswered)
    arrays = []
    with contextlib.suppress(AssertionError):
        test(lambda *given: arrays.extend(g for g in given if np.ndim(g)))
    if arrays:
        with pytest.raises(AssertionError, match="which belongs to its caller"):
            test(in_place)
    with contextlib.suppress(AssertionError):
        test(returning(lambda value: np.asarray(value, dtype=np.float32)))
        return
    with pytest.raises(AssertionError, match="float32"):
        test(returning(lambda value: np.asarray(value, dtype=np.float32)))


def hold_form(checks, assignment, form):
    """Hold one test of an assignment to sentences, by names: "test function own own".

    After the function that is tested come the learner's own parts that the test takes.
    """
    test, function, *own = form.split()
    parts = solved(assignment)
    hold_to_sentences(
        lambda answer: getattr(checks, test)(answer, *(parts[name] for name in own)),
        parts[function],
    )
