"""A Sphinx extension: the book's index, from what the pages say anyway.

Where a term of the glossary stands in bold, there it is defined, and there the index
leads. The topics of `book/coverage.md` are entries too: "perceptron: learning rule" is
put under "perceptron". So a new term or topic is in the index without further work.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

BOOK = Path(__file__).resolve().parent.parent / "book"
CHINESE = "中文"  # one heading for all names in Chinese, not one for each character

_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_ROW = re.compile(r"^\| (?P<topic>.+?) \| (?P<where>\{\w+\}`.+`) \|$", re.MULTILINE)


def glossary_terms() -> list[str]:
    """Return the English terms of the glossary, in its order."""
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    entries = text.partition("```{glossary}\n")[2].partition("\n```")[0].split("\n\n")
    return [entry.split("\n")[0] for entry in entries]


def coverage_rows() -> list[tuple[str, list[str]]]:
    """Return the topics of the coverage page, each with the labels of its places."""
    text = (BOOK / "coverage.md").read_text(encoding="utf-8")
    return [
        (row["topic"], re.findall(r"`([\w-]+)`", row["where"]))
        for row in _ROW.finditer(text)
    ]


def term_of(bold: str, terms: Collection[str]) -> str | None:
    """Return the term that words in bold define, or None if they define none.

    The words may be in the plural and begin with a capital letter.
    """
    words = " ".join(bold.split())
    for start in (words, words[:1].lower() + words[1:]):
        for term in (start, start.removesuffix("s"), start.removesuffix("es")):
            if term in terms:
                return term
    return None


class MakeIndex(SphinxTransform):
    """Put entries for the terms and topics of one page into its document."""

    default_priority = 700  # before the index is collected, at 850

    def apply(self, **kwargs: Any) -> None:
        """Add an index node for each definition in bold and for each topic's label."""
        terms = set(self.config.book_index_terms)
        for node in self.document.findall(addnodes.index):
            node["entries"] = [
                (kind, text, target, main, CHINESE if _CHARACTER.search(text) else key)
                for kind, text, target, main, key in node["entries"]
            ]
        places: dict[str, nodes.strong] = {}
        for strong in self.document.findall(nodes.strong) if self.is_section() else ():
            term = term_of(strong.astext(), terms)
            if term and (term not in places or in_objectives(places[term])):
                places[term] = strong
        for number, (term, strong) in enumerate(places.items()):
            target = f"definition-{number}"
            strong["ids"].append(target)
            self.add(term, target)
        for topic, labels in self.config.book_index_topics:
            for label in labels:
                target = self.document.nameids.get(label)
                if target and topic not in terms:  # its definition is in already
                    self.add(topic.replace(": ", "; "), target)

    def is_section(self) -> bool:
        """Return whether the page announces objectives; elsewhere bold is emphasis."""
        boxes = self.document.findall(nodes.admonition)
        return any("objectives" in box["classes"] for box in boxes)

    def add(self, text: str, target: str) -> None:
        """Let the index lead from `text` to the target on this page."""
        entries = [("single", text, target, "", None)]
        self.document.append(addnodes.index(entries=entries))


def in_objectives(node: nodes.Node | None) -> bool:
    """Return whether the node stands in the box that announces what will come."""
    while node is not None:
        if isinstance(node, nodes.Element) and "objectives" in node.get("classes", []):
            return True
        node = node.parent
    return False


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; a change in terms or topics renews every page."""
    app.add_config_value("book_index_terms", glossary_terms(), "env", [list])
    app.add_config_value("book_index_topics", coverage_rows(), "env", [list])
    app.add_transform(MakeIndex)
    return {"parallel_read_safe": True}
