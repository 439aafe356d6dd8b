// One line below the drawing that says what the selected element is and how it stands.
import { element } from "../page.js";
import { heatFacts } from "./heat.js";

/** @param {import("./diagram.js").DiagramData} data */
export function showDetail(viewer, figure, data, texts) {
  const box = element("div", { class: "diagram-detail", role: "status" });
  figure.append(box);
  const show = (shape) => {
    const described = shape && shape.parent ? shape : null; // the drawing itself has no parent
    box.replaceChildren(...(described ? detail(described, data, texts) : []));
    select(viewer, described);
    figure.dispatchEvent(new CustomEvent("diagram:select", { bubbles: true, detail: { elementId: described ? described.id : null } }));
  };
  viewer.on("element.click", ({ element: shape }) => show(shape));
  if (data.selected) show(viewer.get("elementRegistry").get(data.selected));
}

function select(viewer, shape) {
  viewer.get("selection").select(shape);
}

function detail(shape, data, texts) {
  if (data.heat) return [element("p", {}, ...title(shape), ...heatFacts(data.heat.elements[shape.id], texts))];
  if (data.coverage) return [element("p", {}, ...title(shape), covered(data.coverage[shape.id], texts))];
  const state = (data.elements ?? {})[shape.id] ?? {};
  const taken = (data.flows ?? {})[shape.id] ?? 0;
  const facts = [];
  if (state.active) facts.push(texts.activeCount(state.active));
  if (state.completed) facts.push(texts.completedCount(state.completed));
  if (state.standing) facts.push(state.standing.text);
  if (state.incidents) facts.push(texts.incidentCount(state.incidents));
  if (taken) facts.push(texts.takenCount(taken));
  if (!facts.length) facts.push(texts.notReached);
  const notes = (state.notes ?? []).map((note) => element("li", {}, note));
  const line = element("p", {}, ...title(shape), facts.join(" · "));
  return notes.length ? [line, element("ul", {}, ...notes)] : [line];
}

function covered(count, texts) {
  return count ? texts.takenCount(count) : texts.coverageNever;
}

function title(shape) {
  return [element("strong", {}, shape.businessObject.name || shape.id), " ", element("code", {}, shape.id), " "];
}
