/* The picture of the points: what lies behind them, the tools to change them, the probe,
   and the arrow of a single unit. */

import { arrow, button, choice, drag, fill, group, h, handle, marker, plane, s } from "./core.js";
import { decide } from "./engine/mlp.js";
import { range } from "./engine/range.js";
import { fold, pick } from "./network_controls.js";
import { classColours, dotsOn, extent, pictureOf } from "./network_field.js";

const NEAR = 14; // how near to a point the eraser must come
const FAR_ENOUGH = 16; // pixels between two points of a line that is drawn
const TOOLS = { probe: "moves the probe", add: "adds points", erase: "removes points", view: "moves the view" };
const CLASS_NAMES = ["blue ●", "orange ■", "green ▲", "purple ◆", "grey ★"];
const MOVES = { left: ["←", -1, 0], right: ["→", 1, 0], up: ["↑", 0, 1], down: ["↓", 0, -1] };

export function makeCanvas(demo) {
  const { model, settings, set, setPoints, is } = demo;
  const on = plane({ x: [-1, 1], y: [-1, 1], label: "Points, and what the network answers", width: 444, height: 420, canvas: true });
  const context = on.behind.getContext("2d");
  const whole = [0, 0, on.inner.width, on.inner.height];
  const round = (place) => place.map((value) => Number(value.toFixed(3)));
  const moveProbe = (place) => set({ probe: round(place) });
  let tool = "probe";

  const probe = handle(on, { label: "probe", onmove: moveProbe, step: 0.05 });
  probe.element.addEventListener("keydown", (event) => {
    const work = { Enter: add, " ": add, Delete: erase, Backspace: erase }[event.key];
    if (!work) return;
    event.preventDefault();
    work(settings.probe);
  });
  const vector = arrow("accent");
  const tip = handle(on, { label: "tip of the weight vector", onmove: (place) => round(place).forEach((value, j) => demo.setWeight(0, 0, j, value)), shape: marker(3, 9), step: 0.05 });
  const single = s("g", vector.element, tip.element);
  const surface = s("rect", { width: "100%", height: "100%", fill: "transparent" });
  const [curve, links, rings] = ["curve accent", "curve accent thin", "curve rings"].map((kind) => s("path", { class: kind }));
  const dots = dotsOn(on);
  on.layer.append(s("g", { "clip-path": on.clip }, links, curve, dots.element, rings, surface, single, probe.element));

  function add(place) {
    const label = is("classes") ? Number(colours.input.value) : 0;
    const { points } = demo.run;
    if (points.length < 1000) setPoints([...points, [...round(place), label]]);
  }
  function erase([u, v], reach = Infinity) {
    const { points } = demo.run;
    const far = points.map(([a, b]) => Math.hypot(on.px(a) - on.px(u), on.py(b) - on.py(v)));
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] <= reach) setPoints(points.filter((_, i) => i !== nearest));
  }
  function move(dx, dy, zoom = 1) {
    const [cx, cy, half] = settings.view;
    set({ view: [cx + dx, cy + dy, Math.max(0.05, Math.min(100, half * zoom))].map((value) => Number(value.toPrecision(5))) });
  }
  function fit() {
    const ends = [0, 1].map((i) => extent(demo.run.points.map((point) => point[i])));
    const half = Math.max(0.5, ...ends.map(([least, most]) => 0.6 * (most - least)));
    if (demo.run.points.length) set({ view: round([...ends.map(([least, most]) => (least + most) / 2), half]) });
  }
  const uses = { probe: moveProbe, add, erase: (place) => erase(place, NEAR) };
  let held = null; // where the press was, or the last point of a line
  const start = (event) => {
    held = { place: on.at(event), pixel: [event.clientX, event.clientY] };
    uses[tool]?.(held.place);
  };
  drag(surface, start, (event) => {
    const place = on.at(event);
    if (tool === "view") move(held.place[0] - place[0], held.place[1] - place[1]);
    else if (tool !== "add") uses[tool](place);
    else if (Math.hypot(event.clientX - held.pixel[0], event.clientY - held.pixel[1]) > FAR_ENOUGH) start(event);
  });

  const take = (chosen) => {
    tool = on.picture.dataset.tool = chosen;
  };
  const colours = pick("Colour", CLASS_NAMES);
  const far = () => settings.view[2] / 4;
  const tools = fold("Points and view",
    group("Points", "points",
      button("Add a point at the probe", () => add(settings.probe)),
      button("Remove the nearest point", () => erase(settings.probe)),
      button("Remove all points", () => setPoints([])),
      pick("A press", TOOLS, take), colours),
    group("View", "view",
      ...Object.entries(MOVES).map(([word, [sign, dx, dy]]) => button(sign, () => move(dx * far(), dy * far()), { "aria-label": `Move the view ${word}` })),
      button("+", () => move(0, 0, 0.8), { "aria-label": "Zoom in" }),
      button("−", () => move(0, 0, 1.25), { "aria-label": "Zoom out" }),
      button("Fit", fit)),
    choice(model, "background", "Behind the points", { regions: "regions", output: "output", none: "nothing" }));

  function paintBehind(field, shades) {
    const { run } = demo;
    const [A, k, look] = [field.A.at(-1), run.network.widths.at(-1), classColours(shades)];
    const error = (r) => Math.hypot(...field.places(r).map((value, i) => A[2 * r + i] - value));
    let colourOf = (r) => look.region(decide(run.network, field, r));
    if (is("copy")) colourOf = (r) => look.two(error(r) / settings.view[2]);
    else if (settings.background === "output") colourOf = (r) => look.output(A, k, r);
    context.drawImage(pictureOf(field.size, colourOf), ...whole);
  }

  /* One unit that sees x1 and x2 alone has its weight vector as an arrow. */
  function drawSingle() {
    const { widths, theta } = demo.run.network;
    const one = is("classes") && widths.join() === "2,1";
    fill(single, { visibility: one ? "visible" : "hidden" });
    if (!one) return;
    vector.place(on, [0, 0], theta);
    tip.place(...theta);
  }

  function draw(field, shades) {
    const { points, last } = demo.run;
    const A = field.A.at(-1);
    context.clearRect(...whole);
    if (!field.curve && settings.background !== "none") paintBehind(field, shades);
    fill(curve, { d: field.curve ? on.path(range(field.n).map((r) => [field.places(r)[0], A[r]])) : "" });
    const answers = is("copy") ? demo.answers(points) : [];
    fill(links, { d: answers.map((answer, i) => on.path([points[i], answer])).join("") });
    dots.draw(demo.run, points);
    const recent = last.length <= 20 && !demo.moving() ? last : [];
    const circle = marker(0, 9).replace("M", "m");
    fill(rings, { d: recent.map((i) => on.path([points[i]]) + circle).join("") });
    drawSingle();
  }

  function drawView() {
    const [cx, cy, half] = settings.view;
    on.view([cx - half, cx + half], [cy - half, cy + half], is("curve") ? ["x", "y"] : undefined);
    colours.input.disabled = !is("classes");
    probe.place(...settings.probe);
  }
  tools.open = innerWidth > 600; // there is room for it
  return { element: h("div.points", on.element, tools), draw, drawView };
}
