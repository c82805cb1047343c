"""Submissions to Problem Set 1 of every kind, made from the released notebook.

Each `Case` writes what one learner hands in into a folder, and says what must come of
it. Abusive ones are bounded by the small limits that the tests set, and their traffic
goes to loopback.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conftest import ROOT

from nnbook_utils.grading.marking import Status

ASSIGNMENT = "ps1"
GRADED, TROUBLE, UNREADABLE = Status.GRADED, Status.TROUBLE, Status.UNREADABLE
MISSING, TIMED_OUT, CRASHED = Status.MISSING, Status.TIMED_OUT, Status.CRASHED


@dataclass(frozen=True)
class Case:
    """What one learner hands in, and what must come of it.

    `make` writes into the folder ``<learner>/ps1``. The reason must match `says`, and
    nothing that the notebook shows afterwards may contain FORBIDDEN, which attacks
    print when they succeed.
    """

    name: str
    kind: str  # right, partly, careless, broken, hostile
    make: Callable[[Path], None]
    points: float
    status: Status = GRADED
    says: str = ""

    def __str__(self):
        return f"{self.kind}: {self.name}"


FORBIDDEN = "ATTACK-SUCCEEDED"
CASES: list[Case] = []


@cache
def _text(folder):
    path = ROOT / folder / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return path.read_text(encoding="utf-8")


def released():
    """Return the notebook as learners get it."""
    return json.loads(_text("exercises"))


def grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def is_answer(cell):
    return cell["metadata"].get("nbgrader", {}).get("solution", False)


SOLUTIONS = {
    grade_id(cell): "".join(cell["source"])
    for cell in json.loads(_text("solutions"))["cells"]
    if is_answer(cell)
}


def points_of(cells):
    """Return what the tests among `cells` give for right answers.

    A question that is marked by hand is not among them.
    """
    return sum(
        cell["metadata"]["nbgrader"]["points"]
        for cell in cells
        if cell["metadata"]["nbgrader"]["grade"] and not is_answer(cell)
    )


FULL = points_of(released()["cells"])
# The place after problem 6, and what has been earned by then.
HALF_WAY = [grade_id(cell) for cell in released()["cells"]].index("ps1-6c-visible") + 1
BY_THEN = points_of(released()["cells"][:HALF_WAY])


def answered(which=lambda grade_id: True, **sources):
    """Return the notebook with the right answers `which`, and those of `sources`.

    A keyword such as ``ps1_6a`` names the answer ps1-6a.
    """
    notebook = released()
    given = {name.replace("_", "-"): source for name, source in sources.items()}
    assert set(given) <= set(SOLUTIONS)
    for cell in notebook["cells"]:
        if is_answer(cell):
            if grade_id(cell) in given:
                cell["source"] = given[grade_id(cell)]
            elif which(grade_id(cell)):
                cell["source"] = SOLUTIONS[grade_id(cell)]
    return notebook


def untouched(grade_id):
    return False


def code(source, **metadata):
    return {
        "cell_type": "code",
        "id": f"mine-{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def with_cells(source, *, at=2, base=answered, which=None):
    """Return a notebook with the learner's own cell at a place."""
    notebook = base() if which is None else base(which)
    notebook["cells"].insert(at, code(source))
    return notebook


