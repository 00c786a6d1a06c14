import { LRUCache } from 'lru-cache';
import type { Store } from './store.js';

const defaultMaxBytes = 32 * 1024 * 1024;
/** What an entry takes beside its text, roughly. */
const overheadBytes = 200;

/** In this process, bounded in bytes: what was not used for longest goes first. Gone with the process. */
export class MemoryStore implements Store {
  private readonly entries: LRUCache<string, string>;

  constructor(maxBytes = defaultMaxBytes) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => 2 * (value.length + key.length) + overheadBytes,
    });
  }

  /** Of all that is kept, as counted against the limit. */
  get bytes(): number {
    return this.entries.calculatedSize;
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.entries.get(key));
  }

  set(key: string, value: string, ttlMs: number): Promise<void> {
    this.entries.set(key, value, { ttl: ttlMs });
    return Promise.resolve();
  }
}
