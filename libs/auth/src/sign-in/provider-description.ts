import { UpstreamError } from '@bff/problem';
import type { ServerMetadata } from 'openid-client';
import { providerName } from './provider-fetch.js';

/** Without these nobody can sign in. */
const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/**
 * Throws UpstreamError for a discovery document that is no use (OpenID Connect Discovery, section 3), before it is
 * remembered, and before a browser is sent to an address that is none.
 */
export function refuseIncomplete(description: ServerMetadata): void {
  const missing = needed.filter((name) => !isWebAddress(description[name]));
  if (missing.length === 0) return;
  throw new UpstreamError(providerName, 'bad_response', `its description lacks ${missing.join(', ')}`);
}

function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
}
