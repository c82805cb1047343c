/* Reading what was typed, and marking it: no elements here, only values. */

import { evaluate } from "./expression.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/* A number as people type it, "1/3" included; null if it is none. */
function valueTyped(text) {
  const parts = text.trim().replaceAll("−", "-").split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return null;
  const value = parts.map(Number).reduce((a, b) => a / b);
  return Number.isFinite(value) ? value : null;
}

function typedRow(text) {
  const words = text.replaceAll(/[()[\]]/g, " ").trim().split(/[\s,;]+/).filter(Boolean);
  return words.map(valueTyped);
}

const counted = (count, what) => `${["no", "one", "two", "three", "four", "five", "six"][count] ?? count} ${what}${count === 1 ? "" : "s"}`;

function readNumberEntry(text) {
  const value = valueTyped(text.replace(/^([^,]*),([^,]*)$/, "$1.$2"));
  return value === null ? { problem: "Type a number, such as 0.5, −2 or 1/3." } : { value };
}

function readVectorEntry(text, length) {
  const value = typedRow(text);
  const wish = `Type ${counted(length, "number")}, such as ${["0.5", "-1", "3", "2", "0", "1"].slice(0, length).join(", ")}.`;
  if (value.includes(null)) return { problem: wish };
  return value.length === length ? { value } : { problem: `${wish} (Here: ${counted(value.length, "number")}.)` };
}

function readMatrixEntry(text, [rows, columns]) {
  const lines = text.split(/\n/).filter((line) => line.trim());
  const value = lines.map(typedRow);
  const fits = value.length === rows && value.every((row) => row.length === columns && !row.includes(null));
  return fits ? { value } : { problem: `Type ${counted(rows, "row")}, each on a line of its own, of ${counted(columns, "number")}, such as ${["1", "0.5", "-2", "3", "0", "4"].slice(0, columns).join(" ")}.` };
}

/* What was entered for a part: {value}, or {problem}, a sentence that says its form. */
export function readEntry(kind, entry, shape) {
  if (kind === "one") return entry === null ? { problem: "Choose one first." } : { value: entry };
  if (kind === "all" || kind === "ordering") return { value: entry };
  if (!entry.trim()) return { problem: "Type your answer first." };
  if (kind === "number") return readNumberEntry(entry);
  return kind === "vector" ? readVectorEntry(entry, shape[0]) : readMatrixEntry(entry, shape);
}

/* Whether a number, vector or matrix is right to the digits asked for: relative to its own
   entry, and for an entry that is zero, to the largest. */
export function close(value, answer, { tolerance = 1e-3, digits = null } = {}) {
  const [given, wanted] = [[value].flat(2), [answer].flat(2)];
  if (given.length !== wanted.length) return false;
  const largest = Math.max(...wanted.map(Math.abs), 1e-3);
  return wanted.every((right, i) => {
    const allowed = Math.max(tolerance * Math.abs(right), 1e-6 * largest, digits === null ? 0 : 0.5 * 10 ** -digits);
    return Math.abs(given[i] - right) <= allowed * (1 + 1e-9);
  });
}

export const isComputed = (part) => ["number", "vector", "matrix"].includes(part.kind);

const finite = (value) => [value].flat(2).every(Number.isFinite);

function answerOf(part, names, variant) {
  return part.answer ? evaluate(part.answer, names) : variant.answers[part.id];
}

/* The names that expressions may use, part after part: as they truly are, and with what
   the reader has found so far (`found`, by part). */
function namesOf(question, variant, found = {}) {
  const truth = { ...variant.given };
  const own = { ...variant.given };
  for (const part of question.parts.filter(isComputed)) {
    truth[part.id] = answerOf(part, truth, variant);
    const follows = answerOf(part, own, variant);
    own[part.id] = found[part.id] ?? (finite(follows) ? follows : truth[part.id]);
  }
  return { truth, own };
}

/* The names before `part`, so that its own answer is not among them. */
function namesBefore(question, part, variant, found) {
  const place = question.parts.findIndex((one) => one.id === part.id);
  return namesOf({ ...question, parts: question.parts.slice(0, place) }, variant, found);
}

/* The answer of a part, and what follows from the reader's own earlier answers. */
export function answersOf(question, part, variant, found = {}) {
  const { truth, own } = namesBefore(question, part, variant, found);
  const answer = answerOf(part, truth, variant);
  const follows = answerOf(part, own, variant);
  return { answer, follows: finite(follows) ? follows : answer, truth, own };
}

function markComputed(question, part, variant, value, found) {
  const { answer, follows, truth, own } = answersOf(question, part, variant, found);
  if (close(value, answer, part)) return { outcome: "right" };
  if (close(value, follows, part)) return { outcome: "follows" };
  for (const names of [own, truth]) {
    for (const mistake of part.mistakes) {
      if (close(value, evaluate(mistake.value, names), part)) return { outcome: "known", mistake };
    }
  }
  return { outcome: "wrong" };
}

/* Mark a value: the outcome is "right", "follows" (from an earlier answer that is not
   right), "known" (with the mistake) or "wrong". */
export function mark(question, part, variant, value, found = {}) {
  if (isComputed(part)) return markComputed(question, part, variant, value, found);
  if (part.kind === "one") return { outcome: part.options[value].right ? "right" : "wrong" };
  if (part.kind === "all") {
    const wrong = part.options.filter((option, i) => Boolean(option.right) !== value.includes(i)).length;
    return { outcome: wrong ? "wrong" : "right" };
  }
  const same = (order) => order.every((item, i) => item === value[i]);
  if (same(part.items.map((_, i) => i))) return { outcome: "right" };
  const mistake = part.mistakes.find((one) => same(one.order));
  return mistake ? { outcome: "known", mistake } : { outcome: "wrong" };
}
