/* A run of training: points, a network for them, the order in which it meets them, and
   what has come of it so far. No picture and no page in here. */

import { backward, decide, forward, initialise, makeMemory, makeNetwork, meanCost, momentumStep, penalty } from "./mlp.js";
import { inner, perceptronStep } from "./perceptron.js";
import { dice, normal, shuffledRows } from "./random.js";
import { range } from "./range.js";
import { inputsOf, isTest, samples } from "./samples.js";

const MOST_RECORDS = 600;
const OUT_OF_BOUNDS = 1e8;
const START = { epoch: 0, iteration: 0, at: 0, looked: 0, mistakes: 0, every: 1, stopped: "" };

function designOf({ task, rule, extras, layers, activations, cost }, points) {
  const inputs = (task === "curve" ? 1 : 2) + extras.length;
  if (rule !== "descent") return { widths: [inputs, 1], hidden: [], output: "threshold", cost: "mistakes" };
  const classes = Math.max(2, ...points.map((point) => point[2] + 1));
  const outputs = { curve: 1, copy: 2 }[task] ?? (classes > 2 ? classes : 1);
  const shape = { widths: [inputs, ...layers, outputs], hidden: layers.map((_, l) => activations[l] ?? "tanh") };
  if (task !== "classes") return { ...shape, output: "linear", cost: "squared_error" };
  return { ...shape, output: classes > 2 && cost === "cross_entropy" ? "softmax" : "sigmoid", cost };
}

/* What the network, of `k` output units, should answer for a point. */
function targetOf([u, v, label], task, k) {
  if (task === "copy") return [u, v];
  if (task === "curve") return [v];
  return k === 1 ? [Math.min(label, 1)] : range(k).map((i) => Number(i === label));
}

/* `settings` are the demo's traits; eta, alpha, l1 and l2 may change while it runs. */
export function makeRun(settings) {
  const { task, rule, share } = settings;
  const descends = rule === "descent";
  const points = settings.dataset === "own" ? settings.points : samples(settings);
  const design = designOf(settings, points);
  const network = makeNetwork(design);
  const { theta } = network;
  const [d, k] = [design.widths[0], design.widths.at(-1)];
  const X = points.map(([u, v]) => inputsOf(settings, u, v));
  const Y = points.map((point) => targetOf(point, task, k));
  const sign = (i) => (points[i][2] > 0 ? 1 : -1);
  const [training, testing] = [false, true].map((kept) => range(points.length).filter((i) => isTest(i, share) === kept));
  const batch = makeMemory(network, points.length);
  const targets = new Float64Array(points.length * k);
  const [gradient, v, average] = [0, 0, 0].map(() => new Float64Array(theta.length));
  const walker = rule === "averaged" ? average : theta;
  let roll = null;

  const run = {
    settings, points, design, network, training, testing, fields: {},
    reset() {
      roll = dice(settings.seed);
      if (settings.weights.length === theta.length) theta.set(settings.weights);
      else initialise(network, descends ? settings.init : "zero", () => normal(roll));
      Object.assign(run, START, { last: [], history: [] });
      v.fill(0);
      walker.set(theta);
      run.order = shuffled();
      record();
    },

    /* Learn from the next `count` examples of this epoch. */
    step(count) {
      const n = Math.min(count, run.order.length - run.at);
      if (run.stopped || !n) return;
      run.last = run.order.slice(run.at, run.at + n);
      if (descends) descend(n);
      else run.last.forEach(learn);
      run.at += n;
      run.iteration += 1;
      if (run.at === run.order.length) endEpoch();
    },

    epochOf(count) {
      const { epoch } = run;
      while (run.epoch === epoch && run.order.length && !run.stopped) run.step(count);
    },

    /* The mean cost of the points that `rows` names, and how many are right. */
    judge(rows) {
      if (!rows.length) return { cost: NaN, right: 0, n: 0 };
      answer(rows);
      const isRight = (i, r) => decide(network, batch, r) === (k === 1 ? Y[i][0] : points[i][2]);
      const right = task === "classes" ? rows.filter(isRight).length : 0;
      const cost = design.cost === "mistakes" ? (rows.length - right) / rows.length : meanCost(network, batch, targets, rows.length);
      return { cost, right, n: rows.length };
    },
    /* Take over the weights and the count of another run, if its network is alike. */
    goOn(before) {
      const shape = (one) => JSON.stringify({ ...one, cost: null });
      if (shape(design) !== shape(before.design) || !descends || before.stopped) return false;
      theta.set(before.network.theta);
      for (const name of ["epoch", "iteration", "every", "history"]) run[name] = before[name];
      return true;
    },
    outcome: () => ({ training: run.judge(training), testing: run.judge(testing), penalty: penalty(network, settings.l1, settings.l2) }),
  };

  const shuffled = () => shuffledRows(training.length, roll).map((r) => training[r]);

  /* Forward for the points that `rows` names, with their targets. */
  function answer(rows) {
    rows.forEach((i, r) => {
      batch.A[0].set(X[i], r * d);
      targets.set(Y[i], r * k);
    });
    forward(network, batch, rows.length);
  }

  function descend(n) {
    answer(run.last);
    backward(network, batch, targets, n, gradient, settings.l1, settings.l2);
    momentumStep(theta, v, gradient, settings.eta, settings.alpha);
    const worst = theta.findIndex((value) => !(Math.abs(value) < OUT_OF_BOUNDS));
    if (worst < 0) return;
    const layer = network.layers.findLastIndex(({ at }) => at <= worst) + 1;
    const largest = Math.max(...X.flat().map(Math.abs));
    run.stopped =
      `It diverged in epoch ${run.epoch + 1}, at step ${run.iteration + 1}: a weight of layer ${layer} grew out of bounds. ` +
      `The step size is ${settings.eta}, momentum ${settings.alpha}, the largest input ${Number(largest.toPrecision(3))}. ` +
      "Try a smaller step size, or scale the inputs.";
  }

  function learn(i) {
    const { w, mistake } = perceptronStep(walker, [...X[i], 1], sign(i));
    walker.set(w);
    run.mistakes += Number(mistake);
    if (rule !== "averaged") return;
    run.looked += 1;
    for (let p = 0; p < walker.length; p += 1) theta[p] += (walker[p] - theta[p]) / run.looked;
  }

  /* It has converged when the weights that walk, not their average, make no mistake. */
  function endEpoch() {
    run.epoch += 1;
    run.at = 0;
    if (!descends && training.every((i) => sign(i) * inner(walker, [...X[i], 1]) > 0)) {
      run.stopped = `No mistake is left after ${run.epoch} ${run.epoch === 1 ? "epoch" : "epochs"}: the perceptron has converged.`;
    }
    record();
    run.order = shuffled();
  }

  /* Keep a long history short: every second entry goes, and from then on half as many come. */
  function record() {
    if (run.epoch % run.every) return;
    run.history.push({ epoch: run.epoch, training: run.judge(training).cost, testing: run.judge(testing).cost });
    if (run.history.length > MOST_RECORDS) {
      run.every *= 2;
      run.history = run.history.filter((entry) => entry.epoch % run.every === 0);
    }
  }

  run.reset();
  return run;
}
