import { createHash } from 'node:crypto';
import { importJWK } from 'jose/key/import';
import { ProofError } from './proof.error.js';
import { acceptedAlgorithms } from './token-header.js';

export const proofAlgorithms = [...acceptedAlgorithms, 'EdDSA', 'Ed25519'] as const;
type ProofAlgorithm = (typeof proofAlgorithms)[number];

/** What a proof says it is signed with. */
export interface ProofKey {
  readonly alg: ProofAlgorithm;
  readonly key: CryptoKey;
  /** RFC 7638: the same for every spelling of one key. */
  readonly thumbprint: string;
}

/** The members that make a public key, in the order in which RFC 7638, section 3.2 (and RFC 8037) hashes them. */
const membersOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/** Members of private and secret keys (RFC 7518, section 6). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Reads the header of a proof (RFC 9449, section 4.2). Rejects with ProofError. */
export async function readProofKey({ typ, alg, jwk }: Readonly<Record<string, unknown>>): Promise<ProofKey> {
  if (typeof typ !== 'string' || !/^(application\/)?dpop\+jwt$/i.test(typ))
    throw new ProofError('its typ is not dpop+jwt');
  const accepted = proofAlgorithms.find((algorithm) => algorithm === alg);
  if (accepted === undefined) throw new ProofError('its alg is not accepted');
  const publicJwk = readPublicJwk(jwk);
  const thumbprint = createHash('sha256').update(JSON.stringify(publicJwk)).digest('base64url');
  const key = await importJWK(publicJwk, accepted).catch((cause: unknown) => {
    throw new ProofError('its jwk cannot be read, or is not for its alg', { cause });
  });
  if (key instanceof Uint8Array) throw new ProofError('its jwk is a secret');
  return { alg: accepted, key, thumbprint };
}

function readPublicJwk(jwk: unknown): Record<string, string> {
  if (typeof jwk !== 'object' || jwk === null) throw new ProofError('its jwk is missing');
  if (privateMembers.some((member) => Object.hasOwn(jwk, member)))
    throw new ProofError('its jwk is not public');
  const given = jwk as Readonly<Record<string, unknown>>;
  const members = membersOf.get(given['kty']);
  if (members === undefined) throw new ProofError('its jwk is of no known kind');
  return Object.fromEntries(
    members.map((member) => {
      const value = given[member];
      if (typeof value !== 'string') throw new ProofError('its jwk is not whole');
      return [member, value];
    }),
  );
}
