import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type Package, readPackages, root } from './packages.js';

const packages = readPackages();
const find = (name: string): Package => packages.find((candidate) => candidate.name === name)!;
const apps = packages.filter(({ tag }) => tag === 'app').map(({ name }) => name);

/** From the ground up: a package may import those below it, and beside it where that makes no circle. */
const layers = [
  ['@bff/context', '@bff/problem', '@bff/store', '@bff/xml', '@bff/contract', '@bff/api-client'],
  packages.map(({ name }) => name).filter((name) => /^@bff\/(?!api-).+-client$/.test(name)),
  ['@bff/tracing', '@bff/auth', '@bff/throttling', '@bff/announce'],
  ['@bff/upstream', '@bff/views'],
  ['@bff/clients', '@bff/proxy'],
  ['@bff/gateway'],
  apps,
];

/** What a package with that tag may depend on in production. */
const allowed: Record<string, readonly string[]> = {
  app: ['nest', 'client', 'pure'],
  client: ['nest', 'pure'],
  nest: ['nest', 'pure'],
  pure: ['pure'],
  testing: ['pure'],
  e2e: ['app', 'client', 'nest', 'pure', 'testing'],
};

test.each(packages)(
  '$name imports only what its tag ($tag) may',
  ({ tag, dependencies, devDependencies }) => {
    for (const dependency of dependencies) expect(allowed[tag]).toContain(find(dependency).tag);
    for (const dependency of devDependencies)
      expect([...(allowed[tag] ?? []), 'testing']).toContain(find(dependency).tag);
  },
);

test.each(packages.filter(({ tag }) => !['testing', 'e2e'].includes(tag)))(
  '$name imports nothing above it',
  (importer) => {
    const layerOf = (name: string): number => layers.findIndex((layer) => layer.includes(name));
    expect(layerOf(importer.name)).toBeGreaterThanOrEqual(0);
    for (const dependency of importer.dependencies) {
      expect(layerOf(dependency)).toBeGreaterThanOrEqual(0);
      expect(layerOf(dependency)).toBeLessThanOrEqual(layerOf(importer.name));
    }
  },
);

test('context and problem depend on nothing of ours, only gateway may depend on all, and upstream does not know auth', () => {
  expect(find('@bff/context').dependencies).toEqual([]);
  expect(find('@bff/problem').dependencies).toEqual([]);
  expect(find('@bff/upstream').dependencies).not.toContain('@bff/auth');
  for (const { name, tag, dependencies } of packages) {
    if (tag === 'client') expect(dependencies).not.toContain('@bff/auth');
    if (tag === 'nest' && name !== '@bff/gateway') expect(dependencies.length).toBeLessThan(5);
  }
});

test.each(packages)(
  'sources of $name import @bff/testing in specs only, and reach into no package',
  ({ folder, tag }) => {
    for (const file of filesOf(folder, /\.tsx?$/)) {
      const source = readFileSync(join(root, file), 'utf8');
      const ours = new RegExp(`from '((?:@bff/|${apps.join('|')})[^']*)'`, 'g');
      const imported = [...source.matchAll(ours)].map(([, name]) => name);
      if (tag !== 'e2e' && !/\.(spec|fixture)\.ts$/.test(file))
        expect({ file, imported }).not.toMatchObject({ imported: expect.arrayContaining(['@bff/testing']) });
      for (const name of imported)
        expect(`${file} imports ${name}`).toMatch(
          /imports (@bff\/[a-z-]+(\/protocols|\/generate)?|[a-z0-9-]+)$/,
        );
    }
  },
);

test('only configuration and the start of a process read the environment', () => {
  const sources = packages.flatMap(({ folder, tag }) => (tag === 'e2e' ? [] : filesOf(folder, /\.ts$/)));
  const readers = sources
    .filter((file) => !/(\.spec|\.fixture|\/config|\/main)\.ts$/.test(file))
    .filter((file) => /\bprocess\.env\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(readers).toEqual([]);
});
