import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { type IssuerKey, type KeysById, readJwks } from './jwks.js';
import { type KeyTimes, usualKeyTimes } from './key-times.js';

const maxDocumentBytes = 256 * 1024;

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
  private triedAtMs = -Infinity;
  private fetching: Promise<void> | undefined;

  constructor(
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
    private readonly http: HttpService,
  ) {
    this.times = { ...usualKeyTimes, ...options.keyTimes };
  }

  /** Undefined when the issuer has no such key, or cannot be asked. */
  async find(kid: string | undefined): Promise<IssuerKey | undefined> {
    const ageMs = performance.now() - this.fetchedAtMs;
    if (ageMs > this.times.keepForMs) this.keys = new Map();
    const known = this.keys.get(kid);
    if (known === undefined) await this.refresh();
    else if (ageMs > this.times.refreshAfterMs) void this.refresh();
    return known ?? this.keys.get(kid);
  }

  /** Never rejects. */
  private refresh(): Promise<void> {
    const nowMs = performance.now();
    if (this.fetching === undefined && nowMs - this.triedAtMs >= this.times.coolDownMs) {
      this.triedAtMs = nowMs;
      this.fetching = this.fetch().finally(() => (this.fetching = undefined));
    }
    return this.fetching ?? Promise.resolve();
  }

  private async fetch(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(this.times.fetchTimeoutMs);
      this.keys = readJwks(await this.get(await this.keysUrl(signal), signal));
      this.fetchedAtMs = performance.now();
    } catch (error) {
      // So that the first callers after an outage need not wait for the cool-down.
      if (this.keys.size === 0)
        this.triedAtMs = performance.now() - this.times.coolDownMs + this.times.fetchTimeoutMs;
      this.logger.warn(`the keys of ${this.options.issuer} could not be fetched: ${String(error)}`);
    }
  }

  private async keysUrl(signal: AbortSignal): Promise<string> {
    const url = `${this.options.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer, jwks_uri } = (await this.get(url, signal)) as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.options.issuer)
      throw new Error(`${url} speaks for another issuer: ${String(issuer)}`);
    if (typeof jwks_uri !== 'string') throw new Error(`${url} names no jwks_uri`);
    return jwks_uri;
  }

  private async get(url: string, signal: AbortSignal): Promise<unknown> {
    const limits = { signal, maxRedirects: 0, maxContentLength: maxDocumentBytes };
    const answer = await firstValueFrom(this.http.get<unknown>(url, { ...limits, responseType: 'json' }));
    return answer.data;
  }
}
