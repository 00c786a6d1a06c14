import { setTimeout as sleep } from 'node:timers/promises';
import { type Store, StoreUnavailableError } from '@bff/store';

export interface IndexedSession {
  readonly key: string;
  readonly endsAtMs: number;
}

/** Of one name; beyond it those that are over make room, and then the oldest, which are returned so that they can be ended. */
const maxSessions = 50;
const tries = 50;
const waitMs = 5;

/** Finds the sessions of a user, or of a session at the provider. Some that it names may be over already. */
export class SessionIndex {
  constructor(private readonly store: Store) {}

  async list(name: string): Promise<readonly IndexedSession[]> {
    const text = await this.store.get(indexKey(name));
    return text === undefined ? [] : read(text);
  }

  /** The sessions that had to make room. `isOver` is asked where there are too many. */
  async add(
    name: string,
    added: IndexedSession,
    isOver: (session: IndexedSession) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<readonly IndexedSession[]> {
    let outOf: readonly IndexedSession[] = [];
    await this.change(name, async (before) => {
      const there = before.length < maxSessions ? before : await without(before, isOver);
      const after = [...there, added];
      outOf = after.slice(0, Math.max(0, after.length - maxSessions));
      return after.slice(outOf.length);
    });
    return outOf;
  }

  async remove(name: string, removed: readonly string[]): Promise<void> {
    await this.change(name, (before) => before.filter(({ key }) => !removed.includes(key)));
  }

  private async change(
    name: string,
    edit: (
      before: readonly IndexedSession[],
    ) => readonly IndexedSession[] | Promise<readonly IndexedSession[]>,
  ): Promise<void> {
    const indexName = indexKey(name);
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const text = await this.store.get(indexName);
      const after = await edit(text === undefined ? [] : read(text));
      if (await this.write(indexName, text, after)) return;
      await sleep(Math.random() * waitMs * attempt);
    }
    throw new StoreUnavailableError(`${indexName} changes faster than it can be written`);
  }

  private async write(
    key: string,
    before: string | undefined,
    after: readonly IndexedSession[],
  ): Promise<boolean> {
    if (after.length === 0 && before === undefined) return true;
    const ttlMs = Math.max(1, ...after.map(({ endsAtMs }) => endsAtMs - Date.now()));
    const text = JSON.stringify(after.map(({ key: session, endsAtMs }) => [session, endsAtMs]));
    return before === undefined
      ? await this.store.setIfAbsent(key, text, ttlMs)
      : await this.store.compareAndSet(key, before, text, ttlMs);
  }
}

async function without(
  sessions: readonly IndexedSession[],
  isOver: (session: IndexedSession) => Promise<boolean>,
): Promise<readonly IndexedSession[]> {
  const over = await Promise.all(sessions.map(isOver));
  return sessions.filter((_session, index) => over[index] === false);
}

/** What is over in any case is left out. */
function read(text: string): readonly IndexedSession[] {
  const entries = JSON.parse(text) as [key: string, endsAtMs: number][];
  return entries
    .map(([key, endsAtMs]) => ({ key, endsAtMs }))
    .filter(({ endsAtMs }) => endsAtMs > Date.now());
}

function indexKey(name: string): string {
  return `sessions-of:${name}`;
}
