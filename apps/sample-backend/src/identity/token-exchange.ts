import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import type { Provider, TokenEndpointGrantContext } from 'oidc-provider';
import { z } from 'zod';

import { errors } from './oidc-provider.js';
import { describeResource, serviceResources, type ResourceSettings } from './resources.js';

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

const SubjectToken = z.object({ sub: z.string(), scope: z.string().default(''), exp: z.number() });
type SubjectToken = z.infer<typeof SubjectToken>;

interface Parameters {
  subject_token?: string;
  subject_token_type?: string;
  requested_token_type?: string;
  actor_token?: string;
  audience?: string | string[];
}

const parameters = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'actor_token_type',
  'audience',
  'resource',
  'scope',
];

/**
 * Token exchange (RFC 8693) for gateways: the access token with which a user calls a gateway becomes one for a service
 * behind it, of the same user, with no more scopes and no longer life. `publicKeys`: what the provider signs with.
 */
export function registerTokenExchange(
  provider: Provider,
  settings: ResourceSettings,
  publicKeys: JWK[],
): void {
  const keys = createLocalJWKSet({ keys: publicKeys });
  const exchange = async (ctx: TokenEndpointGrantContext<Parameters>): Promise<void> => {
    checkTypes(ctx.oidc.params);
    const target = readTarget(ctx.oidc.params);
    const subject = await readSubject(ctx.oidc.params.subject_token ?? '', keys, provider, settings);
    const scope = narrow(subject.scope, ctx.oidc.params.scope);
    const leftSeconds = Math.floor(subject.exp - Date.now() / 1_000);
    const token = new provider.AccessToken({
      accountId: subject.sub,
      client: ctx.oidc.client,
      gty: 'token_exchange',
      // Of tokens that are kept; a JWT is not.
      grantId: '',
      scope,
      resourceServer: new provider.ResourceServer(
        target,
        describeResource(target, settings.accessTokenSeconds),
      ),
      expiresIn: Math.max(1, Math.min(settings.accessTokenSeconds, leftSeconds)),
    });
    ctx.oidc.entity('AccessToken', token);
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: accessTokenType,
      token_type: token.tokenType,
      expires_in: token.expiration,
      scope,
    };
  };
  provider.registerGrantType(tokenExchange, exchange, parameters, ['audience', 'resource']);
}

/** Section 2.1; a gateway acts for itself, so there is no actor. */
function checkTypes(params: Parameters): void {
  if (params.actor_token !== undefined) throw new errors.InvalidRequest('actor_token is not supported');
  if (params.subject_token_type !== accessTokenType) {
    throw new errors.InvalidRequest(`subject_token_type must be ${accessTokenType}`);
  }
  if ((params.requested_token_type ?? accessTokenType) !== accessTokenType) {
    throw new errors.InvalidRequest(`requested_token_type can only be ${accessTokenType}`);
  }
}

/** One service, named by `audience` or by `resource`, or by both. */
function readTarget({
  audience,
  resource,
}: Parameters & { resource?: string | string[] | undefined }): string {
  const [target, ...others] = new Set([audience ?? [], resource ?? []].flat());
  if (target !== undefined && others.length === 0 && serviceResources.includes(target)) return target;
  throw new errors.InvalidTarget(`name one audience or resource: ${serviceResources.join(', ')}`);
}

/** A token that does not hold is an invalid request (section 2.2.2). */
async function readSubject(
  token: string,
  keys: ReturnType<typeof createLocalJWKSet>,
  { issuer }: Provider,
  { audience }: ResourceSettings,
): Promise<SubjectToken> {
  const expected = { issuer, audience, typ: 'at+jwt', algorithms: ['RS256'], requiredClaims: ['exp'] };
  try {
    return SubjectToken.parse((await jwtVerify(token, keys, expected)).payload);
  } catch {
    throw new errors.InvalidRequest('subject_token is not a valid access token of this provider');
  }
}

function narrow(granted: string, requested: string | undefined): string {
  if (requested === undefined) return granted;
  const wanted = requested.split(' ').filter(Boolean);
  const refused = wanted.filter((scope) => !granted.split(' ').includes(scope));
  if (refused.length > 0)
    throw new errors.InvalidScope('the subject token has not got it', refused.join(' '));
  return wanted.join(' ');
}
