"""Questions as a reader meets them: by mouse, by touch and by keyboard alone."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from book_page import with_questions
from conftest import ROOT
from live import Shown, changed_by_others, violations

from nnbook_utils import practice
from nnbook_utils.practice import _data

FOLDER = ROOT / "tests"
KINDS = "questions_of_each_kind"
PLACES = [question["id"] for question in _data.load(_data.file_of(KINDS, FOLDER))]


@pytest.fixture(scope="module")
def widget():
    return practice.questions(KINDS, FOLDER)


@pytest.fixture
def shown(chromium, widget):
    with Shown(chromium, widget) as shown:
        yield shown
        assert shown.complaints == []


def question(shown, name):
    return shown.figure.locator("fieldset.question").nth(PLACES.index(name))


def told(box):
    return box.get_by_role("status").first.inner_text()


def answer(widget, name):
    of = next(one for one in widget.questions if one["id"] == name)
    given = _data.load(_data.file_of(KINDS, FOLDER))[PLACES.index(name)]
    variant = _data.Variant(**of["variants"][0])
    names = _data.names_of(given, variant)
    return names, _data.mistaken(given["parts"][0], names)


def check(box, text, place=0):
    form = box.locator(".part").nth(place)
    form.locator("input, textarea").fill(text)
    form.get_by_role("button", name="Check").click()
    return told(form)


def test_one_of_many_explains_what_was_chosen(shown):
    box = question(shown, "one-of-many")
    box.get_by_role("button", name="Check").click()
    assert "Choose one first." in box.get_by_role("alert").inner_text()
    box.get_by_label("Down").check()
    box.get_by_role("button", name="Check").click()
    assert "Not yet" in told(box)
    assert "minus the gradient" in told(box)
    assert "The cost rises" not in told(box)
    box.get_by_label("Up").check()
    assert told(box).strip() == ""  # of another choice
    box.get_by_role("button", name="Check").click()
    assert "Right" in told(box)
    assert "The cost rises along it" in told(box)
    assert "right" in box.locator("legend").first.inner_text()


def test_a_link_leads_to_the_other_page_or_notebook(show, widget):
    with show(widget) as shown:
        box = question(shown, "one-of-many")
        box.get_by_label("To").check()
        box.get_by_role("button", name="Check").click()
        link = box.get_by_role("link", name="norms")
        to, target = link.evaluate("(one) => [one.href, one.target]")
        if "/lab/" in shown.page.url:
            course, _ = shown.page.url.split("tests/figures.ipynb")
            assert to == f"{course}book/vectors/norms.ipynb"
            assert target == "_blank"
        else:
            assert to == "http://book.test/book/vectors/norms.html"
            assert target == ""
        shown.figure.get_by_role("button", name="Erase my answers").click()
        shown.figure.get_by_role("button", name="Yes").click()


def test_all_that_apply_counts_and_explains(shown):
    box = question(shown, "all-that-apply")
    boxes = box.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(2).check()
    box.get_by_role("button", name="Check").click()
    assert "One tick is too many" in told(box)
    assert "four times" in told(box)
    assert "One tick is missing" in told(box)
    boxes.nth(2).uncheck()
    boxes.nth(1).check()
    box.get_by_role("button", name="Check").click()
    assert "✓ Right" in told(box)


def test_a_number_is_checked_for_form_then_marked(shown):
    box = question(shown, "a-number")
    field = box.get_by_label("Your answer")
    check(box, "eleven")
    assert "Type a number" in box.get_by_role("alert").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "eleven"
    assert "looks as if you did the steps in another order" in check(box, "125")
    assert field.get_attribute("aria-invalid") == "false"
    assert "Not yet" in check(box, "12")
    field.fill("11.0")
    field.press("Enter")
    assert "✓ Right" in told(box)
    assert field.evaluate("(one) => one === document.activeElement")


def typed(value, between):
    return "\n".join(
        between.join(f"{x:g}" for x in row) for row in np.atleast_2d(value)
    )


def test_vector_and_matrix(shown, widget):
    for name, between in (("a-vector", ", "), ("a-matrix", " ")):
        names, mistakes = answer(widget, name)
        box = question(shown, name)
        check(box, "1")
        assert "Type two" in box.get_by_role("alert").first.inner_text()
        wrong = typed(*mistakes.values(), between)
        assert "It looks as if" in check(box, wrong)
        assert "✓ Right" in check(box, typed(names["answer"], between))


def test_an_order_is_made_by_the_keyboard_alone(shown):
    box = question(shown, "an-order")
    keyboard = shown.page.keyboard
    places = lambda: box.locator(".order .item").all_inner_texts()  # noqa: E731
    assert places() != ["forward pass", "backward pass", "update", "next batch"]
    for item in ("next batch", "update", "backward pass"):
        for _ in range(3):
            down = box.get_by_role("button", name=f"Move down: {item}")
            down.focus()
            keyboard.press("Enter")
            assert down.evaluate("(one) => one === document.activeElement")
    for item in ("update", "next batch"):
        down = box.get_by_role("button", name=f"Move down: {item}")
        down.focus()
        for _ in range(3):
            keyboard.press("Space")
    assert places() == ["forward pass", "backward pass", "update", "next batch"]
    up = box.get_by_role("button", name="Move up: update")
    up.focus()
    keyboard.press("Enter")
    assert "place 2 of 4" in box.locator(".visually-hidden").inner_text()
    box.get_by_role("button", name="Check").focus()
    keyboard.press("Enter")
    assert "old weights" in box.locator(".verdict").inner_text()
    up = box.get_by_role("button", name="Move down: update")
    up.focus()
    keyboard.press("Enter")
    box.get_by_role("button", name="Check").focus()
    keyboard.press("Enter")
    assert "✓ Right" in box.locator(".verdict").inner_text()


def test_a_part_is_marked_from_the_answer_before(shown, widget):
    names, mistakes = answer(widget, "carried-forward")
    box = question(shown, "carried-forward")
    assert "factor 2" in check(box, repr(float(mistakes["forgot_factor_2"])))
    own = mistakes["forgot_factor_2"]
    follows = own - names["eta"] * 2 * names["a"] * own
    assert "Right, from your own answer" in check(box, repr(float(follows)), place=1)
    box.get_by_role("button", name="Show the solution").nth(1).click()
    assert "from your own answer before" in told(box.locator(".part").nth(1))
    assert "✓ Right." in check(box, repr(float(names["w1"])))
    assert "✓ Right." in check(box, repr(float(names["w2"])), place=1)


def test_hints_come_one_by_one_and_the_solution_has_the_numbers(shown, widget):
    names, _ = answer(widget, "a-vector")
    box = question(shown, "a-vector")
    hint = box.get_by_role("button", name="Hint")
    hint.click()
    assert "Hint 1." in told(box)
    assert "Hint 2." not in told(box)
    hint.click()
    assert "Hint 2." in told(box)
    assert not hint.is_visible()
    box.get_by_role("button", name="Show the solution").click()
    solution = box.locator(".solution").text_content()
    for value in names["answer"]:
        assert f"{value:g}".replace("-", "−") in solution


def test_another_like_this_keeps_what_was_typed(shown):
    box = question(shown, "a-vector")
    check(box, "1, 2")
    before = box.locator(".text").inner_text()
    another = box.get_by_role("button", name="Another like this")
    another.click()
    assert box.locator(".text").inner_text() != before
    assert box.locator(".part input").input_value() == ""
    assert "Numbers 2 of 12" in box.inner_text()
    for _ in range(11):
        another.click()
    assert box.locator(".text").inner_text() == before
    assert box.locator(".part input").input_value() == "1, 2"


def test_answers_are_kept_in_this_browser_and_erased_on_demand(shown):
    page = shown.page
    check(question(shown, "a-number"), "125")
    check(question(shown, "a-number"), "11")
    page.reload()
    assert question(shown, "a-number").get_by_label("Your answer").input_value() == "11"
    assert "✓ Right" in told(question(shown, "a-number"))
    summary = page.locator(".summary")
    assert f"1 of {len(PLACES)} questions right" in summary.inner_text()
    assert "Question 3: you did the steps in another order" in summary.inner_text()
    with page.expect_download() as saved:
        summary.get_by_role("button", name="Save my answers").click()
    kept = json.loads(saved.value.path().read_text())
    assert kept["chapter"] == KINDS
    assert kept["questions"]["a-number"]["answers"]["0/answer"]["entry"] == "11"
    summary.get_by_role("button", name="Erase my answers").click()
    summary.get_by_role("button", name="No").click()
    assert "1 of" in summary.inner_text()
    summary.get_by_role("button", name="Erase my answers").click()
    summary.get_by_role("button", name="Yes").click()
    assert f"0 of {len(PLACES)} questions right" in summary.inner_text()
    assert question(shown, "a-number").get_by_label("Your answer").input_value() == ""
    page.reload()
    assert f"0 of {len(PLACES)} questions right" in summary.inner_text()


def test_questions_in_cells_of_their_own_have_one_memory_and_one_summary(chromium):
    names = PLACES[:3]
    cells = [practice.questions(KINDS, FOLDER, only=name) for name in names]
    cells.append(practice.summary(KINDS, FOLDER))
    page = SimpleNamespace(
        module="practice",
        _css=cells[0]._css,
        script=cells[0].script,
        in_page=lambda: "".join(cell.in_page() for cell in cells),
    )
    with Shown(chromium, page) as shown:
        legends = shown.page.locator("fieldset.question > legend").all_inner_texts()
        assert legends == ["Question 1", "Question 2", "Question 3"]
        question(shown, names[0]).get_by_label("Up").check()
        question(shown, names[0]).get_by_role("button", name="Check").click()
        check(question(shown, names[2]), "11")
        summary = shown.page.locator(".summary")
        assert summary.count() == 1
        assert f"2 of {len(PLACES)} questions right" in summary.inner_text()
        assert violations(shown.page) == []
        shown.page.reload()
        assert question(shown, names[0]).get_by_label("Up").is_checked()
        summary.get_by_role("button", name="Erase my answers").click()
        summary.get_by_role("button", name="Yes").click()
        assert not question(shown, names[0]).get_by_label("Up").is_checked()
        assert question(shown, names[2]).get_by_label("Your").input_value() == ""
        assert shown.complaints == []


def test_a_cell_of_one_question_stores_which_and_the_build_puts_it_in():
    asked, name = practice.questions(KINDS, FOLDER).questions, PLACES[1]
    widget = practice.questions(KINDS, FOLDER, only=name)
    assert widget.questions == asked[1:2]
    assert repr(widget) == f"questions({KINDS!r}, only={name!r})"
    assert with_questions(widget.stored(), FOLDER) == widget.in_page()
    summary = practice.summary(KINDS, FOLDER)
    assert repr(summary) == f"summary({KINDS!r})"
    assert with_questions(summary.stored(), FOLDER) == summary.in_page()
    with pytest.raises(ValueError, match=r"no question 'nothing', but one-of-many, "):
        practice.questions(KINDS, FOLDER, only="nothing")


def test_what_else_lies_in_the_browser_s_memory_does_no_harm(shown):
    key = f"nnbook.practice.{KINDS}"
    wrong = {"entry": {}, "outcome": "right", "hints": 1}
    other = {name: {"variant": 99, "answers": {"0/answer": wrong}} for name in PLACES}
    kept_so = ["{", "[]", "null", '{"questions": 3}', '{"questions": {"an-order": 1}}']
    for kept in (*kept_so, json.dumps({"questions": other})):
        code = "([key, kept]) => localStorage.setItem(key, kept)"
        shown.page.evaluate(code, [key, kept])
        shown.page.reload()
        assert "✓ Right" in check(question(shown, "a-number"), "11")


def test_a_link_cannot_bring_questions(chromium, widget):
    fragment = "demo.practice=" + json.dumps({"chapter": "x", "questions": []})
    with Shown(chromium, widget, fragment=fragment) as shown:
        assert shown.page.locator("fieldset.question").count() == len(PLACES)
        assert shown.complaints == []


PRESS = {
    "mouse": lambda part: part.click(),
    "touch": lambda part: part.tap(),
    "keyboard": lambda part: part.press("Enter"),
}


@pytest.mark.parametrize("way", PRESS)
def test_every_kind_of_question_is_answered(show, widget, way):
    press = PRESS[way]
    with show(widget, has_touch=way == "touch") as shown:
        keyboard = shown.page.keyboard

        def checked(name):
            box = question(shown, name)
            press(box.get_by_role("button", name="Check").first)
            return box.locator(".verdict").first.inner_text()

        def typed_in(name, text):
            field = question(shown, name).locator(".part :is(input, textarea)").first
            (field.focus if way == "keyboard" else lambda: press(field))()
            keyboard.press("Control+A")
            keyboard.type(text)
            return checked(name)

        one = question(shown, "one-of-many")
        for label, other, arrow, words in (
            ("Down", "Up", "ArrowDown", "that is minus the gradient"),
            ("Up", "Down", "ArrowUp", "Right"),
        ):
            if way == "keyboard":
                one.get_by_label(other).press(arrow)
            else:
                press(one.get_by_text(label, exact=True))
            assert words.lower() in checked("one-of-many").lower()
        for tick in question(shown, "all-that-apply").get_by_role("checkbox").all()[:2]:
            (tick.press("Space") if way == "keyboard" else press(tick))
        assert "✓ Right" in checked("all-that-apply")
        assert "in another order" in typed_in("a-number", "125")
        assert "✓ Right" in typed_in("a-number", "11")
        # Formulae are MathML where KaTeX is not, with the numbers in them.
        formula = question(shown, "a-number").locator("math").first.text_content()
        assert formula.replace(" ", "") == "23+3"
        for name, between in (("a-vector", ", "), ("a-matrix", " ")):
            names, _ = answer(widget, name)
            assert "✓ Right" in typed_in(name, typed(names["answer"], between))
        order = question(shown, "an-order")
        items = order.locator(".order .item")
        for place, item in enumerate(["forward pass", "backward pass", "update"]):
            while items.all_inner_texts().index(item) > place:
                press(order.get_by_role("button", name=f"Move up: {item}"))
        assert "✓ Right" in checked("an-order")
        summary = shown.figure.locator(".summary")
        assert f"6 of {len(PLACES)} questions right" in summary.inner_text()
        press(summary.get_by_role("button", name="Erase my answers"))
        press(summary.get_by_role("button", name="Yes"))
        assert f"0 of {len(PLACES)} questions right" in summary.inner_text()
        assert shown.complaints == []


def test_on_a_telephone(chromium, widget):
    with Shown(chromium, widget, width=320, has_touch=True) as shown:
        box = question(shown, "one-of-many")
        box.get_by_text("Up", exact=True).tap()
        box.get_by_role("button", name="Check").tap()
        assert "✓ Right" in told(box)
        order = question(shown, "an-order")
        before = order.locator(".item").all_inner_texts()
        order.get_by_role("button", name=f"Move down: {before[0]}").tap()
        assert order.locator(".item").all_inner_texts()[1] == before[0]
        wide = shown.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320
        assert shown.complaints == []


def test_figures_do_not_change_its_look(shown):
    check(question(shown, "a-number"), "125")
    check(question(shown, "a-vector"), "x")
    assert changed_by_others(shown) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_readers_aids_find_nothing_amiss(chromium, widget, theme):
    with Shown(chromium, widget, theme=theme) as shown:
        for name, text in (("a-number", "125"), ("a-vector", "x"), ("a-matrix", "1")):
            check(question(shown, name), text)
        question(shown, "one-of-many").get_by_label("Up").check()
        for button in shown.page.get_by_role("button", name="Show the solution").all():
            button.click()
        assert violations(shown.page) == []


def test_without_a_script_questions_and_answers_can_be_read(chromium, widget):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(f"<main>{widget.in_page()}</main>")
    assert page.get_by_text("Which way does the gradient point?").is_visible()
    assert page.get_by_text("What is \\(2^3 + 3\\)?").is_visible()
    assert not page.get_by_text("The cost rises along it").is_visible()
    page.get_by_text("Answer").first.click()
    assert page.get_by_text("The cost rises along it").is_visible()
    context.close()
