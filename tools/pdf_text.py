"""The text of the PDF edition: the built pages, put together as one for paper.

Everything that a page folds away is open here. Links inside the book lead to places of
the one document. The answers to the questions of a part stand at its end, each with a
way back to its question. What is known only once it is printed, the numbers of pages,
is left open as ``<span class="page" data-to="place">``.
"""

import html
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

# A title that so many chapters have is a bookmark, and no line of the contents.
RECURRING = 6
LEFT_OUT = (
    "script, style, .headerlink, .toctree-wrapper, .genindex-jumpbox, img.cover,"
    ".visually-hidden"
)
# In the order in which they stand in a part.
PRACTICE = ".nn-live[data-live=practice]"
FIGURE = ".nn-live:not([data-live=practice])"
ANSWERS = f"div.admonition.dropdown, {PRACTICE} details"
SCALE = 0.45  # of a figure's pixels on paper, at 96 to the inch
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_NAME = re.compile(r"(?:Question )?(\w{1,2}|Pencil|Code|By hand|In code)\.")
_HEADING = re.compile(r"^h[1-6]$")
_FORMULA = re.compile(r"\\\((?P<line>.*)\\\)|\\\[(?P<display>.*)\\\]", re.DOTALL)


@dataclass
class Heading:
    """A line of the bookmarks, and perhaps of the contents."""

    title: str
    place: str
    children: list["Heading"] = field(default_factory=list)


@dataclass
class Book:
    """The document, and what stands where in it."""

    html: str
    headings: list[Heading]


def place(document: str, fragment: str = "") -> str:
    """Return the name in the one document of a place in a page, in plain letters."""
    name = document.replace("/", ".")
    fragment = re.sub(r"[^!-~]", lambda found: f"u{ord(found[0]):x}", fragment)
    return f"{name}..{fragment}" if fragment else name


def number_of(target: str) -> str:
    """Return what becomes the number of the page that `target` is on."""
    return f'<span class="page" data-to="{html.escape(target)}">000</span>'


def line(target: str, title: str) -> str:
    """Return a line of contents: a title that leads somewhere, and its page."""
    return (
        f'<a href="#{html.escape(target)}"><span>{html.escape(title)}</span>'
        f"{number_of(target)}</a>"
    )


def words(tag: Tag) -> str:
    """Return the text of an element in one line, formulae as plain text."""
    return " ".join(tag.get_text().split())


