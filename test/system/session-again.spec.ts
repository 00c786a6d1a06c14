import { findFreePort, HttpClient, until } from '@bff/testing';
import { passwordAcr, secondFactorAcr, signInAtGateway, startSampleBackend } from 'sample-backend';
import { webBff } from 'web-bff';
import { startSampleGateway } from '../world/sample-gateway.js';

const accessTokenSeconds = 3;

test('whoever signs in again in the same browser, at the real provider and asking for less than before, is signed in beyond the life of his first tokens', async () => {
  await using stack = new AsyncDisposableStack();
  const port = await findFreePort();
  const gatewayUrl = `http://localhost:${port}`;
  const backend = await startSampleBackend({ webBffOrigins: [gatewayUrl], accessTokenSeconds });
  stack.defer(() => backend.close());
  stack.use(await startSampleGateway(webBff, backend, { PORT: String(port) }));
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
