// Shared by all pages: the theme, the keyboard, the help.
"use strict";

document.documentElement.classList.add("script");

const THEMES = ["system", "light", "dark"];

/** Pages from disk may have no storage. */
const storage = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // The choice lasts as long as the page.
    }
  },
};

let theme = THEMES.includes(storage.get("pathlight-theme")) ? storage.get("pathlight-theme") : "system";

function showTheme() {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  const button = document.getElementById("theme");
  if (!button) return;
  const name = { system: "as the system", light: "light", dark: "dark" }[theme];
  button.setAttribute("aria-label", `Colours: ${name}`);
  button.title = `Colours: ${name}`;
  button.firstElementChild.textContent = { system: "◐", light: "☀", dark: "☾" }[theme];
}

function nextTheme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  storage.set("pathlight-theme", theme);
  showTheme();
}

const BYTE_UNITS = ["bytes", "kB", "MB", "GB"];

function formatBytes(bytes) {
  if (bytes === 1) return "1 byte";
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), BYTE_UNITS.length - 1);
  return `${(bytes / 1000 ** unit).toFixed(unit && 1)} ${BYTE_UNITS[unit]}`;
}

/** Calls `keys[key]` for keys that are pressed outside of fields and without Ctrl, Alt or Meta. */
function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    const isField = event.target.matches("input, select, textarea");
    if (isField || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (!Object.hasOwn(keys, event.key)) return;
    if (keys[event.key](event) !== false) event.preventDefault();
  });
}

showTheme();
document.addEventListener("DOMContentLoaded", () => {
  showTheme();
  for (const element of document.querySelectorAll("[data-bytes]")) {
    element.title = element.textContent;
    element.textContent = formatBytes(Number(element.dataset.bytes));
  }
  document.getElementById("theme").addEventListener("click", nextTheme);
  const help = document.getElementById("help");
  const showHelp = () => help?.showModal();
  document.getElementById("help-button")?.addEventListener("click", showHelp);
  onKeys({ t: nextTheme, "?": showHelp });
});
