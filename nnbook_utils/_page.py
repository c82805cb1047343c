"""What runs in a page: JavaScript modules, and the widget that carries one.

A module is written once, as plain ES modules without a framework. JupyterLab gets it
through anywidget. A page of the built book gets the same text from a static file, and
the values of the traits from the output of the cell; no kernel is needed there.
"""

import html
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import anywidget

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[\w./]+)";\n', re.MULTILINE)
_NAMED = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE
)


def bundle(module: Path) -> str:
    """Return the text of a JavaScript module together with all that it imports.

    Parameters
    ----------
    module : pathlib.Path
        An ES module. It and those it imports use the plainest forms alone,
        ``import { a, b } from "./file.js";`` and ``export`` before a declaration.
        What the first module exports stays exported.

    Returns
    -------
    str
        One module without imports, those that are needed first coming first.

    Raises
    ------
    ValueError
        If two of the modules declare the same name at their top level.

    Notes
    -----
    Source: this is what bundlers call scope hoisting, without the renaming.
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
    plain = [re.sub(r"^export ", "", text, flags=re.MULTILINE) for text in needed]
    return "\n".join([*plain, main])


def _gather(path: Path, texts: dict[Path, str]) -> None:
    text = path.read_text("utf-8")
    for name in _IMPORT.findall(text):
        needed = (path.parent / name).resolve()
        if needed not in texts:
            _gather(needed, texts)
    texts[path] = _IMPORT.sub("", text)


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
        return {name: getattr(self, name) for name in sorted(self._own())}

    def _own(self) -> set[str]:
        inherited = set(InPage.class_trait_names(sync=True))
        return {
            name
            for name in self.trait_names(sync=True)
            if name not in inherited and not name.startswith("_")
        }

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
