import { PatientTimeout } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import type { CallScope } from '../engine/call-scope.js';
import type { BulkheadPolicy } from './upstream-policy.js';

interface Waiting {
  readonly admit: () => void;
}

/**
 * Bounds the calls in flight to one upstream, with a short queue, so that a drowning service takes neither the
 * sockets nor the memory of the others. Beyond both, calls fail as `overloaded` at once.
 */
export class Bulkhead {
  private running = 0;
  /** In the order of arrival. */
  private readonly waiting = new Set<Waiting>();

  constructor(
    private readonly upstream: string,
    private readonly policy: BulkheadPolicy,
  ) {}

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  /** True: a place is taken, and `leave` must follow. */
  tryEnter(): boolean {
    if (this.running >= this.policy.concurrent) return false;
    this.running += 1;
    return true;
  }

  /** Waits for a place. Rejects as `overloaded` at once when the queue is full, and after the longest wait. */
  queue(scope: CallScope): Promise<void> {
    if (this.waiting.size >= this.policy.queue) return Promise.reject(this.overloaded('the queue is full'));
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        end();
        reject(error);
      };
      const waitMs = Math.min(this.policy.waitMs, scope.remainingMs(performance.now()));
      const onTooLong = (): void => fail(this.overloaded(`no place within ${Math.round(waitMs)} ms`));
      const timer = new PatientTimeout(onTooLong, waitMs);
      const end = (): void => {
        timer.clear();
        scope.remove(fail);
        this.waiting.delete(waiting);
      };
      const waiting: Waiting = {
        admit: () => {
          end();
          resolve();
        },
      };
      scope.add(fail);
      this.waiting.add(waiting);
    });
  }

  /** Gives the place to whoever has waited longest. */
  leave(): void {
    const [first] = this.waiting;
    if (first === undefined) this.running -= 1;
    else first.admit();
  }

  private overloaded(why: string): UpstreamError {
    return new UpstreamError(this.upstream, 'overloaded', why, { retryAfterMs: 1_000 });
  }
}
