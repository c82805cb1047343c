"""The network: its engine against NumPy, its presets, and the figure as it is used."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from live import Engine, Shown, engine_of, place_on, state_link, violations
from traitlets import TraitError

from nnbook_utils import demos
from nnbook_utils.activations import ACTIVATIONS
from nnbook_utils.datasets import circles
from nnbook_utils.demos.network import DATASETS, PRESETS, _settings
from nnbook_utils.mlp import INITIALISERS, MLP
from nnbook_utils.optimizers import descend, momentum_step
from nnbook_utils.perceptron import averaged_perceptron, perceptron

NAMES = [name for name in PRESETS if name != "usual"]
COSTS = {
    ("softmax", "cross_entropy"): "fitting",
    ("sigmoid", "cross_entropy"): "fitting",
    ("sigmoid", "squared_error"): "mse",
    ("linear", "squared_error"): "fitting",
}

# One batch forward and backward, then steps on the batches that are named.
TRAINED = """({design, theta, X, Y, batches, eta, alpha, l1, l2}) => {
  const {makeNetwork, makeMemory, forward, backward, meanCost, penalty, decide,
    momentumStep} = engine;
  const network = makeNetwork(design);
  network.theta.set(theta);
  const memory = makeMemory(network, X.length);
  const gradient = new Float64Array(theta.length);
  const v = new Float64Array(theta.length);
  const pass = (rows) => {
    memory.A[0].set(rows.flatMap((r) => X[r]));
    forward(network, memory, rows.length);
    backward(
      network, memory, rows.flatMap((r) => Y[r]), rows.length, gradient, l1, l2);
  };
  const all = X.map((_, r) => r);
  pass(all);
  const first = {
    Z: memory.Z.map((z) => [...z]), A: memory.A.map((a) => [...a]),
    gradient: [...gradient], classes: all.map((r) => decide(network, memory, r)),
    cost: meanCost(network, memory, Y.flat(), X.length),
    penalty: penalty(network, l1, l2),
  };
  const iterates = batches.map((rows) => {
    pass(rows);
    momentumStep(network.theta, v, gradient, eta, alpha);
    return [...network.theta];
  });
  return {...first, iterates};
}"""

# A run as the demo makes it: its points, its orders, and its weights by epoch.
RUN = """({settings, epochs}) => {
  const run = engine.makeRun(settings);
  const {design, points, training, testing} = run;
  const [orders, weights] = [[], [[...run.network.theta]]];
  for (let i = 0; i < epochs && !run.stopped; i += 1) {
    orders.push([...run.order]);
    run.epochOf(settings.batch_size);
    weights.push([...run.network.theta]);
  }
  const {history, stopped, mistakes, epoch} = run;
  const outcome = run.outcome();
  return {design, points, training, testing, orders, weights, history, stopped,
    mistakes, epoch, outcome};
}"""


engine = engine_of("mlp")


@pytest.fixture(scope="module")
def runs(chromium):
    """Return what runs the demo's settings, without a page."""
    engine = Engine(chromium, "network_run")

    def run(epochs, **given):
        chosen = {**_settings(given.pop("preset", "circle")), **given}
        return engine.page.evaluate(RUN, {"settings": chosen, "epochs": epochs})

    yield run
    engine.page.close()


def penalised(network, theta, l1, l2):
    """Return the gradient and the value of the penalties, which MLP has not both."""
    gradient = np.zeros_like(theta)
    ours, theirs = network.split_parameters(gradient), network.split_parameters(theta)
    for dW, W in zip(ours[0], theirs[0], strict=True):
        dW[:] = l2 * W + l1 * np.sign(W)
    return gradient, sum(
        l2 / 2 * (W**2).sum() + l1 * np.abs(W).sum() for W in theirs[0]
    )


