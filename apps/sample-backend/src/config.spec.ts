import { ConfigError, readConfig } from './config.js';
import { developmentTrust } from './gateway-only/gateway-trust.js';
import type { ServiceName } from './service.js';

const jwksUrl = 'http://web-bff:3100/.well-known/jwks.json';

function mistakesIn(env: NodeJS.ProcessEnv, alone?: ServiceName): string[] {
  try {
    readConfig(alone, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

test('an empty environment starts everything at the ports of the contract', () => {
  expect(readConfig(undefined, { USERS_PORT: '' })).toMatchObject({
    host: '127.0.0.1',
    ports: { identity: 4000, users: 4001, orders: 4002, catalog: 4003, faults: 4009 },
    services: ['users', 'orders', 'catalog', 'identity'],
    faultControl: true,
    identity: {
      issuer: undefined,
      audience: 'urn:bff:api',
      keyRotationSeconds: 86_400,
      accessTokenSeconds: 600,
    },
    gateways: developmentTrust,
  });
});

test('all mistakes are listed at once, each with its variable', () => {
  const mistakes = mistakesIn({
    USERS_PORT: 'x',
    ORDERS_PORT: '70000',
    OIDC_ISSUER: 'localhost',
    JWT_AUDIENCE: 'api',
    KEY_ROTATION_SECONDS: '0',
    ACCESS_TOKEN_SECONDS: 'a day',
    WEB_BFF_ORIGINS: 'http://a.example,b',
    GATEWAY_JWKS_URLS: 'web-bff:3100',
    WEB_BFF_BACK_CHANNEL: 'web-bff:3000',
    NODE_ENV: 'production',
  });
  expect(mistakes.map((mistake) => mistake.split(/[:.]/)[0])).toEqual([
    'USERS_PORT',
    'ORDERS_PORT',
    'OIDC_ISSUER',
    'JWT_AUDIENCE',
    'WEB_BFF_ORIGINS',
    'WEB_BFF_BACK_CHANNEL',
    'GATEWAY_JWKS_URLS',
    'KEY_ROTATION_SECONDS',
    'ACCESS_TOKEN_SECONDS',
    'OIDC_CLIENT_SECRET',
  ]);
});

test('the client secret has no default in production, wherever identity runs', () => {
  expect(mistakesIn({ NODE_ENV: 'production' }, 'identity')).toEqual([
    expect.stringContaining('OIDC_CLIENT_SECRET'),
  ]);
  expect(mistakesIn({ NODE_ENV: 'production', OIDC_CLIENT_SECRET: 's', GATEWAY_JWKS_URLS: jwksUrl })).toEqual(
    [],
  );
});

test.each(['users', 'orders', 'catalog'] as const)(
  'in production %s must be told whose calls it answers, and then trusts nobody else',
  (service) => {
    const production = { NODE_ENV: 'production' };
    expect(mistakesIn(production, service)).toEqual([expect.stringContaining('GATEWAY_JWKS_URLS')]);
    const { gateways } = readConfig(service, { ...production, GATEWAY_JWKS_URLS: `${jwksUrl}, ${jwksUrl}` });
    expect(gateways).toEqual({ jwksUrls: [jwksUrl, jwksUrl], keys: [] });
  },
);

test('opinions is among the services where it has Redis and a key, and says what it lacks', () => {
  const redis = 'redis://127.0.0.1:6379';
  const all = readConfig(undefined, {
    REDIS_URL: redis,
    OPINIONS_KEY: 'k',
    OPINIONS_URL: 'http://opinions:4004',
  });
  expect(all).toMatchObject({
    services: ['users', 'orders', 'catalog', 'identity', 'opinions'],
    ports: { opinions: 4004 },
    announcement: { redis, key: 'k', url: 'http://opinions:4004' },
  });
  expect(readConfig(undefined, { REDIS_URL: redis }).services).not.toContain('opinions');
  expect(mistakesIn({ OPINIONS_KEY: 'k' })).toEqual([expect.stringContaining('REDIS_URL: must be set')]);
  expect(mistakesIn({ OPINIONS_URL: 'opinions' }, 'opinions')).toEqual([
    'OPINIONS_URL: must be an http(s) URL',
    'REDIS_URL: must be set for opinions, which announces itself over Redis, signed',
    'OPINIONS_KEY: must be set for opinions, which announces itself over Redis, signed',
  ]);
});

test('PORT is the port of a service that starts alone, and means nothing otherwise', () => {
  expect(readConfig('orders', { PORT: '8080', ORDERS_PORT: '1' }).ports).toMatchObject({
    orders: 8080,
    users: 4001,
  });
  expect(readConfig(undefined, { PORT: '8080' }).ports).toMatchObject({ users: 4001 });
});

test('fault control starts beside a single service only when its port is given', () => {
  expect(readConfig('users', {})).toMatchObject({ services: ['users'], faultControl: false });
  expect(readConfig('users', { FAULTS_PORT: '0' })).toMatchObject({ faultControl: true });
});
