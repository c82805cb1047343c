/* The perceptron in the plane: one update at a time, its geometry, and its mistakes. */

import { ARROWS, DELETE, PAGES, arrow, button, calm, checkbox, choice, frame, h, legend, loop, marker, numberField, plane, prediction, s, setAll, show, slider, table } from "./core.js";
import { averagedWeights, bestMargin, inner, lengthOf, longest, marginOf, mistakeBound, perceptronRun, visits } from "./engine/perceptron.js";
import { pointSet } from "./points.js";

const END = 3.5; // of the picture, in each direction
const MOST = 40;
const PASSES = 100;
const ORDERS = { given: "as given", reversed: "from the end", shuffled: "shuffled, anew each pass" };
const PANELS = { update: "the weights and the update", bound: "mistakes and the bound" };
const LABELS = { positive: 1, negative: -1 };
const KINDS = [{ kind: "class-0", shape: marker(0, 7) }, { kind: "class-1", shape: marker(1, 9) }];
const TURN = 450; // milliseconds in which the line turns

const gate = (bits) => bits.map((bit, i) => [i >> 1, i & 1, 2 * bit - 1]);
const DATA = {
  wide: [[0.5, -2, -1], [-2, -1, -1], [-1, 1, -1], [2.5, 3, 1], [1, 2, 1], [2, 1, 1]],
  narrow: [
    [2, 1.5, 1], [-1, -0.25, 1], [-2.5, -1, 1], [1, 1.5, 1], [3, 2, 1], [-2, 0.5, 1],
    [2, 0.5, -1], [-1, -0.75, -1], [1, 0.25, -1], [-2.5, -1.75, -1], [3, 1, -1], [-0.5, -1.5, -1],
  ],
  overlap: [
    [2, 1, 1], [1, 2.5, 1], [2.5, 2.5, 1], [-0.5, 1, 1], [1, -0.5, 1], [-1, -1.25, 1],
    [-1, 1.75, -1], [-2, -1, -1], [0.5, -2, -1], [-2.5, 0.5, -1], [-1, -2.5, -1], [1.25, 0.5, -1],
  ],
  and: gate([0, 0, 0, 1]),
  or: gate([0, 1, 1, 1]),
  nand: gate([1, 1, 1, 0]),
  xor: gate([0, 1, 1, 0]),
};
const NAMES = {
  wide: "six, a wide gap", narrow: "twelve, a narrow gap", overlap: "twelve, no line between",
  and: "AND", or: "OR", nand: "NAND", xor: "XOR", own: "my own",
};

const GUESSES = { 3: "1 to 3", 6: "4 to 6", 12: "7 to 12", 30: "13 to 30", 1e9: "more than 30", never: "it never stops" };

const TRAITS = [
  "data", "points", "bias", "start", "order", "seed", "tie", "averaged", "panel", "steps", "speed", "adds",
];

const tuple = (w) => `(${w.map((value) => show(value)).join(", ")})`;
const times = (count) => `${count} mistake${count === 1 ? "" : "s"}`;

/* The two places where the line b + w1 x1 + w2 x2 = 0 leaves a square, far outside. */
function lineOf([b, w1, w2]) {
  const size = w1 * w1 + w2 * w2;
  if (size === 0) return [];
  const foot = [(-b * w1) / size, (-b * w2) / size];
  const far = (4 * END) / Math.sqrt(size);
  return [1, -1].map((side) => [foot[0] - side * far * w2, foot[1] + side * far * w1]);
}

/* The half of the plane in which the answer is 1. */
function sideOf(weights) {
  const ends = lineOf(weights);
  if (!ends.length) return weights[0] >= 0 ? [[-END, -END], [END, -END], [END, END], [-END, END]] : [];
  const far = (8 * END) / Math.hypot(weights[1], weights[2]);
  return [...ends, ...[...ends].reverse().map(([u, v]) => [u + far * weights[1], v + far * weights[2]])];
}

function angleBetween(a, b) {
  const sizes = lengthOf(a) * lengthOf(b);
  return sizes ? (Math.acos(Math.max(-1, Math.min(1, inner(a, b) / sizes))) * 180) / Math.PI : null;
}

