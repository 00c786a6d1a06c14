import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type OpenApiDocument, readModels } from '@bff/api-client/generate';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { readJson, root } from './packages.js';

const node = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(root, script), ...args], { cwd: root });
const clients = (...args: string[]) => node('scripts/clients.mjs', ...args);

test('the committed clients are those that openapi.json makes (if not: npm run clients)', async () => {
  await expect(clients('--check')).resolves.toMatchObject({ stderr: '' });
}, 60_000);

describe('for the native apps', () => {
  let folder: string;
  const written = (file: string): string => readFileSync(join(folder, file), 'utf8');
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bff-native-'));
    await clients('--native', '--out', folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['MobileBff.kt', /^(?:data class|enum class|sealed class) (\w+)/gm],
    ['MobileBff.swift', /^public (?:struct|enum) (\w+)/gm],
  ])('%s has every model under the name that it has in TypeScript', (file, declaration) => {
    const models = readModels(readJson('apps/mobile-bff/openapi.json') as OpenApiDocument);
    const declared = [...written(file).matchAll(declaration)].map(([, name]) => name);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(models)));
    expect(declared).toEqual(expect.arrayContaining(['Home', 'HomeOrder', 'Money', 'BatchInput', 'Problem']));
  });

  test('the document in OpenAPI 3.0 is a valid one', async () => {
    const config = await createConfig({ extends: ['minimal'], rules: { struct: 'error' } });
    const source = written('openapi-3.0.json');
    expect(JSON.parse(source)).toMatchObject({ openapi: '3.0.3' });
    const found = await lintFromString({ source, absoluteRef: '/openapi-3.0.json', config });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

test('the examples in the README fit the client', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```ts\n\/\/ ([a-z]+\.ts)\n(.*?)^```$/gms)];
  expect(examples.map(([, file]) => file)).toEqual(['session.ts', 'dashboard.ts']);
  const folder = join(root, 'test/test-results/readme-client');
  mkdirSync(folder, { recursive: true });
  for (const [, file = '', source = ''] of examples) writeFileSync(join(folder, file), source);
  const extended = { extends: '../../../tsconfig.base.json', include: ['*.ts'] };
  const compilerOptions = { lib: ['ES2024', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'], types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...extended, compilerOptions }));
  await expect(node('node_modules/typescript/bin/tsc', '-p', folder)).resolves.toMatchObject({ stdout: '' });
}, 60_000);
