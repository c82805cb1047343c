/* What the reader can set: the preset, the data, the network, the training. */

import { button, choice, group, h, numberField, optionsOf, slider } from "./core.js";
import { ACTIVATIONS } from "./engine/mlp.js";
import { EXTRAS } from "./engine/samples.js";
import { PRESETS } from "./network_presets.js";

const DATASETS = {
  corners: "four corners (XOR)", circle: "a ring and a disc", spiral: "two spirals", pinwheel: "three spirals",
  trio: "three clouds", sides: "two clouds", square: "x²", sine: "a sine", line: "a line", own: "my own points",
};
const STARTS = { xavier: "Xavier", he: "He", normal: "normal, 1", zero: "all zero", equal: "all 0.5 (equal)" };

/* A labelled select that is no trait: `options` is {value: text}, or texts by number;
   `offer` names others. */
export function pick(text, options, onpick, value) {
  const input = h("select", { onchange: () => onpick(input.value) });
  const box = h("label.control", text, input);
  box.input = input;
  box.offer = (given, now) => {
    if (input.textContent !== Object.values(given).join("")) input.replaceChildren(...optionsOf(given));
    if (now !== undefined) input.value = now;
  };
  box.offer(options, value);
  return box;
}

/* Controls that are not always wanted; where there is room, they may start `open`. */
export const fold = (title, open, ...parts) => h("details.group", { open: open && innerWidth > 600 }, h("summary", title), h("div.controls", ...parts));

/* The name of an activation as the book writes it. */
export const prettyUnit = (name) => name.replace("_", " ").replace("relu", "ReLU");

/* What a preset sets, texts left out. */
export function presetValues(name) {
  const { title, hint, ...values } = { ...PRESETS.usual, ...PRESETS[name] };
  return values;
}

export function presetBox(demo) {
  const { usual, ...others } = PRESETS;
  const titles = Object.fromEntries(Object.entries(others).map(([name, { title }]) => [name, title]));
  const box = pick("Start with", titles, (preset) => demo.set({ preset, ...presetValues(preset) }));
  const hint = h("p.hint");
  return {
    element: h("div", { "data-control": "preset" }, box, hint),
    draw() {
      box.input.value = demo.model.get("preset");
      // It speaks of the preset as it is, not of what has been changed since.
      const changed = ([key, value]) => String(demo.model.get(key)) !== String(value);
      hint.textContent = PRESETS[box.input.value].hint;
      hint.hidden = Object.entries(presetValues(box.input.value)).some(changed);
    },
  };
}

/* The name of an input as it is read. */
export const prettyInput = (name, task) =>
  name.replace("^2", "²").replace("*", "·").replace("x1", task === "curve" ? "x" : "x₁").replace("x2", "x₂");

/* A typed number that is a trait. */
function typed(demo, name, text, options) {
  const field = numberField(text, demo.model.get(name), (value) => demo.set({ [name]: value }), { ...options, name });
  demo.model.on(`change:${name}`, () => field.write(demo.model.get(name)));
  return field;
}

/* A row for each hidden layer: its units, its activation, and a button to take it out. */
function layerRows(demo) {
  const box = h("div.layers", { "data-control": "layers" });
  const select = (text, names, value, onpick) =>
    pick(text, Object.fromEntries(names.map((name) => [name, prettyUnit(name)])), onpick, value);
  function draw() {
    const names = demo.model.get("activations");
    const rows = demo.model.get("layers").map((units, l) => [units, names[l] ?? "tanh"]);
    const activations = () => rows.map(([, name]) => name);
    const put = () => demo.set({ layers: rows.map(([units]) => units), activations: activations(), weights: [] });
    const remove = (l) => rows.splice(l, 1) && put();
    const add = () => rows.push(rows.at(-1) ?? [4, "tanh"]) && put();
    const resize = (row, units) => {
      row[0] = Number(units);
      put();
    };
    const rename = (row, name) => {
      row[1] = name;
      demo.set({ activations: activations() }); // the weights still fit
    };
    const shown = rows.map((row, l) => h("div.control",
      select(`Layer ${l + 1}: units`, [..."12345678"], row[0], (units) => resize(row, units)),
      select("Activation", Object.keys(ACTIVATIONS), row[1], (name) => rename(row, name)),
      button("Remove", () => remove(l), { "aria-label": `Remove layer ${l + 1}` })));
    box.replaceChildren(...shown, button("Add a layer", add, { disabled: rows.length >= 6 }));
  }
  return { element: box, draw };
}

