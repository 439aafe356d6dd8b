import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { element } from "../page.js";
import { changeLegend, markChanges } from "./changes.js";
import { coverageLegend, markCoverage } from "./coverage.js";
import { showDetail } from "./detail.js";
import { heatLegend, markHeat } from "./heat.js";
import { mappingLegend } from "./mapping.js";
import { addNavigation, fit, showReadable, trim } from "./navigation.js";
import { markProgress } from "./progress.js";

const NOTHING_DRAWN = "no diagram to display"; // as bpmn-js says of a process that holds no shapes

/**
 * What the page knows about one element or flow of the diagram.
 * @typedef {object} ElementState
 * @property {number} [active] tokens standing here now
 * @property {number} [completed] how often it was completed
 * @property {number} [incidents] open incidents
 * @property {{text: string, over: boolean}} [standing] how long a token stands here, and whether that is too long
 * @property {string[]} [notes] lines shown when the element is selected, ready in the reader's language
 *
 * @typedef {object} DiagramData
 * @property {string} [xml] the diagram; or:
 * @property {string} [xmlUrl] where to fetch it
 * @property {string} [title] accessible name of the drawing
 * @property {Record<string, ElementState>} [elements] by element id
 * @property {Record<string, number>} [flows] how often each sequence flow was taken, by flow id
 * @property {Record<string, string>} [calls] URL of the called process (often "#its-figure"), by call activity id
 * @property {import("./heat.js").Heat} [heat] drawn in place of the progress of one case
 * @property {Record<string, "added"|"removed"|"changed"|"moved">} [changes] drawn in place of the progress of one case
 * @property {import("./mapping.js").MappingSide} [mapping] one side of a migration, in place of the progress of one case
 * @property {Record<string, number>} [coverage] how often scenarios took each element and flow; drawn in place of the progress
 * @property {string} [selected] element to select at first; a diagram too wide to be read whole opens around it
 */

/**
 * Draws one diagram into its figure, then sets `data-ready` (or `data-failed` with the reason); returns what shows it,
 * or nothing where it failed.
 * @param {HTMLElement} figure
 * @param {DiagramData} data
 */
export async function drawDiagram(figure, data, texts) {
  const canvas = element("div", { class: "diagram-canvas", tabindex: "0", role: "group", "aria-label": data.title || texts.diagram, title: texts.keys });
  const caption = figure.querySelector("figcaption");
  if (caption) caption.after(canvas);
  else figure.prepend(canvas);
  const viewer = new NavigatedViewer({ container: canvas, zoomScroll: { enabled: false } });
  try {
    await viewer.importXML(await diagramXml(data));
  } catch (error) {
    fail(figure, error.message.includes(NOTHING_DRAWN) ? texts.nothingDrawn : texts.failed, error.message);
    return null;
  }
  addNavigation(viewer, canvas, texts);
  figure.append(marked(viewer, data, texts));
  if (!data.changes && !data.mapping) showDetail(viewer, figure, data, texts);
  trim(viewer, canvas);
  showReadable(viewer, data.selected ?? firstActive(data) ?? hottest(data) ?? Object.keys(data.changes ?? {})[0]);
  viewer.on("root.set", () => fit(viewer)); // a collapsed sub-process was opened or left
  figure.dataset.ready = "true";
  return viewer;
}

/** Marks what the drawing is about, and returns the legend of the marks. */
function marked(viewer, data, texts) {
  if (data.changes) {
    markChanges(viewer, data.changes);
    return changeLegend(data.changes, texts);
  }
  if (data.mapping) return mappingLegend(data.mapping, texts);
  if (data.coverage) {
    markCoverage(viewer, data.coverage, texts);
    return coverageLegend(texts);
  }
  if (data.heat) {
    markHeat(viewer, data.heat);
    return heatLegend(data.heat);
  }
  markProgress(viewer, data, texts);
  return legend(texts);
}

function firstActive(data) {
  const [id] = Object.entries(data.elements ?? {}).find(([, state]) => state.active) ?? [];
  return id;
}

function hottest(data) {
  const [id] = Object.entries(data.heat?.elements ?? {}).sort(([, one], [, other]) => other.step - one.step)[0] ?? [];
  return id;
}

async function diagramXml(data) {
  if (data.xml) return data.xml;
  const response = await fetch(data.xmlUrl, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${data.xmlUrl}: ${response.status}`);
  return response.text();
}

function fail(figure, told, reason) {
  figure.replaceChildren(element("p", { class: "diagram-failed", role: "alert" }, told));
  figure.dataset.failed = reason;
}

function legend(texts) {
  const entry = (kind, text) => element("li", {}, element("span", { class: `diagram-key diagram-key-${kind}`, "aria-hidden": "true" }), text);
  return element(
    "ul",
    { class: "diagram-legend" },
    entry("active", texts.active),
    entry("completed", texts.completed),
    entry("path", texts.path),
    entry("incident", texts.incident),
  );
}
