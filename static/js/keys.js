/* The keyboard: walking the drawing, shortcuts, undo and redo. `?` lists them all. */

import { drawingOf, fit, zoom } from "./camera.js";
import { closePanel, showSide, toggleSide } from "./panels.js";
import { endsOf, focusTask, openDependencyForm, openOverview, openTask, selectedTasks, uidOf } from "./selection.js";

const editor = document.querySelector("[data-editor]");
const canvas = document.querySelector("[data-canvas]");

function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]");
}

function middle(node) {
  const box = node.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* The nearest other task in a direction; what lies off to the side counts as far. */
function beside(node, [dx, dy]) {
  const from = middle(node);
  let best = null;
  let least = Infinity;
  for (const other of drawingOf(document).querySelectorAll(".node.task, .node.bar")) {
    const to = middle(other);
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    const cost = along + 4 * aside;
    if (other !== node && along > 2 && cost < least) [best, least] = [other, cost];
  }
  return best;
}

/* Along an arrow: to the nearest task that comes directly before (0) or after (1). */
function linked(node, which) {
  const ends = [...drawingOf(document).querySelectorAll('.edge.dep[id^="dep-"]')].map(endsOf);
  const uid = uidOf(node);
  const found = ends.filter((pair) => pair[1 - which] === uid).map((pair) => document.getElementById(`task-${pair[which]}`));
  const far = (other) => Math.abs(middle(other).y - middle(node).y);
  return found.filter(Boolean).toSorted((a, b) => far(a) - far(b))[0];
}

function walk(node, key) {
  const sideways = node.id.startsWith("task-") && { ArrowLeft: 0, ArrowRight: 1 }[key];
  const to = typeof sideways === "number" ? linked(node, sideways) : beside(node, DIRECTIONS[key]);
  if (to) focusTask(to);
}

/* Into the panel with the keyboard: to its first field, else to its close button. */
function enterPanel(field) {
  document.querySelector(field ?? "#side .side-head a")?.focus();
}

async function draw(node) {
  await openDependencyForm(node && uidOf(node));
  enterPanel(node ? "#pair-successor" : "#pair-predecessor");
}

async function addTask() {
  if (!document.querySelector("#new-task-title")) await openOverview();
  showSide(true);
  enterPanel("#new-task-title");
}

/* Back from the panel to the task it was about. */
function leavePanel() {
  const [uid] = selectedTasks();
  closePanel();
  for (const kind of ["task", "owner", "bar"]) focusTask(document.getElementById(`${kind}-${uid}`));
}

const COMMANDS = {
  "?": () => document.getElementById("shortcuts").showModal(),
  "+": () => zoom(canvas, 0.8),
  "=": () => zoom(canvas, 0.8),
  "-": () => zoom(canvas, 1.25),
  0: () => fit(canvas),
  d: draw,
  n: addTask,
  p: toggleSide,
  Escape: leavePanel,
};

function revert(event) {
  event.preventDefault();
  document.getElementById(event.shiftKey ? "redo-button" : "undo-button")?.click();
}

function onKey(event) {
  if (document.querySelector("dialog[open], details.menu[open]")) return;
  const node = event.target.closest?.(".node.task, .node.bar");
  if (event.key === "Escape" && isTyping(event)) return leavePanel();
  if (isTyping(event)) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return revert(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const remove = document.querySelector("#remove-dependency");
  if ((event.key === "Delete" || event.key === "Backspace") && remove) {
    event.preventDefault();
    remove.requestSubmit();
  } else if (node && DIRECTIONS[event.key]) {
    event.preventDefault();
    walk(node, event.key);
  } else if (node && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    openTask(uidOf(node)).then(() => enterPanel());
  } else if (COMMANDS[event.key] && (canvas || !"+-=0".includes(event.key))) {
    event.preventDefault();
    COMMANDS[event.key](node);
  }
}

if (editor) document.addEventListener("keydown", onKey);
