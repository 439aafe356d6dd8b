// A migration drawn: where the elements of one version go in another, chosen by clicking one and then the other.
// What counts are the selects of the table, `[data-maps]` with the id of the element: they are shown here, and set.
import { element, pageData } from "../page.js";
import { drawDiagram } from "./diagram.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} MappingSide
 * @property {"old"|"new"} side
 * @property {Record<string, {text: string, note: string}>} standing what stands at an element now, by its id
 * @property {Record<string, number>} finished how many finished tasks count as an element, by its id
 */

/** Draws both versions of a migration and keeps them in step with the selects; then sets `data-ready`. */
export async function drawMapping(place, texts) {
  const told = element("p", { class: "mapping-told", role: "status" }, texts.chooseOld);
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("class", "mapping-lines");
  lines.setAttribute("aria-hidden", "true");
  const [old, next] = place.querySelectorAll("figure[data-diagram]");
  const { mapping } = pageData(old.dataset.diagram);
  const viewers = await Promise.all([old, next].map((figure) => drawDiagram(figure, pageData(figure.dataset.diagram), texts)));
  if (viewers.includes(null)) return;
  place.append(lines, told);
  const selects = new Map([...document.querySelectorAll("select[data-maps]")].map((one) => [one.dataset.maps, one]));
  const map = { place, old: viewers[0], next: viewers[1], selects, standing: mapping.standing, finished: mapping.finished, told, lines, texts, chosen: null, pairs: [] };
  listen(map);
  draw(map);
  place.dataset.ready = "true";
}

/** The legend of one side. @param {MappingSide} mapping */
export function mappingLegend({ side }, texts) {
  const entry = (kind, text) => element("li", {}, element("span", { class: `diagram-key diagram-key-maps-${kind}`, "aria-hidden": "true" }), text);
  const old = () => [entry("kept", texts.mapsKept), entry("other", texts.mapsOther), entry("stranded", texts.mapsStranded), entry("forgotten", texts.mapsForgotten), entry("nothing", texts.mapsNothing)];
  const entries = side === "old" ? old() : [entry("other", texts.mapsOther), entry("new", texts.mapsNew)];
  return element("ul", { class: "diagram-legend" }, ...entries);
}

function listen(map) {
  for (const [id, select] of map.selects) {
    select.addEventListener("change", () => {
      tellRow(map, id);
      draw(map);
    });
  }
  map.old.on("element.click", ({ element: shape }) => choose(map, drawnId(shape)));
  map.next.on("element.click", ({ element: shape }) => answer(map, drawnId(shape)));
  for (const viewer of [map.old, map.next]) viewer.on("canvas.viewbox.changed", () => drawLines(map));
  window.addEventListener("resize", () => drawLines(map));
  map.place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") choose(map, null);
  });
}

/** The id of what is drawn; a label beside an element stands for the element. */
function drawnId(shape) {
  return (shape.labelTarget ?? shape).id;
}

function choose(map, id) {
  map.chosen = map.selects.has(id) && id !== map.chosen ? id : null;
  map.told.textContent = map.chosen ? map.texts.chooseNew(nameOf(map.old, map.chosen)) : map.texts.chooseOld;
  const target = map.chosen && map.selects.get(map.chosen).value;
  if (target && map.next.get("elementRegistry").get(target)) map.next.get("canvas").scrollToElement(target);
  draw(map);
}

/** A click on the new version: where what was chosen goes; with nothing chosen, what comes from there. */
function answer(map, id) {
  if (!map.next.get("elementRegistry").get(id)?.parent) return;
  if (!map.chosen) {
    const from = [...map.selects].find(([, select]) => select.value === id);
    if (from) choose(map, from[0]);
    return;
  }
  const select = map.selects.get(map.chosen);
  const [name, other] = [nameOf(map.old, map.chosen), nameOf(map.next, id)];
  if (![...select.options].some((option) => option.value === id)) {
    map.told.textContent = map.texts.otherKind(name, other);
    return;
  }
  map.chosen = null;
  map.told.textContent = map.texts.mapped(name, other);
  select.value = id;
  select.dispatchEvent(new Event("change"));
}

function nameOf(viewer, id) {
  return viewer.get("elementRegistry").get(id)?.businessObject.name || id;
}

/** Says in the row of the table how an element was mapped, now that it was chosen by hand, and what is left to do. */
function tellRow(map, id) {
  const select = map.selects.get(id);
  const row = select.closest("tr");
  const { suggested, suggestedBy } = select.dataset;
  const by = select.value === suggested ? suggestedBy : select.value === id ? "id" : select.value ? "hand" : "nothing";
  const state = row.querySelector("[data-mapping-state]");
  state.dataset.by = by;
  state.textContent = map.texts.mappedBy[by];
  row.classList.toggle("is-stranded", by === "nothing" && id in map.standing);
  row.classList.toggle("is-forgotten", by === "nothing" && id in map.finished && !(id in map.standing));
  if (row.closest("details")) row.closest("details").open = true;
  tellLeft(map);
}

