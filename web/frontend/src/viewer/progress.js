// Tints and badges: where the tokens are, what is done, which flows were taken, what is stuck.
import { element } from "../page.js";

/** @param {import("./diagram.js").DiagramData} data */
export function markProgress(viewer, data, texts) {
  const registry = viewer.get("elementRegistry");
  for (const [id, state] of Object.entries(data.elements ?? {})) {
    if (registry.get(id)) markElement(viewer, id, state, texts);
  }
  for (const [id, count] of Object.entries(data.flows ?? {})) {
    if (count > 0 && registry.get(id)) markFlow(viewer, id, count, texts);
  }
  for (const [id, url] of Object.entries(data.calls ?? {})) {
    if (registry.get(id)) linkCalled(viewer, id, url, texts);
  }
}

function markElement(viewer, id, state, texts) {
  const canvas = viewer.get("canvas");
  if (state.completed) canvas.addMarker(id, "is-completed");
  if (state.active) {
    canvas.addMarker(id, "is-active");
    addBadge(viewer, id, { kind: "active", count: state.active, title: texts.activeCount(state.active), position: { top: -14, left: -16 } });
  }
  if (state.standing) {
    const kind = state.standing.over ? "standing-over" : "standing";
    addBadge(viewer, id, { kind, count: state.standing.text, title: state.standing.text, position: { bottom: 8, left: 24 }, scale: { min: 0.8 } });
  }
  if (state.incidents) {
    canvas.addMarker(id, "is-incident");
    addBadge(viewer, id, { kind: "incident", count: state.incidents, title: texts.incidentCount(state.incidents), position: { top: -14, right: 10 } });
  }
  if (state.completed > 1) {
    addBadge(viewer, id, { kind: "repeat", count: `×${state.completed}`, title: texts.completedCount(state.completed), position: { bottom: 10, left: -8 } });
  }
}

function markFlow(viewer, id, count, texts) {
  const canvas = viewer.get("canvas");
  canvas.addMarker(id, "is-taken");
  const line = canvas.getGraphics(id);
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = texts.takenCount(count);
  line.prepend(title);
}

function linkCalled(viewer, id, url, texts) {
  const link = element("a", { class: "diagram-badge diagram-badge-call", href: url, title: texts.openCalled, "aria-label": texts.openCalled }, "↘");
  viewer.get("overlays").add(id, "call", { position: { bottom: 12, right: 14 }, html: link });
}

function addBadge(viewer, id, { kind, count, title, position, scale = true }) {
  const badge = element("span", { class: `diagram-badge diagram-badge-${kind}`, title }, String(count));
  viewer.get("overlays").add(id, kind, { position, scale, html: badge });
}
