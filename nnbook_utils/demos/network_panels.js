/* The other panels: history, weights, a table of inputs with live outputs, the bent grid. */

import { button, fill, h, labelled, numberField, plane, roundUp, s, saveFile, show, table, uniqueId } from "./core.js";
import { decide, place } from "./engine/mlp.js";
import { range } from "./engine/range.js";
import { pick } from "./network_controls.js";
import { dotsOn, extent } from "./network_field.js";

const note = (text) => h("p.legend", text);

const cell = (label, onvalue, name, value = 0) => numberField(label, value, onvalue, { min: -1e6, max: 1e6, name });

const numbered = (word, count) => range(count).map((i) => `${word} ${i + 1}`);

const layerNames = (demo) => demo.run.network.layers.map((_, l, all) => (l + 1 === all.length ? "the output" : `hidden layer ${l + 1}`));

export function makeHistory(demo) {
  const on = plane({ x: [0, 10], y: [0, 1], label: "Cost against epochs", names: ["epoch", "mean cost"], width: 476, height: 300 });
  const lines = { training: s("path", { class: "curve class-0" }), testing: s("path", { class: "curve class-1", "stroke-dasharray": "7 4" }) };
  const mark = s("path", { class: "curve truth" });
  on.layer.append(s("g", { "clip-path": on.clip }, mark, lines.testing, lines.training));
  const slider = h("input", { type: "range", min: 0, step: 1, oninput: demo.redraw });
  const value = h("output");
  function draw() {
    const { history } = demo.run;
    const costs = history.flatMap(({ training, testing }) => [training, testing]).filter(Number.isFinite);
    // The axes end at round numbers: they move in few jumps, and can be read while it runs.
    on.view([0, roundUp(Math.max(10, history.at(-1).epoch))], [0, roundUp(Math.max(1e-3, ...costs))]);
    for (const [key, line] of Object.entries(lines)) {
      const known = history.filter((entry) => Number.isFinite(entry[key]));
      fill(line, { d: on.path(known.map((entry) => [entry.epoch, entry[key]])) });
    }
    const follows = slider.value === slider.max; // at the end it stays there
    slider.max = history.length - 1;
    if (follows) slider.value = slider.max;
    const { epoch, training, testing } = history[slider.value];
    fill(mark, { d: on.path([[epoch, 0], [epoch, on.y[1]]]) });
    const told = (name, cost) => (Number.isFinite(cost) ? ` ${name} ${show(cost)}` : "");
    value.textContent = `epoch ${epoch}:${told("training", training)}${told("test", testing)}`;
    fill(slider, { "aria-valuetext": value.textContent });
  }
  return { title: "Cost", element: h("div", on.element, labelled("Read at", "", slider, value), note("Full line: training. Broken line: test. Without penalty.")), draw };
}

/* Fields for the weights and biases of some units of layer l. Returns what updates them. */
export function weightTable(demo, box, caption, l, units) {
  const { network } = demo.run;
  const names = [...(l === 0 ? demo.inputNames() : numbered("unit", network.widths[l])), "bias"];
  const rows = units.map((i) => names.map((name, j) => cell(`unit ${i + 1}, ${name}`, (value) => demo.setWeight(l, i, j, value), "weights")));
  table(box, caption, ["into", ...names], rows.map((row, r) => [`unit ${units[r] + 1}`, ...row]));
  const write = () => rows.forEach((row, r) => row.forEach((field, j) => field.write(network.theta[place(network, l, units[r], j)])));
  write();
  return write;
}