function render({ model, el }) {
  const parts = frame(el, {
    title: "The perceptron, one update at a time",
    model,
    name: "perceptron",
    settings: TRAITS,
    help: "Drag a sample, or press where there is none to add one.",
    keys: [ARROWS, PAGES, DELETE],
  });
  const set = (values) => setAll(model, values);
  const samples = () => (model.get("data") === "own" ? model.get("points") : DATA[model.get("data")]);

  // The run, computed as a whole; a step is a place in it.
  let key = "";
  let run;
  function compute() {
    const names = ["bias", "start", "order", "seed", "tie"];
    const found = JSON.stringify([samples(), ...names.map((name) => model.get(name))]);
    if (found === key) return false;
    key = found;
    const bias = model.get("bias");
    const y = samples().map((one) => one[2]);
    const X = samples().map(([u, v]) => (bias ? [1, u, v] : [u, v]));
    const start = model.get("start").slice(bias ? 0 : 1);
    const orders = visits(model.get("order"), y.length, PASSES, model.get("seed"));
    const best = bestMargin(X, y);
    const R = longest(X);
    const separable = best.gamma > 1e-9 * R;
    run = { X, y, bias, R, separable, gamma: best.gamma, ...perceptronRun(X, y, start, orders, model.get("tie")) };
    run.bound = separable ? mistakeBound(R, best.gamma, start) : Infinity;
    run.made = [0]; // mistakes until each step
    for (const step of run.steps) run.made.push(run.made.at(-1) + Number(step.mistake));
    return true;
  }
  const last = () => run.steps.length;
  const position = () => Math.min(model.get("steps"), last());
  const inPlane = (w) => (run.bias ? w.slice(1) : w);
  const withBias = (w) => (run.bias ? w : [0, ...w]);

  // The samples
  const picture = plane({ x: [-END, END], y: [-END, END], label: "The samples and the line of the perceptron" });
  const half = s("path", { class: "half" });
  const lines = {
    before: s("path", { class: "curve truth", "stroke-dasharray": "6 5" }),
    average: s("path", { class: "curve goal", "stroke-dasharray": "10 4 2 4" }),
    now: s("path", { class: "curve accent decision" }),
  };
  const direction = arrow("accent");
  const [ring, coming] = ["looked-at", "comes-next"].map((kind) => s("circle", { class: kind, r: 15 }));
  const crosses = s("path", { class: "wrong" });
  const points = pointSet(picture, {
    kinds: KINDS,
    step: 0.25,
    snap: (at) => at.map((value) => Math.max(-END, Math.min(END, Math.round(value * 4) / 4))),
    move: (k, at) => own(samples().map((one, i) => (i === k ? [...at, one[2]] : one))),
    add,
    remove(k) {
      if (samples().length === 1) tell("One sample must stay.");
      else own(samples().filter((_, i) => i !== k));
    },
  });
  picture.layer.append(
    s("g", { "clip-path": picture.clip }, half, lines.before, lines.average, lines.now, direction.element),
    coming,
    ring,
    points.element,
    crosses,
  );
  function own(changed) {
    set({ points: changed, data: "own" });
  }
  function add(at) {
    if (samples().length === MOST) tell(`There are ${MOST} samples; remove one first.`);
    else own([...samples(), [...at, LABELS[model.get("adds")]]]);
  }

  // The weights, or the bound
  const side = plane({ x: [-1, 1], y: [-1, 1], label: "The weights" });
  const trail = s("path", { class: "curve truth trail" });
  const [old, pull, fresh] = ["truth", "class-1", "accent"].map(arrow);
  const root = s("path", { class: "curve ink" });
  const straight = s("path", { class: "curve goal", "stroke-dasharray": "8 4" });
  const limit = s("line", { class: "limit" });
  const measured = s("path", { class: "curve accent" });
  const dot = s("path", { class: "mark accent", d: marker(0, 5) });
  const groups = {
    update: s("g", {}, trail, pull.element, old.element, fresh.element),
    bound: s("g", {}, root, straight, limit, measured, dot),
  };
  side.layer.append(s("g", { "clip-path": side.clip }, groups.update, groups.bound));
  parts.stage.append(picture.element, side.element);
  const keys = h("div");
  parts.stage.after(keys);

  // Going through the run
  let turned = 1; // how far the last update is drawn
  const turning = loop(parts.root, (elapsed) => {
    turned = Math.min(1, turned + elapsed / TURN);
    drawWeights();
    return turned < 1;
  });
  function go(to, slowly = true) {
    const target = Math.max(0, Math.min(to, last()));
    turned = slowly && target === position() + 1 && run.steps[target - 1].mistake && !calm() ? 0 : 1;
    set({ steps: target });
    if (turned < 1) turning.start();
    if (target === last()) verdict();
  }
  let waited = 0;
  const running = loop(
    parts.root,
    (elapsed) => {
      waited += elapsed;
      const pace = 1000 / model.get("speed");
      const due = Math.floor(waited / pace);
      waited -= due * pace;
      if (due) go(position() + due, pace > TURN);
      return position() < last();
    },
    (on) => {
      runner.textContent = on ? "Stop" : "Run";
    },
  );
  function startRun() {
    waited = 0;
    if (position() === last()) go(0);
    running.start();
  }
  const control = (text, name, action) => button(text, action, { "data-control": name });
  const stepping = (action) => () => {
    running.stop();
    action();
  };
  const runner = control("Run", "run", () => (running.running() ? running.stop() : startRun()));
  const back = control("Back", "back", stepping(() => go(position() - 1)));
  const forth = control("Step", "step", stepping(() => go(position() + 1)));
  const toMistake = control("Next mistake", "next", stepping(() => {
    const later = run.steps.findIndex((step, t) => t >= position() && step.mistake);
    go(later < 0 ? last() : later + 1);
  }));
  const toStart = control("To the start", "first", stepping(() => go(0)));
  const toEnd = control("To the end", "last", stepping(() => go(last())));

  const guess = prediction({
    question: "How many mistakes will it make before it stops?",
    options: GUESSES,
    commit: () => go(0),
  });
  function verdict() {
    if (!guess.waits) return;
    const made = run.made.at(-1);
    const right = run.converged ? Object.keys(GUESSES).find((most) => made <= Number(most)) : "never";
    const came = run.converged
      ? `It stopped after ${times(made)}.`
      : `After ${PASSES} passes and ${times(made)} it still has not stopped${run.separable ? "" : ", and never will"}.`;
    guess.answer(right === guess.guess, `${came}${right === guess.guess ? "" : " Step back and see why."}`);
  }

  const starts = ["b", "w₁", "w₂"].map((name, j) =>
    numberField(`Start ${name}`, model.get("start")[j], (value) => set({ start: model.get("start").map((old, i) => (i === j ? value : old)) }), { min: -10, max: 10, name: "start" }),
  );
  const told = h("p", { class: "hint", role: "status" });
  const tell = (words) => {
    told.textContent = words;
  };
  const preset = choice(model, "data", "Samples", NAMES);
  preset.addEventListener("input", () => set({ steps: 0 }));
  parts.controls.append(
    toStart, back, forth, toMistake, runner, toEnd,
    slider(model, "speed", "Speed", { min: 0.5, max: 50, step: 0.05, log: true, unit: " steps/s" }),
    choice(model, "panel", "Beside the samples", PANELS),
  );
  parts.more.append(
    guess.element,
    h("div", { class: "group" },
      preset,
      choice(model, "order", "Order of the samples", ORDERS),
      control("Another order", "seed", () => set({ order: "shuffled", seed: (model.get("seed") + 1) % 10000 })),
      checkbox(model, "bias", "With a bias"),
      checkbox(model, "tie", "A tie is a mistake"),
      checkbox(model, "averaged", "Averaged weights"),
      h("div", { class: "control" }, ...starts),
    ),
    h("div", { class: "group" },
      choice(model, "adds", "A press adds", { positive: "a sample with label 1", negative: "a sample with label −1" }),
      control("Add a sample", "add", () => {
        add([0, 0]);
        points.take(samples().length - 1);
      }),
      control("Change the chosen label", "flip", () => own(samples().map((one, i) => (i === points.chosen() ? [one[0], one[1], -one[2]] : one)))),
      control("Remove the chosen sample", "remove", () => points.remove()),
      told,
    ),
  );

  /* The weights and the line, the last update done as far as it has turned. */
  function drawWeights() {
    const t = position();
    const step = t ? run.steps[t - 1] : null;
    const from = run.iterates[Math.max(0, t - 1)];
    const to = run.iterates[t];
    const w = from.map((value, j) => value + turned * (to[j] - value));
    const outline = (weights) => picture.path(lineOf(withBias(weights)));
    half.setAttribute("d", picture.path(sideOf(withBias(w))));
    lines.now.setAttribute("d", outline(w));
    lines.before.setAttribute("d", step?.mistake ? outline(from) : "");
    const [b, w1, w2] = withBias(w);
    const size = w1 * w1 + w2 * w2;
    const foot = size ? [(-b * w1) / size, (-b * w2) / size] : [0, 0];
    const unit = size ? inPlane(w).map((value) => value / Math.sqrt(size)) : [0, 0];
    direction.place(picture, foot, foot.map((value, j) => value + unit[j]));
    if (model.get("panel") === "update") drawUpdate(step, from, w, to);
  }

  function drawUpdate(step, from, w, to) {
    const ends = run.iterates.flatMap((one) => inPlane(one).map(Math.abs));
    const reach = 1.15 * Math.max(1, ends.reduce((a, b) => Math.max(a, b)));
    side.view([-reach, reach], [-reach, reach], ["w₁", "w₂"]);
    trail.setAttribute("d", side.path(run.iterates.slice(0, position()).map(inPlane)));
    const label = step?.mistake ? run.y[step.row] : 0;
    pull.element.setAttribute("class", `arrow ${KINDS[label > 0 ? 1 : 0].kind}`);
    pull.element.setAttribute("visibility", label ? "visible" : "hidden");
    old.element.setAttribute("visibility", label ? "visible" : "hidden");
    pull.place(side, inPlane(from), inPlane(to));
    old.place(side, [0, 0], inPlane(from));
    fresh.place(side, [0, 0], inPlane(w));
  }

  function drawBound() {
    const { R, gamma, separable, iterates, made, bound } = run;
    const sizes = run.steps.flatMap(({ mistake }, t) => (mistake ? [[made[t + 1], lengthOf(iterates[t + 1])]] : []));
    const curve = [[0, lengthOf(iterates[0])], ...sizes];
    const most = 8 * Math.max(1, made.at(-1)); // a bound far beyond would leave nothing to see
    const right = 1.1 * Math.max(5, Math.min(bound, most));
    const first = lengthOf(iterates[0]);
    const roof = (k) => Math.sqrt(first * first + k * R * R);
    side.view([0, right], [0, 1.05 * roof(right)], ["mistakes k", "length of the weights"]);
    root.setAttribute("d", side.path(Array.from({ length: 81 }, (_, i) => [(i * right) / 80, roof((i * right) / 80)])));
    straight.setAttribute("d", separable ? side.path([[0, -first], [right, gamma * right - first]]) : "");
    measured.setAttribute("d", side.path(curve.filter(([k]) => k <= made[position()])));
    dot.setAttribute("transform", `translate(${side.px(made[position()])} ${side.py(lengthOf(iterates[position()]))})`);
    const x = side.px(separable ? bound : 0);
    limit.setAttribute("visibility", separable ? "visible" : "hidden");
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: side.py(side.y[0]), y2: side.py(side.y[1]) })) limit.setAttribute(name, value);
  }

  function drawSamples() {
    const t = position();
    const w = run.iterates[t];
    const at = samples().map(([u, v]) => [u, v]);
    points.draw(samples().map((one, i) => ({ at: at[i], kind: one[2] > 0 ? 1 : 0, label: `sample ${i + 1}, label ${show(one[2])},` })));
    const wrong = at.filter((_, i) => run.y[i] * inner(w, run.X[i]) <= 0);
    crosses.setAttribute("d", wrong.map(([u, v]) => `M${picture.px(u) - 4},${picture.py(v) - 4}l8,8m0,-8l-8,8`).join(""));
    for (const [circle, step] of [[ring, run.steps[t - 1]], [coming, run.steps[t]]]) {
      circle.setAttribute("visibility", step ? "visible" : "hidden");
      const [u, v] = step ? at[step.row] : [0, 0];
      circle.setAttribute("transform", `translate(${picture.px(u)} ${picture.py(v)})`);
    }
    const mean = model.get("averaged") && t ? averagedWeights(run.iterates, t) : null;
    lines.average.setAttribute("d", mean ? picture.path(lineOf(withBias(mean))) : "");
  }

  function drawKeys() {
    const marks = [
      { ...KINDS[1], text: "label 1" },
      { ...KINDS[0], text: "label −1" },
      { kind: "looked-at", shape: marker(0, 7), text: "looked at" },
      { kind: "comes-next", shape: marker(0, 7), text: "comes next" },
      { kind: "wrong", shape: "M-5,-5L5,5M5,-5L-5,5", text: "wrong now" },
      { kind: "accent", dash: "", text: "the line, and where w points" },
      { kind: "truth", dash: "6 5", text: "before the update" },
    ];
    if (model.get("averaged")) marks.push({ kind: "goal", dash: "10 4 2 4", text: "averaged w" });
    const update = [{ kind: "class-1", dash: "", text: "y x, orange or blue by the label" }];
    const bound = [
      { kind: "ink", dash: "", text: "at most √k R" },
      ...(run.separable
        ? [{ kind: "goal", dash: "8 4", text: "at least k γ" }, { kind: "truth", dash: "2 4", text: `bound: ${show(run.bound)} mistakes${run.bound > side.x[1] ? ", outside to the right" : ""}` }]
        : []),
    ];
    keys.replaceChildren(legend([...marks, ...(model.get("panel") === "update" ? update : bound)]));
  }

  const wrongCount = (w) => run.X.filter((x, i) => run.y[i] * inner(w, x) <= 0).length;

  function sentence() {
    const t = position();
    const w = run.iterates[t];
    const n = run.y.length;
    const words = [];
    if (t === 0) words.push(`Before the first step: w = ${tuple(w)}.`);
    else {
      const { row, score, mistake } = run.steps[t - 1];
      const y = run.y[row];
      const margin = `y w·x = ${show(y * score)}`;
      const tie = score === 0 ? "a tie" : "";
      const judged = mistake ? (tie ? "a tie, which counts as a mistake" : "a mistake") : tie ? "a tie, which does not count here" : "right";
      words.push(`Step ${t}, pass ${Math.ceil(t / n)}: sample ${row + 1}, label ${show(y)}: ${margin}, ${judged}.`);
      const angle = mistake ? angleBetween(inPlane(run.iterates[t - 1]), inPlane(w)) : null;
      words.push(mistake ? `w = ${tuple(w)}${angle === null ? "" : `, turned by ${show(angle, 3)}°`}; y w·x is now ${show(y * inner(w, run.X[row]))}.` : `w stays ${tuple(w)}.`);
    }
    // Mistakes are whole; what the bound is and a margin of w, the reader of that panel knows.
    const proof = model.get("panel") === "bound";
    const bound = proof && run.separable ? `, at most ${show(Math.floor(run.bound + 1e-9))} in any order` : "";
    words.push(`${times(run.made[t])} so far${bound}; ${n - wrongCount(w)} of ${n} right.`);
    if (proof && lengthOf(w) > 0) words.push(`Margin of w: ${show(marginOf(run.X, run.y, w))}.`);
    if (model.get("averaged") && t) {
      const mean = averagedWeights(run.iterates, t);
      words.push(`Averaged w = ${tuple(mean)}: ${n - wrongCount(mean)} right.`);
    }
    if (t === last()) words.push(ending());
    return words.join(" ");
  }
  function ending() {
    if (run.converged) return "No mistake is left: it stops.";
    if (!model.get("tie") && run.made.at(-1) === 0) return "Every score is 0 and no tie counts: it never takes a step.";
    if (run.separable) return `${PASSES} passes are over, and it has not stopped yet.`;
    return `${PASSES} passes are over: ${run.bias ? "no line separates these samples" : "no line through the origin separates these samples"}, so it never stops.`;
  }

  function drawTable() {
    const t = position();
    const first = Math.max(0, t - 12);
    const rows = run.steps.slice(first, Math.min(last(), first + 24)).map(({ row, score, mistake }, i) => {
      const step = first + i + 1;
      return [String(step), String(row + 1), show(run.y[row]), tuple(run.iterates[step - 1]), show(run.y[row] * score), mistake ? "mistake" : "right", tuple(run.iterates[step])];
    });
    const bound = run.separable
      ? `R = ${show(run.R)}, margin of the data γ = ${show(run.gamma)}, bound ${show(run.bound)}`
      : `R = ${show(run.R)}, not separable, no bound`;
    table(parts.data, `Steps ${first + 1} to ${first + rows.length} of ${last()}; ${bound}; weights ${run.bias ? "(b, w₁, w₂)" : "(w₁, w₂)"}`, ["step", "sample", "label y", "w before", "y w·x", "judged", "w after"], rows, t - 1 - first);
  }

  function draw() {
    if (compute()) {
      guess.reset();
      running.stop();
      turned = 1;
    }
    const panel = model.get("panel");
    for (const [name, group] of Object.entries(groups)) group.setAttribute("visibility", name === panel ? "visible" : "hidden");
    side.picture.setAttribute("aria-label", PANELS[panel]);
    starts.forEach((box, j) => box.write(model.get("start")[j]));
    starts[0].hidden = !model.get("bias");
    // Not `disabled`: that would take the focus from a reader who steps by keyboard.
    for (const one of [back, toStart]) one.setAttribute("aria-disabled", position() === 0);
    for (const one of [forth, toMistake, toEnd]) one.setAttribute("aria-disabled", position() === last());
    drawSamples();
    drawWeights();
    if (panel === "bound") drawBound();
    drawKeys();
    parts.say(sentence());
    drawTable();
  }
  model.on("change", draw);
  draw();
  return () => {
    running.end();
    turning.end();
    model.off("change", draw);
  };
}

export default { render };
