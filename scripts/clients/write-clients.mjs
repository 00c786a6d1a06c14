import '@oxc-node/core/register';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { formatAs } from '../format-as.mjs';
import { root } from '../root.mjs';
import { writeNativeModels } from './native-models.mjs';

const { generateClient, generateProblemCodes, readModels, toOpenApi30 } =
  await import('../../libs/api-client/src/generate/index.ts');

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** The packages that say in `generatedFrom` which gateway they are the client of. */
const clients = readdirSync(join(root, 'libs'))
  .filter((name) => existsSync(join(root, 'libs', name, 'package.json')))
  .map((name) => ({ folder: `libs/${name}`, ...readJson(`libs/${name}/package.json`).generatedFrom }))
  .filter(({ gateway }) => gateway !== undefined)
  .map((client) => ({ ...client, document: readDocument(client.gateway) }));

function readDocument(gateway) {
  const path = `apps/${gateway}/openapi.json`;
  if (existsSync(join(root, path))) return readJson(path);
  console.error(`There is no ${path} yet. Run \`npm run openapi\` first.`);
  process.exit(1);
}

/** Writes what is out of date, and says what that was. */
export async function writeClients() {
  for (const [path, text] of await staleFiles()) write(join(root, path), text);
}

/** Fails the process where something is out of date. */
export async function checkClients() {
  const stale = (await staleFiles()).map(([path]) => path);
  if (stale.length === 0) return;
  console.error(`Not what openapi.json says: ${stale.join(', ')}. Run \`npm run clients\`.`);
  process.exitCode = 1;
}

/** Models for those who write in Kotlin and Swift, and a document for generators that know OpenAPI 3.0 only. */
export async function writeNative(out) {
  for (const { folder, gateway, document } of clients.filter(({ native }) => native)) {
    const name = gateway.replaceAll(/(?:^|-)(\w)/g, (_match, first) => first.toUpperCase());
    const files = {
      ...(await writeNativeModels(readModels(document), name)),
      'openapi-3.0.json': `${JSON.stringify(toOpenApi30(document), null, 2)}\n`,
    };
    const target = out === undefined ? join(root, folder, 'dist/native') : resolve(out);
    for (const [file, text] of Object.entries(files)) write(join(target, file), text);
  }
}

async function staleFiles() {
  const formatted = await Promise.all(
    sources().map(async ([path, text]) => [path, await formatAs(join(root, path), text)]),
  );
  return formatted.filter(([path, text]) => {
    const full = join(root, path);
    return !existsSync(full) || readFileSync(full, 'utf8') !== text;
  });
}

function sources() {
  const files = clients.flatMap(({ folder, gateway, csrf, document }) => {
    const generated = generateClient(document, { name: gateway.replace(/-bff$/, ''), csrf });
    return Object.entries(generated).map(([file, text]) => [`${folder}/src/${file}`, text]);
  });
  const codes = generateProblemCodes(clients.map(({ document }) => document));
  return [...files, ['libs/api-client/src/problem-codes.ts', codes]];
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(relative(process.cwd(), path));
}
