import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import { answerJson } from '../answer-json.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import { log } from '../log.js';
import type { RunningService } from '../service.js';
import type { ClientSettings } from './clients.js';
import { createProvider } from './create-provider.js';
import { endSessions } from './end-sessions.js';
import { GrantCounts } from './grant-counts.js';
import { KeyRing } from './key-ring.js';
import { createOidcStorage } from './oidc-storage.js';
import type { ResourceSettings } from './resources.js';
import { answerLostSignIn, answerSignIn } from './sign-in-form.js';

export interface IdentitySettings extends ClientSettings, ResourceSettings {
  /** `http://localhost:<port>` when not given. */
  issuer?: string | undefined;
  keyRotationSeconds: number;
}

export interface RunningIdentity extends RunningService {
  issuer: string;
  /** Signs with a new key from now on; returns its id. The keys before it stay published. */
  rotateKeys(): Promise<string>;
  /** How often each grant type has succeeded so far. */
  grants(): Record<string, number>;
  /** Ends all sessions of a user at the provider, and tells the clients; resolves with their number. */
  endSessions(userId: string): Promise<number>;
}

/** The identity provider: OpenID Connect, with a sign-in form for the sample users. */
export async function startIdentity(
  address: Address,
  faults: FaultBoard,
  { issuer, keyRotationSeconds, ...settings }: IdentitySettings,
): Promise<RunningIdentity> {
  const keys = new KeyRing();
  await keys.rotate();

  let provider: Provider;
  const service = await startHttpService('identity', address, faults, (req, res) =>
    answer(req, res, provider),
  );

  const storage = createOidcStorage();
  const grants = new GrantCounts();
  const providerSettings = {
    ...settings,
    grants,
    issuer: issuer ?? `http://localhost:${service.port}`,
    storage: storage.adapter,
    cookieKeys: [randomBytes(32).toString('base64url')],
  };
  provider = createProvider(providerSettings, keys.jwks());

  const rotateKeys = async (): Promise<string> => {
    const kid = await keys.rotate();
    provider = createProvider(providerSettings, keys.jwks());
    log('signing key rotated', { kid });
    return kid;
  };
  const timer = setInterval(() => void rotateKeys(), keyRotationSeconds * 1000).unref();

  return {
    port: service.port,
    issuer: providerSettings.issuer,
    rotateKeys,
    grants: () => grants.toObject(),
    endSessions: (userId) => endSessions(provider, storage, userId),
    close: () => {
      clearInterval(timer);
      return service.close();
    },
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, provider: Provider): Promise<void> {
  const path = new URL(req.url ?? '/', provider.issuer).pathname;
  if (path === '/health') return answerJson(res, 200, { status: 'ok' });
  if (!path.startsWith('/interaction/')) return provider.callback()(req, res);
  try {
    await answerSignIn(req, res, provider);
  } catch (error) {
    if (!answerLostSignIn(res, error)) throw error;
  }
}
