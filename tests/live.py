"""A page with one live figure, as in the built book, and the engines by themselves.

The page holds what a cell's output holds, the style sheet, the module as a script, and
nnbook.js, which starts it. It needs no built book.
"""

import base64
import functools
import json
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import ROOT
from draw_stills import page_of

from nnbook_utils._page import bundle
from nnbook_utils.mlp import MLP

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


class Shown:
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
        self.complaints = []
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        self.page = self.context.new_page()
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

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.context.close()

    def rows(self):
        """Open the table of the data, which is made then, and return its rows."""
        self.page.get_by_text("The numbers as a table").click()
        found = self.page.locator(".data tbody tr")
        found.first.wait_for()
        return found.all()

    @property
    def status(self):
        """What a screen reader has been told last; half a second is waited for it."""
        self.page.wait_for_timeout(550)
        return self.page.locator(".status").first.inner_text()


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
