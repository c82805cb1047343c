/* Backpropagation, a step at a time: forward, backward and update of a small graph. */

import { ENTER, ESCAPE, PAGES, button, choice, frame, h, numberField, prediction, s, setAll, show, slider } from "./core.js";
import { differenceAt, passOf, usesOf, waysFrom } from "./engine/graph.js";
import { graphNamed, stepsOf } from "./engine/worked.js";
import { layoutOf } from "./engine/layout.js";

const GRAPHS = {
  product: "a sum times a maximum",
  neuron: "a sigmoid unit",
  regression: "one sample of a regression",
  "2-2-1": "network 2-2-1, sigmoid output",
  "2-3-2": "network 2-3-2, softmax output",
};
const GRAINS = { operation: "one operation", layer: "one layer", pass: "one pass" };
const PHASES = { forward: "Forward", backward: "Backward", update: "Update" };
const MOST_PASSES = 1000;
const BOUND = 100; // of what can be typed

const SYMBOLS = {
  max: "max", square: "( )²", sigmoid: "σ", tanh: "tanh", relu: "relu", affine: "Σ",
  softmax: "softmax", squared: "½( )²", entropy2: "cost", entropy: "cost",
};
const symbolOf = (op) => SYMBOLS[op] ?? op;

/* Words of formulae --- */

const joined = (list) => list.join(" + ");
const inBrackets = (number) => (number < 0 ? `(${show(number)})` : show(number));
const bare = (text) => text.replace(/^\((.*)\)$/, "$1"); // a function has brackets of its own

/* The operation of a node, written with `p` for its parents: names, or numbers. */
function written(node, p) {
  const half = p.slice(0, p.length / 2).map((a, k) => [a, p[k + Math.floor(p.length / 2)]]);
  const forms = {
    square: () => `${p[0]}²`,
    max: () => `max(${p.map(bare).join(", ")})`,
    affine: () => `${joined(half.map(([a, w]) => `${w} · ${a}`))} + ${p[p.length - 1]}`,
    softmax: () => `exp ${p[node.unit]} / (${joined(p.map((z) => `exp ${z}`))})`,
    squared: () => `½ (${p[0]} − ${p[1]})²`,
    entropy2: () => `−${p[1]} · log ${p[0]} − (1 − ${p[1]}) · log(1 − ${p[0]})`,
    entropy: () => `−${half.map(([a, y]) => `${y} · log ${a}`).join(" − ")}`,
  };
  if (node.op in forms) return forms[node.op]();
  if (node.op === "×") return p.join(" · ");
  return "+−".includes(node.op) ? p.join(` ${node.op} `) : `${symbolOf(node.op)}(${bare(p[0])})`;
}

/* The local derivative of a node by its k-th parent as a formula, with v for its own name.
   (Nobody asks for the one by a target of a network.) */
function slopeWritten(node, k, p, v) {
  const other = p[1 - k];
  const n = Math.floor(p.length / 2);
  const forms = {
    "+": () => "1",
    "−": () => (k ? "−1" : "1"),
    "×": () => other,
    max: () => `[${p[k]} wins]`,
    square: () => `2 ${p[0]}`,
    sigmoid: () => `${v} (1 − ${v})`,
    tanh: () => `(1 − ${v}²)`,
    relu: () => `[${p[0]} > 0]`,
    affine: () => (k === 2 * n ? "1" : p[(k + n) % (2 * n)]),
    softmax: () => (k === node.unit ? `${v} (1 − ${v})` : `(−${v} ${v.slice(0, -1)}${"₁₂₃₄₅"[k]})`),
    squared: () => `(${p[0]} − ${p[1]})`,
    entropy2: () => `((1 − ${p[1]}) / (1 − ${p[0]}) − ${p[1]} / ${p[0]})`,
    entropy: () => `(−${p[k + n]} / ${p[k]})`,
  };
  return forms[node.op]();
}

const sentenceCase = (text) => text[0].toUpperCase() + text.slice(1);

