"""Every public function is given bad input, one argument at a time, and says so.

A walk over all of them: one good call each, and each argument replaced by what it must
refuse. What a single function refuses beyond that is tested where it is tested.
"""

import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from test_docstrings import PUBLIC, parameters

from nnbook_utils import graph, optimizers
from nnbook_utils.beyond import LinearAutoencoder
from nnbook_utils.mlp import MLP

X = np.array([[0.0, 2.0], [3.0, 1.0], [1.0, 5.0], [2.0, 2.0]])
Y = np.array([1.0, 3.0, 0.0, 2.0])
SIGNS = np.array([1, -1, 1, -1])  # integers stand for labels
BITS = np.array([1, 0, 1, 1])
W = np.array([1.0, 2.0])
V = np.array([1.0, 3.0])
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])
IMAGE = np.arange(16.0).reshape(4, 4)
REGION = ((-1.0, 1.0), (-1.0, 1.0))
NETWORK = MLP((2, 3, 2), rng=0)
CODER = LinearAutoencoder(SQUARE[:1], SQUARE[:, :1], W, V)
LEAF = graph.Value(2.0)
OUTPUT = LEAF * LEAF


def bowl(w):
    return float(np.sum(np.square(w)))


def slope(w):
    return 2 * np.asarray(w)


def first_class(X):
    return np.zeros(len(X))


STEP = {"w": W, "gradient": V, "eta": 0.5}
RUN = {"gradient": slope, "w0": W, "eta": 0.1, "steps": 2}
CLOUD = {"n": 4, "noise": 0.1, "rng": 0}
GAUSS = {"mu": SQUARE, "log_var": SQUARE, "noise": SQUARE}
OF_SCORES = {"scores": W, "y": SIGNS[:2]}
OF_LOGITS = {"z": W, "y": BITS[:2]}
OF_CLASSES = {"Z": SQUARE, "Y": BITS[:2]}
OF_RESIDUALS = {"prediction": W, "target": V}
OF_SAMPLES = {"X": X, "y": SIGNS}

