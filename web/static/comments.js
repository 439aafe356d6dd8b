// Comments on a case: choosing whom to mention after an @, and keeping what was read; and telling that one is here.

const AT = /(?:^|[^A-Za-z0-9_.+-])[@＠]([^\s@＠]{0,20})$/;
const MOST = 8;
const READ_AFTER = 1500;
let picker = null;
let asked = 0;

document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea[data-mentions]")) offerPeople(event.target);
});
document.addEventListener("keydown", (event) => {
  if (!picker || event.target !== picker.area || event.isComposing) return;
  const act = { ArrowDown: () => mark(1), ArrowUp: () => mark(-1), Enter: choose, Tab: choose, Escape: close }[event.key];
  if (!act || (!picker.people.length && event.key !== "Escape")) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}, { capture: true });
document.addEventListener("focusout", (event) => {
  if (picker && event.target === picker.area) close();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "true";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});

const comments = document.querySelector("[data-comments]");
if (comments) showNewest(comments);
const here = document.querySelector("[data-presence]");
if (here) keepTelling(here);

/** Asks who may be mentioned by what stands between the @ and the caret, and shows them below the field. */
async function offerPeople(area) {
  const typed = AT.exec(area.value.slice(0, area.selectionStart));
  if (!typed) return close();
  const own = ++asked;
  const url = `${comments.dataset.peopleUrl}?limit=${MOST}&text=${encodeURIComponent(typed[1])}`;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" });
    if (own !== asked || document.activeElement !== area) return;
    if (answer.status === 200) show(area, typed[1], (await answer.json()).people);
    else close();
  } catch {
    close(); // a name or a login can be typed in full
  }
}

function show(area, typed, people) {
  close();
  const list = document.createElement("ul");
  list.className = "people";
  list.id = `${area.id}-people`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", comments.dataset.textPeople);
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  const names = people.map((one) => one.name);
  people.forEach((one, at) => list.append(option(one, `${list.id}-${at}`, at)));
  if (!people.length) {
    told.className = "people-none";
    told.textContent = comments.dataset.textNone;
  }
  area.after(list, told);
  list.hidden = !people.length;
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  picker = { area, typed, people, names, list, told, at: 0 };
  mark(0);
}

function option(person, id, at) {
  const row = document.createElement("li");
  row.id = id;
  row.setAttribute("role", "option");
  row.textContent = `${person.name} `;
  const login = document.createElement("span");
  login.textContent = person.login;
  row.append(login);
  row.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    picker.at = at;
    choose();
  });
  return row;
}

function mark(step) {
  const { area, list, people, told } = picker;
  if (!people.length) return;
  picker.at = (picker.at + step + people.length) % people.length;
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === picker.at)));
  const row = list.children[picker.at];
  area.setAttribute("aria-activedescendant", row.id);
  row.scrollIntoView({ block: "nearest" });
  told.textContent = row.textContent;
}

/** Puts the name into the text; the login where the name alone could mean two people. */
function choose() {
  const { area, typed, people, names, at } = picker;
  const person = people[at];
  const isAlone = names.filter((name) => name === person.name).length === 1;
  const caret = area.selectionStart;
  area.setRangeText(`${isAlone ? person.name : person.login} `, caret - typed.length, caret, "end");
  close();
}

function close() {
  asked += 1;
  if (!picker) return;
  const { area, list, told } = picker;
  picker = null;
  list.remove();
  told.remove();
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) area.removeAttribute(name);
}

/** Shows the newest comment, and keeps that new ones were read once they were in view for a moment. */
function showNewest(panel) {
  const list = panel.querySelector(".comment-list");
  if (list) list.scrollTop = list.scrollHeight;
  const upTo = Number(panel.dataset.unreadUpTo);
  if (!upTo || !window.IntersectionObserver) return;
  let waiting = null;
  const observer = new IntersectionObserver(([entry]) => {
    window.clearTimeout(waiting);
    if (entry.isIntersecting) waiting = window.setTimeout(() => markRead(panel, upTo, observer), READ_AFTER);
  });
  observer.observe(list.lastElementChild);
}

async function markRead(panel, upTo, observer) {
  if (document.hidden) return;
  observer.disconnect();
  const answer = await send(panel.dataset.readUrl, { up_to: upTo }).catch(() => null);
  if (!answer || answer.status !== 200) return;
  panel.querySelector("[data-mark-read]")?.remove();
  for (const count of document.querySelectorAll("[data-unread-comments]")) count.remove();
}

/** Tells while the page is looked at that its reader is here, and shows who else is. */
function keepTelling(place) {
  let waiting = null;
  const tell = async () => {
    window.clearTimeout(waiting);
    if (document.hidden) return;
    let pause = 300;
    try {
      const answer = await send(place.dataset.presence);
      if (answer.status !== 200 && answer.status < 500) return; // signed out, or out of sight
      if (answer.status === 200) {
        const found = await answer.json();
        showOthers(place, found.others);
        pause = Math.max(found.tell_again_in, 10);
      }
    } catch {
      // the line is broken: tell again later
    }
    waiting = window.setTimeout(tell, pause * 1000 + Math.random() * 5000);
  };
  document.addEventListener("visibilitychange", tell);
  tell();
}

function showOthers(place, others) {
  const texts = others.map((one) => {
    const text = one.is_at_task ? place.dataset.textTask : place.dataset.textCase;
    return text.replace("{name}", one.name).replace("{time}", clock(one.since));
  });
  if (texts.join("\n") === [...place.children].map((one) => one.textContent).join("\n")) return;
  place.replaceChildren(...texts.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  place.hidden = !texts.length;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
}

function send(url, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content };
  if (body) headers["Content-Type"] = "application/json";
  return fetch(url, { method: "POST", headers, body: body && JSON.stringify(body), cache: "no-store", redirect: "manual" });
}
