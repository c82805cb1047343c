"""What runs in a page: JavaScript modules, and the widget that carries one.

A module is written once, as plain ES modules without a framework. JupyterLab gets it
through anywidget. A page of the built book gets the same text from a static file, and
the values of the traits from the output of the cell; no kernel is needed there.
"""

import html
import json
import re
from math import inf
from pathlib import Path
from typing import Any, ClassVar

import anywidget
from traitlets import Bool, Dict, Enum, Float, Int, List, TraitType, Tuple, Unicode

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[\w./]+)";\n', re.MULTILINE)
# A declaration at the top level, with the comment right above it.
_NAMED = re.compile(
    r"^(?:/\*(?:(?!\*/).)*\*/\n)?(?:export )?(?:async )?"
    r"(?:function\*?|const|let|class) (\w+)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*.*?\*/|// [^\n]*", re.DOTALL)
# Not what comes after a quote, nor after one dot, the name of a property; after three
# dots it is a value.
_WORD = re.compile(r'(?<![\w"])(?<!(?<!\.\.)\.)\w+')


def bundle(module: Path) -> str:
    """Return the text of a JavaScript module together with what it needs of others.

    Parameters
    ----------
    module : pathlib.Path
        An ES module. It and those it imports use the plainest forms alone,
        ``import { a, b } from "./file.js";`` and ``export`` before a declaration.
        What the first module exports stays exported. Those that it imports do nothing
        but declare: of them only what is used comes along.

    Returns
    -------
    str
        One module without imports, those that are needed first coming first. A comment
        comes along with what it stands above.

    Raises
    ------
    ValueError
        If two of the modules declare the same name at their top level, or import each
        other in a circle.

    Notes
    -----
    Source: this is what bundlers call scope hoisting, without the renaming, and tree
    shaking, by words: what is only mentioned comes along too.
    """
    texts: dict[Path, str] = {}
    _gather(module.resolve(), texts)
    owners: dict[str, Path] = {}
    for path, text in texts.items():
        for name in _NAMED.findall(text):
            if name in owners:
                raise ValueError(
                    f"{name} is declared in {owners[name].name} and in {path.name}, "
                    "which end up in one module; rename one of them"
                )
            owners[name] = path
    *needed, main = texts.values()
    used = _used([piece for text in needed for piece in _pieces(text)], main)
    plain = [re.sub(r"^export ", "", piece, flags=re.MULTILINE) for piece in used]
    return "".join([*plain, main])


def _pieces(text: str) -> list[tuple[str, str]]:
    """Cut a module into its declarations: (name, text) of each."""
    found = list(_NAMED.finditer(text))
    ends = [piece.start() for piece in found[1:]] + [len(text)]
    return [
        (piece[1], text[piece.start() : end])
        for piece, end in zip(found, ends, strict=True)
    ]


def _used(pieces: list[tuple[str, str]], main: str) -> list[str]:
    """Return the texts of the pieces that `main` needs, and those that they need."""
    needs = {name: _words(text) for name, text in pieces}
    words: set[str] = set()
    new = _words(main)
    while not new <= words:
        words |= new
        new = set().union(*(needs[name] for name in words & needs.keys()))
    return [text for name, text in pieces if name in words]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_COMMENT.sub("", text)))


def _gather(path: Path, texts: dict[Path, str], above: tuple[Path, ...] = ()) -> None:
    if path in above:
        names = " imports ".join(p.name for p in (*above[above.index(path) :], path))
        raise ValueError(f"{names}: move what they share into a module of its own")
    text = path.read_text("utf-8")
    for name in _IMPORT.findall(text):
        needed = (path.parent / name).resolve()
        if needed not in texts:
            _gather(needed, texts, (*above, path))
    texts[path] = _IMPORT.sub("", text)


def _limits(trait: TraitType[Any, Any] | None) -> dict[str, Any]:
    """Return what a value of `trait` may be, for nnbook.js; empty: anything."""
    if trait and "limits" in trait.metadata:
        return dict(trait.metadata["limits"])
    match trait:
        case Bool():
            limits: dict[str, Any] = {"type": "boolean"}
        case Enum():
            limits = {"of": list(trait.values or ())}
        case Int() | Float():
            finite = {"min": trait.min, "max": trait.max}
            limits = {"type": "number", "whole": isinstance(trait, Int)}
            limits |= {k: v for k, v in finite.items() if v not in (None, inf, -inf)}
        case Unicode():
            limits = {"type": "string"}
        case List():
            limits = {"each": _limits(trait._trait), "least": trait._minlen}
            limits["most"] = min(trait._maxlen, 100_000)
        case Tuple():
            limits = {"items": [_limits(item) for item in trait._traits]}
        case Dict():
            limits = {"type": "object"}
        case _:
            return {}
    return {**limits, "none": True} if trait.allow_none else limits


class InPage(anywidget.AnyWidget):
    """A widget that also stands in a page which has no kernel.

    A subclass names its module and its style sheet, and declares its traits, each of
    which crosses to the page as JSON.

    Attributes
    ----------
    module : str
        The name of the JavaScript module; the page looks for ``live/<module>.js``.
    sentence : str
        What a reader finds where no script runs.

    Notes
    -----
    Source: anywidget's front-end module, of which the page calls the same ``render``.
    """

    module: ClassVar[str]
    sentence: ClassVar[str]

    def settings(self) -> dict[str, Any]:
        """Return the values of the traits that cross to the page.

        Returns
        -------
        dict
            By name; plain numbers, strings, lists and dicts.
        """
        return {name: getattr(self, name) for name in self._own()}

    @classmethod
    def _own(cls) -> list[str]:
        names = set(cls.class_trait_names(sync=True))
        names -= set(InPage.class_trait_names(sync=True))
        return sorted(name for name in names if not name.startswith("_"))

    @classmethod
    def script(cls) -> str:
        """Return the module as a script for a page, which needs no server.

        Returns
        -------
        str
            It adds the module to ``window.nnbookLive`` under its name, and what values
            the traits may have, to which the page holds a link.
        """
        here = f"nnbookLive.{cls.module}"
        # An instance has a class of its own, where anywidget keeps a trait of that name
        # in place of the text.
        texts = (vars(owner).get("_esm") for owner in cls.__mro__)
        text = next(text for text in texts if isinstance(text, str))
        module = text.replace("export default", f"{here} =")
        limits = {name: _limits(cls.class_traits()[name]) for name in cls._own()}
        return (
            f"window.nnbookLive ??= {{}};\n(() => {{\n{module}\n"
            f"{here}.limits = {json.dumps(limits, sort_keys=True)};\n}})();\n"
        )

    def __repr__(self) -> str:
        """Return the call that makes this widget, with what is not the default."""
        given = (
            f"{name}={value!r}"
            for name, value in self.settings().items()
            if value != self.traits()[name].default()
        )
        return f"{type(self).__name__}({', '.join(given)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        answer = super()._repr_mimebundle_(**kwargs)
        data, metadata = answer if isinstance(answer, tuple) else (answer or {}, {})
        data["text/plain"] = repr(self)
        data["text/html"] = self.in_page()
        return data, metadata

    def in_page(self) -> str:
        """Return the HTML that stands for this widget in a page.

        Returns
        -------
        str
            A box with the values of the traits, which the page's script fills.
        """
        state = json.dumps(self.settings(), ensure_ascii=False, sort_keys=True)
        return (
            f'<div class="nn-live" data-live="{self.module}" '
            f'data-state="{html.escape(state)}">'
            f"<p>{html.escape(self.sentence)}</p></div>"
        )
