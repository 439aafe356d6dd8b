// The page of a batch while workers are at it: how far it is, told without taking the keyboard from anybody.

const PERIOD = 2_000;
const place = document.querySelector("[data-ask-again]");
if (place) askLater();

function askLater() {
  window.setTimeout(ask, PERIOD);
}

/** Asks how far it is, unless nobody looks; once it stands otherwise, the buttons are others too. */
async function ask() {
  if (document.hidden) return askLater();
  try {
    const answer = await fetch(place.dataset.askAgain, { cache: "no-store", redirect: "manual" });
    if (answer.status === 401 || answer.type === "opaqueredirect") return; // nobody is signed in any more
    if (answer.headers.has("HX-Refresh")) return window.location.reload();
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // it is asked again
  }
  askLater();
}

function show(found) {
  replace("[data-batch-state]", found);
  for (const count of place.querySelectorAll("[data-count]")) {
    count.textContent = found.querySelector(`[data-count="${count.dataset.count}"]`)?.textContent ?? count.textContent;
  }
  if (!isInUse(place.querySelector("[data-batch-items]"))) replace("[data-batch-items]", found);
}

/** Whoever has come to something by keyboard, or has marked it, keeps it. */
function isInUse(part) {
  const marked = window.getSelection();
  return part.contains(document.activeElement) || (!marked.isCollapsed && part.contains(marked.anchorNode));
}

function replace(selector, found) {
  const [old, next] = [place.querySelector(selector), found.querySelector(selector)];
  if (next && next.innerHTML !== old.innerHTML) old.replaceChildren(...next.childNodes);
}
