import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import type { Caller } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { AUTH_OPTIONS } from '../auth.options.js';
import type { AuthenticationMethod, Credentials } from '../methods/authentication-method.js';
import { type ApiKeyEntry, findApiKeyMistakes } from './api-key-entry.js';
import { hashApiKey, isApiKey } from './api-key.js';

export type { ApiKeyEntry } from './api-key-entry.js';

const challenge = 'ApiKey realm="bff"';
const maxKnown = 1_000;

interface KnownKey {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/** A program with a key of its own, in `X-API-Key`. Every key costs the same work: a hash and a look-up. */
@Injectable()
export class ApiKeyMethod implements AuthenticationMethod {
  readonly challenge = challenge;
  readonly invitation = 'Send an API key: X-API-Key: <key>';
  private byHash: ReadonlyMap<string, KnownKey> = new Map();
  /** Those that were let in lately, by the key itself: for `knows` a hash is too much. */
  private readonly lately = new LRUCache<string, KnownKey>({ max: maxKnown });

  /** Throws Error with all that is wrong with the entries. */
  constructor(@Inject(AUTH_OPTIONS) { apiKeys }: { readonly apiKeys: readonly ApiKeyEntry[] }) {
    this.replace(apiKeys);
  }

  /** From the next call on these are the keys, and no others. Throws Error with all that is wrong with them. */
  replace(apiKeys: readonly ApiKeyEntry[]): void {
    const mistakes = findApiKeyMistakes(apiKeys);
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
    this.byHash = new Map(apiKeys.map((entry) => [entry.sha256, toKnown(entry)]));
    this.lately.clear();
  }

  identify({ headers }: Request): Caller | undefined {
    const key = headers['x-api-key'];
    if (key === undefined) return undefined;
    // Node joins repeated ones, proxies too.
    if (typeof key !== 'string' || key.includes(',')) throw refuse('Send X-API-Key once.');
    if (!isApiKey(key)) throw refuse('The API key is mistyped or cut.');
    const known = this.byHash.get(hashApiKey(key));
    if (known === undefined) throw refuse('The API key is not known here.');
    if (hasExpired(known)) throw refuse('The API key has expired.');
    this.lately.set(key, known);
    return known.caller;
  }

  knows({ 'x-api-key': key }: Credentials): boolean {
    const known = typeof key === 'string' ? this.lately.get(key) : undefined;
    return known !== undefined && !hasExpired(known);
  }
}

function toKnown({ name, scopes, plan, expiresAtMs = Infinity }: ApiKeyEntry): KnownKey {
  const caller = { id: `api-key:${name}`, scopes: new Set(scopes), ...(plan === undefined ? {} : { plan }) };
  return { caller, expiresAtMs };
}

function hasExpired({ expiresAtMs }: KnownKey): boolean {
  return expiresAtMs <= Date.now();
}

function refuse(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail, {
    headers: { 'WWW-Authenticate': `${challenge}, error="invalid_key"` },
  });
}
