import type { RequestContext } from '@bff/context';

type Headers = Readonly<Record<string, string>>;

/** On whose behalf a service is called, and how it is told. */
export interface UpstreamIdentity {
  /** Tells callers apart: answers for different keys are never shared and never cached as one. */
  keyOf(context: RequestContext | undefined): string;
  /** A promise where it has to be fetched first. Rejects with UpstreamError. */
  headersOf(context: RequestContext | undefined): Headers | Promise<Headers>;
  /** The service did not accept what it was told (401). */
  onRefused?(): void;
  close?(): Promise<void>;
}

/** What tells a service who calls, as headers. Handed in: this library knows no identities. */
export type Identify = (context: RequestContext) => Headers;

/** Nothing is told, so all callers get the same. */
export const nobody: UpstreamIdentity = { keyOf: () => '', headersOf: () => ({}) };

/** The caller of the request. `identify` must be quick: it is asked for each call, and once more for the key. */
export function callerIdentity(identify: Identify): UpstreamIdentity {
  return {
    keyOf: (context) => (context === undefined ? '' : toKey(identify(context))),
    headersOf: (context) => (context === undefined ? {} : identify(context)),
  };
}

/** No header contains NUL, so different identities have different keys. */
function toKey(headers: Headers): string {
  let key = '';
  for (const name in headers) key += `${name}\0${headers[name] ?? ''}\0`;
  return key;
}
