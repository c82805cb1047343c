/* Polygons as networks: a unit for each edge, an AND for each convex piece, and an OR. A
   polygon is a list of corners [x, y]. */

/* Twice the area of a triangle; positive if p, q, r go around anticlockwise. */
const turnOf = (p, q, r) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);

const ROUNDING = 1e-9;

const around = (list, i) => list[(i + list.length) % list.length];

export const areaOf = (corners) =>
  corners.reduce((sum, p, i) => sum + turnOf([0, 0], p, around(corners, i + 1)), 0) / 2;

const anticlockwise = (corners) => (areaOf(corners) < 0 ? [...corners].reverse() : corners);

/* Without corners at which the border goes straight on. */
const bends = (corners) =>
  corners.filter((q, i) => Math.abs(turnOf(around(corners, i - 1), q, around(corners, i + 1))) > ROUNDING);

export const isConvex = (corners) =>
  anticlockwise(corners).every((q, i, all) => turnOf(around(all, i - 1), q, around(all, i + 1)) >= -ROUNDING);

const between = (p, q, r) =>
  Math.min(p[0], q[0]) <= r[0] && r[0] <= Math.max(p[0], q[0]) &&
  Math.min(p[1], q[1]) <= r[1] && r[1] <= Math.max(p[1], q[1]);

/* Whether two edges have a point in common. */
function meet([p, q], [r, s]) {
  const sides = [turnOf(p, q, r), turnOf(p, q, s), turnOf(r, s, p), turnOf(r, s, q)].map((side) =>
    Math.abs(side) <= ROUNDING ? 0 : Math.sign(side),
  );
  if (sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0) return true;
  return [[p, q, r], [p, q, s], [r, s, p], [r, s, q]].some((three, i) => sides[i] === 0 && between(...three));
}

/* Whether the border is a single loop that does not meet itself, around some area. */
export function isSimple(corners) {
  const n = corners.length;
  if (n < 3 || Math.abs(areaOf(corners)) < ROUNDING) return false;
  const edges = corners.map((p, i) => [p, around(corners, i + 1)]);
  return edges.every(([p, q], i) => {
    if (Math.hypot(p[0] - q[0], p[1] - q[1]) < ROUNDING) return false;
    // The next edge may not lead straight back over this one.
    const next = around(corners, i + 2);
    const back = (q[0] - p[0]) * (next[0] - q[0]) + (q[1] - p[1]) * (next[1] - q[1]) < 0;
    if (back && Math.abs(turnOf(p, q, next)) <= ROUNDING) return false;
    return edges.every((other, j) => {
      const apart = Math.min(Math.abs(i - j), n - Math.abs(i - j));
      return apart < 2 || !meet([p, q], other);
    });
  });
}

/* Cut off one ear after another: a corner whose triangle holds no other corner. */
function triangles(corners) {
  const left = [...corners];
  const found = [];
  while (left.length > 3) {
    const i = left.findIndex((q, at) => {
      const [p, r] = [around(left, at - 1), around(left, at + 1)];
      return (
        turnOf(p, q, r) > ROUNDING &&
        left.every(
          (other) =>
            [p, q, r].includes(other) ||
            turnOf(p, q, other) < -ROUNDING || turnOf(q, r, other) < -ROUNDING || turnOf(r, p, other) < -ROUNDING,
        )
      );
    });
    if (i < 0) throw new Error("this polygon has no triangle to cut off: do its edges cross?");
    found.push([around(left, i - 1), left[i], around(left, i + 1)]);
    left.splice(i, 1);
  }
  return [...found, left];
}

/* The loop around two pieces that share an edge, or null. */
function joined(one, other) {
  for (let i = 0; i < one.length; i += 1) {
    const [p, q] = [one[i], around(one, i + 1)];
    const j = other.indexOf(q);
    if (j >= 0 && around(other, j + 1) === p) {
      const first = one.map((_, step) => around(one, i + 1 + step)); // from q round to p
      const second = other.map((_, step) => around(other, j + 1 + step)); // from p round to q
      return [...first, ...second.slice(1, -1)];
    }
  }
  return null;
}

/* Convex pieces whose union is the polygon: triangles, joined while they stay convex
   (Hertel and Mehlhorn). */
export function convexPieces(polygon) {
  const corners = bends(anticlockwise(polygon));
  if (isConvex(corners)) return [corners];
  const pieces = triangles(corners);
  for (let i = 0; i < pieces.length; i += 1) {
    for (let j = i + 1; j < pieces.length; j += 1) {
      const both = joined(pieces[i], pieces[j]);
      if (both && isConvex(both)) {
        pieces[i] = both;
        pieces.splice(j, 1);
        j = i; // the larger piece may have new neighbours
      }
    }
  }
  return pieces.map(bends);
}

/* One unit for each edge of a convex polygon, with the inside on its side of 1. */
function edgeUnits(corners) {
  const W = corners.map((p, i) => {
    const q = around(corners, i + 1);
    return [-(q[1] - p[1]), q[0] - p[0]];
  });
  return { W, b: W.map((w, i) => -(w[0] * corners[i][0] + w[1] * corners[i][1])) };
}

/* With sigmoid units every sum is multiplied by `steepness`, and the rows of the edges
   have length 1, so that it says how fast a unit changes over one unit of the plane. */
function softened({ W, b }, kind, steepness, isEdge) {
  if (kind === "threshold") return { W, b, unit: kind };
  const scales = W.map((row) => steepness / (isEdge ? Math.hypot(...row) : 1));
  return { W: W.map((row, i) => row.map((w) => w * scales[i])), b: b.map((value, i) => value * scales[i]), unit: kind };
}

/* The network that knows a union of polygons: its layers, and the pieces. `owner` says
   for each edge the piece that it belongs to. */
export function regionNetwork(polygons, kind = "threshold", steepness = 1) {
  const pieces = polygons.flatMap(convexPieces);
  const edges = pieces.map(edgeUnits);
  const owner = edges.flatMap(({ b }, piece) => b.map(() => piece));
  const every = { W: edges.flatMap(({ W }) => W), b: edges.flatMap(({ b }) => b) };
  const both = {
    W: pieces.map((_, piece) => owner.map((of) => (of === piece ? 1 : 0))),
    b: edges.map(({ b }) => 0.5 - b.length),
  };
  const layers = [softened(every, kind, steepness, true), softened(both, kind, steepness, false)];
  if (pieces.length !== 1) {
    layers.push(softened({ W: [pieces.map(() => 1)], b: [-0.5] }, kind, steepness, false));
  }
  return { layers, pieces, owner };
}
