/* A multilayer perceptron on typed arrays, as nnbook_utils.mlp has it: forward, backward by
   the four equations, the cost, and a step with momentum.

   All parameters lie in one array `theta`: for each layer the weights, input by input (W
   transposed, row by row), then the biases. A batch holds a sample in each row. */

const slopeOfSigmoid = (z, a) => a * (1 - a);
const slopeOfTanh = (z, a) => 1 - a * a;

/* f(z) without an overflow, and its slope, given z and a = f(z). */
export const ACTIVATIONS = {
  tanh: [Math.tanh, slopeOfTanh],
  relu: [(z) => (z > 0 ? z : 0), (z) => (z > 0 ? 1 : 0)],
  sigmoid: [(z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))), slopeOfSigmoid],
  leaky_relu: [(z) => (z > 0 ? z : 0.01 * z), (z) => (z > 0 ? 1 : 0.01)],
  softplus: [
    (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    (z) => ACTIVATIONS.sigmoid[0](z),
  ],
  hard_tanh: [(z) => Math.max(-1, Math.min(1, z)), (z) => (z > -1 && z < 1 ? 1 : 0)],
  identity: [(z) => z, () => 1],
  threshold: [(z) => (z >= 0 ? 1 : 0), () => 0],
};

const OUTPUTS = { sigmoid: "sigmoid", linear: "identity", threshold: "threshold" };

/* The standard deviation of the first weights of a layer with m inputs and n units. */
const DEVIATIONS = {
  he: (m) => Math.sqrt(2 / m),
  xavier: (m, n) => Math.sqrt(2 / (m + n)),
  normal: () => 1,
  zero: () => 0,
};

/* A network: `widths` are the number of inputs and of the units of each layer, `hidden` the
   activation of each hidden layer, `output` "softmax", "sigmoid", "linear" or "threshold",
   `cost` "cross_entropy" or "squared_error". Its parameters are 0. */
export function makeNetwork({ widths, hidden, output, cost }) {
  const names = [...hidden, output === "softmax" ? null : OUTPUTS[output]];
  const layers = [];
  let size = 0;
  for (let l = 0; l + 1 < widths.length; l += 1) {
    const [m, n] = [widths[l], widths[l + 1]];
    const [f, slope] = names[l] ? ACTIVATIONS[names[l]] : [null, null];
    layers.push({ m, n, at: size, bias: size + m * n, name: names[l] ?? "softmax", f, slope });
    size += (m + 1) * n;
  }
  return { widths, hidden, output, cost, layers, theta: new Float64Array(size) };
}

/* Where the weight from unit j of the layer before to unit i of layer l lies in theta; j = m
   is the bias. */
export const place = (network, l, i, j) => network.layers[l].at + j * network.layers[l].n + i;

/* First weights: normal by one of DEVIATIONS, biases 0; or "equal", the same for all units
   of a layer. `normal` draws a number. */
export function initialise(network, how, normal) {
  network.theta.fill(0);
  for (const { m, n, at, bias } of network.layers) {
    if (how === "equal") network.theta.fill(0.5, at, bias);
    else for (let p = at; p < bias; p += 1) network.theta[p] = DEVIATIONS[how](m, n) * normal();
  }
}

/* The arrays that a batch of up to `n` samples needs: A[0] for the inputs, Z, A and the
   errors D of each layer. */
export function makeMemory(network, n) {
  const some = (width) => new Float64Array(n * width);
  const units = network.layers.map((layer) => layer.n);
  return { A: network.widths.map(some), Z: units.map(some), D: units.map(some) };
}

function softmaxRows(Z, A, n, k) {
  for (let row = 0; row < n * k; row += k) {
    let most = Z[row];
    for (let i = 1; i < k; i += 1) if (Z[row + i] > most) most = Z[row + i];
    let sum = 0;
    for (let i = row; i < row + k; i += 1) sum += A[i] = Math.exp(Z[i] - most);
    for (let i = row; i < row + k; i += 1) A[i] /= sum;
  }
}

/* Compute Z and A of each layer from the `n` rows of memory.A[0]. */
export function forward(network, memory, n) {
  const { theta } = network;
  network.layers.forEach((layer, l) => {
    const { m, n: k, at, bias } = layer;
    const [before, Z, A] = [memory.A[l], memory.Z[l], memory.A[l + 1]];
    for (let r = 0; r < n; r += 1) {
      const row = r * k;
      for (let i = 0; i < k; i += 1) Z[row + i] = theta[bias + i];
      for (let j = 0; j < m; j += 1) {
        const a = before[r * m + j];
        const weights = at + j * k;
        for (let i = 0; i < k; i += 1) Z[row + i] += a * theta[weights + i];
      }
    }
    if (!layer.f) softmaxRows(Z, A, n, k);
    else for (let p = 0; p < n * k; p += 1) A[p] = layer.f(Z[p]);
  });
}

