"""A Sphinx extension: what the book changes in the pages that its theme makes.

Pages get lighter (nothing is loaded that they do not use), and the theme's faults of
accessibility that no style sheet can mend are mended here. The look itself is in
book/_page/.
"""

import base64
import hashlib
import html
import json
import os
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pydata_sphinx_theme
import tinycss2
from build_book import STAMP
from pdf_text import CHINESE
from PIL import Image
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.console import bold
from sphinx.util.logging import getLogger

from nnbook_utils import practice
from nnbook_utils._page import InPage
from nnbook_utils.demos import Demo
from nnbook_utils.practice._text import glued

# Loaded by every page of the theme and used by none of this book: icons that
# book/_page/static/nnbook.css draws itself, and cells run by a remote server.
UNUSED_SCRIPTS = ("fontawesome.js", "sphinx-thebe.js", "THEBE_JS_URL")
# These make the page of search results; other pages only link to it.
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js", "searchindex.js")
UNUSED_STYLES = ("sphinx-thebe.css",)

COMMON_FONTS = (
    "source-serif-4",
    "KaTeX_Main-Regular",
    "KaTeX_Math-Italic",
    "KaTeX_Size1",
    "KaTeX_Size2",
)

TOOLS = Path(__file__).parent
EXTENSIONS = ("book_index.py", "book_page.py", "docstring_sources.py")
OURS = TOOLS.parent / "book" / "_page" / "static"
# A sheet of which a page uses little; the others are small, or made for scripts that
# put class names together.
LARGE_STYLE = "styles/pydata-sphinx-theme.css"

