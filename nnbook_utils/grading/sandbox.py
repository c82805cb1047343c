"""The sandbox that submissions run in: bubblewrap, and what is put into it.

Inside there is Python, the modules that answers may import with what these need, and
nothing else: no network, no course, no gradebook, no home, no environment.
"""

import ast
import contextlib
import dataclasses
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

from packaging.requirements import Requirement

import nnbook_utils
from nnbook_utils.grading.limits import Limits

PACKAGE = Path(nnbook_utils.__file__).parent
HOME = "/student"
PREFIX = "nnbook-sandbox-"  # of a folder with temporary files
OWNER = "owner"  # a file in it, locked for as long as it is in use
TO_START = TO_ANSWER = 60.0  # seconds until one that says nothing is given up
# Not a user of any system by convention; used only where the grader runs as root.
UNPRIVILEGED = 54321
# What the worker itself needs, which is therefore importable for answers too.
NEEDED = ("numpy", "IPython", "matplotlib_inline")
STAND_IN = '''"""Stands for the tests: cells that import or call them go on."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *arguments, **options: None
'''
STAND_IN_OF_ALL = '''"""Stands for what all tests share."""


def only_imports(*arguments, **options):
    """Say nothing: the grader looks at the imports itself."""
'''


class SandboxMissing(RuntimeError):
    """There is no bubblewrap here, and nobody has accepted the risk of going without.

    Source: the sandbox that submissions run in.
    """


def bubblewrap() -> str:
    """Return the path of bubblewrap.

    Returns
    -------
    str

    Raises
    ------
    SandboxMissing
        If it is not installed; the message says how to get it.

    Source: the sandbox that submissions run in.
    """
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxMissing(
            "Submissions run in a bubblewrap sandbox, and bubblewrap is not installed. "
            "On Debian and Ubuntu: apt install bubblewrap; it needs Linux. With "
            "--without-sandbox they run as you, and may read and change whatever you "
            "may: do that only with submissions that you trust, or in a virtual "
            "machine that you can throw away."
        )
    return path


