import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '@bff/store';
import { SealedBox } from './sealed-box.js';
import type { Session } from './session.js';
import type { SessionOptions } from './session.options.js';

/** Small, and read with each call: which version of the session counts, and when it was used last. */
interface Head {
  readonly version: string;
  readonly usedAtMs: number;
}

/** A session as it stands in the store. */
export interface SessionRecord {
  readonly key: string;
  readonly head: Head;
  readonly session: Session;
}

/** A replacement goes between the two reads of one that is looked up; more than this in a row does not happen. */
const reads = 3;
/** A head whose body is gone would be a session for those who remember it, and none for the others. */
const bodyOutlivesMs = 10_000;
const idBytes = 32;

/** Of a new session: 256 random bits. */
export function createSessionValue(): string {
  return randomBytes(idBytes).toString('base64url');
}

export function isSessionValue(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Under which a session is stored. The store does not tell whoever reads it how to come in. */
export function sessionKeyOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

type Options = Pick<SessionOptions, 'secrets' | 'idleMs'>;

/**
 * Sessions in the store: a head that changes with each use, and a sealed body for each version. Everything is written
 * by comparing with the head as it was read: what has ended cannot come back by a late write.
 */
export class SessionRecords {
  private readonly box: SealedBox;

  constructor(
    private readonly store: Store,
    private readonly options: Options,
  ) {
    this.box = new SealedBox(options.secrets, 'session');
  }

  async create(key: string, session: Session): Promise<SessionRecord> {
    const head = { version: createVersion(), usedAtMs: Date.now() };
    await this.writeBody(key, head, session);
    await this.store.set(headKey(key), JSON.stringify(head), this.ttlOf(session));
    return { key, head, session };
  }

  /** Reads the body only where `known` is not of the same version. Undefined: there is no such session any more. */
  async find(key: string, known?: SessionRecord): Promise<SessionRecord | undefined> {
    for (let read = 1; read <= reads; read += 1) {
      const text = await this.store.get(headKey(key));
      if (text === undefined) return undefined;
      const head = JSON.parse(text) as Head;
      const session =
        known?.head.version === head.version ? known.session : await this.readBody(key, head.version);
      if (session !== undefined) return isOver(session) ? undefined : { key, head, session };
    }
    return undefined;
  }

  async exists(key: string): Promise<boolean> {
    return (await this.store.get(headKey(key))) !== undefined;
  }

  /** Undefined: it was ended or replaced since it was read, and stays so. */
  async replace(record: SessionRecord, session: Session): Promise<SessionRecord | undefined> {
    const head = { version: createVersion(), usedAtMs: Date.now() };
    await this.writeBody(record.key, head, session);
    const isReplaced = await this.writeHead(record, head, session);
    await this.store.delete(bodyKey(record.key, (isReplaced ? record.head : head).version));
    return isReplaced ? { key: record.key, head, session } : undefined;
  }

  /** It was used: its idle time begins anew. Undefined: it was ended, replaced or used elsewhere since it was read. */
  async touch(record: SessionRecord): Promise<SessionRecord | undefined> {
    const head = { ...record.head, usedAtMs: Date.now() };
    await this.writeBody(record.key, head, record.session);
    if (await this.writeHead(record, head, record.session)) return { ...record, head };
    await this.removeLeftBody(record);
    return undefined;
  }

  /** False: there was none. */
  async end(key: string): Promise<boolean> {
    const text = await this.store.get(headKey(key));
    const isEnded = await this.store.delete(headKey(key));
    if (text !== undefined) await this.store.delete(bodyKey(key, (JSON.parse(text) as Head).version));
    return isEnded;
  }

  /** What was just written for a session that has ended or changed meanwhile is nobody's. */
  private async removeLeftBody({ key, head: { version } }: SessionRecord): Promise<void> {
    const text = await this.store.get(headKey(key));
    if (text === undefined || (JSON.parse(text) as Head).version !== version)
      await this.store.delete(bodyKey(key, version));
  }

  private writeHead({ key, head }: SessionRecord, next: Head, session: Session): Promise<boolean> {
    const [before, after] = [JSON.stringify(head), JSON.stringify(next)];
    return this.store.compareAndSet(headKey(key), before, after, this.ttlOf(session));
  }

  private async writeBody(key: string, { version }: Head, session: Session): Promise<void> {
    const sealed = this.box.seal(JSON.stringify(session), bodyKey(key, version));
    await this.store.set(bodyKey(key, version), sealed, this.ttlOf(session) + bodyOutlivesMs);
  }

  private async readBody(key: string, version: string): Promise<Session | undefined> {
    const place = bodyKey(key, version);
    const sealed = await this.store.get(place);
    const text = sealed === undefined ? undefined : this.box.open(sealed, place);
    return text === undefined ? undefined : (JSON.parse(text) as Session);
  }

  private ttlOf({ endsAtMs }: Session): number {
    return Math.max(1, Math.min(this.options.idleMs, endsAtMs - Date.now()));
  }
}

function isOver({ endsAtMs }: Session): boolean {
  return endsAtMs <= Date.now();
}

function createVersion(): string {
  return randomBytes(9).toString('base64url');
}

function headKey(key: string): string {
  return `session:${key}`;
}

function bodyKey(key: string, version: string): string {
  return `session-body:${key}:${version}`;
}
