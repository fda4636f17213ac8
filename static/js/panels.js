/* The side panel: refreshed when the plan changes, but never under the hands of somebody who types in it. */

const side = document.getElementById("side");
const narrow = matchMedia("(width < 56rem)");
let typed = false;

export function toggleSide() {
  side.hidden = !side.hidden;
  if (!side.hidden) side.querySelector("a, button, input")?.focus();
}

/* A panel that is not about to be typed in looks anew by itself; another one says that it is out of date. */
function outdate(version) {
  const panel = side.querySelector("[data-panel]");
  if (!panel || Number(panel.dataset.version) === version) return;
  const busy = typed || side.querySelector("form :is(input, textarea, select):focus");
  if (!busy) htmx.trigger(panel, panel.dataset.panel === "overview" ? "overviewOutdated" : "panelOutdated");
  else panel.querySelector(".out-of-date")?.removeAttribute("hidden");
}

function watch() {
  side.addEventListener("input", (event) => (typed ||= Boolean(event.target.closest("[data-typed], .new-task"))));
  side.addEventListener("htmx:afterSwap", () => (typed = false));
  // What was asked for comes into view; on a narrow screen the panel covers the drawing, so it starts closed.
  side.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === side && !event.detail.requestConfig.elt.matches("[data-close-panel], [data-panel]")) side.hidden = false;
  });
  side.addEventListener("click", (event) => {
    if (narrow.matches && event.target.closest("[data-close-panel]")) side.hidden = true;
  });
  document.body.addEventListener("planChanged", (event) => outdate(event.detail.version));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-side]")) toggleSide();
  });
  if (narrow.matches && side.querySelector('[data-panel="overview"]') && document.querySelector(".canvas svg, .timeline-drawing")) {
    side.hidden = true;
  }
}

if (side) watch();
