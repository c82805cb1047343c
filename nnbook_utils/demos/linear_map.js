/* A 2 x 2 matrix as a map of the plane: its columns are dragged, all else follows. Also one
   map after another, and the dot product of two vectors. */

import { ARROWS, ENTER, arrow, button, checkbox, choice, frame, h, handle, marker, numberField, plane, prediction, s, setAll, show, table } from "./core.js";
import { angle, compose, determinant, dot, eigen, project, times } from "./engine/linear.js";

const SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]];
const LETTER = [[[0.3, 0.15], [0.3, 0.85], [0.75, 0.85]], [[0.3, 0.5], [0.65, 0.5]]];
const CIRCLE = [Array.from({ length: 73 }, (_, i) => [Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)])];
const LINES = Array.from({ length: 21 }, (_, i) => i - 10).flatMap((k) => [[[k, -10], [k, 10]], [[-10, k], [10, k]]]);
const IDENTITY = [[1, 0], [0, 1]];
const INDEX = ["₁", "₂"];

const column = (W, j) => W.map((row) => row[j]);
const words = (a) => `(${a.map((value) => show(value)).join(", ")})`;
const matrixWords = (W) => `(${W.map((row) => row.map((value) => show(value)).join(", ")).join("; ")})`;

/* A plane with the image of grid and figure under a map, and arrows to the columns of a
   matrix, whose tips are dragged. */
function mapped(label, model, trait, name) {
  const picture = plane({ x: [-3, 3], y: [-3, 3], label, width: 416, height: 390 });
  const [grid, before, shape, letter] = ["map-grid", "map-before", "map-figure goal", "curve goal"].map(
    (kind) => s("path", { class: kind }),
  );
  const [arrows, tips] = [[arrow("class-0"), arrow("class-1")], []];
  const kept = s("path", { class: "map-kept" });
  picture.layer.append(
    s("g", { "clip-path": picture.clip }, grid, before, shape, letter, kept),
    ...arrows.map((one) => one.element),
  );
  for (const j of [0, 1]) {
    tips.push(movable(picture, `tip of column ${j + 1} of ${name}`, `class-${j}`, j, (tip) => {
      model.set(trait, model.get(trait).map((row, i) => row.map((value, k) => (k === j ? tip[i] : value))));
      model.save_changes();
    }));
    picture.layer.append(tips[j].element);
  }
  const strokes = (lines, W) => lines.map((line) => picture.path(line.map((point) => times(W, point)))).join("");
  return {
    picture,
    /* Draw what M does, and the columns of W. */
    draw(M, W, figure) {
      const lines = figure === "circle" ? CIRCLE : figure === "letter" ? SQUARE : [];
      grid.setAttribute("d", strokes(LINES, M));
      before.setAttribute("d", strokes(lines, IDENTITY));
      shape.setAttribute("d", strokes(lines, M));
      letter.setAttribute("d", figure === "letter" ? strokes(LETTER, M) : "");
      for (const j of [0, 1]) {
        arrows[j].place(picture, [0, 0], column(W, j));
        tips[j].place(...column(W, j));
      }
    },
    keep(directions) {
      kept.setAttribute("d", directions.map(([u, v]) => picture.path([[-15 * u, -15 * v], [15 * u, 15 * v]])).join(""));
    },
  };
}

/* A handle that stays in the picture, on a fine grid. */
function movable(picture, label, kind, k, onmove) {
  return handle(picture, {
    label,
    kind,
    shape: marker(k, 8),
    onmove(place) {
      const end = picture.x[1];
      onmove(place.map((value) => Math.max(-end, Math.min(end, Math.round(value * 20) / 20))));
    },
  });
}

/* Fields for the entries of a trait that is a vector or a matrix. */
function typed(model, trait, title, letter) {
  const matrix = Array.isArray(model.get(trait)[0]);
  const places = matrix ? [[0, 0], [0, 1], [1, 0], [1, 1]] : [[0], [1]];
  const fields = places.map(([i, j]) =>
    numberField(
      letter + INDEX[i] + (matrix ? INDEX[j] : ""),
      0,
      (value) => {
        const next = model.get(trait).map((row) => (matrix ? [...row] : row));
        if (matrix) next[i][j] = value;
        else next[i] = value;
        model.set(trait, next);
        model.save_changes();
      },
      { min: -10, max: 10, name: trait },
    ),
  );
  const element = h("fieldset", { class: "map-typed", "data-control": trait }, h("legend", {}, title), ...fields);
  return {
    element,
    update: () => places.forEach(([i, j], at) => fields[at].write(matrix ? model.get(trait)[i][j] : model.get(trait)[i])),
  };
}