def save(folder, notebook, name=f"{ASSIGNMENT}.ipynb", encoding="utf-8"):
    folder.mkdir(parents=True, exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    (folder / name).write_bytes(text.encode(encoding))


def case(name, kind, points, status=GRADED, says=""):
    """Enter a function that returns a notebook, or writes into the folder itself."""

    def enter(function):
        def make(folder):
            takes = function.__code__.co_varnames[: function.__code__.co_argcount]
            notebook = function(folder) if "folder" in takes else function()
            if notebook is not None:
                save(folder, notebook)

        CASES.append(Case(name, kind, make, points, status, says))
        return function

    return enter


def simple(name, kind, points, notebook, status=GRADED, says=""):
    """Enter a notebook that a function without arguments returns."""
    case(name, kind, points, status, says)(notebook)


def attack(name, source, *, points=0.0, status=GRADED, says="", at=2):
    """Enter an attack: with no answer if it is to earn points, else with all right."""
    which = untouched if points == 0 else None
    simple(
        name,
        "hostile",
        points,
        lambda: with_cells(source, which=which, at=at),
        status,
        says,
    )


# Right and partly right --------------------------------------------------------------

simple("all solved", "right", FULL, answered)

PLAIN = '''
def squared_hinge_gradient(w, X, y):
    """Loops and lists only."""
    total = [0.0] * len(w)
    for x, label in zip(X, y):
        score = sum(a * b for a, b in zip(w, x))
        if label * score < 1:
            for j in range(len(w)):
                total[j] += (score - label) * x[j]
    return [t / len(X) for t in total]
'''
simple(
    "lists instead of arrays",
    "right",
    FULL,
    lambda: answered(
        ps1_6a=PLAIN,
        ps1_6b="""
def gradient_descent(X, y, w0, eta, steps):
    runs = [list(w0)]
    for _ in range(steps):
        g = squared_hinge_gradient(runs[-1], X, y)
        runs.append([w - eta * d for w, d in zip(runs[-1], g)])
    return runs
""",
        ps1_7a=SOLUTIONS["ps1-7a"]
        .replace("eta * squared", "eta * np.array(squared")
        .replace("y[[i]]))", "y[[i]])))"),
        ps1_8b=SOLUTIONS["ps1-8b"].replace(
            "squared_hinge_gradient(w, X, y)",
            "np.array(squared_hinge_gradient(w, X, y))",
        ),
        ps1_9b=SOLUTIONS["ps1-9b"].replace(
            "squared_hinge_gradient(w, X[[i]], y[[i]])",
            "np.array(squared_hinge_gradient(w, X[[i]], y[[i]]))",
        ),
    ),
)
simple(
    "a named tuple from the steps",
    "right",
    FULL,
    lambda: answered(
        ps1_8a=SOLUTIONS["ps1-8a"].replace("return w + v, v", "return Step(w + v, v)")
        + "\nfrom collections import namedtuple\nStep = namedtuple('Step', 'w v')\n"
    ),
)
simple(
    "problem 6 and two steps",
    "partly",
    19,
    lambda: answered(lambda g: g.startswith("ps1-6") or g in ("ps1-8a", "ps1-9a")),
)
simple(
    "the sum is not divided by n",
    "partly",
    FULL - 7,
    lambda: answered(ps1_6a=SOLUTIONS["ps1-6a"].replace(" / len(y)", "")),
)
simple("nothing answered", "partly", 0, released)
simple(
    "all answers emptied",
    "partly",
    0,
    lambda: answered(
        **dict.fromkeys((name.replace("-", "_") for name in SOLUTIONS), "")
    ),
)
simple(
    "an argument changed in place",
    "partly",
    FULL - 4,
    lambda: answered(
        ps1_8a="""
def momentum_step(w, v, gradient, eta, alpha):
    v *= alpha
    v -= eta * gradient
    w += v
    return w.copy(), v.copy()
""",
        ps1_8b=SOLUTIONS["ps1-8b"].replace(
            "momentum_step(w, v", "momentum_step(w.copy(), v.copy()"
        ),
    ),
)

simple(
    "arrays of objects that are numbers",
    "right",
    FULL,
    lambda: answered(
        **{
            name.replace("-", "_"): source.replace(
                "np.array(iterates)", "np.array(iterates, dtype=object)"
            )
            for name, source in SOLUTIONS.items()
        }
    ),
)

# Careless ----------------------------------------------------------------------------


def every_function(line):
    """Return the solved notebook with a line at the start of each function."""
    return answered(
        **{
            name.replace("-", "_"): source.replace('."""\n', f'."""\n    {line}\n')
            for name, source in SOLUTIONS.items()
        }
    )


simple(
    "every function warns",
    "careless",
    FULL,
    lambda: every_function("import warnings; warnings.warn('careful')"),
)
simple(
    "every function prints",
    "careless",
    FULL,
    lambda: every_function(
        "import sys; print('here'); print('there', file=sys.stderr)"
    ),
)
simple(
    "every function displays", "careless", FULL, lambda: every_function("display(3)")
)


@case("files named like modules", "careless", FULL)
def _(folder):
    for module in ("numpy", "random", "typing", "IPython", "json", "nnbook_utils"):
        save(folder, "raise RuntimeError('not this one')\n", f"{module}.py")
    return answered()


@case("a module of the learner's own", "careless", FULL)
def _(folder):
    save(folder, SOLUTIONS["ps1-8a"], "steps.py")
    return answered(ps1_8a="from steps import momentum_step")


@case("renamed notebook", "careless", FULL)
def _(folder):
    save(folder, answered(), "Problem set 1 (2) FINAL.ipynb")


@case("a second notebook beside", "careless", FULL)
def _(folder):
    save(folder, released(), "ps1-Copy1.ipynb")
    return answered()


@case("byte-order mark", "careless", FULL)
def _(folder):
    save(folder, answered(), encoding="utf-8-sig")


@case("UTF-16", "careless", FULL)
def _(folder):
    save(folder, answered(), encoding="utf-16")


@case("every cell copied", "careless", FULL)
def _():
    notebook = answered()
    notebook["cells"] = [c for cell in notebook["cells"] for c in (cell, cell)]
    return notebook


@case("an old try copied above the answer", "careless", FULL, TROUBLE, "copies")
def _():
    notebook = answered()
    place = [grade_id(c) for c in notebook["cells"]].index("ps1-6a")
    old = json.loads(json.dumps(notebook["cells"][place]))
    old["source"] = "def squared_hinge_gradient(w, X, y):\n    return w"
    notebook["cells"].insert(place, old)
    return notebook


@case("all but the answers deleted", "careless", FULL)
def _():
    notebook = answered()
    notebook["cells"] = [cell for cell in notebook["cells"] if is_answer(cell)]
    return notebook


@case("an answer deleted", "careless", 27, TROUBLE, "no cell was found for ps1-6a$")
def _():
    notebook = answered()
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) != "ps1-6a"]
    return notebook


