import { readArgumentSource } from './argument-source.js';

test.each([
  ['path.sku', { from: 'path', name: 'sku' }],
  ['query.page[size]', { from: 'query', name: 'page[size]' }],
  ['header.x-channel', { from: 'header', name: 'x-channel' }],
  ['body', { from: 'body', name: '' }],
  ['body.user.name', { from: 'body', name: 'user.name' }],
  ['caller.id', { from: 'caller', name: 'id' }],
])('%s says where an argument comes from', (text, source) => {
  expect(readArgumentSource(text)).toEqual(source);
});

test.each(['', 'path', 'path.', 'cookie.a', 'caller.email', 'caller', 'web', 'Path.sku', 'bodyname'])(
  '"%s" does not',
  (text) => {
    expect(readArgumentSource(text)).toBeUndefined();
  },
);
