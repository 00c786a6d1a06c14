import { createHash, randomBytes } from 'node:crypto';
import { Browser, claimedRedirectUri, submitSignInForm } from 'sample-backend';

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const clientId = 'store-app';

/**
 * What an app does to sign somebody in with the browser of the phone: authorization code with PKCE (RFC 7636), called back
 * at an address that the app has claimed (RFC 8252, section 7.2). It has no secret.
 */
export class NativeApp {
  readonly verifier = randomBytes(32).toString('base64url');

  constructor(private readonly issuer: string) {}

  request(changes: Readonly<Record<string, string | undefined>> = {}): URL {
    const url = new URL(`${this.issuer}/auth`);
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: claimedRedirectUri,
      scope: 'openid offline_access profile:read orders:read orders:write catalog:read',
      state: 'state-of-this-app',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /** Where the browser opens the app. */
  async signIn(changes: Readonly<Record<string, string | undefined>> = {}): Promise<URL> {
    return submitSignInForm(this.request(changes), { login: 'ada', password: 'ada' }, claimedRedirectUri);
  }

  /** Where the browser ends without anybody signing in. */
  async refused(
    changes: Readonly<Record<string, string | undefined>>,
  ): Promise<{ url: URL; status: number }> {
    const { url, status } = await new Browser({ stopAt: claimedRedirectUri }).open(this.request(changes));
    return { url, status };
  }

  redeem(callback: URL, verifier = this.verifier): Promise<TokenAnswer> {
    return this.token({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: claimedRedirectUri,
      code_verifier: verifier,
    });
  }

  refresh(refreshToken: unknown): Promise<TokenAnswer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) });
  }

  private async token(fields: Record<string, string>): Promise<TokenAnswer> {
    const body = new URLSearchParams({ client_id: clientId, ...fields });
    const answer = await fetch(`${this.issuer}/token`, { method: 'POST', body });
    return { status: answer.status, body: (await answer.json()) as TokenAnswer['body'] };
  }
}