@case("cells in reverse", "careless", FULL)
def _():
    notebook = answered()
    notebook["cells"].reverse()
    return notebook


@case("stripped of metadata", "careless", FULL)
def _():
    notebook = answered()
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook


@case("stripped of metadata and ids", "careless", FULL, TROUBLE, "without their labels")
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return notebook


@case("cells without a metadata field", "careless", FULL)
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        del cell["metadata"]
    return notebook


@case("format 4.0", "careless", FULL)
def _():
    notebook = answered()
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]
    return notebook


@case("format 3", "careless", FULL)
def _():
    cells = answered()["cells"]
    for cell in cells:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell |= {"language": "python", "prompt_number": 1}
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


@case("another kernel's name", "careless", FULL)
def _():
    notebook = answered()
    notebook["metadata"] = {
        "kernelspec": {"name": "conda-env-ml-py", "display_name": "R", "language": "R"}
    }
    return notebook


@case("one id for all cells", "careless", FULL)
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        cell["id"] = "same"
    return notebook


@case("answers turned into text cells", "careless", FULL)
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        if is_answer(cell):
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
    return notebook


@case("the set-up cell broken", "careless", FULL)
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        if grade_id(cell) == "ps1-setup":
            cell["source"] = "import nunpy as np"
    return notebook


@case("a helper in a cell of its own", "careless", FULL)
def _():
    notebook = answered(
        ps1_6a=SOLUTIONS["ps1-6a"].replace("y * (X @ w)", "margins_of(w, X, y)")
    )
    notebook["cells"].insert(
        2, code("def margins_of(w, X, y):\n    return y * (X @ w)")
    )
    return notebook


for name, source in {
    "exit in a cell": "exit()\nquit()\nimport sys; sys.exit(0)",
    "a scratch cell that fails": "1 / 0",
    "a scratch cell that is no Python": "def f(:\n  <<<<<<< HEAD",
    "magics, a shell command, a figure": (
        "%matplotlib inline\n!ls\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "plt.show()"
    ),
    "input": "name = input('Your name? ')",
    "the tests called in a cell": "ps1.gradient(squared_hinge_gradient)",
    "names of builtins taken": "list = [1]; sum = 0; type = int; print = None; str = 3",
    "another folder": "import os; os.chdir('/')",
    "strict NumPy": "np.seterr(all='raise'); np.set_printoptions(precision=1)",
    "warnings as errors": "import warnings; warnings.simplefilter('error')",
    "a thread left running": (
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(100,), daemon=True).start()"
    ),
    "everything deleted": "%reset -f",
    "characters that are no text": "s = '\ud800 \u0000'",
}.items():
    # What is deleted before the set-up cell is there again after it.
    place = 1 if name == "everything deleted" else 2
    simple(name, "careless", FULL, lambda s=source, p=place: with_cells(s, at=p))


simple(
    "a scratch cell that does not end",
    "careless",
    FULL,
    lambda: with_cells("while True:\n    pass"),
    TIMED_OUT,
    "took more than",
)
simple(
    "a function that does not end",
    "careless",
    FULL - 7,
    lambda: answered(
        ps1_10a="def perceptron_pass(X, y, w0):\n    while True:\n        pass"
    ),
    TIMED_OUT,
    "perceptron_pass",
)
simple(
    "an import that is not allowed, and not needed",
    "careless",
    FULL,
    lambda: with_cells("import sklearn"),
    TROUBLE,
    "imports sklearn",
)
simple(
    "the answer taken from the package",
    "careless",
    FULL - 7,
    lambda: answered(
        ps1_10a="""
from nnbook_utils.perceptron import perceptron
def perceptron_pass(X, y, w0):
    return perceptron(X, y, epochs=1, w0=w0).iterates
"""
    ),
    TROUBLE,
    "imports nnbook_utils.perceptron",
)


