/* The camera of a drawing: its viewBox. It belongs to the person looking, so it outlives every swap of the drawing.

   Never moved: the drawing always fits. Moved: it stays where it is, shifted by the median displacement of the tasks in view,
   so that a new layout does not carry them away. */

const MOST_ZOOM_IN = 4;
const FIT_MARGIN = 24;
const WHEEL_SPEED = 0.0016;
const PAN_THRESHOLD = 4;

const cameras = new WeakMap();

export function drawingOf(canvas) {
  return canvas?.querySelector("svg.drawing") ?? null;
}

/** Where a pointer is, in the drawing's own coordinates. */
export function pointIn(svg, event) {
  const matrix = svg.getScreenCTM();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : new DOMPoint();
}

/* The whole drawing as a box in the shape of the canvas, never magnified beyond its natural size. */
function fittingBox(canvas, svg) {
  const [x, y, width, height] = svg.dataset.whole.split(" ").map(Number);
  const { clientWidth, clientHeight } = canvas;
  if (!clientWidth || !clientHeight) return { x, y, width, height };
  const room = 1 + (2 * FIT_MARGIN) / Math.min(clientWidth, clientHeight);
  const unit = Math.max((width * room) / clientWidth, (height * room) / clientHeight, 0.72);
  const box = { width: clientWidth * unit, height: clientHeight * unit };
  return { x: x - (box.width - width) / 2, y: y - (box.height - height) / 2, ...box };
}

function show(svg, box) {
  svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
}

function look(canvas, box) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  const whole = fittingBox(canvas, svg);
  const widest = Math.max(whole.width, canvas.clientWidth) * 2;
  if (box.width > widest || box.width < canvas.clientWidth / MOST_ZOOM_IN / 2) return;
  cameras.set(canvas, box);
  show(svg, box);
}

function currentBox(canvas) {
  return cameras.get(canvas) ?? fittingBox(canvas, drawingOf(canvas));
}

export function fit(canvas) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  cameras.delete(canvas);
  show(svg, fittingBox(canvas, svg));
}

/** Zoom by a factor around a point of the drawing, the middle where none is given. */
export function zoom(canvas, factor, point) {
  if (!drawingOf(canvas)) return;
  const box = currentBox(canvas);
  const at = point ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  look(canvas, {
    x: at.x - (at.x - box.x) * factor,
    y: at.y - (at.y - box.y) * factor,
    width: box.width * factor,
    height: box.height * factor,
  });
}

function pan(canvas, dx, dy) {
  const box = currentBox(canvas);
  const unit = box.width / canvas.clientWidth;
  look(canvas, { ...box, x: box.x - dx * unit, y: box.y - dy * unit });
}

/** Bring a task into view without moving the camera more than needed. */
export function reveal(canvas, node) {
  const box = cameras.get(canvas);
  if (!box || !node) return;
  const frame = canvas.getBoundingClientRect();
  const place = node.getBoundingClientRect();
  const past = (low, high, least, most) => (low < least ? low - least : high > most ? high - most : 0);
  const dx = past(place.left, place.right, frame.left + FIT_MARGIN, frame.right - FIT_MARGIN);
  const dy = past(place.top, place.bottom, frame.top + FIT_MARGIN, frame.bottom - FIT_MARGIN);
  if (dx || dy) pan(canvas, -dx, -dy);
}

/* Where each task stands, in the drawing's coordinates. */
function placesOf(svg) {
  const places = new Map();
  for (const node of svg.querySelectorAll(".node.task, .folder")) {
    const text = node.querySelector("text");
    if (text) places.set(node.id, { x: Number(text.getAttribute("x")), y: Number(text.getAttribute("y")) });
  }
  return places;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function originOf(svg) {
  const shift = /translate\(([-\d.]+)[ ,]([-\d.]+)\)/.exec(svg.querySelector("g.graph")?.getAttribute("transform") ?? "");
  return shift ? { x: Number(shift[1]), y: Number(shift[2]) } : { x: 0, y: 0 };
}

function followTasks(canvas, before, svg) {
  const box = cameras.get(canvas);
  const origin = originOf(svg);
  const moves = [];
  for (const [id, place] of placesOf(svg)) {
    const old = before.places.get(id);
    if (!old) continue;
    const x = old.x + before.origin.x;
    const y = old.y + before.origin.y;
    const seen = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    if (seen) moves.push({ x: place.x + origin.x - x, y: place.y + origin.y - y });
  }
  const shifted = { ...box, x: box.x + median(moves.map((m) => m.x)), y: box.y + median(moves.map((m) => m.y)) };
  cameras.set(canvas, shifted);
  show(svg, shifted);
}

/** Give a drawing that has just come into the page the camera of its canvas. */
export function adopt(canvas, before) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  svg.dataset.whole ??= svg.getAttribute("viewBox");
  if (cameras.has(canvas) && before) followTasks(canvas, before, svg);
  else if (cameras.has(canvas)) show(svg, cameras.get(canvas));
  else fit(canvas);
}

/** What `adopt` needs to know of the drawing that is about to go. */
export function remember(canvas) {
  const svg = drawingOf(canvas);
  return svg ? { places: placesOf(svg), origin: originOf(svg) } : null;
}

function watch(canvas) {
  const pointers = new Map();
  let start = null;
  let panning = false;
  let lastSpread = 0;

  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button, .canvas-tools, form")) return;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) lastSpread = spread();
    if (!event.target.closest(".node.task, .folder, a[href]")) start = event;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const previous = pointers.get(event.pointerId);
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) {
      const now = spread();
      if (now && lastSpread) zoom(canvas, lastSpread / now, pointIn(drawingOf(canvas), event));
      lastSpread = now;
    } else if (start) {
      const moved = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
      if (!panning && moved < PAN_THRESHOLD) return;
      if (!panning) canvas.setPointerCapture(event.pointerId);
      panning = true;
      canvas.classList.add("panning");
      pan(canvas, event.clientX - previous.clientX, event.clientY - previous.clientY);
    }
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    start = null;
    canvas.classList.remove("panning");
    // The click that ends a pan is no click on what lies under it.
    if (panning) canvas.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    if (panning) setTimeout(() => (panning = false));
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener(
    "wheel",
    (event) => {
      const svg = drawingOf(canvas);
      if (!svg) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) zoom(canvas, Math.exp(event.deltaY * WHEEL_SPEED * 4), pointIn(svg, event));
      else if (event.shiftKey) pan(canvas, -event.deltaY, 0);
      else zoom(canvas, Math.exp(event.deltaY * WHEEL_SPEED), pointIn(svg, event));
    },
    { passive: false },
  );
  canvas.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    if (button.dataset.zoom === "fit") fit(canvas);
    else zoom(canvas, button.dataset.zoom === "in" ? 0.8 : 1.25);
  });
  new ResizeObserver(() => {
    if (!cameras.has(canvas)) fit(canvas);
    else {
      const box = cameras.get(canvas);
      look(canvas, { ...box, height: (box.width * canvas.clientHeight) / canvas.clientWidth });
    }
  }).observe(canvas);
  adopt(canvas);
}

for (const canvas of document.querySelectorAll("[data-canvas]")) watch(canvas);
