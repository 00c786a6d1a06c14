import { readFileSync } from 'node:fs';

/** More than a few are no accident of a crowded machine. */
const MOST_FILES = 8;

/**
 * The spec files of a failed run that are to be run once more with nothing beside them; none where one of them has
 * random input, whose second try is another test, or where too many failed.
 */
export function filesToRunAlone({ testResults }) {
  const files = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const isRandom = (file) => readFileSync(file, 'utf8').includes('jest.retryTimes(0)');
  return files.length > MOST_FILES || files.some(isRandom) ? [] : files;
}

/** Jest's results of a run with the files in it that were run again as they were the second time. */
export function withSecondRun(first, second) {
  const again = new Map(second.testResults.map((file) => [file.name, file]));
  const replaced = first.testResults.filter(({ name }) => again.has(name));
  const old = countsOf(replaced);
  const counts = Object.keys(old).map((name) => [name, first[name] - old[name] + second[name]]);
  return {
    ...first,
    ...Object.fromEntries(counts),
    success: second.success,
    testResults: first.testResults.map((file) => markSecondTry(again.get(file.name), file) ?? file),
  };
}

function countsOf(files) {
  const suites = (status) => files.filter((file) => file.status === status).length;
  const all = files.flatMap(({ assertionResults }) => assertionResults);
  const tests = (...statuses) => all.filter(({ status }) => statuses.includes(status)).length;
  return {
    numFailedTestSuites: suites('failed'),
    numPassedTestSuites: suites('passed'),
    numTotalTestSuites: files.length,
    numFailedTests: tests('failed'),
    numPassedTests: tests('passed'),
    numPendingTests: tests('pending', 'skipped', 'disabled'),
    numTodoTests: tests('todo'),
    numTotalTests: all.length,
  };
}

function markSecondTry(again, { assertionResults }) {
  if (again === undefined) return undefined;
  const held = assertionResults.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
  const marked = again.assertionResults.map((result) =>
    held.includes(result.fullName) ? result : { ...result, invocations: (result.invocations ?? 1) + 1 },
  );
  return { ...again, assertionResults: marked };
}
