import { LRUCache } from 'lru-cache';
import type { ThrottlerStorageRecord, WeightedStorage } from './weighted-storage.js';

interface Window {
  hits: number;
  readonly endsAtMs: number;
}

/**
 * Fixed windows in memory, at most `maxTrackers` of them; past that the least recently used is forgotten.
 * The storage that comes with @nestjs/throttler never deletes a key.
 */
export class FixedWindowStorage implements WeightedStorage {
  private readonly windows: LRUCache<string, Window>;

  constructor(maxTrackers = 100_000) {
    this.windows = new LRUCache({ max: maxTrackers });
  }

  increment(key: string, ttl: number, limit: number): Promise<ThrottlerStorageRecord> {
    return this.add(key, 1, ttl, limit);
  }

  add(key: string, weight: number, ttl: number, limit: number): Promise<ThrottlerStorageRecord> {
    const nowMs = performance.now();
    const window = this.windowOf(key, nowMs, ttl);
    window.hits += weight;
    return Promise.resolve(toRecord(window.hits, window.endsAtMs - nowMs, limit));
  }

  private windowOf(key: string, nowMs: number, ttl: number): Window {
    const known = this.windows.get(key);
    if (known !== undefined && known.endsAtMs > nowMs) return known;
    const window = { hits: 0, endsAtMs: nowMs + ttl };
    this.windows.set(key, window);
    return window;
  }
}

export function toRecord(totalHits: number, leftMs: number, limit: number): ThrottlerStorageRecord {
  // A sum of floating-point times, taken apart again, may be a hair more than what went in.
  const timeToExpire = Math.ceil(leftMs / 1000 - 1e-6);
  const isBlocked = totalHits > limit;
  return { totalHits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
}
