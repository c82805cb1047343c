/* A run of training: points, a network for them, the order in which it meets them, and
   what has come of it so far. No picture and no page in here. */

import { backward, decide, forward, initialise, makeMemory, makeNetwork, meanCost, momentumStep, penalty } from "./mlp.js";
import { perceptronStep } from "./perceptron.js";
import { dice, normal, shuffledRows } from "./random.js";
import { isTest, samples, writeInputs } from "./samples.js";

const MOST_RECORDS = 600;
const OUT_OF_BOUNDS = 1e8;
const START = { epoch: 0, iteration: 0, at: 0, looked: 0, mistakes: 0, every: 1, stopped: "" };

const pointsOf = (settings) =>
  settings.dataset === "own" ? settings.points : samples(settings.dataset, settings.count, settings.noise, settings.data_seed);

/* What the settings and the points ask of a network. */
function designOf(settings, points) {
  const classes = Math.max(2, ...points.map((point) => point[2] + 1));
  const inputs = (settings.task === "curve" ? 1 : 2) + settings.extras.length;
  if (settings.rule !== "descent") return { widths: [inputs, 1], hidden: [], output: "threshold", cost: "mistakes" };
  const widths = [inputs, ...settings.layers];
  const hidden = settings.layers.map((_, l) => settings.activations[l] ?? "tanh");
  if (settings.task === "curve") return { widths: [...widths, 1], hidden, output: "linear", cost: "squared_error" };
  if (settings.task === "copy") return { widths: [...widths, 2], hidden, output: "linear", cost: "squared_error" };
  if (classes === 2) return { widths: [...widths, 1], hidden, output: "sigmoid", cost: settings.cost };
  const output = settings.cost === "cross_entropy" ? "softmax" : "sigmoid";
  return { widths: [...widths, classes], hidden, output, cost: settings.cost };
}

/* The rows of X, and of Y what the network should answer for them. */
function tables(settings, design, points) {
  const [d, k] = [design.widths[0], design.widths.at(-1)];
  const X = new Float64Array(points.length * d);
  const Y = new Float64Array(points.length * k);
  points.forEach(([u, v, label], i) => {
    writeInputs(X, i * d, u, v, settings.task === "curve", settings.extras);
    if (settings.task === "copy") Y.set([u, v], 2 * i);
    else if (settings.task === "curve") Y[i] = v;
    else if (k === 1) Y[i] = label > 0 ? 1 : 0;
    else Y[i * k + label] = 1;
  });
  return { X, Y };
}

/* Copy the rows that `order` names from a table of `width` columns. */
function gather(table, width, order, to) {
  for (let r = 0; r < order.length; r += 1) {
    const row = order[r] * width;
    for (let j = 0; j < width; j += 1) to[r * width + j] = table[row + j];
  }
}

/* `settings` has the demo's traits by name; those of the step (eta, alpha, l1, l2,
   batch_size) are read at each step, so they may be changed while it runs. */
