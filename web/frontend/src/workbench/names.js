// What expressions may name, asked of the server once a page and handed to the tools' completion.
import { readJson, sendJson } from "../page.js";

const NOTHING = { objects: [], functions: [], forms: [], decisions: [] };

/**
 * A name as the expression editor suggests it.
 * @typedef {{ name: string, detail: string, type: string, info: string, isList: boolean|"optional", entries?: Suggestion[] }} Suggestion
 */

/** What the server says may be named; without an answer an editor suggests what its own file defines. */
export async function expressionNames(url) {
  try {
    const response = await sendJson("GET", url);
    const found = response.ok ? await readJson(response) : null;
    return new ExpressionNames(found ?? NOTHING);
  } catch {
    return new ExpressionNames(NOTHING);
  }
}

export class ExpressionNames {
  constructor({ objects, functions, forms, decisions }) {
    this.objects = nested(objects);
    this.functions = functions.map(suggestedFunction);
    this._forms = new Map(forms.map((one) => [one.id, one]));
    this._decisions = new Map(decisions.map((one) => [one.id, one]));
  }

  /** What a form brings in. */
  ofForm(id) {
    return nested(this._forms.get(id)?.names ?? []);
  }

  /** What a decision comes to, under a name. */
  ofDecision(id, name) {
    const found = this._decisions.get(id);
    if (!found) return null;
    const entries = nested(found.names);
    return { name, type: found.type, detail: found.type, info: "", isList: found.is_list && "optional", ...(entries.length && { entries }) };
  }
}

/** The names of the list under one another, as their paths tell. */
function nested(names) {
  const [top, byPath] = [[], new Map()];
  for (const one of names) {
    const split = one.path.lastIndexOf(".");
    const suggested = { name: one.path.slice(split + 1), type: one.type, detail: one.type, info: one.description, isList: one.is_list && "optional" };
    byPath.set(one.path, suggested);
    const above = split < 0 ? null : byPath.get(one.path.slice(0, split));
    if (split >= 0 && !above) {
      top.push(...opened(one.path, suggested, byPath));
    } else if (above) {
      (above.entries ??= []).push(suggested);
    } else {
      top.push(suggested);
    }
  }
  return top;
}

/** Makes what stands above a name and has no line of its own, as the groups of a dotted key; returns what is new on top. */
function opened(path, suggested, byPath) {
  const parts = path.split(".");
  const added = [];
  let above = null;
  for (let depth = 1; depth < parts.length; depth += 1) {
    const at = parts.slice(0, depth).join(".");
    let found = byPath.get(at);
    if (!found) {
      found = { name: parts[depth - 1], type: "context", detail: "context", info: "", isList: false };
      byPath.set(at, found);
      if (above) (above.entries ??= []).push(found);
      else added.push(found);
    }
    above = found;
  }
  (above.entries ??= []).push(suggested);
  return added;
}

function suggestedFunction({ name, parameters, result, description }) {
  const params = parameters.map((one) => ({ name: one.name, type: one.type }));
  return { name, type: "function", params, detail: result, info: description };
}
