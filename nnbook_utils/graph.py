"""Reverse-mode differentiation of scalar expressions: backpropagation in the open.

An expression of `Value` objects records itself while it is computed. Each operation
stores three things: its result, the values that it was made from (its parents), and the
derivative of the result by each of them (its local derivatives). This is all that the
chain rule needs, and `backward` is nothing but the chain rule, from the output to the
inputs, each node once:

>>> x1, x2, x3 = Value(1, "x1"), Value(2, "x2"), Value(0, "x3")
>>> y = (x1 + x2) * maximum(x2, x3)
>>> backward(y)
>>> y.data, x1.grad, x2.grad, x3.grad
(6.0, 2.0, 5.0, 0.0)

The rest of the module looks at the same recording in other ways: `forward_mode` goes
through it from an input to the output, `paths` multiplies along every single path, and
`table` and `draw` show it.
"""

import math
from collections.abc import Callable
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from nnbook_utils._inputs import number, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [  # noqa: RUF022 - in reading order
    "Value",
    "record",
    "maximum",
    "topological_order",
    "backward",
    "forward_mode",
    "Path",
    "count_paths",
    "paths",
    "table",
    "draw",
]


class Value:
    """A number that remembers how it was computed.

    Values are combined by ``+ - * /``, by ``**`` with a plain number as exponent, by
    `maximum`, and by the methods below; x to the power y is ``(y * x.log()).exp()``.
    Plain numbers mix in as constants. The graph holds for the numbers it was computed
    from: to have it for others, compute the expression again.

    Parameters
    ----------
    data : float
        The number.
    label : str, optional
        A name for tables and pictures. It can be set later: ``z.label = "z"``.

    Attributes
    ----------
    data : float
        The number.
    grad : float
        The derivative of the output by this value, once `backward` has run. Until then
        it is NaN: not known, which is not the same as 0.
    operation : str
        What made this value; empty for a leaf, that is, for an input or a constant.
    edges : tuple of (Value, float)
        What it was made from: each parent, and the local derivative, that of `data` by
        this parent with everything else held fixed.
    depth : int
        The number of operations on the longest way from a leaf to here.

    Raises
    ------
    TypeError
        If `data`, or the other operand of an operator, is not one real number.
    ValueError
        If `data` is not finite, or a power has no real value or no finite slope.
    ZeroDivisionError
        If the divisor is 0.
    FloatingPointError
        If the result of an operation, or a local derivative, is too large for a float.

    Source: Linnainmaa (1970); the book's chapter on computational graphs.
    """

    __slots__ = ("data", "depth", "edges", "grad", "label", "operation")
    __array_ufunc__ = None  # so that NumPy's numbers leave `number * Value` to us

    def __init__(self, data: float, label: str = "") -> None:
        self.data = number(data, "data")
        self.label = label
        self.grad = math.nan
        self.operation = ""
        self.edges: tuple[tuple[Value, float], ...] = ()
        self.depth = 0

    @property
    def parents(self) -> "tuple[Value, ...]":
        """The values that this one was made from.

        Returns
        -------
        tuple of Value
            Empty for a leaf. ``x * x`` has x twice.

        Source: the book's chapter on computational graphs.
        """
        return tuple(parent for parent, _ in self.edges)

    @property
    def local(self) -> tuple[float, ...]:
        """The local derivatives: of this value by each parent.

        Returns
        -------
        tuple of float

        Source: the book's chapter on computational graphs.
        """
        return tuple(slope for _, slope in self.edges)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        grad = "" if math.isnan(self.grad) else f", grad={self.grad!r}"
        return f"Value({self.data!r}{label}{grad})"

    def __add__(self, other: "Value | float") -> "Value":
        other = _as_value(other)
        return record("+", self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other: "Value | float") -> "Value":
        other = _as_value(other)
        return record("−", self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other: "Value | float") -> "Value":
        other = _as_value(other)
        local = (other.data, self.data)  # each factor's derivative is the other factor
        return record("×", self.data * other.data, (self, other), local)

    def __truediv__(self, other: "Value | float") -> "Value":
        other = _as_value(other)
        if other.data == 0:
            raise ZeroDivisionError(f"{self!r} is divided by {other!r}, which is 0")
        quotient = self.data / other.data
        local = (1 / other.data, -quotient / other.data)
        return record("÷", quotient, (self, other), local)

    def __pow__(self, exponent: float) -> "Value":
        n = number(exponent, "the exponent")
        x = self.data
        if (x < 0 and not n.is_integer()) or (x == 0 and n < 1 and n != 0):
            raise ValueError(
                f"{x} ** {n} has no real value or no finite slope: "
                "a fractional power needs a positive base, a negative one a base "
                "other than 0"
            )
        slope = n * _or_infinity(math.pow, x, n - 1) if n else 0.0
        return record(f"^{n:g}", _or_infinity(math.pow, x, n), (self,), (slope,))

    def __neg__(self) -> "Value":
        return record("neg", -self.data, (self,), (-1.0,))

    def __radd__(self, other: float) -> "Value":
        return _as_value(other) + self

    def __rsub__(self, other: float) -> "Value":
        return _as_value(other) - self

    def __rmul__(self, other: float) -> "Value":
        return _as_value(other) * self

    def __rtruediv__(self, other: float) -> "Value":
        return _as_value(other) / self

    def exp(self) -> "Value":
        """Return e to the power of this value, its own derivative.

        Returns
        -------
        Value

        Raises
        ------
        FloatingPointError
            If the result is too large for a float: above about 709.

        Source: the book's chapter on computational graphs.
        """
        result = _or_infinity(math.exp, self.data)
        return record("exp", result, (self,), (result,))

    def log(self) -> "Value":
        """Return the natural logarithm, with derivative 1/x.

        Returns
        -------
        Value

        Raises
        ------
        ValueError
            If this value is not positive.
        FloatingPointError
            If this value is so close to 0 that 1/x is too large for a float.

        Source: the book's chapter on computational graphs.
        """
        if self.data <= 0:
            raise ValueError(f"log of {self!r}: expected a positive number")
        return record("log", math.log(self.data), (self,), (1 / self.data,))

    def sigmoid(self) -> "Value":
        """Return 1 / (1 + exp(-x)), with derivative s (1 - s).

        Returns
        -------
        Value

        Source: the book's chapter on activations.
        """
        e = math.exp(-abs(self.data))  # at most 1: this exponential cannot overflow
        s = (1 if self.data >= 0 else e) / (1 + e)
        return record("σ", s, (self,), (s * (1 - s),))

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent, with derivative 1 - t^2.

        Returns
        -------
        Value

        Source: the book's chapter on activations.
        """
        t = math.tanh(self.data)
        return record("tanh", t, (self,), (1 - t * t,))

    def relu(self) -> "Value":
        """Return max(0, x), with derivative 1 for x > 0 and 0 otherwise, at 0 too.

        Returns
        -------
        Value

        Source: Nair and Hinton (2010); the book's chapter on activations.
        """
        on = self.data > 0
        return record("relu", self.data if on else 0.0, (self,), (float(on),))


def record(
    operation: str, data: float, parents: tuple[Value, ...], local: tuple[float, ...]
) -> Value:
    """Return a new node of the graph: every operation ends here.

    It is also how to add an operation of your own:

    >>> def cos(x):
    ...     return record("cos", math.cos(x.data), (x,), (-math.sin(x.data),))

    Parameters
    ----------
    operation : str
        Its name, for tables and pictures.
    data : float
        Its result.
    parents : tuple of Value
        The values it was computed from.
    local : tuple of float
        The derivative of the result by each parent.

    Returns
    -------
    Value

    Raises
    ------
    TypeError
        If a parent is not a Value.
    ValueError
        If there is not one local derivative a parent, or no parent at all.
    FloatingPointError
        If the result or a local derivative is not finite.

    Source: Wengert (1964); the book's chapter on computational graphs.
    """
    if not len(parents) == len(local) >= 1:
        raise ValueError(
            f"{operation} has {len(parents)} parents and {len(local)} local "
            "derivatives, expected one derivative a parent, and at least one parent"
        )
    for parent in parents:
        _require_value(parent, "a parent")
    if not all(map(math.isfinite, (data, *local))):
        came = ", ".join(f"{parent.data:g}" for parent in parents)
        slopes = ", ".join(f"{slope:g}" for slope in local)
        raise FloatingPointError(
            f"{operation} of {came} is {data:g} with derivative {slopes}, "
            "expected finite numbers: bring its inputs to a moderate size"
        )
    node = Value.__new__(Value)  # an __init__ would check `data` once more
    node.data = float(data)
    node.label = ""
    node.grad = math.nan
    node.operation = operation
    node.edges = tuple(zip(parents, map(float, local), strict=True))
    node.depth = 1 + max(parent.depth for parent in parents)
    return node


def maximum(a: Value | float, b: Value | float) -> Value:
    """Return the larger of two values.

    The larger one gets the local derivative 1, the other 0. At a tie, where there is no
    derivative, each gets 1/2. Any other split of 1 into two shares would do as well (it
    is a subgradient); 1 for each would not: max(x, x) is x, and its derivative is 1.

    Parameters
    ----------
    a, b : Value or float
        The two values.

    Returns
    -------
    Value

    Raises
    ------
    TypeError
        If `a` or `b` is neither a Value nor a real number.
    ValueError
        If a plain number is not finite.

    Source: the book's chapter on computational graphs.
    """
    a, b = _as_value(a), _as_value(b)
    share = 0.5 if a.data == b.data else float(a.data > b.data)
    return record("max", max(a.data, b.data), (a, b), (share, 1 - share))


def topological_order(output: Value) -> list[Value]:
    """Return every value that `output` was made from, parents before children.

    Parameters
    ----------
    output : Value
        The result of the expression.

    Returns
    -------
    list of Value
        Inputs and constants first, `output` last.

    Raises
    ------
    TypeError
        If `output` is not a Value.

    Source: Kahn (1962); the book's chapter on computational graphs.
    """
    _require_value(output, "output")
    nodes = [output]
    seen = {output}
    for node in nodes:  # the list grows while we walk along it
        for parent, _ in reversed(node.edges):
            if parent not in seen:
                seen.add(parent)
                nodes.append(parent)
    nodes.reverse()
    # A child is deeper than its parents, so that sorting by depth is enough. Equal
    # depths stay as they come, which is about as the expression is read.
    return sorted(nodes, key=attrgetter("depth"))


def backward(output: Value) -> None:
    """Fill in `grad`, the derivative of `output`, at every value it was made from.

    When a node's turn comes, all its children have had theirs, so its gradient is
    complete and can be passed on. One pass gives the derivatives by all inputs.
    Gradients of an earlier pass are overwritten, not added to.

    Parameters
    ----------
    output : Value
        What to differentiate. Values that it does not depend on are left alone.

    Raises
    ------
    TypeError
        If `output` is not a Value.
    FloatingPointError
        If a gradient is too large for a float.

    Source: Linnainmaa (1970); Rumelhart, Hinton and Williams (1986); the book's chapter
    on computational graphs.
    """
    nodes = topological_order(output)
    for node in nodes:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(nodes):
        for parent, local in node.edges:
            parent.grad += node.grad * local
    for node in nodes:
        if not math.isfinite(node.grad):
            raise _too_large(output, node)


def forward_mode(output: Value, leaf: Value) -> float:
    """Return the derivative of `output` by `leaf`, from the inputs to the output.

    The other order of the chain rule: every node gets its derivative *by the leaf*.
    One pass gives one input's derivative, where `backward` gives those by all inputs.

    Parameters
    ----------
    output : Value
        What to differentiate.
    leaf : Value
        By what: an input, or any other value.

    Returns
    -------
    float
        0 if `output` does not depend on `leaf`.

    Raises
    ------
    TypeError
        If `output` or `leaf` is not a Value.
    FloatingPointError
        If the derivative is too large for a float.

    Source: Wengert (1964); the book's section on forward and reverse mode.
    """
    _require_value(leaf, "leaf")
    tangent: dict[Value, float] = {}
    for node in topological_order(output):
        steps = (local * tangent[parent] for parent, local in node.edges)
        tangent[node] = 1.0 if node is leaf else sum(steps, 0.0)
    if not math.isfinite(tangent[output]):
        raise _too_large(output, leaf)
    return tangent[output]


class Path(NamedTuple):
    """One way from a leaf to the output.

    Parameters
    ----------
    nodes : tuple of Value
        The values on the way, the leaf first, the output last.
    factors : tuple of float
        The local derivative of each step, one fewer than the nodes.
    product : float
        The product of the factors: what this path adds to the derivative.

    Source: Bauer (1974); the book's chapter on computational graphs.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    product: float


