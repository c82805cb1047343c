"""Print the built book, whole, as _build/pdf/nnbook.pdf.

    python tools/build_pdf.py

Chromium sets the text (tools/pdf_text.py puts it together), twice: pages get their
numbers in the first round, and the contents, the index and the links to answers say
them in the second. What a reader of a file expects is added then: bookmarks and data on
the book. It is refused if a formula, a picture, a letter or a link is missing.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import matplotlib
import yaml
from browser import launch
from fontTools.ttLib import TTFont
from notebooks import ROOT
from pdf_text import CHINESE, FIGURE, Book, Heading, assemble
from playwright.sync_api import Browser, Page
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    BooleanObject,
    DictionaryObject,
    Fit,
    IndirectObject,
    NameObject,
)

HTML = ROOT / "_build" / "html"
PAPER = ROOT / "book" / "_page" / "pdf"
STATIC = ROOT / "book" / "_page" / "static"
CHINESE_FONT = STATIC / "fonts" / "chinese.woff"
ROUNDS = 4  # of printing, at most, until every number is the one it says

SET = """async () => {
  const complaints = [];
  for (const formula of document.querySelectorAll(".tex")) {
    const text = formula.textContent;
    try {
      katex.render(text, formula, {
        displayMode: formula.classList.contains("display"), output: "html",
        strict: "ignore",
      });
    } catch (problem) {
      complaints.push(`the formula ${text} is not set: ${problem.message}`);
    }
  }
  for (const base of document.querySelectorAll(".nn-keep .base:not(:last-child)")) {
    base.after(document.createElement("wbr"));
  }
  await Promise.all([...document.fonts].map((font) => font.load().catch(() => {
    complaints.push(`the font ${font.family} is missing`);
  })));
  await document.fonts.ready;
  for (const picture of document.images) {
    await picture.decode().catch(() => {});
    if (!picture.naturalWidth) complaints.push(`the picture ${picture.src} is missing`);
  }
  // What is wider than the paper becomes smaller: nothing scrolls there.
  for (const box of document.querySelectorAll("div.math, table")) {
    const room = box.parentElement.clientWidth;
    const inner = box.querySelector(".tex.display") ?? box;
    const shown = box.matches("table") ? box.offsetWidth : inner.scrollWidth;
    const held = box.matches("table") ? room : inner.clientWidth;
    if (shown > held + 1) {
      const size = parseFloat(getComputedStyle(inner).fontSize);
      inner.style.fontSize = `${size * Math.max(0.6, held / shown * 0.99)}px`;
    }
  }
  // What is short stands on one page.
  const most = { ".cell_input, .cell_output, .answer": 200, table: 420, "p, li": 70 };
  for (const [what, height] of Object.entries(most)) {
    for (const box of document.querySelectorAll(what)) {
      box.classList.toggle("short", box.offsetHeight < height);
    }
  }
  return complaints;
}"""
# Of a live figure paper shows what it draws and says, without its controls.
ALONE = """.nn-demo > :not(.title, .stage, .status),
.nn-demo .stage :is(button, fieldset, details, .tabs, .control):not(td *, th *) {
  display: none !important;
}"""
# Nothing is kept back until a guess that paper cannot take.
UNCOVER = """document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".nn-live")) {
    const state = box.dataset.state ?? "";
    box.dataset.state = state.replace(/("guess_first"|"quiz"): true/, "$1: false");
  }
}, { once: true });"""
DRAWN = """(figures) => {
  for (const picture of document.querySelectorAll("[data-figure]")) {
    picture.src = figures[picture.dataset.figure];
    picture.removeAttribute("width");
  }
}"""
FILL = """(pages) => {
  let changed = 0;
  for (const number of document.querySelectorAll(".page[data-to]")) {
    const page = String(pages[number.dataset.to]);
    changed += number.textContent !== page;
    number.textContent = page;
  }
  // Set anew: a page that has been printed remembers where its lines broke.
  document.body.hidden = true;
  document.body.offsetHeight;
  document.body.hidden = false;
  return changed;
}"""


def style() -> str:
    """Return the style sheets' text, with addresses of the fonts."""
    fonts = STATIC / "fonts"
    mono = Path(matplotlib.get_data_path(), "fonts", "ttf")
    faces = [
        (
            "Source Serif 4",
            "400",
            "normal",
            fonts / "source-serif-4-latin-400-normal.woff2",
        ),
        (
            "Source Serif 4",
            "400",
            "italic",
            fonts / "source-serif-4-latin-400-italic.woff2",
        ),
        (
            "Source Serif 4",
            "600",
            "normal",
            fonts / "source-serif-4-latin-600-normal.woff2",
        ),
        ("nnbook CJK", "400 700", "normal", CHINESE_FONT),
        ("nnbook mono", "400", "normal", mono / "DejaVuSansMono.ttf"),
        ("nnbook mono", "700", "normal", mono / "DejaVuSansMono-Bold.ttf"),
        ("nnbook mono", "400", "italic", mono / "DejaVuSansMono-Oblique.ttf"),
    ]
    rules = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' font-style: {slope}; src: url("{path.as_uri()}") }}\n'
        for family, weight, slope, path in faces
    ]
    katex = (STATIC / "katex" / "katex.css").read_text("utf-8")
    katex = katex.replace("url(fonts/", f"url({(STATIC / 'katex').as_uri()}/fonts/")
    pygments = (HTML / "_static" / "pygments.css").read_text("utf-8")
    return "".join([*rules, katex, pygments, (PAPER / "pdf.css").read_text("utf-8")])


