"""From any bytes handed in to the instructor's notebook with the learner's answers.

Of what was handed in, the sources of the answers are taken, and the learner's own
cells between them; nothing else. Text, tests, ids, points and order are the
instructor's. So a learner can neither forge them nor lose points for having changed
them by accident.
"""

import codecs
import copy
import json
from dataclasses import dataclass, field
from typing import Any

from nnbook_utils.grading.assignment import (
    Cell,
    Role,
    bound_names,
    nbgrader_of,
    role,
)

CELLS = 5_000  # more are not read: nobody writes as many
SOURCE_CHARACTERS = 4_000_000  # nor as much


class Unreadable(ValueError):
    """What was handed in is no notebook; the message says what it is.

    Source: the format of notebooks.
    """


@dataclass(eq=False)
class Found:
    """A cell as it was handed in: what can be believed of it.

    Source: the format of notebooks.
    """

    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None
    broken: bool = False  # its source is no text, or only a part of it is


@dataclass
class Rebuilt:
    """The notebook to run, and what had to be mended.

    Source: the format of notebooks.
    """

    cells: list[Cell]
    troubles: list[str] = field(default_factory=list)


def read(raw: bytes) -> list[Found]:
    """Return the cells in a notebook file of any version.

    Parameters
    ----------
    raw : bytes

    Returns
    -------
    list of Found

    Raises
    ------
    Unreadable
        If there are none to be found; the message says what it is instead.

    Source: the format of notebooks, versions 2 to 4.
    """
    if not raw.strip():
        raise Unreadable("the file is empty")
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = raw.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    try:
        notebook = _loaded(text)
    except (ValueError, RecursionError):
        if text.lstrip()[:1] == "<":
            raise Unreadable("the file is a web page, not a notebook") from None
        raise Unreadable("the file is not a notebook: it is not JSON") from None
    except MemoryError:
        raise Unreadable("the file takes too much memory to read") from None
    if not isinstance(notebook, dict):
        raise Unreadable("the file is JSON, but not a notebook")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        sheets = [s for s in notebook["worksheets"] if isinstance(s, dict)]
        cells = [
            c for s in sheets if isinstance(s.get("cells"), list) for c in s["cells"]
        ]
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON, but has no list of cells")
    if len(cells) > CELLS:
        raise Unreadable(f"the notebook has {len(cells)} cells, more than {CELLS}")
    found = [_found(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in found) > SOURCE_CHARACTERS:
        raise Unreadable("the notebook holds more than 4 MB of code and text")
    return found


def _loaded(text: str) -> Any:
    """Return what a JSON text holds; its numbers need not be right, none is of use."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python makes no int of more than some thousand digits
        return json.loads(text, strict=False, parse_int=float)


def rebuild(found: list[Found], source: list[Cell], released: list[Cell]) -> Rebuilt:
    """Put the learner's answers into the instructor's notebook.

    An answer is looked for by its grade id, then by the cell's own id, then by the
    names that it defines, then by its place. Of several copies the last that was
    changed counts. What is missing is as it was released.

    Parameters
    ----------
    found : list of Found
        What was handed in.
    source, released : list of dict
        The instructor's cells, with solutions and as released.

    Returns
    -------
    Rebuilt
        Its cells have no outputs yet.

    Source: the format of notebooks and of nbgrader.
    """
    stubs = {_key(cell): cell for cell in released}
    places = {_key(cell): place for place, cell in enumerate(source)}
    by_id = {cell["id"]: _key(cell) for cell in released if "id" in cell}
    fixed: dict[str, list[str]] = {}  # text of cells that are not answers -> theirs
    for stub in released:
        if role(stub) is not Role.ANSWER:
            fixed.setdefault(stub["source"].strip(), []).append(_key(stub))
    keys: dict[Found, str] = {}
    for cell in found:
        key = cell.grade_id or by_id.get(cell.cell_id or "") or ""
        if key in places:
            keys[cell] = key
        elif alike := fixed.get(cell.source.strip()):
            keys[cell] = alike[0] if len(alike) == 1 else alike.pop(0)
    answers = [_key(cell) for cell in source if role(cell) is Role.ANSWER]
    guessed = []
    for key in answers:
        if key not in keys.values():
            guess = _by_names(source[places[key]], found, keys) or _by_place(
                key, list(places), source[places[key]]["cell_type"], found, keys
            )
            if guess is not None:
                keys[guess] = key
                guessed.append(key)
    chosen: dict[str, str] = {}
    missing, twice, broken = [], [], []
    for key in answers:
        untouched = stubs[key]["source"] if key in stubs else ""
        copies = [cell.source for cell in found if keys.get(cell) == key]
        changed = [c for c in copies if c.strip() and c.strip() != untouched.strip()]
        chosen[key] = (changed or copies or [untouched])[-1]
        if not copies:
            missing.append(key)
        if len(set(changed)) > 1:
            twice.append(key)
        if any(cell.broken for cell in found if keys.get(cell) == key):
            broken.append(key)
    own = _own_cells(found, keys)
    cells = own.pop("", [])
    for original in source:
        key = _key(original)
        answer = role(original) is Role.ANSWER
        kept = copy.deepcopy(stubs.get(key, original) if answer else original)
        if answer:
            kept["source"] = chosen[key]
        cells += [_clean(kept), *own.get(key, [])]
    troubles = []
    if missing:
        troubles.append(f"no cell was found for {', '.join(missing)}")
    if broken:
        troubles.append(
            f"the source is no text, or not all of it, in {', '.join(broken)}"
        )
    if guessed:
        troubles.append(
            f"cells without their labels were taken for {', '.join(guessed)}"
        )
    if twice:
        troubles.append(f"of several copies the last counts: {', '.join(twice)}")
    return Rebuilt(cells, troubles)


def _found(cell: Cell) -> Found:
    text = cell.get("source", cell.get("input"))
    lines = text if isinstance(text, list) else [text]
    source = "".join(line for line in lines if isinstance(line, str))
    broken = not all(isinstance(line, str) for line in lines)
    metadata = cell.get("metadata")
    told = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = told.get("grade_id") if isinstance(told, dict) else None
    cell_id = cell.get("id")
    return Found(
        kind="code" if cell.get("cell_type") == "code" else "markdown",
        # Half of a two-part character is no text, and can't be written to a file.
        source=source.encode("utf-8", errors="replace").decode(),
        grade_id=grade_id if isinstance(grade_id, str) else None,
        cell_id=cell_id if isinstance(cell_id, str) else None,
        broken=broken,
    )


def _key(cell: Cell) -> str:
    """Return what an instructor's cell is known by."""
    return str(nbgrader_of(cell).get("grade_id") or f"cell {cell.get('id')}")


def _by_names(cell: Cell, found: list[Found], keys: dict[Found, str]) -> Found | None:
    """Return the last unknown cell that defines what the answer should define."""
    names = bound_names(cell["source"]) if cell["cell_type"] == "code" else set()
    fits = [
        f
        for f in found
        if f not in keys and f.kind == "code" and names & bound_names(f.source)
    ]
    return fits[-1] if fits else None


def _by_place(
    key: str, order: list[str], kind: str, found: list[Found], keys: dict[Found, str]
) -> Found | None:
    """Return the unknown cell that stands where the answer stood."""
    before = order[order.index(key) - 1] if order.index(key) else None
    known = [keys.get(f) for f in found]
    start = known.index(before) + 1 if before in known else 0
    for f in found[start:]:
        if f in keys:
            return None
        if f.kind == kind:
            return f
    return None


def _own_cells(found: list[Found], keys: dict[Found, str]) -> dict[str, list[Cell]]:
    """Return the learner's own cells, under the known cell that they stand behind."""
    own: dict[str, list[Cell]] = {}
    behind = ""
    for number, cell in enumerate(found):
        if cell in keys:
            behind = keys[cell]
        elif cell.source.strip():
            bare: Cell = {"cell_type": cell.kind, "source": cell.source}
            bare |= {"id": f"own-{number}", "metadata": {}}
            own.setdefault(behind, []).append(_clean(bare))
    return own


def _clean(cell: Cell) -> Cell:
    """Return a cell as it is before it is run."""
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell
