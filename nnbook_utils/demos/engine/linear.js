/* 2 x 2 matrices and vectors of the plane. A matrix is an array of rows. */

export const times = (W, a) => W.map((row) => row[0] * a[0] + row[1] * a[1]);

export const compose = (V, W) =>
  V.map((row) => [0, 1].map((j) => row[0] * W[0][j] + row[1] * W[1][j]));

export const determinant = (W) => W[0][0] * W[1][1] - W[0][1] * W[1][0];

export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];

/* The projection of a onto b, which is not zero. */
export const project = (a, b) => b.map((value) => (dot(a, b) / dot(b, b)) * value);

/* The angle between two vectors in degrees, exact also where they are nearly parallel. */
export const angle = (a, b) =>
  (Math.atan2(Math.abs(a[0] * b[1] - a[1] * b[0]), dot(a, b)) * 180) / Math.PI;

/* The real eigenvalues, the larger first, each with a direction of length 1; none if the
   map turns every vector. A multiple of the identity keeps all directions: it gives two. */
export function eigen([[a, b], [c, d]]) {
  const half = (a - d) / 2;
  const inside = half * half + b * c;
  if (inside < 0) return [];
  const root = Math.sqrt(inside);
  if (root === 0 && b === 0 && c === 0) return [[a, [1, 0]], [a, [0, 1]]];
  const values = root === 0 ? [(a + d) / 2] : [(a + d) / 2 + root, (a + d) / 2 - root];
  return values.map((value) => {
    // Either row of W - value I is orthogonal to the direction; the longer one is safer.
    const rows = [[b, value - a], [value - d, c]];
    const [u, v] = Math.hypot(...rows[0]) > Math.hypot(...rows[1]) ? rows[0] : rows[1];
    return [value, [u / Math.hypot(u, v), v / Math.hypot(u, v)]];
  });
}
