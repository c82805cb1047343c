"""Every file of questions: right by the schema, its numbers computed, links there."""

import numpy as np
import pytest
from conftest import ROOT
from live import PACKAGE, engine_of

from nnbook_utils import practice
from nnbook_utils.practice import _data, _mistakes, _text, variants

FILES = [
    *sorted((ROOT / "book").rglob("*.questions.yml")),
    ROOT / "tests" / "questions_of_each_kind.questions.yml",
]
IDS = [path.name.removesuffix(".questions.yml") for path in FILES]


tex = engine_of(PACKAGE / "practice" / "engine" / "tex.js")
marking = engine_of(PACKAGE / "practice" / "engine" / "marking.js")


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_file_is_right(path):
    assert practice.problems(path) == []


@pytest.mark.parametrize("path", FILES[:-1], ids=IDS[:-1])
def test_a_file_lies_beside_its_chapter(path):
    assert path.with_name(path.name.replace(".questions.yml", ".ipynb")).exists()


def test_every_mistake_and_every_generator_is_used():
    asked = [question for path in FILES[:-1] for question in _data.load(path)]
    parts = [part for question in asked for part in _data.computed(question)]
    made = {one["name"] for part in parts for one in part.get("mistakes", [])}
    assert set(_mistakes.MISTAKES) - made == set()
    drawn = {question.get("variants") for question in asked}
    assert set(variants.GENERATORS) - drawn == set()


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_formulae_can_be_shown_without_katex(path, tex):
    for question in _data.load(path):
        names = _data.names_of(question, _data.variants_of(question)[0])
        for text in _data.texts_of(question):
            for formula in _text.formulae(text):
                filled = _text.fill_tex(formula, names)
                if not formula.startswith("[["):
                    assert tex.toMathML(filled).startswith("<math>")


@pytest.mark.parametrize(
    ("formula", "high"),
    [
        ("C'", "<mo>′</mo>"),
        ("C'''", "<mo>′′′</mo>"),
        ("f'^2", "<mrow><mo>′</mo><mn>2</mn></mrow>"),
    ],
)
def test_a_derivative_keeps_all_its_primes(tex, formula, high):
    letter = formula[0]
    assert f"<msup><mi>{letter}</mi>{high}</msup>" in tex.toMathML(formula)


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_the_page_marks_the_answers_as_right_and_the_mistakes_as_known(path, marking):
    shown = practice.questions(path.name.removesuffix(".questions.yml"), path.parent)
    for question, page in zip(_data.load(path), shown.questions, strict=True):
        drawn = _data.variants_of(question)
        for variant, given in zip(drawn, page["variants"], strict=True):
            names = _data.names_of(question, variant)
            for part in _data.computed(question):
                there = next(one for one in page["parts"] if one["id"] == part["id"])
                values = {"": names[part["id"]]}
                values |= _data.mistaken(part, names)
                for name, value in values.items():
                    told = marking.mark(page, there, given, np.asarray(value).tolist())
                    assert told["outcome"] == ("known" if name else "right")
                    assert not name or told["mistake"]["name"] == name


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_page_carries_little(path):
    shown = practice.questions(path.name.removesuffix(".questions.yml"), path.parent)
    assert len(shown.in_page().encode()) < 60_000


def test_the_answers_on_paper_are_those_of_the_first_variant():
    path = FILES[-1]
    page = practice.questions("questions_of_each_kind", path.parent).in_page()
    shown = page.partition(">")[2]  # behind the tag that holds the data
    for question in _data.load(path):
        names = _data.names_of(question, _data.variants_of(question)[0])
        for part in _data.computed(question):
            assert f"<strong>{_text.in_words(names[part['id']])}</strong>" in shown
    assert shown.count("<details>") >= 7
    assert "[[" not in shown
