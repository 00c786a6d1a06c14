import { MemoryStore } from '@bff/store';
import type { ReplicaStore } from './replica-store.js';

/** A store in memory, with what was written to it, that can be slow or away. */
export class WatchedStore implements ReplicaStore {
  readonly written: { readonly key: string; readonly value: string; readonly ttlMs: number }[] = [];
  isAvailable = true;
  /** `away`: everything is refused; `hanging`: nothing is ever answered. */
  state: 'well' | 'away' | 'hanging' = 'well';
  losesMessages = false;
  private readonly memory = new MemoryStore();
  private onGap: (() => void)[] = [];

  get(key: string) {
    return this.asked(() => this.memory.get(key));
  }

  set(key: string, value: string, ttlMs: number) {
    return this.asked(() => {
      this.written.push({ key, value, ttlMs });
      return this.memory.set(key, value, ttlMs);
    });
  }

  setIfAbsent(key: string, value: string, ttlMs: number) {
    return this.asked(() => this.memory.setIfAbsent(key, value, ttlMs));
  }

  compareAndSet(key: string, expected: string, value: string, ttlMs: number) {
    return this.asked(() => this.memory.compareAndSet(key, expected, value, ttlMs));
  }

  delete(key: string) {
    return this.asked(() => this.memory.delete(key));
  }

  publish(channel: string, message: string) {
    return this.asked(() => (this.losesMessages ? Promise.resolve() : this.memory.publish(channel, message)));
  }

  subscribe(channel: string, listener: (message: string) => void, { onGap }: { onGap?: () => void } = {}) {
    if (onGap !== undefined) this.onGap.push(onGap);
    return this.memory.subscribe(channel, listener);
  }

  /** It is well again, and says that messages may have been lost. */
  recover(): void {
    this.state = 'well';
    for (const tell of this.onGap) tell();
  }

  private asked<T>(work: () => Promise<T>): Promise<T> {
    if (this.state === 'hanging') return new Promise(() => undefined);
    return this.state === 'away' ? Promise.reject(new Error('away')) : work();
  }
}
