"""A page of feedback says what happened, and nothing in it runs or leaks."""

import base64
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest
from classroom import ASSIGNMENT, answered, hand_in
from nbformat.v4 import new_markdown_cell, new_output, reads

from nnbook_utils.grading.feedback import write_pages
from nnbook_utils.grading.gradebook import open_gradebook
from nnbook_utils.grading.marking import Marked, Status
from nnbook_utils.grading.roster import Person

EVIL = "</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()


class Tags(HTMLParser):
    """What a browser makes of a page: its elements, attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""
        self.scripts = 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.scripts += tag == "script"
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def page(course, marked, student="a", assignment=ASSIGNMENT, time=None, entered=None):
    with open_gradebook(course) as gradebook:
        gradebook.enrol([Person(student, first_name=EVIL, last_name="Doe")])
        gradebook.save(assignment, student, marked, "", time)
        if entered:
            entered(gradebook.book)
            gradebook.book.db.commit()
        for name, notebook in marked.notebooks.items():
            path = course.folder("autograded", assignment, student) / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            from nbformat import write

            write(notebook, path)
        [path] = write_pages(course, gradebook, assignment, None)
    return path.read_text()


def ran(course, answers=(), outputs=()):
    """Return a student's notebook with outputs at the first answer."""
    notebook = reads(answered(course, dict(answers)).decode())
    cell = next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "ps1-6a")
    cell.outputs = list(outputs)
    return {"ps1": notebook}


SCORES = {"ps1-6a-example": 2.0, "ps1-6a-hidden": 0.0, "ps1-6b-visible": 1.5}


def test_it_says_what_was_tested_and_what_came_out(course):
    messages = {"ps1-6a-hidden": "expected [0, 1], got [0, 2]: not divided by n"}
    answers = {"ps1-6a": "def squared_hinge_gradient(w, X, y):\n    return w  # hm"}
    time = datetime(2026, 11, 20, 23, 59)
    marked = Marked(Status.GRADED, "", SCORES, messages, ran(course, answers))
    text = Tags(page(course, marked, time=time)).text
    assert "handed in 2026-11-20 23:59 UTC" in text
    assert "return w  # hm" in text
    assert "ps1-6a-example: passed, 2 / 2" in text
    assert "ps1-6a-hidden: failed, 0 / 3" in text
    assert "expected [0, 1], got [0, 2]: not divided by n" in text
    assert "ps1-6b-visible: partly, 1.5 / 3" in text
    assert "Problem 6: gradient descent" in text
    assert "ps1.gd_run(gradient_descent, squared_hinge_gradient)" in text


def test_hidden_tests_stay_hidden(course):
    html = page(course, Marked(Status.GRADED, "", SCORES, {}, ran(course)))
    source = reads((course.folder("source", ASSIGNMENT) / "ps1.ipynb").read_text())
    seeds = {
        seed
        for cell in source.cells
        if "BEGIN HIDDEN TESTS" in cell.source
        for seed in re.findall(r"seed=\d+", cell.source)
    }
    assert len(seeds) > 10
    assert not any(seed in Tags(html).text for seed in seeds)
    assert "HIDDEN" not in html


def test_nothing_that_was_handed_in_runs(course):
    outputs = [
        new_output("stream", text=EVIL),
        new_output("display_data", {"text/html": EVIL, "text/plain": EVIL}),
        new_output("display_data", {"image/svg+xml": EVIL}),
        new_output("display_data", {"application/javascript": EVIL}),
        new_output("display_data", {"image/png": f'{PNG}" onerror="alert(3)'}),
        new_output("display_data", {"image/png": base64.b64encode(b"<svg>").decode()}),
        new_output("error", ename=EVIL, evalue=EVIL, traceback=[f"\x1b[31m{EVIL}"]),
        new_output("display_data", {"image/png": PNG}),
    ]
    answers = {"ps1-6a": f"# {EVIL}\n'''{EVIL}'''", "ps1-6b": EVIL}
    marked = Marked(
        Status.TROUBLE,
        EVIL,
        SCORES,
        {"ps1-6a-hidden": EVIL},
        ran(course, answers, outputs),
    )
    html = page(course, marked, student="'&lt;=x onerror=alert(1)")
    found = Tags(html)
    assert "script" not in found.tags
    assert "svg" not in found.tags
    names = {name for name, value in found.attributes}
    assert not any(name.startswith("on") for name in names)
    # All that is shown is in the page, and all that is in it is shown as text.
    sources = [value for name, value in found.attributes if name == "src"]
    assert sources == [f"data:image/png;base64,{PNG}"]
    links = [value for name, value in found.attributes if name == "href"]
    assert all(link.startswith("#part-") for link in links)
    assert found.text.count("<script>alert(1)</script>") > 6
    assert "\x1b" not in html
    assert "default-src 'none'" in html


def test_a_flood_of_output_is_cut(course):
    outputs = [new_output("stream", text="flood " * 1_000_000)]
    messages = {"ps1-6a-hidden": "x" * 1_000_000}
    marked = Marked(Status.GRADED, "", SCORES, messages, ran(course, (), outputs))
    assert len(page(course, marked)) < 150_000


