import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { StoreUnavailableError } from '@bff/store';
import { AUTH_OPTIONS } from '../auth.options.js';
import type { AuthenticationMethod, Credentials } from '../methods/authentication-method.js';
import { BearerChallenges } from './bearer-challenge.js';
import { type PresentedToken, readPresentedToken, type TokenScheme } from './bearer-token.js';
import type { BearerOptions, ProofStore } from './bearer.options.js';
import { createBearerVerifier } from './bearer.strategy.js';
import { type DpopMode, isTaken } from './dpop-mode.js';
import { type BoundToken, DpopProofs } from './dpop-proof.js';
import { Introspection } from './introspection.js';
import { IssuerKeys } from './issuer-keys.js';
import { ProofError } from './proof.error.js';
import { isProven, keepProven } from './proven-connections.js';
import { type KnownToken, VerifiedTokens } from './verified-tokens.js';

/**
 * An access token of the issuer (RFC 6750, 9068), with proof of possession where it is bound to a key (RFC 9449).
 * Verified tokens are remembered, never beyond their expiry; a proof is checked each time.
 */
@Injectable()
export class BearerMethod implements AuthenticationMethod {
  readonly challenge: string;
  readonly invitation: string;
  private readonly logger = new Logger(BearerMethod.name);
  private readonly mode: DpopMode;
  private readonly challenges: BearerChallenges;
  private readonly tokens: VerifiedTokens;
  private readonly proofs: DpopProofs;
  private readonly introspection: Introspection | undefined;

  constructor(
    @Inject(AUTH_OPTIONS) options: BearerOptions & ProofStore,
    keys: IssuerKeys,
    http: HttpService,
  ) {
    const { dpop = 'off', issuer, introspection, store } = options;
    this.mode = dpop;
    this.challenges = new BearerChallenges(dpop);
    ({ challenge: this.challenge, invitation: this.invitation } = this.challenges);
    this.tokens = new VerifiedTokens(createBearerVerifier(options, keys));
    this.proofs = new DpopProofs(store);
    this.introspection = introspection && new Introspection(issuer, introspection, http);
  }

  identify(request: Request, response: Response): Caller | Promise<Caller> | undefined {
    if (request.headers.authorization === undefined) return undefined;
    const presented = readPresentedToken(request);
    if (presented === null) throw this.challenges.refuseToken('Bearer');
    const known = this.tokens.find(presented.token);
    // Most calls: nobody and nothing needs to be asked.
    if (known !== undefined && this.isEnough(presented, known)) return known.caller;
    return this.identifyWhole(request, response, presented);
  }

  /**
   * True when its token was let in once and has not expired: who was let in stays known when it is time to verify the
   * token again. Reads the header as most callers write it.
   */
  knows({ authorization = '' }: Credentials): boolean {
    const scheme = ['Bearer ', 'DPoP '].find((start) => authorization.startsWith(start));
    return scheme !== undefined && this.tokens.has(authorization.slice(scheme.length));
  }

  private isEnough(presented: PresentedToken, { jkt }: KnownToken): boolean {
    const needsNoProof = jkt === undefined && isTaken(this.mode, presented, jkt);
    return needsNoProof && (this.introspection?.recall(presented.token) ?? this.introspection === undefined);
  }

  private async identifyWhole(
    request: Request,
    response: Response,
    presented: PresentedToken,
  ): Promise<Caller> {
    const { scheme, token } = presented;
    const known = this.tokens.find(token) ?? (await this.read(request, response, presented));
    const { jkt, caller, expiresAtMs } = known;
    if (!isTaken(this.mode, presented, jkt))
      throw this.refuse(scheme, 'bound to a key or not, it is not taken like this');
    if (jkt !== undefined) await this.checkProof(request, { token, jkt });
    if ((await this.introspection?.isActive(token, expiresAtMs)) === false) {
      this.tokens.forget(token);
      throw this.refuse(scheme, 'it is not active any more');
    }
    this.tokens.remember(token, known);
    return caller;
  }

  private async read(
    request: Request,
    response: Response,
    { scheme, token }: PresentedToken,
  ): Promise<KnownToken> {
    return await this.tokens.read(request, response, token).catch((why: unknown) => {
      this.tokens.forget(token);
      throw this.refuse(scheme, why instanceof Error ? why.message : 'no reason');
    });
  }

  private async checkProof(request: Request, bound: BoundToken): Promise<void> {
    if (isProven(request, bound)) return;
    await this.proofs.check(request, bound).catch((error: unknown) => {
      if (error instanceof ProofError) throw this.challenges.refuseProof(error.message);
      if (error instanceof StoreUnavailableError)
        throw new ProblemError('overloaded', 'DPoP proofs cannot be checked at the moment.', {
          cause: error,
        });
      throw error;
    });
    keepProven(request, bound);
  }

  /** `why` is for the log only. */
  private refuse(scheme: TokenScheme, why: string): ProblemError {
    this.logger.debug(`access token refused: ${why}`);
    return this.challenges.refuseToken(scheme);
  }
}
