/* Rosenblatt's perceptron as in nnbook_utils.perceptron. A sample has an entry 1 first if
   the model has a bias; a label is -1 or 1. */

import { dice, shuffledRows } from "./random.js";

export const inner = (a, b) => {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += a[i] * b[i];
  return total;
};

export const lengthOf = (a) => Math.sqrt(inner(a, a));

/* Look at one sample: add y x to w if y w.x <= 0. With `tie` false, only if it is < 0. */
export function perceptronStep(w, x, y, tie = true) {
  const score = inner(w, x);
  const mistake = tie ? y * score <= 0 : y * score < 0;
  return { w: mistake ? w.map((value, j) => value + y * x[j]) : w, mistake, score };
}

/* Step after step through `orders`, one list of rows for each pass, until a pass ends with
   weights that make no mistake. */
export function perceptronRun(X, y, start, orders, tie = true) {
  const iterates = [start];
  const steps = [];
  const mistakes = [];
  let converged = false;
  for (const rows of orders) {
    let count = 0;
    for (const row of rows) {
      const { w, mistake, score } = perceptronStep(iterates.at(-1), X[row], y[row], tie);
      iterates.push(w);
      count += Number(mistake);
      steps.push({ row, score, mistake });
    }
    mistakes.push(count);
    converged = X.every((x, i) => y[i] * inner(iterates.at(-1), x) > 0);
    if (converged) break;
  }
  return { iterates, steps, mistakes, converged };
}

/* The mean of the weights after each of the first `count` steps. */
export const averagedWeights = (iterates, count) =>
  iterates[0].map((_, j) => {
    let total = 0;
    for (let t = 1; t <= count; t += 1) total += iterates[t][j];
    return total / count;
  });

/* The least y w.x over the length of w. */
export const marginOf = (X, y, w) =>
  Math.min(...X.map((x, i) => y[i] * inner(w, x))) / lengthOf(w);

/* The weights of length 1 with the largest margin, and that margin, in 2 or 3 dimensions.
   The best w points to the place nearest to 0 of all that the samples y x enclose. That
   place is on a corner, an edge or a side, so w is one of the candidates below. */
export function bestMargin(X, y) {
  const signed = X.map((x, i) => x.map((value) => y[i] * value));
  const minus = (a, b) => a.map((value, j) => value - b[j]);
  let best = { w: null, gamma: -Infinity };
  const consider = (w) => {
    const size = lengthOf(w);
    if (size < 1e-9) return; // no direction
    let gamma = Infinity;
    for (const z of signed) {
      gamma = Math.min(gamma, inner(w, z) / size);
      if (gamma <= best.gamma) return;
    }
    best = { w: w.map((value) => value / size), gamma };
  };
  signed.forEach((a, i) => {
    consider(a);
    signed.slice(0, i).forEach((b, j) => {
      const along = minus(b, a);
      const share = inner(a, along) / inner(along, along);
      if (Number.isFinite(share)) consider(a.map((value, k) => value - share * along[k]));
      if (a.length < 3) return;
      for (const c of signed.slice(0, j)) {
        const across = cross(along, minus(c, a));
        consider(across.map((value) => value * inner(across, a)));
      }
    });
  });
  return best;
}

const cross = (a, b) => [0, 1, 2].map((i) => {
  const [j, k] = [(i + 1) % 3, (i + 2) % 3];
  return a[j] * b[k] - a[k] * b[j];
});

export const longest = (X) => Math.max(...X.map(lengthOf));

/* No run makes more mistakes than this: (R / gamma)^2, and 2 |w0| / gamma more from
   another start than 0. */
export const mistakeBound = (R, gamma, start) =>
  (R / gamma) ** 2 + (2 * lengthOf(start)) / gamma;

/* The rows in the order of each pass: as given, from the end, or shuffled anew each time. */
export function visits(kind, n, passes, seed) {
  const roll = dice(seed);
  const rows = Array.from({ length: n }, (_, i) => i);
  if (kind === "reversed") rows.reverse();
  return Array.from({ length: passes }, () => (kind === "shuffled" ? shuffledRows(n, roll) : rows));
}
