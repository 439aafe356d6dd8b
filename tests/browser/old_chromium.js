// Takes away what Chromium 86 did not have, before anything else on the page runs.
(() => {
  const remove = (target, ...names) => names.forEach((name) => delete target[name]);
  remove(Object, "hasOwn", "groupBy");
  remove(Map, "groupBy");
  remove(Array, "fromAsync");
  remove(Array.prototype, "at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with");
  remove(String.prototype, "at", "isWellFormed", "toWellFormed");
  remove(Object.getPrototypeOf(Int8Array.prototype), "at", "findLast", "findLastIndex", "toSorted", "toReversed", "with");
  remove(Set.prototype, "union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom");
  remove(window, "structuredClone", "scheduler", "navigation", "reportError", "CloseWatcher");
  remove(Promise, "withResolvers", "try");
  remove(AbortSignal, "timeout", "any", "abort");
  remove(Crypto.prototype, "randomUUID");
  remove(Element.prototype, "checkVisibility", "setHTMLUnsafe");
  remove(HTMLElement.prototype, "showPopover", "hidePopover", "togglePopover", "popover", "inert");
  remove(Document.prototype, "startViewTransition");
  remove(Intl, "Segmenter");
  remove(URL, "canParse", "parse");
  remove(Iterator.prototype, "map", "filter", "some", "find", "toArray", "forEach", "take", "drop", "flatMap", "reduce", "every");
})();
