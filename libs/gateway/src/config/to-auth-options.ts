import type { AuthOptions } from '@bff/auth';
import type { ConfigDefaults } from './config.js';
import type { GatewayEnvironment } from './environment.js';
import type { GatewayFile } from './gateway-file.js';

/** Who may call, from what `gateway.yaml` says and the secrets of the environment. */
export function toAuthOptions(
  { name, methods }: ConfigDefaults,
  settings: GatewayEnvironment,
  { auth: entry, cors }: GatewayFile,
): Omit<AuthOptions, 'store'> {
  const { session, bearer, apiKeys } = entry;
  const client = { clientId: settings.OIDC_CLIENT_ID, clientSecret: settings.OIDC_CLIENT_SECRET };
  const { introspection } = bearer;
  return {
    issuer: settings.OIDC_ISSUER,
    audience: settings.JWT_AUDIENCE,
    methods: entry.methods ?? methods,
    dpop: bearer.dpop,
    ...(introspection === undefined
      ? {}
      : { introspection: { ...client, ...urlOf(introspection), rememberForMs: introspection.rememberFor } }),
    apiKeys: apiKeys.map(({ expires, ...key }) => ({ ...key, expiresAtMs: expires })),
    session: {
      gateway: name,
      ...client,
      scope: session.scope,
      acrOrder: session.acr,
      secrets: settings.SESSION_SECRET,
      origins: session.origins,
      corsOrigins: cors.origins,
      idleMs: session.idle,
      absoluteMs: session.absolute,
      withoutStoreMs: session.withoutStore,
    },
  };
}

function urlOf({ url }: { readonly url?: string | undefined }): { readonly url?: string } {
  return url === undefined ? {} : { url };
}
