"""A page with one live figure, as in the built book, and the engines by themselves.

The page holds what a cell's output holds, the style sheet, the module as a script, and
nnbook.js, which starts it. It needs no built book.
"""

import base64
import functools
import json
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from conftest import ROOT
from draw_stills import page_of
from playwright.sync_api import expect

from nnbook_utils import demos
from nnbook_utils._page import bundle
from nnbook_utils.mlp import MLP
from nnbook_utils.practice import Practice

PACKAGE = ROOT / "nnbook_utils"
AXE = Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js")
VIOLATIONS = """([only, within]) => axe.run(
  within,
  {preload: false, resultTypes: ["violations"], ...(only && {runOnly: only})}
).then((found) => found.violations.map(
  (v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`))"""


def violations(page, only=None, within=":root"):
    """Return what axe-core finds `within` a page, by all its rules or `only` some."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(VIOLATIONS, [only, within])


def box_of(locator):
    """Bring an element into view, as a reader does, and return where it is."""
    locator.scroll_into_view_if_needed()
    return locator.bounding_box()


def centre(locator):
    """Bring an element into view and return where its middle is."""
    box = box_of(locator)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# Where the axes of a picture lie in the window, with how much they enclose.
AXES = """(picture) => {
  const frame = picture.querySelector("clipPath rect");
  const to = picture.getScreenCTM();
  const of = (name) => frame[name].baseVal.value;
  return [
    to.e + to.a * of("x"), to.f + to.d * of("y"),
    to.a * of("width"), to.d * of("height"),
  ];
}"""


def place_on(picture, x, y, across, up):
    """Return where (x, y) lies in the window, in a picture of `across` and `up`."""
    picture.scroll_into_view_if_needed()
    left, top, width, height = picture.evaluate(AXES)
    return (
        left + width * (x - across[0]) / (across[1] - across[0]),
        top + height * (up[1] - y) / (up[1] - up[0]),
    )


def written(field):
    """Return what stands in a field, which is written a moment later."""
    expect(field).not_to_have_value("")
    return field.input_value()


class Live:
    """A live figure, or questions, in front of a reader; `Shown` and `InLab` say where.

    Attributes
    ----------
    page : Page
        Of Playwright, for the mouse, the finger and the keyboard.
    figure : Locator
        The figure in it, apart from what else the page holds.
    complaints : list of str
        What the console has said.
    """

    def __init__(self, page):
        self.page, self.figure = page, page.locator(".nn-demo")
        self.complaints = []

    def __enter__(self):
        return self

    def rows(self):
        """Open the table of the data, which is made then, and return its rows."""
        self.figure.get_by_text("The numbers as a table").click()
        found = self.figure.locator(".data tbody tr")
        found.first.wait_for()
        return found.all()

    @property
    def status(self):
        """What a screen reader has been told last; half a second is waited for it."""
        self.page.wait_for_timeout(550)
        return self.figure.locator(".status").first.inner_text()

    def linked(self):
        """Return the whole state, as the box of that name gives it."""
        opener = self.figure.locator(".state-link summary")
        field = self.figure.get_by_label("The whole state")
        field.evaluate("(field) => { field.value = ''; }")  # what was there before
        opener.click()
        text = written(field)
        opener.click()
        return self.read(text)

    def drag(self, start, end, *, finger=False, steps=5):
        """Drag from place to place of the window, in several moves."""
        (x, y), (u, v) = start, end
        shares = [k / steps for k in range(1, steps + 1)]
        moves = [(x + (u - x) * share, y + (v - y) * share) for share in shares]
        if not finger:
            mouse = self.page.mouse
            mouse.move(x, y)
            mouse.down()
            for place in moves:
                mouse.move(*place)
            mouse.up()
            return
        touch = self.page.context.new_cdp_session(self.page)
        self._touch(touch, "touchStart", start)
        for place in moves:
            self._touch(touch, "touchMove", place)
        # The finger rests: after a flick Chromium takes the next tap for its end.
        self.page.wait_for_timeout(150)
        self._touch(touch, "touchMove", end)
        self._touch(touch, "touchEnd")
        touch.detach()

    @staticmethod
    def _touch(session, kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        touched = {"type": kind, "touchPoints": points}
        session.send("Input.dispatchTouchEvent", touched)

    def tab_into(self):
        """Press Tab until the focus is in the figure, at its first stop."""
        for _ in range(5):
            self.page.keyboard.press("Tab")
            if self.figure.locator(":focus").count():
                return
        raise AssertionError("Tab does not lead into the figure")


class Shown(Live):
    """A live figure in a page of its own, with all the complaints of the console.

    Parameters
    ----------
    chromium : Browser
        From the fixture of that name.
    widget : InPage
        What to show.
    width : int
        Of the window, in pixels.
    theme : {"light", "dark"}
        The mode of the page.
    fragment : str
        What stands in the link behind ``#``.
    options
        For the browser's context, such as ``reduced_motion="reduce"``.
    """

    def __init__(
        self, chromium, widget, *, width=1000, theme="light", fragment="", **options
    ):
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        super().__init__(self.context.new_page())
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text))
        html = page_of(widget, theme=theme)
        self.page.route(
            "http://book.test/**",
            lambda route: route.fulfill(body=html, content_type="text/html"),
        )
        self.page.goto(f"http://book.test/{'#' + fragment if fragment else ''}")
        self.page.wait_for_selector(".nn-demo")

    def __exit__(self, *failure):
        self.context.close()

    @staticmethod
    def read(link):
        return json.loads(unquote(link.split("#demo.")[1].split("=", 1)[1]))


RUN = """from nnbook_utils.demos import *
from nnbook_utils.practice import questions
"""


class InLab(Live):
    """A live figure under a cell of a notebook in JupyterLab.

    Parameters
    ----------
    notebook : Page
        From the fixture of that name. All figures are shown there, one at a time.
    widget : InPage
        What to show.
    options
        Those of `Shown`. The window is JupyterLab's, and has a touch screen.
    """

    def __init__(self, notebook, widget, **options):
        super().__init__(notebook)
        self.figure = notebook.locator(".jp-OutputArea .nn-demo")
        notebook.on("pageerror", self._hear)
        notebook.on("console", self._hear)
        prompt = notebook.locator(".jp-CodeCell .jp-InputPrompt").first
        before = prompt.inner_text()
        notebook.locator(".jp-CodeCell .cm-content").first.click()
        notebook.keyboard.press("Control+A")
        notebook.keyboard.insert_text(f"{RUN}{widget!r}")
        notebook.keyboard.press("Control+Enter")
        notebook.wait_for_function(
            r"""([prompt, before]) => /\d/.test(prompt.innerText)
            && prompt.innerText !== before""",
            arg=[prompt.element_handle(), before],
        )
        self.figure.wait_for()

    def _hear(self, said):
        if getattr(said, "type", "error") in ("error", "warning"):
            self.complaints.append(getattr(said, "text", str(said)))

    def __exit__(self, *failure):
        self.page.remove_listener("pageerror", self._hear)
        self.page.remove_listener("console", self._hear)

    @staticmethod
    def read(call):
        return eval(call, {"demos": demos}).settings()


# Of parts that are alike one is looked at.
CHANGED = """(figure, sheets) => {
  const kind = (part) => part.tagName + part.getAttribute("class");
  const parts = [...figure.querySelectorAll("*")];
  const kinds = new Map(parts.map((one) => [kind(one) + kind(one.parentNode), one]));
  const seen = () => [...kinds.values()].map((part) => {
    const style = getComputedStyle(part);
    return [part, [...style].map((name) => `${name}: ${style[name]}`)];
  });
  const before = seen();
  document.head.append(...sheets.map((text) => {
    const sheet = document.createElement("style");
    sheet.textContent = text;
    return sheet;
  }));
  return seen().flatMap(([part, now], i) => now
    .filter((one, k) => one !== before[i][1][k])
    .map((one) => `${part.outerHTML.slice(0, 80)} now has ${one}`)).slice(0, 9);
}"""


def changed_by_others(shown):
    """Return what the sheets of all figures, behind its own, change in this one."""
    sheets = [one._css for one in (*demos.Demo.all.values(), Practice)]
    return shown.figure.evaluate(CHANGED, sheets)


class Engine:
    """A module, by name or path, imported in the browser: its functions by name."""

    def __init__(self, chromium, name):
        folder = PACKAGE / "demos" / "engine"
        text = bundle(name if isinstance(name, Path) else folder / f"{name}.js")
        self.page = chromium.new_page()
        url = f"data:text/javascript;base64,{base64.b64encode(text.encode()).decode()}"
        self.page.evaluate("async (url) => { window.engine = await import(url); }", url)

    def call(self, name, *arguments):
        """Return what `name` gives for plain arguments (JSON both ways)."""
        return self.page.evaluate(
            "([name, given]) => engine[name](...given)", [name, list(arguments)]
        )

    def __getattr__(self, name):
        if name.startswith("_"):  # hypothesis asks how to print what it was given
            raise AttributeError(name)
        return functools.partial(self.call, name)


def engine_of(name):
    """Return a fixture: the module `name`, in a page that the tests of a file share."""

    @pytest.fixture(scope="module")
    def engine(chromium):
        opened = Engine(chromium, name)
        yield opened
        opened.page.close()

    return engine


def state_link(name, **state):
    """Return the fragment of a link that carries `state`."""
    return f"demo.{name}={quote(json.dumps(state))}"


def network_of(layers):
    """Return the package's network with the layers of engine/hand_built.js."""
    return MLP.from_layers(
        [layer["W"] for layer in layers],
        [layer["b"] for layer in layers],
        hidden=[layer["unit"] for layer in layers[:-1]],
        output=layers[-1]["unit"],
    )
