import { exchange, requestText } from '../world/raw-http.js';
import { countCalls } from '../world/services.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { cookieNames, type Visitor } from '../world/visitor.js';

const host = 'bff.example';
const origin = `http://${host}`;
let world: SessionWorld;
let ada: Visitor;
beforeAll(async () => {
  world = await startSessionWorld();
  ada = await world.signedIn();
});
afterEach(async () => {
  // Whatever was tried: she is signed in, and signed out nowhere.
  expect((await ada.get('/bff/sessions')).body).toMatchObject({ sessions: [{ current: true }] });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const routes = [
  'GET /api/dashboard',
  'GET /api/orders/42',
  'POST /api/orders',
  'GET /bff/user',
  'GET /bff/sessions',
  'GET /bff/session-events',
  'POST /bff/logout',
  'DELETE /bff/sessions',
];

/** With her cookie, as her browser sends it whoever makes it call. */
async function send(route: string, ...lines: string[]) {
  const cookie = `Cookie: ${cookieNames.session}=${ada.session ?? ''}`;
  const body = route.startsWith('POST') ? '{"lines":[{"sku":"BK-1843","quantity":1}]}' : '';
  const length = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
  const text = requestText(`${route} HTTP/1.1`, [`Host: ${host}`, cookie, ...length, ...lines], body);
  const answer = await exchange(world.gateway.url, text);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

const attempts: readonly (readonly [string, readonly string[]])[] = [
  ['no header that only scripts of this site can send', []],
  ['the header with 0', ['X-CSRF: 0']],
  ['the header with true', ['X-CSRF: true']],
  ['the header without a value', ['X-CSRF: ']],
  ['the header twice', ['X-CSRF: 1', 'X-CSRF: 1']],
  ['the header under another name', ['X_CSRF: 1', 'X-CSRF-Token: 1']],
  ['the origin of another site', ['X-CSRF: 1', 'Origin: https://evil.example']],
  ['no origin to speak of', ['X-CSRF: 1', 'Origin: null']],
  ['an empty origin', ['X-CSRF: 1', 'Origin: ']],
  ['the origin of a sub-domain', ['X-CSRF: 1', `Origin: http://www.${host}`]],
  ['the origin of a domain that begins alike', ['X-CSRF: 1', `Origin: ${origin}.evil.example`]],
  ['the origin of another port', ['X-CSRF: 1', `Origin: ${origin}:8080`]],
  ['the origin with another scheme', ['X-CSRF: 1', `Origin: https://${host}`]],
  ['an address as origin', ['X-CSRF: 1', `Origin: ${origin}/`]],
  ['two origins', ['X-CSRF: 1', `Origin: ${origin} https://evil.example`]],
  ['a page of a sibling domain', ['X-CSRF: 1', 'Sec-Fetch-Site: same-site']],
  ['a page of another site', ['X-CSRF: 1', 'Sec-Fetch-Site: cross-site']],
  ['a link in a letter', ['X-CSRF: 1', 'Sec-Fetch-Site: none']],
  ['a page of nobody knows where', ['X-CSRF: 1', 'Sec-Fetch-Site: ']],
  [
    'our origin, and a page of another site',
    ['X-CSRF: 1', `Origin: ${origin}`, 'Sec-Fetch-Site: cross-site'],
  ],
];

describe.each(attempts)('with %s', (_what, lines) => {
  test('every route is a 403, and no service hears of it', async () => {
    const before = countCalls(world);
    for (const route of routes) {
      const answer = await send(route, ...lines);
      expect([route, answer.status]).toEqual([route, 403]);
      expect(answer.body).toMatchObject({ type: 'urn:bff:cross_site_request' });
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(countCalls(world)).toBe(before);
  });
});

test('HEAD is no way around it', async () => {
  const before = countCalls(world);
  expect((await ada.send('HEAD', '/api/dashboard')).status).toBe(403);
  expect(countCalls(world)).toBe(before);
});

test.each<[string, readonly string[]]>([
  ['the header alone, as programs do', []],
  ['our origin', [`Origin: ${origin}`]],
  ['a page of ours', ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors', `Origin: ${origin}`]],
])('a call with %s is answered', async (_what, lines) => {
  expect((await send('GET /api/dashboard', 'X-CSRF: 1', ...lines)).status).toBe(200);
});

describe('what a form can send', () => {
  test.each([
    ['text/plain', '{"lines":[{"sku":"BK-1843","quantity":1}]}'],
    ['text/plain; charset=utf-8', '{"lines":[{"sku":"BK-1843","quantity":1}]}'],
    ['application/x-www-form-urlencoded', 'lines=1'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'],
    ['', '{"lines":[{"sku":"BK-1843","quantity":1}]}'],
  ])('is never an order, with the header or without: %s', async (type, body) => {
    const before = countCalls(world);
    for (const [header, status] of [
      [{}, 403],
      [{ 'x-csrf': '1' }, 415],
    ] as const) {
      const headers = { 'content-type': type, ...header };
      expect((await ada.send('POST', '/api/orders', { headers, body })).status).toBe(status);
    }
    expect(countCalls(world)).toBe(before);
  });
});

describe('a page of another site', () => {
  test.each(['/api/dashboard', '/bff/user', '/bff/logout', '/bff/sessions'])(
    'is not told that it may call %s',
    async (path) => {
      const asked = await exchange(
        world.gateway.url,
        requestText(`OPTIONS ${path} HTTP/1.1`, [
          `Host: ${host}`,
          'Origin: https://evil.example',
          'Access-Control-Request-Method: POST',
          'Access-Control-Request-Headers: x-csrf,content-type',
        ]),
      );
      const called = await send(`GET ${path}`, 'X-CSRF: 1', 'Origin: https://evil.example');
      for (const headers of [asked?.headers ?? {}, called.headers])
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(called.headers['cross-origin-resource-policy']).toBe('same-origin');
    },
  );
});

test('where the gateway is told its origin, that one counts, and not the host of a request', async () => {
  await using told = await startSessionWorld({ session: { origins: ['https://app.example'] } });
  const visitor = await told.signedIn();
  const url = await told.visitor().begin();
  expect(url.searchParams.get('redirect_uri')).toBe('https://app.example/bff/callback');
  const from = async (site: string) => (await visitor.get('/bff/user', { headers: { origin: site } })).status;
  expect(await from('https://app.example')).toBe(200);
  expect(await from('https://app.example:8443')).toBe(403);
  expect(await from(told.gateway.url)).toBe(403);
  const { body } = await visitor.post('/bff/logout');
  const end = new URL((body as { endSessionUrl: string }).endSessionUrl);
  expect(end.searchParams.get('post_logout_redirect_uri')).toBe('https://app.example/');
});

describe('headers about who has forwarded a request', () => {
  const forwarded = { 'x-forwarded-host': 'app.example', 'x-forwarded-proto': 'https' };
  const redirectUriOf = async (at: SessionWorld): Promise<string | null> => {
    const { headers } = await at.visitor().open('/bff/login', forwarded);
    return new URL(String(headers['location'])).searchParams.get('redirect_uri');
  };

  test('mean nothing where no proxy is trusted', async () => {
    expect(await redirectUriOf(world)).toBe(`${world.gateway.url}/bff/callback`);
    const headers = { ...forwarded, origin: 'https://app.example' };
    expect((await ada.get('/bff/user', { headers })).status).toBe(403);
  });

  test('tell where browsers are, where one is', async () => {
    await using behind = await startSessionWorld({ environment: { TRUST_PROXY: '1' } });
    expect(await redirectUriOf(behind)).toBe('https://app.example/bff/callback');
    const visitor = await behind.signedIn();
    const from = async (origin: string): Promise<number> =>
      (await visitor.get('/bff/user', { headers: { ...forwarded, origin } })).status;
    expect([await from('https://app.example'), await from('http://app.example')]).toEqual([200, 403]);
  });
});
