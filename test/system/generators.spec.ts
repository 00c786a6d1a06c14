import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, until } from '@bff/testing';
import { root } from '../conventions/packages.js';
import { environmentWith, start } from '../world/processes.js';
import { copyRepository, type Ran, type RepositoryCopy } from '../world/repository-copy.js';

/** For a machine that runs other tests at the same time. */
const stepWithinMs = 180_000;

/** A gateway, another screen in it, and a service in each protocol. */
const commands = [
  'bff tv',
  'view watch-list --app tv-bff',
  'upstream reviews',
  'upstream stock --protocol xml --app tv-bff',
  'upstream price-lists --protocol grpc --app tv-bff',
  'upstream inventories --protocol graphql --app tv-bff',
];

let copy: RepositoryCopy;
/** Everything that was created or changed. */
let written: string[];

const generate = (command: string): Promise<Ran> => copy.node('.', 'scripts/new.mjs', ...command.split(' '));
const installed = (script: string, ...args: string[]): Promise<Ran> =>
  copy.node('.', `node_modules/${script}`, ...args);
const jest = (...args: string[]): Promise<Ran> => copy.node('.', 'scripts/jest.mjs', ...args);

/** Fails with everything that the command has said. */
function expectSuccess({ code, stdout, stderr }: Ran): void {
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
}

beforeAll(async () => {
  copy = copyRepository();
  written = [];
  for (const command of commands) {
    const ran = await generate(command);
    expectSuccess(ran);
    written.push(
      ...[...ran.stdout.matchAll(/^(?:created|changed) {2}(\S+)$/gm)].map(([, path = '']) => path),
    );
  }
  const build = ['run', 'build', '--filter=./apps/*-bff', '--cache=local:r'];
  expectSuccess(await installed('turbo/bin/turbo', ...build, `--cache-dir=${join(root, '.turbo/cache')}`));
  expectSuccess(await copy.node('.', 'scripts/openapi.mjs'));
  expectSuccess(await copy.node('.', 'scripts/clients.mjs'));
}, stepWithinMs);
afterAll(() => copy[Symbol.dispose]());

test(
  'what was written is formatted',
  async () => {
    const files = new Set(written);
    expectSuccess(await installed('prettier/bin/prettier.cjs', '--check', '--ignore-unknown', ...files));
  },
  stepWithinMs,
);

test.each([
  ['apps/tv-bff', '.'],
  ['libs/clients', '.'],
  ['libs/tv-client', '.'],
  ['test', 'tv-bff'],
])(
  'the compiler finds nothing in %s, nor does the linter in its folder %s',
  async (folder, part) => {
    const args = ['--type-aware', '--config', join(copy.root, '.oxlintrc.json'), part];
    expectSuccess(await copy.node(folder, 'node_modules/typescript/bin/tsc', '-p', '.'));
    expectSuccess(await copy.node(folder, 'node_modules/oxlint/bin/oxlint', ...args));
  },
  stepWithinMs,
);

test('the typed client has a method for each screen', () => {
  const client = readFileSync(join(copy.root, 'libs/tv-client/src/tv-client.ts'), 'utf8');
  expect([...client.matchAll(/^ {2}(get\w+)[<(]/gm)].map(([, name]) => name)).toEqual(
    expect.arrayContaining(['getHome', 'getWatchList']),
  );
});

test(
  'packages import only what they declare, and `npm ci` takes the lock file',
  async () => {
    expectSuccess(await installed('turbo/bin/turbo', 'boundaries'));
    const args = ['ci', '--dry-run', '--offline', '--ignore-scripts'];
    const npm = start('npm', args, { cwd: copy.root, env: environmentWith({}) });
    expectSuccess({ code: await npm.ended, stdout: npm.stdout(), stderr: npm.stderr() });
  },
  stepWithinMs,
);

test(
  'the tests of the gateway, of its screens and of the clients pass, and so do the conventions',
  async () => {
    const conventions = 'test/conventions/(gateway|import-law|routes|sameness)';
    expectSuccess(await jest('test/tv-bff/', 'libs/clients/', conventions, 'test/system/compose'));
  },
  stepWithinMs,
);

test(
  'the screens keep what all screens promise, and so does their description',
  async () => {
    expectSuccess(await jest('test/conventions/(openapi|views).spec', '--testNamePattern=tv-bff'));
  },
  stepWithinMs,
);

test(
  'the gateway starts as it is built, asks for a token, and stops when it is told to',
  async () => {
    const [port, managementPort] = [await findFreePort(), await findFreePort()];
    const gateway = start(process.execPath, ['dist/main.js'], {
      cwd: join(copy.root, 'apps/tv-bff'),
      env: environmentWith({
        PORT: String(port),
        MANAGEMENT_PORT: String(managementPort),
        LOG_LEVEL: 'error',
      }),
    });
    try {
      const ready = `http://127.0.0.1:${managementPort}/health/ready`;
      const isReady = () =>
        fetch(ready).then(
          ({ ok }) => ok,
          () => false,
        );
      await until(`the gateway is ready ${gateway.stderr()}`, isReady, 20_000);
      expect((await fetch(`http://127.0.0.1:${port}/v1/watch-list`)).status).toBe(401);
    } finally {
      gateway.child.kill('SIGTERM');
    }
    expect(await gateway.ended).toBe(0);
  },
  stepWithinMs,
);

test.each([
  ['bff tv', 'apps/tv-bff is already there'],
  ['bff radio --port 3002', '3002 or 3102 is the port of something else here'],
  ['bff radio --port 3900', '3900 or 4000 is the port of something else here'],
  ['view home --app tv-bff', 'home.spec.ts is already there'],
  ['view start --app tv-bff --path /v1/home', 'tv-bff answers GET /v1/home already'],
  ['view Start --app tv-bff', '"Start": expected a name in kebab-case'],
  ['view start --app radio-bff', '"radio-bff": expected one of web-bff, mobile-bff, tv-bff'],
  ['view start --app tv-bff --path /v1/:id', 'parameters are added by hand'],
  ['view', '--name is missing'],
  ['upstream reviews', 'is already there'],
  ['upstream ratings --protocol soap', '"soap": expected http, graphql, grpc, xml'],
  ['screen', 'What is new? view, upstream, bff'],
])('`%s` writes nothing and says why: %s', async (command, reason) => {
  const contents = () => written.map((path) => readFileSync(join(copy.root, path), 'utf8'));
  const before = contents();
  const { code, stdout, stderr } = await generate(command);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(reason);
  expect(contents()).toEqual(before);
  const others = ['apps/radio-bff', 'apps/tv-bff/src/views/start', 'libs/clients/src/ratings'];
  expect(others.filter((path) => existsSync(join(copy.root, path)))).toEqual([]);
});