const back = (text) => h("span", { class: "back" }, text);
const local = (text) => h("span", { class: "local" }, text);
const between = (parts, sign) => parts.flatMap((part, i) => (i ? [sign, ...part] : part));

/* What is to be seen at a state --- */

/* Everything that follows from the traits. Step k is the k-th of all steps since the start;
   those after an update belong to the next pass, which starts with the new values. */
function situation(model) {
  const nodes = graphNamed(model.get("graph"), model.get("hidden"), model.get("cost"));
  const steps = stepsOf(nodes);
  const typed = model.get("values");
  const wanted = model.get("step");
  if (!Number.isInteger(wanted) || wanted < 0) throw new Error("step is no whole number");
  let start = nodes.map((node) => (node.op ? 0 : typed[node.key] ?? node.start));
  if (!start.every((value) => Number.isFinite(value) && Math.abs(value) <= BOUND)) throw new Error("a value is no number, or out of bounds");
  const runs = [];
  const last = Math.min(Math.max(0, Math.ceil(wanted / steps.length) - 1), MOST_PASSES - 1);
  do {
    runs.push(passOf(nodes, start, model.get("eta")));
    start = runs[runs.length - 1].after;
  } while (runs[runs.length - 1].shown && runs.length <= last);
  const broken = !runs[runs.length - 1].shown;
  const length = steps.length;
  const k = Math.min(wanted, broken ? (runs.length - 1) * length : MOST_PASSES * length);
  const pass = Math.max(0, Math.ceil(k / length) - 1);
  const at = k - pass * length;
  const done = new Set(steps.slice(0, at).map(({ phase, place }) => `${phase} ${place}`));
  return {
    nodes, steps, runs, broken, k, pass, at, run: runs[pass], now: at ? steps[at - 1] : null,
    next: { ...steps[at % length], pass: at === length ? pass + 1 : pass },
    hasValue: (i) => !nodes[i].op || done.has(`forward ${i}`),
    hasGradient: (i) => done.has(`backward ${i}`),
    isUpdated: (i) => done.has(`update ${i}`),
    out: nodes[nodes.length - 1].name,
  };
}

/* Where a reader who goes by `grain` stops within a pass. */
function stopsOf(steps, grain) {
  const kind = { operation: (_, i) => i, layer: (step) => step.group, pass: (step) => step.phase }[grain];
  const kinds = steps.map(kind);
  return kinds.flatMap((one, i) => (one === kinds[i + 1] ? [] : [i + 1]));
}

const stopBefore = (stops, at) => stops.findLast((stop) => stop < at) ?? 0;

const resultOf = (run, { phase, place }) =>
  ({ forward: run.values, backward: run.gradients, update: run.after })[phase][place];

const nameOf = (view, { phase, place }) => {
  const { name } = view.nodes[place];
  return { forward: name, backward: `∂${view.out}/∂${name}`, update: `the new ${name}` }[phase];
};

/* What a node's children deliver: [child, k, backpropagated gradient, local derivative]. */
const deliveries = ({ nodes, run }, i) =>
  usesOf(nodes, i).map(([child, k]) => [child, k, run.gradients[child], run.locals[child][k]]);

/* How a guess was: whether it is right, and a sentence. Known mistakes are named. */
function verdict(view, run, item, guess, eta) {
  const truth = resultOf(run, item);
  const near = (x) => Math.abs(guess - x) <= 0.01 * Math.abs(x) + 0.001;
  const came = `${sentenceCase(nameOf(view, item))} is ${show(truth)}.`;
  if (near(truth)) return [true, came];
  const got = deliveries({ ...view, run }, item.place);
  const slip = { forward: [], backward: [
    [() => got.length > 1 && got.some(([, , g, l]) => near(g * l)), "That is one delivery alone; add them all."],
    [() => near(-truth), "The sign is the wrong way round."],
    [() => near(got.reduce((total, [, , , l]) => total + l, 0)), "That is the local derivative; multiply it by the backpropagated gradient."],
    [() => near(got.reduce((total, [, , g]) => total + g, 0)), "That is the backpropagated gradient; multiply it by the local derivative."],
  ], update: [
    [() => near(2 * run.values[item.place] - truth), "That is a step uphill: subtract η times the gradient."],
    [() => near(run.values[item.place] - run.gradients[item.place]), "The step size is missing."],
    [() => near(-eta * run.gradients[item.place]), "That is the step; add it to the old value."],
  ] }[item.phase].find(([met]) => met());
  return [false, `${came} ${slip ? slip[1] : "Compare with the formula."}`];
}

