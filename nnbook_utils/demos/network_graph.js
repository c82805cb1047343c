/* The network as a graph: edges by sign and size, a tile for each unit with its own map, its
   value at the probe, and the forward pass of the probe, one operation at a time. */

import { button, cover, fill, group, h, show } from "./core.js";
import { FORMULAE, forwardSteps } from "./engine/forward_steps.js";
import { place } from "./engine/mlp.js";
import { range } from "./engine/range.js";
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
  const spots = h("div.spots");
  const drawing = h("div.graph", canvas, spots);
  const unitBox = h("div");
  const told = h("p", { role: "status" });
  let chosen = [1, 0]; // column and unit; the inputs are column 0
  let steps = [];
  let position = -1; // in `steps`; -1 when the whole pass is shown
  let writeWeights = () => {};
  let tiles = []; // by column: where the middle of each unit's is, and its button

  const layerOf = (column) => demo.run.network.layers[column - 1];
  const formulaOf = (column) => FORMULAE[layerOf(column).name];
  const nameOf = (column, i) => {
    if (column === 0) return demo.inputNames()[i];
    return layerOf(column + 1) ? `layer ${column}, unit ${i + 1}` : `output unit ${i + 1}`;
  };
  const isOf = (step, column, i) => step?.l === column - 1 && step.i === i;
  const isChosen = (column, i) => chosen[0] === column && chosen[1] === i;

  function rebuild() {
    const { widths } = demo.run.network;
    const [width, height] = [Math.max(330, COLUMN * widths.length), TOP + ROW * Math.max(3, ...widths)];
    const sharpness = Math.min(2, devicePixelRatio); // pixels of the screen to one of the page
    Object.assign(canvas, { width: width * sharpness, height: height * sharpness });
    Object.assign(drawing.style, { maxWidth: `${width}px`, minWidth: `${56 * widths.length}px`, aspectRatio: `${width} / ${height}` });
    context.scale(sharpness, sharpness);
    Object.assign(context, { textAlign: "center", font: "12px system-ui, sans-serif" });
    tiles = widths.map((units, column) => range(units).map((i) => {
      const [x, y] = [(width * (column + 0.5)) / widths.length, TOP - LIFT + (height - TOP) * ((i + 0.5) / units)];
      const spot = button("", () => choose(column, i), { class: "spot" });
      cover(spot, [(x - TILE / 2) / width, (y - TILE / 2) / height, TILE / width, TILE / height]);
      return { x, y, spot };
    }));
    spots.replaceChildren(...tiles.flat().map(({ spot }) => spot));
    if (!tiles[chosen[0]]?.[chosen[1]]) chosen = [1, 0];
    showWhole();
    choose(...chosen);
  }

  function paintEdges(colours) {
    const { network } = demo.run;
    const most = Math.max(1, ...network.theta.map(Math.abs));
    const now = steps[position];
    tiles.slice(1).forEach((ends, l) => ends.forEach((end, i) => tiles[l].forEach((start, j) => {
      const weight = network.theta[place(network, l, i, j)];
      const lit = isOf(now, l + 1, i) && (now.kind === "sum" || now.j === j);
      const middle = (start.x + end.x) / 2;
      context.beginPath();
      context.moveTo(start.x + TILE / 2, start.y);
      context.bezierCurveTo(middle, start.y, middle, end.y, end.x - TILE / 2, end.y);
      context.setLineDash(weight < 0 ? [6, 4] : []);
      Object.assign(context, {
        lineWidth: lit ? 5 : 0.6 + (4.4 * Math.abs(weight)) / most,
        strokeStyle: lit ? colours.ink : colours.classes[weight < 0 ? 0 : 1],
        globalAlpha: lit || isChosen(l + 1, i) ? 1 : 0.6,
      });
      context.stroke();
    })));
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  function paintTile(field, { x, y }, column, i, colours, look) {
    const [A, width] = [field.A[column], demo.run.network.widths[column]];
    const name = layerOf(column)?.name ?? "identity";
    let most = 1e-9;
    for (let r = 0; r < field.n; r += 1) most = Math.max(most, Math.abs(A[r * width + i]));
    const at = (r) => spread(name, A[r * width + i], most);
    const [left, top] = [x - TILE / 2, y - TILE / 2];
    if (field.curve) {
      context.strokeStyle = colours.accent;
      context.lineWidth = 2;
      context.clearRect(left, top, TILE, TILE);
      context.beginPath();
      for (let r = 0; r < field.n; r += 1) context.lineTo(left + (TILE * (r + 0.5)) / field.n, top + TILE / 2 - 17 * at(r));
      context.stroke();
    } else context.drawImage(pictureOf(field.size, (r) => look(at(r))), left, top, TILE, TILE);
    [context.lineWidth, context.strokeStyle] = isChosen(column, i) ? [3, colours.ink] : [1, colours.truth];
    context.strokeRect(left, top, TILE, TILE);
  }

  /* Whether the pass has come as far as this unit's activation. */
  const isKnown = (column, i) =>
    position < 0 || column === 0 || steps.findIndex((step) => isOf(step, column, i) && step.kind === "activation") <= position;

  function draw(field, colours) {
    const look = ramp(colours.classes.map(rgbOf));
    context.clearRect(0, 0, canvas.width, canvas.height);
    paintEdges(colours);
    context.fillStyle = colours.ink;
    const { A } = demo.passOf([demo.settings.probe]);
    tiles.forEach((units, column) => {
      context.fillText(column ? prettyUnit(layerOf(column).name) : "inputs", units[0].x, 12);
      units.forEach(({ x, y, spot }, i) => {
        const value = isKnown(column, i) ? show(A[column][i], 3) : "";
        paintTile(field, { x, y }, column, i, colours, look);
        context.fillText(value || "?", x, y + TILE / 2 + 2 * LIFT);
        if (!demo.moving()) fill(spot, { "aria-label": `${nameOf(column, i)}, value ${value || "not yet computed"}` });
      });
    });
    writeWeights();
  }

  function choose(column, i) {
    chosen = [column, i];
    tiles.forEach((units, c) => units.forEach(({ spot }, k) => fill(spot, { "aria-pressed": String(isChosen(c, k)) })));
    writeWeights = () => {};
    if (column === 0) unitBox.replaceChildren(h("p", `${nameOf(0, i)} goes into every unit of the first layer.`));
    else writeWeights = weightTable(demo, unitBox, `Into ${nameOf(column, i)}; a = ${formulaOf(column)}`, column - 1, [i]);
    demo.redraw();
  }

  function showWhole() {
    position = -1;
    steps = [];
    told.textContent = "";
    demo.redraw();
  }
  function goTo(next) {
    demo.stop();
    steps = forwardSteps(demo.run.network, demo.passOf([demo.settings.probe]));
    position = Math.max(0, Math.min(steps.length - 1, next));
    const step = steps[position];
    choose(step.l + 1, step.i);
    told.textContent = `${position + 1} of ${steps.length}, ${nameOf(step.l + 1, step.i)}: ${sentenceOf(step)}`;
  }
  function sentenceOf(step) {
    const value = show(step.value);
    if (step.kind === "product") return `weight × ${nameOf(step.l, step.j)} = ${show(step.weight)} × ${show(step.input)} = ${value}.`;
    if (step.kind === "activation") return `a = ${formulaOf(step.l + 1)} = ${value} for z = ${show(step.z)}.`;
    const products = steps.filter((one) => one.kind === "product" && isOf(one, step.l + 1, step.i));
    return `z = ${products.map((one) => (one.value < 0 ? `(${show(one.value)})` : show(one.value))).join(" + ")} + bias ${show(step.bias)} = ${value}.`;
  }
  function nextUnit() {
    const now = steps[position];
    const next = steps.findIndex((step, at) => at > position && !isOf(step, now.l + 1, now.i));
    goTo(next < 0 ? steps.length - 1 : next);
  }

  const pass = group("Forward pass of the probe", "pass",
    button("Back", () => goTo(position - 1)),
    button("Step", () => goTo(position + 1)),
    button("Next unit", nextUnit),
    button("Whole pass", showWhole));
  return {
    title: "Network",
    element: h("div",
      h("div", { class: "scroll wide", tabindex: 0, role: "group", "aria-label": "The network as a graph" }, drawing),
      pass, told, unitBox,
      h("p.legend", "Edges: broken if negative; the thicker, the larger. Below a unit, its value at the probe.")),
    draw, rebuild,
    /* With other weights or another probe, a pass that was begun does not fit any more. */
    forget: () => position >= 0 && showWhole(),
  };
}
