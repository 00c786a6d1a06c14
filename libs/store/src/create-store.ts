import { MemoryStore } from './memory/memory-store.js';
import { readStoreUrl } from './read-store-url.js';
import { RedisStore, type RedisStoreOptions } from './redis/redis-store.js';
import type { Store } from './store.js';

export interface StoreOptions extends Omit<RedisStoreOptions, 'url'> {
  /** Of a Redis, as `readStoreUrl` reads it; without one the store is in memory. */
  readonly url?: string | undefined;
}

/** Must be closed. Throws StoreUrlError; whether Redis answers shows later. */
export function createStore({ url, ...options }: StoreOptions = {}): Store {
  return url === undefined ? new MemoryStore() : new RedisStore({ ...options, url: readStoreUrl(url) });
}
