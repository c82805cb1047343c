/* The forward pass of one input, taken apart: each product, each sum, each activation. */

import { forward, makeMemory, place } from "./mlp.js";

/* The operations in order, each of unit i of layer l: its products, its sum, its activation.
   A softmax needs all sums of its layer, so its activations come after them. */
export function forwardSteps(network, inputs) {
  const memory = makeMemory(network, 1);
  memory.A[0].set(inputs);
  forward(network, memory, 1);
  const steps = [];
  network.layers.forEach(({ m, n, f }, l) => {
    const activation = (i) => ({ l, i, kind: "activation", z: memory.Z[l][i], value: memory.A[l + 1][i] });
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < m; j += 1) {
        const weight = network.theta[place(network, l, i, j)];
        const input = memory.A[l][j];
        steps.push({ l, i, j, kind: "product", weight, input, value: weight * input });
      }
      steps.push({ l, i, kind: "sum", bias: network.theta[place(network, l, i, m)], value: memory.Z[l][i] });
      if (f) steps.push(activation(i));
    }
    if (!f) for (let i = 0; i < n; i += 1) steps.push(activation(i));
  });
  return steps;
}

export const FORMULAE = {
  tanh: "tanh z", relu: "max(0, z)", sigmoid: "1 / (1 + e⁻ᶻ)", leaky_relu: "max(z, 0.01 z)",
  softplus: "log(1 + eᶻ)", hard_tanh: "z cut off at −1 and 1", identity: "z",
  threshold: "1 if z ≥ 0, else 0", softmax: "eᶻ / (sum of eᶻ over the layer)",
};
