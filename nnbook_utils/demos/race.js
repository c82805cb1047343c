/* Optimisers side by side on the contours of a cost, from the same start and with the same
   order of the data; the costs of the steps, and the step sizes with their bounds. */

import { ARROWS, ENTER, LOG, button, choice, frame, h, handle, loop, marker, onMode, palette, plane, power, prediction, s, setAll, show, slider, table } from "./core.js";
import { RULES, SCHEDULES, batchesOf, descend, stepBound } from "./engine/descent.js";
import { SAMPLES, landscape, largestCurvature } from "./engine/landscape.js";

const NAMES = {
  gd: "gradient descent",
  momentum: "momentum",
  nesterov: "Nesterov",
  adagrad: "AdaGrad",
  rmsprop: "RMSProp",
  adam: "Adam",
};
const ORDER = Object.keys(RULES);
const BOUNDS = { gd: "2/L", momentum: "2(1+α)/L", nesterov: "2(1+α)/((1+2α)L)" };

/* For each cost: what the picture shows, and from where and how the race starts when the
   reader chooses it. */
const GROUNDS = {
  quadratic: {
    middle: [0, 0],
    half: 3.2,
    start: [2.5, 0.5],
    eta: { gd: 0.07, momentum: 0.05, nesterov: 0.04, adagrad: 0.5, rmsprop: 0.05, adam: 0.2 },
  },
  rosenbrock: {
    middle: [0, 0.8],
    half: 2,
    start: [-1.2, 1],
    eta: { gd: 0.03, momentum: 0.02, nesterov: 0.02, adagrad: 0.5, rmsprop: 0.02, adam: 0.1 },
  },
  two_minima: {
    middle: [0, 0],
    half: 2,
    start: [1.4, 0.3],
    eta: { gd: 0.05, momentum: 0.05, nesterov: 0.03, adagrad: 0.5, rmsprop: 0.05, adam: 0.1 },
  },
  eight_samples: {
    middle: [-0.5, -0.5],
    half: 2,
    start: [1, 1],
    eta: { gd: 0.5, momentum: 0.5, nesterov: 0.5, adagrad: 0.5, rmsprop: 0.05, adam: 0.1 },
  },
};
const SETTINGS = [
  "cost", "condition", "angle", "start", "rules", ...ORDER.map((rule) => `eta_${rule}`),
  "alpha", "delta", "schedule", "batch", "order", "seed", "steps",
];
const PACE = 12; // steps a second
const BANDS = 18;
const AWAY = 2500; // in the drawing's units: a way that leads farther out ends there

/* The runs of all rules of the race, with the cost above the least at each iterate. */
function race(settings) {
  const cost = landscape(settings);
  const least = cost.value(cost.minima[0]);
  const { steps, schedule, alpha, delta } = settings;
  const n = SAMPLES.y.length;
  const whole = settings.cost !== "eight_samples" || settings.batch === n;
  const batches = whole ? null : batchesOf(settings.order, n, settings.batch, steps, settings.seed);
  const runners = ORDER.filter((rule) => settings.rules.includes(rule)).map((rule) => {
    const eta = settings[`eta_${rule}`];
    const run = descend(rule, cost.gradient, settings.start, { eta, schedule, steps, batches, alpha, delta });
    return { rule, eta, ...run, costs: run.iterates.map((w) => cost.value(w)) };
  });
  return { cost, least, runners };
}

