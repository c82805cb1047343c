"""Live figures that compute in the page, with no server and no kernel.

In JupyterLab a demo is a widget: its traits can be read and set from Python while it
runs. In the built book the same JavaScript module runs by itself.

>>> from nnbook_utils import demos
>>> demos.LinearMap(matrix=[[0, -1], [1, 0]])
LinearMap(matrix=[[0, -1], [1, 0]])
"""

from nnbook_utils.demos._demo import Demo
from nnbook_utils.demos.linear_map import LinearMap
from nnbook_utils.demos.network import Network

__all__ = ["Demo", "LinearMap", "Network"]
