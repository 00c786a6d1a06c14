import type { AdapterFactory, Configuration, JWK, Provider as OidcProvider } from 'oidc-provider';

import { log } from '../log.js';
import { findAccount, grantEverythingAskedFor } from './accounts.js';
import { describeClients } from './clients.js';
import { askConsentForOfflineAccess } from './offline-access.js';
import { interactionPolicy, Provider, errors } from './oidc-provider.js';
import { logoutPage, messagePage } from './pages.js';
import { everyScope, resourceScopes } from './scopes.js';

const accessTokenSeconds = 10 * 60;
const daySeconds = 24 * 60 * 60;

export interface ProviderSettings {
  issuer: string;
  /** The one API that access tokens are for, and their `aud`. */
  audience: string;
  clientSecret: string;
  webBffOrigins: readonly string[];
  storage: AdapterFactory;
  cookieKeys: string[];
}

/** A provider that signs with the first of `jwks`. Those that share storage and cookie keys continue each other. */
export function createProvider(settings: ProviderSettings, jwks: { keys: JWK[] }): OidcProvider {
  const provider = new Provider(settings.issuer, { ...configure(settings), jwks });
  // Behind a proxy that ends TLS, the forwarded protocol decides about secure cookies and addresses.
  provider.proxy = settings.issuer.startsWith('https:');
  provider.use(askConsentForOfflineAccess);
  provider.on('server_error', (_ctx, error) => log('identity failed', { error: String(error) }));
  return provider;
}

function configure(settings: ProviderSettings): Configuration {
  return {
    adapter: settings.storage,
    clients: describeClients(settings.clientSecret, settings.webBffOrigins),
    cookies: { keys: settings.cookieKeys },
    findAccount,
    loadExistingGrant: grantEverythingAskedFor,
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'locale'],
      email: ['email', 'email_verified'],
    },
    // The claims go into the ID token: an access token for the API cannot be used at a userinfo endpoint.
    conformIdTokenClaims: false,
    scopes: everyScope.split(' '),
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}`, policy: signInOnly() },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: accessTokenSeconds,
      Interaction: 60 * 60,
      RefreshToken: 14 * daySeconds,
      Session: 14 * daySeconds,
      Grant: 14 * daySeconds,
    },
    features: configureFeatures(settings.audience),
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = 'html';
      ctx.body = messagePage('This did not work', description ? `${error}: ${description}` : error);
    },
    // Without the dispatcher that keeps the provider from calling private addresses: our clients are there.
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined }),
  };
}

function configureFeatures(audience: string): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = logoutPage(form);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = messagePage('Signed out', 'You can close this page.');
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (resource !== audience) throw new errors.InvalidTarget();
        return {
          scope: resourceScopes.join(' '),
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        };
      },
    },
  };
}

/** Our clients are our own: nobody is asked for consent. `prompt=consent` stays a valid request. */
function signInOnly() {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.clear();
  return policy;
}
