/* Scalar graphs as plain data: forward, backward, paths, finite differences, an update.

   A graph is a list of nodes, parents before children, the output last. A node has a key, a
   name to show, its operation (none for a leaf) and its parents, as places in the list. A
   leaf has a role, "input", "weight" or "target", and the value that it starts with. A
   weight is what an update changes. `values`, `locals` and `gradients` are lists in the
   order of the nodes. No gradient is asked for at a `quiet` leaf. `locals[i][k]` is the derivative of node i by its k-th parent. */

const sum = (terms) => terms.reduce((total, term) => total + term, 0);

function logistic(z) {
  const e = Math.exp(-Math.abs(z)); // at most 1: it cannot overflow
  return (z >= 0 ? 1 : e) / (1 + e);
}

/* A target of 0 adds nothing to an entropy, however near 0 its probability is. */
const timesLog = (y, a) => (y === 0 ? 0 : y * Math.log(a));
const share = (y, a) => (y === 0 ? 0 : y / a);

function affineParts(p) {
  const n = (p.length - 1) / 2;
  return [p.slice(0, n), p.slice(n, 2 * n), p[2 * n]];
}

function softmaxOf(z, k) {
  const highest = Math.max(...z);
  const powers = z.map((score) => Math.exp(score - highest));
  return powers[k] / sum(powers);
}

/* Of each operation the value, from those of the parents p, and the local derivatives,
   from p and the value v. `affine` has the parents a_1 .. a_n, w_1 .. w_n, b; the
   entropies have the predictions first and then the targets. */
const OPERATIONS = {
  "+": { value: (p) => p[0] + p[1], local: () => [1, 1] },
  "−": { value: (p) => p[0] - p[1], local: () => [1, -1] },
  "×": { value: (p) => p[0] * p[1], local: (p) => [p[1], p[0]] },
  max: {
    value: (p) => Math.max(p[0], p[1]),
    local: (p) => (p[0] === p[1] ? [0.5, 0.5] : [Number(p[0] > p[1]), Number(p[0] < p[1])]),
  },
  square: { value: (p) => p[0] * p[0], local: (p) => [2 * p[0]] },
  sigmoid: { value: (p) => logistic(p[0]), local: (p, v) => [v * (1 - v)] },
  tanh: { value: (p) => Math.tanh(p[0]), local: (p, v) => [1 - v * v] },
  relu: { value: (p) => Math.max(p[0], 0), local: (p) => [Number(p[0] > 0)] },
  affine: {
    value(p) {
      const [a, w, b] = affineParts(p);
      return sum(w.map((weight, k) => weight * a[k])) + b;
    },
    local(p) {
      const [a, w] = affineParts(p);
      return [...w, ...a, 1];
    },
  },
  softmax: {
    value: (p, node) => softmaxOf(p, node.unit),
    local: (p, v, node) => p.map((_, k) => v * (Number(k === node.unit) - softmaxOf(p, k))),
  },
  squared: {
    value: (p) => (p[0] - p[1]) ** 2 / 2,
    local: (p) => [p[0] - p[1], p[1] - p[0]],
  },
  entropy2: {
    value: ([a, y]) => -timesLog(y, a) - timesLog(1 - y, 1 - a),
    local: ([a, y]) => [share(1 - y, 1 - a) - share(y, a), Math.log(1 - a) - Math.log(a)],
  },
  entropy: {
    value: (p) => -sum(p.slice(0, p.length / 2).map((a, k) => timesLog(p[k + p.length / 2], a))),
    local(p) {
      const a = p.slice(0, p.length / 2);
      return [...a.map((one, k) => -share(p[k + a.length], one)), ...a.map((one) => -Math.log(one))];
    },
  },
};

/* Compute every value from those of the leaves, `start`, whose other entries are not read.
   With `held`, {place: value}, some nodes keep a value whatever their parents have. */
function valuesOf(nodes, start, held = {}) {
  const values = [];
  nodes.forEach((node, i) => {
    const parents = node.parents.map((place) => values[place]);
    const computed = node.op ? OPERATIONS[node.op].value(parents, node) : start[i];
    values.push(held[i] ?? computed);
  });
  return values;
}

function localsOf(nodes, values) {
  return nodes.map((node, i) =>
    node.op ? OPERATIONS[node.op].local(node.parents.map((place) => values[place]), values[i], node) : [],
  );
}

/* Where node i is used: [child, which of its parents it is], in the order of the children. */
export function usesOf(nodes, i) {
  return nodes.flatMap((node, child) =>
    node.parents.flatMap((place, k) => (place === i ? [[child, k]] : [])),
  );
}

/* The derivative of the output by each node: from the end to the start, each node adds what
   its children deliver, backpropagated gradient times local derivative. */
function gradientsOf(nodes, locals) {
  const gradients = nodes.map(() => 0);
  gradients[nodes.length - 1] = 1;
  for (let i = nodes.length - 1; i >= 0; i -= 1) {
    nodes[i].parents.forEach((place, k) => {
      gradients[place] += gradients[i] * locals[i][k];
    });
  }
  return gradients;
}

/* The derivative of the output by node i, measured: by a little to either side. */
export function differenceAt(nodes, start, values, i, epsilon = 1e-4) {
  const [up, down] = [values[i] + epsilon, values[i] - epsilon];
  const output = (value) => valuesOf(nodes, start, { [i]: value })[nodes.length - 1];
  return (output(up) - output(down)) / (up - down);
}

/* Every path from node i to the output: the places on it, and the product of its local
   derivatives. */
export function waysFrom(nodes, locals, i) {
  if (i === nodes.length - 1) return [{ places: [i], factors: [], product: 1 }];
  return usesOf(nodes, i).flatMap(([child, k]) =>
    waysFrom(nodes, locals, child).map((way) => ({
      places: [i, ...way.places],
      factors: [locals[child][k], ...way.factors],
      product: locals[child][k] * way.product,
    })),
  );
}

/* The leaves after a step of gradient descent. */
function updated(nodes, start, gradients, eta) {
  return start.map((value, i) => (nodes[i].role === "weight" ? value - eta * gradients[i] : value));
}

/* Beyond this a step of 1e-4 would drown in rounding, and so would a finite difference. */
const FAR = 1e9;

/* One pass: all that is computed from the values of the leaves, and whether it can be shown. */
export function passOf(nodes, start, eta) {
  const values = valuesOf(nodes, start);
  const locals = localsOf(nodes, values);
  const gradients = gradientsOf(nodes, locals);
  const after = updated(nodes, start, gradients, eta);
  const asked = gradients.filter((_, i) => !nodes[i].quiet);
  const shown = [...values, ...asked, ...after].every((value) => Math.abs(value) <= FAR);
  return { start, values, locals, gradients, after, shown };
}