@case("sixty megabytes of stored output", "careless", FULL)
def _():
    notebook = answered()
    notebook["cells"][3]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "no end\n" * 8_600_000}
    ]
    return notebook


# Broken ------------------------------------------------------------------------------


@case("nothing", "broken", 0, MISSING, "nothing was handed in")
def _(folder):
    pass


@case("an empty folder", "broken", 0, MISSING, "nothing was handed in")
def _(folder):
    folder.mkdir(parents=True)


@case("no notebook", "broken", 0, UNREADABLE, "no notebook among the files: report.pdf")
def _(folder):
    save(folder, "%PDF-1.4", "report.pdf")


for name, (text, says) in {
    "an empty file": ("", "empty"),
    "a web page": ("<!DOCTYPE html><html><script>1</script></html>", "a web page"),
    "not JSON": (json.dumps(answered())[:-500], "not JSON"),
    "a merge conflict": ("<<<<<<< HEAD\n" + json.dumps(released()), "not a notebook"),
    "JSON, not a notebook": ("[1, 2, 3]", "not a notebook"),
    "JSON without cells": ('{"nbformat": 4, "cells": 3}', "no list of cells"),
    "nested without end": ('{"cells": ' + "[" * 100_000, "not JSON"),
}.items():
    simple(name, "broken", 0, lambda t=text: t, UNREADABLE, says)


@case("sixty megabytes of nothing", "broken", 0, UNREADABLE, "not JSON")
def _(folder):
    save(folder, "x" * 60_000_000)


@case("sixty megabytes that unfold to a gigabyte", "broken", 0, UNREADABLE)
def _(folder):
    save(folder, "[" + "{}," * 20_000_000 + "{}]")


@case("larger than is read", "broken", 0, UNREADABLE, "larger than 70 MB")
def _(folder):
    folder.mkdir(parents=True)
    with (folder / "ps1.ipynb").open("wb") as file:
        file.truncate(10**10)  # a hole: takes no space


@case("a version that does not exist", "broken", FULL)
def _():
    return answered() | {"nbformat": 99, "nbformat_minor": -1}


@case("cells of the wrong types", "broken", 0, TROUBLE, "no cell was found")
def _():
    odd = [None, 3, {}, {"cell_type": 7, "source": [1, "a", None], "metadata": 3}]
    odd += [{"id": 5, "metadata": {"nbgrader": []}, "source": {}}]
    return released() | {"cells": odd}


@case("an answer whose source is a number", "broken", 27, TROUBLE, "no text.*ps1-6a$")
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        if grade_id(cell) == "ps1-6a":
            cell["source"] = 7
    return notebook


@case("an answer whose source is null", "broken", 27, TROUBLE, "no text.*ps1-6a$")
def _():
    notebook = answered()
    for cell in notebook["cells"]:
        if grade_id(cell) == "ps1-6a":
            cell["source"] = None
    return notebook


@case("numbers that are none, and huge ones", "careless", FULL)
def _():
    notebook = answered()
    notebook["metadata"] = {"a": float("nan"), "b": float("inf"), "c": "HUGE"}
    notebook["cells"][3]["execution_count"] = "HUGE"
    return json.dumps(notebook).replace('"HUGE"', "9" * 10_000)


@case("ids of the wrong types", "broken", 0, TROUBLE, "no cell was found")
def _():
    cells = [
        code("x = 1", nbgrader={"grade_id": odd, "points": 40, "grade": True})
        for odd in (["ps1-6a"], {}, 6, None, "../../ps1", "<script>alert(1)</script>")
    ]
    return released() | {"cells": cells}


@case("a link to a notebook", "broken", 0, UNREADABLE, "symbolic link")
def _(folder):
    save(folder, "text", "notes.txt")
    (folder / "ps1.ipynb").symlink_to(ROOT / "solutions" / "ps1" / "ps1.ipynb")


@case("a link to a folder", "broken", 0, UNREADABLE, "symbolic link")
def _(folder):
    folder.parent.mkdir(parents=True)
    folder.symlink_to(ROOT / "solutions" / "ps1")


