/* Drawing a dependency: from the task that comes first to the one that waits. Dropping fills the dependency form and submits
   it, so a drag, the keyboard and a test all take the same way; the server decides. */

import { drawingOf, pointIn } from "./camera.js";
import { endsOf, uidOf } from "./selection.js";

const THRESHOLD = 6;
const LONG_PRESS = 350;
const SVG = "http://www.w3.org/2000/svg";

const canvas = document.querySelector('[data-canvas="graph"]');
const form = document.getElementById("connect");

/* All tasks that come before a task: waiting for one of its successors would close a cycle. */
function allBefore(svg, uid) {
  const predecessors = new Map();
  for (const edge of svg.querySelectorAll('.edge.dep[id^="dep-"]')) {
    const [predecessor, successor] = endsOf(edge);
    predecessors.set(successor, [...(predecessors.get(successor) ?? []), predecessor]);
  }
  const found = new Set([uid]);
  const queue = [uid];
  while (queue.length) {
    for (const next of predecessors.get(queue.pop()) ?? []) {
      if (!found.has(next)) {
        found.add(next);
        queue.push(next);
      }
    }
  }
  return found;
}

function nodeUnder(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest("svg.drawing .node.task") ?? null;
}

/* The edge of a task's box that faces a point, in the drawing's coordinates. */
function anchor(svg, node, toward) {
  const box = node.getBoundingClientRect();
  const middle = pointIn(svg, { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 });
  const half = (box.width / 2) * (svg.viewBox.baseVal.width / svg.getBoundingClientRect().width || 1);
  return { x: middle.x + (toward.x >= middle.x ? half : -half), y: middle.y };
}

function curve(from, to) {
  const bend = Math.max(30, Math.abs(to.x - from.x) / 2);
  return `M${from.x},${from.y}C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x},${to.y}`;
}

class Drag {
  constructor(node, event) {
    this.node = node;
    this.svg = drawingOf(canvas);
    this.start = event;
    this.rubber = null;
    this.target = null;
  }

  begin() {
    this.refused = allBefore(this.svg, uidOf(this.node));
    for (const uid of this.refused) {
      if (uid !== uidOf(this.node)) document.getElementById(`task-${uid}`)?.classList.add("would-cycle");
    }
    this.rubber = document.createElementNS(SVG, "path");
    this.rubber.setAttribute("class", "rubber");
    this.svg.append(this.rubber);
    this.node.classList.add("selected");
    canvas.classList.add("connecting");
  }

  move(event) {
    const moved = Math.hypot(event.clientX - this.start.clientX, event.clientY - this.start.clientY);
    if (!this.rubber && moved < THRESHOLD) return;
    if (!this.rubber) this.begin();
    const over = nodeUnder(event);
    const target = over && over !== this.node ? over : null;
    if (target !== this.target) {
      this.target?.classList.remove("drop-target");
      this.target = target;
      this.target?.classList.add("drop-target");
    }
    const to = this.target ? anchor(this.svg, this.target, { x: -Infinity }) : pointIn(this.svg, event);
    this.rubber.setAttribute("d", curve(anchor(this.svg, this.node, to), to));
    this.rubber.classList.toggle("refused", Boolean(this.target) && this.refused.has(uidOf(this.target)));
  }

  end() {
    this.rubber?.remove();
    this.node.classList.remove("selected");
    this.target?.classList.remove("drop-target");
    for (const node of this.svg.querySelectorAll(".would-cycle")) node.classList.remove("would-cycle");
    canvas.classList.remove("connecting");
  }
}

/** Submit the dependency form: `successor` waits for `predecessor`. */
export function connect(predecessor, successor) {
  form.elements.predecessor.value = predecessor;
  form.elements.successor.value = successor;
  form.requestSubmit();
}

function watch() {
  let drag = null;
  let press = null;

  canvas.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(".node.task");
    if (event.button !== 0 || !node?.id.startsWith("task-")) return;
    const begin = () => {
      drag = new Drag(node, event);
      canvas.setPointerCapture(event.pointerId);
    };
    // A finger that moves at once wants to scroll or pan; one that rests wants to draw.
    if (event.pointerType === "touch") press = setTimeout(begin, LONG_PRESS);
    else drag = new Drag(node, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) {
      if (event.pointerType === "touch" && Math.hypot(event.movementX, event.movementY) > THRESHOLD) clearTimeout(press);
      return;
    }
    drag.move(event);
  });
  const finish = (event, keep) => {
    clearTimeout(press);
    if (!drag) return;
    const done = drag;
    drag = null;
    done.end();
    if (!done.rubber) return;
    canvas.addEventListener("click", (click) => click.stopPropagation() ?? click.preventDefault(), { capture: true, once: true });
    setTimeout(() => canvas.dispatchEvent(new Event("click")));
    if (keep && done.target) connect(uidOf(done.node), uidOf(done.target));
  };
  canvas.addEventListener("pointerup", (event) => finish(event, true));
  canvas.addEventListener("pointercancel", (event) => finish(event, false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) finish(event, false);
  });
  // The browser's own dragging of links would take the pointer away.
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
}

if (canvas && form) watch();
