import { startGateway } from '@bff/gateway';
import { findFreePort, HttpClient, until } from '@bff/testing';
import { passwordAcr, secondFactorAcr, signInAtGateway, startSampleBackend } from 'sample-backend';
import { webBff } from 'web-bff';

const accessTokenSeconds = 3;

test('whoever signs in again in the same browser, at the real provider and asking for less than before, is signed in beyond the life of his first tokens', async () => {
  await using stack = new AsyncDisposableStack();
  const port = await findFreePort();
  const gatewayUrl = `http://localhost:${port}`;
  const backend = await startSampleBackend({ webBffOrigins: [gatewayUrl], accessTokenSeconds });
  stack.defer(() => backend.close());
  const { identity, users, orders, catalog } = backend.urls;
  stack.use(
    await startGateway(webBff, {
      PORT: String(port),
      MANAGEMENT_PORT: '0',
      LOG_LEVEL: 'silent',
      OIDC_ISSUER: identity,
      USERS_URL: users,
      ORDERS_URL: orders,
      CATALOG_URL: catalog,
    }),
  );
  const ada = { gatewayUrl, login: 'ada', password: 'ada' };
  const first = await signInAtGateway({ ...ada, acrValues: secondFactorAcr });
  const { cookie } = await signInAtGateway({ ...ada, acrValues: passwordAcr, browser: first.browser });
  expect(cookie).not.toBe(first.cookie);

  const client = stack.use(new HttpClient(gatewayUrl));
  const statusOf = async (value: string): Promise<number> =>
    (await client.get('/api/dashboard', { headers: { cookie: value, 'x-csrf': '1' } })).status;
  expect(await statusOf(first.cookie)).toBe(401);
  const startedMs = performance.now();
  await until(
    'all tokens of the sign-ins have run out',
    async () => {
      expect(await statusOf(cookie)).toBe(200);
      return performance.now() - startedMs > accessTokenSeconds * 1_500;
    },
    30_000,
  );
}, 60_000);
