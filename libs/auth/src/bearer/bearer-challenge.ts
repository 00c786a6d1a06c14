import { ProblemError } from '@bff/problem';
import type { TokenScheme } from './bearer-token.js';
import { type DpopMode, schemesOf } from './dpop-mode.js';
import { proofAlgorithms } from './proof-key.js';

const invitations: Readonly<Record<DpopMode, string>> = {
  off: 'Send an access token: Authorization: Bearer <token>',
  optional: 'Send an access token: Authorization: Bearer <token>, or DPoP <token> with its proof in DPoP',
  required: 'Send an access token and its proof: Authorization: DPoP <token>, and DPoP: <proof>',
};

const details = {
  invalid_token: 'The access token is not valid here.',
  invalid_dpop_proof: 'The DPoP proof is not valid',
};

/** What is said about access tokens to whoever brings none, or a wrong one. */
export class BearerChallenges {
  /** For `WWW-Authenticate`: RFC 6750, section 3; RFC 9449, section 7.1. */
  readonly challenge: string;
  readonly invitation: string;
  private readonly schemes: readonly TokenScheme[];

  constructor(mode: DpopMode) {
    this.schemes = schemesOf[mode];
    this.challenge = this.schemes.map((scheme) => toChallenge(scheme)).join(', ');
    this.invitation = invitations[mode];
  }

  /** The 401 of a token under that scheme. */
  refuseToken(scheme: TokenScheme): ProblemError {
    return this.refuse('invalid_token', details.invalid_token, scheme);
  }

  /** `why` is shown to the caller. */
  refuseProof(why: string): ProblemError {
    return this.refuse('invalid_dpop_proof', `${details.invalid_dpop_proof}: ${why}.`, 'DPoP');
  }

  private refuse(error: string, detail: string, scheme: TokenScheme): ProblemError {
    const blamed = this.schemes.includes(scheme) ? scheme : this.schemes[0];
    const challenges = this.schemes.map((one) => toChallenge(one, one === blamed ? { error } : {}));
    return new ProblemError('unauthenticated', detail, {
      headers: { 'WWW-Authenticate': challenges.join(', ') },
    });
  }
}

/** The 403 of a caller who may not do this, with its challenge (RFC 6750, section 3.1). */
export function bearerProblem(
  error: 'insufficient_scope',
  { scope }: { readonly scope: string },
): ProblemError {
  return new ProblemError('insufficient_scope', `This needs the scope: ${scope}`, {
    headers: { 'WWW-Authenticate': toChallenge('Bearer', { error, scope }) },
  });
}

function toChallenge(scheme: TokenScheme, parameters: Readonly<Record<string, string>> = {}): string {
  const algs = scheme === 'DPoP' ? { algs: proofAlgorithms.join(' ') } : {};
  const given = Object.entries({ realm: 'bff', ...parameters, ...algs });
  return `${scheme} ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}
