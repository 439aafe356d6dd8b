// What every editor page of the workbench shares: saving, what is found, and what two people do to one draft.
import { element, isChinese, pageData } from "../page.js";
import { Findings } from "./findings.js";
import { DraftKeeper } from "./keeper.js";
import { Meeting } from "./meeting.js";
import { textsFor } from "./texts.js";

/**
 * The tool of a page, as the workbench uses it.
 * @typedef {object} Tool
 * @property {() => Promise<string>} read the file as it stands
 * @property {(content: string) => Promise<void>} open another content
 * @property {(findings: object[]) => void} mark what was found
 * @property {(elementId: string) => boolean} show an element; false where it is not drawn
 * @property {(container: HTMLElement, content: string) => Promise<void>} [draw] a content that is only looked at
 */

/**
 * Opens the page's draft in its tool; sets `data-ready` or `data-failed` with the reason.
 * @param {(page: object) => Promise<Tool>} makeTool
 */
export async function openWorkbench(makeTool) {
  const root = document.querySelector("[data-editor]");
  const [canvas, panel, bar] = ["canvas", "panel", "bar"].map((name) => root.querySelector(`[data-${name}]`));
  const data = pageData(root.dataset.editor);
  const texts = textsFor(isChinese());
  let [keeper, findings] = [];
  const changed = () => {
    keeper?.changed();
    findings?.later();
  };
  let tool;
  try {
    tool = await makeTool({ canvas, panel, data, root, changed });
  } catch (error) {
    bar.replaceChildren(element("p", {}, texts.failed(error.message)));
    bar.hidden = false;
    root.dataset.failed = error.message;
    return;
  }
  const meeting = new Meeting({ bar, data, tool, texts });
  keeper = new DraftKeeper({ data, read: tool.read, opened: tool.open, meeting, report: reporter(texts) });
  meeting.keeper = keeper;
  findings = new Findings({ root, data, tool, texts });
  listen(keeper);
  meeting.offerUnsaved();
  await findings.now();
  root.dataset.ready = "true";
}

/** A translator that takes a text in any case, and the texts it had no words for. */
export function recordingTranslator(dictionary) {
  const untranslated = new Set();
  const plain = (text) => text.toLowerCase().replace(/[\s/-]+/g, " ").trim();
  const known = new Map(Object.entries(dictionary ?? {}).map(([text, words]) => [plain(text), words]));
  const translate = (template, replacements = {}) => {
    if (typeof template !== "string") return template;
    const words = dictionary?.[template] ?? known.get(plain(template));
    if (dictionary && words === undefined && /[a-z]/i.test(template) && !/[\u4e00-\u9fff]/.test(template)) untranslated.add(template);
    return (words ?? template).replace(/{([^}]+)}/g, (hole, name) => String(replacements[name] ?? hole));
  };
  return { translate, untranslated };
}

function reporter(texts) {
  const state = document.querySelector("[data-state]");
  return (name, ...details) => {
    state.textContent = texts[name](...details);
    state.dataset.state = name;
  };
}

function listen(keeper) {
  document.addEventListener(
    "keydown",
    (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        event.stopPropagation();
        keeper.save();
      }
    },
    { capture: true },
  );
  document.querySelector("[data-save]").addEventListener("click", () => keeper.save());
  for (const link of document.querySelectorAll("[data-after-saving]")) {
    link.addEventListener("click", async (event) => {
      if (!keeper.isChanged()) return;
      event.preventDefault();
      if (await keeper.save()) location.href = link.href;
    });
  }
}
