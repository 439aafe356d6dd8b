// What one version of a diagram changes of another: marked where it is drawn.
import { element } from "../page.js";

const KINDS = ["added", "changed", "removed", "moved"];

/** @param {Record<string, "added"|"removed"|"changed"|"moved">} changes by element id */
export function markChanges(viewer, changes) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  for (const [id, kind] of Object.entries(changes)) {
    if (registry.get(id)) canvas.addMarker(id, `change-${kind}`);
  }
}

/** The legend of the kinds of change that a drawing shows. */
export function changeLegend(changes, texts) {
  const shown = new Set(Object.values(changes));
  const entries = KINDS.filter((kind) => shown.has(kind)).map((kind) =>
    element("li", {}, element("span", { class: `diagram-key diagram-key-${kind}`, "aria-hidden": "true" }), texts[kind]),
  );
  return element("ul", { class: "diagram-legend" }, ...entries);
}
