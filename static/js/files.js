/* Drawing ownership: a file or folder of the tree, dragged onto a task of the map, fills the claim form and submits it. A click
   on a file, on a pattern or on a task of the map fills its field, and the person submits. */

import { uidOf } from "./selection.js";

const form = document.getElementById("claim");
const pane = document.getElementById("files");
const canvas = document.querySelector('[data-canvas="ownership"]');
const opened = new Set();
let dragged = null;

function taskUnder(event) {
  return event.target.closest?.("svg.drawing .node.task") ?? null;
}

function unmark() {
  for (const node of canvas.querySelectorAll(".drop-target")) node.classList.remove("drop-target");
}

function choosePattern(pattern) {
  form.elements.pattern.value = pattern;
}

/* A task that came into the plan after the form did is added to its list. */
function chooseTask(node) {
  const list = form.elements.task;
  const uid = uidOf(node);
  if (![...list.options].some((option) => option.value === uid)) {
    list.add(new Option(node.querySelector(".b")?.textContent ?? uid, uid));
  }
  list.value = uid;
}

function watchDrags() {
  pane.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-pattern]")?.dataset.pattern ?? null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", dragged);
    event.dataTransfer.effectAllowed = "copy";
  });
  canvas.addEventListener("dragover", (event) => {
    const node = taskUnder(event);
    if (!dragged || !node) return unmark();
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    if (node.classList.contains("drop-target")) return;
    unmark();
    node.classList.add("drop-target");
  });
  canvas.addEventListener("dragleave", (event) => {
    if (!canvas.contains(event.relatedTarget)) unmark();
  });
  canvas.addEventListener("drop", (event) => {
    const node = taskUnder(event);
    unmark();
    if (!dragged || !node) return;
    event.preventDefault();
    choosePattern(dragged);
    chooseTask(node);
    form.requestSubmit();
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });
}

/* Folders that were open stay open when the tree is fetched anew. */
function watchFolders() {
  pane.addEventListener(
    "toggle",
    (event) => opened[event.target.open ? "add" : "delete"](event.target.querySelector("[data-pattern]").dataset.pattern),
    { capture: true },
  );
  pane.addEventListener("htmx:afterSettle", () => {
    for (const folder of pane.querySelectorAll("details:not([open])")) {
      if (opened.has(folder.querySelector("[data-pattern]").dataset.pattern)) folder.open = true;
    }
  });
}

function watch() {
  watchDrags();
  pane.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-pattern]");
    if (chosen) choosePattern(chosen.dataset.pattern);
  });
  canvas.addEventListener("click", (event) => {
    const node = taskUnder(event);
    const folder = event.target.closest(".node.folder");
    if (node) chooseTask(node);
    if (folder) choosePattern(folder.getAttribute("aria-label").replace(/ · contested$/, ""));
  });
  // What was claimed is in the panel and on the map; the field is free for the next pattern.
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && event.detail.xhr.status < 300) choosePattern("");
  });
}

if (pane) watchFolders();
if (pane && form) watch();
