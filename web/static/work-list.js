// The work list: ticking rows by mouse and keys, sending what is done to them once, and hearing of changes.

const TICK = "input[data-tick]";
const SPACE_OF_ITS_OWN = "input, select, textarea, button, summary, [contenteditable=true]";
const PERIOD = 20_000;
const PULSE = 1_200;
const LATER = 1 / 8; // of a time at most, so that screens opened together do not ask together
const LONGEST_PERIOD = 320_000;
const CLEAR_OF_ALL = "[data-tick]:checked, details[open], .batch-outcomes";
let lastTicked = null;
let period = PERIOD;
let waiting = null;
const beats = new Map();

document.addEventListener("click", (event) => {
  const tick = event.target.closest(TICK);
  if (tick) tickUpTo(tick, event.shiftKey, tick.checked);
  else if (event.target.closest("[data-tick-all] input")) tickAll(event.target.checked);
  else if (event.target.closest("[data-show-changes]")) showChanges();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.closest(SPACE_OF_ITS_OWN) && !event.target.matches(TICK)) return;
  const action = { " ": () => tickRow(event), a: () => tickAll(ticks().some((one) => !one.checked)), b: focusActions, r: showChanges }[event.key];
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
document.addEventListener("visibilitychange", () => waitToAsk(document.hidden ? null : PERIOD / 10));
showTicked();
waitToAsk(PERIOD);
feelPulse(PULSE);

/** Feels now and then whether anything happened that may stand in the reader's lists, and asks at once where it did. */
function feelPulse(time) {
  window.setTimeout(async () => {
    const list = document.getElementById("work-list");
    if (!list || document.hidden) return feelPulse(PULSE);
    try {
      const answer = await fetch(list.dataset.pulseUrl, { credentials: "omit", cache: "no-store" });
      if (answer.ok && isNew(await answer.text(), list)) await askForChanges();
      feelPulse(answer.ok ? PULSE : Math.min(time * 2, PERIOD));
    } catch {
      feelPulse(Math.min(time * 2, PERIOD));
    }
  }, time * (1 + Math.random() * LATER));
}

/** Says whether a mark is another than the last one of the same server process; one not heard before may be. */
function isNew(mark, list) {
  const [who, number] = mark.split(".");
  const [first, begun] = list.dataset.beat.split(".");
  const before = beats.get(who) ?? (who === first ? begun : null);
  beats.set(who, number);
  return number !== before;
}

/** Asks again after this time, and up to half of it more, so that screens opened together do not ask together. */
function waitToAsk(time) {
  window.clearTimeout(waiting);
  waiting = time === null ? null : window.setTimeout(askForChanges, time * (1 + Math.random() / 2));
}

/** Asks whether the list is still what it shows. */
async function askForChanges() {
  const list = document.getElementById("work-list");
  if (!list || document.hidden) return;
  try {
    const headers = { "If-None-Match": `"${list.dataset.mark}"`, Accept: "application/json" };
    const answer = await fetch(list.dataset.changesUrl, { headers, cache: "no-store", redirect: "manual" });
    if (answer.status === 200) await tellAnswer(list, await answer.json(), answer.headers.get("ETag"));
    if (answer.status === 401 || answer.type === "opaqueredirect") return; // nobody is signed in any more
    period = answer.status === 200 || answer.status === 304 ? PERIOD : Math.min(period * 2, LONGEST_PERIOD);
  } catch {
    period = Math.min(period * 2, LONGEST_PERIOD);
  }
  waitToAsk(period);
}

/** Shows the numbers of the tabs and who opened or left which tasks; where the rows are others as well, says so or swaps them. */
async function tellAnswer(list, { rows, here, counts }, mark) {
  for (const told of list.querySelectorAll("[data-count]")) told.textContent = counts[told.dataset.count];
  const shown = [...list.querySelectorAll("[data-version]")];
  if (rows.join() !== shown.map((row) => row.dataset.version).join()) return tellChanges(list, rows);
  for (const row of shown) {
    const told = row.querySelector("[data-here]");
    const names = here[row.dataset.version.split(":")[0]] || "";
    told.textContent = names && told.dataset.text.replace("{name}", names);
    told.hidden = !names;
  }
  if (mark) list.dataset.mark = mark.replace(/^W\/|"/g, "");
}

/** Swaps the rows where nobody is at work on the list; else says how many changed and waits to be asked. */
async function tellChanges(list, rows) {
  const shown = [...list.querySelectorAll("[data-version]")].map((row) => row.dataset.version);
  const ids = new Set([...rows.filter((one) => !shown.includes(one)), ...shown.filter((one) => !rows.includes(one))].map((one) => one.split(":")[0]));
  const isBusy = list.contains(document.activeElement) || list.querySelector(CLEAR_OF_ALL) || document.querySelector("dialog[open]");
  if (!isBusy) return showChanges();
  const told = list.querySelector("[data-changes]");
  told.querySelector("span").textContent = told.dataset.text.replace("{n}", Math.max(ids.size, 1));
  told.hidden = false;
}

/** Shows the list as it is now, with the ticks that still have their rows. */
async function showChanges() {
  const list = document.getElementById("work-list");
  const ticked = new Set(ticks().filter((one) => one.checked).map((one) => one.value));
  const focused = document.activeElement?.closest("[data-version]")?.dataset.version.split(":")[0];
  await htmx.ajax("GET", list.dataset.listUrl, { target: "#work-list", select: "#work-list", swap: "outerHTML" });
  for (const one of ticks()) one.checked = ticked.has(one.value);
  if (focused) document.querySelector(`[data-version^="${focused}"] a[data-row-link]`)?.focus();
  showTicked();
}

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
