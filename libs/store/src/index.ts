export { MemoryStore } from './memory-store.js';
export type { Store } from './store.js';