@settings(max_examples=60)
@given(
    hidden=st.lists(
        st.tuples(st.integers(1, 8), st.sampled_from(list(ACTIVATIONS))), max_size=4
    ),
    kind=st.sampled_from(list(COSTS)),
    sizes=st.tuples(st.integers(1, 7), st.integers(1, 5), st.integers(1, 20)),
    rates=st.tuples(st.floats(1e-3, 0.5), st.floats(0, 0.95)),
    penalties=st.tuples(st.floats(0, 0.1), st.floats(0, 0.1)),
    seed=st.integers(0, 10_000),
)
def test_a_network_does_what_numpys_does(
    engine, hidden, kind, sizes, rates, penalties, seed
):
    (output, cost), (eta, alpha), (l1, l2) = kind, rates, penalties
    inputs, outputs, n = sizes
    outputs = max(outputs, 2) if output == "softmax" else outputs
    rng = np.random.default_rng(seed)
    widths = [inputs, *(width for width, _ in hidden), outputs]
    names = [name for _, name in hidden]
    network = MLP(
        widths, hidden=names, output=output, cost=COSTS[kind], init="xavier", rng=rng
    )
    network.theta[:] += rng.normal(0, 0.3, network.theta.shape)
    theta, X = network.theta.copy(), rng.normal(size=(n, inputs))
    if output == "linear":
        y = Y = rng.normal(size=(n, outputs))
    elif output == "sigmoid":
        y = Y = rng.integers(0, 2, (n, outputs)).astype(float)
    else:
        y = rng.integers(0, outputs, n)
        Y = np.eye(outputs)[y]
    batches = [rng.integers(0, n, rng.integers(1, n + 1)) for _ in range(5)]

    def gradient(w, rows):
        network.theta[:] = w
        return network.gradient(X[rows], y[rows]) + penalised(network, w, l1, l2)[0]

    try:
        iterates = descend(
            momentum_step,
            gradient,
            theta,
            eta=eta,
            steps=5,
            batches=batches,
            alpha=alpha,
        )
    except FloatingPointError:
        reject()
    # What runs away says nothing: each rounding grows with it.
    assume(np.abs(iterates).max() < 1e3)
    network.theta[:] = theta
    found = engine.page.evaluate(
        TRAINED,
        {
            "design": {
                "widths": widths,
                "hidden": names,
                "output": output,
                "cost": cost,
            },
            "theta": theta.tolist(),
            "X": X.tolist(),
            "Y": Y.tolist(),
            "batches": [rows.tolist() for rows in batches],
            **{"eta": eta, "alpha": alpha, "l1": l1, "l2": l2},
        },
    )

    close = {"rtol": 1e-9, "atol": 1e-9}
    Z, A = network.forward(X)
    for theirs, ours in zip(found["Z"] + found["A"], Z + A, strict=True):
        np.testing.assert_allclose(np.reshape(theirs, ours.shape), ours, **close)
    assert np.isclose(found["cost"], network.cost(X, y), **close)
    assert np.isclose(found["penalty"], penalised(network, theta, l1, l2)[1], **close)
    if output == "softmax" or (outputs == 1 and output == "sigmoid"):
        assert found["classes"] == network.predict(X).tolist()
    np.testing.assert_allclose(
        found["gradient"], gradient(theta, np.arange(n)), **close
    )
    np.testing.assert_allclose(found["iterates"], iterates[1:], **close)


def inputs_of(points, extras, *, curve):
    """Return the inputs by their formulae: x1, x2 and the extra ones."""
    u, v = np.array(points)[:, :2].T
    more = {
        "x1^2": u**2,
        "x2^2": v**2,
        "x1*x2": u * v,
        "sin x1": np.sin(np.pi * u),
        "sin x2": np.sin(np.pi * v),
    }
    return np.column_stack(
        [u, *([] if curve else [v]), *(more[name] for name in extras)]
    )


def trained(found, chosen):
    """Return NumPy's network after the steps of a run, and its inputs and targets."""
    design, points = found["design"], np.array(found["points"])
    output, cost = design["output"], design["cost"]
    X = inputs_of(points, chosen["extras"], curve=chosen["task"] == "curve")
    if chosen["task"] == "copy":
        y = points[:, :2]
    elif chosen["task"] == "curve":
        y = points[:, 1]
    elif output == "sigmoid" and design["widths"][-1] > 1:
        y = np.eye(design["widths"][-1])[points[:, 2].astype(int)]
    else:
        y = points[:, 2]
    network = MLP(
        design["widths"],
        hidden=design["hidden"],
        output=output,
        cost=COSTS[output, cost],
        rng=0,
    )
    b = chosen["batch_size"]
    batches = [
        np.array(order[i : i + b])
        for order in found["orders"]
        for i in range(0, len(order), b)
    ]

    def gradient(w, rows):
        network.theta[:] = w
        penalty, _ = penalised(network, w, chosen["l1"], chosen["l2"])
        return network.gradient(X[rows], y[rows]) + penalty

    iterates = descend(
        momentum_step,
        gradient,
        found["weights"][0],
        eta=chosen["eta"],
        alpha=chosen["alpha"],
        steps=len(batches),
        batches=batches,
    )
    network.theta[:] = iterates[-1]
    return network, X, y


