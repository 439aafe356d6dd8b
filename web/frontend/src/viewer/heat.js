// Heat: how strongly the elements of a process are used or held up, in steps of colour with the figure beside each.
import { element } from "../page.js";

/**
 * @typedef {object} ElementHeat
 * @property {number} step colour from 1 to 5; 0 for what is cold
 * @property {string} text the figure, empty where there is none
 * @property {string} note everything known of the element, in one line
 * @property {string|null} url the list of the cases that stand there
 *
 * @typedef {object} Heat
 * @property {string} measure what the colours stand for
 * @property {Record<string, ElementHeat>} elements by element id
 * @property {{step: number, text: string}[]} legend
 */

/** @param {Heat} heat */
export function markHeat(viewer, heat) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  for (const [id, { step, text, note }] of Object.entries(heat.elements)) {
    if (!registry.get(id)) continue;
    if (step) canvas.addMarker(id, `heat-${step}`);
    if (!text) continue;
    const badge = element("span", { class: `diagram-badge diagram-badge-heat diagram-badge-heat-${step}`, title: note }, text);
    viewer.get("overlays").add(id, "heat", { position: { top: -12, right: 12 }, scale: { min: 1 }, html: badge });
  }
}

/** @param {Heat} heat */
export function heatLegend(heat) {
  const entry = ({ step, text }) => element("li", {}, element("span", { class: `diagram-key diagram-key-heat-${step}`, "aria-hidden": "true" }), text);
  return element("ul", { class: "diagram-legend" }, element("li", {}, heat.measure), ...heat.legend.map(entry));
}

/** What the line below the drawing says of an element. @param {ElementHeat|undefined} state */
export function heatFacts(state, texts) {
  if (!state) return [texts.noHeat];
  return state.url ? [state.note, " ", element("a", { href: state.url }, texts.standingCases)] : [state.note];
}
