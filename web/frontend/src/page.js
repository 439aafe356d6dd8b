// What every page bundle needs from the page around it: its language, its data and a way to talk to the server.

/** True when the page is in Chinese; every other language gets English. */
export const isChinese = () => (document.documentElement.lang || "zh").toLowerCase().startsWith("zh");

/**
 * The JSON a page carries in `<script type="application/json" id="…">`.
 * @param {string} id
 */
export function pageData(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no <script type="application/json" id="${id}">.`);
  return JSON.parse(element.textContent);
}

/** Sends JSON with the page's CSRF token and returns the response; throws only when the server cannot be reached. */
export function sendJson(method, url, body) {
  return fetch(url, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json", "X-CSRF-Token": csrfToken() },
    body: JSON.stringify(body),
  });
}

/** The body of a response as JSON, or null when it holds none. */
export async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/**
 * Creates an element: `element("a", { href: "#x", class: "link" }, "text", child)`.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node|string)} children
 */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta ? meta.content : "";
}
