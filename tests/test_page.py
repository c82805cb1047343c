"""Every page of the built book in a real browser, served from a plain folder.

`make test` builds the book first; alone, these tests need `make book` before them.
"""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import book_page
import draw_cover
import pytest
from conftest import ROOT
from live import violations
from test_book import DOCUMENTS, HTML

PAGES = [*DOCUMENTS, "search"]
HEAVIEST = 1_500_000  # bytes
SHIFT = 0.01  # of the window's area, times the share of its height; 0.1 counts as good
SHIFTED = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(sum), 50);
})"""
# Formulae that begin where no scrolling reaches, or run into their number.
CUT = """() => [...document.querySelectorAll("div.math")].filter((box) => {
  const shown = box.querySelector(":scope > :has(> .katex-display)");
  const { left, right } = shown.getBoundingClientRect();
  const start = shown.querySelector(".base").getBoundingClientRect().left;
  const number = box.querySelector(".eqno")?.getBoundingClientRect().left ?? Infinity;
  return shown.checkVisibility() && (start + shown.scrollLeft < left || number < right);
}).map((box) => box.textContent)"""

# Formulae in a sentence whose full stop or bracket has slipped to the next line.
STRAY = """() => [...document.querySelectorAll(".nn-keep")].filter((kept) => {
  const after = kept.lastChild;
  if (after.nodeType !== Node.TEXT_NODE || !kept.checkVisibility()) return false;
  const range = document.createRange();
  range.setStart(after, 0);
  range.setEnd(after, 1);
  const base = [...kept.querySelectorAll(".base")].at(-1).getBoundingClientRect();
  return range.getBoundingClientRect().left < base.right - 1;
}).map((kept) => kept.textContent)"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A static server that does not chat."""

    def log_message(self, *given):
        pass


@pytest.fixture(scope="module")
def server():
    if not HTML.exists():
        pytest.fail("the book is not built: run `make book` first")
    handler = functools.partial(Quiet, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Visit:
    """A page that is open, with what it loaded and what it complained of."""

    def __init__(self, context, address):
        self.foreign, self.complaints, self.answers = [], [], []
        self.page = context.new_page()
        own = address.split("/")[2] if address.startswith("http") else ""
        self.page.on("request", lambda r: self._look(r, own))
        self.page.on("requestfinished", lambda r: self.answers.append(r))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)
        self.page.wait_for_selector("html:not(.nn-setting)")

    def _look(self, request, own):
        url = request.url
        if not (url.startswith(("data:", "file:")) or (own and own in url)):
            self.foreign.append(url)

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location['url']}")

    def violations(self, only=None):
        """Return what axe-core finds, by all of its rules or by `only` some."""
        return violations(self.page, only)


@pytest.fixture(scope="module")
def visit(chromium):
    """Open a page in a window of a width, on a light or dark screen."""
    contexts = {}

    def open_page(address, width=1280, scheme="light"):
        if (width, scheme) not in contexts:
            contexts[width, scheme] = chromium.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
        return Visit(contexts[width, scheme], address)

    yield open_page
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_light_screen(name, server, visit):
    seen = visit(f"{server}/{name}.html")
    shifted = seen.page.evaluate(SHIFTED)
    weight = sum(answer.sizes()["responseBodySize"] for answer in seen.answers)
    assert seen.violations() == []
    assert seen.page.locator("main h1:visible").count() == 1
    assert seen.page.title()
    assert seen.page.locator("input[type=search]:visible").count() <= 1
    assert seen.foreign == []
    assert seen.complaints == []
    assert shifted < SHIFT
    assert weight < HEAVIEST
    seen.page.close()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_dark_telephone(name, server, visit):
    seen = visit(f"{server}/{name}.html", width=320, scheme="dark")
    assert seen.page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    # What depends on the colours and on the width; the rest is as on a light screen.
    depends = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
    assert seen.violations(depends) == []
    wide = "() => document.documentElement.scrollWidth"
    assert seen.page.evaluate(wide) <= 320
    assert seen.page.evaluate(CUT) == []
    assert seen.page.evaluate(STRAY) == []
    assert seen.complaints == []
    seen.page.close()


