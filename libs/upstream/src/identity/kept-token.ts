import type { IssuedToken } from './token-endpoint.js';
import type { IdentityHeaders } from './upstream-identity.js';

/** After a failure the provider is left alone for this long. */
const coolDownMs = 500;

/**
 * One access token: fetched once for all who need it at one time, used as long as it may be, replaced before that
 * while it is still used. A provider that is down does not matter while the token holds.
 */
export class KeptToken {
  private token: IssuedToken | undefined;
  private fetching: Promise<IssuedToken> | undefined;
  private failed: { readonly error: unknown; readonly untilMs: number } | undefined;

  constructor(private readonly fetch: () => Promise<IssuedToken>) {}

  /** A promise where it has to be fetched first; rejects with what `fetch` does. */
  headers(): IdentityHeaders | Promise<IdentityHeaders> {
    const nowMs = performance.now();
    const { token } = this;
    if (token === undefined || nowMs >= token.uselessAtMs)
      return this.refresh().then(({ headers }) => headers);
    if (nowMs >= token.refreshAtMs) void this.refresh().catch(() => undefined);
    return token.headers;
  }

  /** It is not used again. */
  drop(): void {
    this.token = undefined;
  }

  private async refresh(): Promise<IssuedToken> {
    if (this.failed !== undefined && performance.now() < this.failed.untilMs) throw this.failed.error;
    this.fetching ??= this.fetchNew().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchNew(): Promise<IssuedToken> {
    try {
      this.token = await this.fetch();
      return this.token;
    } catch (error) {
      this.failed = { error, untilMs: performance.now() + coolDownMs };
      throw error;
    }
  }
}
