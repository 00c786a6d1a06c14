import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networksOf, readCompose } from '../world/compose-schema.js';
import { importGateways } from '../world/gateways.js';

const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const { compose, errors } = readCompose(text);
const { services, networks } = compose;

const hidden = ['redis', 'users', 'orders', 'catalog', 'opinions'];
const definitions = await importGateways();
const gateways = Object.fromEntries(definitions.map(({ name, port }) => [name, String(port)]));

test('docker-compose.yml is what the compose specification allows', () => {
  expect(errors).toEqual([]);
});

test('it has exactly the services of the platform', () => {
  expect(Object.keys(services).toSorted()).toEqual(
    [...hidden, 'identity', ...Object.keys(gateways)].toSorted(),
  );
});

test.each(hidden)('%s is on an internal network only and publishes nothing', (name) => {
  const service = services[name]!;

  expect(service.ports).toBeUndefined();
  expect(networksOf(service).map((network) => networks[network]?.internal)).toEqual([true]);
});

test.each(Object.entries(gateways))(
  '%s is published on this machine at %s, its management is not',
  (name, port) => {
    expect(services[name]?.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  },
);

test('identity, where browsers sign in, is published on this machine and has one address inside and outside', () => {
  const { ports, networks: joined, environment } = services['identity']!;
  const { hostname, port } = new URL(environment!['OIDC_ISSUER']!);

  expect(ports).toEqual([`127.0.0.1:${port}:${port}`]);
  expect(joined).toEqual({ edge: { aliases: [hostname] } });
  for (const name of Object.keys(gateways)) {
    expect(networksOf(services[name]!)).toContain('edge');
    expect(services[name]?.environment?.['OIDC_ISSUER']).toBe(environment!['OIDC_ISSUER']);
  }
});

test.each(Object.keys(services))(
  '%s runs as a plain user, read-only, without capabilities, and is checked',
  (name) => {
    const service = services[name]!;

    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service.user).toMatch(/^(node|redis)$/);
    expect(service.healthcheck?.test[0]).toBe('CMD');
  },
);

test('what is called by the gateways is a service of this file', () => {
  for (const name of Object.keys(gateways)) {
    const { USERS_URL, ORDERS_URL, CATALOG_URL } = services[name]!.environment!;
    expect([USERS_URL, ORDERS_URL, CATALOG_URL]).toEqual([
      'http://users:4001',
      'orders:4002',
      'http://catalog:4003/graphql',
    ]);
  }
});

test.each(['users', 'orders', 'catalog', 'opinions'])(
  '%s trusts every gateway, at its management port on the network that both are on',
  (name) => {
    const { environment, networks: joined } = services[name]!;

    expect(environment?.['GATEWAY_JWKS_URLS']?.split(',')).toEqual(
      definitions.map(({ name, managementPort }) => `http://${name}:${managementPort}/.well-known/jwks.json`),
    );
    for (const gateway of Object.keys(gateways))
      expect(networksOf(services[gateway]!)).toEqual(expect.arrayContaining(joined as string[]));
  },
);

test.each(Object.keys(gateways))('%s has what it needs in production, and waits for Redis', (name) => {
  const { environment = {}, depends_on: waitsFor = {}, networks: joined } = services[name]!;
  const defaultOf = (variable: string) =>
    environment[variable]?.match(/^\$\{\w+:-(development-only.*)\}$/)?.[1];

  expect(environment['REDIS_URL']).toBe('redis://redis:6379');
  expect(waitsFor['redis']).toEqual({ condition: 'service_healthy' });
  expect(joined).toEqual(expect.arrayContaining(networksOf(services['redis']!)));
  expect(defaultOf('SESSION_SECRET')?.length).toBeGreaterThanOrEqual(32);
  expect(defaultOf('OIDC_CLIENT_SECRET')).toEqual(expect.any(String));
});

test('the provider and its clients share a secret, and it finds web-bff where browsers do not', () => {
  const { environment: identity } = services['identity']!;

  for (const name of ['web-bff', 'mobile-bff']) {
    expect(services[name]?.environment).toMatchObject({
      OIDC_CLIENT_ID: name,
      OIDC_CLIENT_SECRET: identity?.['OIDC_CLIENT_SECRET'],
    });
  }
  expect(identity?.['WEB_BFF_BACK_CHANNEL']).toBe(`http://web-bff:${gateways['web-bff']}`);
});

test('opinions announces itself where the gateways listen, and they have the other half of its key', () => {
  const defaultOf = (text = ''): string => /^\$\{\w+:-(.+)\}$/.exec(text)?.[1] ?? '';
  const { REDIS_URL, OPINIONS_URL, OPINIONS_KEY } = services['opinions']!.environment!;
  const der = (text: string) => Buffer.from(defaultOf(text), 'base64');
  const key = createPrivateKey({ key: der(OPINIONS_KEY!), format: 'der', type: 'pkcs8' });
  const half = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

  expect(OPINIONS_URL).toBe('http://opinions:4004');
  for (const name of Object.keys(gateways)) {
    const { environment = {} } = services[name]!;
    expect(environment['REDIS_URL']).toBe(REDIS_URL);
    expect(defaultOf(environment['OPINIONS_PUBLIC_KEY'])).toBe(half);
  }
});

test.each([
  ['an unknown key', text.replace('read_only: true', 'readonly: true')],
  ['a value of the wrong type', text.replace('read_only: true', 'read_only: often')],
  ['a network that does not exist', text.replace('networks: [services]', 'networks: [service]')],
  ['a service to wait for that does not exist', text.replace('users: { condition', 'user: { condition')],
])('%s is refused', (_, broken) => {
  expect(broken).not.toBe(text);
  expect(readCompose(broken).errors).not.toEqual([]);
});
