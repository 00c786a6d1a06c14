import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JWTPayload } from 'jose';
import { listen, type Listening } from './listen.js';
import { type Grant, ProviderGrants } from './provider-grants.js';
import { ProviderKeys } from './provider-keys.js';
import type { ProviderAnswer, ProviderEndpoint, ProviderLies } from './provider-lies.js';

interface ProviderCall {
  readonly endpoint: ProviderEndpoint;
  /** Of the body, or of the query where there is none. */
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

const paths: Readonly<Record<string, ProviderEndpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/authorize': 'authorize',
  '/par': 'par',
  '/token': 'token',
  '/revoke': 'revoke',
  '/end-session': 'end-session',
};

/**
 * An OpenID provider that asks nobody anything: whoever comes is signed in as `user` and sent back at once. It checks
 * what a provider checks (client, code, PKCE, one use of a refresh token), counts, and lies on demand.
 */
export class ProviderFake implements AsyncDisposable {
  /** Every character that a form must escape (RFC 6749, section 2.3.1) is somewhere in it. */
  readonly client = { id: 'web-bff:test', secret: 'a secret+/%&= of the client' };
  readonly calls: ProviderCall[] = [];
  readonly keys = new ProviderKeys();
  readonly grants = new ProviderGrants();
  /** Every code and token that it has given away, none of which anybody but the gateway may see. */
  readonly given: string[] = [];
  lies: ProviderLies = {};
  /** Claims about whoever signs in next. */
  user: JWTPayload = { sub: '7', name: 'Ada Lovelace', preferred_username: 'ada' };
  /** The provider's session that whoever signs in next is in; undefined: a new one each time. */
  sid: string | undefined;
  /** False: somebody would have to be asked, which `prompt=none` forbids. */
  isSignedIn = true;
  accessTokenSeconds = 600;
  offersPushedRequests = false;
  private readonly pushed = new Map<string, URLSearchParams>();

  private constructor(
    readonly url: string,
    private readonly listening: Listening,
  ) {}

  static async start(): Promise<ProviderFake> {
    let provider: ProviderFake | undefined;
    const server = createServer((request, response) => {
      provider?.serve(request, response).catch(() => response.destroy());
    });
    const listening = await listen(server);
    provider = new ProviderFake(listening.url, listening);
    return provider;
  }

  /** How often an endpoint was asked, where it matters for a grant of this type. */
  count(endpoint: ProviderEndpoint, grantType?: 'authorization_code' | 'refresh_token'): number {
    return this.calls.filter(
      (call) =>
        call.endpoint === endpoint &&
        (grantType ?? call.form.get('grant_type')) === call.form.get('grant_type'),
    ).length;
  }

  /** A logout token that holds; claims and header are put over, and undefined leaves one out. */
  logoutToken(claims: JWTPayload, header: Readonly<Record<string, unknown>> = {}): string {
    const now = nowSeconds();
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const usual = { iss: this.url, aud: this.client.id, iat: now, exp: now + 120, jti: randomUUID(), events };
    return this.keys.sign({ ...usual, ...claims }, { typ: 'logout+jwt', ...header });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const endpoint = paths[url.pathname];
    if (endpoint === undefined) return void response.writeHead(404).end();
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams;
    const call = { endpoint, form, authorization: request.headers.authorization };
    this.calls.push(call);
    const fault = this.lies.at?.[endpoint];
    if (fault === 'hang') return;
    if (fault === 'cut') return void response.destroy();
    const { status = 200, headers, body = '' } = fault?.answer ?? (await this.answer(call));
    await fault?.after;
    response.writeHead(status, headers ?? { 'content-type': 'application/json' }).end(body);
  }

  private answer(call: ProviderCall): ProviderAnswer | Promise<ProviderAnswer> {
    switch (call.endpoint) {
      case 'discovery':
        return json({ ...this.metadata(), ...this.lies.metadata });
      case 'jwks':
        return json({ keys: this.keys.published });
      case 'authorize':
        return this.authorize(call.form);
      case 'end-session':
        return { status: 204 };
      case 'par':
      case 'token':
      case 'revoke':
        return this.isClient(call) ? this.answerClient(call) : json({ error: 'invalid_client' }, 401);
    }
  }

