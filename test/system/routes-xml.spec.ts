import { type ProxyWorld, startProxyWorld, valuesOf } from '../world/proxy-world.js';

const open = { upstream: 'legacy', access: { public: true } };
const reading = { lists: ['line'], numbers: ['total', '@qty'], booleans: ['paid'] };
const speaksXml = {
  ...open,
  transform: {
    request: { xml: { root: 'order', namespace: 'urn:shop' } },
    response: { xml: reading },
  },
};
const takesXml = { ...open, transform: { callers: { xml: { root: 'order', ...reading } } } };
const routes = [
  { name: 'old', match: { path: '/old' }, ...speaksXml },
  { name: 'new', match: { path: '/new' }, ...takesXml },
  {
    name: 'large',
    match: { path: '/large' },
    ...open,
    transform: { ...takesXml.transform, maxBytes: '2MiB' },
  },
  { name: 'ruled', match: { path: '/ruled' }, ...open, transform: { response: { wrap: 'data' } } },
  {
    name: 'both',
    match: { path: '/both' },
    ...open,
    transform: { ...takesXml.transform, ...speaksXml.transform },
  },
];

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxyWorld({ routes });
});
beforeEach(() => {
  world.seen.length = 0;
  world.serve = (_request, response) => void response.writeHead(204).end();
});
afterAll(() => world[Symbol.asyncDispose]());

const json = 'application/json';
const url = (path: string): string => `${world.bff.gateway.url}${path}`;
const post = (path: string, contentType: string, body: string | Buffer, headers = {}) =>
  fetch(url(path), { method: 'POST', headers: { 'content-type': contentType, ...headers }, body });
const last = () => world.seen.at(-1)!;
const serves = (contentType: string, body: string, headers = {}): void => {
  world.serve = (_request, response) =>
    void response.writeHead(200, { 'content-type': contentType, ...headers }).end(body);
};
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

test('JSON becomes the XML that a service takes, every digit as it was, with its own length', async () => {
  const body =
    '{"@id":7,"total":12345678901234567890.10,"note":"a < b","gone":null,"größe":1e3,' +
    '"line":[{"sku":"a","@qty":2},{"sku":"b","#text":"x"}],"grid":[[1,2],[3]],"none":[],"paid":true}';
  expect((await post('/old', 'application/vnd.shop+json; charset=utf-8', body)).status).toBe(204);
  const xml =
    `${declaration}<order xmlns="urn:shop" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="7">` +
    '<total>12345678901234567890.10</total><note>a &lt; b</note><gone xsi:nil="true"/><größe>1e3</größe>' +
    '<line qty="2"><sku>a</sku></line><line><sku>b</sku>x</line>' +
    '<grid><item>1</item><item>2</item></grid><grid><item>3</item></grid><paid>true</paid></order>';
  expect(last().body.toString()).toBe(xml);
  expect(valuesOf(last(), 'content-type')).toEqual(['application/xml; charset=utf-8']);
  expect(valuesOf(last(), 'content-length')).toEqual([String(Buffer.byteLength(xml))]);
});

test('what begins as a list or a plain value has a root element too, and no body stays none', async () => {
  await post('/old', json, '["a",1]', { 'content-digest': 'sha-256=:x:' });
  expect(last().body.toString()).toContain('<order xmlns="urn:shop"><item>a</item><item>1</item></order>');
  expect(valuesOf(last(), 'content-digest')).toEqual([]);
  await post('/old', json, '5');
  expect(last().body.toString()).toContain('<order xmlns="urn:shop">5</order>');
  await fetch(url('/old'));
  expect([last().body.length, valuesOf(last(), 'content-type')]).toEqual([0, []]);
});

test.each<[string, string, string, number, string]>([
  ['half an object', json, '{"a":', 400, 'malformed_request'],
  ['too many levels', json, '['.repeat(65) + ']'.repeat(65), 400, 'malformed_request'],
  ['as many lists as JSON may have', json, '['.repeat(64) + ']'.repeat(64), 400, 'malformed_request'],
  ['too much of it', json, `"${'x'.repeat(1_048_576)}"`, 413, 'payload_too_large'],
  ['another media type', 'text/plain', 'a', 415, 'unsupported_media_type'],
  ['XML where none is taken', 'application/xml', '<a/>', 415, 'unsupported_media_type'],
  ['another charset', 'application/json; charset=latin1', '{}', 415, 'unsupported_media_type'],
  ['a name with a blank', json, '{"a":[{"b c":1}]}', 400, 'invalid_request'],
  ['a prefix', json, '{"xi:include":{"@href":"file:///etc/passwd"}}', 400, 'invalid_request'],
  ['a namespace', json, '{"include":{"@xmlns":"http://www.w3.org/2001/XInclude"}}', 400, 'invalid_request'],
  ['an object as attribute', json, '{"@a":{}}', 400, 'invalid_request'],
])('%s never reaches a service that takes XML', async (_what, contentType, body, status, code) => {
  const answer = await post('/old', contentType, body);
  expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
    status,
    `urn:bff:${code}`,
  ]);
  expect(world.seen).toEqual([]);
});

