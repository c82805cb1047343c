/* A 2 x 2 matrix as a map of the plane: its columns are dragged, all else follows. */

import { arrow, checkbox, frame, handle, marker, plane, s, show, table } from "./core.js";
import { determinant, times } from "./engine/linear.js";

const SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
const CIRCLE = Array.from({ length: 73 }, (_, i) => [Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)]);
const LINES = [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((k) => [
  [[k, -4], [k, 4]],
  [[-4, k], [4, k]],
]);

function render({ model, el }) {
  const parts = frame(el, {
    title: "A matrix as a map of the plane",
    model,
    name: "linear_map",
    settings: ["matrix", "vector", "show_circle"],
  });
  const picture = plane({ x: [-4, 4], y: [-4, 4], label: "The plane and its image" });
  const grid = s("path", { class: "curve truth", "stroke-opacity": 0.5 });
  const square = s("path", { class: "curve goal", fill: "none" });
  const circle = s("path", { class: "curve truth" });
  const arrows = [arrow("class-0"), arrow("class-1"), arrow("accent")];
  const column = (j) => model.get("matrix").map((row) => row[j]);
  const tips = [0, 1].map((j) =>
    handle(picture, {
      label: `tip of column ${j + 1}`,
      kind: `class-${j}`,
      shape: marker(j, 8),
      onmove(tip) {
        const rounded = tip.map((value) => Math.max(-4, Math.min(4, Math.round(value * 20) / 20)));
        model.set("matrix", model.get("matrix").map((row, i) => row.map((value, k) => (k === j ? rounded[i] : value))));
        model.save_changes();
      },
    }),
  );
  picture.layer.append(
    s("g", { "clip-path": picture.clip }, grid, circle, square),
    ...arrows.map((one) => one.element),
    ...tips.map((tip) => tip.element),
  );
  parts.stage.append(picture.element);
  parts.controls.append(checkbox(model, "show_circle", "unit circle and its image"));

  function draw() {
    const W = model.get("matrix");
    const image = (points) => picture.path(points.map((point) => times(W, point)));
    grid.setAttribute("d", LINES.map(image).join(""));
    square.setAttribute("d", image(SQUARE));
    circle.setAttribute("d", model.get("show_circle") ? picture.path(CIRCLE) + image(CIRCLE) : "");
    const vector = model.get("vector");
    const ends = [column(0), column(1), times(W, vector)];
    arrows.forEach((one, i) => one.place(picture, [0, 0], ends[i]));
    tips.forEach((tip, i) => tip.place(...ends[i]));
    const area = determinant(W);
    parts.say(
      `Columns (${column(0).map((x) => show(x)).join(", ")}) and (${column(1).map((x) => show(x)).join(", ")}); ` +
        `determinant ${show(area)}: areas are ${area < 0 ? "turned over and " : ""}multiplied by ${show(Math.abs(area))}.`,
    );
    table(parts.data, "What the matrix does to some vectors", ["a", "W a"], [[1, 0], [0, 1], vector].map((a) => [
      `(${a.map((x) => show(x)).join(", ")})`,
      `(${times(W, a).map((x) => show(x)).join(", ")})`,
    ]));
  }
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