export function makeRun(settings) {
  const points = pointsOf(settings);
  const design = designOf(settings, points);
  const network = makeNetwork(design);
  const { X, Y } = tables(settings, design, points);
  const [d, k] = [design.widths[0], design.widths.at(-1)];
  const all = points.map((_, i) => i);
  const training = all.filter((i) => !isTest(i, settings.share));
  const testing = all.filter((i) => isTest(i, settings.share));
  const size = Math.max(1, points.length);
  const batch = makeMemory(network, size);
  const targets = new Float64Array(size * k);
  const gradient = new Float64Array(network.theta.length);
  const v = new Float64Array(network.theta.length);
  const walker = settings.rule === "averaged" ? new Float64Array(network.theta.length) : network.theta;
  let roll = null;

  const run = {
    settings, points, design, network, training, testing, order: [],
    ...START,

    /* Back to the first weights: those that are given, or those of the seed. */
    reset() {
      roll = dice(settings.seed);
      const given = settings.weights;
      if (given.length === network.theta.length) network.theta.set(given);
      else initialise(network, settings.rule === "descent" ? settings.init : "zero", () => normal(roll));
      Object.assign(run, START, { last: [], history: [] });
      v.fill(0);
      walker.set(network.theta);
      run.order = shuffled();
      record();
    },

    /* Learn from the next `count` examples of this epoch, as one batch. */
    step(count) {
      const n = Math.min(count, run.order.length - run.at);
      if (run.stopped || !n) return;
      run.last = run.order.slice(run.at, run.at + n);
      if (settings.rule === "descent") descend(n);
      else for (const i of run.last) learn(i);
      run.at += n;
      run.iteration += 1;
      if (run.at === run.order.length) endEpoch();
    },

    /* Finish the epoch, by batches. */
    epochOf(count) {
      const { epoch } = run;
      while (run.epoch === epoch && run.order.length && !run.stopped) run.step(count);
    },

    /* Answer for the points that `rows` names: mean cost, how many right, all answers. */
    judge(rows) {
      if (!rows.length) return { cost: NaN, right: 0, n: 0 };
      answer(rows);
      let right = 0;
      if (settings.task === "classes") {
        rows.forEach((i, r) => {
          const truth = k === 1 ? Math.min(points[i][2], 1) : points[i][2];
          right += decide(network, batch, r) === truth;
        });
      }
      const cost = design.cost === "mistakes" ? (rows.length - right) / rows.length : meanCost(network, batch, targets, rows.length);
      return { cost, right, n: rows.length };
    },
    /* Take over the weights and the count of another run, if its network has the same shape. */
    goOn(before) {
      const shape = ({ widths, hidden, output }) => JSON.stringify([widths, hidden, output]);
      if (shape(design) !== shape(before.design) || settings.rule !== "descent" || before.stopped) return false;
      network.theta.set(before.network.theta);
      for (const name of ["epoch", "iteration", "every", "history"]) run[name] = before[name];
      return true;
    },
    outcome: () => ({ training: run.judge(training), testing: run.judge(testing), penalty: penalty(network, settings.l1, settings.l2) }),
  };

  const shuffled = () => shuffledRows(training.length, roll).map((r) => training[r]);

  /* Forward for the points that `rows` names, with their targets. */
  function answer(rows) {
    gather(X, d, rows, batch.A[0]);
    gather(Y, k, rows, targets);
    forward(network, batch, rows.length);
  }

  function descend(n) {
    answer(run.last);
    backward(network, batch, targets, n, gradient, settings.l1, settings.l2);
    momentumStep(network.theta, v, gradient, settings.eta, settings.alpha);
    const worst = network.theta.findIndex((value) => !(Math.abs(value) < OUT_OF_BOUNDS));
    if (worst >= 0) run.stopped = whyItDiverged(worst);
  }

  function learn(i) {
    const y = points[i][2] > 0 ? 1 : -1;
    const { w, mistake } = perceptronStep(walker, [...X.subarray(i * d, (i + 1) * d), 1], y);
    walker.set(w);
    run.mistakes += Number(mistake);
    if (settings.rule !== "averaged") return;
    run.looked += 1;
    for (let p = 0; p < walker.length; p += 1) network.theta[p] += (walker[p] - network.theta[p]) / run.looked;
  }

  function whyItDiverged(p) {
    const l = network.layers.findLastIndex((layer) => layer.at <= p);
    const largest = X.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return (
      `It diverged in epoch ${run.epoch + 1}, at step ${run.iteration + 1}: a weight of layer ${l + 1} grew out of bounds. ` +
      `The step size is ${settings.eta}, momentum ${settings.alpha}, the largest input ${Number(largest.toPrecision(3))}. ` +
      "Try a smaller step size, or scale the inputs."
    );
  }

  function endEpoch() {
    run.epoch += 1;
    run.at = 0;
    if (settings.rule !== "descent" && walkerIsRight()) {
      run.stopped = `No mistake is left after ${run.epoch} ${run.epoch === 1 ? "epoch" : "epochs"}: the perceptron has converged.`;
    }
    record();
    run.order = shuffled();
  }

  /* Whether the weights that walk, not their average, get every training point right. */
  function walkerIsRight() {
    return training.every((i) => {
      let score = walker[d];
      for (let j = 0; j < d; j += 1) score += walker[j] * X[i * d + j];
      return score * (points[i][2] > 0 ? 1 : -1) > 0;
    });
  }

  /* Keep a long history short: every second entry goes, and from then on half as many come. */
  function record() {
    if (run.epoch % run.every) return;
    const { training: seen, testing: unseen } = run.outcome();
    run.history.push({ epoch: run.epoch, training: seen.cost, testing: unseen.cost });
    if (run.history.length > MOST_RECORDS) {
      run.every *= 2;
      run.history = run.history.filter((entry) => entry.epoch % run.every === 0);
    }
  }

  run.reset();
  return run;
}
