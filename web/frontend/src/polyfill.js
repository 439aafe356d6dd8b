// Built-ins newer than Chromium 86 that the bundled libraries call. esbuild lowers syntax only; this adds the names.

const define = (target, name, value) => {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
};

define(Object, "hasOwn", (object, key) => Object.prototype.hasOwnProperty.call(object, key));

for (const type of [Array, String, Object.getPrototypeOf(Int8Array)]) {
  define(type.prototype, "at", function at(index) {
    const whole = Math.trunc(index) || 0;
    return this[whole < 0 ? whole + this.length : whole];
  });
}

define(Array.prototype, "findLastIndex", function findLastIndex(test, self) {
  for (let index = this.length - 1; index >= 0; index -= 1) {
    if (test.call(self, this[index], index, this)) return index;
  }
  return -1;
});
define(Array.prototype, "findLast", function findLast(test, self) {
  return this[this.findLastIndex(test, self)];
});
define(Array.prototype, "toSorted", function toSorted(compare) {
  return [...this].sort(compare);
});
define(Array.prototype, "toReversed", function toReversed() {
  return [...this].reverse();
});
define(Array.prototype, "toSpliced", function toSpliced(...change) {
  const copy = [...this];
  copy.splice(...change);
  return copy;
});

/** A structured clone of what the bundles clone: JSON values, dates, maps and sets, cycles included. */
function clone(value, seen = new Map()) {
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Date) return new Date(value.getTime());
  const copy = value instanceof Map ? new Map() : value instanceof Set ? new Set() : Array.isArray(value) ? [] : {};
  seen.set(value, copy);
  if (value instanceof Map) value.forEach((item, key) => copy.set(clone(key, seen), clone(item, seen)));
  else if (value instanceof Set) value.forEach((item) => copy.add(clone(item, seen)));
  else for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
  return copy;
}
define(window, "structuredClone", (value) => clone(value));

// Also missing on pages served over plain http, where browsers hide it.
if (window.crypto && !crypto.randomUUID) {
  define(crypto, "randomUUID", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  });
}
