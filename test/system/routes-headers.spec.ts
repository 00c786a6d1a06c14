import { readMessage, type RawMessage, valuesIn } from '../world/raw-body.js';
import { exchangeBytes, exchangeWhole, requestText } from '../world/raw-http.js';
import { type RawRoutes, startRawRoutes } from '../world/raw-routes.js';
import { answerWith } from '../world/raw-upstream.js';

const routes = [
  { name: 'open', match: { path: '/open/**' }, upstream: 'raw', access: { public: true } },
  { name: 'mine', match: { path: '/mine' }, upstream: 'raw' },
  { name: 'old', match: { path: '/old' }, upstream: 'raw', cookies: 'pass', access: { public: true } },
];

let world: RawRoutes;
beforeAll(async () => void (world = await startRawRoutes({ routes })));
beforeEach(() => world.upstream.clear());
afterAll(() => world?.[Symbol.asyncDispose]());

const usual = ['Host: bff.example', 'Connection: close'];
const ask = (first: string, lines: readonly string[] = [], at = world): Promise<RawMessage> =>
  exchangeWhole(at.url, requestText(`${first} HTTP/1.1`, [...usual, ...lines]));
const arrived = (at = world): RawMessage => readMessage(Buffer.from(at.upstream.received, 'latin1'));
const answerHead = (first: string, ...lines: string[]): string =>
  [`HTTP/1.1 ${first}`, ...lines, '', ''].join('\r\n');

/** What a caller would like a service to believe. */
const forged = [
  'Cookie: forged=1; __Host-web-bff-session=forged',
  'X-API-Key: forged',
  'X-User-Id: forged',
  'x-USER-roles: forged',
  'X-Internal-Role: forged',
  'X-Internal: forged',
  'X-Identity-Assertion: forged',
  'Forwarded: for=forged;host=forged',
  'X-Forwarded-For: forged',
  'X-Forwarded-Proto: forged',
  'X-Forwarded-Host: forged',
  'X-Forwarded-Port: forged',
  'X-Forwarded-Prefix: /forged',
  'X-Forwarded-User: forged',
  'X-Real-IP: forged',
  'X-Client-IP: forged',
  'True-Client-IP: forged',
  'CF-Connecting-IP: forged',
  'X-Remote-User: forged',
  'X-User: forged',
  'X-Cluster-Client-IP: forged',
  'X-Envoy-External-Address: forged',
  'X_User_Id: forged',
  'X-User_Id: forged',
  'X-Original-URL: /forged',
  'X-Rewrite-URL: /forged',
  'X-HTTP-Method-Override: FORGED',
  'X-Request-Id: forged!',
  'X-Deadline-Ms: forged',
  'Traceparent: forged',
  'X-Mirrored: forged',
];

