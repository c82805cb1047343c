"""The words of the book: terms, labels, numbers and style, read from the sources."""

import re
import sys
import tomllib
from collections import Counter, defaultdict

import nbformat
import pytest
from conftest import ROOT

from nnbook_utils.practice import _data as practice

sys.path.insert(0, str(ROOT / "tools"))
import book_index

TOC = (ROOT / "_toc.yml").read_text()
DOCUMENTS = re.findall(r"(?:root|file): (\S+)", TOC)
STYLE = tomllib.loads((ROOT / "tests" / "house_style.toml").read_text())
TERMS = book_index.glossary_terms()
NOT_PROSE = re.compile(
    r"```(?!\{glossary).*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|^:\w+:.*?$|\(\S+\)=$",
    re.DOTALL | re.MULTILINE,
)


def cells(name):
    """Return a page's cells, those of a plain page being one cell of text."""
    notebook = ROOT / f"{name}.ipynb"
    if notebook.exists():
        return nbformat.read(notebook, as_version=4).cells
    text = (ROOT / f"{name}.md").read_text()
    return [nbformat.v4.new_markdown_cell(text)]


def markdown(name):
    return "\n\n".join(c.source for c in cells(name) if c.cell_type == "markdown")


def captions(name):
    """Return what is said under the figures of a page, and in their place."""
    for cell in cells(name):
        meta = cell.metadata.get("mystnb", {})
        yield meta.get("figure", {}).get("caption", "")
        yield meta.get("image", {}).get("alt", "")


PAGES = {name: markdown(name) for name in DOCUMENTS}
SECTIONS = [name for name in DOCUMENTS if ":class: objectives" in PAGES[name]]


def bold_terms(text):
    """Return the glossary's terms that stand in bold in `text`."""
    text = re.sub(r"\$\$.*?\$\$|```.*?```", "", text, flags=re.DOTALL)
    bold = re.findall(r"\*\*([^*]+)\*\*", text)
    return {book_index.term_of(words, TERMS) for words in bold} - {None}


def key_terms(text):
    listed = text.partition("## Key terms")[2].partition("\n## ")[0]
    return [
        re.sub(r".*<(.+)>", r"\1", " ".join(term.split()))
        for term in re.findall(r"\{term\}`([^`]+)`", listed)
    ]


def test_each_term_of_the_glossary_is_defined_in_one_section():
    places = defaultdict(list)
    for name in SECTIONS:
        for term in bold_terms(PAGES[name]):
            places[term].append(name)
    assert [term for term in TERMS if term not in places] == []
    assert {term: where for term, where in places.items() if len(where) > 1} == {}


def test_no_section_has_a_key_term_that_a_later_one_defines():
    defined = set()
    for name in SECTIONS:
        defined |= bold_terms(PAGES[name])
        assert [t for t in key_terms(PAGES[name]) if t not in defined] == [], name


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_key_terms_and_they_are_in_the_glossary(name):
    terms = key_terms(PAGES[name])
    assert len(terms) >= 3
    assert [term for term in terms if term not in TERMS] == []
    assert len(set(terms)) == len(terms)


def test_every_term_of_the_glossary_has_its_name_in_chinese():
    text = (ROOT / "book" / "glossary.md").read_text()
    for term in TERMS:
        chinese = re.search(rf"^{re.escape(term)}\n(.+)$", text, re.MULTILINE)[1]
        assert re.search(r"[\u4e00-\u9fff]", chinese), term


def labels(name):
    """Return the labels that a page defines, of all kinds that MyST has."""
    text = re.sub(r"```\{glossary.*?```", "", PAGES[name], flags=re.DOTALL)
    yield from re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)
    yield from re.findall(r"^:(?:label|name): (\S+)$", text, re.MULTILINE)
    yield from re.findall(r"\$\$ \(([\w-]+)\)$", text, re.MULTILINE)
    for cell in cells(name):
        figure = cell.metadata.get("mystnb", {}).get("figure")
        if figure:
            yield figure["name"]


def test_labels_are_unique_in_the_whole_book():
    counts = Counter(label for name in DOCUMENTS for label in labels(name))
    assert len(counts) > 400
    assert [label for label, times in counts.items() if times > 1] == []


def test_the_coverage_page_has_every_topic_of_the_book():
    topics = {
        label
        for name in DOCUMENTS
        for label in labels(name)
        if label.startswith("topic-")
    }
    rows = book_index.coverage_rows()
    listed = [label for _, where in rows for label in where]
    assert topics - set(listed) == set()
    assert [label for label in listed if label.startswith("topic-")] == [
        label for label in listed if label in topics
    ]
    names = [topic for topic, _ in rows]
    assert len(set(names)) == len(names)
    tables = PAGES["book/coverage"].count("| topic | where |\n|---|---|\n")
    lines = re.findall(r"^\|.*\|$", PAGES["book/coverage"], re.MULTILINE)
    assert len(rows) == len(lines) - 2 * tables  # no row that the index cannot read


# Numbers in prose that no cell of their page prints: each is worked out here as the
# page works it out by hand.
BY_HAND = {
    ("book/beyond/convolutions", "13.5"): (28 + 4 - 5) / 2,
    ("book/gradient_descent/minibatches", "29.04"): 1 + 5.2**2 + 1,
    ("book/gradient_descent/momentum_and_adagrad", "0.999"): 0.999,  # a default
    ("book/regression/a_line_through_rides", "26.42"): sum(
        e**2 for e in (-0.9, 2.7, -3, -1.6, 2.6)
    ),
    ("book/backpropagation/the_same_in_pytorch", "2.13"): 2.13,  # a version
}


def numbers_in_prose(text):
    """Return the decimals with three digits or more that a page says in its prose."""
    text = re.sub(
        r"(sections?|chapters?|theorem)\s+[\d.]+( (and|to) [\d.]+)?", "", text
    )
    found = re.findall(r"(?<![\w.])\d+\.\d+", text)
    return [n for n in found if len(n.replace(".", "").lstrip("0")) >= 3]


@pytest.mark.parametrize("name", [n for n in DOCUMENTS if len(cells(n)) > 1])
def test_a_number_in_prose_is_one_that_the_page_computes(name):
    computed = []
    for cell in cells(name):
        if cell.cell_type == "code":
            shown = [str(output.get("data", output)) for output in cell.outputs]
            text = "\n".join([cell.source, *shown])
            computed += map(float, re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", text))
    for number in numbers_in_prose(PAGES[name]):
        digits = len(number.partition(".")[2])
        known = [*computed, BY_HAND.get((name, number), -1)]
        assert any(f"{value:.{digits}f}" == number for value in known), number


def test_the_numbers_worked_out_by_hand_are_in_the_book():
    for name, number in BY_HAND:
        assert number in numbers_in_prose(PAGES[name]), (name, number)


def asked(name):
    """Return what the questions of a page say."""
    file = ROOT / f"{name}.questions.yml"
    loaded = practice.load(file) if file.exists() else []
    return [text for question in loaded for text in practice.texts_of(question)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_keeps_to_the_words_of_the_house(name):
    text = NOT_PROSE.sub(" ", "\n".join([PAGES[name], *captions(name), *asked(name)]))
    said = []
    for kind in ("hype", "one-name", "everywhere", "spelling"):
        for pattern, instead in STYLE[kind].items():
            for match in re.finditer(rf"\b(?:{pattern})(?!\w)", text, re.IGNORECASE):
                word = match.group().lower()
                if name not in STYLE["allowed"].get(word, []):
                    said.append(f"{match.group()}: {instead}")
    assert said == []
