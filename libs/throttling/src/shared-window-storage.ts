import { PatientTimeout } from '@bff/context';
import type { Store } from '@bff/store';
import { FixedWindowStorage, toRecord } from './fixed-window-storage.js';
import { LimitCounts } from './limit-counts.js';
import type { ThrottlerStorageRecord, WeightedStorage } from './weighted-storage.js';

/** A limit must not cost more than this, whatever the store does. */
const patienceMs = 40;
/** After it was slow, the store is left alone for so long. */
const restMs = 1_000;

/**
 * Fixed windows that all replicas share: a limit of N lets exactly N pass. While the store is away or slow, each replica
 * counts for itself: N replicas may then let N times the limit pass.
 */
export class SharedWindowStorage implements WeightedStorage {
  private readonly local = new FixedWindowStorage();
  private restUntilMs = -Infinity;

  constructor(
    private readonly store: Store,
    private readonly counts = new LimitCounts(),
  ) {}

  increment(key: string, ttl: number, limit: number): Promise<ThrottlerStorageRecord> {
    return this.add(key, 1, ttl, limit);
  }

  async add(key: string, weight: number, ttl: number, limit: number): Promise<ThrottlerStorageRecord> {
    if (!this.store.isAvailable || performance.now() < this.restUntilMs)
      return await this.addAlone(key, weight, ttl, limit);
    try {
      const { value, expiresInMs } = await withPatience(this.store.increment(`limit:${key}`, weight, ttl));
      this.counts.store += 1;
      return toRecord(value, expiresInMs, limit);
    } catch {
      this.restUntilMs = performance.now() + restMs;
      return await this.addAlone(key, weight, ttl, limit);
    }
  }

  private addAlone(...hit: Parameters<WeightedStorage['add']>): Promise<ThrottlerStorageRecord> {
    this.counts.replica += 1;
    return this.local.add(...hit);
  }
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new PatientTimeout(() => reject(new Error('the store is slow')), patienceMs);
    work.then(resolve, reject).finally(() => late.clear());
  });
}
