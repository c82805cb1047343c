"""The grader's side of one submission: rebuild the notebook, test it, give points.

One interpreter with the tests loaded waits; a fork of it examines each submission, so
that nothing carries over from one to the next, and a value too large to hold ends one
examination only. All that comes from a learner, files and values, is read here and not
in the grader itself.

The learner's names are stand-ins here: a function that asks the learner's process, or a
copy of a value. Hidden tests never enter the sandbox.
"""

import builtins
import contextlib
import json
import math
import os
import pickle
import re
import resource
import select
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from nnbook_utils.checks._imports import not_allowed
from nnbook_utils.grading import jail, wire
from nnbook_utils.grading.assignment import (
    Assignment,
    Cell,
    Role,
    bound_names,
    import_lines,
    imported_names,
    load_checks,
    nbgrader_of,
    role,
    used_names,
)
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.rebuild import Unreadable, read, rebuild
from nnbook_utils.grading.shell import EACH, Output, Shell, TestShell, error_of

GRACE = 2.0  # seconds to stop after an interrupt
OWN_MEMORY = 3_000_000_000  # bytes: for reading a notebook, and values
BLOCK = 4096  # bytes that a file takes up at least
SAID = 10_000  # characters that are kept of what an error says
TOLD = 2_000  # and of what is told about a submission
NUMPY_NUMBER = re.compile(r"np\.(?:float|int|uint)\d+\((.+)\)")
# The outputs that nbgrader derives points from.
POINTS = ("error", "execute_result")
# What a learner's process may show; what else there is could hold a script.
SHOWN = {
    "text/plain": re.compile(r".*", re.DOTALL),
    "image/png": re.compile(r"[A-Za-z0-9+/=\n]*"),  # stands in a page as it is
}


class OutOfTimeError(TimeoutError):
    """The learner's code took too long.

    Source: the limits of a submission.
    """


class GoneError(RuntimeError):
    """The learner's process is no more; the message says why.

    Source: the limits of a submission.
    """


class CannotCrossError(TypeError):
    """A value that a test needs cannot be sent.

    Source: `wire`.
    """


class Learner:
    """The other side: a learner's process, asked over a socket, held by a leash."""

    def __init__(
        self, session: socket.socket, leash: socket.socket, limits: Limits
    ) -> None:
        self.session = session
        self.leash = leash
        self.limits = limits
        self.deadline = time.monotonic() + limits.total_seconds
        self.number = 0
        self.gone = ""  # why, once it is
        self.crashed = False  # by itself, or for the memory that it used
        self.late: list[str] = []  # what took too long

    def ask(self, what: str, *arguments: Any, task: str) -> Any:
        """Ask one question, and return the answer; `task` is for messages."""
        started = time.monotonic()
        if not self.gone and started >= self.deadline:
            self.late.append("all of it together")
            self._end(f"it took more than {self.limits.total_seconds:g} s in all")
        if self.gone:
            raise GoneError(self.gone)
        self.number += 1
        until = min(started + self.limits.cell_seconds, self.deadline)
        try:
            # A process that does not read must not hold us up.
            self.session.settimeout(max(0.1, until - started))
            wire.send(self.session, [self.number, what, *arguments])
            if not self._answers(until):
                self._too_late(task, started)
            most = int(self.limits.value * 1e6 + wire.TEXT_BYTES) * 2
            message = wire.receive(self.session, most, time.monotonic() + 10)
            if message is None:
                raise ConnectionError
            number, answer = wire.unpack(message)
            if number != self.number:
                raise ValueError
        except (GoneError, OutOfTimeError):
            raise
        except TimeoutError:
            self._end(f"{task} did not stop")
            self.late.append(task)
        except OSError:
            self._died(task)
        except (wire.WireError, ValueError, TypeError):
            self.crashed = True
            self._end(f"{task} sent what is no answer")
        else:
            return answer
        raise GoneError(self.gone)

    def _answers(self, until: float) -> bool:
        left = max(0.0, until - time.monotonic())
        return bool(select.select([self.session], [], [], left)[0])

    def _too_late(self, task: str, started: float) -> None:
        """Interrupt the learner's code; if it does not stop, end its process."""
        self.late.append(task)
        seconds = round(time.monotonic() - started)
        with contextlib.suppress(OSError):
            self.leash.send(b"i")
        if self._answers(time.monotonic() + GRACE):
            try:
                soon = time.monotonic() + GRACE
                answer = wire.receive(self.session, wire.TEXT_BYTES, soon)
            except (OSError, wire.WireError):
                answer = None
            if answer is not None:
                raise OutOfTimeError(f"{task} took more than {seconds} s")
            self._died(task)
        else:
            self._end(f"{task} did not stop after {seconds} s, nor when interrupted")
        raise GoneError(self.gone)

    def _died(self, task: str) -> None:
        said = b""
        with contextlib.suppress(OSError):
            self.leash.settimeout(2)
            said = self.leash.recv(1)
        self.crashed = True
        self._end(
            f"{task} used more than {self.limits.memory:g} MB of memory"
            if said == b"m"
            else f"{task} ended the Python process"
        )

    def _end(self, why: str) -> None:
        self.gone = why
        self.leash.close()
        self.session.close()


