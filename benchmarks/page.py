"""A page of the book against the same page as Jupyter Book makes it by itself.

Both are served from this machine without compression, over a line that is cut to a
slow one (1.6 Mbit/s, 150 ms), with an empty cache. A page is usable once its text is
seen and every formula in it is set. The page of plain Jupyter Book asks other hosts for
scripts. They are answered from here as far as they are at hand: MathJax, if `--mathjax`
names the folder that has its tex-mml-chtml.js (the package sphinx-mathjax-offline has
one, in sphinx-mathjax-offline/static/mathjax). What is not at hand is named, and weighs
nothing here. Finding the other hosts and agreeing on keys with them costs nothing here
either, and the plain book has this page alone, so its lists of contents are short. All
of this favours plain Jupyter Book.

    python benchmarks/page.py [--mathjax FOLDER] [--page book/...]

It needs the built book and Chromium, and takes two minutes. The goal: half the time.
"""

import argparse
import functools
import http.server
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from browser import launch  # noqa: E402

HTML = ROOT / "_build" / "html"
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
RUNS = 3
GOAL = 0.5
PATIENCE = 120_000  # milliseconds
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
USABLE = r"""(formulae) => {
  const text = document.querySelector("article, main");
  if (!text || getComputedStyle(text).visibility !== "visible") return false;
  const left = formulae ? [...document.querySelectorAll(".math")] : [];
  return left.every((one) => !/\\[(\[]/.test(one.innerText)) && performance.now();
}"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a built book; what it asks of other hosts is asked of this one."""

    def __init__(self, *given, folder, mathjax, absent):
        self.mathjax, self.absent = mathjax, absent
        super().__init__(*given, directory=str(folder))

    def do_GET(self):
        """Answer with a file, or with what stands in for one of another host."""
        path = unquote(urlsplit(self.path).path)
        if path.endswith(".html"):
            text = Path(self.translate_path(path)).read_text("utf-8")
            here = f"http://127.0.0.1:{self.server.server_port}/-/"
            text = re.sub(r'(src="|import\(")https://', rf"\1{here}", text)
            self._send(text.encode(), "text/html")
        elif path.startswith("/-/"):
            inside = path.partition("/es5/")[2]
            file = self.mathjax / inside if self.mathjax and inside else None
            if file and file.is_file():
                kind = "font/woff" if file.suffix == ".woff" else "text/javascript"
                self._send(file.read_bytes(), kind)
            else:
                self.absent.add(path.removeprefix("/-/"))
                self.send_error(404)
        else:
            super().do_GET()

    def _send(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        """Say nothing of requests."""


def build_plain(folder: Path, page: str) -> Path:
    """Build the page with no configuration but what its text needs."""
    for name in ("book", "nnbook_utils"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {page}\n")
    ours = yaml.safe_load((ROOT / "_config.yml").read_text())
    plain = {
        "title": ours["title"],
        "only_build_toc_files": True,
        "parse": ours["parse"],
        "bibtex_bibfiles": ours["bibtex_bibfiles"],
        "sphinx": {"extra_extensions": ["sphinx_proof"]},
    }
    (folder / "_config.yml").write_text(yaml.safe_dump(plain))
    command = Path(sys.executable).with_name("jupyter-book")
    done = subprocess.run(
        [command, "build", folder],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"plain Jupyter Book fails:\n{done.stderr[-3000:]}")
    return folder / "_build" / "html"


def serve(folder: Path, mathjax: Path | None) -> tuple[str, set[str]]:
    """Serve a folder; return its address, and a set for what is not at hand."""
    absent: set[str] = set()
    handler = functools.partial(Handler, folder=folder, mathjax=mathjax, absent=absent)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", absent


def visit(browser, address: str, *, formulae: bool) -> dict[str, float]:
    """Open a page once, as somebody who has never been there, until it is usable."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(SHIFTS)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", LINE)
    answers = []
    page.on("requestfinished", lambda request: answers.append(request))
    page.goto(address, wait_until="commit", timeout=PATIENCE)
    usable = page.wait_for_function(USABLE, arg=formulae, timeout=PATIENCE).json_value()
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    page.wait_for_timeout(3000)  # formulae that are set ask for fonts
    found = [(r, r.response()) for r in answers if not r.url.startswith("data:")]
    seen = {
        "seconds": usable / 1000,
        "kB": sum(r.sizes()["responseBodySize"] for r, a in found if a.ok) / 1000,
        "requests": len(found),
        "to other hosts": sum("/-/" in r.url for r, _ in found),
        "shift": page.evaluate("() => window.shifted"),
    }
    context.close()
    return seen


def main() -> int:
    """Print a table; return 0 if the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mathjax", type=Path, help="the folder of MathJax 3")
    parser.add_argument("--page", default="book/gradient_descent/following_the_slope")
    given = parser.parse_args()
    if not HTML.exists():
        sys.exit("The book is not built: run `make book` first.")
    if given.mathjax and not (given.mathjax / "tex-mml-chtml.js").exists():
        sys.exit(f"{given.mathjax} has no tex-mml-chtml.js")
    medians = {}
    with tempfile.TemporaryDirectory(prefix="nnbook-bench-") as folder:
        folders = {"ours": HTML, "plain": build_plain(Path(folder), given.page)}
        with launch() as browser:
            for name, html in folders.items():
                address, absent = serve(html, given.mathjax)
                formulae = name == "ours" or given.mathjax is not None
                if not formulae:
                    print("plain: no --mathjax, so its formulae are not waited for")
                page = f"{address}/{given.page}.html"
                runs = [visit(browser, page, formulae=formulae) for _ in range(RUNS)]
                medians[name] = {
                    key: statistics.median(run[key] for run in runs) for key in runs[0]
                }
                if absent:
                    print(f"{name}: not at hand, weighs nothing: {sorted(absent)}")
    print(f"{given.page}, 1.6 Mbit/s and 150 ms, median of {RUNS}")
    for key in medians["ours"]:
        print(f"{key:15} ours {medians['ours'][key]:8.2f}", end="   ")
        print(f"plain {medians['plain'][key]:8.2f}")
    ratio = medians["ours"]["seconds"] / medians["plain"]["seconds"]
    print(f"usable after {ratio:.2f} of the time (goal: at most {GOAL})")
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
