import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Caller } from '@bff/context';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { keepAccessToken } from './access-token.js';
import { bearerProblem } from './bearer-challenge.js';
import { readBearerToken } from './bearer-token.js';
import { createBearerVerifier, type VerifyBearer } from './bearer.strategy.js';
import { IssuerKeys } from './issuer-keys.js';

const bearerScheme = 'Bearer ';
const maxRemembered = 10_000;
/** A withdrawn key or a changed rule is felt after this time at the latest. */
const rememberForMs = 5 * 60_000;

interface Remembered {
  readonly caller: Caller;
  /** Until then it is not verified again. */
  readonly untilMs: number;
  readonly expiresAtMs: number;
}

/** Tells who sent a request, and remembers verified tokens, never beyond their expiry. */
@Injectable()
export class Callers {
  private readonly logger = new Logger(Callers.name);
  private readonly remembered = new LRUCache<string, Remembered>({ max: maxRemembered });
  private readonly verify: VerifyBearer;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions, keys: IssuerKeys) {
    this.verify = createBearerVerifier(options, keys);
  }

  /** Throws `unauthenticated` with a challenge when there is no token or it does not hold. */
  identify(request: Request, response: Response): Caller | Promise<Caller> {
    const token = readBearerToken(request);
    if (token === null)
      throw bearerProblem(request.headers.authorization === undefined ? undefined : 'invalid_token');
    return this.find(token) ?? this.verifyNew(token, request, response);
  }

  /**
   * True when its token was verified once and has not expired: who was let in stays known when it is time to verify
   * the token again. Verifies nothing, and reads the header as most callers write it: an overloaded process asks this
   * for each request that it refuses.
   */
  knows({ headers: { authorization } }: IncomingMessage): boolean {
    if (!authorization?.startsWith(bearerScheme)) return false;
    const known = this.remembered.get(authorization.slice(bearerScheme.length));
    return known !== undefined && known.expiresAtMs > Date.now();
  }

  private find(token: string): Caller | undefined {
    const known = this.remembered.get(token);
    return known !== undefined && known.untilMs > Date.now() ? known.caller : undefined;
  }

  private async verifyNew(token: string, request: Request, response: Response): Promise<Caller> {
    const verified = await this.verify(request, response).catch((why: unknown) => {
      this.remembered.delete(token);
      this.logger.debug(`access token refused: ${why instanceof Error ? why.message : 'no reason'}`);
      throw bearerProblem('invalid_token');
    });
    const { caller, expiresAt } = verified;
    const expiresAtMs = expiresAt * 1_000;
    this.remembered.set(token, {
      caller,
      expiresAtMs,
      untilMs: Math.min(expiresAtMs, Date.now() + rememberForMs),
    });
    keepAccessToken(caller, token);
    return caller;
  }
}