@pytest.mark.parametrize("status", Status)
def test_it_says_why(course, status):
    scores = {} if status is Status.MISSING else dict.fromkeys(SCORES, 0.0)
    notebooks = {}
    if status not in (Status.MISSING, Status.UNREADABLE):
        notebooks = ran(course)
    marked = Marked(status, "This is the reason.", scores, {}, notebooks)
    text = Tags(page(course, marked)).text
    assert status in text
    assert "This is the reason." in text
    assert ("Points: 0 of 60" in " ".join(text.split())) is bool(scores)
    assert ("ps1-6a-example: failed" in text) is bool(notebooks)


def test_marks_and_comments_by_hand(course):
    for name in ("essay1.ipynb", "essay2.ipynb"):
        hand_in(course, "a", name=name, assignment="essays")
    notebooks = {
        path.stem: reads(path.read_text())
        for path in course.folder("source", "essays").glob("*.ipynb")
    }
    marked = Marked(Status.GRADED, "", {"double-hidden": 2.0}, {}, notebooks)
    text = Tags(page(course, marked, assignment="essays")).text
    assert "a part is still to be marked by hand" in text
    assert "to be marked by hand: ? / 5" in text

    def enter(book):
        for name, notebook in [
            ("why", "essay2"),
            ("draw", "essay2"),
            ("curve", "essay1"),
        ]:
            grade = book.find_grade(name, notebook, "essays", "a")
            grade.manual_score, grade.needs_manual_grade = 3, False
        book.find_grade("why", "essay2", "essays", "a").extra_credit = 1
        book.find_comment("why", "essay2", "essays", "a").manual_comment = EVIL

    html = page(course, marked, assignment="essays", entered=enter)
    text = Tags(html).text
    assert "Points: 12 of 14" in " ".join(text.split())
    assert "marked by hand: 3 / 5 + 1 extra" in text
    assert EVIL in text
    assert "Because it converges." in text
    other = course.folder("feedback", "essays", "a") / "essay2.html"
    assert other.read_text() == html


def test_who_is_not_graded_yet_has_no_page(course):
    with open_gradebook(course) as gradebook:
        gradebook.enrol([Person("a")])
        assert write_pages(course, gradebook, ASSIGNMENT, None) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_offline_in_a_browser(course, chromium, scheme):
    marked = Marked(
        Status.TIMED_OUT, EVIL, SCORES, {"ps1-6a-hidden": EVIL}, ran(course)
    )
    path = course.root / "page.html"
    path.write_text(page(course, marked))
    context = chromium.new_context(offline=True, color_scheme=scheme)
    opened = context.new_page()
    asked, said = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert said == []
    contrast = opened.evaluate(
        """() => {
            const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3)
                .map(v => v / 255).map(v => v <= .03928 ? v / 12.92
                    : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
            const paper = (e) => { for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor;
                if (c !== 'rgba(0, 0, 0, 0)') return c; } };
            const ratios = [...document.querySelectorAll('body *')]
                .filter(e => e.childNodes.length && e.innerText?.trim())
                .map(e => { const a = light(getComputedStyle(e).color);
                    const b = light(paper(e));
                    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); });
            return Math.min(...ratios);
        }"""
    )
    assert contrast >= 4.5
    context.close()


def test_formgrader_shows_it_harmless_too(course):
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    config = course.config.copy()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    notebook = reads((course.folder("source", "essays") / "essay2.ipynb").read_text())
    notebook.cells[0].source = f"{EVIL} [here](javascript:alert(4)) $a < b$ *so*"
    lost = new_markdown_cell(f"{EVIL} ![a picture that is gone](attachment:a.png)")
    notebook.cells.insert(1, lost)
    [ps1] = ran(course, (), [new_output("display_data", {"text/html": EVIL})]).values()
    with open_gradebook(course) as gradebook:
        gradebook.enrol([Person("a", first_name=EVIL, last_name=EVIL)])
        [student] = gradebook.students()
        names = {"last_name": student.last_name, "first_name": student.first_name}
    plain = Tags(_formgrade(HTMLExporter(config=config), reads(EMPTY), names))
    for book in (notebook, ps1):
        found = Tags(_formgrade(HTMLExporter(config=config), book, names))
        assert found.scripts == plain.scripts
        assert not any(
            n.startswith("on") and "alert" in v for n, v in found.attributes if v
        )
        assert not any(v.startswith("javascript:") for n, v in found.attributes if v)
    page = _formgrade(HTMLExporter(config=config), notebook, names)
    assert "<em>so</em></p>" in page  # and what is no harm is shown as it was meant
    assert "&lt;p&gt;" not in page


EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def _formgrade(exporter, notebook, names):
    resources = {"assignment_id": "essays", "notebook_id": "essay2", "index": 0}
    resources |= {"submission_id": "1", "total": 1, "base_url": "", "student": "a"}
    html, _ = exporter.from_notebook_node(notebook, resources=resources | names)
    return html
