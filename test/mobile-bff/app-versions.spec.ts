import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { type Bff, startMobileBff } from '../world/bff.js';
import { type ConfigFile, writeGatewayConfig } from '../world/gateway-config.js';

const store = 'https://example.com/app/ios';
const rules = {
  minimum: '1.2.0',
  latest: '2.3.0',
  store,
  blocked: ['1.5.0 - 1.5.3'],
  deprecated: { below: '2.0.0', at: '2026-10-01T00:00:00Z', sunset: '2099-01-01T00:00:00Z' },
};

let file: ConfigFile;
let bff: Bff;
beforeEach(async () => {
  file = writeGatewayConfig('mobile-bff', { app: { versions: { ios: rules } } });
  bff = await startMobileBff({ GATEWAY_CONFIG: file.path });
});
afterEach(async () => {
  await bff[Symbol.asyncDispose]();
  file[Symbol.dispose]();
});

const of = (version: string, platform = 'ios') => ({
  headers: { 'x-app-platform': platform, 'x-app-version': version },
});

function reload(app: object): void {
  writeFileSync(file.path, stringify({ ...(parse(readFileSync(file.path, 'utf8')) as object), app }));
  bff.gateway.reload('test');
}

test('a version that is blocked is answered 426, with where to get which one, and nobody is called', async () => {
  const answer = await bff.ada.get('/v1/home', of('1.1.9'));
  expect(answer).toMatchObject({
    status: 426,
    headers: {
      upgrade: 'ios-app/1.2.0',
      connection: expect.stringMatching(/upgrade/i),
      'cache-control': 'no-store',
    },
    body: {
      type: 'urn:bff:app_version_blocked',
      status: 426,
      retryable: false,
      minimumVersion: '1.2.0',
      storeUrl: store,
      requestId: expect.any(String),
    },
  });
  expect(bff.users.calls).toEqual([]);
});

test('one in the midst of a blocked range is told the version after it', async () => {
  expect((await bff.ada.get('/v1/home', of('1.5.2'))).body).toMatchObject({ minimumVersion: '2.3.0' });
  expect((await bff.ada.get('/v1/home', of('1.5.4'))).status).toBe(200);
});

test('it hears so before it has to sign in, in XML as well, and in place of a batch', async () => {
  expect((await bff.anonymous.get('/v1/home', of('1.0.0'))).status).toBe(426);
  const xml = { headers: { ...of('1.0.0').headers, accept: 'application/xml' } };
  expect((await bff.ada.get('/v1/home', xml)).text).toContain(`<storeUrl>${store}</storeUrl>`);
  const calls = [{ method: 'GET', path: '/v1/config' }];
  expect((await bff.ada.post('/v1/batch', { calls }, of('1.0.0'))).status).toBe(426);
});

test('what says how to update is open to every version', async () => {
  expect(await bff.anonymous.get('/v1/config', of('0.1'))).toMatchObject({
    status: 200,
    body: {
      versions: {
        ios: {
          minimum: '1.2.0',
          latest: '2.3.0',
          blocked: ['1.5.0 - 1.5.3'],
          deprecatedBelow: '2.0.0',
          sunset: '2099-01-01T00:00:00.000Z',
          storeUrl: store,
        },
      },
    },
  });
});

test('one on its way out is served, and told so, in problems and in what has not changed too', async () => {
  const told = {
    deprecation: '@1790812800',
    sunset: 'Thu, 01 Jan 2099 00:00:00 GMT',
    link: `<${store}>; rel="deprecation"`,
  };
  const home = await bff.ada.get('/v1/home', of('1.9.9'));
  expect(home).toMatchObject({ status: 200, headers: told });
  const again = { headers: { ...of('1.9.9').headers, 'if-none-match': String(home.headers['etag']) } };
  expect(await bff.ada.get('/v1/home', again)).toMatchObject({ status: 304, headers: told });
  expect(await bff.ada.get('/v1/products/nothing', of('1.9.9'))).toMatchObject({
    status: 404,
    headers: told,
  });
  expect((await bff.ada.get('/v1/home', of('2.0.0'))).headers).not.toHaveProperty('deprecation');
});