class Examination:
    """One notebook of one submission, examined."""

    def __init__(
        self,
        assignment: Assignment,
        notebook: str,
        learner: Learner,
        shell: Shell,
        results: socket.socket,
    ) -> None:
        self.assignment = assignment
        self.learner = learner
        self.shell = shell
        self.results = results
        self.troubles: list[str] = []
        # Their side keeps to the limit, unless they have patched it.
        self.room = 2 * int(learner.limits.output * 1e6)
        self.sources = [""]  # of the cells run so far, as IPython counts them
        self.unsendable: dict[str, str] = {}
        self.allowed = list(assignment.imports)
        cells = assignment.sources[notebook]
        code = [c for c in cells if c["cell_type"] == "code"]
        answers = [c["source"] for c in code if role(c) is Role.ANSWER]
        locked = [c["source"] for c in code if role(c) is Role.LOCKED]
        self.instructors = {nbgrader_of(c).get("grade_id"): c["source"] for c in code}
        self.theirs = set().union(*map(bound_names, answers))
        self.theirs -= set().union(*map(imported_names, answers))
        self.used_by_locked = set().union(*map(used_names, locked))

    def examine(self, raw: bytes, files: dict[str, bytes], notebook: str) -> None:
        """Rebuild the notebook, run it, and report each cell when it is done."""
        built = rebuild(
            read(raw),
            self.assignment.sources[notebook],
            self.assignment.released[notebook],
        )
        self.troubles += built.troubles
        self.report("rebuilt", _json(built.cells))
        # Their own modules, handed in beside the notebook, are theirs to import.
        self.allowed += [Path(name).parts[0].removesuffix(".py") for name in files]
        with contextlib.suppress(GoneError, OutOfTimeError):
            self.learner.ask("files", files, task="the start")
        count = 0
        for place, cell in enumerate(built.cells):
            if cell["cell_type"] != "code":
                continue
            count += 1
            kind = role(cell)
            grade_id = nbgrader_of(cell).get("grade_id", "")
            if kind in (Role.TEST, Role.BESIDE):
                outputs = self.test(cell, beside=kind is Role.BESIDE)
                points, message = score(outputs, self.assignment.points[grade_id])
                self.report("scored", grade_id, points, message)
            else:
                outputs = self.run(cell)
            for output in outputs:
                if output["output_type"] == "execute_result":
                    output["execution_count"] = count
            self.report("ran", place, count, _json(self.cut(outputs)))

    def report(self, what: str, *rest: Any) -> None:
        """Tell the grader; what has been told stays, even if we are ended."""
        wire.send(self.results, [what, *rest])

    def cut(self, outputs: list[Output]) -> list[Output]:
        """Return what there is room for; of what points depend on, the beginning."""
        kept: list[Output] = []
        for output in outputs:
            kind = output["output_type"]
            size = EACH + sum(map(len, _texts(output)))
            if size <= self.room:
                self.room -= size
                kept.append(output)
            elif kind in POINTS and not any(o["output_type"] == kind for o in kept):
                kept.append(_shortened(output))
        return kept

    def run(self, cell: Cell) -> list[Output]:
        """Run a cell in the sandbox; a locked one, and imports, on our side as well."""
        source = cell["source"]
        task = f"the cell {nbgrader_of(cell).get('grade_id') or _first_line(source)}"
        locked = role(cell) is Role.LOCKED
        if not locked:
            named = not_allowed(source, self.allowed)
            if named:
                self.troubles.append(
                    f"{task} imports {', '.join(named)}, which is not allowed"
                )
        self.sources.append(source)
        try:
            outputs = clean(self.learner.ask("run", source, task=task))
        except (GoneError, OutOfTimeError) as error:
            outputs = [error_output(error)]
        with self.bounded():
            if locked:
                # With a learner's process that is gone, its names are missing.
                with contextlib.suppress(GoneError, OutOfTimeError, CannotCrossError):
                    self.bind(used_names(source), source)
                self.shell.run(source)
                if failed(outputs) and not failed(self.shell.outputs):
                    outputs = self.hand_over(source, outputs)
            else:
                instructors = self.instructors.get(nbgrader_of(cell).get("grade_id"))
                for line in import_lines(instructors or ""):
                    self.shell.run(line)
        return outputs

    def hand_over(self, source: str, outputs: list[Output]) -> list[Output]:
        """Give the learner's side what a locked cell has made on ours only.

        It runs here and not there where it takes its data from the tests.
        """
        made: dict[str, Any] = {}
        for name in bound_names(source):
            # Whatever the instructor's cell has made: some things can't cross.
            with contextlib.suppress(Exception):
                made[name] = wire.pack(wire.plain(self.shell.user_ns[name]))
        try:
            self.learner.ask("take", made, task="a locked cell")
        except (GoneError, OutOfTimeError):
            return outputs
        return clean(self.shell.outputs)

    def test(self, cell: Cell, *, beside: bool) -> list[Output]:
        """Run a test cell: on our side, or beside the learner's code if marked so."""
        source = cell["source"]
        if beside:
            try:
                asked = self.learner.ask("run", source, task="a test")
                return clean(asked)
            except (GoneError, OutOfTimeError) as error:
                return [error_output(error)]
        try:
            if self.learner.gone:
                raise GoneError(f"not tested: {self.learner.gone}")
            self.bind(used_names(source) | self.used_by_locked, source)
            for name in used_names(source) & set(self.unsendable):
                raise CannotCrossError(f"your {name} is {self.unsendable[name]}")
        except (GoneError, OutOfTimeError, CannotCrossError) as error:
            return [error_output(error)]
        self.shell.user_ns["In"] = list(self.sources)
        self.shell.left = 100_000
        with self.bounded():
            self.shell.run(source)
        outputs = clean(self.shell.outputs)
        for output in outputs:
            # A warning is no failure, though nbgrader takes it for one.
            if output.get("name") == "stderr":
                output["name"] = "stdout"
        return outputs

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """Stop what runs on our side when the time for the submission is over."""
        left = self.learner.deadline - time.monotonic()

        def stop(number: int, frame: FrameType | None) -> None:
            self.learner.late.append("a test")
            raise OutOfTimeError("the test did not come to an end")

        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.1) + 2 * GRACE)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def bind(self, names: set[str], source: str) -> None:
        """Let names that the learner defines stand for what they have defined.

        These are the names that the instructor's answers define, and those that mean
        nothing on our side. A module or a function of ours can't be replaced so.
        """
        namespace = self.shell.user_ns
        ours = {*namespace, *vars(builtins), *bound_names(source)}
        ours |= imported_names(source)
        wanted = sorted(n for n in names if n in self.theirs or n not in ours)
        try:
            found = self.learner.ask("look", wanted, task="looking at names")
            for name in wanted:
                namespace.pop(name, None)
                self.unsendable.pop(name, None)
                if "callable" in found[name]:
                    namespace[name] = self.stand_in(name)
                elif "value" in found[name]:
                    namespace[name] = wire.unpack(found[name]["value"])
                elif "refused" in found[name]:
                    self.unsendable[name] = str(found[name]["refused"])[:SAID]
                elif name in vars(builtins):
                    # Python's own `sum` is no answer to the task of writing one.
                    self.unsendable[name] = "not defined"
                # any other name that is missing there is missing here
        except (wire.WireError, TypeError, KeyError, AttributeError):
            raise CannotCrossError("a value that cannot be read") from None

    def stand_in(self, name: str) -> Callable[..., Any]:
        """Return a function that has the learner's function called."""

        def function(*args: Any, **kwargs: Any) -> Any:
            packed = wire.pack([list(args), kwargs])
            answer = self.learner.ask("call", name, packed, task=f"your {name}")
            try:
                value, changed, raised, refused = _parts(answer)
                for place, now in changed.items():
                    where: Any = args if isinstance(place, int) else kwargs
                    _write_back(where[place], now)
            except (wire.WireError, LookupError, TypeError, AttributeError):
                raise CannotCrossError(f"your {name} sent what is no answer") from None
            if raised is not None:
                raise raised
            if refused:
                raise CannotCrossError(f"your {name} returns {refused}")
            return value

        function.__name__ = function.__qualname__ = name
        function.__doc__ = f"Stand for the learner's {name}."
        return function


