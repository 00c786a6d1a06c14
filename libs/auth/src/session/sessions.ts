import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Store, StoreUnavailableError } from '@bff/store';
import { AuditLog } from '../audit/audit-log.js';
import { AUTH_OPTIONS } from '../auth.options.js';
import { type LiveSession, toLiveSession } from './live-session.js';
import { type EndReason, SessionEnds } from './session-ends.js';
import { type IndexedSession, SessionIndex } from './session-index.js';
import { type IndexName, indexNamesOf, toIndexName } from './session-names.js';
import { createSessionValue, sessionKeyOf, SessionRecords } from './session-records.js';
import type { SessionOptions } from './session.options.js';
import type { Session, SignedIn } from './session.js';
import { throwUnavailable } from './unavailable.js';

const maxRemembered = 10_000;
/** Its use is written down no more often than this, or than a tenth of the idle time. */
const touchEveryMs = 60_000;

interface SessionsOptions {
  readonly session: SessionOptions;
  readonly store: Store;
}

export interface OpenedSession {
  /** For the browser alone. */
  readonly value: string;
  readonly session: Session;
  /** Those that had to make room for it. */
  readonly replaced: readonly Session[];
}

/**
 * Who is signed in, by the value of a cookie. The store is asked with each call, so that what ends on one replica is over
 * on all of them; what it keeps is read again only when it has changed. While it cannot be asked, those who were just
 * seen stay signed in for a while, and everybody else gets `sessions_unavailable`.
 */
@Injectable()
export class Sessions {
  private readonly options: SessionOptions;
  private readonly records: SessionRecords;
  private readonly index: SessionIndex;
  private readonly remembered = new LRUCache<string, LiveSession>({ max: maxRemembered });

  constructor(
    @Inject(AUTH_OPTIONS) { session, store }: SessionsOptions,
    private readonly ends: SessionEnds,
    private readonly audit: AuditLog,
  ) {
    this.options = session;
    this.records = new SessionRecords(store, session);
    this.index = new SessionIndex(store);
  }

  /** A new session under a new value. Rejects with `sessions_unavailable`. */
  async open(signedIn: SignedIn, device: string): Promise<OpenedSession> {
    const value = createSessionValue();
    const [key, createdAtMs] = [sessionKeyOf(value), Date.now()];
    const endsAtMs = createdAtMs + this.options.absoluteMs;
    const session = { ...signedIn, id: randomUUID(), device, createdAtMs, endsAtMs };
    return orUnavailable(async () => {
      const replaced: Session[] = [];
      for (const name of indexNamesOf(session)) {
        const outOf = await this.index.add(name, { key, endsAtMs }, (entry) => this.isIdle(entry));
        replaced.push(...(await this.endReplaced(outOf.map((entry) => entry.key))));
      }
      await this.records.create(key, session);
      return { value, session, replaced };
    });
  }

  /** Undefined: nobody is signed in by this value. Rejects with `sessions_unavailable`. */
  async find(value: string): Promise<LiveSession | undefined> {
    const key = sessionKeyOf(value);
    const known = this.remembered.get(key);
    try {
      const record = await this.records.find(key, known?.record);
      return this.remember(key, record, known);
    } catch (error) {
      if (error instanceof StoreUnavailableError && known !== undefined && this.isBelieved(known))
        return known;
      return throwUnavailable(error);
    }
  }

  /** Whole seconds until it is over if nothing more is called. */
  secondsLeft({ record }: LiveSession): number {
    const leftMs = Math.min(this.options.idleMs, record.session.endsAtMs - Date.now());
    return Math.max(0, Math.floor(leftMs / 1_000));
  }

  /** True when it was signed in when it was asked last. */
  knows(value: string): boolean {
    return this.remembered.has(sessionKeyOf(value));
  }

  /** The session as the store has it now. */
  async reread({ record: { key } }: LiveSession): Promise<LiveSession | undefined> {
    const known = this.remembered.get(key);
    return this.remember(key, await this.records.find(key, known?.record), known);
  }

  /** Undefined: it has ended or changed meanwhile, and nothing was written. */
  async replace({ record }: Pick<LiveSession, 'record'>, session: Session): Promise<LiveSession | undefined> {
    const replaced = await this.records.replace(record, session);
    return replaced === undefined ? undefined : this.remember(record.key, replaced);
  }

  /** To be called with each use. Never rejects, and nobody has to wait for it. */
  async touch(live: LiveSession): Promise<void> {
    const everyMs = Math.min(touchEveryMs, this.options.idleMs / 10);
    if (Date.now() - live.record.head.usedAtMs < everyMs) return;
    const touched = await this.records.touch(live.record).catch(() => undefined);
    if (touched !== undefined && this.remembered.has(live.record.key))
      this.remember(touched.key, touched, live);
  }

  /** From here on no replica takes it. Rejects with `sessions_unavailable`. */
  async end({ record }: Pick<LiveSession, 'record'>, reason: EndReason): Promise<void> {
    const { key, session } = record;
    await orUnavailable(async () => {
      const isEnded = await this.records.end(key);
      this.remembered.delete(key);
      if (!isEnded) return;
      await this.ends.tell(key, reason);
      for (const name of indexNamesOf(session)) await this.index.remove(name, [key]);
      this.audit.write('session_ended', { userId: session.subject, session: session.id, reason });
    });
  }

  /**
   * Resolves with those that were still there of sessions that others take the place of. Rejects with
   * `sessions_unavailable`.
   */
  async endReplaced(keys: readonly string[]): Promise<readonly Session[]> {
    return orUnavailable(async () => {
      const ended: Session[] = [];
      for (const key of keys) {
        const record = await this.records.find(key);
        if (record === undefined) continue;
        await this.end({ record }, 'replaced');
        ended.push(record.session);
      }
      return ended;
    });
  }

  /** The sessions of a user (`subject`), or those that belong to one at the provider; the latest first. */
  async list(by: IndexName): Promise<readonly Pick<LiveSession, 'record'>[]> {
    return orUnavailable(async () => {
      const entries = await this.index.list(toIndexName(by));
      const records = await Promise.all(entries.map(({ key }) => this.records.find(key)));
      return records.flatMap((record) => (record === undefined ? [] : [{ record }])).toReversed();
    });
  }

  /** One that has just begun is listed before it is stored: only what is old enough can have been idle for so long. */
  private async isIdle({ key, endsAtMs }: IndexedSession): Promise<boolean> {
    const ageMs = Date.now() - (endsAtMs - this.options.absoluteMs);
    return ageMs > this.options.idleMs && !(await this.records.exists(key));
  }

  private remember(
    key: string,
    record: LiveSession['record'] | undefined,
    before?: LiveSession,
  ): LiveSession | undefined {
    if (record === undefined) {
      this.remembered.delete(key);
      return undefined;
    }
    const live = toLiveSession(record, before);
    this.remembered.set(key, live);
    return live;
  }

  private isBelieved({ confirmedAtMs, record }: LiveSession): boolean {
    const isRecent = performance.now() - confirmedAtMs < this.options.withoutStoreMs;
    return isRecent && record.session.endsAtMs > Date.now();
  }
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  return work().catch(throwUnavailable);
}