@pytest.mark.parametrize(
    "given",
    [
        {
            "extras": ["x1*x2", "sin x2"],
            "layers": [5, 3],
            "batch_size": 7,
            "alpha": 0.9,
        },
        {"preset": "three_classes", "l2": 0.01, "share": 0.5, "alpha": 0.9},
        {"preset": "three_classes", "cost": "squared_error", "activations": ["relu"]},
        {"preset": "sine", "extras": ["x1^2"], "l1": 0.001},
        {"preset": "autoencoder", "eta": 0.05},
    ],
    ids=str,
)
def test_a_run_is_one_of_numpys_in_the_same_order(runs, given):
    chosen = {**_settings(given.get("preset", "circle")), **given}
    found = runs(3, **given)
    for order in found["orders"]:
        assert sorted(order) == found["training"]
    assert found["orders"][0] != found["orders"][1]
    network, X, y = trained(found, chosen)
    np.testing.assert_allclose(
        found["weights"][-1], network.theta, rtol=1e-9, atol=1e-9
    )
    for rows, key in ((found["training"], "training"), (found["testing"], "testing")):
        if not rows:
            continue
        told = found["outcome"][key]
        assert np.isclose(told["cost"], network.cost(X[rows], y[rows]), rtol=1e-9)
        assert np.isclose(found["history"][-1][key], told["cost"], rtol=1e-12)
        if found["design"]["output"] == "softmax":
            assert told["right"] == (network.predict(X[rows]) == y[rows]).sum()
    parted = len(found["training"]) / len(found["points"])
    assert abs(parted - chosen["share"]) < 0.05


@pytest.mark.parametrize("rule", ["rosenblatt", "averaged"])
def test_a_perceptron_makes_numpys_mistakes(runs, rule):
    found = runs(20, preset="perceptron", rule=rule)
    points = np.array(found["points"])
    X = np.column_stack([points[:, :2], np.ones(len(points))])
    y = np.where(points[:, 2] > 0, 1, -1)
    order = [row for epoch in found["orders"] for row in epoch]
    run = perceptron(X, y, epochs=20, order=order)
    assert len(run.mistakes) == found["epoch"] > 1
    assert run.mistakes.sum() == found["mistakes"]
    assert "converged" in found["stopped"]
    w = run.iterates[-1]
    if rule == "averaged":
        w = averaged_perceptron(X, y, epochs=20, order=order)
    np.testing.assert_allclose(found["weights"][-1], w, rtol=1e-9, atol=1e-9)


def test_first_weights_are_drawn_as_numpys_are(runs):
    for init, deviation in INITIALISERS.items():
        drawn = [
            runs(0, layers=[8], init=init, seed=seed)["weights"][0]
            for seed in range(60)
        ]
        W = np.array(drawn)[:, :16]  # the 2 x 8 weights of the first layer
        assert np.isclose(W.std(), deviation(2, 8), rtol=0.1)
        assert abs(W.mean()) <= 0.1 * deviation(2, 8)
        assert not np.array(drawn)[:, 16:24].any()  # its biases
    again = runs(0, layers=[8], seed=5)["weights"]
    assert again == runs(0, layers=[8], seed=5)["weights"]
    assert again != runs(0, layers=[8], seed=6)["weights"]


def test_the_points_are_those_of_the_package(runs):
    points = np.array(runs(0, dataset="circle", noise=0.0, count=200)["points"])
    theirs, labels = circles(200, noise=0, rng=0)
    for label in (0, 1):
        ours = np.hypot(*points[points[:, 2] == label, :2].T)
        assert np.allclose(ours, np.hypot(*theirs[labels == label].T)[0], atol=1e-3)
    spiral = np.array(runs(0, preset="spiral", noise=0.0)["points"])
    radius = np.hypot(*spiral[:, :2].T)
    turns = 1.5 * (radius - 0.1) / 0.9 + spiral[:, 2] / 2
    along = np.column_stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)])
    assert np.allclose(spiral[:, :2], radius[:, None] * along, atol=1e-2)
    corners = np.array(runs(0, preset="xor")["points"])
    assert (corners[:, 2] == (corners[:, 0] * corners[:, 1] < 0)).all()
    noise = np.array(runs(0, preset="xor", count=1000, noise=0.2)["points"])
    assert np.isclose((np.abs(noise[:, :2]) - 1).std(), 0.2, rtol=0.1)
    assert set(runs(0, preset="three_classes")["training"]).isdisjoint(
        runs(0, preset="three_classes")["testing"]
    )


def test_too_large_a_step_stops_the_run_and_says_why(runs):
    found = runs(500, preset="square", eta=30, activations=["relu"])
    assert 0 < len(found["weights"]) < 500
    assert "It diverged in epoch" in found["stopped"]
    assert "The step size is 30," in found["stopped"]
    assert "smaller step size" in found["stopped"]