class Chapter:
    """A built page on its way into the book.

    Parameters
    ----------
    document : str
        Its name in the table of contents.
    folder : pathlib.Path
        Where the built book is.
    known : set of str
        The names of all pages of the book.
    """

    def __init__(self, document: str, folder: Path, known: set[str]) -> None:
        self.document, self.known = document, known
        self.folder = folder
        page = (folder / f"{document}.html").read_text("utf-8")
        article = BeautifulSoup(page, "html.parser").find(
            "article", class_="bd-article"
        )
        if not isinstance(article, Tag):
            raise ValueError(f"{document}.html has no article: is it a page of a book?")
        self.body = article
        for unused in self.body.select(LEFT_OUT):
            unused.decompose()
        for counting in self.body.select(f"{PRACTICE}:not(:has(.question))"):
            self._leave_out(counting)  # nothing is counted on paper
        self._open()
        self._name_places()
        for link in self.body.find_all("a", href=True):
            self._lead(link)
        for picture in self.body.find_all("img", src=True):
            path = (folder / document).parent / str(picture["src"])
            picture["src"] = path.resolve().as_uri()
            if picture.has_attr("width"):
                picture["width"] = str(round(int(str(picture["width"])) * SCALE))
                del picture["height"]
        self._name_figures()
        self._keep_terms()
        self._mark_formulae()
        self._mark_chinese()
        self.heading = self._headings()

    def _new(self, name: str, **attributes: Any) -> Tag:
        tag = BeautifulSoup("", "html.parser").new_tag(name)
        for key, value in attributes.items():
            tag[key.strip("_")] = value
        return tag

    def _leave_out(self, box: Tag) -> None:
        """Take a box away, and its section too if that had nothing else."""
        section = box.find_parent("section")
        box.decompose()
        if section is not None and all(
            text.find_parent(_HEADING) or not text.strip()
            for text in section.find_all(string=True)
        ):
            section.decompose()

    def _open(self) -> None:
        """Unfold what is folded; its title stays if it says more than that."""
        for folded in self.body.find_all("details"):
            if folded.find_parent(attrs={"data-live": "practice"}):
                continue  # an answer, for take_answers
            summary = folded.find("summary")
            folded.name = "div"
            if summary is None:
                continue
            if "hide" in folded.get_attribute_list("class"):
                summary.decompose()  # it says no more than that there is code
                folded["class"] = "aside"
                cell = folded.find_parent(class_="cell")
                if cell is not None:  # the picture first, beside what speaks of it
                    cell.append(folded)
            else:
                summary.name = "p"
                summary["class"] = "admonition-title"
                folded["class"] = "admonition"

    def _name_places(self) -> None:
        """Give every place a name that no other page has."""
        met = set()
        for tag in self.body.find_all(id=True):
            name = place(self.document, str(tag["id"]))
            if name in met:
                del tag["id"]  # a browser goes to the first one
            else:
                tag["id"] = name
            met.add(name)
        self.body.name, self.body["class"] = "section", "chapter"
        self.body["id"] = place(self.document)

    def _lead(self, link: Tag) -> None:
        """Let a link inside the book lead to its place in the one document."""
        parts = urlsplit(str(link["href"]))
        if parts.scheme or parts.netloc:
            return
        name = self.document
        if parts.path:
            beside = posixpath.dirname(self.document)
            path = posixpath.normpath(posixpath.join(beside, unquote(parts.path)))
            name = path.removesuffix(".html")
        if name not in self.known or parts.fragment.startswith("demo."):
            link.unwrap()  # a file beside the book, searches, a live figure's state
            return
        link["href"] = "#" + place(name, unquote(parts.fragment))
        link.attrs.pop("title", None)

    def _name_figures(self) -> None:
        """Name each live figure, for its picture, and say that it is live elsewhere."""
        for number, figure in enumerate(self.body.select(FIGURE)):
            for picture in figure.select("img"):
                picture["data-figure"] = f"{self.document}#{number}"
            for sentence in figure.find_all("p"):
                sentence.string = words(sentence).replace(
                    "A live figure:", "In the page this figure is live:"
                )

    def _keep_terms(self) -> None:
        """Put a term of the glossary and what it means into one box."""
        for meaning in self.body.select("dl.glossary > dd"):
            before = meaning.find_previous_siblings(["dt", "div"])
            terms = list(takewhile(lambda one: one.name == "dt", before))
            entry = meaning.wrap(self._new("div", class_="entry"))
            for term in terms:
                entry.insert(0, term.extract())

    def _mark_formulae(self) -> None:
        """Name what is to be set as a formula, and how."""
        for tag in self.body.select(".math"):
            for text in tag.find_all(string=_FORMULA, recursive=False):
                found = _FORMULA.search(text)
                if found is None:
                    continue
                display = found["display"] is not None
                kind = "tex display" if display else "tex"
                formula = self._new("span", class_=kind)
                formula.string = found["display"] if display else found["line"]
                text.replace_with(formula)

    def _mark_chinese(self) -> None:
        """Say which words are Chinese: a screen reader says them so."""
        for text in self.body.find_all(string=CHINESE):
            known = text.parent is not None and text.parent.get("lang")
            if not known and not text.find_parent(class_="tex"):
                escaped = html.escape(text, quote=False)
                marked = CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', escaped)
                text.replace_with(BeautifulSoup(marked, "html.parser"))

    def _headings(self) -> Heading:
        """Lower every heading by one, below the title of its part, and list them."""
        first, *others = self.body.find_all(_HEADING)
        for heading in (first, *others):
            self._draw_in(heading)
        top = Heading(words(first), place(self.document))
        for heading in others:
            if heading.name == "h2" and heading.get("id"):
                top.children.append(Heading(words(heading), str(heading["id"])))
        for heading in (first, *others):
            heading.name = f"h{min(int(heading.name[1]) + 1, 6)}"
        return top

    def _draw_in(self, heading: Tag) -> None:
        """Let the places before a heading be in it, and so on the same page."""
        section = heading.parent
        for before in heading.find_previous_siblings("span", id=True):
            heading.insert(0, before.extract())
        if (
            section is not None
            and section is not self.body
            and section.get("id")
            and heading.find_previous_sibling() is None
        ):
            name = str(section["id"])
            del section["id"]
            if heading.get("id"):
                heading.insert(0, self._new("span", id=name))
            else:
                heading["id"] = name

    def take_answers(self) -> list[Tag]:
        """Take the answers out of the chapter, leaving a link to each, and back."""
        taken: list[Tag] = []
        for answer in self.body.select(ANSWERS):
            title = answer.find(class_="admonition-title") or answer.find("summary")
            if title is None or not words(title).startswith(("Answer", "Solution")):
                continue
            number = len(taken) + 1
            here = place(self.document, f"question-{number}")
            there = place(self.document, f"answer-{number}")
            kind, *rest = words(title).split()
            kind = kind.strip(".,:")
            label = self._label(answer)
            if rest and rest[0].endswith(")"):
                label += f" {rest[0]}"  # one of several parts of a question
                _drop_start(answer.find("p"), rest[0])
            title.decompose()
            code = self._code_of(answer)
            if code is not None:
                answer.append(code.extract())
            link = self._new("p", class_="to-answer", id=here)
            _fill(link, f'<a href="#{there}">{kind}: page {number_of(there)}</a>')
            answer.replace_with(link)
            answer.name = "div"
            answer.attrs = {"class": "answer", "id": there}
            back = self._new("p", class_="answer-title")
            _fill(
                back,
                f'<a href="#{here}">{html.escape(label)}</a> · page {number_of(here)}',
            )
            answer.insert(0, back)
            taken.append(answer)
        return taken

    def _code_of(self, answer: Tag) -> Tag | None:
        """Return the folded cell that gives the answer, if there is one."""
        box = answer.find_parent("div", class_="cell")
        if box is None:
            after = answer.find_next_sibling()
        elif answer is box.select(ANSWERS)[-1]:
            after = box.find_next_sibling(lambda tag: tag.name != "p")
        else:
            after = None
        folded = after and "tag_hide-cell" in after.get_attribute_list("class")
        return after if folded else None

    def _label(self, answer: Tag) -> str:
        """Return what a reader calls the question: its section, and its number."""
        section = answer.find_parent("section")
        heading = section.find(_HEADING) if section else None
        name = words(heading) if heading else ""
        name = re.sub(r"^[\d.]+ ", "", name)
        if re.match(r"(Problem|Question) \d", name):
            return name
        for before in answer.find_all_previous(["p", "legend", "strong"]):
            if section is not None and before not in section.descendants:
                break
            found = _NAME.match(words(before))
            if found and before.find_parent("li") is None:
                return f"{name}, {found[1]}"
        return name

    def make_index(self) -> None:
        """Let the index give numbers of pages, as one on paper does."""
        for link in self.body.find_all("a", href=True):
            target = str(link["href"])
            if not target.startswith("#"):
                continue
            text = words(link)
            number = self._new("a", href=target)
            _fill(number, number_of(target[1:]))
            if re.fullmatch(r"\[\d+\]", text):
                link.replace_with(number)
            else:
                link.insert_after(", ", number)

    def add_numbers(self) -> None:
        """Put the number of its page after every link in a table."""
        for link in self.body.select('td a[href^="#"]'):
            number = BeautifulSoup(number_of(str(link["href"])[1:]), "html.parser")
            link.insert_after(" ", number)


