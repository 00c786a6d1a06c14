import { routeOf } from '../route.fixture.js';
import type { ProxyRoute } from '../route.js';
import { isPastSunset } from './deprecation-headers.js';
import { ResponseHeaders } from './response-headers.js';

function pass(raw: readonly string[], given: Partial<Omit<ProxyRoute, 'match' | 'rewrite'>> = {}): object {
  return { ...new ResponseHeaders(routeOf('r', '/**', given), 'web-bff').toClient(raw) };
}

test('what concerns the caller passes, and lines of one name stay apart', () => {
  const raw = [
    'Content-Type',
    'a/b',
    'Vary',
    'A',
    'vary',
    'B',
    'VARY',
    'C',
    'Content-Length',
    '5',
    'Date',
    'd',
  ];
  expect(pass(raw)).toEqual({
    'content-type': 'a/b',
    vary: ['A', 'B', 'C'],
    'content-length': '5',
    date: 'd',
  });
});

test('what is for one connection only does not pass, with what Connection names, nor what runs there', () => {
  const raw = [
    'Connection',
    'X-Odd',
    'X-Odd',
    '1',
    'Transfer-Encoding',
    'chunked',
    'Keep-Alive',
    '5',
    'Trailer',
    't',
  ];
  const more = [
    'Upgrade',
    'h2',
    'Proxy-Authenticate',
    'x',
    'Server',
    's',
    'X-Powered-By',
    'p',
    'Alt-Svc',
    'h3',
  ];
  expect(pass([...raw, ...more, 'X-Request-Id', 'theirs', 'ETag', '"1"'])).toEqual({ etag: '"1"' });
});

test('without leave no cookie is set', () => {
  expect(pass(['Set-Cookie', 'a=1', 'Set-Cookie2', 'b'])).toEqual({});
});

test('with leave every line of Set-Cookie passes but those of the gateway', () => {
  const cookies = [
    'a=1; Path=/',
    '__Host-web-bff-session=forged; Path=/; Secure',
    ' __HOST-web-bff-x=1',
    '=__Host-web-bff-session=forged',
    '__Host-web-bff-session',
    '__Host-shop=1; Secure; Path=/',
    'a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  ];
  const raw = cookies.flatMap((cookie) => ['Set-Cookie', cookie]);
  const kept = { 'set-cookie': [cookies[0], cookies[5], cookies[6]] };
  expect(pass(raw, { cookies: 'pass' })).toEqual(kept);
  expect(pass(raw, { cookies: 'pass', responseHeaders: { allow: ['etag'], deny: [], set: {} } })).toEqual(
    kept,
  );
  expect(pass(['set-cookie', 'a=1'], { cookies: 'pass' })).toEqual({ 'set-cookie': ['a=1'] });
});

test('a list of what is allowed, what is denied and what is set', () => {
  const raw = ['ETag', '"1"', 'X-Own', '1', 'X-Key', 'theirs', 'Content-Type', 't', 'Content-Range', 'r'];
  const responseHeaders = { allow: ['ETAG', 'x-own'], deny: ['X-OWN'], set: { 'X-Key': 'ours' } };
  expect(pass(raw, { responseHeaders })).toEqual({
    etag: '"1"',
    'x-key': 'ours',
    'content-type': 't',
    'content-range': 'r',
  });
});

test('no value brings a line of its own', () => {
  expect(pass(['A', 'a\r\nSet-Cookie: x=1', 'B', 'a\n', 'C', 'a\0', 'D', 'ĉ', 'E', 'é\t.'])).toEqual({
    e: 'é\t.',
  });
});

test('a header named __proto__ is a header', () => {
  const headers = new ResponseHeaders(routeOf('r', '/**'), 'web-bff').toClient([
    '__proto__',
    'a',
    '__proto__',
    'b',
  ]);
  expect(Object.entries(headers)).toEqual([['__proto__', ['a', 'b']]]);
});

test('a route on its way out says so, and keeps the links of the service', () => {
  const deprecation = {
    atMs: Date.UTC(2027, 0, 1),
    sunsetAtMs: Date.UTC(2027, 5, 30, 23, 59, 59),
    link: 'https://docs.example/v2',
  };
  expect(pass(['Link', '</a>; rel="next"', 'Deprecation', '@1', 'Sunset', 'never'], { deprecation })).toEqual(
    {
      deprecation: '@1798761600',
      sunset: 'Wed, 30 Jun 2027 23:59:59 GMT',
      link: ['</a>; rel="next"', '<https://docs.example/v2>; rel="deprecation"'],
    },
  );
});

test('what to read about a sunset alone is linked as such', () => {
  const deprecation = { sunsetAtMs: 0, link: 'https://docs.example/' };
  expect(pass([], { deprecation })).toEqual({
    sunset: 'Thu, 01 Jan 1970 00:00:00 GMT',
    link: '<https://docs.example/>; rel="sunset"',
  });
});

test('a route is gone from the moment of its sunset on', () => {
  expect([999, 1_000].map((nowMs) => isPastSunset({ sunsetAtMs: 1_000 }, nowMs))).toEqual([false, true]);
  expect(isPastSunset(undefined, 1_000)).toBe(false);
});
