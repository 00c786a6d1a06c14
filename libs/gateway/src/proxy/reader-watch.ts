import type { ServerResponse } from 'node:http';
import { serverLimits } from '../server/server-limits.js';

/** Cuts off a caller who takes nothing of an answer for long. One timer for an answer, however often its caller is waited for. */
export class ReaderWatch {
  private stalled: NodeJS.Timeout | undefined;
  private isWaiting = false;

  constructor(private readonly response: ServerResponse) {}

  /** `resume` is called when the caller has taken what was written. */
  onDrain(resume: () => void): void {
    this.isWaiting = true;
    this.watch();
    this.response.once('drain', () => {
      this.isWaiting = false;
      resume();
    });
  }

  private watch(): void {
    if (this.stalled !== undefined) return void this.stalled.refresh();
    const { response } = this;
    const stalled = setTimeout(() => {
      if (this.isWaiting) response.destroy();
    }, serverLimits.idleSocketTimeoutMs);
    this.stalled = stalled;
    response.once('close', () => clearTimeout(stalled));
  }
}
