import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

import { errors } from './oidc-provider.js';

interface Entry {
  payload: AdapterPayload;
  expiresAtMs: number;
}

interface Store {
  entries: Map<string, Entry>;
  writes: number;
}

export interface OidcStorage {
  adapter: AdapterFactory;
  /** Of the sessions at the provider in which the account is signed in. */
  sessionIdsOf(accountId: string): string[];
  /** With all codes and tokens that it has brought. */
  revokeGrant(grantId: string): void;
}

const sweepEveryWrites = 500;

/**
 * Where the provider keeps sessions, codes and tokens: in memory, of this instance only. It outlives a provider,
 * so that a key rotation, which builds a new one, loses nothing.
 */
export function createOidcStorage(): OidcStorage {
  const store: Store = { entries: new Map(), writes: 0 };
  return {
    adapter: (model) => new MemoryAdapter(model, store),
    sessionIdsOf: (accountId) =>
      [...store.entries]
        .filter(([key, { payload }]) => key.startsWith('Session:') && payload.accountId === accountId)
        .map(([key]) => key.slice('Session:'.length)),
    revokeGrant: (grantId) => {
      revokeGrant(store, grantId);
      store.entries.delete(`Grant:${grantId}`);
    },
  };
}

function revokeGrant({ entries }: Store, grantId: string): void {
  for (const [key, { payload }] of entries) {
    if (payload.grantId === grantId) entries.delete(key);
  }
}

class MemoryAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly store: Store,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds = Infinity): Promise<void> {
    if (++this.store.writes % sweepEveryWrites === 0) this.#sweep();
    this.store.entries.set(this.#key(id), { payload, expiresAtMs: Date.now() + expiresInSeconds * 1000 });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.store.entries.get(this.#key(id));
    return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findWhere((payload) => payload.userCode === userCode);
  }

  /** Once. Of two who come at the same moment and have both found it unused, one is refused and the grant revoked. */
  async consume(id: string): Promise<void> {
    const payload = this.store.entries.get(this.#key(id))?.payload;
    if (payload?.consumed) {
      if (payload.grantId) revokeGrant(this.store, payload.grantId);
      throw new errors.InvalidGrant(`${this.model} already used`);
    }
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.store.entries.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    revokeGrant(this.store, grantId);
  }

  #key(id: string): string {
    return `${this.model}:${id}`;
  }

  #findWhere(wanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload, expiresAtMs }] of this.store.entries) {
      if (key.startsWith(`${this.model}:`) && expiresAtMs > Date.now() && wanted(payload)) return payload;
    }
    return undefined;
  }

  #sweep(): void {
    for (const [key, { expiresAtMs }] of this.store.entries) {
      if (expiresAtMs <= Date.now()) this.store.entries.delete(key);
    }
  }
}