def count_paths(output: Value, leaf: Value) -> int:
    """Return the number of paths from `leaf` to `output`, without walking them.

    It is forward mode with every local derivative 1. The number can double at each
    operation, which is why nobody computes gradients path by path.

    Parameters
    ----------
    output : Value
        Where the paths end.
    leaf : Value
        Where they start: an input, or any other value.

    Returns
    -------
    int
        0 if `output` does not depend on `leaf`. ``x * x`` has two paths from x.

    Raises
    ------
    TypeError
        If `output` or `leaf` is not a Value.

    Source: Bauer (1974); the book's chapter on computational graphs.
    """
    return _path_counts(output, leaf)[output]


def paths(output: Value, leaf: Value, *, limit: int = 1000) -> list[Path]:
    """Return every path from `leaf` to `output`; their products sum to the derivative.

    Parameters
    ----------
    output : Value
        Where the paths end.
    leaf : Value
        Where they start: an input, or any other value.
    limit : int, optional
        How many paths to list at most.

    Returns
    -------
    list of Path
        Empty if `output` does not depend on `leaf`.

    Raises
    ------
    TypeError
        If `output` or `leaf` is not a Value, or `limit` not a whole number.
    ValueError
        If `limit` is negative, or there are more paths; the message says how many.

    Source: Bauer (1974); the book's chapter on computational graphs.
    """
    limit = whole(limit, "limit")
    counts = _path_counts(output, leaf)
    found = counts[output]
    if found > limit:  # perhaps a number of thousands of digits
        many = f"{found:,}" if found < 10**12 else f"about 10^{math.log10(found):.0f}"
        raise ValueError(
            f"there are {many} paths, more than the limit of {limit:,}: raise the "
            "limit, or let backward sum over them without listing them"
        )
    complete = []
    begun: list[tuple[tuple[Value, ...], tuple[float, ...]]] = [((output,), ())]
    while begun:
        nodes, factors = begun.pop()
        first = nodes[0]
        if first is leaf:
            complete.append(Path(nodes, factors, math.prod(factors)))
            continue
        for parent, local in first.edges:
            if counts[parent]:  # no dead ends: the leaf can be reached from here
                begun.append(((parent, *nodes), (local, *factors)))
    return complete[::-1]  # the last begun came first


