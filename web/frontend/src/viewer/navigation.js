// Zoom and move: by the buttons, by the keyboard while the drawing has the focus, by dragging, by ctrl + wheel.
// The wheel alone keeps scrolling the page until the drawing is clicked.
import { element } from "../page.js";

const PADDING = 24;
const MAX_FITTED_ZOOM = 1.1;
const MIN_FITTED_ZOOM = 0.1;
const READABLE_ZOOM = 0.5;
const STEP = 60;
const LEAST_HEIGHT = 240;
const MARK_HEIGHT = 28; // of the mark of the makers in the lower corner

const MOVES = {
  ArrowLeft: { dx: STEP, dy: 0 },
  ArrowRight: { dx: -STEP, dy: 0 },
  ArrowUp: { dx: 0, dy: STEP },
  ArrowDown: { dx: 0, dy: -STEP },
};

/** Shows the whole diagram with some air around it, never larger than life. */
export function fit(viewer) {
  const { inner } = currentView(viewer);
  if (inner.width) show(viewer, { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 }, fittingZoom(viewer));
}

/** Lowers the canvas to what a wide drawing needs, so that no empty paper stands above and below it. */
export function trim(viewer, canvas) {
  const { inner, outer } = currentView(viewer);
  if (!inner.width || !outer.width) return;
  const zoom = Math.max(READABLE_ZOOM, Math.min((outer.width - 2 * PADDING) / inner.width, MAX_FITTED_ZOOM));
  canvas.style.height = `${Math.ceil(Math.min(outer.height, Math.max(LEAST_HEIGHT, inner.height * zoom + 2 * (PADDING + MARK_HEIGHT))))}px`;
}

/** Shows the whole diagram if it can be read so; else the surroundings of one element, or the beginning. */
export function showReadable(viewer, elementId) {
  if (fittingZoom(viewer) >= READABLE_ZOOM) {
    fit(viewer);
    return;
  }
  const { inner, outer } = currentView(viewer);
  const shape = elementId && viewer.get("elementRegistry").get(elementId);
  const beginning = { x: inner.x + outer.width / READABLE_ZOOM / 2 - PADDING, y: inner.y + inner.height / 2 };
  show(viewer, shape ? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 } : beginning, READABLE_ZOOM);
}

function currentView(viewer) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  return canvas.viewbox();
}

function fittingZoom(viewer) {
  const { inner, outer } = currentView(viewer);
  const fitting = Math.min((outer.width - 2 * PADDING) / inner.width, (outer.height - 2 * PADDING) / inner.height);
  return Math.max(Math.min(fitting, MAX_FITTED_ZOOM), MIN_FITTED_ZOOM);
}

function show(viewer, centre, zoom) {
  const { outer } = currentView(viewer);
  if (!outer.width) return;
  const width = outer.width / zoom;
  const height = outer.height / zoom;
  viewer.get("canvas").viewbox({ x: centre.x - width / 2, y: centre.y - height / 2, width, height });
}

/** @param {HTMLElement} canvas the focusable element the drawing stands in */
export function addNavigation(viewer, canvas, texts) {
  const actions = {
    "+": () => viewer.get("zoomScroll").stepZoom(1),
    "-": () => viewer.get("zoomScroll").stepZoom(-1),
    0: () => fit(viewer),
  };
  canvas.append(zoomButtons(actions, texts));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === "=" ? "+" : event.key === "_" ? "-" : event.key;
    if (actions[key]) actions[key]();
    else if (MOVES[key] && event.target === canvas) viewer.get("canvas").scroll(MOVES[key]);
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("focusin", () => viewer.get("zoomScroll").toggle(true));
  canvas.addEventListener("focusout", () => viewer.get("zoomScroll").toggle(false));
  viewer.on("canvas.click", () => canvas.focus({ preventScroll: true }));
  viewer.on("element.click", () => canvas.focus({ preventScroll: true }));
}

function zoomButtons(actions, texts) {
  const button = (key, label, sign) => {
    const node = element("button", { type: "button", class: "diagram-zoom-button", title: label, "aria-label": label }, sign);
    node.addEventListener("click", actions[key]);
    return node;
  };
  return element("div", { class: "diagram-zoom" }, button("+", texts.zoomIn, "+"), button("-", texts.zoomOut, "−"), button("0", texts.fit, "⤢"));
}