# What each preset is to show, after some epochs.


def all_right(found):
    return found["outcome"]["training"]["right"] == found["outcome"]["training"]["n"]


def units(found):
    """Return the weights and biases of the first layer, a row a unit, twice."""
    m, n, *_ = found["design"]["widths"]
    ends = found["weights"][0], found["weights"][-1]
    return [np.reshape(theta[: (m + 1) * n], (m + 1, n)).T for theta in ends]


def test_xor_needs_a_hidden_layer_and_two_units_sometimes_do(runs):
    assert all_right(runs(400, preset="xor"))
    assert not all_right(runs(400, preset="xor", layers=[]))
    outcomes = [all_right(runs(400, preset="xor", seed=seed)) for seed in range(10)]
    assert 0 < sum(outcomes) < 10


def test_the_disc_is_enclosed_or_the_squares_do_it(runs):
    assert runs(100, preset="circle")["outcome"]["testing"]["right"] >= 85
    assert runs(100, preset="circle", layers=[1])["outcome"]["testing"]["right"] < 75
    squares = runs(100, preset="circle", layers=[1], extras=["x1^2", "x2^2"])
    assert squares["outcome"]["testing"]["right"] >= 85


def test_spirals_are_parted_by_two_layers(runs):
    assert all_right(runs(300, preset="spiral"))
    assert not all_right(runs(300, preset="spiral", layers=[]))


def test_three_classes_need_no_hidden_layer(runs):
    assert runs(100, preset="three_classes")["outcome"]["training"]["right"] >= 205
    flat = runs(100, preset="three_classes", layers=[])
    assert flat["outcome"]["training"]["right"] >= 205


def test_separable_weights_grow_until_they_are_penalised(runs):
    short, long = (runs(epochs, preset="separable") for epochs in (10, 200))
    assert all_right(short)
    assert np.linalg.norm(long["weights"][-1]) > 1.5 * np.linalg.norm(
        short["weights"][-1]
    )
    penalised = [
        runs(e, preset="separable", l2=0.01)["weights"][-1] for e in (200, 400)
    ]
    assert np.allclose(*penalised, atol=0.2)


def test_one_unit_turns_its_arrow_towards_the_class(runs):
    found = runs(20, preset="dot_product")
    assert found["weights"][0] == [-0.5, 0.8, 0.0]
    w = np.array(found["weights"][-1][:2])
    between = w @ [0.55, 0.4] / np.linalg.norm(w) / np.hypot(0.55, 0.4)
    assert all_right(found)
    assert between > 0.9


def test_a_dead_relu_does_not_move_and_a_leaky_one_does(runs):
    before, after = units(runs(200, preset="dead_relu"))
    assert (before[1] == after[1]).all()
    assert not np.isclose(before[0], after[0]).any()
    before, after = units(runs(200, preset="dead_relu", activations=["leaky_relu"]))
    assert not np.isclose(before[1], after[1], atol=1e-6).all()


def test_equal_units_stay_equal_and_random_ones_do_better(runs):
    equal = runs(100, preset="equal_start")
    before, after = units(equal)
    assert not np.isclose(before, after).all()
    assert np.allclose(after, after[0], atol=1e-9)
    drawn = runs(100, preset="equal_start", init="xavier")
    assert (
        drawn["outcome"]["training"]["cost"] < equal["outcome"]["training"]["cost"] / 2
    )


def test_curves_are_learned(runs):
    square = runs(200, preset="square")["outcome"]
    assert square["training"]["cost"] < 0.001
    assert square["testing"]["cost"] < 0.005
    assert runs(300, preset="sine")["outcome"]["testing"]["cost"] < 0.02
    line = runs(300, preset="sine", layers=[])["outcome"]["testing"]["cost"]
    assert line > 0.05


def test_the_autoencoder_finds_the_principal_line(runs):
    found = runs(300, preset="autoencoder")
    points = np.array(found["points"])[:, :2]
    centred = points - points.mean(axis=0)
    smallest = np.linalg.svd(centred, compute_uv=False)[-1]
    best = smallest**2 / (2 * len(points))  # no line has a smaller mean error
    assert best <= found["outcome"]["training"]["cost"] < 1.2 * best


# The figure.


def press(shown, name, times=1, **options):
    for _ in range(times):
        shown.figure.get_by_role("button", name=name, exact=True, **options).click()


def readout(shown):
    shown.page.wait_for_timeout(150)
    return shown.figure.locator(".readout").inner_text()


