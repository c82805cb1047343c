"""Questions in the page: marked there, with hints, solutions and other numbers.

Questions are data beside a chapter, ``<chapter>.questions.yml``; CONTRIBUTING.md says
how they are written. In JupyterLab and in the built book the same module shows them.
"""

from nnbook_utils.practice._check import problems
from nnbook_utils.practice._widget import Practice, questions, summary

__all__ = ["Practice", "problems", "questions", "summary"]
