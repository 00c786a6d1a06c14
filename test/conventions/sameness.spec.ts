import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesOf, readJson, readPackages, root } from './packages.js';

const packages = readPackages().filter(({ tag }) => tag !== 'e2e');
const files = ['apps', 'libs', 'test', 'bench'].flatMap((folder) => filesOf(folder, /\.tsx?$/));

test.each(packages)('$name has the shape that all packages have', ({ folder }) => {
  for (const file of [
    'package.json',
    'turbo.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'README.md',
    'src',
  ]) {
    expect({ file, exists: existsSync(join(root, folder, file)) }).toEqual({ file, exists: true });
  }
  const { scripts, version, type } = readJson(`${folder}/package.json`) as {
    scripts: object;
    version: string;
    type: string;
  };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['build', 'typecheck', 'lint', 'test']));
  expect({ version, type }).toEqual({ version: '0.1.0', type: 'module' });
});

test.each(packages.filter(({ folder }) => folder.startsWith('libs/')))(
  '$name is imported through src/index.ts',
  ({ folder }) => {
    expect(existsSync(join(root, folder, 'src/index.ts'))).toBe(true);
  },
);

test('every dependency is pinned to one exact version, the same everywhere', () => {
  const versions = new Map<string, string>();
  for (const folder of ['.', 'test', 'bench', ...packages.map((one) => one.folder)]) {
    const manifest = readJson(`${folder}/package.json`) as Record<string, Record<string, string> | undefined>;
    for (const [name, version] of Object.entries({
      ...manifest['dependencies'],
      ...manifest['devDependencies'],
    })) {
      expect(`${name}@${version}`).toMatch(/@(\d+\.\d+\.\d+|\*)$/);
      expect(`${name}@${version}`).toBe(`${name}@${versions.get(name) ?? version}`);
      versions.set(name, version);
    }
  }
});

test('a folder without a better name has no home', () => {
  const homeless = files.filter((file) =>
    /(^|\/)(utils?|common|shared|helpers?|core|types|misc)\//.test(file),
  );
  expect(homeless).toEqual([]);
});

test('file names are kebab-case, with the role as a suffix', () => {
  expect(
    files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.tsx?$/.test(basename(file))),
  ).toEqual([]);
});
