"""Run notebook cells in one IPython shell and collect what they show.

The same shell serves both sides: the learner's cells inside the sandbox and the test
cells outside. It is not a Jupyter kernel: no sockets, no threads, so that a process
that holds one can be forked.
"""

import contextlib
import io
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Output = dict[str, Any]


class _Stream(io.TextIOBase):
    """What stands for sys.stdout or sys.stderr while cells run."""

    encoding = "utf-8"

    def __init__(self, shell: "Shell", name: str) -> None:
        self.shell = shell
        self.name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() needs a str, not {type(text).__name__}")
        self.shell.add_text(self.name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    """Takes what `display` shows."""

    def publish(
        self, data: Any, metadata: Any = None, *others: Any, **options: Any
    ) -> None:
        if isinstance(self.shell, Shell):
            self.shell.add_data("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        if isinstance(self.shell, Shell):
            self.shell.outputs.clear()


class _LastValue(DisplayHook):
    """Takes the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if isinstance(self.shell, Shell):
            self.shell.add_data("execute_result", format_dict, md_dict)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """An IPython shell that keeps a cell's outputs in nbformat's form.

    Source: IPython's own kernel does the same over sockets.
    """

    outputs: list[Output]
    left = 1_000_000  # how many characters of output are still kept

    settings: ClassVar[Config] = Config(
        InteractiveShell={"colors": "nocolor", "display_page": True},
        HistoryManager={"enabled": False, "hist_file": ":memory:"},
    )

    def __init__(self, **options: Any) -> None:
        self.outputs = []
        super().__init__(  # type: ignore[no-untyped-call]
            config=self.settings,
            display_pub_class=_Publisher,
            displayhook_class=_LastValue,
            **options,
        )

    def warm_up(self) -> None:
        """Load now what the first cell and the first error would load."""
        self.run("1 / 0")
        self.reset(new_session=True)  # type: ignore[no-untyped-call]

    def run(self, source: str) -> list[Output]:
        """Run one cell and return its outputs; an error is one of them.

        Parameters
        ----------
        source : str

        Returns
        -------
        list of dict
            As in a notebook file.

        Source: IPython's own kernel does the same over sockets.
        """
        with self.collecting():
            self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        return self.outputs

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Start with no outputs, and keep what is printed."""
        self.outputs = []
        kept = sys.stdout, sys.stderr
        sys.stdout = _Stream(self, "stdout")
        sys.stderr = _Stream(self, "stderr")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = kept

    def add_text(self, name: str, text: str) -> None:
        """Keep what was printed, up to the limit; then say that the rest is not."""
        if self.left <= 0 or not text:
            return
        self.left -= len(text)
        if self.left <= 0:
            text = (
                text[: self.left or None] + "\n[the rest of the output is left out]\n"
            )
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def add_data(self, kind: str, data: Any, metadata: Any) -> None:
        """Keep what was displayed, text and pictures."""
        found = {
            mime: content
            for mime, content in dict(data).items()
            if isinstance(content, str) and len(content) <= self.left
        }
        self.left -= sum(map(len, found.values()))
        output: Output = {"output_type": kind, "data": found, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = self.execution_count
        self.outputs.append(output)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        lines = [str(line)[: max(0, self.left)] for line in stb]
        self.left -= sum(map(len, lines))
        self.outputs.append(
            {
                "output_type": "error",
                "ename": str(getattr(etype, "__name__", etype)),
                "evalue": str(evalue)[:10_000],
                "traceback": lines,
            }
        )

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> list[Any]:
        """Keep no second copy of each error for a history that is not kept either."""
        return []

    def system(self, cmd: str) -> None:
        """Run a shell command (``!ls``) and print what it prints."""
        done = subprocess.run(
            cmd,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        print(done.stdout.decode(errors="replace"), end="")

    def enable_gui(self, gui: Any = None) -> None:
        """Accept ``%matplotlib inline``: pictures are always kept."""

    def ask_exit(self) -> None:
        """Ignore ``exit``: the cells that follow still count."""


class TestShell(Shell):
    """The shell that test cells run in: an error is its message, without a trace.

    The trace would lead through the grader's own code, which helps nobody, and through
    hidden tests; and it takes longer to draw than most tests take to run.

    Source: IPython's own kernel does the same over sockets.
    """

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Keep the name of the error and its message."""
        kind, error, _trace = sys.exc_info()
        name = getattr(kind, "__name__", "Error")
        self._showtraceback(kind, error, [f"{name}: {error}"])

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Keep the name of the error and its message."""
        self.showtraceback()


def error_of(outputs: list[Output]) -> Mapping[str, Any] | None:
    """Return the error among a cell's outputs, or None.

    Parameters
    ----------
    outputs : list of dict

    Returns
    -------
    mapping or None

    Source: the format of notebooks.
    """
    return next((o for o in outputs if o.get("output_type") == "error"), None)
