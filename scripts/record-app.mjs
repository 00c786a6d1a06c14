// `npm run record -- mobile-bff --as 2026-11-21`, beside a running `npm start`: keeps what an app that is out there knows
// of its gateway in test/old-apps, for test/system/old-apps.spec.ts, which replays it against every later gateway.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { formatAs } from './format-as.mjs';
import { ensurePrepared } from './prepared.mjs';
import { root } from './root.mjs';

const HELP = `npm run record -- <app> --as <name> [--gateway <url>] [--tree <folder>]

Keeps openapi.json, the typed client and its calls, with their answers, in test/old-apps/<app>/<name>.
Needs the gateway and its services as \`npm start\` runs them.
  --as       the version of the app, or a date: 2026-11-21
  --gateway  http://127.0.0.1:3001 when not given
  --tree     the checkout whose contract and client it is, when it is not this one`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      as: { type: 'string' },
      gateway: { type: 'string', default: 'http://127.0.0.1:3001' },
      tree: { type: 'string', default: root },
      help: { type: 'boolean' },
    },
  });
  const [app] = positionals;
  if (values.help) return console.log(HELP);
  if (!app || !values.as) throw new Error(`Which app, and as what?\n\n${HELP}`);
  if (!/^[\w.-]+$/.test(values.as))
    throw new Error(`--as ${values.as}: letters, digits, ".", "-" and "_" only`);
  ensurePrepared('--build');

  await import('@oxc-node/core/register');
  const { appCalls } = await import('../test/world/app-calls.ts');
  const { makeCall } = await import('../test/world/old-app.ts');
  const folder = join(root, 'test/old-apps', app, values.as);
  if (existsSync(folder)) throw new Error(`${folder} is there already: a record is never changed`);
  const document = readDocument(values.tree, app);
  const token = execFileSync(process.execPath, [join(values.tree, 'scripts/token.mjs'), 'ada'], {
    encoding: 'utf8',
  }).trim();
  try {
    await copyClient(values.tree, app.replace(/-bff$/, '-client'), join(folder, 'client'));
    await writeJson(join(folder, 'openapi.json'), document);
    const client = await import(pathToFileURL(join(folder, 'client/index.js')).href);
    const records = [];
    for (const call of appCalls(document)) {
      const record = await makeCall(client, call, { baseUrl: values.gateway, token });
      console.log(
        `${record.answer.status} ${call.method}(${call.args.map((arg) => JSON.stringify(arg)).join(', ')})`,
      );
      records.push({ ...call, ...record });
    }
    await writeJson(join(folder, 'calls.json'), records);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  console.log(`\nKept in ${folder}`);
}

function readDocument(tree, app) {
  const path = join(tree, 'apps', app, 'openapi.json');
  if (!existsSync(path)) throw new Error(`There is no ${path}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The built client with what it runs on, in one folder that needs nothing else. */
async function copyClient(tree, name, target) {
  for (const [from, to] of [
    [join(tree, 'libs', name, 'dist'), target],
    [join(tree, 'libs/api-client/dist'), join(target, 'api-client')],
  ]) {
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(from).filter((one) => one.endsWith('.js'))) {
      const text = readFileSync(join(from, file), 'utf8')
        .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
        .replaceAll(`'@bff/api-client'`, `'./api-client/index.js'`);
      writeFileSync(join(to, file), await formatAs(join(to, file), text));
    }
  }
}

async function writeJson(path, value) {
  writeFileSync(path, await formatAs(path, JSON.stringify(value)));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
