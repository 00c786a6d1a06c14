import { KeptToken } from './kept-token.js';
import { type TokenClient, TokenEndpoint } from './token-endpoint.js';
import type { IdentityHeaders, UpstreamIdentity } from './upstream-identity.js';

export interface ClientCredentialsOptions extends TokenClient {
  readonly scope?: string | undefined;
}

/** The gateway's own access token for a service (RFC 6749, section 4.4), the same one for all callers. */
export class ClientCredentials implements UpstreamIdentity {
  private readonly endpoint: TokenEndpoint;
  private readonly token: KeptToken;

  constructor(upstream: string, client: ClientCredentialsOptions) {
    const form = { grant_type: 'client_credentials', scope: client.scope };
    this.endpoint = new TokenEndpoint({ upstream, client, connections: 1, refusedAs: 'unreachable' });
    this.token = new KeptToken(() => this.endpoint.fetch(form));
  }

  keyOf(): string {
    return '';
  }

  headersOf(): IdentityHeaders | Promise<IdentityHeaders> {
    return this.token.headers();
  }

  /** A token that the service refuses is not sent again. */
  onRefused(): void {
    this.token.drop();
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }
}
