"""Show the book in the browser while it is written.

    python tools/serve_book.py [--port 8000] [--open]

Builds the book, serves it on this machine, and watches its sources. A notebook that is
saved is run, the pages that depend on it are drawn again, and the browser shows them.
What fails is said here and in the page, which stays as it was.
"""

import argparse
import functools
import http.server
import io
import json
import multiprocessing
import os
import re
import sys
import threading
import time
import webbrowser
from contextlib import redirect_stderr, redirect_stdout, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
from build_book import BUILD, execute, forget, lacking, run_and_store
from notebooks import ROOT, kernel_environment
from watchfiles import DefaultFilter, watch

HTML = BUILD / "html"
WATCHED = ("book", "nnbook_utils", "tools", "_config.yml", "_toc.yml", "genindex.md")
# What every drawing needs and no edit changes. The package is not among it.
PRELOADED = [
    "anywidget",
    "jupyter_book.sphinx",
    "matplotlib.pyplot",
    "myst_nb.sphinx_ext",
    "numpydoc",
    "sklearn",
    "sphinx.builders.html",
    "sphinx.ext.autodoc",
    "sphinx_book_theme",
    "sphinx_design",
    "sphinx_proof",
    "sphinxcontrib.bibtex",
    "tinycss2",
]
WAIT = 20  # seconds that a page's question for news is kept open

ASK = """<script>
(async (news) => {
  for (;;) {
    document.getElementById("nn-trouble")?.remove();
    if (news.trouble) {
      const box = document.createElement("pre");
      box.id = "nn-trouble";
      box.role = "alert";
      box.textContent = news.trouble;
      box.style = "position:fixed;inset:auto 0 0 0;z-index:9999;max-height:50vh;" +
        "overflow:auto;margin:0;padding:1rem;background:#fff3e0;color:#222;" +
        "border-top:4px solid #a85500;white-space:pre-wrap";
      document.body.append(box);
    }
    const seen = news.version;
    while (news.version === seen) {
      try {
        news = await (await fetch(`/-/news?seen=${seen}`)).json();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    if (news.drawn) return location.reload();
  }
})(%s);
</script>"""


class News:
    """What the open pages wait for: a version, and what went wrong in making it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._news: dict[str, object] = {"version": "", "trouble": "", "drawn": True}

    def tell(self, trouble: str, *, drawn: bool) -> None:
        """Let all pages know what is new: complaints, and whether pages are drawn."""
        with self._changed:
            version = str(time.time_ns())  # no other server's either
            self._news = {"version": version, "trouble": trouble, "drawn": drawn}
            self._changed.notify_all()

    def after(self, seen: str | None = None) -> dict[str, object]:
        """Return the news: now, or once they are others than those that were seen."""
        with self._changed:
            self._changed.wait_for(lambda: self._news["version"] != seen, WAIT)
            return self._news


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the built book; a page asks for news of itself."""

    def __init__(self, *given: object, news: News) -> None:
        self.news = news
        super().__init__(*given, directory=str(HTML))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the news, a page that asks for them, or another file."""
        parts = urlsplit(self.path)
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        if parts.path == "/-/news":
            seen = parse_qs(parts.query).get("seen", [""])[0]
            self._send(json.dumps(self.news.after(seen)), "application/json")
        elif file.suffix == ".html" and file.exists():
            text = file.read_text("utf-8")
            asking = ASK % json.dumps(self.news.after()).replace("</", "<\\/")
            self._send(text.replace("</body>", asking + "</body>"), "text/html")
        else:
            super().do_GET()

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        # The reader may have closed the page by then.
        with suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *given: object) -> None:
        """Say nothing of requests."""


def draw(end: Connection) -> None:
    """Draw the pages that have changed; send back what was complained of."""
    from jupyter_book.sphinx import build_sphinx

    os.environ.update(kernel_environment(), NNBOOK_DRAFT="1")
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(io.StringIO()):
        answer = build_sphinx(
            ROOT,
            HTML,
            noconfig=True,
            path_config=ROOT / "_config.yml",
            confoverrides={
                "nitpicky": True,
                "external_toc_path": str(ROOT / "_toc.yml"),
                "latex_individualpages": False,
            },
            quiet=True,
        )
    failure = f"{answer}\n" if isinstance(answer, Exception) else ""
    end.send(said.getvalue() + failure)


def drawn() -> str:
    """Let a process that has all libraries loaded draw the pages; return complaints."""
    mine, its = context().Pipe(duplex=False)
    worker = context().Process(target=draw, args=(its,))
    worker.start()
    its.close()
    try:
        return str(mine.recv())
    except EOFError:
        return "The pages could not be drawn: the process that draws them has ended."
    finally:
        worker.join()


@functools.cache
def context() -> multiprocessing.context.ForkServerContext:
    """Return what makes such processes, each new and each with a start."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOADED)
    return made


def whole(paths: list[Path]) -> list[Path]:
    """Return the notebooks that can be read; say of the others that they wait."""
    found = []
    for path in paths:
        try:
            nbformat.read(path, as_version=4)
        except (OSError, ValueError, AttributeError, nbformat.ValidationError):
            print(f"{path.relative_to(ROOT)} is half saved, or broken: waiting")
        else:
            found.append(path)
    return found


def plain(text: str) -> str:
    """Return `text` without the colours of a terminal."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def renew(changed: set[Path], jobs: int, news: News) -> None:
    """Run and draw what has `changed`, and tell what came of it."""
    notebooks = sorted(p for p in changed if p.suffix == ".ipynb" and p.exists())
    readable = whole(notebooks)
    others = changed - set(notebooks)
    if not readable and not others:
        return
    if any(path.is_relative_to(ROOT / "nnbook_utils") for path in others):
        forget()
        print("The package has changed: a notebook is run with it once it is saved.")
    failures = run_and_store(lacking(readable), jobs)
    if failures:
        trouble = "\n\n".join(failures)
    else:
        started = time.perf_counter()
        trouble = drawn()
        print(f"drawn in {time.perf_counter() - started:.1f} s")
    print(trouble, flush=True)
    news.tell(plain(trouble), drawn=not failures)


class Sources(DefaultFilter):
    """What is watched: no bytecode, no checkpoint, nothing that an editor hides."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--open", action="store_true", help="open it in the browser")
    given = parser.parse_args()
    failures = execute(given.jobs)
    trouble = "\n\n".join([*failures, drawn()]).strip()
    print(trouble, flush=True)
    news = News()
    news.tell(plain(trouble), drawn=True)
    handler = functools.partial(Handler, news=news)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", given.port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"{address} shows the book and follows what you save. Ctrl+C ends it.")
    sys.stdout.flush()
    if given.open and sys.stdout.isatty():
        webbrowser.open(address)
    paths = [ROOT / name for name in WATCHED if (ROOT / name).exists()]
    for changes in watch(
        *paths, watch_filter=Sources(), debounce=400, step=50, raise_interrupt=False
    ):
        renew({Path(path) for _, path in changes}, given.jobs, news)


if __name__ == "__main__":
    main()
