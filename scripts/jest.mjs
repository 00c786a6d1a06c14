// Runs Jest for the package in the working directory with the root configuration and leaves its results in
// test-results/jest.json, where `npm test` adds them up. Arguments go to Jest. Files that failed are run once more,
// with nothing beside them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { filesToRunAlone, withSecondRun } from './jest-alone.mjs';

const require = createRequire(import.meta.url);
const config = fileURLToPath(new URL('../jest.config.js', import.meta.url));
const retries = fileURLToPath(new URL('jest-retries.mjs', import.meta.url));
const results = 'test-results/jest.json';
// Jest takes one core less than there are: on two that is one worker and half as fast.
const workers = Math.max(2, availableParallelism() - 1);
// Modules of specs that have ended stay in a worker. Beyond this it makes way for a new one: a heap of gigabytes stands
// still for its garbage, and the gateways in it refuse requests as overloaded.
const workerMemory = '700MB';

function runJest(outputFile, ...args) {
  rmSync(outputFile, { force: true });
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
      '--json',
      '--outputFile',
      outputFile,
      ...args,
    ],
    { stdio: ['inherit', 'ignore', 'inherit'] },
  );
  return { status: status ?? 1, result: existsSync(outputFile) ? readJson(outputFile) : undefined };
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

mkdirSync('test-results', { recursive: true });
const first = runJest(
  results,
  `--maxWorkers=${workers}`,
  `--workerIdleMemoryLimit=${workerMemory}`,
  ...process.argv.slice(2),
);
const files = first.status !== 0 && first.result ? filesToRunAlone(first.result) : [];
if (files.length === 0) process.exit(first.status);

console.error(`\nOnce more, with nothing beside them: ${files.join(', ')}`);
const alone = 'test-results/alone.json';
const second = runJest(alone, '--runInBand', '--runTestsByPath', ...files);
if (second.result) writeFileSync(results, JSON.stringify(withSecondRun(first.result, second.result)));
rmSync(alone, { force: true });
process.exit(second.status);
