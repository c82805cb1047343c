/* What is wider than the screen scrolls inside itself; the keyboard must reach it too. */
function reachable() {
  const wide = "div.math, .highlight pre, .pst-scrollable-table-container";
  for (const box of document.querySelectorAll(wide)) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);