function extraBoxes(demo) {
  const boxes = Object.keys(EXTRAS).map((name) => {
    const input = h("input", { type: "checkbox", onchange: () => {
      const kept = demo.model.get("extras").filter((one) => one !== name);
      demo.set({ extras: input.checked ? [...kept, name] : kept, weights: [] });
    } });
    return { name, input, element: h("label", input, ` ${prettyInput(name, "classes")}`) };
  });
  return {
    element: group("More inputs", "extras", ...boxes.map((box) => box.element)),
    draw: () =>
      boxes.forEach(({ name, input, element }) => {
        input.checked = demo.model.get("extras").includes(name);
        element.hidden = demo.settings.task === "curve" && name.includes("x2");
      }),
  };
}

export function groups(demo) {
  const { model } = demo;
  const [rows, extras] = [layerRows(demo), extraBoxes(demo)];
  const otherPoints = button("Other points", () => demo.set({ data_seed: model.get("data_seed") + 1 }), { "data-control": "data_seed" });
  const rule = choice(model, "rule", "Rule", { descent: "gradient descent", rosenblatt: "perceptron (Rosenblatt)", averaged: "averaged perceptron" });
  const cost = choice(model, "cost", "Cost", { cross_entropy: "cross-entropy", squared_error: "squared error" });
  const data = fold("Data", false,
    choice(model, "task", "Learn", { classes: "the colour of a point", curve: "y from x", copy: "the point itself" }),
    choice(model, "dataset", "Points", DATASETS),
    typed(demo, "count", "How many", { min: 1, max: 1000, integer: true }),
    slider(model, "noise", "Noise", { min: 0, max: 0.5, step: 0.01 }),
    slider(model, "share", "Share to train on", { min: 0.1, max: 1, step: 0.05 }),
    otherPoints,
  );
  const network = fold("Inputs and first weights", false,
    extras.element,
    choice(model, "init", "First weights", STARTS),
    typed(demo, "seed", "Seed", { min: 0, max: 2 ** 31, integer: true }),
  );
  const training = fold("Training", false,
    rule, cost,
    slider(model, "batch_size", "Batch size", { min: 1, max: 300, step: 1 }),
    slider(model, "speed", "Speed", { min: 1, max: 10000, step: 0.05, log: true, unit: " steps/s" }),
    slider(model, "alpha", "Momentum α", { min: 0, max: 0.99, step: 0.01 }),
    slider(model, "l1", "L1", { min: 0.0001, max: 1, step: 0.1, log: true, zero: true }),
    slider(model, "l2", "L2", { min: 0.0001, max: 1, step: 0.1, log: true, zero: true }),
  );
  return {
    layers: rows.element,
    folds: [data, network, training],
    draw() {
      rows.draw();
      extras.draw();
      const { task, rule: chosen } = demo.settings;
      rule.querySelector("select").disabled = task !== "classes";
      cost.querySelector("select").disabled = task !== "classes" || chosen !== "descent";
    },
  };
}

/* What is used most, always in sight. */
export function runRow(demo) {
  const { model } = demo;
  const go = button("Run", demo.toggle, { class: "go", "data-control": "animate" });
  const steps = group("Step by one", "step", ...["Sample", "Batch", "Epoch"].map((kind) => button(kind, () => demo.step(kind))));
  const reset = group("First weights", "reset", button("To the start", demo.reset), button("Other weights", () => demo.set({ seed: model.get("seed") + 1, weights: [] })));
  return {
    element: h("div.controls", go, steps, reset, slider(model, "eta", "Step size η", { min: 0.001, max: 10, step: 0.02, log: true })),
    draw() {
      go.textContent = demo.moving() ? "Stop" : "Run";
    },
  };
}
