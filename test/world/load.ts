import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '@bff/testing';

/** What became of one call. */
export interface Sample {
  /** When it was sent; on the clock of `performance.now()`. */
  readonly atMs: number;
  readonly tookMs: number;
  /** Status 0: no answer came. */
  readonly status: number;
  readonly type: string | undefined;
}

/** Calls without a pause by several clients, until it is stopped. */
export class Load {
  readonly samples: Sample[] = [];
  private isOn = true;
  private readonly clients: Promise<unknown>;

  /** Each client makes one of the calls, over and over, and rests in between. */
  constructor(
    calls: readonly (() => Promise<Answer>)[],
    private readonly restMs = 0,
  ) {
    this.clients = Promise.all(calls.map((call) => this.go(call)));
  }

  async stop(): Promise<readonly Sample[]> {
    this.isOn = false;
    await this.clients;
    return this.samples;
  }

  private async go(call: () => Promise<Answer>): Promise<void> {
    while (this.isOn) {
      const atMs = performance.now();
      const answer = await call().catch(() => undefined);
      const type = (answer?.body as { type?: string } | undefined)?.type;
      this.samples.push({ atMs, tookMs: performance.now() - atMs, status: answer?.status ?? 0, type });
      // Refusals are quick; a client that asks for them in a circle would only measure itself.
      await sleep(answer?.status === 200 ? this.restMs : Math.max(this.restMs, 10));
    }
  }
}

/** Below which 99 of 100 of them are. */
export function p99(samples: readonly Pick<Sample, 'tookMs'>[]): number {
  const sorted = samples.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

/** How many of each outcome, such as `503 urn:bff:sessions_unavailable`. */
export function countOutcomes(samples: readonly Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, type } of samples) {
    const outcome = type === undefined ? String(status) : `${status} ${type}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
