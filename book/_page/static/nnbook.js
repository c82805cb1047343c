/* Live figures and questions. Their modules are those that JupyterLab gets, as scripts in
   live/ (tools/book_page.py); a module's `render` is called with a model like anywidget's,
   whose values are in the page, or in the link that led here: #demo.name={...}. */
class PageModel {
  constructor(state, hidden, given) {
    this.state = state;
    this.hidden = hidden;
    this.given = given; // the names of what the link says
    this.page = true;
    this.listeners = new Map();
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    this.tell(`change:${name}`);
    this.tell("change");
  }
  tell(event) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener();
  }
  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
  off(event, listener) {
    const kept = (this.listeners.get(event) ?? []).filter((one) => one !== listener);
    this.listeners.set(event, listener ? kept : []);
  }
  save_changes() {} // nobody to save them for
}

/* What the link that led here says of the first live figure of a kind. */
function linked(name) {
  const [start, ...rest] = location.hash.slice(1).split("=");
  if (start !== `demo.${name}`) return {};
  try {
    return { ...JSON.parse(decodeURIComponent(rest.join("="))) };
  } catch {
    return {}; // cut off, or changed by hand
  }
}

/* May a trait have this value? `limits` are those of its Python side. */
function allowed(value, limits) {
  if (value === null) return limits.none ?? false;
  if (limits.of) return limits.of.includes(value);
  if (limits.each) {
    const fits = Array.isArray(value) && value.length >= limits.least && value.length <= limits.most;
    return fits && value.every((one) => allowed(one, limits.each));
  }
  if (limits.items) {
    const fits = Array.isArray(value) && value.length === limits.items.length;
    return fits && value.every((one, i) => allowed(one, limits.items[i]));
  }
  if (limits.type === "number") {
    if (!(limits.whole ? Number.isSafeInteger(value) : Number.isFinite(value))) return false;
    return value >= (limits.min ?? -Infinity) && value <= (limits.max ?? Infinity);
  }
  if (limits.type === "object" && Array.isArray(value)) return false;
  return !limits.type || typeof value === limits.type;
}

document.addEventListener("DOMContentLoaded", () => {
  const met = new Set();
  for (const box of document.querySelectorAll(".nn-live")) {
    const name = box.dataset.live;
    const module = window.nnbookLive?.[name];
    if (!module) continue;
    const start = JSON.parse(box.dataset.state);
    const { hide = [], ...state } = met.has(name) ? {} : linked(name);
    const hidden = [hide].flat().filter((control) => /^[\w-]+$/.test(control));
    const known = Object.entries(state).filter(([key, value]) => key in start && key in module.limits && allowed(value, module.limits[key]));
    const el = document.createElement("div");
    box.replaceChildren(el);
    try {
      module.render({ model: new PageModel({ ...start, ...Object.fromEntries(known) }, hidden, known.map(([key]) => key)), el });
    } catch (problem) {
      if (!known.length) throw problem;
      // The link was cut off or changed by hand.
      module.render({ model: new PageModel(start, [], []), el });
    }
    if (known.length) box.scrollIntoView();
    met.add(name);
  }
  addEventListener("hashchange", () => location.hash.startsWith("#demo.") && location.reload());
});

/* The text is shown once its formulae are set and its fonts are there, or after a
   second: lines that have been read do not move. (KaTeX's own listener comes first.) */
document.addEventListener("DOMContentLoaded", () => {
  // A formula that keeps its full stop may still end a line after each of its relations.
  for (const base of document.querySelectorAll(".nn-keep .base:not(:last-child, :has(+ wbr))")) {
    base.after(document.createElement("wbr"));
  }
  const second = new Promise((resolve) => setTimeout(resolve, 1000));
  Promise.race([document.fonts.ready, second]).then(() => {
    document.documentElement.classList.remove("nn-setting");
  });
});

/* What is wider than the screen scrolls inside itself; the keyboard must reach it too. */
function reachable() {
  const wide = "div.math > :has(> .katex-display), .highlight pre, .cell_output figure, .pst-scrollable-table-container";
  for (const box of document.querySelectorAll(wide)) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);

/* What a search found on a page is shown as plain text: of the chapter alone, without what
   stands around it, and with formulae as one types them, t^2/2 for \(\frac{t^2}{2}\). */
const TYPED = {
  "mfrac > :first-child": (top) => top.append("/"),
  "msub > :last-child, msubsup > :nth-child(2)": (low) => low.prepend("_"),
  "msup > :last-child, msubsup > :last-child": (high) => high.textContent === "′" || high.prepend("^"),
  annotation: (tex) => tex.remove(),
};

function legible(formula) {
  const tex = formula.textContent.trim().replace(/^\\[([]|\\[)\]]$/g, "");
  katex.render(tex, formula, { output: "mathml", throwOnError: false });
  for (const [parts, type] of Object.entries(TYPED)) formula.querySelectorAll(parts).forEach(type);
}

if (typeof Search !== "undefined") {
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const target = anchor && page.getElementById(anchor.slice(1));
    // An empty target only marks the place where something begins.
    const found = target && (target.textContent ? target : target.parentElement) || page.querySelector("article");
    for (const aside of found.querySelectorAll(".headerlink, .eqno, script, style")) aside.remove();
    found.querySelectorAll(".math").forEach(legible);
    return found.textContent;
  };
}