GOOD = {
    "datasets.truth_table": {"k": 2},
    "datasets.gate": {"name": "and"},
    "datasets.minterms": {"patterns": ["01"]},
    "datasets.iris_pair": {"species": ("setosa", "virginica")},
    "datasets.xor_clouds": CLOUD,
    "datasets.circles": CLOUD,
    "datasets.moons": CLOUD,
    "datasets.spirals": {**CLOUD, "classes": 2},
    "datasets.noisy_sine": CLOUD,
    "datasets.split": {"X": X, "y": Y, "fraction": 0.5, "rng": 0},
    **{
        f"activations.{name}{suffix}": {"z": W}
        for name in (
            *("identity", "threshold", "sigmoid", "tanh", "relu", "softplus"),
            "hard_tanh",
        )
        for suffix in ("", "_derivative")
    },
    "activations.leaky_relu": {"z": W, "slope": 0.1},
    "activations.leaky_relu_derivative": {"z": W, "slope": 0.1},
    "activations.softmax": {"z": W, "axis": 0},
    "activations.softmax_jacobian": {"z": W},
    "costs.mse": OF_RESIDUALS,
    "costs.mse_gradient": OF_RESIDUALS,
    "costs.zero_one": OF_SCORES,
    "costs.hinge": OF_SCORES,
    "costs.hinge_gradient": OF_SCORES,
    "costs.squared_hinge": OF_SCORES,
    "costs.squared_hinge_gradient": OF_SCORES,
    "costs.logistic": OF_SCORES,
    "costs.logistic_gradient": OF_SCORES,
    "costs.binary_cross_entropy": OF_LOGITS,
    "costs.binary_cross_entropy_gradient": OF_LOGITS,
    "costs.categorical_cross_entropy": OF_CLASSES,
    "costs.categorical_cross_entropy_gradient": OF_CLASSES,
    "costs.weight_decay": {"W": SQUARE, "lambda_": 0.5},
    "costs.weight_decay_gradient": {"W": SQUARE, "lambda_": 0.5},
    "costs.linear_cost": {"cost": bowl, "X": X, "y": Y},
    "costs.linear_gradient": {"cost_gradient": slope, "X": X, "y": Y},
    "regression.design_matrix": {"X": X},
    "regression.polynomial_features": {"x": W, "degree": 2},
    "regression.least_squares": {"X": X, "y": Y},
    "regression.ridge": {"X": np.insert(X, 0, 1, axis=1), "y": Y, "lambda_": 0.5},
    "regression.predict": {"X": X, "w": W},
    "regression.linear_classifier": OF_SAMPLES,
    "regression.classify": {"X": X, "w": W},
    "optimizers.gd_step": {**STEP, "state": None},
    "optimizers.momentum_step": {**STEP, "v": None, "alpha": 0.9},
    "optimizers.nesterov_step": {**STEP, "v": None, "alpha": 0.9},
    "optimizers.adagrad_step": {**STEP, "s": None, "delta": 0.1},
    "optimizers.rmsprop_step": {**STEP, "s": None, "rho": 0.9, "delta": 0.1},
    "optimizers.adam_step": {
        **STEP,
        "state": None,
        "beta1": 0.9,
        "beta2": 0.9,
        "delta": 0.1,
    },
    "optimizers.descend": {
        **RUN,
        "rule": optimizers.gd_step,
        "batches": None,
        "step_tolerance": 0.1,
        "gradient_tolerance": 0.1,
    },
    "optimizers.gradient_descent": RUN,
    "optimizers.sgd": {
        **RUN,
        "gradient": lambda w, rows: slope(w),
        "batches": [[0], [1]],
    },
    "optimizers.momentum": {**RUN, "alpha": 0.9},
    "optimizers.nesterov": {**RUN, "alpha": 0.9},
    "optimizers.adagrad": {**RUN, "delta": 0.1},
    "optimizers.rmsprop": {**RUN, "rho": 0.9, "delta": 0.1},
    "optimizers.adam": {**RUN, "beta1": 0.9, "beta2": 0.9, "delta": 0.1},
    "optimizers.constant": {"eta": 0.1},
    "optimizers.inverse_sqrt": {"C": 0.1},
    "optimizers.inverse": {"C": 0.1},
    "optimizers.step_decay": {"eta": 0.1, "every": 2, "factor": 0.5},
    "optimizers.cyclic": {"n": 4, "size": 2},
    "optimizers.shuffled": {"n": 4, "size": 2, "rng": 0},
    "optimizers.with_replacement": {"n": 4, "size": 2, "rng": 0},
    "optimizers.without_replacement": {"n": 4, "size": 2, "rng": 0},
    "graph.record": {
        "operation": "square",
        "data": 4.0,
        "parents": (LEAF,),
        "local": (4.0,),
    },
    "graph.maximum": {"a": LEAF, "b": 1.0},
    "graph.topological_order": {"output": OUTPUT},
    "graph.backward": {"output": OUTPUT},
    "graph.forward_mode": {"output": OUTPUT, "leaf": LEAF},
    "graph.count_paths": {"output": OUTPUT, "leaf": LEAF},
    "graph.paths": {"output": OUTPUT, "leaf": LEAF, "limit": 5},
    "graph.table": {"output": OUTPUT},
    "graph.draw": {"output": OUTPUT},
    "perceptron.perceptron_step": {"w": W, "x": V, "y": 1},
    "perceptron.perceptron": {**OF_SAMPLES, "epochs": 1, "w0": W},
    "perceptron.averaged_perceptron": {**OF_SAMPLES, "epochs": 1, "w0": W},
    "perceptron.margin": {"X": X[:2], "y": SIGNS[:2], "w": np.array([-1.0, 1.0])},
    "perceptron.mistake_bound": {
        "X": X[:2],
        "y": SIGNS[:2],
        "w_star": np.array([-1.0, 1.0]),
    },
    "mlp.count_parameters": {"widths": (2, 3)},
    "mlp.MLP.from_layers": {"weights": [SQUARE], "biases": [W]},
    "mlp.MLP.split_parameters": {"theta": np.arange(17.0)},
    "mlp.MLP.forward": {"X": X},
    "mlp.MLP.backward": {
        **dict(zip("ZA", NETWORK.forward(X), strict=True)),
        "y": BITS,
    },
    "mlp.MLP.gradient": {"X": X, "y": BITS},
    "mlp.MLP.cost": {"X": X, "y": BITS},
    "mlp.MLP.predict": {"X": X},
    "mlp.MLP.predict_proba": {"X": X},
    "mlp.MLP.fit": {
        "X": X,
        "y": BITS,
        "optimizer": "gd",
        "eta": 0.1,
        "epochs": 2,
        "rng": 0,
        "batch_size": 2,
        "validation": (X, BITS),
        "patience": 1,
    },
    "mlp.MLP.save": {"path": "network.npz"},
    "mlp.MLP.load": {"path": "network.npz"},
    "mlp.boolean_network": {"patterns": ["01"]},
    "mlp.pulse_network": {"edges": W, "heights": W[:1]},
    "beyond.conv_output_size": {"n": 8, "kernel": 3, "stride": 1, "padding": 1},
    "beyond.conv_parameters": {"in_channels": 1, "out_channels": 2, "kernel": 3},
    "beyond.dense_parameters": {"n_in": 2, "n_out": 3},
    "beyond.conv2d": {
        "image": IMAGE[None],
        "kernels": SQUARE[None, None],
        "bias": W[:1],
        "stride": 1,
        "padding": 1,
    },
    "beyond.max_pool2d": {"image": IMAGE[None], "size": 2, "stride": 1},
    "beyond.rnn_step": {"x": W, "h": W, "W_x": SQUARE, "W_h": SQUARE, "b": W},
    "beyond.lstm_step": {
        "x": W,
        "h": W,
        "c": W,
        "W": np.ones((8, 2)),
        "U": np.ones((8, 2)),
        "b": np.ones(8),
    },
    "beyond.LinearAutoencoder.encode": {"X": X},
    "beyond.LinearAutoencoder.decode": {"codes": X[:, :1]},
    "beyond.linear_autoencoder": {"X": X, "k": 1, "eta": 0.01, "steps": 1, "rng": 0},
    "beyond.reparameterize": GAUSS,
    "beyond.reparameterized_gradient": {
        "mu": W,
        "log_var": V,
        "noise": X,
        "gradient": slope,
    },
    "beyond.kl_to_standard_normal": {"mu": W, "log_var": V},
    "gradcheck.numerical_gradient": {"f": bowl, "w": W, "epsilon": 1e-4},
    "gradcheck.check_gradient": {"f": bowl, "gradient": slope, "w": W, "epsilon": 1e-4},
    "gradcheck.assert_gradient": {
        "f": bowl,
        "gradient": slope,
        "w": W,
        "epsilon": 1e-4,
        "tolerance": 1e-4,
    },
    "plots.panels": {"count": 2, "height": 3.0},
    "plots.curve": {"f": float, "span": (0.0, 1.0)},
    "plots.contour_path": {
        "f": bowl,
        "iterates": X,
        "optimum": W,
        "region": REGION,
        "levels": 3,
    },
    "plots.draw_path": {"iterates": X},
    "plots.loss_surface": {"f": bowl, "region": REGION, "iterates": X, "optimum": W},
    "plots.fitted_plane": {"X": X, "y": Y, "w": np.ones(3)},
    "plots.training_curves": {
        "training": W,
        "validation": V,
    },
    "plots.scatter_classes": {"X": X, "y": BITS, "size": 45.0},
    "plots.decision_regions": {
        "classify": first_class,
        "X": X,
        "y": BITS,
        "region": REGION,
        "points": 9,
    },
    "plots.half_planes": {"W": SQUARE, "b": W, "region": REGION},
    "plots.truth_table_plot": {
        "X": np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
        "y": BITS,
        "classify": first_class,
    },
    "plots.activation_plot": {
        "function": np.tanh,
        "derivative": np.cos,
        "interval": (-1.0, 1.0),
        "breaks": np.zeros(1),
    },
    "plots.fitted_curve": {
        "x": W,
        "y": V,
        "predict": np.sin,
        "truth": np.cos,
        "interval": (0.0, 1.0),
    },
    "plots.step_lengths": {"iterates": X, "tolerance": 0.1},
    "plots.vectors": {"V": SQUARE, "origins": SQUARE},
    "plots.linear_map": {"A": SQUARE},
    "plots.unit_balls": {"orders": (1, 2)},
    "plots.image_grid": {"images": IMAGE[None], "columns": 2},
    "plots.network_diagram": {"weights": [SQUARE], "biases": [W]},
}

