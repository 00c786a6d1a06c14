import { describeWithPrograms } from './describe-with-programs.js';
import type { BrokerName } from './installed-broker.js';

/**
 * Tests that talk to a real broker. Without one they are skipped, by a name that says why; on a CI machine that is a
 * failure.
 */
export function describeWithBroker(name: BrokerName, tests: () => void): void {
  describeWithPrograms(name, [`${name}-server`], tests);
}
