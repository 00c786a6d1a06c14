import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const route = (name: string, match: object, more: object = {}) => ({
  name,
  match,
  upstream: 'legacy',
  rewrite: `/${name}`,
  access: { public: true },
  ...more,
});
const path = '/books/:id';
const only = (version: string): string => `application/vnd.shop.v${version}+json`;
const routes = [
  route('by-path-1', { path: '/v1/books/:id' }, { deprecation: { at: '2026-01-01T00:00:00Z' } }),
  route('by-path-2', { path: '/v2/books/:id' }),
  route('newest', { path }),
  route('by-header', { path, headers: { 'accept-version': '1' } }),
  route('by-media-type', { path, headers: { accept: 'application/vnd.shop.v1+json' } }),
  ...['1', '2'].map((version) =>
    route(`only-${version}`, { path: '/magazines/:id', headers: { accept: only(version) } }),
  ),
  route('json', { path: '/notes', methods: ['POST'], headers: { 'content-type': 'application/json' } }),
  route('by-query', { path, query: { version: '1' } }),
  route('by-both', { path, headers: { 'accept-version': '1' }, query: { version: '1' } }),
  route('by-method', { path, methods: ['PUT'] }),
  route('by-host', { path, host: 'old.example' }),
];

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxyWorld({ routes });
  world.serve = ({ url = '' }, response) => void response.end(url.slice(1).split('?', 1)[0]);
});
afterAll(() => world?.[Symbol.asyncDispose]());

test.each<[string, string, string, Record<string, string>]>([
  ['by-path-1', 'GET', '/v1/books/7', {}],
  ['by-path-2', 'GET', '/v2/books/7', {}],
  ['newest', 'GET', '/books/7', {}],
  ['newest', 'GET', '/books/7', { 'accept-version': '3' }],
  ['newest', 'GET', '/books/7?version=2', { accept: 'application/json' }],
  ['newest', 'GET', '/books/7?version=2&version=1', {}],
  ['by-header', 'GET', '/books/7', { 'Accept-Version': '1' }],
  ['by-media-type', 'GET', '/books/7', { accept: 'application/vnd.shop.v1+json' }],
  [
    'by-media-type',
    'GET',
    '/books/7',
    { accept: 'text/html;q=0.4, Application/vnd.shop.v1+json;q=0.5, */*;q=0.1' },
  ],
  ['newest', 'GET', '/books/7', { accept: 'application/vnd.shop.v1+json;q=0, */*' }],
  ['only-1', 'GET', '/magazines/7', { accept: '*/*' }],
  ['only-2', 'GET', '/magazines/7', { accept: `${only('1')};q=0.1, ${only('2')};q=0.2` }],
  ['by-query', 'GET', '/books/7?a=b&version=1', {}],
  ['by-query', 'GET', '/books/7?%76ersion=%31', {}],
  ['by-both', 'GET', '/books/7?version=1', { 'accept-version': '1' }],
  ['by-method', 'PUT', '/books/7', {}],
  ['by-method', 'PUT', '/books/7?version=1', { 'accept-version': '1' }],
  ['by-host', 'GET', '/books/7', { host: 'OLD.example:8080' }],
  ['by-host', 'PUT', '/books/7?version=1', { host: 'old.example', 'accept-version': '1' }],
])('%s takes %s %s %j', async (name, method, target, headers) => {
  const answer = await world.bff.anonymous.call(method, target, { headers });
  expect([answer.status, answer.text]).toEqual([200, name]);
  expect(answer.headers['deprecation']).toBe(name === 'by-path-1' ? '@1767225600' : undefined);
});

test('the table of the management port has them in the order in which they are tried', async () => {
  const { body } = await world.bff.management.get('/routes');
  const names = (body as { name?: string; path: string }[]).flatMap((line) =>
    line.path === path ? [line.name] : [],
  );
  expect(names).toEqual([
    'by-host',
    'by-method',
    'by-both',
    'by-header',
    'by-media-type',
    'by-query',
    'newest',
  ]);
});

test('answers say which headers of their path decide', async () => {
  const { anonymous } = world.bff;
  expect((await anonymous.get('/books/7')).headers['vary']).toBe('accept-version, accept');
  world.serve = (_request, response) => void response.setHeader('vary', 'Accept-Language, Accept').end();
  const { headers } = await anonymous.get('/magazines/7');
  expect(String(headers['vary']).toLowerCase()).toBe('accept, accept-language');
  expect((await anonymous.get('/v2/books/7')).headers['vary']).toBe('Accept-Language, Accept');
});

test('who accepts nothing that is there, or sends what nobody reads, is told what there is', async () => {
  const { anonymous } = world.bff;
  const unacceptable = await anonymous.get('/magazines/7', { headers: { accept: 'text/html' } });
  expect(unacceptable).toMatchObject({
    status: 406,
    body: {
      type: 'urn:bff:not_acceptable',
      detail: `Here Accept has to be ${only('1')} or ${only('2')}.`,
      requestId: unacceptable.headers['x-request-id'],
    },
  });
  expect(unacceptable.headers['connection']).not.toBe('close');
  const headers = { 'content-type': 'text/plain' };
  expect(await anonymous.call('POST', '/notes', { headers, body: 'a' })).toMatchObject({
    status: 415,
    body: { type: 'urn:bff:unsupported_media_type', detail: 'Here Content-Type has to be application/json.' },
  });
  const json = { 'content-type': 'application/json; charset=utf-8' };
  expect((await anonymous.call('POST', '/notes', { headers: json, body: '{}' })).status).toBe(200);
  expect((await anonymous.get('/notes')).status).toBe(404);
});
