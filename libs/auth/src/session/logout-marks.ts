import type { Store } from '@bff/store';
import { type IndexName, indexNamesOf, toIndexName } from './session-names.js';
import type { SignedIn } from './session.js';

/**
 * What the provider has ended, for as long as a sign-in may be under way: a session that is opened while its logout
 * arrives must not outlive it. Rejects with StoreUnavailableError.
 */
export class LogoutMarks {
  constructor(
    private readonly store: Store,
    private readonly keepForMs: number,
  ) {}

  async set(by: IndexName): Promise<void> {
    await this.store.set(markKey(toIndexName(by)), String(Date.now()), this.keepForMs);
  }

  /** Whether this user, or this session at the provider, was ended after `sinceMs`. */
  async isSet(signedIn: SignedIn, sinceMs: number): Promise<boolean> {
    const marks = await Promise.all(indexNamesOf(signedIn).map((name) => this.store.get(markKey(name))));
    return marks.some((mark) => mark !== undefined && Number(mark) > sinceMs);
  }
}

function markKey(name: string): string {
  return `logged-out:${name}`;
}