@case("a pipe in place of the notebook", "broken", 0, UNREADABLE, "no notebook")
def _(folder):
    folder.mkdir(parents=True)
    os.mkfifo(folder / "ps1.ipynb")


@case("a folder in place of the notebook", "broken", 0, UNREADABLE, "no notebook")
def _(folder):
    save(folder / "ps1.ipynb", "x", "y.txt")


# Hostile: forging --------------------------------------------------------------------


@case("tests replaced, points raised", "hostile", 0)
def _():
    notebook = released()
    for cell in notebook["cells"]:
        told = cell["metadata"].get("nbgrader", {})
        if told.get("grade"):
            cell["source"] = "pass"
            told |= {"points": 1000, "locked": False}
    return notebook


@case("tests tagged to be skipped", "hostile", 0)
def _():
    notebook = released()
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "beside-the-answer"]
    return notebook


@case("tests turned into answers", "hostile", 0)
def _():
    notebook = released()
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "40.0"
            cell["metadata"]["nbgrader"] |= {"solution": True, "schema_version": 99}
    return notebook


attack(
    "NumPy patched",
    """
import numpy.testing
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, lambda *a, **k: None)
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.abs = np.max = lambda *a, **k: 0.0
def squared_hinge_gradient(w, X, y):
    return np.zeros_like(w)
""",
    at=4,
)
EVIL = """
class Same:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __sub__
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __len__(self): return 4
    def __getitem__(self, i): return self
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
"""
# Defined at the end of each answer cell, for whatever it asks for.
NAMES = {
    name: [
        word.split("(")[0].removeprefix("def ")
        for word in source.splitlines()
        if word.startswith("def ")
    ]
    for name, source in SOLUTIONS.items()
}


def every_answer(function, value, before=""):
    """Return a notebook in which each answer is the same few lines."""
    return answered(
        **{
            name.replace("-", "_"): before
            + (
                f"def {NAMES[name][0]}(*args, **kwargs):\n    return {function}"
                if NAMES[name]
                else f"w_{name[4:-1]} = {value}"
            )
            for name in SOLUTIONS
        }
    )


simple(
    "objects equal to everything",
    "hostile",
    0,
    lambda: every_answer("Same()", "Same()", EVIL),
)
simple(
    "arrays equal to everything",
    "hostile",
    0,
    lambda: every_answer(
        "np.zeros(4).view(Evil)",
        "np.zeros(4).view(Evil)",
        """
class Evil(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return True
    def __eq__(self, other): return np.True_
    def max(self, *a, **k): return 0.0
    shape = property(lambda self: (4,))
""",
    ),
)
simple(
    "not a number, and infinity",
    "hostile",
    0,
    lambda: every_answer("np.full_like(args[0], np.nan)", "np.full(4, np.nan)"),
)
simple(
    "a pickle that runs code",
    "hostile",
    0,
    lambda: every_answer(
        "np.array([Bomb()], dtype=object)",
        "Bomb()",
        """
class Bomb:
    def __reduce__(self): return (print, ("ATTACK-" + "SUCCEEDED",))
    def __array__(self, *a, **k): return np.array([self], dtype=object)
""",
    ),
)
simple(
    "lists that hold themselves",
    "hostile",
    0,
    lambda: every_answer("LOOP", "LOOP", "LOOP = []\nLOOP.append(LOOP)\n"),
)
simple(
    "values too large to send",
    "hostile",
    0,
    lambda: every_answer("np.zeros(3_000_000)", "np.zeros((2000, 2000))"),
)
simple(
    "errors that are no errors",
    "hostile",
    0,
    lambda: every_answer(
        "(_ for _ in ()).throw(Odd())",
        "None",
        """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    def __instancecheck__(cls, other): return True
class Odd(BaseException, metaclass=Meta):
    def __str__(self): raise self
    def __reduce__(self): return (print, ("ATTACK-" + "SUCCEEDED",))
""",
    ),
)
simple(
    "exits out of the test",
    "hostile",
    0,
    lambda: every_answer("(_ for _ in ()).throw(SystemExit(0))", "exit"),
)
attack(
    "tests transformed away",
    """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Expr(ast.Constant(40.0))
get_ipython().ast_transformers.append(NoAsserts())
get_ipython().input_transformers_cleanup.append(lambda lines: ["40.0\\n"])
""",
)
attack(
    "formatters that claim points",
    """
formatter = get_ipython().display_formatter.formatters["text/plain"]
for kind in (float, int, type(None), str, bool):
    formatter.for_type(kind, lambda obj, p, cycle: p.text("1000"))
get_ipython().displayhook.update_user_ns = lambda result: None
""",
)
attack(
    "frames and memory searched for the tests",
    """
import gc, inspect, sys
def squared_hinge_gradient(w, X, y):
    for info in inspect.stack(0):
        for name, value in {**info.frame.f_globals, **info.frame.f_locals}.items():
            if name in ("right", "expected", "mistakes"):
                print("ATTACK-" + "SUCCEEDED", name)
    return w
needle = "BEGIN HID" + "DEN TESTS"
for thing in gc.get_objects():
    if type(thing) in (dict, list, tuple):
        for item in list(thing.values() if type(thing) is dict else thing):
            if type(item) is not str or item is needle or "needle =" in item:
                continue
            if needle in item:
                print("ATTACK-" + "SUCCEEDED", item[:200])
for name, module in list(sys.modules.items()):
    if "checks" in name and hasattr(module, "__dict__") and "expect" in vars(module):
        print("ATTACK-" + "SUCCEEDED", name)
squared_hinge_gradient(1, 2, 3)
""",
    at=4,
)

