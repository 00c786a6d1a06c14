import { readJwsHeader } from './jws-header.js';

/** Above this a token is not looked at: real ones are a tenth of it, and header space is bounded anyway. */
const maxTokenLength = 8 * 1024;

/** Algorithms a token may be signed with: asymmetric ones only, so a public key can never serve as a secret. */
export const acceptedAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;
type Algorithm = (typeof acceptedAlgorithms)[number];

export interface TokenHeader {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/**
 * Reads the protected header of what claims to be an access token (RFC 9068), before any key is looked up. Throws
 * Error with the reason, for the log. Source: RFC 8725, sections 3.1, 3.5, 3.10, 3.11.
 */
export function readTokenHeader(token: string): TokenHeader {
  const header = readJwsHeader(token, maxTokenLength);
  const { alg, kid, typ } = header;
  if (Object.hasOwn(header, 'jwk')) throw new Error('it brings a key of its own');
  if (typeof typ !== 'string' || !/^(application\/)?at\+jwt$/i.test(typ))
    throw new Error('it is not an access token');
  if (kid !== undefined && typeof kid !== 'string') throw new Error('its kid is not a string');
  const accepted = acceptedAlgorithms.find((algorithm) => algorithm === alg);
  if (accepted === undefined) throw new Error('its algorithm is not accepted');
  return { alg: accepted, kid };
}
