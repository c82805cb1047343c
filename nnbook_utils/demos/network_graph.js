/* The network as a graph: edges by sign and size, a tile for each unit with its own map, its
   value at the probe, and the forward pass of the probe, one operation at a time. */

import { button, group, h, show } from "./core.js";
import { formulaOf, forwardSteps } from "./engine/forward_steps.js";
import { place } from "./engine/mlp.js";
import { prettyUnit } from "./network_controls.js";
import { pictureOf, ramp, rgbOf, spread } from "./network_field.js";
import { weightTable } from "./network_panels.js";

const TILE = 40;
const ROW = 62;
const COLUMN = 92;
const TOP = 22;
const LIFT = 7; // room for the value below a tile

export function makeGraph(demo) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  const spots = h("div", { class: "spots" });
  const drawing = h("div", { class: "graph" }, canvas, spots);
  const unitBox = h("div", {});
  const told = h("p", { role: "status" });
  let chosen = [1, 0]; // column and unit; the inputs are column 0
  let steps = [];
  let position = -1; // in `steps`; -1 when the whole pass is shown
  let writeWeights = () => {};
  let buttons = [];
  let size = {};
  let sharpness = 1; // pixels of the screen to one of the page

  const layerOf = (column) => demo.run.network.layers[column - 1];
  const nameOf = (column, i) => {
    if (column === 0) return demo.inputNames()[i];
    return column === demo.run.network.layers.length ? `output unit ${i + 1}` : `layer ${column}, unit ${i + 1}`;
  };
  /* The middle of a tile. */
  const centre = (column, i) => {
    const { widths } = demo.run.network;
    return [(size.width * (column + 0.5)) / widths.length, TOP - LIFT + (size.height - TOP) * ((i + 0.5) / widths[column])];
  };
  const isChosen = (column, i) => chosen[0] === column && chosen[1] === i;

  /* A network of another shape: new places, new buttons. */
  function rebuild() {
    const { widths } = demo.run.network;
    size = { width: Math.max(330, COLUMN * widths.length), height: TOP + ROW * Math.max(3, ...widths) };
    sharpness = Math.min(2, devicePixelRatio);
    Object.assign(canvas, { width: size.width * sharpness, height: size.height * sharpness });
    Object.assign(drawing.style, { maxWidth: `${size.width}px`, minWidth: `${56 * widths.length}px`, aspectRatio: `${size.width} / ${size.height}` });
    const share = (value, whole) => `${(100 * value) / whole}%`;
    buttons = widths.map((width, column) => Array.from({ length: width }, (_, i) => {
      const [x, y] = centre(column, i);
      const spot = button("", () => choose(column, i), { class: "spot" });
      Object.assign(spot.style, {
        left: share(x - TILE / 2, size.width), top: share(y - TILE / 2, size.height),
        width: share(TILE, size.width), height: share(TILE, size.height),
      });
      return spot;
    }));
    spots.replaceChildren(...buttons.flat());
    if (!buttons[chosen[0]]?.[chosen[1]]) chosen = [1, 0];
    showWhole();
    choose(...chosen);
  }

  /* Painting --- */

  function paintEdges(colours) {
    const { network } = demo.run;
    const most = network.theta.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    const step = steps[position];
    network.layers.forEach(({ m, n }, l) => {
      for (let edge = 0; edge < m * n; edge += 1) {
        const [i, j] = [Math.floor(edge / m), edge % m];
        const weight = network.theta[place(network, l, i, j)];
        const [[x0, y0], [x1, y1]] = [centre(l, j), centre(l + 1, i)];
        const lit = step && step.l === l && step.i === i && (step.kind === "sum" || step.j === j);
        const [from, to, middle] = [x0 + TILE / 2, x1 - TILE / 2, (x0 + x1) / 2];
        context.beginPath();
        context.moveTo(from, y0);
        context.bezierCurveTo(middle, y0, middle, y1, to, y1);
        context.lineWidth = lit ? 5 : 0.6 + (4.4 * Math.abs(weight)) / most;
        context.strokeStyle = lit ? colours.ink : colours.classes[weight < 0 ? 0 : 1];
        context.setLineDash(weight < 0 ? [6, 4] : []);
        context.globalAlpha = lit || isChosen(l + 1, i) ? 1 : 0.6;
        context.stroke();
      }
    });
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  function paintTile(field, column, i, colours, look) {
    const [A, width] = [field.memory.A[column], demo.run.network.widths[column]];
    let most = 1e-9;
    for (let r = 0; r < field.n; r += 1) most = Math.max(most, Math.abs(A[r * width + i]));
    const name = column ? layerOf(column).name : "identity";
    const at = (r) => spread(name, A[r * width + i], most);
    const [left, top] = centre(column, i).map((value) => value - TILE / 2);
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    if (field.curve) {
      context.clearRect(left, top, TILE, TILE);
      context.beginPath();
      for (let r = 0; r < field.n; r += 1) context.lineTo(left + (TILE * (r + 0.5)) / field.n, top + TILE / 2 - 17 * at(r));
      context.stroke();
    } else context.drawImage(pictureOf(field.size, (r) => look(at(r))), left, top, TILE, TILE);
    context.lineWidth = isChosen(column, i) ? 3 : 1;
    context.strokeStyle = isChosen(column, i) ? colours.ink : colours.truth;
    context.strokeRect(left, top, TILE, TILE);
  }

  /* Whether the pass has come as far as this unit's activation. */
  const isKnown = (column, i) =>
    position < 0 || column === 0 || steps.slice(0, position + 1).some((step) => step.l === column - 1 && step.i === i && step.kind === "activation");

  function draw(field, colours) {
    const { network } = demo.run;
    const look = ramp(...[colours.classes[0], colours.paper, colours.classes[1]].map(rgbOf));
    context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    paintEdges(colours);
    context.textAlign = "center";
    context.font = "12px system-ui, sans-serif";
    const values = network.widths.map((_, l) => demo.activations([demo.model.get("probe")], l)[0]);
    network.widths.forEach((width, column) => {
      context.fillStyle = colours.ink;
      context.fillText(column ? prettyUnit(layerOf(column).name) : "inputs", centre(column, 0)[0], 12);
      for (let i = 0; i < width; i += 1) {
        const [x, y] = centre(column, i);
        const known = isKnown(column, i);
        const value = show(values[column][i], 3);
        paintTile(field, column, i, colours, look);
        context.fillStyle = colours.ink;
        context.fillText(known ? value : "?", x, y + TILE / 2 + 2 * LIFT);
        if (!demo.moving()) buttons[column][i].setAttribute("aria-label", `${nameOf(column, i)}, value ${known ? value : "not yet computed"}`);
      }
    });
    writeWeights();
  }

  function choose(column, i) {
    chosen = [column, i];
    buttons.forEach((row, c) => row.forEach((spot, unit) => spot.setAttribute("aria-pressed", String(isChosen(c, unit)))));
    writeWeights = () => {};
    if (column === 0) unitBox.replaceChildren(h("p", {}, `${nameOf(0, i)} goes into every unit of the first layer.`));
    else writeWeights = weightTable(demo, unitBox, `Into ${nameOf(column, i)}; a = ${formulaOf(layerOf(column))}`, column - 1, [i]);
    demo.redraw();
  }

  /* The forward pass --- */

  function showWhole() {
    position = -1;
    steps = [];
    told.textContent = "";
    demo.redraw();
  }
  function goTo(next) {
    demo.stop();
    steps = forwardSteps(demo.run.network, demo.inputsAt(demo.model.get("probe")));
    position = Math.max(0, Math.min(steps.length - 1, next));
    const step = steps[position];
    choose(step.l + 1, step.i);
    told.textContent = `${position + 1} of ${steps.length}, ${nameOf(step.l + 1, step.i)}: ${sentenceOf(step)}`;
  }
  function sentenceOf(step) {
    const value = show(step.value);
    if (step.kind === "product") return `weight × ${nameOf(step.l, step.j)} = ${show(step.weight)} × ${show(step.input)} = ${value}.`;
    if (step.kind === "activation") return `a = ${formulaOf(layerOf(step.l + 1))} = ${value} for z = ${show(step.z)}.`;
    const products = steps.filter((one) => one.kind === "product" && one.l === step.l && one.i === step.i);
    return `z = ${products.map((one) => (one.value < 0 ? `(${show(one.value)})` : show(one.value))).join(" + ")} + bias ${show(step.bias)} = ${value}.`;
  }
  function nextUnit() {
    const now = steps[position];
    const next = steps.findIndex((step, at) => at > position && (step.l !== now.l || step.i !== now.i));
    goTo(now ? (next < 0 ? steps.length - 1 : next) : 0);
  }

  const pass = group("Forward pass of the probe", "pass",
    button("Back", () => goTo(position - 1)),
    button("Step", () => goTo(position + 1)),
    button("Next unit", nextUnit),
    button("Whole pass", showWhole));
  return {
    element: h("div", {},
      h("div", { class: "scroll wide", tabindex: 0, role: "group", "aria-label": "The network as a graph" }, drawing),
      pass, told, unitBox,
      h("p", { class: "legend" }, "Edges: broken if negative; the thicker, the larger. Below a unit, its value at the probe.")),
    draw, rebuild,
    /* With other weights or another probe, a pass that was begun does not fit any more. */
    forget: () => position >= 0 && showWhole(),
  };
}
