/* Costs of two weights: their value, gradient, curvature and lowest points. */

/* Features 1 and 4 of the eight samples of Problem Set 1, and their labels. */
export const SAMPLES = {
  X: [[-0.5, -1], [-1, -1], [0.5, 0.1], [-0.2, 0], [-0.8, -1], [-0.15, -0.25], [-1, -1], [0, 0.1]],
  y: [1, 1, -1, -1, 1, -1, 1, -1],
};
const ALL = SAMPLES.y.map((_, i) => i);

/* 1/2 w.H w, with the curvature 1 along the valley and `condition` across it; `angle`, in
   degrees, turns it. */
function quadratic({ condition, angle }) {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const a = c * c + condition * s * s;
  const b = (1 - condition) * c * s;
  const d = s * s + condition * c * c;
  return {
    value: ([u, v]) => (a * u * u + 2 * b * u * v + d * v * v) / 2,
    gradient: ([u, v]) => [a * u + b * v, b * u + d * v],
    hessian: () => [a, b, d],
    minima: [[0, 0]],
  };
}

/* Rosenbrock's curved valley; its factors make the curvature at the bottom about 25. */
function rosenbrock() {
  return {
    value: ([u, v]) => ((1 - u) ** 2 + 10 * (v - u * u) ** 2) / 4,
    gradient: ([u, v]) => [(u - 1) / 2 - 10 * u * (v - u * u), 5 * (v - u * u)],
    hessian: ([u, v]) => [1 / 2 - 10 * v + 30 * u * u, -10 * u, 5],
    minima: [[1, 1]],
  };
}

/* A saddle between two valleys, of which one is deeper. */
function twoMinima() {
  const slope = (v) => 8 * (v * v * v - v) + 1;
  const bend = (v) => 8 * (3 * v * v - 1);
  const bottom = (v) => {
    for (let i = 0; i < 20; i += 1) v -= slope(v) / bend(v);
    return v;
  };
  return {
    value: ([u, v]) => 4 * u * u + 2 * (v * v - 1) ** 2 + v,
    gradient: ([u, v]) => [8 * u, slope(v)],
    hessian: ([, v]) => [8, 0, bend(v)],
    minima: [[0, bottom(-1)], [0, bottom(1)]],
  };
}

/* The squared hinge of the eight samples, or of some rows of them. */
function eightSamples() {
  const missing = (i, w) => Math.max(0, 1 - SAMPLES.y[i] * (SAMPLES.X[i][0] * w[0] + SAMPLES.X[i][1] * w[1]));
  const mean = (term, rows) => rows.reduce((sum, i) => sum + term(i), 0) / rows.length;
  const cost = {
    value: (w) => mean((i) => missing(i, w) ** 2 / 2, ALL),
    gradient: (w, rows = ALL) =>
      [0, 1].map((j) => mean((i) => -SAMPLES.y[i] * missing(i, w) * SAMPLES.X[i][j], rows)),
    hessian: (w) =>
      [[0, 0], [0, 1], [1, 1]].map(([j, k]) =>
        mean((i) => (missing(i, w) > 0 ? SAMPLES.X[i][j] * SAMPLES.X[i][k] : 0), ALL),
      ),
  };
  // Newton's method: exact once it knows which samples are on the wrong side.
  let w = [0, 0];
  for (let i = 0; i < 20; i += 1) {
    const [a, b, d] = cost.hessian(w);
    const [p, q] = cost.gradient(w);
    w = [w[0] - (d * p - b * q) / (a * d - b * b), w[1] - (a * q - b * p) / (a * d - b * b)];
  }
  return { ...cost, minima: [w] };
}

const LANDSCAPES = { quadratic, rosenbrock, two_minima: twoMinima, eight_samples: eightSamples };

/* The cost that the settings name, its lowest point first among its `minima`. */
export function landscape(settings) {
  return LANDSCAPES[settings.cost](settings);
}

/* The largest curvature at w: the larger eigenvalue of the Hessian (a, b; b, d). */
export function largestCurvature(cost, w) {
  const [a, b, d] = cost.hessian(w);
  return (a + d) / 2 + Math.hypot((a - d) / 2, b);
}
