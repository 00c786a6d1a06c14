import { type Bff, startWebBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';

const listed = 'https://app.example.com';

async function startWith(origins: readonly string[]): Promise<Bff> {
  using config = writeGatewayConfig('web-bff', { cors: { origins } });
  return await startWebBff({ GATEWAY_CONFIG: config.path });
}

const preflight = (bff: Bff, origin: string) =>
  bff.anonymous.call('OPTIONS', '/api/dashboard', {
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-csrf',
    },
  });

test('without a list no origin is told that it may call', async () => {
  await using bff = await startWith([]);
  const asked = await preflight(bff, listed);
  const called = await bff.ada.get('/api/dashboard', { headers: { origin: listed } });
  for (const { headers } of [asked, called])
    expect(headers).not.toHaveProperty('access-control-allow-origin');
});

test('a page of a listed origin may send the header that others cannot, and read the answer', async () => {
  await using bff = await startWith([listed]);
  const asked = await preflight(bff, listed);
  expect(asked.status).toBe(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': listed,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'x-csrf',
  });
  const called = await bff.ada.get('/api/dashboard', { headers: { origin: listed } });
  expect(called.status).toBe(200);
  expect(called.headers).toMatchObject({
    'access-control-allow-origin': listed,
    'access-control-allow-credentials': 'true',
  });
  expect(called.headers['vary']).toContain('Origin');
});

test.each([
  'https://evil.example.com',
  'http://app.example.com',
  'https://app.example.com.evil.example',
  'null',
])('%s is not taken for it', async (origin) => {
  await using bff = await startWith([listed]);
  expect((await preflight(bff, origin)).headers).not.toHaveProperty('access-control-allow-origin');
});

test('what is no origin is a mistake that is told at start', async () => {
  await expect(startWith(['https://app.example.com/path'])).rejects.toThrow(
    /cors\.origins\.0: expected an origin/,
  );
});
