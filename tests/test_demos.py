"""What holds for every live figure: in light and dark, narrow, and led to by a link.

What a figure computes, and its main use, has a test file of its own.
"""

import re

import pytest
from conftest import ROOT
from draw_stills import page_of
from live import Shown, changed_by_others, state_link, violations

from nnbook_utils.demos import Demo

CONTROLS = """() => [...document.querySelectorAll(".nn-demo [data-control]")]
  .map((part) => part.dataset.control)"""
# What stands on buttons and beside controls; examples are choices, in small letters.
LABELS = """() => [...document.querySelectorAll(
  ".nn-demo :is(button, legend, summary, .control > label, .control > span)")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !one.matches("[data-control=examples] *, tbody *"))
  .map((one) => one.textContent.trim()).filter((text) => text)"""
OPEN = (
    """() => document.querySelectorAll("details").forEach((d) => { d.open = true; })"""
)
STRANGE = [None, "garbage", -1e300, [[]], 0.1234567891234]

every_demo = pytest.mark.parametrize("name", sorted(Demo.all))


@every_demo
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(chromium, name, theme):
    with Shown(chromium, Demo.all[name](), theme=theme) as shown:
        shown.page.evaluate(OPEN)
        assert shown.status
        assert violations(shown.page) == []
        assert shown.complaints == []


@every_demo
def test_other_figures_do_not_change_its_look(chromium, name):
    with Shown(chromium, Demo.all[name]()) as shown:
        assert shown.status
        assert changed_by_others(shown) == []


@every_demo
def test_it_fits_a_telephone(chromium, name):
    with Shown(chromium, Demo.all[name](), width=320, has_touch=True) as shown:
        shown.page.evaluate(OPEN)
        wide = "document.documentElement.scrollWidth"
        assert shown.page.evaluate(wide) <= 320
        small = shown.page.evaluate(
            """() => [...document.querySelectorAll(".nn-demo .handle")].map((h) =>
                 h.getBoundingClientRect().width).filter((w) => w > 0 && w < 24)"""
        )
        assert small == []


@every_demo
def test_it_speaks_as_the_others_do(chromium, name):
    with Shown(chromium, Demo.all[name]()) as shown:
        shown.page.evaluate(OPEN)
        labels = shown.page.evaluate(LABELS)
        assert "A link to this state" in labels
        assert [text for text in labels if re.match("(?!sin )[a-z][a-z ]", text)] == []
        assert [text for text in labels if re.search("[a-z][.:]$", text)] == []
        assert shown.status[-1] in ".?"
        told = shown.page.locator(".help").last.inner_text()
        assert re.match(r"[A-Z].*\. With the keyboard, .*\.$", told)
        first, *_ = told.split(" With the keyboard")
        assert not re.search("click|tap", first)


@every_demo
@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_a_link_changed_by_hand_does_no_harm(chromium, name, value):
    widget = Demo.all[name]()
    link = state_link(name, hide=value, **dict.fromkeys(widget.settings(), value))
    with Shown(chromium, widget, fragment=link) as shown:
        text = shown.page.locator(".nn-demo").inner_text()
        assert not any(word in text for word in ("NaN", "undefined", "not a number"))
        assert shown.complaints == []


@every_demo
def test_instructors_know_what_a_link_can_say(chromium, name):
    widget = Demo.all[name]()
    with Shown(chromium, widget) as shown:
        controls = sorted(set(shown.page.evaluate(CONTROLS)))
    cells = (
        ", ".join(f"`{word}`" for word in c) for c in (widget.settings(), controls)
    )
    row = f"| `{name}` | {' | '.join(cells)} |"
    assert row in (ROOT / "book" / "teaching.md").read_text("utf-8")


@every_demo
def test_a_teachers_link_hides_every_control(chromium, name):
    widget = Demo.all[name]()
    with Shown(chromium, widget) as shown:
        controls = sorted(set(shown.page.evaluate(CONTROLS)))
    with Shown(chromium, widget, fragment=state_link(name, hide=controls)) as shown:
        parts = shown.page.locator(".nn-demo [data-control]")
        assert parts.count() >= len(controls)
        for part in parts.all():
            assert not part.is_visible()


@every_demo
def test_a_page_can_show_it_twice(chromium, name):
    widget = Demo.all[name]()
    output = widget._repr_mimebundle_()[0]["text/html"]
    page = chromium.new_page()
    page.set_content(page_of(widget).replace(output, 2 * output))
    page.locator(".nn-demo").nth(1).wait_for()
    page.evaluate(OPEN)
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert violations(page) == []
    page.close()


@every_demo
def test_its_still_is_there(name):
    assert (ROOT / "book/_page/static/live" / f"{name}.png").exists()
