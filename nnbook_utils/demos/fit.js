/* A polynomial through points: degree, penalty, training and validation cost. */

import { ARROWS, DELETE, LOG, PAGES, button, checkbox, choice, frame, group, h, legend, loop, marker, plane, prediction, s, setAll, show, slider, table } from "./core.js";
import { fitPoints, noisySine, valueAt } from "./engine/regression.js";
import { pointSet } from "./points.js";

const SETS = ["training", "validation"];
const KINDS = [{ kind: "class-0", shape: marker(0, 6) }, { kind: "class-1", shape: marker(1, 7.5) }];
const MOST = 40; // points of a kind
const NOISE = 0.25; // of the source of the first points
const DEGREES = Array.from({ length: 13 }, (_, k) => k);
const STRENGTHS = [0, ...Array.from({ length: 41 }, (_, k) => Number((10 ** (k / 4 - 8)).toPrecision(3)))];
const ZERO = -10; // where lambda = 0 stands on the axis of powers of ten
const PLACES = Array.from({ length: 241 }, (_, i) => i / 240);
const PACE = 350; // milliseconds for each setting of a run

const placeOf = (strength) => (strength === 0 ? ZERO : Math.max(ZERO + 1, Math.log10(strength)));

function powerOfTen(k) {
  if (!Number.isInteger(k)) return "";
  return `10${[...String(k)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}`;
}

/* The two ways to draw the curve: what varies, and how it is written. */
const WAYS = {
  degree: {
    trait: "degree",
    settings: DEGREES,
    place: (degree) => degree,
    ends: [-0.5, 12.5],
    axis: "degree",
    tick: (k) => (Number.isInteger(k) ? show(k) : ""),
    words: (degree) => `degree ${degree}`,
    question: "Which degree will have the lowest validation cost?",
    guesses: Object.fromEntries(DEGREES.map((k) => [k, String(k)])),
    near: 0,
  },
  lambda: {
    trait: "lambda_",
    settings: STRENGTHS,
    place: placeOf,
    ends: [ZERO - 0.5, 2.5],
    axis: "λ",
    tick: (k) => (k === ZERO ? "0" : powerOfTen(k)),
    words: (strength) => `λ = ${show(strength)}`,
    question: "Nearest to which of these λ will the validation cost be lowest?",
    // A name such as "2" would come before "-8" in an object, hence "2.0".
    guesses: Object.fromEntries([ZERO, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2].map((k) => [k.toFixed(1), k === ZERO ? "0" : powerOfTen(k)])),
    near: 0.5,
  },
};

const TRAITS = ["training", "validation", "degree", "lambda_", "against", "curve", "show_truth", "adds"];

const snap = ([x, y]) =>
  [[x, 0, 1], [y, -2, 2]].map(([v, low, high]) => Math.max(low, Math.min(high, Math.round(v * 100) / 100)));

