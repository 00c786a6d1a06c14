import { Inject, Injectable, Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { AUTH_OPTIONS } from '../auth.options.js';
import { isSubject } from '../bearer/token-claims.js';
import type { SessionOptions } from '../session/session.options.js';
import type { SessionTokens, SignedIn } from '../session/session.js';
import { refuseIncomplete } from './provider-description.js';
import { fetchFromProvider } from './provider-fetch.js';
import { SignInRefusedError, toOutage, toProviderFailure } from './provider-failure.js';
import type { SignInRequest } from './sign-in-request.js';

interface ProviderOptions {
  readonly issuer: string;
  readonly session: SessionOptions;
}

/** The discovery document is read again after this time. */
const rememberForMs = 10 * 60_000;
/** Of an ID token, what is about the token and not about its subject. */
const aboutToken = [
  'iss',
  'aud',
  'azp',
  'exp',
  'iat',
  'nbf',
  'jti',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'rt_hash',
];

/**
 * The OpenID provider, for a confidential client. Every method rejects with UpstreamError when the provider has failed,
 * SignInRefusedError when it did not and nobody is signed in, InvalidGrantError for a code or token that is over.
 */
@Injectable()
export class IdentityProvider {
  private readonly logger = new Logger(IdentityProvider.name);
  private readonly issuer: URL;
  private readonly options: SessionOptions;
  private discovered: { readonly config: oidc.Configuration; readonly untilMs: number } | undefined;
  private discovering: Promise<oidc.Configuration> | undefined;

  constructor(@Inject(AUTH_OPTIONS) { issuer, session }: ProviderOptions) {
    this.issuer = new URL(issuer);
    this.options = session;
  }

  /** Where the browser is to go. The request itself goes ahead of it where the provider takes that (RFC 9126). */
  authorizationUrl(request: SignInRequest, redirectUri: string): Promise<URL> {
    return attempt(async () => {
      const config = await this.discover();
      const parameters = {
        ...(await request.parameters()),
        redirect_uri: redirectUri,
        scope: this.options.scope,
      };
      const { pushed_authorization_request_endpoint: pushed } = config.serverMetadata();
      return pushed === undefined
        ? oidc.buildAuthorizationUrl(config, parameters)
        : await oidc.buildAuthorizationUrlWithPAR(config, parameters);
    }).catch((error: unknown) => {
      throw toOutage(error);
    });
  }

  /** Redeems the code of a callback. Its ID token is verified, signature included, against keys fetched just now. */
  redeem(callback: URL, request: SignInRequest): Promise<SignedIn> {
    return attempt(async () => {
      const tokens = await oidc.authorizationCodeGrant(await this.verifyingConfig(), callback, {
        expectedState: request.state,
        expectedNonce: request.nonce,
        pkceCodeVerifier: request.verifier,
        idTokenExpected: true,
        ...(request.maxAgeSeconds === undefined ? {} : { maxAge: request.maxAgeSeconds }),
      });
      const claims = tokens.claims();
      // OpenID Connect Core, section 3.1.3.7: the library looks at `azp` only where there are several audiences.
      if (claims === undefined || (claims.azp ?? this.options.clientId) !== this.options.clientId)
        throw new SignInRefusedError('invalid_response');
      const signedIn = toSignedIn(claims, toTokens(tokens));
      request.checkAuthentication(signedIn.authentication, this.options);
      return signedIn;
    });
  }

  /** New tokens for `subject`; the refresh token may be another one from now on. */
  refresh(refreshToken: string, subject: string): Promise<SessionTokens> {
    return attempt(async () => {
      const tokens = await oidc.refreshTokenGrant(await this.discover(), refreshToken);
      const claims = tokens.claims();
      // OpenID Connect Core, section 12.2.
      if (claims !== undefined && claims.sub !== subject) throw new SignInRefusedError('invalid_response');
      return { refreshToken, ...toTokens(tokens) };
    });
  }

  /** The tokens of a session that is over. Nobody waits for it: that it fails is no concern of whoever has signed out. */
  revokeLater(tokens: SessionTokens): void {
    this.revoke(tokens).catch((error: unknown) => this.logger.warn(error));
  }

  async revoke({ refreshToken, accessToken }: SessionTokens): Promise<void> {
    await attempt(async () => {
      const config = await this.discover();
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      const [token, hint] =
        refreshToken === undefined ? [accessToken, 'access_token'] : [refreshToken, 'refresh_token'];
      await oidc.tokenRevocation(config, token, { token_type_hint: hint });
    });
  }

  /** Where a browser ends its session at the provider too. No token in it: URLs are logged. Undefined: nowhere. */
  endSessionUrl(signedIn: SignedIn, returnTo: string): Promise<URL | undefined> {
    return attempt(async () => {
      const config = await this.discover();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      const { preferred_username: name } = signedIn.claims;
      return oidc.buildEndSessionUrl(config, {
        post_logout_redirect_uri: returnTo,
        ...(typeof name === 'string' ? { logout_hint: name } : {}),
      });
    });
  }

  private discover(): Promise<oidc.Configuration> {
    const known = this.discovered;
    if (known !== undefined && performance.now() < known.untilMs) return Promise.resolve(known.config);
    this.discovering ??= this.fetchConfig().finally(() => (this.discovering = undefined));
    // What it said before holds while it cannot be asked.
    return known === undefined ? this.discovering : this.discovering.catch(() => known.config);
  }

  private async fetchConfig(): Promise<oidc.Configuration> {
    const { clientId, clientSecret } = this.options;
    const config = await oidc.discovery(this.issuer, clientId, {}, oidc.ClientSecretBasic(clientSecret), {
      [oidc.customFetch]: fetchFromProvider,
      ...(this.isInTheClear ? { execute: [oidc.allowInsecureRequests] } : {}),
    });
    refuseIncomplete(config.serverMetadata());
    this.discovered = { config, untilMs: performance.now() + rememberForMs };
    return config;
  }

  /** A new one each time: its keys are remembered in it, and a rotated key must not fail a sign-in. */
  private async verifyingConfig(): Promise<oidc.Configuration> {
    const { clientId, clientSecret } = this.options;
    const server = (await this.discover()).serverMetadata();
    const config = new oidc.Configuration(server, clientId, {}, oidc.ClientSecretBasic(clientSecret));
    config[oidc.customFetch] = fetchFromProvider;
    // The library trusts TLS in place of the signature unless it is told not to.
    oidc.enableNonRepudiationChecks(config);
    if (this.isInTheClear) oidc.allowInsecureRequests(config);
    return config;
  }

  /** On a developer's machine. */
  private get isInTheClear(): boolean {
    return this.issuer.protocol === 'http:';
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SignInRefusedError) throw error;
    throw toProviderFailure(error);
  }
}

type TokenAnswer = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

function toTokens(answer: TokenAnswer): SessionTokens {
  const expiresInSeconds = answer.expiresIn();
  const receivedAtMs = Date.now();
  return {
    accessToken: answer.access_token,
    receivedAtMs,
    scopes: answer.scope?.split(' ') ?? [],
    ...(expiresInSeconds === undefined ? {} : { accessExpiresAtMs: receivedAtMs + expiresInSeconds * 1_000 }),
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
  };
}

function toSignedIn(claims: oidc.IDToken, tokens: SessionTokens): SignedIn {
  const { sub, sid, acr, auth_time: authenticatedAt = claims.iat } = claims;
  if (!isSubject(sub)) throw new SignInRefusedError('invalid_response');
  return {
    subject: sub,
    claims: Object.fromEntries(Object.entries(claims).filter(([name]) => !aboutToken.includes(name))),
    tokens,
    authentication: { atMs: authenticatedAt * 1_000, ...(typeof acr === 'string' ? { acr } : {}) },
    ...(typeof sid === 'string' ? { providerSession: sid } : {}),
  };
}
