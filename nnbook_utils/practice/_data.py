"""Questions as data: read, checked, and made ready for a page."""

import functools
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nnbook_utils.practice import variants
from nnbook_utils.practice._expressions import evaluate
from nnbook_utils.practice._mistakes import MISTAKES
from nnbook_utils.practice._text import fill_tex, filled, formulae, to_html
from nnbook_utils.practice.variants import Variant

SCHEMA = Path(__file__).with_name("questions.schema.json")
COMPUTED = ("number", "vector", "matrix")
COUNT = 12  # variants of a question
_TRIES = 2000
_OF_THE_QUESTION = ("id", "text", "variants", "given", "parts")


def file_of(chapter: str, folder: Path) -> Path:
    """Return where the questions of a chapter lie."""
    return folder / f"{chapter}.questions.yml"


def load(path: Path) -> list[dict[str, Any]]:
    """Return the questions of a file, each with its parts.

    A question that is asked at once is one with a single part, named ``answer``.
    """
    questions = yaml.safe_load(path.read_text("utf-8"))["questions"]
    return [_with_parts(question) for question in questions]


def _with_parts(question: dict[str, Any]) -> dict[str, Any]:
    if "parts" in question:
        return question
    part = {k: v for k, v in question.items() if k not in _OF_THE_QUESTION}
    own = {k: v for k, v in question.items() if k in _OF_THE_QUESTION}
    return {**own, "parts": [{"id": "answer", "text": "", **part}]}


# --- Values --------------------------------------------------------------------------


def computed(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parts that are answered by numbers."""
    return [part for part in question["parts"] if part["kind"] in COMPUTED]


def names_of(question: Mapping[str, Any], variant: Variant) -> dict[str, Any]:
    """Return all that expressions can name: what is given, and the answers."""
    names: dict[str, Any] = dict(variant.given)
    for part in computed(question):
        names[part["id"]] = (
            evaluate(str(part["answer"]), names)
            if "answer" in part
            else variant.answers[part["id"]]
        )
    return names


def mistaken(part: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a part's known mistakes, by name."""
    before = {name: value for name, value in names.items() if name != part["id"]}
    return {
        one["name"]: evaluate(str(one["value"]), before)
        for one in part.get("mistakes", [])
    }


def close(
    value: Any, answer: Any, tolerance: float = 1e-3, digits: int | None = None
) -> bool:
    """Say whether `value` is right to the digits asked for, as engine/marking.js."""
    given, wanted = np.asarray(value, float), np.asarray(answer, float)
    if given.shape != wanted.shape:
        return False
    largest = max(np.abs(wanted).max(initial=0.0), 1e-3)
    allowed = np.maximum(tolerance * np.abs(wanted), 1e-6 * largest)
    if digits is not None:
        allowed = np.maximum(allowed, 0.5 * 10.0**-digits)
    return bool(np.all(np.abs(given - wanted) <= allowed * (1 + 1e-9)))


def _rule(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part[key] for key in ("tolerance", "digits") if key in part}


def tells_apart(question: Mapping[str, Any], variant: Variant) -> bool:
    """Say whether in this variant each known mistake shows, and shows as itself."""
    names = names_of(question, variant)
    for part in computed(question):
        values = [names[part["id"]], *mistaken(part, names).values()]
        if not all(np.isfinite(value).all() for value in values):
            return False
        for place, value in enumerate(values):
            if any(close(value, other, **_rule(part)) for other in values[:place]):
                return False
    return True


def variants_of(question: Mapping[str, Any]) -> list[Variant]:
    """Return the variants of a question, the same ones each time.

    Raises ValueError if its generator does not give enough of them that tell the
    known mistakes apart.
    """
    if "variants" not in question:
        return [Variant(question.get("given", {}), {})]
    draw = variants.GENERATORS[question["variants"]]
    rng = np.random.default_rng(zlib.crc32(question["id"].encode()))
    found: dict[str, Variant] = {}
    for _ in range(_TRIES):
        variant = draw(rng)
        if tells_apart(question, variant):
            found.setdefault(json.dumps(_plain(variant.given)), variant)
        if len(found) == COUNT:
            return list(found.values())
    raise ValueError(
        f"question {question['id']}: of {_TRIES} variants that {question['variants']} "
        f"drew, only {len(found)} are different and tell its known mistakes apart"
    )


def _plain(value: Any) -> Any:
    """Return what JSON can hold; numbers to ten digits."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if np.ndim(value):
        return [_plain(one) for one in value]
    rounded = float(f"{float(value):.10g}")
    return int(rounded) if rounded.is_integer() else rounded


# --- For the page --------------------------------------------------------------------


def for_page(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question as practice.js takes it: HTML, and variants with values."""
    drawn = variants_of(question)
    first = names_of(question, drawn[0])
    return {
        "id": question["id"],
        "text": to_html(question["text"]),
        "parts": [_part_for_page(part, first) for part in question["parts"]],
        "variants": [_variant_for_page(question, variant) for variant in drawn],
    }


def _part_for_page(part: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    page = {
        "id": part["id"],
        "kind": part["kind"],
        "text": to_html(part["text"]),
        "hints": [to_html(hint) for hint in part.get("hints", [])],
        "solution": to_html(part.get("solution", "")),
        **_rule(part),
    }
    if part["kind"] in COMPUTED:
        page["ask"] = to_html(part.get("ask", "Your answer"), inline=True)
        page["shape"] = list(np.shape(names[part["id"]]))
        page["mistakes"] = [_mistake_for_page(one) for one in part.get("mistakes", [])]
        if "answer" in part:
            page["answer"] = str(part["answer"])
    elif part["kind"] == "ordering":
        page["items"] = [to_html(item, inline=True) for item in part["items"]]
        page["mistakes"] = [
            {"order": [i - 1 for i in one["order"]], "why": to_html(one["why"])}
            for one in part.get("mistakes", [])
        ]
    else:
        page["options"] = [
            {
                "text": to_html(option["text"], inline=True),
                "right": "right" in option,
                "why": to_html(option["why"], inline=True),
            }
            for option in part["options"]
        ]
    return page


def _mistake_for_page(mistake: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": mistake["name"],
        "words": MISTAKES[mistake["name"]],
        "value": str(mistake["value"]),
        "why": to_html(mistake["why"], inline=True),
    }


def _variant_for_page(
    question: Mapping[str, Any], variant: Variant
) -> dict[str, dict[str, Any]]:
    unnamed = {p["id"] for p in computed(question) if "answer" not in p}
    answers = {k: v for k, v in variant.answers.items() if k in unnamed}
    page = {"given": variant.given, "answers": answers}
    return {name: _plain(value) for name, value in page.items()}


# --- What a file must be -------------------------------------------------------------


@functools.cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # slow to import, and not for readers

    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def problems(path: Path) -> list[str]:
    """Return what is wrong with a file of questions.

    Parameters
    ----------
    path : pathlib.Path
        A file ``<chapter>.questions.yml``.

    Returns
    -------
    list of str
        A sentence for each fault; empty if the file is right.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Source: questions.schema.json, and the values of all variants.
    """
    data = yaml.safe_load(path.read_text("utf-8"))
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message}"
        for error in _validator().iter_errors(data)
    ]
    if found:
        return found
    questions = load(path)
    ids = [question["id"] for question in questions]
    found += [
        f"{one}: two questions have this id" for one in {*ids} if ids.count(one) > 1
    ]
    for question in questions:
        found += [f"{question['id']}: {why}" for why in _wrong_with(question)]
    return found


