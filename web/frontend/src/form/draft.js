// The draft: what was typed goes to the server every few seconds, without validation, so that nothing is lost.
import { readJson, sendJson } from "../page.js";

const DEFAULT_PERIOD = 5000;
const TASK_OVER = "task-not-open"; // the one refusal that no later try overcomes
const STALE = "draft-stale"; // saved elsewhere meanwhile: the person decides which one counts

/** Saves the answers to the draft URL when they have changed since the last time. */
export class Draft {
  /**
   * @param {{ url: string, version: string, period?: number, read: () => object, context: object }} source
   * @param {(state: "changed"|"saving"|"saved"|"failed"|"refused"|"stale") => void} report
   */
  constructor({ url, version, period = DEFAULT_PERIOD, read, context }, report) {
    this._url = url;
    this._version = version;
    this._isStale = false;
    this._read = read;
    this._context = context;
    this._report = report;
    this._saved = JSON.stringify(read());
    this._unsure = null; // what was sent without an answer: the server may hold it
    this._running = null;
    this._handedIn = false;
    this._refused = false;
    this._timer = setInterval(() => this.save(), period);
    window.addEventListener("beforeunload", (event) => {
      if (this.isChanged()) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
  }

  /** True while the page holds answers the server does not. */
  isChanged() {
    return !this._handedIn && (this._unsure !== null || JSON.stringify(this._read()) !== this._saved);
  }

  /** To be called on every change of the form. */
  changed() {
    if (!this._refused && !this._isStale && this.isChanged()) this._report("changed");
  }

  /** Saves now if there is something to save. */
  save() {
    if (this._refused || this._isStale || !this.isChanged() || this._running) return this._running;
    this._running = this._put().finally(() => {
      this._running = null;
    });
    return this._running;
  }

  /** Saves what the page holds over what was saved elsewhere, also where the page has saved the same before. */
  overwrite() {
    this._isStale = false;
    this._version = null;
    this._saved = null;
    return this.save();
  }

  /** Ends the draft: the answers were handed in, or given up. */
  close() {
    this._handedIn = true;
    clearInterval(this._timer);
  }

  /** Ends saving alone: what the page holds is nowhere else, so leaving it still asks. */
  _refuse() {
    this._refused = true;
    clearInterval(this._timer);
    this._report("refused");
  }

  _wait() {
    this._isStale = true;
    this._report("stale");
  }

  /** What had no answer is sent again as it was: the server knows it by its content, whatever version it holds now. */
  async _put() {
    const unsure = this._unsure;
    const values = unsure ?? this._read();
    this._report("saving");
    try {
      const sent = { ...this._context, variables: values, draft_version: this._version };
      const response = await sendJson("PUT", this._url, sent);
      const answer = await readJson(response);
      this._unsure = response.status >= 500 ? values : null;
      if (response.ok) {
        this._version = answer?.version ?? this._version;
        this._saved = JSON.stringify(values);
        this._report("saved");
        if (unsure !== null && this.isChanged()) await this._put();
        return;
      }
      if (answer?.code === TASK_OVER) this._refuse();
      else if (answer?.code === STALE) this._wait();
      else this._report("failed");
    } catch {
      this._unsure = values;
      this._report("failed");
    }
  }
}
