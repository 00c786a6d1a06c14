// `npm run openapi`: writes `openapi.json` of each gateway from its built views and actions. Starts nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatAs } from './format-as.mjs';
import { readGateways } from './gateways.mjs';
import { ensurePrepared } from './prepared.mjs';
import { root } from './root.mjs';

ensurePrepared('--build');
const load = (path) => import(pathToFileURL(join(root, path)).href);
const { readOpenApiDocument } = await load('libs/gateway/dist/index.js');

for (const { name } of readGateways(root)) {
  const definitions = Object.values(await load(`apps/${name}/dist/${name}.js`));
  const definition = definitions.find((exported) => exported.name === name);
  const path = join(root, 'apps', name, 'openapi.json');
  const text = JSON.stringify(await readOpenApiDocument(definition), null, 2);
  writeFileSync(path, await formatAs(path, text));
  console.log(`apps/${name}/openapi.json`);
}
