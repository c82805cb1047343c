"""The built book: every page is there, says the verified numbers, and needs no network.

`make test` builds the book first; alone, these tests need `make book` before them.
"""

import functools
import html
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import book_index

HTML = ROOT / "_build" / "html"

# To ten digits, as recomputed from the definitions of the problems.
VERIFIED = {
    "gradient_descent/linear_classifier": [
        (-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751),
        (-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070),
        (-0.35, 0.75, -0.85, -0.75),
    ],
    "gradient_descent/momentum_and_adagrad": [
        (-0.5983515579, 1.8285453093, -1.5573624476, -0.5019762331),
        (-0.4777025824, 0.8490998936, -0.7215360745, -0.3801952299),
    ],
    "gradient_descent/commute_by_descent": [
        (6.08613445378149, 6.53361344537816, 2.11274509803922)
    ],
    "regression/the_normal_equations": [
        (6.08613445378149, 6.53361344537816, 2.11274509803922),
        (25.8396358543, 34.9866946779, 12.6197478992, 42.1736694678, 24.3802521008),
    ],
    "perceptrons/the_perceptron": [(-0.35, 0.75, -0.85, -0.75)],
    "problem_sets/ps1": [
        (-0.5273225410, 1.2195963107, -1.0470720651, -0.4450458751),
        (-0.4688581520, 0.8897760414, -0.7994239317, -0.4487876070),
        (-0.5983515579, 1.8285453093, -1.5573624476, -0.5019762331),
        (-0.4777025824, 0.8490998936, -0.7215360745, -0.3801952299),
        (-0.35, 0.75, -0.85, -0.75),
    ],
}


def listed(entry):
    yield entry.get("root") or entry.get("file")
    for part in entry.get("parts", []) + entry.get("chapters", []):
        yield from listed(part)
    for section in entry.get("sections", []):
        yield from listed(section)


TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
DOCUMENTS = [name for name in listed(TOC) if name]


class Page(HTMLParser):
    """What the tests ask of a page: text, links, anchors, pictures, headings."""

    def __init__(self, path):
        super().__init__()
        self.text, self.links, self.anchors = [], [], set()
        self.images, self.headings, self.skipping, self.article = [], 0, 0, 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found.get("id"), found.get("name")}
        if "data-live" in found:  # a link may carry its state: #demo.NAME={...}
            self.anchors.add(f"demo.{found['data-live']}")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        self.article += tag == "article"
        if tag == "img" and self.article:
            self.images.append(found)
        # Outside the article the theme keeps a second title, shown only in print.
        self.headings += tag == "h1" and self.article
        self.skipping += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.article -= tag == "article"
        self.skipping -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.skipping:
            self.text.append(data)


@functools.cache
def read(path):
    return Page(path)


@pytest.fixture(scope="module")
def pages():
    if not HTML.exists():
        pytest.fail("the book is not built: run `make book` first")
    return {name: read(HTML / f"{name}.html") for name in DOCUMENTS}


def test_the_front_page_leads_to_the_book():
    assert "book/welcome.html" in (HTML / "index.html").read_text()


@pytest.mark.parametrize("section", VERIFIED)
def test_the_verified_numbers_are_printed(section, pages):
    text = "".join(pages[f"book/{section}"].text)
    printed = [float(x) for x in re.findall(r"-?\d+\.\d+", text.replace("−", "-"))]
    for vector in VERIFIED[section]:
        for value in vector:
            assert min(abs(value - x) for x in printed) < 1e-9, value


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_is_whole(name, pages):
    page = pages[name]
    text = "".join(page.text)
    assert page.headings == 1
    assert "??" not in text.replace("??`", "").replace("descend??", "")
    for image in page.images:
        assert image.get("alt"), image.get("src")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_inside_the_book_leads_somewhere(name, pages):
    here = HTML / f"{name}.html"
    for link in pages[name].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (here.parent / unquote(parts.path)).resolve() if parts.path else here
        assert target.exists(), link
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment).split("={")[0] in read(target).anchors, link


def test_every_topic_of_the_coverage_page_leads_to_its_place(pages):
    here = HTML / "book" / "coverage.html"
    article = here.read_text(encoding="utf-8").partition("<article")[2]
    rows = re.findall(r"<tr class=.*?</tr>", article.partition("</article>")[0], re.S)
    places = [row for row in rows if "<td>" in row]
    assert len(places) == len(book_index.coverage_rows()) > 150
    for row, (topic, labels) in zip(places, book_index.coverage_rows(), strict=True):
        links = re.findall(r'href="([^"]+)"', row)
        assert len(links) == len(labels), topic
        for link, label in zip(links, labels, strict=True):
            page, _, anchor = link.partition("#")
            assert anchor == label, topic
            assert anchor in read((here.parent / page).resolve()).anchors, topic


def test_the_index_leads_to_every_term_and_topic():
    article = (HTML / "genindex.html").read_text(encoding="utf-8")
    article = article.partition("<article")[2].partition("</article>")[0]
    entries = re.findall(r"<li>(.*?)(?=<li>|<ul>|</li>)", article, re.S)
    found = {}
    for entry in entries:
        words = re.sub(r"<[^>]+>|(,\s*<a[^>]*>\[\d+\]</a>)+\s*$", "", entry)
        links = re.findall(r'href="([^"]+)"', entry)
        found.setdefault(html.unescape(words).strip(), []).extend(links)
    for term in book_index.glossary_terms():
        outside = [link for link in found[term] if "glossary.html" not in link]
        assert outside, term
    for topic, _ in book_index.coverage_rows():
        assert found[topic.rpartition(": ")[2]], topic
    assert article.count("<h2") < 40  # one heading for all names in Chinese
