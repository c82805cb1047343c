/* A truth table, set by the reader, and the network that computes it. */

import { ENTER, button, choice, demand, frame, group, h, loop, numberField, setAll, show, table, textField } from "./core.js";
import { digits, functionOf, inputsOf, mergedTerms, mintermsOf, numberOf, pattern, readFormula, singleUnit, termNetwork, termText, termsOf } from "./engine/boolean.js";
import { passThrough, unitsIn } from "./engine/hand_built.js";
import { guessing, networkPicture, placeOf, sumText, unitName, withIndex } from "./hand_network.js";

const RECIPES = {
  minterms: "a unit for each true row",
  merged: "the fewest merged terms",
  opposite: "a unit for each false row",
};

const EXAMPLES = {
  parity: (x) => x.reduce((sum, bit) => sum + bit, 0) % 2,
  "all on": (x) => Math.min(...x),
  "at least half on": (x) => (2 * x.reduce((sum, bit) => sum + bit, 0) >= x.length ? 1 : 0),
  "x₁ or all others": (x) => Math.max(x[0], Math.min(...x.slice(1))),
};

const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

function render({ model, el }) {
  demand(model, {
    outputs: (value) => /^([01]{4}|[01]{8}|[01]{16})$/.test(value),
    unit: (value) => value !== "",
  });
  const parts = frame(el, {
    title: "A truth table becomes a network",
    model,
    name: "boolean",
    settings: ["outputs", "recipe", "row", "unit", "guess_first"],
    help: "Press an output of the table or an input of the network to change it, and a unit to see its sum.",
    keys: [ENTER],
  });
  const change = (name, value) => setAll(model, { [name]: value });
  const outputs = () => model.get("outputs");
  const k = () => inputsOf(outputs());
  const row = () => model.get("row") % outputs().length;
  const names = () => Array.from({ length: k() }, (_, j) => withIndex("x", j));
  const terms = () => termsOf(outputs(), model.get("recipe"));
  const network = () => termNetwork(terms(), model.get("recipe") === "opposite");

  const truth = h("div", { class: "column", "data-control": "outputs" });
  const picture = networkPicture({
    label: "The network of the truth table",
    onchoose: (key) => change("unit", key),
    onflip: (j) => change("row", row() ^ (1 << (k() - 1 - j))),
  });
  const sums = h("p", { class: "sums" });
  const guess = guessing(model, {
    question: "How many hidden units will the recipe need for this table?",
    again: "Guess about another table",
    count: () => terms().length,
    another() {
      const old = outputs();
      let next;
      do {
        next = functionOf(1 + Math.floor(Math.random() * (2 ** old.length - 2)), k());
      } while (next === old);
      change("outputs", next);
    },
    redraw: () => draw(),
  });

  function resize(next) {
    const old = outputs();
    const before = k();
    if (next === before) return;
    const length = 2 ** next;
    // An input that comes changes nothing yet; one that goes is taken as 0.
    const from = (i) => (next > before ? i >> (next - before) : i << (before - next));
    change("outputs", Array.from({ length }, (_, i) => old[from(i)]).join(""));
  }
  const sizes = [2, 3, 4].map((n) => button(String(n), () => resize(n)));
  const examples = Object.entries(EXAMPLES).map(([text, rule]) =>
    button(text, () => {
      const all = Array.from({ length: 2 ** k() }, (_, i) => rule(digits(pattern(i, k()))));
      change("outputs", all.join(""));
    }),
  );
  const formula = textField("Formula", (text) => text && change("outputs", readFormula(text, k())), {
    name: "formula", size: 26, placeholder: "x1 and not x2 or x3",
  });
  const number = numberField(
    "Number of the function",
    0,
    (value) => {
      const count = 2 ** outputs().length;
      if (value >= count) throw new Error(`With ${k()} inputs the numbers go up to ${count - 1}.`);
      change("outputs", functionOf(value, k()));
    },
    { min: 0, max: 65535, integer: true, name: "number" },
  );
  let waited = 0;
  const runner = loop(
    parts.root,
    (elapsed) => {
      waited += elapsed;
      if (waited < 900) return true;
      waited = 0;
      change("row", (row() + 1) % outputs().length);
      return row() !== 0;
    },
    (running) => {
      run.textContent = running ? "Stop" : "Run";
    },
  );
  const step = (by) => () => {
    runner.stop();
    change("row", (row() + by + outputs().length) % outputs().length);
  };
  const run = button("Run", () => {
    waited = 0;
    if (runner.running()) runner.stop();
    else runner.start();
  });

  parts.stage.append(truth, h("div", { class: "beside" }, picture.element, guess.cover, sums));
  parts.controls.append(
    group("Go through the rows", "row", button("Previous row", step(-1)), button("Next row", step(1)), run),
    group("Inputs", "inputs", ...sizes),
    choice(model, "recipe", "Recipe", RECIPES),
    group("Start with", "examples", ...examples),
    formula,
    number,
  );
  parts.more.append(guess.box);

  let rows = [];
  function buildTruth() {
    rows = Array.from({ length: outputs().length }, (_, i) => {
      const choose = button([...pattern(i, k())].join(" "), () => change("row", i), { "aria-label": `row ${pattern(i, k())}` });
      const toggle = button("0", () => {
        const old = outputs();
        change("outputs", old.slice(0, i) + (old[i] === "1" ? "0" : "1") + old.slice(i + 1));
      });
      const answer = h("td", {});
      return { choose, toggle, answer, line: h("tr", {}, h("th", { scope: "row" }, choose), h("td", {}, toggle), answer) };
    });
    const head = [names().join(" "), "f", "network"].map((text) => h("th", { scope: "col" }, text));
    truth.replaceChildren(
      h("table", {}, h("caption", {}, "The truth table"), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows.map((one) => one.line))),
    );
  }

  function words(layers, A, Z) {
    return (l, i) => {
      const name = unitName(layers, l, i);
      const what = l === 0 ? `hidden unit ${name}, ${termText(terms()[i])}` : "output unit y";
      return `${what}: sum ${show(Z[l][i])}, ${A[l + 1][i] ? "on" : "off"}`;
    };
  }

  function sumOf(layers, A, Z) {
    const [l, i] = placeOf(layers, model.get("unit"));
    const before = l === 0 ? names() : terms().map((_, j) => withIndex("h", j));
    const { W, b } = layers[l];
    const name = unitName(layers, l, i);
    const what = l === 0 ? `${name} asks “${termText(terms()[i])}”` : `y is ${model.get("recipe") === "opposite" ? "1 if none of them is on" : "the OR of the hidden units"}`;
    return `${what}: 1 if ${sumText(W[i], b[i], before)} ≥ 0. Here the sum is ${show(Z[l][i])}, so ${name} = ${A[l + 1][i]}.`;
  }

  function draw() {
    const layers = network();
    const { Z, A } = passThrough(layers, digits(pattern(row(), k())));
    if (rows.length !== outputs().length) buildTruth();
    const covered = guess.isCovered();
    guess.update();
    rows.forEach(({ choose, toggle, answer, line }, i) => {
      const bit = outputs()[i];
      choose.setAttribute("aria-pressed", String(i === row()));
      toggle.textContent = bit;
      toggle.setAttribute("aria-pressed", String(bit === "1"));
      toggle.setAttribute("aria-label", `f of ${pattern(i, k())}: ${bit}; press to change it`);
      answer.textContent = covered ? "?" : passThrough(layers, digits(pattern(i, k()))).A.at(-1)[0];
      line.setAttribute("aria-current", String(i === row()));
    });
    sizes.forEach((one, i) => one.setAttribute("aria-pressed", String(i + 2 === k())));
    number.write(numberOf(outputs()));
    picture.element.hidden = sums.hidden = covered;
    parts.data.parentElement.hidden = covered;
    if (covered) {
      parts.say(`The function is true on ${mintermsOf(outputs()).length} of ${outputs().length} rows. How many hidden units will it take?`);
      return;
    }
    picture.draw({ layers, A, chosen: model.get("unit"), words: words(layers, A, Z) });
    sums.textContent = sumOf(layers, A, Z);
    const on = terms().flatMap((_, i) => (A[1][i] ? [withIndex("h", i)] : []));
    const one = singleUnit(outputs());
    parts.say(
      `Row ${pattern(row(), k())}: ${on.length ? `${on.join(", ")} on` : "no hidden unit is on"}, the network answers ${A.at(-1)[0]}, the table says ${outputs()[row()]}. ` +
        `${count(unitsIn(layers) - 1, "hidden unit")}; true rows ${mintermsOf(outputs()).length}, merged terms ${mergedTerms(outputs()).length}. ` +
        (one ? `A single threshold unit could do it too: ${sumText(one.w, one.b, names())} ≥ 0.` : "No single threshold unit can do it."),
    );
    const value = (number) => show(number);
    table(parts.data, `Weights and values on row ${pattern(row(), k())}`, ["unit", "computes", "weights", "bias", "sum", "value"],
      layers.flatMap(({ W, b }, l) =>
        W.map((weights, i) => [
          unitName(layers, l, i), l === 0 ? termText(terms()[i]) : model.get("recipe") === "opposite" ? "none of them" : "any of them",
          weights.map(value).join(", "), value(b[i]), value(Z[l][i]), value(A[l + 1][i]),
        ]),
      ),
    );
  }
  const onfunction = () => guess.forget();
  model.on("change:outputs", onfunction);
  model.on("change:recipe", onfunction);
  model.on("change", draw);
  draw();
  return () => {
    runner.end();
    guess.end();
    model.off("change:outputs", onfunction);
    model.off("change:recipe", onfunction);
    model.off("change", draw);
  };
}

export default { render };