_PICTURE = re.compile(r'<img (?![^>]*\bwidth=)(?=[^>]*\bsrc="(?P<source>[^":]+\.png)")')
_FONT = re.compile(r"""url\(["']?(?P<path>fonts/[\w.-]+\.woff2)["']?\)""")
_FORMULA_HEADER = re.compile(
    r'(?P<th><th class="head[^"]*">(?:<p>)?)'
    r'(?P<math><span class="math[^"]*">[^<]*</span>(?:</p>)?</th>)'
)
# Code in a sentence: what begins with hyphens (--help), and what is longer than a line
# of a telephone may be; arrows in the descriptions of arguments.
_OPTION = re.compile(r'<span class="pre">(?P<option>-[^<]{1,22}</span>)')
_LONG = re.compile(r'(?<=<span class="pre">)[^<]{24,}(?=</span>)')
_TERM = re.compile(r"<dt>.*?</dt>", re.DOTALL)
_PROOF = re.compile(r'(?P<start><div class="proof admonition"[^>]*>\s*<p>)Proof\.')
_LIVE = re.compile(r'(?P<box><div class="nn-live" data-live="(?P<name>\w+)"[^>]*>)')
_QUESTIONS = re.compile(
    r'<div class="nn-live" data-live="practice" '
    r'data-state="(?P<state>[^"]*)">.*?</div>',
    re.DOTALL,
)
_NOTEBOOK = re.compile(r'(?P<start><a href="[^":]*)\.(?:ipynb|md)(?=[#"])')
_SCRIPT = re.compile(r"[ \t]*<script\b[^>]*>.*?</script>\n?", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_TEXT = re.compile(r"(?<=>)[^<]+")
# The dot between two terms ends a line, and never begins one.
_AFTER_CHINESE = re.compile(r'(?P<name><span lang="zh-Hans">[^<]*</span>)\s·')


def without_scripts(page: str, names: tuple[str, ...]) -> str:
    """Return `page` without the scripts that have one of `names` in them."""
    return _SCRIPT.sub(
        lambda found: "" if any(n in found.group() for n in names) else found.group(),
        page,
    )


def mend(body: str) -> str:
    """Return a page's text as readers' aids expect it and as narrow columns need it."""
    # A list in the sense of the screen reader may hold nothing but its items.
    body = body.replace('<div role="list" class="citation-list">', "<div>")
    body = body.replace(' role="doc-biblioentry"', "")
    # A header that is only a formula gets a word: checkers do not read MathML.
    body = _FORMULA_HEADER.sub(
        r'\g<th><span class="visually-hidden">formula </span>\g<math>', body
    )
    body = _PROOF.sub(r"\g<start><em>Proof.</em>", body)
    # No line ends at the hyphen of an option or an arrow; a path ends it at its joints.
    body = _OPTION.sub(r'<span class="pre nn-whole">\g<option>', body)
    body = _LONG.sub(lambda found: re.sub(r"[/_.](?=.)", r"\g<0><wbr>", found[0]), body)
    body = _TERM.sub(
        lambda found: found[0].replace("-&gt;", '<span class="nn-whole">-&gt;</span>'),
        body,
    )
    # A screen reader says Chinese names as Chinese.
    body = _TEXT.sub(
        lambda found: CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', found[0]), body
    )
    body = _AFTER_CHINESE.sub("\\g<name>\N{NO-BREAK SPACE}·", body)
    # The empty corner of a table of which both margins are headed is no header.
    return re.sub(r'<th class="head">(<p></p>)?</th>', "<td></td>", body)


def prepare(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Set what the templates of this page use."""
    unused = UNUSED_SCRIPTS if page == "search" else UNUSED_SCRIPTS + SEARCH_SCRIPTS
    context["without_scripts"] = lambda html: without_scripts(str(html), unused)
    if "body" in context:
        asked = with_questions(glued(context["body"]), Path(app.srcdir, page).parent)
        context["body"] = enliven(app, mend(asked), context["pathto"])
    # Last: the sheets of live figures have been added to the same list.
    context["css_files"] = [
        style
        for style in context["css_files"]
        if not any(name in str(style) for name in UNUSED_STYLES)
    ]


def depend_on_questions(app: Sphinx, doctree: Any) -> None:
    """Let a page be built again when its questions have changed."""
    questions = Path(app.srcdir, f"{app.env.docname}.questions.yml")
    if questions.exists():
        app.env.note_dependency(str(questions))


def fingerprint() -> str:
    """Return a digest of what every page depends on, or "" while that is not known.

    It is of these extensions and of the package with which the notebooks in the cache
    were run. When the package changes, `make serve` runs only what is saved: the pages
    are then of several packages, until the next build.
    """
    if not STAMP.exists():
        return ""
    digest = hashlib.sha256(STAMP.read_bytes())
    for name in EXTENSIONS:
        digest.update((TOOLS / name).read_bytes())
    return digest.hexdigest()


def outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> set[str]:
    """Return every page that is there already if what they all depend on has changed.

    Sphinx itself reads only the sources that have changed.
    """
    kept = vars(env)  # is stored with all that Sphinx knows of the pages
    before, kept["fingerprint"] = kept.get("fingerprint"), fingerprint()
    same = kept["fingerprint"] in ("", before)
    return set() if same else env.found_docs - added


def with_questions(body: str, folder: Path) -> str:
    """Put the questions of a chapter into its page; see `practice.Practice`."""

    def asked(found: re.Match[str]) -> str:
        state = json.loads(html.unescape(found["state"]))
        chapter, part = state["chapter"], state.get("part", "")
        shown = (
            practice.summary(chapter, folder)
            if part == "summary"
            else practice.questions(chapter, folder, only=part)
        )
        return _NOTEBOOK.sub(r"\g<start>.html", shown.in_page())

    return _QUESTIONS.sub(asked, body)


def enliven(app: Sphinx, body: str, pathto: Any) -> str:
    """Give a page with live figures their modules, and a still of each figure."""
    for name in sorted({found["name"] for found in _LIVE.finditer(body)}):
        app.add_js_file(f"live/{name}.js", defer="defer")  # for this page alone
        app.add_css_file(f"live/{name}.css")

    def with_still(found: re.Match[str]) -> str:
        if found["name"] not in Demo.all:
            return found["box"]  # questions are text themselves
        still = pathto(f"_static/live/{found['name']}.png", 1)
        return f'{found["box"]}<img src="{still}" alt="The figure as a picture.">'

    return _LIVE.sub(with_still, body)


def write_modules(static: Path) -> None:
    """Write the modules of the live figures as scripts that need no server."""
    live = static / "live"
    live.mkdir(exist_ok=True)
    modules: dict[str, type[InPage]] = {**Demo.all, "practice": practice.Practice}
    for name, shown in modules.items():
        (live / f"{name}.js").write_text(shown.script(), "utf-8")
        (live / f"{name}.css").write_text(shown._css, "utf-8")


def words_of(folder: Path) -> set[str]:
    """Return every word of the pages and scripts in which a class could be named."""
    files = [*folder.rglob("*.html"), *folder.rglob("_static/**/*.js")]
    return {word for file in files for word in _WORD.findall(file.read_text("utf-8"))}


def _occurs(name: str, words: set[str]) -> bool:
    """Say whether a class is named, or put together from a beginning: "is-" + kind."""
    parts = name.split("-")
    starts = ("-".join(parts[:n]) + "-" for n in range(1, len(parts)))
    return name in words or any(start in words for start in starts)


def slim_style(css: str, words: set[str]) -> str:
    """Return a style sheet without the rules for classes that occur nowhere.

    Parameters
    ----------
    css : str
        The style sheet.
    words : set of str
        Every word of the pages and scripts.

    Returns
    -------
    str
        The rules that may apply to some element, in their order.
    """
    return "".join(_kept(tinycss2.parse_stylesheet(css, True, True), words))


def _kept(rules: list[Any], words: set[str]) -> list[str]:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _alternatives(rule.prelude)
            used = [s for s in selectors if all(_occurs(c, words) for c in _classes(s))]
            if used:
                text = ",".join(tinycss2.serialize(s).strip() for s in used)
                kept.append(f"{text}{{{tinycss2.serialize(rule.content)}}}\n")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = "".join(
                _kept(tinycss2.parse_rule_list(rule.content, True, True), words)
            )
            if inner:
                condition = tinycss2.serialize(rule.prelude).strip()
                kept.append(f"@{rule.lower_at_keyword} {condition}{{{inner}}}\n")
        elif "Font Awesome" not in rule.serialize():  # our icons are in nnbook.css
            kept.append(rule.serialize() + "\n")
    return kept


def _alternatives(prelude: list[Any]) -> list[list[Any]]:
    """Split a prelude at its commas (those inside brackets are deeper)."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _classes(selector: list[Any]) -> set[str]:
    """Return the classes that an element must have for this selector."""
    pairs = pairwise(selector)
    return {
        name.value
        for dot, name in pairs
        if dot.type == "literal" and dot.value == "." and name.type == "ident"
    }


def embed_fonts(sheet: Path) -> None:
    """Put the fonts that nearly every page uses into their style sheet.

    A font that comes after the text makes lines move; one in a style sheet cannot.
    """

    def embedded(found: re.Match[str]) -> str:
        font = sheet.parent / found["path"]
        if not font.name.startswith(COMMON_FONTS):
            return found.group()
        data = base64.b64encode(font.read_bytes()).decode()
        return f'url("data:font/woff2;base64,{data}")'

    text = sheet.read_text("utf-8")
    sheet.write_text(_FONT.sub(embedded, text), "utf-8")


def slim_picture(path: Path) -> None:
    """Store a figure with a palette of 256 colours if that makes the file smaller."""
    before = path.stat().st_size
    with Image.open(path) as picture:
        if picture.mode == "P":
            return
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    lighter = path.with_suffix(".slim.png")
    small.save(lighter, optimize=True)
    if lighter.stat().st_size < before:
        lighter.replace(path)
    else:
        lighter.unlink()


def reserve_room(page: Path) -> None:
    """Give each figure of a page its size, so that nothing moves when it comes."""

    def sized(found: re.Match[str]) -> str:
        with Image.open(page.parent / found["source"]) as picture:
            width, height = picture.size
        # A row of panels, or a graph: on a telephone it scrolls.
        wide = width > 1000 or width > 2.1 * height
        several = ' class="nn-several"' if wide else ""
        return f'<img width="{width}" height="{height}"{several} '

    text = page.read_text("utf-8")
    page.write_text(_PICTURE.sub(sized, text), "utf-8")


def slim(app: Sphinx, failure: Exception | None) -> None:
    """Make what the pages load lighter, once they are all written."""
    if failure or app.builder.format != "html":
        return
    out, static = Path(app.outdir), Path(app.outdir, "_static")
    if "NNBOOK_DRAFT" in os.environ:  # make serve: soon rather than light
        shutil.copytree(OURS, static, dirs_exist_ok=True)
        write_modules(static)
        return
    (static / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    # From their sources, since Sphinx may have kept what an earlier build has slimmed.
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    style = (theme / "static" / LARGE_STYLE).read_text("utf-8")
    (static / LARGE_STYLE).write_text(slim_style(style, words_of(out)), "utf-8")
    shutil.copytree(OURS, static, dirs_exist_ok=True)
    write_modules(static)
    for name in ("nnbook.css", "katex/katex.css"):
        embed_fonts(static / name)
    for picture in (out / "_images").glob("*.png"):
        slim_picture(picture)
    for page in out.rglob("*.html"):
        reserve_room(page)
    getLogger(__name__).info(bold("style sheets and figures slimmed"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-get-outdated", outdated)
    app.connect("doctree-read", depend_on_questions)
    # After the theme, which adds to the same context.
    app.connect("html-page-context", prepare, priority=900)
    app.connect("build-finished", slim)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