  private answerClient({ endpoint, form }: ProviderCall): ProviderAnswer | Promise<ProviderAnswer> {
    if (endpoint === 'token') return this.giveTokens(form);
    if (endpoint === 'par') return this.push(form);
    this.grants.revoke(form.get('token') ?? '');
    return { headers: {} };
  }

  private push(form: URLSearchParams): ProviderAnswer {
    const uri = `urn:ietf:params:oauth:request_uri:${randomUUID()}`;
    this.pushed.set(uri, form);
    return json({ request_uri: uri, expires_in: 60 }, 201);
  }

  private authorize(query: URLSearchParams): ProviderAnswer {
    const request = this.pushed.get(query.get('request_uri') ?? '') ?? query;
    const back = new URL(request.get('redirect_uri') ?? '');
    const mustAsk = request.get('prompt') === 'none' && !this.isSignedIn;
    const { user, sid = randomUUID() } = this;
    const grant = { request, user, sid, atSeconds: nowSeconds() };
    if (mustAsk) back.searchParams.set('error', 'login_required');
    else back.searchParams.set('code', this.give(this.grants.issueCode(grant)));
    back.searchParams.set('state', request.get('state') ?? '');
    back.searchParams.set('iss', this.url);
    this.lies.callback?.(back.searchParams);
    return { status: 303, headers: { location: back.href } };
  }

  private async giveTokens(form: URLSearchParams): Promise<ProviderAnswer> {
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const grant = isRefresh
      ? this.grants.takeRefreshToken(form.get('refresh_token') ?? '')
      : this.grants.redeem(form);
    if (grant === undefined) return json({ error: 'invalid_grant' }, 400);
    const claims = this.idTokenClaims(grant);
    const { idToken = (honest) => this.keys.sign(honest) } = this.lies;
    return json({
      access_token: this.give(this.accessToken(grant)),
      token_type: 'Bearer',
      expires_in: this.accessTokenSeconds,
      scope: grant.request.get('scope'),
      refresh_token: this.give(this.grants.issueRefreshToken(grant)),
      id_token: this.give((await idToken(claims)) ?? ''),
      ...this.lies.tokens,
    });
  }

  private give(secret: string): string {
    this.given.push(secret);
    return secret;
  }

  private idTokenClaims({ request, user, sid, atSeconds }: Grant): JWTPayload {
    const now = nowSeconds();
    const acr = request.get('acr_values')?.split(' ')[0];
    return {
      iss: this.url,
      aud: this.client.id,
      iat: now,
      exp: now + 300,
      auth_time: atSeconds,
      nonce: request.get('nonce') ?? undefined,
      sid,
      ...(acr === undefined ? {} : { acr }),
      ...user,
    };
  }

  private accessToken({ request, user: { sub } }: Grant): string {
    const now = nowSeconds();
    const claims = {
      iss: this.url,
      aud: 'urn:bff:test',
      client_id: this.client.id,
      jti: randomUUID(),
      iat: now,
    };
    const exp = now + this.accessTokenSeconds;
    return this.keys.sign({ ...claims, exp, sub, scope: request.get('scope') }, { typ: 'at+jwt' });
  }

  private isClient({ authorization }: ProviderCall): boolean {
    const { id, secret } = this.client;
    const pair = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const [name = '', password = ''] = pair.split(':');
    const sent = new URLSearchParams(`id=${name}&secret=${password}`);
    return sent.get('id') === id && sent.get('secret') === secret;
  }

  private metadata(): object {
    const at = (path: string): string => `${this.url}/${path}`;
    return {
      issuer: this.url,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      jwks_uri: at('jwks'),
      revocation_endpoint: at('revoke'),
      end_session_endpoint: at('end-session'),
      ...(this.offersPushedRequests ? { pushed_authorization_request_endpoint: at('par') } : {}),
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      authorization_response_iss_parameter_supported: true,
    };
  }
}

function json(body: object, status = 200): ProviderAnswer {
  return { status, body: JSON.stringify(body) };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