test('after the sunset it is blocked', async () => {
  const deprecated = { ...rules.deprecated, sunset: '2026-11-01T00:00:00Z' };
  reload({ versions: { ios: { ...rules, deprecated } } });
  expect(await bff.ada.get('/v1/home', of('1.9.9'))).toMatchObject({
    status: 426,
    body: { minimumVersion: '2.0.0' },
  });
  expect((await bff.anonymous.get('/v1/config')).body).toMatchObject({
    versions: { ios: { minimum: '2.0.0' } },
  });
});

test.each([
  ['no headers', {}],
  ['no version', { 'x-app-platform': 'ios' }],
  ['no platform', { 'x-app-version': '1.0.0' }],
  ['a platform without rules', { 'x-app-platform': 'windows', 'x-app-version': '1.0.0' }],
  ['the name of something else', { 'x-app-platform': '__proto__', 'x-app-version': '1.0.0' }],
  ['a version nobody understands', { 'x-app-platform': 'ios', 'x-app-version': 'one.two' }],
  ['two versions', { 'x-app-platform': 'ios', 'x-app-version': '1.0.0, 1.0.1' }],
])('who sends %s is served', async (_what, headers) => {
  expect((await bff.ada.get('/v1/home', { headers })).status).toBe(200);
});

test('rules change while the gateway runs, and a rule that would shut everybody out changes nothing', async () => {
  reload({ versions: { ios: { minimum: '2.0.0', latest: '2.3.0' } } });
  expect((await bff.ada.get('/v1/home', of('1.9.9'))).status).toBe(426);
  reload({ versions: { ios: { minimum: '9.0.0', latest: '2.3.0' } } });
  expect((await bff.ada.get('/v1/home', of('2.3.0'))).status).toBe(200);
  expect((await bff.ada.get('/v1/home', of('1.9.9'))).status).toBe(426);
  expect((await bff.management.get('/health/ready')).body).toMatchObject({
    status: 'ready',
    mistakes: [expect.stringMatching(/gateway\.yaml:\d+: .*minimum: would block everybody/)],
  });
});

test('operators see who would be shut out, by platforms of the file alone', async () => {
  await bff.ada.get('/v1/home', of('1.0.0', 'iOS'));
  await bff.ada.get('/v1/home', of('1.9.0'));
  await bff.ada.get('/v1/home', of('2.3.0'));
  await bff.ada.get('/v1/home', of('2.3.0', 'symbian'));
  await bff.ada.get('/v1/home', of('x'));
  const { text } = await bff.management.get('/metrics');
  const counts = text.split('\n').filter((line) => line.startsWith('bff_app_requests_total'));
  expect(counts.toSorted()).toEqual([
    'bff_app_requests_total{platform="ios",outcome="blocked"} 1',
    'bff_app_requests_total{platform="ios",outcome="deprecated"} 1',
    'bff_app_requests_total{platform="ios",outcome="supported"} 1',
    'bff_app_requests_total{platform="ios",outcome="unknown"} 1',
    'bff_app_requests_total{platform="other",outcome="unknown"} 1',
  ]);
});

test('calls in a batch say, too, that the app is on its way out', async () => {
  const calls = [{ method: 'GET', path: '/v1/home' }];
  const { body } = await bff.ada.post('/v1/batch', { calls }, of('1.9.0'));
  const [home] = (body as { results: { headers: Record<string, string> }[] }).results;
  expect(home?.headers).toMatchObject({
    deprecation: `@${Date.parse(rules.deprecated.at) / 1_000}`,
    sunset: new Date(rules.deprecated.sunset).toUTCString(),
    link: expect.stringContaining(store),
  });
});