/* The explanation of one node --- */

function forwardLines({ nodes, run }, i) {
  const node = nodes[i];
  const p = node.parents;
  if (!p.length) return [[`${node.name} = ${show(run.values[i])}, as typed`]];
  return [
    [`${node.name} = ${written(node, p.map((k) => nodes[k].name))}`],
    [`= ${written(node, p.map((k) => inBrackets(run.values[k])))} = `, h("strong", {}, show(run.values[i]))],
  ];
}

function backwardLines(view, i) {
  const { nodes, run, out } = view;
  const name = nodes[i].name;
  if (i === nodes.length - 1) return [[`∂${out}/∂${out} = `, h("strong", {}, "1"), ": every backward pass begins so"]];
  const got = deliveries(view, i);
  const slope = (child, k) =>
    slopeWritten(nodes[child], k, nodes[child].parents.map((place) => nodes[place].name), nodes[child].name);
  const ways = waysFrom(nodes, run.locals, i);
  const measured = differenceAt(nodes, run.start, run.values, i);
  const gradient = run.gradients[i];
  const agree = Math.abs(measured - gradient) <= 1e-5 * Math.max(1, Math.abs(gradient));
  return [
    [`∂${out}/∂${name} = `, ...between(got.map(([child, k]) => [back(`∂${out}/∂${nodes[child].name}`), " · ", local(slope(child, k))]), " + ")],
    ["= ", ...between(got.map(([, , g, l]) => [back(inBrackets(g)), " · ", local(inBrackets(l))]), " + "), " = ", h("strong", {}, show(gradient))],
    [
      `${ways.length === 1 ? "One path" : `Sum over ${ways.length} paths`}: `,
      ...between(ways.map((way) => [`${way.places.map((place) => nodes[place].name).join(" → ")} gives ${show(way.product)}`]), "; "),
      ways.length > 1 ? `; together ${show(ways.reduce((total, way) => total + way.product, 0))}.` : ".",
    ],
    [`Finite difference: ${show(measured, 6)}, ${agree ? "✓ it agrees." : "✗ it differs: here is a kink, or the step was too long for the curve."}`],
  ];
}

function updateLines({ nodes, run, out }, i, eta) {
  const { name } = nodes[i];
  return [
    [`${name} ← ${name} − η · `, back(`∂${out}/∂${name}`)],
    [`= ${show(run.values[i])} − ${show(eta)} · `, back(inBrackets(run.gradients[i])), " = ", h("strong", {}, show(run.after[i]))],
  ];
}

/* The equations of a layer of a network, for a reader who goes layer by layer. */
function equations({ nodes }, { phase, place }) {
  const { layer, at } = nodes[place];
  if (at) return [];
  const [here, before, after] = [layer, layer - 1, layer + 1].map((l) => "⁰¹²³"[l]);
  const input = before === "⁰" ? "x" : `a${before}`;
  const delta = layer === nodes[nodes.length - 1].layer
    ? `δ${here} = ∂C/∂z${here} (BP1)`
    : `δ${here} = (W${after})ᵀ δ${after} ⊙ f′(z${here}) (BP2)`;
  return [[{
    forward: `z${here} = W${here} ${input} + b${here}, a${here} = f(z${here})`,
    backward: `${delta}, ∂C/∂b${here} = δ${here} (BP3), ∂C/∂W${here} = δ${here} (${input})ᵀ (BP4)`,
    update: `W${here} ← W${here} − η ∂C/∂W${here}, b${here} ← b${here} − η ∂C/∂b${here}`,
  }[phase]]];
}

