"""One page for each student: what was tested, what came out, what was expected.

The page is one file that opens without a network. All that comes from a submission is
text on it: nothing a student wrote or printed is taken for HTML. Tests are shown as
the students know them, so what the released notebook hides stays hidden.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
import nbgrader.api as stock
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .course import Course, GradingError, printable, write_whole
from .gradebook import BY_NBGRADER, NOT_YET, Gradebook, Record, Row
from .marking import Status

__all__ = ["Page", "write_pages"]

OUTPUT_CHARACTERS = 10_000
PICTURE_BYTES = 2 * 2**20
PICTURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff"}
# Colours and cursor movements of a terminal.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)")

# How a status looks, and what it means to the one who reads it.
MEANING = {
    str(Status.GRADED): ("good", "Everything ran, and every test was run."),
    BY_NBGRADER: ("good", "What the tests said was not kept."),
    str(Status.TROUBLE): ("wait", "It was graded, but something needs a look."),
    str(Status.UNREADABLE): (
        "bad",
        "No notebook could be read in what was handed in, so the points are no "
        "judgement of the work.",
    ),
    str(Status.MISSING): ("bad", "There are no points, which is not the same as 0."),
    str(Status.TIMED_OUT): (
        "bad",
        "Something ran for too long and was stopped. What depends on it could not "
        "pass.",
    ),
    str(Status.CRASHED): (
        "bad",
        "The program ended before all was run. What was to come could not pass.",
    ),
}

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #f4f5f7;
  --line: #d0d7de; --good: #11632e; --bad: #a40e26; --wait: #7a4b00; --link: #0550ae }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #15191f;
  --soft: #1f252d; --line: #3d444d; --good: #6fdd8b; --bad: #ff9a9a; --wait: #f2c46d;
  --link: #79c0ff } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 52rem; margin: 0 auto; padding: 1rem }
h1 { line-height: 1.2 } h2 { margin-top: 2.5rem }
a { color: var(--link) }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem;
  padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; font-size: .875rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line) }
td.number, th.number { text-align: right; white-space: nowrap }
.status, .comment, .test { border-left: .3rem solid var(--line); padding: .1rem .9rem;
  margin: 1rem 0 }
.good { border-color: var(--good) } .bad { border-color: var(--bad) }
.wait, .comment { border-color: var(--wait) }
.good > b { color: var(--good) } .bad > b { color: var(--bad) }
.wait > b { color: var(--wait) }
.test p { margin: .3rem 0 } img { max-width: 100%; background: #fff }
summary { cursor: pointer }
"""


@dataclass(frozen=True)
class Item:
    """One cell that counts: what it earned, and what was said about it."""

    name: str
    points: float
    most: float
    waits: bool
    by_hand: bool
    extra: float
    comment: str