function render({ model, el }) {
  const parts = frame(el, {
    title: "A polynomial through points",
    model,
    name: "fit",
    settings: TRAITS,
    help: "Drag a point, or press where there is none to add one; press in the costs to choose a setting.",
    keys: [ARROWS, PAGES, DELETE],
  });
  const start = SETS.map((name) => [name, model.get(name)]);
  const set = (values) => setAll(model, values);
  const way = () => WAYS[model.get("against")];

  // The points and the fit
  const picture = plane({ x: [0, 1], y: [-2, 2], names: ["x", "y"], width: 456, height: 380, label: "Points and the fitted polynomial" });
  const truth = s("path", { class: "curve truth", "stroke-dasharray": "6 5" });
  const fitted = s("path", { class: "curve accent fitted" });
  const residuals = s("path", { class: "curve class-0 residuals" });
  const owner = (k) => (k < model.get("training").length ? ["training", k] : ["validation", k - model.get("training").length]);
  const points = pointSet(picture, {
    kinds: KINDS,
    step: 0.01,
    snap,
    move(k, at) {
      const [name, place] = owner(k);
      set({ [name]: model.get(name).map((point, i) => (i === place ? at : point)) });
    },
    add,
    remove(k) {
      const [name, place] = owner(k);
      if (name === "training" && model.get(name).length === 1) tell("One training point must stay.");
      else set({ [name]: model.get(name).filter((_, i) => i !== place) });
    },
  });
  picture.layer.append(s("g", { "clip-path": picture.clip }, truth, residuals, fitted), points.element);

  function add(...places) {
    const name = model.get("adds");
    const room = MOST - model.get(name).length;
    if (room < places.length) tell(`There are ${MOST - room} ${name} points, and ${MOST} is the most. Remove some first.`);
    else set({ [name]: [...model.get(name), ...places] });
  }

  // The costs
  const chart = plane({
    x: way().ends, y: [1e-4, 10], names: [way().axis, "cost"], scale: LOG,
    texts: [(k) => way().tick(k), (cost) => powerOfTen(Math.round(Math.log10(cost)))], width: 456, height: 380, label: "Training and validation cost",
  });
  const curves = SETS.map((_, k) => s("path", { class: `curve ${KINDS[k].kind}`, "stroke-dasharray": k ? "7 4" : null }));
  const marks = KINDS.map(({ kind, shape }) => s("path", { class: `mark ${kind}`, d: shape }));
  const now = s("line", { class: "now" });
  chart.layer.append(s("g", { "clip-path": chart.clip }, now, ...curves), ...marks);
  chart.picture.addEventListener("click", (event) => {
    const [u] = chart.at(event);
    const distance = (setting) => Math.abs(way().place(setting) - u);
    set({ [way().trait]: way().settings.reduce((a, b) => (distance(b) < distance(a) ? b : a)) });
  });
  chart.element.classList.add("costs");
  parts.stage.append(picture.element, chart.element);
  const keys = h("div");
  parts.stage.after(keys);

  // The costs of all settings; they change only with the data and the other dial.
  let key = "";
  let all = [];
  function everySetting() {
    const other = model.get("against") === "degree" ? model.get("lambda_") : model.get("degree");
    const data = SETS.map((name) => model.get(name));
    const found = JSON.stringify([model.get("against"), other, data]);
    if (found !== key) {
      key = found;
      guess.reset();
      all = way().settings.map((setting) =>
        model.get("against") === "degree" ? fitPoints(...data, setting, other) : fitPoints(...data, other, setting),
      );
    }
    return all;
  }
  function lowest() {
    const costs = everySetting().map((found) => found.validation);
    return costs[0] === null ? -1 : costs.indexOf(Math.min(...costs));
  }

  // A run through the settings, after a guess
  let reached = -1;
  let waited = 0;
  const runner = button("Run", () => (running.running() ? running.stop() : run()));
  const running = loop(
    parts.root,
    (elapsed) => {
      waited += elapsed;
      if (waited < PACE * (13 / way().settings.length)) return true;
      waited = 0;
      reached += 1;
      set({ [way().trait]: way().settings[reached] });
      return reached < way().settings.length - 1 || finish();
    },
    (on) => {
      runner.textContent = on ? "Stop" : "Run";
    },
  );
  function run() {
    reached = -1;
    waited = Infinity; // the first at once
    set({ curve: false });
    running.start();
  }
  function finish() {
    reached = -1;
    set({ curve: true });
    const best = lowest();
    if (best < 0) return false;
    const setting = way().settings[best];
    set({ [way().trait]: setting });
    if (!guess.waits) return false;
    const right = Math.abs(Number(guess.guess) - way().place(setting)) <= way().near;
    guess.answer(right, `The lowest validation cost is ${show(all[best].validation)}, at ${way().words(setting)}.${right ? "" : " What made the difference?"}`);
    return false;
  }

  let guess;
  const guessBox = h("div");
  function ask() {
    running.stop();
    const hide = () => set({ curve: false });
    guess = prediction({ question: way().question, options: way().guesses, commit: hide, renew: hide });
    guessBox.replaceChildren(guess.element);
  }

  parts.controls.append(
    slider(model, "degree", "Degree", { min: 0, max: 12, step: 1 }),
    slider(model, "lambda_", "Penalty λ", { min: 1e-8, max: 100, step: 0.25, log: true, zero: true }),
    choice(model, "against", "Costs against", { degree: "the degree", lambda: "λ" }),
    checkbox(model, "curve", "Costs of all settings"),
    checkbox(model, "show_truth", "The truth, sin 2πx"),
  );
  const told = h("p", { class: "hint", role: "status" });
  const tell = (words) => {
    told.textContent = words;
  };
  parts.more.append(
    guessBox,
    group("Go through the settings", "run", runner),
    choice(model, "adds", "A press adds", { training: "a training point", validation: "a validation point" }),
    button("Add a point", () => {
      add([0.5, 0]);
      const count = SETS.map((name) => model.get(name).length);
      points.take(model.get("adds") === "training" ? count[0] - 1 : count[0] + count[1] - 1);
    }, { "data-control": "add" }),
    button("Five more from the source", () => {
      const seed = model.get("training").length + 100 * model.get("validation").length;
      add(...noisySine(5, NOISE, seed).map(snap));
    }, { "data-control": "more" }),
    button("Remove the chosen point", () => points.remove(), { "data-control": "remove" }),
    button("Exchange the two sets", () => {
      if (model.get("validation").length) set({ training: model.get("validation"), validation: model.get("training") });
      else tell("There are no validation points to fit.");
    }, { "data-control": "exchange" }),
    button("First points again", () => set(Object.fromEntries(start)), { "data-control": "reset" }),
    told,
  );
  const boxes = [h("div"), h("div"), h("div")];
  parts.data.append(...boxes);

  function drawCosts(found) {
    const every = everySetting();
    const { settings, place, trait } = way();
    const whole = model.get("curve");
    const until = whole ? settings.length : reached + 1;
    const seen = SETS.flatMap((name) => [...every.map((one) => one[name]), found[name]]).filter((cost) => cost !== null);
    const logs = seen.map((cost) => Math.max(-5, Math.min(3, Math.log10(cost))));
    const low = Math.floor(Math.min(...logs));
    const high = Math.max(low + 3, Math.ceil(Math.max(...logs)));
    chart.view(way().ends, [10 ** low, 10 ** high], [way().axis, "cost"]);
    const height = (cost) => Math.max(1e-40, cost); // a cost of 0 has no logarithm
    SETS.forEach((name, k) => {
      const line = every.slice(0, until).filter((one) => one[name] !== null);
      curves[k].setAttribute("d", chart.path(line.map((one, i) => [place(settings[i]), height(one[name])])));
      const at = found[name] === null ? null : Math.max(chart.y[0], Math.min(chart.y[1], height(found[name])));
      marks[k].setAttribute("visibility", at === null ? "hidden" : "visible");
      if (at !== null) marks[k].setAttribute("transform", `translate(${chart.px(place(model.get(trait)))} ${chart.py(at)})`);
    });
    const x = chart.px(place(model.get(trait)));
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: chart.py(chart.y[0]), y2: chart.py(chart.y[1]) })) now.setAttribute(name, value);
  }

  function sentence(found) {
    const weights = found.weights.length;
    const costs = SETS.filter((name) => found[name] !== null).map((name) => `${name} cost ${show(found[name])}`);
    const words = [`Degree ${model.get("degree")}, λ = ${show(model.get("lambda_"))}: ${costs.join(", ")}.`];
    if (found.validation === null) words.push("Nothing is kept aside to validate it.");
    words.push(weights > 1 ? `Largest weight ${show(Math.max(...found.weights.slice(1).map(Math.abs)))}.` : "A constant: the mean.");
    if (found.rank < weights) words.push(`The points leave ${weights - found.rank} of ${weights} weights open; of all best fits this is the one with the shortest weights.`);
    if (model.get("curve") && lowest() >= 0) words.push(`Lowest validation cost ${show(all[lowest()].validation)} at ${way().words(way().settings[lowest()])}.`);
    return words.join(" ");
  }

  function drawTables(found) {
    const cell = (cost) => (cost === null ? "none" : show(cost));
    const settings = model.get("curve") ? way().settings : [];
    table(boxes[0], "Costs of each setting", [way().axis, ...SETS], settings.map((setting, i) => [show(setting), ...SETS.map((name) => cell(all[i][name]))]), settings.indexOf(model.get(way().trait)));
    table(boxes[1], `Weights of the powers of t = 2x − 1 (condition of the table of powers${model.get("lambda_") ? " with the rows of the penalty" : ""}: ${show(found.condition)})`, ["power", "weight"], found.weights.map((weight, j) => [String(j), show(weight)]));
    table(boxes[2], "The points", ["set", "x", "y", "fit", "fit − y"], SETS.flatMap((name) =>
      model.get(name).map(([x, y]) => [name, show(x), show(y), show(valueAt(found.weights, x)), show(valueAt(found.weights, x) - y)]),
    ));
  }

  function draw() {
    const data = SETS.map((name) => model.get(name));
    const found = fitPoints(...data, model.get("degree"), model.get("lambda_"));
    const fit = (x) => Math.max(-1e3, Math.min(1e3, valueAt(found.weights, x)));
    keys.replaceChildren(legend([
      { ...KINDS[0], dash: "", text: "training" },
      { ...KINDS[1], dash: "7 4", text: "validation" },
      { kind: "accent", dash: "", text: "the fit" },
      ...(model.get("show_truth") ? [{ kind: "truth", dash: "6 5", text: "the truth" }] : []),
    ]));
    truth.setAttribute("d", model.get("show_truth") ? picture.path(PLACES.map((x) => [x, Math.sin(2 * Math.PI * x)])) : "");
    fitted.setAttribute("d", picture.path(PLACES.map((x) => [x, fit(x)])));
    residuals.setAttribute("d", data[0].map(([x, y]) => picture.path([[x, y], [x, fit(x)]])).join(""));
    points.draw(SETS.flatMap((name, kind) => data[kind].map((at, i) => ({ at, kind, label: `${name} point ${i + 1}` }))));
    drawCosts(found);
    parts.say(sentence(found));
    drawTables(found);
  }
  model.on("change:against", ask);
  model.on("change", draw);
  ask();
  draw();
  return () => {
    running.end();
    model.off("change:against", ask);
    model.off("change", draw);
  };
}

export default { render };
