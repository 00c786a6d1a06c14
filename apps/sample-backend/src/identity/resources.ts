import type { KoaContextWithOIDC, ResourceServer } from 'oidc-provider';

import { errors } from './oidc-provider.js';
import { resourceScopes } from './scopes.js';

/** What the tokens of gateways may be for: one service each. */
export const serviceResources = ['users', 'orders', 'catalog'].map((name) => `urn:bff:service:${name}`);

export interface ResourceSettings {
  /** The one API that users sign in for, and the `aud` of their access tokens. */
  audience: string;
  accessTokenSeconds: number;
}

/** Access tokens are signed JWTs (RFC 9068). */
export function describeResource(audience: string, accessTokenSeconds: number): ResourceServer {
  return {
    scope: resourceScopes.join(' '),
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: accessTokenSeconds,
    jwt: { sign: { alg: 'RS256' } },
  };
}

/** Resource indicators (RFC 8707): users sign in for the API, a gateway by itself gets tokens for services. */
export function configureResources({ audience, accessTokenSeconds }: ResourceSettings) {
  const isForGateway = (ctx: KoaContextWithOIDC) => ctx.oidc.params?.['grant_type'] === 'client_credentials';
  return {
    enabled: true,
    defaultResource: (ctx: KoaContextWithOIDC) => {
      if (isForGateway(ctx))
        throw new errors.InvalidTarget(`name a resource: ${serviceResources.join(', ')}`);
      return audience;
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (ctx: KoaContextWithOIDC, resource: string) => {
      const allowed = isForGateway(ctx) ? serviceResources : [audience];
      if (!allowed.includes(resource)) throw new errors.InvalidTarget();
      return describeResource(resource, accessTokenSeconds);
    },
  };
}
