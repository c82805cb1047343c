"""What all demos share on the Python side."""

import math
from pathlib import Path
from typing import Any, ClassVar

from traitlets import Float

from nnbook_utils._page import InPage, bundle

FOLDER = Path(__file__).parent


class Finite(Float[float, Any]):
    """A trait for a number that JSON can carry: not infinite, and not NaN."""

    info_text = "a finite number"

    def validate(self, obj: Any, value: Any) -> float:
        """Return `value` as a float within the bounds, or raise a TraitError."""
        number: float = super().validate(obj, value)
        if not math.isfinite(number):
            self.error(obj, value)
        return number


class Demo(InPage):
    """A live figure: the same module in JupyterLab and in a page of the book.

    A subclass sets ``module`` and ``sentence``, and declares as traits what a reader
    can set. Python can read and set them while the demo runs. Its ``still``, which
    stands where no script runs, may be drawn with other settings than the default.

    Notes
    -----
    Source: the modules beside this file, one for each demo; ``core.js`` holds what
    they share and ``engine/`` their mathematics.
    """

    all: ClassVar[dict[str, type["Demo"]]] = {}
    still: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the class its JavaScript and its style."""
        if "module" in vars(cls):  # anywidget makes further subclasses
            cls._esm = bundle(FOLDER / f"{cls.module}.js")
            sheets = [FOLDER / "demo.css", FOLDER / f"{cls.module}.css"]
            cls._css = "".join(s.read_text("utf-8") for s in sheets if s.exists())
            Demo.all[cls.module] = cls
        super().__init_subclass__(**kwargs)