def letters_without_font(page: Page, text: str, draft: Path) -> str:
    """Return the Chinese letters of `text` for which no font is at hand.

    The font of the book has those that it had when the font was drawn; for others, one
    that is installed will do.
    """
    with TTFont(CHINESE_FONT) as font:
        drawn = {chr(code) for code in font.getBestCmap()}
    new = sorted({letter for run in CHINESE.findall(text) for letter in run} - drawn)
    if not new:
        return ""
    page.set_content(f'<p lang="zh-Hans">{" ".join(new)}</p>')
    page.pdf(path=draft)
    found = PdfReader(draft).pages[0].extract_text()
    return "".join(letter for letter in new if letter not in found)


def draw_figures(browser: Browser, book: Book, folder: Path) -> dict[str, str]:
    """Draw the live figures of `book` as they start; return the address of each."""
    page = browser.new_page(
        viewport={"width": 1280, "height": 1000}, device_scale_factor=2
    )
    page.add_init_script(UNCOVER)
    folder.mkdir(exist_ok=True)
    drawn = {}
    for name in re.findall(r'data-figure="([^"]+)"', book.html):
        document, place = name.split("#")
        page.goto((HTML / f"{document}.html").as_uri())
        page.add_style_tag(content=ALONE)
        page.wait_for_timeout(700)
        figure = page.locator(f"{FIGURE} > .nn-demo, {FIGURE} > div > .nn-demo")
        path = folder / f"{document.replace('/', '.')}-{place}.png"
        figure.nth(int(place)).screenshot(path=path)
        drawn[name] = path.as_uri()
    page.close()
    return drawn


def print_book(page: Page, book: Book, file: Path, figures: dict[str, str]) -> None:
    """Print `book`, with the numbers of its pages, as `file`."""
    source = file.with_suffix(".html")
    source.write_text(book.html, "utf-8")
    page.goto(source.as_uri())
    page.evaluate(DRAWN, figures)
    page.emulate_media(media="print")
    page.add_script_tag(path=HTML / "_static" / "katex.min.js")
    complaints = page.evaluate(SET)
    if complaints:
        sys.exit("The PDF was not made:\n" + "\n".join(complaints))
    for finished in range(ROUNDS):
        page.pdf(
            path=file,
            prefer_css_page_size=True,
            print_background=True,
            tagged=finished > 0,  # for screen readers; it takes as long again
        )
        changed = page.evaluate(FILL, pages_of(PdfReader(file)))
        if finished and not changed:
            return
    sys.exit("The PDF was not made: its page numbers do not settle.")


def pages_of(reader: PdfReader) -> dict[str, int]:
    """Return the page, counted from 1, of every place that is linked to."""
    numbers = {page.indirect_reference: n for n, page in enumerate(reader.pages, 1)}
    return {
        name.removeprefix("/"): numbers[aim.page]
        for name, aim in reader.named_destinations.items()
        if isinstance(aim.page, IndirectObject)
    }


def add_bookmarks(
    writer: PdfWriter,
    headings: list[Heading],
    aims: dict[str, tuple[int, float]],
    parent: IndirectObject | None = None,
) -> None:
    """Add the headings as bookmarks, folded."""
    for heading in headings:
        page, top = aims[heading.place]
        mark = writer.add_outline_item(
            title=heading.title,
            page_number=page,
            parent=parent,
            fit=Fit.xyz(top=top),
            is_open=False,
        )
        add_bookmarks(writer, heading.children, aims, mark)


def finish(file: Path, headings: list[Heading]) -> int:
    """Add bookmarks and the data on the book; return the number of pages."""
    writer = PdfWriter(clone_from=file)
    numbers = pages_of(PdfReader(file))
    aims = {
        name.removeprefix("/"): (
            numbers[name.removeprefix("/")] - 1,
            float(aim.top or 0),
        )
        for name, aim in writer.named_destinations.items()
    }
    add_bookmarks(writer, headings, aims)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    writer.add_metadata(
        {
            "/Title": config["title"],
            "/Author": config["author"],
            "/Subject": citation["abstract"],
            "/Keywords": ", ".join(citation["keywords"]),
        }
    )
    writer.page_mode = "/UseOutlines"
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    writer.write(file)
    return len(writer.pages)


def build(file: Path, part: str = "") -> int:
    """Print the book, or the parts of which the titles begin so; return its pages."""
    file.parent.mkdir(parents=True, exist_ok=True)
    book = assemble(ROOT, HTML, style(), part)
    unfinished = file.with_suffix(".unfinished.pdf")
    with launch() as browser:
        page = browser.new_page()
        page.set_default_timeout(0)
        lacking = letters_without_font(page, book.html, unfinished)
        if lacking:
            sys.exit(
                f"The PDF was not made: no font here has {lacking}. Install one with"
                " Chinese letters (on Debian and Ubuntu, apt install fonts-noto-cjk)."
                " To put the letters into the book's own font, then run"
                " `python tools/draw_chinese_font.py`."
            )
        figures = draw_figures(browser, book, file.parent / "figures")
        print_book(page, book, unfinished, figures)
    pages = finish(unfinished, book.headings)
    unfinished.replace(file)
    return pages


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--part", default="", help="only what has a title like this")
    given = parser.parse_args()
    if not (HTML / "genindex.html").exists():
        sys.exit("The book is not built: run `make book` first.")
    started = time.perf_counter()
    file = ROOT / "_build" / "pdf" / ("part.pdf" if given.part else "nnbook.pdf")
    pages = build(file, given.part)
    size = file.stat().st_size / 1e6
    took = time.perf_counter() - started
    print(f"{pages} pages, {size:.1f} MB, in {took:.0f} s: {file}")


if __name__ == "__main__":
    main()
