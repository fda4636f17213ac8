/* Dialogs, by attributes:

   data-dialog="ID"   on a button: open the <dialog> with that id, as a modal one
   data-close         on a button in a dialog: close it
   data-open          on a <dialog>: open as soon as it is in the page, also when htmx swapped it in
   hx-confirm="..."   on what htmx sends: ask first
   data-confirm="..." on a plain <form>: ask before it is submitted; data-confirm-label names the button that goes on */

const confirmDialog = document.getElementById("confirm");
const agreed = new WeakSet();

/** Ask the question in the page's confirm dialog; resolve to whether the answer was yes. */
function ask(question, label) {
  confirmDialog.querySelector("p").textContent = question;
  const yes = confirmDialog.querySelector("[value=yes]");
  yes.textContent = label ?? "Continue";
  confirmDialog.returnValue = "";
  confirmDialog.showModal();
  return new Promise((resolve) => {
    confirmDialog.addEventListener("close", () => resolve(confirmDialog.returnValue === "yes"), { once: true });
  });
}

function openMarked(root) {
  const marked = root.matches("dialog[data-open]") ? [root] : root.querySelectorAll("dialog[data-open]");
  for (const dialog of marked) if (!dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});

/* A press that began and ended on the backdrop closes; a selection dragged out of a field does not. */
let pressed = null;
document.addEventListener("pointerdown", (event) => (pressed = event.target));
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || pressed !== dialog || event.detail === 0) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question, event.detail.elt.dataset.confirmLabel)) event.detail.issueRequest(true);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || agreed.delete(form)) return;
  event.preventDefault();
  if (!(await ask(form.dataset.confirm, form.dataset.confirmLabel))) return;
  agreed.add(form);
  form.requestSubmit(event.submitter);
});

document.addEventListener("htmx:load", (event) => openMarked(event.detail.elt));
openMarked(document.body);
