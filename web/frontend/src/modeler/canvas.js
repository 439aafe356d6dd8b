// What the page does on the canvas of the modeler: frame the diagram, mark findings, show an element.
import { element } from "../page.js";

const LEAST_SCALE = 0.55; // below it names cannot be read
const PALETTE = 130; // what the palette covers, in pixels

/** Shows the diagram from its top left corner, whole where that can be read. */
export function showWhole(modeler) {
  const canvas = modeler.get("canvas");
  const { inner, outer } = canvas.viewbox();
  if (!inner.width) return;
  const fit = Math.min((outer.width - PALETTE - 20) / inner.width, (outer.height - 40) / inner.height);
  const scale = Math.min(1, Math.max(LEAST_SCALE, fit));
  canvas.viewbox({ x: inner.x - PALETTE / scale, y: inner.y - 20 / scale, width: outer.width / scale, height: outer.height / scale });
}

/**
 * Marks the elements that something was found at, in place of the marks before.
 * @param {{ severity: string, element_id: string|null, message: string }[]} findings
 */
export function markFindings(modeler, findings) {
  const [registry, canvas, overlays] = ["elementRegistry", "canvas", "overlays"].map((name) => modeler.get(name));
  overlays.remove({ type: "finding" });
  registry.forEach(({ id }) => ["error", "warning"].forEach((severity) => canvas.removeMarker(id, `has-${severity}`)));
  for (const [id, found] of byElement(findings)) {
    if (!registry.get(id) || registry.get(id) === canvas.getRootElement()) continue;
    const severity = found.some((one) => one.severity === "error") ? "error" : "warning";
    canvas.addMarker(id, `has-${severity}`);
    const badge = element("span", { class: `finding-badge finding-badge-${severity}`, title: found.map((one) => one.message).join("\n") }, String(found.length));
    overlays.add(id, "finding", { position: { top: -10, right: 10 }, scale: { min: 0.8 }, html: badge });
  }
}

/** Selects an element and moves it into the middle; returns whether it is drawn. */
export function show(modeler, id) {
  const canvas = modeler.get("canvas");
  const found = modeler.get("elementRegistry").get(id);
  if (!found) return false;
  const plane = canvas.findRoot(found);
  if (plane && plane !== canvas.getRootElement()) canvas.setRootElement(plane);
  modeler.get("selection").select(found);
  if (found !== plane) centre(canvas, found);
  return true;
}

function centre(canvas, found) {
  const box = canvas.getAbsoluteBBox(found);
  const { width, height } = canvas.getContainer().getBoundingClientRect();
  canvas.scroll({ dx: width / 2 - (box.x + box.width / 2), dy: height / 2 - (box.y + box.height / 2) });
}

function byElement(findings) {
  const found = new Map();
  for (const one of findings) {
    if (one.element_id) found.set(one.element_id, [...(found.get(one.element_id) ?? []), one]);
  }
  return found;
}
