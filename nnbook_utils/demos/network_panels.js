/* The other panels: the history of the error, the weights as matrices, a table of inputs
   with live outputs, and the grid of the plane as a hidden layer bends it. */

import { button, h, marker, numberField, palette, plane, show, table, uniqueId } from "./core.js";
import { forward, makeMemory, place } from "./engine/mlp.js";
import { writeInputs } from "./engine/samples.js";

/* A select with a label that is no trait: what one looks at. */
function picker(text, onpick) {
  const input = h("select", { id: uniqueId(), onchange: () => onpick(Number(input.value)) });
  const box = h("div", { class: "control" }, h("label", { for: input.id }, text), input);
  box.offer = (labels, value) => {
    const texts = labels.join();
    if (input.dataset.texts !== texts) {
      input.replaceChildren(...labels.map((label, i) => h("option", { value: i }, label)));
      input.dataset.texts = texts;
    }
    input.value = value;
  };
  return box;
}

/* History ------------------------------------------------------------------------------ */

export function makeHistory(demo) {
  const on = plane({ x: [0, 10], y: [0, 1], label: "Cost against epochs", names: ["epoch", "mean cost"], width: 460, height: 300, canvas: true });
  const { behind, inner } = on;
  behind.width = inner.width * 2;
  behind.height = inner.height * 2;
  const context = behind.getContext("2d");
  const slider = h("input", { type: "range", id: uniqueId(), min: 0, max: 0, step: 1, value: 0, oninput: () => read() });
  const value = h("output", {});
  let follows = true;
  function read() {
    follows = Number(slider.value) === Number(slider.max);
    demo.redraw();
  }
  function line(history, key, colour, dash) {
    context.beginPath();
    for (const entry of history) {
      context.lineTo(((entry.epoch - on.x[0]) / (on.x[1] - on.x[0])) * inner.width, ((on.y[1] - entry[key]) / (on.y[1] - on.y[0])) * inner.height);
    }
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }
  /* An axis whose end moves in few jumps, so that it can be read while it runs. */
  const roundUp = (most) => {
    const unit = 10 ** Math.floor(Math.log10(most || 1));
    return [1, 2, 5, 10].find((factor) => factor * unit >= most) * unit;
  };
  function draw() {
    const { history } = demo.run;
    const colours = palette(demo.parts.root);
    const costs = history.flatMap((entry) => [entry.training, entry.testing]).filter(Number.isFinite);
    const ends = [roundUp(Math.max(10, history.at(-1).epoch)), roundUp(Math.max(1e-3, ...costs))];
    if (ends[0] !== on.x[1] || ends[1] !== on.y[1]) on.view([0, ends[0]], [0, ends[1]]);
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, inner.width, inner.height);
    line(history, "testing", colours.classes[1], [7, 4]);
    line(history, "training", colours.classes[0], []);
    slider.max = history.length - 1;
    if (follows) slider.value = slider.max;
    const entry = history[slider.value];
    const x = (entry.epoch / on.x[1]) * inner.width;
    context.fillStyle = colours.truth;
    context.fillRect(x - 0.5, 0, 1, inner.height);
    const words = `epoch ${entry.epoch}: training ${show(entry.training)}${Number.isFinite(entry.testing) ? `, test ${show(entry.testing)}` : ""}`;
    value.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }
  return {
    element: h("div", {}, on.element,
      h("div", { class: "control" }, h("label", { for: slider.id }, "Read at"), slider, value),
      h("p", { class: "legend" }, "Full line: the points trained on. Broken line: those kept for the test. No penalty is counted."),
    ),
    draw,
  };
}

/* Weights ------------------------------------------------------------------------------ */

