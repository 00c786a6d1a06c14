import { status } from '@grpc/grpc-js';
import { toGrpcFailure } from './grpc-failure.js';
import { readGrpcAddresses } from '../read-url.js';

test.each([
  [status.UNAVAILABLE, 'unreachable', undefined],
  [status.DEADLINE_EXCEEDED, 'timeout', undefined],
  [status.RESOURCE_EXHAUSTED, 'overloaded', undefined],
  [status.NOT_FOUND, 'rejected', 'not_found'],
  [status.INVALID_ARGUMENT, 'rejected', 'invalid'],
  [status.ALREADY_EXISTS, 'rejected', 'conflict'],
  [status.UNAUTHENTICATED, 'rejected', 'gateway'],
  [status.INTERNAL, 'bad_response', undefined],
  [status.UNKNOWN, 'bad_response', undefined],
])('gRPC status %i is %s (%s)', (code, reason, rejection) => {
  expect(toGrpcFailure('orders', code, 'words')).toMatchObject({ upstream: 'orders', reason, rejection });
});

test.each([
  ['orders:4002', 'orders', 4002, false],
  ['127.0.0.1:4002', '127.0.0.1', 4002, false],
  ['grpc://orders:4002', 'orders', 4002, false],
  ['http://[::1]:4002', '::1', 4002, false],
  ['grpcs://orders.example.com', 'orders.example.com', 443, true],
  ['https://orders.example.com:8443', 'orders.example.com', 8443, true],
])('the address %s is read as %s, port %i, TLS %s', (text, hostname, port, tls) => {
  expect(readGrpcAddresses('orders', text)).toEqual([{ hostname, port, tls }]);
});

test('several addresses are separated by commas', () => {
  expect(readGrpcAddresses('orders', 'a:1, b:2').map(({ hostname }) => hostname)).toEqual(['a', 'b']);
});

test.each(['', 'ftp://orders', 'grpc://user:secret@orders:1', ':4002'])(
  'the address %j is refused by the name of its setting',
  (text) => {
    expect(() => readGrpcAddresses('orders', text)).toThrow('upstreams.orders.url');
  },
);
