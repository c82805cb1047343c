/* Elements of HTML and SVG, and numbers as text: what every module in a page starts from. */

const SVG_SPACE = "http://www.w3.org/2000/svg";

/* Give an element attributes, listeners (onclick: f) and children. */
export function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/* An HTML element: h("button", {type: "button", onclick: f}, "Step"). */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/* An SVG element, made in the same way. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG_SPACE, tag), attributes, children);
}

let counter = 0;
export function uniqueId() {
  counter += 1;
  return `nn-${counter}`;
}

/* A number as the book prints it: four significant digits, a true minus sign. */
export function show(value, digits = 4) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "not a number";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-4)
      ? value.toExponential(Math.max(0, digits - 2))
      : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}