INSTANCES = {"MLP": NETWORK, "LinearAutoencoder": CODER}


def find(name):
    """Return the public function of that name, a method bound to its object."""
    *_, owner, last = name.split(".")
    if owner in INSTANCES:
        return getattr(INSTANCES[owner], last)
    return PUBLIC[f"nnbook_utils.{name}"]


def bad(value):
    """Yield what is not like `value` and must be refused in its place."""
    if isinstance(value, np.ndarray):
        for strange in (np.nan, np.inf):
            array = value.astype(float)
            array.flat[:1] = strange
            if array.size:
                yield array
        yield np.full(value.shape or (1,), "1")
        yield np.empty((3, 0, 5, 0, 2))
        yield [[1.0], [2.0, 3.0]]
        yield [10**400]
        if value.dtype.kind == "i":
            array = value.copy()
            array.flat[0] = 7
            yield array
    elif isinstance(value, float):
        yield from (np.nan, -np.inf, "1", None, [1.0, 2.0])
    elif isinstance(value, int):
        yield from (2.5, -7, "1", np.nan)
    elif isinstance(value, str):
        yield from ("no such", 3, None)
    elif callable(value):
        yield from (3, "bowl")
    elif isinstance(value, graph.Value):
        yield from ("x", None, [1.0])
    elif isinstance(value, (list, tuple)):
        yield from (3, [], ["x", "y"])


