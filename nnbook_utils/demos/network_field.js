/* What the network answers all over the picture, and how answers become colours. */

import { forward, makeMemory } from "./engine/mlp.js";
import { writeInputs } from "./engine/samples.js";

/* Keeps its arrays from one call to the next: they are filled ten times a second. */
export function fieldKeeper() {
  let network = null;
  let memory = null;
  let kept = 0;
  /* All activations on a grid of `size` by `size` over the view (for a curve, of `size`
     places side by side). Rows come from the top, as in a picture. */
  return (run, view, size) => {
    const curve = run.settings.task === "curve";
    const n = curve ? size : size * size;
    if (run.network !== network || n > kept) {
      network = run.network;
      memory = makeMemory(network, n);
      kept = n;
    }
    const [d, [cx, cy, half]] = [network.widths[0], view];
    for (let r = 0; r < n; r += 1) {
      const u = cx - half + (2 * half * ((r % size) + 0.5)) / size;
      const v = cy + half - (2 * half * (Math.floor(r / size) + 0.5)) / size;
      writeInputs(memory.A[0], r * d, u, v, curve, run.settings.extras);
    }
    forward(network, memory, n);
    return { memory, size, n, curve };
  };
}

/* A CSS colour as [r, g, b]. */
export function rgbOf(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  const hex = context.fillStyle; // a canvas writes opaque colours as #rrggbb
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

export const blend = (from, to, share) => from.map((value, i) => value + share * (to[i] - value));
const packed = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;

/* 256 colours from one to the other by way of the middle, as a canvas stores them. */
export function ramp(low, middle, high) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const t = (i - 127.5) / 127.5;
    return packed(t < 0 ? blend(middle, low, -t) : blend(middle, high, t));
  });
}

/* A small picture to be drawn larger: `colourOf(r)` gives the stored colour of cell r. */
export function pictureKeeper() {
  const canvas = document.createElement("canvas");
  let pixels = null;
  let image = null;
  return (size, colourOf) => {
    if (canvas.width !== size || !image) {
      canvas.width = canvas.height = size;
      image = canvas.getContext("2d").createImageData(size, size);
      pixels = new Uint32Array(image.data.buffer);
    }
    for (let r = 0; r < pixels.length; r += 1) pixels[r] = colourOf(r);
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  };
}

/* How an activation lies between -1 and 1, for its colour: `most` is the largest size. */
export function spread(name, value, most) {
  if (name === "sigmoid" || name === "threshold" || name === "softmax") return 2 * value - 1;
  return name === "tanh" || name === "hard_tanh" ? value : value / most;
}

/* The answer of the network at cell r as shares of the classes' colours. */
export function classColours(colours, paper) {
  const weak = colours.map((colour) => blend(paper, colour, 0.3));
  const regions = weak.map(packed);
  const two = ramp(blend(paper, colours[0], 0.5), paper, blend(paper, colours[1], 0.5));
  return {
    region: (k) => regions[k],
    output(A, k, r) {
      if (k === 1) return two[Math.round(255 * Math.max(0, Math.min(1, A[r])))];
      let total = 0;
      for (let i = 0; i < k; i += 1) total += A[r * k + i];
      const sum = [0, 0, 0];
      for (let i = 0; i < k; i += 1) {
        for (let c = 0; c < 3; c += 1) sum[c] += (A[r * k + i] / (total || 1)) * weak[i][c];
      }
      return packed(sum);
    },
    shade: (share) => two[Math.round(127.5 + 127.5 * Math.min(1, share))],
  };
}
