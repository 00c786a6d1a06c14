import type { OpenApiDocument } from '@bff/gateway';
import { type Endpoint, endpointsOf, exampleUrl } from '../conventions/checked-document.js';
import { readJson } from '../conventions/packages.js';
import { type MobileBff, startMobileBff } from '../world/bff.js';

const endpoints = endpointsOf(readJson('apps/mobile-bff/openapi.json') as OpenApiDocument);
const cookie = '__Host-web-bff-session=stolen; __Host-mobile-bff-session=stolen; other=1';

let bff: MobileBff;
beforeAll(async () => {
  bff = await startMobileBff();
});
afterAll(() => bff?.[Symbol.asyncDispose]());

const call = ({ method }: Endpoint, url: string, headers: Record<string, string>) =>
  bff.anonymous.call(method.toUpperCase(), url, {
    headers,
    ...(method === 'post' ? { body: { lines: [{ sku: 'BK-1843', quantity: 1 }], calls: [] } } : {}),
  });

test.each(endpoints.map((endpoint) => ({ ...endpoint, url: exampleUrl(endpoint) })))(
  '$method $path sets no cookie, reads none, and tells no service of one',
  async (endpoint) => {
    const authorization = `Bearer ${await bff.issuer.mint({})}`;
    const callers: Record<string, string>[] = [{}, { authorization }];
    for (const headers of callers) {
      const before = await call(endpoint, endpoint.url, {
        ...headers,
        'idempotency-key': crypto.randomUUID(),
      });
      const after = await call(endpoint, endpoint.url, {
        ...headers,
        cookie,
        'idempotency-key': crypto.randomUUID(),
      });
      expect(after.status).toBe(before.status);
      for (const answer of [before, after]) {
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(String(answer.headers['vary']).toLowerCase()).not.toContain('cookie');
      }
    }
    const calls = [bff.users, bff.orders, bff.catalog].flatMap((service) => service.calls);
    expect(calls.filter((one) => 'cookie' in one.headers)).toEqual([]);
  },
);
