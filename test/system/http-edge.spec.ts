import { exchange, RawConnection, requestText } from '../world/raw-http.js';
import { expectProblem, expectRefused, upstreamCalls, useRawWorld } from '../world/raw-world.js';

const world = useRawWorld();

const line = 'GET /api/dashboard HTTP/1.1';
const post = 'POST /api/orders HTTP/1.1';
const json = 'Content-Type: application/json';
const order = '{"lines":[{"sku":"BK-1843","quantity":1}]}';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
describe('Host', () => {
  const host = (...lines: string[]) => requestText(line, [...lines, world.usual[1] ?? '']);
  test.each<[string, string[]]>([
    ['none', []],
    ['two', ['Host: a.example', 'Host: b.example']],
    ['two that agree', ['Host: a.example', 'host: a.example']],
    ['an empty one', ['Host: ']],
    ['a list', ['Host: a.example, b.example']],
    ['a path', ['Host: a.example/path']],
    ['a user', ['Host: user@a.example']],
    ['a space', ['Host: a b']],
    ['a port that is no number', ['Host: a.example:http']],
    ['two ports', ['Host: a.example:80:80']],
    ['an open bracket', ['Host: [::1']],
    ['a URL', ['Host: http://a.example']],
    ['a quote', ['Host: "a"']],
    ['a fragment', ['Host: a#b']],
  ])('%s is a 400', (_what, lines) => expectRefused(world, host(...lines), 400, 'malformed_request'));

  test.each(['a.example', 'A.Example:8080', '127.0.0.1', '[::1]', '[2001:db8::1]:3000', 'a_b.internal'])(
    '%s is a host',
    async (name) => {
      expect((await exchange(world.bff.gateway.url, host(`Host: ${name}`)))?.status).toBe(200);
    },
  );
});

describe('methods', () => {
  test('TRACE is refused with the methods there are', async () => {
    const answer = await exchange(
      world.bff.gateway.url,
      requestText('TRACE /api/orders HTTP/1.1', world.usual),
    );
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer?.headers['allow']).toBe('GET, HEAD, POST');
  });

  test.each(['bff.example:443', '127.0.0.1:4001', '/api/orders'])(
    'CONNECT %s gets no tunnel',
    async (target) => {
      const callsBefore = upstreamCalls(world);
      const answer = await exchange(
        world.bff.gateway.url,
        requestText(`CONNECT ${target} HTTP/1.1`, world.usual),
      );
      if (answer !== undefined) expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(upstreamCalls(world)).toBe(callsBefore);
    },
  );

  test('OPTIONS tells the methods, and lets no other origin in', async () => {
    const preflight = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const answer = await exchange(
      world.bff.gateway.url,
      requestText('OPTIONS /api/orders HTTP/1.1', ['Host: bff', ...preflight]),
    );
    expect([200, 204, 405]).toContain(answer?.status);
    expect(answer?.headers['allow']).toMatch(/\bGET, HEAD, (OPTIONS, )?POST\b/);
    expect(answer?.headers['x-request-id']).toBeDefined();
    expect(Object.keys(answer?.headers ?? {}).filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    );
  });

  test.each(['X-HTTP-Method-Override: POST', 'X-Method-Override: DELETE'])(
    '%s changes nothing',
    async (override) => {
      const answer = await exchange(
        world.bff.gateway.url,
        requestText('GET /api/orders HTTP/1.1', [...world.usual, override]),
      );
      expect(answer?.status).toBe(200);
    },
  );

  test('an upgrade that nobody offers is answered like any other call', async () => {
    const upgrade = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    expect(
      (await exchange(world.bff.gateway.url, requestText(line, [...world.usual, ...upgrade])))?.status,
    ).toBe(200);
  });
});

