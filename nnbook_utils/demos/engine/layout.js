/* Where the nodes and edges of a graph stand in its picture, in pixels.

   Nodes with `at`, a column and a row, become boxes on a grid. In a network, inputs, weighted
   sums, activations and the cost are boxes in columns; weights, biases and targets are
   labels at the edges that lead to them. An edge knows of which uses it is the picture:
   "child k" for the k-th parent of a child. */

const box = { w: 74, h: 54 };
const PORT = 31; // from label to label of the edges that enter a unit
const middle = (place) => place.y + place.h / 2;

/* The k-th of n ports at the left of a box. */
const port = (place, k, n, pitch) => [place.x, middle(place) + (k - (n - 1) / 2) * pitch];

/* A curve from the right of a box to a port; its last stretch is level. */
function curveTo(from, [x, y], level = 0) {
  const [x0, y0] = [from.x + from.w, middle(from)];
  const half = (x - level - x0) / 2;
  return `M${x0},${y0}C${x0 + half},${y0} ${x0 + half},${y} ${x - level},${y}H${x}`;
}

function workedLayout(nodes) {
  const places = nodes.map(({ at: [column, row] }) => ({ x: 4 + column * 128, y: 4 + row * 68, ...box }));
  const edges = nodes.flatMap((node, child) =>
    node.parents.map((parent, k) => {
      const tip = port(places[child], k, node.parents.length, 24);
      return { d: curveTo(places[parent], tip, 8), tip, slope: [tip[0] - 20, tip[1] - 6], uses: [`${child} ${k}`], always: true };
    }),
  );
  return { places, edges, labels: new Set() };
}

function networkLayout(nodes) {
  const cost = nodes.length - 1;
  const last = nodes[cost].layer;
  const wide = (i) => nodes[i].op === "affine" || i === cost; // a port for each label
  // Units, and the bias: what comes in from the left.
  const ports = ({ op, parents }) => (op === "softmax" ? parents.length : Math.ceil(parents.length / 2));
  const heightOf = (i) => (wide(i) ? Math.max(box.h, ports(nodes[i]) * PORT) : box.h);
  const left = (column) => {
    const gap = column > 2 * last ? 48 : column % 2 ? 114 : 46;
    return column ? left(column - 1) + box.w + gap : 4;
  };
  const layers = Array.from({ length: last + 1 }, (_, l) => {
    const own = nodes.flatMap((node, i) => (node.layer === l && node.unit !== undefined ? [i] : []));
    return { size: Math.max(...own.map((i) => nodes[i].unit)) + 1, pitch: Math.max(...own.map(heightOf)) + 14 };
  });
  const height = Math.max(...layers.map(({ size, pitch }) => size * pitch));
  layers[0].pitch = height / 2;
  const places = nodes.map((node, i) => {
    if (!node.op && node.role !== "input") return null; // a label: its place follows
    const { size, pitch } = layers[node.layer];
    const offset = i === cost ? 0 : (node.unit - (size - 1) / 2) * pitch;
    const column = i === cost ? 2 * last + 1 : 2 * node.layer - Number(node.op === "affine");
    return { x: left(column), y: (height - heightOf(i)) / 2 + offset, w: box.w, h: heightOf(i) };
  });
  const edges = [];
  const labels = new Set();
  function label(node, x, tip, w) {
    labels.add(node);
    places[node] = { x, y: tip[1] - 14, w, h: 28 };
  }
  nodes.forEach(({ op, parents }, child) => {
    if (!op) return;
    const n = ports(nodes[child]);
    const affine = op === "affine";
    const units = affine ? n - 1 : n;
    const tips = parents.slice(0, n).map((_, k) => port(places[child], k, n, wide(child) ? PORT : 14));
    tips.slice(0, units).forEach((tip, k) => {
      const d = curveTo(places[parents[k]], tip, affine ? 60 : 10);
      if (!affine) {
        edges.push({ d, tip, slope: [tip[0] - 22, tip[1] - 5], uses: [`${child} ${k}`] });
        return;
      }
      edges.push({ d, tip, uses: [`${child} ${k}`, `${child} ${units + k}`] });
      label(parents[units + k], tip[0] - 58, tip, 48);
    });
    // Stubs, without a unit at the other end: a bias from the left, targets from the right.
    if (affine) {
      const tip = tips[units];
      edges.push({ d: `M${tip[0] - 76},${tip[1]}H${tip[0]}`, tip, uses: [`${child} ${2 * units}`] });
      label(parents[2 * units], tip[0] - 76, tip, 66);
    } else if (child === cost) {
      tips.forEach(([x, y], k) => {
        const tip = [x + box.w, y];
        edges.push({ d: `M${tip[0] + 58},${y}H${tip[0]}`, tip, turned: true, uses: [`${child} ${n + k}`] });
        label(parents[n + k], tip[0] + 12, tip, 48);
      });
    }
  });
  return { places, edges, labels };
}

export function layoutOf(nodes) {
  const found = nodes[0].at ? workedLayout(nodes) : networkLayout(nodes);
  const far = (key, size) => Math.max(...found.places.map((place) => place[key] + place[size])) + 4;
  return { ...found, width: far("x", "w"), height: far("y", "h") };
}
