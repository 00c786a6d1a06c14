import type { RequestContext } from '@bff/context';
import { LRUCache } from 'lru-cache';
import { KeptToken } from './kept-token.js';
import { type TokenClient, TokenEndpoint } from './token-endpoint.js';
import type { IdentityHeaders, TokenOf, UpstreamIdentity } from './upstream-identity.js';

/** What the token is to be for; what is left out is the provider's to choose (RFC 8693, section 2.1). */
export interface TokenExchangeOptions extends TokenClient {
  /** The service, as the provider knows it. */
  readonly audience?: string | undefined;
  /** The service, by its URL. */
  readonly resource?: string | undefined;
  readonly scope?: string | undefined;
}

/** Callers whose tokens are kept; those who were not here for longest go first. */
const maxCallers = 10_000;
/** Exchanges at a time. */
const connections = 16;
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * The caller's access token, exchanged for one that is for this service alone (RFC 8693). A caller without a token is
 * told as nobody. A token that the provider does not take in exchange makes the call `rejected`; whatever else goes
 * wrong there makes it `unreachable`.
 */
export class TokenExchange implements UpstreamIdentity {
  private readonly endpoint: TokenEndpoint;
  private readonly tokens = new LRUCache<string, KeptToken>({ max: maxCallers });

  constructor(
    upstream: string,
    private readonly options: TokenExchangeOptions,
    private readonly tokenOf: TokenOf,
  ) {
    this.endpoint = new TokenEndpoint({ upstream, client: options, connections, refusedAs: 'rejected' });
  }

  keyOf(context: RequestContext | undefined): string {
    return (context && this.tokenOf(context)) ?? '';
  }

  headersOf(context: RequestContext | undefined): IdentityHeaders | Promise<IdentityHeaders> {
    const token = this.keyOf(context);
    return token === '' ? {} : this.exchanged(token).headers();
  }

  /** A token that the service refuses is not sent again. */
  onRefused(context: RequestContext | undefined): void {
    this.tokens.peek(this.keyOf(context))?.drop();
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }

  private exchanged(token: string): KeptToken {
    const known = this.tokens.get(token);
    if (known !== undefined) return known;
    const kept = new KeptToken(() => this.exchange(token));
    this.tokens.set(token, kept);
    return kept;
  }

  private exchange(token: string) {
    const { audience, resource, scope } = this.options;
    return this.endpoint.fetch({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: accessToken,
      audience,
      resource,
      scope,
    });
  }
}
