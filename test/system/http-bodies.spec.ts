import { setInterval } from 'node:timers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Bff, startWebBff } from '../world/bff.js';
import { exchange, RawConnection, requestText } from '../world/raw-http.js';

let bff: Bff;
let usual: readonly string[];
beforeAll(async () => {
  bff = await startWebBff();
  usual = ['Host: bff.example', `Authorization: Bearer ${await bff.issuer.mint()}`];
});
afterAll(() => bff[Symbol.asyncDispose]());

const order = JSON.stringify({ lines: [{ sku: 'BK-1843', quantity: 1 }] });
const json = 'Content-Type: application/json';
const post = 'POST /api/orders HTTP/1.1';
/** As a whole, in chunks of 64 KiB. */
function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < body.length; start += 65_536) {
    const part = body.subarray(start, start + 65_536);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
const withLength = (headers: readonly string[], body: Buffer) =>
  Buffer.concat([
    Buffer.from(requestText(post, [...usual, ...headers, `Content-Length: ${body.length}`])),
    body,
  ]);
const inChunks = (headers: readonly string[], body: Buffer) =>
  Buffer.concat([
    Buffer.from(requestText(post, [...usual, ...headers, 'Transfer-Encoding: chunked'])),
    chunked(body),
  ]);

async function expectProblem(bytes: Buffer | string, status: number, code: string): Promise<void> {
  const callsBefore = bff.orders.calls.length;
  const answer = await exchange(bff.gateway.url, bytes);
  expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
  expect(answer?.body).toMatchObject({ type: `urn:bff:${code}`, requestId: answer?.headers['x-request-id'] });
  expect(bff.orders.calls).toHaveLength(callsBefore);
}

const large = (bytes: number) => Buffer.from(`[${'1,'.repeat((bytes - 3) / 2)}1]`);

describe('too large', () => {
  test.each<[string, () => Buffer]>([
    ['2 MB with their length', () => withLength([json], large(2_000_000))],
    ['2 MB in chunks', () => inChunks([json], large(2_000_000))],
    ['one byte too many', () => withLength([json], Buffer.from(`"${'a'.repeat(1024 * 1024 - 1)}"`))],
    ['one byte too many in chunks', () => inChunks([json], Buffer.from(`"${'a'.repeat(1024 * 1024 - 1)}"`))],
    [
      '20 KB of gzip that hold 20 MB',
      () => withLength([json, 'Content-Encoding: gzip'], gzipSync(Buffer.alloc(20_000_000, ' '))),
    ],
    [
      'gzip in chunks',
      () => inChunks([json, 'Content-Encoding: gzip'], gzipSync(Buffer.alloc(20_000_000, ' '))),
    ],
    [
      'deflate',
      () => withLength([json, 'Content-Encoding: deflate'], deflateSync(Buffer.alloc(5_000_000, ' '))),
    ],
    [
      'brotli',
      () => withLength([json, 'Content-Encoding: br'], brotliCompressSync(Buffer.alloc(5_000_000, ' '))),
    ],
  ])('%s', (_what, bytes) => expectProblem(bytes(), 413, 'payload_too_large'));

  test('a length that is too large is refused before the body has come', async () => {
    await expectProblem(
      requestText(post, [...usual, json, 'Content-Length: 10000000']),
      413,
      'payload_too_large',
    );
  });

  test('exactly 1 MiB is read', () =>
    expectProblem(
      withLength([json], Buffer.from(`"${'a'.repeat(1024 * 1024 - 2)}"`)),
      400,
      'invalid_request',
    ));

  test('a connection can be used again after a body that was too large', async () => {
    using connection = await RawConnection.open(bff.gateway.url);
    for (const bytes of [withLength([json], large(2_000_000)), inChunks([json], large(2_000_000))])
      expect((await connection.send(bytes).answer())?.status).toBe(413);
    expect((await connection.send(requestText('GET /api/orders HTTP/1.1', usual)).answer())?.status).toBe(
      200,
    );
  });

  test.each([
    ['an array of 10 MB', () => large(10_000_000)],
    ['an array of 10 MB in an array', () => Buffer.from(`[${large(9_999_998).toString()}]`)],
    ['an array of 1 MB', () => large(1_000_000)],
    ['an array of 1 MB of empty objects', () => Buffer.from(`{"lines":[${'{},'.repeat(330_000)}{}]}`)],
    [
      'an object of 1 MB of unknown names',
      () =>
        Buffer.from(
          JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`n${index}`, 0]))),
        ),
    ],
    ['100,000 opening brackets', () => Buffer.from('['.repeat(100_000))],
    ['a string of 1 MB of escapes', () => Buffer.from(`"${'\\u0061'.repeat(170_000)}"`)],
    ['a number of 1 MB', () => Buffer.from('1'.repeat(1_000_000))],
  ])('%s is refused, and others do not wait for it', async (_what, makeBody) => {
    const [body, small] = [makeBody(), Buffer.from('{}')];
    await exchange(bff.gateway.url, withLength([json], small));
    for (const bytes of [withLength([json], body), inChunks([json], body)]) {
      const pausesMs: number[] = [];
      // Another process may take the core away for a moment: only what happens every time is the gateway's doing.
      for (let round = 0; round < 4 && !(Math.min(...pausesMs) < 100); round += 1) {
        const longestMs = measureLongestPauseMs();
        const answer = await exchange(bff.gateway.url, bytes);
        pausesMs.push(longestMs());
        expect(answer?.status).toBeGreaterThanOrEqual(400);
        expect(answer?.status).toBeLessThan(500);
      }
      expect(Math.min(...pausesMs)).toBeLessThan(100);
    }
  });
});

