import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from './broker.js';
import type { Certificate } from './certificates.js';
import { findFreePort } from './listen.js';
import { startRedisServer } from './redis-server.js';

/** Speaks TLS with that certificate, and asks clients for none. */
export async function startSecureRedis({ cert, key }: Certificate): Promise<Broker> {
  const port = await findFreePort();
  const server = await startRedisServer(({ folder }) => {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key, { mode: 0o600 });
    return [
      '--tls-port',
      String(port),
      '--tls-cert-file',
      certFile,
      '--tls-key-file',
      keyFile,
      '--tls-ca-cert-file',
      certFile,
      '--tls-auth-clients',
      'no',
    ];
  });
  return {
    url: `rediss://localhost:${port}`,
    stop: () => server.stop(),
    start: () => server.start(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
