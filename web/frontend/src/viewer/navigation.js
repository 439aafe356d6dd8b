// Zoom and move: by the buttons, by the keyboard while the drawing has the focus, by dragging, by ctrl + wheel.
// The wheel alone keeps scrolling the page until the drawing is clicked.
import { element } from "../page.js";

const PADDING = 24;
const MAX_FITTED_ZOOM = 1.1;
const STEP = 60;

const MOVES = {
  ArrowLeft: { dx: STEP, dy: 0 },
  ArrowRight: { dx: -STEP, dy: 0 },
  ArrowUp: { dx: 0, dy: STEP },
  ArrowDown: { dx: 0, dy: -STEP },
};

/** Shows the whole diagram with some air around it, never larger than life. */
export function fit(viewer) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  const fitting = Math.min((outer.width - 2 * PADDING) / inner.width, (outer.height - 2 * PADDING) / inner.height);
  const zoom = Math.max(Math.min(fitting, MAX_FITTED_ZOOM), 0.1);
  const width = outer.width / zoom;
  const height = outer.height / zoom;
  canvas.viewbox({ x: inner.x + inner.width / 2 - width / 2, y: inner.y + inner.height / 2 - height / 2, width, height });
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
