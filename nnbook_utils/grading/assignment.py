"""An assignment as the instructor wrote it: cells, points, and what answers may import.

Notebooks are plain dictionaries here, as JSON gives them: importing nbformat costs more
than a second, and what is read here is the instructor's own.
"""

import ast
import importlib.util
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

Cell = dict[str, Any]
BESIDE = "beside-the-answer"  # a tag: run this test in the sandbox, knowing the risk


class BrokenAssignment(ValueError):
    """The assignment itself is at fault: nothing can be marked before it is mended.

    Source: section "Grading" of the instructors' guide.
    """


class Role(Enum):
    """What a cell of the instructor's notebook is for.

    Source: the metadata of nbgrader.
    """

    TEXT = "text"  # no code, or a question marked by hand
    LOCKED = "locked"  # runs on both sides
    ANSWER = "answer"  # the learner's source, in the sandbox
    TEST = "test"  # apart from the learner's code
    BESIDE = "beside"  # a test that the instructor lets run in the sandbox


def nbgrader_of(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell, empty if it has none."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def role(cell: Cell) -> Role:
    """Return what a cell of the instructor's notebook is for."""
    told = nbgrader_of(cell)
    if told.get("solution"):
        return Role.ANSWER
    if cell["cell_type"] != "code":
        return Role.TEXT
    if told.get("grade"):
        tags = cell["metadata"].get("tags", [])
        return Role.BESIDE if BESIDE in tags else Role.TEST
    if told.get("locked"):
        return Role.LOCKED
    return Role.ANSWER  # not nbgrader's: learners may change it


@dataclass(frozen=True)
class Assignment:
    """An assignment as the instructor wrote it, loaded once for all submissions.

    Source: the folders that nbgrader reads and writes.
    """

    name: str
    sources: Mapping[str, list[Cell]]  # by notebook name: tests and solutions in full
    released: Mapping[str, list[Cell]]  # by notebook name: as the learners got it
    metadata: Mapping[str, dict[str, Any]]  # by notebook name: the notebook's own
    points: Mapping[str, float]  # grade id of each autograded cell -> most points
    manual: Mapping[str, float]  # grade id of each cell marked by hand -> most points
    imports: tuple[str, ...]  # modules that answers may import, beyond Python's own
    files: Mapping[str, bytes]  # what was released beside the notebooks: data files
    course: Path
    folder: Path  # of the sources

    @classmethod
    def load(cls, course: Path, name: str) -> "Assignment":
        """Load ``solutions/<name>`` and ``exercises/<name>`` of a course.

        Parameters
        ----------
        course : path
            The course's folder.
        name : str
            The assignment's.

        Returns
        -------
        Assignment

        Raises
        ------
        FileNotFoundError
            If there is no such assignment, or it has not been released.
        BrokenAssignment
            If two cells of it have the same grade id, or its checks can't be loaded.

        Source: the folders that nbgrader reads and writes.
        """
        course = Path(course).resolve()
        folder, released = course / "solutions" / name, course / "exercises" / name
        paths = sorted(folder.glob("*.ipynb"))
        if not paths:
            raise FileNotFoundError(f"there is no notebook in {folder}")
        sources, stubs, metadata = {}, {}, {}
        points: dict[str, float] = {}
        manual: dict[str, float] = {}
        for path in paths:
            if not (released / path.name).is_file():
                raise FileNotFoundError(
                    f"{path.name} is not in {released}: release {name} first"
                )
            notebook = _read(path)
            sources[path.stem] = notebook["cells"]
            metadata[path.stem] = notebook["metadata"]
            stubs[path.stem] = _read(released / path.name)["cells"]
            for cell in notebook["cells"]:
                told = nbgrader_of(cell)
                if not (told.get("grade") or told.get("task")):
                    continue
                grade_id = told["grade_id"]
                if grade_id in points or grade_id in manual:
                    raise BrokenAssignment(
                        f"two cells of {name} have the id {grade_id}"
                    )
                by_hand = role(cell) in (Role.ANSWER, Role.TEXT)
                (manual if by_hand else points)[grade_id] = float(told["points"])
        return cls(
            name=name,
            sources=sources,
            released=stubs,
            metadata=metadata,
            points=points,
            manual=manual,
            imports=_allowed_imports(name, sources),
            files={
                path.relative_to(released).as_posix(): path.read_bytes()
                for path in sorted(released.rglob("*"))
                if path.is_file() and path.suffix != ".ipynb"
            },
            course=course,
            folder=folder,
        )


def _read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return notebook


def _allowed_imports(name: str, sources: Mapping[str, list[Cell]]) -> tuple[str, ...]:
    """Return what the assignment's checks list, or else what its own cells import."""
    checks = load_checks(name)
    if checks is not None:
        return tuple(checks.IMPORTS)
    found = []
    for cell in (cell for cells in sources.values() for cell in cells):
        if cell["cell_type"] == "code" and role(cell) in (Role.LOCKED, Role.ANSWER):
            for node in ast.walk(parse(cell["source"])):
                if isinstance(node, ast.Import):
                    found += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.append(node.module)
    return tuple(
        dict.fromkeys(
            module
            for module in found
            if module.split(".")[0] not in sys.stdlib_module_names
        )
    )


def load_checks(name: str) -> ModuleType | None:
    """Return the module of an assignment's checks, or None if it has none.

    Parameters
    ----------
    name : str
        The assignment's.

    Returns
    -------
    module or None
        ``nnbook_utils.checks.<name>``.

    Raises
    ------
    BrokenAssignment
        If there is such a module, but it can't be loaded.

    Source: the layout of `nnbook_utils.checks`.
    """
    module = f"nnbook_utils.checks.{name}"
    if "." in name or importlib.util.find_spec(module) is None:
        return None
    try:
        return importlib.import_module(module)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise BrokenAssignment(f"{module} can't be loaded: {what}") from error


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a cell, without IPython's own lines.

    A cell that is no Python has an empty tree.
    """
    python = re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", source)
    try:
        return ast.parse(python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def bound_names(source: str) -> set[str]:
    """Return the names that a cell's top level defines, or whose items it sets."""
    names: set[str] = set()
    for node in _top_level(parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(getattr(node, "ctx", None), ast.Store):
            root = node
            while isinstance(root, ast.Subscript | ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name):
                names.add(root.id)
    return names


def import_lines(source: str) -> list[str]:
    """Return the import statements at the top level of a cell."""
    return [
        ast.unparse(node)
        for node in _top_level(parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def imported_names(source: str) -> set[str]:
    """Return the names that the imports at the top level of a cell define."""
    return {
        alias.asname or alias.name.split(".")[0]
        for node in _top_level(parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def used_names(source: str) -> set[str]:
    """Return the names that a cell reads anywhere in it."""
    return {
        node.id
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _top_level(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a tree that run when the cell does, not inside functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        if not isinstance(node, inner):
            yield from _top_level(node)
