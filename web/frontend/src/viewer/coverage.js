// What scenarios came to: what was taken is tinted with its count beside, what never was is hatched out.
import { element } from "../page.js";

/** @param {Record<string, number>} coverage how often each element and flow was taken, by its id */
export function markCoverage(viewer, coverage, texts) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  for (const [id, count] of Object.entries(coverage)) {
    const shape = registry.get(id);
    if (!shape) continue;
    canvas.addMarker(id, count ? "coverage-taken" : "coverage-never");
    if (!count || shape.waypoints) continue;
    const badge = element("span", { class: "diagram-badge diagram-badge-coverage", title: texts.takenCount(count) }, String(count));
    viewer.get("overlays").add(id, "coverage", { position: { top: -12, right: 12 }, scale: { min: 1 }, html: badge });
  }
}

/** The legend of a drawing that shows coverage. */
export function coverageLegend(texts) {
  const entry = (kind, text) => element("li", {}, element("span", { class: `diagram-key diagram-key-coverage-${kind}`, "aria-hidden": "true" }), text);
  return element("ul", { class: "diagram-legend" }, entry("taken", texts.coverageTaken), entry("never", texts.coverageNever));
}
