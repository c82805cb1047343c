/* The text is shown once its formulae are set and its fonts are there, or after a
   second: lines that have been read do not move. (KaTeX's own listener comes first.) */
document.addEventListener("DOMContentLoaded", () => {
  const second = new Promise((resolve) => setTimeout(resolve, 1000));
  Promise.race([document.fonts.ready, second]).then(() => {
    document.documentElement.classList.remove("nn-setting");
  });
});

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
