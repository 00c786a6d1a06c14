import { readJwsHeader } from './jws-header.js';

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const jws = (header: string, claims = '{}'): string => `${encode(header)}.${encode(claims)}.AAAA`;
const arrays = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const read = (text: string) => readJwsHeader(text, 8_192);

test('a header is read', () => {
  expect(read(jws('{"alg":"ES256"}'))).toEqual({ alg: 'ES256' });
});

test('what real tokens nest is let through, and brackets in text nest nothing', () => {
  expect(read(jws('{"alg":"ES256"}', `{"a":{"b":[{"c":[1]}]},"d":${arrays(10)}}`))).toBeDefined();
  const text = JSON.stringify({ text: '[{"\\'.repeat(200) });
  expect(read(jws(text, text))).toBeDefined();
  expect(read(jws('{}', `[${'{},'.repeat(500)}{}]`))).toBeDefined();
});

test.each<[string, string, string]>([
  ['a header that nests', jws(`{"a":${arrays(1_500)}}`), 'deep'],
  ['claims that nest', jws('{}', `{"a":${arrays(1_500)}}`), 'deep'],
  ['claims that nest objects', jws('{}', '{"a":'.repeat(500)), 'deep'],
  [
    'claims that nest behind a text that ends in a backslash',
    jws('{}', `{"a":"\\\\","b":${arrays(40)}}`),
    'deep',
  ],
  ['more than may be', `${jws('{}')}${'A'.repeat(8_192)}`, 'long'],
  ['two parts', 'e30.e30', 'compact'],
  ['an empty part', 'e30..AAAA', 'compact'],
  ['a spelling that is not canonical', `${jws('{}').slice(0, -4)}AAB`, 'compact'],
  ['text', jws('"text"'), 'object'],
  ['null', jws('null'), 'object'],
  ['half a header', jws('{"alg"'), 'JSON'],
  ['a key by its address', jws('{"jku":"http://x"}'), 'jku'],
  ['an extension that must be understood', jws('{"crit":["x"]}'), 'crit'],
])('%s is refused', (_what, text, why) => {
  expect(() => read(text)).toThrow(why);
});
