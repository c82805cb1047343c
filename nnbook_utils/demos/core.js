/* What the demos share: elements, controls bound to traits, a plane with axes and movable
   points, a loop that rests when nobody looks, a sentence for screen readers, a table of
   the data, guesses, and links that carry the whole state.

   `model` is anywidget's: get, set, on("change:name", f), off, save_changes. In a page of
   the book, book/_page/static/nnbook.js gives one that is as simple. */

import { range } from "./engine/range.js";

/* Elements --- */

/* Give an element attributes, if any, and children; what starts with "on" listens. */
export function fill(element, ...given) {
  const attributes = given[0]?.constructor === Object ? given.shift() : {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...given.filter((child) => child != null));
  return element;
}

/* An HTML element: h("button.go", {type: "button", onclick: f}, "Step") is of the class go. */
export function h(kind, ...given) {
  const [tag, name] = kind.split(".");
  const element = document.createElement(tag);
  if (name) element.className = name;
  return fill(element, ...given);
}

export const s = (tag, ...given) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), ...given);

/* By chance: each demo of a page has a copy of this module. */
export const uniqueId = () => `nn-${Math.random().toString(36).slice(2)}`;

/* Put an element over a part of its box: [left, top, width, height] as shares. */
export function cover(element, shares) {
  ["left", "top", "width", "height"].forEach((side, i) => {
    element.style[side] = `${100 * shares[i]}%`;
  });
  return element;
}

/* A number as the book prints it: four significant digits, a true minus sign. */
export function show(value, digits = 4) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "not a number";
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6);
  const text = isPlain ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 2).replace(/\.?0*e\+?/, "e");
  return text.replaceAll("-", "−");
}

