import { type Answer, type CallOptions, until } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { expectNothingInternal } from '../world/nothing-internal.js';
import { exchange, requestText } from '../world/raw-http.js';

let bff: Bff;
beforeAll(async () => {
  bff = await startWebBff();
});
beforeEach(() => {
  for (const { calls } of [bff.users, bff.orders, bff.catalog]) calls.length = 0;
});
afterEach(async () => {
  await bff.orders.recovers();
  // A channel that was refused waits up to a second before it tries again.
  const isFound = async () => (await bff.ada.get('/api/orders/42')).status === 200;
  await until('the order service is found again', isFound);
});
afterAll(() => bff[Symbol.asyncDispose]());

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `urn:bff:${code}`,
    status,
    title: expect.any(String),
    requestId: answer.headers['x-request-id'],
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['vary']).toMatch(/\bAccept\b(?!-)/);
  expectNothingInternal(bff, answer);
}

/** Every error that a call can meet without a fault behind the gateway. */
const errors: readonly [
  what: string,
  method: string,
  path: string,
  options: CallOptions,
  status: number,
  code: string,
][] = [
  ['an unknown route', 'GET', '/nowhere', {}, 404, 'not_found'],
  ['an unknown route below a known one', 'GET', '/api/orders/42/lines', {}, 404, 'not_found'],
  ['an order there is not', 'GET', '/api/orders/4711', {}, 404, 'not_found'],
  ['an order of somebody else', 'GET', '/api/orders/20', {}, 404, 'not_found'],
  ['a product there is not', 'GET', '/api/products/XX-1', {}, 404, 'not_found'],
  ['a method that is not there', 'DELETE', '/api/orders', {}, 405, 'method_not_allowed'],
  ['an answer in CSV', 'GET', '/api/orders', { headers: { accept: 'text/csv' } }, 406, 'not_acceptable'],
  ['a body that is no JSON', 'POST', '/api/orders', { body: '{' }, 400, 'malformed_request'],
  ['a body that is no order', 'POST', '/api/orders', { body: {} }, 400, 'invalid_request'],
  [
    'a body in text',
    'POST',
    '/api/orders',
    { body: 'a', headers: { 'content-type': 'text/plain' } },
    415,
    'unsupported_media_type',
  ],
  [
    'a body that is too large',
    'POST',
    '/api/orders',
    { body: ' '.repeat(1_100_000) },
    413,
    'payload_too_large',
  ],
  [
    'a product that nobody knows',
    'POST',
    '/api/orders',
    { body: { lines: [{ sku: 'UNKNOWN', quantity: 1 }] } },
    422,
    'refused',
  ],
  ['a page that is no number', 'GET', '/api/products?page=x', {}, 400, 'invalid_request'],
  ['page zero', 'GET', '/api/products?page=0', {}, 400, 'invalid_request'],
  ['a page given twice', 'GET', '/api/products?page=1&page=2', {}, 400, 'invalid_request'],
  ['a search that is too long', 'GET', `/api/products?search=${'s'.repeat(101)}`, {}, 400, 'invalid_request'],
  ['a URL that is too long', 'GET', `/api/products?search=${'s'.repeat(9_000)}`, {}, 414, 'uri_too_long'],
];

test('every error a call can meet is a problem, in JSON and in XML', async () => {
  for (const [what, method, path, options, status, code] of errors) {
    const inJson = await bff.ada.call(method, path, options);
    expect([what, inJson.status]).toEqual([what, status]);
    expectProblem(inJson, status, code);
    if (options.headers?.['accept'] !== undefined) continue;
    const inXml = await bff.ada.call(method, path, {
      ...options,
      headers: { ...options.headers, accept: 'application/problem+xml' },
    });
    // Some mistakes come after what cannot be answered in XML at all.
    expect([status, 406]).toContain(inXml.status);
    expect(inXml.headers['content-type']).toBe('application/problem+xml');
    expect(inXml.text).toContain(`<requestId>${String(inXml.headers['x-request-id'])}</requestId>`);
    expectNothingInternal(bff, inXml);
  }
});

test('a 503 says when to come again', async () => {
  await bff.orders.fails({ as: 'status', status: 8 });
  const answer = await bff.ada.get('/api/orders');
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
});

