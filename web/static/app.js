// What every page does: tell htmx the CSRF token, say when the server fails, and make lists usable from the keyboard.

const LINK_IN_ROW = "a[data-row-link], a[href]";
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable=true]";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
});
document.addEventListener("htmx:responseError", () => showMessage(document.body.dataset.textFailed));
document.addEventListener("htmx:sendError", () => showMessage(document.body.dataset.textUnreachable));

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keyboard-help]")) openHelp();
  else if (event.target.closest("[data-print]")) window.print();
  else openRow(event);
});

window.addEventListener("beforeprint", () => {
  const now = new Date().toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16); // as in lists: 2026-11-23 09:12
  for (const time of document.querySelectorAll("[data-print-time]")) time.textContent = now;
});

// A menu that is open closes when one clicks elsewhere, leaves it by Tab, or presses Escape.
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const action = { j: () => moveRow(1), k: () => moveRow(-1), "/": focusSearch, "?": openHelp }[event.key];
  if (action && action() !== false) event.preventDefault();
});

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

for (const moment of ["load", "resize", "htmx:afterSettle"]) window.addEventListener(moment, letTablesBeScrolled);

/** Lets the focus come to a table that is wider than its place, so that keys scroll it; to others it need not come. */
function letTablesBeScrolled() {
  for (const frame of document.querySelectorAll(".table-frame")) {
    if (frame.scrollWidth <= frame.clientWidth) {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
      continue;
    }
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent ?? "");
  }
}

/** Moves the focus to the next or previous row's link; Enter then opens it, as on every link. */
function moveRow(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody tr")].map((row) => row.querySelector(LINK_IN_ROW)).filter(Boolean);
  if (!links.length) return false;
  const current = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = current < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(current + step, 0), links.length - 1);
  links[next].focus();
  links[next].closest("tr").scrollIntoView({ block: "nearest" });
  return true;
}

/** A click anywhere in a row follows its link, unless it meant something else or selected text. */
function openRow(event) {
  const row = event.target.closest("[data-rows] tbody tr");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(window.getSelection())) return;
  const link = row.querySelector("a[data-row-link]");
  if (link) link.click();
}

function focusSearch() {
  const search = document.querySelector("input[type=search]");
  if (!search) return false;
  search.focus();
  search.select();
  return true;
}

function openHelp() {
  const dialog = document.getElementById("keyboard-help");
  if (dialog && !dialog.open) dialog.showModal();
}

function showMessage(text) {
  const message = document.createElement("p");
  message.className = "message message-danger";
  message.textContent = text;
  document.getElementById("messages").replaceChildren(message);
  message.scrollIntoView({ block: "nearest" });
}
