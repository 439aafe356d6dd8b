// The evidence beside a case: files dropped on it are handed in, and what others or a phone hand in appears by itself.

const PERIOD = 4_000;
const LONGEST_PERIOD = 120_000;
let period = PERIOD;

for (const panel of document.querySelectorAll("[data-evidence]")) {
  takeDropped(panel);
  waitToAsk(panel);
}

/** Hands in what is dropped on the panel, by the form it has for browsers without this script. */
function takeDropped(panel) {
  const form = panel.querySelector("[data-evidence-drop]");
  if (!form) return;
  for (const kind of ["dragenter", "dragover"]) {
    panel.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      panel.classList.add("is-dropped-on");
    });
  }
  panel.addEventListener("dragleave", (event) => {
    if (!panel.contains(event.relatedTarget)) panel.classList.remove("is-dropped-on");
  });
  panel.addEventListener("drop", (event) => {
    panel.classList.remove("is-dropped-on");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.elements.namedItem("files").files = event.dataTransfer.files;
    form.requestSubmit ? form.requestSubmit() : form.submit();
  });
}

function waitToAsk(panel) {
  window.setTimeout(() => askForChanges(panel), period * (1 + Math.random() / 2));
}

async function askForChanges(panel) {
  if (!document.hidden) {
    try {
      const headers = { "If-None-Match": `"${panel.dataset.mark}"`, Accept: "application/json" };
      const answer = await fetch(panel.dataset.changesUrl, { headers, cache: "no-store", redirect: "manual" });
      if (answer.status === 401 || answer.type === "opaqueredirect") return; // nobody is signed in any more
      if (answer.status === 200) await showChanges(panel);
      period = answer.status === 200 || answer.status === 304 ? PERIOD : Math.min(period * 2, LONGEST_PERIOD);
    } catch {
      period = Math.min(period * 2, LONGEST_PERIOD);
    }
  }
  waitToAsk(panel);
}

/** Puts new files on top and takes out those that are gone; what somebody has open stays open. */
async function showChanges(panel) {
  const answer = await fetch(panel.dataset.listUrl, { cache: "no-store", redirect: "manual" });
  if (!answer.ok) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-evidence]");
  if (!now) return;
  const list = panel.querySelector("[data-evidence-list]");
  const shown = new Map([...list.children].map((item) => [item.dataset.evidenceId, item]));
  const items = [...now.querySelector("[data-evidence-list]").children].map((item) => shown.get(item.dataset.evidenceId) ?? document.adoptNode(item));
  for (const item of shown.values()) if (!items.includes(item)) item.remove();
  items.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  panel.querySelector("[data-evidence-none]").hidden = items.length > 0;
  panel.querySelector("[data-evidence-count]").textContent = items.length;
  panel.dataset.mark = now.dataset.mark;
}
