"""A Sphinx extension: what the reference makes of our docstrings.

The line `Source: ...` becomes a section: numpydoc has none for it, and would print it
as one more error under "Raises". The fields of a named tuple stand in its docstring,
and are not listed once more as "Alias for field number 0". A default that is a type is
written as in code: `<class 'numpy.float64'>` could not be read as part of a signature,
which would lose its styles.
"""

import re
from typing import Any

from sphinx.application import Sphinx

# From the word to the end of its paragraph.
SOURCE = re.compile(r"^Source: (.+?)(?=\n\n|\n*\Z)", re.MULTILINE | re.DOTALL)
TYPE = re.compile(r"<class '([\w.]+)'>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Ask to see each docstring before numpydoc does, which comes at 500."""
    app.connect("autodoc-process-docstring", give_section, priority=400)
    app.connect("autodoc-skip-member", skip_field)
    app.connect("autodoc-process-signature", name_types, priority=400)
    return {"parallel_read_safe": True}


def give_section(
    app: Sphinx | None, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Turn the source into numpydoc's section for references, in place."""
    text = SOURCE.sub(
        lambda found: f"References\n----------\n{found[1][0].upper()}{found[1][1:]}",
        "\n".join(lines),
    )
    lines[:] = text.split("\n")


def skip_field(
    app: Sphinx | None, what: str, name: str, thing: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out a field of a named tuple; None leaves the choice to others."""
    is_field = (getattr(thing, "__doc__", None) or "").startswith("Alias for field")
    return True if is_field else None


def name_types(
    app: Sphinx | None,
    what: str,
    name: str,
    thing: Any,
    options: Any,
    signature: str | None,
    returned: str | None,
) -> tuple[str, str | None] | None:
    """Write the types in a signature by name; None leaves it to others."""
    if signature is None or not TYPE.search(signature):
        return None
    return TYPE.sub(r"\1", signature), returned