@dataclass(frozen=True)
class Page:
    """All that a student's page is made of.

    Parameters
    ----------
    title : str
        The name of the assignment.
    row : Row
        Who it is, the status and the points.
    messages : dict of str to str
        What each test said, by grade id.
    items : dict of str to Item
        Points and comments, by the id of the cell.
    released : dict of str to NotebookNode
        The notebooks as the students know them, by name.
    executed : dict of str to NotebookNode
        The student's notebooks as they ran, by name.

    Source: section "Feedback" of the book's page for instructors.
    """

    title: str
    row: Row
    messages: dict[str, str]
    items: dict[str, Item]
    released: dict[str, NotebookNode]
    executed: dict[str, NotebookNode]

    def html(self) -> str:
        """Return the page.

        Returns
        -------
        str
            HTML that needs no other file.

        Source: the HTML standard's rules for escaping text.
        """
        parts = [*self._head(), *self._table()]
        if self.executed:
            for name, notebook in self.released.items():
                parts += self._notebook(name, notebook)
        style = STYLE + _code_style()
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "img-src data:; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{_text(self.title)}: feedback</title>\n"
            f"<style>{style}</style>\n</head>\n<body>\n<main>\n"
            + "\n".join(parts)
            + "\n</main>\n</body>\n</html>\n"
        )

    def _head(self) -> Iterator[str]:
        row = self.row
        name = f"{row.first_name} {row.last_name}".strip()
        yield f"<h1>{_text(self.title)}: feedback</h1>"
        who = f"{_text(name)} ({_text(row.student)})" if name else _text(row.student)
        if row.time:
            who += f", handed in {row.time:%Y-%m-%d %H:%M} UTC"
        yield f"<p>For {who}</p>"
        look, meaning = MEANING[row.status]
        reason = f"<p>{_text(row.reason)}</p>" if row.reason else ""
        yield (
            f'<div class="status {look}"><b>{_text(row.status)}</b>'
            f"<p>{meaning}</p>{reason}</div>"
        )

    def _table(self) -> Iterator[str]:
        row = self.row
        if row.score is None:
            return
        yield f"<p>Points: <b>{row.score:g}</b> of {row.most:g}"
        if row.penalty:
            yield f"({row.points:g}, less {row.penalty:g} for handing in late)"
        if row.by_hand:
            yield "so far: a part is still to be marked by hand."
        yield "</p>"
        yield (
            "<table><thead><tr><th>Part</th><th>Result</th>"
            '<th class="number">Points</th></tr></thead><tbody>'
        )
        for item in self.items.values():
            if item.most or item.extra:
                link = f'<a href="#{_anchor(item.name)}">{_text(item.name)}</a>'
                yield (
                    f"<tr><td>{link}</td><td>{self._verdict(item)[1]}</td>"
                    f'<td class="number">{_points(item)}</td></tr>'
                )
        yield "</tbody></table>"

    def _verdict(self, item: Item) -> tuple[str, str]:
        if item.waits:
            return "wait", "to be marked by hand"
        if item.by_hand:
            return "wait", "marked by hand"
        if item.points >= item.most:
            return "good", "passed"
        return "bad", "failed" if item.points == 0 else "partly"

    def _notebook(self, name: str, notebook: NotebookNode) -> Iterator[str]:
        executed = self.executed.get(name)
        theirs = {
            _id(cell): cell
            for cell in (executed.cells if executed else ())
            if _id(cell)
        }
        headings: list[str] = []
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and not _marks(cell).get("solution"):
                headings = list(_headings(cell.source)) or headings
            if _marks(cell).get("solution") or _marks(cell).get("task"):
                part = self._answer(cell, theirs.get(_id(cell)))
            elif _marks(cell).get("grade"):
                part = self._test(cell)
            else:
                continue
            yield from headings
            yield from part
            headings = []

    def _answer(self, cell: NotebookNode, theirs: NotebookNode | None) -> Iterator[str]:
        item = self.items.get(_id(cell))
        yield f'<div id="{_anchor(_id(cell))}">'
        if theirs is not None:
            if theirs.cell_type == "code":
                yield f"<pre>{_python(theirs.source)}</pre>"
                yield from _outputs(theirs)
            else:
                yield f"<pre>{_text(theirs.source)}</pre>"
        if item and item.most:
            look, verdict = self._verdict(item)
            yield (f'<div class="test {look}"><b>{verdict}: {_points(item)}</b></div>')
        if item and item.comment:
            yield f'<div class="comment"><pre>{_text(item.comment)}</pre></div>'
        yield "</div>"

    def _test(self, cell: NotebookNode) -> Iterator[str]:
        item = self.items.get(_id(cell))
        if item is None:
            return
        look, verdict = self._verdict(item)
        yield f'<div class="test {look}" id="{_anchor(item.name)}">'
        yield f"<b>{_text(item.name)}: {verdict}, {_points(item)}</b>"
        message = self.messages.get(item.name, "")
        if message:
            yield f"<pre>{_text(_bounded(message))}</pre>"
        yield f"<details><summary>The test</summary><pre>{_python(cell.source)}</pre>"
        yield "</details></div>"


def write_pages(
    course: Course, gradebook: Gradebook, assignment: str, students: set[str] | None
) -> list[Path]:
    """Write the pages of an assignment to nbgrader's ``feedback/``.

    Parameters
    ----------
    course : Course
        The course.
    gradebook : Gradebook
        Its gradebook.
    assignment : str
        The name of the assignment.
    students : set of str or None
        Whose pages to write; None for everybody who is enrolled.

    Returns
    -------
    list of Path
        The pages. An assignment of several notebooks has one page, stored under the
        name of each, which is where nbgrader's own commands look for it.

    Raises
    ------
    GradingError
        If the assignment was not released.

    Source: nbgrader's layout of a course.
    """
    released = _notebooks(course.folder("release", assignment))
    if not released:
        raise GradingError(
            f"There is no students' version of {assignment} to show the tests from. "
            f"Make it with: nnbook release {assignment}"
        )
    records = gradebook.records(assignment)
    written = []
    for row in gradebook.rows(assignment):
        if students is not None and row.student not in students:
            continue
        try:
            folder = course.folder("feedback", assignment, row.student)
            executed = course.folder("autograded", assignment, row.student)
        except GradingError:
            continue  # this id can't have a folder; the table of `grade` says so
        page = Page(
            title=assignment,
            row=row,
            messages=records.get(row.student, Record("", "", "")).messages,
            items=_items(gradebook, assignment, row.student),
            released=released,
            executed=_notebooks(executed),
        )
        if row.status == NOT_YET:
            continue
        data = page.html().encode()
        for name in released:
            write_whole(folder / f"{name}.html", data)
        _copy_exchange(course.folder("submitted", assignment, row.student), folder)
        written.append(folder / f"{next(iter(released))}.html")
    return written


