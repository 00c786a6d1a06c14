import { get, openServer, sameEachTime, type Server, Wire } from './early-refusals.fixture.js';

let early: Server;
let behind: Server;
beforeEach(async () => {
  early = await openServer();
  behind = await openServer({ isEarly: false });
});
afterEach(async () => {
  await early[Symbol.asyncDispose]();
  await behind[Symbol.asyncDispose]();
});

const post = (body: string, ...lines: string[]): string =>
  ['POST /post HTTP/1.1', 'Host: bff', `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n');
const chunked = (body: string): string =>
  `POST /chunked HTTP/1.1\r\nHost: bff\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const plain = get('/plain', 'X-Request-Id: plain');
const head = get('/head').replace('GET', 'HEAD');

interface Way {
  /** How often the connection was refused before. */
  readonly refusedBefore: number;
  /** So many pieces come in one turn; undefined: over the network, one after the other. */
  readonly inTurn?: number;
}

/** What a server that refuses everything says to these pieces, the last of which may be unread by a closed connection. */
async function answersTo(server: Server, pieces: readonly string[], way: Way): Promise<string> {
  const { refusedBefore, inTurn } = way;
  server.fill();
  using wire = await Wire.open(server);
  for (let count = 0; count < refusedBefore; count += 1) await (await wire.send(plain)).answers();
  let answers = '';
  for (let index = 0; index < pieces.length && !wire.isClosed; index += inTurn ?? 1) {
    if (inTurn === undefined) await wire.send(pieces[index] ?? '');
    else wire.arrive(...pieces.slice(index, index + inTurn));
    answers += await wire.answers();
  }
  return `${sameEachTime(answers)}${wire.isClosed ? '(closed)' : ''}`;
}

const pieceCases: [string, string[]][] = [
  ['a request in two pieces', [plain.slice(0, 20), plain.slice(20)]],
  ['a request cut within its last line end', [plain.slice(0, -1), '\n', plain]],
  ['a request by the letter', plain.split('')],
  ['two requests in one piece', [plain + head, plain]],
  ['one and a half', [plain + plain.slice(0, 30), plain.slice(30), plain]],
  ['half of one, then all of one', [plain.slice(0, 30), plain]],
  ['a header that is not over, then a request', [`GET /x HTTP/1.1\r\nX-A: `, plain, plain]],
  [
    'a request behind which a header is not over, then one',
    [`${plain}GET /x HTTP/1.1\r\nX-A: `, plain, plain],
  ],
  ['a first line that is not over, then a request', ['GET /x', plain, plain]],
  ['a method that is not over, then a request', ['G', plain, plain]],
  [
    'headers with a length that are not over, then a request',
    [`${post('').replace('h: 0', 'h: 5').slice(0, -2)}X-A: `, plain, plain],
  ],
  ['an empty line, then a request', ['\r\n', plain, plain]],
  ['half an empty line, then a request', ['\r', plain, plain]],
  ['a body', [post('body'), plain]],
  ['a body in a piece of its own', [post('').replace('h: 0', 'h: 4'), 'body', plain]],
  ['a body that looks like a request', [post(plain).slice(0, -plain.length), plain, plain]],
  ['a body that ends within what looks like a request', [post('').replace('h: 0', 'h: 12'), plain, plain]],
  ['a body that ends before a request', [post('').replace('h: 0', 'h: 4'), `body${plain}`, plain]],
  [
    'a body that ends before a header that looks like a request',
    [post('').replace('h: 0', 'h: 25'), `GET /a HTTP/1.1\r\nX-Aaaa: ${plain}`, plain],
  ],
  ['chunks', [chunked('body'), plain]],
  ['a chunk that looks like a request', [...pieces(chunked(plain), plain), plain]],
  ['trailers that are not over, then a request', [chunked('body').slice(0, -2), `X-A: `, plain, plain]],
  ['the end of chunks and a request', [chunked('body').slice(0, -2), `\r\n${plain}`, plain]],
  ['HEAD', [head, plain]],
  ['a method that has no body but says one', [get('/', 'Content-Length: 5'), plain, plain]],
  ['an upgrade that nobody takes', [get('/', 'Connection: upgrade', 'Upgrade: websocket'), plain]],
  ['an expectation', [post('body', 'Expect: 100-continue'), plain]],
  ['HTTP/1.0', [plain.replace('1.1', '1.0'), plain]],
  ['a connection that is to end', [get('/', 'Connection: close'), plain]],
  ['a body and chunks', [post('', 'Transfer-Encoding: chunked'), plain]],
  ['a length that could be another one', [get('/', 'Content-Length : 5'), plain]],
  ['a fold', [get('/', 'X-A: a', ' b'), plain]],
  ['a bare LF', [plain.replace('\r\n', '\n'), plain]],
  ['headers beyond their limit', [get('/', `X-A: ${'a'.repeat(20_000)}`), plain]],
  ['CONNECT', ['CONNECT bff:443 HTTP/1.1\r\nHost: bff\r\n\r\n', plain]],
  ['another protocol', ['SSH-2.0-OpenSSH_9.2\r\n\r\n', plain]],
];

test.each(pieceCases)(
  'what a connection says does not depend on where it is refused: %s',
  async (_what, pieces) => {
    for (const way of [1, 2, 3].map((inTurn) => ({ refusedBefore: 3, inTurn })))
      expect(await answersTo(early, pieces, way)).toBe(await answersTo(behind, pieces, way));
    expect(early.read.length).toBeLessThan(behind.read.length);
  },
);

test.each(pieceCases)('nor does it when it was refused at most once: %s', async (_what, pieces) => {
  for (const refusedBefore of [0, 1]) {
    const way = { refusedBefore };
    expect(await answersTo(early, pieces, way)).toBe(await answersTo(behind, pieces, way));
  }
});

/** The text in three pieces, of which one is in its midst. */
function pieces(text: string, middle: string): string[] {
  const start = text.indexOf(middle);
  return [text.slice(0, start), middle, text.slice(start + middle.length)];
}

/** Numbers from 0 up to `below`, the same each time (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const messages = [
  plain,
  plain,
  plain,
  head,
  post('body'),
  post(plain),
  post(plain + head),
  chunked(plain),
  post(plain).replace('\r\n\r\n', `\r\nX-A: ${plain}`),
  get('/', 'Content-Length: 0'),
];

/** Cut anywhere, most often where requests begin and end, real ones and those that only look like it. */
function cut(text: string, random: (below: number) => number): string[] {
  const seams = [...text.matchAll(/GET|HEAD|POST|(?<=\r\n\r\n)/g)].map(({ index }) => index);
  const cuts = [
    ...seams.filter(() => random(3) > 0),
    ...Array.from({ length: random(4) }, () => random(text.length)),
  ];
  const sorted = [0, ...cuts.toSorted((a, b) => a - b), text.length];
  return sorted
    .slice(1)
    .map((end, index) => text.slice(sorted[index], end))
    .filter((piece) => piece !== '');
}

test('whatever is sent in whatever pieces, answered or refused: the answers are those of a server that refuses behind its parser', async () => {
  const random = createRandom(1815);
  for (let round = 0; round < 200; round += 1) {
    const text = Array.from({ length: 1 + random(6) }, () => messages[random(messages.length)]).join('');
    const script = cut(text, random).map((piece) => ({ piece, isFull: random(5) > 0, waits: random(2) > 0 }));
    const said = [];
    for (const server of [behind, early]) {
      server.fill();
      using wire = await Wire.open(server);
      for (let count = 0; count < 3; count += 1) await (await wire.send(plain)).answers();
      let answers = '';
      for (const { piece, isFull, waits } of script) {
        if (isFull) server.fill();
        else server.free();
        wire.arrive(piece);
        if (waits) answers += await wire.answers();
      }
      said.push(sameEachTime(answers + (await wire.answers())));
    }
    expect(said[1]).toBe(said[0]);
  }
  expect(behind.read.length - early.read.length).toBeGreaterThan(150);
});