function render({ model, el }) {
  const parts = frame(el, {
    title: "Maps and vectors of the plane",
    model,
    name: "linear_map",
    settings: ["show", "matrix", "second", "vector", "other", "figure", "show_eigen", "quiz"],
    help: "Drag the tip of an arrow.",
    keys: [ARROWS, ENTER],
  });
  const put = (values) => setAll(model, values);
  const first = mapped("The plane after A", model, "matrix", "A");
  const then = mapped("The plane after A and then B", model, "second", "B");
  const [x, image] = [arrow("truth"), arrow("accent")];
  const last = arrow("accent");
  const pull = movable(first.picture, "vector x", "truth", 3, (place) => put({ vector: place }));
  first.picture.layer.append(x.element, image.element, pull.element);
  then.picture.layer.append(last.element);

  const flat = plane({ x: [-3, 3], y: [-3, 3], label: "Two vectors, and the projection of one", width: 476, height: 450 });
  const line = s("path", { class: "map-kept" });
  const drop = s("path", { class: "map-drop" });
  const [a, b, shadow] = [arrow("class-0"), arrow("class-1"), arrow("map-shadow goal")];
  const ends = [["vector", "a"], ["other", "b"]].map(([trait, name], k) =>
    movable(flat, `vector ${name}`, `class-${k}`, k, (place) => put({ [trait]: place })),
  );
  flat.layer.append(s("g", { "clip-path": flat.clip }, line, drop), shadow.element, b.element, a.element, ...ends.map((end) => end.element));

  const caption = (text, element) => h("figure", { class: "map-panel" }, h("figcaption", {}, text), element);
  const [left, right, single] = [
    caption("A: its columns, and x with its image", first.picture.element),
    caption("First A, then B", then.picture.element),
    caption("a, b, and the projection of a onto b", flat.element),
  ];
  parts.stage.append(left, right, single);

  const fields = {
    A: typed(model, "matrix", "A", "a"),
    B: typed(model, "second", "B", "b"),
    x: typed(model, "vector", "x", "x"),
    a: typed(model, "vector", "a", "a"),
    b: typed(model, "other", "b", "b"),
  };
  const figure = choice(model, "figure", "Picture", { letter: "square and letter F", circle: "unit circle", none: "grid alone" });
  const kept = checkbox(model, "show_eigen", "Directions that A keeps");
  const swap = button("Swap A and B", () => put({ matrix: model.get("second"), second: model.get("matrix") }), { "data-control": "swap" });
  parts.controls.append(
    choice(model, "show", "Show", { map: "one map", compose: "one map after another", dot: "dot product and projection" }),
    figure,
    kept,
    swap,
  );
  const guess = h("div", {});
  parts.more.append(...Object.values(fields).map((one) => one.element), guess);

  const QUESTIONS = {
    map: ["What is the determinant of A?", () => determinant(model.get("matrix")), "matrix"],
    compose: ["What is the determinant of B A?", () => determinant(compose(model.get("second"), model.get("matrix"))), "matrix", "second"],
    dot: ["What is a · b?", () => dot(model.get("vector"), model.get("other")), "vector", "other"],
  };
  const numbers = () => JSON.stringify(QUESTIONS[model.get("show")].slice(2).map((name) => model.get(name)));
  let asked = "";
  let box;
  let judged = ""; // the numbers that the verdict is about
  /* A fresh question when another thing is shown, or when the numbers are new. */
  function ask() {
    const wanted = model.get("show") + model.get("quiz");
    if (asked === wanted) {
      if (judged && judged !== numbers()) {
        judged = "";
        box.rest();
      }
      return;
    }
    const answered = asked === model.get("show") + "true" && !model.get("quiz");
    asked = wanted;
    if (answered) return;
    const [question, right] = QUESTIONS[model.get("show")];
    const some = () => Math.round(Math.random() * 8 - 4) / 2;
    const rows = () => [[some(), some()], [some(), some()]];
    judged = "";
    box = prediction({
      question,
      again: "Guess about other numbers",
      commit(value) {
        put({ quiz: false });
        judged = numbers();
        box.answer(Math.abs(value - right()) <= 0.05 * Math.max(1, Math.abs(right())), `It is ${show(right())}.`);
      },
      renew() {
        judged = "";
        const fresh = { map: { matrix: rows() }, compose: { matrix: rows(), second: rows() }, dot: { vector: rows()[0], other: rows()[0] } };
        asked = model.get("show") + "true";
        model.set("quiz", true);
        put(fresh[model.get("show")]);
      },
    });
    if (!model.get("quiz")) box.rest();
    guess.replaceChildren(box.element);
  }

  function drawDot() {
    const [u, v] = [model.get("vector"), model.get("other")];
    const zero = v[0] === 0 && v[1] === 0;
    const p = zero ? [0, 0] : project(u, v);
    ends[0].place(...u);
    ends[1].place(...v);
    a.place(flat, [0, 0], u);
    b.place(flat, [0, 0], v);
    shadow.place(flat, [0, 0], p);
    line.setAttribute("d", zero ? "" : flat.path([v.map((value) => -20 * value), v.map((value) => 20 * value)]));
    drop.setAttribute("d", flat.path([u, p]));
    const rest = u.map((value, i) => value - p[i]);
    const secret = model.get("quiz");
    parts.say(
      secret
        ? `a = ${words(u)}, b = ${words(v)}. What is a · b? Your guess first.`
        : zero
          ? "b is zero: it has no direction to project onto."
          : `a · b = ${show(dot(u, v))}; the angle is ${show(angle(u, v))}°. The projection of a onto b is ${words(p)}, of length ${show(Math.hypot(...p))}.`,
    );
    const rows = secret ? [["a", u], ["b", v]] : [["a", u], ["b", v], ["projection p", p], ["a − p", rest]];
    table(parts.data, "Lengths, and dot products with b", ["vector", "entries", "length", "dot product with b"], rows.map(([name, w]) => [
      name, words(w), show(Math.hypot(...w)), secret ? "?" : show(dot(w, v)),
    ]));
  }

  function drawMaps() {
    const [A, B, vector] = [model.get("matrix"), model.get("second"), model.get("vector")];
    const both = model.get("show") === "compose";
    const BA = compose(B, A);
    first.draw(A, A, model.get("figure"));
    then.draw(BA, B, model.get("figure"));
    const pairs = model.get("show_eigen") && !both ? eigen(A) : [];
    first.keep(pairs.map(([, direction]) => direction));
    pull.place(...vector);
    x.place(first.picture, [0, 0], vector);
    image.place(first.picture, [0, 0], times(A, vector));
    last.place(then.picture, [0, 0], times(BA, vector));
    const secret = model.get("quiz");
    const area = determinant(both ? BA : A);
    const grows = `areas are ${area < 0 ? "turned over and " : ""}multiplied by ${show(Math.abs(area))}`;
    const factors = both ? `${show(determinant(B))} · ${show(determinant(A))} = ` : "";
    const size = secret ? "what is the determinant? Your guess first" : `determinant ${factors}${show(area)}: ${grows}`;
    const keeps = !model.get("show_eigen") || both
      ? ""
      : pairs.length
        ? ` A keeps the direction${pairs.length > 1 ? "s" : ""} ${pairs.map(([value, way]) => `${words(way)}, stretched by ${show(value)}`).join(", and ")}.`
        : " A keeps no direction.";
    parts.say(
      both
        ? `First A, then B: B A = ${matrixWords(BA)}; ${size}.`
        : `Columns ${words(column(A, 0))} and ${words(column(A, 1))}; ${size}.${keeps}`,
    );
    table(
      parts.data,
      "What the maps do to some vectors",
      both ? ["x", "A x", "B A x"] : ["x", "A x"],
      [...IDENTITY, vector].map((w) => [w, times(A, w), times(BA, w)].slice(0, both ? 3 : 2).map(words)),
    );
  }

  function draw() {
    const seen = model.get("show");
    const entries = [model.get("matrix"), model.get("second"), model.get("vector"), model.get("other")].flat(2);
    const largest = Math.max(...entries.map(Math.abs));
    for (const [{ x: shown, view, inner }, usual] of [[first.picture, 3], [then.picture, 3], [flat, 4]]) {
      const end = largest > usual ? 10 : usual;
      const high = (end * inner.height) / inner.width;
      if (shown[1] !== end || !draw.done) view([-end, end], [-high, high]);
    }
    draw.done = true;
    left.hidden = seen === "dot";
    right.hidden = seen !== "compose";
    single.hidden = seen !== "dot";
    figure.hidden = seen === "dot";
    kept.hidden = seen !== "map";
    swap.hidden = seen !== "compose";
    const given = { map: "Ax", compose: "ABx", dot: "ab" }[seen];
    for (const [name, one] of Object.entries(fields)) {
      one.element.hidden = !given.includes(name);
      one.update();
    }
    ask();
    if (seen === "dot") drawDot();
    else drawMaps();
  }
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