def _parts(answer: Any) -> tuple[Any, dict[Any, Any], Exception | None, str]:
    """Return of a call: its value, changed arguments, what was raised or refused."""
    if "raised" in answer:
        return None, {}, exception(answer["raised"], str(answer["message"])), ""
    changed = {k: wire.unpack(now) for k, now in answer.get("changed", {}).items()}
    if "refused" in answer:
        return None, changed, None, str(answer["refused"])
    return wire.unpack(answer["value"]), changed, None, ""


def _write_back(argument: Any, now: Any) -> None:
    """Give an argument the content that the learner's function left in it."""
    if type(argument) is not type(now):
        return
    if isinstance(argument, np.ndarray):
        if argument.shape == now.shape and argument.dtype == now.dtype:
            with contextlib.suppress(ValueError):  # read-only
                argument[...] = now
    elif isinstance(argument, list):
        argument[:] = now
    elif isinstance(argument, dict | set):
        argument.clear()
        argument.update(now)


def exception(kinds: Any, message: str) -> Exception:
    """Return the exception that a learner's function raised, as one of ours.

    Parameters
    ----------
    kinds : list of str
        The names of its class and of the classes above it.
    message : str

    Returns
    -------
    Exception
        Of Python's own class of that name, or of one made for it below the nearest that
        is Python's own. What is no Exception there (SystemExit) becomes one here.

    Source: the protocol of `worker`.
    """
    known: dict[str, type[Exception]] = {"LinAlgError": np.linalg.LinAlgError}
    known["AxisError"] = np.exceptions.AxisError
    for name, kind in vars(builtins).items():
        if isinstance(kind, type) and issubclass(kind, Exception):
            known[name] = kind
    names = [k for k in kinds if isinstance(k, str)] if isinstance(kinds, list) else []
    base = next((known[name] for name in names if name in known), RuntimeError)
    # Some classes (UnicodeDecodeError) take more than a message.
    made: type[Exception] = type(names[0][:80] if names else "Error", (base,), {})
    if names and names[0] in known:
        with contextlib.suppress(TypeError):
            return known[names[0]](message)
    try:
        return made(message)
    except TypeError:
        return RuntimeError(message)


