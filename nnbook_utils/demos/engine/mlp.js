/* A multilayer perceptron on typed arrays, as nnbook_utils.mlp has it: forward, backward by
   the four equations, the cost, and a step with momentum.

   All parameters lie in one array `theta`: for each layer the weights, input by input (W
   transposed, row by row), then the biases. A batch holds a sample in each row. */

const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const slopeOfSigmoid = (z, a) => a * (1 - a);

/* f(z) without an overflow, and its slope, given z and a = f(z). */
export const ACTIVATIONS = {
  tanh: [Math.tanh, (z, a) => 1 - a * a],
  relu: [(z) => (z > 0 ? z : 0), (z) => (z > 0 ? 1 : 0)],
  sigmoid: [sigmoid, slopeOfSigmoid],
  leaky_relu: [(z) => (z > 0 ? z : 0.01 * z), (z) => (z > 0 ? 1 : 0.01)],
  softplus: [(z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid],
  hard_tanh: [(z) => Math.max(-1, Math.min(1, z)), (z) => (z > -1 && z < 1 ? 1 : 0)],
  identity: [(z) => z, () => 1],
  threshold: [(z) => (z >= 0 ? 1 : 0), () => 0],
};

/* The standard deviation of the first weights, from m inputs to n units. */
const DEVIATIONS = {
  he: (m) => Math.sqrt(2 / m),
  xavier: (m, n) => Math.sqrt(2 / (m + n)),
  normal: () => 1,
  zero: () => 0,
};

/* A network of zeros: `widths` count the inputs and the units of each layer, `hidden` names
   the activations, `output` is "softmax", "sigmoid", "linear" or "threshold", `cost`
   "cross_entropy" or "squared_error". */
export function makeNetwork({ widths, hidden, output, cost }) {
  const names = [...hidden, output === "linear" ? "identity" : output];
  let size = 0;
  const layers = names.map((name, l) => {
    const [m, n, at] = [widths[l], widths[l + 1], size];
    const [f, slope] = ACTIVATIONS[name] ?? []; // a softmax is of all z of its layer
    size += (m + 1) * n;
    return { m, n, at, bias: at + m * n, name, f, slope };
  });
  return { widths, output, cost, layers, theta: new Float64Array(size) };
}

/* Where the weight from unit j of the layer before to unit i of layer l lies in theta; j = m
   is the bias. */
export const place = (network, l, i, j) => network.layers[l].at + j * network.layers[l].n + i;

/* First weights: normal by one of DEVIATIONS, or all "equal"; biases 0. `normal` draws a number. */
export function initialise(network, how, normal) {
  network.theta.fill(0);
  for (const { m, n, at, bias } of network.layers) {
    if (how === "equal") network.theta.fill(0.5, at, bias);
    else for (let p = at; p < bias; p += 1) network.theta[p] = DEVIATIONS[how](m, n) * normal();
  }
}

/* The arrays for up to `n` samples: A[0] for the inputs, Z, A and the errors D of each layer. */
export function makeMemory({ widths }, n) {
  const arrays = (all) => all.map((width) => new Float64Array(n * width));
  return { A: arrays(widths), Z: arrays(widths.slice(1)), D: arrays(widths.slice(1)) };
}

/* The logarithm of the sum of e^z over the `k` entries of a row, without an overflow. */
function logSum(Z, row, k) {
  let most = Z[row];
  for (let i = row; i < row + k; i += 1) if (Z[i] > most) most = Z[i];
  let sum = 0;
  for (let i = row; i < row + k; i += 1) sum += Math.exp(Z[i] - most);
  return most + Math.log(sum);
}

/* Compute Z and A of each layer from the `n` rows of memory.A[0]. */
export function forward({ layers, theta }, memory, n) {
  layers.forEach(({ m, n: k, at, bias, f }, l) => {
    const [before, Z, A] = [memory.A[l], memory.Z[l], memory.A[l + 1]];
    for (let r = 0; r < n; r += 1) {
      const row = r * k;
      for (let i = 0; i < k; i += 1) Z[row + i] = theta[bias + i];
      for (let j = 0; j < m; j += 1) {
        const a = before[r * m + j];
        const weights = at + j * k;
        for (let i = 0; i < k; i += 1) Z[row + i] += a * theta[weights + i];
      }
      const whole = f ? 0 : logSum(Z, row, k);
      for (let p = row; p < row + k; p += 1) A[p] = f ? f(Z[p]) : Math.exp(Z[p] - whole);
    }
  });
}

/* Write the gradient of the cost, from what forward left in `memory`; `Y` holds the targets
   of its `n` rows. The weights alone are penalised: l2 / 2 times the sum of squares and l1
   times the sum of sizes. */
export function backward({ layers, theta, cost, output }, memory, Y, n, gradient, l1 = 0, l2 = 0) {
  gradient.fill(0);
  // BP1, the error of the output. For a cost that fits its output, f' cancels, and what
  // remains is prediction minus target.
  const [Z, A, D] = [memory.Z.at(-1), memory.A.at(-1), memory.D.at(-1)];
  const slope = cost === "squared_error" && output === "sigmoid" ? slopeOfSigmoid : () => 1;
  for (let p = 0; p < n * layers.at(-1).n; p += 1) D[p] = ((A[p] - Y[p]) / n) * slope(Z[p], A[p]);
  for (let l = layers.length - 1; l >= 0; l -= 1) {
    const { m, n: k, at, bias } = layers[l];
    const [before, errors, open] = [memory.A[l], memory.D[l], layers[l - 1]?.slope];
    for (let r = 0; r < n; r += 1) {
      const row = r * k;
      for (let i = 0; i < k; i += 1) gradient[bias + i] += errors[row + i]; // BP3
      for (let j = 0; j < m; j += 1) {
        const a = before[r * m + j];
        const weights = at + j * k;
        let caused = 0;
        for (let i = 0; i < k; i += 1) {
          gradient[weights + i] += errors[row + i] * a; // BP4
          caused += errors[row + i] * theta[weights + i];
        }
        // BP2: a unit gets the errors that it caused, as far as its f' is open.
        if (open) memory.D[l - 1][r * m + j] = caused * open(memory.Z[l - 1][r * m + j], a);
      }
    }
    for (let p = at; p < bias; p += 1) gradient[p] += l2 * theta[p] + l1 * Math.sign(theta[p]);
  }
}

/* The mean cost of `n` rows, without penalty; cross-entropy from the last Z, for a
   probability that was rounded to 0 has no logarithm. */
export function meanCost(network, memory, Y, n) {
  const [k, Z, A] = [network.widths.at(-1), memory.Z.at(-1), memory.A.at(-1)];
  const [softplus] = ACTIVATIONS.softplus;
  let sum = 0;
  for (let r = 0; r < n * k; r += k) {
    const whole = network.output === "softmax" ? logSum(Z, r, k) : 0;
    for (let p = r; p < r + k; p += 1) {
      if (network.cost === "squared_error") sum += (A[p] - Y[p]) ** 2 / 2;
      else if (network.output === "softmax") sum += Y[p] * (whole - Z[p]);
      else sum += softplus(Z[p]) - Y[p] * Z[p];
    }
  }
  return sum / n;
}

export function penalty({ layers, theta }, l1, l2) {
  let sum = 0;
  for (const { at, bias } of layers) {
    for (let p = at; p < bias; p += 1) sum += (l2 / 2) * theta[p] ** 2 + l1 * Math.abs(theta[p]);
  }
  return sum;
}

/* The class that the `row` of the last layer decides for; of several sigmoids, the largest. */
export function decide(network, memory, row) {
  const [k, Z] = [network.widths.at(-1), memory.Z.at(-1)];
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
