/* What the reader can set: the preset, the data, the network, the training. */

import { button, choice, follow, group, h, numberField, optionsOf, slider } from "./core.js";
import { ACTIVATIONS } from "./engine/mlp.js";
import { EXTRAS } from "./engine/samples.js";
import { PRESETS } from "./network_presets.js";

const DATASETS = {
  corners: "four corners (XOR)", circle: "a ring and a disc", spiral: "two spirals", pinwheel: "three spirals",
  trio: "three clouds", sides: "two clouds", square: "x²", sine: "a sine", line: "a line", own: "my own points",
};
const STARTS = { xavier: "Xavier", he: "He", normal: "normal, 1", zero: "all zero", equal: "all 0.5 (equal)" };

/* A labelled select that is no trait; `offer` gives it other options. */
export function pick(text, options, onpick = () => {}, value) {
  const input = h("select", { onchange: () => onpick(input.value) });
  const offer = (given, now) => {
    if (input.textContent !== Object.values(given).join("")) input.replaceChildren(...optionsOf(given));
    if (now !== undefined) input.value = now;
  };
  offer(options, value);
  return Object.assign(h("label.control", text, input), { input, offer });
}

export const fold = (title, ...parts) => h("details.group", h("summary", title), h("div.controls", ...parts));

export const prettyUnit = (name) => name.replace("_", " ").replace("relu", "ReLU");

export function presetValues(name) {
  const { title, hint, ...values } = { ...PRESETS.usual, ...PRESETS[name] };
  return values;
}

export function presetBox({ model, set }) {
  const { usual, ...others } = PRESETS;
  const titles = Object.fromEntries(Object.entries(others).map(([name, { title }]) => [name, title]));
  const box = pick("Start with", titles, (preset) => set({ preset, ...presetValues(preset) }));
  const hint = h("p.hint");
  return {
    element: h("div", { "data-control": "preset" }, box, hint),
    draw() {
      const preset = model.get("preset");
      box.input.value = preset;
      hint.textContent = PRESETS[preset].hint;
      // It speaks of the preset as it is, not of what has been changed since.
      hint.hidden = Object.entries(presetValues(preset)).some(([name, value]) => String(model.get(name)) !== String(value));
    },
  };
}

export const prettyInput = (name, first = "x₁") => name.replace("^2", "²").replace("*", "·").replace("x1", first).replace("x2", "x₂");

function typed({ model, set }, name, text, options) {
  const field = numberField(text, 0, (value) => set({ [name]: value }), { ...options, name });
  follow(model, name, field.write);
  return field;
}

function layerRows({ model, set }) {
  const element = h("div.layers", { "data-control": "layers" });
  const titles = Object.fromEntries(Object.keys(ACTIVATIONS).map((name) => [name, prettyUnit(name)]));
  const sizes = Object.fromEntries([..."12345678"].map((units) => [units, units]));
  function draw() {
    const [layers, names] = [model.get("layers"), model.get("activations")];
    const rows = layers.map((units, l) => ({ units, name: names[l] ?? "tanh" }));
    const put = () => set({ layers: rows.map(({ units }) => units), activations: rows.map(({ name }) => name), weights: [] });
    const add = () => rows.push(rows.at(-1) ?? { units: 4, name: "tanh" }) && put();
    element.replaceChildren(
      ...rows.map((row, l) => h("div.control",
        pick(`Layer ${l + 1}: units`, sizes, (units) => {
          row.units = Number(units);
          put();
        }, row.units),
        pick("Activation", titles, (name) => {
          row.name = name;
          set({ activations: rows.map((one) => one.name) }); // the weights still fit
        }, row.name),
        button("Remove", () => rows.splice(l, 1) && put(), { "aria-label": `Remove layer ${l + 1}` }))),
      button("Add a layer", add, { disabled: rows.length >= 6 }));
  }
  follow(model, "layers", draw);
  follow(model, "activations", draw);
  return element;
}

function extraBoxes({ model, set }) {
  const boxes = Object.keys(EXTRAS).map((name) => {
    const input = h("input", { type: "checkbox", onchange: () => {
      const kept = model.get("extras").filter((one) => one !== name);
      set({ extras: input.checked ? [...kept, name] : kept, weights: [] });
    } });
    const box = h("label", input, ` ${prettyInput(name)}`);
    follow(model, "extras", (extras) => { input.checked = extras.includes(name); });
    follow(model, "task", (task) => { box.hidden = task === "curve" && name.includes("x2"); });
    return box;
  });
  return group("More inputs", "extras", ...boxes);
}

export function groups(demo) {
  const { model, set } = demo;
  const rule = choice(model, "rule", "Rule", { descent: "gradient descent", rosenblatt: "perceptron (Rosenblatt)", averaged: "averaged perceptron" });
  const cost = choice(model, "cost", "Cost", { cross_entropy: "cross-entropy", squared_error: "squared error" });
  const penalty = { min: 0.0001, max: 1, step: 0.1, log: true, zero: true };
  const data = fold("Data",
    choice(model, "task", "Learn", { classes: "the colour of a point", curve: "y from x", copy: "the point itself" }),
    choice(model, "dataset", "Points", DATASETS),
    typed(demo, "count", "How many", { min: 1, max: 1000, integer: true }),
    slider(model, "noise", "Noise", { min: 0, max: 0.5 }),
    slider(model, "share", "Share to train on", { min: 0.1, max: 1, step: 0.05 }),
    button("Other points", () => set({ data_seed: model.get("data_seed") + 1 }), { "data-control": "data_seed" }));
  const network = fold("Inputs and first weights",
    extraBoxes(demo),
    choice(model, "init", "First weights", STARTS),
    typed(demo, "seed", "Seed", { min: 0, max: 2 ** 31, integer: true }));
  const training = fold("Training",
    rule, cost,
    slider(model, "batch_size", "Batch size", { min: 1, max: 300, step: 1 }),
    slider(model, "speed", "Speed", { min: 1, max: 10000, step: 0.05, log: true, unit: " steps/s" }),
    slider(model, "alpha", "Momentum α", { min: 0, max: 0.99 }),
    slider(model, "l1", "L1", penalty),
    slider(model, "l2", "L2", penalty));
  const limit = () => {
    const apart = model.get("task") !== "classes";
    rule.querySelector("select").disabled = apart;
    cost.querySelector("select").disabled = apart || model.get("rule") !== "descent";
  };
  follow(model, "task", limit);
  follow(model, "rule", limit);
  return { layers: layerRows(demo), folds: [data, network, training] };
}

export function runRow({ model, set, toggle, step, reset, moving }) {
  const go = button("Run", toggle, { class: "go", "data-control": "animate" });
  const steps = group("Step by one", "step", ...["Sample", "Batch", "Epoch"].map((kind) => button(kind, () => step(kind))));
  const starts = group("First weights", "reset", button("To the start", reset), button("Other weights", () => set({ seed: model.get("seed") + 1, weights: [] })));
  return {
    element: h("div.controls", go, steps, starts, slider(model, "eta", "Step size η", { min: 0.001, max: 10, step: 0.02, log: true })),
    draw() {
      go.textContent = moving() ? "Stop" : "Run";
    },
  };
}
