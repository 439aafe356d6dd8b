// The diagram page: shows where the tokens of a case stand, which way they came and what is stuck.
// Two of them in a [data-mapping] show a migration.
// Every <figure data-diagram="ID"> is drawn from the JSON in <script type="application/json" id="ID">.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./viewer/viewer.css";

import { isChinese, pageData } from "./page.js";
import { drawDiagram } from "./viewer/diagram.js";
import { drawMapping } from "./viewer/mapping.js";
import { textsFor } from "./viewer/texts.js";

const texts = textsFor(isChinese());
for (const place of document.querySelectorAll("[data-mapping]")) drawMapping(place, texts);
for (const figure of document.querySelectorAll("figure[data-diagram]")) {
  if (figure.closest("[data-mapping]")) continue;
  drawDiagram(figure, pageData(figure.dataset.diagram), texts);
}
