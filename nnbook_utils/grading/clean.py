"""What students wrote, made harmless where nbgrader's own pages show it."""

from functools import cache
from html import escape
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_files_prefix
from nbconvert.preprocessors.sanitize import SanitizeHTML

__all__ = ["harmless", "markdown"]

# What Markdown and highlighted code become; nbconvert's own list has no paragraphs.
TAGS = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
]


def harmless(html: str) -> str:
    """Return HTML without scripts and whatever else could act.

    nbgrader's pages, formgrader's among them, put Markdown through one filter last. In
    ``nbgrader_config.py`` this function takes the place of that filter.

    Parameters
    ----------
    html : str
        What Markdown was turned into.

    Returns
    -------
    str
        The same as nbgrader's filter gives, and harmless.

    Source: nbconvert's filter, and its sanitizer with `TAGS`.
    """
    return str(_sanitizer().sanitize_html_tags(strip_files_prefix(html)))


@pass_context
def markdown(context: Any, source: str) -> str:
    """Return Markdown as HTML, whatever it is.

    nbconvert gives up on a text that shows a picture which is not in the notebook, and
    with it on the page. Such a text is shown as it was written.

    Parameters
    ----------
    context : jinja2.runtime.Context object
        What the page knows, the cell among it.
    source : str
        A cell's Markdown.

    Returns
    -------
    str
        HTML, which `harmless` still has to look at.

    Source: nbconvert's filter of this name.
    """
    try:
        return str(_exporter().markdown2html(context, source))
    except Exception:  # of whatever kind a text can bring about
        return f"<pre>{escape(source)}</pre>"


@cache
def _sanitizer() -> Any:
    attributes = {"*": ["class", "id"], "a": ["href", "title"]}
    return SanitizeHTML(tags=TAGS, attributes=attributes)


@cache
def _exporter() -> Any:
    return HTMLExporter()
