// The tabs of a decision model: one for the requirements, one for every table or expression.
import { element, isChinese } from "../page.js";

const KINDS = {
  drd: ["决策关系图", "Requirements"],
  decisionTable: ["决策表", "Table"],
  literalExpression: ["表达式", "Expression"],
  boxedExpression: ["表达式", "Expression"],
};

/** Draws the tabs anew above the tool. */
export function showTabs(editor, root) {
  const bar = root.querySelector(".decision-tabs") ?? root.insertBefore(element("div", { class: "decision-tabs", role: "tablist" }), root.querySelector(".workbench-desk"));
  const active = editor.getActiveView();
  bar.replaceChildren(
    ...editor.getViews().map((view) => {
      const kind = KINDS[view.type]?.[isChinese() ? 0 : 1] ?? view.type;
      const text = view.type === "drd" ? kind : `${view.name || view.id} · ${kind}`;
      const isActive = active?.element === view.element && active?.type === view.type;
      const tab = element("button", { type: "button", role: "tab", "aria-selected": String(isActive) }, text);
      tab.addEventListener("click", () => editor.open(view));
      return tab;
    }),
  );
}
