import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { IntrospectionPoint } from './introspection-point.js';
import { listen, type Listening } from './listen.js';

interface SigningKey {
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}

export interface MintOptions {
  readonly subject?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly issuer?: string;
  /** From now; negative: already expired. */
  readonly expiresInSeconds?: number;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Put over all others; undefined leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What the issuer answers with instead of one of its documents. */
export interface IssuerAnswer {
  /** The path it stands for; every one unless given. */
  readonly path?: '/.well-known/openid-configuration' | '/jwks' | '/introspect';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Every scope the gateways know. */
const everyScope = 'openid profile:read orders:read orders:write catalog:read';

/**
 * An issuer of access tokens: discovery document, JWKS, introspection, and tokens of any shape, good or bad. Counts
 * how often its JWKS was fetched.
 */
export class Issuer implements AsyncDisposable {
  readonly audience = 'urn:bff:test';
  readonly introspection = new IntrospectionPoint();
  jwksFetches = 0;
  /** While set, the issuer does this instead of answering well. */
  fault: 'error' | 'hang' | IssuerAnswer | undefined;
  private published: JWK[] = [];
  private signing: SigningKey | undefined;

  private constructor(
    readonly url: string,
    private readonly listening: Listening,
  ) {}

  static async start(): Promise<Issuer> {
    let issuer: Issuer | undefined;
    const server: Server = createServer((request, response) => {
      const write = (answer: IssuerAnswer | undefined): void => {
        if (answer === undefined) return;
        const { status = 200, headers, body } = answer;
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      };
      issuer?.answer(request).then(write, () => response.destroy());
    });
    const listening = await listen(server);
    issuer = new Issuer(listening.url, listening);
    await issuer.rotate();
    return issuer;
  }

  /** Signs with a new key from now on; the earlier ones stay published. */
  async rotate(kid = `key-${this.published.length + 1}`): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
    this.published = [...this.published, jwk];
    this.signing = { jwk, privateKey };
  }

  /** Adds an entry to the JWKS as it is, readable or not. */
  publish(jwk: JWK): void {
    this.published = [...this.published, jwk];
  }

  /** The public key in use, as its JWK. */
  get publicJwk(): JWK {
    return this.key.jwk;
  }

  /** An access token (RFC 9068) that is good unless an option makes it bad. */
  async mint(options: MintOptions = {}): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      iss: options.issuer ?? this.url,
      aud: options.audience ?? this.audience,
      sub: options.subject ?? '7',
      scope: options.scope ?? everyScope,
      client_id: 'test',
      iat: nowSeconds,
      exp: nowSeconds + (options.expiresInSeconds ?? 600),
      jti: crypto.randomUUID(),
      ...options.claims,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: this.key.jwk.kid, ...options.header })
      .sign(this.key.privateKey);
    this.introspection.issue(token);
    return token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.close();
  }

  private get key(): SigningKey {
    if (this.signing === undefined) throw new Error('no signing key yet');
    return this.signing;
  }

  /** Undefined: none at all. */
  private async answer(request: IncomingMessage): Promise<IssuerAnswer | undefined> {
    const path = request.url ?? '';
    const good = path === '/introspect' ? await this.introspect(request) : this.document(path);
    if (this.fault === undefined) return good;
    if (typeof this.fault === 'string') return this.fault === 'hang' ? undefined : { ...good, status: 500 };
    return (this.fault.path ?? path) === path ? this.fault : good;
  }

  private async introspect(request: IncomingMessage): Promise<IssuerAnswer> {
    return this.introspection.answer(request.headers, await text(request));
  }

  private document(path: string): IssuerAnswer {
    if (path === '/.well-known/openid-configuration') return { body: JSON.stringify(this.metadata) };
    this.jwksFetches += 1;
    return { body: JSON.stringify({ keys: this.published }) };
  }

  private get metadata(): object {
    const { url } = this;
    return { issuer: url, jwks_uri: `${url}/jwks`, introspection_endpoint: `${url}/introspect` };
  }
}
