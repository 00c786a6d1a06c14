import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { AUTH_OPTIONS } from '../auth.options.js';
import type { Arrival, AuthenticationMethod, Credentials } from '../methods/authentication-method.js';
import { cookieName, readCookie } from './cookies.js';
import { refuseForeignUpgrade, refuseForgery } from './refuse-forgery.js';
import { isSessionValue } from './session-records.js';
import type { SessionOptions } from './session.options.js';
import { Sessions } from './sessions.js';
import { TokenRefresh } from './token-refresh.js';

/** A browser that has signed in: its cookie holds an id, and the gateway holds everything else. */
@Injectable()
export class SessionMethod implements AuthenticationMethod {
  readonly cookie: string;
  readonly challenge: string;
  readonly invitation = 'Sign in at /bff/login, and send the header X-CSRF: 1 with every call.';
  private readonly options: SessionOptions;

  constructor(
    @Inject(AUTH_OPTIONS) { session }: { readonly session: SessionOptions },
    private readonly sessions: Sessions,
    private readonly refresh: TokenRefresh,
  ) {
    this.cookie = cookieName(session.gateway, 'session');
    // No scheme for cookies is registered; this is the one that was drafted (draft-broyer-http-cookie-auth).
    this.challenge = `Cookie realm="bff", form-action="/bff/login", cookie-name="${this.cookie}"`;
    this.options = session;
  }

  /**
   * Whoever has a cookie is asked for the header before anything else, even before the store is. One whose session is
   * over stays with the browser: when it hears of that, another tab may have signed in, and its cookie would go.
   */
  identify(request: Request, _response?: Response, arrival?: Arrival): Promise<Caller> | undefined {
    const value = this.valueIn(request.headers);
    if (value === undefined) return undefined;
    if (arrival === 'upgrade') refuseForeignUpgrade(request, this.options);
    else refuseForgery(request, this.options);
    return this.signedIn(value, request);
  }

  /** For cookies of others that a route hands on: throws `cross_site_request` as for those of a session. */
  refuseForeignUpgrade(request: Request): void {
    refuseForeignUpgrade(request, this.options);
  }

  knows(credentials: Credentials): boolean {
    const value = this.valueIn(credentials);
    return value !== undefined && this.sessions.knows(value);
  }

  private valueIn({ cookie }: Credentials): string | undefined {
    const value = readCookie(cookie, this.cookie);
    return value !== undefined && isSessionValue(value) ? value : undefined;
  }

  private async signedIn(value: string, request: Request): Promise<Caller> {
    const found = await this.sessions.find(value);
    const live = found === undefined || endsSessions(request) ? found : await this.refresh.ensureFresh(found);
    if (live === undefined) {
      const headers = { 'WWW-Authenticate': this.challenge };
      throw new ProblemError('unauthenticated', 'The session is over: sign in at /bff/login.', { headers });
    }
    void this.sessions.touch(live);
    return live.caller;
  }
}

/** Who signs out needs no token of the provider, and must not have to wait for it. */
function endsSessions({ method, path }: Request): boolean {
  return path.startsWith('/bff/') && (method === 'POST' || method === 'DELETE');
}