def on_picture(shown, u, v, half=1.5):
    """Return where the place (u, v) of the plane is on the screen."""
    picture = shown.figure.locator(".points svg")
    return place_on(picture, u, v, across=(-half, half), up=(-half, half))


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_starts_trains_and_stops(chromium, name):
    other = "circle" if name != "circle" else "xor"
    with Shown(chromium, demos.Network(preset=other)) as shown:
        shown.page.get_by_label("Start with").select_option(name)
        assert "step 0, epoch 0" in readout(shown)
        before = float(re.search(r"(?:cost|mistakes) ([\d.]+)", readout(shown))[1])
        press(shown, "Run")
        shown.page.wait_for_function(
            "!document.querySelector('.readout').textContent.startsWith('step 0')"
        )
        shown.page.wait_for_timeout(300)
        press(shown, "Stop")
        text = readout(shown)
        after = float(re.search(r"(?:cost|mistakes) ([\d.]+)", text)[1])
        assert after < before or name == "equal_start"
        assert ("right" in text) == (_settings(name)["task"] == "classes")
        hint = shown.page.locator(".hint").inner_text()
        assert hint == PRESETS[name]["hint"]
        shown.page.wait_for_timeout(150)
        assert shown.complaints == []
        assert readout(shown) == text  # it has stopped
        assert shown.linked() | {"weights": []} == {
            **_settings(name),
            "weights": [],
            "preset": name,
        }


def test_numbers_shown_are_numpys(chromium):
    points = [[-1, -0.5, 0], [0.5, 1, 1], [1, -1, 0], [-0.5, 0.5, 1]]
    theta = [0.5, -1, 1, 0.25, 0.1, -0.2, 1, -1.5, 0.3]
    widget = demos.Network(
        dataset="own", points=points, layers=[2], weights=theta, batch_size=4,
        eta=0.7, alpha=0.5, share=1.0, probe=[0.4, -0.3], tab="network",
    )  # fmt: skip
    X, y = np.array(points)[:, :2], np.array(points)[:, 2]
    network = MLP((2, 2, 1), hidden="tanh", output="sigmoid", rng=0)

    def gradient(w):
        network.theta[:] = w
        return network.gradient(X, y)

    w = descend(momentum_step, gradient, theta, eta=0.7, alpha=0.5, steps=3)[-1]
    network.theta[:] = w
    with Shown(chromium, widget) as shown:
        press(shown, "Epoch", 3)
        right = (network.predict(X) == y).sum()
        cost = f"{network.cost(X, y):.3g}"
        assert (
            f"step 3, epoch 3 · training: {right} of 4 right, cost {cost}"
            in readout(shown)
        )
        assert shown.status == f"At rest: epoch 3, cost {cost}, {4 - right} wrong."
        # The graph, at the probe.
        _, A = network.forward([[0.4, -0.3]])
        for i in (0, 1):
            tile = shown.page.get_by_role("button", name=f"layer 1, unit {i + 1}")
            told = tile.get_attribute("aria-label").replace("−", "-")
            assert float(told.rsplit(" ", 1)[1]) == float(f"{A[1][0, i]:.3g}")
        # The forward pass of the probe, operation by operation.
        product = w[0] * 0.4
        press(shown, "Step")
        told = shown.page.locator('p[role="status"]').filter(has_text="1 of 12")
        assert f"{product:.4g}".replace("-", "−") in told.inner_text()
        press(shown, "Step", 2)
        Z, _ = network.forward([[0.4, -0.3]])
        assert (
            f"= {Z[0][0, 0]:.4g}.".replace("-", "−")
            in shown.page.get_by_text("3 of 12").inner_text()
        )
        press(shown, "Step")
        assert (
            f"{A[1][0, 0]:.4g}".replace("-", "−")
            in shown.page.get_by_text("4 of 12").inner_text()
        )
        output = shown.page.get_by_role("button", name="output unit 1")
        assert "not yet computed" in output.get_attribute("aria-label")
        # The history, the weights, the table.
        shown.page.get_by_role("tab", name="Cost").click()
        shown.page.wait_for_timeout(100)
        assert (
            f"epoch 3: training {network.cost(X, y):.4g}"
            in shown.page.locator("[role=tabpanel] output:visible").inner_text()
        )
        shown.page.get_by_role("tab", name="Weights").click()
        shown.page.wait_for_timeout(100)
        field = shown.page.get_by_label("unit 2, bias").last
        assert float(field.input_value().replace("−", "-")) == float(
            f"{network.biases[0][1]:.6g}"
        )
        shown.page.get_by_role("tab", name="Table").click()
        field = shown.page.get_by_label("row 1, x1")
        field.fill("0.8")
        field.press("Tab")
        _, A = network.forward([[0.8, 0.0]])
        told = shown.page.locator("tbody tr:visible").first.locator("output")
        assert told.all_inner_texts() == [
            f"{A[-1][0, 0]:.4g}",
            str(network.predict([[0.8, 0.0]])[0] + 1),
        ]
        press(shown, "Write table")
        lines = shown.page.get_by_label("CSV", exact=True).input_value().split("\n")
        assert lines[0] == "x1,x2,output 1,class"
        assert np.isclose(float(lines[1].split(",")[2]), A[-1][0, 0], rtol=1e-9)
        # All digits of the weights go into the link once they are kept.
        shown.page.get_by_role("tab", name="Weights").click()
        press(shown, "Keep these as the first weights")
        shown.page.wait_for_timeout(50)
        np.testing.assert_allclose(shown.linked()["weights"], w, rtol=1e-9, atol=1e-9)
        assert shown.complaints == []


