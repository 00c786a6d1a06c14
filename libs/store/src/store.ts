/** Key and value, for what may be lost: whoever keeps something here can do without it. */
export interface Store {
  /** Undefined: there is no such key, or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** Keeps it for `ttlMs` at most. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
}
