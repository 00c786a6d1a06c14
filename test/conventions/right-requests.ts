import { randomUUID } from 'node:crypto';
import type { SessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';
import { type CheckedDocument, type Endpoint, exampleUrl } from './checked-document.js';

/** A request that succeeds. */
export interface RightRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Browsing {
  readonly world: SessionWorld;
  /** Who sends it. */
  readonly visitor: Visitor;
}

/** Operations for which no example can stand in a document, because what is right is right once. */
const prepared: Readonly<Record<string, (browsing: Browsing) => RightRequest | Promise<RightRequest>>> = {
  finishSignIn: async ({ visitor }) => ({ url: await visitor.arrive() }),
  endMySession: async ({ world }) => ({ url: `/bff/sessions/${await idOf(await world.signedIn())}` }),
  backChannelLogout: ({ world }) => ({
    url: '/bff/backchannel-logout',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `logout_token=${world.provider.logoutToken({ sub: 'nobody' })}`,
  }),
};

/** As the document shows it, where that is enough. */
export async function toRightRequest(
  checked: CheckedDocument,
  endpoint: Endpoint,
  browsing?: Browsing,
): Promise<RightRequest> {
  const prepare = prepared[endpoint.operation.operationId];
  if (prepare !== undefined && browsing !== undefined) return prepare(browsing);
  // The key in the document is right once.
  const headers = { 'idempotency-key': randomUUID() };
  return { url: exampleUrl(endpoint), headers, body: checked.bodyExample(endpoint) };
}

async function idOf(visitor: Visitor): Promise<string> {
  const { body } = await visitor.get('/bff/sessions');
  const { sessions } = body as {
    readonly sessions: readonly { readonly id: string; readonly current: boolean }[];
  };
  return sessions.find(({ current }) => current)?.id ?? '';
}
