// The work list: ticking rows by mouse and keys, and sending what is done to them once.

const TICK = "input[data-tick]";
const SPACE_OF_ITS_OWN = "input, select, textarea, button, summary, [contenteditable=true]";
let lastTicked = null;

document.addEventListener("click", (event) => {
  const tick = event.target.closest(TICK);
  if (tick) tickUpTo(tick, event.shiftKey, tick.checked);
  else if (event.target.closest("[data-tick-all] input")) tickAll(event.target.checked);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.closest(SPACE_OF_ITS_OWN) && !event.target.matches(TICK)) return;
  const action = { " ": () => tickRow(event), a: () => tickAll(ticks().some((one) => !one.checked)), b: focusActions }[event.key];
  if (action && action() !== false) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-batch]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
});

window.addEventListener("pageshow", () => {
  delete document.querySelector("[data-batch]")?.dataset.sent;
  showTicked();
});
document.addEventListener("htmx:afterSettle", () => showTicked());
showTicked();

/** Ticks the row that has the focus; with Shift all rows from the one ticked last. */
function tickRow(event) {
  const tick = document.activeElement?.closest("[data-rows] tbody tr")?.querySelector(TICK);
  if (!tick) return false;
  tick.checked = event.shiftKey || !tick.checked;
  tickUpTo(tick, event.shiftKey, tick.checked);
  return true;
}

function tickUpTo(tick, isRange, isChecked) {
  const all = ticks();
  const [from, to] = [all.indexOf(lastTicked), all.indexOf(tick)].sort((one, other) => one - other);
  if (isRange && from >= 0) for (const one of all.slice(from, to + 1)) one.checked = isChecked;
  lastTicked = tick;
  showTicked();
}

function tickAll(isChecked) {
  for (const one of ticks()) one.checked = isChecked;
  showTicked();
}

function focusActions() {
  const first = document.querySelector("[data-batch] button:not(:disabled)");
  if (!first) return false;
  first.focus();
  return true;
}

function ticks() {
  return [...document.querySelectorAll(TICK)];
}

function showTicked() {
  const form = document.querySelector("[data-batch]");
  if (!form) return;
  const all = ticks();
  const count = all.filter((one) => one.checked).length;
  for (const one of all) one.closest("tr").classList.toggle("is-ticked", one.checked);
  for (const button of form.querySelectorAll("button")) button.disabled = count === 0;
  const whole = form.querySelector("[data-tick-all]");
  whole.hidden = false;
  whole.querySelector("input").checked = count === all.length;
  whole.querySelector("input").indeterminate = count > 0 && count < all.length;
  form.querySelector("[data-ticked]").textContent = form.dataset.textTicked.replace("{n}", count);
}