/* One line for one step, when several are taken together. */
function shortLine(view, step, eta) {
  const lines = { forward: forwardLines, backward: backwardLines, update: updateLines }[step.phase](view, step.place, eta);
  return lines.length === 1 ? lines[0] : [`${nameOf(view, step)} `, ...lines[1]];
}

/* The card below the picture: what was just done, or all that is known of a picked node. */
function explain(card, view, taken, picked, eta, endPicking) {
  const { nodes } = view;
  const lines = [];
  const head = (text, ...rest) => lines.push(h("p", { class: "head" }, text, ...rest));
  const add = (list) => lines.push(...list.map((parts) => h("p", { class: "formula" }, ...parts)));
  if (picked >= 0) {
    head(`Chosen: ${nodes[picked].name} `, button("Back to the step", endPicking));
    if (view.hasValue(picked)) add(forwardLines(view, picked));
    else add([["Its value is not known yet."]]);
    if (view.hasGradient(picked)) add(backwardLines(view, picked));
    if (view.isUpdated(picked)) add(updateLines(view, picked, eta));
  } else if (!taken.length) {
    head("The start");
    add([
      ["Forward computes each value from its inputs. Backward multiplies ", back("the gradient that comes back"), " by ", local("the local derivative"), " and adds over the ways. Update takes a step downhill."],
      ["Press a node or a weight in the picture to see all that is known of it."],
    ]);
  } else if (taken.length === 1) {
    const [step] = taken;
    const { rule } = nodes[step.place];
    head(`${PHASES[step.phase]}: ${nameOf(view, step)}${step.phase === "backward" && rule ? ` (${rule})` : ""}`);
    add({ forward: forwardLines, backward: backwardLines, update: updateLines }[step.phase](view, step.place, eta));
  } else {
    head(`${PHASES[taken[0].phase]}: ${taken.length} steps together`);
    const groups = [...new Set(taken.map(({ group }) => group))];
    add(groups.flatMap((group) => equations(view, taken.find((step) => step.group === group))));
    lines.push(h("div", { class: "several scroll", tabindex: 0, role: "group", "aria-label": "The steps" }, ...taken.map((step) => h("p", { class: "formula" }, ...shortLine(view, step, eta)))));
  }
  card.replaceChildren(...lines);
}

/* What lights up with some nodes: these, their partners, and the edges "child k" between. */
function lightOf({ nodes }, mains, phase) {
  const uses = mains.flatMap((i) => (phase === "backward" ? usesOf(nodes, i) : []));
  const inputs = mains.flatMap((i) => (phase === "forward" ? nodes[i].parents.map((place, k) => [i, k, place]) : []));
  return {
    mains: new Set(mains),
    last: mains[mains.length - 1],
    partners: new Set([...inputs.map(([, , place]) => place), ...uses.map(([child]) => child)]),
    edges: new Set([...inputs, ...uses].map(([child, k]) => `${child} ${k}`)),
  };
}

/* The picture --- */

