// Reads diagrams as our modeler does, and writes them again: FROM TO FRONTEND.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [from, to, frontend] = process.argv.slice(2);
const require = createRequire(`${frontend}/package.json`);
const { BpmnModdle } = await import(pathToFileURL(require.resolve('bpmn-moddle')).href);
const { words } = await import(pathToFileURL(`${frontend}/src/modeler/moddle.js`).href);

const told = {};
for (const name of readdirSync(from)) {
  const moddle = new BpmnModdle({ zeebe: words });
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(`${from}/${name}`, 'utf8'));
  const { xml } = await moddle.toXML(rootElement, { format: true });
  writeFileSync(`${to}/${name}`, xml);
  told[name] = warnings.map((one) => one.message);
}
console.log(JSON.stringify(told));
