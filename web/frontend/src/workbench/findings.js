// What the server would find if the draft were deployed now: a list that leads to the elements.
import { element, readJson, sendJson } from "../page.js";

const PAUSE = 700;

export class Findings {
  constructor({ root, data, tool, texts }) {
    this._list = root.querySelector("[data-findings]");
    this._title = root.querySelector("[data-findings-title]");
    this._data = data;
    this._tool = tool;
    this._texts = texts;
    this._isAsking = false;
    this._isOverdue = false;
    this._timer = null;
  }

  /** Asks once the hand rests. */
  later() {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.now(), PAUSE);
  }

  /** Asks now, or as soon as the question before is answered. */
  async now() {
    if (this._isAsking) {
      this._isOverdue = true;
      return;
    }
    this._isAsking = true;
    try {
      await this._ask();
    } catch (error) {
      this._title.textContent = this._texts.notChecked(error.message);
    }
    this._isAsking = false;
    if (!this._isOverdue) return;
    this._isOverdue = false;
    this.later();
  }

  async _ask() {
    const content = await this._tool.read();
    const response = await sendJson("POST", this._data.findingsUrl, { kind: this._data.kind, file_name: this._data.fileName, content });
    const answer = await readJson(response);
    if (!response.ok) throw new Error(answer?.detail ?? String(response.status));
    this._show(answer.findings);
  }

  _show(findings) {
    const count = (severity) => findings.filter((one) => one.severity === severity).length;
    this._title.textContent = this._texts.found(count("error"), count("warning"));
    this._list.replaceChildren(...findings.map((one) => element("li", { class: `finding-${one.severity}` }, this._line(one))));
    this._list.dataset.count = String(findings.length);
    this._tool.mark(findings);
  }

  _line(found) {
    const name = found.element_name || found.element_id || this._data.fileName;
    const parts = [
      element("span", { class: `finding-mark finding-badge-${found.severity}` }, this._texts[found.severity]),
      element("strong", {}, name),
      element("span", {}, found.message),
      element("span", { class: "secondary" }, found.advice),
    ];
    if (!found.element_id) return element("p", {}, ...parts);
    const button = element("button", { type: "button", "data-element": found.element_id }, ...parts);
    button.addEventListener("click", () => this._tool.show(found.element_id));
    return button;
  }
}