def score(outputs: list[Output], points: float) -> tuple[float, str]:
    """Return what a test cell gives, by nbgrader's rules, and what it said.

    An error gives nothing; a number as the value of the last line is the points; else
    all points are given. The outputs are put right where nbgrader would stumble: a
    partial credit that is no number between 0 and the points.

    Parameters
    ----------
    outputs : list of dict
    points : float

    Returns
    -------
    float, str

    Source: nbgrader's `determine_grade`.
    """
    error = error_of(outputs)
    if error is not None:
        said = f"{error['ename']}: {error['evalue']}"
        if error["ename"] in ("AssertionError", "GoneError", "OutOfTimeError"):
            said = error["evalue"] or said
        return 0.0, said.removesuffix(": ")
    for output in outputs:
        if output["output_type"] == "execute_result":
            said = output["data"].get("text/plain", "")
            if numpys := NUMPY_NUMBER.fullmatch(said):
                said = numpys[1]
            try:
                given = float(said)
            except ValueError:
                continue
            given = 0.0 if math.isnan(given) else min(max(given, 0.0), points)
            output["data"] = {"text/plain": repr(given)}
            said = "" if given == points else f"partial credit: {given:g} of {points:g}"
            return given, said
    return points, ""


def clean(outputs: Any) -> list[Output]:
    """Return of a cell's outputs what is well formed and cannot hold a script.

    Parameters
    ----------
    outputs : object
        What the learner's process sent, or our own shell kept.

    Returns
    -------
    list of dict

    Source: the format of notebooks.
    """
    cleaned: list[Output] = []
    for output in outputs if isinstance(outputs, list) else []:
        match output:
            case {"output_type": "stream", "text": str(text)}:
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                cleaned.append(
                    {"output_type": "stream", "name": name, "text": _text(text)}
                )
            case {"output_type": "error", "ename": name, "evalue": value}:
                trace = output.get("traceback")
                lines = trace if isinstance(trace, list) else []
                cleaned.append(
                    {
                        "output_type": "error",
                        "ename": _text(str(name)[:200]),
                        "evalue": _text(str(value)[:SAID]),
                        "traceback": [_text(line) for line in map(str, lines)],
                    }
                )
            case {"output_type": "display_data" | "execute_result", "data": dict(data)}:
                kept = {
                    mime: _text(data[mime])
                    for mime, form in SHOWN.items()
                    if isinstance(data.get(mime), str) and form.fullmatch(data[mime])
                }
                kind = output["output_type"]
                cleaned.append({"output_type": kind, "data": kept, "metadata": {}})
    return cleaned


