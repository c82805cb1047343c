/* A small network that learns points of the plane, or a curve, while one looks on. */

import { ARROWS, ENTER, frame, h, loop, onMode, palette, prediction, setAll, show, table, tabs } from "./core.js";
import { place } from "./engine/mlp.js";
import { makeRun } from "./engine/network_run.js";
import { makeCanvas } from "./network_canvas.js";
import { groups, presetBox, presetValues, prettyInput, runRow } from "./network_controls.js";
import { fieldOf, passOf } from "./network_field.js";
import { makeGraph } from "./network_graph.js";
import { makeBent, makeHistory, makeTable, makeWeights } from "./network_panels.js";

const NAMES = ["preset", ...Object.keys(presetValues("usual"))];
const KEEPS_THE_RUN = ["eta", "alpha", "l1", "l2", "batch_size", "speed", "guess_epochs", "preset", "view", "probe", "background", "tab"];
const OF_THE_POINTS = ["points", "dataset", "share", "cost"]; // the network goes on with others
const TRAIN_FOR = 8; // milliseconds of a frame
const PAINT_EVERY = 100;
const SAY_EVERY = 2000;

function render({ model, el }) {
  // What a link leaves open comes from the preset that it names.
  const given = model.given ?? [];
  for (const [name, value] of Object.entries(presetValues(model.get("preset")))) {
    if (given.includes("preset") && !given.includes(name)) model.set(name, value);
  }
  const settings = {};
  function read() {
    for (const name of NAMES) settings[name] = model.get(name);
    if (settings.task !== "classes") settings.rule = "descent"; // a perceptron has two classes
  }
  read();
  const parts = frame(el, {
    title: "A network that learns",
    model,
    name: "network",
    settings: NAMES,
    help: "Choose what a press on the picture does; press a unit to see its weights. At the probe, Enter adds a point and Delete removes the nearest.",
    keys: [ARROWS, ENTER],
  });
  const is = (task) => settings.task === task;
  let [painted, said] = [0, 0]; // when
  let due = 0; // steps that the speed asks for
  let asked = 0;

  const training = loop(parts.root, frameOfTraining, settle);
  const demo = {
    model, settings, is,
    run: makeRun(settings),
    set: (values) => setAll(model, values),
    setPoints: (points) => demo.set({ dataset: "own", points }),
    moving: training.running,
    toggle: () => (demo.moving() ? training.stop() : start()),
    stop: training.stop,
    /* Draw at the next frame, however often it is asked. */
    redraw: () => {
      asked ||= requestAnimationFrame(() => paint(!demo.moving()));
    },
    reset() {
      training.stop();
      demo.run.reset();
      renewed();
    },
    step(kind) {
      training.stop();
      const count = kind === "Sample" ? 1 : settings.batch_size;
      if (kind === "Epoch") demo.run.epochOf(count);
      else demo.run.step(count);
      compareGuess();
      renewed();
    },
    /* Before the first step, weights that are typed are the first weights. */
    setWeight(l, i, j, value) {
      const { network, iteration } = demo.run;
      network.theta[place(network, l, i, j)] = value;
      if (iteration === 0) demo.keepWeights();
      renewed();
    },
    keepWeights: () => demo.set({ weights: [...demo.run.network.theta] }),
    inputNames() {
      const plain = is("curve") ? ["x"] : ["x₁", "x₂"];
      return [...plain, ...settings.extras.map((name) => prettyInput(name, plain[0]))];
    },
    passOf: (places) => passOf(demo.run, places.length, (r) => places[r]),
    /* What the units of layer l answer for some places; the inputs are layer 0. */
    activations(places, l) {
      const [A, k] = [demo.passOf(places).A[l], demo.run.network.widths[l]];
      return places.map((_, r) => [...A.subarray(r * k, (r + 1) * k)]);
    },
    answers: (places) => demo.activations(places, demo.run.network.layers.length),
  };

  const preset = presetBox(demo);
  const canvas = makeCanvas(demo);
  const graph = makeGraph(demo);
  const panels = { network: graph, history: makeHistory(demo), weights: makeWeights(demo), table: makeTable(demo), bent: makeBent(demo) };
  const row = runRow(demo);
  const more = groups(demo);
  const readout = h("p.readout");
  const guess = prediction({ question: "Guess", commit: demo.reset });

  parts.root.querySelector(".title").after(preset.element, row.element, readout);
  parts.stage.append(canvas.element, tabs(model, "tab", "What is shown beside the points", panels));
  parts.controls.append(more.layers);
  parts.more.append(guess.element, ...more.folds);

  function start() {
    if (demo.run.stopped) demo.run.reset();
    graph.forget();
    due = 0;
    training.start();
  }

  /* As many steps as the speed asks for and time allows. The pictures have a frame for
     themselves, unless frames are rare. */
  function frameOfTraining(elapsed) {
    const { run } = demo;
    const paints = performance.now() - painted >= PAINT_EVERY;
    if (paints) paint(false);
    const end = performance.now() + (paints && elapsed < PAINT_EVERY ? 0 : TRAIN_FOR);
    due = Math.min(due + (elapsed / 1000) * settings.speed, settings.speed);
    while (due >= 1 && !run.stopped && performance.now() < end) {
      run.step(settings.batch_size);
      due -= 1;
      if (compareGuess()) return false;
    }
    return !run.stopped && run.order.length > 0;
  }

  /* Once the run has come to where the guess was for, say how it was. */
  function compareGuess() {
    const { run } = demo;
    if (!guess.waits || (run.epoch < settings.guess_epochs && !run.stopped)) return false;
    const { cost, right, n } = run.judge(run.training);
    const near = is("classes") ? Math.abs(guess.guess - right) <= n / 20 : guess.guess >= cost / 2 && guess.guess <= 2 * cost;
    guess.answer(near, `After ${run.epoch} epochs ${is("classes") ? `${right} of ${n} are right` : `the mean cost is ${show(cost)}`}.`);
    return true;
  }

  const costText = (cost) => `${settings.rule === "descent" ? "cost" : "share of mistakes"} ${show(cost, 3)}`;
  const judged = ({ cost, right, n }) => (is("classes") ? `${right} of ${n} right, ` : "") + costText(cost);
  function readoutText() {
    const { run } = demo;
    const { training: seen, testing, penalty } = run.outcome();
    if (!run.points.length) return "There are no points: choose “A press adds points”, and press on the picture.";
    return [
      `step ${run.iteration}, epoch ${run.epoch}`,
      `training: ${judged(seen)}`,
      testing.n && `test: ${judged(testing)}`,
      penalty && `penalty ${show(penalty, 3)}`,
      settings.rule !== "descent" && `${run.mistakes} updates`,
    ].filter(Boolean).join(" · ");
  }
  function sentence() {
    const { stopped, epoch, training: rows, judge } = demo.run;
    const { cost, right, n } = judge(rows);
    if (stopped) return stopped;
    if (!n) return "There is nothing to train on.";
    return `${demo.moving() ? "Training" : "At rest"}: epoch ${epoch}, ${costText(cost)}${is("classes") ? `, ${n - right} wrong` : ""}.`;
  }

  function paint(fine) {
    asked = 0;
    painted = performance.now();
    const field = fieldOf(demo.run, settings.view, is("curve") ? 200 : fine ? 100 : 32);
    const colours = palette(parts.root);
    canvas.draw(field, colours);
    panels[settings.tab].draw(field, colours);
    readout.textContent = readoutText();
    if (!fine && painted - said < SAY_EVERY) return;
    said = painted;
    parts.say(sentence());
  }

  /* After a change or a stop: what need not follow each frame, too. */
  function settle() {
    row.draw();
    demo.redraw();
    const { history } = demo.run;
    const every = Math.ceil(history.length / 20);
    const told = (cost) => (Number.isFinite(cost) ? show(cost) : "none");
    const rows = history.filter((_, i) => i % every === 0 || i === history.length - 1).map((entry) => [entry.epoch, told(entry.training), told(entry.testing)]);
    table(parts.data, "Mean cost by epoch", ["epoch", "training", "test"], rows);
  }

  function renewed() {
    graph.forget();
    settle();
  }

  function drawAll() {
    preset.draw();
    canvas.drawView();
    for (const panel of Object.values(panels)) panel.rebuild?.();
    const asked = is("classes") ? `many of the ${demo.run.training.length} training points will be right?` : "large will the mean cost be?";
    guess.element.querySelector("label").textContent = `After ${settings.guess_epochs} epochs, about how ${asked}`;
    settle();
  }

  const changed = new Set();
  function apply() {
    const names = [...changed];
    changed.clear();
    read();
    const asks = names.filter((name) => !KEEPS_THE_RUN.includes(name));
    if (asks.length) {
      const before = demo.run;
      demo.run = makeRun(settings);
      const goesOn = settings.dataset === "own" && asks.every((name) => OF_THE_POINTS.includes(name));
      if (!goesOn || !demo.run.goOn(before)) {
        training.stop();
        guess.reset();
      }
    }
    if (asks.length || names.includes("preset") || names.includes("guess_epochs")) drawAll();
    if (names.includes("view") || names.includes("probe")) canvas.drawView();
    if (names.includes("probe")) graph.forget();
    settle();
  }
  const listeners = NAMES.map((name) => [`change:${name}`, () => {
    if (!changed.size) queueMicrotask(apply);
    changed.add(name);
  }]);
  for (const listener of listeners) model.on(...listener);
  const stopModes = onMode(demo.redraw);
  drawAll();
  return () => {
    training.end();
    stopModes();
    for (const listener of listeners) model.off(...listener);
  };
}

export default { render };
