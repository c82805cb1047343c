"""The code that the chapters, the exercises and the grader of nnbook share.

The package is part of the book and meant to be read. Its floors, each importing
only from those below it:

======================================  ===========================================
``datasets activations``, ``costs``     plain functions on arrays
``regression optimizers graph``         closed forms, update rules, a scalar graph
``perceptron mlp beyond``               models
``gradcheck plots``                     checking and seeing
======================================  ===========================================

A module is loaded when it is first used, so that importing the package costs no more
than importing NumPy.
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - in the order of the floors
    "datasets",
    "activations",
    "costs",
    "regression",
    "optimizers",
    "graph",
    "perceptron",
    "mlp",
    "beyond",
    "gradcheck",
    "plots",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