def _texts(output: Output) -> Iterator[str]:
    """Yield the texts that an output consists of."""
    match output:
        case {"text": text}:
            yield text
        case {"data": data}:
            yield from data.values()
        case {"ename": name, "evalue": value, "traceback": trace}:
            yield from (name, value, *trace)


def _shortened(output: Output) -> Output:
    """Return the beginning of an error, or of a value."""
    if output["output_type"] == "error":
        return output | {"evalue": output["evalue"][:EACH], "traceback": []}
    shown = {mime: text for mime, text in output["data"].items() if len(text) <= EACH}
    return output | {"data": shown}


def _text(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode()


def _json(cells: Any) -> bytes:
    return json.dumps(cells, ensure_ascii=False).encode()


def error_output(error: Exception) -> Output:
    """Return what stands under a cell that could not be run."""
    name, said = type(error).__name__, str(error)[:SAID]
    line = f"{name}: {said}"
    return {"output_type": "error", "ename": name, "evalue": said, "traceback": [line]}


def failed(outputs: list[Output]) -> bool:
    """Say whether a cell ended in an error."""
    return any(output["output_type"] == "error" for output in outputs)


def _first_line(source: str) -> str:
    return f"that begins with {source.strip().splitlines()[0][:40]!r}" if source else ""


def handed_in(folder: Path, limits: Limits) -> tuple[list[Path], dict[str, bytes]]:
    """Return the notebooks in a folder, and what lies beside them.

    Symbolic links are not followed, neither the folder's own nor those in it.

    Parameters
    ----------
    folder : path
    limits : Limits

    Returns
    -------
    list of path, dict of str to bytes

    Raises
    ------
    FileNotFoundError
        If nothing has been handed in.
    Unreadable
        If there is something, but no notebook.

    Source: the folders that nbgrader reads and writes.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Unreadable("the folder is a symbolic link, which is not followed")
    if not folder.is_dir():
        raise FileNotFoundError("nothing was handed in")
    notebooks, files, linked, room = [], {}, [], limits.disk * 1e6 / 2
    names = []
    for here, folders, inside in os.walk(folder, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for path in (Path(here, name) for name in sorted(inside)):
            names.append(path.name)
            state = path.lstat()
            if stat.S_ISLNK(state.st_mode):
                linked.append(path.name)
            elif not stat.S_ISREG(state.st_mode):
                continue
            elif path.suffix.lower() == ".ipynb":
                if path.parent == folder:
                    notebooks.append(path)
            elif state.st_size <= room and not path.name.startswith("."):
                content = regular_file(path, int(room))
                room -= len(content) + BLOCK
                files[path.relative_to(folder).as_posix()] = content
    if not notebooks:
        if not names:
            raise FileNotFoundError("nothing was handed in")
        if any(name.endswith(".ipynb") for name in linked):
            raise Unreadable("the notebook is a symbolic link, which is not followed")
        some = ", ".join(repr(name)[1:-1][:40] for name in names[:3])
        raise Unreadable(f"there is no notebook among the files: {some}")
    return notebooks, files


def regular_file(path: Path, most: int) -> bytes:
    """Return the content of a file, which must be a file and no larger than `most`.

    Parameters
    ----------
    path : path
    most : int
        Bytes.

    Returns
    -------
    bytes

    Raises
    ------
    Unreadable
        If it is too large or has become something else.

    Source: the limits of a submission.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        opened = os.open(path, flags)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}") from None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable(f"{path.name} is not a file")
        content = file.read(most + 1)
    if len(content) > most:
        raise Unreadable(f"{path.name} is larger than {most / 1e6:.0f} MB")
    return content


