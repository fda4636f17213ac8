/* Drawing a dependency: from the task that comes first to the one that waits. Dropping fills the dependency form and submits
   it, so a drag, the keyboard and a test all take the same way; the server decides. */

import { drawingOf, pointIn, swallowClick } from "./camera.js";
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

/* A task's box in the drawing's coordinates: its middle, and half its width. */
function boxOf(svg, node) {
  const box = node.getBoundingClientRect();
  const y = box.top + box.height / 2;
  const left = pointIn(svg, { clientX: box.left, clientY: y });
  const right = pointIn(svg, { clientX: box.right, clientY: y });
  return { x: (left.x + right.x) / 2, y: left.y, half: (right.x - left.x) / 2 };
}

/* From the side of one box to a point, or to the facing side of another box. */
function curve(from, to) {
  const side = to.x < from.x ? -1 : 1;
  const start = from.x + side * from.half;
  const end = to.x - side * (to.half ?? 0);
  const bend = side * Math.max(30, Math.abs(end - start) / 2);
  return `M${start},${from.y}C${start + bend},${from.y} ${end - bend},${to.y} ${end},${to.y}`;
}

class Drag {
  constructor(node, event) {
    this.node = node;
    this.svg = null;
    this.start = event;
    this.rubber = null;
    this.target = null;
    this.wasSelected = node.classList.contains("selected");
  }

  /* Also begins anew when somebody else's change has brought another drawing meanwhile. */
  begin() {
    canvas.setPointerCapture(this.start.pointerId);
    this.svg = drawingOf(canvas);
    this.node = document.getElementById(this.node.id) ?? this.node;
    this.target = null;
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
    if (!this.svg?.isConnected) this.begin();
    const over = nodeUnder(event);
    const target = over && over !== this.node ? over : null;
    if (target !== this.target) {
      this.target?.classList.remove("drop-target");
      this.target = target;
      this.target?.classList.add("drop-target");
    }
    const to = this.target ? boxOf(this.svg, this.target) : pointIn(this.svg, event);
    this.rubber.setAttribute("d", curve(boxOf(this.svg, this.node), to));
    this.rubber.classList.toggle("refused", Boolean(this.target) && this.refused.has(uidOf(this.target)));
  }

  end() {
    if (!this.rubber) return;
    this.rubber.remove();
    this.node.classList.toggle("selected", this.wasSelected);
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

  const moved = (from, event) => Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY);

  canvas.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(".node.task");
    if (event.button !== 0 || !event.isPrimary || !node) return;
    if (event.pointerType !== "touch") drag = new Drag(node, event);
    else press = { event, timer: setTimeout(() => pick(node, event), LONG_PRESS) };
  });
  // A finger that moves at once wants to pan; one that rests wants to draw.
  const pick = (node, event) => {
    drag = new Drag(node, event);
    drag.begin();
  };
  canvas.addEventListener("pointermove", (event) => {
    if (drag) drag.move(event);
    else if (press && moved(press.event, event) > THRESHOLD) clearTimeout(press.timer);
  });
  const finish = (event, keep) => {
    clearTimeout(press?.timer);
    if (!drag) return;
    const done = drag;
    drag = null;
    done.end();
    if (!done.rubber) return;
    swallowClick(canvas);
    if (keep && done.target) connect(uidOf(done.node), uidOf(done.target));
  };
  canvas.addEventListener("pointerup", (event) => finish(event, true));
  canvas.addEventListener("pointercancel", (event) => finish(event, false));
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !drag) return;
      event.stopPropagation();
      finish(event, false);
    },
    { capture: true },
  );
  // A long press on a link brings the browser's own menu.
  canvas.addEventListener("contextmenu", (event) => {
    if (drag) event.preventDefault();
  });
}

if (canvas && form) watch();
