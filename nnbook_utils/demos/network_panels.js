/* The other panels: the history of the error, the weights as matrices, a table of inputs
   with live outputs, and the grid of the plane as a hidden layer bends it. */

import { button, h, labelled, numberField, plane, roundUp, s, saveFile, show, table, uniqueId } from "./core.js";
import { decide, place } from "./engine/mlp.js";
import { pick } from "./network_controls.js";
import { dotsOn, extent } from "./network_field.js";

const note = (text) => h("p.legend", text);

/* A cell of a table in which a number is typed. */
function cell(label, value, onvalue, name) {
  const field = numberField(label, value, onvalue, { min: -1e6, max: 1e6, name });
  field.querySelector("label").className = "unseen";
  return field;
}

const numbered = (word, count) => Array.from({ length: count }, (_, i) => `${word} ${i + 1}`);

/* Layers as they are called, the last being the output. */
const layerNames = (demo) => demo.run.network.layers.map((_, l, all) => (l + 1 === all.length ? "the output" : `hidden layer ${l + 1}`));

/* History --- */

export function makeHistory(demo) {
  const on = plane({ x: [0, 10], y: [0, 1], label: "Cost against epochs", names: ["epoch", "mean cost"], width: 460, height: 300 });
  const lines = { training: s("path", { class: "curve class-0" }), testing: s("path", { class: "curve class-1", "stroke-dasharray": "7 4" }) };
  const mark = s("path", { class: "curve truth" });
  on.layer.append(s("g", { "clip-path": on.clip }, mark, lines.testing, lines.training));
  const slider = h("input", { type: "range", min: 0, step: 1, oninput: () => demo.redraw() });
  const value = h("output");
  function draw() {
    const { history } = demo.run;
    const known = (key) => history.filter((entry) => Number.isFinite(entry[key])).map((entry) => [entry.epoch, entry[key]]);
    const curves = { training: known("training"), testing: known("testing") };
    const costs = Object.values(curves).flat().map(([, cost]) => cost);
    // The axes end at round numbers: they move in few jumps, and can be read while it runs.
    on.view([0, roundUp(Math.max(10, history.at(-1).epoch))], [0, roundUp(Math.max(1e-3, ...costs))]);
    for (const [key, line] of Object.entries(lines)) line.setAttribute("d", on.path(curves[key]));
    const follows = slider.value === slider.max; // at the end it stays there
    slider.max = history.length - 1;
    if (follows) slider.value = slider.max;
    const { epoch, training, testing } = history[slider.value];
    mark.setAttribute("d", on.path([[epoch, 0], [epoch, on.y[1]]]));
    const told = (name, cost) => (Number.isFinite(cost) ? ` ${name} ${show(cost)}` : "");
    value.textContent = `epoch ${epoch}:${told("training", training)}${told("test", testing)}`;
    slider.setAttribute("aria-valuetext", value.textContent);
  }
  return { element: h("div", on.element, labelled("Read at", "", slider, value), note("Full line: training. Broken line: test. Without penalty.")), draw };
}

/* Weights --- */

/* Fields for the weights and biases of some units of layer l. Returns what updates them. */
export function weightTable(demo, box, caption, l, units) {
  const { network } = demo.run;
  const before = l === 0 ? demo.inputNames() : numbered("unit", network.widths[l]);
  const names = [...before, "bias"];
  const cells = units.map((i) => names.map((name, j) => cell(`unit ${i + 1}, ${name}`, 0, (value) => demo.setWeight(l, i, j, value), "weights")));
  table(box, caption, ["into", ...names], units.map((i, r) => [`unit ${i + 1}`, ...cells[r]]));
  const write = () => units.forEach((i, r) => cells[r].forEach((field, j) => field.write(network.theta[place(network, l, i, j)])));
  write();
  return write;
}

export function makeWeights(demo) {
  let layer = 0;
  const self = { draw() {}, rebuild };
  const box = h("div");
  const layers = pick("Layer", [], (l) => {
    layer = Number(l);
    rebuild();
  });
  function rebuild() {
    const all = demo.run.network.layers;
    layer = Math.min(layer, all.length - 1);
    layers.offer(layerNames(demo), layer);
    self.draw = weightTable(demo, box, "A row for each unit: its weights and its bias", layer, [...Array(all[layer].n).keys()]);
  }
  const keep = button("Keep these as the first weights", demo.keepWeights, { "data-control": "weights" });
  self.element = h("div", layers, box, keep, note("“To the start” brings them back, and they go into the link."));
  return self;
}

/* A table of inputs --- */

/* The rows of a CSV, between commas, semicolons or tabs; a first line of words is a heading. */
function rowsOf(text, least) {
  const rows = [];
  text.split(/\r?\n/).forEach((line, at) => {
    const parts = line.split(/[,;\t]/).map((part) => (part.trim() ? Number(part) : NaN));
    if (!line.trim() || (!rows.length && parts.every(Number.isNaN))) return;
    if (parts.length < least || !parts.every((value) => Math.abs(value) <= 1e6)) throw new Error(`Line ${at + 1}, "${line.slice(0, 40)}": expected ${least} numbers between commas.`);
    rows.push(parts);
  });
  if (!rows.length || rows.length > 1000) throw new Error(`There are ${rows.length} rows, expected 1 to 1000, such as 0.5, -1, 2.`);
  return rows;
}