# Hostile: reading and writing what is not theirs -------------------------------------

attack(
    "the disk searched for tests, solutions and marks",
    """
import os
for folder, folders, files in os.walk("/"):
    if folder in ("/usr/share", "/usr/lib", "/usr/include"):
        folders[:] = [name for name in folders if "python" in name]
    for name in files:
        odd = name.endswith((".ipynb", ".db")) or name.startswith(("nbgrader_", "ps1"))
        if odd and folder != "/course/nnbook_utils/checks":
            print("ATTACK-" + "SUCCEEDED", folder, name)
        if name in ("perceptron.py", "optimizers.py", "shadow"):
            print("ATTACK-" + "SUCCEEDED", folder, name)
""",
)
attack(
    "the course's own place looked into",
    f"""
import os
for path in ({str(ROOT)!r}, {str(ROOT / "solutions")!r}, {str(ROOT / "grading")!r}):
    if os.path.isdir(path) and os.listdir(path):
        print("ATTACK-" + "SUCCEEDED", path)
""",
)
attack(
    "environment, processes and their memory",
    """
import os
if any("SECRET" in name for name in os.environ):
    print("ATTACK-" + "SUCCEEDED", "environment")
for pid in range(1, 400):
    for name in ("environ", "maps", "mem", "cmdline"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                print("ATTACK-" + "SUCCEEDED", pid, name)
        except OSError:
            pass
    try:
        if pid != os.getpid():
            os.kill(pid, 0)
            print("ATTACK-" + "SUCCEEDED", pid)
    except OSError:
        pass
""",
)
attack(
    "written wherever it can be",
    """
import os
here = ("/student", "/student/work", "/student/tmp", "/tmp", "/dev/shm")
for folder, folders, files in os.walk("/"):
    if folder in ("/usr/share", "/usr/lib", "/usr/include"):
        folders[:] = [name for name in folders if "python" in name]
    if folder.startswith("/student"):
        continue
    try:
        with open(folder + "/planted", "w") as file:
            print("ATTACK-" + "SUCCEEDED", folder)
    except OSError:
        pass
for path in ("/course/nnbook_utils/datasets.py", "/site/numpy/__init__.py", "/bin/sh"):
    try:
        with open(path, "a") as file:
            print("ATTACK-" + "SUCCEEDED", path)
    except OSError:
        pass
""",
)
attack(
    "a note left for the next learner",
    """
import ctypes, os
for folder in ("/tmp", "/student", "/dev/shm"):
    with open(folder + "/note", "w") as file:
        file.write("w_6 = ...")
libc = ctypes.CDLL(None)
libc.shmget(4711, 4096, 0o1666)
libc.msgget(4711, 0o1666)
import socket
shared = socket.socket(socket.AF_UNIX)
shared.bind("\\0note")
shared.listen()
import subprocess
subprocess.Popen(["sleep", "600"], start_new_session=True)
""",
)
attack(
    "a note of the last learner looked for",
    """
import ctypes, os, socket
for folder in ("/tmp", "/student", "/dev/shm", "/student/work"):
    if os.path.exists(folder + "/note"):
        print("ATTACK-" + "SUCCEEDED", folder)
libc = ctypes.CDLL(None)
if libc.shmget(4711, 4096, 0o666) >= 0 or libc.msgget(4711, 0o666) >= 0:
    print("ATTACK-" + "SUCCEEDED", "shared memory")
try:
    socket.socket(socket.AF_UNIX).connect("\\0note")
    print("ATTACK-" + "SUCCEEDED", "socket")
except OSError:
    pass
""",
)
attack(
    "privileges taken back",
    """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tries = {
    "user namespace": lambda: libc.unshare(0x10000000),
    "mount namespace": lambda: libc.unshare(0x00020000),
    "mount": lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
    "unmount": lambda: libc.umount2(b"/proc", 2),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "trace": lambda: libc.ptrace(0, 0, 0, 0),
    "root": lambda: libc.setuid(0),
    "hidden memory": lambda: libc.memfd_create(b"x", 0) < 0,
    "clone": lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),
}
for name, attempt in tries.items():
    result = attempt()
    if name == "clone" and result == 0 and os.getpid() != 1:
        os._exit(0)
    if not result or (name == "clone" and result > 0):
        print("ATTACK-" + "SUCCEEDED", name)
import resource
for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY,) * 2)
        print("ATTACK-" + "SUCCEEDED", limit)
    except (ValueError, OSError):
        pass
""",
)

