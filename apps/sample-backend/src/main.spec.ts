import { once } from 'node:events';
import { createServer } from 'node:net';

import { startGatewayFixture } from './gateway-only/gateway.fixture.js';
import { freePorts, startProcess } from './start-process.fixture.js';

test('everything starts, says where, and ends on SIGTERM with an open connection', async () => {
  await using gateway = await startGatewayFixture();
  using all = startProcess([], { ...freePorts, GATEWAY_JWKS_URLS: gateway.jwksUrl });
  const ports = await all.ready();
  expect(Object.keys(ports)).toEqual(['users', 'orders', 'catalog', 'identity', 'faults']);
  const headers = { 'x-identity-assertion': await gateway.sign({ audience: 'users', userId: '7' }) };
  expect((await fetch(`http://127.0.0.1:${ports['users']}/users/7`, { headers })).status).toBe(200);

  all.child.kill('SIGTERM');
  expect(await all.ended).toEqual([0, null]);
  const lines = (await all.output).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    Object.entries(ports).map(([service, port]) => expect.objectContaining({ service, port })),
  );
  expect(await all.errors).toBe('');
});

test('one service starts alone at PORT, and ends when its parent lets go of it', async () => {
  using alone = startProcess(['catalog'], { PORT: '0', CATALOG_PORT: '1' });
  const ports = await alone.ready();
  expect(Object.keys(ports)).toEqual(['catalog']);
  expect((await fetch(`http://127.0.0.1:${ports['catalog']}/health`)).status).toBe(200);

  alone.child.disconnect();
  expect(await alone.ended).toEqual([0, null]);
});

test('a taken port is one line that names service, port and remedy', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  using failing = startProcess([], { ...freePorts, CATALOG_PORT: String(port) });
  expect(await failing.ended).toEqual([1, null]);
  expect(await failing.errors).toBe(
    `catalog: port ${port} on 127.0.0.1 is taken; ` +
      'stop what listens there or set CATALOG_PORT to another port (0 picks a free one)\n',
  );
  squatter.close();
});

test('mistakes in the environment are all on standard error, one a line', async () => {
  using failing = startProcess([], { USERS_PORT: 'x', NODE_ENV: 'production' });
  expect(await failing.ended).toEqual([1, null]);
  expect((await failing.errors).split('\n')).toEqual([
    'USERS_PORT: must be a port number, 0 to 65535',
    'OIDC_CLIENT_SECRET: must be set when NODE_ENV is production; there is no default',
    'GATEWAY_JWKS_URLS: must be set when NODE_ENV is production; there is no default',
    '',
  ]);
});

test('an unknown service is refused with the known ones', async () => {
  using failing = startProcess(['payments'], {});
  expect(await failing.ended).toEqual([1, null]);
  expect(await failing.errors).toBe('unknown service payments: users, orders, catalog, identity, opinions\n');
});
