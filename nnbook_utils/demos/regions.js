/* Polygons, drawn by the reader, and the network whose region they are. */

import { ARROWS, DELETE, ENTER, PAGES, button, choice, demand, frame, group, h, handle, marker, onMode, palette, plane, s, setAll, show, slider, table } from "./core.js";
import { passMany, passThrough, unitsIn } from "./engine/hand_built.js";
import { areaOf, isSimple, regionNetwork } from "./engine/regions.js";
import { guessing, networkPicture, placeOf, sumText, unitName, withIndex } from "./hand_network.js";

const LAWN = [[0, 0], [4, 0], [5, 3], [2, 5], [-1, 3]];
const SHAPES = {
  lawn: [LAWN],
  "lawn and bed": [LAWN, [[6, 1], [9, 2], [6, 4]]],
  "with a dent": [[[0, 0], [4, 2], [8, 0], [4, 6]]],
  star: [[[4, -1], [5, 2], [8, 2], [5.5, 3.5], [6.5, 6.5], [4, 4.5], [1.5, 6.5], [2.5, 3.5], [0, 2], [3, 2]]],
};
const ACROSS = [-2, 10];
const UP = [-2, 7];
const MOST_CORNERS = 24;
const MOST_POLYGONS = 4;

const rounded = ([x, y]) => [
  Math.max(ACROSS[0], Math.min(ACROSS[1], Math.round(4 * x) / 4)),
  Math.max(UP[0], Math.min(UP[1], Math.round(4 * y) / 4)),
];

/* A colour such as #0a3fa0 as three numbers. */
const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

const polygonsFit = (polygons) =>
  polygons.length >= 1 && polygons.length <= MOST_POLYGONS && polygons.flat().length <= MOST_CORNERS && polygons.every(isSimple);

