// Two people, or two pages, at one draft: nobody's state is lost, and who decides sees both.
import { element, readJson, sendJson } from "../page.js";

export class Meeting {
  constructor({ bar, data, tool, texts }) {
    this._bar = bar;
    this._data = data;
    this._tool = tool;
    this._texts = texts;
    this.keeper = null;
  }

  /** Says that somebody else saved the draft, or that it is over, and asks what is to count. */
  tell(problem, { isOver, mine }) {
    const ways = [[this._texts.saveAsNew, () => this._saveAsNew(mine)]];
    if (!isOver) {
      ways.unshift([this._texts.lookBeside, () => this._beside(mine)]);
      ways.push([this._texts.mineCounts, () => this._decide((other) => this.keeper.overwrite(other.version))]);
      ways.push([this._texts.theirsCounts, () => this._decide((other) => this.keeper.take(other))]);
    }
    this._say(problem.detail, ways);
  }

  /** Offers what an earlier visit left unsaved in this browser. */
  offerUnsaved() {
    const kept = this.keeper.unsaved();
    if (!kept) return this.keeper.forget();
    this._say(this._texts.unsaved(new Date(kept.at)), [
      [this._texts.takeUnsaved, () => this._done(this.keeper.take({ content: kept.content }))],
      [this._texts.lookBeside, () => this._show(this._data.content, kept.content, this._texts.unsavedTitle)],
      [this._texts.dropUnsaved, () => this._done(this.keeper.forget())],
    ]);
  }

  async _decide(act) {
    const other = await this._other();
    if (other) await this._done(act(other));
  }

  async _done(act) {
    await act;
    this._bar.hidden = true;
  }

  async _other() {
    const response = await fetch(this._data.draftUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
    const answer = await readJson(response);
    if (response.ok) return answer;
    this._note(answer?.detail ?? String(response.status));
    return null;
  }

  async _saveAsNew(content) {
    const [, stem, ending] = /^(.*)(\.[^.]+)$/.exec(this._data.fileName);
    for (let number = 1; number < 100; number += 1) {
      const name = `${stem}-${this._data.person}${number > 1 ? `-${number}` : ""}${ending}`;
      const response = await sendJson("POST", this._data.draftsUrl, { kind: this._data.kind, file_name: name, content });
      const answer = await readJson(response);
      if (response.ok) {
        this.keeper.forget();
        this.keeper.isChanged = () => false; // all of it is in the new draft
        location.href = this._data.editorUrl + answer.id;
        return;
      }
      if (answer?.code !== "draft-file-taken") return this._note(answer?.detail ?? String(response.status));
    }
  }

  async _beside(mine) {
    const other = await this._other();
    if (other) await this._show(mine, other.content, this._texts.theirsTitle(other.version));
  }

  async _show(mine, other, title) {
    const drawing = element("div", { class: "workbench-beside-drawing" });
    const list = element("ul", { class: "workbench-beside-list" });
    const close = element("button", { type: "button", class: "btn btn-sm btn-primary" }, this._texts.close);
    const dialog = element("dialog", { class: "workbench-beside" }, element("h2", {}, title), drawing, list, close);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    if (this._tool.draw) await this._tool.draw(drawing, other);
    else drawing.remove();
    const response = await sendJson("POST", this._data.comparisonsUrl, { kind: this._data.kind, before: mine, after: other });
    const changes = (await readJson(response))?.changes ?? [];
    list.replaceChildren(...(changes.length ? changes.map((one) => this._line(one)) : [element("li", {}, this._texts.noDifference)]));
  }

  _line(change) {
    const differences = change.differences.map((one) => `${one.aspect_name}: ${one.before ?? "—"} → ${one.after ?? "—"}`);
    const name = `${change.type_name} ${change.element_name || change.element_id}`;
    return element("li", {}, `${this._texts.kinds[change.kind]} ${name}${differences.length ? `: ${differences.slice(0, 6).join("; ")}` : ""}`);
  }

  _say(text, ways) {
    const buttons = ways.map(([label, act]) => {
      const button = element("button", { type: "button", class: "btn btn-sm btn-outline-secondary" }, label);
      button.addEventListener("click", act);
      return button;
    });
    this._bar.replaceChildren(element("p", {}, text), element("div", { class: "workbench-ways" }, ...buttons));
    this._bar.hidden = false;
  }

  _note(text) {
    this._bar.append(element("p", {}, text));
  }
}
