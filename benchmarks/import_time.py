"""What importing the package costs over importing NumPy. The goal: at most 50 ms.

Each import runs in a fresh interpreter, the two in turn; medians are compared.
"""

import statistics
import subprocess
import sys
import time

RUNS = 11
GOAL = 0.050  # seconds


def seconds(code: str) -> float:
    """Return how long a fresh interpreter takes to run `code`."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure, print, and exit with 1 if the goal is missed."""
    alone, with_package = [], []
    for run in range(RUNS + 1):
        pair = seconds("import numpy"), seconds("import numpy, nnbook_utils")
        if run:  # the first pair warms the disk's cache
            alone.append(pair[0])
            with_package.append(pair[1])
    first, second = statistics.median(alone), statistics.median(with_package)
    print(f"import numpy                {1000 * first:6.1f} ms")
    print(f"import numpy, nnbook_utils  {1000 * second:6.1f} ms")
    print(f"ratio {second / first:.3f}, difference {1000 * (second - first):.1f} ms")
    sys.exit(second - first > GOAL)


if __name__ == "__main__":
    main()