def _copy_exchange(submitted: Path, feedback: Path) -> None:
    """Copy what `nbgrader release_feedback` needs, if nbgrader's exchange wrote it."""
    for name in ("timestamp.txt", "submission_secret.txt"):
        path = submitted / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1000:
            write_whole(feedback / name, path.read_bytes())


def _notebooks(folder: Path) -> dict[str, NotebookNode]:
    return {
        path.stem: nbformat.v4.reads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.ipynb"))
    }


def _items(gradebook: Gradebook, assignment: str, student: str) -> dict[str, Item]:
    try:
        submission = gradebook.book.find_submission(assignment, student)
    except stock.MissingEntry:
        return {}
    items = {}
    for notebook in submission.notebooks:
        comments = {c.name: c.comment or "" for c in notebook.comments}
        answers = {c.name for c in notebook.notebook.solution_cells}
        for grade in notebook.grades:
            hand = grade.manual_score is not None
            items[grade.name] = Item(
                name=grade.name,
                points=grade.score,
                most=grade.max_score,
                waits=grade.needs_manual_grade and not hand,
                by_hand=hand or grade.name in answers,
                extra=grade.extra_credit or 0.0,
                comment=comments.pop(grade.name, ""),
            )
        for name, comment in comments.items():
            items[name] = Item(name, 0.0, 0.0, False, False, 0.0, comment)
    return items


def _text(text: object) -> str:
    return escape(
        "".join(c if c in "\n\t" else printable(c) for c in str(text)), quote=True
    )


def _anchor(name: str) -> str:
    return "part-" + re.sub(r"[^\w-]", "-", name)


def _points(item: Item) -> str:
    extra = f" + {item.extra:g} extra" if item.extra else ""
    if item.waits:
        return f"? / {item.most:g}"
    return f"{item.points - item.extra:g} / {item.most:g}{extra}"


def _marks(cell: NotebookNode) -> NotebookNode:
    return cell.metadata.get("nbgrader", {})


def _id(cell: NotebookNode) -> str:
    return str(_marks(cell).get("grade_id", ""))


def _headings(source: str) -> Iterator[str]:
    for line in source.splitlines():
        match = re.match(r"(#{2,4})\s+(.*)", line)
        if match:
            level = len(match[1])
            yield f"<h{level}>{_text(match[2])}</h{level}>"


def _bounded(text: str) -> str:
    if len(text) <= OUTPUT_CHARACTERS:
        return text
    return f"{text[:OUTPUT_CHARACTERS]}\n... {len(text) - OUTPUT_CHARACTERS} more"


def _python(source: str) -> str:
    """Return code with the colours of its words; the formatter escapes it."""
    clean = "".join(c if c in "\n\t" else printable(c) for c in source)
    return str(highlight(clean, PythonLexer(stripnl=False), _formatter("default")))


def _formatter(style: str) -> HtmlFormatter:
    return HtmlFormatter(nowrap=True, style=style)


def _code_style() -> str:
    light = _formatter("xcode").get_style_defs("pre")
    dark = _formatter("github-dark").get_style_defs("pre")
    keep = "pre { background: var(--soft); color: var(--ink) }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n{keep}"


def _outputs(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield f"<pre>{_output(output.text)}</pre>"
        elif output.output_type == "error":
            yield f"<pre>{_output(chr(10).join(output.traceback))}</pre>"
        else:
            picture = _picture(output.data)
            if picture:
                yield picture
            elif "text/plain" in output.data:
                yield f"<pre>{_output(output.data['text/plain'])}</pre>"


def _output(text: object) -> str:
    joined = "".join(text) if isinstance(text, list) else str(text)
    return _text(ESCAPES.sub("", _bounded(joined)))


def _picture(data: NotebookNode) -> str:
    """Return an image, if the bytes are one of a kind that can hold no script."""
    for kind, start in PICTURES.items():
        try:
            content = base64.b64decode(
                str(data.get(kind, "")).replace("\n", ""), validate=True
            )
        except (binascii.Error, ValueError):
            continue
        if content.startswith(start) and len(content) <= PICTURE_BYTES:
            address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
            return f'<img alt="a picture that this cell drew" src="{address}">'
    return ""
