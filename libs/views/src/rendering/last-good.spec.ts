import { type FailureReason, UpstreamError } from '@bff/problem';
import { MemoryStore, type Store } from '@bff/store';
import { z } from 'zod';
import { defineView, optional, required } from '../index.js';
import { serveView } from './serve-view.fixture.js';

const Screen = defineView('Screen', {
  title: required(z.string()),
  orders: optional(z.array(z.string()), { otherwise: [], staleFor: '200ms' }),
});
let fails: FailureReason | undefined;
let orders: string[];
beforeEach(() => {
  fails = undefined;
  orders = ['42'];
});
const load = () =>
  Screen.load({
    title: () => 'Hi',
    orders: () => {
      if (fails !== undefined) throw new UpstreamError('orders', fails);
      return orders;
    },
  });
const bodyOf = async (answer: Promise<Response>) =>
  (await (await answer).json()) as { orders: string[]; _meta: { sections: { orders: unknown } } };

test('a section that fails is its last good value for a while, with its age, and its fallback after that', async () => {
  await using server = await serveView(load);
  await server.get('/orders?page=2&fields=orders');
  fails = 'unreachable';
  const answer = await server.get('/orders?page=2');
  expect(answer.headers.get('x-incomplete')).toBe('orders');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const body = await bodyOf(Promise.resolve(answer));
  expect(body).toMatchObject({
    orders: ['42'],
    _meta: {
      complete: false,
      sections: { orders: { status: 'stale', reason: 'unreachable', ageMs: expect.any(Number) } },
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 220));
  expect(await bodyOf(server.get('/orders?page=2'))).toMatchObject({
    orders: [],
    _meta: { sections: { orders: { status: 'fallback', reason: 'unreachable' } } },
  });
});

test.each([
  ['another caller', '/', { 'x-caller': '8' }],
  ['another question', '/?page=3', {}],
  ['another path', '/43', {}],
])('%s never gets it', async (_what, path, headers) => {
  await using server = await serveView(load);
  await server.get('/');
  fails = 'timeout';
  expect((await bodyOf(server.get(path, headers))).orders).toEqual([]);
  expect((await bodyOf(server.get('/'))).orders).toEqual(['42']);
});

test('what a service rejects is not answered with what it said before', async () => {
  await using server = await serveView(load);
  await server.get('/');
  fails = 'rejected';
  expect((await bodyOf(server.get('/'))).orders).toEqual([]);
});

test('a value that was kept under another schema is not used', async () => {
  const store = new MemoryStore();
  await using server = await serveView(load, { store });
  await server.get('/');
  const Newer = defineView('Screen', {
    title: required(z.string()),
    orders: optional(z.array(z.object({ id: z.string() })), { otherwise: [], staleFor: '1h' }),
  });
  const loaders = { title: () => 'Hi', orders: () => Promise.reject(new UpstreamError('orders', 'timeout')) };
  await using newer = await serveView(() => Newer.load(loaders), { store });
  expect((await bodyOf(newer.get('/'))).orders).toEqual([]);
});

test.each<[string, Pick<Store, 'get' | 'set'>]>([
  ['fails', { get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) }],
  ['hangs', { get: () => new Promise(() => undefined), set: () => new Promise(() => undefined) }],
])('a store that %s costs the stale value only, and no time to speak of', async (_what, store) => {
  await using server = await serveView(load, { store });
  expect((await bodyOf(server.get('/'))).orders).toEqual(['42']);
  fails = 'unreachable';
  const startedMs = performance.now();
  expect((await bodyOf(server.get('/'))).orders).toEqual([]);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
