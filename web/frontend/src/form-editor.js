// The page of a form draft: its fields, laid out as people see them, with their properties.
import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "./workbench/workbench.css";
import "./form-editor/form-editor.css";

import { translateDom } from "./i18n.js";
import { isChinese } from "./page.js";
import { openWorkbench } from "./workbench/workbench.js";
import chinese from "./zh/form-editor.json";

const OWN_TEXTS = ".fjs-palette-container *, .bio-properties-panel *, .fjs-palette *, .fjs-empty-editor *, .fjs-context-pad *";

openWorkbench(async ({ canvas, panel, data, root, changed }) => {
  panel.hidden = true; // the tool has its own
  const editor = new FormEditor({ container: canvas, exporter: { name: "ReliefDesk", version: "1" } });
  root.editor = editor;
  await editor.importSchema(JSON.parse(data.content));
  if (isChinese()) translateDom(canvas, OWN_TEXTS, chinese);
  editor.on("changed", changed);
  return {
    read: async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`,
    open: (content) => editor.importSchema(JSON.parse(content)),
    mark: () => {},
    show: (id) => select(editor, id),
  };
});

function select(editor, id) {
  const field = editor.get("formFieldRegistry").get(id);
  if (field) editor.get("selection").set(field);
  return Boolean(field);
}
