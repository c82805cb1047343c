/* The forward pass of one input, taken apart: each product, each sum, each activation. */

import { place } from "./mlp.js";

/* The operations of a pass in order: the products, the sum and the activation of unit i of
   layer l. A softmax needs all sums of its layer, so its activations come after them. */
export function forwardSteps(network, { Z, A }) {
  const steps = [];
  network.layers.forEach(({ m, n, f }, l) => {
    const activation = (i) => steps.push({ l, i, kind: "activation", z: Z[l][i], value: A[l + 1][i] });
    for (let i = 0; i < n; i += 1) {
      const weightOf = (j) => network.theta[place(network, l, i, j)];
      for (let j = 0; j < m; j += 1) {
        steps.push({ l, i, j, kind: "product", weight: weightOf(j), input: A[l][j], value: weightOf(j) * A[l][j] });
      }
      steps.push({ l, i, kind: "sum", bias: weightOf(m), value: Z[l][i] });
      if (f) activation(i);
    }
    if (!f) for (let i = 0; i < n; i += 1) activation(i);
  });
  return steps;
}

export const FORMULAE = {
  tanh: "tanh z", relu: "max(0, z)", sigmoid: "1 / (1 + e⁻ᶻ)", leaky_relu: "max(z, 0.01 z)",
  softplus: "log(1 + eᶻ)", hard_tanh: "z cut off at −1 and 1", identity: "z",
  threshold: "1 if z ≥ 0, else 0", softmax: "eᶻ / (sum of eᶻ over the layer)",
};
