// Translation of the bundled tools: a `translate` service where they have one, a rewrite of the page where they do not.

/**
 * A module for the tools' injector that answers `translate(template, replacements)` from a dictionary.
 * @param {Record<string, string>} dictionary
 */
export function translateModule(dictionary) {
  const translate = (template, replacements = {}) =>
    String(dictionary[template] ?? template).replace(/{([^}]+)}/g, (hole, name) => String(replacements[name] ?? hole));
  return { translate: ["value", translate] };
}

/**
 * Translates hard-coded texts and placeholders in place, now and whenever they are drawn again.
 * Only elements that match the selector are touched, so that nothing a person typed is rewritten.
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {Record<string, string>} dictionary
 */
export function translateDom(root, selector, dictionary) {
  const translateAll = () => root.querySelectorAll(selector).forEach((found) => translateElement(found, dictionary));
  translateAll();
  new MutationObserver(translateAll).observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: ["placeholder"] });
}

function translateElement(found, dictionary) {
  const placeholder = found.getAttribute("placeholder");
  if (placeholder !== null && Object.hasOwn(dictionary, placeholder)) found.setAttribute("placeholder", dictionary[placeholder]);
  for (const node of found.childNodes) {
    if (node.nodeType === Node.TEXT_NODE && Object.hasOwn(dictionary, node.data.trim())) node.data = dictionary[node.data.trim()];
  }
}
