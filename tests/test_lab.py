"""JupyterLab as a learner meets it: the exercises validate, the widgets are alive."""

from live import violations, written

from nnbook_utils import demos
from nnbook_utils.demos import Demo

WIDGETS = """
import anywidget
import traitlets
from ipywidgets import IntSlider, VBox


class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = "count " + model.get("n"); };
        button.onclick = () => { model.set("n", model.get("n") + 1);
                                 model.save_changes(); show(); };
        show();
        el.append(button);
    } };'''
    n = traitlets.Int(3).tag(sync=True)


VBox([IntSlider(description="eta"), Counter()])
"""
# Each demo, and what says of it in Python what has reached it there.
DEMOS = """
from ipywidgets import Button, Label, VBox

from nnbook_utils import demos

shown = [kind() for _, kind in sorted(demos.Demo.all.items())]


def parts(demo):
    told, put = Label(), Button(description=f"put back {demo.module}")
    started = demo.settings()

    def tell(change=None):
        told.value = f"{demo.module} as started: {demo.settings() == started}"

    def back(button):
        for name, value in started.items():
            demo.set_trait(name, value)

    demo.observe(tell)
    put.on_click(back)
    tell()
    return [demo, told, put]


VBox([part for demo in shown for part in parts(demo)])
"""
SET = """
next(d for d in shown if d.module == "linear_map").matrix = [[2, 0], [0, 3]]
"""


def test_validate_tells_what_is_not_yet_answered(chromium, lab):
    page = lab.opened(chromium, "exercises/ps1/ps1.ipynb")
    page.get_by_text("Validate", exact=True).click()
    page.get_by_text("Validation Results").wait_for()
    assert "not yet answered" in page.locator(".jp-Dialog").inner_text()
    page.context.close()


def test_widgets_are_drawn_and_answer(chromium, lab):
    page = lab.opened(chromium, lab.write("widgets.ipynb", WIDGETS))
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("count 3").click()
    page.get_by_text("count 4").wait_for()
    assert page.locator(".widget-slider, .jupyter-widget-slider").count() == 1
    page.context.close()


def moved(control):
    """Move a control to another value, as a reader does."""
    kind = control.get_attribute("type")
    if kind == "checkbox":
        control.click()
    elif kind == "range":
        before = control.input_value()
        control.press("ArrowRight")
        if control.input_value() == before:  # it stood at its end
            control.press("ArrowLeft")
    else:
        options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
        control.select_option(next(o for o in options if o != control.input_value()))


def state_of(control):
    return control.evaluate("c => c.type === 'checkbox' ? c.checked : c.value")


def test_every_demo_is_drawn_and_speaks_with_python(chromium, lab):
    page = lab.opened(chromium, lab.write("demos.ipynb", DEMOS, SET))
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    figures = page.locator(".jp-OutputArea .nn-demo")
    figures.nth(len(Demo.all) - 1).wait_for()
    assert figures.count() == len(Demo.all)
    for place, (name, kind) in enumerate(sorted(Demo.all.items())):
        figure = figures.nth(place)
        assert figure.locator("svg, canvas").first.bounding_box()["width"] > 100
        controls = ", ".join(
            f'[data-control="{trait}"] :is(select, [type="checkbox"], [type="range"])'
            for trait in kind().settings()
        )
        control = figure.locator(controls).first
        before = state_of(control)
        moved(control)
        page.get_by_text(f"{name} as started: False").wait_for()
        assert state_of(control) != before
        page.get_by_role("button", name=f"put back {name}", exact=True).click()
        page.get_by_text(f"{name} as started: True").wait_for()
        assert state_of(control) == before
        figure.locator(".state-link summary").click()
        call = written(figure.locator(".state-link input").first)
        assert eval(call, {"demos": demos}).settings() == kind().settings()
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("determinant 6:").wait_for()
    ids = page.locator(".nn-demo [id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    for theme, light in (("light", "true"), ("dark", "false")):
        page.emulate_media(color_scheme=theme)
        body = page.locator(f'body[data-jp-theme-light="{light}"]')
        body.wait_for(state="attached")
        assert violations(page, within=".nn-demo") == []
    assert complaints == []
    page.context.close()
