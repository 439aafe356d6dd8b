// Builds the browser bundles into the folder given as the first argument (default: ../static/dist).
// One JS and one CSS file a page, no shared chunks: a page loads what it needs and nothing else.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { thirdPartyNotices } from "./notices.mjs";

const FRONTEND = path.dirname(fileURLToPath(import.meta.url));
const PAGES = ["viewer", "form-viewer", "modeler", "decision-editor"];
// The form editor holds to an older Preact than what it brings along: two copies in one page break its hooks.
const FORM_EDITOR_ALIASES = { preact: path.join(FRONTEND, "node_modules/@bpmn-io/form-js-editor/node_modules/preact") };

const minify = !process.argv.includes("--readable");
const output = path.resolve(process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? path.join(FRONTEND, "../static/dist"));

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });

const inputs = [...(await bundle(PAGES)), ...(await bundle(["form-editor"], FORM_EDITOR_ALIASES))];

await copyFile(path.join(FRONTEND, "node_modules/htmx.org/dist/htmx.min.js"), path.join(output, "htmx.min.js"));
await writeFile(path.join(output, "bootstrap.min.css"), await bootstrapStyles());

const copied = ["node_modules/htmx.org/dist/htmx.min.js", "node_modules/bootstrap/dist/css/bootstrap.min.css"];
await writeFile(path.join(output, "THIRD-PARTY-NOTICES.txt"), await thirdPartyNotices(FRONTEND, [...inputs, ...copied]));

/** Bootstrap's stylesheet without the pointer to its source map, which is not shipped. */
async function bootstrapStyles() {
  const css = await readFile(path.join(FRONTEND, "node_modules/bootstrap/dist/css/bootstrap.min.css"), "utf8");
  return css.replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, "");
}

/** Builds pages and returns the files that went in, relative to this folder. */
async function bundle(pages, alias = {}) {
  const { metafile } = await build({
    absWorkingDir: FRONTEND,
    entryPoints: pages.map((page) => `src/${page}.js`),
    outdir: output,
    entryNames: "[name]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: "chrome86",
    inject: ["src/polyfill.js"],
    alias,
    minify,
    metafile: true,
    charset: "utf8",
    legalComments: "none", // the full licence texts stand in THIRD-PARTY-NOTICES.txt
    loader: { ".svg": "file", ".woff": "file", ".woff2": "dataurl", ".ttf": "file", ".eot": "empty" },
    logLevel: "warning",
  });
  return Object.keys(metafile.inputs);
}
