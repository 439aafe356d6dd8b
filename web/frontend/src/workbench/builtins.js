// The functions an expression editor suggests: those of the language and those of the office.
import { camundaBuiltins } from "@camunda/feel-builtins";
import { domify } from "min-dom";

/**
 * The functions of the language, as the editor itself shows them, after those of the office.
 * @param {import("./names.js").ExpressionNames} names
 */
export function builtinsWith(names) {
  const own = new Set(names.functions.map((one) => one.name));
  const others = camundaBuiltins.filter((one) => !own.has(one.name));
  return [...names.functions, ...others.map((one) => ({ ...one, info: () => domify(one.info) }))];
}
