// The page of a decision draft: its requirements, tables and expressions, a tab each.
import { CamundaCloudModeler } from "camunda-dmn-js";
import "camunda-dmn-js/dist/assets/camunda-cloud-modeler.css";
import "./workbench/workbench.css";
import "./decision-editor/decision-editor.css";

import { namesModule } from "./decision-editor/names.js";
import { showTabs } from "./decision-editor/tabs.js";
import { translateDom } from "./i18n.js";
import { isChinese } from "./page.js";
import { builtinsWith } from "./workbench/builtins.js";
import { expressionNames } from "./workbench/names.js";
import { openWorkbench, recordingTranslator } from "./workbench/workbench.js";
import chinese from "./zh/dmn.json";

openWorkbench(async ({ canvas, panel, data, root, changed }) => {
  const { translate, untranslated } = recordingTranslator(isChinese() ? chinese : null);
  root.untranslated = untranslated; // read by the test that walks through the tool
  const names = await expressionNames(data.namesUrl);
  const additionalModules = [{ translate: ["value", translate] }];
  const withNames = { additionalModules: [...additionalModules, namesModule(names)] };
  const editor = new CamundaCloudModeler({
    container: canvas,
    common: { additionalModules, feelLanguageContext: { builtins: builtinsWith(names) } },
    drd: { propertiesPanel: { parent: panel }, additionalModules },
    decisionTable: withNames,
    literalExpression: withNames,
    boxedExpression: withNames,
  });
  root.editor = editor;
  const watched = new WeakSet();
  editor.on("views.changed", ({ activeView }) => {
    showTabs(editor, root);
    panel.hidden = activeView?.type !== "drd";
    const events = editor.getActiveViewer()?.get("eventBus");
    if (!events || watched.has(events)) return;
    watched.add(events);
    events.on("commandStack.changed", changed);
  });
  await editor.importXML(data.content);
  if (isChinese()) translateDom(canvas, ".dmn-decision-table-container .hit-policy *, .dms-option, .dms-select-options *, option", chinese);
  return {
    read: async () => (await editor.saveXML({ format: true })).xml,
    open: (content) => editor.importXML(content),
    mark: () => {},
    show: (id) => open(editor, id),
  };
});

/** Opens the table or expression that an element stands in. */
function open(editor, id) {
  const views = editor.getViews();
  const found = views.find((view) => view.type !== "drd" && holds(view.element, id)) ?? views.find((view) => view.element.id === id);
  if (found) editor.open(found);
  return Boolean(found);
}

function holds(element, id) {
  if (element.id === id) return true;
  const { decisionLogic } = element;
  if (!decisionLogic) return false;
  const { input = [], output = [], rule = [] } = decisionLogic;
  const rules = rule.flatMap((one) => [one, ...(one.inputEntry ?? []), ...(one.outputEntry ?? [])]);
  return [decisionLogic, ...input, ...output, ...rules].some((one) => one.id === id);
}
