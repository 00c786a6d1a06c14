import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcFake, type GrpcMethods, until } from '@bff/testing';
import { type GrpcMethod, loadGrpcService } from '@bff/upstream';
import { askGrpcWeb, callGrpcWeb, readFrames, toFrame } from '../world/grpc-web-client.js';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const folder = mkdtempSync(join(tmpdir(), 'proto-'));
const proto = join(folder, 'talk.proto');
writeFileSync(
  proto,
  `syntax = "proto3";
package test;
service Talk {
  rpc Say(Word) returns (Word) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Order(Word) returns (Word);
  rpc Count(Word) returns (stream Word);
  rpc Chat(stream Word) returns (Word);
  rpc Secret(Word) returns (Word);
}
message Word { string text = 1; int64 number = 2; }`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const service = loadGrpcService(proto, 'test.Talk');
const method = (name: string): GrpcMethod => service[name]!;
const methods = ['Say', 'Order', 'Count'].map((name) => `test.Talk/${name}`);
const route = {
  name: 'talk',
  match: { path: '/rpc/**', methods: ['POST'] },
  upstream: 'talk',
  grpcWeb: { methods },
};

/** What a gRPC handler throws to be answered with that status. */
class Refused extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
  ) {
    super(details);
  }
}

async function start(
  answers: GrpcMethods,
  changes: object = {},
  upstream: object = { proto, timeout: '2s' },
) {
  await using opened = new AsyncDisposableStack();
  const talk = opened.use(await GrpcFake.start(proto, 'test.Talk', answers));
  const world: ProxyWorld = opened.use(
    await startProxyWorld(
      { routes: [{ ...route, ...changes }] },
      {},
      { talk: { url: talk.url, ...upstream } },
    ),
  );
  const all = opened.move();
  const authorization = `Bearer ${await world.bff.issuer.mint({})}`;
  return {
    talk,
    bff: world.bff,
    url: `${world.bff.gateway.url}/rpc`,
    headers: { authorization },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const echo = ({ text, number }: { text: string; number: string }) => ({ text: `${text}!`, number });
const word = { text: 'grüß', number: '9007199254740993' };

test.each([false, true])('one message goes there and back, in base64: %j', async (isText) => {
  await using world = await start({ Say: echo });
  const answer = await callGrpcWeb(world.url, method('Say'), word, { ...world, isText });
  expect(answer).toMatchObject({
    status: 200,
    messages: [{ text: 'grüß!', number: '9007199254740993' }],
    trailers: { 'grpc-status': '0' },
  });
  expect(answer.headers.get('content-type')).toBe(`application/grpc-web${isText ? '-text' : ''}+proto`);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-request-id')).toMatch(/./);
  expect(world.talk.calls).toMatchObject([{ what: 'Say', headers: { 'x-user-id': '7' } }]);
  expect(world.talk.calls[0]?.headers).not.toHaveProperty('authorization');
});

test('the messages of a stream arrive when they are sent, and may take longer than the time for an answer', async () => {
  let goOn = (): void => undefined;
  const second = new Promise<void>((resolve) => (goOn = resolve));
  async function* count() {
    yield { text: 'one' };
    await second;
    yield { text: 'two' };
  }
  await using world = await start({ Count: count }, {}, { proto, timeout: '300ms' });
  const answer = await askGrpcWeb(world.url, method('Count'), word, world);
  const reader = answer.body!.getReader();
  let bytes = Buffer.from((await reader.read()).value ?? []);
  expect(readFrames(method('Count'), bytes)).toEqual({
    messages: [{ text: 'one', number: '0' }],
    trailers: {},
  });
  await new Promise((resolve) => setTimeout(resolve, 600));
  goOn();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    bytes = Buffer.concat([bytes, piece.value]);
  expect(readFrames(method('Count'), bytes)).toMatchObject({
    messages: [{ text: 'one' }, { text: 'two' }],
    trailers: { 'grpc-status': '0' },
  });
});

test('a long stream comes whole and in its order', async () => {
  function* count() {
    for (let number = 0; number < 5_000; number += 1) yield { text: 'x'.repeat(1_000), number };
  }
  await using world = await start({ Count: count });
  const { messages, trailers } = await callGrpcWeb(world.url, method('Count'), word, world);
  expect(messages.map((message) => Number((message as { number: string }).number))).toEqual(
    Array.from({ length: 5_000 }, (_, number) => number),
  );
  expect(trailers).toEqual({ 'grpc-status': '0' });
});

test.each([
  [5, 'no such order: 100 % ü', '5', 'no such order: 100 %25 %C3%BC'],
  [9, 'closed', '9', 'closed'],
  [2, 'at Object.<anonymous> (secret.js:1)', '2', 'The service cannot be asked, or not answer.'],
  [13, 'internal words', '13', 'The service cannot be asked, or not answer.'],
])(
  'a status of %i is told in the last frame; its words only where they are meant for callers',
  async (code, said, status, told) => {
    const refuse = () => {
      throw new Refused(code, said);
    };
    await using world = await start({ Order: refuse });
    expect(await callGrpcWeb(world.url, method('Order'), word, world)).toMatchObject({
      status: 200,
      messages: [],
      trailers: { 'grpc-status': status, 'grpc-message': told },
    });
  },
);

test('a stream that fails half-way says so after what came', async () => {
  function* count() {
    yield { text: 'one' };
    throw new Refused(10, 'somebody else was faster');
  }
  await using world = await start({ Count: count });
  expect(await callGrpcWeb(world.url, method('Count'), word, world)).toMatchObject({
    messages: [{ text: 'one' }],
    trailers: { 'grpc-status': '10', 'grpc-message': 'somebody else was faster' },
  });
});

test('a service that is not there is 14, without a word of where it would be; one that hangs is 4', async () => {
  await using world = await start({ Order: echo }, {}, { proto, timeout: '300ms' });
  await world.talk.fails({ as: 'hanging' });
  expect((await callGrpcWeb(world.url, method('Order'), word, world)).trailers).toEqual({
    'grpc-status': '4',
    'grpc-message': 'The service took too long.',
  });
  await world.talk.fails({ as: 'unreachable' });
  const { trailers, text } = await callGrpcWeb(world.url, method('Order'), word, world);
  expect(trailers['grpc-status']).toBe('14');
  expect(text).not.toContain('127.0.0.1');
});

test("a caller's grpc-timeout lowers the deadline", async () => {
  await using world = await start({ Order: echo });
  await world.talk.fails({ as: 'hanging' });
  const startedMs = performance.now();
  const headers = { ...world.headers, 'grpc-timeout': '200m' };
  const { trailers } = await callGrpcWeb(world.url, method('Order'), word, { headers });
  expect(trailers['grpc-status']).toBe('4');
  expect(performance.now() - startedMs).toBeLessThan(1_500);
});

test('a caller who leaves ends the call at the service', async () => {
  async function* count() {
    yield { text: 'one' };
    await new Promise(() => undefined);
  }
  await using world = await start({ Count: count });
  const leaving = new AbortController();
  const answer = await askGrpcWeb(world.url, method('Count'), word, { ...world, signal: leaving.signal });
  await answer.body!.getReader().read();
  leaving.abort();
  await until('the service has heard', () => world.talk.calls[0]?.aborted === true);
});

test('a caller who takes nothing of a stream for 15 s is cut off, and the call at the service ends', async () => {
  function* count() {
    for (;;) yield { text: 'x'.repeat(100_000) };
  }
  await using world = await start({ Count: count });
  const answer = await askGrpcWeb(world.url, method('Count'), word, world);
  const reader = answer.body!.getReader();
  await reader.read();
  const startedMs = performance.now();
  await until('the service has heard', () => world.talk.calls[0]?.aborted === true, 30_000);
  expect(performance.now() - startedMs).toBeGreaterThan(10_000);
  await reader.cancel().catch(() => undefined);
}, 60_000);

test('what the route does not name is not there, and the service is not asked', async () => {
  await using world = await start({ Secret: echo });
  for (const name of ['Secret', 'Chat'])
    expect((await callGrpcWeb(world.url, method(name), word, world)).trailers['grpc-status']).toBe('12');
  expect(world.talk.calls).toEqual([]);
});

test.each<[string, object, number]>([
  ['half a frame', { body: toFrame(Buffer.from('abc')).subarray(0, 6) }, 400],
  ['two messages', { body: Buffer.concat([toFrame(Buffer.alloc(0)), toFrame(Buffer.alloc(0))]) }, 400],
  ['nothing', { body: Buffer.alloc(0) }, 400],
  ['trailers', { body: toFrame(Buffer.from('a:b'), 0x80) }, 400],
  ['a compressed message', { body: toFrame(Buffer.alloc(3), 1) }, 415],
  ['JSON', { headers: { 'content-type': 'application/json' } }, 415],
  ['gRPC', { headers: { 'content-type': 'application/grpc' } }, 415],
  ['too much', { body: toFrame(Buffer.alloc(2 * 1_048_576)) }, 413],
])('%s is a problem, and the service is not asked', async (_what, asked, status) => {
  await using world = await start({ Say: echo });
  const headers = { ...world.headers, ...(asked as { headers?: object }).headers };
  const answer = await callGrpcWeb(world.url, method('Say'), word, { ...asked, headers });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toMatchObject({ status });
  expect(world.talk.calls).toEqual([]);
});

test('who is not known is a problem like everywhere, which clients read as UNAUTHENTICATED', async () => {
  await using world = await start({ Say: echo });
  expect((await callGrpcWeb(world.url, method('Say'), word)).status).toBe(401);
});

test.each<[object, RegExp]>([
  [
    { grpcWeb: { methods: ['test.Talk/Chat'] } },
    /routes\.0\.grpcWeb\.methods\.0: test\.Talk\/Chat takes a stream/,
  ],
  [
    { grpcWeb: { methods: ['test.Talk/None'] } },
    /has no method None \(it has: Say, Order, Count, Chat, Secret\)/,
  ],
  [{ grpcWeb: { methods: [] } }, /grpcWeb\.methods: expected at least one method/],
  [{ match: { path: '/rpc/**' } }, /routes\.0\.match: needs methods: \[POST\]/],
  [{ match: { path: '/rpc', methods: ['POST'] } }, /match\.path: needs \*\* at its end/],
  [{ rewrite: '/a/**' }, /rewrite: does nothing beside grpcWeb/],
  [{ upload: { timeout: '1m' } }, /upload: needs a body that passes, which grpcWeb reads instead/],
  [{ upstream: undefined, static: {} }, /grpcWeb: needs upstream in place of static/],
  [{ upstream: 'legacy' }, /needs upstreams\.legacy\.proto/],
  [{ grpc: { method: 'test.Talk/Say' } }, /routes\.0\.grpcWeb: cannot be beside grpc/],
])('%j is a mistake of gateway.yaml', async (changes, message) => {
  await expect(start({}, changes)).rejects.toThrow(message);
});
