import { readJson } from './read-json.js';

const limits = { jsonDepth: 3, jsonValues: 5 };
const read = (text: string) => readJson(Buffer.from(text), limits);
const codeOf = (text: string): unknown => {
  try {
    return read(text);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test.each([
  ['[[[1]]]', [[[1]]]],
  ['[1,2,3,4]', [1, 2, 3, 4]],
  ['"[[[[,,,,,,"', '[[[[,,,,,,'],
  ['"\\"[[[[,,,,,,"', '"[[[[,,,,,,'],
  ['["\\\\",[[]]]', ['\\', [[]]]],
  ['["\\ud83d\\ude00"]', ['😀']],
  ['{"proto":1}', { proto: 1 }],
])('%s is read', (text, value) => expect(read(text)).toEqual(value));

test.each([
  ['[[[[1]]]]', 'malformed_request'],
  ['[1,2,3,4,5]', 'payload_too_large'],
  ['["\\\\",[[[', 'malformed_request'],
  ['{"a":{"__proto__":1}}', 'malformed_request'],
  ['{"a":{"\\u005f_proto__":1}}', 'malformed_request'],
  ['{"a":"\\ud83d"}', 'invalid_request'],
  ['{"\\udc00":1}', 'invalid_request'],
  ['["\\ude00\\ud83d"]', 'invalid_request'],
])('%s is refused as %s', (text, code) => expect(codeOf(text)).toBe(code));

test('half a surrogate pair is told by its place', () => {
  expect(() => read('{"a":[0,"\\ud83d"]}')).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ path: 'a.1' })] }),
  );
});
