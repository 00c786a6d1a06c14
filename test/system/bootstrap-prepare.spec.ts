import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@bff/testing';
import { isAlive } from '../world/processes.js';
import { createScratchTree } from '../world/scratch-tree.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An install that waits until the file `go` is there, so that a test can look while it runs. */
const slowInstall = `
const { existsSync } = await import('node:fs');
while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
installRuntime();
`;

test('the first run installs, a second one has nothing to do and says nothing', async () => {
  using tree = createScratchTree();
  const first = tree.prepare();
  expect(await first.ended).toBe(0);
  const second = tree.prepare('fail("must not be called");');
  expect(await second.ended).toBe(0);

  expect(first.stderr()).toMatch(/^Installing packages \(the first time\).*done after \d+ s\.\n$/s);
  expect(second.stdout() + second.stderr()).toBe('');
  expect(tree.npmCalls()).toHaveLength(1);
  expect(tree.npmCalls()[0]).toMatch(/^ci --include=dev --include=optional /);
});

test.each([
  ['package-lock.json', 'package-lock.json', { lockfileVersion: 3, changed: true }],
  ['a dependency of a package', 'apps/one/package.json', { name: 'one', dependencies: { two: '1.0.0' } }],
])('a change of %s installs again and says why', async (_, path, content) => {
  using tree = createScratchTree();
  await tree.prepare().ended;
  writeFileSync(join(tree.root, path), JSON.stringify(content));
  const again = tree.prepare();

  expect(await again.ended).toBe(0);
  expect(again.stderr()).toContain(`Installing packages (${path} changed)`);
  expect(tree.npmCalls()).toHaveLength(2);
});

test('a change of a script in a package.json installs nothing', async () => {
  using tree = createScratchTree();
  await tree.prepare().ended;
  writeFileSync(
    join(tree.root, 'apps/one/package.json'),
    JSON.stringify({ name: 'one', scripts: { build: 'false' } }),
  );

  expect(await tree.prepare().ended).toBe(0);
  expect(tree.npmCalls()).toHaveLength(1);
});

test.each([
  [
    'a full disk',
    'npm error code ENOSPC\nnpm error ENOSPC: no space left on device, write',
    /the disk is full.*Free/,
  ],
  [
    'no network',
    'npm error code ENOTFOUND\nnpm error network request failed',
    /cannot be reached \(ENOTFOUND\)/,
  ],
  ['a registry that is down', 'npm error code ECONNREFUSED', /cannot be reached \(ECONNREFUSED\)/],
  ['a slow network', 'npm error code ETIMEDOUT', /cannot be reached \(ETIMEDOUT\)/],
  ['a name server that fails', 'npm error code EAI_AGAIN', /cannot be reached \(EAI_AGAIN\)/],
  [
    'a folder of somebody else',
    'npm error code EACCES\nnpm error syscall mkdir',
    /cannot be written \(EACCES\)/,
  ],
  ['a read-only disk', 'npm error code EROFS', /cannot be written \(EROFS\)/],
  [
    'a lock file out of step',
    'npm error code EUSAGE\nnpm error Missing: x@1.0.0 from lock file',
    /npm install/,
  ],
])('%s is one clear line and exit code 1', async (_, output, expected) => {
  using tree = createScratchTree();
  const prepare = tree.prepare(`fail(${JSON.stringify(output)});`);

  expect(await prepare.ended).toBe(1);
  const lines = prepare.stderr().trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('Installing packages (the first time)'))).toEqual([
    expect.stringMatching(expected),
  ]);
});

test('a failure nobody knows shows the last words of npm', async () => {
  using tree = createScratchTree();
  const prepare = tree.prepare('fail("npm error code EINTEGRITY\\nnpm error sha512 differs");');

  expect(await prepare.ended).toBe(1);
  expect(prepare.stderr()).toContain(
    'npm error sha512 differs\nInstalling packages failed: the reason is above.\n',
  );
});

test('an install that failed is tried again', async () => {
  using tree = createScratchTree();
  await tree.prepare('installRuntime(); fail("npm error code ENOTFOUND");').ended;

  expect(await tree.prepare().ended).toBe(0);
  expect(tree.npmCalls()).toHaveLength(2);
});

test('where npm runs no install scripts, the one of the runtime is run', async () => {
  using tree = createScratchTree();
  const prepare = tree.prepare("if (command === 'rebuild') installRuntime();");

  expect(await prepare.ended).toBe(0);
  expect(tree.npmCalls()[1]).toContain('rebuild node --ignore-scripts=false');
});

test('two at once install once: the second waits and says for whom', async () => {
  using tree = createScratchTree();
  const first = tree.prepare(slowInstall);
  await until('the first installs', () => tree.npmCalls().length === 1);
  const second = tree.prepare(slowInstall);
  await until('the second waits', () => second.stderr().includes(`Waiting for process ${first.pid}`));
  writeFileSync(join(tree.root, 'go'), '');

  expect([await first.ended, await second.ended]).toEqual([0, 0]);
  expect(tree.npmCalls()).toHaveLength(1);
});

test('the lock of a dead process is taken over', async () => {
  using tree = createScratchTree();
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(isAlive(pid)).toBe(false);
  mkdirSync(join(tree.root, '.turbo', 'prepare.lock'), { recursive: true });
  writeFileSync(join(tree.root, '.turbo', 'prepare.lock', 'pid'), String(pid));

  expect(await tree.prepare().ended).toBe(0);
  expect(tree.npmCalls()).toHaveLength(1);
});

test('package-lock.json names the binaries of every platform, without which `npm ci` refuses it', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));

  expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
});
