import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { currentContext, PatientTimeout } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import { type Store, StoreUnavailableError } from '@bff/store';
import { AuditLog } from '../audit/audit-log.js';
import { AUTH_OPTIONS } from '../auth.options.js';
import { IdentityProvider } from '../sign-in/identity-provider.js';
import { providerName } from '../sign-in/provider-fetch.js';
import { InvalidGrantError, toOutage } from '../sign-in/provider-failure.js';
import type { LiveSession } from './live-session.js';
import type { SessionTokens } from './session.js';
import { Sessions } from './sessions.js';

/** So long before its end an access token is replaced, while it still serves. */
const leewayMs = 60_000;
/** A token with less than this left may be over by the time a service looks at it. */
const leastMs = 2_000;
/** After a failure the provider is left alone for so long, for this session. */
const coolDownMs = 1_000;
/** Longer than a refresh can take, so that a lock is lost only by a replica that is gone. */
const lockTtlMs = 15_000;
const lockWaitMs = 12_000;
const persistForMs = 8_000;
const persistEveryMs = 100;

type Outcome = LiveSession | undefined;

/**
 * Keeps the access tokens of sessions fresh: each is replaced before it expires, once for all replicas. While the
 * provider is down, what still holds is used. Only `invalid_grant` ends a session.
 */
@Injectable()
export class TokenRefresh {
  private readonly logger = new Logger(TokenRefresh.name);
  private readonly store: Store;
  private readonly running = new Map<string, Promise<Outcome>>();
  private readonly failures = new LRUCache<string, UpstreamError>({ max: 10_000, ttl: coolDownMs });

  constructor(
    @Inject(AUTH_OPTIONS) { store }: { readonly store: Store },
    private readonly sessions: Sessions,
    private readonly provider: IdentityProvider,
    private readonly audit: AuditLog,
  ) {
    this.store = store;
  }

  /**
   * The session with an access token that holds; undefined: it has ended. Rejects with UpstreamError when the token is
   * over and the provider gives no new one, and at the request's deadline. Without the store nothing is replaced.
   */
  ensureFresh(live: LiveSession): Outcome | Promise<Outcome> {
    const leftMs = remainingMs(live);
    if (leftMs > leewayOf(live)) return live;
    const refresh = this.refresh(live);
    if (leftMs <= leastMs) return withinDeadline(refresh).catch((error: unknown) => unlessStore(error, live));
    // It still serves: nobody has to wait.
    refresh.catch(() => undefined);
    return live;
  }

  /** Goes on when nobody waits any more: a refresh token that was used must not be lost. */
  private refresh(live: LiveSession): Promise<Outcome> {
    const { key } = live.record;
    const failure = this.failures.get(key);
    if (failure !== undefined) return Promise.reject(failure);
    const running = this.running.get(key) ?? this.refreshOnce(live).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  private async refreshOnce(live: LiveSession): Promise<Outcome> {
    const { key } = live.record;
    const lock = await this.store.lock(`refresh:${key}`, { ttlMs: lockTtlMs, waitMs: lockWaitMs });
    if (lock === undefined)
      throw new UpstreamError(providerName, 'timeout', 'somebody else refreshes for too long');
    try {
      // Whoever had the lock before may have done it.
      const now = await this.sessions.reread(live);
      return now === undefined || isRenewed(now, live) ? now : await this.renew(now);
    } catch (error) {
      if (error instanceof UpstreamError) this.failures.set(key, error);
      throw error;
    } finally {
      await lock.release();
    }
  }

  private async renew(live: LiveSession): Promise<Outcome> {
    const { session } = live.record;
    const { refreshToken } = session.tokens;
    if (refreshToken === undefined) return live;
    const about = { userId: session.subject, session: session.id };
    try {
      const tokens = keepScopes(await this.provider.refresh(refreshToken, session.subject), session.tokens);
      const renewed = await this.keep(live, tokens);
      if (renewed !== undefined) this.audit.write('session_refreshed', about);
      return renewed;
    } catch (error) {
      // Whatever it was, the session stays.
      if (!(error instanceof InvalidGrantError)) throw toOutage(error);
      await this.sessions.end(live, 'revoked');
      return undefined;
    }
  }

  /** A session that was only used meanwhile is tried again; one that has ended stays so, and its new tokens end too. */
  private async keep(live: LiveSession, tokens: SessionTokens): Promise<Outcome> {
    const reread = () => persist(() => this.sessions.reread(live));
    for (let current: Outcome = live; current !== undefined; current = await reread()) {
      const { record } = current;
      const renewed = await persist(() => this.sessions.replace({ record }, { ...record.session, tokens }));
      if (renewed !== undefined) return renewed;
    }
    await this.provider.revoke(tokens).catch((error: unknown) => this.logger.warn(error));
    return undefined;
  }
}

/** Tokens that live for less than twice the usual leeway are replaced after half of their life. */
function leewayOf({ record }: LiveSession): number {
  const { accessExpiresAtMs = Infinity, receivedAtMs } = record.session.tokens;
  return Math.min(leewayMs, (accessExpiresAtMs - receivedAtMs) / 2);
}

function unlessStore(error: unknown, live: LiveSession): LiveSession {
  if (error instanceof StoreUnavailableError) return live;
  throw error;
}

/** What the provider has given is not lost by a moment without the store: the provider gives it only once. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + persistForMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || performance.now() > endMs) throw error;
      await sleep(persistEveryMs);
    }
  }
}

function remainingMs({ record }: LiveSession): number {
  const { accessExpiresAtMs, refreshToken } = record.session.tokens;
  return accessExpiresAtMs === undefined || refreshToken === undefined
    ? Infinity
    : accessExpiresAtMs - Date.now();
}

function isRenewed(now: LiveSession, before: LiveSession): boolean {
  return now.record.session.tokens.accessToken !== before.record.session.tokens.accessToken;
}

/** RFC 6749, section 5.1: scopes that are not told are those that were asked for, here those of before. */
function keepScopes(tokens: SessionTokens, { scopes }: SessionTokens): SessionTokens {
  return tokens.scopes.length > 0 ? tokens : { ...tokens, scopes };
}

/** The request gives up at its deadline; the work goes on. */
function withinDeadline<T>(work: Promise<T>): Promise<T> {
  const leftMs = currentContext()?.deadline.remainingMs();
  if (leftMs === undefined) return work;
  return new Promise((resolve, reject) => {
    const late = new PatientTimeout(() => reject(new UpstreamError(providerName, 'timeout')), leftMs);
    work.then(resolve, reject).finally(() => late.clear());
  });
}