/* A power of ten as a logarithmic axis has it: 10⁻⁶, but 0.1, 1 and 10. */
export function power(value) {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(exponent) < 2) return show(value);
  const digits = [...String(Math.abs(exponent))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/* The colours of the figures, light or dark as the page of `element` is now. */
export function palette(element) {
  // JupyterLab renders before it attaches: the colours are then those of a stand-in.
  const place = element.isConnected ? element : document.body.appendChild(h("div.nn-demo", { hidden: true }));
  const style = getComputedStyle(place);
  const colour = (name) => style.getPropertyValue(`--demo-${name}`).trim();
  const colours = Object.fromEntries(["ink", "paper", "accent", "truth"].map((name) => [name, colour(name)]));
  colours.classes = [0, 1, 2, 3, 4, 5].map((k) => colour(`class-${k}`));
  if (place !== element) place.remove();
  return colours;
}

/* Call `redraw` when the page goes from light to dark or back. Returns what ends it. */
export function onMode(redraw) {
  const watcher = new MutationObserver(redraw);
  const attributeFilter = ["data-theme", "data-jp-theme-light"];
  for (const root of [document.documentElement, document.body]) watcher.observe(root, { attributeFilter });
  return () => watcher.disconnect();
}

/* The marker of class k around (0, 0), as the d of a path. */
export function marker(k, r = 5) {
  const turn = (corners, from, inner = 1) =>
    `M${range(corners).map((i) => {
      const angle = from + (2 * Math.PI * i) / corners;
      const size = i % 2 ? r * inner : r;
      return `${(size * Math.cos(angle)).toFixed(2)},${(size * Math.sin(angle)).toFixed(2)}`;
    }).join("L")}Z`;
  const up = -Math.PI / 2;
  return [
    `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
    turn(4, Math.PI / 4),
    turn(3, up),
    turn(4, up),
    turn(10, up, 0.45),
    turn(3, -up),
  ][k];
}

/* What marks and lines mean: each entry has a `text`, a `kind` for its colour, and the
   `shape` of a mark or the `dash` of a line ("" for a solid one), or both. */
export function legend(entries) {
  const sample = ({ kind, shape, dash }) =>
    s(
      "svg",
      { class: kind, viewBox: "-16 -9 32 18", width: 32, height: 18, "aria-hidden": "true" },
      dash === undefined ? null : s("path", { class: "curve", d: "M-16,0H16", "stroke-dasharray": dash || null }),
      shape ? s("path", { class: "mark", d: shape }) : null,
    );
  return h("ul.legend", ...entries.map((one) => h("li", sample(one), one.text)));
}

/* The frame of a demo --- */

export const ARROWS = "arrow keys move what has the focus, with Shift ten times as far";
export const PAGES = "Page Up and Page Down go to another";
export const DELETE = "Delete removes it";
export const ENTER = "Enter or Space presses it";
export const ESCAPE = "Escape goes back";

/* Lay a demo out in `el`. Returns its parts; `say(text)` is seen, and heard by screen readers,
   at most twice a second. `help` is a sentence for mouse and finger, `keys` say what the keys
   do. */
export function frame(el, { title, model, settings, name, help, keys }) {
  const [controls, stage, data, more] = ["controls", "stage", "data", "more"].map((part) => h(`div.${part}`));
  const status = h("p.status", { role: "status", "aria-live": "polite" });
  const root = h("div", { class: `nn-demo ${name}`, role: "group", "aria-label": title },
    h("p.title", title), stage, status, controls, more,
    h("p.help", `${help} With the keyboard, ${keys.join("; ")}.`),
    h("details.numbers", h("summary", "The numbers as a table"), data));
  el.replaceChildren(root);
  let [waiting, last] = [null, 0];
  function say(text) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      last = performance.now();
      if (status.textContent !== text) status.textContent = text;
    }, last + 500 - performance.now());
  }
  linkBox(root, model, name, settings);
  hideControls(root, model.hidden);
  keepKeys(root);
  return { root, controls, stage, status, data, more, say };
}

/* JupyterLab would take the arrow keys to go from cell to cell, unless the very element that
   has the focus says otherwise. It refuses a new line in a text box by a listener at the
   box, which must not be reached. A finger that rests, or presses a text box with words,
   would open its menu, which takes the focus. */
export function keepKeys(root) {
  fill(root, { "data-jp-suppress-context-menu": "" });
  root.addEventListener("focusin", (event) => {
    fill(event.target, { "data-lm-suppress-shortcuts": "" });
  });
  const pass = (event) => event.inputType === "insertLineBreak" && event.stopPropagation();
  root.addEventListener("beforeinput", pass, true);
}

/* Write rows, arrays of text, into a table. In closed details it waits for their opening. */
export function table(box, caption, headers, rows, current = -1) {
  const details = box.closest("details");
  if (details && !box.draw) details.addEventListener("toggle", () => details.open && box.draw());
  const cell = (text, place) => (place ? h("td", text) : h("th", { scope: "row" }, text));
  box.draw = () => {
    const grid = h("table",
      h("caption", caption),
      h("thead", h("tr", ...headers.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", ...rows.map((row, i) => h("tr", { "aria-current": i === current ? "true" : null }, ...row.map(cell)))));
    // The box around it stays, with the focus and the place that it was scrolled to.
    const scroll = box.querySelector(".scroll") ?? h("div.scroll", { tabindex: 0, role: "group" });
    fill(scroll, { "aria-label": caption });
    scroll.replaceChildren(grid);
    if (!scroll.isConnected) box.replaceChildren(scroll);
  };
  if (!details || details.open) box.draw();
}

/* Throw unless each trait that is named passes its test: a link may bring anything, and the
   page then starts without it (nnbook.js). */
export function demand(model, tests) {
  const wrong = Object.keys(tests).find((name) => !tests[name](model.get(name)));
  if (wrong) throw new Error(`${wrong} cannot be ${JSON.stringify(model.get(wrong))}`);
}

/* Controls --- */

export function setAll(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

/* Call `use(value)` now and whenever the trait changes. */
export function follow(model, name, use) {
  const update = () => use(model.get(name));
  model.on(`change:${name}`, update);
  update();
}

/* Keep a trait and `input[key]` the same; the scale of a slider needs `read` and `write`. */
function bound(model, name, input, key, read = (given) => given, write = read) {
  input.addEventListener("input", () => setAll(model, { [name]: read(input[key]) }));
  follow(model, name, (value) => {
    input[key] = write(value);
  });
  return input;
}

/* What was typed, as a number; NaN if it is none. */
function typedNumber(text) {
  const number = Number(text.trim().replaceAll("−", "-").replace(",", ".") || NaN);
  return Number.isFinite(number) ? number : NaN;
}

/* An element to be set, with its label; `name` is what a teacher's link hides it by. */
export function labelled(text, name, input, ...rest) {
  input.id = uniqueId();
  return h("div.control", { "data-control": name || null }, h("label", { for: input.id }, text), input, ...rest);
}

/* A slider with its value beside it. With `log`, equal steps multiply; with `zero` as
   well, the left end means 0, one step before `min`. */
export function slider(model, name, text, { min, max, step = 0.01, log = false, zero = false, unit = "" }) {
  const left = zero ? Math.log10(min) - step : -Infinity;
  const to = log ? (x) => Math.max(left, Math.log10(x)) : (x) => x;
  const from = log ? (x) => (x < left + step / 2 ? 0 : Number((10 ** x).toPrecision(3))) : (x) => x;
  const input = h("input", { type: "range", min: zero ? left : to(min), max: to(max), step });
  const output = h("output", { "aria-live": "off" }); // the slider itself is heard
  const read = (place) => from(Number(place));
  bound(model, name, input, "value", read, (value) => {
    const words = show(value) + unit;
    output.textContent = words;
    fill(input, { "aria-valuetext": words });
    return to(value);
  });
  return labelled(text, name, input, output);
}

export const optionsOf = (texts) => Object.entries(texts).map(([value, text]) => h("option", { value }, text));

export function choice(model, name, text, options) {
  return labelled(text, name, bound(model, name, h("select", ...optionsOf(options)), "value"));
}

export function checkbox(model, name, text) {
  const input = bound(model, name, h("input", { type: "checkbox" }), "checked");
  const box = labelled(text, name, input);
  box.prepend(input);
  return box;
}

/* A field for one number; it says what is not a number, or out of bounds. */
export function numberField(text, value, onvalue, { min = -Infinity, max = Infinity, integer = false, name = "" } = {}) {
  const read = (words) => {
    const typed = typedNumber(words);
    if (Number.isNaN(typed)) throw new Error("Type a number, such as 0.5.");
    if (integer && !Number.isInteger(typed)) throw new Error("Type a whole number.");
    if (typed < min || typed > max) throw new Error(`Type a number from ${show(min)} to ${show(max)}.`);
    onvalue(typed);
  };
  const box = textField(text, read, { name, size: 7, inputmode: "decimal" });
  const { write } = box;
  box.write = (number) => write(show(number, 6));
  box.write(value);
  return box;
}

/* A field for a line of text, read when it is left or on Enter; it says what `onvalue` throws. */
export function textField(text, onvalue, { name = "", size = 24, ...attributes } = {}) {
  const problem = h("span.problem", { id: uniqueId(), role: "alert" });
  const input = h("input", { type: "text", size, "aria-describedby": problem.id, spellcheck: "false", ...attributes });
  const tell = (wrong) => {
    problem.textContent = wrong;
    fill(input, { "aria-invalid": String(wrong !== "") });
  };
  input.addEventListener("change", () => {
    try {
      onvalue(input.value.trim());
      tell("");
    } catch (error) {
      tell(error.message);
    }
  });
  const box = labelled(text, name, input, problem);
  box.write = (words) => {
    if (document.activeElement === input) return;
    input.value = words;
    tell("");
  };
  return box;
}

export function group(words, name, ...items) {
  return h("div.control", { role: "group", "aria-label": words, "data-control": name }, h("span", words), ...items);
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

/* Tabs bound to a trait, with their panels: {value: {title, element}}. */
export function tabs(model, name, label, panels) {
  const open = (value) => setAll(model, { [name]: value });
  const parts = Object.entries(panels).map(([value, { title, element }]) => {
    const [id, panelId] = [uniqueId(), uniqueId()];
    const tab = button(title, () => open(value), { role: "tab", id, "aria-controls": panelId });
    return { value, tab, panel: h("div", { role: "tabpanel", id: panelId, "aria-labelledby": id }, element) };
  });
  function onkeydown(event) {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    const now = parts.findIndex(({ value }) => value === model.get(name));
    const next = parts.at((now + turn) % parts.length);
    open(next.value);
    next.tab.focus();
  }
  follow(model, name, (chosen) => {
    for (const { value, tab, panel } of parts) {
      panel.hidden = value !== chosen;
      tab.tabIndex = panel.hidden ? -1 : 0;
      fill(tab, { "aria-selected": String(!panel.hidden) });
    }
  });
  const bar = h("div.tabs", { role: "tablist", "aria-label": label, "data-control": name, onkeydown }, ...parts.map(({ tab }) => tab));
  return h("div.tabbed", bar, ...parts.map(({ panel }) => panel));
}

/* A plane with axes --- */

/* The first of 1, 2, 5, 10, 20 ... and of 0.5, 0.2, 0.1 ... that is not below `value`. */
export function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * [1, 2, 5, 10].find((factor) => factor * unit >= value);
}

function ticksOf(from, to, about) {
  const step = roundUp((to - from) / about);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return range(count).map((i) => Number(((first + i) * step).toPrecision(12)));
}

function powersOf(from, to, about) {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const count = Math.floor(Math.log10(to) + 1e-9) - first + 1;
  const each = Math.max(1, Math.ceil(count / about));
  return range(count).map((i) => 10 ** (first + i)).filter((_, i) => i % each === 0);
}

const LINEAR = { up: (v) => v, back: (v) => v, ticks: ticksOf, left: 54 };

/* On this scale equal heights multiply. */
export const LOG = { up: Math.log10, back: (v) => 10 ** v, ticks: powersOf, left: 82 };

/* A picture of the plane: `x` and `y` are [from, to], positive on the scale LOG; `texts` write
   the numbers at the axes. `px`, `py` turn data into places in the drawing, `at(event)` a
   pointer's place into data. What is drawn goes into `layer`, or on the canvas `behind`.
   `view(x, y, names)` sets other ends. */
export function plane({ x, y, label, names = ["x₁", "x₂"], width = 436, height = 420, canvas = false, scale = LINEAR, texts = [show, show] }) {
  const { up } = scale;
  const [left, top, right, bottom] = [scale.left, 10, width - 16, height - 36];
  const inner = { width: right - left, height: bottom - top };
  const [axes, layer] = [s("g", { class: "axes", "aria-hidden": "true" }), s("g", { class: "layer" })];
  const clip = uniqueId();
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label },
    s("defs", s("clipPath", { id: clip }, s("rect", { x: left, y: top, ...inner }))), axes, layer);
  const places = [left / width, top / height, inner.width / width, inner.height / height];
  const behind = canvas ? cover(h("canvas", { ...inner, "aria-hidden": "true" }), places) : null;
  const element = h("div.plane", { style: `max-width: ${width}px` }, behind, picture);
  const tall = () => up(self.y[1]) - up(self.y[0]);
  const line = (value, ends) => s("line", { class: value === 0 ? "zero" : "grid", ...ends });
  const word = (text, place) => s("text", { "text-anchor": "middle", ...place }, text);
  const self = {
    element, picture, layer, behind, inner, clip: `url(#${clip})`,
    px: (value) => left + (inner.width * (value - self.x[0])) / (self.x[1] - self.x[0]),
    py: (value) => top + (inner.height * (up(self.y[1]) - up(value))) / tall(),
    at(event) {
      const box = picture.getBoundingClientRect();
      const across = (((event.clientX - box.left) * width) / box.width - left) / inner.width;
      const down = (((event.clientY - box.top) * height) / box.height - top) / inner.height;
      return [self.x[0] + across * (self.x[1] - self.x[0]), scale.back(up(self.y[1]) - down * tall())];
    },
    path: (points) => points.map(([u, v], i) => `${i ? "L" : "M"}${self.px(u).toFixed(2)},${self.py(v).toFixed(2)}`).join(""),
    view(newX, newY, newNames = names) {
      self.x = newX;
      self.y = newY;
      axes.replaceChildren(
        ...ticksOf(...newX, inner.width / 60).flatMap((value) => {
          const u = self.px(value);
          return [line(value, { x1: u, x2: u, y1: top, y2: bottom }), word(texts[0](value), { x: u, y: bottom + 17 })];
        }),
        ...scale.ticks(...newY, inner.height / 50).flatMap((value) => {
          const v = self.py(value);
          return [line(value, { x1: left, x2: right, y1: v, y2: v }), word(texts[1](value), { x: left - 6, y: v + 4, "text-anchor": "end" })];
        }),
        word(newNames[0], { class: "name", x: (left + right) / 2, y: height - 2 }),
        word(newNames[1], { class: "name", transform: `translate(11 ${(top + bottom) / 2}) rotate(-90)` }),
      );
    },
  };
  self.view(x, y);
  return self;
}

/* Follow a pointer that is pressed on `element`: `start` and `move` get its events. */
export function drag(element, start, move) {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    start(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) move(event);
  });
}

