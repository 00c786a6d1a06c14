/** The store cannot be asked right now. What was to be done may have been done: only its answer is missing. */
export class StoreUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailableError';
  }
}

/** A lock that is held until it is released or its time is over, whichever comes first. */
export interface Lock {
  /** Fencing: grows with every holder of this key, so that a late write of an earlier one can be told from ours. */
  readonly token: number;
  /** Harmless when its time is over: the lock of the next holder stays. Never rejects. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** After this time the lock is free, whatever became of its holder. */
  readonly ttlMs: number;
  /** How long to wait for it at most; 0: not at all. Who waits in one process gets it in the order of asking. */
  readonly waitMs: number;
}

/** What a counter stands at, and when it begins anew. */
export interface Counted {
  readonly value: number;
  readonly expiresInMs: number;
}

export interface SubscribeOptions {
  /** Messages may have been lost: called once the channel is heard again. What was kept by it must be asked for anew. */
  readonly onGap?: () => void;
}

export interface Subscription {
  /** Nothing is heard after it. Never rejects. */
  close(): Promise<void>;
}

/**
 * Keys with values that expire, locks, counters and messages, shared by all replicas of a gateway, or by nobody beyond
 * this process. Every method of an unreachable store rejects with StoreUnavailableError, and does so in a short,
 * bounded time.
 *
 * Values, counters and locks do not know each other: one key may be all three. A value or counter with a `ttlMs` of 0
 * or less is gone at once.
 */
export interface Store {
  /** False while it, or a part of it, is known not to answer; a memory store always answers. */
  readonly isAvailable: boolean;
  /** Undefined: there is no such key, or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** Keeps it for `ttlMs` at most. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Keeps it only where the key has no value. False: it has one, which stays. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Puts `value` in the place of `expected`, in one step. False: the key has another value or none; nothing changed. */
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  /** True: there was a value. */
  delete(key: string): Promise<boolean>;
  /** Adds whole numbers to a counter that begins at 0 and lives for `ttlMs` from its first use. */
  increment(key: string, by: number, ttlMs: number): Promise<Counted>;
  /** Undefined: somebody else holds it for longer than we want to wait. */
  lock(key: string, options: LockOptions): Promise<Lock | undefined>;
  /** To every subscriber of the channel, in this process and in the others; nothing is kept for later ones. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Resolves once messages arrive. It lives through outages, in which messages are lost; `onGap` tells when they arrive
   * again. Where they cannot arrive for now it resolves too, and `onGap` tells once they do: whoever keeps something
   * by them asks once, not until it works. What a listener throws becomes a warning of the process.
   */
  subscribe(
    channel: string,
    listener: (message: string) => void,
    options?: SubscribeOptions,
  ): Promise<Subscription>;
  /** Who waits for a lock is told StoreUnavailableError. Never rejects. */
  close(): Promise<void>;
}
