/* Toasts: short messages in the live region at the foot of the window.

   The server puts them there with the page, or fires `messageRaised` with {text, level} through an htmx response; other
   modules dispatch the same event on the body. Levels: info, success, warning, error. What went well leaves by itself;
   errors and warnings stay until they are dismissed. */

const SECONDS_SHOWN = 6;
const LASTING = ["error", "warning"];
const region = document.getElementById("messages");

function dismiss(toast) {
  toast.classList.add("leaving");
  const seconds = parseFloat(getComputedStyle(toast).transitionDuration) || 0;
  setTimeout(() => toast.remove(), seconds * 1000);
}

/* Count the time down only while nobody points at the toast or has the focus in it. */
function leaveInTime(toast) {
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(toast), SECONDS_SHOWN * 1000);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

function show(toast) {
  region.append(toast);
  if (!LASTING.some((level) => toast.classList.contains(level))) leaveInTime(toast);
}

/* The same words twice, as from a poll that keeps failing, are one toast. */
function isShown(text) {
  return [...region.querySelectorAll(".toast:not(.leaving) p")].some((shown) => shown.textContent === text);
}

function raise(text, level) {
  if (isShown(text)) return;
  const template = document.getElementById(`toast-${level}`) ?? document.getElementById("toast-info");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  show(toast);
}

function wordsFor(status) {
  if (status === 401) return "You are signed out. Sign in again to go on.";
  if (status === 403) return "You are not allowed to do this. If your role has changed, reload the page.";
  if (status === 404) return "This is no longer there. Reload the page to see what is.";
  if (status === 413) return "This is too large to send.";
  if (status === 429) return "Too many requests. Wait a moment, then try again.";
  return "The server could not do this. Reload the page to see where things stand.";
}

document.body.addEventListener("messageRaised", (event) => raise(event.detail.text, event.detail.level ?? "info"));
document.body.addEventListener("htmx:responseError", (event) => raise(wordsFor(event.detail.xhr.status), "error"));
document.body.addEventListener("htmx:sendError", () => {
  raise("The server cannot be reached. What you did last may not be saved.", "error");
});

region.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) dismiss(event.target.closest(".toast"));
});

/* A live region announces only what arrives after it: messages that came with the page are taken out and put in again. */
const cameWithThePage = [...region.querySelectorAll(".toast")];
for (const toast of cameWithThePage) toast.remove();
requestAnimationFrame(() => cameWithThePage.forEach(show));
