// The page of a process draft: the diagram, its properties, what is wrong with it, and saving that loses nothing.
import Modeler from "camunda-bpmn-js/lib/camunda-cloud/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "camunda-bpmn-js/dist/assets/camunda-cloud-modeler.css";
import "./workbench/workbench.css";

import { showWhole, markFindings, show } from "./modeler/canvas.js";
import { CHINESE_MODELER } from "./modeler/chinese.js";
import { namesModule } from "./modeler/names.js";
import { translateDom } from "./i18n.js";
import { isChinese } from "./page.js";
import { builtinsWith } from "./workbench/builtins.js";
import { expressionNames } from "./workbench/names.js";
import { openWorkbench, recordingTranslator } from "./workbench/workbench.js";
import panelChinese from "./zh/bpmn-panel.json";
import { words } from "./modeler/moddle.js";

const HARD_CODED = ".bio-properties-panel-dropdown-button *, .bio-properties-panel-collapsible-entry-header-title, .bio-properties-panel *[class*='-header'] *";

openWorkbench(async ({ canvas, panel, data, root, changed }) => {
  const { translate, untranslated } = recordingTranslator(isChinese() ? CHINESE_MODELER : null);
  root.untranslated = untranslated; // read by the test that walks through the tool
  const names = await expressionNames(data.namesUrl);
  const modeler = new Modeler({
    moddleExtensions: { zeebe: words },
    container: canvas,
    disableAdjustOrigin: true, // else the first save moves every coordinate
    propertiesPanel: { parent: panel, tooltip: {}, getFeelPopupLinks: () => [], feelLanguageContext: { builtins: builtinsWith(names) } },
    exporter: { name: "ReliefDesk", version: "1" },
    additionalModules: [{ translate: ["value", translate] }, namesModule(names)],
  });
  root.modeler = modeler;
  modeler.get("elementTemplatesLoader").setTemplates(data.templates);
  const open = async (xml) => {
    await modeler.importXML(xml);
    showWhole(modeler);
  };
  await open(data.content);
  if (isChinese()) translateDom(panel, HARD_CODED, panelChinese);
  modeler.on("commandStack.changed", changed);
  return {
    read: async () => (await modeler.saveXML({ format: true })).xml,
    open,
    mark: (findings) => markFindings(modeler, findings),
    show: (id) => show(modeler, id),
    draw: async (container, xml) => {
      const viewer = new NavigatedViewer({ container });
      await viewer.importXML(xml);
      viewer.get("canvas").zoom("fit-viewport", "auto");
    },
  };
});
