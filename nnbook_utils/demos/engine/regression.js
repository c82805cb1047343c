/* Polynomials and ridge regression, by the singular value decomposition as in
   nnbook_utils.regression. A table is an array of rows. */

import { dice, normal } from "./random.js";

/* The powers of one variable, from 0 to `degree`: a row for each entry of x. */
export const polynomialFeatures = (x, degree) =>
  x.map((value) => Array.from({ length: degree + 1 }, (_, j) => value ** j));

const sumOf = (n, term) => {
  let total = 0;
  for (let i = 0; i < n; i += 1) total += term(i);
  return total;
};

/* One-sided Jacobi: turn pairs of columns until all are perpendicular. Then X V has the
   columns s_j u_j. No product of X with itself is formed, so nothing is squared away. */
function perpendicular(X) {
  const [n, d] = [X.length, X[0].length];
  const columns = Array.from({ length: d }, (_, j) => X.map((row) => row[j]));
  const V = Array.from({ length: d }, (_, j) => Array.from({ length: d }, (_, i) => Number(i === j)));
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep += 1) {
    turned = false;
    for (let p = 0; p < d - 1; p += 1) {
      for (let q = p + 1; q < d; q += 1) {
        const [a, b] = [columns[p], columns[q]];
        let [aa, bb, ab] = [0, 0, 0];
        for (let i = 0; i < n; i += 1) {
          aa += a[i] * a[i];
          bb += b[i] * b[i];
          ab += a[i] * b[i];
        }
        if (Math.abs(ab) <= 1e-15 * Math.sqrt(aa * bb)) continue;
        turned = true;
        const zeta = (bb - aa) / (2 * ab);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        turnPair(a, b, cosine, cosine * tangent);
        turnPair(V[p], V[q], cosine, cosine * tangent);
      }
    }
  }
  return { columns, V };
}

function turnPair(a, b, cosine, sine) {
  for (let i = 0; i < a.length; i += 1) {
    const old = a[i];
    a[i] = cosine * old - sine * b[i];
    b[i] = sine * old + cosine * b[i];
  }
}

/* Minimise the squares of X w - y: of all minimisers the shortest, with the rank of X and
   its condition number. */
export function leastSquares(X, y) {
  const [n, d] = [X.length, X[0].length];
  const { columns, V } = perpendicular(X);
  const sizes = columns.map((column) => Math.hypot(...column));
  const largest = Math.max(...sizes);
  const least = largest * Math.max(n, d) * Number.EPSILON; // below it, a zero that was rounded
  const kept = sizes.map((_, j) => j).filter((j) => sizes[j] > least);
  const weights = Array(d).fill(0);
  for (const j of kept) {
    const part = sumOf(n, (i) => (columns[j][i] / sizes[j]) * y[i]) / sizes[j];
    for (let i = 0; i < d; i += 1) weights[i] += part * V[j][i];
  }
  const full = kept.length === d;
  return { weights, rank: kept.length, condition: full ? largest / Math.min(...sizes) : Infinity };
}

/* Least squares with lambda/2 of the squared weights, the bias left out: a penalty is a
   row more for each weight, which asks for 0. */
function ridge(X, y, lambda) {
  const [n, d] = [X.length, X[0].length];
  const strength = Math.sqrt(n * lambda);
  const rows = Array.from({ length: d - 1 }, (_, k) =>
    Array.from({ length: d }, (_, j) => (j === k + 1 ? strength : 0)),
  );
  return leastSquares([...X, ...rows], [...y, ...rows.map(() => 0)]);
}

const predictAll = (X, w) => X.map((row) => sumOf(w.length, (j) => row[j] * w[j]));

/* 1/(2n) of the sum of squares: the book's cost. */
const meanSquares = (predicted, y) =>
  sumOf(y.length, (i) => (predicted[i] - y[i]) ** 2) / (2 * y.length);

/* The polynomial in t = 2x - 1 fitted to points (x, y), and its cost on them and on others. */
export function fitPoints(training, validation, degree, lambda) {
  const features = (points) => polynomialFeatures(points.map(([x]) => 2 * x - 1), degree);
  const targets = (points) => points.map(([, y]) => y);
  const found = ridge(features(training), targets(training), lambda);
  const costOn = (points) =>
    points.length ? meanSquares(predictAll(features(points), found.weights), targets(points)) : null;
  return { ...found, training: costOn(training), validation: costOn(validation) };
}

export const valueAt = (weights, x) => {
  const t = 2 * x - 1;
  return weights.reduceRight((value, weight) => value * t + weight, 0);
};

/* Points of the source, sin(2 pi x) at random places with errors of deviation `noise`, as
   in nnbook_utils.datasets.noisy_sine. */
export function noisySine(n, noise, seed) {
  const roll = dice(seed);
  return Array.from({ length: n }, () => {
    const x = roll();
    return [x, Math.sin(2 * Math.PI * x) + noise * normal(roll)];
  });
}
