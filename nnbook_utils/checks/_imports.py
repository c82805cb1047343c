"""Which modules an answer imports, and whether its assignment allows them.

The package contains what the exercises ask for, so every assignment lists the modules
that answers may import besides Python's own: the `IMPORTS` of its checks. A visible
test names what else was imported; the grader reads the same list.
"""

import ast
import re
import sys
from collections.abc import Iterable, Sequence


def only_imports(allowed: Sequence[str], sources: Iterable[str] | None = None) -> None:
    """Test that the cells run so far import only what the assignment allows.

    Parameters
    ----------
    allowed : sequence of str
        Names of modules; what lies inside an allowed module is allowed too. Python's
        own modules always are.
    sources : iterable of str, optional
        The cells' sources. If left out, the cells that this notebook has run so far.

    Raises
    ------
    AssertionError
        If another module is imported; the message names it.

    Source: the rules at the top of each assignment.
    """
    if sources is None:
        sources = _cells_run_so_far()
    named = sorted({name for text in sources for name in not_allowed(text, allowed)})
    if named:
        raise AssertionError(
            f"your cells import {', '.join(named)}, which this assignment does not "
            f"allow, and an answer that needs it earns nothing. Allowed are "
            f"{', '.join(allowed)} and Python's own modules."
        )


def not_allowed(source: str, allowed: Sequence[str]) -> list[str]:
    """Return the modules that a cell imports and its assignment does not allow.

    Parameters
    ----------
    source : str
        A cell's source. A cell that is not valid Python imports nothing.
    allowed : sequence of str
        Names of modules, as for `only_imports`. The tests themselves,
        ``nnbook_utils.checks``, are allowed to every notebook.

    Returns
    -------
    list of str
        Dotted names, in the order of the source.

    Source: the rules at the top of each assignment.
    """
    allowed = [*allowed, "nnbook_utils.checks"]

    def inside(name: str) -> bool:
        own = name.split(".")[0] in sys.stdlib_module_names
        return own or any(name == a or name.startswith(f"{a}.") for a in allowed)

    return [
        names[0]
        for names in _imported(source)
        if not any(inside(name) for name in names)
    ]


def _imported(source: str) -> list[tuple[str, ...]]:
    """Return for each import the names that it could be allowed under.

    ``from a import b`` may mean the module a.b or a thing inside the module a.
    """
    # Lines for IPython, such as %matplotlib, are not Python.
    python = re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", source)
    try:
        tree = ast.parse(python)
    except SyntaxError:
        return []
    found: list[tuple[str, ...]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [(alias.name,) for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                found += [(f"{module}.{alias.name}", module) for alias in names]
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                found.append((name,))
    return found


def _cells_run_so_far() -> list[str]:
    """Return the sources that this notebook's kernel has run; none outside of one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return list(shell.user_ns.get("In", [])) if shell else []
