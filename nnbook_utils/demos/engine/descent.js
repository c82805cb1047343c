/* Descents as in nnbook_utils/optimizers.py: six rules, four schedules, orders of the data,
   and one loop. Weights, gradients and what a rule remembers are arrays of numbers. */

import { dice, shuffledRows } from "./random.js";

const RHO = 0.9;
const BETA = [0.9, 0.999];

const stepped = (w, change) => w.map((value, i) => value + change[i]);
const scaled = (w, eta, g, s, delta) => w.map((value, i) => value - (eta * g[i]) / (delta + Math.sqrt(s[i])));
const fading = (memory, share, news) => news.map((value, i) => share * (memory?.[i] ?? 0) + (1 - share) * value);
const squares = (g) => g.map((value) => value * value);

/* A rule takes w, what it remembers (null before the first step), the gradient and the
   constants, and gives [w, memory] after the step. */
export const RULES = {
  gd: (w, memory, g, { eta }) => [w.map((value, i) => value - eta * g[i]), null],
  momentum(w, v, g, { eta, alpha }) {
    const next = g.map((slope, i) => alpha * (v?.[i] ?? 0) - eta * slope);
    return [stepped(w, next), next];
  },
  nesterov(w, v, g, { eta, alpha }) {
    const next = g.map((slope, i) => alpha * (v?.[i] ?? 0) - eta * slope);
    return [w.map((value, i) => value + alpha * next[i] - eta * g[i]), next];
  },
  adagrad(w, sum, g, { eta, delta }) {
    const s = squares(g).map((value, i) => (sum?.[i] ?? 0) + value);
    return [scaled(w, eta, g, s, delta), s];
  },
  rmsprop(w, mean, g, { eta, delta }) {
    const s = fading(mean, RHO, squares(g));
    return [scaled(w, eta, g, s, delta), s];
  },
  adam(w, memory, g, { eta, delta }) {
    const t = (memory?.[2] ?? 0) + 1;
    const m = fading(memory?.[0], BETA[0], g);
    const s = fading(memory?.[1], BETA[1], squares(g));
    const unbiased = (mean, beta) => mean.map((value) => value / (1 - beta ** t));
    return [scaled(w, eta, unbiased(m, BETA[0]), unbiased(s, BETA[1]), delta), [m, s, t]];
  },
};

/* The step size at step t = 1, 2, ..., of one that starts with `eta`. */
export const SCHEDULES = {
  constant: (eta) => eta,
  inverse_sqrt: (eta, t) => eta / Math.sqrt(t),
  inverse: (eta, t) => eta / t,
  step_decay: (eta, t) => eta * 0.5 ** Math.floor((t - 1) / 20),
};

/* The largest step size below which a rule converges on a quadratic cost of largest
   curvature L, for rules that have such a bound. */
export function stepBound(rule, L, alpha) {
  if (rule === "gd") return 2 / L;
  if (rule === "momentum") return (2 * (1 + alpha)) / L;
  if (rule === "nesterov") return (2 * (1 + alpha)) / (1 + 2 * alpha) / L;
  return null;
}

/* The rows for each step: `kind` says in which order samples come, `size` how many. */
export function batchesOf(kind, n, size, steps, seed) {
  const roll = dice(seed);
  const batches = [];
  while (batches.length < steps) {
    if (kind === "with_replacement") {
      batches.push(Array.from({ length: size }, () => Math.floor(roll() * n)));
      continue;
    }
    const rows = kind === "shuffled" ? shuffledRows(n, roll) : Array.from({ length: n }, (_, i) => i);
    for (let first = 0; first < n; first += size) batches.push(rows.slice(first, first + size));
  }
  return batches.slice(0, steps);
}

/* Follow `rule` from `start`. Gives the iterates, the start first; a run that diverges
   ends before the step that is no longer finite, and says which it was. */
export function descend(rule, gradient, start, { eta, schedule, steps, batches, ...constants }) {
  const iterates = [start];
  let memory = null;
  for (let t = 1; t <= steps; t += 1) {
    const g = gradient(iterates.at(-1), batches?.[t - 1]);
    const rate = SCHEDULES[schedule](eta, t);
    const [w, next] = RULES[rule](iterates.at(-1), memory, g, { eta: rate, ...constants });
    if (![g, w, next ?? []].flat(2).every(Number.isFinite)) return { iterates, diverged: t };
    memory = next;
    iterates.push(w);
  }
  return { iterates, diverged: null };
}
