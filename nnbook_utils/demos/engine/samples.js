/* The sets of points that the network learns, and the inputs that are computed from a
   point. */

import { dice, normal } from "./random.js";
import { range } from "./range.js";

const polar = (radius, turns) => [radius * Math.cos(2 * Math.PI * turns), radius * Math.sin(2 * Math.PI * turns)];
const TRIO = [0, 1, 2].map((k) => polar(0.7, 0.25 + k / 3));

function spiral(roll, k, classes) {
  const radius = 0.1 + 0.9 * roll();
  return [...polar(radius, (1.5 * (radius - 0.1)) / 0.9 + k / classes), k];
}

/* A place from a number between -1 and 1. */
const along = (place) => (roll) => place(2 * roll() - 1);

/* Sample number i of each set, before its noise: [x1, x2, class]; for a curve [x, y, 0]. */
const SAMPLES = {
  corners: (roll, i) => [[-1, -1, 0], [1, -1, 1], [-1, 1, 1], [1, 1, 0]][i % 4],
  circle: (roll, i) => [...polar(i % 2 ? 0.5 : 1, roll()), i % 2],
  spiral: (roll, i) => spiral(roll, i % 2, 2),
  pinwheel: (roll, i) => spiral(roll, i % 3, 3),
  trio: (roll, i) => [...TRIO[i % 3], i % 3],
  sides: (roll, i) => [i % 2 ? 0.55 : -0.55, i % 2 ? 0.4 : -0.4, i % 2],
  square: along((x) => [x, x * x, 0]),
  sine: along((x) => [x, Math.sin(Math.PI * x), 0]),
  line: along((t) => [0.9 * t, 0.5 * t + 0.1, 0]),
};

/* Samples of a set, with normal noise (of a curve, in y alone), rounded to three places: what
   is shown, copied and computed with is the same. */
export function samples({ dataset, count, noise, data_seed: seed }) {
  const roll = dice(seed);
  const round = (value) => Math.round(value * 1000) / 1000 + 0;
  return range(count).map((i) => {
    const [u, v, k] = SAMPLES[dataset](roll, i);
    const blur = ["square", "sine"].includes(dataset) ? 0 : noise * normal(roll);
    return [round(u + blur), round(v + noise * normal(roll)), k];
  });
}

/* Whether sample i is kept for the test: about 1 - share are, the same ones when more come. */
export const isTest = (i, share) => (0.5 + i * 0.6180339887498949) % 1 >= share;

/* Inputs beside x1 and x2. */
export const EXTRAS = {
  "x1^2": (u) => u * u,
  "x2^2": (u, v) => v * v,
  "x1*x2": (u, v) => u * v,
  "sin x1": (u) => Math.sin(Math.PI * u),
  "sin x2": (u, v) => Math.sin(Math.PI * v),
};

export function inputsOf({ task, extras }, u, v) {
  return [u, ...(task === "curve" ? [] : [v]), ...extras.map((name) => EXTRAS[name](u, v))];
}
