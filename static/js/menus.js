/* Menus are <details class="menu">: they open without a script. This closes them as people expect: by Escape, by choosing,
   by pressing or tabbing elsewhere. */

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

document.addEventListener("pointerdown", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("details.menu > :not(summary) :is(a, button)");
  if (chosen) chosen.closest("details.menu").open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
});
