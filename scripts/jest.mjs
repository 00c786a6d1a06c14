// Runs Jest for the package in the working directory with the root configuration and leaves its results in
// test-results/jest.json, where `npm test` adds them up. Arguments go to Jest.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const config = fileURLToPath(new URL('../jest.config.js', import.meta.url));
mkdirSync('test-results', { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    require.resolve('jest/bin/jest'),
    '--config', config,
    '--rootDir', process.cwd(),
    '--passWithNoTests',
    '--json', '--outputFile', 'test-results/jest.json',
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
);
process.exit(status ?? 1);
