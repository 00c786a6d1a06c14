import { currentContext } from '@bff/context';
import { z } from 'zod';
import { defineView, describeOverBudget, required } from '../index.js';
import { serveView } from './serve-view.fixture.js';

const Screen = defineView(
  'Screen',
  { user: required(z.string()), orders: required(z.array(z.string())) },
  { maxBytes: 200, maxUpstreamCalls: 2 },
);
const load = (orders: string[], calls: number) => () =>
  Screen.load({
    user: () => (currentContext()?.onUpstreamCall?.('users'), 'Ada'),
    orders: () => {
      for (let call = 0; call < calls; call += 1) currentContext()?.onUpstreamCall?.('orders');
      return orders;
    },
  });

test('an answer within its budgets is told nowhere', async () => {
  await using server = await serveView(load(['1'], 1));
  await (await server.get()).text();
  expect([...server.renderer.stats.overBudget]).toEqual([]);
});

test('an answer beyond is counted, with the worst of them, by how much and which section', async () => {
  await using server = await serveView(load(['x'.repeat(300)], 3));
  const { length } = await (await server.get()).text();
  await (await server.get()).text();
  const over = [...server.renderer.stats.overBudget];
  expect(over.map(({ count }) => count)).toEqual([2, 2]);
  expect(over.map(({ worst }) => describeOverBudget(worst))).toEqual([
    'view Screen: 4 upstream calls, 2 over its budget of 2: orders 3, user 1',
    `view Screen: ${length} bytes, ${length - 200} over its budget of 200: orders 304, user 5`,
  ]);
});

test('sections are counted by what became of them', async () => {
  await using server = await serveView(load(['1'], 1));
  await (await server.get()).text();
  await (await server.get('/', { accept: 'application/x-ndjson' })).text();
  const whole = { view: 'Screen', status: 'ok', reason: '', count: 2, seconds: expect.any(Number) };
  expect([...server.renderer.stats.sections]).toEqual([
    { ...whole, section: 'user', upstream: 'users' },
    { ...whole, section: 'orders', upstream: 'orders' },
  ]);
});
