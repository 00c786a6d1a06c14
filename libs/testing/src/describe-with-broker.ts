import { type BrokerName, brokerIsInstalled } from './installed-broker.js';

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
 * Tests that talk to a real broker. Without one they are skipped, by a name that says why; on a CI machine that is a
 * failure.
 */
export function describeWithBroker(name: BrokerName, tests: () => void): void {
  const { describe, test, bffInCi } = globalThis as unknown as TestGlobals;
  if (brokerIsInstalled(name)) return describe(name, tests);
  const reason = `${name}: ${name}-server is not installed, which \`node scripts/brokers.mjs\` mends`;
  if (bffInCi !== true) return describe.skip(reason, tests);
  test(name, () => {
    throw new Error(reason);
  });
}
