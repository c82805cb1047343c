"""Plain data and arrays as bytes, and back: all that crosses between learner and test.

One side of the wire is a process that may be hostile. So reading never runs code and
never builds anything but exactly the types listed here: no pickles, no subclass, no
object that compares equal to everything. Sizes and depth are bounded before anything is
built.

A message is a JSON text, in which arrays are numbered, followed by the arrays' bytes.
"""

import json
import math
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

# Deep enough for any data an exercise returns, far from Python's recursion limit.
DEPTH = 20
# The most that is built from the JSON part: 24 bytes and more for each byte read.
TEXT_BYTES = 8_000_000
# Numbers of every size that NumPy has on this machine; objects, dates and records not.
DTYPES = {
    np.dtype(code).str: np.dtype(code) for code in "?bhilqBHILQefdgFDG" if code != "?"
} | {"|b1": np.dtype(bool)}
_LENGTHS = struct.Struct("<II")  # of the JSON text, of the arrays' bytes


class WireError(ValueError):
    """A value cannot cross, or what came is no message.

    Source: the protocol of this module.
    """


def plain(value: Any, depth: int = 0) -> Any:
    """Turn kin of plain types into the plain types they stand for.

    A named tuple becomes a tuple, a `numpy.matrix` an array, and whatever offers itself
    as an array (a tensor, a series) an array. It is called on the learner's side, for
    the learner's good; the other side does not rely on it.

    Parameters
    ----------
    value : object
    depth : int
        How deep inside other values it lies.

    Returns
    -------
    object
        Which `pack` accepts, if `value` is made of numbers, strings and arrays.

    Source: the protocol of this module.
    """
    if depth > DEPTH:
        return value  # `pack` will say so
    deeper = depth + 1
    if isinstance(value, np.ndarray):
        return _unboxed(np.array(value, subok=False, copy=None))
    if isinstance(value, np.generic):
        return str(value) if isinstance(value, np.str_) else value
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(plain(item, deeper) for item in value)
    if isinstance(value, Mapping):
        return {plain(k, deeper): plain(v, deeper) for k, v in value.items()}
    scalar: Any
    for scalar in (bool, int, float, complex, str, bytes):
        if isinstance(value, scalar):
            return scalar(value)
    if hasattr(type(value), "__array__"):
        return _unboxed(np.array(value, subok=False))
    return value


def _unboxed(array: Any) -> Any:
    """Return an array of objects that are all numbers as an array of numbers."""
    if array.dtype == object:
        numbers = (bool, int, float, complex, np.number, np.bool)
        items = array.ravel().tolist()
        if all(isinstance(item, numbers) for item in items):
            # Numbers too large for NumPy make an array of objects again.
            return np.array(items).reshape(array.shape)
    return array


def pack(value: Any) -> bytes:
    """Return a value as bytes.

    Parameters
    ----------
    value : object
        None, Ellipsis, bool, int, float, complex, str, bytes, range, NumPy numbers and
        arrays of numbers or strings, and lists, tuples, sets and dicts of these;
        exactly these types.

    Returns
    -------
    bytes

    Raises
    ------
    WireError
        If some part of it is of another type, too deep or too large.

    Source: the protocol of this module.
    """
    buffers: list[bytes] = []
    try:
        text = json.dumps(_encode(value, buffers, 0), separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, WireError) else WireError(str(error)) from None
    if len(text) > TEXT_BYTES:
        raise WireError(f"{len(text) / 1e6:.0f} MB of data, too much to send")
    arrays = b"".join(buffers)
    if len(arrays) >= 1 << 32:
        raise WireError(f"{len(arrays) / 1e6:.0f} MB of arrays, too much to send")
    return _LENGTHS.pack(len(text), len(arrays)) + text + arrays


def unpack(message: bytes) -> Any:
    """Return the value that `pack` made these bytes from.

    Parameters
    ----------
    message : bytes

    Returns
    -------
    object
        As for `pack`. Arrays are fresh and belong to the caller.

    Raises
    ------
    WireError
        If it is no such message, whatever it may be.

    Source: the protocol of this module.
    """
    if len(message) < _LENGTHS.size:
        raise WireError("a message cut short")
    n_text, n_arrays = _LENGTHS.unpack_from(message)
    if n_text > TEXT_BYTES or len(message) != _LENGTHS.size + n_text + n_arrays:
        raise WireError("a message of another length than it says")
    text = message[_LENGTHS.size : _LENGTHS.size + n_text]
    reader = _Reader(memoryview(message)[_LENGTHS.size + n_text :])
    try:
        value = reader.decode(json.loads(text), 0)
    except WireError:
        raise
    except Exception as error:  # whatever a forged message runs into
        raise WireError(f"no message: {type(error).__name__}: {error}"[:200]) from None
    if reader.position != n_arrays:
        raise WireError("a message with bytes left over")
    return value


def send(connection: socket.socket, value: Any) -> None:
    """Send one value.

    Parameters
    ----------
    connection : socket
    value : object
        As for `pack`.

    Raises
    ------
    WireError
        If it cannot cross; then nothing has been sent.
    OSError
        If the other side is gone.

    Source: the protocol of this module.
    """
    connection.sendall(pack(value))


