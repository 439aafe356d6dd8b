// Writes the third-party notices: the name, version and licence texts of every package that ended up in a bundle.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = "-".repeat(100);

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
  if (!texts.length) throw new Error(`${manifest.name} ${manifest.version} carries no licence file: its licence cannot be passed on.`);
  return {
    title: `${manifest.name} ${manifest.version}`,
    licence: manifest.license ?? "see below",
    text: texts.map((text) => text.replace(/\r\n/g, "\n").trim()).join("\n\n"),
  };
}