test('a name that XML has none for is told with its place', async () => {
  const problem = await (await post('/old', json, '{"a":[{"b c":1}]}')).json();
  expect(problem).toMatchObject({
    errors: [{ path: 'a.0.b c', message: expect.stringContaining('no name') }],
  });
});

test.each([
  [undefined, json],
  ['*/*', json],
  ['text/html', json],
  ['application/xml;q=0.5, application/json', json],
  ['application/xml', 'application/xml'],
  ['text/xml, application/json;q=0.1', 'text/xml'],
])('who accepts %s gets %s, and the answer says what it depends on', async (accept, contentType) => {
  serves(json, '{"id":12345678901234567890,"a b":[1,null],"line":[{"@qty":2}]}', {
    etag: '"v1"',
    vary: 'X-Shop',
  });
  const answer = await fetch(url('/new'), { headers: accept === undefined ? {} : { accept } });
  expect([answer.headers.get('content-type'), answer.headers.get('vary')]).toEqual([
    contentType,
    'Accept, X-Shop',
  ]);
  const isXml = contentType !== json;
  expect(valuesOf(last(), 'accept')).toEqual(isXml ? [json] : [accept ?? '*/*']);
  expect(answer.headers.get('etag')).toMatch(isXml ? /^"v1-[\da-f]{8}"$/ : /^"v1"$/);
  expect(await answer.text()).toBe(
    isXml
      ? `${declaration}<order xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><id>12345678901234567890</id>` +
          '<line qty="2"/><entry key="a b"><item>1</item><item xsi:nil="true"/></entry></order>'
      : '{"id":12345678901234567890,"a b":[1,null],"line":[{"@qty":2}]}',
  );
});

test('a body of XML is JSON for the service, and any other passes as it is', async () => {
  await post('/new', 'text/xml', '<o><line qty="2"/><total>1.10</total><paid>true</paid><note>5</note></o>');
  expect(last().body.toString()).toBe('{"line":[{"@qty":2}],"total":1.10,"paid":true,"note":"5"}');
  expect(valuesOf(last(), 'content-type')).toEqual([json]);
  await post('/new', 'text/csv', 'a;b');
  expect(last().body.toString()).toBe('a;b');
  expect(valuesOf(last(), 'content-type')).toEqual(['text/csv']);
});

test.each<[string, string | Buffer, number]>([
  ['an entity', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 400],
  ['an inclusion', '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>', 400],
  ['half a document', '<a><b>', 400],
  ['too many levels', '<a>'.repeat(65) + '</a>'.repeat(65), 400],
  ['too many elements', `<a>${'<b/>'.repeat(10_001)}</a>`, 400],
  ['invalid UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]), 400],
  ['too much of it', `<a>${'x'.repeat(1_048_576)}</a>`, 413],
])('%s in a body of XML reaches no service', async (_what, body, status) => {
  expect((await post('/new', 'application/xml', body)).status).toBe(status);
  expect(world.seen).toEqual([]);
});

test('XML goes through to a service of XML, read and written anew', async () => {
  serves('text/xml', '<r><paid>true</paid></r>');
  const answer = await post('/both', 'application/xml', '<x><line qty="1"/></x>', {
    accept: 'application/xml',
  });
  expect(last().body.toString()).toBe(`${declaration}<order xmlns="urn:shop"><line qty="1"/></order>`);
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
    'application/xml',
    `${declaration}<order><paid>true</paid></order>`,
  ]);
});

test.each<[string, object, string]>([
  ['no rules', { ...open, transform: {} }, 'routes.0.transform: needs one of response, request and callers'],
  [
    'no name',
    { ...open, transform: { request: { xml: { root: 'a:b' } } } },
    'transform.request.xml.root: expected the name',
  ],
  [
    'a static answer',
    { ...takesXml, upstream: undefined, static: {} },
    'routes.0.transform: needs a service',
  ],
  ['a WebSocket', { ...takesXml, websocket: true }, 'routes.0.transform: needs whole bodies'],
  ['GraphQL', { ...takesXml, graphql: { query: '{a}' } }, 'routes.0.transform: does nothing beside graphql'],
  ['kept answers', { ...takesXml, cache: { shared: true } }, 'routes.0.cache: cannot be beside transform'],
])('%s is a mistake in the file that is told with its place', async (_what, route, mistake) => {
  const broken = { name: 'a', match: { path: '/a', methods: ['POST'] }, ...route };
  await expect(startProxyWorld({ routes: [broken] })).rejects.toThrow(mistake);
});

test.each([
  ['/ruled', 1_048_576, json, 200],
  ['/ruled', 1_048_577, json, 502],
  ['/new', 131_072, 'application/xml', 200],
  ['/new', 131_073, 'application/xml', 502],
  ['/large', 131_073, 'application/xml', 200],
])(
  '%s transforms no more than holds up nobody, or than it says: %i bytes',
  async (path, bytes, accept, status) => {
    serves(json, `"${'x'.repeat(bytes - 2)}"`);
    expect((await fetch(url(path), { headers: { accept } })).status).toBe(status);
  },
);