/** Says above the table what cannot move, and which finished tasks would not count any more. */
function tellLeft(map) {
  const left = [...map.selects].filter(([one, { value }]) => !value && one in map.standing).length;
  const summary = document.querySelector("[data-mapping-summary]");
  summary.textContent = map.texts.stranded(left);
  summary.className = `message message-${left ? "danger" : "info"}`;
  const forgotten = [...map.selects].filter(([, { value }]) => !value).reduce((sum, [id]) => sum + (map.finished[id] ?? 0), 0);
  const warning = document.querySelector("[data-mapping-forgotten]");
  warning.hidden = !forgotten;
  warning.textContent = map.texts.forgotten(forgotten);
}

function draw(map) {
  for (const viewer of [map.old, map.next]) clear(viewer);
  const reached = new Set([...map.selects.values()].map((select) => select.value));
  map.pairs = [...map.selects].filter(([id, { value }]) => value && value !== id).map(([id, { value }]) => [id, value]);
  for (const [id, { value }] of map.selects) markOld(map, id, value);
  for (const shape of map.next.get("elementRegistry").filter(isMappable)) {
    if (!reached.has(shape.id)) mark(map.next, shape.id, "maps-new");
  }
  map.pairs.forEach(([id, target], index) => {
    badge(map.old, id, "pair", String(index + 1), map.texts.mapsOther, { bottom: 10, left: -8 });
    badge(map.next, target, "pair", String(index + 1), map.texts.mapsOther, { bottom: 10, left: -8 });
    mark(map.next, target, "maps-other");
  });
  if (map.chosen) markChosen(map);
  drawLines(map);
}

function markOld(map, id, target) {
  const stands = map.standing[id];
  if (!target) mark(map.old, id, stands ? "maps-stranded" : id in map.finished ? "maps-forgotten" : "maps-nothing");
  else if (target !== id) mark(map.old, id, "maps-other");
  if (stands) badge(map.old, id, target ? "active" : "stranded", stands.text, stands.note, { top: -14, left: -16 });
}

function markChosen(map) {
  const select = map.selects.get(map.chosen);
  mark(map.old, map.chosen, "maps-chosen");
  for (const { value } of select.options) if (value) mark(map.next, value, value === select.value ? "maps-chosen" : "maps-possible");
}

/** Nothing is waited for where a process begins or ends, nor at flows and what only explains. */
function isMappable(shape) {
  const drawn = shape.businessObject;
  if (!drawn?.$instanceOf?.("bpmn:FlowNode") || shape.labelTarget || shape.type === "bpmn:EndEvent") return false;
  return shape.type !== "bpmn:StartEvent" || Boolean(drawn.$parent?.triggeredByEvent);
}

function mark(viewer, id, marker) {
  if (viewer.get("elementRegistry").get(id)) viewer.get("canvas").addMarker(id, marker);
}

function badge(viewer, id, kind, text, title, position) {
  if (!viewer.get("elementRegistry").get(id)) return;
  const html = element("span", { class: `diagram-badge diagram-badge-${kind}`, title }, text);
  viewer.get("overlays").add(id, "mapping", { position, scale: { min: 0.8 }, html });
}

function clear(viewer) {
  viewer.get("overlays").remove({ type: "mapping" });
  const canvas = viewer.get("canvas");
  for (const shape of viewer.get("elementRegistry").getAll()) {
    for (const marker of ["other", "nothing", "stranded", "forgotten", "new", "possible", "chosen"]) {
      if (canvas.hasMarker(shape.id, `maps-${marker}`)) canvas.removeMarker(shape.id, `maps-${marker}`);
    }
  }
}

/** Draws a line for each pair of other ids and for what is chosen, where both ends are in sight. */
function drawLines(map) {
  const chosen = map.chosen && [map.chosen, map.selects.get(map.chosen).value];
  const all = map.pairs.filter(([id]) => id !== map.chosen).map((pair) => line(map, pair, ""));
  if (chosen?.[1]) all.push(line(map, chosen, "is-chosen"));
  map.lines.replaceChildren(...all.filter(Boolean));
}

function line(map, [id, target], kind) {
  const [from, to] = [boxOf(map.old, id), boxOf(map.next, target)];
  if (!from || !to) return null;
  const origin = map.lines.getBoundingClientRect();
  const [x1, y1] = [from.right - origin.left, (from.top + from.bottom) / 2 - origin.top];
  const [x2, y2] = [to.left - origin.left, (to.top + to.bottom) / 2 - origin.top];
  const bend = Math.max(40, Math.abs(x2 - x1) / 3);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`);
  if (kind) path.setAttribute("class", kind);
  return path;
}

/** Where an element is drawn on the screen; nothing where it is out of its canvas. */
function boxOf(viewer, id) {
  if (!viewer.get("elementRegistry").get(id)) return null;
  const canvas = viewer.get("canvas");
  const box = canvas.getGraphics(id).querySelector(".djs-visual").getBoundingClientRect();
  const frame = canvas.getContainer().getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return x > frame.left && x < frame.right && y > frame.top && y < frame.bottom ? box : null;
}
