import { readTemplate } from '@bff/proxy';
import type { Announcement } from '@bff/announce';
import type { Signed } from './read-announcement.js';
import type { IssuerConfig, Issuers } from './registration-config.js';
import { readTargetPattern } from './target-pattern.js';
import { toAnnouncedRoutes } from './to-announced-routes.js';

export const keyId = 'k-1';

/** Issuers by the prefixes that are theirs, with two routes, two instances and 30 s each. */
export function issuersOf(
  prefixes: Readonly<Record<string, readonly string[]>>,
  more: Partial<IssuerConfig> = {},
): Issuers {
  return Object.fromEntries(
    Object.entries(prefixes).map(([issuer, own]) => [
      issuer,
      {
        keys: [{ id: keyId, alg: 'EdDSA', jwk: { kty: 'OKP' } }],
        prefixes: own.map(readTemplate),
        targets: ['10.0.0.0/8:*'].map((text) => readTargetPattern(text)!),
        maxLeaseMs: 30_000,
        maxRoutes: 2,
        maxInstances: 2,
        mayBePublic: false,
        policy: { timeoutMs: 1_000 },
        ...more,
      },
    ]),
  );
}

/** What a service has said at `atMs`, for ten seconds, whoever checked its signature. */
export function signedAt(atMs: number, said: Partial<Announcement> & Pick<Announcement, 'iss'>): Signed {
  const iat = Math.floor(atMs / 1_000);
  const announcement: Announcement = {
    iat,
    exp: iat + 10,
    jti: 'j',
    instance: 'one',
    seq: 1,
    health: 'ok',
    targets: ['http://10.0.0.1:8080'],
    routes: [{ name: 'list', path: '/api/reviews/:sku' }],
    ...said,
  };
  return { announcement, keyId, routes: toAnnouncedRoutes(announcement, 'web-bff') };
}
