import type { Readings } from '@bff/tracing';
import type { JsonLogger } from '@bff/tracing';
import type { Refusal, RefusalReason } from './refusal.error.js';

/** Of each reason one line is logged in this time: who floods a channel must not flood the log. */
const quietMs = 10_000;

interface Told {
  loggedAtMs: number;
  /** Since then. */
  unlogged: number;
}

/** What was refused, counted, and told at a bounded rate. */
export class Refusals {
  private readonly counts = new Map<RefusalReason, number>();
  private readonly told = new Map<RefusalReason, Told>();

  constructor(private readonly logger: Pick<JsonLogger, 'event'>) {}

  add({ reason, message, issuer }: Refusal): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    const nowMs = performance.now();
    const before = this.told.get(reason);
    if (before !== undefined && nowMs - before.loggedAtMs < quietMs) {
      before.unlogged += 1;
      return;
    }
    this.told.set(reason, { loggedAtMs: nowMs, unlogged: 0 });
    const fields = {
      registration: 'refused',
      reason,
      issuer,
      detail: message.slice(0, 300),
      unlogged: before?.unlogged ?? 0,
    };
    this.logger.event('warn', fields, 'announcement refused');
  }

  read(): Readings {
    return [...this.counts].map(([reason, count]) => [{ reason }, count] as const);
  }
}
