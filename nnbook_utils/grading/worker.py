"""Inside the sandbox: one preloaded interpreter, and a fork of it for each submission.

Three kinds of process live in a sandbox:

- the *nursery* has NumPy and IPython loaded and waits. It has no privileges, and knows
  nothing that a learner may not know;
- a *warden*, one a submission, watches memory and holds the end of a leash: when the
  grader lets go of the other end, or dies, the warden kills the learner's process;
- the *learner's process*, locked up (see `jail`), runs the cells and calls functions as
  it is asked to over a socket of its own. The first process of its pid namespace, it
  takes everything that it has started along when it dies.

Nothing that a learner's process says is believed: what it can forge are return values.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

from nnbook_utils.grading import jail, wire
from nnbook_utils.grading.limits import Limits
from nnbook_utils.grading.shell import Shell

TICK = 0.05  # seconds between two looks at the memory in use
INTERRUPT = b"i"
OUT_OF_MEMORY = b"m"


def nursery(control: socket.socket, options: dict[str, Any]) -> None:
    """Say whether submissions can be locked up apart, then start one for each request.

    A request is two sockets: one to be asked questions over, and the leash. The answer
    says that the process is there.
    """
    limits = Limits(**options["limits"])
    if options["become"] is not None:
        jail.become(options["become"])
    Shell.instance().warm_up()
    locked = not options["alone"] and _can_lock(options["home"], limits)
    control.sendall(b"+" if locked else b"-")
    # A single submission loads itself what it needs; from the second on it is here.
    waiting = iter([[], options["preload"]])
    while True:
        _, sockets, _, _ = socket.recv_fds(control, 1, 2)
        if len(sockets) < 2:
            return  # the grader is done, or dead
        for module in next(waiting, []):
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        session, leash = (socket.socket(fileno=number) for number in sockets)
        if os.fork() == 0:
            control.close()
            with _last_words():
                _warden(session, leash, options["home"], limits, locked)
        session.close()
        leash.close()
        control.sendall(b".")
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


@contextlib.contextmanager
def _last_words() -> Iterator[None]:
    """Run the body of a forked process, and never come back from it."""
    status = 1
    try:
        yield
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _can_lock(home: str, limits: Limits) -> bool:
    """Try on a fork whether this system lets us make the namespaces."""
    tried = os.fork()
    if tried == 0:
        with _last_words():
            jail.own_namespaces()
            inner = os.fork()
            if inner == 0:
                with _last_words():
                    _lock(home, limits, own=True)
            _, status = os.waitpid(inner, 0)
            if status:
                raise OSError("submissions cannot be locked up apart")
    _, status = os.waitpid(tried, 0)
    return status == 0


def _lock(home: str, limits: Limits, *, own: bool) -> None:
    """Give up what the learner's code must not have, and go home."""
    jail.limit(
        memory=limits.memory,
        processes=limits.processes,
        seconds=limits.total_seconds,
        disk=limits.disk,
    )
    if own:
        jail.own_files(home, limits.disk)
    for folder in ("work", "tmp"):
        Path(home, folder).mkdir(exist_ok=True)
    os.chdir(Path(home, "work"))
    if sys.platform == "linux":
        jail.give_up_privileges()


def _warden(
    session: socket.socket,
    leash: socket.socket,
    home: str,
    limits: Limits,
    locked: bool,
) -> None:
    """Start a learner's process and watch it until the leash is let go."""
    jail.die_with_parent()
    if locked:
        jail.own_namespaces()
    pid = os.fork()
    if pid == 0:
        with _last_words():
            leash.close()
            jail.die_with_parent()
            # A signal to one's process group is not held back by a pid namespace.
            if locked:
                os.setsid()
            _lock(home, limits, own=locked)
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            Learner(session, limits).serve()
    session.close()
    _, to_begin_with = _parent_and_memory(os.getpid())
    while True:
        ready, _, _ = select.select([leash], [], [], TICK)
        if ready:
            if leash.recv(1) != INTERRUPT:
                break  # let go
            os.kill(pid, signal.SIGINT)
        if os.waitpid(pid, os.WNOHANG)[0]:
            return
        if _memory_of_family(pid, to_begin_with) > limits.memory * 1e6:
            leash.sendall(OUT_OF_MEMORY)
            break
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _memory_of_family(pid: int, to_begin_with: int) -> int:
    """Return the bytes that a process and all that come from it have taken.

    `to_begin_with` is what a fork shares with the nursery. A process whose parent has
    died belongs to the first of the pid namespace, which is the learner's.
    """
    try:
        others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return 0  # another system than Linux
    known = {other: _parent_and_memory(other) for other in others}
    family, grown = {pid}, True
    while grown:
        found = {child for child, (parent, _) in known.items() if parent in family}
        grown = not found <= family
        family |= found
    return sum(max(0, known[one][1] - to_begin_with) for one in family if one in known)


