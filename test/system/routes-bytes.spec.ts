import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { malformed, wellFormed } from '../world/json-corpus.js';
import { readMessage, toChunks, valuesIn } from '../world/raw-body.js';
import { exchangeWhole } from '../world/raw-http.js';
import { type RawRoutes, startRawRoutes } from '../world/raw-routes.js';

/** What arrives whole and unread, whatever it is. */
const corpus: readonly (readonly [what: string, bytes: Buffer])[] = [
  ...[...wellFormed, ...malformed].map(([what, text]) => [what, Buffer.from(text)] as const),
  ['big integers', Buffer.from('{"id":12345678901234567890123,"a":-0,"b":1E400,"c":1.0,"d":10e-0007}')],
  ['a name three times', Buffer.from('{"a":1,"a":2,"\\u0061":3,"__proto__":{"a":4}}')],
  ['odd escapes', Buffer.from('"\\/\\u002f\\uD83D\\ude00\\ud800\\u0000"')],
  ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0xa0, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0x22])],
  ['UTF-16 with its mark', Buffer.from('\ufeff{"a":"é"}', 'utf16le')],
  ['nothing', Buffer.alloc(0)],
  ['one NUL', Buffer.alloc(1)],
  ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ['line ends of all kinds', Buffer.from('\r\n\r\n\n\r\r\n0\r\n\r')],
  ['what looks like a request', Buffer.from('GET /mine HTTP/1.1\r\nHost: a\r\n\r\n')],
  ['a compressed body', gzipSync('{"a":1}')],
  ['200,000 random bytes', randomBytes(200_000)],
];

let world: RawRoutes;
beforeAll(async () => {
  const route = { name: 'bytes', match: { path: '/bytes' }, upstream: 'raw', access: { public: true } };
  world = await startRawRoutes({ routes: [route] });
});
beforeEach(() => world.upstream.clear());
afterAll(() => world?.[Symbol.asyncDispose]());

const head = (first: string, ...lines: string[]): Buffer =>
  Buffer.from([first, ...lines, '', ''].join('\r\n'), 'latin1');
const usual = ['Host: bff.example', 'Connection: close', 'Content-Type: application/json'];
const ok = 'HTTP/1.1 200 OK';

const framings: readonly (readonly [string, (body: Buffer) => { lines: string[]; bytes: Buffer }])[] = [
  ['with its length', (body) => ({ lines: [`Content-Length: ${body.length}`], bytes: body })],
  ['in one chunk', (body) => ({ lines: ['Transfer-Encoding: chunked'], bytes: toChunks(body, 1_000_000) })],
  [
    'in chunks of seven bytes',
    (body) => ({ lines: ['Transfer-Encoding: chunked'], bytes: toChunks(body.subarray(0, 5_000), 7) }),
  ],
];

test.each(framings)(
  'a request %s arrives byte for byte',
  async (_how, frame) => {
    for (const [what, document] of corpus) {
      const { lines, bytes } = frame(document);
      const { body: expected } = readMessage(Buffer.concat([head('POST / HTTP/1.1', ...lines), bytes]));
      world.upstream.clear();
      const answer = await exchangeWhole(
        world.url,
        Buffer.concat([head('POST /bytes HTTP/1.1', ...usual, ...lines), bytes]),
      );
      expect([what, answer.first]).toEqual([what, ok]);
      const arrived = readMessage(Buffer.from(world.upstream.received, 'latin1'));
      expect([what, arrived.body.equals(expected)]).toEqual([what, true]);
      expect(valuesIn(arrived.lines, 'content-type')).toEqual(['application/json']);
    }
  },
  60_000,
);

test.each([
  ...framings,
  ['until the connection ends', (body: Buffer) => ({ lines: ['Connection: close'], bytes: body })] as const,
])(
  'an answer %s comes byte for byte',
  async (_how, frame) => {
    for (const [what, document] of corpus) {
      const { lines, bytes } = frame(document);
      const whole = Buffer.concat([head(ok, 'Content-Type: application/json', ...lines), bytes]);
      world.upstream.answering = (socket) => void socket.end(whole);
      const answer = await exchangeWhole(world.url, head('GET /bytes HTTP/1.1', ...usual));
      expect([what, answer.first]).toEqual([what, ok]);
      expect([what, answer.body.equals(readMessage(whole).body)]).toEqual([what, true]);
      expect(valuesIn(answer.lines, 'content-type')).toEqual(['application/json']);
    }
  },
  60_000,
);

test('a coding of the content is the caller’s and the service’s own business', async () => {
  const packed = gzipSync('{"id":12345678901234567890}');
  const lines = [`Content-Length: ${packed.length}`, 'Content-Encoding: gzip'];
  world.upstream.clear();
  world.upstream.answering = (socket) => void socket.end(Buffer.concat([head(ok, ...lines), packed]));
  const request = head('POST /bytes HTTP/1.1', ...usual, ...lines, 'Accept-Encoding: br;q=0.1, gzip');
  const answer = await exchangeWhole(world.url, Buffer.concat([request, packed]));
  expect([answer.body.equals(packed), valuesIn(answer.lines, 'content-encoding')]).toEqual([true, ['gzip']]);
  const arrived = readMessage(Buffer.from(world.upstream.received, 'latin1'));
  expect([arrived.body.equals(packed), valuesIn(arrived.lines, 'accept-encoding')]).toEqual([
    true,
    ['br;q=0.1, gzip'],
  ]);
});
