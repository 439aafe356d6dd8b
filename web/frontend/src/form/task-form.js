import flatpickr from "flatpickr";
import { Mandarin } from "flatpickr/dist/l10n/zh.js";
import { Form } from "form-viewer";

import { translateDom, translateModule } from "../i18n.js";
import { element, readJson, sendJson } from "../page.js";
import chineseDictionary from "../zh/form-viewer.json";
import { Draft } from "./draft.js";
import { answersOf, fieldValues } from "./fields.js";
import { addKeys } from "./keyboard.js";
import { ServerErrors } from "./server-errors.js";
import { focusFirstError, showChoices, showMessage, showSummary } from "./summary.js";
import { textsFor } from "./texts.js";
import { translateSchema } from "./translate-schema.js";

// Form-js leaves these texts in English although it has a translate service.
const HARD_CODED = { Search: "选择或搜索", Select: "请选择", Browse: "选择文件", "yyyy/mm/dd": "年/月/日", "mm/dd/yyyy": "月/日/年" };
const CALENDAR = { ...Mandarin, monthAriaLabel: "月份", yearAriaLabel: "年份" };
const HARD_CODED_PLACES = ".fjs-input, .fjs-select-display, .fjs-select-placeholder, .fjs-filepicker-button, .flatpickr-input";

/**
 * @typedef {object} FormData
 * @property {object} schema the form document
 * @property {Record<string, string>} [translations] its texts in the reader's language, if that is not its own
 * @property {object} [data] the variables it is opened with, a draft merged in
 * @property {string} [submitUrl] where the answers are POSTed
 * @property {string} [draftUrl] where a draft is PUT; no draft is kept without it
 * @property {number} [draftPeriod] milliseconds between two looks for changes, 5000 if not told
 * @property {string} [nextUrl] page to open after success, if the answer names none
 * @property {string} [signInUrl] where to sign in again and come back, offered when the session has ended
 * @property {string} [caseUrl] where the case stands, offered when the task was done already
 * @property {string} [listUrl] where other work is, offered then in place of a case that may not be seen
 * @property {boolean} [readOnly]
 * @property {object} [context] members added to every body sent, such as the task's version
 */

/**
 * Draws the form into the container, then sets `data-ready`.
 * @param {HTMLElement} container
 * @param {FormData} config
 * @param {{ chinese: boolean }} language
 */
export async function openForm(container, config, { chinese }) {
  const page = new TaskForm(container, config, chinese);
  await page.open();
}

class TaskForm {
  constructor(container, config, chinese) {
    this._container = container;
    this._config = config;
    this._texts = textsFor(chinese);
    this._summary = element("div", { class: "form-summary", role: "alert", tabindex: "-1", hidden: "" });
    this._question = element("div", { class: "form-summary form-question", role: "alert", hidden: "" });
    this._canvas = element("div", { class: "form-canvas" });
    container.append(this._question, this._summary, this._canvas);
    if (chinese) flatpickr.localize(CALENDAR);
    this._form = new Form({
      container: this._canvas,
      properties: config.readOnly ? { readOnly: true } : {},
      debounce: false, // with a delay, what is typed while the form draws itself anew is lost
      additionalModules: [translateModule(chinese ? chineseDictionary : {})],
    });
    if (chinese) translateDom(this._canvas, HARD_CODED_PLACES, HARD_CODED);
    this._draft = null;
    this._busy = false;
    this._state = { data: {}, errors: {} };
  }

  async open() {
    const form = this._form;
    form.on("changed", (state) => {
      this._state = state;
    });
    const { schema, translations = {}, data = {} } = this._config;
    const { warnings } = await form.importSchema(translateSchema(schema, translations), data);
    if (warnings.length) this._container.dataset.warnings = String(warnings.length);
    await drawn(); // only drawn fields can be read
    if (!this._config.readOnly) this._makeEditable();
    this._container.dataset.ready = "true";
  }

  _makeEditable() {
    this._serverErrors = new ServerErrors(this._form);
    this._form.on("presubmit", () => this._serverErrors.clear());
    this._form.on("submit", ({ data, errors }) => this._handIn({ data: answersOf(this._form, data), errors }));
    const { draftUrl: url, draftVersion: version, draftPeriod: period, context = {} } = this._config;
    if (url) {
      const read = () => fieldValues(this._form, this._state.data);
      this._draft = new Draft({ url, version, period, read, context }, (state) => this._showDraft(state));
      this._form.on("changed", () => this._draft.changed());
    }
    const actions = { submit: () => this._submit(), save: () => this._save() };
    addKeys(this._container, actions);
    for (const [name, action] of Object.entries(actions)) {
      document.querySelectorAll(`[data-form-${name}]`).forEach((button) => button.addEventListener("click", action));
    }
  }