def test_the_mouse_adds_removes_pans_and_draws(show):
    with show(demos.Network(preset="xor")) as shown:
        mouse, choose = shown.page.mouse, shown.figure.get_by_label("a press")
        choose.select_option(label="adds points")
        shown.figure.get_by_role("combobox", name="Colour").select_option(
            label="green ▲"
        )
        mouse.click(*on_picture(shown, 0.5, 0.25))
        assert "of 5 right" in readout(shown)
        state = shown.linked()
        assert state["dataset"] == "own"
        assert np.allclose(state["points"][-1], [0.5, 0.25, 2], atol=0.01)
        shown.drag(on_picture(shown, -0.5, 0), on_picture(shown, 0.5, 0), steps=12)
        drawn = shown.linked()["points"][5:]
        assert 4 <= len(drawn) <= 12
        assert np.allclose(np.array(drawn)[:, 1], 0, atol=0.01)
        choose.select_option(label="removes points")
        mouse.click(*on_picture(shown, 0.5, 0.25))
        assert shown.linked()["points"][4:] == drawn
        choose.select_option(label="moves the view")
        shown.drag(on_picture(shown, 0, 0), on_picture(shown, 0.5, 0.5))
        assert np.allclose(shown.linked()["view"], [-0.5, -0.5, 1.5], atol=0.02)
        press(shown, "Fit")
        assert np.allclose(shown.linked()["view"][:2], [0, 0], atol=0.01)
        press(shown, "Remove all points")
        assert readout(shown).startswith("There are no points")
        assert shown.status == "There is nothing to train on."
        press(shown, "Run")
        shown.figure.get_by_role("button", name="Run", exact=True).wait_for()
        assert "not a number" not in shown.figure.inner_text()
        assert shown.complaints == []


def test_a_point_that_is_added_does_not_stop_the_training(chromium):
    with Shown(chromium, demos.Network(preset="circle", speed=100.0)) as shown:
        press(shown, "Run")
        shown.page.wait_for_timeout(300)
        press(shown, "Add a point at the probe")
        shown.page.wait_for_timeout(300)
        press(shown, "Stop")
        told = readout(shown)
        assert int(re.search(r"step ([\d]+)", told)[1]) > 20
        seen, unseen = re.findall(r"of (\d+) right", told)
        assert int(seen) + int(unseen) == 301


def test_the_arrow_of_a_single_unit_is_dragged(chromium):
    with Shown(chromium, demos.Network(preset="dot_product")) as shown:
        shown.drag(on_picture(shown, -0.5, 0.8), on_picture(shown, 1, 0.75))
        assert "60 of 60 right" in readout(shown)
        assert np.allclose(shown.linked()["weights"], [1, 0.75, 0], atol=0.02)
        press(shown, "Epoch")
        press(shown, "To the start")  # to the weights that were dragged
        assert "step 0" in readout(shown)
        assert np.allclose(shown.linked()["weights"], [1, 0.75, 0], atol=0.02)


def test_by_touch(show):
    with show(demos.Network(preset="xor"), width=360, has_touch=True) as shown:
        tap = shown.page.touchscreen.tap
        press = shown.figure.get_by_label("a press")
        roomy = shown.page.viewport_size["width"] > 1000
        assert press.is_visible() == roomy
        if not roomy:
            shown.figure.get_by_text("Points and view").tap()
        press.select_option(label="adds points")
        tap(*on_picture(shown, 0.5, 0.5))
        assert "of 5 right" in readout(shown)
        press.select_option(label="moves the view")
        middle = on_picture(shown, 0, 0)
        shown.drag(middle, on_picture(shown, 0.5, 0.5), finger=True)
        assert np.allclose(shown.linked()["view"], [-0.5, -0.5, 1.5], atol=0.02)
        shown.figure.get_by_role("button", name="Batch").tap()
        assert "step 1" in readout(shown)
        shown.figure.get_by_role("tab", name="Bent grid").tap()
        assert shown.figure.get_by_label("Across").is_visible()
        shown.figure.get_by_role("tab", name="Network").tap()
        shown.figure.get_by_role("button", name="layer 1, unit 2").tap()
        assert shown.figure.get_by_label("unit 2, bias").first.is_visible()
        assert shown.complaints == []