describe('encodings and media types', () => {
  test.each<[string, () => Buffer]>([
    ['gzip', () => withLength([json, 'Content-Encoding: gzip'], gzipSync(order))],
    ['x-gzip in upper case', () => withLength([json, 'Content-Encoding: GZIP'], gzipSync(order))],
    ['deflate', () => withLength([json, 'Content-Encoding: deflate'], deflateSync(order))],
    ['brotli in chunks', () => inChunks([json, 'Content-Encoding: br'], brotliCompressSync(order))],
    ['identity', () => withLength([json, 'Content-Encoding: identity'], Buffer.from(order))],
    ['utf-8', () => withLength(['Content-Type: application/json; charset=utf-8'], Buffer.from(order))],
    ['"UTF-8"', () => withLength(['Content-Type: Application/JSON;charset="UTF-8"'], Buffer.from(order))],
    [
      'a JSON type of its own',
      () => withLength(['Content-Type: application/vnd.order+json'], Buffer.from(order)),
    ],
  ])('%s is understood', async (_what, bytes) => {
    expect((await exchange(bff.gateway.url, bytes()))?.status).toBe(201);
  });

  test.each<[string, string[]]>([
    ['an unknown encoding', [json, 'Content-Encoding: compress']],
    ['two encodings', [json, 'Content-Encoding: gzip, gzip']],
    ['an encoding that every object has', [json, 'Content-Encoding: constructor']],
    ['no media type', []],
    ['a form', ['Content-Type: application/x-www-form-urlencoded']],
    ['text', ['Content-Type: text/plain']],
    ['text/json', ['Content-Type: text/json']],
    ['XML in UTF-16', ['Content-Type: application/xml; charset=utf-16']],
    ['another kind of XML', ['Content-Type: application/soap+xml']],
    ['a multipart form', ['Content-Type: multipart/form-data; boundary=b']],
    ['almost JSON', ['Content-Type: application/jsonp']],
    ['two types', ['Content-Type: text/plain, application/json']],
    ['UTF-16', ['Content-Type: application/json; charset=utf-16']],
    ['Latin-1', ['Content-Type: application/json;charset=iso-8859-1']],
    ['UTF-7 in quotes', ['Content-Type: application/json; charset="utf-7"']],
  ])('%s is a 415', async (_what, headers) => {
    await expectProblem(withLength(headers, Buffer.from(order)), 415, 'unsupported_media_type');
    await expectProblem(inChunks(headers, Buffer.from(order)), 415, 'unsupported_media_type');
  });

  test.each<[string, () => Buffer]>([
    ['cut gzip', () => gzipSync(order).subarray(0, -12)],
    ['gzip that is none', () => Buffer.from(order)],
    ['gzip with a wrong check sum', () => Buffer.concat([gzipSync(order).subarray(0, -8), Buffer.alloc(8)])],
    ['no bytes of gzip', () => Buffer.alloc(0)],
  ])('%s is a 400', async (_what, body) => {
    await expectProblem(inChunks([json, 'Content-Encoding: gzip'], body()), 400, 'malformed_request');
  });
});

/** The longest time, from now until the returned function is called, in which nothing else could run. */
function measureLongestPauseMs(): () => number {
  let longestMs = 0;
  let lastMs = performance.now();
  const tick = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const timer = setInterval(tick, 5);
  return () => {
    clearInterval(timer);
    tick();
    return longestMs;
  };
}
