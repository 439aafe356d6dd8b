// Keeps a draft: on the server every few seconds, in this browser at once, so that no error, conflict or crash loses it.
import { readJson, sendJson } from "../page.js";

const PAUSE = 2500; // of the hand, before what was drawn is sent
const LONGEST = 6000; // that a busy hand puts it off
const AGAIN = 8000; // after a failure
const STALE = "definition-draft-stale";
const OVER = "definition-draft-over";

export class DraftKeeper {
  constructor({ data, read, opened, meeting, report }) {
    this._data = data;
    this._read = read;
    this._open = opened;
    this._meeting = meeting;
    this._report = report;
    this._version = data.version;
    this._saved = data.content;
    this._place = `workbench:${data.draftUrl}:${data.person}`;
    this._edits = 0; // how often something was changed
    this._safe = 0; // of them, what the server has
    this._running = null;
    this._since = 0; // when the first of what is not saved was drawn
    this._timer = null;
    this._isHeld = false; // until somebody decides which state counts
    window.addEventListener("beforeunload", (event) => this.isChanged() && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
  }

  /** True while the page holds something the server does not. */
  isChanged() {
    return this._edits !== this._safe;
  }

  /** To be called on every change. */
  changed() {
    if (!this.isChanged()) this._since = Date.now();
    this._edits += 1;
    this._report("changed");
    this._later(Math.max(0, Math.min(PAUSE, this._since + LONGEST - Date.now())));
    this._remember();
  }

  /** Saves what the page holds; resolves to whether the server has all of it. */
  async save() {
    clearTimeout(this._timer);
    if (this._running) await this._running;
    if (!this.isChanged()) return true;
    if (this._isHeld) return false;
    this._running = this._put().finally(() => {
      this._running = null;
    });
    return this._running;
  }

  /** Saves over the state somebody else made, which the server keeps. */
  async overwrite(version) {
    this._version = version;
    this._isHeld = false;
    return this.save();
  }

  /** Shows another content in place of the page's own. */
  async take({ content, version }) {
    await this._open(content);
    this._version = version ?? this._version;
    this._isHeld = false;
    this._saved = version ? content : this._saved;
    this._edits += 1;
    if (version) this._isSafe(this._edits);
    else this.changed();
  }

  /** What an earlier visit left in this browser and the server never got. */
  unsaved() {
    try {
      const kept = JSON.parse(localStorage.getItem(this._place));
      return kept && kept.content !== this._data.content ? kept : null;
    } catch {
      return null;
    }
  }

  /** Forgets what this browser keeps. */
  forget() {
    localStorage.removeItem(this._place);
  }

  async _put() {
    const edits = this._edits;
    this._report("saving");
    try {
      const content = await this._read();
      const response = await sendJson("PUT", this._data.draftUrl, { version: this._version, content });
      const answer = await readJson(response);
      if (response.ok) {
        this._version = answer.version;
        this._saved = content;
        this._isSafe(edits);
        return !this.isChanged();
      }
      if (answer?.code === STALE || answer?.code === OVER) {
        this._isHeld = true;
        this._report("held");
        this._meeting.tell(answer, { isOver: answer.code === OVER, mine: content });
        return false;
      }
      this._report("notSaved", answer?.detail ?? String(response.status));
    } catch (error) {
      this._report("notSaved", error.message);
    }
    this._later(AGAIN);
    return false;
  }

  _isSafe(edits) {
    this._safe = edits;
    if (this.isChanged()) {
      this._since = Date.now();
      this._later(PAUSE);
      return;
    }
    this.forget();
    this._report("saved", this._version, new Date());
  }

  _later(pause) {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.save(), pause);
  }

  /** Writes what was drawn into the browser; a full or barred store leaves the server alone to keep it. */
  async _remember() {
    const edits = this._edits;
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (edits !== this._edits || !this.isChanged()) return;
    try {
      const content = await this._read();
      if (this.isChanged()) localStorage.setItem(this._place, JSON.stringify({ content, at: Date.now() }));
    } catch {
      // nothing is lost: the page still holds it, and leaving it asks
    }
  }
}