export function makeWeights(demo) {
  let layer = 0;
  let cells = [];
  const layers = picker("Layer", (l) => {
    layer = l;
    rebuild();
  });
  const box = h("div", {});
  function rebuild() {
    const { network } = demo.run;
    layer = Math.min(layer, network.layers.length - 1);
    layers.offer(network.layers.map((one, l) => (l + 1 === network.layers.length ? "output" : `hidden ${l + 1}`)), layer);
    const { m, n } = network.layers[layer];
    const names = layer === 0 ? demo.inputNames() : Array.from({ length: m }, (_, j) => `unit ${j + 1}`);
    cells = [];
    const rows = Array.from({ length: n }, (_, i) => [
      `unit ${i + 1}`,
      ...[...names, "bias"].map((name, j) => {
        const field = numberField("", 0, (value) => demo.setWeight(layer, i, j, value), { min: -1e6, max: 1e6, name: "weights" });
        field.querySelector("input").setAttribute("aria-label", `unit ${i + 1}, ${j < m ? `weight from ${name}` : "bias"}`);
        field.querySelector("label").remove();
        cells.push({ field, i, j });
        return field;
      }),
    ]);
    table(box, `W and b of this layer: a row for each unit`, ["", ...names, "bias"], rows);
    draw();
  }
  function draw() {
    const { network } = demo.run;
    for (const { field, i, j } of cells) field.write(network.theta[place(network, layer, i, j)]);
  }
  return {
    element: h("div", {}, layers, box,
      button("Keep these as the first weights", () => demo.keepWeights(), { "data-control": "weights" }),
      h("p", { class: "legend" }, "What you type goes into the network at once. First weights that are kept come back at each reset, and go into the link."),
    ),
    draw, rebuild,
  };
}

/* A table of inputs ---------------------------------------------------------------------- */

