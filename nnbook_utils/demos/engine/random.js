/* Random numbers from a seed: the same seed, the same numbers on every machine. */

import { range } from "./range.js";

/* Gives a number in [0, 1) at each call: a 32-bit xorshift generator (Marsaglia, 2003). */
export function dice(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bf03635 || 1; // 0 would stay 0
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/* A number from the normal distribution, of mean 0 and deviation 1 (Box and Muller). */
export const normal = (roll) => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());

/* The numbers from 0 to n - 1, mixed so that all orders are as likely (Fisher and Yates). */
export function shuffledRows(n, roll) {
  const rows = range(n);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(roll() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
}
