"""Imports that an assignment does not allow are found and named."""

import sys
import types

import pytest

from nnbook_utils.checks import _imports, only_imports

ALLOWED = ("numpy", "matplotlib", "nnbook_utils.datasets")

REFUSED = {
    "import sklearn": "sklearn",
    "import scipy.optimize as so": "scipy.optimize",
    "from nnbook_utils import optimizers": "nnbook_utils.optimizers",
    "from nnbook_utils.mlp import MLP": "nnbook_utils.mlp.MLP",
    "import nnbook_utils": "nnbook_utils",
    "def f():\n    import torch\n    return torch": "torch",
    "try:\n    from nnbook_utils.graph import Value\nexcept ImportError:\n    pass": (
        "nnbook_utils.graph.Value"
    ),
    "%matplotlib inline\nimport autograd": "autograd",
    "m = __import__('sklearn.svm')": "sklearn.svm",
    "import importlib\nimportlib.import_module('torch')": "torch",
    "from importlib import import_module\nimport_module('torch')": "torch",
    "import numpyro": "numpyro",
}
TAKEN = [
    "import numpy as np",
    "import numpy.linalg",
    "from numpy.linalg import lstsq",
    "import matplotlib.pyplot as plt",
    "from nnbook_utils import datasets",
    "from nnbook_utils.datasets import eight_samples",
    "import math, itertools\nfrom collections import deque",
    "from nnbook_utils.checks import only_imports, ps1",
    "%matplotlib inline\n!ls\n?len",
    "this is not Python",
    "x = 1  # import sklearn",
]


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_not_allowed_is_named(source):
    name = REFUSED[source]
    assert _imports.not_allowed(source, ALLOWED) == [name]
    with pytest.raises(AssertionError, match=rf"import {name}, which .*numpy"):
        only_imports(ALLOWED, ["import numpy", source])


@pytest.mark.parametrize("source", TAKEN)
def test_what_is_allowed_passes(source):
    assert _imports.not_allowed(source, ALLOWED) == []
    only_imports(ALLOWED, [source])


def test_in_a_notebook_the_cells_run_so_far_are_looked_at(monkeypatch):
    run = ["", "import numpy", "import torch"]
    shell = types.SimpleNamespace(user_ns={"In": run})
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    with pytest.raises(AssertionError, match="import torch, which"):
        only_imports(ALLOWED)
    run.pop()
    only_imports(ALLOWED)
    ipython.get_ipython = lambda: None
    only_imports(ALLOWED)
