/* A function, chosen or drawn, and the row of pulses that approximates it. */

import { ARROWS, ENTER, LOG, button, checkbox, choice, demand, frame, group, h, handle, legend, marker, plane, prediction, s, setAll, show, slider, table } from "./core.js";
import { edgesOf, errorCurve, errorsAt, heightsOf, pulseNetwork, pulsesAt, samplesOf, targetOf } from "./engine/pulses.js";

const TARGET_NAMES = {
  wave: "sin 2πx + x/2",
  hump: "a hump",
  ripples: "four waves, sin 8πx",
  root: "√x",
  jump: "a jump",
  drawn: "drawn by you",
};
const MOST_PULSES = 128;
const HIGHEST = 2;
const FINE = 65; // heights of a function drawn by hand
const COARSE = 9; // heights that can be moved one by one
const PLACES = samplesOf(0, 1, 2000);
const INNER_PLACES = samplesOf(0.1, 0.9, 2000);
const ALL_COUNTS = [1, 2, 3, 4, 5, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128];

const held = (value) => Math.max(-HIGHEST, Math.min(HIGHEST, Number(value.toFixed(2))));

/* What became of the error, as one of the guesses. */
const kindOfChange = (ratio) => (ratio > 1.1 ? "more" : ratio > 0.85 ? "same" : ratio > 0.6 ? "less" : ratio > 0.35 ? "half" : "quarter");

