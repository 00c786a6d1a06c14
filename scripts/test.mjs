// `npm test`: everything CI runs, ended by Jest's summary over all packages. `npm test -- <path or pattern>` runs only
// Jest, on that.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { missingBrokers } from './brokers.mjs';
import { runtime, ensurePrepared } from './prepared.mjs';
import { root } from './root.mjs';
import { quietTools } from './run-command.mjs';
import { addUp, summaryOf } from './test-summary.mjs';
import { readTaskRun, removeResults } from './task-run.mjs';
import { turboScript } from './turbo.mjs';

const TASKS = ['build', 'typecheck', 'lint', 'test'];

/** Runs a step with its output in view; resolves with whether it succeeded. */
function step(script, ...args) {
  const child = spawn(runtime(), [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...quietTools },
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

const bin = (...path) => join(root, 'node_modules', ...path);

async function runEverything() {
  const started = Date.now();
  removeResults(root);
  const failed = [];
  const check = async (name, ok) => {
    if (!(await ok)) failed.push(name);
  };

  await check('brokers (the reason is at the top)', step(join(root, 'scripts', 'brokers.mjs')));
  // A result without the tests that need a broker must not be taken for the whole one when the broker is there.
  const cache = missingBrokers().length > 0 ? ['--cache=local:r,remote:r'] : [];

  const turbo = turboScript(root);
  const run = ['run', ...TASKS, '--summarize', '--continue=dependencies-successful'];
  // Jest has workers of its own: with as many tasks as cores, tests that wait for something would wait for cores.
  const tasksAtOnce = Math.max(1, Math.floor(availableParallelism() / 2));
  const log = ['--output-logs=new-only', '--log-order=stream', `--concurrency=${tasksAtOnce}`];
  await check('turbo run', step(turbo, ...run, ...log, ...cache));
  await check('turbo boundaries', step(turbo, 'boundaries'));
  await check(
    'prettier --check (mend it with `npm run format`)',
    step(bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'),
  );

  const tasks = readTaskRun(root, started);
  const total = addUp(tasks.packages);
  const broken = [...failed, ...tasks.failed, ...total.missing];
  console.log(summaryOf(total, { broken, cached: tasks.cached, seconds: (Date.now() - started) / 1_000 }));
  return broken.length === 0 && total.failures.length === 0;
}

function runJest(args) {
  const jest = [
    '--no-warnings=ExperimentalWarning',
    bin('jest', 'bin', 'jest.js'),
    '--config',
    join(root, 'jest.config.js'),
  ];
  return step('--experimental-vm-modules', ...jest, ...args);
}

ensurePrepared();
const args = process.argv.slice(2);
process.exitCode = (await (args.length > 0 ? runJest(args) : runEverything())) ? 0 : 1;