export function makeTable(demo) {
  let rows = [[0, 0], [0.5, 0.5], [-1, 1]];
  let outputs = [];
  const box = h("div", {});
  const problem = h("p", { class: "problem", role: "alert", id: uniqueId() });
  const text = h("textarea", { rows: 6, id: uniqueId(), "aria-describedby": problem.id, spellcheck: "false" });
  const file = h("input", { type: "file", accept: ".csv,text/csv,text/plain", id: uniqueId(), onchange: async () => {
    if (file.files[0]) text.value = await file.files[0].text();
  } });
  const curve = () => demo.settings.task === "curve";
  const inputs = () => (curve() ? ["x"] : ["x1", "x2"]);

  function rebuild() {
    outputs = rows.map(() => []);
    const width = demo.run.network.widths.at(-1);
    const body = rows.map((row, r) => {
      const typed = inputs().map((name, j) => {
        const field = numberField("", row[j], (value) => {
          rows[r][j] = value;
          draw();
        }, { min: -1e6, max: 1e6, name: "table" });
        field.querySelector("input").setAttribute("aria-label", `row ${r + 1}, ${name}`);
        field.querySelector("label").remove();
        return field;
      });
      outputs[r] = [...Array.from({ length: width }, () => h("output", {})), ...(demo.settings.task === "classes" ? [h("output", {})] : [])];
      return [String(r + 1), ...typed, ...outputs[r]];
    });
    table(box, "Inputs that you type, and what the network answers now", ["row", ...inputs(), ...outputNames()], body);
    draw();
  }
  function outputNames() {
    const width = demo.run.network.widths.at(-1);
    const names = Array.from({ length: width }, (_, i) => (width === 1 ? "output" : `output ${i + 1}`));
    return demo.settings.task === "classes" ? [...names, "class"] : names;
  }
  function draw() {
    if (!rows.length) return;
    const answers = demo.answers(rows);
    const classes = demo.classesOf(rows);
    answers.forEach((answer, r) => {
      [...answer.map((value) => show(value)), String(classes[r] + 1)].forEach((words, i) => {
        if (outputs[r][i]) outputs[r][i].textContent = words;
      });
    });
  }
  /* The rows of a CSV: numbers between commas, semicolons or tabs; a line of words is a
     heading. Says at which line it is wrong. */
  function parsed(least) {
    const found = [];
    const lines = text.value.split(/\r?\n/);
    for (const [at, line] of lines.entries()) {
      const parts = line.split(/[,;\t]/).map((part) => part.trim());
      if (!line.trim() || (found.length === 0 && parts.every((part) => Number.isNaN(Number(part))))) continue;
      const numbers = parts.map((part) => (part === "" ? NaN : Number(part)));
      if (numbers.length < least || numbers.some((value) => !Number.isFinite(value) || Math.abs(value) > 1e6)) {
        problem.textContent = `Line ${at + 1}, "${line.slice(0, 40)}": expected ${least} numbers between commas.`;
        return null;
      }
      found.push(numbers);
    }
    if (!found.length || found.length > 1000) {
      problem.textContent = found.length ? `There are ${found.length} rows; at most 1000 fit.` : "There is no row yet: paste some, such as 0.5, -1, 2.";
      return null;
    }
    problem.textContent = "";
    return found;
  }
  function asData() {
    const found = parsed(curve() || demo.settings.task === "copy" ? 2 : 3);
    if (!found) return;
    const wrong = demo.settings.task === "classes" ? found.findIndex((row) => ![1, 2, 3, 4, 5].includes(row[2])) : -1;
    if (wrong >= 0) problem.textContent = `Row ${wrong + 1}: the class is ${found[wrong][2]}, expected 1 to 5.`;
    else demo.set({ dataset: "own", points: found.map(([u, v, label]) => [u, v, demo.settings.task === "classes" ? label - 1 : 0]) });
  }
  function asRows() {
    const found = parsed(inputs().length);
    if (!found) return;
    rows = found.slice(0, 100).map((row) => row.slice(0, 2));
    rebuild();
  }
  function write(lines) {
    problem.textContent = "";
    text.value = lines.map((line) => line.join(",")).join("\n");
    text.select();
  }
  const writeData = () => {
    const heading = curve() ? ["x", "y"] : demo.settings.task === "copy" ? ["x1", "x2"] : ["x1", "x2", "class"];
    write([heading, ...demo.run.points.map(([u, v, label]) => [u, v, label + 1].slice(0, heading.length))]);
  };
  const writeTable = () => {
    const [answers, classes] = [demo.answers(rows), demo.classesOf(rows)];
    const line = (row, r) => [...row.slice(0, inputs().length), ...answers[r], ...(demo.settings.task === "classes" ? [classes[r] + 1] : [])];
    write([[...inputs(), ...outputNames()], ...rows.map(line)]);
  };
  const saved = h("a", { download: "network.csv", onclick: () => {
    saved.href = `data:text/csv;charset=utf-8,${encodeURIComponent(text.value)}`;
  }, href: "data:text/csv," }, "Save as a file");
  return {
    element: h("div", {}, box,
      button("Add a row", () => {
        rows.push([...(rows.at(-1) ?? [0, 0])]);
        rebuild();
      }),
      h("fieldset", { "data-control": "csv" }, h("legend", {}, "CSV in and out"),
        h("label", { for: text.id }, "One row a line: x1, x2, class (1 to 5), or x, y"), text,
        h("div", { class: "control" }, h("label", { for: file.id }, "or from a file"), file),
        h("div", { class: "control" },
          button("Use as the points", asData), button("Use as table rows", asRows),
          button("Write the points here", writeData), button("Write the table here", writeTable), saved),
        problem),
    ),
    draw, rebuild,
  };
}

/* The bent grid ---------------------------------------------------------------------------- */

