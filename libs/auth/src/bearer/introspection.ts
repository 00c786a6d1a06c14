import type { HttpService } from '@nestjs/axios';
import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ProblemError, toRetryAfter } from '@bff/problem';
import type { IntrospectionOptions } from './bearer.options.js';
import { describeFailure, IntrospectionEndpoint } from './introspection-endpoint.js';

const usualRememberForMs = 30_000;
/** How many times longer an active token works while the issuer does not answer. */
const graceFactor = 4;
const maxRemembered = 10_000;
/** After so many failures in a row the issuer is asked once in a pause only, whoever calls. */
const failuresBeforePause = 3;
const pauseMs = 1_000;
const retryAfterMs = 2_000;

interface Verdict {
  readonly active: boolean;
  readonly untilMs: number;
  /** Until then it counts where no newer one can be had. */
  readonly graceUntilMs: number;
}

/**
 * Whether tokens that are good otherwise were revoked. What the issuer says counts for `rememberForMs`; four times as
 * long while it does not answer, but never beyond the token's expiry.
 */
export class Introspection {
  private readonly logger = new Logger(Introspection.name);
  private readonly endpoint: IntrospectionEndpoint;
  private readonly verdicts = new LRUCache<string, Verdict>({ max: maxRemembered });
  private readonly asking = new Map<string, Promise<boolean>>();
  private readonly rememberForMs: number;
  private failures = 0;
  private pausedUntilMs = 0;

  constructor(
    private readonly issuer: string,
    options: IntrospectionOptions,
    http: HttpService,
  ) {
    this.endpoint = new IntrospectionEndpoint(issuer, options, http);
    this.rememberForMs = options.rememberForMs ?? usualRememberForMs;
  }

  /** Undefined: the issuer must be asked. */
  recall(token: string): boolean | undefined {
    const verdict = this.verdicts.get(token);
    return verdict !== undefined && verdict.untilMs > Date.now() ? verdict.active : undefined;
  }

  /** Asks once for all who ask at the same time. Rejects with a 503 when nobody can tell. */
  async isActive(token: string, expiresAtMs: number): Promise<boolean> {
    const recalled = this.recall(token);
    if (recalled !== undefined) return recalled;
    const asked = this.asking.get(token);
    if (asked !== undefined) return asked;
    const asking = this.ask(token, expiresAtMs).finally(() => this.asking.delete(token));
    this.asking.set(token, asking);
    return asking;
  }

  private async ask(token: string, expiresAtMs: number): Promise<boolean> {
    const active = await this.question(token);
    if (active === undefined) return this.decideInDoubt(token);
    const within = (ms: number): number => Math.min(expiresAtMs, Date.now() + ms);
    const graceUntilMs = within(this.rememberForMs * graceFactor);
    this.verdicts.set(token, { active, untilMs: within(this.rememberForMs), graceUntilMs });
    return active;
  }

  private decideInDoubt(token: string): boolean {
    const last = this.verdicts.get(token);
    if (last !== undefined && last.graceUntilMs > Date.now()) return last.active;
    throw new ProblemError('overloaded', 'Access tokens cannot be checked at the moment.', {
      headers: { 'Retry-After': toRetryAfter(retryAfterMs) },
    });
  }

  /** Undefined: no answer, or none that can be understood. */
  private async question(token: string): Promise<boolean | undefined> {
    const isTroubled = this.failures >= failuresBeforePause;
    if (isTroubled && Date.now() < this.pausedUntilMs) return undefined;
    if (isTroubled) this.pausedUntilMs = Date.now() + pauseMs;
    try {
      const active = await this.endpoint.ask(token);
      this.failures = 0;
      return active;
    } catch (error) {
      this.failures += 1;
      this.logger.warn(`${this.issuer} does not say whether a token is active: ${describeFailure(error)}`);
      return undefined;
    }
  }
}
