import { Announcement, announcementType, maxAnnouncementBytes } from '@bff/announce';
import type { ProxyRoute } from '@bff/proxy';
import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { IssuerConfig, Issuers } from './registration-config.js';
import { Refusal } from './refusal.error.js';
import { toAnnouncedRoutes } from './to-announced-routes.js';

/** What a service has said, and that it was this service. */
export interface Signed {
  readonly announcement: Announcement;
  /** Those for this gateway. */
  readonly routes: readonly ProxyRoute[];
  /** With which of its keys. */
  readonly keyId: string;
}

/** How far the clock of a service may be ahead. */
const skewMs = 5_000;

interface Reader {
  readonly issuers: Issuers;
  /** By the name that services know it by. */
  readonly gateway: string;
  readonly nowMs: number;
}

/** Checks the signature and what is signed; not whether it may be said. Rejects with Refusal. */
export async function readAnnouncement(text: string, { issuers, gateway, nowMs }: Reader): Promise<Signed> {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxAnnouncementBytes) throw new Refusal('oversized', `${bytes} bytes`);
  const { alg } = readHeader(text);
  const name = issuerOf(text);
  const issuer = Object.hasOwn(issuers, name) ? issuers[name] : undefined;
  if (issuer === undefined) throw new Refusal('unknown_issuer', `"${name.slice(0, 64)}"`);
  const { payload, keyId } = await verify(text, alg, name, issuer);
  const announcement = readClaims(payload, name);
  checkTimes(announcement, issuer, nowMs);
  return { announcement, keyId, routes: toAnnouncedRoutes(announcement, gateway) };
}

function readHeader(text: string): { readonly alg: string } {
  if (/^\s*\{/.test(text)) throw new Refusal('unsigned', 'plain JSON, no JWS');
  const { alg, typ, crit, b64 } = asMalformed(() => decodeProtectedHeader(text));
  if (alg === undefined || alg.toLowerCase() === 'none' || text.endsWith('.'))
    throw new Refusal('unsigned', 'no signature');
  if (typ !== announcementType) throw new Refusal('malformed', `its typ is not ${announcementType}`);
  if (crit !== undefined || b64 !== undefined) throw new Refusal('malformed', 'has an extension (crit)');
  return { alg };
}

function issuerOf(text: string): string {
  const { iss } = asMalformed((): JWTPayload => decodeJwt(text));
  if (typeof iss !== 'string') throw new Refusal('malformed', 'no iss');
  return iss;
}

function asMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Refusal('malformed', 'no JWS in compact form');
  }
}

async function verify(text: string, alg: string, name: string, { keys }: IssuerConfig) {
  for (const key of keys) {
    if (key.alg !== alg) continue;
    try {
      const { payload } = await compactVerify(text, { ...key.jwk, alg }, { algorithms: [alg] });
      return { payload, keyId: key.id };
    } catch {
      // It may be by another of them.
    }
  }
  throw new Refusal('bad_signature', `by none of the keys of ${name}`, name);
}

function readClaims(payload: Uint8Array, issuer: string): Announcement {
  const read = Announcement.safeParse(JSON.parse(new TextDecoder().decode(payload)));
  if (read.success) return read.data;
  const wrong = read.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Refusal('malformed', wrong.join('; '), issuer);
}

function checkTimes({ iss, iat, exp }: Announcement, { maxLeaseMs }: IssuerConfig, nowMs: number): void {
  if (iat * 1_000 > nowMs + skewMs)
    throw new Refusal('from_the_future', `signed ${iat * 1_000 - nowMs} ms from now`, iss);
  if (exp * 1_000 <= nowMs) throw new Refusal('expired', `since ${nowMs - exp * 1_000} ms`, iss);
  if ((exp - iat) * 1_000 > maxLeaseMs)
    throw new Refusal('lease_too_long', `${exp - iat} s, of ${maxLeaseMs / 1_000} s at most`, iss);
}
