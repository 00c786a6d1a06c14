import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Package {
  readonly folder: string;
  readonly name: string;
  readonly tag: string;
  /** Ours, declared for production. */
  readonly dependencies: readonly string[];
  /** Ours, declared for tests. */
  readonly devDependencies: readonly string[];
}

/** Every workspace of the repository, as its own manifest describes it. */
export function readPackages(): Package[] {
  const folders = ['apps', 'libs'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  const manifests = [...folders, 'test', 'bench']
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(`${folder}/package.json`) as Manifest }));
  const names = new Set(manifests.map(({ manifest }) => manifest.name));
  const ours = (dependencies: Record<string, string> = {}) =>
    Object.keys(dependencies).filter((name) => names.has(name));
  return manifests.map(({ folder, manifest }) => ({
    folder,
    name: manifest.name,
    tag: (readJson(`${folder}/turbo.json`) as { tags: string[] }).tags.join(),
    dependencies: ours(manifest.dependencies),
    devDependencies: ours(manifest.devDependencies),
  }));
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** Source files below a package's folder, relative to the root. */
export function filesOf(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && !/(^|\/)(node_modules|dist|test-results|\.turbo)\//.test(path))
    .map((path) => `${folder}/${path}`);
}
