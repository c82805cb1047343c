/* Networks whose weights somebody wrote down. A layer is {W, b, unit}: a row of W and an
   entry of b for each unit, and what a unit does with its sum. */

export const UNIT_RULES = {
  threshold: (z) => (z >= 0 ? 1 : 0),
  // Written so that no exponential can overflow.
  sigmoid: (z) => Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z))),
  linear: (z) => z,
};

/* One input through all layers: Z[l] and A[l + 1] belong to layer l, A[0] is the input. */
export function passThrough(layers, x) {
  const Z = [];
  const A = [x];
  for (const { W, b, unit } of layers) {
    const before = A.at(-1);
    const z = W.map((row, i) => row.reduce((sum, weight, j) => sum + weight * before[j], 0) + b[i]);
    Z.push(z);
    A.push(z.map(UNIT_RULES[unit]));
  }
  return { Z, A };
}

/* Many inputs at once: `inputs` holds for each input its values. Gives the same for each
   unit of each layer, without lists for every single place. */
export function passMany(layers, inputs) {
  const all = [];
  let before = inputs;
  for (const { W, b, unit } of layers) {
    const rule = UNIT_RULES[unit];
    before = W.map((row, i) => {
      const values = new Float64Array(inputs[0].length).fill(b[i]);
      row.forEach((weight, j) => {
        if (weight === 0) return;
        const from = before[j];
        for (let n = 0; n < values.length; n += 1) values[n] += weight * from[n];
      });
      for (let n = 0; n < values.length; n += 1) values[n] = rule(values[n]);
      return values;
    });
    all.push(before);
  }
  return all;
}

export const unitsIn = (layers) => layers.reduce((sum, layer) => sum + layer.b.length, 0);
