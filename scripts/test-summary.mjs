import { relative } from 'node:path';

/** The counts of Jest's `--json` results under the names Jest gives them, in the order it prints them. */
const SUITES = {
  failed: 'numFailedTestSuites',
  skipped: 'numPendingTestSuites',
  passed: 'numPassedTestSuites',
};
const TESTS = {
  failed: 'numFailedTests',
  skipped: 'numPendingTests',
  todo: 'numTodoTests',
  passed: 'numPassedTests',
};
const SNAPSHOTS = { failed: 'unmatched', written: 'added', updated: 'updated', passed: 'matched' };

/** One result over those of all packages; `missing` names the packages that have none. */
export function addUp(packages) {
  const results = packages.flatMap(({ result }) => result ?? []);
  const snapshots = results.map(({ snapshot }) => snapshot);
  return {
    count: packages.length,
    suites: counts(results, SUITES, 'numTotalTestSuites'),
    tests: counts(results, TESTS, 'numTotalTests'),
    snapshots: counts(snapshots, SNAPSHOTS, 'total'),
    failures: packages.flatMap(failuresOf),
    retried: packages.flatMap(retriedOf),
    missing: packages.filter(({ result }) => !result).map(({ name }) => `${name} (its tests left no result)`),
  };
}

/** What failed, then Jest's own summary to the letter. */
export function summaryOf(total, { broken, cached, seconds }) {
  const lines = [
    ...broken.map((name) => `FAIL ${name}`),
    ...total.failures.map((name) => `FAIL ${name}`),
    ...total.retried.map((name) => `PASS at the second try: ${name}`),
    `${total.count} packages with tests, ${cached} of them unchanged: their results are from turbo's cache.`,
    '',
    `Test Suites: ${total.suites}`,
    `Tests:       ${total.tests}`,
    `Snapshots:   ${total.snapshots}`,
    `Time:        ${seconds.toFixed(3).replace(/\.?0+$/, '')} s`,
  ];
  return `\n${lines.join('\n')}`;
}

function counts(results, names, totalName) {
  const sum = (field) => results.reduce((total, result) => total + (result?.[field] ?? 0), 0);
  const parts = Object.entries(names).map(([word, field]) => [sum(field), word]);
  const shown = parts.filter(([number]) => number > 0).map((part) => part.join(' '));
  return [...shown, `${sum(totalName)} total`].join(', ');
}

/** A suite that could not run has no failed test, only a message. */
function failuresOf({ name, folder, result }) {
  const failedSuites = result?.testResults.filter(({ status }) => status === 'failed') ?? [];
  return failedSuites.flatMap(({ name: path, assertionResults }) => {
    const file = `${name} ${relative(folder, path)}`;
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    return failed.length > 0
      ? failed.map(({ fullName }) => `${file}: ${fullName}`)
      : [`${file}: could not run`];
  });
}

/** What failed once and then held: the reasons are in the output of its package. */
function retriedOf({ name, folder, result }) {
  return (result?.testResults ?? []).flatMap(({ name: path, assertionResults }) =>
    assertionResults
      .filter(({ status, invocations }) => status === 'passed' && invocations > 1)
      .map(({ fullName }) => `${name} ${relative(folder, path)}: ${fullName}`),
  );
}