describe('sizes', () => {
  const filler = (count: number) => Array.from({ length: count }, (_, index) => `X-Filler-${index}: f`);
  test.each<[string, () => string, number, string]>([
    [
      'headers of more than 16 KiB',
      () => requestText(line, [...world.usual, `X-Big: ${'b'.repeat(17 * 1024)}`]),
      431,
      'headers_too_large',
    ],
    [
      'many headers of more than 16 KiB',
      () =>
        requestText(line, [
          ...world.usual,
          ...Array.from({ length: 90 }, (_, index) => `X-${index}: ${'b'.repeat(200)}`),
        ]),
      431,
      'headers_too_large',
    ],
    ['101 headers', () => requestText(line, [...world.usual, ...filler(99)]), 431, 'headers_too_large'],
    ['500 headers', () => requestText(line, [...world.usual, ...filler(498)]), 431, 'headers_too_large'],
    [
      'a URL of more than 8 KiB',
      () => requestText(`GET /api/dashboard?q=${'q'.repeat(9 * 1024)} HTTP/1.1`, world.usual),
      414,
      'uri_too_long',
    ],
    [
      'a URL of more than 16 KiB',
      () => requestText(`GET /api/dashboard?q=${'q'.repeat(20 * 1024)} HTTP/1.1`, world.usual),
      414,
      'uri_too_long',
    ],
    [
      'a URL of 200 KiB',
      () => requestText(`GET /api/dashboard?q=${'q'.repeat(200 * 1024)} HTTP/1.1`, world.usual),
      414,
      'uri_too_long',
    ],
    [
      'a header name of 20 KiB',
      () => requestText(line, [...world.usual, `X-${'n'.repeat(20 * 1024)}: b`]),
      431,
      'headers_too_large',
    ],
  ])('%s', (_what, bytes, status, code) => expectRefused(world, bytes(), status, code));

  test('100 headers and a URL of 8,000 letters are fine', async () => {
    const bytes = requestText(`GET /api/dashboard?q=${'q'.repeat(7_970)} HTTP/1.1`, [
      ...world.usual,
      ...filler(98),
    ]);
    expect((await exchange(world.bff.gateway.url, bytes))?.status).toBe(200);
  });

  test('headers that trickle in are counted as a whole', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    connection.send(`${line}\r\n${world.usual.join('\r\n')}\r\n`);
    for (let part = 0; part < 20; part += 1) {
      connection.send(`X-Part-${part}: ${'p'.repeat(1_000)}\r\n`);
      await new Promise(setImmediate);
    }
    expectProblem(await connection.answer(), 431, 'headers_too_large');
  });
});

describe('connections', () => {
  test.each([
    ['a route there is not', requestText('GET /nowhere HTTP/1.1', ['Host: bff']), 404],
    ['a call without a token', requestText(line, ['Host: bff']), 401],
    [
      'a body nobody reads',
      requestText('POST /api/orders HTTP/1.1', ['Host: bff', json, `Content-Length: ${order.length}`], order),
      401,
    ],
    [
      'a chunked body nobody reads',
      requestText(
        'POST /api/orders HTTP/1.1',
        ['Host: bff', json, 'Transfer-Encoding: chunked'],
        `${chunk(order)}0\r\n\r\n`,
      ),
      401,
    ],
  ])('a connection can be used again after %s', async (_what, bytes, status) => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    expect((await connection.send(bytes).answer())?.status).toBe(status);
    expect((await connection.send(requestText(line, world.usual)).answer())?.status).toBe(200);
  });

  test('a connection can be used again after a body that was no JSON', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    expect(
      (await connection.send(requestText(post, [...world.usual, json, 'Content-Length: 3'], '{a}')).answer())
        ?.status,
    ).toBe(400);
    expect((await connection.send(requestText(line, world.usual)).answer())?.status).toBe(200);
  });

  test('pipelined calls are answered in their order', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    const targets = ['/api/dashboard', '/nowhere', '/api/orders', '/api/products'];
    connection.send(targets.map((target) => requestText(`GET ${target} HTTP/1.1`, world.usual)).join(''));
    const statuses: unknown[] = [];
    for (const _ of targets) statuses.push((await connection.answer())?.status);
    expect(statuses).toEqual([200, 404, 200, 200]);
  });

  test.each([
    ['HTTP/1.0', []],
    ['HTTP/1.1', ['Connection: close']],
  ])('%s %j: answered, then closed', async (version, more) => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    expect(
      (
        await connection
          .send(requestText(`GET /api/dashboard ${version}`, [...world.usual, ...more]))
          .answer()
      )?.status,
    ).toBe(200);
    expect(await connection.answer()).toBeUndefined();
  });

  test('HTTP/1.0 may leave Host out', async () => {
    expect(
      (
        await exchange(
          world.bff.gateway.url,
          requestText('GET /api/dashboard HTTP/1.0', world.usual.slice(1)),
        )
      )?.status,
    ).toBe(200);
  });

  test('an absolute URL names the same route', async () => {
    expect(
      (
        await exchange(
          world.bff.gateway.url,
          requestText('GET http://world.bff.example/api/dashboard HTTP/1.1', world.usual),
        )
      )?.status,
    ).toBe(200);
  });

  test('Expect: 100-continue is told to go on', async () => {
    using connection = await RawConnection.open(world.bff.gateway.url);
    connection.send(
      requestText(post, [...world.usual, json, 'Expect: 100-continue', `Content-Length: ${order.length}`]),
    );
    expect((await connection.answer())?.status).toBe(100);
    expect((await connection.send(order).answer())?.status).toBe(201);
  });

  test('an expectation nobody knows is passed over (RFC 9110, 10.1.1)', async () => {
    const answer = await exchange(
      world.bff.gateway.url,
      requestText(line, [...world.usual, 'Expect: 200-maybe']),
    );
    expect(answer?.status).toBe(200);
    expect(answer?.headers['x-request-id']).toBeDefined();
  });
});
