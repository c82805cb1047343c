"""The tests that stand in the exercises: one module an assignment.

A test cell is one line, such as ``ps1.gradient(squared_hinge_gradient)``. It passes in
silence or raises an `AssertionError` whose message is written for the learner: what
went in, what came out, what was expected, and which mistake gives just that.
"""

from nnbook_utils.checks._imports import only_imports

__all__ = ["only_imports"]