export function makeBent(demo) {
  const on = plane({ x: [-1, 1], y: [-1, 1], label: "The grid of the plane after a hidden layer", names: ["unit 1", "unit 2"], width: 428, height: 420, canvas: true });
  const { behind, inner } = on;
  behind.width = inner.width * 2;
  behind.height = inner.height * 2;
  const context = behind.getContext("2d");
  const pick = { layer: 0, first: 0, second: 1 };
  const pickers = ["layer", "first", "second"].map((name) =>
    picker({ layer: "After", first: "Across", second: "Up" }[name], (value) => {
      pick[name] = value;
      demo.redraw();
    }),
  );
  const told = h("p", { class: "legend" });
  const LINES = 13;
  const POINTS = 41;

  function rebuild() {
    const { layers } = demo.run.network;
    pick.layer = Math.min(pick.layer, layers.length - 1);
    pickers[0].offer(layers.map((_, l) => (l + 1 === layers.length ? "the output" : `hidden layer ${l + 1}`)), pick.layer);
  }
  /* Where places of the plane go: the activations of the two units that are looked at. */
  function images(places) {
    const { network, settings } = demo.run;
    const memory = makeMemory(network, Math.max(1, places.length));
    places.forEach(([u, v], r) => writeInputs(memory.A[0], r * network.widths[0], u, v, settings.task === "curve", settings.extras));
    forward(network, memory, places.length);
    const [A, n] = [memory.A[pick.layer + 1], network.layers[pick.layer].n];
    return places.map((_, r) => [A[r * n + pick.first], n > 1 ? A[r * n + pick.second] : 0]);
  }
  function gridLines([cx, cy, half]) {
    const at = (i, count) => -half + (2 * half * i) / (count - 1);
    const lines = [];
    for (let k = 0; k < LINES; k += 1) {
      for (const upright of [true, false]) {
        lines.push(Array.from({ length: POINTS }, (_, i) =>
          upright ? [cx + at(k, LINES), cy + at(i, POINTS)] : [cx + at(i, POINTS), cy + at(k, LINES)]));
      }
    }
    return lines;
  }
  function draw() {
    const { run, settings } = demo;
    const { n } = run.network.layers[pick.layer];
    const units = Array.from({ length: n }, (_, i) => `unit ${i + 1}`);
    pick.first = Math.min(pick.first, n - 1);
    pick.second = n > 1 && pick.second >= n ? 1 : pick.second;
    pickers[1].offer(units, pick.first);
    pickers[2].offer(n > 1 ? units : ["nothing: one unit"], n > 1 ? pick.second : 0);
    const curve = settings.task === "curve";
    const [cx, , half] = settings.view;
    const lines = curve ? [Array.from({ length: 200 }, (_, i) => [cx - half + (2 * half * i) / 199, 0])] : gridLines(settings.view);
    const bent = images(lines.flat());
    const dots = images(run.points);
    frameAround([...bent, ...dots]);
    paint(lines, bent, dots);
    told.textContent = n === 1
      ? "This layer has one unit: the whole plane falls onto a line."
      : `Each point of the plane goes to the place that its two activations give. Colours that ${n > 2 ? "all units" : "the two units"} have moved apart, the next layer can part.`;
  }
  function frameAround(places) {
    const [x, y] = [0, 1].map((i) => {
      const values = places.map((p) => p[i]).filter(Number.isFinite);
      const [least, most] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
      const room = 0.06 * (most - least || 1);
      return [least - room, most + room];
    });
    on.view(x, y);
    const names = on.picture.querySelectorAll(".axes .name");
    names[0].textContent = `unit ${pick.first + 1}`;
    names[1].textContent = `unit ${pick.second + 1}`;
  }
  function paint(lines, bent, dots) {
    const colours = palette(demo.parts.root);
    const toX = (u) => ((u - on.x[0]) / (on.x[1] - on.x[0])) * inner.width;
    const toY = (v) => ((on.y[1] - v) / (on.y[1] - on.y[0])) * inner.height;
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, inner.width, inner.height);
    context.strokeStyle = colours.truth;
    context.lineWidth = 1;
    let from = 0;
    for (const line of lines) {
      context.beginPath();
      for (const [u, v] of bent.slice(from, from + line.length)) context.lineTo(toX(u), toY(v));
      context.stroke();
      from += line.length;
    }
    const shapes = [0, 1, 2, 3, 4].map((k) => new Path2D(marker(k, 4)));
    dots.forEach(([u, v], i) => {
      const label = demo.run.points[i][2];
      context.save();
      context.translate(toX(u), toY(v));
      context.fillStyle = colours.classes[label];
      context.strokeStyle = colours.paper;
      context.fill(shapes[label]);
      context.stroke(shapes[label]);
      context.restore();
    });
  }
  return { element: h("div", {}, h("div", { class: "controls" }, ...pickers), on.element, told), draw, rebuild };
}