class Sandbox:
    """A sandbox with an interpreter in it that submissions are forked from.

    Parameters
    ----------
    allowed : sequence of str
        Names of the modules that answers may import, beyond Python's own.
    hidden : iterable of path
        Folders that must not be seen in it, wherever they lie.
    limits : Limits
    accept_the_risk : bool
        Go without bubblewrap where it is not installed.

    Raises
    ------
    SandboxMissing
        If bubblewrap is missing and the risk is not accepted, or does not start.

    Source: the sandbox that submissions run in.
    """

    def __init__(
        self,
        allowed: Sequence[str],
        hidden: Iterable[Path],
        limits: Limits,
        *,
        accept_the_risk: bool = False,
    ) -> None:
        self.limits = limits
        _clear_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.owner = _claim(self.folder)
        self.process: subprocess.Popen[bytes] | None = None
        self.fresh = False  # started, and no submission has run in it yet
        try:
            self.program = bubblewrap()
        except SandboxMissing:
            if not accept_the_risk:
                self.close()
                raise
            self.program = ""
        try:
            _stage(self.folder / "course", allowed)
            self.command = self._command(allowed, [Path(h) for h in hidden])
            self._start()
        except BaseException:
            self.close()
            raise

    def _command(self, allowed: Sequence[str], hidden: Sequence[Path]) -> list[str]:
        root = os.getuid() == 0
        home = HOME if self.program else str(self.folder / "home")
        options = {
            "limits": dataclasses.asdict(self.limits),
            "home": home,
            "preload": [*NEEDED, *allowed, *_often_slow(allowed)],
            "become": UNPRIVILEGED if root and self.program else None,
            "alone": not self.program,
        }
        python = str(Path(sys.executable).resolve())
        work = [python, "-P", "-s", "-B", "-m", "nnbook_utils.grading.worker"]
        work.append(json.dumps(options))
        if not self.program:
            Path(home).mkdir()
            return work
        arguments = [
            # Nothing but what is bound below can be seen, nothing else reached.
            *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
            *("--unshare-cgroup-try", "--hostname", "sandbox", "--new-session"),
            # When the grader dies, however it dies, so does all that runs in here.
            "--die-with-parent",
            "--clearenv",
            *("--cap-drop", "ALL"),
        ]
        if root:  # only to become an unprivileged user at once
            arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            arguments += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
        for name, value in _environment(home).items():
            arguments += ["--setenv", name, value]
        seen = _system_folders()
        for path in seen:
            arguments += _bind(path, path)
        covers = {*_site_folders(), *(path.resolve() for path in hidden)}
        for cover in sorted(covers):
            if any(cover.is_relative_to(path) for path in seen) and cover.is_dir():
                arguments += ["--tmpfs", str(cover), "--remount-ro", str(cover)]
        for source in ("/lib", "/lib64", "/bin"):
            if os.path.islink(source):
                arguments += ["--symlink", os.readlink(source), source]
            elif os.path.isdir(source):
                arguments += _bind(Path(source), Path(source))
        for path in distribution_paths([*NEEDED, *allowed]):
            arguments += _bind(path, Path("/site", path.name))
        arguments += _bind(self.folder / "course", Path("/course"))
        size = str(int(self.limits.disk * 1e6))
        arguments += ["--perms", "0755", "--dir", "/dev"]
        for device in ("/dev/null", "/dev/urandom"):
            arguments += ["--dev-bind", device, device]
        return [
            self.program,
            *arguments,
            *("--proc", "/proc"),
            *("--size", size, "--perms", "1777", "--tmpfs", home),
            # One place to write to, and so one limit.
            *("--perms", "1777", "--dir", f"{home}/tmp"),
            *("--symlink", f"{home[1:]}/tmp", "/tmp"),
            *("--symlink", f"..{home}/tmp", "/dev/shm"),
            *("--remount-ro", "/", "--chdir", "/"),
            "--",
            *work,
        ]

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        said = self.folder / "stderr"
        environment = {"PATH": os.environ.get("PATH", "")}
        if not self.program:
            environment = _environment(str(self.folder / "home"))
            paths = [self.folder / "course", *map(Path, filter(None, sys.path))]
            environment["PYTHONPATH"] = os.pathsep.join(map(str, paths))
        with theirs, said.open("wb") as errors:
            self.process = subprocess.Popen(
                self.command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=errors.fileno(),
                env=environment,
                start_new_session=True,
            )
        self.control = ours
        self.fresh = True
        self.locks: bool | None = None  # unknown until it is ready

    def _wait_until_ready(self) -> None:
        if self.locks is None:
            answer = self._answer(TO_START)
            if not answer:
                said = (self.folder / "stderr").read_text(errors="replace").strip()
                raise SandboxMissing(f"the sandbox does not start: {said[-1000:]}")
            self.locks = answer == b"+"

    def _answer(self, seconds: float) -> bytes:
        """Return what the nursery says next, or nothing if it is dead or frozen."""
        self.control.settimeout(seconds)
        try:
            return self.control.recv(1)
        except OSError:
            return b""

    def open(self) -> tuple[socket.socket, socket.socket]:
        """Start a process for one submission.

        Returns
        -------
        session : socket
            To ask it questions over (see `worker.Learner`).
        leash : socket
            It lives as long as this is held.

        Raises
        ------
        SandboxMissing
            If the sandbox does not start.

        Source: the sandbox that submissions run in.
        """
        self._wait_until_ready()
        # Where submissions cannot be locked up apart, each has a sandbox.
        opened = self._open() if self.fresh or self.locks else None
        if opened is None:
            self._stop()
            self._start()
            self._wait_until_ready()
            opened = self._open()
        if opened is None:
            raise SandboxMissing("the sandbox starts, but runs no submission")
        return opened

    def _open(self) -> tuple[socket.socket, socket.socket] | None:
        """Ask the nursery for a process; None if there is no answer."""
        self.fresh = False
        session, theirs = socket.socketpair()
        leash, its_end = socket.socketpair()
        numbers = [theirs.fileno(), its_end.fileno()]
        with theirs, its_end, contextlib.suppress(OSError):
            socket.send_fds(self.control, [b"s"], numbers)
            if self._answer(TO_ANSWER):
                return session, leash
        session.close()
        leash.close()
        return None

    def _stop(self) -> None:
        if self.process is None:
            return
        self.control.close()
        with contextlib.suppress(ProcessLookupError):
            # Its session: without bubblewrap, what a submission has started as well.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def close(self) -> None:
        """End all that runs in it, and delete what was made for it.

        Source: the sandbox that submissions run in.
        """
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.owner.close()


def _claim(folder: Path) -> BinaryIO:
    """Mark a folder as in use for as long as this process, or the file, is alive."""
    unfinished = folder / f"{OWNER}.part"
    file = unfinished.open("xb")
    fcntl.flock(file, fcntl.LOCK_EX)
    unfinished.rename(folder / OWNER)  # from now on others see it, and see it locked
    return file


