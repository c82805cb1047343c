/* Numbers in texts: [[w0]] becomes the value of w0, and any expression may stand there.
   [[(w0)]] puts brackets around a negative number, [[+b]] writes its sign. */

import { show } from "../../demos/core.js";
import { evaluate } from "./expression.js";

const SLOT = /\[\[(\+?)(.+?)\]\](?!\])/g;

function numberInTex(value) {
  const [mantissa, power] = show(value).replaceAll("−", "-").split("e");
  return power ? `${mantissa} \\cdot 10^{${Number(power)}}` : mantissa.replace("∞", "\\infty");
}

/* A value as TeX: a vector in a row, a matrix with its rows. */
export function valueInTex(value) {
  if (!Array.isArray(value)) return numberInTex(value);
  if (!Array.isArray(value[0])) return `(${value.map(numberInTex).join(",\\ \\allowbreak ")})`;
  const rows = value.map((row) => row.map(numberInTex).join(" & "));
  return `\\begin{pmatrix} ${rows.join(" \\\\ ")} \\end{pmatrix}`;
}

/* A formula with its numbers put in. */
export function fillTex(tex, names) {
  return tex.replaceAll(SLOT, (_, plus, text) => {
    const value = evaluate(text, names);
    const words = valueInTex(value);
    if (plus) return words.startsWith("-") ? words.replace("-", "- ") : `+ ${words}`;
    return /^\(.*\)$/.test(text) && value < 0 ? `(${words})` : words;
  });
}