export function makeWeights(demo) {
  let layer = 0;
  const box = h("div");
  const layers = pick("Layer", [], (l) => {
    layer = Number(l);
    self.rebuild();
  });
  const keep = button("Keep these as the first weights", demo.keepWeights, { "data-control": "weights" });
  const self = {
    title: "Weights",
    element: h("div", layers, box, keep, note("“To the start” brings them back, and they go into the link.")),
    rebuild() {
      const all = demo.run.network.layers;
      layer = Math.min(layer, all.length - 1);
      layers.offer(layerNames(demo), layer);
      self.draw = weightTable(demo, box, "A row for each unit: its weights and its bias", layer, range(all[layer].n));
    },
  };
  return self;
}

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
  const { is } = demo;
  let rows = [[0, 0], [0.5, 0.5], [-1, 1]];
  let outputs = [];
  const box = h("div");
  const problem = h("p.problem", { role: "alert", id: uniqueId() });
  const text = h("textarea", { rows: 5, "aria-label": "CSV", "aria-describedby": problem.id, spellcheck: "false" });
  const inputs = () => (is("curve") ? ["x"] : ["x1", "x2"]);
  const classes = () => (is("classes") ? ["class"] : []);
  const ofPoints = () => [...inputs(), ...(is("curve") ? ["y"] : classes())];
  const ofTable = () => [...inputs(), ...numbered("output", demo.run.network.widths.at(-1)), ...classes()];
  function answered() {
    const pass = demo.passOf(rows);
    return demo.answers(rows).map((answer, r) => [
      ...rows[r].slice(0, inputs().length), ...answer, ...classes().map(() => decide(demo.run.network, pass, r) + 1),
    ]);
  }

  function rebuild() {
    const typed = (row, r) => inputs().map((name, j) => cell(`row ${r + 1}, ${name}`, (value) => {
      row[j] = value;
      draw();
    }, "table", row[j]));
    const first = inputs().length;
    outputs = rows.map(() => ofTable().slice(first).map(() => h("output")));
    table(box, "Inputs that you type, and what the network answers now", ["row", ...ofTable()], rows.map((row, r) => [String(r + 1), ...typed(row, r), ...outputs[r]]));
    draw();
  }
  function draw() {
    const lines = answered();
    outputs.forEach((row, r) => row.forEach((output, i) => { output.textContent = show(lines[r].at(i - row.length)); }));
  }

  function read(names, use) {
    try {
      problem.textContent = "";
      use(rowsOf(text.value, names.length));
    } catch (wrong) {
      problem.textContent = wrong.message;
    }
  }
  const asPoints = () => read(ofPoints(), (found) => {
    const wrong = found.findIndex((row) => is("classes") && ![1, 2, 3, 4, 5].includes(row[2]));
    if (wrong >= 0) throw new Error(`Row ${wrong + 1}: the class is ${found[wrong][2]}, expected 1 to 5.`);
    demo.setPoints(found.map(([u, v, label]) => [u, v, is("classes") ? label - 1 : 0]));
  });
  const asRows = () => read(inputs(), (found) => {
    rows = found.slice(0, 100).map(([u, v]) => [u, v ?? 0]);
    rebuild();
  });
  const put = (words) => {
    problem.textContent = "";
    text.value = words;
  };
  const write = (lines) => {
    put(lines.map((line) => line.slice(0, lines[0].length).join(",")).join("\n"));
    text.select();
  };
  const writePoints = () => write([ofPoints(), ...demo.run.points.map(([u, v, label]) => [u, v, label + 1])]);
  const writeTable = () => write([ofTable(), ...answered()]);
  const file = h("input", { type: "file", accept: ".csv,.txt", onchange: async () => put(await file.files[0].text()) });
  function addRow() {
    rows.push([...rows.at(-1)]);
    rebuild();
  }
  const csv = h("fieldset", { "data-control": "csv" }, h("legend", "CSV in and out"),
    note("One row a line: x1, x2, class (1 to 5); or x, y. Paste here or open a file; copy from here or save."), text,
    h("div.control", button("Use as points", asPoints), button("Use as rows", asRows), button("Write points", writePoints), button("Write table", writeTable)),
    h("div.control", h("label", "Open a file ", file), button("Save as a file", () => saveFile("network.csv", text.value))),
    problem);
  return { title: "Table", element: h("div", box, button("Add a row", addRow), csv), draw, rebuild };
}

/* The lines of the grid from -1 to 1, a line for one input. */
const evenly = (count) => range(count + 1).map((i) => (2 * i) / count - 1);
const LINE = evenly(60).map((t) => [t, 0]);
const GRID = evenly(12).flatMap((c) => [evenly(60).map((t) => [c, t]), evenly(60).map((t) => [t, c])]);

export function makeBent(demo) {
  const on = plane({ x: [-1, 1], y: [-1, 1], label: "The grid of the plane after a hidden layer", width: 444, height: 420 });
  const grid = s("path", { class: "curve truth thin" });
  const dots = dotsOn(on);
  on.layer.append(s("g", { "clip-path": on.clip }, grid, dots.element));
  const looked = [0, 0, 1];
  const pickers = ["After", "Across", "Up"].map((name, i) => pick(name, [], (value) => {
    looked[i] = Number(value);
    demo.redraw();
  }));
  function draw() {
    const { run, settings } = demo;
    const { layers } = run.network;
    const layer = Math.min(looked[0], layers.length - 1);
    const { n } = layers[layer];
    const [across, up] = looked.slice(1).map((unit) => Math.min(unit, n - 1));
    const units = numbered("unit", n);
    [[layerNames(demo), layer], [units, across], [units, up]].forEach((given, i) => pickers[i].offer(...given));
    const [cx, cy, half] = settings.view;
    const lines = demo.is("curve") ? [LINE] : GRID;
    const images = (places) => demo.activations(places, layer + 1).map((a) => [a[across], n > 1 ? a[up] : 0]);
    const bent = lines.map((line) => images(line.map(([t, w]) => [cx + half * t, cy + half * w])));
    const places = images(run.points);
    const [x, y] = [0, 1].map((i) => {
      const [least, most] = extent([...bent, places].flat().map((place) => place[i]));
      const room = 0.06 * (most - least || 1);
      return [least - room, most + room];
    });
    on.view(x, y, [units[across], n > 1 ? units[up] : "(one unit: all on a line)"]);
    fill(grid, { d: bent.map(on.path).join("") });
    dots.draw(run, places);
  }
  return { title: "Bent grid", element: h("div", h("div.controls", ...pickers), on.element,
    note("Each point goes where its two activations say. The next layer cuts straight here.")), draw };
}
