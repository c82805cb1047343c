/* A small network that learns points of the plane, or a curve, while one looks on. The parts:
   engine/ computes, network_run.js holds a run, network_canvas.js the points, network_graph.js
   and network_panels.js what stands beside them, network_controls.js what can be set. */

import { frame, h, loop, prediction, show, table, tabs } from "./core.js";
import { decide, forward, makeMemory, place } from "./engine/mlp.js";
import { makeRun } from "./engine/network_run.js";
import { EXTRAS, writeInputs } from "./engine/samples.js";
import { makeCanvas } from "./network_canvas.js";
import { groups, presetBox, presetValues, runRow } from "./network_controls.js";
import { makeGraph } from "./network_graph.js";
import { makeBent, makeHistory, makeTable, makeWeights } from "./network_panels.js";
import { PRESETS } from "./network_presets.js";

const NAMES = ["preset", ...Object.keys(presetValues("usual"))];
const OF_THE_STEP = ["eta", "alpha", "l1", "l2", "batch_size", "speed", "guess_epochs"];
const OF_THE_LOOK = ["preset", "view", "probe", "background", "tab"];
const OF_THE_POINTS = ["points", "dataset", "share", "cost"]; // the network goes on with others
const TRAIN_FOR = 8; // milliseconds of a frame
const PAINT_EVERY = 100;
const SAY_EVERY = 2000;

/* Values from a link may be anything: start as usual if one does not fit. */
function check(settings) {
  const usual = presetValues("usual");
  for (const [name, value] of Object.entries(usual)) {
    const given = settings[name];
    const fits = Array.isArray(value) ? Array.isArray(given) : typeof given === typeof value;
    if (!fits || (typeof given === "number" && !Number.isFinite(given))) throw new Error(`${name} cannot be ${given}`);
  }
  const { points, layers, view, extras, eta, count, batch_size: batch } = settings;
  const whole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
  const ok =
    PRESETS[settings.preset] && points.length <= 1000 && layers.length <= 6 && layers.every((units) => whole(units, 1, 8)) &&
    points.every((point) => point.length === 3 && point.every(Number.isFinite) && whole(point[2], 0, 4)) &&
    [...view, ...settings.probe, ...settings.weights].every(Number.isFinite) && view[2] > 0 &&
    extras.every((name) => EXTRAS[name]) && eta > 0 && whole(count, 1, 1000) && whole(batch, 1, 1000);
  if (!ok) throw new Error("the settings do not make a network");
}

