import { createHash, randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';

/** What a user has allowed once. */
export interface Grant {
  /** The parameters of the authorization request that led to it. */
  readonly request: URLSearchParams;
  /** Claims about the user. */
  readonly user: JWTPayload;
  /** The provider's own session in which it was given. */
  readonly sid: string;
  readonly atSeconds: number;
}

/** Codes and refresh tokens: each is good once, and a refresh token that comes again ends its whole grant. */
export class ProviderGrants {
  private readonly codes = new Map<string, Grant>();
  private readonly refreshTokens = new Map<string, Grant>();
  private readonly spent = new Map<string, Grant>();
  /** Tokens that were revoked, in that order. */
  readonly revoked: string[] = [];

  issueCode(grant: Grant): string {
    return issue(this.codes, grant);
  }

  issueRefreshToken(grant: Grant): string {
    return issue(this.refreshTokens, grant);
  }

  /** Undefined: unknown, used before, or not by whoever has asked for it (RFC 7636, section 4.6). */
  redeem(form: URLSearchParams): Grant | undefined {
    const code = form.get('code') ?? '';
    const grant = this.codes.get(code);
    this.codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isTheirs =
      grant?.request.get('code_challenge') === challenge &&
      grant.request.get('redirect_uri') === form.get('redirect_uri');
    return isTheirs ? grant : undefined;
  }

  /** Undefined: unknown, revoked, or used before. */
  takeRefreshToken(token: string): Grant | undefined {
    const grant = this.refreshTokens.get(token);
    const stolen = this.spent.get(token);
    if (stolen !== undefined) this.end(stolen);
    if (grant !== undefined) this.spent.set(token, grant);
    this.refreshTokens.delete(token);
    return grant;
  }

  /** As many providers have it: all that was given in the same session goes with it. */
  revoke(token: string): void {
    this.revoked.push(token);
    const grant = this.refreshTokens.get(token);
    if (grant === undefined) return;
    for (const [other, { sid }] of this.refreshTokens)
      if (sid === grant.sid) this.refreshTokens.delete(other);
  }

  /** From here on no refresh token is any good. */
  endAll(): void {
    this.refreshTokens.clear();
  }

  private end(grant: Grant): void {
    for (const [token, other] of this.refreshTokens) if (other === grant) this.refreshTokens.delete(token);
  }
}

function issue(place: Map<string, Grant>, grant: Grant): string {
  const token = randomBytes(24).toString('base64url');
  place.set(token, grant);
  return token;
}
