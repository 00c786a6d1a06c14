import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { ApiKeyMethod } from '../api-key/api-key.method.js';
import { AUTH_OPTIONS, type AuthOptions } from '../auth.options.js';
import { BearerMethod } from '../bearer/bearer.method.js';
import { SessionMethod } from '../session/session.method.js';
import type { Arrival, AuthenticationMethod, Credentials } from './authentication-method.js';

/** Tells who sent a request, by the methods that this gateway takes. */
@Injectable()
export class Callers {
  private readonly methods: readonly AuthenticationMethod[];

  constructor(
    @Inject(AUTH_OPTIONS) { methods }: AuthOptions,
    apiKeys: ApiKeyMethod,
    bearer: BearerMethod,
    sessions: SessionMethod,
  ) {
    const known = { 'api-key': apiKeys, bearer, session: sessions };
    // A cookie comes along by itself: what was sent on purpose counts before it.
    const order = ['api-key', 'bearer', 'session'] as const;
    this.methods = order.filter((name) => methods.includes(name)).map((name) => known[name]);
  }

  /** Throws `unauthenticated` with a challenge for each method when the request brings nothing that is taken here. */
  identify(request: Request, response: Response, arrival?: Arrival): Caller | Promise<Caller> {
    for (const method of this.methods) {
      const caller = method.identify(request, response, arrival);
      if (caller !== undefined) return caller;
    }
    throw this.stranger();
  }

  /** True for whoever was let in before, and whose proof of it has not expired. Verifies nothing. */
  knows({ headers }: { readonly headers: Credentials }): boolean {
    return this.methods.some((method) => method.knows(headers));
  }

  private stranger(): ProblemError {
    const invitation = this.methods.map((method) => method.invitation).join(' Or: ');
    const challenge = this.methods.map((method) => method.challenge).join(', ');
    return new ProblemError('unauthenticated', invitation, { headers: { 'WWW-Authenticate': challenge } });
  }
}