function render({ model, el }) {
  const settings = {};
  const read = () => {
    for (const name of NAMES) settings[name] = model.get(name);
  };
  read();
  check(settings);
  const parts = frame(el, { title: "A network that learns", model, name: "network", settings: NAMES });
  let painted = 0;
  let said = 0;
  let due = 0;
  let asked = false;

  const demo = {
    model, settings, parts,
    run: makeRun(settings),
    set(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    },
    pretty: (name) => name.replace("^2", "²").replace("*", "·").replace("x1", "x₁").replace("x2", "x₂"),
    moving: () => training?.running() ?? false,
    toggle: () => (training.running() ? training.stop() : start()),
    stop: () => training.stop(),
    /* Draw at the next frame, however often it is asked. */
    redraw() {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        paint(!demo.moving());
      });
    },
    reset() {
      training.stop();
      demo.run.reset();
      settle();
    },
    step(kind) {
      training.stop();
      const { run } = demo;
      const rest = run.order.length - run.at;
      if (kind === "epoch") while (run.at + settings.batch_size < run.order.length && !run.stopped) run.step(settings.batch_size);
      run.step(kind === "example" ? 1 : Math.min(settings.batch_size, rest));
      compareGuess();
      settle();
    },
    setWeight(l, i, j, value) {
      demo.run.network.theta[place(demo.run.network, l, i, j)] = value;
      weightsWereTyped();
    },
    /* The weights of a single unit, by the tip of its arrow. */
    setWeights(tip) {
      tip.forEach((value, j) => {
        demo.run.network.theta[j] = Number(value.toFixed(3));
      });
      weightsWereTyped();
    },
    keepWeights: () => demo.set({ weights: [...demo.run.network.theta] }),
    probeInputs() {
      const inputs = new Float64Array(demo.run.network.widths[0]);
      writeInputs(inputs, 0, ...settings.probe, settings.task === "curve", settings.extras);
      return inputs;
    },
    answers: (places) => through(places, (memory, k, r) => Array.from(memory.A.at(-1).subarray(r * k, (r + 1) * k))),
    classesOf: (places) => through(places, (memory, k, r) => decide(demo.run.network, memory, r)),
    inputNames: () => graph.inputNames(),
  };

  function through(places, readRow) {
    const { network } = demo.run;
    const memory = makeMemory(network, Math.max(1, places.length));
    places.forEach(([u, v], r) => writeInputs(memory.A[0], r * network.widths[0], u, v, settings.task === "curve", settings.extras));
    forward(network, memory, places.length);
    return places.map((_, r) => readRow(memory, network.widths.at(-1), r));
  }

  /* Before the first step, weights that are typed are the first weights. */
  function weightsWereTyped() {
    graph.forget();
    if (demo.run.iteration === 0) demo.keepWeights();
    else settle();
  }

  /* Parts ----------------------------------------------------------------------------- */

  let training = null;
  const preset = presetBox(demo);
  const canvas = makeCanvas(demo);
  const graph = makeGraph(demo);
  const panels = { history: makeHistory(demo), weights: makeWeights(demo), table: makeTable(demo), bent: makeBent(demo), network: graph };
  const titles = { network: "Network", history: "Error", weights: "Weights", table: "Table", bent: "Bent grid" };
  const tabbed = tabs(model, "tab", "What is shown beside the points",
    Object.fromEntries(Object.entries(titles).map(([name, title]) => [name, [title, panels[name].element]])));
  const row = runRow(demo);
  const more = groups(demo);
  const readout = h("p", { class: "readout" });
  const guess = prediction({
    question: "Guess", commit: () => {
      demo.reset();
      start();
    },
  });
  training = loop(parts.root, frameOfTraining, () => settle());

  parts.root.querySelector(".title").after(preset.element);
  parts.stage.append(canvas.element, tabbed);
  parts.status.before(readout);
  parts.controls.append(...row.elements);
  parts.more.append(...more.elements, guess.element);

  /* Training -------------------------------------------------------------------------- */

  function start() {
    if (demo.run.stopped) demo.run.reset();
    graph.forget();
    due = 0;
    training.start();
  }

  /* As many steps as the speed asks for, or as fit into the time. */
  function frameOfTraining(elapsed) {
    const { run } = demo;
    const end = performance.now() + TRAIN_FOR;
    due = Math.min(due + (elapsed / 1000) * settings.speed, settings.speed);
    while (due >= 1 && !run.stopped) {
      run.step(settings.batch_size);
      due -= 1;
      if (compareGuess()) return false;
      if (performance.now() > end) due = 0;
    }
    const now = performance.now();
    if (now - painted >= PAINT_EVERY) paint(false);
    readout.textContent = readoutText();
    return !run.stopped && run.order.length > 0;
  }

  /* Once the run has come to where the guess was for, say how it was. */
  function compareGuess() {
    const { run } = demo;
    if (guess.guess === null || run.epoch < settings.guess_epochs && !run.stopped) return false;
    const { cost, right, n } = run.judge(run.training);
    const came = settings.task === "classes" ? `${right} of ${n} are right` : `the mean cost is ${show(cost)}`;
    guess.answer(`You guessed ${show(guess.guess)}. After ${run.epoch} epochs, ${came}.`);
    guess.guess = null;
    return true;
  }

  /* Words and pictures ------------------------------------------------------------------ */

  const judged = ({ cost, right, n }) => {
    const error = `${settings.rule === "descent" ? "cost" : "share of mistakes"} ${show(cost, 3)}`;
    return settings.task === "classes" ? `${right} of ${n} right, ${error}` : error;
  };
  function readoutText() {
    const { run } = demo;
    const { training: seen, testing, penalty } = run.outcome();
    const parts = [`step ${run.iteration}, epoch ${run.epoch}`, `training: ${judged(seen)}`];
    if (testing.n) parts.push(`test: ${judged(testing)}`);
    if (penalty) parts.push(`penalty ${show(penalty, 3)}`);
    if (settings.rule !== "descent") parts.push(`${run.mistakes} updates`);
    return seen.n + testing.n ? parts.join(" · ") : "There are no points: choose “add points”, and press on the picture.";
  }

  function sentence() {
    const { run } = demo;
    if (run.stopped) return run.stopped;
    const { cost, right, n } = run.judge(run.training);
    const wrong = settings.task === "classes" ? `, ${n - right} wrong` : "";
    const moving = demo.moving() ? "Training" : "At rest";
    return n ? `${moving}: epoch ${run.epoch}, ${settings.rule === "descent" ? "loss" : "share of mistakes"} ${show(cost, 3)}${wrong}.` : "No points to train on.";
  }

  function paint(fine) {
    painted = performance.now();
    canvas.draw(fine);
    panels[settings.tab]?.draw(fine);
    if (!fine && painted - said < SAY_EVERY) return;
    said = painted;
    parts.say(sentence());
  }

  /* After a change at rest: everything anew. */
  function settle() {
    row.draw();
    readout.textContent = readoutText();
    demo.redraw();
    if (demo.moving()) return;
    const rows = demo.run.history;
    const every = Math.ceil(rows.length / 20);
    table(parts.data, "Mean cost by epoch", ["epoch", "training", "test"],
      rows.filter((_, i) => i % every === 0 || i === rows.length - 1).map(({ epoch, training: seen, testing }) => [String(epoch), show(seen), Number.isFinite(testing) ? show(testing) : "none"]));
  }

  function drawAll() {
    preset.draw();
    more.draw();
    canvas.drawView();
    graph.rebuild();
    panels.weights.rebuild();
    panels.table.rebuild();
    panels.bent.rebuild();
    guess.element.querySelector("label").textContent = settings.task === "classes"
      ? `After ${settings.guess_epochs} epochs, how many of the ${demo.run.training.length} training points will be right?`
      : `After ${settings.guess_epochs} epochs, how large will the mean cost be?`;
    settle();
  }

  /* Changes ----------------------------------------------------------------------------- */

  const changed = new Set();
  function follow(name) {
    if (!changed.size) queueMicrotask(apply);
    changed.add(name);
  }
  function apply() {
    const names = [...changed];
    changed.clear();
    read();
    const asks = names.filter((name) => !OF_THE_STEP.includes(name) && !OF_THE_LOOK.includes(name));
    if (asks.length) {
      const before = demo.run;
      demo.run = makeRun(settings);
      const goesOn = settings.dataset === "own" && asks.every((name) => OF_THE_POINTS.includes(name));
      if (!goesOn || !demo.run.goOn(before)) {
        training.stop();
        guess.reset();
      }
      drawAll();
      return;
    }
    if (names.includes("preset") || names.includes("guess_epochs")) drawAll();
    if (names.includes("view")) canvas.drawView();
    if (names.includes("probe")) {
      canvas.drawProbe();
      graph.forget();
    }
    settle();
  }
  const listeners = NAMES.map((name) => [`change:${name}`, () => follow(name)]);
  for (const [event, listener] of listeners) model.on(event, listener);

  const modes = new MutationObserver(demo.redraw); // light and dark
  modes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  drawAll();
  return () => {
    training.end();
    modes.disconnect();
    for (const [event, listener] of listeners) model.off(event, listener);
  };
}

export default { render };
