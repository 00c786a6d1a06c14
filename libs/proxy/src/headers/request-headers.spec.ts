import { routeOf } from '../route.fixture.js';
import type { HeaderRules } from '../route.js';
import { RequestHeaders } from './request-headers.js';

interface Given extends Partial<HeaderRules> {
  readonly cookies?: 'none' | 'pass';
}

/** What the upstream gets of these lines, ours left out. */
function pass(lines: readonly string[], { cookies = 'none', ...rules }: Given = {}): string[] {
  const requestHeaders = { deny: [], set: {}, ...rules };
  const headers = new RequestHeaders(routeOf('r', '/**', { requestHeaders, cookies }), 'web-bff');
  const raw = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return toLines(headers.toUpstream(raw, { addresses: ['192.0.2.1'], proto: 'https' })).filter(
    (line) => !ours.includes(line),
  );
}

const ours = ['x-forwarded-for:192.0.2.1', 'x-forwarded-proto:https', 'forwarded:for=192.0.2.1;proto=https'];

const toLines = (pairs: readonly string[]): string[] =>
  pairs.flatMap((text, index) => (index % 2 === 0 ? [`${text}:${pairs[index + 1]}`] : []));

test('what concerns the service passes as it came, in its order, repeated lines too', () => {
  const lines = [
    'Accept:text/html',
    'X-Own:a',
    'x-own:b',
    'Range:bytes=0-1',
    'If-None-Match:"é"',
    'Content-Length:5',
    'Content-Type:multipart/form-data; boundary=x',
    'Empty:',
    'Idempotency-Key:k',
    'Accept-Encoding:gzip',
  ];
  expect(pass(lines)).toEqual(lines);
});

test('what is for this connection only does not pass, with what Connection names', () => {
  const left = pass([
    'Connection:close, X-Odd ,,Accept',
    'CONNECTION:other',
    'X-Odd:1',
    'Accept:a',
    'Other:1',
    'Keep-Alive:5',
    'Proxy-Connection:x',
    'Proxy-Authorization:Basic x',
    'TE:trailers',
    'Trailer:x',
    'Transfer-Encoding:chunked',
    'Upgrade:h2c',
    'HTTP2-Settings:x',
    'Expect:100-continue',
    'Host:a',
    'X-Kept:1',
  ]);
  expect(left).toEqual(['X-Kept:1']);
});

test.each([
  'Authorization:Bearer x',
  'cookie:a=b',
  'X-User-Id:1',
  'x-user-:1',
  'X-INTERNAL-anything:1',
  'X-Identity-Assertion:x',
  'X-CSRF:1',
  'X-API-Key:k',
  'DPoP:x',
  'Forwarded:for=1.2.3.4',
  'X-Forwarded-For:1.2.3.4',
  'X-Forwarded-Anything:1',
  'X-Real-IP:1.2.3.4',
  'x_user_id:1',
  'X_Own:1',
  'traceparent:00-1',
  'X-Request-Id:1',
  'X-Deadline-Ms:1',
  'X-Original-URL:/admin',
  'X-HTTP-Method-Override:DELETE',
  'Client-Cert:x',
])('%s is nothing that a caller tells a service', (line) => {
  expect(pass([line], { cookies: 'none', allow: [line.slice(0, line.indexOf(':'))] })).toEqual([]);
});

test('what the caller says of the connection cannot take ours away', () => {
  const headers = new RequestHeaders(routeOf('r', '/**'), 'web-bff');
  const raw = ['Connection', 'x-forwarded-for, forwarded, x-forwarded-proto', 'X-Forwarded-For', 'forged'];
  expect(toLines(headers.toUpstream(raw, { addresses: ['192.0.2.1'], proto: 'https' }))).toEqual(ours);
});

test('from where a request came is told in both forms, with proxies and IPv6', () => {
  const headers = new RequestHeaders(routeOf('r', '/**'), 'web-bff');
  const forwarding = {
    addresses: ['2001:db8::1', '192.0.2.7'],
    proto: 'http',
    host: 'a.example:3000',
  } as const;
  expect(toLines(headers.toUpstream([], forwarding))).toEqual([
    'x-forwarded-for:2001:db8::1, 192.0.2.7',
    'x-forwarded-proto:http',
    'x-forwarded-host:a.example:3000',
    'forwarded:for="[2001:db8::1]";host="a.example:3000";proto=http, for=192.0.2.7',
  ]);
});

test('a list of what is allowed leaves out the rest, but not how to read the body', () => {
  expect(pass(['Accept:a', 'X-Own:1', 'Content-Type:t', 'Content-Length:1'], { allow: ['ACCEPT'] })).toEqual([
    'Accept:a',
    'Content-Type:t',
    'Content-Length:1',
  ]);
});

test('what is denied does not pass, and what is set is there once', () => {
  const lines = ['Accept:a', 'X-Own:1', 'X-KEY:theirs', 'Authorization:theirs'];
  expect(pass(lines, { deny: ['x-OWN'], set: { 'X-Key': 'ours', authorization: 'Basic x' } })).toEqual([
    'Accept:a',
    'X-Key:ours',
    'authorization:Basic x',
  ]);
});

test.each([
  ['a=1; b="x y";c', 'a=1; b="x y";c'],
  ['a=1; __Host-web-bff-session=s; b=2', 'a=1; b=2'],
  ['a=1;__HOST-WEB-BFF-sign-in-x=s;;b=2', 'a=1; b=2'],
  ['__Host-web-bff=1; __Host-web-bffs-x=2', '__Host-web-bff=1; __Host-web-bffs-x=2'],
  ['a=1; =__Host-web-bff-session=s', 'a=1'],
  ['x="; __Host-web-bff-session=s; y="', 'x="; y="'],
])('of the cookies %s pass %s', (header, expected) => {
  expect(pass([`Cookie:${header}`], { cookies: 'pass', allow: [] })).toEqual([`Cookie:${expected}`]);
});

test('where the gateway has all cookies, none are sent', () => {
  expect(pass(['Cookie:__Host-web-bff-session=s'], { cookies: 'pass' })).toEqual([]);
});

test('a value with a control character does not pass', () => {
  expect(pass(['A:a\r\nX-User-Id: 1', 'B:a\0', 'C:a\tb'])).toEqual(['C:a\tb']);
});