def _wrong_with(question: Mapping[str, Any]) -> list[str]:
    found = []
    ids = [part["id"] for part in question["parts"]]
    if len({*ids}) < len(ids):
        found.append("two parts have the same id")
    if question.get("variants", None) not in {None, *variants.GENERATORS}:
        return [*found, f"there is no generator {question['variants']}"]
    for part in question["parts"]:
        found += [f"part {part['id']}: {why}" for why in _wrong_with_part(part)]
    if found:
        return found
    try:
        for variant in variants_of(question):
            found += _wrong_values(question, variant)
    except (KeyError, ValueError) as problem:
        found.append(f"{type(problem).__name__}: {problem}")
    return sorted({*found})


def _wrong_with_part(part: Mapping[str, Any]) -> list[str]:
    found = []
    if part["kind"] == "one" and sum("right" in o for o in part["options"]) != 1:
        found.append("exactly one option must be right")
    if part["kind"] == "all" and not any("right" in o for o in part["options"]):
        found.append("at least one option must be right")
    if part["kind"] == "ordering":
        places = list(range(1, len(part["items"]) + 1))
        for one in part.get("mistakes", []):
            if sorted(one["order"]) != places or one["order"] == places:
                found.append(f"{one['order']} is no other order of the items")
    if part["kind"] in COMPUTED:
        unnamed = {one["name"] for one in part.get("mistakes", [])} - {*MISTAKES}
        found += [f"{name} is no known mistake" for name in sorted(unnamed)]
    return found


def _wrong_values(question: Mapping[str, Any], variant: Variant) -> list[str]:
    names = names_of(question, variant)
    found = []
    if not tells_apart(question, variant):
        found.append("a known mistake has the value of the answer or of another")
    for part in computed(question):
        ndim = COMPUTED.index(part["kind"])
        if np.ndim(names[part["id"]]) != ndim:
            found.append(f"part {part['id']}: the answer is no {part['kind']}")
        if part["id"] in variant.answers and not np.allclose(
            names[part["id"]], variant.answers[part["id"]], rtol=1e-9, atol=1e-12
        ):
            found.append(f"part {part['id']}: the package computes another answer")
    for text in texts_of(question):
        filled(to_html(text), names)
        for formula in formulae(text):
            fill_tex(formula, names)
    return found


def texts_of(question: Mapping[str, Any]) -> list[str]:
    """Return every text of a question."""
    found = [question["text"]]
    for part in question["parts"]:
        found += [part.get(k, "") for k in ("text", "ask", "solution")]
        found += part.get("hints", []) + part.get("items", [])
        found += [
            option[k] for option in part.get("options", []) for k in ("text", "why")
        ]
        found += [mistake["why"] for mistake in part.get("mistakes", [])]
    return [text for text in found if text]