def test_by_the_keyboard_alone(show):
    with show(demos.Network(preset="xor")) as shown:
        key = shown.page.keyboard.press

        def go_to(role, name):
            """Press Tab until it has the focus, as one does."""
            wanted = shown.figure.get_by_role(role, name=name).first
            for _ in range(80):
                key("Tab")
                if wanted.evaluate("element => element === document.activeElement"):
                    return
            raise AssertionError(f"Tab does not reach {name}")

        go_to("button", "Run")
        key("Enter")
        shown.page.wait_for_timeout(300)
        key("Enter")
        told = readout(shown)
        assert not told.startswith("step 0")
        go_to("button", "To the start")
        key("Enter")
        assert readout(shown).startswith("step 0")
        go_to("button", "probe")
        key("Shift+ArrowLeft")  # from (0.5, 0.5) to (0, 0.5)
        key("Enter")
        assert "of 5 right" in readout(shown)
        key("Space")
        assert "of 6 right" in readout(shown)
        key("Delete")
        key("Backspace")
        assert "of 4 right" in readout(shown)
        go_to("tab", "Network")
        key("ArrowRight")
        assert shown.figure.get_by_role("tab", name="Cost").get_attribute(
            "aria-selected"
        ) == "true"  # fmt: skip
        key("ArrowRight")
        go_to("textbox", "unit 1, x₁")
        key("Control+A")
        shown.page.keyboard.type("2.5")
        key("Enter")
        shown.page.wait_for_timeout(50)
        assert shown.linked()["weights"][0] == 2.5
        assert shown.complaints == []


def test_layers_inputs_and_bad_entries(chromium):
    with Shown(chromium, demos.Network(preset="circle")) as shown:
        page = shown.page
        page.get_by_text("Inputs and first weights").click()
        press(shown, "Add a layer")
        page.get_by_label("Layer 2: units").select_option("3")
        page.get_by_label("activation").last.select_option("relu")
        page.get_by_label("x₁²").check()
        shown.page.wait_for_timeout(100)
        state = shown.linked()
        assert (state["layers"], state["activations"]) == ([4, 3], ["tanh", "relu"])
        assert state["extras"] == ["x1^2"]
        assert page.locator(".spot").count() == 3 + 4 + 3 + 1
        press(shown, "Remove layer 1")
        assert page.locator(".spot").count() == 3 + 3 + 1
        field = page.get_by_label("Seed")
        field.fill("many")
        field.press("Tab")
        assert "Type a number" in " ".join(page.get_by_role("alert").all_inner_texts())
        page.get_by_role("tab", name="Table").click()
        page.get_by_label("CSV", exact=True).fill("x1,x2,class\n0,0,1\n1,1")
        press(shown, "Use as points")
        assert "Line 3" in " ".join(page.get_by_role("alert").all_inner_texts())
        page.get_by_label("CSV", exact=True).fill("x1,x2,class\n0,0,1\n1;1;2\n-1,1,3")
        press(shown, "Use as points")
        page.wait_for_timeout(100)
        assert shown.linked()["points"] == [[0, 0, 0], [1, 1, 1], [-1, 1, 2]]
        press(shown, "Write points")
        text = page.get_by_label("CSV", exact=True).input_value()
        assert text == "x1,x2,class\n0,0,1\n1,1,2\n-1,1,3"
        assert shown.complaints == []


def test_points_come_from_a_file_and_go_into_one(chromium, tmp_path):
    widget = demos.Network(preset="xor", tab="table")
    with Shown(chromium, widget, accept_downloads=True) as shown:
        page, given = shown.page, tmp_path / "mine.csv"
        given.write_text("x1,x2,class\n0.5,0.25,2\n-1,1,1\n", "utf-8")
        page.get_by_label("Open a file").set_input_files(given)
        press(shown, "Use as points")
        page.wait_for_timeout(100)
        assert shown.linked()["points"] == [[0.5, 0.25, 1], [-1, 1, 0]]
        press(shown, "Write points")
        with page.expect_download() as saved:
            press(shown, "Save as a file")
        assert saved.value.suggested_filename == "network.csv"
        text = saved.value.path().read_text("utf-8")
        assert text == "x1,x2,class\n0.5,0.25,2\n-1,1,1"
        assert shown.complaints == []


