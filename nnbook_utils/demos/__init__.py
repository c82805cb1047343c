"""Live figures that compute in the page, with no server and no kernel.

In JupyterLab a demo is a widget: its traits can be read and set from Python while it
runs. In the built book the same JavaScript module runs by itself.

>>> from nnbook_utils import demos
>>> demos.LinearMap(matrix=[[0, -1], [1, 0]])
LinearMap(matrix=[[0, -1], [1, 0]])
"""

from nnbook_utils.demos._demo import Demo
from nnbook_utils.demos.approximation import Approximation
from nnbook_utils.demos.backprop import Backprop
from nnbook_utils.demos.boolean import Boolean
from nnbook_utils.demos.fit import Fit
from nnbook_utils.demos.linear_map import LinearMap
from nnbook_utils.demos.network import Network
from nnbook_utils.demos.perceptron import Perceptron
from nnbook_utils.demos.race import Race
from nnbook_utils.demos.regions import Regions

__all__ = [
    "Approximation",
    "Backprop",
    "Boolean",
    "Demo",
    "Fit",
    "LinearMap",
    "Network",
    "Perceptron",
    "Race",
    "Regions",
]
