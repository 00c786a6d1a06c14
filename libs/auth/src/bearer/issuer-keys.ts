import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AUTH_OPTIONS } from '../auth.options.js';
import type { BearerOptions } from './bearer.options.js';
import { FetchBudget } from './fetch-budget.js';
import { fetchDocument, fetchMetadata } from './issuer-documents.js';
import { type IssuerKey, type KeysById, readJwks } from './jwks.js';
import { type KeyTimes, usualKeyTimes } from './key-times.js';

/** What may be fetched in a row: the first time, and for a new key that comes soon after, or behind a wrong one. */
const maxFetchesInARow = 3;

/**
 * The issuer's signing keys by key id. Only the configured issuer is ever asked, never an address from a token.
 * An issuer that is down or slow does not matter while the key is known.
 */
@Injectable()
export class IssuerKeys {
  private readonly logger = new Logger(IssuerKeys.name);
  private readonly times: KeyTimes;
  private keys: KeysById = new Map();
  private fetchedAtMs = -Infinity;
  private readonly budget: FetchBudget;
  private fetching: Promise<boolean> | undefined;
  /** True: they could not be had when they were asked for last. A key that is not known may be one of the issuer then. */
  isAway = false;

  constructor(
    @Inject(AUTH_OPTIONS) private readonly options: BearerOptions,
    private readonly http: HttpService,
  ) {
    this.times = { ...usualKeyTimes, ...options.keyTimes };
    this.budget = new FetchBudget(maxFetchesInARow, this.times.coolDownMs);
  }

  /** Undefined when the issuer has no such key, or cannot be asked. */
  async find(kid: string | undefined): Promise<IssuerKey | undefined> {
    const ageMs = performance.now() - this.fetchedAtMs;
    if (ageMs > this.times.keepForMs) this.keys = new Map();
    const known = this.keys.get(kid);
    if (known === undefined) await this.look(kid);
    else if (ageMs > this.times.refreshAfterMs) void this.refresh();
    return known ?? this.keys.get(kid);
  }

  private async look(kid: string | undefined): Promise<void> {
    const isUnderWay = this.fetching !== undefined;
    const isDone = await this.refresh();
    // What was under way may have been answered before the key was there.
    if (isUnderWay && isDone && !this.keys.has(kid)) await this.refresh();
  }

  /** False: nothing new could be had. Never rejects. */
  private refresh(): Promise<boolean> {
    if (this.fetching === undefined && this.budget.spend())
      this.fetching = this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching ?? Promise.resolve(false);
  }

  private async fetch(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(this.times.fetchTimeoutMs);
      this.keys = readJwks(await fetchDocument(this.http, await this.keysUrl(signal), signal));
      this.fetchedAtMs = performance.now();
      this.isAway = false;
      return true;
    } catch (error) {
      this.isAway = true;
      // So that the first callers after an outage need not wait for the cool-down.
      if (this.keys.size === 0) this.budget.allowAfter(this.times.fetchTimeoutMs);
      this.logger.warn(`the keys of ${this.options.issuer} could not be fetched: ${String(error)}`);
      return false;
    }
  }

  private async keysUrl(signal: AbortSignal): Promise<string> {
    const metadata = await fetchMetadata(this.http, this.options.issuer, signal);
    const jwksUri = metadata['jwks_uri'];
    if (typeof jwksUri !== 'string') throw new Error('the discovery document names no jwks_uri');
    return jwksUri;
  }
}
