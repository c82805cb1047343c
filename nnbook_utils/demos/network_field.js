/* What the network answers all over the picture, and how answers become colours; points
   that are drawn as their class's marker. */

import { fill, h, marker, s } from "./core.js";
import { forward, makeMemory } from "./engine/mlp.js";
import { inputsOf } from "./engine/samples.js";

/* What each unit of a run's network answers for `n` places, the r-th being `placeOf(r)`. */
export function passOf({ network, settings }, n, placeOf, memory = makeMemory(network, n)) {
  for (let r = 0; r < n; r += 1) memory.A[0].set(inputsOf(settings, ...placeOf(r)), r * network.widths[0]);
  forward(network, memory, n);
  return memory;
}

/* The same on a grid of `size` by `size` over the view, rows from the top; for a curve, at
   `size` places side by side. */
export function fieldOf(run, [cx, cy, half], size) {
  const curve = run.settings.task === "curve";
  const n = curve ? size : size * size;
  const shift = (cell) => half * ((2 * cell + 1) / size - 1);
  const places = (r) => [cx + shift(r % size), cy - shift(Math.floor(r / size))];
  run.fields[n] ??= makeMemory(run.network, n); // filled ten times a second
  return { ...passOf(run, n, places, run.fields[n]), size, n, curve, places };
}

/* A CSS colour as [r, g, b]; a canvas writes opaque colours as #rrggbb. */
const sketch = h("canvas").getContext("2d", { willReadFrequently: true });
export function rgbOf(colour) {
  sketch.fillStyle = colour;
  return [1, 3, 5].map((at) => Number.parseInt(sketch.fillStyle.slice(at, at + 2), 16));
}

export const extent = (values) => [Math.min(...values), Math.max(...values)];

/* A colour as a canvas stores it, and `share` of one over the paper. */
const packed = ([r, g, b]) => (b << 16) | (g << 8) | r;
const part = (share, bits) => (Math.round(255 * share) << 24) | bits;

/* Colours for t from -1 to 1: the farther from 0, the more of the one at that end. */
export function ramp(ends, most = 1) {
  const [low, high] = ends.map(packed);
  return (t) => part(most * Math.min(1, Math.abs(t)), t < 0 ? low : high);
}

/* A small picture to be drawn larger: `colourOf(r)` is the colour of cell r. */
export function pictureOf(size, colourOf) {
  if (sketch.canvas.width !== size) sketch.canvas.width = sketch.canvas.height = size;
  const image = sketch.createImageData(size, size);
  const pixels = new Int32Array(image.data.buffer);
  for (let r = 0; r < pixels.length; r += 1) pixels[r] = colourOf(r);
  sketch.putImageData(image, 0, 0);
  return sketch.canvas;
}

/* An activation brought between -1 and 1, for its colour. */
export function spread(name, value, most) {
  if (["sigmoid", "threshold", "softmax"].includes(name)) return 2 * value - 1;
  return name.endsWith("tanh") ? value : value / most;
}

/* The colours of the region of a class, and of an output: one unit's lies between two
   colours, several units' are mixed. */
export function classColours({ classes }) {
  const colours = classes.map(rgbOf);
  const regions = colours.map(packed);
  const two = ramp(colours, 0.5);
  return {
    two,
    region: (label) => part(0.3, regions[label]),
    output(A, k, r) {
      if (k === 1) return two(2 * A[r] - 1);
      const shares = A.subarray(r * k, (r + 1) * k);
      const total = shares.reduce((sum, value) => sum + value, 1e-300);
      return part(0.3, packed([0, 1, 2].map((c) => shares.reduce((sum, value, i) => sum + (value / total) * colours[i][c], 0))));
    },
  };
}

/* Markers for the points of a run, hollow for those of the test. */
export function dotsOn(on) {
  const element = s("g", { class: "dots" });
  let drawn = null; // the run whose points they are
  return {
    element,
    draw(run, places) {
      if (drawn !== run) {
        const size = run.points.length > 60 ? 4 : 6;
        element.replaceChildren(...run.points.map(([, , label], i) => {
          const k = run.settings.rule === "descent" ? label : Math.min(label, 1);
          return s("path", { class: `class-${k}${run.testing.includes(i) ? " test" : ""}`, d: marker(k, size) });
        }));
        drawn = run;
      }
      places.forEach(([u, v], i) => fill(element.children[i], { transform: `translate(${on.px(u).toFixed(1)} ${on.py(v).toFixed(1)})` }));
    },
  };
}
