"""What crosses between learner and test: exactly plain data, whatever is sent."""

import enum
import json
import math
import socket
import struct
import threading
import time
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnbook_utils.grading import wire
from nnbook_utils.grading.wire import WireError, pack, plain, receive, send, unpack

KINDS = [hnp.floating_dtypes(), hnp.integer_dtypes(), hnp.complex_number_dtypes()]
ARRAYS = hnp.arrays(
    st.one_of(hnp.boolean_dtypes(), *KINDS), hnp.array_shapes(min_dims=0, min_side=0)
)
HASHABLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
)
VALUES = st.recursive(
    HASHABLE | ARRAYS | st.just(...) | st.builds(range, st.integers(0, 9)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.sets(HASHABLE, max_size=3)
        | st.frozensets(HASHABLE, max_size=3)
    ),
    max_leaves=12,
)


def same(a, b):
    """Compare like ==, but types too, and let not-a-number equal itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype.newbyteorder("=") == b.dtype and np.array_equal(
            a, b, equal_nan=a.dtype.kind in "fc"
        )
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, set | frozenset):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    return a == b or repr(a) == repr(b)


@given(VALUES)
def test_what_is_packed_comes_out_the_same(value):
    assert same(value, unpack(pack(value)))


TAGS = ["int", "float", "array", "number", "strings", "tuple", "set", "frozenset"]
TAGS += ["dict", "complex", "range", "bytes", "...", "object"]


@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(WireError):
        unpack(noise)


@given(
    st.recursive(
        HASHABLE.filter(lambda v: not isinstance(v, bytes | complex)),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(TAGS),
                inner,
                max_size=2,
            )
        ),
    ),
    st.binary(max_size=64),
)
def test_a_forged_message_gives_plain_data_or_is_refused(node, arrays):
    text = json.dumps(node).encode()
    message = struct.pack("<II", len(text), len(arrays)) + text + arrays
    try:
        value = unpack(message)
    except WireError:
        return
    assert pack(value)  # which takes nothing but plain data


class Odd:
    """Equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


class Three(int):
    """A kind of int."""


class Kin(np.ndarray):
    """A kind of array."""


@pytest.mark.parametrize(
    "value",
    [
        Odd(),
        Three(3),
        print,
        object,
        (n for n in range(3)),
        np.array([None]),
        np.zeros(3, dtype="M8[s]"),
        np.zeros(2, dtype=[("a", float)]),
        np.ones((1, 1)).view(Kin),
        np.float64,
        {"a": [1, Odd()]},
        defaultdict(int),
        enum.IntEnum("Kind", "a b").a,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(WireError, match="cannot be sent"):
        pack(value)


def test_a_refusal_says_what_it_was():
    with pytest.raises(WireError, match=r"^a generator, which cannot be sent: only"):
        pack([1, (n for n in range(3))])


def test_a_refused_array_of_objects_says_what_to_do():
    ragged = np.array([[1], [2, 3]], dtype=object)
    with pytest.raises(WireError, match=r"make it an array of numbers, .*dtype=float"):
        pack(plain(ragged))


def test_depth_is_bounded_on_both_sides():
    value = []
    for _ in range(wire.DEPTH + 1):
        value = [value]
    with pytest.raises(WireError, match="deep"):
        pack(value)
    text = b"[" * 50_000 + b"]" * 50_000
    with pytest.raises(WireError):
        unpack(struct.pack("<II", len(text), 0) + text)
    loop = []
    loop.append(loop)
    with pytest.raises(WireError, match="deep"):
        pack(loop)


def test_size_is_bounded():
    with pytest.raises(WireError, match="too much"):
        pack("x" * (wire.TEXT_BYTES + 1))


@pytest.mark.parametrize(
    ("dtype", "shape", "size"),
    [("<f8", [10**12], 8), ("<f8", [-1], 8), ("<f8", [2.0], 16), ("|O", [1], 8)],
)
def test_an_array_must_be_as_long_as_it_says(dtype, shape, size):
    text = json.dumps({"array": [dtype, shape, True]}).encode()
    with pytest.raises(WireError):
        unpack(struct.pack("<II", len(text), size) + text + bytes(size))


def test_a_bool_is_zero_or_one():
    text = json.dumps({"array": ["|b1", [2], True]}).encode()
    value = unpack(struct.pack("<II", len(text), 2) + text + b"\x02\x00")
    assert value.view(np.uint8).tolist() == [1, 0]


def test_read_only_stays_read_only_and_the_order_of_bytes_does_not_matter():
    fixed = np.arange(3.0)
    fixed.flags.writeable = False
    assert not unpack(pack(fixed)).flags.writeable
    other = np.arange(3, dtype=">i4")
    assert unpack(pack(other)).tolist() == [0, 1, 2]


Point = namedtuple("Point", "x y")


class Series:
    """Something that offers itself as an array."""

    def __array__(self, dtype=None, copy=None):
        return np.arange(2.0)


@pytest.mark.parametrize(
    ("kin", "expected"),
    [
        (Point(1, np.float64(2)), (1, np.float64(2))),
        (OrderedDict(a=[Three(3)]), {"a": [3]}),
        (np.ones((1, 1)).view(Kin), np.array([[1.0]])),
        (np.str_("a"), "a"),
        (Series(), np.arange(2.0)),
        (np.ma.masked_array([1.0, 2.0]), np.array([1.0, 2.0])),
        (np.array([[1, 2.5]], dtype=object), np.array([[1.0, 2.5]])),
        (np.array([], dtype=object), np.array([])),
        (True, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_kin_of_plain_types_become_plain(kin, expected):
    assert same(plain(kin), expected)
    assert same(unpack(pack(plain(kin))), expected)


@pytest.fixture
def pair():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_crosses_whole(pair):
    value = {"a": np.arange(500_000.0), "b": "x" * 100_000}
    sender = threading.Thread(target=send, args=(pair[0], value))
    sender.start()
    assert same(unpack(receive(pair[1], 5_000_000)), value)
    sender.join()
    pair[0].close()
    assert receive(pair[1], 100) is None


def test_a_message_larger_than_accepted_is_not_read(pair):
    pair[0].sendall(struct.pack("<II", 10, 2**32 - 1))
    with pytest.raises(WireError, match="more than is accepted"):
        receive(pair[1], 1000)


@pytest.mark.parametrize("sent", [b"", b"\x05\x00", struct.pack("<II", 10, 0) + b"[1"])
def test_a_message_that_does_not_come_is_given_up(pair, sent):
    pair[0].sendall(sent)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        receive(pair[1], 1000, started + 0.05)
    assert time.monotonic() - started < 5
    assert math.isfinite(started)