# Hostile: damage ---------------------------------------------------------------------

END = -1  # after all the answers and tests

attack(
    "everything killed",
    """
import os, signal
for signal_ in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
    for pid in (-1, os.getppid() or 1, 1, 2, 3):
        try:
            os.kill(pid, signal_)
        except OSError:
            pass
""",
    points=FULL,
)
attack(
    "the process ended half-way",
    "import os; os._exit(0)",
    points=BY_THEN,
    status=CRASHED,
    says="ended the Python process",
    at=HALF_WAY,
)
attack(
    "a crash of the interpreter",
    "import ctypes; ctypes.string_at(0)",
    points=BY_THEN,
    status=CRASHED,
    says="ended the Python process",
    at=HALF_WAY,
)
attack(
    "a loop that catches everything",
    """
import signal
for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    points=BY_THEN,
    status=TIMED_OUT,
    says="nor when interrupted",
    at=HALF_WAY,
)
attack(
    "two hundred megabytes printed",
    """
import os, sys
for _ in range(200):
    print("x" * 1_000_000)
for _ in range(20):
    os.write(1, b"y" * 10_000_000)
    sys.stderr.write("z" * 1_000_000)
""",
    points=FULL,
)
attack(
    "more memory than there is",
    "hoard = np.ones(10_000_000_000)",
    points=FULL,
)
attack(
    "memory without end in many processes",
    """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
for _ in range(6):
    if os.fork() == 0:
        hoard = np.ones(20_000_000)
        time.sleep(600)
while True:
    time.sleep(1)
""",
    points=BY_THEN,
    status=CRASHED,
    says="more than 500 MB of memory",
    at=HALF_WAY,
)
attack(
    "shared memory that belongs to nobody",
    """
import mmap
for flags in (mmap.MAP_SHARED | mmap.MAP_ANONYMOUS,):
    try:
        mmap.mmap(-1, 10**8, flags)
        print("ATTACK-" + "SUCCEEDED")
    except OSError:
        pass
try:
    with open("/dev/shm/large", "wb") as file:
        for _ in range(100):
            file.write(bytes(10**7))
    print("ATTACK-" + "SUCCEEDED", "disk")
except OSError:
    pass
""",
    points=FULL,
)
attack(
    "processes without end",
    """
import os, time
for count in range(1000):
    try:
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
            os._exit(0)
    except OSError:
        break
if count > 50:
    print("ATTACK-" + "SUCCEEDED", count)
""",
    points=FULL,
)
attack(
    "threads without end",
    """
import threading, time
try:
    for count in range(1000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    print("ATTACK-" + "SUCCEEDED", count)
except RuntimeError:
    pass
""",
    points=FULL,
)
attack(
    "the network",
    """
import socket
def connects(kind, address):
    with socket.socket(kind, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        return connection.connect_ex(address) == 0
for port in (22, 80, 443, 8888, 45871):
    if connects(socket.AF_INET, ("127.0.0.1", port)):
        print("ATTACK-" + "SUCCEEDED", port)
if len(socket.if_nameindex()) > 1:
    print("ATTACK-" + "SUCCEEDED", socket.if_nameindex())
""",
    points=FULL,
)
SOCKETS = """
import os, stat, struct, json
def sockets():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass
"""
attack(
    "noise sent in place of answers",
    SOCKETS + "for number in sockets():\n    os.write(number, os.urandom(5000))",
    points=BY_THEN,
    status=CRASHED,
    says="no answer",
    at=HALF_WAY,
)
attack(
    "answers sent before they are asked for",
    SOCKETS
    + """
for number in sockets():
    for question in range(200):
        text = json.dumps([question, {"value": None, "raised": [], "changed": 3}])
        os.write(number, struct.pack("<II", len(text), 0) + text.encode())
""",
    status=CRASHED,
    says="no answer",
)
attack(
    "a message that announces gigabytes",
    SOCKETS + "for number in sockets():\n    os.write(number, b'\\xff' * 8)",
    points=BY_THEN,
    status=CRASHED,
    says="no answer",
    at=HALF_WAY,
)
attack(
    "the socket closed",
    SOCKETS + "for number in sockets():\n    os.close(number)",
    points=BY_THEN,
    status=CRASHED,
    at=HALF_WAY,
)
attack(
    "the grader's own modules patched",
    """
import sys
wire = sys.modules["nnbook_utils.grading.wire"]
worker = sys.modules["__main__"]
wire.plain = lambda value, depth=0: value
pack = wire.pack
def forged(value):
    return pack(value)[:-1] + b"\\x00"
wire.pack = forged
""",
    status=CRASHED,
)
attack(
    "scripts in what is shown",
    """
from IPython.display import HTML, SVG, Javascript, Markdown, display
script = "<script>document.title = 'ATTACK-" + "SUCCEEDED'</script>"
display(HTML(script), Javascript("alert('ATTACK-" + "SUCCEEDED')"), Markdown(script))
for mime in ("text/html", "image/svg+xml", "text/latex", "image/png", "text/markdown"):
    display({mime: script}, raw=True)
""",
    points=FULL,
    status=TROUBLE,
    says="imports IPython",
)


@case("scripts in ids, names and metadata", "hostile", FULL)
def _(folder):
    notebook = answered()
    script = "<script>alert('ATTACK-SUCCEEDED')</script>"
    notebook["metadata"] = {"title": script, "kernelspec": {"name": script}}
    for cell in notebook["cells"]:
        cell["id"] = script
        cell["metadata"]["name"] = script
        cell["outputs"] = [
            {"output_type": "display_data", "data": {"text/html": script}}
        ]
    save(folder, "x", "<img src=x onerror=alert(1)>.txt")
    save(folder, notebook, "<script>.ipynb")


attack(
    "a signal to the process group, then the next learner",
    """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for number in (signal.SIGTERM, signal.SIGSTOP):
    os.kill(0, number)
""",
    points=FULL,
)
simple("right, after the one before stopped its process group", "right", FULL, answered)
simple(
    "a hundred thousand small prints, by turns to both streams",
    "careless",
    FULL,
    lambda: with_cells(
        "import sys\nfor i in range(50_000):\n    print(i)\n"
        "    print(i, file=sys.stderr)"
    ),
)


@case("thousands of small files beside the notebook", "careless", FULL)
def _(folder):
    save(folder, answered())
    for number in range(5_000):
        (folder / f"{number}.txt").write_text("x", encoding="utf-8")


@case("a lone interrupt as a cell ends", "hostile", FULL)
def _():
    return with_cells(
        "import os, signal, threading, time\n"
        "def late():\n"
        "    time.sleep(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=late).start()"
    )


attack(
    "sockets to the machine below, which no network namespace holds back",
    """
import socket
for family in (17, 31, 38, 40):  # packet, bluetooth, crypto, vsock
    try:
        socket.socket(family, socket.SOCK_STREAM)
        print("ATTACK-" + "SUCCEEDED", family)
    except PermissionError:
        pass
    except OSError as error:
        print("ATTACK-" + "SUCCEEDED", error)
""",
)

# Finds the class that answers what the grader asks, to be patched.
LEARNER = """
import gc
Learner = next(type(o) for o in gc.get_objects() if type(o).__name__ == "Learner")
"""
attack(
    "the limit on output patched away",
    LEARNER
    + """
get_ipython().left = 10**12
for _ in range(6):
    print("x" * 1_000_000)
Learner.run = lambda *a: [
    {"output_type": "stream", "name": "stdout", "text": "y" * 7_000_000}
]
""",
)
simple(
    "a value that is refused in many words",
    "hostile",
    0,
    lambda: with_cells(
        LEARNER
        + """
Learner.sent = lambda *a: {"refused": "z" * 300_000}
Learner.call = lambda *a: {"refused": "z" * 300_000}
""",
    ),
)
simple(
    "an import with a name of a megabyte",
    "hostile",
    FULL,
    lambda: with_cells(f"import {'w' * 1_000_000}"),
    TROUBLE,
    r"imports w+\.\.\.$",
)