/* Draw a graph once; `update(view, light)` writes what is known at a state. */
function graphPicture(nodes, onpick) {
  const { width, height, places, edges, labels } = layoutOf(nodes);
  const write = (x, y, kind, text = "") => s("text", { class: kind, x, y, "text-anchor": "middle" }, text);
  const wires = edges.map((edge) => {
    const [x, y] = edge.tip;
    const slope = edge.slope && write(...edge.slope, "slope");
    const parts = [s("path", { class: "wire", d: edge.d }), s("path", { class: "tip", d: `M${x},${y}l${edge.turned ? 8 : -8},-4v8Z` }), slope];
    return { ...edge, group: s("g", { "aria-hidden": "true" }, ...parts), slope };
  });
  const items = nodes.map((node, i) => {
    const { x, y, w, h: tall } = places[i];
    const small = labels.has(i);
    const [centre, middle] = [x + w / 2, y + tall / 2];
    const value = write(centre, middle + (small ? -4 : 5), "value");
    const gradient = write(centre, middle + (small ? 12 : 21), "gradient");
    const name = small ? null : write(centre, middle - 12, "name", node.name);
    if (name && node.op) name.append(s("tspan", { class: "op", dx: 5 }, symbolOf(node.op)));
    const group = s(
      "g",
      {
        class: `node ${small ? "small" : ""} ${node.op ? "made" : "leaf"}`, role: "button", tabindex: i ? -1 : 0,
        "data-key": node.key, "aria-keyshortcuts": "PageUp PageDown Escape",
      },
      s("rect", { x, y, width: w, height: tall, rx: node.op ? 3 : small ? 6 : 14 }),
      name, value, gradient,
    );
    group.addEventListener("click", () => (group.getAttribute("aria-pressed") === "true" ? onpick(-1) : focus(i)));
    return { group, value, gradient, small };
  });
  function focus(i) {
    items.forEach((item, k) => item.group.setAttribute("tabindex", k === i ? 0 : -1));
    items[i].group.focus();
    onpick(i);
  }
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "The graph" });
  picture.append(...wires.map((wire) => wire.group), ...items.map((item) => item.group));
  picture.addEventListener("keydown", (event) => {
    const at = items.findIndex((item) => item.group === document.activeElement);
    const move = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0 || !(move || ["Enter", " ", "Escape"].includes(event.key))) return;
    event.preventDefault();
    if (event.key === "Escape") onpick(-1);
    else focus((at + (move ?? 0) + nodes.length) % nodes.length);
  });
  const scroll = h("div", { class: "graph", tabindex: 0, role: "group", "aria-label": "Picture of the graph" }, picture);
  picture.style.minWidth = `${Math.round(width * 0.75)}px`;
  picture.style.maxWidth = `${Math.round(width * 1.2)}px`;
  return {
    element: scroll,
    update(view, light, picked) {
      items.forEach((item, i) => writeNode(item, view, light, i, picked));
      for (const wire of wires) {
        const lit = wire.uses.some((use) => light.edges.has(use));
        wire.group.setAttribute("class", lit ? "lit" : "");
        const [child, k] = wire.uses[0].split(" ").map(Number);
        const known = view.hasValue(child) && (wire.always || lit);
        if (wire.slope) wire.slope.textContent = known ? show(view.run.locals[child][k], 3) : "";
      }
      if (light.last === undefined) return;
      const place = places[light.last];
      const zoom = picture.clientWidth / width;
      scroll.scrollLeft = (place.x + place.w / 2) * zoom - scroll.clientWidth / 2;
    },
  };
}

function writeNode(item, view, light, i, picked) {
  const { nodes, run } = view;
  const value = view.hasValue(i) ? show(run.values[i], 3) : "?";
  const changed = view.isUpdated(i) ? `→ ${show(run.after[i], 3)}` : "";
  const gradient = view.hasGradient(i) ? show(run.gradients[i], 3) : "";
  item.value.textContent = item.small
    ? `${nodes[i].key[0] === "W" ? "" : nodes[i].name} ${changed || value}`
    : [value, changed].filter(Boolean).join(" ");
  item.gradient.textContent = gradient && `∂ ${gradient}`;
  const { group } = item;
  group.classList.toggle("lit", light.mains.has(i));
  group.classList.toggle("partner", light.partners.has(i) && !light.mains.has(i));
  group.setAttribute("aria-pressed", i === picked);
  group.setAttribute("aria-label", [
    `${nodes[i].name} ${nodes[i].op ? symbolOf(nodes[i].op) : ""}`.trim(),
    `value ${value === "?" ? "not known yet" : value}`,
    gradient && `gradient ${gradient}`,
    changed && `new value ${changed.slice(2)}`,
  ].filter(Boolean).join(", "));
}

