/* The side panel: refreshed when the plan changes, but never under the hands of somebody who types in it. */

import { openOverview } from "./selection.js";

const side = document.getElementById("side");
const toggle = document.querySelector("[data-toggle-side]");
const narrow = matchMedia("(width < 56rem)");
let typed = false;

/* Where the panel covers the drawing, or the view has no use for an overview, it opens only when it is asked for. */
function restsClosed() {
  return "restsClosed" in side.dataset || (narrow.matches && "restsClosedNarrow" in side.dataset);
}

export function showSide(shown) {
  side.hidden = !shown;
  toggle.setAttribute("aria-expanded", String(shown));
}

export function toggleSide() {
  showSide(side.hidden);
  if (!side.hidden) side.querySelector("a, button, input")?.focus();
}

/** Back to the overview; where that rests closed, the panel closes. */
export function closePanel() {
  if (restsClosed()) showSide(false);
  if (!side.querySelector('[data-panel="overview"]')) openOverview();
}

/* A panel that is not about to be typed in looks anew by itself; another one says that it is out of date. */
function outdate(version) {
  const panel = side.querySelector("[data-panel]");
  if (!panel || Number(panel.dataset.version) === version) return;
  const busy = typed || side.querySelector("form :is(input, textarea, select):focus");
  if (!busy) htmx.trigger(panel, "panelOutdated");
  else panel.querySelector(".out-of-date")?.removeAttribute("hidden");
}

function watch() {
  side.addEventListener("input", () => (typed = true));
  side.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === side) typed = false;
  });
  // What was asked for comes into view.
  side.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== side || !event.detail.shouldSwap) return;
    const asked = !event.detail.requestConfig.elt.matches("[data-panel]");
    if (asked && !(restsClosed() && event.detail.requestConfig.path.endsWith("/overview/"))) showSide(true);
  });
  // What the panel showed is gone.
  side.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 404 || !event.detail.elt.matches("[data-panel]")) return;
    event.stopPropagation();
    openOverview();
  });
  side.addEventListener("click", (event) => {
    if (restsClosed() && event.target.closest("[data-close-panel]")) showSide(false);
  });
  // After the response that told of the change has been swapped: it may have brought the newest panel.
  document.body.addEventListener("planChanged", (event) => setTimeout(() => outdate(event.detail.version)));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-side]")) toggleSide();
  });
  if (side.querySelector('[data-panel="overview"]') && restsClosed()) showSide(false);
}

if (side) watch();
