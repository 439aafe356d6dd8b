// The list above the form of everything that needs correction; each entry leads to its field.
import { element } from "../page.js";
import { fieldControl, fieldInstances, fieldLabel } from "./fields.js";

/**
 * Draws the list from the errors the form shows now, plus messages that belong to no field.
 * @param {HTMLElement} box
 * @param {{ form: object, container: HTMLElement, errors: object, elsewhere: string[], texts: object }} state
 * @returns {number} how many entries it has
 */
export function showSummary(box, { form, container, errors, elsewhere, texts }) {
  const entries = elsewhere.map((message) => element("li", {}, message));
  for (const instance of fieldInstances(form)) {
    for (const message of errorsOf(errors, instance)) entries.push(fieldEntry(form, container, instance, message));
  }
  box.hidden = !entries.length;
  box.replaceChildren(...(entries.length ? [element("p", {}, texts.corrections(entries.length)), element("ul", {}, ...entries)] : []));
  return entries.length;
}

/** Shows one message that concerns the whole form, and where to go on, if it says that. */
export function showMessage(box, message, link = null) {
  box.hidden = false;
  box.replaceChildren(element("p", {}, message, ...(link ? [" ", element("a", { href: link.url }, link.text)] : [])));
}

/** Asks something that concerns the whole form, in sight wherever the form is scrolled to; each choice is a button. */
export function showChoices(box, message, choices) {
  const buttons = choices.map(({ text, choose }) => {
    const button = element("button", { type: "button", class: "btn btn-sm btn-outline-danger" }, text);
    button.addEventListener("click", choose);
    return button;
  });
  box.hidden = false;
  box.replaceChildren(element("p", {}, message), element("div", { class: "form-choices" }, ...buttons));
}

/** Puts the focus on the first field in error. */
export function focusFirstError(form, container, errors) {
  const first = fieldInstances(form).find((instance) => errorsOf(errors, instance).length);
  const control = first && fieldControl(container, first);
  if (control) focus(control);
  return Boolean(control);
}

function fieldEntry(form, container, instance, message) {
  const control = fieldControl(container, instance);
  const link = element("a", { href: control ? `#${control.id}` : "#" }, fieldLabel(form, instance));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = fieldControl(container, instance);
    if (target) focus(target);
  });
  return element("li", {}, link, ` — ${message}`);
}

function focus(control) {
  control.scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
}

function errorsOf(errors, instance) {
  const found = [instance.id, ...Object.values(instance.indexes ?? {})].reduce((place, key) => (place ? place[key] : undefined), errors);
  return Array.isArray(found) ? found.filter((message) => typeof message === "string") : [];
}
