import type { RequestContext } from '@bff/context';

/** One service as the gateway's configuration describes it. */
export interface UpstreamConfig {
  readonly url: string;
  /** The most that one call may take; the request's own deadline can only shorten it. */
  readonly timeoutMs: number;
}

/** What tells a service on whose behalf it is called, as headers. Handed in: this library knows no identities. */
export type Identify = (context: RequestContext) => Readonly<Record<string, string>>;
