import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError, toProblemError } from '@bff/problem';
import type { Store } from '@bff/store';
import { AuditLog } from '../audit/audit-log.js';
import { AUTH_OPTIONS } from '../auth.options.js';
import { cookieName, readCookie, writeCookie } from '../session/cookies.js';
import { describeDevice } from '../session/device.js';
import { originOf, publicOriginOf } from '../session/refuse-forgery.js';
import { isSessionValue, sessionKeyOf } from '../session/session-records.js';
import { LogoutMarks } from '../session/logout-marks.js';
import type { SessionOptions } from '../session/session.options.js';
import type { SignedIn } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { throwUnavailable } from '../session/unavailable.js';
import { IdentityProvider } from './identity-provider.js';
import { InvalidGrantError, SignInRefusedError } from './provider-failure.js';
import { signInTtlSeconds, SignInCookies } from './sign-in-cookies.js';
import { SignInRequest, type SignInWishes } from './sign-in-request.js';

/** Where a browser is to go, and what it is to keep. */
export interface SignInStep {
  readonly location: string;
  readonly cookies: readonly string[];
}

interface SignInOptions {
  readonly session: SessionOptions;
  readonly store: Store;
}

/** What a provider says to `prompt=none` when it would have to ask (OpenID Connect Core, section 3.1.2.6). */
const wouldAsk = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

/** Signing in with a browser: the authorization code flow with PKCE, from the first redirect to the session. */
@Injectable()
export class SignIn {
  private readonly options: SessionOptions;
  private readonly store: Store;
  private readonly marks: LogoutMarks;
  private readonly cookies: SignInCookies;
  private readonly sessionCookie: string;

