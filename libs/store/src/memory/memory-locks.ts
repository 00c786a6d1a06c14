import type { LockAttempt } from '../lock-queue.js';
import { StoreUnavailableError } from '../store.js';

interface Holding {
  readonly token: number;
  readonly untilMs: number;
}

/** Who holds what in this process. A lock is never given up to save memory: when there are too many, a new one is refused. */
export class MemoryLocks {
  private readonly held = new Map<string, Holding>();
  private lastToken = 0;

  constructor(
    private readonly max: number,
    private readonly onRelease: (key: string) => void,
  ) {}

  /** Throws StoreUnavailableError when too many are held. */
  take(key: string, ttlMs: number): LockAttempt {
    const nowMs = performance.now();
    const holding = this.held.get(key);
    if (holding !== undefined && holding.untilMs > nowMs) return { askAgainInMs: holding.untilMs - nowMs };
    if (holding === undefined) this.makeRoom(nowMs);
    const token = (this.lastToken += 1);
    this.held.set(key, { token, untilMs: nowMs + ttlMs });
    return { token, release: async () => this.release(key, token) };
  }

  clear(): void {
    this.held.clear();
  }

  private release(key: string, token: number): void {
    if (this.held.get(key)?.token !== token) return;
    this.held.delete(key);
    this.onRelease(key);
  }

  private makeRoom(nowMs: number): void {
    if (this.held.size < this.max) return;
    for (const [key, { untilMs }] of this.held) if (untilMs <= nowMs) this.held.delete(key);
    if (this.held.size >= this.max) throw new StoreUnavailableError(`${this.max} locks are held already`);
  }
}
