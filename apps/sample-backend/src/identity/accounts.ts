import type { Account, Grant, KoaContextWithOIDC } from 'oidc-provider';

import { findUser } from '../data/users.js';

/** The account is the user; its subject is the user's id. */
export function findAccount(_ctx: KoaContextWithOIDC, sub: string): Account | undefined {
  const user = findUser(sub);
  if (!user) return undefined;
  return {
    accountId: sub,
    claims: () => ({
      sub,
      name: user.name,
      preferred_username: user.login,
      locale: user.locale,
      email: user.email,
      email_verified: true,
    }),
  };
}

/** Stands in for a consent page: whatever the client asks for and is allowed to ask for is granted. */
export async function grantEverythingAskedFor(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, account, provider } = ctx.oidc;
  if (!client || !account) return undefined;

  const grantId = session?.grantIdFor(client.clientId);
  const grant =
    (grantId ? await provider.Grant.find(grantId) : undefined) ??
    new provider.Grant({ accountId: account.accountId, clientId: client.clientId });

  const asked = [...ctx.oidc.requestParamScopes].join(' ');
  grant.addOIDCScope(asked);
  for (const resource of Object.keys(ctx.oidc.resourceServers ?? {})) grant.addResourceScope(resource, asked);
  await grant.save();
  return grant;
}
