import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { announcementsChannel, announcementType } from '@bff/announce';
import { createStore } from '@bff/store';
import { listen } from '@bff/testing';
import { SignJWT } from 'jose';

/** A pair of Ed25519 keys, or of P-256, as a service and a gateway are given them. */
export function createKeys(kind: 'ed25519' | 'p256' = 'ed25519') {
  const pair =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    private: pair.privateKey,
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicJwk: pair.publicKey.export({ format: 'jwk' }),
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }),
  };
}

/** A service that answers with its name, the path it saw and who called. */
export async function startNamedService(
  name: string,
  serve?: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const server = createServer((request, response) => {
    if (serve !== undefined) return serve(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ service: name, path: request.url, user: request.headers['x-user-id'] }));
  });
  const listening = await listen(server);
  return { url: listening.url, [Symbol.asyncDispose]: () => listening.close() };
}

export interface SignedAs {
  readonly key: KeyObject;
  readonly alg?: string;
  readonly typ?: string;
}

/** Whatever somebody may say on the channel. */
export async function openChannel(redis: string) {
  const store = createStore({ url: redis });
  return {
    say: (text: string) => store.publish(announcementsChannel, text),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

/** An announcement as the client makes it, with other claims. */
export async function signAnnouncement(
  claims: object,
  { key, alg = 'EdDSA', typ = announcementType }: SignedAs,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1_000);
  const usual = { iat, exp: iat + 10, jti: randomUUID(), instance: randomUUID(), seq: 1, health: 'ok' };
  return await new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, typ }).sign(key);
}
