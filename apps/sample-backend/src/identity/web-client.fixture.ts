import { createHash, randomBytes } from 'node:crypto';

import { Browser, type Page } from '../browser/browser.js';
import { developmentClientSecret } from './clients.js';
import { passSignIn, type Credentials } from './submit-sign-in-form.js';

export interface ClientOptions {
  issuer: string;
  /** `web-bff` when not given. */
  clientId?: string;
  /** Of `web-bff`: where it is called back. */
  origin?: string;
}

/** What comes back from a token endpoint, and the like. */
export interface JsonAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** A confidential client in one browser, step by step: what it asks of the provider is told by each test. */
export class WebClient {
  readonly browser: Browser;
  readonly clientId: string;
  readonly #issuer: string;
  readonly #redirectUri: string;
  readonly #verifier = randomBytes(32).toString('base64url');

  constructor({ issuer, clientId = 'web-bff', origin = 'http://localhost:3000' }: ClientOptions) {
    this.#issuer = issuer;
    this.clientId = clientId;
    this.#redirectUri = `${origin}/bff/callback`;
    this.browser = new Browser({ stopAt: this.#redirectUri });
  }

  /** The parameters of an authorization request, with `changes`. */
  request(changes: Record<string, string> = {}): Record<string, string> {
    return {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.#redirectUri,
      scope: 'openid offline_access orders:read',
      state: 'state',
      nonce: 'nonce',
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
  }

  /** Opens the authorization endpoint with these parameters. */
  open(parameters: Record<string, string>): Promise<Page> {
    return this.browser.open(`${this.#issuer}/auth?${new URLSearchParams(parameters).toString()}`);
  }

  push(parameters: Record<string, string>): Promise<JsonAnswer> {
    return this.post('/request', parameters);
  }

  /** Opens it, signs in where that is asked for, and gives the answer at the callback. */
  async authorize(changes: Record<string, string> = {}, who: Partial<Credentials> = {}): Promise<URL> {
    const page = await this.open(this.request(changes));
    const end = await passSignIn(this.browser, page, { login: 'ada', password: 'ada', ...who });
    return end.url;
  }

  /** Throws when there is no code in the answer. */
  async redeem(callback: URL): Promise<Record<string, string>> {
    const code = callback.searchParams.get('code');
    if (code === null) throw new Error(`no code: ${callback.search}`);
    const { body } = await this.token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.#redirectUri,
      code_verifier: this.#verifier,
    });
    return body as Record<string, string>;
  }

  token(fields: Record<string, string>): Promise<JsonAnswer> {
    return this.post('/token', fields);
  }

  refresh(refreshToken: string | undefined): Promise<JsonAnswer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
  }

  async post(path: string, fields: Record<string, string> | URLSearchParams): Promise<JsonAnswer> {
    const basic = Buffer.from(`${this.clientId}:${developmentClientSecret}`).toString('base64');
    const answer = await fetch(`${this.#issuer}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { authorization: `Basic ${basic}` },
    });
    return { status: answer.status, body: JSON.parse((await answer.text()) || '{}') };
  }
}
