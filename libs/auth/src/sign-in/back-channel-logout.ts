import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ProblemError } from '@bff/problem';
import type { Store } from '@bff/store';
import { AuditLog } from '../audit/audit-log.js';
import { AUTH_OPTIONS } from '../auth.options.js';
import { IssuerKeys } from '../bearer/issuer-keys.js';
import { clockSkewSeconds } from '../bearer/token-claims.js';
import { LogoutMarks } from '../session/logout-marks.js';
import type { SessionOptions } from '../session/session.options.js';
import { Sessions } from '../session/sessions.js';
import { throwUnavailable } from '../session/unavailable.js';
import { KeysUnavailableError, type LogoutToken, readLogoutToken } from './logout-token.js';
import { signInTtlSeconds } from './sign-in-cookies.js';

interface LogoutOptions {
  readonly issuer: string;
  readonly session: SessionOptions;
  readonly store: Store;
}

/** The provider tells that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class BackChannelLogout {
  private readonly logger = new Logger(BackChannelLogout.name);
  private readonly expected: { readonly issuer: string; readonly clientId: string };
  private readonly store: Store;
  private readonly marks: LogoutMarks;

  constructor(
    @Inject(AUTH_OPTIONS) { issuer, session, store }: LogoutOptions,
    private readonly keys: IssuerKeys,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {
    this.expected = { issuer, clientId: session.clientId };
    this.store = store;
    this.marks = new LogoutMarks(store, signInTtlSeconds * 1_000);
  }

  /**
   * Ends what the token names. Throws `invalid_request` for one that does not hold or was used before, and
   * `sessions_unavailable` when it should be sent again.
   */
  async end(text: string): Promise<void> {
    const token = await readLogoutToken(text, this.keys, this.expected).catch((why: unknown) => {
      if (why instanceof KeysUnavailableError) throw unverifiable(why);
      throw this.refuse(why instanceof Error ? why.message : 'no reason');
    });
    const used = `logout-token:${createHash('sha256').update(token.jti).digest('base64url')}`;
    const ttlMs = token.expiresAtMs - Date.now() + 2 * clockSkewSeconds * 1_000;
    const isFirst = await this.store.setIfAbsent(used, 'used', ttlMs).catch(throwUnavailable);
    if (!isFirst) throw this.refuse('used before');
    try {
      await this.endSessions(token);
    } catch (error) {
      // It may come again: what it asks for is not done.
      await this.store.delete(used).catch(() => undefined);
      throw error;
    }
  }

  private async endSessions({ subject, providerSession }: LogoutToken): Promise<void> {
    const by = providerSession === undefined ? { subject: subject ?? '' } : { providerSession };
    // First: a sign-in that is under way looks for it when its session is there.
    await this.marks.set(by).catch(throwUnavailable);
    const found = await this.sessions.list(by);
    const named = found.filter(({ record }) => subject === undefined || record.session.subject === subject);
    for (const one of named) await this.sessions.end(one, 'provider');
    this.audit.write('sessions_ended_by_provider', {
      count: named.length,
      ...(subject === undefined ? {} : { userId: subject }),
    });
  }

  private refuse(reason: string): ProblemError {
    this.logger.debug(`logout token refused: ${reason}`);
    this.audit.write('logout_token_refused', {});
    const errors = [{ path: 'logout_token', message: 'Not a logout token that holds here' }];
    return new ProblemError('invalid_request', undefined, { errors });
  }
}

function unverifiable(cause: KeysUnavailableError): ProblemError {
  const detail =
    'The keys of the identity provider cannot be had at the moment. Send the logout token again.';
  return new ProblemError('sessions_unavailable', detail, { cause });
}
