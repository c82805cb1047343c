"""Training the package's network against scikit-learn's and PyTorch's.

The handwritten digits, plain stochastic gradient descent, the same widths, batches,
epochs and step size on each side, two threads for each. scikit-learn gets float64, as
it does by default; PyTorch is met twice, in float64 and in its own default float32.
All are timed in turn, in one run; a ratio is one of medians. Each side has a process of
its own, for the threads of one library wait by spinning, in the way of the others. Each
keeps what it keeps by default: ours the cost and accuracy of each epoch, scikit-learn
the cost. PyTorch runs the loop that its tutorials teach, on samples shuffled once an
epoch.

Run it on a machine that has nothing else to do.
"""

import importlib.util
import multiprocessing
import os
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from statistics import median
from time import perf_counter

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from nnbook_utils.datasets import digits
from nnbook_utils.mlp import MLP

THREADS = 2
ETA = 0.1
REPEATS = 9
# Hidden units, batch size, epochs; the goals against scikit-learn and PyTorch.
SETTINGS = [(64, 32, 10, 0.3, 0.2), (512, 128, 10, 0.5, 0.6)]

X, y = digits()

Result = tuple[float, float]  # seconds; accuracy on what it was trained on


def ours(dtype: str, hidden: int, batch: int, epochs: int) -> Result:
    """Train ours."""
    start = perf_counter()
    network = MLP((64, hidden, 10), dtype=dtype, rng=0)
    network.fit(X, y, eta=ETA, epochs=epochs, batch_size=batch, rng=1)
    seconds = perf_counter() - start
    return seconds, float((network.predict(X) == y).mean())


def scikit_learn(dtype: str, hidden: int, batch: int, epochs: int) -> Result:
    """Train scikit-learn's, with everything off that we do not do."""
    model = MLPClassifier(
        (hidden,),
        solver="sgd",
        momentum=0,
        nesterovs_momentum=False,
        alpha=0,
        learning_rate_init=ETA,
        batch_size=batch,
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # we want just these epochs
        start = perf_counter()
        model.fit(X.astype(dtype), y)
        seconds = perf_counter() - start
    assert model.n_iter_ == epochs
    return seconds, float(model.score(X, y))


def pytorch(dtype: str, hidden: int, batch: int, epochs: int) -> Result:
    """Train PyTorch's by the usual loop."""
    import torch

    torch.manual_seed(0)
    start = perf_counter()
    inputs, targets = torch.from_numpy(X.astype(dtype)), torch.from_numpy(y)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, hidden, dtype=inputs.dtype),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, 10, dtype=inputs.dtype),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=ETA)
    cost = torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        order = torch.randperm(len(inputs))
        X_batches, y_batches = inputs[order].split(batch), targets[order].split(batch)
        for x, t in zip(X_batches, y_batches, strict=True):
            optimizer.zero_grad()
            cost(model(x), t).backward()
            optimizer.step()
    seconds = perf_counter() - start
    with torch.no_grad():
        return seconds, float((model(inputs).argmax(dim=1) == targets).double().mean())


SIDES = {"ours": ours, "scikit-learn": scikit_learn, "PyTorch": pytorch}


def train(library: str, dtype: str, hidden: int, batch: int, epochs: int) -> float:
    """Train once, in the process of that library; return the seconds it took."""
    seconds, accuracy = SIDES[library](dtype, hidden, batch, epochs)
    assert accuracy > 0.8, f"{library} has learnt nothing: {accuracy:.3f}"
    return seconds


def compare(
    workers: dict[str, ProcessPoolExecutor],
    hidden: int,
    batch: int,
    epochs: int,
    sklearn_goal: float,
    torch_goal: float,
) -> bool:
    """Time all sides in turn; print the ratios and say whether they reach the goals."""
    rivals = [("scikit-learn", "float64", sklearn_goal)]
    if "PyTorch" in workers:
        rivals += [("PyTorch", dtype, torch_goal) for dtype in ("float64", "float32")]
    sides = {("ours", dtype) for _, dtype, _ in rivals} | {
        (library, dtype) for library, dtype, _ in rivals
    }
    times: dict[tuple[str, str], list[float]] = {side: [] for side in sorted(sides)}
    for repeat in range(REPEATS + 1):
        for (library, dtype), taken in times.items():
            job = workers[library].submit(train, library, dtype, hidden, batch, epochs)
            seconds = job.result()
            if repeat > 0:  # the first round warms up
                taken.append(seconds)

    print(f"64-{hidden}-10, batches of {batch}, {epochs} epochs:")
    for (library, dtype), taken in times.items():
        print(f"  {library}, {dtype}: {median(taken) * 1e3:.0f} ms")
    reached = True
    for library, dtype, goal in rivals:
        ratio = median(times["ours", dtype]) / median(times[library, dtype])
        print(f"  ours / {library}, {dtype}: {ratio:.2f} (goal: at most {goal})")
        reached &= ratio <= goal
    return reached


def main() -> int:
    """Print the ratios; return 0 if the goals are reached."""
    for library in ("OMP", "OPENBLAS", "MKL"):  # read by each process as it starts
        os.environ[f"{library}_NUM_THREADS"] = str(THREADS)
    libraries = ["ours", "scikit-learn", "PyTorch"]
    if importlib.util.find_spec("torch") is None:
        print("PyTorch is not installed: compared with scikit-learn only")
        libraries.remove("PyTorch")
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        workers = {
            library: stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn))
            for library in libraries
        }
        reached = [compare(workers, *setting) for setting in SETTINGS]
        return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
