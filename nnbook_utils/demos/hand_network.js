/* The picture of a network that was built by hand, and a guess at how many units it has. */

import { h, prediction, s, show, uniqueId } from "./core.js";

const LETTERS = { 2: ["h", "y"], 3: ["h", "g", "y"] };

const SMALL_DIGITS = "₀₁₂₃₄₅₆₇₈₉";

export const withIndex = (letter, i) => letter + [...String(i + 1)].map((digit) => SMALL_DIGITS[digit]).join("");

/* What unit i of layer l is called; the last layer has one unit, y. */
export function unitName(layers, l, i) {
  const letter = LETTERS[layers.length][l];
  return letter === "y" ? "y" : withIndex(letter, i);
}

/* The place [layer, unit] of a key such as "h2", "g1" or "y"; the output if it is none. */
export function placeOf(layers, key) {
  const l = LETTERS[layers.length].indexOf(key[0]);
  const i = Number(key.slice(1)) - 1;
  return l >= 0 && i < layers[l].b.length && i >= 0 ? [l, i] : [layers.length - 1, 0];
}

const keyOf = (layers, l, i) => (l === layers.length - 1 ? "y" : `${LETTERS[layers.length][l]}${i + 1}`);

/* A weighted sum as it is written: "x₁ − x₂ − 0.5". */
export function sumText(weights, bias, names, digits = 4) {
  const parts = weights.flatMap((w, j) => (w === 0 ? [] : [[w, names[j]]]));
  if (bias !== 0 || !parts.length) parts.push([bias, ""]);
  return parts
    .map(([value, name], place) => {
      const size = Math.abs(value);
      const text = name && size === 1 ? name : `${show(size, digits)}${name ? `\u2009${name}` : ""}`;
      if (place === 0) return value < 0 ? `−${text}` : text;
      return `${value < 0 ? "−" : "+"} ${text}`;
    })
    .join(" ");
}

/* A network as circles and lines, solid for positive weights and dashed for negative ones.
   `onchoose(key)` is called for a unit, `onflip(j)` for an input (if inputs can be set).
   `draw({layers, A, chosen, words, map})`: `words(l, i)` describes a unit for readers of
   the screen, `map(l, i)` may give the address of a small picture of it. */