export function makeTable(demo) {
  let rows = [[0, 0], [0.5, 0.5], [-1, 1]];
  let outputs = [];
  const box = h("div");
  const problem = h("p.problem", { role: "alert", id: uniqueId() });
  const text = h("textarea", { rows: 5, "aria-label": "CSV", "aria-describedby": problem.id, spellcheck: "false" });
  const inputs = () => (demo.is("curve") ? ["x"] : ["x1", "x2"]);
  const target = () => (demo.is("classes") ? ["class"] : demo.is("curve") ? ["y"] : []);
  const answered = () => [...numbered("output", demo.run.network.widths.at(-1)), ...(demo.is("classes") ? ["class"] : [])];
  function answers() {
    const { network } = demo.run;
    const memory = demo.passOf(rows);
    return demo.answers(rows).map((answer, r) => (demo.is("classes") ? [...answer, decide(network, memory, r) + 1] : answer));
  }

  function rebuild() {
    outputs = rows.map(() => answered().map(() => h("output")));
    const typed = (row, r) => inputs().map((name, j) => cell(`row ${r + 1}, ${name}`, row[j], (value) => {
      row[j] = value;
      draw();
    }, "table"));
    table(box, "Inputs that you type, and what the network answers now", ["row", ...inputs(), ...answered()], rows.map((row, r) => [String(r + 1), ...typed(row, r), ...outputs[r]]));
    draw();
  }
  const draw = () => answers().forEach((answer, r) => answer.forEach((value, i) => { outputs[r][i].textContent = show(value); }));

  const read = (names, use) => {
    try {
      problem.textContent = "";
      use(rowsOf(text.value, names.length));
    } catch (wrong) {
      problem.textContent = wrong.message;
    }
  };
  const asPoints = () => read([...inputs(), ...target()], (found) => {
    const wrong = found.findIndex((row) => demo.is("classes") && ![1, 2, 3, 4, 5].includes(row[2]));
    if (wrong >= 0) throw new Error(`Row ${wrong + 1}: the class is ${found[wrong][2]}, expected 1 to 5.`);
    demo.setPoints(found.map(([u, v, label]) => [u, v, demo.is("classes") ? label - 1 : 0]));
  });
  const asRows = () => read(inputs(), (found) => {
    rows = found.slice(0, 100).map(([u, v]) => [u, v ?? 0]);
    rebuild();
  });
  /* Lines of as many values as there are names. */
  const write = (names, lines) => {
    problem.textContent = "";
    text.value = [names, ...lines].map((line) => line.slice(0, names.length).join(",")).join("\n");
    text.select();
  };
  const writePoints = () => write([...inputs(), ...target()], demo.run.points.map(([u, v, label]) => [u, v, label + 1]));
  const writeTable = () => write([...inputs(), ...answered()], answers().map((answer, r) => [...rows[r].slice(0, inputs().length), ...answer]));
  const file = h("input", { type: "file", accept: ".csv,.txt", onchange: async () => {
    text.value = await file.files[0].text();
    problem.textContent = "";
  } });
  const more = button("Add a row", () => {
    rows.push([...rows.at(-1)]);
    rebuild();
  });
  const csv = h("fieldset", { "data-control": "csv" }, h("legend", "CSV in and out"),
    note("One row a line: x1, x2, class (1 to 5); or x, y. Paste here or open a file; copy from here or save."), text,
    h("div.control", button("Use as points", asPoints), button("Use as rows", asRows), button("Write points", writePoints), button("Write table", writeTable)),
    h("div.control", h("label", "Open a file ", file), button("Save as a file", () => saveFile("network.csv", text.value))),
    problem);
  return { element: h("div", box, more, csv), draw, rebuild };
}

/* The bent grid --- */

const evenly = (count) => Array.from({ length: count + 1 }, (_, i) => (2 * i) / count - 1);
const ALONG = evenly(60);
const GRID = evenly(12).flatMap((c) => [ALONG.map((t) => [c, t]), ALONG.map((t) => [t, c])]);
const AXIS = [ALONG.map((t) => [t, 0])]; // for one input

export function makeBent(demo) {
  const on = plane({ x: [-1, 1], y: [-1, 1], label: "The grid of the plane after a hidden layer", width: 428, height: 420 });
  const grid = s("path", { class: "curve truth thin" });
  const dots = dotsOn(on);
  on.layer.append(s("g", { "clip-path": on.clip }, grid, dots.element));
  const looked = [0, 0, 1];
  const pickers = ["After", "Across", "Up"].map((name, i) => pick(name, [], (value) => {
    looked[i] = Number(value);
    demo.redraw();
  }));
  /* Both ends of an axis, with some room. */
  function ends(values) {
    const [least, most] = extent(values);
    const room = 0.06 * (most - least || 1);
    return [least - room, most + room];
  }
  function draw() {
    const { run, settings } = demo;
    const { layers } = run.network;
    const layer = Math.min(looked[0], layers.length - 1);
    const { n } = layers[layer];
    const [across, up] = looked.slice(1).map((unit) => Math.min(unit, n - 1));
    const units = numbered("unit", n);
    [[layerNames(demo), layer], [units, across], [units, up]].forEach((given, i) => pickers[i].offer(...given));
    const [cx, cy, half] = settings.view;
    const lines = demo.is("curve") ? AXIS : GRID;
    const images = (places) => demo.activations(places, layer + 1).map((a) => [a[across], n > 1 ? a[up] : 0]);
    const bent = images(lines.flat().map(([t, w]) => [cx + half * t, cy + half * w]));
    const places = images(run.points);
    const [x, y] = [0, 1].map((i) => ends([...bent, ...places].map((place) => place[i])));
    on.view(x, y, [units[across], n > 1 ? units[up] : "(one unit: all on a line)"]);
    grid.setAttribute("d", lines.map((line, i) => on.path(bent.slice(i * line.length, (i + 1) * line.length))).join(""));
    dots.draw(run, places);
  }
  return { element: h("div", h("div.controls", ...pickers), on.element,
    note("Each point goes where its two activations say. The next layer cuts straight here.")), draw };
}