  constructor(
    @Inject(AUTH_OPTIONS) { session, store }: SignInOptions,
    private readonly provider: IdentityProvider,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {
    this.options = session;
    this.store = store;
    this.marks = new LogoutMarks(store, signInTtlSeconds * 1_000);
    this.cookies = new SignInCookies(session);
    this.sessionCookie = cookieName(session.gateway, 'session');
  }

  /** To the provider. `returnUrl` is checked. Rejects with UpstreamError, or `sessions_unavailable`. */
  async begin(request: Request, returnUrl: string, wishes: SignInWishes): Promise<SignInStep> {
    if (!this.store.isAvailable) throw new ProblemError('sessions_unavailable');
    const attempt = SignInRequest.create(returnUrl, wishes, this.sessionKeyIn(request));
    const location = await this.provider.authorizationUrl(attempt, this.redirectUri(request));
    return { location: location.href, cookies: this.cookies.add(attempt, request.headers.cookie) };
  }

  /**
   * From the provider, with the cookie of a new session. Where `prompt=none` came to nothing, back to `returnUrl` with
   * `sign_in=login_required` in its query, and no cookie. Rejects with `sign_in_failed`, UpstreamError, or
   * `sessions_unavailable`.
   */
  async finish(request: Request): Promise<SignInStep> {
    const callback = new URL(request.originalUrl, originOf(request));
    const attempt = await this.takeAttempt(callback, request);
    const clear = this.cookies.clear(attempt.state);
    try {
      const signedIn = await this.provider.redeem(this.asRegistered(callback, request), attempt);
      const value = await this.openSession(signedIn, attempt, request);
      const cookie = writeCookie(this.sessionCookie, value, { sameSite: 'Strict' });
      const later = this.cookies.replaceLater(sessionKeyOf(value), attempt.state, request.headers.cookie);
      return { location: attempt.returnUrl, cookies: [clear, ...later, cookie] };
    } catch (error) {
      const code = refusalOf(error);
      if (code === undefined) throw withCookie(error, clear);
      if (attempt.isSilent && wouldAsk.includes(code))
        return { location: withLoginRequired(attempt.returnUrl), cookies: [clear] };
      throw this.failed(code, clear, error);
    }
  }

  /** Each is used once, by the browser that began it: a code is never redeemed twice. */
  private async takeAttempt(callback: URL, request: Request): Promise<SignInRequest> {
    const states = callback.searchParams.getAll('state');
    const [state = ''] = states;
    const attempt = states.length === 1 ? this.cookies.find(state, request.headers.cookie) : undefined;
    if (attempt === undefined) throw this.failed('unknown_state');
    const key = `sign-in:${createHash('sha256').update(state).digest('base64url')}`;
    const isFirst = await this.store
      .setIfAbsent(key, 'used', signInTtlSeconds * 1_000)
      .catch(throwUnavailable);
    if (!isFirst) throw this.failed('replayed', this.cookies.clear(state));
    return attempt;
  }

  /** Under a new value; the session that the browser had before is over, whoever it was of. */
  private async openSession(signedIn: SignedIn, attempt: SignInRequest, request: Request): Promise<string> {
    const device = describeDevice(request.headers['user-agent']);
    const { value, session, replaced } = await this.sessions.open(signedIn, device);
    if (await this.marks.isSet(signedIn, attempt.startedAtMs).catch(throwUnavailable)) {
      await this.sessions.endReplaced([sessionKeyOf(value)]);
      for (const { tokens } of [session, ...replaced]) this.provider.revokeLater(tokens);
      throw new SignInRefusedError('logged_out');
    }
    const { subject: userId, authentication } = session;
    this.audit.write('sign_in', {
      userId,
      session: session.id,
      device: session.device,
      acr: authentication.acr,
    });
    // Where the provider is another site, the `Strict` cookie is not here; it was when the sign-in began.
    const before = [attempt.replaces, this.sessionKeyIn(request)];
    const ended = await this.sessions.endReplaced(before.filter((key) => key !== undefined));
    for (const one of [...replaced, ...ended])
      if (isApart(one, session)) this.provider.revokeLater(one.tokens);
    return value;
  }

  private sessionKeyIn({ headers }: Request): string | undefined {
    const value = readCookie(headers.cookie, this.sessionCookie);
    return value !== undefined && isSessionValue(value) ? sessionKeyOf(value) : undefined;
  }

  private failed(reason: string, cookie?: string, cause?: unknown): ProblemError {
    this.audit.write('sign_in_failed', { reason });
    const headers = cookie === undefined ? undefined : { 'Set-Cookie': cookie };
    return new ProblemError('sign_in_failed', detailOf(reason), { cause, ...(headers && { headers }) });
  }

  private redirectUri(request: Request): string {
    return `${publicOriginOf(request, this.options.origins)}/bff/callback`;
  }

  /** The callback under the address that the provider was told. */
  private asRegistered({ search }: URL, request: Request): URL {
    const url = new URL(this.redirectUri(request));
    url.search = search;
    return url;
  }
}

/**
 * Providers revoke a token with all that they have given to this client in the same session of theirs (RFC 7009,
 * section 2.1): where the new tokens may be among that, the old ones are left to expire.
 */
function isApart(before: SignedIn, after: SignedIn): boolean {
  if (before.subject !== after.subject) return true;
  const [one, other] = [before.providerSession, after.providerSession];
  return one !== undefined && other !== undefined && one !== other;
}

function refusalOf(error: unknown): string | undefined {
  if (error instanceof SignInRefusedError) return error.code;
  return error instanceof InvalidGrantError ? 'invalid_grant' : undefined;
}

/** The same problem, and the browser forgets an attempt that is used up. */
function withCookie(error: unknown, cookie: string): ProblemError {
  const { code, detail, cause, headers } = toProblemError(error);
  return new ProblemError(code, detail, { cause, headers: { ...headers, 'Set-Cookie': cookie } });
}

function detailOf(reason: string): string {
  switch (reason) {
    case 'unknown_state':
      return 'This browser has not begun this sign-in, or too long ago. Begin again at /bff/login.';
    case 'replayed':
      return 'This sign-in is done already. Begin again at /bff/login.';
    case 'logged_out':
      return 'You have signed out meanwhile. Begin again at /bff/login.';
    case 'access_denied':
      return 'The sign-in was cancelled. Begin again at /bff/login.';
    case 'unmet_authentication_requirements':
      return 'A stronger sign-in was asked for than was made. Begin again at /bff/login.';
    default:
      return 'The answer of the identity provider cannot be trusted. Begin again at /bff/login.';
  }
}

function withLoginRequired(returnUrl: string): string {
  const { pathname, searchParams, hash } = new URL(returnUrl, 'http://nowhere.invalid');
  searchParams.set('sign_in', 'login_required');
  return `${pathname}?${searchParams.toString()}${hash}`;
}
