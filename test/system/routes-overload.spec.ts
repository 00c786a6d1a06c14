import type { ServerResponse } from 'node:http';
import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const inFlight = 20;
const routes = [
  { name: 'open', match: { path: '/open/**' }, upstream: 'legacy', access: { public: true } },
  { name: 'mine', match: { path: '/mine' }, upstream: 'legacy' },
];

let world: ProxyWorld;
beforeEach(async () => {
  world = await startProxyWorld({ routes, overload: { inFlight, lag: '60s' } });
});
afterEach(() => world?.[Symbol.asyncDispose]());

test('more requests on routes than a gateway may have at one time are refused at once, with a time to come back; health is not, and all is well afterwards', async () => {
  const waiting: ServerResponse[] = [];
  world.serve = (_request, response) => void waiting.push(response);
  const taken = Array.from({ length: inFlight }, () => world.bff.anonymous.get('/open/slow'));
  await until('the service has them all', () => waiting.length === inFlight);

  const startedMs = performance.now();
  const refused = await Promise.all([
    ...Array.from({ length: 50 }, () => world.bff.anonymous.get('/open/more')),
    ...Array.from({ length: 10 }, () => world.bff.ada.get('/mine')),
    ...Array.from({ length: 10 }, () => world.bff.ada.get('/api/products')),
  ]);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:bff:overloaded', retryable: true } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  expect(world.seen).toHaveLength(inFlight);
  for (const page of ['/health/live', '/health/ready', '/metrics'])
    expect((await world.bff.management.get(page)).status).toBe(200);

  world.serve = (_request, response) => void response.end('legacy');
  for (const response of waiting) response.end('late');
  expect(new Set((await Promise.all(taken)).map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set(['200 late']),
  );
  expect((await world.bff.ada.get('/mine')).status).toBe(200);
  expect((await world.bff.management.get('/metrics')).text).toMatch(/bff_requests_refused_total 70\n/);
});
