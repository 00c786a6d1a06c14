import type { RequestContext } from '@bff/context';

export type IdentityHeaders = Readonly<Record<string, string>>;

/** On whose behalf a service is called, and how it is told. The context is absent outside of a request. */
export interface UpstreamIdentity {
  /** Tells callers apart: answers for different keys are never shared and never cached as one. Contains no NUL. */
  keyOf(context: RequestContext | undefined): string;
  /** A promise where it has to be fetched first. Rejects with UpstreamError. */
  headersOf(context: RequestContext | undefined): IdentityHeaders | Promise<IdentityHeaders>;
  /** The service did not accept what it was told (401). */
  onRefused?(context: RequestContext | undefined): void;
  close?(): Promise<void>;
}

/**
 * What tells services who calls. Handed in: this library knows no identities. Must be quick, for both are asked with
 * each call; also where nobody calls, and outside of a request.
 */
export interface Identify {
  /** Everything about the caller that an answer may depend on; no NUL in it. What is told may change, this must not. */
  keyOf(context: RequestContext | undefined): string;
  headersOf(
    context: RequestContext | undefined,
    upstream: string,
  ): IdentityHeaders | Promise<IdentityHeaders>;
}

/** The caller's own access token; undefined where nobody calls, or who calls has none. */
export type TokenOf = (context: RequestContext) => string | undefined;

/** Nothing is told, so all callers get the same. */
export const nobody: UpstreamIdentity = { keyOf: () => '', headersOf: () => ({}) };

/** The caller of the request, as the gateway vouches for it to this one service. */
export function callerIdentity(upstream: string, identify: Identify): UpstreamIdentity {
  return {
    keyOf: (context) => identify.keyOf(context),
    headersOf: (context) => identify.headersOf(context, upstream),
  };
}

/** The caller's own access token, passed on as it is; without one nothing is told. */
export function tokenIdentity(tokenOf: TokenOf): UpstreamIdentity {
  const find = (context: RequestContext | undefined) => context && tokenOf(context);
  return {
    keyOf: (context) => find(context) ?? '',
    headersOf: (context) => {
      const token = find(context);
      return token === undefined ? {} : bearer(token);
    },
  };
}

/** RFC 6750, section 2.1. */
export function bearer(token: string): IdentityHeaders {
  return { authorization: `Bearer ${token}` };
}
