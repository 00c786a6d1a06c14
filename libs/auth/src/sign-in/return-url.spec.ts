import { readReturnUrl } from './return-url.js';

test.each([
  ['/', '/'],
  ['/orders/42?tab=lines#total', '/orders/42?tab=lines#total'],
  ['/a/../b', '/b'],
  ['/suche/ü?q=ä', '/suche/%C3%BC?q=%C3%A4'],
  ['/go?to=https://example.com/', '/go?to=https://example.com/'],
  ['/a//b', '/a//b'],
  ['/@user:password', '/@user:password'],
])('%s leads to %s', (text, url) => expect(readReturnUrl(text)).toBe(url));

test.each([
  ['another site', 'https://evil.example/'],
  ['another site without its scheme', '//evil.example'],
  ['three slashes', '///evil.example'],
  ['a backslash', '/\\evil.example'],
  ['two backslashes', '\\\\evil.example'],
  ['a backslash in the middle', '/a\\b'],
  ['an encoded slash', '/%2fevil.example'],
  ['an encoded slash in capitals', '/%2Fevil.example'],
  ['an encoded backslash', '/%5cevil.example'],
  ['a tab', '/\t/evil.example'],
  ['a line feed', '/\n/evil.example'],
  ['a carriage return', '/a\r\nSet-Cookie: a=b'],
  ['a space in front', ' //evil.example'],
  ['NUL', '/\u0000/evil.example'],
  ['a no-break space', '/\u00a0/evil.example'],
  ['dots before two slashes', '/..//evil.example'],
  ['a dot before two slashes', '/.//evil.example'],
  ['encoded dots before two slashes', '/%2e%2e//evil.example'],
  ['user information', '//user@evil.example'],
  ['user information without slashes', 'user@evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/html,hi'],
  ['another scheme', 'http:evil.example'],
  ['full-width slashes before a host', '／／evil.example'],
  ['nothing', ''],
  ['a relative path', 'orders'],
  ['a relative path with a dot', './orders'],
  ['a query', '?a=b'],
  ['more than there is room for', `/${'a'.repeat(3_000)}`],
])('%s is refused', (_what, text) => expect(readReturnUrl(text)).toBeUndefined());

test('a full-width slash is a letter like others, and stays on this site', () => {
  const url = readReturnUrl('/／evil.example');
  expect(url).toBe('/%EF%BC%8Fevil.example');
  expect(new URL(url ?? '', 'https://bff.example').host).toBe('bff.example');
});
