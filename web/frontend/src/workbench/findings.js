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
    this._asked = 0;
    this._timer = null;
  }

  /** Asks once the hand rests. */
  later() {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.now(), PAUSE);
  }

  /** Asks now; an answer that a later question overtook is passed over. */
  async now() {
    const number = (this._asked += 1);
    try {
      const content = await this._tool.read();
      const response = await sendJson("POST", this._data.findingsUrl, { kind: this._data.kind, file_name: this._data.fileName, content });
      const answer = await readJson(response);
      if (number !== this._asked) return;
      if (!response.ok) throw new Error(answer?.detail ?? String(response.status));
      this._show(answer.findings);
    } catch (error) {
      if (number === this._asked) this._title.textContent = this._texts.notChecked(error.message);
    }
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