describe('what a service is told', () => {
  test('is nothing that only the gateway may say, and what it says is there once', async () => {
    const token = await world.bff.issuer.mint();
    expect(
      await ask('GET /mine', [...forged, `Authorization: Bearer ${token}`, 'X-Own: kept']),
    ).toMatchObject({
      first: 'HTTP/1.1 200 OK',
    });
    expect(world.upstream.received.toLowerCase()).not.toContain('forged');
    expect(world.upstream.received).not.toContain(token);
    const { lines } = arrived();
    expect(valuesIn(lines, 'x-own')).toEqual(['kept']);
    expect(valuesIn(lines, 'x-user-id')).toEqual(['7']);
    expect(valuesIn(lines, 'x-forwarded-for')).toEqual(['127.0.0.1']);
    expect(valuesIn(lines, 'x-forwarded-host')).toEqual(['bff.example']);
    for (const name of [
      'host',
      'x-identity-assertion',
      'forwarded',
      'x-forwarded-proto',
      'x-request-id',
      'traceparent',
    ])
      expect([name, valuesIn(lines, name).length]).toEqual([name, 1]);
  });

  test('is nobody’s name on a public route, whoever says one', async () => {
    await ask('GET /open/a', forged);
    expect(world.upstream.received.toLowerCase()).not.toContain('forged');
    expect(valuesIn(arrived().lines, 'x-user-id')).toEqual([]);
  });

  test('is the address that the trusted proxies tell, and nothing of what was said before them', async () => {
    await using behind = await startRawRoutes({ routes }, { TRUST_PROXY: '2' });
    const lines = ['X-Forwarded-For: 192.0.2.9, 192.0.2.1, 192.0.2.2', 'Forwarded: for=192.0.2.9'];
    await ask('GET /open/a', lines, behind);
    expect(valuesIn(arrived(behind).lines, 'x-forwarded-for')[0]).toMatch(/^192\.0\.2\.1\b/);
    expect(valuesIn(arrived(behind).lines, 'forwarded')[0]).toMatch(/^for="?192\.0\.2\.1\b/);
    expect(behind.upstream.received).not.toContain('192.0.2.9');
  });
});

describe('what belongs to one connection', () => {
  const ofConnection = [
    'Connection: X-Named, keep-alive',
    'X-Named: hop',
    'Keep-Alive: timeout=hop',
    'Proxy-Connection: hop',
    'Proxy-Authorization: hop',
    'Proxy-Authenticate: hop',
    'TE: trailers;hop',
    'Trailer: X-Hop',
    'Upgrade: hop',
    'HTTP2-Settings: hop',
  ];

  test('does not go on to the service', async () => {
    await ask('GET /open/a', [...ofConnection, 'X-Own: kept']);
    expect(world.upstream.received.toLowerCase()).not.toMatch(/hop|x-named/);
    expect(valuesIn(arrived().lines, 'x-own')).toEqual(['kept']);
  });

  test('does not come back to the caller', async () => {
    const lines = [...ofConnection, 'Server: hop', 'X-Powered-By: hop', 'X-Own: kept', 'Content-Length: 2'];
    world.upstream.answering = answerWith(`${answerHead('200 OK', ...lines)}ok`);
    const answer = await ask('GET /open/a');
    expect(answer.lines.join('\n').toLowerCase()).not.toMatch(/hop|x-named|http2/);
    expect([valuesIn(answer.lines, 'x-own'), answer.body.toString()]).toEqual([['kept'], 'ok']);
  });
});

describe('what concerns caller and service passes as it came', () => {
  test.each(['?', '?a=%2f&A=%2F&a=%2f', '?b=+&c=%zz&&=&d[]=1', '?e={x}|^`&f=//../%2e%2e/', '?g=?/?'])(
    'the query %s',
    async (query) => {
      await ask(`GET /open/a${query}`);
      expect(arrived().first).toBe(`GET /open/a${query} HTTP/1.1`);
    },
  );

  test('what is wanted, in its order, lines of one name apart', async () => {
    const lines = [
      'Accept: text/x-odd;q=0.50',
      'Range: bytes=0-1,3-4',
      'If-Range: "a"',
      'If-None-Match: W/"a", "b"',
      'Accept-Language: en-GB;q=0.1',
      'accept-LANGUAGE: fr',
      'X-Empty:',
    ];
    await ask('GET /open/a', lines);
    const own = arrived().lines.filter((line) => /^(accept|range|if-|x-empty)/i.test(line));
    expect(own.map((line) => line.trimEnd())).toEqual(lines);
  });

  test('every line of Set-Cookie, in its order, but for our own', async () => {
    const cookies = [
      'a=1; Path=/; Expires=Thu, 01 Jan 2032 00:00:00 GMT; HttpOnly',
      'a=2; Path=/b',
      'b="x,y"; SameSite=None; Secure',
      'c=',
    ];
    const own = [
      '__Host-web-bff-session=evil; Path=/; Secure',
      '__Host-web-bff-sign-in-x=evil; Path=/; Secure',
    ];
    const lines = [...cookies.slice(0, 2), ...own, ...cookies.slice(2)].map(
      (value) => `Set-Cookie: ${value}`,
    );
    world.upstream.answering = answerWith(`${answerHead('200 OK', ...lines, 'Content-Length: 2')}ok`);
    const answer = await ask('GET /old', ['Cookie: c=3; __Host-web-bff-session=mine; d="4"']);
    expect(valuesIn(answer.lines, 'set-cookie')).toEqual(cookies);
    expect(valuesIn(arrived().lines, 'cookie')).toEqual(['c=3; d="4"']);
    world.upstream.answering = answerWith(`${answerHead('200 OK', ...lines, 'Content-Length: 2')}ok`);
    expect(valuesIn((await ask('GET /open/a')).lines, 'set-cookie')).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    [
      'a part',
      'GET',
      answerHead('206 Partial Content', 'Content-Range: bytes 0-1/9', 'Content-Length: 2'),
      'ok',
    ],
    [
      'several parts',
      'GET',
      answerHead(
        '206 Partial Content',
        'Content-Type: multipart/byteranges; boundary=x',
        'Content-Length: 2',
      ),
      'ok',
    ],
    ['no content', 'GET', answerHead('204 No Content', 'ETag: W/"a"'), ''],
    ['not modified', 'GET', answerHead('304 Not Modified', 'ETag: "a"', 'Cache-Control: no-cache'), ''],
    ['the head of an answer', 'HEAD', answerHead('200 OK', 'Content-Length: 1234', 'ETag: "a"'), ''],
    [
      'a redirect to anywhere, which nobody follows',
      'GET',
      answerHead('302 Found', 'Location: http://elsewhere.example/a', 'Content-Length: 2'),
      'ok',
    ],
    ['a status of its own', 'GET', answerHead('299 Odd', 'Content-Length: 2'), 'ok'],
    ['a failure', 'GET', answerHead('500 Oh no', 'Content-Type: text/x-odd', 'Content-Length: 2'), 'ok'],
    [
      'two languages, and two ways to sign in',
      'GET',
      answerHead(
        '401 Unauthorized',
        'WWW-Authenticate: Basic realm="a, b"',
        'WWW-Authenticate: Odd',
        'Link: </a>',
        'Link: </b>',
        'Content-Length: 2',
      ),
      'ok',
    ],
  ])('%s', async (_what, method, head, body) => {
    world.upstream.answering = answerWith(head + body);
    const bytes = requestText(`${method} /open/a HTTP/1.1`, usual);
    const text = (await exchangeBytes(world.url, bytes)).toString('latin1');
    const [answered = '', rest = ''] = text.split(/\r\n\r\n(.*)/s, 2);
    const sent = head.trimEnd().split('\r\n');
    expect(answered.split('\r\n')[0]?.slice(0, 12)).toBe(sent[0]?.slice(0, 12));
    for (const line of sent.slice(1)) expect(answered.toLowerCase()).toContain(line.toLowerCase());
    expect(rest).toBe(body);
    expect(world.upstream.requests).toBe(1);
  });
});