def receive(
    connection: socket.socket, most: int, deadline: float = math.inf
) -> bytes | None:
    """Return the next message's bytes, to be unpacked, or None at the end.

    Parameters
    ----------
    connection : socket
    most : int
        The most bytes of arrays to accept.
    deadline : float
        When to give up, on the clock of `time.monotonic`.

    Returns
    -------
    bytes or None

    Raises
    ------
    WireError
        If the message announces more than is accepted.
    TimeoutError
        If it has not come whole by the deadline.

    Source: the protocol of this module.
    """
    head = _exactly(connection, _LENGTHS.size, deadline)
    if head is None:
        return None
    n_text, n_arrays = _LENGTHS.unpack(head)
    if n_text > TEXT_BYTES or n_arrays > most:
        raise WireError(f"{(n_text + n_arrays) / 1e6:.0f} MB is more than is accepted")
    body = _exactly(connection, n_text + n_arrays, deadline)
    return None if body is None else head + body


def _exactly(connection: socket.socket, count: int, deadline: float) -> bytes | None:
    """Return just `count` bytes, or None if the other side closes before."""
    found = bytearray()
    while len(found) < count:
        if deadline < math.inf:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        else:
            connection.settimeout(None)
        try:
            piece = connection.recv(min(count - len(found), 1 << 20))
        except ConnectionError:
            return None
        if not piece:
            return None
        found += piece
    return bytes(found)


def _encode(value: Any, buffers: list[bytes], depth: int) -> Any:
    """Return what stands for `value` in the JSON text: of itself, or {kind: ...}."""
    if depth > DEPTH:
        raise WireError(f"nested more than {DEPTH} deep")
    kind = type(value)

    def inside(items: Any) -> list[Any]:
        return [_encode(item, buffers, depth + 1) for item in items]

    if value is None or kind is bool:
        return value
    if kind is str:
        return value
    if kind is int:
        return value if abs(value) < 1 << 62 else {"int": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is list:
        return inside(value)
    if kind in (tuple, set, frozenset):
        return {kind.__name__: inside(value)}
    if kind is dict:
        return {"dict": [inside(pair) for pair in value.items()]}
    if kind is complex:
        return {"complex": inside((value.real, value.imag))}
    if kind is bytes:
        buffers.append(value)
        return {"bytes": len(value)}
    if kind is range:
        return {"range": inside((value.start, value.stop, value.step))}
    if value is Ellipsis:
        return {"...": None}
    if kind is np.ndarray and value.dtype.kind == "U":
        return {"strings": [list(value.shape), value.ravel().tolist()]}
    if kind is np.ndarray and value.dtype.newbyteorder("=").str in DTYPES:
        native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        buffers.append(native.tobytes())
        return {"array": [native.dtype.str, list(value.shape), value.flags.writeable]}
    if isinstance(value, np.generic) and value.dtype.str in DTYPES:
        buffers.append(value.tobytes())
        return {"number": value.dtype.str}
    of = f" of {value.dtype}" if kind is np.ndarray else ""
    if of == " of object":
        raise WireError(
            "an array of Python objects, which cannot be sent: make it an array of "
            "numbers, as np.array(values, dtype=float) does"
        )
    raise WireError(
        f"{_a(kind.__name__)}{of}, which cannot be sent: only numbers, strings, "
        "arrays, and lists, tuples, sets and dicts of these can"
    )


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


class _Reader:
    """Builds values from the JSON text; takes the arrays' bytes in their order."""

    def __init__(self, arrays: memoryview) -> None:
        self.arrays = arrays
        self.position = 0

    def take(self, count: int) -> memoryview:
        if count < 0 or self.position + count > len(self.arrays):
            raise WireError("an array longer than its bytes")
        self.position += count
        return self.arrays[self.position - count : self.position]

    def decode(self, node: Any, depth: int) -> Any:
        if depth > DEPTH:
            raise WireError(f"nested more than {DEPTH} deep")
        if isinstance(node, list):
            return [self.decode(item, depth + 1) for item in node]
        if not isinstance(node, dict):
            return node  # None, bool, int, float, str: JSON has no others
        ((kind, what),) = node.items()
        match kind:
            case "int":
                return int(what, 16)
            case "float":
                return float(what)
            case "...":
                return Ellipsis
            case "bytes":
                return bytes(self.take(what))
            case "array":
                return self.array(*what)
            case "number":
                return self.array(what, [], True)[()]
            case "strings":
                shape, items = what
                if not all(type(item) is str for item in items):
                    raise WireError("an array of strings that holds something else")
                return np.array(items, dtype=str).reshape(shape)
        items = [self.decode(item, depth + 1) for item in what]
        match kind:
            case "tuple":
                return tuple(items)
            case "set":
                return set(items)
            case "frozenset":
                return frozenset(items)
            case "dict":
                return dict(items)
            case "complex":
                return complex(*items)
            case "range":
                return range(*items)
        raise WireError(f"a value of the unknown kind {kind!r}"[:80])

    def array(self, code: str, shape: list[int], writeable: bool) -> Any:
        dtype = DTYPES[code]
        if any(type(n) is not int or n < 0 for n in shape):
            raise WireError("an array of an impossible shape")
        raw = self.take(math.prod(shape) * dtype.itemsize)
        if dtype.kind == "b":  # a byte other than 0 and 1 makes no honest bool
            found = np.frombuffer(raw, np.uint8) != 0
        else:
            found = np.frombuffer(raw, dtype).copy()
        found = found.reshape(shape)
        found.flags.writeable = bool(writeable)
        return found
