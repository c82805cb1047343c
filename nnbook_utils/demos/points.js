/* Points of a plane that the reader moves, adds and removes. A click on the empty plane
   adds one. At a point, the arrow keys move it, Page Up and Page Down go to its
   neighbours, and Delete removes it; only one of the points is a stop of the Tab key. */

import { handle, s } from "./core.js";

/* `kinds` are {kind, shape}; `snap` brings a place to where a point may lie; `move(k, at)`,
   `add(at)` and `remove(k)` change the data. `draw(items)` shows them, each with `at`, the
   number of its `kind`, and a `label`. */
export function pointSet(on, { kinds, step, snap, move, add, remove }) {
  const group = s("g", { class: "points" });
  let shown = [];
  let made = "";
  let chosen = 0;
  let held = -1;
  let moved = false;

  function choose(k) {
    chosen = Math.max(0, Math.min(k, shown.length - 1));
    shown.forEach(({ element }, i) => {
      element.setAttribute("tabindex", i === chosen ? 0 : -1);
      element.classList.toggle("chosen", i === chosen);
    });
  }

  function one({ kind, label }, k) {
    const made = handle(on, { ...kinds[kind], label, step, onmove: (at) => move(k, snap(at)) });
    made.element.setAttribute("aria-keyshortcuts", "PageUp PageDown Delete");
    made.element.addEventListener("focus", () => choose(k));
    made.element.addEventListener("keydown", (event) => {
      const steps = { PageUp: -1, PageDown: 1 }[event.key];
      if (steps) shown[(k + steps + shown.length) % shown.length].element.focus();
      else if (event.key === "Delete" || event.key === "Backspace") self.remove();
      else return;
      event.preventDefault();
    });
    return made;
  }

  function nearest(event) {
    const distances = shown.map(({ element }) => {
      const box = element.getBoundingClientRect();
      return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    });
    return distances.indexOf(Math.min(...distances));
  }

  // The room for a finger around a point covers its neighbours: the nearest is meant, not
  // the uppermost. So the pointer is taken before it reaches the handle.
  const down = (event) => {
    moved = group.contains(event.target);
    if (!moved || event.button !== 0) return;
    event.stopPropagation();
    event.preventDefault();
    held = nearest(event);
    shown[held].element.focus();
    shown[held].element.setPointerCapture(event.pointerId);
  };
  on.picture.addEventListener("pointerdown", down, { capture: true });
  on.picture.addEventListener("pointermove", (event) => {
    if (held >= 0) move(held, snap(on.at(event)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    on.picture.addEventListener(end, () => {
      held = -1;
    });
  }
  on.picture.addEventListener("click", (event) => {
    const [u, v] = on.at(event);
    const inside = u >= on.x[0] && u <= on.x[1] && v >= on.y[0] && v <= on.y[1];
    if (!moved && inside) add(snap([u, v]));
  });

  const self = {
    element: group,
    remove() {
      const focused = group.contains(document.activeElement);
      remove(chosen);
      if (focused) shown[chosen]?.element.focus();
    },
    chosen: () => chosen,
    /* Give the focus to a point, so that the arrow keys move it. */
    take: (k) => shown[k]?.element.focus(),
    draw(items) {
      const names = items.map(({ kind, label }) => `${kind} ${label}`).join();
      if (names !== made) {
        made = names;
        shown = items.map(one);
        group.replaceChildren(...shown.map(({ element }) => element));
        choose(chosen);
      }
      items.forEach(({ at }, k) => shown[k].place(...at));
    },
  };
  return self;
}
