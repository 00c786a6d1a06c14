import type { DriverState } from './driver/storm-load.js';

/** Unclear: the driver was late or the machine changed its speed, so that it may be their fault. Reported: nothing is required. */
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

/** Of the peak, in an overload. */
export const goodputShare = 0.9;

/** `isSteady`: the machine was fast enough alike for what is compared. */
export function verdictOf(isMet: boolean, driver: Pick<DriverState, 'lateP99Ms'>, isSteady = true): Verdict {
  if (driver.lateP99Ms > lateLimitMs || !isSteady) return 'unclear';
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
