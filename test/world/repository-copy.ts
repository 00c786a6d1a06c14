import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWith, start } from './processes.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The repository in a folder of its own, to change files and run commands in; gone when disposed of. */
export interface RepositoryCopy extends Disposable {
  readonly root: string;
  /** Runs a script of `scripts`, or of an installed package, with Node in this folder. */
  node(folder: string, script: string, ...args: string[]): Promise<Ran>;
}

/** Nothing of the Jest and the npm that run us: the copy is not to be installed. */
const alone = { JEST_WORKER_ID: undefined, npm_config_ignore_scripts: undefined };

/** Copies what is neither installed nor built. What is installed is linked; the workspaces are those of the copy. */
export function copyRepository(): RepositoryCopy {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'bff-copy-')));
  copySources(copy);
  linkInstalled(copy);
  return {
    root: copy,
    node: async (folder, script, ...args) => {
      const env = environmentWith({ ...alone, TURBO_TELEMETRY_DISABLED: '1' });
      const child = start(process.execPath, [join(copy, script), ...args], { cwd: join(copy, folder), env });
      return { code: await child.ended, stdout: child.stdout(), stderr: child.stderr() };
    },
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  };
}

/** Without what is installed, built, measured or logged. */
export function copySources(to: string): void {
  const isLeftOut = (path: string) =>
    /(^|\/)(node_modules|dist|\.turbo|test-results|\.git|[^/]+\.log)$/.test(path);
  for (const name of readdirSync(root).filter((entry) => !isLeftOut(entry)))
    cpSync(join(root, name), join(to, name), { recursive: true, filter: (path) => !isLeftOut(path) });
}

/** The node_modules folder of each place that has one. npm's own notes in it stay where they are. */
function linkInstalled(copy: string): void {
  const places = ['apps', 'libs'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  for (const place of ['.', ...places, 'test', 'bench'])
    linkModules(join(root, place, 'node_modules'), join(copy, place, 'node_modules'));
}

/** Links to workspaces are relative, and lead into the copy as they are. */
function linkModules(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((entry) => entry === '.bin' || !entry.startsWith('.'))) {
    const path = join(from, name);
    if (name === '@bff') linkModules(path, join(to, name));
    else symlinkSync(lstatSync(path).isSymbolicLink() ? readlinkSync(path) : path, join(to, name));
  }
}