/* Write the gradient of the cost into `gradient`, from what forward left in `memory`; `Y`
   holds the targets of its `n` rows. The penalties are on the weights, not on the biases:
   l2 / 2 times the sum of squares and l1 times the sum of sizes. */
export function backward(network, memory, Y, n, gradient, l1 = 0, l2 = 0) {
  const { layers, theta } = network;
  gradient.fill(0);
  outputError(network, memory, Y, n);
  for (let l = layers.length - 1; l >= 0; l -= 1) {
    const { m, n: k, at, bias } = layers[l];
    const [before, D] = [memory.A[l], memory.D[l]];
    // BP3 and BP4: the sums over the batch.
    for (let r = 0; r < n; r += 1) {
      const row = r * k;
      for (let i = 0; i < k; i += 1) gradient[bias + i] += D[row + i];
      for (let j = 0; j < m; j += 1) {
        const a = before[r * m + j];
        const weights = at + j * k;
        for (let i = 0; i < k; i += 1) gradient[weights + i] += D[row + i] * a;
      }
    }
    for (let p = at; p < bias; p += 1) gradient[p] += l2 * theta[p] + l1 * Math.sign(theta[p]);
    if (l > 0) errorBefore(network, memory, l, n);
  }
}

/* BP1, the error of the output. For a cost that fits its output, f' cancels, and what
   remains is prediction minus target. */
function outputError(network, memory, Y, n) {
  const last = network.layers.length - 1;
  const [Z, A, D] = [memory.Z[last], memory.A[last + 1], memory.D[last]];
  const slope = network.cost === "squared_error" && network.output === "sigmoid";
  for (let p = 0; p < n * network.layers[last].n; p += 1) {
    D[p] = (A[p] - Y[p]) / n;
    if (slope) D[p] *= slopeOfSigmoid(Z[p], A[p]);
  }
}

/* BP2, one layer back: each unit gets the errors that it caused, as far as its f' is open. */
function errorBefore(network, memory, l, n) {
  const { m, n: k, at } = network.layers[l];
  const { slope } = network.layers[l - 1];
  const [Z, A, D, later] = [memory.Z[l - 1], memory.A[l], memory.D[l - 1], memory.D[l]];
  for (let r = 0; r < n; r += 1) {
    for (let j = 0; j < m; j += 1) {
      let sum = 0;
      for (let i = 0; i < k; i += 1) sum += later[r * k + i] * network.theta[at + j * k + i];
      D[r * m + j] = sum * slope(Z[r * m + j], A[r * m + j]);
    }
  }
}

/* The mean cost of `n` rows, without penalty. Cross-entropy is taken of the last Z, for a
   probability that was rounded to 0 has no logarithm. */
export function meanCost(network, memory, Y, n) {
  const last = network.layers.length - 1;
  const k = network.layers[last].n;
  const [Z, A] = [memory.Z[last], memory.A[last + 1]];
  let sum = 0;
  if (network.cost === "squared_error") {
    for (let p = 0; p < n * k; p += 1) sum += (A[p] - Y[p]) ** 2 / 2;
  } else if (network.output === "sigmoid") {
    for (let p = 0; p < n * k; p += 1) sum += ACTIVATIONS.softplus[0](Z[p]) - Y[p] * Z[p];
  } else {
    for (let r = 0; r < n * k; r += k) {
      let most = Z[r];
      for (let i = 1; i < k; i += 1) if (Z[r + i] > most) most = Z[r + i];
      let total = 0;
      for (let i = r; i < r + k; i += 1) total += Math.exp(Z[i] - most);
      for (let i = r; i < r + k; i += 1) sum += Y[i] * (most + Math.log(total) - Z[i]);
    }
  }
  return sum / n;
}

export function penalty(network, l1, l2) {
  let sum = 0;
  for (const { at, bias } of network.layers) {
    for (let p = at; p < bias; p += 1) sum += (l2 / 2) * network.theta[p] ** 2 + l1 * Math.abs(network.theta[p]);
  }
  return sum;
}

/* The class that the `row` of the last layer decides for; of several sigmoids, the largest. */
export function decide(network, memory, row) {
  const last = network.layers.length - 1;
  const [k, Z] = [network.layers[last].n, memory.Z[last]];
  if (k === 1) return Z[row] >= 0 ? 1 : 0;
  let best = 0;
  for (let i = 1; i < k; i += 1) if (Z[row * k + i] > Z[row * k + best]) best = i;
  return best;
}

/* The heavy ball: v becomes alpha v - eta g, theta becomes theta + v. */
export function momentumStep(theta, v, gradient, eta, alpha) {
  for (let p = 0; p < theta.length; p += 1) {
    v[p] = alpha * v[p] - eta * gradient[p];
    theta[p] += v[p];
  }
}
