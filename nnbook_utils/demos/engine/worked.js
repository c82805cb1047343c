/* The graphs of the stepper: three worked by hand in the book, and two small networks. */

const leaf = (key, name, role, start, more = {}) => ({ key, name, op: "", parents: [], role, start, ...more });
const made = (key, name, op, parents, more = {}) => ({ key, name, op, parents, start: 0, ...more });

/* Write parents by key, and each node with the layer that it is stepped with. */
function assembled(list) {
  const places = new Map(list.map((node, i) => [node.key, i]));
  return list.map((node) => ({ ...node, parents: node.parents.map((key) => places.get(key)) }));
}

const sub = (number) => "₀₁₂₃₄₅₆₇₈₉"[number];
const sup = (number) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[number];

/* (x1 + x2) max(x2, x3), a sigmoid unit, and one sample of a regression. `at` is the column
   and the row in the picture. */
const WORKED = {
  product: () => [
    leaf("x1", "x₁", "weight", 1, { at: [0, 0], layer: 0 }),
    leaf("x2", "x₂", "weight", 2, { at: [0, 1], layer: 0 }),
    leaf("x3", "x₃", "weight", 0, { at: [0, 2], layer: 0 }),
    made("f", "f", "+", ["x1", "x2"], { at: [1, 0.5], layer: 1 }),
    made("g", "g", "max", ["x2", "x3"], { at: [1, 1.5], layer: 1 }),
    made("y", "y", "×", ["f", "g"], { at: [2, 1], layer: 2 }),
  ],
  neuron: () => [
    leaf("w0", "w₀", "weight", 2, { at: [0, 0], layer: 0 }),
    leaf("x0", "x₀", "input", -1, { at: [0, 1], layer: 0 }),
    leaf("w1", "w₁", "weight", -3, { at: [0, 2], layer: 0 }),
    leaf("x1", "x₁", "input", -2, { at: [0, 3], layer: 0 }),
    leaf("w2", "w₂", "weight", -3, { at: [2, 2.75], layer: 0 }),
    made("p0", "p₀", "×", ["w0", "x0"], { at: [1, 0.5], layer: 1 }),
    made("p1", "p₁", "×", ["w1", "x1"], { at: [1, 2.5], layer: 1 }),
    made("s", "s", "+", ["p0", "p1"], { at: [2, 1.5], layer: 2 }),
    made("z", "z", "+", ["s", "w2"], { at: [3, 2], layer: 3 }),
    made("a", "a", "sigmoid", ["z"], { at: [4, 2], layer: 4 }),
  ],
  regression: () => [
    leaf("w", "w", "weight", 5, { at: [0, 0], layer: 0 }),
    leaf("x", "x", "input", 1, { at: [0, 1], layer: 0 }),
    leaf("b", "b", "weight", 1, { at: [1, 1.75], layer: 0 }),
    leaf("y", "y", "target", 10, { at: [2, 0], layer: 0 }),
    made("u", "u", "×", ["w", "x"], { at: [1, 0.5], layer: 1 }),
    made("yhat", "ŷ", "+", ["u", "b"], { at: [2, 1.25], layer: 2 }),
    made("e", "e", "−", ["y", "yhat"], { at: [3, 0.6], layer: 3 }),
    made("c", "c", "square", ["e"], { at: [4, 0.6], layer: 4 }),
  ],
};

/* What the networks start with: moderate numbers, no two units alike. */
const NETWORKS = {
  "2-2-1": {
    x: [1, 0.5],
    y: [1],
    W: [[[0.5, -0.3], [0.8, 0.2]], [[0.7, -0.6]]],
    b: [[0.1, -0.2], [0.1]],
  },
  "2-3-2": {
    x: [0.5, -1],
    y: [1, 0],
    W: [[[0.4, -0.5], [-0.3, 0.2], [0.6, 0.1]], [[0.5, -0.4, 0.3], [-0.2, 0.6, 0.1]]],
    b: [[0.1, 0.3, -0.1], [0.2, -0.1]],
  },
};

/* One node for each weighted sum and one for each activation, after the inputs, weights,
   biases and targets. `output` is "sigmoid" or "softmax", `cost` an operation. */
function networkNodes({ x, y, W, b }, hidden, output, cost) {
  const list = x.map((value, k) => leaf(`x${k + 1}`, `x${sub(k + 1)}`, "input", value, { layer: 0, unit: k, quiet: true }));
  const last = W.length;
  W.forEach((rows, l) => {
    const layer = l + 1;
    const before = (k) => (l ? `a${l}_${k + 1}` : `x${k + 1}`);
    const named = (letter, j) => [`${letter}${layer}_${j + 1}`, `${letter}${sup(layer)}${sub(j + 1)}`];
    rows.forEach((row, j) => {
      row.forEach((value, k) =>
        list.push(leaf(`W${layer}_${j + 1}${k + 1}`, `W${sup(layer)}${sub(j + 1)}${sub(k + 1)}`, "weight", value, { layer, rule: "BP4" })),
      );
      list.push(leaf(...named("b", j), "weight", b[l][j], { layer, rule: "BP3" }));
    });
    rows.forEach((row, j) => {
      const weights = row.map((_, k) => `W${layer}_${j + 1}${k + 1}`);
      const parents = [...row.map((_, k) => before(k)), ...weights, named("b", j)[0]];
      list.push(made(...named("z", j), "affine", parents, { layer, unit: j, rule: layer === last ? "BP1" : "BP2" }));
    });
    rows.forEach((_, j) => {
      const own = [named("z", j)[0]];
      const all = rows.map((__, k) => named("z", k)[0]);
      const op = layer === last ? output : hidden;
      list.push(made(...named("a", j), op, op === "softmax" ? all : own, { layer, unit: j, rule: layer === last ? "BP1" : "BP2" }));
    });
  });
  const targets = y.map((value, k) => leaf(`y${k + 1}`, `y${sub(k + 1)}`, "target", value, { layer: last, quiet: true }));
  const outputs = y.map((_, k) => `a${last}_${k + 1}`);
  return [...list, ...targets, made("C", "C", cost, [...outputs, ...targets.map((node) => node.key)], { layer: last })];
}

/* The nodes of a graph by name. `hidden` and `cost` matter to networks alone, and `cost` to
   the one with a sigmoid output. A node that is `quiet` gets no gradient: nobody asks. */
export function graphNamed(name, hidden = "tanh", cost = "entropy") {
  if (name in WORKED) return assembled(WORKED[name]());
  if (name === "2-2-1") return assembled(networkNodes(NETWORKS[name], hidden, "sigmoid", cost === "squared" ? "squared" : "entropy2"));
  if (name === "2-3-2") return assembled(networkNodes(NETWORKS[name], hidden, "softmax", "entropy"));
  throw new Error(`there is no graph named ${name}`);
}

/* Backward goes by layers from the last, and in a layer from the cost to the leaves. */
const lateness = ({ op, layer, unit }) => 4 * layer + (!op ? 0 : op === "affine" ? 1 : unit === undefined ? 3 : 2);

/* The single steps of one pass, in order: each {phase, place, group}. The steps of a group
   are taken together when a reader goes layer by layer. */
export function stepsOf(nodes) {
  const all = nodes.map((node, place) => ({ ...node, place }));
  const step = (phase) => (node) => ({ phase, place: node.place, group: `${phase} ${node.layer}` });
  const asked = all.filter((node) => !node.quiet);
  return [
    ...all.filter((node) => node.op).map(step("forward")),
    ...asked.sort((one, other) => lateness(other) - lateness(one)).map(step("backward")),
    ...all.filter((node) => node.role === "weight").map(step("update")),
  ];
}
