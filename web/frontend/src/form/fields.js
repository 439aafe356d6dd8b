// Finding the fields of a drawn form: by the path of their value, by their id, and on the page.

/**
 * One drawn field: in a repeated group there is one for every row.
 * @typedef {object} FieldInstance
 * @property {string} id
 * @property {(string|number)[]} valuePath
 * @property {Record<string, number>} indexes row number by repeated group
 */

/** The fields that hold a value and are drawn now, in the order of the form. */
export const fieldInstances = (form) => form.get("formFieldInstanceRegistry").getAllKeyed();

/** A path as one string: ["members", 0, "name"] and "members[0].name" and "members.0.name" are the same. */
export function pathKey(path) {
  const parts = Array.isArray(path) ? path : String(path).replace(/\[(\d+)\]/g, ".$1").split(".");
  return parts.map(String).filter(Boolean).join(".");
}

/** The value at a path, or undefined. */
export const valueAt = (data, path) => path.reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), data);

/** Only what the fields of the form hold, without the other variables the form was opened with. */
export function fieldValues(form, data) {
  const values = {};
  for (const instance of fieldInstances(form)) {
    if (!form.get("formFieldRegistry").get(instance.id).disabled) setAt(values, instance.valuePath, valueAt(data, instance.valuePath));
  }
  return answersOf(form, values);
}

/**
 * What is handed in, with every row that is drawn: the form leaves out rows none of whose fields are to be sent, and a
 * list from which all rows were removed, which would then seem untouched.
 */
export function answersOf(form, data) {
  const answers = JSON.parse(JSON.stringify(data));
  for (const { valuePath } of drawnLists(form)) {
    const drawn = valueAt(form._getState().data, valuePath) ?? [];
    const sent = valueAt(answers, valuePath) ?? [];
    setAt(answers, valuePath, drawn.map((_, index) => sent[index] ?? {}));
  }
  return answers;
}

const drawnLists = (form) =>
  form.get("formFieldInstanceRegistry").getAll().filter(({ id }) => form.get("formFieldRegistry").get(id).type === "dynamiclist");

/** The label a person knows the field by. */
export function fieldLabel(form, instance) {
  const field = form.get("formFieldRegistry").get(instance.id);
  const rows = Object.values(instance.indexes ?? {}).map((index) => index + 1);
  const label = field.label || field.dateLabel || field.timeLabel || field.key;
  return rows.length ? `${label} (${rows.join(".")})` : label;
}

/** The element that takes the focus for a field: its input, or the first of several. */
export function fieldControl(container, instance) {
  const suffix = [instance.id, ...Object.values(instance.indexes ?? {})].join("_");
  const controls = "input:not([type=hidden]), textarea, select, button, [tabindex]";
  const ids = [`[id$="-${suffix}"]`, `[id$="-${suffix}-date"]`, `[id$="-${suffix}-time"]`, `[id$="-${suffix}-0"]`, `[id$="-${suffix}-display"]`];
  for (const selector of ids) {
    const found = [...container.querySelectorAll(selector)].find((candidate) => candidate.id.startsWith("fjs-form-"));
    if (!found) continue;
    return found.matches(controls) ? found : found.querySelector(controls) ?? found.closest(".fjs-form-field")?.querySelector(controls) ?? found;
  }
  return null;
}

function setAt(target, path, value) {
  let place = target;
  path.slice(0, -1).forEach((key, index) => {
    if (place[key] === undefined || place[key] === null) place[key] = typeof path[index + 1] === "number" ? [] : {};
    place = place[key];
  });
  place[path[path.length - 1]] = value;
}
