// The names of the office in the expressions of decisions.

/**
 * A module for each view of the decision editor that adds what the server knows to what the file itself defines.
 * @param {import("../workbench/names.js").ExpressionNames} names
 */
export function namesModule(names) {
  class OfficeNames {
    constructor(variableResolver) {
      variableResolver.registerProvider(this);
    }

    /** What may be named beside `variables`; one the file only names, as an input, is known by its entries. */
    getVariables(variables) {
      const own = new Map(names.objects.map((one) => [one.name, one]));
      const known = variables.map((one) => (one.entries ? one : (own.get(one.name) ?? one)));
      const named = new Set(known.map((one) => one.name));
      return [...known, ...names.objects.filter((one) => !named.has(one.name))];
    }
  }
  OfficeNames.$inject = ["variableResolver"];
  return { __init__: ["officeNames"], officeNames: ["type", OfficeNames] };
}
