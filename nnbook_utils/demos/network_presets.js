/* What each preset sets; the Python side reads the same text, which is JSON. What a preset
   does not name, it takes from the first, "usual". */

export const PRESETS = {
  "usual": {
    "task": "classes", "rule": "descent", "dataset": "circle", "points": [], "count": 300, "noise": 0.08,
    "data_seed": 1, "share": 0.7, "extras": [], "layers": [4], "activations": [],
    "cost": "cross_entropy", "init": "xavier", "weights": [], "seed": 1, "eta": 0.3, "alpha": 0.0,
    "l1": 0.0, "l2": 0.0, "batch_size": 10, "speed": 300.0, "background": "regions", "tab": "network",
    "view": [0.0, 0.0, 1.5], "probe": [0.5, 0.5], "guess_epochs": 100
  },
  "xor": {
    "title": "XOR: four points, two hidden units",
    "hint": "One straight line cannot part the colours. Run it, then take other seeds. Some starts get stuck: guess how many of ten. Add a third unit.",
    "dataset": "corners", "count": 4, "noise": 0, "share": 1, "layers": [2],
    "init": "normal", "seed": 2, "eta": 0.5, "batch_size": 4, "guess_epochs": 400
  },
  "circle": {
    "title": "a ring around a disc",
    "hint": "How many straight cuts enclose the disc? Remove hidden units until it fails. Then leave one unit and add the inputs x₁² and x₂².",
    "dataset": "circle"
  },
  "spiral": {
    "title": "two spirals",
    "hint": "Which layer draws straight cuts, and which one bends them? Try ReLU; try a single hidden layer.",
    "dataset": "spiral", "noise": 0.02, "layers": [8, 8], "seed": 8, "eta": 0.03, "alpha": 0.9,
    "speed": 2000, "guess_epochs": 300
  },
  "three_classes": {
    "title": "three classes, a softmax",
    "hint": "Each output has its own map; the region goes to the largest. Is the hidden layer needed? Remove it and see.",
    "dataset": "trio", "noise": 0.25
  },
  "separable": {
    "title": "two clouds that a line parts",
    "hint": "One unit without a hidden layer does it. Let it run on when all points are right: the weights keep growing. Then set L2 to 0.01.",
    "dataset": "sides", "noise": 0.15, "layers": [], "init": "zero", "guess_epochs": 10
  },
  "dot_product": {
    "title": "one unit: its weight vector is an arrow",
    "hint": "Drag the tip of the arrow. The boundary stands at right angles to it; the longer the arrow, the sharper the change. Where must the arrow point so that all are right? Then train.",
    "dataset": "sides", "noise": 0.2, "count": 60, "share": 1, "layers": [], "weights": [-0.5, 0.8, 0],
    "background": "output", "eta": 0.1, "guess_epochs": 20
  },
  "perceptron": {
    "title": "Rosenblatt's perceptron",
    "hint": "Step by one sample at a time: nothing moves unless the sample is a mistake. Then choose the averaged perceptron and compare how calm its line is.",
    "rule": "rosenblatt", "dataset": "sides", "noise": 0.22, "data_seed": 2, "count": 60, "share": 1, "layers": [],
    "init": "zero", "batch_size": 1, "speed": 20, "guess_epochs": 5
  },
  "dead_relu": {
    "title": "a dead ReLU",
    "hint": "Hidden unit 2 has the bias −3: its z is negative for every point, so its gradient is zero. Train: its weights stay. Then type 0 as its bias and train on, or choose a leaky ReLU.",
    "task": "curve", "dataset": "square", "count": 60, "noise": 0, "share": 1, "layers": [2], "activations": ["relu"],
    "weights": [1, 1, -0.2, -3, 1, 1, 0], "eta": 0.1, "view": [0, 0.5, 1.3], "guess_epochs": 200
  },
  "equal_start": {
    "title": "equal start weights",
    "hint": "Hidden units that start equal get equal gradients, and stay equal: four do the work of one. Train, and compare their maps. Then draw random weights.",
    "init": "equal", "eta": 0.1
  },
  "square": {
    "title": "the curve x²",
    "hint": "Three hidden units bend the line into a curve. Each tile is one unit's answer against x. With ReLU, count the kinks.",
    "task": "curve", "dataset": "square", "count": 60, "noise": 0.03, "layers": [3], "eta": 0.1, "alpha": 0.9,
    "view": [0, 0.5, 1.3], "speed": 600, "guess_epochs": 200
  },
  "sine": {
    "title": "a sine",
    "hint": "One period needs at least three bends. Which width is enough? Does the curve know what happens outside the points? Zoom out.",
    "task": "curve", "dataset": "sine", "count": 80, "noise": 0.08, "layers": [6], "eta": 0.1, "alpha": 0.9,
    "speed": 1000, "guess_epochs": 300
  },
  "autoencoder": {
    "title": "an autoencoder of a line",
    "hint": "The network must say the point again through one hidden unit. Each point is joined to its answer, and the answers lie on a line. Which one? Add a point far away.",
    "task": "copy", "dataset": "line", "count": 60, "noise": 0.07, "share": 1, "layers": [1], "activations": ["identity"], "eta": 0.1,
    "background": "output", "guess_epochs": 50
  }
};
