/* The numbers from 0 to n - 1. */
export const range = (n) => Array.from({ length: n }, (_, i) => i);
