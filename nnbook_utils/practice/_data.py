"""Questions as data: read, and made ready for a page."""

import difflib
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nnbook_utils.practice import variants
from nnbook_utils.practice._expressions import evaluate
from nnbook_utils.practice._mistakes import MISTAKES
from nnbook_utils.practice._text import to_html
from nnbook_utils.practice.variants import Variant

COMPUTED = ("number", "vector", "matrix")
COUNT = 12  # variants of a question
_TRIES = 2000
_OF_THE_QUESTION = ("id", "text", "variants", "given", "parts")


def file_of(chapter: str, folder: Path = Path()) -> Path:
    """Return where the questions of a chapter lie."""
    return folder / f"{chapter}.questions.yml"


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Refuses a key that stands twice, of which YAML would take the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        met = set()
        for key, _ in node.value:
            if key.value in met:
                why = f"{key.value!r} stands here for the second time"
                raise yaml.constructor.ConstructorError(None, None, why, key.start_mark)
            met.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, Any]:
    """Return what a file of questions holds.

    Raises ValueError if it is no YAML or holds no questions.
    """
    try:
        data = yaml.load(path.read_text("utf-8"), _Loader)
    except UnicodeDecodeError as problem:
        raise ValueError(
            f"{path.name}: expected text in UTF-8: save it so"
        ) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ValueError(
            f"{path.name}{where}: {getattr(problem, 'problem', problem)}; expected"
            " YAML, indented with spaces, a text with a colon between double quotes"
        ) from problem
    questions = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(questions, list) or not all(
        isinstance(question, dict) for question in questions
    ):
        raise ValueError(
            f"{path.name}: expected `questions:`, and below it a list of questions that"
            " begin with `- id:`"
        )
    return data


def load(path: Path) -> list[dict[str, Any]]:
    """Return the questions of a file, each with its parts.

    A question that is asked at once is one with a single part, named ``answer``.
    Raises ValueError as `read` does.
    """
    return [_with_parts(question) for question in read(path)["questions"]]


@contextmanager
def named(file: str, question: Mapping[str, Any]) -> Iterator[None]:
    """Let what goes wrong inside say in which file and question."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ValueError(
            f"{file}, question {question.get('id')}: {in_a_word(problem)}"
            " (practice.problems tells all that is wrong with a file)"
        ) from problem


def in_a_word(problem: Exception) -> str:
    """Return what an exception says; those of Python itself need their name."""
    ours = isinstance(problem, ValueError)
    return str(problem) if ours else f"{type(problem).__name__}: {problem}"


def known(name: Any, names: Mapping[str, Any], kind: str, home: str) -> Any:
    """Return what has this name; raise ValueError with those that are like it."""
    if name in names:
        return names[name]
    like = " or ".join(difflib.get_close_matches(str(name), names))
    meant = f"did you mean {like}?" if like else "take one of those, or add it there"
    raise ValueError(f"there is no {kind} {name!r} in practice/{home}: {meant}")


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
        if "answer" in part:
            names[part["id"]] = evaluate(str(part["answer"]), names)
        elif part["id"] in variant.answers:
            names[part["id"]] = variant.answers[part["id"]]
        else:
            drawn = ", ".join(variant.answers)
            raise ValueError(
                f"part {part['id']} has no answer: add `answer:`"
                + (
                    f", or name the part as the generator does: {drawn}"
                    if drawn
                    else ""
                )
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


def rule_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return how near an answer must come, for `close`."""
    return {key: part[key] for key in ("tolerance", "digits") if key in part}


def tells_apart(question: Mapping[str, Any], variant: Variant) -> bool:
    """Say whether in this variant each known mistake shows, and shows as itself."""
    names = names_of(question, variant)
    for part in computed(question):
        values = [names[part["id"]], *mistaken(part, names).values()]
        if not all(np.isfinite(value).all() for value in values):
            return False
        for place, value in enumerate(values):
            if any(close(value, other, **rule_of(part)) for other in values[:place]):
                return False
    return True


def variants_of(question: Mapping[str, Any]) -> list[Variant]:
    """Return the variants of a question, the same ones each time.

    Raises ValueError if its generator does not give enough of them that tell the
    known mistakes apart.
    """
    if "variants" not in question:
        return [Variant(question.get("given", {}), {})]
    generators = variants.GENERATORS
    draw = known(question["variants"], generators, "generator", "variants.py")
    rng = np.random.default_rng(zlib.crc32(question["id"].encode()))
    found: dict[str, Variant] = {}
    for _ in range(_TRIES):
        variant = draw(rng)
        if tells_apart(question, variant):
            found.setdefault(json.dumps(_plain(variant.given)), variant)
        if len(found) == COUNT:
            return list(found.values())
    raise ValueError(
        f"of {_TRIES} variants that {question['variants']} drew, only {len(found)} are"
        f" different, finite and tell the known mistakes apart, expected {COUNT}: does"
        " a mistake always give the answer, or what another one gives?"
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
        **rule_of(part),
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
        "words": known(mistake["name"], MISTAKES, "mistake", "_mistakes.py"),
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
