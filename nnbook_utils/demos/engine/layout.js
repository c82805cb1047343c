/* Where the nodes and edges of a graph stand in its picture, in pixels.

   Nodes with `at`, a column and a row, become boxes on a grid. In a network, weighted sums,
   activations and the cost are boxes in columns, and weights, biases and targets labels at
   the edges that lead to them. */

const box = { w: 72, h: 54 };
const PITCH = 68; // from row to row of a worked graph
const WIDE = 52; // between its columns, where local derivatives stand
const PORT = 29; // from label to label of the edges that enter a unit
const LABEL = { w: 66, h: 27 };

const middle = (place) => place.y + place.h / 2;

function curveTo(from, [x, y]) {
  const [x0, y0] = [from.x + from.w, middle(from)];
  const bend = Math.max(14, (x - x0) / 2);
  return `M${x0},${y0}C${x0 + bend},${y0} ${x - bend},${y} ${x},${y}`;
}

/* The k-th of n ports at the left of a box. */
const port = (place, k, n, pitch) => [place.x, middle(place) + (k - (n - 1) / 2) * pitch];

function workedLayout(nodes) {
  const places = nodes.map(({ at: [column, row] }) => ({ x: 4 + column * (box.w + WIDE), y: 4 + row * PITCH, ...box }));
  const edges = nodes.flatMap((node, child) =>
    node.parents.map((parent, k) => {
      const tip = port(places[child], k, node.parents.length, 24);
      return { d: curveTo(places[parent], tip), tip, label: [tip[0] - 22, tip[1] - 5], uses: [`${child} ${k}`], always: true };
    }),
  );
  return { places, edges, labelled: new Set() };
}

/* The column of a unit of a network, and what stands left of it. */
const COLUMNS = { affine: 116, activation: 40, cost: 92 };

function networkLayout(nodes) {
  const places = nodes.map(() => null);
  const columns = [];
  nodes.forEach((node, i) => {
    if (node.role && node.role !== "input") return;
    const kind = node.role ? "input" : node.op === "affine" ? "affine" : node.unit === undefined ? "cost" : "activation";
    const name = `${node.layer} ${kind}`;
    const column = columns.find((one) => one.name === name);
    if (column) column.members.push(i);
    else columns.push({ name, kind, members: [i] });
  });
  const ports = (i) => (nodes[i].op === "affine" ? (nodes[i].parents.length + 1) / 2 : nodes[i].parents.length);
  const tall = (column) => Math.max(...column.members.map((i) => (column.kind === "affine" || column.kind === "cost" ? Math.max(box.h, ports(i) * PORT) : box.h)));
  const height = Math.max(...columns.map((column) => column.members.length * (tall(column) + 14)));
  let x = 4;
  columns.forEach((column, c) => {
    x += c ? box.w + COLUMNS[column.kind] : 0;
    // An activation stands beside its own sum.
    const own = tall(column.kind === "activation" ? columns[c - 1] : column) + 14;
    const pitch = column.kind === "input" ? Math.max(own, height / column.members.length - 40) : own;
    const top = height / 2 - (pitch * (column.members.length - 1)) / 2 - box.h / 2;
    column.members.forEach((i, j) => {
      places[i] = { x, y: 4 + top + j * pitch, ...box };
    });
  });
  const edges = [];
  const labelled = new Set();
  nodes.forEach((node, child) => {
    const n = ports(child);
    const units = node.op === "affine" ? n - 1 : node.unit === undefined ? n / 2 : n;
    for (let k = 0; k < (node.op ? n : 0); k += 1) {
      const pitch = node.unit === undefined || node.op === "affine" ? PORT : 16;
      const tip = port(places[child], k, n, pitch);
      const isUnit = k < units;
      const onLabel = node.op === "affine" ? node.parents[units + k] : isUnit ? null : node.parents[k];
      const uses = node.op === "affine" ? [`${child} ${units + k}`, ...(isUnit ? [`${child} ${k}`] : [])] : [`${child} ${k}`];
      const stub = `M${tip[0] - 16},${tip[1]}H${tip[0]}`;
      edges.push({
        d: isUnit ? curveTo(places[node.parents[k]], tip) : stub,
        tip, uses,
        label: onLabel === null ? [tip[0] - 21, tip[1] - 4] : null,
      });
      if (onLabel !== null) {
        places[onLabel] = { x: tip[0] - 12 - LABEL.w, y: tip[1] - LABEL.h / 2, ...LABEL };
        labelled.add(onLabel);
      }
    }
  });
  return { places, edges, labelled };
}

export function layoutOf(nodes) {
  const found = nodes.every((node) => node.at) ? workedLayout(nodes) : networkLayout(nodes);
  const far = (key, size) => Math.max(...found.places.map((place) => place[key] + place[size])) + 4;
  return { ...found, width: far("x", "w"), height: far("y", "h") };
}
