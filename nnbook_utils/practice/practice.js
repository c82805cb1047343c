/* The questions of a chapter: asked, marked, explained, and remembered in this browser. */

import { button, h, keepKeys, saveFile, show, uniqueId } from "../demos/core.js";
import { evaluate } from "./engine/expression.js";
import { answersOf, isComputed, mark, readEntry } from "./engine/marking.js";
import { fillTex, valueInTex } from "./engine/text.js";
import { toMathML } from "./engine/tex.js";

/* Texts with formulae and numbers --- */

/* KaTeX is in the pages of the book; elsewhere a formula is MathML. */
function typeset(box, tex, display = false) {
  if (!globalThis.katex) {
    box.innerHTML = toMathML(tex, display);
    return;
  }
  globalThis.katex.render(tex, box, { displayMode: display, throwOnError: false });
  // Beside a full stop that it keeps, a line may end after each of its relations.
  for (const base of box.querySelectorAll(".base:not(:last-child)")) base.after(h("wbr"));
}

const asText = (value) => (Array.isArray(value) ? `(${value.map(asText).join(", ")})` : show(value));

/* Links between notebooks are links between pages in the built book. JupyterLab has the path
   of the notebook in its address: there the other one is opened in a tab of its own. Where
   nothing can be opened the words of a link are left. */
