"""A Sphinx extension: the line `Source: ...` of our docstrings becomes a section.

numpydoc has no such section, and would print the line as one more error under "Raises".
"""

import re
from typing import Any

from sphinx.application import Sphinx

# From the word to the end of its paragraph.
SOURCE = re.compile(r"^Source: (.+?)(?=\n\n|\n*\Z)", re.MULTILINE | re.DOTALL)


def setup(app: Sphinx) -> dict[str, bool]:
    """Ask to see each docstring before numpydoc does, which comes at 500."""
    app.connect("autodoc-process-docstring", give_section, priority=400)
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
