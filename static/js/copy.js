/* data-copy="ID" on a button: put the text of that element on the clipboard, and say so on the button. Browsers give pages a
   clipboard only by https and on this machine: elsewhere the button goes. */

if (!navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.remove();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("span");
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), 2000);
});
