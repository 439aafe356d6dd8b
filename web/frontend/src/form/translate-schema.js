// A form document in another language: its texts replaced from a dictionary that goes by the paths of the values.
// "members.name" is the label of a field, "members.name.description" its description, "members.relation.child" one of
// its choices; texts that hold no value go by their id.

/** A choice written out inside an expression: {label: "Grant", value: "grant"} */
const LITERAL_CHOICE = /label:\s*"[^"]*",\s*value:\s*"([^"]*)"/g;

/**
 * @param {object} schema a form document; it stays as it is
 * @param {Record<string, string>} translations what is missing keeps the document's own text
 * @returns {object} the translated document
 */
export function translateSchema(schema, translations) {
  return { ...schema, components: (schema.components ?? []).map((component) => translateComponent(component, "", translations)) };
}

function translateComponent(component, base, translations) {
  const name = [base, component.key ?? component.path].filter(Boolean).join(".");
  const named = component.key || component.path ? name : component.id;
  const text = (key, fallback) => translations[key] ?? fallback;
  const translated = { ...component };
  for (const property of ["label", "dateLabel", "timeLabel", "text", "content"]) {
    if (property in component) translated[property] = text(named, component[property]);
  }
  if ("description" in component) translated.description = text(`${named}.description`, component.description);
  if (component.values) translated.values = component.values.map((choice) => ({ ...choice, label: text(`${named}.${choice.value}`, choice.label) }));
  if (component.valuesExpression) {
    translated.valuesExpression = component.valuesExpression.replace(LITERAL_CHOICE, (choice, value) => {
      const label = translations[`${named}.${value}`];
      return label === undefined ? choice : `label: ${JSON.stringify(label)}, value: ${JSON.stringify(value)}`;
    });
  }
  if (component.columns) translated.columns = component.columns.map((column) => ({ ...column, label: text(`${named}.${column.key}`, column.label) }));
  if (component.components) translated.components = component.components.map((child) => translateComponent(child, name, translations));
  return translated;
}
