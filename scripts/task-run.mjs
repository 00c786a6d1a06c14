import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceFolders } from './workspaces.mjs';

/** What an earlier run left must not count as this one's; turbo puts back what it has in its cache. */
export function removeResults(root) {
  for (const folder of workspaceFolders(root)) {
    rmSync(join(root, folder, 'test-results'), { recursive: true, force: true });
  }
}

/**
 * What turbo did (from its `--summarize` file written since `started`): the packages that have tests, each with its
 * folder and Jest's result or undefined; how many results came from the cache; the tasks that failed.
 */
export function readTaskRun(root, started) {
  const tasks = readSummary(join(root, '.turbo', 'runs'), started);
  if (!tasks) return { packages: [], cached: 0, failed: ['turbo (it wrote no summary)'] };
  const tests = tasks.filter(({ task }) => task === 'test');
  return {
    packages: tests.map((test) => readPackage(test.package, join(root, test.directory))),
    cached: tests.filter(({ cache }) => cache.status === 'HIT').length,
    failed: tasks.filter(({ execution }) => execution?.exitCode > 0).map(({ taskId }) => taskId),
  };
}

/** The tasks of the newest run; its file and those of earlier runs are removed. */
function readSummary(folder, started) {
  if (!existsSync(folder)) return undefined;
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const [newest] = paths.filter((path) => statSync(path).mtimeMs >= started);
  const summary = newest && JSON.parse(readFileSync(newest, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  return summary?.tasks.filter(({ command }) => command !== '<NONEXISTENT>');
}

function readPackage(name, folder) {
  const path = join(folder, 'test-results', 'jest.json');
  return { name, folder, result: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined };
}
