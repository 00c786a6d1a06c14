import { pathOfProgram, type ProgramName } from './installed-program.js';

/** Jest's, and what jest.config.js adds; this library is used without Jest too. */
interface TestGlobals {
  readonly describe: {
    (name: string, tests: () => void): void;
    skip(name: string, tests: () => void): void;
  };
  test(name: string, run: () => void): void;
  readonly bffInCi?: boolean;
}

/**
 * Tests that need programs of the machine. Without one of them they are skipped, by a name that says why; on a CI
 * machine that is a failure.
 */
export function describeWithPrograms(title: string, names: readonly ProgramName[], tests: () => void): void {
  const { describe, test, bffInCi } = globalThis as unknown as TestGlobals;
  const missing = names.filter((name) => pathOfProgram(name) === undefined);
  if (missing.length === 0) return describe(title, tests);
  const are = missing.length > 1 ? 'are' : 'is';
  const reason = `${title}: ${missing.join(' and ')} ${are} not installed, which \`node scripts/brokers.mjs\` mends`;
  if (bffInCi !== true) return describe.skip(reason, tests);
  test(title, () => {
    throw new Error(reason);
  });
}
