/* The camera of a drawing: its viewBox. It belongs to the person looking, so it outlives every swap of the drawing.

   Never moved: the drawing fits, or shows its beginning where fitting would make it too small to read. Moved: it stays where
   it is, shifted by the median displacement of the tasks in view, so that a new layout does not carry them away.

   A camera is the place of its upper left corner and its unit: how much of the drawing one pixel shows. */

const MARGIN = 24;
const CLOSEST = 0.2;
const NATURAL = 0.72;
const LEAST_READABLE = { wide: 1.35, narrow: 1, narrowMap: 1.9 };
const WHEEL_SPEED = 0.0016;
const PAN_THRESHOLD = 4;
const MOST_GLIDING = 400;

const narrow = matchMedia("(width < 56rem)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const cameras = new WeakMap();

export function drawingOf(canvas) {
  return canvas?.querySelector("svg.drawing") ?? null;
}

/** Where a pointer is, in the drawing's own coordinates. */
export function pointIn(svg, event) {
  const matrix = svg.getScreenCTM();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : new DOMPoint();
}

/** The click that ends a gesture is no click on what lies under it. */
export function swallowClick(canvas) {
  const swallow = (click) => {
    click.stopPropagation();
    click.preventDefault();
  };
  canvas.addEventListener("click", swallow, { capture: true });
  setTimeout(() => canvas.removeEventListener("click", swallow, { capture: true }));
}

function wholeOf(svg) {
  const [x, y, width, height] = svg.dataset.whole.split(" ").map(Number);
  return { x, y, width, height };
}

function fittingUnit(canvas, whole) {
  const { clientWidth, clientHeight } = canvas;
  return Math.max(whole.width / (clientWidth - 2 * MARGIN), whole.height / (clientHeight - 2 * MARGIN), NATURAL);
}

/* The camera at a unit: what is smaller than the canvas stands in its middle, what is larger begins at its edge. */
function cameraAt(canvas, whole, unit) {
  const place = (start, length, room) => (length > room ? start - MARGIN * unit : start - (room - length) / 2);
  return {
    x: place(whole.x, whole.width, canvas.clientWidth * unit),
    y: place(whole.y, whole.height, canvas.clientHeight * unit),
    unit,
  };
}

function show(canvas, camera) {
  const { clientWidth, clientHeight } = canvas;
  if (!clientWidth || !clientHeight) return;
  cameras.set(canvas, camera);
  const box = [camera.x, camera.y, clientWidth * camera.unit, clientHeight * camera.unit];
  drawingOf(canvas)?.setAttribute("viewBox", box.map((number) => number.toFixed(2)).join(" "));
}

/* The camera before anybody moved it. */
function goHome(canvas) {
  const whole = wholeOf(drawingOf(canvas));
  const fitting = fittingUnit(canvas, whole);
  // The map of ownership says little by a part of it.
  const kind = !narrow.matches ? "wide" : canvas.dataset.canvas === "ownership" ? "narrowMap" : "narrow";
  const unit = Math.min(fitting, LEAST_READABLE[kind]);
  show(canvas, { ...cameraAt(canvas, whole, unit), home: true, cropped: unit < fitting });
}

export function fit(canvas) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  const whole = wholeOf(svg);
  show(canvas, { ...cameraAt(canvas, whole, fittingUnit(canvas, whole)), fitting: true });
}

/** Zoom by a factor around a point of the drawing, the middle where none is given. */
export function zoom(canvas, factor, point) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  const { x, y, unit } = cameras.get(canvas);
  const widest = Math.max(fittingUnit(canvas, wholeOf(svg)), 1) * 2;
  const to = Math.min(Math.max(unit * factor, CLOSEST), widest);
  const at = point ?? { x: x + (canvas.clientWidth * unit) / 2, y: y + (canvas.clientHeight * unit) / 2 };
  show(canvas, { x: at.x - ((at.x - x) * to) / unit, y: at.y - ((at.y - y) * to) / unit, unit: to });
}

function pan(canvas, dx, dy) {
  const { x, y, unit } = cameras.get(canvas);
  show(canvas, { x: x - dx * unit, y: y - dy * unit, unit });
}

/* What of the canvas can be seen: on a narrow screen the panel lies over its lower part. */
function openPart(canvas) {
  const { left, top, right, bottom } = canvas.getBoundingClientRect();
  const sheet = narrow.matches && document.getElementById("side");
  return { left, top, right, bottom: sheet && !sheet.hidden ? sheet.getBoundingClientRect().top : bottom };
}

