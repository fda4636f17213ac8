/* Drawing ownership: a file or folder of the tree, dragged onto a task of the map, or chosen by click, fills the claim form. A
   drop submits it; after a click the person says which task, and submits. */

const form = document.getElementById("claim");
const tree = document.querySelector("[data-file-tree]");
let dragged = null;

function targetOf(event) {
  return event.target.closest?.("svg.drawing .node.task") ?? null;
}

function unmark() {
  for (const node of document.querySelectorAll("svg.drawing .drop-target")) node.classList.remove("drop-target");
}

function fill(pattern) {
  form.elements.pattern.value = pattern;
}

function watch() {
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-pattern]")?.dataset.pattern ?? null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", dragged);
    event.dataTransfer.effectAllowed = "copy";
  });
  tree.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-pattern]");
    if (chosen) fill(chosen.dataset.pattern);
  });
  const canvas = document.querySelector('[data-canvas="ownership"]');
  canvas.addEventListener("dragover", (event) => {
    const node = targetOf(event);
    unmark();
    if (!dragged || !node) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    node.classList.add("drop-target");
  });
  canvas.addEventListener("dragleave", (event) => {
    if (!canvas.contains(event.relatedTarget)) unmark();
  });
  canvas.addEventListener("drop", (event) => {
    const node = targetOf(event);
    unmark();
    if (!dragged || !node) return;
    event.preventDefault();
    fill(dragged);
    form.elements.task.value = node.id.replace("task-", "");
    form.requestSubmit();
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });
}

if (form && tree) watch();
