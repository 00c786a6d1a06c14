import { errors } from 'jose';

/** Why jose refused an assertion, in a sentence. */
export function describeRefusal(error: unknown, audience: string): string {
  if (error instanceof errors.JWTExpired) return 'The assertion has expired.';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature of the assertion is wrong.';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The assertion is not signed with ES256.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return `The assertion is for another service than ${audience}.`;
    if (error.claim === 'typ') return 'The token is of another kind than bff-identity+jwt.';
    return `The claim ${error.claim} of the assertion is wrong.`;
  }
  return 'The assertion cannot be read.';
}
