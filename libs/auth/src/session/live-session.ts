import type { Caller } from '@bff/context';
import { keepAccessToken } from '../access-token.js';
import type { SessionRecord } from './session-records.js';

/** A session that was just read, with the caller that it makes. */
export interface LiveSession {
  readonly record: SessionRecord;
  readonly caller: Caller;
  /** When the store last said that it is there; on the clock of `performance.now()`. */
  readonly confirmedAtMs: number;
}

const sessions = new WeakMap<Caller, LiveSession>();

/** The session by which a caller came in; undefined for those who came in otherwise. */
export function sessionOf(caller: Caller): LiveSession | undefined {
  return sessions.get(caller);
}

/** `before`: the same session as it was read before, whose caller goes on when nothing has changed but its use. */
export function toLiveSession(record: SessionRecord, before?: LiveSession): LiveSession {
  const isSame = before?.record.head.version === record.head.version;
  const caller = isSame ? before.caller : toCaller(record);
  const live = { record, caller, confirmedAtMs: performance.now() };
  sessions.set(caller, live);
  return live;
}

function toCaller({ session }: SessionRecord): Caller {
  const { subject, tokens, authentication } = session;
  const caller = { id: subject, scopes: new Set(tokens.scopes), authentication };
  const { accessToken, accessExpiresAtMs = Infinity } = tokens;
  if (accessExpiresAtMs > Date.now()) keepAccessToken(caller, accessToken);
  return caller;
}