def _parent_and_memory(pid: int) -> tuple[int, int]:
    """Return a process's parent, and its bytes of memory that belong to no file."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(errors="replace")
    except OSError:
        return 0, 0  # gone by now
    parent, memory = 0, 0
    for line in status.splitlines():
        if line.startswith("PPid:"):
            parent = int(line.split()[1])
        elif line.startswith(("RssAnon:", "RssShmem:")):
            memory += 1024 * int(line.split()[1])
    return parent, memory


class Learner:
    """What is asked of the learner's process: run a cell, look at names, call one."""

    def __init__(self, session: socket.socket, limits: Limits) -> None:
        self.session = session
        self.limits = limits
        self.shell = Shell.instance()
        self.shell.left = int(limits.output * 1e6)
        self.busy = False
        signal.signal(signal.SIGINT, self.interrupt)
        # Beside the notebook may lie a file named like a module: modules come first.
        sys.path.append(str(Path.cwd()))

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Stop the learner's code, and only that."""
        if self.busy:
            raise KeyboardInterrupt

    def serve(self) -> None:
        """Answer one request after the other until the other side closes."""
        most = int((self.limits.notebook + self.limits.disk) * 1e6)
        while (message := wire.receive(self.session, most)) is not None:
            number, what, *arguments = wire.unpack(message)
            ask: dict[str, Callable[..., Any]] = {
                "files": self.files,
                "run": self.run,
                "take": self.take,
                "look": self.look,
                "call": self.call,
            }
            wire.send(self.session, [number, ask[what](*arguments)])

    def files(self, contents: dict[str, bytes]) -> None:
        """Put files beside the notebook."""
        for name, content in contents.items():
            path = PurePosixPath(name)
            if not path.is_absolute() and ".." not in path.parts:
                # Where there is no room for more, the notebook does without.
                with contextlib.suppress(OSError):
                    Path(path).parent.mkdir(parents=True, exist_ok=True)
                    Path(path).write_bytes(content)

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell; what goes wrong in it is among the outputs."""
        self.busy = True
        try:
            return wire.plain(self.shell.run(source))
        except KeyboardInterrupt:  # as the cell ended, and not for the cell itself
            return []
        finally:
            self.busy = False

    def take(self, values: dict[str, bytes]) -> None:
        """Give names to values that the instructor's cell has made elsewhere."""
        self.shell.user_ns |= {name: wire.unpack(v) for name, v in values.items()}

    def look(self, names: list[str]) -> dict[str, dict[str, Any]]:
        """Say what each name stands for: nothing, a function, or a value."""
        return {name: self.look_at(name) for name in names}

    def look_at(self, name: str) -> dict[str, Any]:
        """Say what one name stands for."""
        if name not in self.shell.user_ns:
            return {"missing": True}
        value = self.shell.user_ns[name]
        if callable(value):
            return {"callable": True}
        return self.sent(value)

    def sent(self, value: Any) -> dict[str, Any]:
        """Return a value as it is sent, or why it can't be."""
        self.busy = True
        try:
            packed = wire.pack(wire.plain(value))
        except BaseException as error:
            return {"refused": str(error)[:500]}
        finally:
            self.busy = False
        if len(packed) > self.limits.value * 1e6:
            return {"refused": f"{len(packed) / 1e6:.0f} MB, too much to send"}
        return {"value": packed}

    def call(self, name: str, packed: bytes) -> dict[str, Any]:
        """Call a function; tell its value, and which arguments it changed in place."""
        args, kwargs = wire.unpack(packed)
        before, keywords_before = wire.unpack(packed)
        self.busy = True
        try:
            with self.shell.collecting():
                value = self.shell.user_ns[name](*args, **kwargs)
        except BaseException as error:
            return {
                "raised": _kinds(error),
                "message": _text(error),
            }
        finally:
            self.busy = False
        changed = {}
        pairs = [*enumerate(zip(args, before, strict=True))]
        pairs += [(k, (kwargs[k], keywords_before[k])) for k in keywords_before]
        for place, (after, kept) in pairs:
            now = self.sent(after).get("value", b"")
            if now and now != wire.pack(kept):
                changed[place] = now
        return self.sent(value) | {"changed": changed}


def _kinds(error: BaseException) -> list[str]:
    try:
        return [str(kind.__name__) for kind in type(error).__mro__]
    except BaseException:  # a class that hides its name
        return []


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


def main() -> None:
    """Run the nursery; the socket to the grader is the standard input."""
    options = json.loads(sys.argv[1])
    control = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    nursery(control, options)


if __name__ == "__main__":
    main()
