/* The theme: the system's, or the reader's own choice, kept in this browser.

   A classic script in the head, not a module: it has to set the theme before anything is painted. */
(() => {
  "use strict";
  const KEY = "taskplanner-theme";
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  /* Storage may be switched off: the choice then lasts for this page. */
  function readChoice() {
    try {
      const stored = localStorage.getItem(KEY);
      return THEMES.includes(stored) ? stored : "system";
    } catch (error) {
      if (error instanceof DOMException) return "system";
      throw error;
    }
  }

  function keepChoice(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  function show(theme) {
    root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      const label = `Theme: ${theme}`;
      button.hidden = false;
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }

  let theme = readChoice();
  show(theme);

  document.addEventListener("DOMContentLoaded", () => show(theme));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    keepChoice(theme);
    show(theme);
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    theme = readChoice();
    show(theme);
  });
})();
