import { CookieJar } from './cookie-jar.js';

const origin = new URL('http://localhost:3000/bff/callback');

function jarWith(lines: string[], url: URL = origin): CookieJar {
  const jar = new CookieJar();
  jar.take(url, new Headers(lines.map((line) => ['set-cookie', line])));
  return jar;
}

test.each([
  ['a plain one', 'a=1', 'a=1'],
  ['one whose value has equals signs', 'a=b=c==; Path=/', 'a=b=c=='],
  ['a secure one on this machine', 'a=1; Secure; Path=/', 'a=1'],
  ['one of this host alone', '__Host-a=1; Secure; Path=/; HttpOnly; SameSite=Strict', '__Host-a=1'],
  ['one of a secure place', '__Secure-a=1; Secure; Path=/', '__Secure-a=1'],
  ['one with time left', 'a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'a=1'],
])('%s is kept and sent', (_, line, header) => {
  expect(jarWith([line]).header(origin)).toBe(header);
});

test.each([
  ['of this host alone, that is not secure', '__Host-a=1; Path=/'],
  ['of this host alone, that has a path', '__Host-a=1; Secure; Path=/bff'],
  ['of this host alone, that names no path', '__Host-a=1; Secure'],
  ['of this host alone, that names a domain', '__Host-a=1; Secure; Path=/; Domain=localhost'],
  ['of this host alone, spelt in another way', '__host-a=1; Path=/'],
  ['of a secure place, that is not secure', '__Secure-a=1; Path=/'],
  ['of another host', 'a=1; Domain=example.com'],
  ['without a name', '=1'],
  ['that is too large', `a=${'x'.repeat(4_096)}`],
])('one %s is dropped', (_, line) => {
  expect(jarWith([line]).header(origin)).toBe('');
});

test('a secure cookie is neither taken from nor sent to an open address elsewhere', () => {
  const open = new URL('http://shop.example/');
  expect(jarWith(['a=1; Secure; Path=/'], open).header(open)).toBe('');
  const jar = jarWith(['a=1; Secure; Path=/'], new URL('https://shop.example/'));
  expect([jar.header(open), jar.header(new URL('https://shop.example/'))]).toEqual(['', 'a=1']);
});

test('a cookie goes to its path and below, to its host and with a domain to those below it', () => {
  const jar = jarWith(
    ['a=1; Path=/bff', 'b=2; Domain=shop.example; Path=/'],
    new URL('https://www.shop.example/'),
  );
  const sent = [
    'www.shop.example/bff/user',
    'www.shop.example/bffs',
    'api.shop.example/bff',
    'evilshop.example/',
  ];
  expect(sent.map((address) => jar.header(new URL(`https://${address}`)))).toEqual([
    'a=1; b=2',
    'b=2',
    'b=2',
    '',
  ]);
});

test('the same name at the same place is replaced, and deleted by an expiry', () => {
  const jar = jarWith(['a=1; Path=/', 'a=2; Path=/', 'b=1; Path=/']);
  jar.take(origin, new Headers([['set-cookie', 'b=; Path=/; Max-Age=0']]));
  expect(jar.header(origin)).toBe('a=2');
});

test('ports of a host share their cookies, and can still be told apart', () => {
  const jar = jarWith(['a=1; Path=/']);
  jar.take(new URL('http://localhost:4000/'), new Headers([['set-cookie', 'provider=1; Path=/']]));
  expect(jar.header(origin)).toBe('a=1; provider=1');
  expect(jar.header(origin, { setBy: origin.origin })).toBe('a=1');
});
