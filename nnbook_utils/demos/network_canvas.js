/* The picture of the points: what lies behind them, the tools to change them, the probe,
   and the arrow of a single unit. */

import { arrow, button, choice, h, handle, marker, palette, plane, s, show } from "./core.js";
import { decide } from "./engine/mlp.js";
import { classColours, fieldKeeper, pictureKeeper, rgbOf } from "./network_field.js";

const SHARP = 2; // canvas pixels to one unit of the drawing
const NEAR = 14; // how near to a point the eraser must come
const TOOLS = { probe: "move the probe", add: "add points", erase: "remove points", view: "move the view" };
const CLASS_NAMES = ["blue ●", "orange ■", "green ▲", "purple ◆", "grey ★"];

export function makeCanvas(demo) {
  const { model, set } = demo;
  const on = plane({ x: [-1.5, 1.5], y: [-1.5, 1.5], label: "Points, and what the network answers", width: 428, height: 420, canvas: true });
  const { behind, inner, picture } = on;
  behind.width = inner.width * SHARP;
  behind.height = inner.height * SHARP;
  const context = behind.getContext("2d");
  const [fieldAt, pictureOf] = [fieldKeeper(), pictureKeeper()];
  let tool = "probe";
  let colour = 0;
  let held = null;

  const probe = handle(on, { label: "probe", onmove: (place) => set({ probe: place.map((value) => Number(value.toFixed(3))) }), step: 0.05 });
  probe.element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") add(...model.get("probe"));
    if (event.key === "Delete" || event.key === "Backspace") erase(model.get("probe"), Infinity);
  });
  const vector = arrow("accent");
  const tip = handle(on, { label: "tip of the weight vector", onmove: (place) => demo.setWeights(place), shape: marker(3, 9), step: 0.05 });
  const single = s("g", { hidden: true }, vector.element, tip.element);
  const surface = s("rect", { x: 0, y: 0, width: 428, height: 420, fill: "transparent" });
  on.layer.append(surface, s("g", { "clip-path": on.clip }, single, probe.element));

  /* Changing the points ------------------------------------------------------------- */

  function add(u, v) {
    const label = demo.settings.task === "classes" ? colour : 0;
    const point = [u, v].map((value) => Number(value.toFixed(3)));
    if (demo.run.points.length < 1000) set({ dataset: "own", points: [...demo.run.points, [...point, label]] });
  }
  function erase([u, v], reach) {
    const far = demo.run.points.map(([a, b]) => Math.hypot(on.px(a) - on.px(u), on.py(b) - on.py(v)));
    const nearest = far.indexOf(Math.min(...far));
    if (nearest < 0 || far[nearest] > reach) return;
    set({ dataset: "own", points: demo.run.points.filter((_, i) => i !== nearest) });
  }
  function move(dx, dy, zoom = 1) {
    const [cx, cy, half] = model.get("view");
    const tidy = (value) => Number(value.toPrecision(6));
    set({ view: [tidy(cx + dx * half), tidy(cy + dy * half), tidy(Math.max(0.05, Math.min(100, half * zoom)))] });
  }

  surface.addEventListener("pointerdown", (event) => {
    const place = on.at(event);
    held = { place, view: model.get("view"), pixel: [event.clientX, event.clientY] };
    surface.setPointerCapture(event.pointerId);
    if (tool === "add") add(...place);
    if (tool === "erase") erase(place, NEAR);
    if (tool === "probe") set({ probe: place.map((value) => Number(value.toFixed(3))) });
  });
  surface.addEventListener("pointermove", (event) => {
    if (!held) return;
    const place = on.at(event);
    const gone = Math.hypot(event.clientX - held.pixel[0], event.clientY - held.pixel[1]);
    if (tool === "erase") erase(place, NEAR);
    if (tool === "add" && gone > 16) {
      add(...place); // a line of points is drawn
      held.pixel = [event.clientX, event.clientY];
    }
    if (tool === "view") {
      const [cx, cy, half] = model.get("view");
      set({ view: [cx - (place[0] - held.place[0]), cy - (place[1] - held.place[1]), half] });
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    surface.addEventListener(end, () => {
      held = null;
    });
  }

  /* Tools --------------------------------------------------------------------------- */

  const toolBox = h("select", { "aria-label": "What a press on the picture does", onchange: () => take(toolBox.value) },
    ...Object.entries(TOOLS).map(([value, text]) => h("option", { value }, text)));
  const colourBox = h("select", { "aria-label": "Colour of the points that are added", onchange: () => { colour = Number(colourBox.value); } },
    ...CLASS_NAMES.map((text, value) => h("option", { value }, text)));
  function take(chosen) {
    tool = chosen;
    picture.style.touchAction = tool === "probe" ? "" : "none";
    picture.style.cursor = { probe: "crosshair", add: "copy", erase: "not-allowed", view: "move" }[tool];
  }
  const viewButtons = [["←", "left", -0.25, 0], ["→", "right", 0.25, 0], ["↑", "up", 0, 0.25], ["↓", "down", 0, -0.25]].map(([sign, word, dx, dy]) =>
    button(sign, () => move(dx, dy), { "aria-label": `Move the view ${word}` }),
  );
  const tools = h(
    "div",
    { class: "tools" },
    h("div", { class: "control", "data-control": "points" },
      toolBox, colourBox,
      button("Add at the probe", () => add(...model.get("probe"))),
      button("Remove nearest", () => erase(model.get("probe"), Infinity)),
      button("Clear", () => set({ dataset: "own", points: [] }), { "aria-label": "Remove all points" }),
    ),
    h("div", { class: "control", "data-control": "view", role: "group", "aria-label": "View" },
      ...viewButtons,
      button("+", () => move(0, 0, 0.8), { "aria-label": "Zoom in" }),
      button("−", () => move(0, 0, 1.25), { "aria-label": "Zoom out" }),
      button("Fit", fit, { "aria-label": "Fit the view to the points" }),
    ),
    choice(model, "background", "Behind the points", { regions: "regions", output: "the output", none: "nothing" }),
  );
  function fit() {
    const points = demo.run.points;
    if (!points.length) return;
    const ends = [0, 1].map((i) => [Math.min(...points.map((p) => p[i])), Math.max(...points.map((p) => p[i]))]);
    const half = Math.max(0.5, ...ends.map(([least, most]) => 0.6 * (most - least)));
    set({ view: [...ends.map(([least, most]) => Number(((least + most) / 2).toFixed(3))), Number(half.toFixed(3))] });
  }

  /* Painting ------------------------------------------------------------------------ */

  const toX = (u) => ((u - on.x[0]) / (on.x[1] - on.x[0])) * inner.width;
  const toY = (v) => ((on.y[1] - v) / (on.y[1] - on.y[0])) * inner.height;

  function paintBehind(field, colours, look) {
    const { run, settings } = demo;
    const last = run.network.layers.length - 1;
    const k = run.network.layers[last].n;
    const A = field.memory.A[last + 1];
    const [cx, cy, half] = settings.view;
    let colourOf;
    if (settings.task === "copy") {
      colourOf = (r) => {
        const u = cx - half + (2 * half * ((r % field.size) + 0.5)) / field.size;
        const v = cy + half - (2 * half * (Math.floor(r / field.size) + 0.5)) / field.size;
        return look.shade(Math.hypot(A[2 * r] - u, A[2 * r + 1] - v) / half);
      };
    } else if (settings.background === "output") colourOf = (r) => look.output(A, k, r);
    else colourOf = (r) => look.region(decide(run.network, field.memory, r));
    context.imageSmoothingEnabled = true;
    context.drawImage(pictureOf(field.size, colourOf), 0, 0, inner.width, inner.height);
  }

  function paintCurve(field, colours) {
    const A = field.memory.A.at(-1);
    context.beginPath();
    for (let r = 0; r < field.size; r += 1) context.lineTo(((r + 0.5) / field.size) * inner.width, toY(A[r]));
    context.lineWidth = 3;
    context.strokeStyle = colours.accent;
    context.stroke();
  }

  function paintPoints(colours) {
    const { run, settings } = demo;
    const shapes = [0, 1, 2, 3, 4].map((k) => new Path2D(marker(k, run.points.length > 60 ? 4 : 5.5)));
    const tested = new Set(run.testing);
    const recent = new Set(run.last.length <= 20 && !demo.moving() ? run.last : []);
    run.points.forEach(([u, v, label], i) => {
      context.save();
      context.translate(toX(u), toY(v));
      const kind = settings.rule === "descent" ? label : Math.min(label, 1);
      context.lineWidth = tested.has(i) ? 2 : 1;
      context.fillStyle = tested.has(i) ? colours.paper : colours.classes[kind];
      context.strokeStyle = tested.has(i) ? colours.classes[kind] : colours.paper;
      context.fill(shapes[kind]);
      context.stroke(shapes[kind]);
      if (recent.has(i)) {
        context.beginPath();
        context.arc(0, 0, 9, 0, 7);
        context.strokeStyle = colours.ink;
        context.stroke();
      }
      context.restore();
    });
  }

  /* Of a copy: each point is joined to what the network says for it. */
  function paintAnswers(colours) {
    const answers = demo.answers(demo.run.points);
    context.strokeStyle = context.fillStyle = colours.accent;
    context.lineWidth = 1.5;
    demo.run.points.forEach(([u, v], i) => {
      context.beginPath();
      context.moveTo(toX(u), toY(v));
      context.lineTo(toX(answers[i][0]), toY(answers[i][1]));
      context.stroke();
      context.fillRect(toX(answers[i][0]) - 2, toY(answers[i][1]) - 2, 4, 4);
    });
  }

  function draw(fine) {
    const { run, settings } = demo;
    const colours = palette(demo.parts.root);
    context.setTransform(SHARP, 0, 0, SHARP, 0, 0);
    context.clearRect(0, 0, inner.width, inner.height);
    const curve = settings.task === "curve";
    if (curve || settings.background !== "none") {
      const field = fieldAt(run, settings.view, curve ? 200 : fine ? 100 : 36);
      const look = classColours(colours.classes.map(rgbOf), rgbOf(colours.paper));
      if (curve) paintCurve(field, colours);
      else paintBehind(field, colours, look);
    }
    if (settings.task === "copy") paintAnswers(colours);
    paintPoints(colours);
    drawSingle();
  }

  /* One unit that sees x1 and x2 alone has its weight vector as an arrow. */
  function drawSingle() {
    const { layers, theta } = demo.run.network;
    const one = demo.settings.task === "classes" && layers.length === 1 && layers[0].n === 1 && layers[0].m === 2;
    single.setAttribute("visibility", one ? "visible" : "hidden");
    tip.element.setAttribute("tabindex", one ? 0 : -1);
    if (!one) return;
    vector.place(on, [0, 0], [theta[0], theta[1]]);
    tip.place(theta[0], theta[1]);
  }

  function drawView() {
    const [cx, cy, half] = model.get("view");
    on.view([cx - half, cx + half], [cy - half, cy + half]);
    const { task } = demo.settings;
    const names = task === "curve" ? ["x", "y"] : ["x₁", "x₂"];
    picture.querySelectorAll(".axes .name").forEach((text, i) => {
      text.textContent = names[i];
    });
    colourBox.disabled = task !== "classes";
    drawProbe();
  }
  function drawProbe() {
    probe.place(...model.get("probe"));
  }

  take("probe");
  return { element: h("div", { class: "points" }, on.element, tools), draw, drawView, drawProbe, sentence: () => `probe at ${model.get("probe").map((x) => show(x)).join(", ")}` };
}
