import type { AdapterFactory, Configuration, JWK, Provider as OidcProvider } from 'oidc-provider';

import { log } from '../log.js';
import { findAccount, grantEverythingAskedFor } from './accounts.js';
import { acrValues } from './acr.js';
import { describeClients, type ClientSettings } from './clients.js';
import type { GrantCounts } from './grant-counts.js';
import { signInPolicy } from './interaction-policy.js';
import { toPublicKey } from './key-ring.js';
import { askConsentForOfflineAccess } from './offline-access.js';
import { Provider } from './oidc-provider.js';
import { logoutPage, messagePage } from './pages.js';
import { configureResources, type ResourceSettings } from './resources.js';
import { everyScope } from './scopes.js';
import { registerTokenExchange } from './token-exchange.js';

const idTokenSeconds = 10 * 60;
const daySeconds = 24 * 60 * 60;

export interface ProviderSettings extends ResourceSettings, ClientSettings {
  issuer: string;
  storage: AdapterFactory;
  cookieKeys: string[];
  grants: GrantCounts;
}

/** A provider that signs with the first of `jwks`. Those that share storage and cookie keys continue each other. */
export function createProvider(settings: ProviderSettings, jwks: { keys: JWK[] }): OidcProvider {
  const provider = new Provider(settings.issuer, { ...configure(settings), jwks });
  // Behind a proxy that ends TLS, the forwarded protocol decides about secure cookies and addresses.
  provider.proxy = settings.issuer.startsWith('https:');
  provider.use(async (ctx, next) => {
    // Nobody signs out by a click on a page that lies below another one.
    ctx.set({ 'content-security-policy': "frame-ancestors 'none'", 'referrer-policy': 'no-referrer' });
    await next();
  });
  askConsentForOfflineAccess(provider);
  registerTokenExchange(provider, settings, jwks.keys.map(toPublicKey));
  settings.grants.countAt(provider);
  provider.on('server_error', (_ctx, error) => log('identity failed', { error: String(error) }));
  provider.on('backchannel.error', (_ctx, error, client) =>
    log('back-channel logout failed', { client: client.clientId, error: String(error) }),
  );
  return provider;
}

function configure(settings: ProviderSettings): Configuration {
  return {
    adapter: settings.storage,
    clients: describeClients(settings),
    cookies: { keys: settings.cookieKeys },
    findAccount,
    loadExistingGrant: grantEverythingAskedFor,
    acrValues,
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['name', 'preferred_username', 'locale'],
      email: ['email', 'email_verified'],
    },
    // The claims go into the ID token: an access token for the API cannot be used at a userinfo endpoint.
    conformIdTokenClaims: false,
    scopes: everyScope.split(' '),
    responseTypes: ['code'],
    pkce: { required: () => true },
    // One use each, of public and confidential clients alike: a second use revokes what both have brought (RFC 9700).
    rotateRefreshToken: true,
    clientBasedCORS: () => false,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}`, policy: signInPolicy() },
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      AuthorizationCode: 60,
      ClientCredentials: settings.accessTokenSeconds,
      IdToken: idTokenSeconds,
      Interaction: 60 * 60,
      RefreshToken: 14 * daySeconds,
      Session: 14 * daySeconds,
      Grant: 14 * daySeconds,
    },
    features: configureFeatures(settings),
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = 'html';
      ctx.body = messagePage('This did not work', description ? `${error}: ${description}` : error);
    },
    // Without the dispatcher that keeps the provider from calling private addresses: our clients are there.
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined }),
  };
}

/** No introspection: the provider does not introspect JWTs, which all of our access tokens are. */
function configureFeatures(settings: ResourceSettings): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
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
    resourceIndicators: configureResources(settings),
  };
}