/* The table --- */

const HEADERS = ["node", "made from", "value", "backpropagated × local", "gradient", "finite difference", "after update"];

/* A row for each node, in which leaves can be typed; `update(view, light)` fills it. */
function graphTable(nodes, typing, ontype) {
  const rows = nodes.map((node, i) => {
    const field = typing && !node.op
      ? numberField(`Value of ${node.name}`, 0, (value) => ontype(i, value), { min: -BOUND, max: BOUND, name: "values" })
      : null;
    const cells = HEADERS.slice(1).map(() => h("td", {}));
    if (field) cells[1].append(field);
    const p = node.parents.map((place) => nodes[place].name);
    cells[0].textContent = node.op ? written(node, p) : "typed";
    return { field, cells, row: h("tr", { "data-key": node.key }, h("th", { scope: "row" }, node.name), ...cells) };
  });
  const caption = "Each node with its value and its gradient; inputs, weights and targets can be typed";
  const scroll = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    h("table", {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...HEADERS.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, ...rows.map(({ row }) => row)),
    ),
  );
  return {
    element: scroll,
    update(view, light) {
      rows.forEach(({ field, cells, row }, i) => {
        writeRow(view, i, field, cells);
        row.classList.toggle("partner", light.partners.has(i));
        if (light.mains.has(i)) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      });
      // Within the box alone: the page must not move under the reader.
      if (light.last !== undefined) scroll.scrollTop = rows[light.last].row.offsetTop - scroll.clientHeight / 2;
    },
  };
}

function writeRow(view, i, field, cells) {
  const { nodes, run } = view;
  const known = view.hasGradient(i);
  if (field) field.write(run.values[i]);
  else cells[1].textContent = view.hasValue(i) ? show(run.values[i], 5) : "";
  const got = deliveries(view, i).map(([, , g, l]) => `${inBrackets(g)} · ${inBrackets(l)}`);
  cells[2].textContent = !known ? "" : got.length ? joined(got) : "1";
  cells[3].textContent = known ? show(run.gradients[i], 5) : "";
  cells[4].textContent = known ? show(differenceAt(nodes, run.start, run.values, i), 5) : "";
  cells[5].textContent = view.isUpdated(i) ? show(run.after[i], 5) : "";
}

/* The live sentence --- */

function sentence(view) {
  const { nodes, steps, runs, now, pass, at, out } = view;
  if (view.broken && at % steps.length === 0) {
    return pass || at
      ? "Stopped: with the new values a number of the next pass is beyond a thousand million. The step size is too large, or the weights are."
      : "With these values a number is beyond a thousand million, or not finite: type smaller ones.";
  }
  if (!now) return `Nothing is computed yet. Next: ${nameOf(view, view.next)}.`;
  const own = steps.filter(({ phase }) => phase === now.phase);
  const text = `Pass ${pass + 1}, ${now.phase}, ${own.indexOf(now) + 1} of ${own.length}: ${nameOf(view, now)} = ${show(resultOf(view.run, now))}.`;
  const last = nodes.length - 1;
  if (now.phase === "forward" && now.place === last && pass) {
    const [before, after] = [runs[pass - 1].values[last], view.run.values[last]];
    return `${text} The update changed ${out} from ${show(before)} to ${show(after)}.`;
  }
  return `${text} Next: ${nameOf(view, view.next)}.`;
}

/* The whole --- */

