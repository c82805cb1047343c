"""Small arithmetic: how answers follow from given values.

The language is that of engine/expression.js, and a test holds the two to each other:
numbers, names, ``+ - * / ** @``, brackets, ``[a, b]``, ``a[0]`` and the functions
below. A number goes with every entry of a vector; two vectors must be of one length.
"""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnbook_utils import activations


def _choice(one: Callable[..., Any], two: Callable[..., Any]) -> Callable[..., Any]:
    def choose(first: Any, *rest: Any) -> Any:
        if not rest:
            return one(first)
        for other in rest:
            first = _entrywise(two, first, other)
        return first

    return choose


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "floor": np.floor,
    "sign": np.sign,
    "tanh": np.tanh,
    "sigmoid": activations.sigmoid,
    "relu": activations.relu,
    "step": lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0),
    "softmax": activations.softmax,
    "sum": np.sum,
    "mean": np.mean,
    "size": np.size,
    "norm": lambda a: np.sqrt(np.sum(np.square(a))),
    "max": _choice(np.max, np.maximum),
    "min": _choice(np.min, np.minimum),
    "dot": np.dot,
    "outer": np.outer,
    "transpose": np.transpose,
}
OPERATIONS: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression.

    Parameters
    ----------
    text : str
        Such as ``"w0 - eta * 2 * a * w0"``.
    names : mapping, str -> float or array_like
        The values of its names.

    Returns
    -------
    float or ndarray
        A quotient by zero is infinite, as it is in the page.

    Raises
    ------
    ValueError
        If the text is no such expression, a name is unknown, or shapes do not fit.

    Source: the grammar is that of Python's own arithmetic.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        with np.errstate(all="ignore"):
            value = _value(tree, names)
    except (SyntaxError, TypeError, ValueError, IndexError, KeyError) as problem:
        raise ValueError(f"cannot evaluate {text!r}: {problem}") from problem
    return float(value) if np.ndim(value) == 0 else np.asarray(value, float)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
        case ast.Name(id=name) if name in names:
            return np.asarray(names[name], float)[()]
        case ast.List(elts=entries):
            values = [_value(entry, names) for entry in entries]
            if len({np.shape(value) for value in values}) > 1:
                raise ValueError("the entries of a list have several lengths")
            return np.array(values)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return _value(left, names) @ _value(right, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            two = (_value(left, names), _value(right, names))
            return _entrywise(OPERATIONS[type(op)], *two)
        case ast.Subscript(value=value, slice=place):
            index = _value(place, names)
            if index < 0:
                raise IndexError("entries are counted from 0")
            return _value(value, names)[int(index)]
        case ast.Call(func=ast.Name(id=name), args=given) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(one, names) for one in given))
    raise ValueError(
        f"{ast.unparse(node)} is neither given ({', '.join(names)} are) nor part of the"
        " language"
    )


def _entrywise(operation: Callable[..., Any], a: Any, b: Any) -> Any:
    if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
        raise TypeError(f"shapes {np.shape(a)} and {np.shape(b)} do not fit")
    return operation(a, b)


def show(value: float) -> str:
    """Return a number as the pages show it: four digits, a true minus sign.

    Parameters
    ----------
    value : float
        A number.

    Returns
    -------
    str
        The same text as ``show`` of core.js gives.

    Source: the printed numbers of the book.
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "not a number"
    size = abs(value)
    if size and (size >= 1e6 or size < 1e-4):
        mantissa, power = f"{value:.2e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    else:
        text = f"{float(f'{value:.4g}'):.10f}".rstrip("0").rstrip(".")
    return (
        text.replace("-0", "0", 1).replace("-", "−")
        if value == 0
        else text.replace("-", "−")
    )
