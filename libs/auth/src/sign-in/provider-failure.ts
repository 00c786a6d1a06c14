import { UpstreamError } from '@bff/problem';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { providerName } from './provider-fetch.js';

/** The provider did what it should, and its answer is that nobody signed in; or its answer is not to be trusted. */
export class SignInRefusedError extends Error {
  constructor(
    /** As in OAuth (`access_denied`, `login_required`), or `invalid_response`. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`the sign-in came to nothing: ${code}`, options);
    this.name = 'SignInRefusedError';
  }
}

/** The provider does not know this code or refresh token any more (RFC 6749, section 5.2). Only this ends a session. */
export class InvalidGrantError extends Error {
  constructor(options?: ErrorOptions) {
    super('the provider does not take this grant any more', options);
    this.name = 'InvalidGrantError';
  }
}

/** Its own trouble, told in OAuth's words. */
const troubles = ['server_error', 'temporarily_unavailable'];
/** What is no answer to what was asked. */
const noAnswers = ['OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_TIMEOUT'];

/** Says of whatever the library threw whose fault it is; throws what is ours as it is. */
export function toProviderFailure(error: unknown): UpstreamError | SignInRefusedError | InvalidGrantError {
  const outage = findOutage(error);
  if (outage !== undefined) return outage;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const options = { cause: error };
    if (troubles.includes(error.error))
      return new UpstreamError(providerName, 'unreachable', error.error, options);
    if (error.error === 'invalid_grant') return new InvalidGrantError(options);
    if (error instanceof AuthorizationResponseError) return new SignInRefusedError(error.error, options);
    // The gateway itself is not welcome: a wrong secret, a grant that this client may not use.
    return new UpstreamError(providerName, 'rejected', error.error, options);
  }
  if (error instanceof ClientError)
    return isNoAnswer(error)
      ? new UpstreamError(providerName, 'bad_response', error.message, { cause: error })
      : new SignInRefusedError('invalid_response', { cause: error });
  throw error;
}

/** For where nobody can be refused: whatever it was, the provider has failed. */
export function toOutage(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  return new UpstreamError(providerName, 'bad_response', 'of no use', { cause: error });
}

/** The library wraps what our own `fetch` has thrown. */
function findOutage(error: unknown): UpstreamError | undefined {
  if (error instanceof UpstreamError) return error;
  return error instanceof Error && error.cause !== undefined ? findOutage(error.cause) : undefined;
}

/** The library says of a body of wrong shape, and of an ID token of wrong content, the same; but for what it was about. */
function isNoAnswer({ code, cause }: ClientError): boolean {
  if (code !== undefined && noAnswers.includes(code)) return true;
  const about = (cause as { readonly cause?: unknown } | undefined)?.cause;
  return code === 'OAUTH_INVALID_RESPONSE' && typeof about === 'object' && about !== null && 'body' in about;
}
