/* Small arithmetic: how answers follow from given values. The same language as in
   ../_expressions.py: numbers, names, + - * / ** @, brackets, [a, b], a[0], functions.
   A value is a number, a vector (array) or a matrix (array of rows). */

const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/@()[\],]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read ${text} at ${text.slice(at)}`);
    const [, number, name, sign] = match;
    found.push(number ? { number: Number(number) } : name ? { name } : { sign });
  }
  return found;
}

const isList = Array.isArray;

/* Entry by entry; a number goes with every entry of the other side. */
function entrywise(operation, a, b) {
  if (!isList(a) && !isList(b)) return operation(a, b);
  if (isList(a) && isList(b) && a.length !== b.length) throw new Error("shapes do not fit");
  const length = isList(a) ? a.length : b.length;
  if (isList(a) && isList(b) && isList(a[0]) !== isList(b[0])) throw new Error("shapes do not fit");
  return Array.from({ length }, (_, i) => entrywise(operation, isList(a) ? a[i] : a, isList(b) ? b[i] : b));
}

const each = (f) => (a) => entrywise((x) => f(x), a, 0);
const entries = (a) => [a].flat(2);
const total = (a) => entries(a).reduce((sum, x) => sum + x, 0);

function dotOf(a, b) {
  if (!isList(a) || !isList(b) || a.length !== b.length) throw new Error("shapes do not fit");
  return total(a.map((x, i) => x * b[i]));
}

const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));

function matmul(a, b) {
  if (!isList(a) || !isList(b)) throw new Error("@ needs vectors or matrices");
  if (isList(a[0])) return a.map((row) => matmul(row, b));
  return isList(b[0]) ? transposed(b).map((column) => dotOf(a, column)) : dotOf(a, b);
}

const pick = (choose) => (first, ...rest) =>
  rest.length ? rest.reduce((a, b) => entrywise((x, y) => choose(x, y), a, b), first) : choose(...entries(first));

/* Both sides of 0 without overflow. */
const logistic = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

const FUNCTIONS = {
  abs: each(Math.abs),
  sqrt: each(Math.sqrt),
  exp: each(Math.exp),
  log: each(Math.log),
  floor: each(Math.floor),
  sign: each(Math.sign),
  tanh: each(Math.tanh),
  sigmoid: each(logistic),
  relu: each((z) => Math.max(0, z)),
  step: each((z) => (z > 0 ? 1 : 0)),
  softmax(z) {
    const top = Math.max(...z);
    const powers = z.map((x) => Math.exp(x - top));
    return powers.map((p) => p / total(powers));
  },
  sum: total,
  mean: (a) => total(a) / entries(a).length,
  size: (a) => entries(a).length,
  norm: (a) => Math.sqrt(total(entries(a).map((x) => x * x))),
  max: pick(Math.max),
  min: pick(Math.min),
  dot: dotOf,
  outer: (a, b) => a.map((x) => b.map((y) => x * y)),
  transpose: transposed,
};

const SUMS = { "+": (x, y) => x + y, "-": (x, y) => x - y };
const PRODUCTS = { "*": (x, y) => x * y, "/": (x, y) => x / y };

/* The value of an expression, where `names` gives the values of its names. */
export function evaluate(text, names) {
  const list = tokens(text);
  let at = 0;
  const is = (...signs) => signs.includes(list[at]?.sign);
  function expect(sign) {
    if (!is(sign)) throw new Error(`${text}: expected ${sign}`);
    at += 1;
  }
  function sum() {
    let value = product();
    while (is("+", "-")) {
      const operation = SUMS[list[at++].sign];
      value = entrywise(operation, value, product());
    }
    return value;
  }
  function product() {
    let value = unary();
    while (is("*", "/", "@")) {
      const { sign } = list[at++];
      const right = unary();
      value = sign === "@" ? matmul(value, right) : entrywise(PRODUCTS[sign], value, right);
    }
    return value;
  }
  function unary() {
    if (!is("-")) return power();
    at += 1;
    return entrywise((x) => -x, unary(), 0);
  }
  function power() {
    const base = entry();
    if (!is("**")) return base;
    at += 1;
    return entrywise((x, y) => x ** y, base, unary());
  }
  function entry() {
    let value = atom();
    while (is("[")) {
      at += 1;
      value = value[sum()];
      if (value === undefined) throw new Error(`${text}: no such entry`);
      expect("]");
    }
    return value;
  }
  function listed(end) {
    const values = [];
    while (!is(end)) {
      values.push(sum());
      if (!is(end)) expect(",");
    }
    expect(end);
    return values;
  }
  function atom() {
    const token = list[at++];
    if (token?.number !== undefined) return token.number;
    if (token?.sign === "[") return listed("]");
    if (token?.sign === "(") {
      const value = sum();
      expect(")");
      return value;
    }
    if (token?.name && is("(")) {
      if (!Object.hasOwn(FUNCTIONS, token.name)) throw new Error(`${text}: no function ${token.name}`);
      at += 1;
      return FUNCTIONS[token.name](...listed(")"));
    }
    if (token?.name && Object.hasOwn(names, token.name)) return names[token.name];
    throw new Error(`${text}: cannot read ${token?.name ?? token?.sign ?? "its end"}`);
  }
  const value = sum();
  if (at < list.length) throw new Error(`${text}: too much after its end`);
  return value;
}
