import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayNames } from '../world/gateways.js';
import { copySources } from '../world/repository-copy.js';
import { root } from './packages.js';

/** A copy of the repository without what is installed or built, to change files in. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'bff-turbo-'));
  copySources(copy);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

interface Task {
  readonly taskId: string;
  readonly task: string;
  readonly hash: string;
}

/** The hash of every task, as turbo computes it: another hash means that the task runs again. */
function hashes(): Map<string, string> {
  const turbo = join(root, 'node_modules/turbo/bin/turbo');
  const args = [turbo, 'run', 'build', 'typecheck', 'lint', 'test', '--dry=json'];
  const output = execFileSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { tasks } = JSON.parse(output) as { tasks: Task[] };
  return new Map(tasks.filter(({ task }) => task !== 'transit').map(({ taskId, hash }) => [taskId, hash]));
}

/** The tasks that run again because of a change. */
function runAgainAfter(change: () => void): string[] {
  const before = hashes();
  change();
  return [...hashes()].filter(([task, hash]) => before.get(task) !== hash).map(([task]) => task);
}

const packagesOf = (tasks: string[]): string[] =>
  [...new Set(tasks.map((task) => task.split('#')[0] ?? ''))].toSorted();

test('without a change nothing runs again', () => {
  expect(runAgainAfter(() => undefined)).toEqual([]);
});

test('a changed lib runs again with its dependents, and nothing else', () => {
  const again = runAgainAfter(() => appendFileSync(join(copy, 'libs/views/src/index.ts'), '// changed\n'));
  const others = ['@bff/bench', '@bff/e2e', '@bff/gateway', '@bff/views'];
  expect(packagesOf(again)).toEqual([...others, ...gatewayNames].toSorted());
});

test('a changed spec builds nothing again', () => {
  const again = runAgainAfter(() =>
    appendFileSync(join(copy, 'libs/views/src/load-sections.spec.ts'), '// changed\n'),
  );
  expect(again.filter((task) => task.endsWith('#build'))).toEqual([]);
  expect(again).toContain('@bff/views#test');
});

test('what was built, installed or measured is no input', () => {
  const again = runAgainAfter(() => {
    for (const folder of ['dist', 'test-results', 'node_modules']) {
      const target = join(copy, 'libs/views', folder);
      cpSync(join(copy, 'libs/views/src'), target, { recursive: true });
      writeFileSync(join(target, 'new.js'), 'export {};\n');
      expect(existsSync(target)).toBe(true);
    }
  });
  expect(again).toEqual([]);
});

test.each([
  'README.md',
  'deploy/Dockerfile',
  'docker-compose.yml',
  'scripts/start.mjs',
  'docs/way-of-a-request.md',
])('a changed %s runs the whole-system tests again, and builds nothing', (path) => {
  expect(runAgainAfter(() => appendFileSync(join(copy, path), '\n# changed\n'))).toEqual(['@bff/e2e#test']);
});

test('a changed base configuration runs everything again', () => {
  const total = hashes().size;
  expect(runAgainAfter(() => appendFileSync(join(copy, 'tsconfig.base.json'), '\n'))).toHaveLength(total);
});