export function networkPicture({ label, onchoose, onflip = null }) {
  const width = 440;
  const picture = s("svg", { role: "group", "aria-label": label });
  const element = h("div", { class: "plane hand-network" }, picture);
  let shape = "";
  let units = [];
  let lines = [];
  let notes = null;
  let gap = 44;

  const act = (work) => ({
    onclick: work,
    onkeydown(event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      work();
    },
  });

  function build(widths, layers, mapped) {
    const tallest = Math.max(...widths, 3);
    gap = tallest > 9 ? 36 : 48;
    const height = tallest * gap + 30;
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const columns = widths.map((_, l) => 46 + ((width - 92) * l) / (widths.length - 1));
    const place = (l, i) => [columns[l], height / 2 + (i - (widths[l] - 1) / 2) * gap];
    lines = widths.slice(1).map((count, l) =>
      Array.from({ length: count }, (_, i) =>
        Array.from({ length: widths[l] }, (__, j) => {
          const [[x1, y1], [x2, y2]] = [place(l, j), place(l + 1, i)];
          return s("line", { x1, y1, x2, y2 });
        }),
      ),
    );
    units = widths.map((count, l) =>
      Array.from({ length: count }, (_, i) => {
        const [x, y] = place(l, i);
        const isInput = l === 0;
        const work = isInput ? onflip && (() => onflip(i)) : () => onchoose(keyOf(layers, l - 1, i));
        const image = mapped && !isInput ? s("image", { x: -21, y: -15, width: 42, height: 30, preserveAspectRatio: "none" }) : null;
        const outline = image ? s("rect", { class: "outline", x: -21, y: -15, width: 42, height: 30, rx: 3 }) : s("circle", { r: 15 });
        const value = s("text", { class: "value", "text-anchor": "middle", y: 4 });
        const name = isInput ? withIndex("x", i) : unitName(layers, l - 1, i);
        const element = s(
          "g",
          { class: `unit${image ? " mapped" : ""}`, transform: `translate(${x} ${y})`, ...(work ? { tabindex: 0, role: "button", ...act(work) } : { role: "img" }) },
          image ? s("rect", { class: "backing", x: -21, y: -15, width: 42, height: 30 }) : null,
          image,
          outline,
          s("text", { class: "name", "text-anchor": isInput ? "end" : "start", x: isInput ? -20 : image ? 25 : 19, y: 4 }, name),
          value,
        );
        return { element, image, value, x, y };
      }),
    );
    notes = s("g", { class: "notes", "aria-hidden": "true" });
    picture.replaceChildren(
      s("g", { class: "weights", "aria-hidden": "true" }, ...lines.flat(2)),
      ...units.flat().map((unit) => unit.element),
      notes,
    );
  }

  function draw({ layers, A, chosen, words, map = null }) {
    const widths = A.map((values) => values.length);
    const now = `${widths} ${map !== null}`;
    if (now !== shape) build(widths, layers, map !== null);
    shape = now;
    const [L, I] = placeOf(layers, chosen);
    layers.forEach(({ W }, l) => {
      const largest = Math.max(1e-12, ...W.flat().map(Math.abs));
      W.forEach((row, i) =>
        row.forEach((weight, j) => {
          const line = lines[l][i][j];
          const kind = weight > 0 ? "positive" : weight < 0 ? "negative" : "none";
          line.setAttribute("class", `${kind}${l === L && i === I ? " chosen" : ""}`);
          line.setAttribute("stroke-width", (0.8 + (1.4 * Math.abs(weight)) / largest).toFixed(2));
        }),
      );
    });
    units.forEach((column, l) =>
      column.forEach(({ element, image, value }, i) => {
        const level = A[l][i];
        value.textContent = show(level, 2);
        element.classList.toggle("on", level >= 0.5);
        if (l > 0) {
          const isChosen = l - 1 === L && i === I;
          element.classList.toggle("chosen", isChosen);
          element.setAttribute("aria-pressed", String(isChosen));
          element.setAttribute("aria-label", words(l - 1, i));
          if (image) image.setAttribute("href", map(l - 1, i));
        } else {
          element.setAttribute("aria-label", `input x${i + 1}: ${show(level)}${onflip ? "; press to change it" : ""}`);
        }
      }),
    );
    write(layers[L].W[I], layers[L].b[I], L, units[L + 1][I]);
  }

  /* The weights of the chosen unit at its lines, and its bias below it. */
  function write(weights, bias, l, unit) {
    const isLast = l === units.length - 2;
    const texts = weights.flatMap((weight, j) => {
      if (weight === 0) return [];
      const from = units[l][j];
      const t = 0.45;
      return [s("text", { "text-anchor": "middle", x: from.x + t * (unit.x - from.x), y: from.y + t * (unit.y - from.y) + 4 }, show(weight, 3))];
    });
    notes.replaceChildren(
      ...texts,
      s("text", { "text-anchor": isLast ? "middle" : "start", x: unit.x + (isLast ? 0 : 20), y: unit.y + (isLast ? 29 : 20) }, `b = ${show(bias, 3)}`),
    );
  }
  return { element, draw };
}

/* Predict first: while the answer is covered, `isCovered()` is true and nothing of the
   network is to be shown. `another()` sets up something new to guess about. */
export function guessing(model, { question, again, count, another, redraw }) {
  const isHidden = [model.hidden ?? []].flat().includes("predict");
  let covered = model.get("guess_first") && !isHidden;
  const asked = prediction({
    question,
    again,
    commit(guess) {
      covered = false;
      redraw();
      const truth = count();
      asked.answer(guess === truth, `It is ${truth}.${guess === truth ? "" : " Look where the difference comes from."}`);
    },
    renew() {
      covered = true;
      another();
      redraw();
    },
  });
  const forget = () => (covered ? asked.reset() : asked.rest());
  const cover = h("p", { class: "cover", id: uniqueId() }, "The network is covered. Commit to a guess below, and it is shown.");
  const onask = () => {
    covered = model.get("guess_first") && !isHidden;
    forget();
    redraw();
  };
  model.on("change:guess_first", onask);
  forget();
  return {
    box: asked.element,
    cover,
    isCovered: () => covered,
    /* Something else is shown now: an old verdict would not fit it. */
    forget,
    update() {
      cover.hidden = !covered;
    },
    end: () => model.off("change:guess_first", onask),
  };
}