test('every failure of a service is a problem that tells nothing of it', async () => {
  const path = '/api/orders/42';
  for (const [fault, status, code] of [
    [{ as: 'status', status: 14 }, 502, 'upstream_unreachable'],
    [{ as: 'status', status: 8 }, 503, 'upstream_overloaded'],
    [{ as: 'status', status: 4 }, 504, 'upstream_timeout'],
    [{ as: 'status', status: 13 }, 502, 'upstream_bad_response'],
    [{ as: 'status', status: 16 }, 502, 'upstream_rejected'],
    [{ as: 'status', status: 9 }, 422, 'refused'],
    [{ as: 'status', status: 6 }, 409, 'conflict'],
    [{ as: 'answer', answer: { id: 'internal words' } }, 502, 'upstream_bad_response'],
    [{ as: 'unreachable' }, 502, 'upstream_unreachable'],
  ] as const) {
    await bff.orders.fails(fault);
    expectProblem(await bff.ada.get(path), status, code);
  }
});

test.each([
  ['application/problem+json', 'json'],
  ['application/problem+xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['APPLICATION/XML', 'xml'],
  ['application/json', 'json'],
  ['*/*', 'json'],
  ['application/*', 'json'],
  ['text/*', 'xml'],
  ['text/html', 'json'],
  ['text/html, application/xml;q=0.9, */*;q=0.1', 'xml'],
  ['application/problem+xml;q=0.5, application/problem+json;q=0.9', 'json'],
  ['application/problem+xml;q=0.9, application/problem+json;q=0.5', 'xml'],
  ['application/xml;q=0', 'json'],
  ['application/xml;q=0, text/xml;q=0.1', 'xml'],
  ['application/json;q=0, application/xml;q=0.001', 'xml'],
  ['*/*;q=0.1, application/problem+xml', 'xml'],
  ['application/xhtml+xml', 'json'],
  ['', 'json'],
  [';;;,,,q=', 'json'],
  ['x'.repeat(5_000), 'json'],
] as const)('whoever accepts "%s" gets a problem in %s', async (accept, form) => {
  const answer = await bff.anonymous.get('/api/dashboard', { headers: { accept } });
  expect(answer.status).toBe(401);
  expect(answer.headers['content-type']).toBe(`application/problem+${form}`);
  expect(answer.headers['vary']).toMatch(/\bAccept\b(?!-)/);
  expect(answer.text.startsWith(form === 'xml' ? '<?xml version="1.0" encoding="UTF-8"?>' : '{')).toBe(true);
});

test.each(['/nowhere', '/api/dashboard', '/api/orders/4711'])(
  'HEAD %s has the headers of GET and no body',
  async (path) => {
    const client = path === '/api/dashboard' ? bff.anonymous : bff.ada;
    const [head, get] = [await client.call('HEAD', path), await client.get(path)];
    expect(head.status).toBe(get.status);
    expect(head.text).toBe('');
    for (const name of ['content-type', 'cache-control', 'www-authenticate'])
      expect(head.headers[name]).toBe(get.headers[name]);
  },
);

test.each([
  ['DELETE', '/api/orders', 'GET, HEAD, POST'],
  ['PUT', '/api/orders/42', 'GET, HEAD'],
  ['POST', '/api/dashboard', 'GET, HEAD'],
  ['PATCH', '/api/products/BK-1843', 'GET, HEAD'],
  ['PROPFIND', '/api/products', 'GET, HEAD'],
])('%s %s is a 405 that allows %s', async (method, path, allow) => {
  const answer = await exchange(bff.gateway.url, requestText(`${method} ${path} HTTP/1.1`, ['Host: bff']));
  expect(answer).toMatchObject({
    status: 405,
    headers: { allow },
    body: { type: 'urn:bff:method_not_allowed' },
  });
});

test('an answer nobody can read places no order', async () => {
  const body = { lines: [{ sku: 'BK-1843', quantity: 1 }] };
  const answer = await bff.ada.post('/api/orders', body, { headers: { accept: 'text/csv' } });
  expect(answer.status).toBe(406);
  expect(bff.orders.calls).toEqual([]);
});
