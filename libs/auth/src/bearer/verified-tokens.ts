import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Caller } from '@bff/context';
import { keepAccessToken } from '../access-token.js';
import type { VerifyBearer } from './bearer.strategy.js';

const maxRemembered = 10_000;
/** A withdrawn key or a changed rule is felt after this time at the latest. */
const rememberForMs = 5 * 60_000;

export interface KnownToken {
  readonly caller: Caller;
  /** The thumbprint of the key that it is bound to. */
  readonly jkt: string | undefined;
  /** Until then it is not verified again. */
  readonly untilMs: number;
  readonly expiresAtMs: number;
}

/** Access tokens and whom they stand for: each is verified once in a while only. */
export class VerifiedTokens {
  private readonly remembered = new LRUCache<string, KnownToken>({ max: maxRemembered });

  constructor(private readonly verify: VerifyBearer) {}

  /** Undefined: it must be verified. */
  find(token: string): KnownToken | undefined {
    const known = this.remembered.get(token);
    return known !== undefined && known.untilMs > Date.now() ? known : undefined;
  }

  /** Of the request's token, which is not remembered by this. Rejects with the reason, which is for the log only. */
  async read(request: Request, response: Response, token: string): Promise<KnownToken> {
    const { caller, expiresAt, jkt } = await this.verify(request, response);
    keepAccessToken(caller, token);
    const expiresAtMs = expiresAt * 1_000;
    return { caller, jkt, expiresAtMs, untilMs: Math.min(expiresAtMs, Date.now() + rememberForMs) };
  }

  remember(token: string, known: KnownToken): void {
    this.remembered.set(token, known);
  }

  forget(token: string): void {
    this.remembered.delete(token);
  }

  /** Also when it is time to verify it again, until it expires. */
  has(token: string): boolean {
    const known = this.remembered.get(token);
    return known !== undefined && known.expiresAtMs > Date.now();
  }
}
