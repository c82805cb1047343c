/* Functions of one input as rows of square pulses, hard or soft, and how far they are off. */

import { UNIT_RULES } from "./hand_built.js";

/* What there is to approximate on [0, 1]; `steepest` bounds the slope, and is infinite for
   a function without such a bound. */
export const TARGETS = {
  wave: { f: (x) => Math.sin(2 * Math.PI * x) + 0.5 * x, steepest: 2 * Math.PI + 0.5 },
  hump: { f: (x) => 1.5 * Math.exp(-(((x - 0.5) / 0.15) ** 2)), steepest: (1.5 * Math.SQRT2 * Math.exp(-0.5)) / 0.15 },
  ripples: { f: (x) => Math.sin(8 * Math.PI * x), steepest: 8 * Math.PI },
  root: { f: (x) => Math.sqrt(x), steepest: Infinity },
  jump: { f: (x) => (x < 0.3 ? -0.5 : 1), steepest: Infinity },
};

/* Heights at equal distances on [0, 1], joined by straight lines. */
function drawnTarget(heights) {
  const pieces = heights.length - 1;
  const f = (x) => {
    const i = Math.min(pieces - 1, Math.max(0, Math.floor(x * pieces)));
    const share = x * pieces - i;
    return heights[i] + share * (heights[i + 1] - heights[i]);
  };
  const rises = heights.slice(1).map((height, i) => Math.abs(height - heights[i]));
  return { f, steepest: Math.max(...rises) * pieces };
}

export const edgesOf = (m) => Array.from({ length: m + 1 }, (_, i) => i / m);

/* As high as f is in the middle of each pulse. */
export function heightsOf(f, edges) {
  return edges.slice(1).map((edge, i) => f((edges[i] + edge) / 2));
}

/* A hidden unit for each edge, which steps from one height to the next; with sigmoid units
   its sum is multiplied by `steepness`. The output unit is linear. */
export function pulseNetwork(edges, heights, kind = "threshold", steepness = 1) {
  const c = kind === "sigmoid" ? steepness : 1;
  return [
    { W: edges.map(() => [c]), b: edges.map((edge) => -c * edge), unit: kind },
    { W: [edges.map((_, i) => (heights[i] ?? 0) - (heights[i - 1] ?? 0))], b: [0], unit: "linear" },
  ];
}

/* What such a network answers at x; as `passThrough`, for many x without making lists. */
export function pulsesAt([hidden, output], x) {
  const rule = UNIT_RULES[hidden.unit];
  let sum = output.b[0];
  for (let i = 0; i < hidden.b.length; i += 1) {
    sum += output.W[0][i] * rule(hidden.W[i][0] * x + hidden.b[i]);
  }
  return sum;
}

export const samplesOf = (from, to, n) => Array.from({ length: n }, (_, i) => from + ((to - from) * i) / n);

/* The largest error and the root of the mean square, and where the largest is. */
export function errorsAt(layers, f, places) {
  let largest = -1;
  let where = places[0];
  let squares = 0;
  for (const x of places) {
    const error = Math.abs(pulsesAt(layers, x) - f(x));
    squares += error * error;
    if (error > largest) [largest, where] = [error, x];
  }
  return { largest, where, rms: Math.sqrt(squares / places.length) };
}

/* Both errors for each number of pulses in `counts`. */
export const errorCurve = (f, counts, kind, steepness, places) =>
  counts.map((m) => {
    const edges = edgesOf(m);
    return errorsAt(pulseNetwork(edges, heightsOf(f, edges), kind, steepness), f, places);
  });

/* What is to be approximated: one of TARGETS, or what was drawn. */
export const targetOf = (name, heights) => (name === "drawn" ? drawnTarget(heights) : TARGETS[name]);