function render({ model, el }) {
  demand(model, {
    target: (value) => value in TARGET_NAMES,
    drawn: (value) => value.length >= 2 && value.length <= FINE && value.every((height) => Math.abs(height) <= HIGHEST),
    pulses: (value) => Number.isInteger(value) && value >= 1 && value <= MOST_PULSES,
    pulse: (value) => Number.isInteger(value) && value >= 0 && value <= MOST_PULSES,
    kind: (value) => ["threshold", "sigmoid"].includes(value),
    steepness: (value) => value >= 1 && value <= 5000,
  });
  const parts = frame(el, {
    title: "A row of pulses approximates a function",
    model,
    name: "approximation",
    settings: ["target", "drawn", "pulses", "pulse", "kind", "steepness", "show_curve"],
    help: "Drag one of nine points of the function, or draw it by hand.",
    keys: [ARROWS, ENTER],
  });
  const get = (name) => model.get(name);
  const change = (name, value) => setAll(model, { [name]: value });
  const target = () => targetOf(get("target"), get("drawn"));
  const network = (m) => {
    const edges = edgesOf(m);
    return pulseNetwork(edges, heightsOf(target().f, edges), get("kind"), get("steepness"));
  };

  /* The pictures */
  const picture = plane({ x: [-0.05, 1.05], y: [-HIGHEST, HIGHEST], label: "The function and its pulses", names: ["x", "value"], width: 416, height: 300 });
  picture.element.classList.add("drawable");
  const bars = s("path", { class: "bars" });
  const looked = s("path", { class: "bars looked" });
  const truth = s("path", { class: "curve truth", "stroke-dasharray": "6 4" });
  const stairs = s("path", { class: "curve class-0" });
  const pair = ["class-2", "class-3"].map((kind, i) => s("path", { class: `curve ${kind}`, "stroke-dasharray": i ? "2 3" : "8 3" }));
  const gap = s("path", { class: "curve accent gap" });
  const worst = s("path", { class: "mark accent", d: marker(3, 5) });
  const points = s("g", {});
  picture.layer.append(s("g", { "clip-path": picture.clip }, bars, looked, truth, stairs, ...pair, gap, worst), points);

  const curve = plane({
    x: [0.8, 7.2], y: [0.002, 4], scale: LOG, label: "The errors against the number of hidden units", names: ["hidden units", "error"],
    texts: [(value) => show(2 ** value), show], width: 416, height: 320,
  });
  const lines = ["accent", "class-0", "truth"].map((kind, i) => s("path", { class: `curve ${kind}`, "stroke-dasharray": ["", "8 3", "2 3"][i] || null }));
  const marks = s("g", {});
  curve.layer.append(s("g", { "clip-path": curve.clip }, ...lines, marks));
  const onCurve = (m, error) => [Math.log2(m + 1), Math.max(error, 1e-12)];

  parts.stage.append(
    h("div", { class: "wide" }, picture.element, legend([
      { text: "the function", kind: "truth", dash: "6 4" },
      { text: "the network", kind: "class-0", dash: "" },
      { text: "largest error", kind: "accent", dash: "", shape: marker(3, 5) },
    ])),
    h("div", { class: "narrow" }, curve.element, legend([
      { text: "largest", kind: "accent", dash: "", shape: marker(3, 5) },
      { text: "root mean square", kind: "class-0", dash: "8 3", shape: marker(0, 4) },
      { text: "the bound L/2m", kind: "truth", dash: "2 3" },
    ])),
  );

  /* The function, moved point by point or drawn by hand */
  let byHand = false;
  let last = null; // where the pen was, while it is down
  const resampled = (n) => Array.from({ length: n }, (_, i) => held(target().f(i / (n - 1))));
  function drawTo(place) {
    const heights = [...get("drawn")];
    const index = ([x]) => Math.max(0, Math.min(FINE - 1, Math.round(x * (FINE - 1))));
    const [from, to] = [index(last), index(place)];
    const step = to < from ? -1 : 1;
    for (let i = from; i !== to + step; i += step) {
      const share = from === to ? 1 : (i - from) / (to - from);
      heights[i] = held(last[1] + share * (place[1] - last[1]));
    }
    last = place;
    change("drawn", heights);
  }
  function take(heights) {
    model.set("drawn", heights);
    change("target", "drawn");
  }
  picture.picture.addEventListener("pointerdown", (event) => {
    if (!byHand) return;
    event.preventDefault();
    picture.picture.setPointerCapture(event.pointerId);
    take(resampled(FINE));
    last = picture.at(event);
    drawTo(last);
  });
  picture.picture.addEventListener("pointermove", (event) => {
    if (last) drawTo(picture.at(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    picture.picture.addEventListener(end, () => {
      last = null;
    });
  }
  const hand = button("Draw by hand", () => {
    byHand = !byHand;
    draw();
  });
  const nine = button("Move nine points", () => {
    byHand = false;
    take(resampled(COARSE));
    draw();
  });
  let handles = [];
  function placeHandles() {
    const heights = get("drawn");
    const wanted = get("target") === "drawn" && !byHand && heights.length <= 17 ? heights.length : 0;
    if (handles.length !== wanted) {
      handles = Array.from({ length: wanted }, (_, i) =>
        handle(picture, {
          label: `point ${i + 1} of the function`, shape: marker(0, 8), step: 0.05,
          onmove: ([, y]) => change("drawn", get("drawn").map((height, j) => (i === j ? held(y) : height))),
        }),
      );
      points.replaceChildren(...handles.map((one) => one.element));
    }
    handles.forEach((one, i) => one.place(i / (wanted - 1), heights[i]));
  }

  /* The controls */
  const setPulses = (m) => change("pulses", Math.max(1, Math.min(MOST_PULSES, m)));
  const halve = button("Halve the width", () => setPulses(2 * get("pulses")));
  const double = button("Double the width", () => setPulses(Math.ceil(get("pulses") / 2)));
  const look = (by) => () => change("pulse", (looking() + by + get("pulses") + 1) % (get("pulses") + 1));
  const looking = () => Math.min(get("pulse"), get("pulses"));
  const steepness = slider(model, "steepness", "Steepness c", { min: 1, max: 5000, log: true });
  const about = h("p", { class: "about" });
  parts.controls.append(
    choice(model, "target", "Function", TARGET_NAMES),
    group("Draw a function", "draw", hand, nine),
    slider(model, "pulses", "Pulses m", { min: 1, max: MOST_PULSES, step: 1 }),
    group("Width", "width", halve, double),
    choice(model, "kind", "Activation", { threshold: "threshold", sigmoid: "sigmoid" }),
    steepness,
    group("One pulse as a pair", "pulse", button("Previous pulse", look(-1)), button("Next pulse", look(1)), button("No pulse", () => change("pulse", 0))),
    checkbox(model, "show_curve", "Errors for all numbers of units"),
    about,
  );
  let running = false; // a guess's own change does not forget the guess
  const guess = prediction({
    question: "The width is halved. What will the largest error do?",
    options: { quarter: "fall to about a quarter", half: "fall to about half", less: "fall, but not to half", same: "stay about the same", more: "grow" },
    commit(answer) {
      const before = errorsAt(network(get("pulses")), target().f, PLACES).largest;
      running = true;
      setPulses(2 * get("pulses"));
      running = false;
      const after = errorsAt(network(get("pulses")), target().f, PLACES).largest;
      const ratio = before === 0 ? 1 : after / before;
      guess.answer(
        kindOfChange(ratio) === answer,
        `It went from ${show(before)} to ${show(after)}, times ${show(ratio, 3)}, with ${get("pulses") + 1} hidden units instead of ${get("pulses") / 2 + 1}.`,
      );
    },
  });
  parts.more.append(guess.element);

  /* Which numbers of pulses were tried with this function and these units. */
  let tried = new Map();
  let triedFor = "";
  function measured() {
    const key = JSON.stringify([get("target"), get("target") === "drawn" ? get("drawn") : 0, get("kind"), get("kind") === "sigmoid" ? get("steepness") : 0]);
    if (key !== triedFor) tried = new Map();
    triedFor = key;
    const m = get("pulses");
    if (!tried.has(m)) {
      tried.set(m, { ...errorsAt(network(m), target().f, PLACES), inner: errorsAt(network(m), target().f, INNER_PLACES).largest });
    }
    return tried.get(m);
  }
  const bound = (m) => (get("kind") === "threshold" ? target().steepest / (2 * m) : Infinity);

  function drawPulses(layers, error) {
    const m = get("pulses");
    const edges = edgesOf(m);
    const heights = heightsOf(target().f, edges);
    const bar = (i) => `${picture.path([[edges[i], 0], [edges[i], heights[i]], [edges[i + 1], heights[i]], [edges[i + 1], 0]])}Z`;
    bars.setAttribute("d", heights.map((_, i) => bar(i)).join(""));
    const i = looking() - 1;
    looked.setAttribute("d", i < 0 ? "" : bar(i));
    truth.setAttribute("d", picture.path(samplesOf(0, 1.0001, 400).map((x) => [x, target().f(x)])));
    const ends = edges.flatMap((edge, j) => [[edge, heights[j - 1] ?? 0], [edge, heights[j] ?? 0]]);
    const answers =
      get("kind") === "threshold" ? [[-0.05, 0], ...ends, [1.05, 0]] : samplesOf(-0.05, 1.05, 900).map((x) => [x, pulsesAt(layers, x)]);
    stairs.setAttribute("d", picture.path(answers));
    pair.forEach((path, side) => {
      const one = i < 0 ? null : pulseNetwork([edges[i + side]], [side ? -heights[i] : heights[i]], get("kind"), get("steepness"));
      path.setAttribute("d", one ? picture.path(samplesOf(-0.05, 1.05, 900).map((x) => [x, pulsesAt(one, x)])) : "");
    });
    gap.setAttribute("d", picture.path([[error.where, target().f(error.where)], [error.where, pulsesAt(layers, error.where)]]));
    worst.setAttribute("transform", `translate(${picture.px(error.where)} ${picture.py(pulsesAt(layers, error.where))})`);
    about.textContent =
      i < 0
        ? ""
        : `Pulse ${i + 1} is ${show(heights[i])} high from ${show(edges[i])} to ${show(edges[i + 1])}: one unit adds ${show(heights[i])} from ${show(edges[i])} on, another takes it off from ${show(edges[i + 1])} on.`;
  }

  function drawCurve() {
    const all = [...tried].sort(([one], [other]) => one - other);
    const shown = get("show_curve")
      ? errorCurve(target().f, ALL_COUNTS, get("kind"), get("steepness"), PLACES).map((error, i) => [ALL_COUNTS[i], error])
      : [];
    const path = (list, read) => curve.path(list.map(([m, error]) => onCurve(m, read(m, error))));
    lines[0].setAttribute("d", path(shown, (m, error) => error.largest));
    lines[1].setAttribute("d", path(shown, (m, error) => error.rms));
    lines[2].setAttribute("d", Number.isFinite(bound(1)) ? path(shown, (m) => bound(m)) : "");
    marks.replaceChildren(
      ...all.flatMap(([m, error]) =>
        [["accent", 3, error.largest, 6], ["class-0", 0, error.rms, 5]].map(([kind, shape, value, size]) => {
          const [u, v] = onCurve(m, value);
          return s("path", {
            class: `mark ${kind}${m === get("pulses") ? " now" : ""}`, d: marker(shape, size),
            transform: `translate(${curve.px(u)} ${curve.py(v)})`,
          });
        }),
      ),
    );
    table(parts.data, "The errors for the numbers of pulses that were tried",
      ["pulses m", "width", "hidden units", "largest error", "root mean square", "largest from 0.1 to 0.9", "bound L/2m"],
      all.map(([m, error]) => [
        show(m), show(1 / m), show(m + 1), show(error.largest), show(error.rms), show(error.inner), Number.isFinite(bound(m)) ? show(bound(m)) : "none",
      ]),
      all.findIndex(([m]) => m === get("pulses")),
    );
  }

  function draw() {
    const m = get("pulses");
    const layers = network(m);
    const error = measured();
    drawPulses(layers, error);
    drawCurve();
    placeHandles();
    hand.setAttribute("aria-pressed", String(byHand));
    picture.element.classList.toggle("drawing", byHand);
    steepness.hidden = get("kind") === "threshold";
    halve.disabled = m > MOST_PULSES / 2;
    double.disabled = m === 1;
    const promise = Number.isFinite(bound(m))
      ? ` The theorem promises at most ${show(bound(m))}.`
      : get("kind") === "sigmoid"
        ? ` Away from the ends, from 0.1 to 0.9, the largest is ${show(error.inner)}.`
        : "";
    parts.say(
      `${m} ${m === 1 ? "pulse" : "pulses"} of width ${show(1 / m)}: ${m + 1} hidden units (${2 * m} as separate pairs). ` +
        `Largest error ${show(error.largest)} at x = ${show(error.where)}, root mean square ${show(error.rms)}.${promise}`,
    );
  }
  function onchange() {
    if (!running && guess.guess !== null) guess.reset();
    draw();
  }
  model.on("change", onchange);
  draw();
  return () => model.off("change", onchange);
}

export default { render };
