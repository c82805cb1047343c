"""Frames of the network demo while it trains, beside the common way of drawing one.

Headless Chromium, 300 points, as fast as the demo trains. A frame is the time between
two calls of requestAnimationFrame; its work is what the page computed in it. The goals:
sixty frames a second with 2-8-8-1, and no frame over 33 ms with six layers of eight.

The common way goes through the network as a graph of objects, once for each of 100 x
100 pixels, and keeps the activation of every unit, in each frame. It is written anew
here, and only this much of a frame is measured.

Run it on a machine that has nothing else to do.
"""

import shutil
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

sys.path.append(str(Path(__file__).parent.parent / "tools"))

from draw_stills import page_of

from nnbook_utils.demos import Network

SECONDS = 8
# Hidden layers; the goals for frames a second and for the longest frame, in ms.
SETTINGS = [([4, 2], 60, 33), ([8, 8], 60, 33), ([8] * 6, 30, 33)]

# Times between frames and of the work in them, from the second second on.
WATCH = """(seconds) => new Promise((resolve) => {
  const [gaps, work] = [[], []];
  const plain = window.requestAnimationFrame.bind(window);
  let [spent, before] = [0, 0];
  window.requestAnimationFrame = (callback) => plain((now) => {
    const start = performance.now();
    callback(now);
    spent += performance.now() - start;
  });
  const start = performance.now();
  plain(function tick(now) {
    if (now - start > 1000) {
      gaps.push(now - before);
      work.push(spent);
    }
    [before, spent] = [now, 0];
    if (now - start > 1000 * (seconds + 1)) resolve([gaps, work]);
    else plain(tick);
  });
})"""

COMMON = """([hidden, times]) => {
  const widths = [2, ...hidden, 1];
  const layers = widths.map((width, l) => Array.from({length: width}, () => ({
    bias: 0.1, output: 0, seen: [],
    links: l === 0 ? [] : Array.from({length: widths[l - 1]}, (_, j) => (
      {from: j, weight: Math.random() - 0.5})),
  })));
  layers.forEach((layer, l) => layer.forEach((unit) => unit.links.forEach((link) => {
    link.source = layers[l - 1][link.from];
  })));
  const taken = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    for (const layer of layers) {
      for (const unit of layer) {
        unit.seen = Array.from({length: 100}, () => new Array(100));
      }
    }
    for (let x = 0; x < 100; x += 1) {
      for (let y = 0; y < 100; y += 1) {
        layers[0][0].output = x / 50 - 1;
        layers[0][1].output = y / 50 - 1;
        layers.slice(1).forEach((layer) => layer.forEach((unit) => {
          let sum = unit.bias;
          for (const link of unit.links) sum += link.weight * link.source.output;
          unit.output = Math.tanh(sum);
        }));
        layers.forEach((layer) => layer.forEach((unit) => {
          unit.seen[x][y] = unit.output;
        }));
      }
    }
    taken.push(performance.now() - start);
  }
  return taken;
}"""


def watched(page: Page, hidden: list[int]) -> tuple[list[float], list[float]]:
    """Return the lengths of the frames, and of the work in them, in milliseconds."""
    widget = Network(layers=hidden, count=300, share=1.0, speed=10_000.0)
    page.set_content(page_of(widget))
    page.get_by_role("button", name="Run", exact=True).click()
    gaps, work = page.evaluate(WATCH, SECONDS)
    return gaps, work


def main() -> None:
    """Measure, print, and exit with 1 if a goal is missed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        goals = []
        print("network        frames/s  longest  work: median  longest  the common way")
        for hidden, least, longest in SETTINGS:
            page = browser.new_page(viewport={"width": 1000, "height": 1000})
            gaps, work = watched(page, hidden)
            common = median(page.evaluate(COMMON, [hidden, 15])[5:])
            rate = 1000 * len(gaps) / sum(gaps)
            met = rate > least - 1 and max(gaps) < longest + 1
            goals.append(met)
            name = "-".join(map(str, [2, *hidden, 1]))
            print(
                f"{name:14} {rate:8.1f} {max(gaps):5.1f} ms {median(work):10.1f} ms "
                f"{max(work):5.1f} ms {common:11.1f} ms  "
                f"{'goal met' if met else 'goal missed'}"
            )
            page.close()
        browser.close()
    sys.exit(not all(goals))


if __name__ == "__main__":
    main()