function render({ model, el }) {
  demand(model, { polygons: polygonsFit, unit: (value) => value !== "" });
  const parts = frame(el, {
    title: "Polygons become a network",
    model,
    name: "regions",
    settings: ["polygons", "point", "unit", "kind", "steepness", "guess_first"],
    help: "Drag a corner or the diamond; press a unit to see its region.",
    keys: [ARROWS, PAGES, DELETE, ENTER],
  });
  const change = (name, value) => setAll(model, { [name]: value });
  const polygons = () => model.get("polygons");
  const network = () => regionNetwork(polygons(), model.get("kind"), model.get("steepness"));
  let draft = null; // the corners of a polygon that is being drawn
  let chosen = [0, 0];
  let problem = "";

  const ground = plane({ x: ACROSS, y: UP, label: "The plane with the polygons", width: 476, height: 350, canvas: true });
  const cut = s("line", { class: "cut" });
  const outlines = s("path", { class: "curve class-0" });
  const seams = s("path", { class: "curve truth seams" });
  const drafted = s("path", { class: "curve goal", "stroke-dasharray": "5 4" });
  const corners = s("g", {});
  ground.layer.append(s("g", { "clip-path": ground.clip }, cut, seams, outlines, drafted), corners);
  const point = handle(ground, {
    label: "the point that is asked about", step: 0.25, shape: marker(3, 10),
    onmove: (place) => change("point", rounded(place)),
  });
  ground.layer.append(point.element);
  const picture = networkPicture({ label: "The network of the polygons", onchoose: (key) => change("unit", key) });
  const sums = h("p", { class: "sums" });
  const told = h("p", { class: "problem", role: "alert" });
  const guess = guessing(model, {
    question: "How many threshold units will the network need, hidden and output together?",
    again: "Guess about another shape",
    count: () => unitsIn(network().layers),
    another: () => change("polygons", [randomShape()]),
    redraw: () => draw(),
  });

  function randomShape() {
    for (;;) {
      const n = 4 + Math.floor(4 * Math.random());
      const shape = Array.from({ length: n }, (_, i) => {
        const [angle, r] = [(2 * Math.PI * i) / n, 1.5 + 2.5 * Math.random()];
        return rounded([4 + 1.3 * r * Math.cos(angle), 2.5 + r * Math.sin(angle)]);
      });
      if (isSimple(shape)) return shape;
    }
  }

  function attempt(next, words) {
    problem = polygonsFit(next) ? "" : words;
    if (!problem) change("polygons", next);
    draw();
  }
  const CROSSED = "There the border would meet itself: a polygon needs a single loop around its inside.";

  function moveCorner(p, c, place) {
    attempt(polygons().map((polygon, i) => (i === p ? polygon.map((corner, j) => (j === c ? rounded(place) : corner)) : polygon)), CROSSED);
  }
  function addCorner() {
    const [p, c] = chosen;
    const polygon = polygons()[p];
    const [a, b] = [polygon[c], polygon[(c + 1) % polygon.length]];
    // A little outside the middle of the edge, so that the new corner is one.
    const side = Math.sign(areaOf(polygon)) * 0.15;
    const middle = rounded([(a[0] + b[0]) / 2 + side * (b[1] - a[1]), (a[1] + b[1]) / 2 - side * (b[0] - a[0])]);
    const next = polygons().map((other, i) => (i === p ? [...other.slice(0, c + 1), middle, ...other.slice(c + 1)] : other));
    attempt(next, polygons().flat().length < MOST_CORNERS ? CROSSED : `There are ${MOST_CORNERS} corners already, the most that are drawn here.`);
  }
  function removeCorner() {
    const [p, c] = chosen;
    const next = polygons().map((polygon, i) => (i === p ? polygon.filter((_, j) => j !== c) : polygon));
    attempt(next, polygons()[p].length > 3 ? CROSSED : "A polygon keeps three corners; remove the whole polygon instead.");
  }
  function removePolygon() {
    attempt(polygons().filter((_, i) => i !== chosen[0]), "One polygon has to stay.");
  }
  function startDrawing() {
    problem = polygons().length < MOST_POLYGONS ? "" : `There are ${MOST_POLYGONS} polygons already, the most that are drawn here.`;
    if (!problem) draft = [];
    draw();
  }
  function place(corner) {
    const [x, y] = rounded(corner);
    const [first] = draft;
    if (draft.length >= 3 && Math.hypot(x - first[0], y - first[1]) < 0.4) {
      close();
      return;
    }
    draft.push([x, y]);
    draw();
  }
  function close() {
    const next = [...polygons(), draft];
    if (polygonsFit(next)) {
      draft = null;
      chosen = [next.length - 1, 0];
      attempt(next, "");
    } else {
      problem = draft.length < 3 ? "A polygon needs three corners at least." : `${CROSSED} At most ${MOST_CORNERS} corners are drawn here. Remove the last corner.`;
      draw();
    }
  }
  ground.picture.addEventListener("click", (event) => {
    if (draft) place(ground.at(event));
  });

  const editing = [
    button("Draw another polygon", startDrawing),
    button("Add a corner", addCorner),
    button("Remove the chosen corner", removeCorner),
    button("Remove the chosen polygon", removePolygon),
  ];
  function takeBack() {
    draft.pop();
    problem = "";
    draw();
  }
  function stopDrawing() {
    draft = null;
    problem = "";
    draw();
  }
  const drawing = [
    button("Add a corner at the point", () => place(model.get("point"))),
    button("Remove the last corner", takeBack),
    button("Close the polygon", close),
    button("Stop drawing", stopDrawing),
  ];
  point.element.addEventListener("keydown", (event) => {
    const act = () => place(model.get("point"));
    const work = { Enter: act, " ": act, Delete: takeBack, Backspace: takeBack, Escape: stopDrawing }[event.key];
    if (!draft || !work) return;
    event.preventDefault();
    work();
  });
  const shapes = Object.entries(SHAPES).map(([text, shape]) =>
    button(text, () => {
      draft = null;
      chosen = [0, 0];
      attempt(shape, "");
    }),
  );
  const steepness = slider(model, "steepness", "Steepness c", { min: 1, max: 100, log: true });
  parts.controls.append(
    group("Start with", "examples", ...shapes),
    group("Polygons", "polygons", ...editing, ...drawing),
    told,
    choice(model, "kind", "Activation", { threshold: "threshold", sigmoid: "sigmoid" }),
    steepness,
  );
  parts.more.append(guess.box);
  parts.stage.append(ground.element, h("div", { class: "beside" }, picture.element, guess.cover, sums));

  let handles = [];
  function buildHandles() {
    handles = polygons().map((polygon, p) =>
      polygon.map((_, c) => {
        const one = handle(ground, { label: `corner ${c + 1} of polygon ${p + 1}`, step: 0.25, shape: marker(0, 7), kind: "class-0", onmove: (to) => moveCorner(p, c, to) });
        one.element.addEventListener("focus", () => {
          chosen = [p, c];
          mark();
        });
        one.element.setAttribute("aria-keyshortcuts", "PageUp PageDown Delete");
        one.element.addEventListener("keydown", (event) => {
          const all = handles.flat();
          const turn = { PageUp: -1, PageDown: 1 }[event.key];
          if (!turn && event.key !== "Delete" && event.key !== "Backspace") return;
          event.preventDefault();
          if (turn) all[(all.indexOf(one) + turn + all.length) % all.length].element.focus();
          else {
            removeCorner();
            handles[Math.min(p, handles.length - 1)][0].element.focus();
          }
        });
        return one;
      }),
    );
    corners.replaceChildren(...handles.flat().map((one) => one.element));
  }
  function mark() {
    handles.flat().forEach((one) => one.element.classList.remove("picked"));
    handles[chosen[0]]?.[chosen[1]]?.element.classList.add("picked");
  }

  /* The values of all units on a grid over the plane, row by row from above. */
  function fields(layers, columns, rows) {
    const cell = Array.from({ length: columns * rows }, (_, n) => n);
    const across = (ACROSS[1] - ACROSS[0]) / columns;
    const up = (UP[1] - UP[0]) / rows;
    return passMany(layers, [
      cell.map((n) => ACROSS[0] + ((n % columns) + 0.5) * across),
      cell.map((n) => UP[1] - (Math.floor(n / columns) + 0.5) * up),
    ]);
  }
  const small = h("canvas", { width: 42, height: 30 });
  function paint(canvas, values, colour) {
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(canvas.width, canvas.height);
    const [red, green, blue] = colour;
    values.forEach((value, i) => {
      image.data[4 * i] = red;
      image.data[4 * i + 1] = green;
      image.data[4 * i + 2] = blue;
      image.data[4 * i + 3] = 150 * value;
    });
    pen.putImageData(image, 0, 0);
  }

  /* The tint of the plane and the small maps, when something that they show has changed. */
  let maps = [];
  let painted = "";
  function paintAll(layers, l, i) {
    const colour = channels(palette(parts.root).accent);
    const now = JSON.stringify([layers, l, i, colour]);
    if (now === painted) return;
    painted = now;
    Object.assign(ground.behind, { width: 202, height: 152 });
    paint(ground.behind, fields(layers, 202, 152)[l][i], colour);
    maps = fields(layers, small.width, small.height).map((layer) =>
      layer.map((values) => {
        paint(small, values, colour);
        return small.toDataURL();
      }),
    );
  }

  function draw() {
    const { layers, pieces } = network();
    const at = model.get("point");
    const { Z, A } = passThrough(layers, at);
    const covered = guess.isCovered();
    guess.update();
    if (handles.map((list) => list.length).join() !== polygons().map((list) => list.length).join()) {
      buildHandles();
      if (!handles[chosen[0]]?.[chosen[1]]) chosen = [0, 0];
    }
    polygons().forEach((polygon, p) => polygon.forEach((corner, c) => handles[p][c].place(...corner)));
    mark();
    point.place(...at);
    const loops = (list) => list.map((corners) => `${ground.path(corners)}Z`).join("");
    outlines.setAttribute("d", loops(polygons()));
    seams.setAttribute("d", covered || pieces.length === polygons().length ? "" : loops(pieces));
    drafted.setAttribute("d", draft?.length ? ground.path(draft) + (draft.length === 1 ? "h1" : "") : "");
    editing.forEach((one) => {
      one.hidden = draft !== null;
    });
    drawing.forEach((one) => {
      one.hidden = draft === null;
    });
    told.textContent = problem;
    steepness.hidden = model.get("kind") === "threshold";
    picture.element.hidden = sums.hidden = ground.behind.hidden = covered;
    cut.setAttribute("visibility", "hidden");
    parts.data.parentElement.hidden = covered;
    if (draft) {
      parts.say(`${draft.length} corners so far. Press in the plane, or move the point with the arrow keys and press Enter.`);
    }
    if (covered) {
      if (!draft) parts.say(`${polygons().length === 1 ? "A polygon" : `${polygons().length} polygons`} with ${polygons().flat().length} corners. How many units will it take?`);
      return;
    }
    const [l, i] = placeOf(layers, model.get("unit"));
    paintAll(layers, l, i);
    if (l === 0) placeCut(layers[0].W[i], layers[0].b[i]);
    picture.draw({ layers, A, chosen: model.get("unit"), words: words(layers, A, Z), map: (layer, unit) => maps[layer][unit] });
    sums.textContent = sumOf(layers, A, Z, l, i);
    if (!draft) say(layers, pieces, at, A);
    table(parts.data, `Weights and values at (${at.map((value) => show(value)).join(", ")})`, ["unit", "does", "weights", "bias", "sum", "value"],
      layers.flatMap(({ W, b }, layer) =>
        W.map((weights, unit) => [
          unitName(layers, layer, unit), deed(layers, layer), weights.map((weight) => show(weight)).join(", "), show(b[unit]), show(Z[layer][unit]), show(A[layer + 1][unit]),
        ]),
      ),
    );
  }
  /* The line on which an edge's unit turns, right through the picture. */
  function placeCut(w, b) {
    const size = w[0] ** 2 + w[1] ** 2;
    const foot = [4, 2.5].map((value, j) => value - (w[j] * (w[0] * 4 + w[1] * 2.5 + b)) / size);
    const far = 20 / Math.sqrt(size);
    cut.setAttribute("visibility", "visible");
    cut.setAttribute("x1", ground.px(foot[0] - far * w[1]));
    cut.setAttribute("y1", ground.py(foot[1] + far * w[0]));
    cut.setAttribute("x2", ground.px(foot[0] + far * w[1]));
    cut.setAttribute("y2", ground.py(foot[1] - far * w[0]));
  }
  const deed = (layers, l) => (l === 0 ? "half-plane of an edge" : l === 1 ? "AND of its edges" : "OR of the pieces");
  function words(layers, A, Z) {
    return (l, i) => `unit ${unitName(layers, l, i)}, ${deed(layers, l)}: sum ${show(Z[l][i])}, value ${show(A[l + 1][i])}; press to see its region`;
  }
  function sumOf(layers, A, Z, l, i) {
    const names = l === 0 ? ["x₁", "x₂"] : layers[l - 1].b.map((_, j) => withIndex(l === 1 ? "h" : "g", j));
    const name = unitName(layers, l, i);
    const { W, b } = layers[l];
    const written = sumText(W[i], b[i], names);
    const rule = model.get("kind") === "threshold" ? `1 if ${written} ≥ 0` : `σ(${written})`;
    return `${name}, the ${deed(layers, l)}: ${rule}. At the point the sum is ${show(Z[l][i])}, so ${name} = ${show(A[l + 1][i])}. Its region is tinted.`;
  }
  function say(layers, pieces, at, A) {
    const edges = layers[0].b.length;
    const value = A.at(-1)[0];
    const parted = pieces.length > polygons().length ? `The dents are cut away: ${pieces.length} convex pieces. ` : "";
    parts.say(
      `${edges} half-planes, ${pieces.length === 1 ? "one AND" : `${pieces.length} ANDs and an OR`}: ${unitsIn(layers)} units. ${parted}` +
        `At (${at.map((x) => show(x)).join(", ")}) ${A[1].filter((a) => a >= 0.5).length} of ${edges} half-planes are on, and the network answers ${show(value)}: ${value >= 0.5 ? "inside" : "outside"}.`,
    );
  }
  const onpolygons = () => guess.forget();
  model.on("change:polygons", onpolygons);
  model.on("change", draw);
  const endMode = onMode(draw);
  draw();
  return () => {
    endMode();
    guess.end();
    model.off("change:polygons", onpolygons);
    model.off("change", draw);
  };
}

export default { render };