function render({ model, el }) {
  let view = situation(model); // a broken link fails here, before anything is shown
  const parts = frame(el, {
    title: "Backpropagation, step by step",
    model,
    name: "backprop",
    settings: ["graph", "values", "step", "grain", "eta", "hidden", "cost", "picked"],
    help: "Press a node or a weight in the picture to choose it.",
    keys: [PAGES, ENTER, ESCAPE],
  });
  const card = h("div", { class: "known-of" });
  const details = parts.data.parentElement;
  details.open = true;
  const guess = prediction({ question: "", run: "Step" });
  const question = guess.element.querySelector("label");
  let picture;
  let rows;
  let drawn = "";

  const set = (state) => setAll(model, state);
  function move(forward) {
    const { k, pass, at, steps, next } = view;
    const stops = stopsOf(steps, model.get("grain"));
    const first = pass * steps.length;
    const on = at < steps.length ? first + stops.find((stop) => stop > at) : k + stops[0];
    const before = first + stopBefore(stops, at);
    const committed = guess.guess;
    guess.reset();
    set({ picked: "", step: forward ? on : before });
    const run = view.runs[next.pass];
    if (forward && committed !== null && run && view.k > k) {
      guess.answer(...verdict(view, run, next, committed, model.get("eta")), committed);
    }
  }
  function pick(i) {
    set({ picked: i < 0 ? "" : view.nodes[i].key });
  }
  function type(i, value) {
    // The pass that is shown starts anew; if it has run far away, the first one.
    const near = view.run.start.every((one) => Math.abs(one) <= BOUND);
    const start = (near ? view.run : view.runs[0]).start.map((one, place) => (place === i ? value : one));
    const changed = view.nodes.flatMap((node, place) => (start[place] === node.start ? [] : [[node.key, start[place]]]));
    guess.reset();
    set({ values: Object.fromEntries(changed), step: near ? view.at : 0 });
  }
  const network = [
    choice(model, "hidden", "Activation", { tanh: "tanh", sigmoid: "sigmoid", relu: "ReLU" }),
    choice(model, "cost", "Cost", { entropy: "cross-entropy", squared: "squared error" }),
  ];
  const graphs = choice(model, "graph", "Graph", GRAPHS);
  const restart = (state = {}) => {
    guess.reset();
    set({ picked: "", step: 0, ...state });
  };
  const stepping = h("div", { class: "control", "data-control": "step" },
    button("To the start", () => restart()),
    button("Back", () => move(false)),
    button("Step", () => move(true), { class: "main" }),
  );
  const eta = slider(model, "eta", "Step size η", { min: 0.001, max: 10, log: true });
  const original = button("Values of the book", () => restart({ values: {} }));
  parts.stage.before(h("div", { class: "controls" }, graphs, ...network, eta));
  parts.controls.append(stepping, choice(model, "grain", "Step by", GRAINS), parts.status);
  parts.data.before(h("div", { "data-control": "values" }, original));
  parts.more.append(card, guess.element);

  // A new graph has other values.
  graphs.querySelector("select").addEventListener("input", () => restart({ values: {} }));

  function draw() {
    view = situation(model);
    const shape = ["graph", "hidden", "cost"].map((name) => model.get(name)).join(" ");
    if (shape !== drawn) {
      drawn = shape;
      picture?.element.remove();
      picture = graphPicture(view.nodes, pick);
      rows = graphTable(view.nodes, ![model.hidden ?? []].flat().includes("values"), type);
      parts.stage.prepend(picture.element);
      parts.data.replaceChildren(rows.element);
      network[0].hidden = !model.get("graph").includes("-");
      network[1].hidden = model.get("graph") !== "2-2-1";
    }
    const picked = view.nodes.findIndex((node) => node.key === model.get("picked"));
    const from = stopBefore(stopsOf(view.steps, model.get("grain")), view.at);
    const taken = view.steps.slice(from, view.at);
    const phase = picked < 0 ? view.now?.phase : view.hasGradient(picked) ? "backward" : "forward";
    const light = lightOf(view, picked < 0 ? taken.map(({ place }) => place) : [picked], phase);
    parts.root.classList.toggle("many", light.mains.size > 1);
    picture.update(view, light, picked);
    rows.update(view, light);
    explain(card, view, taken, picked, model.get("eta"), () => {
      pick(-1);
      stepping.querySelector(".main").focus();
    });
    question.textContent = `What will ${nameOf(view, view.next)} be?`;
    parts.say(sentence(view));
  }
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
