import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** At most one fetch in this time, whatever tokens arrive; also how soon a rotated key is found at the latest. */
const coolDownMs = 15_000;
/** Older keys are fetched again in the background, so that a withdrawn key stops working. */
const refreshAfterMs = 5 * 60_000;
/** How long known keys work while the issuer cannot be reached. */
const keepForMs = 60 * 60_000;
const fetchTimeoutMs = 1_500;
const maxDocumentBytes = 256 * 1024;

type Jwk = JsonWebKeyInput['key'] & {
  readonly kty?: string;
  readonly kid?: string;
  readonly use?: string;
  readonly alg?: string;
};

export interface IssuerKey {
  readonly key: KeyObject;
  /** The one algorithm it is for, where the issuer says so. */
  readonly alg: string | undefined;
}

type KeysById = ReadonlyMap<string | undefined, IssuerKey>;

/**
 * The issuer's signing keys by key id. Only the configured issuer is ever asked, never an address from a token.
 * An issuer that is down or slow does not matter while the key is known.
 */
@Injectable()
export class IssuerKeys {
  private readonly logger = new Logger(IssuerKeys.name);
  private keys: KeysById = new Map();
  private fetchedAtMs = -Infinity;
  private triedAtMs = -Infinity;
  private fetching: Promise<void> | undefined;

  constructor(
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
    private readonly http: HttpService,
  ) {}

  /** Undefined when the issuer has no such key, or cannot be asked. */
  async find(kid: string | undefined): Promise<IssuerKey | undefined> {
    const ageMs = performance.now() - this.fetchedAtMs;
    if (ageMs > keepForMs) this.keys = new Map();
    const known = this.keys.get(kid);
    if (known === undefined) await this.refresh();
    else if (ageMs > refreshAfterMs) void this.refresh();
    return known ?? this.keys.get(kid);
  }

  /** Never rejects. */
  private refresh(): Promise<void> {
    const nowMs = performance.now();
    if (this.fetching === undefined && nowMs - this.triedAtMs >= coolDownMs) {
      this.triedAtMs = nowMs;
      this.fetching = this.fetch().finally(() => (this.fetching = undefined));
    }
    return this.fetching ?? Promise.resolve();
  }

  private async fetch(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(fetchTimeoutMs);
      this.keys = readKeys(await this.get(await this.keysUrl(signal), signal));
      this.fetchedAtMs = performance.now();
    } catch (error) {
      // So that the first callers after an outage need not wait for the cool-down.
      if (this.keys.size === 0) this.triedAtMs = performance.now() - coolDownMs + fetchTimeoutMs;
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

/** A key that cannot be read, or is for something else, costs only itself. */
function readKeys(jwks: unknown): KeysById {
  const { keys } = jwks as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the JWKS has no keys');
  const readable = new Map<string | undefined, IssuerKey>();
  for (const jwk of keys as Jwk[]) {
    const key = readKey(jwk);
    if (key !== undefined) readable.set(jwk.kid, key);
  }
  // A token without a key id can only mean the one key there is.
  const [only] = readable.values();
  if (readable.size === 1 && only !== undefined) readable.set(undefined, only);
  else readable.delete(undefined);
  return readable;
}

function readKey(jwk: Jwk): IssuerKey | undefined {
  try {
    if (jwk.use === 'enc' || (jwk.kty !== 'RSA' && jwk.kty !== 'EC')) return undefined;
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), alg: jwk.alg };
  } catch {
    return undefined;
  }
}
