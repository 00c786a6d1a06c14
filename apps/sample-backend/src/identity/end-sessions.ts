import type { Provider, Session } from 'oidc-provider';

import { log } from '../log.js';
import type { OidcStorage } from './oidc-storage.js';

/** What the types of oidc-provider leave out of its clients. */
interface ToldByBackChannel {
  backchannelLogout(sub: string, sid: string | undefined): Promise<void>;
}

/**
 * Ends every session of an account, as if it had signed out in all of its browsers: clients are told over the back
 * channel (OpenID Connect Back-Channel Logout), and what lives no longer than a session is revoked. Resolves with their
 * number when all clients have been told.
 */
export async function endSessions(
  provider: Provider,
  storage: OidcStorage,
  accountId: string,
): Promise<number> {
  const found = await Promise.all(storage.sessionIdsOf(accountId).map((id) => provider.Session.find(id)));
  const sessions = found.filter((session) => session !== undefined);
  await Promise.all(sessions.map((session) => endSession(provider, storage, session)));
  return sessions.length;
}

async function endSession(provider: Provider, storage: OidcStorage, session: Session): Promise<void> {
  await session.destroy();
  const told = Object.entries(session.authorizations ?? {}).map(
    async ([clientId, { grantId, persistsLogout }]) => {
      if (grantId !== undefined && !persistsLogout) storage.revokeGrant(grantId);
      await tell(provider, session, clientId);
    },
  );
  await Promise.all(told);
}

async function tell(provider: Provider, session: Session, clientId: string): Promise<void> {
  const client = await provider.Client.find(clientId);
  if (!client?.backchannelLogoutUri || session.accountId === undefined) return;
  await (client as typeof client & ToldByBackChannel)
    .backchannelLogout(session.accountId, session.sidFor(clientId))
    .catch((error: unknown) => log('back-channel logout failed', { client: clientId, error: String(error) }));
}
