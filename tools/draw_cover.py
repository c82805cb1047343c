"""Draw the book's cover and its icon: momentum finding its way down a valley.

Run it after changing it: ``python tools/draw_cover.py``. A test holds the stored
pictures to what this prints.
"""

from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure

from nnbook_utils import optimizers
from nnbook_utils.plots import NEGATIVE, POSITIVE

STATIC = Path(__file__).parent.parent / "book" / "_page" / "static"


def valley(w: np.ndarray) -> np.ndarray:
    """Return the cost at (..., 2) weights: a banana-shaped valley."""
    return 0.08 * (1.2 - w[..., 0]) ** 2 + (w[..., 1] - 0.45 * w[..., 0] ** 2) ** 2


def slope(w: np.ndarray) -> np.ndarray:
    """Return the gradient of `valley` at (2,) weights."""
    off = w[1] - 0.45 * w[0] ** 2
    return np.array([-0.16 * (1.2 - w[0]) - 1.8 * w[0] * off, 2 * off])


def draw(
    path: Path, size: tuple[float, float], window: tuple[float, ...], levels: int
) -> None:
    """Write one picture: contours and the path of momentum."""
    left, right, bottom, top = window
    figure = Figure(figsize=size, facecolor=NEGATIVE)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    x, y = np.meshgrid(np.linspace(left, right, 100), np.linspace(bottom, top, 75))
    heights = np.sqrt(valley(np.stack([x, y], axis=-1)))
    steps = np.linspace(0.15, heights.max(), levels)
    axes.contour(x, y, heights, steps, colors="white", linewidths=0.7, alpha=0.45)
    way = optimizers.momentum(slope, [-1.9, 2.5], eta=0.05, alpha=0.85, steps=120)
    axes.plot(*way.T, color=POSITIVE, linewidth=2.2)
    axes.plot(*way[::6].T, "o", color="white", markersize=3.2)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    figure.savefig(
        path, facecolor=NEGATIVE, metadata={"Date": None, "Creator": "nnbook"}
    )


def main(folder: Path = STATIC) -> None:
    """Draw both pictures into `folder`."""
    with style.context(["default", {"svg.hashsalt": "nnbook"}]):
        draw(folder / "cover.svg", (9, 3), (-2.8, 2.8, -0.35, 2.7), 20)
        draw(folder / "icon.svg", (1, 1), (-2.4, 2.0, -0.6, 3.0), 7)


if __name__ == "__main__":
    main()
