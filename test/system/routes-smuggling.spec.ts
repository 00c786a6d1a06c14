import { RawConnection, exchange, requestText } from '../world/raw-http.js';
import { type RawRoutes, startRawRoutes } from '../world/raw-routes.js';
import { answerFine, answerWith, type RawUpstream } from '../world/raw-upstream.js';

const access = { public: true };
const routes = [
  { name: 'files', match: { path: '/files/**' }, upstream: 'raw', rewrite: '/v2/**', access },
  { name: 'mine', match: { path: '/mine/**' }, upstream: 'raw' },
];

let upstream: RawUpstream;
let world: RawRoutes;
beforeAll(async () => {
  world = await startRawRoutes({ routes });
  ({ upstream } = world);
});
beforeEach(() => upstream.clear());
afterEach(async () => {
  // Whatever came from either side: the process is alive and hands the next request on.
  upstream.answering = answerFine;
  expect(await send(requestText('GET /files/next HTTP/1.1', host))).toMatchObject({
    status: 200,
    text: 'ok',
  });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const host = ['Host: bff.example'];
const get = 'GET /files/a HTTP/1.1';
const post = 'POST /files/a HTTP/1.1';
const chunked = 'Transfer-Encoding: chunked';

const send = (bytes: string) => exchange(world.bff.gateway.url, bytes);

/** The lines of all heads that arrived. */
const lines = () => upstream.received.split('\r\n');

describe('what can be read in two ways is refused before an upstream hears of it', () => {
  test.each<[string, string, number]>([
    ['both lengths', requestText(post, [...host, 'Content-Length: 5', chunked], '0\r\n\r\n'), 400],
    [
      'both lengths, the other way round',
      requestText(post, [...host, chunked, 'Content-Length: 5'], '0\r\n\r\n'),
      400,
    ],
    ['two lengths', requestText(post, [...host, 'Content-Length: 1', 'Content-Length: 2'], 'ab'), 400],
    ['a length twice', requestText(post, [...host, 'Content-Length: 2', 'Content-Length: 2'], 'ab'), 400],
    ['a list of lengths', requestText(post, [...host, 'Content-Length: 2, 2'], 'ab'), 400],
    ['a length with a sign', requestText(post, [...host, 'Content-Length: +2'], 'ab'), 400],
    [
      'a coding behind chunked',
      requestText(post, [...host, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
      400,
    ],
    ['an unknown coding', requestText(post, [...host, 'Transfer-Encoding: xchunked'], '0\r\n\r\n'), 400],
    [
      'a coding hidden by a tab',
      requestText(post, [...host, 'Transfer-Encoding:\u000bchunked'], '0\r\n\r\n'),
      400,
    ],
    ['chunks of HTTP/1.0', requestText('POST /files/a HTTP/1.0', [...host, chunked], '0\r\n\r\n'), 400],
    ['a folded header', requestText(get, [...host, 'X-Odd: a', ' b']), 400],
    ['a bare LF after a header', `${get}\r\nHost: bff.example\nX-Odd: a\r\n\r\n`, 400],
    ['a bare CR in a value', requestText(get, [...host, 'X-Odd: a\rX-Internal-Role: admin']), 400],
    ['a NUL in a value', requestText(get, [...host, 'X-Odd: a\u0000b']), 400],
    ['a space before the colon', requestText(post, [...host, 'Content-Length : 2'], 'ab'), 400],
    ['a name with a bracket', requestText(get, [...host, 'X[Odd]: a']), 400],
    ['two hosts', requestText(get, [...host, 'Host: other.example']), 400],
    ['a host twice', requestText(get, [...host, ...host]), 400],
    ['no host', requestText(get, []), 400],
    ['a host with a path', requestText(get, ['Host: bff.example/mine']), 400],
    ['a host with a user', requestText(get, ['Host: a@bff.example']), 400],
    ['a space in the target', requestText('GET /files/a b HTTP/1.1', host), 400],
    ['a break in the path', requestText('GET /files/a%0d%0aX-Internal-Role:%20admin HTTP/1.1', host), 400],
    ['a fragment', requestText('GET /files/a#b HTTP/1.1', host), 400],
    [
      '200 headers',
      requestText(get, [...host, ...Array.from({ length: 200 }, (_, n) => `X-N-${n}: ${n}`)]),
      431,
    ],
    ['a header of 20 KB', requestText(get, [...host, `X-Long: ${'x'.repeat(20_000)}`]), 431],
    ['a target of 9 KB', requestText(`GET /files/${'x'.repeat(9_000)} HTTP/1.1`, host), 414],
    ['TRACE', requestText('TRACE /files/a HTTP/1.1', host), 404],
  ])('%s', async (_what, bytes, status) => {
    expect((await send(bytes))?.status).toBe(status);
    expect(upstream.received).toBe('');
  });

  test.each(['bff.example:443', '/files/a'])('CONNECT %s opens no tunnel', async (target) => {
    const answer = await send(requestText(`CONNECT ${target} HTTP/1.1`, host));
    expect(answer?.status ?? 400).toBeGreaterThanOrEqual(400);
    expect(upstream.received).toBe('');
  });

  test('a URL as target leads to a view as ever, and along no route', async () => {
    const token = `Authorization: Bearer ${await world.bff.issuer.mint()}`;
    const at = (path: string) =>
      send(requestText(`GET http://bff.example${path} HTTP/1.1`, [...host, token]));
    expect((await at('/api/products'))?.status).toBe(200);
    expect((await at('/files/a'))?.status).toBe(404);
    expect(upstream.received).toBe('');
  });

  test('nothing behind a refused request is taken for another one', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    const hidden = requestText('GET /files/hidden HTTP/1.1', host);
    connection.send(requestText(post, [...host, 'Content-Length: 5', chunked], `0\r\n\r\n${hidden}`));
    expect((await connection.answer())?.status).toBe(400);
    expect(await connection.answer()).toBeUndefined();
    expect(upstream.received).toBe('');
  });
});

describe('a body that breaks its framing on the way never ends well at the upstream', () => {
  test.each([
    ['a chunk size that is no number', '3\r\nabc\r\nzz\r\n'],
    ['a chunk longer than it says', '3\r\nabcdef\r\n0\r\n\r\n'],
    ['a chunk size beyond 64 bits', '3\r\nabc\r\nfffffffffffffffff\r\n'],
    ['a bare LF behind a chunk size', '3\r\nabc\r\n3\nabc\r\n0\r\n\r\n'],
    ['a bare LF in an extension', '3;a\nb\r\nabc\r\n0\r\n\r\n'],
  ])('%s', async (_what, body) => {
    expect((await send(requestText(post, [...host, chunked], body)))?.status).toBe(400);
    expect(upstream.received).not.toContain('\r\n0\r\n\r\n');
    expect(upstream.requests).toBe(0);
  });

  test('a caller who leaves in the middle of a body', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    connection.send(requestText(post, [...host, 'Content-Length: 100'], 'half'));
    connection.socket.end();
    await connection.answer();
    expect(upstream.requests).toBe(0);
  });
});

describe('what is odd and allowed arrives as one request', () => {
  test('a request within the body of another one stays a body', async () => {
    const inner = requestText('GET /mine/1 HTTP/1.1', ['Host: bff.example', 'X-User-Id: 1']);
    await send(requestText(post, [...host, `Content-Length: ${inner.length}`], inner));
    expect(upstream.requests).toBe(1);
    expect(upstream.received.startsWith('POST /v2/a HTTP/1.1\r\n')).toBe(true);
    expect(upstream.received.endsWith(`\r\n\r\n${inner}`)).toBe(true);
    expect(lines().filter((line) => /^content-length:/i.test(line))).toEqual([
      `content-length: ${inner.length}`,
    ]);
  });

  test('requests one behind the other are answered in their order, each by itself', async () => {
    upstream.answering = (socket, request) => {
      const [, path = ''] = request.split(' ', 2);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`);
    };
    using connection = await RawConnection.open(world.bff.gateway.url);
    const paths = ['/files/1', '/files/2', '/files/3'];
    connection.send(paths.map((path) => requestText(`GET ${path} HTTP/1.1`, host)).join(''));
    for (const path of ['/v2/1', '/v2/2', '/v2/3'])
      expect(await connection.answer()).toMatchObject({ status: 200, text: path });
    expect(upstream.requests).toBe(3);
  });

  test('extensions of chunks and trailers of a caller end here', async () => {
    const body = '3;x="y"\r\nabc\r\n0\r\nX-User-Id: 1\r\nX-Internal-Role: admin\r\n\r\n';
    expect((await send(requestText(post, [...host, chunked], body)))?.status).toBe(200);
    expect(upstream.received).not.toMatch(/x="y"|admin|x-user-id/i);
    expect(upstream.received.endsWith('\r\n\r\n3\r\nabc\r\n0\r\n\r\n')).toBe(true);
  });

  test('breaks in a query stay encoded', async () => {
    await send(requestText('GET /files/a?b=%0d%0aX-Internal-Role:%20admin&c=%00 HTTP/1.1', host));
    expect(lines()[0]).toBe('GET /v2/a?b=%0d%0aX-Internal-Role:%20admin&c=%00 HTTP/1.1');
    expect(lines().filter((line) => /^x-internal/i.test(line))).toEqual([]);
  });

  test('a value keeps its bytes beyond ASCII', async () => {
    await send(requestText(get, [...host, 'X-Odd: \u0085\u00e9\u00ff']));
    expect(lines()).toContain('X-Odd: \u0085\u00e9\u00ff');
  });

  test('every head that arrives has one Host, the upstream’s own, and one length at most', async () => {
    await send(requestText(post, [...host, 'Content-Length: 2', 'Connection: close, Content-Length'], 'ab'));
    const names = lines().map((line) => line.split(':', 1)[0]?.toLowerCase());
    expect(lines().filter((line) => /^host:/i.test(line))).toEqual([`host: ${new URL(upstream.url).host}`]);
    expect(names.filter((name) => name === 'content-length' || name === 'transfer-encoding')).toHaveLength(1);
  });
});

const headOf = (...headers: string[]) => ['HTTP/1.1 200 OK', ...headers, '', ''].join('\r\n');

describe('an answer that is none is a 502, or breaks off', () => {
  test.each<[string, string]>([
    ['lengths that differ', `${headOf('Content-Length: 2', 'Content-Length: 5')}ok`],
    ['a length and chunks', `${headOf('Content-Length: 2', chunked)}2\r\nok\r\n0\r\n\r\n`],
    ['a length that is no number', `${headOf('Content-Length: two')}ok`],
    ['a negative length', `${headOf('Content-Length: -1')}ok`],
    ['a folded header', `${headOf('X-Odd: a', ' b', 'Content-Length: 2')}ok`],
    ['a space before the colon', `${headOf('X-Odd : a', 'Content-Length: 2')}ok`],
    ['a NUL in a value', `${headOf('X-Odd: a\u0000b', 'Content-Length: 2')}ok`],
    ['100 kB of headers', headOf(...Array.from({ length: 1_000 }, (_, n) => `X-N-${n}: ${'x'.repeat(90)}`))],
    ['garbage', '\u0000\u0001\u0002 what is this?\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a status that is no number', 'HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nok'],
    ['a status of one digit', 'HTTP/1.1 2 OK\r\nContent-Length: 2\r\n\r\nok'],
    [
      '101 without having been asked',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['half a body', `${headOf('Content-Length: 5')}ok`],
    ['a chunk that breaks off', `${headOf(chunked)}5\r\nok`],
    ['chunks without an end', `${headOf(chunked)}2\r\nok\r\n`],
    ['a chunk size that is no number', `${headOf(chunked)}2\r\nok\r\nzz\r\n`],
    ['a chunk longer than it says', `${headOf(chunked)}2\r\nokok\r\n0\r\n\r\n`],
  ])('%s', async (_what, bytes) => {
    upstream.answering = answerWith(bytes);
    expect(await outcome()).toMatch(/^(502 problem|broken off)$/);
  });

  test('1xx without end is over when the time is', async () => {
    upstream.answering = (socket) => {
      const flood = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(100);
      const timer = setInterval(() => socket.write(flood), 5);
      socket.once('close', () => clearInterval(timer));
    };
    using connection = await RawConnection.open(world.bff.gateway.url);
    connection.send(requestText(get, host));
    let hints = 0;
    let answer = await connection.answer();
    for (; answer?.status === 103; answer = await connection.answer()) hints += 1;
    expect(answer?.status).toBe(504);
    expect(hints).toBeLessThanOrEqual(64);
  });

  test.each<[string, string]>([
    ['a length that is too small', `${headOf('Content-Length: 2')}ok${headOf('Content-Length: 4')}evil`],
    [
      'a whole answer behind the right one',
      `${headOf('Content-Length: 2')}ok\r\n${headOf('Content-Length: 4')}evil`,
    ],
  ])('what is behind an answer is nobody’s: %s', async (_what, bytes) => {
    upstream.answering = answerWith(bytes, false);
    using connection = await RawConnection.open(world.bff.gateway.url);
    expect(await connection.send(requestText(get, host)).answer()).toMatchObject({ status: 200, text: 'ok' });
    upstream.answering = answerFine;
    for (let n = 0; n < 3; n += 1)
      expect(await connection.send(requestText(get, host)).answer()).toMatchObject({
        status: 200,
        text: 'ok',
      });
  });
});

/** How an exchange ended for the caller: with a problem, broken off, or with an answer that looks whole. */
async function outcome(): Promise<string> {
  using connection = await RawConnection.open(world.bff.gateway.url);
  let text = '';
  connection.socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  connection.send(requestText(get, [...host, 'Connection: close']));
  await new Promise((resolve) => connection.socket.once('close', resolve));
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s, 2);
  if (head.startsWith('HTTP/1.1 502 ') && body.includes('urn:bff:')) {
    // What went wrong, and nothing of where (RFC 9209).
    expect(head).toMatch(/^Proxy-Status: bff; error=[a-z_]+\r?$/m);
    expect(text).not.toContain(new URL(upstream.url).port);
    return '502 problem';
  }
  const [, length] = /^content-length: (\d+)$/im.exec(head.replaceAll('\r', '')) ?? [];
  const isWhole = length === undefined ? body.endsWith('0\r\n\r\n') : body.length === Number(length);
  return text !== '' && isWhole ? `whole: ${head.split('\r\n', 1)[0]} ${body}` : 'broken off';
}
