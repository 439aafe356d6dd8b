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
    this._shelf = `workbench:${data.draftUrl}:${data.person}:`;
    this._place = this._shelf + pageName(); // a page writes nowhere else: what others left stays until somebody decides
    this._taken = []; // places whose content this page took over
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

  /** How often something was changed: what a content that is read now holds. */
  get edits() {
    return this._edits;
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
    while (this._running) await this._running;
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

  /** Shows the state the server has in place of the page's own. */
  async take({ content, version }) {
    await this._open(content);
    this._version = version;
    this._isHeld = false;
    this._edits += 1;
    this._isSafe(this._edits);
  }

  /** Goes on in another draft, which holds what the page held at so many edits; saves what was drawn since. */
  async goOnIn(draftUrl, version, edits) {
    this._data.draftUrl = draftUrl;
    this._version = version;
    this._isHeld = false;
    this._isSafe(edits);
    return this.save();
  }

  /** What earlier visits and other pages left in this browser and the server never got, the newest first. */
  unsaved() {
    const found = [];
    try {
      for (const place of Object.keys(localStorage)) {
        if (!place.startsWith(this._shelf) || place === this._place) continue;
        const kept = keptAt(place);
        if (kept && kept.content !== this._data.content) found.push({ place, ...kept });
        else localStorage.removeItem(place);
      }
    } catch {
      // a barred store keeps nothing
    }
    return found.sort((one, other) => other.at - one.at);
  }

  /**
   * Goes on with what was left, from the state it was drawn on: the server tells if somebody saved meanwhile.
   * Resolves to whether it was taken; what this page holds is saved before, or it is not.
   */
  async takeUnsaved({ place, content, version }) {
    if (!(await this.save())) return false;
    await this._open(content);
    this._version = version;
    this._taken.push(place);
    this.changed();
    return true;
  }

  /** Forgets what was left in a place. */
  drop({ place }) {
    forget(place);
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
        this._isSafe(edits);
        return !this.isChanged();
      }
      if (answer?.code === STALE || answer?.code === OVER) {
        this._isHeld = true;
        this._report("held");
        this._meeting.tell(answer, { isOver: answer.code === OVER });
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
    [this._place, ...this._taken.splice(0)].forEach(forget);
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
      if (this.isChanged()) localStorage.setItem(this._place, JSON.stringify({ content, version: this._version, at: Date.now() }));
    } catch {
      // nothing is lost: the page still holds it, and leaving it asks
    }
  }
}

/** A name no other page has; also where the browser has no safe context, as in an office without certificates. */
function pageName() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (number) => number.toString(36)).join("");
}

function keptAt(place) {
  try {
    const kept = JSON.parse(localStorage.getItem(place));
    return typeof kept?.content === "string" && Number.isInteger(kept.version) ? kept : null;
  } catch {
    return null;
  }
}

function forget(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // a barred store keeps nothing
  }
}
