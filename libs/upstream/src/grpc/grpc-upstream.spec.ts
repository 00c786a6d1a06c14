import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcFake, WireFake, until } from '@bff/testing';
import { z } from 'zod';
import type { UpstreamConfig } from '../upstream-options.js';
import { loadGrpcService } from './grpc-service.js';
import { GrpcUpstream } from './grpc-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'proto-'));
const proto = join(folder, 'echo.proto');
writeFileSync(
  proto,
  `syntax = "proto3";
package test;
service Echo {
  rpc Read(Text) returns (Text) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Put(Text) returns (Text) { option idempotency_level = IDEMPOTENT; }
  rpc Add(Text) returns (Text);
}
message Text { string text = 1; }
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const echo = loadGrpcService(proto, 'test.Echo');
const Text = z.object({ text: z.string() });
const asIs = (request: { text: string }) => request;
const start = (answer: (request: { text: string }) => object = asIs) =>
  GrpcFake.start(proto, 'test.Echo', { Read: answer, Put: answer, Add: answer });

/** Opens an upstream that is closed with the test. */
function open(url: string, config: Partial<UpstreamConfig> = {}) {
  const upstream = new GrpcUpstream('echo', { url, timeoutMs: 500, ...config }, tellNobody);
  return {
    upstream,
    call: (method: string, text = 'hello') => upstream.unary(echo, method, { text }, Text),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

test('an answer is read by its schema', async () => {
  await using fake = await start();
  await using echoing = open(fake.url);
  expect(await echoing.call('Read')).toEqual({ text: 'hello' });
});

test.each([
  ['Read', 3],
  ['Put', 3],
  ['Add', 1],
])('UNAVAILABLE: %s is tried %i times, as its definition allows', async (method, tries) => {
  await using fake = await start();
  await using echoing = open(fake.url);
  await fake.fails({ as: 'status', status: 14 });
  await expect(echoing.call(method)).rejects.toMatchObject({ upstream: 'echo', reason: 'unreachable' });
  expect(fake.calls).toHaveLength(tries);
});

test('other statuses are not tried again', async () => {
  await using fake = await start();
  await using echoing = open(fake.url);
  await fake.fails({ as: 'status', status: 13 });
  await expect(echoing.call('Read')).rejects.toMatchObject({ reason: 'bad_response' });
  expect(fake.calls).toHaveLength(1);
});

test('a message above the limit is a bad response, not a full memory', async () => {
  await using fake = await start(() => ({ text: 'x'.repeat(200_000) }));
  await using echoing = open(fake.url, { maxAnswerBytes: 100_000 });
  await expect(echoing.call('Read')).rejects.toMatchObject({ reason: 'bad_response' });
  await using wider = open(fake.url, { maxAnswerBytes: 300_000 });
  expect((await wider.call('Read')).text).toHaveLength(200_000);
});

test('a service that hangs is cancelled when its time is up', async () => {
  await using fake = await start();
  await using echoing = open(fake.url, { timeoutMs: 100 });
  await fake.fails({ as: 'hanging' });
  await expect(echoing.call('Read')).rejects.toMatchObject({ reason: 'timeout' });
  expect(fake.calls).toHaveLength(1);
  await until('it is so', () => fake.calls[0]?.aborted === true);
});

test.each([
  ['a black hole', () => undefined, 'timeout'],
  ['a reset', (socket: { resetAndDestroy(): unknown }) => void socket.resetAndDestroy(), 'unreachable'],
  [
    'no gRPC',
    (socket: { end(text: string): unknown }) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'),
    'unreachable',
  ],
])('%s in place of the service is told by its reason', async (_what, fault, reason) => {
  await using fake = await WireFake.start(fault);
  await using echoing = open(`127.0.0.1:${fake.port}`, { timeoutMs: 300 });
  await expect(echoing.call('Read')).rejects.toMatchObject({ upstream: 'echo', reason });
});

test('equal safe calls in flight are one, others are not', async () => {
  await using fake = await start();
  await using echoing = open(fake.url);
  await Promise.all([1, 2, 3, 4].map(() => echoing.call('Read')));
  expect(fake.calls).toHaveLength(1);
  await Promise.all(['a', 'b', 'c'].map((text) => echoing.call('Read', text)));
  expect(fake.calls).toHaveLength(4);
  await Promise.all([1, 2, 3].map(() => echoing.call('Add')));
  expect(fake.calls).toHaveLength(7);
});

test('a target that is gone is left for the other one', async () => {
  await using first = await start();
  await using second = await start();
  await using echoing = open(`${first.url},${second.url}`, { eject: { after: 2, forMs: 60_000 } });
  await first.fails({ as: 'unreachable' });
  for (let call = 0; call < 50; call += 1) expect(await echoing.call('Read')).toEqual({ text: 'hello' });
  expect(second.calls).toHaveLength(50);
  expect(
    echoing.upstream
      .state()
      .targets.map(({ state }) => state)
      .toSorted(),
  ).toEqual(['ejected', 'ok']);
});

test('a service that comes back is used again', async () => {
  await using fake = await start();
  await using echoing = open(fake.url);
  await fake.fails({ as: 'unreachable' });
  await expect(echoing.call('Read')).rejects.toMatchObject({ reason: 'unreachable' });
  await fake.recovers();
  await until('it is so', async () => (await echoing.call('Read').catch(() => undefined)) !== undefined);
});

test.each([
  ['cache', { cache: { shared: true } }],
  ['http2', { http2: true }],
])('%s, which has no meaning over gRPC, is refused by its name', (setting, config) => {
  expect(() => open('127.0.0.1:1', config)).toThrow(`upstreams.echo.${setting}: does nothing over gRPC`);
});

test('what is off anyway may be written down', async () => {
  await open('127.0.0.1:1', { cache: false, http2: false })[Symbol.asyncDispose]();
});

test('a change with an idempotency key may be sent again, with the same key', async () => {
  await using fake = await start();
  await using echoing = open(fake.url);
  await fake.fails({ as: 'status', status: 14 });
  const options = { idempotencyKey: 'k-1' };
  const adding = echoing.upstream.unary(echo, 'Add', { text: 'hello' }, Text, options);
  await expect(adding).rejects.toMatchObject({ reason: 'unreachable' });
  expect(fake.calls.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1', 'k-1', 'k-1']);
});