/* A point of the plane that is moved by mouse, finger or arrow keys (Shift: ten times as
   far): `onmove([x, y])` is asked for each move, `place(x, y)` puts it there. */
export function handle(on, { label, onmove, step = 0.1, shape = marker(0, 8), kind = "accent" }) {
  const point = s("g", { class: `handle ${kind}`, tabindex: 0, role: "button", "aria-roledescription": "movable point" },
    s("circle", { r: 14 }), // room for a finger
    s("path", { d: shape }));
  let where = [0, 0];
  const take = (event) => {
    point.focus();
    event.preventDefault();
  };
  drag(point, take, (event) => onmove(on.at(event)));
  point.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const far = step * (event.shiftKey ? 10 : 1);
    onmove(where.map((value, i) => Number((value + far * move[i]).toPrecision(12))));
  });
  return {
    element: point,
    place(u, v) {
      where = [u, v];
      const place = `translate(${on.px(u)} ${on.py(v)})`;
      fill(point, { transform: place, "aria-label": `${label} at ${show(u)}, ${show(v)}; arrow keys move it` });
    },
  };
}

export function arrow(kind) {
  const line = s("line");
  const head = s("path", { d: "M0,0L-10,-5L-10,5Z" });
  return {
    element: s("g", { class: `arrow ${kind}` }, line, head),
    place(on, [u0, v0], [u1, v1]) {
      const [x1, y1, x2, y2] = [on.px(u0), on.py(v0), on.px(u1), on.py(v1)];
      const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
      const visibility = Math.hypot(x2 - x1, y2 - y1) < 1 ? "hidden" : "visible";
      fill(line, { x1, y1, x2, y2 });
      fill(head, { transform: `translate(${x2} ${y2}) rotate(${turn})`, visibility });
    },
  };
}

