/** What the cache needs of a store that all replicas of a gateway share; the Store of @bff/store is one. */
export interface ReplicaStore {
  /** False while it is known not to answer. */
  readonly isAvailable: boolean;
  /** Like all others, rejects when the store cannot be asked. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** False: there is a value already, which stays. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** False: the value is not `expected`, and stays. */
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  publish(channel: string, message: string): Promise<void>;
  /** `onGap`: messages may have been lost. */
  subscribe(
    channel: string,
    listener: (message: string) => void,
    options?: { readonly onGap?: () => void },
  ): Promise<{ close(): Promise<void> }>;
}

/** Where the replicas of one gateway have the answers that they share. */
export interface ReplicaCache {
  readonly store: ReplicaStore;
  /** The gateway: those of other names share nothing, whatever else is the same. */
  readonly gateway: string;
}