def is_never(value):
    return False


def is_empty(value):
    return isinstance(value, np.ndarray) and value.size == 0


def is_not_finite(value):
    return (
        isinstance(value, np.ndarray) and value.dtype == float and not is_empty(value)
    )


# What is taken all the same, and why.
TAKEN = {
    # There is nothing to do for nothing.
    **{name: is_empty for name in GOOD if name.startswith("activations.")},
    "costs.weight_decay": is_empty,
    "costs.weight_decay_gradient": is_empty,
    "gradcheck.numerical_gradient": is_empty,
    "plots.activation_plot": is_empty,
    # A rule runs in an inner loop: `descend` looks for what is not finite.
    **{
        name: is_not_finite for name in GOOD if name.endswith("_step") and "opt" in name
    },
}
# Any text will do, or a function is called only later.
FREE = {
    ("graph.record", "operation"),
    ("mlp.MLP.save", "path"),
    ("costs.linear_cost", "cost"),
    ("costs.linear_gradient", "cost_gradient"),
}
# Where the message has another name for the argument, or the words are Python's.
ALIASES = {
    ("activations.softmax", "axis"): "axis|'<='",
    ("beyond.max_pool2d", "size"): "kernel",
    ("graph.record", "data"): "square|real number",
    ("perceptron.mistake_bound", "w_star"): r"\bw\b",
}
CASES = [
    (name, argument)
    for name, good in GOOD.items()
    for argument, value in good.items()
    if value is not None and (name, argument) not in FREE
]


@pytest.mark.parametrize(("name", "argument"), CASES)
def test_a_bad_argument_is_refused(name, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    function, good = find(name), GOOD[name]
    optional = inspect.signature(function).parameters[argument].default is None
    told = re.escape(argument)
    if argument == "rng" or not isinstance(good[argument], (np.ndarray, float, int)):
        told = None  # NumPy's or Python's own words are clear enough
    for value in bad(good[argument]):
        if (optional and value is None) or TAKEN.get(name, is_never)(value):
            continue
        with pytest.raises(
            (TypeError, ValueError, FloatingPointError, OSError),
            match=ALIASES.get((name, argument), told),
        ):
            function(**{**good, argument: value})
    plt.close("all")


def plain(value):
    """Return an array or a number that stands for a result, or None."""
    if isinstance(value, MLP):
        return value.theta
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    is_array = isinstance(value, np.ndarray) and value.dtype != object
    return value if is_array or isinstance(value, float) else None


@pytest.mark.parametrize(
    "name", [name for name in GOOD if name not in ("mlp.MLP.load", "mlp.MLP.save")]
)
def test_whole_numbers_of_one_byte_do_not_overflow(name):
    function, good = find(name), GOOD[name]
    small = {}
    for argument, value in good.items():
        if isinstance(value, np.ndarray) and (value == value.round()).all():
            least = np.uint8 if (value >= 0).all() else np.int8
            small[argument] = value.astype(least)
    kept = NETWORK.theta.copy()
    expected = plain(function(**good))
    NETWORK.theta[:] = kept
    np.testing.assert_equal(plain(function(**{**good, **small})), expected)
    NETWORK.theta[:] = kept
    plt.close("all")


def test_no_function_is_left_out():
    with_arguments = {
        name.removeprefix("nnbook_utils.")
        for name, thing in PUBLIC.items()
        if inspect.isfunction(thing)
        and parameters(thing)
        and not re.search(r"checks|grading|practice|_inputs", name)
    }
    assert set(GOOD) == with_arguments
