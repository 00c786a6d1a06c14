import { ProblemError } from '@bff/problem';

type BearerError = 'invalid_token' | 'insufficient_scope';

/** The 401 or 403 of a protected resource, with the challenge of RFC 6750, section 3. */
export function bearerProblem(
  error?: BearerError,
  parameters: Readonly<Record<string, string>> = {},
): ProblemError {
  const given = Object.entries({ realm: 'bff', ...(error === undefined ? {} : { error }), ...parameters });
  const challenge = `Bearer ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
  const headers = { 'WWW-Authenticate': challenge };
  if (error === 'insufficient_scope') {
    return new ProblemError('insufficient_scope', `This needs the scope: ${parameters['scope'] ?? ''}`, {
      headers,
    });
  }
  const detail =
    error === undefined
      ? 'Send an access token: Authorization: Bearer <token>'
      : 'The access token is not valid here.';
  return new ProblemError('unauthenticated', detail, { headers });
}
