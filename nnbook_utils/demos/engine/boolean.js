/* Boolean functions of 2 to 4 inputs and their networks. A function is the column of its
   truth table as a text of 0s and 1s, first row first; row i spells i in binary. A term is
   an AND, spelled as a text: 1 the input, 0 its "not", - an input that it does not ask. */

export const inputsOf = (outputs) => Math.log2(outputs.length);

export const pattern = (row, k) => row.toString(2).padStart(k, "0");

export const digits = (text) => [...text].map(Number);

/* The number of a function: row i counts 2 to the i if the function is true there. */
export const numberOf = (outputs) => digits(outputs).reduce((sum, bit, i) => sum + bit * 2 ** i, 0);

export const functionOf = (number, k) =>
  [...pattern(number, 2 ** k)].reverse().join("");

export const opposite = (outputs) => digits(outputs).map((bit) => 1 - bit).join("");

export function mintermsOf(outputs) {
  const k = inputsOf(outputs);
  return digits(outputs).flatMap((bit, row) => (bit ? [pattern(row, k)] : []));
}

const covers = (term, input) => [...term].every((sign, j) => sign === "-" || sign === input[j]);

const literals = (term) => term.replaceAll("-", "").length;

/* Two terms that differ in one asked input become one that does not ask it. */
function mergedPair(one, other) {
  const places = [...one].flatMap((sign, j) => (sign === other[j] ? [] : [j]));
  const [j] = places;
  if (places.length !== 1 || one[j] === "-" || other[j] === "-") return null;
  return `${one.slice(0, j)}-${one.slice(j + 1)}`;
}

/* The terms that cannot be merged any further, by the first half of Quine and McCluskey. */
function primeTerms(outputs) {
  let terms = mintermsOf(outputs);
  const primes = [];
  while (terms.length) {
    const used = new Set();
    const next = new Set();
    terms.forEach((one, i) =>
      terms.slice(i + 1).forEach((other) => {
        const merged = mergedPair(one, other);
        if (merged === null) return;
        used.add(one).add(other);
        next.add(merged);
      }),
    );
    primes.push(...terms.filter((term) => !used.has(term)));
    terms = [...next];
  }
  return primes;
}

/* The fewest terms whose OR is the function; among these, with the fewest signs. */
export function mergedTerms(outputs) {
  const primes = primeTerms(outputs);
  let best = null;
  const cost = (terms) => 100 * terms.length + terms.reduce((sum, term) => sum + literals(term), 0);
  function search(chosen, open) {
    if (best && cost(chosen) >= cost(best)) return;
    if (!open.length) {
      best = chosen;
      return;
    }
    // Some term must cover the first input that is still open.
    for (const term of primes.filter((prime) => covers(prime, open[0]))) {
      search([...chosen, term], open.filter((input) => !covers(term, input)));
    }
  }
  search([], mintermsOf(outputs));
  return best;
}

/* A hidden threshold unit for each term, and an OR; or the opposite of this OR. */
export function termNetwork(terms, isOpposite = false) {
  const sign = isOpposite ? -1 : 1;
  const weight = { 1: 1, 0: -1, "-": 0 };
  return [
    {
      W: terms.map((term) => [...term].map((letter) => weight[letter])),
      b: terms.map((term) => 0.5 - [...term].filter((letter) => letter === "1").length),
      unit: "threshold",
    },
    { W: [terms.map(() => sign)], b: [-sign / 2], unit: "threshold" },
  ];
}

export function termsOf(outputs, recipe) {
  if (recipe === "merged") return mergedTerms(outputs);
  return mintermsOf(recipe === "opposite" ? opposite(outputs) : outputs);
}

/* All functions that a single threshold unit computes, with weights for each. For up to
   four inputs whole weights from -3 to 3 are enough (a test counts them). */
