import { CallerGoneError, ProblemError, UpstreamError } from '@bff/problem';
import { z } from 'zod';
import { optional, required, supporting } from './section.js';
import { loadView } from './load-view.js';
import { defineView, type Loaders } from './view.js';

const Screen = defineView('Screen', {
  user: required(z.object({ name: z.string() })),
  orders: optional(z.array(z.string()), { otherwise: [], within: '20ms' }),
  titles: supporting(z.record(z.string(), z.string()), { otherwise: {} }),
});

const load = (loaders: Loaders<typeof Screen.sections>) => loadView(Screen.load(loaders));
const good = { user: () => ({ name: 'Ada', passwordHash: 'x' }), orders: () => ['42'], titles: () => ({}) };
const unreachable = new UpstreamError('orders', 'unreachable');
const fail = (error: Error) => () => Promise.reject(error);

test('what a schema does not name is dropped, and what only supports others is not in the answer', async () => {
  expect(await load(good)).toMatchObject({
    reports: { user: { status: 'ok' }, titles: { status: 'ok' } },
  });
  expect((await load(good)).values).toEqual({ user: { name: 'Ada' }, orders: ['42'] });
});

test('an optional section that fails becomes its fallback and says why', async () => {
  const answer = await load({ ...good, orders: fail(unreachable) });
  expect(answer.values['orders']).toEqual([]);
  expect(answer.reports['orders']).toEqual({ status: 'fallback', reason: 'unreachable' });
});

test('an optional section that takes too long is a timeout', async () => {
  const answer = await load({ ...good, orders: () => new Promise(() => undefined) });
  expect(answer.reports['orders']).toEqual({ status: 'fallback', reason: 'timeout' });
});

test.each([
  ['what breaks the schema', () => ['42', 43 as never]],
  ['a mistake in the loader', fail(new TypeError('x is undefined'))],
])('an optional section with %s is a bad response', async (_what, orders) => {
  expect((await load({ ...good, orders })).reports['orders']).toEqual({
    status: 'fallback',
    reason: 'bad_response',
  });
});

test('a required section that fails, fails the answer', async () => {
  await expect(load({ ...good, user: fail(unreachable) })).rejects.toBe(unreachable);
});

test.each([new CallerGoneError(), new ProblemError('malformed_request')])(
  '%p ends the answer even in an optional section',
  async (error) => {
    await expect(load({ ...good, orders: fail(error) })).rejects.toBe(error);
  },
);

test('a needed section is loaded once, and its fallback is what the others get', async () => {
  let loads = 0;
  const answer = await load({
    user: async ({ need }) => ({ name: (await need('titles'))['a'] ?? 'none' }),
    orders: async ({ need }) => Object.keys(await need('titles')),
    titles: () => {
      loads += 1;
      throw unreachable;
    },
  });
  expect(loads).toBe(1);
  expect(answer.values).toEqual({ user: { name: 'none' }, orders: [] });
});

test('a needed section that fails the answer fails it with its own error', async () => {
  const loading = load({
    ...good,
    user: fail(unreachable),
    titles: async ({ need }) => ({ a: (await need('user')).name }),
  });
  await expect(loading).rejects.toBe(unreachable);
});

test('sections that wait for each other are named instead of waiting for ever', async () => {
  const Circle = defineView('Circle', {
    a: required(z.string()),
    b: required(z.string()),
    c: required(z.string()),
  });
  const circle = Circle.load({
    a: ({ need }) => need('b'),
    b: ({ need }) => need('c'),
    c: ({ need }) => need('a'),
  });
  const loading = loadView(circle);
  await expect(loading).rejects.toThrow('view Circle: sections wait for each other: c → a → b → c');
});
