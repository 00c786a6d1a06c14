export { createStore, type StoreOptions } from './create-store.js';
export { MemoryStore } from './memory/memory-store.js';
export { readStoreUrl } from './read-store-url.js';
export { RedisStore, type RedisStoreOptions } from './redis/redis-store.js';
export {
  type Counted,
  type Lock,
  type LockOptions,
  type Store,
  StoreUnavailableError,
  type SubscribeOptions,
  type Subscription,
} from './store.js';
export { type StoreUrl, StoreUrlError } from './store-url.js';