@pytest.mark.parametrize("preset", ["separable", "square"])
@pytest.mark.parametrize("near", [True, False])
def test_a_guess_is_compared_with_what_came(chromium, runs, preset, near):
    chosen = _settings(preset)
    epochs = chosen["guess_epochs"]
    found = runs(epochs, preset=preset)
    network, X, y = trained(found, chosen)
    X, y = X[found["training"]], y[found["training"]]
    if chosen["task"] == "classes":
        right = (network.predict(X) == y).sum()
        came = f"{right} of {len(y)} are right"
        guess = f"{right - len(y) // 20 - (not near)}"  # a twentieth is near
    else:
        cost = network.cost(X, y)
        came = f"the mean cost is {cost:.4g}"
        guess = f"{cost * (1.9 if near else 2.1):.3g}"  # up to twice is near
    verdict = "✓ Right." if near else "✗ Not this time."
    with Shown(chromium, demos.Network(preset=preset, speed=9000.0)) as shown:
        shown.page.get_by_label("epochs, about how").fill(guess)
        press(shown, "Commit to it")
        press(shown, "Run")
        told = f"{verdict} You said: {guess}. After {epochs} epochs {came}."
        shown.page.get_by_text(told).wait_for()
        assert f"epoch {epochs}" in readout(shown)


def test_divergence_stops_the_animation(chromium):
    widget = demos.Network(preset="square", eta=30.0, activations=["relu"])
    with Shown(chromium, widget) as shown:
        press(shown, "Run")
        shown.page.get_by_text("It diverged in epoch").wait_for()
        assert shown.page.get_by_role("button", name="Run", exact=True).is_visible()
        press(shown, "To the start")
        assert "At rest" in shown.status
        assert shown.complaints == []


def test_a_reader_who_asks_for_less_motion_gets_less(chromium):
    widget = demos.Network(preset="circle", speed=100.0)
    with Shown(chromium, widget, reduced_motion="reduce") as shown:
        shown.page.evaluate(
            """() => { window.seen = 0; new MutationObserver(() => { seen += 1; })
            .observe(document.querySelector(".readout"), {childList: true}); }"""
        )
        press(shown, "Run")
        shown.page.wait_for_timeout(1600)
        assert 1 <= shown.page.evaluate("seen") <= 6
        assert int(re.search(r"step (\d+)", readout(shown))[1]) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tab", ["history", "weights", "table", "bent"])
def test_everybody_can_use_every_panel(chromium, theme, tab):
    widget = demos.Network(preset="three_classes", tab=tab)
    with Shown(chromium, widget, theme=theme) as shown:
        press(shown, "Epoch")
        shown.page.wait_for_timeout(100)
        assert violations(shown.page) == []
        assert shown.complaints == []


def test_a_link_may_name_a_preset_alone(chromium):
    link = state_link("network", preset="sine", eta=0.02)
    with Shown(chromium, demos.Network(), fragment=link) as shown:
        expected = {**_settings("sine"), "preset": "sine", "eta": 0.02}
        assert shown.linked() == expected


def test_a_link_brings_nothing_that_python_refuses(chromium):
    given = {"preset": "xor", "points": [[0, 0, 7]], "view": [0, 0, 0], "eta": 0.25}
    link = state_link("network", **given)
    with Shown(chromium, demos.Network(), fragment=link) as shown:
        expected = {**_settings("xor"), "preset": "xor", "eta": 0.25}
        assert shown.linked() == expected
        assert shown.complaints == []


def test_python_sets_a_preset_and_says_what_cannot_be():
    network = demos.Network(preset="xor", eta=1.5)
    assert repr(network) == "Network(preset='xor', eta=1.5)"
    assert network.dataset == "corners"
    network.preset = "sine"
    assert (network.task, network.eta) == ("curve", 0.1)
    assert eval(repr(network), {"Network": demos.Network}).settings() == (
        network.settings()
    )
    with pytest.raises(
        TraitError, match=r"preset is 'none', expected one of usual, xor"
    ):
        demos.Network(preset="none")
    with pytest.raises(TraitError, match=r"points\[1\] has the class 7"):
        network.points = [[0, 0, 1], [0, 0, 7]]
    with pytest.raises(TraitError, match="reaches 0 to each side"):
        network.view = [0, 0, 0]
    for name, value in (("eta", 0), ("layers", [9]), ("layers", [2] * 7), ("l1", -1)):
        with pytest.raises(TraitError):
            setattr(network, name, value)
    for preset in PRESETS.values():
        assert preset.get("dataset", "circle") in DATASETS