def _clear_abandoned() -> None:
    """Delete what graders that were killed have left: ours, and used by nobody."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            state = folder.lstat()
            if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
                continue
            flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with os.fdopen(os.open(folder / OWNER, flags), "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def _environment(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "USER": "student",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": f"{home}/tmp",
        "PYTHONPATH": "/course:/site",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # A second thread would only take the core from another submission.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


def _bind(source: Path, target: Path) -> list[str]:
    """Bind a path read-only, in folders that everybody may enter."""
    made: list[str] = []
    for parent in reversed(target.parents[:-1]):
        made += ["--perms", "0755", "--dir", str(parent)]
    return [*made, "--ro-bind", str(source), str(target)]


def _system_folders() -> list[Path]:
    """Return the folders of the operating system and of Python, none inside another."""
    etc = ("ld.so.cache", "localtime", "fonts", "alternatives")
    folders = [Path("/usr"), Path(sys.base_prefix).resolve()]
    folders.append(Path(sys.executable).resolve().parent)
    folders += [Path("/etc", name) for name in etc]
    kept: list[Path] = []
    for folder in sorted(set(folders), key=lambda path: len(path.parts)):
        if folder.exists() and not any(folder.is_relative_to(k) for k in kept):
            kept.append(folder)
    return kept


def _site_folders() -> set[Path]:
    """Return where packages may be installed, to be hidden: only some are allowed."""
    found = set()
    for base in {Path("/usr"), Path("/usr/local"), Path(sys.base_prefix).resolve()}:
        for name in ("dist-packages", "site-packages"):
            found |= {path.resolve() for path in base.glob(f"lib*/python3*/{name}")}
    return found


def _often_slow(allowed: Sequence[str]) -> list[str]:
    """Return parts of allowed modules to load before submissions come."""
    return ["matplotlib.pyplot"] if "matplotlib" in allowed else []


def distribution_paths(modules: Iterable[str]) -> list[Path]:
    """Return the files and folders of the distributions that modules belong to.

    Parameters
    ----------
    modules : iterable of str

    Returns
    -------
    list of path
        Also those of what these distributions require.

    Source: the metadata of installed distributions.
    """
    tops = {module.split(".")[0] for module in modules}
    # What of our own package may be seen is staged part by part.
    waiting = [owner for top in tops - {PACKAGE.name} for owner in _owners(top)]
    seen: set[str] = set()
    paths: set[Path] = set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required on another system only
        if name == "nnbook":
            continue  # staged part by part
        for requirement in map(Requirement, found.requires or []):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
        tops = _tops(found)
        if not tops:  # a Debian package, which lists only its modules
            all_of_them = _all_owners().items()
            tops = {module for module, owned in all_of_them if found.name in owned}
            tops |= {f"{module}.py" for module in tops}
        for top in tops - {"..", "__pycache__"}:
            path = Path(str(found.locate_file(top)))
            if path.exists() and not top.endswith(".pth"):
                paths.add(path)
    return sorted(paths)


def _owners(module: str) -> Sequence[str]:
    """Return the distributions that a module belongs to.

    Most have its name. To look through all that are installed takes ten times as long.
    """
    with contextlib.suppress(metadata.PackageNotFoundError):
        if {module, f"{module}.py"} & _tops(metadata.distribution(module)):
            return [module]
    return _all_owners().get(module, [])


@cache
def _all_owners() -> Mapping[str, Sequence[str]]:
    """Return the distributions of every module that is installed."""
    return metadata.packages_distributions()


def _tops(distribution: metadata.Distribution) -> set[str]:
    """Return the first parts of the paths of a distribution's files."""
    record = distribution.read_text("RECORD")
    if record is None:
        return {file.parts[0] for file in distribution.files or []}
    # The same, without a path made for each of some thousand files.
    return {re.split("[/,]", line, maxsplit=1)[0] for line in record.splitlines()}


def _stage(folder: Path, allowed: Sequence[str]) -> None:
    """Lay out the part of nnbook_utils that a learner's code may see."""
    package = folder / PACKAGE.name
    (package / "grading").mkdir(parents=True)
    folder.chmod(0o755)
    for name in ("__init__", "jail", "limits", "shell", "wire", "worker"):
        shutil.copy(PACKAGE / "grading" / f"{name}.py", package / "grading")
    shutil.copy(PACKAGE / "__init__.py", package)
    waiting = [name for name in allowed if name.startswith(f"{PACKAGE.name}.")]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py")
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        shutil.copy(path, package / path.relative_to(PACKAGE))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting.append(node.module)
                waiting += [f"{node.module}.{alias.name}" for alias in node.names]
    (package / "checks").mkdir()
    for path in (PACKAGE / "checks").glob("*.py"):
        text = STAND_IN_OF_ALL if path.stem == "__init__" else STAND_IN
        (package / "checks" / path.name).write_text(text, encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
