// Objections of the server, shown at the fields by the form's own validation until the field is changed or submitted again.
import { fieldInstances, pathKey, valueAt } from "./fields.js";

/**
 * @typedef {object} ServerError
 * @property {string|(string|number)[]} [path] where the value stands: "members[0].name" or ["members", 0, "name"]
 * @property {string} [field] the field's key, when there is no path
 * @property {string} message
 */

/** Adds the server's objections to what the form's validator says. */
export class ServerErrors {
  /** @param {import("form-viewer").Form} form */
  constructor(form) {
    this._form = form;
    this._objections = new Map();
    const validator = form.get("validator");
    const ownErrors = validator.validateFieldInstance.bind(validator);
    validator.validateFieldInstance = (instance, value) => [...ownErrors(instance, value), ...this._messages(instance, value)];
  }

  clear() {
    this._objections.clear();
  }

  /**
   * Shows the errors that name a drawn field there, and returns the messages of the others.
   * @param {ServerError[]} errors
   * @param {object} data the answers the server objected to
   * @returns {string[]}
   */
  show(errors, data) {
    this.clear();
    const elsewhere = [];
    for (const error of errors) {
      const instance = this._instanceOf(error);
      if (!instance) {
        elsewhere.push(error.message);
        continue;
      }
      const key = pathKey(instance.valuePath);
      const objection = this._objections.get(key) ?? { value: JSON.stringify(valueAt(data, instance.valuePath)), messages: [] };
      objection.messages.push(error.message);
      this._objections.set(key, objection);
    }
    this._form.validate();
    return elsewhere;
  }

  _instanceOf({ path, field }) {
    const instances = fieldInstances(this._form).filter(({ id }) => !this._form.get("formFieldRegistry").get(id).disabled);
    const wanted = path && path.length ? pathKey(path) : null;
    return (
      instances.find((instance) => wanted !== null && pathKey(instance.valuePath) === wanted) ??
      instances.find((instance) => field && this._form.get("formFieldRegistry").get(instance.id).key === field)
    );
  }

  _messages(instance, value) {
    const objection = this._objections.get(pathKey(instance.valuePath));
    return objection && objection.value === JSON.stringify(value) ? objection.messages : [];
  }
}
