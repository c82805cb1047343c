/* Networks of threshold units built by hand: from a truth table, or from polygons. */

import { choice, frame } from "./core.js";
import { polygonsFit, regionView } from "./boolean_region.js";
import { tableView } from "./boolean_table.js";

const VIEWS = {
  table: ["A truth table becomes a network", tableView],
  region: ["Polygons become a network", regionView],
};

/* A link can hold anything: what does not fit is refused here, before it is drawn. */
function refuseNonsense(model) {
  const fits =
    model.get("view") in VIEWS &&
    /^([01]{4}|[01]{8}|[01]{16})$/.test(model.get("outputs")) &&
    ["minterms", "merged", "opposite"].includes(model.get("recipe")) &&
    Number.isInteger(model.get("row")) && model.get("row") >= 0 && model.get("row") < 16 &&
    typeof model.get("unit") === "string" && model.get("unit") !== "" &&
    ["threshold", "sigmoid"].includes(model.get("kind")) &&
    model.get("steepness") >= 1 && model.get("steepness") <= 100 &&
    polygonsFit(model.get("polygons")) &&
    [...model.get("polygons").flat(), model.get("point")].every((place) => place.length === 2 && place.every(Number.isFinite));
  if (!fits) throw new Error("these settings do not fit");
}

function render({ model, el }) {
  refuseNonsense(model);
  const parts = frame(el, {
    title: "",
    model,
    name: "boolean",
    settings: ["view", "outputs", "recipe", "row", "unit", "polygons", "point", "kind", "steepness", "guess_first"],
  });
  const title = parts.root.querySelector(".title");
  parts.controls.append(choice(model, "view", "Build from", { table: "a truth table", region: "polygons" }));
  function change(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  let shown = null;
  let view = null;
  function draw() {
    if (shown !== model.get("view")) {
      view?.end();
      shown = model.get("view");
      title.textContent = VIEWS[shown][0];
      parts.root.dataset.view = shown;
      view = VIEWS[shown][1](model, parts, change);
    }
    view.draw();
  }
  model.on("change", draw);
  draw();
  return () => {
    model.off("change", draw);
    view.end();
  };
}

export default { render };
