"""What is wrong with a file of questions, in sentences."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from nnbook_utils.practice._data import (
    COMPUTED,
    close,
    computed,
    in_a_word,
    known,
    load,
    mistaken,
    names_of,
    read,
    rule_of,
    texts_of,
    variants_of,
)
from nnbook_utils.practice._expressions import evaluate
from nnbook_utils.practice._mistakes import MISTAKES
from nnbook_utils.practice._text import (
    SLOT,
    fill_tex,
    filled,
    formulae,
    to_html,
    without_formulae,
)
from nnbook_utils.practice.variants import Variant

SCHEMA = Path(__file__).with_name("questions.schema.json")
TYPES = {
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "object": "names with values",
    "string": "a text",
}
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OPEN = re.compile(r"\$|\[\[|\]\]")


def problems(path: Path) -> list[str]:
    """Return what is wrong with a file of questions.

    Parameters
    ----------
    path : pathlib.Path
        A file ``<chapter>.questions.yml``.

    Returns
    -------
    list of str
        A sentence for each fault, with its place; empty if the file is right.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Source: questions.schema.json, and the values of all variants.
    """
    try:
        data = read(path)
    except ValueError as problem:
        return [str(problem)]
    found = list(_against_the_schema(data)) or list(_in_the_questions(path))
    return [f"{path.name}{place}: {what}" for place, what in found]


# --- The form ------------------------------------------------------------------------


@functools.cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # slow to import, and not for readers

    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def _against_the_schema(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    errors = [(list(one.absolute_path), one) for one in _validator().iter_errors(data)]
    # Of a question or part without its kind nothing else is known.
    kindless = [
        [step for step in path if step != "kind"]
        for path, error in errors
        if _is_of_kind(path, error)
    ]
    for path, error in errors:
        follows = any(path[: len(owner)] == owner for owner in kindless)
        if follows and not _is_of_kind(path, error):
            continue
        if error.validator == "unevaluatedProperties" and any(
            other[: len(path)] == path for other, one in errors if one is not error
        ):
            continue  # a fault inside makes the schema take its key for a strange one
        yield _place(path, data), _told(error)


def _is_of_kind(path: list[Any], error: Any) -> bool:
    missing = error.validator == "required" and "'kind'" in error.message
    return missing or path[-1:] == ["kind"]


def _place(path: list[Any], data: Any) -> str:
    """Return where in a file something is: `, question two-steps, part w1, hints 2`."""
    words = ""
    for step in path:
        data = data[step]
        if not isinstance(step, int):
            words += f", {step}"
            continue
        name = data.get("id") if isinstance(data, dict) else None
        if name and words.endswith("s"):
            words = f"{words[:-1]} {name}"
        else:
            words += f" {step + 1}"
    return words


def _told(error: Any) -> str:
    """Return what is wrong, what was expected, and what to do."""
    value, rule = error.instance, error.validator_value
    match error.validator:
        case "required":
            missing = error.message.partition(" is a required")[0]
            return f"{missing} is missing: add it"
        case "additionalProperties" | "unevaluatedProperties":
            names = re.findall(r"'([^']+)'", error.message)
            return f"{', '.join(names)}: no such key belongs here; is it misspelt?"
        case "enum":
            return f"{value!r} is none of {', '.join(rule)}"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            wanted = " or ".join(TYPES[kind] for kind in kinds)
            return f"{value!r}, expected {wanted}"
        case "minItems":
            return f"has {len(value)}, expected at least {rule}"
        case "minLength":
            return f"{value!r}, expected a text of at least {rule} letters"
        case "pattern":
            small = "small letters, digits and -, a letter first"
            letters = "letters, digits and _, no digit first"
            return f"{value!r}, expected {small if '9-' in rule else letters}"
        case "minimum":
            return f"{value!r}, expected {rule} or more"
        case "exclusiveMinimum":
            return f"{value!r}, expected more than {rule}"
        case "const":
            return f"{value!r}, expected {rule!r}: leave the key out where it is not so"
        case "not":
            return "has `variants` and `given`, expected one of them"
        case "oneOf":
            return "expected either `mistakes`, or `no_mistakes` with the reason"
    return str(error.message)


# --- The values ----------------------------------------------------------------------


def _in_the_questions(path: Path) -> Iterator[tuple[str, str]]:
    questions = load(path)
    ids = [question["id"] for question in questions]
    for name in sorted({*ids}):
        if ids.count(name) > 1:
            yield f", question {name}", "two questions have this id: rename one"
    for question in questions:
        for what in _wrong_with(question, path):
            yield f", question {question['id']}", what


def _wrong_with(question: Mapping[str, Any], path: Path) -> list[str]:
    found = [*_wrong_names(question), *_wrong_texts(question, path)]
    for part in question["parts"]:
        found += [f"part {part['id']}: {why}" for why in _wrong_with_part(part)]
    if found:
        return found
    try:
        for variant in variants_of(question):
            found += _wrong_values(question, variant)
            if found:
                break  # the others would say the same
    except ValueError as problem:
        found.append(in_a_word(problem))
    return list(dict.fromkeys(found))


def _wrong_names(question: Mapping[str, Any]) -> Iterator[str]:
    given = question.get("given", {})
    for name, value in given.items():
        if not _is_numeric(value):
            yield (
                f"given {name} is {value!r}, expected finite numbers: one, a vector, or"
                " a matrix with rows of one length"
            )
    met = {*given}
    for part in question["parts"]:
        if part["id"] in met:
            yield f"{part['id']} names two parts or values: rename one"
        met.add(part["id"])


def _is_numeric(value: Any) -> bool:
    try:
        array = np.array(value)
    except ValueError:  # rows of several lengths
        return False
    plain = array.dtype.kind in "iuf" and array.size > 0 and array.ndim <= 2
    return plain and bool(np.isfinite(array).all())


def _wrong_texts(question: Mapping[str, Any], path: Path) -> Iterator[str]:
    for text in texts_of(question):
        if _OPEN.search(without_formulae(text)) or any(
            "[[" in SLOT.sub("", formula) for formula in formulae(text)
        ):
            yield f"{text!r} has a $ or [[ that is not closed: write $...$, [[...]]"
        for link in _LINK.findall(text):
            yield from _wrong_link(link, path)


def _wrong_link(link: str, path: Path) -> Iterator[str]:
    name, _, label = link.partition("#")
    page = (path.parent / name).resolve()
    if page.suffix not in (".ipynb", ".md") or not page.exists():
        yield (
            f"the link {link} leads to no page, expected a notebook or .md file by its"
            " path from here, such as ../mlp/activations.ipynb"
        )
    elif label and f"({label})=" not in page.read_text("utf-8"):
        yield f"the link {link}: {name} has no label ({label})=: add or correct it"


def _wrong_with_part(part: Mapping[str, Any]) -> Iterator[str]:
    kind = part["kind"]
    chosen = [one["text"] for one in part.get("options", [])] + part.get("items", [])
    if len({*chosen}) < len(chosen):
        yield "two options or items are the same: change or leave out one"
    right = sum("right" in option for option in part.get("options", []))
    if kind == "one" and right != 1:
        yield f"{right} options are right, expected one: mark it `right: true`"
    if kind == "all" and not right:
        yield "no option is right, expected one or more: mark them `right: true`"
    if kind == "ordering":
        places = list(range(1, len(part["items"]) + 1))
        for one in part.get("mistakes", []):
            if sorted(one["order"]) != places or one["order"] == places:
                yield f"{one['order']} is no other order of the items {places}"
    if kind in COMPUTED:
        for one in part.get("mistakes", []):
            try:
                known(one["name"], MISTAKES, "mistake", "_mistakes.py")
            except ValueError as problem:
                yield str(problem)


def _wrong_values(question: Mapping[str, Any], variant: Variant) -> Iterator[str]:
    names = names_of(question, variant)
    wrong = [
        f"part {part['id']}: {why}"
        for part in computed(question)
        for why in _wrong_answer(part, variant, names)
    ]
    if wrong:
        yield from wrong
        return  # the texts show the same values
    for text in texts_of(question):
        for _, slot in SLOT.findall(text):
            if not np.isfinite(evaluate(slot, names)).all():
                yield f"[[{slot}]] is not finite: what is divided by 0?"
        filled(to_html(text), names)
        for formula in formulae(text):
            fill_tex(formula, names)


def _wrong_answer(
    part: Mapping[str, Any], variant: Variant, names: Mapping[str, Any]
) -> Iterator[str]:
    answer = names[part["id"]]
    if np.ndim(answer) != COMPUTED.index(part["kind"]):
        yield f"the answer is {np.asarray(answer).tolist()}, expected a {part['kind']}"
    if part["id"] in variant.answers and not np.allclose(
        answer, variant.answers[part["id"]], rtol=1e-9, atol=1e-12
    ):
        yield (
            f"`answer` gives {answer}, and {variant.answers[part['id']]} is what the"
            f" package computes for {dict(variant.given)}: correct the expression"
        )
    met = {"the answer": answer}
    for name, value in mistaken(part, names).items():
        met[f"the mistake {name}"] = value
    infinite = [who for who, value in met.items() if not np.isfinite(value).all()]
    for who in infinite:
        yield f"{who} is {met.pop(who)}, expected finite numbers: what is divided by 0?"
    for one, other in combinations(met, 2):
        if close(met[other], met[one], **rule_of(part)):
            yield (
                f"{other} has the value of {one}, {met[one]}: leave it out, or give"
                " other numbers"
            )
