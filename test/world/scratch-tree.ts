import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWith, start, type Started } from './processes.js';

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));

/** What `npm` would do: it writes down how it was called, then runs `does`. */
const fakeNpm = (does: string): string => `
import { appendFileSync, mkdirSync, writeFileSync, chmodSync } from 'node:fs';
appendFileSync('npm-calls.txt', process.argv.slice(2).join(' ') + '\\n');
const installRuntime = () => {
  mkdirSync('node_modules/.bin', { recursive: true });
  writeFileSync('node_modules/.bin/node', '#!/bin/sh\\nexit 0\\n');
  chmodSync('node_modules/.bin/node', 0o755);
};
const fail = (text) => { console.error(text); process.exit(1); };
const [command] = process.argv.slice(2);
${does}
`;

export interface ScratchTree extends Disposable {
  /** The folder. */
  root: string;
  /** Starts scripts/prepare.mjs with an npm that does `does`. */
  prepare(does?: string): Started;
  /** How npm was called, each time. */
  npmCalls(): string[];
}

/** A repository of two packages with our scripts in it and nothing installed. */
export function createScratchTree(): ScratchTree {
  const root = mkdtempSync(join(tmpdir(), 'bff-tree-'));
  const write = (path: string, content: unknown) => writeFileSync(join(root, path), JSON.stringify(content));
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
  mkdirSync(join(root, 'apps', 'one'), { recursive: true });
  write('package.json', { name: 'scratch', workspaces: ['apps/*'] });
  write('apps/one/package.json', { name: 'one', scripts: { build: 'true' } });
  write('package-lock.json', { lockfileVersion: 3 });
  return {
    root,
    prepare: (does = 'installRuntime();') => {
      const npm = join(root, 'npm.mjs');
      writeFileSync(npm, fakeNpm(does));
      return start(process.execPath, [join(root, 'scripts', 'prepare.mjs')], {
        cwd: root,
        env: environmentWith({ npm_execpath: npm, npm_node_execpath: undefined }),
      });
    },
    npmCalls: () => {
      try {
        return readFileSync(join(root, 'npm-calls.txt'), 'utf8').trim().split('\n');
      } catch {
        return [];
      }
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
