/* The keyboard: walking the graph, shortcuts, undo and redo. `?` lists them all. */

import { fit, zoom } from "./camera.js";
import { toggleSide } from "./panels.js";
import { endsOf, focusTask, openOverview, openTask, uidOf } from "./selection.js";

const editor = document.querySelector("[data-editor]");
const canvas = document.querySelector("[data-canvas]");

function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]");
}

function neighbours(uid, which) {
  const found = [];
  for (const edge of canvas.querySelectorAll('.edge.dep[id^="dep-"]')) {
    const ends = endsOf(edge);
    if (ends[1 - which] === uid) found.push(document.getElementById(`task-${ends[which]}`));
  }
  return found.filter(Boolean);
}

function middle(node) {
  const box = node.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/* The nearest task above or below, in the same column first. */
function beside(node, direction) {
  const from = middle(node);
  let best = null;
  let least = Infinity;
  for (const other of canvas.querySelectorAll(".node.task")) {
    const to = middle(other);
    const along = (to.y - from.y) * direction;
    const cost = along + 4 * Math.abs(to.x - from.x);
    if (other !== node && along > 2 && cost < least) [best, least] = [other, cost];
  }
  return best;
}

function walk(node, key) {
  const uid = uidOf(node);
  const near = (nodes) => nodes.toSorted((a, b) => Math.abs(middle(a).y - middle(node).y) - Math.abs(middle(b).y - middle(node).y))[0];
  const to = {
    ArrowLeft: () => near(neighbours(uid, 0)),
    ArrowRight: () => near(neighbours(uid, 1)),
    ArrowUp: () => beside(node, -1),
    ArrowDown: () => beside(node, 1),
  }[key]();
  if (to) focusTask(to);
}

function openDependencyForm(node) {
  const from = node ? `?from=${uidOf(node)}` : "";
  return htmx.ajax("GET", `${editor.dataset.dependenciesUrl}${from}`, { target: "#side", swap: "innerHTML" }).then(() => {
    document.querySelector(node ? "#pair-successor" : "#pair-predecessor")?.focus();
  });
}

function newTask() {
  return openOverview().then(() => document.getElementById("new-task-title")?.focus());
}

const COMMANDS = {
  "?": () => document.getElementById("shortcuts").showModal(),
  "+": () => zoom(canvas, 0.8),
  "=": () => zoom(canvas, 0.8),
  "-": () => zoom(canvas, 1.25),
  0: () => fit(canvas),
  d: (node) => openDependencyForm(node),
  n: newTask,
  p: toggleSide,
  Escape: openOverview,
};

function onKey(event) {
  const node = event.target.closest?.(".node.task");
  const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (command && !isTyping(event)) {
    event.preventDefault();
    document.getElementById(event.shiftKey ? "redo-button" : "undo-button")?.click();
    return;
  }
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Delete" || event.key === "Backspace") {
    const remove = document.querySelector("#remove-dependency");
    if (remove) {
      event.preventDefault();
      remove.requestSubmit();
    }
  } else if (node && canvas && event.key.startsWith("Arrow")) {
    event.preventDefault();
    walk(node, event.key);
  } else if (node && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    openTask(uidOf(node)).then(() => document.querySelector("#side .side-head a")?.focus());
  } else if (COMMANDS[event.key] && (canvas || !"+-=0".includes(event.key))) {
    event.preventDefault();
    COMMANDS[event.key](node);
  }
}

if (editor) document.addEventListener("keydown", onKey);