def _fill(tag: Tag, text: str) -> None:
    tag.append(BeautifulSoup(text, "html.parser"))


def _drop_start(paragraph: Any, start: str) -> None:
    """Take `start` from a paragraph that begins so, and one that says no more away."""
    text = paragraph.find(string=True)
    text.replace_with(re.sub(rf"^\s*{re.escape(start)}\s*", "", text))
    if not words(paragraph):
        paragraph.decompose()


def running_head(page: str, left: str, right: str) -> str:
    """Return the style of the pages of one chapter: what stands above them."""

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'

    return (
        f"@page {page} {{ @top-left {{ content: {quoted(left)} }}"
        f" @top-right {{ content: {quoted(right)} }} }}\n"
    )


def parts_of(toc: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the title of each part, first of none, and its pages."""
    yield "", [str(toc["root"])]
    for part in toc["parts"]:
        yield part["caption"], [chapter["file"] for chapter in part["chapters"]]


def answers_title(caption: str) -> str:
    """Return what the answers at the end of a part are called."""
    found = re.match(r"Part (\d+)", caption)
    return f"Answers to part {found[1]}" if found else f"Answers: {caption}"


class Paper:
    """The book while it is put together, part by part.

    Parameters
    ----------
    title : str
        Of the book.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.headings: list[Heading] = []
        self.pieces: list[str] = []
        self.heads: list[str] = []

    def add(self, caption: str, chapters: list[Chapter]) -> None:
        """Add a part: its title, unless it has none, its chapters, its answers."""
        part = Heading(caption, f"part-{len(self.headings)}")
        answered: list[str] = []
        if caption:
            self._add_title(part, [chapter.heading for chapter in chapters])
        for chapter in chapters:
            if chapter.document == "genindex":
                chapter.make_index()
            elif chapter.document.endswith("coverage"):
                chapter.add_numbers()
            answers = chapter.take_answers()
            if answers:
                answered.append(f"<h3>{html.escape(chapter.heading.title)}</h3>")
                answered += map(str, answers)
            part.children.append(chapter.heading)
            self._add_chapter(chapter.body, caption, chapter.heading.title)
        if answered:
            heading = Heading(answers_title(caption), f"{part.place}-answers")
            title = f"<h2>{html.escape(heading.title)}</h2>"
            body = BeautifulSoup(
                f'<section class="chapter answers" id="{heading.place}">{title}'
                f"{''.join(answered)}</section>",
                "html.parser",
            )
            part.children.append(heading)
            self._add_chapter(body.contents[0], caption, heading.title)
        self.headings += [part] if caption else part.children

    def _add_title(self, part: Heading, chapters: list[Heading]) -> None:
        lines = "".join(f"<li>{line(one.place, one.title)}</li>" for one in chapters)
        title = "<br>".join(map(html.escape, part.title.split(" · ")))
        self.pieces.append(
            f'<section class="part" id="{part.place}"><h1>{title}</h1>'
            f'<ul class="lines">{lines}</ul></section>'
        )

    def _add_chapter(self, body: Any, caption: str, title: str) -> None:
        page = f"c{len(self.heads)}"
        self.heads.append(running_head(page, caption or self.title, title))
        body["style"] = f"page: {page}"
        self.pieces.append(str(body))


def assemble(root: Path, folder: Path, style: str, part: str = "") -> Book:
    """Put the built pages together.

    Parameters
    ----------
    root : pathlib.Path
        Where _config.yml, _toc.yml and CITATION.cff are.
    folder : pathlib.Path
        The built book.
    style : str
        The style sheets' text.
    part : str
        How the titles of the parts begin that are wanted; all do with "".

    Returns
    -------
    Book
        Its HTML lacks nothing but the numbers of pages.

    Raises
    ------
    ValueError
        If a link inside the book leads nowhere.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    parts = [one for one in parts_of(toc) if one[0].startswith(part)]
    known = {document for _, documents in parts for document in documents}
    paper = Paper(config["title"])
    for caption, documents in parts:
        paper.add(caption, [Chapter(name, folder, known) for name in documents])
    headings, heads = paper.headings, "".join(paper.heads)
    text = "".join(paper.pieces)
    _refuse_loose_ends(text)
    front = _front(config, citation, folder) + _contents(headings)
    front_matter = [Heading("Title", "title"), Heading("Contents", "contents")]
    headings = front_matter + headings
    # A place is known by its name only if a link leads there.
    links = "".join(f'<a href="#{place}"></a>' for place in _flat(headings))
    return Book(
        f'<!doctype html><html lang="en" data-theme="light"><head>'
        f'<meta charset="utf-8"><title>{html.escape(config["title"])}</title>'
        f"<style>{style}{heads}</style></head>"
        f"<body>{front}{text}<nav hidden>{links}</nav></body>"
        "</html>",
        headings,
    )


def _refuse_loose_ends(text: str) -> None:
    places = {html.unescape(name) for name in re.findall(r' id="([^"]*)"', text)}
    links = re.findall(r"""href=(["'])#(.*?)\1""", text)
    aims = {html.unescape(aim) for _, aim in links}
    loose = sorted(aims - places)
    if loose:
        raise ValueError(f"these links of the book lead nowhere: {', '.join(loose)}")


def _flat(headings: list[Heading]) -> Iterator[str]:
    for heading in headings:
        yield heading.place
        yield from _flat(heading.children)


def _front(config: dict[str, Any], citation: dict[str, Any], folder: Path) -> str:
    title, author = html.escape(config["title"]), html.escape(config["author"])
    cover = (folder / "_static" / "cover.svg").resolve().as_uri()
    released = citation["date-released"]
    when = released if isinstance(released, date) else date.fromisoformat(released)
    return f"""
<section class="cover"><p class="name">{title}</p><img src="{cover}" alt="White contour
lines on blue; an orange path swings down a curved valley to its lowest point.">
<p class="author">{author}</p></section>
<section class="title" id="title"><h1>{title}</h1><p class="author">{author}</p>
<p>Version {html.escape(str(citation["version"]))}, {when:%-d %B %Y}</p>
<div class="colophon">
<p>This is the edition on paper of a book of pages and notebooks. Here everything that
the pages fold away is open, and the answers to the questions of a part stand at its
end. A figure that moves in the page stands still here, as it starts; where the text
speaks of buttons, of dragging, or of what is folded or kept, it means the page. All
numbers come from the code beside them, which is run each time the book is built.</p>
{config["html"]["extra_footer"]}
</div></section>"""


def _contents(headings: list[Heading]) -> str:
    titles = Counter(
        _unnumbered(section.title)
        for part in headings
        for chapter in part.children
        for section in chapter.children
    )

    def chapter_lines(chapter: Heading) -> str:
        sections = "".join(
            f"<li>{line(section.place, section.title)}</li>"
            for section in chapter.children
            if titles[_unnumbered(section.title)] < RECURRING
        )
        # What has a section for every letter is looked up, not read.
        inner = f"<ul>{sections}</ul>" if len(chapter.children) < 20 else ""
        return f"<li>{line(chapter.place, chapter.title)}{inner}</li>"

    lines = []
    for heading in headings:
        if heading.place.startswith("part-"):
            chapters = "".join(map(chapter_lines, heading.children))
            part = line(heading.place, heading.title)
            lines.append(f'<li class="of-part">{part}<ul>{chapters}</ul></li>')
        else:
            lines.append(chapter_lines(heading))
    return (
        '<section class="contents" id="contents"><h2>Contents</h2>'
        f'<ul class="lines">{"".join(lines)}</ul></section>'
    )


def _unnumbered(title: str) -> str:
    return re.sub(r"^[\d.]+ ", "", title)
