/* The network as a graph: edges by sign and size, a tile for each unit with its own map, its
   value at the probe, and the forward pass of the probe, one operation at a time. */

import { button, h, numberField, palette, show } from "./core.js";
import { formulaOf, forwardSteps, valuesAt } from "./engine/forward_steps.js";
import { place } from "./engine/mlp.js";
import { blend, fieldKeeper, pictureKeeper, ramp, rgbOf, spread } from "./network_field.js";

const TILE = 40;
const ROW = 62;
const COLUMN = 92;
const TOP = 22;

export function makeGraph(demo) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  const spots = h("div", { class: "spots" });
  const drawing = h("div", { class: "graph" }, canvas, spots);
  const unitBox = h("div", { class: "unit" });
  const told = h("p", { class: "pass", role: "status" });
  const [fieldAt, pictureOf] = [fieldKeeper(), pictureKeeper()];
  let chosen = null; // [column, unit], the inputs being column 0
  let steps = [];
  let position = -1; // in `steps`; -1 when nothing is hidden
  let fields = [];
  let buttons = [];
  let size = { width: 0, height: 0 };

  const inputNames = () => {
    const { task, extras } = demo.settings;
    const pretty = (name) => name.replace("^2", "²").replace("*", "·").replace("x1", "x₁").replace("x2", "x₂");
    const plain = task === "curve" ? ["x"] : ["x₁", "x₂"];
    return [...plain, ...extras.map((name) => (task === "curve" ? pretty(name).replace("₁", "") : pretty(name)))];
  };
  const nameOf = (column, i) => {
    if (column === 0) return `input ${inputNames()[i]}`;
    const last = column === demo.run.network.layers.length;
    return last ? `output unit ${i + 1}` : `layer ${column}, unit ${i + 1}`;
  };
  const centre = (column, i) => {
    const widths = demo.run.network.widths;
    const step = size.width / widths.length;
    return [step * (column + 0.5), TOP + (size.height - TOP) * ((i + 0.5) / widths[column])];
  };

  /* A network of another shape: new places, new buttons. */
  function rebuild() {
    const { widths } = demo.run.network;
    size = { width: Math.max(330, COLUMN * widths.length), height: TOP + ROW * Math.max(3, ...widths) };
    canvas.width = size.width * 2;
    canvas.height = size.height * 2;
    drawing.style.maxWidth = `${size.width}px`;
    drawing.style.minWidth = `${Math.min(size.width, 56 * widths.length)}px`;
    drawing.style.aspectRatio = `${size.width} / ${size.height}`;
    buttons = widths.map((width, column) =>
      Array.from({ length: width }, (_, i) => {
        const [x, y] = centre(column, i);
        const spot = button("", () => choose(column, i), { class: "spot" });
        Object.assign(spot.style, {
          left: `${(100 * (x - TILE / 2)) / size.width}%`,
          top: `${(100 * (y - TILE / 2 - 7)) / size.height}%`,
          width: `${(100 * TILE) / size.width}%`,
          height: `${(100 * TILE) / size.height}%`,
        });
        return spot;
      }),
    );
    spots.replaceChildren(...buttons.flat());
    if (chosen && !buttons[chosen[0]]?.[chosen[1]]) chosen = null;
    showWhole();
    choose(...(chosen ?? [1, 0]));
  }

  /* Painting -------------------------------------------------------------------------- */

  function paintEdges(colours) {
    const { network } = demo.run;
    const most = network.theta.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    const step = steps[position];
    network.layers.forEach(({ m, n }, l) => {
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < m; j += 1) {
          const weight = network.theta[place(network, l, i, j)];
          const [[x0, y0], [x1, y1]] = [centre(l, j), centre(l + 1, i)];
          const lit = step && step.l === l && step.i === i && (step.kind === "sum" || step.j === j);
          const [from, to] = [x0 + TILE / 2, x1 - TILE / 2];
          context.beginPath();
          context.moveTo(from, y0 - 7);
          context.bezierCurveTo((from + to) / 2, y0 - 7, (from + to) / 2, y1 - 7, to, y1 - 7);
          context.lineWidth = lit ? 5 : 0.6 + (4.4 * Math.min(Math.abs(weight), most)) / most;
          context.strokeStyle = lit ? colours.ink : colours.classes[weight < 0 ? 0 : 1];
          context.setLineDash(weight < 0 ? [6, 4] : []);
          context.globalAlpha = lit || (chosen && chosen[0] === l + 1 && chosen[1] === i) ? 1 : 0.6;
          context.stroke();
        }
      }
    });
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  const activationName = (column) => (column === 0 ? "identity" : demo.run.network.layers[column - 1].name);

  function largestOf(A, width, unit, n) {
    let most = 1e-9;
    for (let r = unit; r < n * width; r += width) most = Math.max(most, Math.abs(A[r]));
    return most;
  }

  function paintTile(field, column, i, colours, look) {
    const width = demo.run.network.widths[column];
    const A = field.memory.A[column];
    const name = activationName(column);
    const most = largestOf(A, width, i, field.n);
    const at = (r) => spread(name, A[r * width + i], most);
    const [x, y] = centre(column, i);
    const [left, top] = [x - TILE / 2, y - TILE / 2 - 7];
    if (field.curve) {
      context.fillStyle = colours.paper;
      context.fillRect(left, top, TILE, TILE);
      context.beginPath();
      for (let r = 0; r < field.size; r += 1) {
        context.lineTo(left + (TILE * (r + 0.5)) / field.size, top + TILE / 2 - (TILE / 2 - 3) * Math.max(-1, Math.min(1, at(r))));
      }
      context.lineWidth = 2;
      context.strokeStyle = colours.accent;
      context.stroke();
    } else {
      context.drawImage(pictureOf(field.size, (r) => look[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, at(r))))]), left, top, TILE, TILE);
    }
    const marked = chosen && chosen[0] === column && chosen[1] === i;
    context.lineWidth = marked ? 3 : 1;
    context.strokeStyle = marked ? colours.ink : colours.truth;
    context.strokeRect(left, top, TILE, TILE);
  }

  /* Whether the pass has come as far as this unit's activation, or the whole is shown. */
  const isKnown = (column, i) =>
    position < 0 || column === 0 || steps.slice(0, position + 1).some((step) => step.l === column - 1 && step.i === i && step.kind === "activation");

  function draw(fine) {
    const { run, settings } = demo;
    const colours = palette(demo.parts.root);
    const look = ramp(rgbOf(colours.classes[0]), blend(rgbOf(colours.paper), [128, 128, 128], 0.04), rgbOf(colours.classes[1]));
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    paintEdges(colours);
    const field = fieldAt(run, settings.view, fine ? 40 : 20);
    const values = valuesAt(run.network, demo.probeInputs());
    context.textAlign = "center";
    context.font = "12px system-ui, sans-serif";
    run.network.widths.forEach((width, column) => {
      const [x] = centre(column, 0);
      context.fillStyle = colours.ink;
      context.fillText(heading(column), x, 12);
      for (let i = 0; i < width; i += 1) {
        paintTile(field, column, i, colours, look);
        const [, y] = centre(column, i);
        context.fillStyle = colours.ink;
        context.fillText(isKnown(column, i) ? show(values[column][i], 3) : "?", x, y + TILE / 2 + 7);
      }
    });
    if (!demo.moving()) nameSpots(values);
    fields.forEach(({ field: box, l, i, j }) => box.write(run.network.theta[place(run.network, l, i, j)]));
  }
  function heading(column) {
    const { network } = demo.run;
    return column === 0 ? "inputs" : network.layers[column - 1].name.replace("_", " ");
  }
  function nameSpots(values) {
    buttons.forEach((row, column) =>
      row.forEach((spot, i) => {
        const value = isKnown(column, i) ? show(values[column][i]) : "not yet computed";
        spot.setAttribute("aria-label", `${nameOf(column, i)}, value ${value}`);
        spot.setAttribute("aria-pressed", String(Boolean(chosen && chosen[0] === column && chosen[1] === i)));
      }),
    );
  }

  /* The chosen unit and its weights ----------------------------------------------------- */

  function choose(column, i) {
    chosen = [column, i];
    fields = [];
    const { network } = demo.run;
    if (column === 0) {
      unitBox.replaceChildren(h("p", {}, `${inputNames()[i]} goes into every unit of the first layer; it has no weights of its own.`));
    } else {
      const l = column - 1;
      const before = column === 1 ? inputNames() : Array.from({ length: network.widths[l] }, (_, j) => `unit ${j + 1}`);
      fields = [...before, "bias"].map((name, j) => ({
        l, i, j,
        field: numberField(j < before.length ? `from ${name}` : name, network.theta[place(network, l, i, j)], (value) => demo.setWeight(l, i, j, value), { min: -1e6, max: 1e6, name: "weights" }),
      }));
      unitBox.replaceChildren(
        h("p", {}, `Weights into ${nameOf(column, i)}, a = ${formulaOf(network.layers[l])}:`),
        h("div", { class: "fields" }, ...fields.map(({ field }) => field)),
      );
    }
    demo.redraw();
  }

  /* The forward pass ---------------------------------------------------------------------- */

  function showWhole() {
    position = -1;
    steps = [];
    told.textContent = "The whole pass is shown. Start it to see each product, sum and activation.";
    demo.redraw();
  }
  function goTo(next) {
    demo.stop();
    steps = forwardSteps(demo.run.network, demo.probeInputs());
    position = Math.max(0, Math.min(steps.length - 1, next));
    const step = steps[position];
    chosen = [step.l + 1, step.i];
    choose(...chosen);
    told.textContent = `${position + 1} of ${steps.length}: ${sentenceOf(step)}`;
  }
  function sentenceOf(step) {
    const unit = nameOf(step.l + 1, step.i);
    if (step.kind === "product") {
      const from = nameOf(step.l, step.j);
      return `${unit}: weight × ${from} = ${show(step.weight)} × ${show(step.input)} = ${show(step.value)}.`;
    }
    if (step.kind === "sum") {
      const products = steps.filter((one) => one.kind === "product" && one.l === step.l && one.i === step.i);
      const terms = products.map(({ value }) => (value < 0 ? `(${show(value)})` : show(value)));
      return `${unit}: z = ${terms.join(" + ")} + bias ${show(step.bias)} = ${show(step.value)}.`;
    }
    return `${unit}: a = ${formulaOf(demo.run.network.layers[step.l])} = ${show(step.value)} for z = ${show(step.z)}.`;
  }
  function nextUnit() {
    const now = steps[position];
    const next = steps.findIndex((step, at) => at > position && (!now || step.l !== now.l || step.i !== now.i));
    goTo(next < 0 ? steps.length - 1 : next);
  }

  const pass = h(
    "div",
    { class: "control", role: "group", "aria-label": "Forward pass of the probe", "data-control": "pass" },
    h("span", {}, "Forward pass of the probe:"),
    button("Back", () => goTo(position - 1), { "aria-label": "One operation back" }),
    button("Next", () => goTo(position + 1), { "aria-label": "Next operation" }),
    button("Next unit", nextUnit),
    button("Whole pass", showWhole),
  );
  const scroll = h("div", { class: "scroll wide", tabindex: 0, role: "region", "aria-label": "The network as a graph" }, drawing);
  return {
    element: h("div", {}, scroll, pass, told, unitBox, h("p", { class: "legend" }, "Edges: full line positive, broken line negative; the thicker, the larger. Press a unit to see and type its weights. Numbers: values at the probe.")),
    draw, rebuild, inputNames, nameOf,
    /* Other weights or another probe: a pass that was begun does not fit any more. */
    forget: () => position >= 0 && showWhole(),
  };
}
