import type { DriverState } from './driver/storm-load.js';

/** Unclear: the driver was late, so that what was seen may be its own fault. Reported: nothing is required. */
export type Verdict = 'met' | 'missed' | 'unclear' | 'reported';

/** What was required of the gateway in a storm, and what was seen. */
export interface Finding {
  readonly storm: string;
  readonly required: string;
  readonly seen: string;
  readonly verdict: Verdict;
}

/** Requests that are later than this are another load than the one that was asked for. */
const lateLimitMs = 100;

export function verdictOf(isMet: boolean, driver: DriverState): Verdict {
  if (driver.lateP99Ms > lateLimitMs) return 'unclear';
  return isMet ? 'met' : 'missed';
}

/** How the driver did, as a line of its own. */
export function driverFinding(storm: string, { lateP99Ms, busy }: DriverState): Finding {
  return {
    storm,
    required: `the driver sends within ${lateLimitMs} ms of the time due (p99)`,
    seen: `${lateP99Ms.toFixed(0)} ms, busy for ${percent(busy)} of the time`,
    verdict: lateP99Ms > lateLimitMs ? 'unclear' : 'reported',
  };
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
