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

/** Header fields that bring or fetch a key of the sender's choice, or change what the signature covers. */
const refusedFields = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'enc', 'zip'];

export interface TokenHeader {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
}

/**
 * Reads the protected header of a compact JWS that claims to be an access token (RFC 9068), before any key is
 * looked up. Throws Error with the reason, for the log. Source: RFC 8725, sections 3.1, 3.5, 3.10, 3.11.
 */
export function readTokenHeader(token: string): TokenHeader {
  if (token.length > maxTokenLength) throw new Error('too long');
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isBase64url)) throw new Error('not a compact JWS');
  const header: unknown = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString());
  if (typeof header !== 'object' || header === null) throw new Error('the header is not an object');
  const refused = refusedFields.find((field) => Object.hasOwn(header, field));
  if (refused !== undefined) throw new Error(`header field ${refused}`);
  const { alg, kid, typ } = header as Record<string, unknown>;
  if (typeof typ !== 'string' || !/^(application\/)?at\+jwt$/i.test(typ))
    throw new Error('not an access token');
  if (kid !== undefined && typeof kid !== 'string') throw new Error('kid is not a string');
  const accepted = acceptedAlgorithms.find((algorithm) => algorithm === alg);
  if (accepted === undefined) throw new Error('algorithm not accepted');
  return { alg: accepted, kid };
}

/** In its one canonical form: a last letter with bits to spare would give one signature several spellings. */
function isBase64url(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text;
}
