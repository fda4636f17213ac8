/* What is selected, told from the panel that is open; and opening panels by clicking the drawing. */

import { adopt, drawingOf, remember, reveal } from "./camera.js";

const LEAST_SCALE = 0.9;

const side = document.getElementById("side");
const editor = document.querySelector("[data-editor]");
let before = null;
let focused = null;
let shown = null;

/** The uid of a task's box or bar, in whichever drawing. */
export function uidOf(node) {
  return node.id.replace(/^(task|owner|bar|seq)-/, "");
}

/** The two tasks of an arrow or of a conflict's line. */
export function endsOf(edge) {
  return edge.id.replace(/^(dep|conflict)-/, "").split("--");
}

function open(url) {
  return htmx.ajax("GET", url, { target: "#side", swap: "innerHTML" });
}

export function openTask(uid) {
  return open(`${editor.dataset.tasksUrl}${uid}/`);
}

export function openOverview() {
  return open(editor.dataset.overviewUrl);
}

export function openDependencyForm(uid) {
  return open(`${editor.dataset.dependenciesUrl}${uid ? `?from=${uid}` : ""}`);
}

function openEdge(edge) {
  const base = edge.id.startsWith("dep-") ? editor.dataset.dependenciesUrl : editor.dataset.pairsUrl;
  return open(`${base}${endsOf(edge).join("/")}/`);
}

/** The tasks that the open panel is about. */
export function selectedTasks() {
  const panel = side.querySelector("[data-panel]");
  return [panel?.dataset.uid, ...(panel?.dataset.pair?.split(" ") ?? [])].filter(Boolean);
}

/* Mark in the drawing what the panel is about; a task that was just opened or added comes into view. */
function mark() {
  const panel = side.querySelector("[data-panel]");
  const uids = selectedTasks();
  for (const node of document.querySelectorAll("svg.drawing .selected")) node.classList.remove("selected");
  if (panel?.dataset.edge) document.getElementById(panel.dataset.edge)?.classList.add("selected");
  for (const uid of uids) {
    for (const kind of ["task", "owner", "bar", "seq"]) document.getElementById(`${kind}-${uid}`)?.classList.add("selected");
  }
  const first = document.querySelector("svg.drawing .node.selected");
  if (uids.join() === shown || (uids.length && !first)) return;
  shown = uids.join();
  if (first) reveal(first.closest("[data-canvas]"), first);
}

/* A long timeline scrolls rather than shrink until its words cannot be read. */
function keepReadable(svg) {
  if (svg.closest(".timeline-drawing")) svg.style.minWidth = `${svg.viewBox.baseVal.width * LEAST_SCALE}px`;
}

/* One task is in the tab order; arrows move on from it (keys.js). */
function rove(svg) {
  const links = [...svg.querySelectorAll(".node a[href]")];
  for (const link of links) link.setAttribute("tabindex", "-1");
  links[0]?.setAttribute("tabindex", "0");
}

export function focusTask(node) {
  const link = node?.querySelector("a[href]");
  if (!link) return;
  for (const other of drawingOf(document).querySelectorAll('a[tabindex="0"]')) other.setAttribute("tabindex", "-1");
  link.setAttribute("tabindex", "0");
  link.focus({ preventScroll: !node.closest(".timeline-drawing") });
  reveal(node.closest("[data-canvas]"), node);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const node = event.target.closest?.("svg.drawing .node[id]");
  const edge = event.target.closest?.("svg.drawing .edge:is(.dep, .conflict)[id]");
  if (node && /^(task|owner|bar|seq)-/.test(node.id)) {
    event.preventDefault();
    openTask(uidOf(node));
  } else if (edge) {
    event.preventDefault();
    openEdge(edge);
  }
});

/* What a box or bar has no room for is told beside the pointer. */
document.addEventListener("pointerover", (event) => {
  const frame = event.target.closest?.(".drawing-frame, .timeline-drawing");
  if (frame) frame.title = event.target.closest("svg.drawing [aria-label]")?.getAttribute("aria-label") ?? "";
});

/* A new drawing takes over camera, focus and selection from the one it replaces. */
function isDrawing(element) {
  return element.matches?.(".drawing-frame, .timeline-frame");
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const frame = event.detail.target;
  if (!isDrawing(frame) || !event.detail.shouldSwap) return;
  before = remember(frame.closest("[data-canvas]"));
  focused = frame.contains(document.activeElement) ? document.activeElement.closest(".node")?.id : null;
});

function greet() {
  for (const svg of document.querySelectorAll("svg.drawing:not([data-greeted])")) {
    svg.dataset.greeted = "";
    rove(svg);
    keepReadable(svg);
    const canvas = svg.closest("[data-canvas]");
    if (canvas) adopt(canvas, before);
  }
  before = null;
  if (focused) focusTask(document.getElementById(focused));
  focused = null;
}

document.body.addEventListener("htmx:afterSwap", greet);
// Not before htmx has settled: it gives swapped elements their classes anew.
document.body.addEventListener("htmx:afterSettle", mark);

if (editor) {
  greet();
  mark();
}
