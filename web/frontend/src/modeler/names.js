// The names of the office in the expressions of a diagram: what is the case's, the forms' and the decisions'.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

/**
 * A module for the modeler that adds what the server knows to what the diagram itself writes.
 * @param {import("../workbench/names.js").ExpressionNames} names
 */
export function namesModule(names) {
  class OfficeNames {
    constructor(variableResolver) {
      variableResolver.registerProvider(this);
    }

    /** What becomes nameable with an element. */
    getVariables(element) {
      const node = getBusinessObject(element);
      if (is(node, "bpmn:Process")) return names.objects.map((one) => ({ ...one, scope: node }));
      const form = extension(node, "zeebe:FormDefinition")?.get("formId");
      if (form) return inScope(node, names.ofForm(form));
      const decision = extension(node, "zeebe:CalledDecision");
      const result = decision?.get("resultVariable");
      const found = result && names.ofDecision(decision.get("decisionId"), result);
      return found ? inScope(node, [found]) : undefined;
    }
  }
  OfficeNames.$inject = ["variableResolver"];
  return { __init__: ["officeNames"], officeNames: ["type", OfficeNames] };
}

/** What an element with outputs brings in stays inside it: only the outputs leave. */
function inScope(node, variables) {
  const outputs = extension(node, "zeebe:IoMapping")?.get("outputParameters") ?? [];
  return outputs.length ? variables.map((one) => ({ ...one, scope: node })) : variables;
}

function extension(node, type) {
  return node.get("extensionElements")?.get("values").find((one) => is(one, type));
}
