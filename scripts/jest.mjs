// Runs Jest for the package in the working directory with the root configuration and leaves its results in
// test-results/jest.json, where `npm test` adds them up. Arguments go to Jest.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const config = fileURLToPath(new URL('../jest.config.js', import.meta.url));
const retries = fileURLToPath(new URL('jest-retries.mjs', import.meta.url));
// Jest takes one core less than there are: on two that is one worker and half as fast.
const workers = Math.max(2, availableParallelism() - 1);
mkdirSync('test-results', { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    require.resolve('jest/bin/jest'),
    '--config',
    config,
    '--rootDir',
    process.cwd(),
    `--setupFilesAfterEnv=${retries}`,
    '--passWithNoTests',
    `--maxWorkers=${workers}`,
    '--json',
    '--outputFile',
    'test-results/jest.json',
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
);
process.exit(status ?? 1);
