import { clearCookie, cookieName, readCookie, writeCookie } from './cookies.js';

const name = cookieName('web-bff', 'session');

test('a cookie is bound to its host, out of reach of scripts, and never sent in the clear', () => {
  expect(writeCookie(name, 'abc', { sameSite: 'Strict', maxAgeSeconds: 60 })).toBe(
    '__Host-web-bff-session=abc; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60',
  );
  expect(clearCookie(name)).toMatch(/^__Host-web-bff-session=; Path=\/; Secure; .*; Max-Age=0$/);
});

test('a cookie that a browser would drop for its size is not written', () => {
  const write = (length: number) => writeCookie(name, 'x'.repeat(length), { sameSite: 'Lax' });
  expect(write(3_900).length).toBeLessThanOrEqual(4_096);
  expect(() => write(4_096)).toThrow('larger than browsers take');
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['other=1', undefined],
  [`${name}=abc`, 'abc'],
  [`a=1; ${name}=abc=; b`, 'abc='],
  [`${name}=abc; ${name}=def`, undefined],
  [`${name.toLowerCase()}=abc`, undefined],
  [`x${name}=abc`, undefined],
])('of %j the session is %j', (header, value) => expect(readCookie(header, name)).toBe(value));
