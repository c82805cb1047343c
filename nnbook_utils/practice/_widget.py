"""The widget that shows the questions of a chapter, and how they read on paper."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from traitlets import List, Unicode

from nnbook_utils._page import InPage, bundle
from nnbook_utils.practice import _data
from nnbook_utils.practice._text import filled, in_words
from nnbook_utils.practice.variants import Variant

_FOLDER = Path(__file__).parent
_SHEETS = (_FOLDER.parent / "demos" / "demo.css", _FOLDER / "practice.css")


class Practice(InPage):
    """The questions of a chapter, to be answered in the page.

    Parameters
    ----------
    chapter : str
        The name of the chapter's file, without its ending. What a reader has answered
        is kept in the browser under this name.
    questions : list of dict
        As `practice.questions` makes them from the chapter's file.
    part : str
        The id of the one question that is shown, or ``"summary"``; empty: all.

    Notes
    -----
    Source: a notebook stores only the chapter's name; the build of the book puts the
    questions in (tools/book_page.py), so that they are never out of date.
    """

    module = "practice"
    sentence = "The questions of this chapter, in JupyterLab and in the built book."
    _esm = bundle(_FOLDER / "practice.js")
    _css = "".join(sheet.read_text("utf-8") for sheet in _SHEETS)

    chapter = Unicode().tag(sync=True)
    questions: List[Any] = List().tag(sync=True)
    part = Unicode().tag(sync=True)

    @classmethod
    def _own(cls) -> list[str]:
        return []  # no link may change anything: the texts are HTML

    def __repr__(self) -> str:
        """Return the call that makes this widget."""
        if self.part == "summary":
            return f"summary({self.chapter!r})"
        only = f", only={self.part!r}" if self.part else ""
        return f"questions({self.chapter!r}{only})"

    def stored(self) -> str:
        """Return the HTML that a notebook stores.

        Returns
        -------
        str
            Without the questions.
        """
        state = {"chapter": self.chapter} | ({"part": self.part} if self.part else {})
        return self._box(state, f"<p>{self.sentence}</p>")

    def in_page(self) -> str:
        """Return the HTML for a page: the questions, readable without a script.

        Returns
        -------
        str
            What `stored` gives, with the questions for the script and for the reader.
        """
        state = {name: getattr(self, name) for name in ("chapter", "questions", "part")}
        if self.part == "summary":
            shown = "<p>In a browser, with scripts, your answers are counted here.</p>"
        else:
            shown = ""
            for question in self.questions:
                with _data.named(_data.file_of(self.chapter).name, question):
                    shown += _on_paper(question, _with_answer_folded)
        return self._box(state, f'<div class="practice-plain">{shown}</div>')

    def _box(self, state: Mapping[str, Any], inner: str) -> str:
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        return (
            f'<div class="nn-live" data-live="{self.module}" '
            f'data-state="{html.escape(text)}">{inner}</div>'
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/html"] = self.stored()
        return data, metadata


def questions(chapter: str, folder: str | Path = ".", *, only: str = "") -> Practice:
    """Show the questions of a chapter, or one of them.

    Parameters
    ----------
    chapter : str
        The name of the chapter's file, without its ending: the questions are in
        ``<chapter>.questions.yml``.
    folder : path
        Where the file is; a notebook runs in its own folder.
    only : str
        The id of the one question to show, for a page in which each stands beside
        its worked code; `summary` ends such a page. All of them if left out.

    Returns
    -------
    Practice
        A widget, and in the built book a part of the page.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no YAML, the variants of a question cannot be drawn, an
        expression is wrong, or there is no question `only`.

    Source: the file itself; `practice.problems` says what is wrong with one.
    """
    file = _data.file_of(chapter, Path(folder))
    loaded = _data.load(file)
    shown = []
    for number, question in enumerate(loaded, start=1):
        if only in ("", question.get("id")):
            with _data.named(file.name, question):
                shown.append(_data.for_page(question) | {"number": number})
    if only and not shown:
        ids = ", ".join(str(question.get("id")) for question in loaded)
        raise ValueError(f"{file.name} has no question {only!r}, but {ids}")
    return Practice(chapter=chapter, questions=shown, part=only)


def summary(chapter: str, folder: str | Path = ".") -> Practice:
    """Show how many questions of a page are right, and what was missed.

    Parameters
    ----------
    chapter : str
        As for `questions`.
    folder : path
        As for `questions`.

    Returns
    -------
    Practice
        A widget that asks nothing. `questions` without `only` ends with the same.

    Raises
    ------
    FileNotFoundError, ValueError
        As for `questions`.

    Source: what the reader's browser keeps of the answers.
    """
    file = _data.file_of(chapter, Path(folder))
    asked = []
    for number, question in enumerate(_data.load(file), start=1):
        with _data.named(file.name, question):
            asked.append(
                {
                    "id": question["id"],
                    "number": number,
                    "parts": [{"id": part["id"]} for part in question["parts"]],
                    "variants": [{}] * len(_data.variants_of(question)),
                }
            )
    return Practice(chapter=chapter, questions=asked, part="summary")


# --- Without a script ----------------------------------------------------------------


def _letter(question: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    places = [one["id"] for one in question["parts"]]
    return "" if len(places) == 1 else f"{ascii_lowercase[places.index(part['id'])]}) "


def _names(question: Mapping[str, Any]) -> dict[str, Any]:
    first = Variant(**question["variants"][0])
    return _data.names_of(question, first)


def _on_paper(question: Mapping[str, Any], answer: Any) -> str:
    names = _names(question)
    parts = "".join(
        f'<div class="part">{_lettered(question, part)}{_choices(part)}'
        f"{answer(question, part)}</div>"
        for part in question["parts"]
    )
    text = f"<p><strong>{question['number']}.</strong></p>{question['text']}{parts}"
    return f'<div class="question">{filled(text, names)}</div>'


def _lettered(question: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    return part["text"].replace("<p>", f"<p>{_letter(question, part)}", 1)


def _choices(part: Mapping[str, Any]) -> str:
    if part["kind"] == "ordering":
        # By their texts, so that the order says nothing.
        options = sorted(part["items"])
    else:
        options = [option["text"] for option in part.get("options", [])]
    items = "".join(f"<li>{option}</li>" for option in options)
    return f"<ul>{items}</ul>" if items else ""


def _with_answer_folded(question: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    return (
        f"<details><summary>Answer {_letter(question, part)}</summary>"
        f"{_answer_of(question, part)}</details>"
    )


def _reasoned(option: Mapping[str, Any]) -> str:
    sign = "✓" if option["right"] else "✗"
    # An option that is a sentence needs no colon, as in practice.js.
    text = re.sub(r"<[^>]+>", "", option["text"]).strip()
    between = " " if text.endswith((".", "?", "!")) else ": "
    return f"<li>{sign} {option['text']}{between}{option['why']}</li>"


def _answer_of(question: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    names = _names(question)
    letter = _letter(question, part)
    lead = f"<p>{letter}</p>" if letter else ""
    if part["kind"] in _data.COMPUTED:
        value = html.escape(in_words(names[part["id"]]))
        answer = f"<p>{letter}<strong>{value}</strong></p>{part['solution']}"
    elif part["kind"] == "ordering":
        items = "".join(f"<li>{item}</li>" for item in part["items"])
        answer = f"{lead}<ol>{items}</ol>{part['solution']}"
    else:
        items = "".join(_reasoned(option) for option in part["options"])
        answer = f'{lead}<ul class="reasons">{items}</ul>{part["solution"]}'
    return filled(answer, names)
