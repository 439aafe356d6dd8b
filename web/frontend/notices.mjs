// Writes the third-party notices: the name, version and licence texts of every package that ended up in a bundle.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = "-".repeat(100);
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * @param {string} root folder that holds node_modules
 * @param {string[]} inputs files that were bundled or copied, relative to root
 * @returns {Promise<string>} the text of the notices file
 */
export async function thirdPartyNotices(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = packageFolder(input);
    if (folder) folders.add(folder);
  }
  const notices = await Promise.all([...folders].map((folder) => packageNotice(path.join(root, folder))));
  notices.sort((one, other) => one.title.localeCompare(other.title, "en"));
  const contents = notices.map((notice) => `  ${notice.title} (${notice.licence})`).join("\n");
  const texts = notices.map((notice) => `${RULE}\n${notice.title}\n${RULE}\n${notice.text}\n`).join("\n");
  return `The browser files in this folder contain the following software.\n\n${contents}\n\n${texts}`;
}

/** "node_modules/a/node_modules/@b/c/lib/d.js" → "node_modules/a/node_modules/@b/c" */
function packageFolder(input) {
  const parts = input.split("/");
  const last = parts.lastIndexOf("node_modules");
  if (last < 0) return null;
  const depth = parts[last + 1].startsWith("@") ? 3 : 2;
  return parts.slice(0, last + depth).join("/");
}

async function packageNotice(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  if (!texts.length) texts.push(declaredLicence(manifest));
  return {
    title: `${manifest.name} ${manifest.version}`,
    licence: manifest.license ?? "see below",
    text: texts.map((text) => text.replace(/\r\n/g, "\n").trim()).join("\n\n"),
  };
}

/** The licence of a package that only its manifest declares, with whom the manifest names as its author. */
function declaredLicence(manifest) {
  if (manifest.license !== "MIT") throw new Error(`${manifest.name} ${manifest.version} carries no licence file: its licence cannot be passed on.`);
  const author = manifest.author?.name ?? manifest.author ?? (manifest.contributors ?? []).map((one) => one.name ?? one).join(", ");
  return `The package declares the MIT License.\n\nCopyright (c) ${author || `the authors of ${manifest.name}`}\n\n${MIT}`;
}
