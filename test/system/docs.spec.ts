import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningGateway } from '@bff/gateway';
import { findFreePort } from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { type SampleBackend, startSampleBackend } from 'sample-backend';
import { webBff } from 'web-bff';
import { filesOf, root } from '../conventions/packages.js';
import { startSampleGateway } from '../world/sample-gateway.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A fenced block of a Markdown file. */
interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
  ([, language = '', text = '']) => ({ language, text }),
);

/** Every `curl` of the README that an answer follows, in order; the view that the README adds is not there. */
const calls = blocks
  .map((block, index) => ({ commands: block.text.trim().split('\n'), answer: blocks[index + 1] }))
  .filter(({ commands }) => commands.some((command) => command.startsWith('curl')))
  .filter(({ commands }) => !commands.join().includes('/api/profile'))
  .map(({ commands, answer }) => ({
    commands,
    shown: answer?.language === 'json' ? answer.text : undefined,
  }));

let backend: SampleBackend;
let web: RunningGateway;
let mobile: RunningGateway;
/** Where browsers find web-bff: the provider has to know it. */
let webHost: string;
/** What the README puts into variables of the shell before it calls anything. */
const variables: Record<string, string> = {};

beforeAll(async () => {
  const port = await findFreePort();
  webHost = `localhost:${port}`;
  backend = await startSampleBackend({ webBffOrigins: [`http://${webHost}`] });
  web = await startSampleGateway(webBff, backend, { PORT: String(port) });
  mobile = await startSampleGateway(mobileBff, backend);
  for (const [, name = '', command = ''] of readme.matchAll(/^(\w+)=\$\((npm run .*)\)$/gm))
    variables[name] ??= (
      await sh(`${command}${name === 'SESSION' ? ` --gateway http://${webHost}` : ''}`)
    ).trim();
}, 60_000);
afterAll(async () => {
  await web.close();
  await mobile.close();
  await backend.close();
});

test('the README shows at least six calls with their answers, by a session and by a token', () => {
  expect(calls.filter(({ shown }) => shown !== undefined).length).toBeGreaterThanOrEqual(6);
  expect(variables).toEqual({
    SESSION: expect.stringMatching(/^__Host-/),
    TOKEN: expect.stringMatching(/^ey/),
  });
});

test.each(calls)('$commands answers what the README shows', async ({ commands, shown }) => {
  let output = '';
  for (const command of commands) output = await sh(command);
  if (shown !== undefined) expect(JSON.parse(output)).toEqual(matching(JSON.parse(shown)));
});

test('every link and every path in backquotes of the documentation leads somewhere', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...filesOf('docs', /\.md$/),
    ...filesOf('libs', /README\.md$/),
    ...filesOf('apps', /README\.md$/),
  ];
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) =>
      join(dirname(document), link),
    );
    const paths = [...text.matchAll(/`((?:apps|libs|test|docs|deploy|scripts)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    return [...links, ...paths]
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document}: ${path}`);
  });
  expect(broken).toEqual([]);
});

/** Runs a command of the README against what runs here. */
async function sh(command: string): Promise<string> {
  const ports: Record<string, string> = {
    'localhost:3000': webHost,
    'localhost:3001': new URL(mobile.url).host,
    'localhost:3100': new URL(web.managementUrl).host,
    'localhost:3101': new URL(mobile.managementUrl).host,
    'localhost:4009': new URL(backend.urls.faults).host,
  };
  const here = command.replaceAll(/localhost:\d{4}/g, (host) => ports[host] ?? host);
  const environment = { ...process.env, NODE_OPTIONS: '', OIDC_ISSUER: backend.urls.identity, ...variables };
  const { stdout } = await promisify(execFile)('sh', ['-c', here], { cwd: root, env: environment });
  return stdout;
}

/** What is shown, with `…` for anything, and for any number of elements of a list or members of an object. */
function matching(shown: unknown): unknown {
  if (shown === '…') return expect.anything();
  if (Array.isArray(shown)) {
    const named = shown.filter((element) => element !== '…').map(matching);
    return named.length === shown.length ? named : expect.arrayContaining(named);
  }
  if (typeof shown !== 'object' || shown === null) return shown;
  const { '…': others, ...members } = shown as Record<string, unknown>;
  const expected = Object.fromEntries(
    Object.entries(members).map(([key, value]) => [key, matching(value)] as const),
  );
  return others === undefined ? expected : expect.objectContaining(expected);
}