def table(output: Value) -> str:
    """Return the graph as text, one line a value, parents before children.

    Parameters
    ----------
    output : Value
        The result of the expression. Values without a label are named v1, v2, ...,
        leaves by their number.

    Returns
    -------
    str
        Name, operation, parents, local derivatives, value and gradient, in columns. A
        gradient that is not known is left empty.

    Raises
    ------
    TypeError
        If `output` is not a Value.

    Source: the trace of Griewank and Walther (2008); the book's chapter on
    computational graphs.
    """
    names: dict[Value, str] = {}
    unnamed = count(1)
    rows = [("name", "operation", "parents", "local", "value", "gradient")]
    for node in topological_order(output):
        if node.label:
            names[node] = node.label
        else:
            names[node] = f"v{next(unnamed)}" if node.operation else f"{node.data:g}"
        rows.append(
            (
                names[node],
                node.operation,
                ", ".join(names[parent] for parent in node.parents),
                ", ".join(f"{local:.6g}" for local in node.local),
                f"{node.data:.6g}",
                "" if math.isnan(node.grad) else f"{node.grad:.6g}",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def draw(output: Value, ax: "Axes | None" = None) -> "Axes":
    """Draw the graph from left to right.

    A box shows the operation, the value with its label and, once `backward` has run,
    the gradient. An edge shows the local derivative where it enters a box. A gradient
    is the sum, over the edges that leave its box, of what the edge shows times the
    gradient in the box that it leads to.

    Parameters
    ----------
    output : Value
        The result of the expression, at most 100 nodes.
    ax : matplotlib.axes.Axes, optional
        Where to draw, in text that suits its present size; otherwise in a new figure
        of the size that suits the graph.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError
        If `output` is not a Value.
    ValueError
        If the graph has more than 100 nodes.

    Source: layout after Sugiyama, Tagawa and Toda (1981); the book's chapter on
    computational graphs.
    """
    from nnbook_utils._graph_picture import picture

    nodes = topological_order(output)
    if len(nodes) > 100:
        raise ValueError(
            f"the graph has {len(nodes):,} nodes, expected at most 100 in a picture: "
            "draw a part of the expression, or print its table"
        )
    return picture(nodes, ax)


def _as_value(operand: Value | float) -> Value:
    return operand if isinstance(operand, Value) else Value(operand)


def _require_value(node: Any, name: str) -> None:
    if not isinstance(node, Value):
        raise TypeError(
            f"{name} is {node!r}, expected a Value: an input made by Value(...), or "
            "what comes out of operations on one"
        )


def _too_large(output: Value, node: Value) -> FloatingPointError:
    return FloatingPointError(
        f"the derivative of {output!r} by {node!r} is too large for a float: look for "
        "many large local derivatives in a row"
    )


def _or_infinity(function: Callable[..., float], *arguments: float) -> float:
    # Python's own overflow error names nothing; `record` names the operation.
    try:
        return function(*arguments)
    except OverflowError:
        return math.inf


def _path_counts(output: Value, leaf: Value) -> dict[Value, int]:
    _require_value(leaf, "leaf")
    counts: dict[Value, int] = {}
    for node in topological_order(output):
        before = (counts[parent] for parent in node.parents)
        counts[node] = 1 if node is leaf else sum(before)
    return counts