def test_pages_work_from_the_file_system_without_a_network(chromium):
    context = chromium.new_context(offline=True)
    for name in DOCUMENTS:
        seen = Visit(context, (HTML / f"{name}.html").as_uri())
        assert seen.foreign == []
        assert seen.complaints == [], name
        seen.page.close()
    context.close()


def test_formulae_are_set_and_can_be_copied(server, visit):
    page = visit(f"{server}/book/gradient_descent/following_the_slope.html").page
    assert page.locator(".katex").count() > 50
    assert page.locator(".katex-error").count() == 0
    assert page.locator(".nn-keep").count() > 10
    copied = page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("div.math"));
          const event = new ClipboardEvent(
            "copy", {clipboardData: new DataTransfer(), bubbles: true});
          document.querySelector("div.math").dispatchEvent(event);
          return event.clipboardData.getData("text/plain");
        }"""
    )
    assert r"\frac{1}{2n}" in copied
    page.close()


def test_the_keyboard_reaches_search_theme_and_what_scrolls(server, visit):
    page = visit(
        f"{server}/book/gradient_descent/following_the_slope.html", width=320
    ).page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == (
        "Skip to main content"
    )
    page.keyboard.press("Control+k")
    page.keyboard.type("momentum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=momentum*")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() > 3
    page.go_back()
    page.wait_for_selector(".highlight pre[tabindex='0']")
    page.close()


def test_what_goes_on_to_the_right_fades_until_its_end(server, visit):
    page = visit(f"{server}/book/mlp/the_forward_pass.html", width=320).page
    wide = page.locator("div.math > :has(> .katex-display), .highlight pre")
    look = """(boxes) => boxes.filter((box) => box.checkVisibility()).map((box) => [
      box.scrollWidth > box.clientWidth, getComputedStyle(box).maskImage !== "none",
    ])"""
    boxes = wide.evaluate_all(look)
    assert {goes_on for goes_on, _ in boxes} == {True, False}
    assert all(fades == goes_on for goes_on, fades in boxes)
    wide.evaluate_all("(all) => all.forEach((box) => box.scrollLeft = box.scrollWidth)")
    page.wait_for_timeout(100)
    assert not any(fades for _, fades in wide.evaluate_all(look))
    page.close()


def test_a_search_shows_text_alone(server, visit):
    """A formula is shown as one types it, and an empty target by what it begins."""
    seen = visit(f"{server}/search.html?q=gradient+descent")
    page = seen.page
    page.get_by_text("Search finished").wait_for()
    page.wait_for_load_state("networkidle")
    shown = page.locator("#search-results").text_content()
    assert not re.search(r"\\[()[\]]|\\[a-z]|Contents", shown)
    page.goto(f"{server}/search.html?q=chain+rule")
    page.get_by_text("y=t^2, in kilometres").wait_for()
    assert seen.complaints == []
    page.close()


def test_the_cover_is_what_its_script_draws(tmp_path):
    draw_cover.main(tmp_path)
    for name in ("cover.svg", "icon.svg"):
        drawn = (tmp_path / name).read_text()
        assert drawn == (draw_cover.STATIC / name).read_text(), name


def test_a_style_sheet_loses_only_rules_for_what_no_page_has():
    css = """
    @font-face { font-family: "Font Awesome"; src: url(x.woff2) }
    @font-face { font-family: Ours; src: url(y.woff2) }
    .used { color: red } .unused { color: red } a, .unused > b { top: 0 }
    .bs-tooltip-top { left: 0 } p:not(.unused) { top: 1px }
    @media print { .used .unused { top: 0 } .used::after { content: "." } }
    """
    slim = book_page.slim_style(css, {"used", "bs-tooltip-"})
    assert "Awesome" not in slim
    assert "Ours" in slim
    assert slim.count(".unused") == 1
    assert "p:not(.unused)" in slim
    assert ".bs-tooltip-top" in slim
    assert slim.count("a{") == 1
    assert '@media print{.used::after{ content: "." }' in slim


# One page of each kind: text and figures, wide formulae and tables, the code's
# descriptions, a problem set, the index.
KINDS = [
    "book/welcome",
    "book/notation",
    "book/gradient_descent/following_the_slope",
    "book/problem_sets/ps1",
    "book/reference",
    "genindex",
]
CUT_OFF = """() => {
  const cut = [];
  // For screen readers alone, and clipped on purpose.
  for (const box of document.querySelectorAll(".katex-mathml")) box.remove();
  for (const box of document.querySelectorAll("main *")) {
    const style = getComputedStyle(box);
    const hides = ["hidden", "clip"].includes(style.overflowX);
    const seen = box.clientWidth > 1 && style.visibility === "visible";
    if (hides && seen && box.scrollWidth > box.clientWidth + 3) {
      cut.push(`${box.tagName}.${box.className}`);
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("name", KINDS)
def test_at_twice_the_size_nothing_is_cut_off(name, server, chromium):
    """A window of 1280 pixels at 200 % has room for 640, each drawn with four."""
    context = chromium.new_context(
        viewport={"width": 640, "height": 450}, device_scale_factor=2
    )
    seen = Visit(context, f"{server}/{name}.html")
    wide = "() => document.documentElement.scrollWidth"
    assert seen.page.evaluate(wide) <= 640
    assert seen.page.evaluate(CUT_OFF) == []
    for handle in ("main h1", "main p"):
        box = seen.page.locator(f"{handle}:visible").first.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 640
    context.close()


def test_pages_offer_edits_and_issues_when_a_repository_is_named(tmp_path, visit):
    """In a copy of one page, since the book itself need not have a repository."""
    for folder in ("tools", "nnbook_utils", "book/_page"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "book" / "references.bib").write_text("")
    for name in ("glossary.md", "coverage.md"):
        text = "---\norphan: true\n---\n# Empty\n"
        (tmp_path / "book" / name).write_text(text)
    (tmp_path / "book" / "one.md").write_text("# One\n\nA page.\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/one\n")
    config = (ROOT / "_config.yml").read_text()
    for before, after in {
        "use_edit_page_button: false": "use_edit_page_button: true",
        "use_issues_button: false": "use_issues_button: true",
        "# repository:": "repository:",
        "#   url:": "  url:",
        "#   branch:": "  branch:",
    }.items():
        assert config.count(before) == 1
        config = config.replace(before, after)
    (tmp_path / "_config.yml").write_text(config)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    done = subprocess.run(
        [jupyter_book, "build", tmp_path, "-n", "-W", "--keep-going"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    page = tmp_path / "_build" / "html" / "book" / "one.html"
    seen = visit(page.as_uri())
    links = seen.page.evaluate(
        "() => [...document.querySelectorAll('a')].map((link) => link.href)"
    )
    base = "https://github.com/your/course"
    assert any(link.startswith(f"{base}/edit/main/book/one.md") for link in links)
    assert any(link.startswith(f"{base}/issues/new") for link in links)
    assert seen.page.get_by_text("To cite this page").count() == 1
    assert seen.violations() == []
    assert seen.foreign == []
    seen.page.close()


def test_in_a_narrow_column_code_breaks_at_its_joints_only():
    def code(text):
        return f'<p><code><span class="pre">{text}</span></code></p>'

    for option in ("--help", "-m", "--accept-the-risk"):
        kept = f'<span class="pre nn-whole">{option}</span>'
        assert kept in book_page.mend(code(option))
    path = "exercises/lab_mlp/lab_mlp.ipynb"
    mended = book_page.mend(code(path))
    assert mended.split("<wbr>")[1:4] == ["lab_", "mlp/", "lab_"]
    assert mended.replace("<wbr>", "") == code(path)
    assert book_page.mend(code("book/x.ipynb")) == code("book/x.ipynb")
    arrow = '<span class="nn-whole">-&gt;</span>'
    assert arrow in book_page.mend("<dt>callable, int -&gt; float</dt>")
    assert arrow not in book_page.mend("<pre>1 -&gt; 2</pre>")


def test_chinese_names_are_said_as_chinese_and_keep_their_dot():
    mended = book_page.mend('<p title="层">layer 层 · width 宽度</p>')
    layer, width = (f'<span lang="zh-Hans">{name}</span>' for name in ("层", "宽度"))
    assert mended == f'<p title="层">layer {layer}\N{NO-BREAK SPACE}· width {width}</p>'