def choose(notebooks: list[Path], name: str, cells: list[Cell], most: int) -> bytes:
    """Return the file that is meant, which may have been renamed.

    It is the one of the right name, or else the one that mentions most of the
    assignment's cells.

    Parameters
    ----------
    notebooks : list of path
    name : str
        The notebook's, as it was released.
    cells : list of dict
        Its cells.
    most : int
        The most bytes to read.

    Returns
    -------
    bytes

    Raises
    ------
    Unreadable
        If it is too large.

    Source: the folders that nbgrader reads and writes.
    """
    for path in notebooks:
        if path.name == f"{name}.ipynb":
            return regular_file(path, most)
    ids = [str(nbgrader_of(c).get("grade_id")).encode() for c in cells]
    best, found = -1, b""
    for path in notebooks:
        raw = regular_file(path, most)
        mentioned = sum(grade_id in raw for grade_id in ids)
        if mentioned > best:
            best, found = mentioned, raw
    return found


def _examine(
    request: dict[str, Any],
    assignment: Assignment,
    limits: Limits,
    session: socket.socket,
    leash: socket.socket,
    results: socket.socket,
) -> None:
    """Examine one notebook and say how it went."""
    name = request["notebook"]
    most = int(limits.notebook * 1e6)
    learner = Learner(session, leash, limits)
    examination = Examination(assignment, name, learner, TestShell.instance(), results)
    try:
        notebooks, files = handed_in(Path(request["folder"]), limits)
        raw = choose(notebooks, name, assignment.sources[name], most)
        learner.deadline = time.monotonic() + limits.total_seconds
        examination.examine(raw, {**files, **assignment.files}, name)
    except FileNotFoundError as error:
        examination.report("end", "MISSING", str(error))
    except Unreadable as error:
        examination.report("end", "UNREADABLE", str(error))
    except MemoryError:
        examination.report("end", "UNREADABLE", "it takes too much memory to read")
    else:
        troubles = examination.troubles
        if learner.crashed:
            ended = "CRASHED"
        elif learner.late:
            ended = "TIMED_OUT"
        else:
            ended = "TROUBLE" if troubles else "GRADED"
        if learner.gone:
            troubles.insert(0, learner.gone)
        elif learner.late:
            late = list(dict.fromkeys(learner.late))
            each = f"more than {limits.cell_seconds:g} s"
            troubles.insert(0, f"{', '.join(late)} took {each}")
        told = "; ".join(troubles)
        examination.report("end", ended, f"{told[:TOLD]}{'...' * (len(told) > TOLD)}")


def main() -> None:
    """Wait for submissions; the socket to the grader is the standard input."""
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    with control.makefile("rb") as stream:
        # From the grader, which is the only one that can write here.
        assignment, limits = pickle.load(stream)
    sys.path.append(str(assignment.folder))
    os.chdir(assignment.folder)
    shell = TestShell.instance()
    load_checks(assignment.name)
    shell.warm_up()
    control.sendall(b"+")
    while True:
        raw, handed, _, _ = socket.recv_fds(control, 1 << 16, 3)
        if len(handed) < 3:
            return  # the grader is done, or dead
        sockets = [socket.socket(fileno=number) for number in handed]
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                control.close()
                jail.die_with_parent()
                resource.setrlimit(resource.RLIMIT_AS, (OWN_MEMORY, OWN_MEMORY))
                _examine(wire.unpack(raw), assignment, limits, *sockets)
                status = 0
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(status)
        for one in sockets:
            one.close()
        control.sendall(str(pid).encode() + b"\n")
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


if __name__ == "__main__":
    main()
