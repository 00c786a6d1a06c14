import { createServer } from 'node:http';
import { connect } from 'node:net';
import { listen } from '@bff/testing';
import { PlainRequest } from './plain-request.js';

const read = (text: string) => PlainRequest.read(Buffer.from(text, 'latin1'));
const of = (...lines: string[]) => [...lines, '', ''].join('\r\n');
const line = 'GET /api/orders?page=2 HTTP/1.1';

test.each([
  ['a GET', of(line, 'Host: bff')],
  ['a HEAD', of('HEAD / HTTP/1.1', 'Host: bff')],
  ['a connection that stays open', of(line, 'Host: bff', 'Connection:  Keep-Alive ')],
  ['a header without a value', of(line, 'Host:', 'Accept:')],
  ['a header with a tab', of(line, 'Host:\tbff\t')],
])('%s is plain', (_what, text) => expect(read(text)).toBeDefined());

test.each([
  ['nothing', ''],
  ['half of one', of(line, 'Host: bff').slice(0, -1)],
  ['two', of(line, 'Host: bff') + of(line, 'Host: bff')],
  ['one and a half', `${of(line, 'Host: bff')}GET`],
  ['an empty line before it', `\r\n${of(line, 'Host: bff')}`],
  ['another method', of('POST /api/orders HTTP/1.1', 'Host: bff')],
  ['a method in lower case', of('get / HTTP/1.1', 'Host: bff')],
  ['HTTP/1.0', of('GET / HTTP/1.0', 'Host: bff')],
  ['HTTP/0.9', of('GET /')],
  ['no headers', of(line)],
  ['another host in its line', of('GET http://bff/ HTTP/1.1', 'Host: bff')],
  ['two spaces in its line', of('GET  / HTTP/1.1', 'Host: bff')],
  ['a body', of(line, 'Host: bff', 'Content-Length: 2')],
  ['an empty body', of(line, 'Host: bff', 'content-length: 0')],
  ['chunks', of(line, 'Host: bff', 'TRANSFER-ENCODING: chunked')],
  ['an upgrade', of(line, 'Host: bff', 'Connection: keep-alive', 'Upgrade: websocket')],
  ['an expectation', of(line, 'Host: bff', 'Expect: 100-continue')],
  ['a connection that ends', of(line, 'Host: bff', 'Connection: close')],
  ['a connection with more to it', of(line, 'Host: bff', 'Connection: keep-alive, upgrade')],
  ['a space before the colon', of(line, 'Host: bff', 'Content-Length : 2')],
  ['a fold', of(line, 'Host: bff', 'X-A: a', ' b')],
  ['a bare LF', of(line, 'Host: bff', 'X-A: a\nContent-Length: 2')],
  ['a bare CR', of(line, 'Host: bff', 'X-A: a\rContent-Length: 2')],
  ['a bare LF at its end', `${line}\r\nHost: bff\n\n`],
  ['a NUL', of(line, 'Host: bff', 'X-A: a\0')],
  ['a letter beyond ASCII', of(line, 'Host: bff', 'X-A: \u00e9')],
  ['a name that is none', of(line, 'Host: bff', 'X[]: a')],
  ['no name', of(line, 'Host: bff', ': a')],
  ['no colon', of(line, 'Host: bff', 'X-A')],
  ['more than 8 KiB', of(line, 'Host: bff', `X-A: ${'a'.repeat(8 * 1024)}`)],
])('%s is not', (_what, text) => expect(read(text)).toBeUndefined());

test.each([
  ['none', []],
  ['one of each', ['Authorization: Bearer a', 'Cookie: a=b', 'X-API-Key: k', 'X-Request-Id: r']],
  ['odd spelling', ['AUTHORIZATION:Bearer a', 'cookie: \t a=b \t', 'x-api-KEY:k ', 'X-REQUEST-ID:\tr']],
  ['empty ones', ['Authorization:', 'Cookie:', 'X-API-Key: ', 'X-Request-Id:']],
  [
    'repeated ones',
    ['Authorization: Bearer a', 'Cookie: a', 'authorization: b', 'cookie: b', 'X-API-Key: k', 'x-api-key: l'],
  ],
  ['repeated ids', ['X-Request-Id: a', 'x-request-id: b']],
  ['names in values and longer names', ['X-A: Cookie: a', 'X-Cookie: a', 'Cookie2: b', 'Authorization-X: c']],
])('its headers are those that Node reads: %s', async (_what, lines) => {
  const text = of(line, 'Host: bff', ...lines);
  const {
    authorization,
    cookie,
    'x-api-key': apiKey,
    'x-request-id': requestId,
    count,
  } = await readByNode(text);
  const request = read(text);
  expect(request?.headers.authorization).toBe(authorization);
  expect(request?.headers.cookie).toBe(cookie);
  expect(request?.headers['x-api-key']).toBe(apiKey);
  expect(request?.requestId).toBe(requestId);
  expect(request?.headerCount).toBe(count);
});

async function readByNode(text: string) {
  let answer = (_headers: object): void => undefined;
  const headers = new Promise<Record<string, unknown>>((resolve) => {
    answer = (headers) => resolve({ ...headers });
  });
  const server = createServer((request, response) => {
    response.end();
    answer({ ...request.headers, count: request.rawHeaders.length / 2 });
  });
  const { port, close } = await listen(server);
  const socket = connect(port, '127.0.0.1').end(text);
  const found = await headers;
  socket.destroy();
  await close();
  return found;
}