let inBook = false;
function fitLinks(box) {
  for (const link of box.querySelectorAll("a[href]")) {
    const to = link.getAttribute("href");
    if (inBook) link.setAttribute("href", to.replace(/\.(ipynb|md)(?=#|$)/, ".html"));
    else if (link.origin !== location.origin || location.pathname.endsWith(".ipynb")) link.target = "_blank";
    else link.replaceWith(...link.childNodes);
  }
}

/* Our own HTML (of the questions' file), with the values of `names` put in. */
function prose(tag, text, names, attributes = {}) {
  const box = h(tag, attributes);
  box.innerHTML = text;
  for (const slot of box.querySelectorAll(".slot")) {
    slot.textContent = asText(evaluate(slot.textContent.slice(2, -2), names));
  }
  for (const place of box.querySelectorAll(".math")) {
    const formula = place.textContent;
    typeset(place, fillTex(formula.slice(2, -2), names), formula.startsWith("\\["));
  }
  fitLinks(box);
  return box;
}

function formula(tex) {
  const box = h("span", { class: "math" });
  typeset(box, tex);
  return box;
}

/* What is remembered --- */

const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/* What was kept, without what an older book or another hand has left there. */
function soundly(kept) {
  const sound = ([, one]) => isRecord(one) && Number.isInteger(one.variant) && isRecord(one.answers) && Object.values(one.answers).every(isRecord);
  return isRecord(kept) ? Object.fromEntries(Object.entries(kept).filter(sound)) : {};
}

/* Whether what was kept can be an entry of this part, as the part is today. */
function fitsPart(part, entry) {
  const places = (part.options ?? part.items ?? []).map((_, i) => i);
  if (part.kind === "one") return places.includes(entry);
  if (part.kind === "all") return Array.isArray(entry) && entry.every((i) => places.includes(i));
  if (part.kind === "ordering") return Array.isArray(entry) && entry.length === places.length && places.every((i) => entry.includes(i));
  return typeof entry === "string";
}

/* {id: {variant, answers: {"0/part": {entry, outcome, tries, hints, solved, missed}}}} of a
   chapter, in this browser alone. */
function memory(chapter) {
  const key = `nnbook.practice.${chapter}`;
  let kept = {};
  let lasting = true;
  try {
    kept = soundly(JSON.parse(localStorage.getItem(key) ?? "{}")?.questions);
  } catch {
    lasting = false; // no storage here, or not ours: the next answer tells
  }
  const self = {
    shownBy: new Set(), // all that show these answers: each can be drawn again
    lasting: () => lasting,
    all: () => kept,
    question(id) {
      kept[id] ??= { variant: 0, answers: {} };
      return kept[id];
    },
    save() {
      try {
        localStorage.setItem(key, JSON.stringify({ version: 1, questions: kept }));
        lasting = true;
      } catch {
        lasting = false;
      }
    },
    erase() {
      kept = {};
      try {
        localStorage.removeItem(key);
      } catch {
        lasting = false;
      }
    },
    text: () => JSON.stringify({ chapter, version: 1, questions: kept }, null, 2),
  };
  return self;
}

/* One memory a chapter for all cells of a page; each may bring its own copy of this module. */
function memoryOf(chapter) {
  const memories = (globalThis.nnbookPractice ??= new Map());
  if (!memories.has(chapter)) memories.set(chapter, memory(chapter));
  return memories.get(chapter);
}

/* Ways to enter an answer: {element, read, write, invalid} --- */

/* A label that is a formula alone gets a word: not every reader's aid reads MathML. */
function labelOf(text, names, input, word) {
  const label = prose("label", text, names, { for: input });
  const words = [...label.childNodes].filter((node) => !node.classList?.contains("math")).map((node) => node.textContent);
  if (!words.join("").trim()) label.prepend(h("span", { class: "visually-hidden" }, word));
  return label;
}

function typedEntry(part, names) {
  const id = uniqueId();
  const problem = h("span", { class: "problem", id: uniqueId(), role: "alert" });
  const common = { id, autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-describedby": problem.id };
  const field =
    part.kind === "matrix"
      ? h("textarea", { ...common, rows: Math.max(2, part.shape[0]) })
      : h("input", { ...common, type: "text" });
  return {
    element: h("div", { class: "entry" }, labelOf(part.ask, names, id, "Your answer, "), field, problem),
    read: () => field.value,
    write: (entry) => {
      field.value = entry;
    },
    invalid(words) {
      problem.textContent = words;
      field.setAttribute("aria-invalid", words ? "true" : "false");
    },
  };
}

function chosenEntry(part, names) {
  const group = uniqueId();
  const problem = h("span", { class: "problem", role: "alert" });
  const inputs = part.options.map(() =>
    h("input", { type: part.kind === "one" ? "radio" : "checkbox", name: group, id: uniqueId() }),
  );
  const lines = part.options.map((option, i) =>
    h("div", { class: "option" }, inputs[i], labelOf(option.text, names, inputs[i].id, `Option ${i + 1}, `)),
  );
  const asked = part.kind === "one" ? "Choose one" : "Choose all that apply";
  const ticked = () => inputs.flatMap((input, i) => (input.checked ? [i] : []));
  return {
    element: h("fieldset", { class: "options" }, h("legend", {}, asked), ...lines, problem),
    read: () => (part.kind === "one" ? (ticked()[0] ?? null) : ticked()),
    write(entry) {
      inputs.forEach((input, i) => {
        input.checked = [entry].flat().includes(i);
      });
    },
    invalid(words) {
      problem.textContent = words;
    },
  };
}

/* An order to start from that is not the right one, the same each time. */
function shuffledOrder(count) {
  const all = Array.from({ length: count }, (_, i) => i);
  return [...all.filter((i) => i % 2), ...all.filter((i) => i % 2 === 0)];
}

function orderedEntry(part, names, changed) {
  const told = h("span", { class: "visually-hidden", role: "status" });
  const list = h("ol", { class: "order" });
  const rows = part.items.map((item, i) => {
    const text = prose("span", item, names, { class: "item", id: uniqueId() });
    const mover = (sign, words, by) => button(sign, () => move(i, by), { "aria-label": `${words}: ${text.textContent}` });
    return h("li", {}, text, mover("↑", "Move up", -1), mover("↓", "Move down", 1));
  });
  let order = shuffledOrder(part.items.length);
  function place() {
    list.replaceChildren(...order.map((i) => rows[i]));
  }
  function move(item, by) {
    const from = order.indexOf(item);
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    const held = document.activeElement;
    [order[from], order[to]] = [order[to], order[from]];
    place();
    held.focus(); // moving an element takes the focus away
    told.textContent = `Now in place ${to + 1} of ${order.length}.`;
    changed();
  }
  place();
  return {
    element: h("div", {}, list, told),
    read: () => [...order],
    write(entry) {
      if (entry.length === order.length) order = [...entry];
      place();
    },
    invalid() {},
  };
}

const ENTRIES = { one: chosenEntry, all: chosenEntry, ordering: orderedEntry };

/* One part of a question --- */

const letterOf = (question, part) => (question.parts.length > 1 ? `${"abcdefgh"[question.parts.indexOf(part)]})` : "");

/* What the reader found for the parts before `part` and is not simply right. */
function foundBefore(question, part, records) {
  const found = {};
  for (const earlier of question.parts.slice(0, question.parts.indexOf(part))) {
    const record = records(earlier);
    if (!isComputed(earlier) || !record.outcome || record.outcome === "right" || !fitsPart(earlier, record.entry)) continue;
    const { value } = readEntry(earlier.kind, record.entry, earlier.shape);
    if (value !== undefined) found[earlier.id] = value;
  }
  return found;
}

const WORDS_OF = {
  right: ["✓ Right.", ""],
  follows: ["✓ Right, from your own answer.", "It follows from what you found before, which is not right yet."],
  known: ["✗ Not yet.", ""],
  wrong: ["✗ Not yet.", ""],
};

/* An option with its reason; one that is a sentence needs no colon. */
function reasoned(option, names, sign = "") {
  const text = prose("span", option.text, names);
  const between = /[.?!]$/.test(text.textContent.trim()) ? " " : ": ";
  return h("li", {}, sign, text, between, prose("span", option.why, names));
}

/* The explanations of options: of the chosen one; of wrong ticks; of all when all is right. */
function optionNotes(part, value, outcome, names) {
  if (part.kind === "one") return [prose("p", part.options[value].why, names)];
  const line = (option) => reasoned(option, names);
  if (outcome === "right") return [h("ul", {}, ...part.options.map(line))];
  const extra = part.options.filter((option, i) => !option.right && value.includes(i));
  const missing = part.options.filter((option, i) => option.right && !value.includes(i)).length;
  return [
    extra.length ? h("p", {}, extra.length === 1 ? "One tick is too many:" : `${extra.length} ticks are too many:`) : null,
    extra.length ? h("ul", {}, ...extra.map(line)) : null,
    missing ? h("p", {}, missing === 1 ? "One tick is missing." : `${missing} ticks are missing.`) : null,
  ];
}

function toldOf(part, value, { outcome, mistake }, names) {
  const [verdict, more] = WORDS_OF[outcome];
  const first = h("p", {}, h("strong", {}, verdict), more ? ` ${more}` : "");
  const box = h("div", { class: `told ${outcome}` }, first);
  if (mistake?.words) first.append(` It looks as if ${mistake.words}.`);
  if (mistake) box.append(prose("p", mistake.why, names));
  if (part.options) box.append(...optionNotes(part, value, outcome, names).filter(Boolean));
  return box;
}

function solutionOf(question, part, variant, found) {
  const box = h("div", { class: "note solution" });
  const { answer, follows, own } = isComputed(part) ? answersOf(question, part, variant, found) : { own: variant.given };
  const line = h("p", {}, h("strong", {}, "Solution. "));
  if (isComputed(part)) {
    line.append(formula(valueInTex(follows)));
    if (asText(answer) !== asText(follows)) line.append(", from your own answer before; with the right one ", formula(valueInTex(answer)));
  } else if (part.items) {
    line.append("In this order:");
  } else {
    line.append(part.options.some((option) => option.right) ? "What is right, and why:" : "");
  }
  const names = isComputed(part) ? { ...own, [part.id]: follows } : own;
  box.append(line);
  if (part.items) box.append(h("ol", {}, ...part.items.map((item) => prose("li", item, names))));
  if (part.options) {
    const entry = (option) => reasoned(option, names, option.right ? "✓ " : "✗ ");
    box.append(h("ul", {}, ...part.options.map(entry)));
  }
  box.append(prose("div", part.solution, names));
  return box;
}

/* The names that the texts of a part may use. */
function namesFor(question, part, variant, found) {
  return isComputed(part) ? answersOf(question, part, variant, found).own : variant.given;
}

function partView(question, part, variant, records, changed) {
  const record = records(part);
  const found = () => foundBefore(question, part, records);
  const letter = letterOf(question, part);
  const status = h("div", { class: "verdict", role: "status" });
  const told = h("div", {});
  const hints = h("div", {});
  const solution = h("div", {});
  status.append(told, hints, solution);

  function stale() {
    told.replaceChildren();
    entry.invalid("");
  }
  const entry = (ENTRIES[part.kind] ?? typedEntry)(part, variant.given, stale);

  function tell(value) {
    const result = mark(question, part, variant, value, found());
    told.replaceChildren(toldOf(part, value, result, namesFor(question, part, variant, found())));
    return result;
  }
  function check() {
    const typed = entry.read();
    const { value, problem = "" } = readEntry(part.kind, typed, part.shape);
    entry.invalid(problem);
    if (problem) {
      told.replaceChildren();
      return;
    }
    const { outcome, mistake } = tell(value);
    const wrong = outcome === "wrong" || outcome === "known";
    Object.assign(record, { entry: typed, outcome, tries: (record.tries ?? 0) + 1 });
    if (wrong) record.missed = [...new Set([...(record.missed ?? []), mistake?.words ?? "not right at first"])];
    changed();
  }
  function showHints() {
    const shown = part.hints.slice(0, record.hints ?? 0);
    hints.replaceChildren(
      ...shown.map((hint, i) => {
        const box = prose("div", hint, variant.given, { class: "note" });
        box.prepend(h("strong", {}, part.hints.length > 1 ? `Hint ${i + 1}.` : "Hint."));
        return box;
      }),
    );
    hint.hidden = shown.length === part.hints.length;
  }
  function showSolution() {
    solution.replaceChildren(solutionOf(question, part, variant, found()));
  }
  const of = letter ? ` ${letter.replace(")", "")}` : "";
  const hint = button("Hint", () => {
    record.hints = (record.hints ?? 0) + 1;
    showHints();
    changed();
  });
  const solve = button("Show the solution", () => {
    if (!record.outcome || record.outcome === "wrong" || record.outcome === "known") record.solved = true;
    showSolution();
    changed();
  });
  // No <form>: in JupyterLab none gets its submission.
  const box = h(
    "div",
    { class: "part", role: letter ? "group" : null, "aria-label": letter ? `Part ${of.trim()}` : null },
    part.text ? h("div", { class: "prompt" }, letter ? h("p", { class: "letter" }, letter) : null, prose("div", part.text, variant.given)) : null,
    entry.element,
    h("div", { class: "buttons" }, button(`Check${of}`, check, { class: "main" }), hint, solve),
    status,
  );
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "text") check();
  });
  box.addEventListener("input", stale);
  if (record.outcome && fitsPart(part, record.entry)) {
    entry.write(record.entry);
    const { value } = readEntry(part.kind, record.entry, part.shape);
    if (value !== undefined) tell(value);
  }
  showHints();
  if (record.solved) showSolution();
  return box;
}

/* One question --- */

const isRight = (record) => (record?.outcome === "right" || record?.outcome === "follows") && !record.solved;

/* How a question stands: "right" once all parts of one variant are, without the solution. */
function standing(question, kept) {
  const answers = kept?.answers ?? {};
  const all = question.variants.some((_, k) => question.parts.every((part) => isRight(answers[`${k}/${part.id}`])));
  if (all) return "right";
  return Object.values(answers).some((record) => record.outcome || record.solved) ? "tried" : "open";
}

function questionView(question, store, changed) {
  const sign = h("span", { class: "sign" });
  const body = h("div", {});
  const count = h("span", { role: "status" });
  const total = question.variants.length;
  const another = button("Another like this", () => {
    const kept = store.question(question.id);
    kept.variant = (kept.variant + 1) % total;
    draw();
    count.textContent = `Numbers ${kept.variant + 1} of ${total}.`;
    changed();
  });
  const root = h(
    "fieldset",
    { class: "question" },
    h("legend", {}, `Question ${question.number}`, sign),
    body,
    total > 1 ? h("div", { class: "buttons" }, another, count) : null,
  );
  function stand() {
    sign.textContent = { right: " ✓ right", tried: " … not yet", open: "" }[standing(question, store.all()[question.id])];
  }
  function draw() {
    const kept = store.question(question.id);
    if (!question.variants[kept.variant]) kept.variant = 0; // there were more, once
    const variant = question.variants[kept.variant];
    const records = (part) => (kept.answers[`${kept.variant}/${part.id}`] ??= {});
    body.replaceChildren(
      prose("div", question.text, variant.given, { class: "text" }),
      ...question.parts.map((part) => partView(question, part, variant, records, changed)),
    );
    stand();
  }
  draw();
  return { root, draw, stand };
}

/* The summary of the chapter --- */

function missedOf(question, kept) {
  return question.parts.flatMap((part) => {
    const records = Object.entries(kept?.answers ?? {}).filter(([key]) => key.endsWith(`/${part.id}`));
    const words = [...new Set(records.flatMap(([, record]) => record.missed ?? []))];
    return words.length ? [`${letterOf(question, part)} ${words.join("; ")}`.trim()] : [];
  });
}

function summaryView(questions, chapter, store, redraw) {
  const told = h("div", {});
  const asked = h("span", { hidden: true }, "All answers of this chapter? ");
  const erase = button("Erase my answers", () => ask(true));
  const really = button("Yes, erase", () => {
    store.erase();
    redraw();
    ask(false);
    erase.focus();
  });
  const keep = button("No, keep them", () => {
    ask(false);
    erase.focus();
  });
  function ask(open) {
    asked.hidden = !open;
    erase.hidden = open;
    if (open) keep.focus();
  }
  asked.append(really, " ", keep);
  const save = button("Save my answers as a file", () => saveFile(`${chapter}.answers.json`, store.text()));
  function draw() {
    const kept = store.all();
    const right = questions.filter((question) => standing(question, kept[question.id]) === "right").length;
    const missed = questions.flatMap((question) => missedOf(question, kept[question.id]).map((words) => `Question ${question.number}: ${words}.`));
    told.replaceChildren(
      h("p", {}, `${right} of ${questions.length} questions right.`, missed.length ? " What was missed on the way:" : ""),
      missed.length ? h("ul", {}, ...missed.map((words) => h("li", {}, words))) : "",
      h("p", {}, store.lasting() ? "Your answers are kept in this browser, and nowhere else." : "This browser keeps nothing: your answers last as long as this page is open."),
    );
  }
  draw();
  return { root: h("div", { class: "summary" }, told, h("div", { class: "buttons" }, save, erase, asked)), draw };
}

/* Landmarks of one page have different names. */
function labelOfPart(part, questions) {
  if (part === "summary") return "Your answers";
  return part ? `Question ${questions[0].number}` : "Questions";
}

function render({ model, el }) {
  const questions = model.get("questions");
  const part = model.get("part");
  const store = memoryOf(model.get("chapter"));
  inBook = model.page === true;
  const views = part === "summary" ? [] : questions.map((question) => questionView(question, store, changed));
  const summaries = part === "" || part === "summary" ? [summaryView(questions, model.get("chapter"), store, erased)] : [];
  const shown = {
    stand() {
      for (const view of views) view.stand();
      for (const summary of summaries) summary.draw();
    },
    draw() {
      for (const view of [...views, ...summaries]) view.draw();
    },
  };
  function changed() {
    store.save();
    for (const one of store.shownBy) one.stand();
  }
  function erased() {
    for (const one of store.shownBy) one.draw();
  }
  store.shownBy.add(shown);
  const root = h(
    "section",
    { class: "nn-demo nn-practice", "aria-label": labelOfPart(part, questions) },
    ...[...views, ...summaries].map((view) => view.root),
  );
  keepKeys(root);
  el.replaceChildren(root);
  return () => store.shownBy.delete(shown);
}

export default { render };
