"""The texts of questions: Markdown with formulae and numbers, to HTML."""

import html
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from markdown_it import MarkdownIt

from nnbook_utils.practice._expressions import evaluate, show

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True})
_MARKDOWN.enable("smartquotes")
_APART = re.compile(
    r"\$\$(?P<display>.+?)\$\$|\$(?P<math>.+?)\$|(?P<slot>\[\[.+?\]\](?!\]))", re.DOTALL
)
SLOT = re.compile(r"\[\[(\+?)(.+?)\]\](?!\])")
_MATH = re.compile(r'(?<=<span class="math">)(.*?)(?=</span>)', re.DOTALL)
# A formula with what stands beside it and no space between: a full stop, a bracket.
_GLUED = re.compile(
    r'(?P<before>[^\s<>]*)<span class="math[^"]*">[^<]*</span>(?P<after>[^\s<>]*)'
)
_ALONE = re.compile(r'(?<=<span class="slot">)\[\[(.+?)\]\](?=</span>)')


def formulae(text: str) -> list[str]:
    """Return the formulae of a text, and its numbers that stand by themselves."""
    return [next(filter(None, found.groups())) for found in _APART.finditer(text)]


def without_formulae(text: str) -> str:
    """Return a text without what `formulae` gives."""
    return _APART.sub("", text)


def to_html(text: str, *, inline: bool = False) -> str:
    """Return the HTML of a text; formulae stay TeX, numbers stay expressions."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formula = found["display"] or found["math"]
        if formula:
            delimited = f"\\[{formula}\\]" if found["display"] else f"\\({formula}\\)"
            kept.append(f'<span class="math">{html.escape(delimited)}</span>')
        else:
            kept.append(f'<span class="slot">{html.escape(found["slot"])}</span>')
        return f"\ue000{len(kept) - 1}\ue001"

    marked = _APART.sub(keep, text.strip())
    done = _MARKDOWN.renderInline(marked) if inline else _MARKDOWN.render(marked)
    return glued(re.sub("\ue000(\\d+)\ue001", lambda m: kept[int(m[1])], done).strip())


def glued(page: str) -> str:
    """Return HTML where no line ends between a formula and the full stop beside it."""

    def kept(found: re.Match[str]) -> str:
        if found["before"] or found["after"]:
            return f'<span class="nn-keep">{found.group()}</span>'
        return found.group()

    return _GLUED.sub(kept, page)


def filled(page: str, names: Mapping[str, Any]) -> str:
    """Return HTML from `to_html` with the values put in, as engine/text.js does it."""

    def number(found: re.Match[str]) -> str:
        return in_words(evaluate(html.unescape(found[1]), names))

    def formula(found: re.Match[str]) -> str:
        return html.escape(fill_tex(html.unescape(found[1]), names))

    return _MATH.sub(formula, _ALONE.sub(number, page))


def in_words(value: Any) -> str:
    """Return a value as it stands in a text: 0.5, or (1, −2), or rows."""
    array = np.asarray(value, float)
    if array.ndim == 0:
        return show(float(array))
    return f"({', '.join(in_words(entry) for entry in array)})"


def value_in_tex(value: Any) -> str:
    """Return a value as TeX: a vector in a row, a matrix with its rows."""
    array = np.asarray(value, float)
    if array.ndim == 0:
        mantissa, *power = show(float(array)).replace("−", "-").split("e")
        if power:
            return f"{mantissa} \\cdot 10^{{{int(power[0])}}}"
        return mantissa.replace("∞", "\\infty")
    if array.ndim == 1:
        return "(" + ",\\ \\allowbreak ".join(map(value_in_tex, array)) + ")"
    rows = " \\\\ ".join(" & ".join(map(value_in_tex, row)) for row in array)
    return f"\\begin{{pmatrix}} {rows} \\end{{pmatrix}}"


def fill_tex(tex: str, names: Mapping[str, Any]) -> str:
    """Return a formula with its numbers put in."""

    def number(found: re.Match[str]) -> str:
        plus, text = found.groups()
        value = evaluate(text, names)
        words = value_in_tex(value)
        if plus:
            return words.replace("-", "- ", 1) if words[0] == "-" else f"+ {words}"
        bracketed = text.startswith("(") and text.endswith(")")
        if bracketed and np.ndim(value) == 0 and value < 0:
            return f"({words})"
        return words

    return SLOT.sub(number, tex)
