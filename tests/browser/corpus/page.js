// Plays submissions in the form viewer: opens a form with its data, answers as a person would, and hands it in.
import "../../../web/frontend/src/polyfill.js";
import { turns } from "./clock.js";
import { Form, runUnaryTestEvaluation } from "form-viewer";

import { answersOf, valueAt } from "../../../web/frontend/src/form/fields.js";

const MOST_ROUNDS = 12;

let broken = false;
window.addEventListener("error", () => (broken = true));

/**
 * Plays until the viewer breaks down: what it draws after an error is not to be trusted, the page must be loaded anew.
 * @param {string} text JSON list of { schema, data, answers }
 * @returns {Promise<string>} JSON list of { data, errors: [{ path, messages }], shown: [path], failure }
 */
window.play = async (text) => {
  const outcomes = [];
  for (const submission of JSON.parse(text)) {
    if (broken) break;
    outcomes.push(await played(submission));
  }
  return JSON.stringify(outcomes);
};

async function played({ schema, data, answers }) {
  const form = new Form({ container: document.body, debounce: false });
  const failures = [];
  const note = (event) => failures.push(String(event.message ?? event.reason));
  window.addEventListener("error", note);
  window.addEventListener("unhandledrejection", note);
  try {
    await form.importSchema(schema, data);
    await settled(form);
    await answer(form, answers);
    return { ...handedIn(form), failure: failures[0] ?? null };
  } catch (error) {
    broken = true;
    return { data: null, errors: [], shown: [], failure: String(error) };
  } finally {
    await turns(4);
    form.destroy();
    await turns(4);
    window.removeEventListener("error", note);
    window.removeEventListener("unhandledrejection", note);
  }
}

/** Waits until the form has drawn and computed everything that follows from its values. */
async function settled(form) {
  let moves = 0;
  const count = () => (moves += 1);
  form.on("changed", count);
  for (let round = 0, before = -1; round < MOST_ROUNDS && moves !== before; round += 1) {
    before = moves;
    await turns(6);
  }
  form.off("changed", count);
}

/** Gives the answers to the fields that are there; those an answer brings up are answered in the next round. */
async function answer(form, answers) {
  const done = new Set();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const open = form.get("formFieldInstanceRegistry").getAll().filter((instance) => isOpen(form, instance, answers) && !done.has(keyOf(instance)));
    if (!open.length) return;
    for (const instance of open) {
      done.add(keyOf(instance));
      enter(form, instance, valueAt(answers, instance.valuePath));
    }
    await settled(form);
  }
}

const keyOf = ({ id, indexes }) => JSON.stringify([id, Object.values(indexes ?? {})]);

function isOpen(form, instance, answers) {
  const field = form.get("formFieldRegistry").get(instance.id);
  const isInput = form.get("formFields").get(field.type).config.keyed && field.type !== "expression";
  const isGrowing = field.type === "dynamiclist" && field.allowAddRemove;
  if (!(isInput || isGrowing) || field.disabled || valueAt(answers, instance.valuePath) === undefined) return false;
  const language = form.get("expressionLanguage");
  if (!language.isExpression(field.readonly)) return !field.readonly;
  return runUnaryTestEvaluation(language, field.readonly, instance.expressionContextInfo) !== true;
}

function enter(form, fieldInstance, value) {
  const field = form.get("formFieldRegistry").get(fieldInstance.id);
  if (field.type === "filepicker" && value) form.get("fileRegistry").setFiles(value, [new File(["x"], "paper.pdf")]);
  form._update({ field, fieldInstance, value: field.type === "dynamiclist" ? rowsFor(form, field, fieldInstance, value) : value });
}

/** As many rows as were answered: kept, removed from the end, or added as the button adds them. */
function rowsFor(form, field, { indexes, valuePath }, answered) {
  const { data } = form._getState();
  const rows = valueAt(data, valuePath) ?? [];
  return answered.map((_, index) => rows[index] ?? form._getInitializedFieldData(data, { container: field, indexes: { ...indexes, [field.id]: index } }));
}

function handedIn(form) {
  const { data, errors } = form.submit();
  const instances = form.get("formFieldInstanceRegistry").getAllKeyed();
  const messages = ({ id, indexes }) => [id, ...Object.values(indexes ?? {})].reduce((place, key) => place?.[key], errors);
  const refused = instances.map((instance) => ({ path: instance.valuePath, messages: messages(instance) })).filter((error) => error.messages?.length);
  return { data: answersOf(form, data), errors: refused, shown: instances.map((instance) => instance.valuePath) };
}
