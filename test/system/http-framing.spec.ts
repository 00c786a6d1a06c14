import { RawConnection, requestText } from '../world/raw-http.js';
import { expectRefused, upstreamCalls, useRawWorld } from '../world/raw-world.js';

const world = useRawWorld();

const line = 'GET /api/dashboard HTTP/1.1';
const post = 'POST /api/orders HTTP/1.1';
const json = 'Content-Type: application/json';
const order = '{"lines":[{"sku":"BK-1843","quantity":1}]}';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
describe('framing that two parsers could read in two ways', () => {
  test.each<[string, (headers: readonly string[]) => string]>([
    [
      'Content-Length and Transfer-Encoding',
      (h) => requestText(post, [...h, json, 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    ],
    [
      'Transfer-Encoding and Content-Length',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'),
    ],
    [
      'two Content-Lengths that differ',
      (h) => requestText(post, [...h, json, 'Content-Length: 42', 'Content-Length: 43'], order),
    ],
    [
      'two Content-Lengths that agree',
      (h) => requestText(post, [...h, json, 'Content-Length: 42', 'Content-Length: 42'], order),
    ],
    ['a list as Content-Length', (h) => requestText(post, [...h, json, 'Content-Length: 42, 42'], order)],
    ['a negative Content-Length', (h) => requestText(post, [...h, json, 'Content-Length: -1'], order)],
    ['a Content-Length with a plus', (h) => requestText(post, [...h, json, 'Content-Length: +42'], order)],
    ['a hexadecimal Content-Length', (h) => requestText(post, [...h, json, 'Content-Length: 0x2a'], order)],
    [
      'a Content-Length beyond 64 bits',
      (h) => requestText(post, [...h, json, 'Content-Length: 99999999999999999999'], order),
    ],
    [
      'a Content-Length with a space inside',
      (h) => requestText(post, [...h, json, 'Content-Length: 4 2'], order),
    ],
    [
      'a coding after chunked',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked, identity'], chunk(order)),
    ],
    [
      'an unknown transfer coding',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: xchunked'], chunk(order)),
    ],
    [
      'chunked twice',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked, chunked'], chunk(order)),
    ],
    [
      'Transfer-Encoding twice',
      (h) =>
        requestText(
          post,
          [...h, json, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
          chunk(order),
        ),
    ],
    [
      'a Transfer-Encoding of HTTP/1.0',
      (h) =>
        requestText(
          'POST /api/orders HTTP/1.0',
          [...h, json, 'Transfer-Encoding: chunked'],
          `${chunk(order)}0\r\n\r\n`,
        ),
    ],
    [
      'a chunk size that is no number',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked'], 'zz\r\n'),
    ],
    ['a negative chunk size', (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked'], '-1\r\n')],
    [
      'a chunk size beyond 64 bits',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked'], 'fffffffffffffffff\r\n'),
    ],
    [
      'a chunk longer than it says',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked'], '2\r\nabcd\r\n0\r\n\r\n'),
    ],
    [
      'a bare LF in the chunk size',
      (h) => requestText(post, [...h, json, 'Transfer-Encoding: chunked'], '2a\nx'),
    ],
    ['a bare LF after the request line', (h) => `${line}\n${h.join('\r\n')}\r\n\r\n`],
    ['a bare LF after a header', (h) => `${line}\r\n${h.join('\n')}\r\n\r\n`],
    ['a bare CR inside a header', (h) => requestText(line, [...h, 'X-Odd: a\rX-Internal: b'])],
    ['a folded header', (h) => requestText(line, [...h, 'X-Odd: a', ' b'])],
    ['a header folded by a tab', (h) => requestText(line, [...h, 'X-Odd: a', '\tb'])],
    ['a space before the colon', (h) => requestText(line, [...h, 'X-Odd : a'])],
    ['a space before the first header', (h) => requestText(line, [' X-Odd: a', ...h])],
    ['a header without a name', (h) => requestText(line, [...h, ': a'])],
    ['a header without a colon', (h) => requestText(line, [...h, 'X-Odd'])],
    ['a NUL in a header', (h) => requestText(line, [...h, 'X-Odd: a\u0000b'])],
    ['a control character in a header', (h) => requestText(line, [...h, 'X-Odd: a\u0001b'])],
    ['DEL in a header', (h) => requestText(line, [...h, 'X-Odd: a\u007fb'])],
    ['a NUL in a header’s name', (h) => requestText(line, [...h, 'X\u0000-Odd: a'])],
    ['a bracket in a header’s name', (h) => requestText(line, [...h, 'X[Odd]: a'])],
    ['a NUL in the URL', (h) => requestText('GET /api/\u0000dashboard HTTP/1.1', h)],
    ['a space in the URL', (h) => requestText('GET /api/dash board HTTP/1.1', h)],
    ['a URL without a slash', (h) => requestText('GET api/dashboard HTTP/1.1', h)],
    ['a method that is none', (h) => requestText('HELLO /api/dashboard HTTP/1.1', h)],
    ['a method in lower case', (h) => requestText('get /api/dashboard HTTP/1.1', h)],
    ['HTTP/1.2', (h) => requestText('GET /api/dashboard HTTP/1.2', h)],
    ['HTTP/9.9', (h) => requestText('GET /api/dashboard HTTP/9.9', h)],
    ['no version', (h) => requestText('GET /api/dashboard', h)],
    ['another protocol', () => requestText('SSH-2.0-OpenSSH_9.2', [])],
    ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'],
  ])('%s is a 400', (_what, bytes) => expectRefused(world, bytes(world.usual), 400, 'malformed_request'));

  test('nothing behind a refused request is read as another one', async () => {
    const callsBefore = upstreamCalls(world);
    using connection = await RawConnection.open(world.bff.gateway.url);
    const second = requestText('GET /api/orders HTTP/1.1', world.usual);
    connection.send(
      requestText(
        post,
        [...world.usual, json, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
        `0\r\n\r\n${second}`,
      ),
    );
    expect((await connection.answer())?.status).toBe(400);
    expect(await connection.answer()).toBeUndefined();
    expect(upstreamCalls(world)).toBe(callsBefore);
  });
});
