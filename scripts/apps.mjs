import { generateKeyPairSync } from 'node:crypto';
import { readGateways } from './gateways.mjs';
import { root } from './root.mjs';

/**
 * The processes of `npm start`, the sample services and all gateways: folder, ports and environment of each. PORT_OFFSET
 * is added to every port and everything that names one follows; what the caller's environment sets stays, except for the
 * ports of an app.
 */
export function describeApps(env) {
  const offset = readOffset(env.PORT_OFFSET);
  const at = (number) => number + offset;
  const host = env.HOST || '127.0.0.1';
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  const local = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : reachable;
  const issuer = env.OIDC_ISSUER || `http://${local}:${at(4000)}`;

  const shared = { HOST: host, LOG_LEVEL: env.LOG_LEVEL || 'warn', OIDC_ISSUER: issuer };
  const upstreams = {
    USERS_URL: env.USERS_URL || `http://${reachable}:${at(4001)}`,
    ORDERS_URL: env.ORDERS_URL || `${reachable}:${at(4002)}`,
    CATALOG_URL: env.CATALOG_URL || `http://${reachable}:${at(4003)}/graphql`,
  };
  const origins = [`http://localhost:${at(3000)}`, `http://${reachable}:${at(3000)}`].join(',');
  const opinions = describeOpinions(env, { reachable, port: at(4004) });
  const gateway = ({ name, port, managementPort }) => ({
    name,
    ports: { gateway: at(port), management: at(managementPort) },
    env: {
      ...shared,
      ...upstreams,
      ...opinions.gateways,
      PORT: at(port),
      MANAGEMENT_PORT: at(managementPort),
    },
  });
  const gateways = readGateways(root);
  const jwksUrls = gateways.map(
    ({ managementPort }) => `http://${reachable}:${at(managementPort)}/.well-known/jwks.json`,
  );
  return {
    issuer,
    address: (port) => `http://${local}:${at(port)}`,
    gateways,
    hasOpinions: 'opinions' in opinions.ports,
    apps: [
      {
        name: 'sample-backend',
        startsQuietly: true,
        ports: {
          identity: at(4000),
          users: at(4001),
          orders: at(4002),
          catalog: at(4003),
          ...opinions.ports,
          faults: at(4009),
        },
        env: {
          ...shared,
          IDENTITY_PORT: at(4000),
          USERS_PORT: at(4001),
          ORDERS_PORT: at(4002),
          CATALOG_PORT: at(4003),
          FAULTS_PORT: at(4009),
          ...opinions.service,
          WEB_BFF_ORIGINS: env.WEB_BFF_ORIGINS || origins,
          GATEWAY_JWKS_URLS: env.GATEWAY_JWKS_URLS || jwksUrls.join(','),
        },
      },
      ...gateways.map(gateway),
    ],
  };
}

/**
 * Opinions announces itself over Redis, and is there when there is one. Nobody has to make keys for that: this start has a
 * pair of its own, unless the environment sets both halves.
 */
function describeOpinions(env, { reachable, port }) {
  if (!env.REDIS_URL) return { ports: {}, gateways: {}, service: {} };
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const isGiven = env.OPINIONS_KEY && env.OPINIONS_PUBLIC_KEY;
  const base64 = (key, type) => key.export({ format: 'der', type }).toString('base64');
  return {
    ports: { opinions: port },
    gateways: { OPINIONS_PUBLIC_KEY: isGiven ? env.OPINIONS_PUBLIC_KEY : base64(publicKey, 'spki') },
    service: {
      OPINIONS_PORT: port,
      OPINIONS_URL: env.OPINIONS_URL || `http://${reachable}:${port}`,
      OPINIONS_KEY: isGiven ? env.OPINIONS_KEY : base64(privateKey, 'pkcs8'),
    },
  };
}

function readOffset(text = '0') {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 60_000) {
    throw new Error(`PORT_OFFSET=${text}: expected a whole number up to 60000, such as 100.`);
  }
  return Number(text);
}