export function saveFile(name, text) {
  const link = h("a", { download: name, href: URL.createObjectURL(new Blob([text])) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/* A loop that calls `step(elapsed)`, in milliseconds, for each frame while it runs and is in
   sight, until that returns false; two frames a second for who asks for less motion. */
export function loop(root, step, onchange = () => {}) {
  let [running, seen, request, before] = [false, true, 0, 0];
  const watcher = new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    wake();
  });
  watcher.observe(root);
  function tick(now) {
    request = 0;
    if (!running || !seen || !root.isConnected) return;
    if (!calm() || now - before >= 500) {
      const elapsed = Math.min(now - before, 1000); // not the time that nobody looked
      before = now;
      if (step(elapsed) === false) turn(false);
    }
    wake();
  }
  function wake() {
    if (running && seen) request ||= requestAnimationFrame(tick);
  }
  function turn(on) {
    if (running === on) return;
    running = on;
    before = performance.now();
    onchange(on);
    wake();
  }
  function end() {
    turn(false);
    watcher.disconnect();
  }
  return { start: () => turn(true), stop: () => turn(false), running: () => running, end };
}

/* Ask for a guess before the run: `options` is {value: label}, or null for a number. The
   reader commits to it, then presses the button called `run`. `answer(right, came)` says how
   it was, in a sentence. To guess `again`, `renew()` may set up something else. */
export function prediction({ question, options = null, run = "Run", again = "Guess again", commit = () => {}, renew = () => {} }) {
  const told = h("p.verdict", { role: "status" });
  const field = options
    ? h("select", ...optionsOf({ "": "your guess", ...options }))
    : h("input", { type: "text", inputmode: "decimal", size: 7 });
  const label = labelled(question, "predict", field);
  const settle = button("Commit to it", () => {
    const value = options ? field.value || NaN : typedNumber(field.value);
    if (Number.isNaN(value)) {
      told.textContent = options ? "Choose one first." : "Type a number first.";
      return;
    }
    self.guess = value;
    self.waits = field.disabled = settle.disabled = true;
    more.hidden = false;
    told.textContent = `Committed. Now press ${run}, and compare.`;
    commit(value);
  });
  const more = button(again, () => {
    self.reset();
    renew();
    field.focus();
  });
  const self = {
    element: h("fieldset.predict", { "data-control": "predict" }, h("legend", "Predict first"), label, settle, more, told),
    guess: null,
    waits: false,
    answer(right, came, said = self.guess) {
      self.waits = false;
      told.textContent = `${right ? "✓ Right." : "✗ Not this time."} You said: ${options ? options[said] : show(said)}. ${came}`;
    },
    reset(asks = true) {
      self.guess = null;
      self.waits = field.disabled = settle.disabled = false;
      label.hidden = settle.hidden = !asks;
      more.hidden = asks;
      field.value = told.textContent = "";
    },
    /* Nothing is asked until the reader wants to guess. */
    rest: () => self.reset(false),
  };
  self.reset();
  return self;
}

/* The state in a link, with the controls that a teacher's link hides; in JupyterLab, in the
   call that makes this widget. */
function linkBox(root, model, name, settings) {
  const field = h("input", { type: "text", readonly: true });
  const hide = h("input", { type: "text", value: (model.hidden ?? []).join(", "), oninput: write });
  const [names, told] = [h("p"), h("p", { role: "status" })];
  function write() {
    const state = Object.fromEntries(settings.map((key) => [key, model.get(key)]));
    const hidden = hide.value.match(/[^\s,]+/g);
    const link = JSON.stringify(hidden ? { ...state, hide: hidden } : state);
    field.value = model.page ? `${location.href.split("#")[0]}#demo.${name}=${encodeURIComponent(link)}` : inPython(name, state);
    told.textContent = "";
  }
  async function copy() {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "Copied.";
    } catch {
      told.textContent = "It is selected: copy it with the keyboard."; // not permitted here
    }
  }
  function ontoggle() {
    const parts = [...root.querySelectorAll("[data-control]")].map((part) => part.dataset.control);
    names.textContent = `Their names, to be separated by commas: ${[...new Set(parts)].join(", ")}.`;
    write();
  }
  const box = h("details.state-link", { ontoggle },
    h("summary", model.page ? "A link to this state" : "This state in Python"),
    labelled("The whole state", "", field, button("Copy", copy)),
    ...(model.page ? [labelled("For a teacher: hide these controls", "", hide), names] : []),
    told);
  model.on("change", () => box.open && write());
  root.append(box);
}

function inPython(name, state) {
  const words = { true: "True", false: "False", null: "None" };
  const inWords = (value) => JSON.stringify(value).replace(/"(\\.|[^"\\])*"|true|false|null/g, (found) => words[found] ?? found);
  const kind = name.replace(/(^|_)(\w)/g, (_, dash, letter) => letter.toUpperCase());
  return `demos.${kind}(${Object.entries(state).map(([key, value]) => `${key}=${inWords(value)}`).join(", ")})`;
}

/* Hide what a teacher's link names, now and when more controls come. */
function hideControls(root, hidden = []) {
  if (!hidden.length) return;
  root.id = uniqueId();
  const rules = hidden.map((name) => `#${root.id} [data-control="${name}"]`);
  root.append(h("style", `${rules.join(",")} { display: none; }`));
}