  /** Text fields hand over what was typed when they lose the focus. */
  _flush() {
    const active = document.activeElement;
    if (!this._canvas.contains(active)) return;
    active.blur();
    active.focus({ preventScroll: true });
  }

  _submit() {
    this._flush();
    if (!this._busy) this._form.submit();
  }

  _save() {
    this._flush();
    return this._draft && this._draft.save();
  }

  async _handIn({ data, errors }) {
    if (this._busy) return;
    if (Object.keys(errors).length) {
      this._object(errors, []);
      return;
    }
    this._setBusy(true);
    try {
      this._summary.hidden = true;
      this._say(this._texts.submitting);
      await this._answered(await sendJson("POST", this._config.submitUrl, { ...this._config.context, variables: data }), data);
    } catch {
      this._fail(this._texts.unreachable);
    } finally {
      this._setBusy(false);
    }
  }

  async _answered(response, data) {
    const body = await readJson(response);
    if (response.ok) {
      this._done(body);
    } else if (response.status === 422 && body && Array.isArray(body.errors)) {
      this._say("");
      this._object(null, this._serverErrors.show(body.errors, data));
    } else {
      this._fail(problemText(body) ?? this._statusText(response.status), this._wayOn(response.status));
    }
  }

  _done(body) {
    if (this._draft) this._draft.close();
    this._say(this._texts.submitted);
    this._container.dataset.submitted = "true";
    const next = (body && body.redirect) || this._config.nextUrl;
    if (next) window.location.assign(next);
  }

  /** Shows what needs correction: in a list above the form and at the fields, with the focus on the first. */
  async _object(errors, elsewhere) {
    await drawn();
    const shown = errors ?? this._state.errors;
    showSummary(this._summary, { form: this._form, container: this._canvas, errors: shown, elsewhere, texts: this._texts });
    if (!focusFirstError(this._form, this._canvas, shown)) this._summary.focus();
  }

  _fail(message, link = null) {
    this._say("");
    showMessage(this._summary, message, link);
    this._summary.focus();
  }

  _wayOn(status) {
    const { signInUrl, caseUrl, listUrl } = this._config;
    if (status === 401 && signInUrl) return { url: signInUrl, text: this._texts.signIn };
    if (status !== 409 && status !== 410) return null;
    if (caseUrl) return { url: caseUrl, text: this._texts.openCase };
    return listUrl ? { url: listUrl, text: this._texts.backToList } : null;
  }

  _statusText(status) {
    if (status === 409 || status === 410) return this._texts.conflict;
    if (status === 401 || status === 403) return this._texts.forbidden;
    return this._texts.failed(status);
  }

  _showDraft(state) {
    const time = new Date().toTimeString().slice(0, 8);
    const text = { changed: this._texts.changed, saving: this._texts.saving, saved: this._texts.saved(time), failed: this._texts.saveFailed, refused: this._texts.saveRefused, stale: this._texts.saveStale };
    this._say(text[state], state);
    if (state === "stale") this._askWhichDraft();
  }

  _askWhichDraft() {
    const takeOther = () => {
      this._draft.close();
      window.location.reload();
    };
    const keepMine = () => {
      this._question.hidden = true;
      this._draft.overwrite();
    };
    showChoices(this._question, this._texts.otherDraft, [
      { text: this._texts.takeOther, choose: takeOther },
      { text: this._texts.keepMine, choose: keepMine },
    ]);
  }

  _say(text, state = "") {
    document.querySelectorAll("[data-form-status]").forEach((status) => {
      status.textContent = text;
      status.dataset.state = state;
    });
  }

  _setBusy(busy) {
    this._busy = busy;
    document.querySelectorAll("[data-form-submit]").forEach((button) => button.toggleAttribute("disabled", busy));
  }
}

/** The form draws in the next frame; what is drawn can be found in the one after. */
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/** The readable part of a problem document (RFC 9457). */
function problemText(body) {
  if (!body || typeof body !== "object") return null;
  return body.detail || body.title || null;
}