/** Bring a task into view without moving the camera more than needed. */
export function reveal(canvas, node) {
  if (!canvas || !node || !cameras.has(canvas)) return;
  const frame = openPart(canvas);
  const place = node.getBoundingClientRect();
  const past = (low, high, least, most) => (low < least ? low - least : high > most ? high - most : 0);
  const dx = past(place.left, place.right, frame.left + MARGIN, frame.right - MARGIN);
  const dy = past(place.top, place.bottom, frame.top + MARGIN, frame.bottom - MARGIN);
  if (dx || dy) pan(canvas, -dx, -dy);
}

/* Where each task stands on the screen. */
function placesOf(svg) {
  const nodes = svg.querySelectorAll(".node.task, .node.folder");
  return new Map([...nodes].map((node) => [node.id, node.getBoundingClientRect()]));
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function followTasks(canvas, before, now) {
  const frame = canvas.getBoundingClientRect();
  const moves = [];
  for (const [id, place] of now) {
    const old = before.get(id);
    const seen = old && old.right > frame.left && old.left < frame.right && old.bottom > frame.top && old.top < frame.bottom;
    if (seen) moves.push({ x: place.x - old.x, y: place.y - old.y });
  }
  pan(canvas, -median(moves.map((move) => move.x)), -median(moves.map((move) => move.y)));
}

/* Tasks glide from where they stood to where they stand now. */
function glide(canvas, before) {
  if (still.matches || before.size > MOST_GLIDING) return;
  const { unit } = cameras.get(canvas);
  const timing = { duration: 220, easing: "cubic-bezier(0.2, 0.7, 0.3, 1)" };
  for (const [id, place] of placesOf(drawingOf(canvas))) {
    const old = before.get(id);
    const node = document.getElementById(id);
    if (!old) node.animate([{ opacity: 0 }, { opacity: 1 }], timing);
    else if (Math.abs(old.x - place.x) + Math.abs(old.y - place.y) > 1) {
      const from = `translate(${(old.x - place.x) * unit}px, ${(old.y - place.y) * unit}px)`;
      node.animate([{ transform: from }, { transform: "none" }], timing);
    }
  }
}

/** What `adopt` needs to know of the drawing that is about to go. */
export function remember(canvas) {
  const svg = drawingOf(canvas);
  return svg ? placesOf(svg) : null;
}

/** Give a drawing that has just come into the page the camera of its canvas. */
export function adopt(canvas, before) {
  const svg = drawingOf(canvas);
  if (!svg) return;
  svg.dataset.whole ??= svg.getAttribute("viewBox");
  const camera = cameras.get(canvas);
  if (!camera || (camera.home && !camera.cropped)) goHome(canvas);
  else if (camera.fitting) fit(canvas);
  else {
    show(canvas, camera);
    if (before) followTasks(canvas, before, placesOf(svg));
  }
  if (before && cameras.has(canvas)) glide(canvas, before);
}

function watchPointers(canvas) {
  const pointers = new Map();
  let start = null;
  let panning = false;
  let lastSpread = 0;

  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !drawingOf(canvas) || event.target.closest("button, form, .canvas-tools, .empty")) return;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) lastSpread = spread();
    // A mouse on a task draws from it; a finger pans from anywhere.
    if (event.pointerType === "touch" || !event.target.closest(".node")) start = event;
  });
  canvas.addEventListener("pointermove", (event) => {
    const previous = pointers.get(event.pointerId);
    if (!previous || canvas.classList.contains("connecting")) return;
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
    if (panning) swallowClick(canvas);
    if (pointers.size) return;
    start = null;
    panning = false;
    canvas.classList.remove("panning");
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  // The browser's own dragging of links would take the pointer away.
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
}

function watch(canvas) {
  watchPointers(canvas);
  canvas.addEventListener(
    "wheel",
    (event) => {
      const svg = drawingOf(canvas);
      if (!svg) return;
      event.preventDefault();
      if (event.shiftKey) pan(canvas, -event.deltaY, 0);
      else zoom(canvas, Math.exp(event.deltaY * WHEEL_SPEED * (event.ctrlKey || event.metaKey ? 4 : 1)), pointIn(svg, event));
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
    const camera = cameras.get(canvas);
    if (!drawingOf(canvas)) return;
    if (!camera || camera.home) goHome(canvas);
    else if (camera.fitting) fit(canvas);
    else show(canvas, camera);
  }).observe(canvas);
  adopt(canvas);
}

for (const canvas of document.querySelectorAll("[data-canvas]")) watch(canvas);
