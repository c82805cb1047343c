"""A backward pass against the one that a reader may know, on the same expression.

The other one is the way of Karpathy's micrograd, written from its idea: every node owns
a closure that passes its gradient on, and a recursive walk sorts the nodes. Both are
timed in turn, in one run, and both gradients are compared. The goal is a ratio of at
most 1, and a chain of 100,000 operations that meets no recursion limit.
"""

import gc
import random
import sys
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from nnbook_utils.graph import Value, backward, topological_order

NODES = 10_000
REPEATS = 21


class Closure:
    """A number with a function that hands its gradient to its parents."""

    def __init__(self, data: float, parents: "Sequence[Closure]" = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = set(parents)
        self.hand_on: Callable[[], None] = lambda: None

    def __add__(self, other: "Closure") -> "Closure":
        result = Closure(self.data + other.data, (self, other))

        def hand_on() -> None:
            self.grad += result.grad
            other.grad += result.grad

        result.hand_on = hand_on
        return result

    def __mul__(self, other: "Closure") -> "Closure":
        result = Closure(self.data * other.data, (self, other))

        def hand_on() -> None:
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result.hand_on = hand_on
        return result


def closure_backward(output: Closure) -> None:
    """Sort by a recursive walk, then call every closure, the output's first."""
    order: list[Closure] = []
    seen: set[Closure] = set()

    def visit(node: Closure) -> None:
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(output)
    output.grad = 1.0
    for node in reversed(order):
        node.hand_on()


def tree(leaf: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """Return a dot product, summed pairwise: shallow, and no trouble to recursion."""
    rng = random.Random(0)
    leaves = [leaf(rng.uniform(-1, 1)) for _ in range(NODES // 2)]
    level = [a * b for a, b in zip(leaves[::2], leaves[1::2], strict=False)]
    while len(level) > 1:
        odd = level[len(level) // 2 * 2 :]
        level = [a + b for a, b in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0], leaves


def chain(leaf: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """Return x, times a, plus b, times a, plus b ...: as deep as it is long."""
    leaves = [leaf(1.0), leaf(0.5), leaf(-0.25)]
    x, a, b = leaves
    for step in range(NODES - 3):
        x = x + b if step % 2 else x * a
    return x, leaves


def compare(name: str, expression: Callable[..., tuple[Any, list[Any]]]) -> float:
    """Return our median time over the other's, and print both."""
    ours, our_leaves = expression(Value)
    theirs, their_leaves = expression(Closure)
    our_times, their_times = [], []
    for repeat in range(REPEATS):
        start = perf_counter()
        backward(ours)
        between = perf_counter()
        closure_backward(theirs)
        end = perf_counter()
        our_times.append(between - start)
        their_times.append(end - between)
        if repeat == 0:  # from the second pass on, the closures add up
            for one, other in zip(our_leaves, their_leaves, strict=True):
                assert abs(one.grad - other.grad) <= 1e-9 * max(1, abs(one.grad))
    our_time, their_time = median(our_times), median(their_times)
    print(
        f"{name}: {len(topological_order(ours)):,} nodes, "
        f"ours {our_time * 1e3:.2f} ms, closures {their_time * 1e3:.2f} ms, "
        f"ratio {our_time / their_time:.2f} (goal: at most 1)"
    )
    return our_time / their_time


def main() -> int:
    """Print the ratios; return 0 if the goal is reached."""
    gc.disable()  # its pauses would fall on one of the two at random
    ratios = [compare("tree", tree)]
    sys.setrecursionlimit(3 * NODES)  # for the closures' sake: ours needs no such thing
    ratios.append(compare("chain", chain))
    return int(max(ratios) > 1)


if __name__ == "__main__":
    sys.exit(main())
