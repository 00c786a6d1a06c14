export { MemoryStore } from './memory-store.js';
export {
  type Counted,
  type Lock,
  type LockOptions,
  type Store,
  StoreUnavailableError,
  type SubscribeOptions,
  type Subscription,
} from './store.js';
