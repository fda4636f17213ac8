/* What is selected, told from the panel that is open; and opening panels by clicking the drawing. */

import { adopt, drawingOf, remember, reveal } from "./camera.js";

const side = document.getElementById("side");
const editor = document.querySelector("[data-editor]");
let before = null;
let focused = null;

export function uidOf(node) {
  return node.id.replace(/^(task|bar|seq)-/, "");
}

/** The two tasks of a dependency's arrow. */
export function endsOf(edge) {
  return edge.id.replace(/^dep-/, "").split("--");
}

export function openTask(uid) {
  return htmx.ajax("GET", `${editor.dataset.tasksUrl}${uid}/`, { target: "#side", swap: "innerHTML" });
}

export function openDependency(edge) {
  const [predecessor, successor] = endsOf(edge);
  return htmx.ajax("GET", `${editor.dataset.dependenciesUrl}${predecessor}/${successor}/`, { target: "#side", swap: "innerHTML" });
}

export function openOverview() {
  return htmx.ajax("GET", editor.dataset.overviewUrl, { target: "#side", swap: "innerHTML" });
}

/* Mark in the drawing what the panel is about. */
function mark() {
  const panel = side.querySelector("[data-panel]");
  const ids = [];
  if (panel?.dataset.uid) ids.push(`task-${panel.dataset.uid}`, `bar-${panel.dataset.uid}`, `seq-${panel.dataset.uid}`);
  if (panel?.dataset.edge) ids.push(panel.dataset.edge);
  for (const uid of panel?.dataset.pair?.split(" ") ?? []) ids.push(`task-${uid}`);
  for (const node of document.querySelectorAll("svg.drawing .selected")) node.classList.remove("selected");
  for (const id of ids) document.getElementById(id)?.classList.add("selected");
}

/* One task is in the tab order; arrows move on from it (keys.js). */
function rove(svg) {
  const links = [...svg.querySelectorAll(".node.task a[href], .bar a[href]")];
  for (const link of links) link.setAttribute("tabindex", "-1");
  links[0]?.setAttribute("tabindex", "0");
}

export function focusTask(node) {
  const link = node?.querySelector("a[href]");
  if (!link) return;
  for (const other of drawingOf(document).querySelectorAll('a[tabindex="0"]')) other.setAttribute("tabindex", "-1");
  link.setAttribute("tabindex", "0");
  link.focus({ preventScroll: true });
  reveal(node.closest("[data-canvas]"), node);
}

function arrive(root) {
  for (const svg of root.querySelectorAll("svg.drawing")) rove(svg);
  mark();
}

document.addEventListener("click", (event) => {
  const node = event.target.closest?.("svg.drawing .node.task, svg.drawing .bar");
  const edge = event.target.closest?.("svg.drawing .edge.dep");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (node?.id && /^(task|bar|seq)-/.test(node.id)) {
    event.preventDefault();
    openTask(uidOf(node));
  } else if (edge?.id.startsWith("dep-")) {
    event.preventDefault();
    openDependency(edge);
  }
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const canvas = event.detail.target.closest("[data-canvas]");
  if (!canvas) return;
  before = remember(canvas);
  focused = canvas.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const canvas = document.querySelector("[data-canvas]");
  const drawing = event.detail.elt.closest?.("[data-canvas]") ?? (event.detail.elt.matches?.(".drawing-frame") && canvas);
  if (drawing && canvas) {
    adopt(canvas, before);
    before = null;
    if (focused) focusTask(document.getElementById(focused));
    focused = null;
  }
  arrive(document);
});

if (editor) arrive(document);
