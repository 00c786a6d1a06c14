import { Logger } from '@nestjs/common';
import type { Store } from '@bff/store';
import type { ProviderFake } from '@bff/testing';
import { AuditLog } from '../audit/audit-log.js';
import { IdentityProvider } from '../sign-in/identity-provider.js';
import { SignInRequest } from '../sign-in/sign-in-request.js';
import type { LiveSession } from './live-session.js';
import { SessionEnds } from './session-ends.js';
import { Sessions } from './sessions.js';
import { TokenRefresh } from './token-refresh.js';

/** What one replica of a gateway refreshes tokens with. */
export interface Replica {
  readonly sessions: Sessions;
  readonly refresh: TokenRefresh;
  /** Through the provider, to the value of a cookie. */
  signIn(): Promise<string>;
  /** The session of a cookie; rejects when there is none. */
  find(value: string): Promise<LiveSession>;
}

/** Replicas share the store, and nothing else. */
export function openReplica(store: Store, { url, client }: ProviderFake): Replica {
  Logger.overrideLogger(false);
  const session = {
    gateway: 'web-bff',
    clientId: client.id,
    clientSecret: client.secret,
    scope: 'openid offline_access orders:read',
    secrets: ['a session secret of the tests 0123456789'],
    acrOrder: [],
    origins: [],
    corsOrigins: [],
    idleMs: 60_000,
    absoluteMs: 3_600_000,
    withoutStoreMs: 60_000,
  };
  const [audit, provider] = [new AuditLog(), new IdentityProvider({ issuer: url, session })];
  const sessions = new Sessions({ session, store }, new SessionEnds({ store }), audit);
  const find = async (value: string): Promise<LiveSession> => {
    const live = await sessions.find(value);
    if (live === undefined) throw new Error('no such session');
    return live;
  };
  return {
    sessions,
    refresh: new TokenRefresh({ store }, sessions, provider, audit),
    signIn: async () => (await sessions.open(await pass(provider), 'curl')).value,
    find,
  };
}

async function pass(provider: IdentityProvider) {
  const request = SignInRequest.create('/', {});
  const url = await provider.authorizationUrl(request, 'http://bff.example/bff/callback');
  const answer = await fetch(url, { redirect: 'manual' });
  return provider.redeem(new URL(answer.headers.get('location') ?? ''), request);
}