const known = new Map();
export function singleUnits(k) {
  if (known.has(k)) return known.get(k);
  const found = new Map();
  const rows = Array.from({ length: 2 ** k }, (_, row) => digits(pattern(row, k)));
  const size = (w) => w.reduce((sum, value) => sum + Math.abs(value), 0);
  const all = Array.from({ length: 7 ** k }, (_, i) =>
    Array.from({ length: k }, (__, j) => (Math.floor(i / 7 ** j) % 7) - 3),
  ).sort((v, w) => size(v) - size(w));
  for (const w of all) {
    const sums = rows.map((x) => x.reduce((sum, value, j) => sum + value * w[j], 0));
    for (const level of new Set([...sums, Math.max(...sums) + 1])) {
      const outputs = sums.map((sum) => (sum >= level ? 1 : 0)).join("");
      if (!found.has(outputs)) found.set(outputs, { w, b: 0.5 - level });
    }
  }
  known.set(k, found);
  return found;
}

export const singleUnit = (outputs) => singleUnits(inputsOf(outputs)).get(outputs) ?? null;

/* A term or a list of terms in words. */
export const termText = (term) =>
  [...term]
    .flatMap((sign, j) => (sign === "-" ? [] : [`${sign === "0" ? "not " : ""}x${j + 1}`]))
    .join(" and ") || "always";

/* Formulae: "x1 and not (x2 or x3)", or with ∧ ∨ ¬ ⊕, & | ! ^. */
const SIGNS = [
  ["variable", /^x_?([1-9₁₂₃₄])/i],
  ["constant", /^[01]/],
  ["not", /^(not\b|¬|!|~)/i],
  ["and", /^(and\b|∧|&&?)/i],
  ["xor", /^(xor\b|⊕|\^)/i],
  ["or", /^(or\b|∨|\|\|?)/i],
  ["(", /^\(/],
  [")", /^\)/],
];

function signsOf(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = rest.match(/^\s+/);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const [kind, letters] =
      SIGNS.map(([name, form]) => [name, rest.match(form)]).find(([, match]) => match) ?? [];
    if (!kind) throw new Error(`“${rest.slice(0, 6)}” is not understood. Use x1, x2, and, or, xor, not and brackets.`);
    found.push({ kind, text: letters[0], name: letters[1] });
    at += letters[0].length;
  }
  return found;
}

/* The function that a formula of k inputs writes; an Error says what is wrong. */
export function readFormula(text, k) {
  const signs = signsOf(text);
  let at = 0;
  const met = (kind) => signs[at]?.kind === kind && (at += 1) > 0;
  const rows = Array.from({ length: 2 ** k }, (_, row) => digits(pattern(row, k)));
  const join = (kind, lower, combine) => () => {
    let left = lower();
    while (met(kind)) {
      const [one, other] = [left, lower()];
      left = one.map((bit, i) => combine(bit, other[i]));
    }
    return left;
  };
  function single() {
    const sign = signs[at];
    if (!sign) throw new Error("The formula stops too early: an input such as x1 is missing at its end.");
    at += 1;
    if (sign.kind === "not") return single().map((bit) => 1 - bit);
    if (sign.kind === "constant") return rows.map(() => Number(sign.text));
    if (sign.kind === "variable") {
      const j = "₁₂₃₄".includes(sign.name) ? "₁₂₃₄".indexOf(sign.name) : Number(sign.name) - 1;
      if (j >= k) throw new Error(`There is no x${j + 1}: the table has ${k} inputs.`);
      return rows.map((x) => x[j]);
    }
    if (sign.kind !== "(") throw new Error(`“${sign.text}” stands where an input, “not” or a bracket is expected.`);
    const inside = or();
    if (!met(")")) throw new Error("A bracket is not closed.");
    return inside;
  }
  const and = join("and", single, (p, q) => p * q);
  const xor = join("xor", and, (p, q) => p ^ q);
  const or = join("or", xor, (p, q) => p | q);
  const answer = or();
  if (at < signs.length) throw new Error(`“${signs[at].text}” is not expected there: is an “and” or “or” missing?`);
  return answer.join("");
}