/* Paint the heights of a cost: bands from paper to blue, and a line between two bands. */
function paintHeights(picture, cost, least, colours) {
  const { behind, x, y } = picture;
  const [width, height] = [behind.width, behind.height];
  const pen = behind.getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const [paper, blue, ink] = [colours.paper, colours.classes[0], colours.ink].map(rgb);
  const cell = 8; // the cost is computed on a grid, and between its points interpolated
  const columns = width / cell + 2;
  const grid = Array.from({ length: Math.ceil(height / cell) + 2 }, (_, j) =>
    Array.from({ length: Math.ceil(columns) }, (_, i) =>
      cost.value([
        x[0] + (i * cell * (x[1] - x[0])) / width,
        y[1] - (j * cell * (y[1] - y[0])) / height,
      ]) - least,
    ),
  );
  const top = Math.max(...grid.flat());
  const band = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const [j, down] = [Math.floor(row / cell), (row % cell) / cell];
    for (let column = 0; column < width; column += 1) {
      const [i, right] = [Math.floor(column / cell), (column % cell) / cell];
      const upper = grid[j][i] + right * (grid[j][i + 1] - grid[j][i]);
      const lower = grid[j + 1][i] + right * (grid[j + 1][i + 1] - grid[j + 1][i]);
      const rise = Math.max(0, upper + down * (lower - upper)) / top;
      band[row * width + column] = BANDS * Math.cbrt(rise);
    }
  }
  const image = pen.createImageData(width, height);
  for (let place = 0; place < band.length; place += 1) {
    const edge = [1, 2, width, 2 * width].some((by) => band[place + by] !== band[place]);
    const share = edge ? 0.3 : (0.22 * band[place]) / BANDS;
    for (let part = 0; part < 3; part += 1) {
      const towards = edge ? ink[part] : blue[part];
      image.data[4 * place + part] = paper[part] + share * (towards - paper[part]);
    }
    image.data[4 * place + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
}

/* A runner in a picture: its way as a line, a dot at each step, and its marker. */
function track(rule) {
  const k = ORDER.indexOf(rule);
  const line = s("path", { class: `curve class-${k}` });
  const dots = s("path", { class: `race-dots class-${k}` });
  const now = s("path", { class: `race-now class-${k}`, d: marker(k, 7) });
  return {
    lines: [line, dots],
    now,
    draw(picture, points) {
      const inside = ([u, v]) => Math.abs(picture.px(u)) < AWAY && Math.abs(picture.py(v)) < AWAY;
      const gone = points.findIndex((point) => !inside(point));
      const places = points
        .slice(0, gone < 0 ? points.length : gone)
        .map(([u, v]) => `${picture.px(u).toFixed(2)},${picture.py(v).toFixed(2)}`);
      line.setAttribute("d", places.length ? `M${places.join("L")}` : "");
      dots.setAttribute("d", places.map((place) => `M${place}h0.01`).join(""));
      now.setAttribute("transform", places.length ? `translate(${places.at(-1)})` : "");
      now.toggleAttribute("hidden", !places.length);
    },
  };
}

/* One row for each runner: its step size on a logarithmic line, and its bound. */
function ruler(box, runners, sizeOf, boundOf, far) {
  const [left, width, row] = [148, 440, 42];
  const height = row * runners.length + 36;
  const px = (eta) => left + ((Math.log10(eta) + 4) / 5.5) * (width - left - 12);
  const clamp = (eta) => Math.max(left, Math.min(width - 12, px(eta)));
  const words = [];
  const parts = runners.flatMap(({ rule, eta }, place) => {
    const k = ORDER.indexOf(rule);
    const [y, size, bound] = [row * place + 32, sizeOf(eta), boundOf(rule)];
    const known = Number.isFinite(bound) && bound > 0;
    words.push(`${NAMES[rule]} ${show(size)}${known ? `, bound ${show(bound)}` : ", no bound"}`);
    return [
      s("text", { x: 4, y: y + 4 }, NAMES[rule]),
      s("line", { class: "race-scale", x1: left, x2: width - 12, y1: y, y2: y }),
      known && s("rect", { class: "race-beyond", x: clamp(bound), y: y - 8, width: width - 12 - clamp(bound), height: 16 }),
      known && s("line", { class: `race-bound class-${k}`, x1: clamp(bound), x2: clamp(bound), y1: y - 9, y2: y + 9 }),
      known && s("text", { x: Math.min(clamp(bound), width - 70), y: y - 13, "text-anchor": "middle" }, `${BOUNDS[rule]}${far ? " here" : ""} = ${show(bound, 3)}`),
      s("path", { class: `race-now class-${k}`, d: marker(k, 7), transform: `translate(${clamp(size)} ${y})` }),
    ].filter(Boolean);
  });
  const ticks = [-4, -3, -2, -1, 0, 1].map((exponent) =>
    s("text", { x: px(10 ** exponent), y: height - 6, "text-anchor": "middle" }, power(10 ** exponent)),
  );
  box.replaceChildren(
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Step sizes${far ? " here" : ""}: ${words.join("; ")}` },
      s("g", { class: "axes" }, ...parts, ...ticks),
    ),
  );
}

/* The fieldset of the runners: who takes part, and with which step size. */
function entries(model) {
  const rows = ORDER.map((rule, k) => {
    const box = h("input", {
      type: "checkbox",
      onchange() {
        const rules = model.get("rules").filter((one) => one !== rule);
        model.set("rules", box.checked ? ORDER.filter((one) => one === rule || rules.includes(one)) : rules);
        model.save_changes();
      },
    });
    const sign = s("svg", { class: "race-sign", viewBox: "-9 -9 18 18", "aria-hidden": "true" }, s("path", { class: `race-now class-${k}`, d: marker(k, 7) }));
    const size = slider(model, `eta_${rule}`, "η", { min: 1e-4, max: 10, log: true });
    size.querySelector("input").setAttribute("aria-label", `η of ${NAMES[rule]}`);
    const row = h(
      "div",
      { class: "race-entry" },
      h("label", { "data-control": "rules" }, box, sign, NAMES[rule]),
      size,
    );
    return { rule, box, size, row };
  });
  return {
    element: h("fieldset", { class: "race-entries" }, h("legend", {}, "Runners, and their step sizes"), ...rows.map(({ row }) => row)),
    update() {
      for (const { rule, box, size } of rows) {
        box.checked = model.get("rules").includes(rule);
        size.hidden = !box.checked;
      }
    },
  };
}

function render({ model, el }) {
  const parts = frame(el, {
    title: "A race of optimisers",
    model,
    name: "race",
    settings: [...SETTINGS, "step"],
    help: "Drag the start; press in the costs to go to a step.",
    keys: [ARROWS, ENTER],
  });
  const put = (values) => setAll(model, values);
  const ground = plane({
    x: [-1, 1], y: [-1, 1], label: "Contours of the cost", names: ["w₁", "w₂"],
    width: 476, height: 440, canvas: true,
  });
  let below = 0; // costs that are too small for the picture stand at this one
  const costs = plane({
    x: [0, 1], y: [1e-3, 1], label: "The cost above the least, at each step",
    names: ["step", "cost above the least"], width: 456, height: 280, scale: LOG,
    texts: [show, (value) => `${value <= below ? "≤ " : ""}${power(value)}`],
  });
  ground.behind.width *= 2; // for screens with fine pixels
  ground.behind.height *= 2;
  const sizes = h("div", { class: "plane", style: "max-width: 440px" });
  const about = h("p", { class: "help" });
  parts.stage.append(ground.element, h("div", { class: "race-side" }, costs.element, sizes, about));

  const start = handle(ground, {
    label: "start",
    step: 0.05,
    kind: "truth",
    onmove(place) {
      const ends = [ground.x, ground.y];
      put({ start: place.map((value, i) => Math.max(ends[i][0], Math.min(ends[i][1], Math.round(value * 20) / 20))) });
    },
  });
  const goals = s("g", {});
  const tracks = Object.fromEntries(ORDER.map((rule) => [rule, [track(rule), track(rule)]]));
  [ground, costs].forEach((picture, i) => {
    const runners = Object.values(tracks).map((pair) => pair[i]);
    picture.layer.append(
      s("g", { "clip-path": picture.clip }, ...(i ? [] : [goals]), ...runners.flatMap((one) => one.lines), ...runners.map((one) => one.now)),
    );
  });
  ground.layer.append(start.element);

  const running = loop(parts.root, forward, (on) => {
    run.textContent = on ? "Stop" : "Run";
  });
  const run = button("Run", () => {
    if (running.running()) return running.stop();
    if (model.get("step") >= model.get("steps")) put({ step: 0 });
    return running.start();
  }, { "data-control": "run" });
  const move = (by) => () => {
    running.stop();
    put({ step: Math.max(0, Math.min(model.get("steps"), model.get("step") + by)) });
  };
  const position = slider(model, "step", "Step shown", { min: 0, max: 1, step: 1 });
  const menu = choice(model, "cost", "Cost", {
    quadratic: "a valley (quadratic)",
    rosenbrock: "a curved valley (Rosenbrock)",
    two_minima: "two minima",
    eight_samples: "the eight samples, two weights",
  });
  // The reader's choice brings its own start; a cost that Python sets does not.
  menu.querySelector("select").addEventListener("input", () => {
    const { start: place, eta } = GROUNDS[model.get("cost")];
    put({ start: place, step: 0, ...Object.fromEntries(ORDER.map((rule) => [`eta_${rule}`, eta[rule]])) });
  });
  const valley = [
    slider(model, "condition", "Condition number", { min: 1, max: 1000, log: true }),
    slider(model, "angle", "Turned by", { min: 0, max: 90, step: 1, unit: "°" }),
  ];
  const samples = [
    slider(model, "batch", "Batch size", { min: 1, max: 8, step: 1 }),
    choice(model, "order", "Order of the samples", { cyclic: "as given", shuffled: "shuffled, anew each epoch", with_replacement: "drawn with replacement" }),
    button("Another order", () => put({ seed: (model.get("seed") + 1) % 1000 }), { "data-control": "seed" }),
  ];
  const alpha = slider(model, "alpha", "Momentum α", { min: 0, max: 0.99, step: 0.01 });
  const delta = slider(model, "delta", "Adaptive δ", { min: 1e-8, max: 1, log: true });
  const field = entries(model);
  parts.controls.append(
    button("To the start", move(-Infinity), { "data-control": "step" }),
    button("Back", move(-1), { "data-control": "step" }),
    button("Step", move(1), { "data-control": "step" }),
    run,
    position,
    slider(model, "steps", "Steps in all", { min: 10, max: 500, step: 10 }),
  );
  const guess = h("div", {});
  const schedule = choice(model, "schedule", "Step size", {
    constant: "η, constant",
    inverse_sqrt: "η / √t",
    inverse: "η / t",
    step_decay: "η, halved after every 20 steps",
  });
  parts.more.append(
    guess,
    h(
      "div",
      { class: "race-choices" },
      h("div", {}, menu, ...valley, ...samples, schedule, alpha, delta),
      field.element,
    ),
  );

  let now = {};
  let settled = "";
  let asked = null;
  let askedOf = "";

  function forward(elapsed) {
    const left = model.get("steps") - model.get("step");
    forward.owed = (forward.owed ?? 0) + (elapsed * PACE) / 1000;
    const by = Math.min(left, Math.floor(forward.owed));
    forward.owed -= Math.floor(forward.owed);
    if (by > 0) put({ step: model.get("step") + by });
    return left > by;
  }

  /* All that depends on the settings, and not on the step that is shown. */
  function prepare() {
    const settings = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const key = JSON.stringify(settings);
    if (key === settled) return;
    settled = key;
    now = { settings, ...race(settings) };
    const { middle, half } = GROUNDS[settings.cost];
    const high = (half * ground.inner.height) / ground.inner.width;
    ground.view([middle[0] - half, middle[0] + half], [middle[1] - high, middle[1] + high]);
    paint();
    goals.replaceChildren(
      ...now.cost.minima.map(([u, v], i) =>
        s("path", { class: i ? "race-other goal" : "race-goal goal", d: marker(4, i ? 7 : 10), transform: `translate(${ground.px(u)} ${ground.py(v)})` }),
      ),
    );
    const excess = now.runners.flatMap(({ costs: values }) => values.map((value) => value - now.least));
    const first = now.cost.value(settings.start) - now.least;
    const top = Math.max(Math.min(Math.max(...excess, first), 100 * first), 1e-6);
    const low = Math.max(Math.min(...excess.filter((value) => value > 0), top / 10), 1e-9);
    const decade = (value, round) => 10 ** round(Math.log10(value));
    const bottom = decade(low, Math.floor);
    below = Math.min(...excess) < bottom ? 1.01 * bottom : 0;
    costs.view([0, 1.03 * settings.steps], [bottom, decade(top, Math.ceil)]);
    position.querySelector("input").max = settings.steps;
    for (const part of valley) part.hidden = settings.cost !== "quadratic";
    for (const part of samples) part.hidden = settings.cost !== "eight_samples";
    alpha.hidden = !settings.rules.some((rule) => rule === "momentum" || rule === "nesterov");
    delta.hidden = !settings.rules.some((rule) => ["adagrad", "rmsprop", "adam"].includes(rule));
    field.update();
    ask();
  }

  const paint = () => paintHeights(ground, now.cost, now.least, palette(parts.root));

  /* Ask who will win, again if others take part. */
  function ask() {
    const names = now.runners.map(({ rule }) => rule);
    if (askedOf === names.join()) {
      asked?.reset();
      return;
    }
    askedOf = names.join();
    asked = names.length < 2 ? null : prediction({
      question: "Who is lowest at the end?",
      options: Object.fromEntries(names.map((rule) => [rule, NAMES[rule]])),
      commit: () => put({ step: 0 }),
    });
    guess.replaceChildren(...(asked ? [asked.element] : []));
  }

  function draw() {
    prepare();
    const { settings, runners, least, cost } = now;
    const step = Math.min(model.get("step"), settings.steps);
    position.querySelector("input").value = step;
    start.place(...settings.start);
    for (const rule of ORDER) for (const one of tracks[rule]) one.draw(ground, []);
    const floor = costs.y[0];
    for (const { rule, iterates, costs: values } of runners) {
      tracks[rule][0].draw(ground, iterates.slice(0, step + 1));
      tracks[rule][1].draw(costs, values.slice(0, step + 1).map((value, t) => [t, Math.max(value - least, floor)]));
    }
    const rate = (eta) => SCHEDULES[settings.schedule](eta, Math.max(1, step));
    const far = settings.cost !== "quadratic";
    const place = (runner) => runner.iterates[Math.min(step, runner.iterates.length - 1)];
    const bound = (rule) => {
      const runner = runners.find((one) => one.rule === rule);
      return stepBound(rule, largestCurvature(cost, place(runner)), settings.alpha);
    };
    ruler(sizes, runners, rate, bound, far);
    about.textContent = far
      ? "L is the largest curvature. It changes along the way: “here” is where the runner is now."
      : "L is the largest curvature. With a step size above its bound, in the grey, a runner diverges.";
    about.hidden = !runners.some(({ rule }) => bound(rule) > 0);
    const standing = runners
      .map((runner) => ({
        ...runner,
        lost: runner.diverged !== null && step >= runner.diverged,
        at: place(runner),
        value: runner.costs[Math.min(step, runner.costs.length - 1)],
      }))
      .sort((a, b) => a.lost - b.lost || a.value - b.value);
    table(parts.data, `Where the runners are at step ${step} of ${settings.steps}`, ["rule", "η now", "w₁", "w₂", "cost", "above the least"], standing.map((one) => [
      NAMES[one.rule],
      show(rate(one.eta)),
      ...(one.lost
        ? ["diverged", `at step ${one.diverged}`, "", ""]
        : [...one.at, one.value, one.value - least].map((value) => show(value, 6))),
    ]));
    const tell = (one) => (one.lost ? `${NAMES[one.rule]} diverged at step ${one.diverged}` : `${NAMES[one.rule]} ${show(one.value)}`);
    const above = far ? [] : runners.filter(({ rule, eta }) => stepBound(rule, 1, settings.alpha) !== null && rate(eta) > bound(rule));
    parts.say(
      (runners.length ? `Step ${step} of ${settings.steps}. Cost: ${standing.map(tell).join(", ")}.` : "Nobody takes part.") +
        above.map(({ rule }) => ` The step size of ${NAMES[rule]} is above its bound ${show(bound(rule))}.`).join(""),
    );
    if (asked?.waits && step === settings.steps) {
      const [best] = standing;
      asked.answer(best.rule === asked.guess, `After ${step} steps ${NAMES[best.rule]} is lowest, with cost ${show(best.value)}.`);
    }
  }

  const pick = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    running.stop();
    put({ step: Math.max(0, Math.min(model.get("steps"), Math.round(costs.at(event)[0]))) });
  };
  for (const kind of ["pointerdown", "pointermove"]) costs.picture.addEventListener(kind, pick);
  const endMode = onMode(() => now.cost && paint());
  model.on("change", draw);
  draw();
  return () => {
    model.off("change", draw);
    running.end();
    endMode();
  };
}

export default { render };
