import { currentContext, Deadline, perRequest, runInContext } from '@bff/context';
import { CallerGoneError, ProblemError, UpstreamError } from '@bff/problem';
import { createContext } from '@bff/testing';
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

test('an optional section with nothing to stand in is absent, and fails those who need it for its reason', async () => {
  const Page = defineView('Page', {
    prices: optional(z.array(z.number())),
    cheapest: optional(z.number(), { otherwise: 0 }),
    title: required(z.string()),
  });
  const answer = await loadView(
    Page.load({
      prices: fail(unreachable),
      cheapest: async ({ need }) => Math.min(...(await need('prices'))),
      title: () => 'x',
    }),
  );
  expect(answer.values).toEqual({ cheapest: 0, title: 'x' });
  expect(answer.reports).toEqual({
    prices: { status: 'failed', reason: 'unreachable' },
    cheapest: { status: 'fallback', reason: 'unreachable' },
    title: { status: 'ok' },
  });
});

describe('a condition', () => {
  const Page = defineView('Page', {
    secret: required(z.string(), { when: ({ caller }) => caller?.id === '7' }),
    hint: optional(z.string(), { otherwise: '' }),
    public: required(z.string()),
  });
  const loadAs = (id: string) => {
    let loads = 0;
    const loading = runInContext(createContext({ caller: { id, scopes: new Set() } }), () =>
      loadView(
        Page.load({
          secret: () => `${(loads += 1)}`,
          hint: async ({ need }) => `about ${await need('secret')}`,
          public: ({ skip }) => (id === '9' ? skip() : 'x'),
        }),
      ),
    );
    return loading.then((answer) => ({ ...answer, loads }));
  };

  test('that holds loads the section', async () => {
    const { values, loads } = await loadAs('7');
    expect({ values, loads }).toEqual({ values: { secret: '1', hint: 'about 1', public: 'x' }, loads: 1 });
  });

  test('that does not hold skips it and what needs it, without a call', async () => {
    const { values, reports, loads } = await loadAs('8');
    expect({ values, loads }).toEqual({ values: { hint: '', public: 'x' }, loads: 0 });
    expect(reports).toEqual({
      secret: { status: 'skipped' },
      hint: { status: 'skipped' },
      public: { status: 'ok' },
    });
  });

  test('may be found out by the loader', async () => {
    const { values, reports } = await loadAs('9');
    expect(values).toEqual({ hint: '' });
    expect(reports['public']).toEqual({ status: 'skipped' });
  });
});

describe('the policy', () => {
  const sections = { a: optional(z.string(), { otherwise: '-' }), b: optional(z.string()) };
  const loaders = { a: fail(unreachable), b: () => 'b' };
  const none = { a: fail(unreachable), b: fail(new UpstreamError('x', 'timeout')) };

  test('required-only gives an answer as long as there is anything in it', async () => {
    const View = defineView('View', sections);
    expect((await loadView(View.load(loaders))).values).toEqual({ a: '-', b: 'b' });
    await expect(loadView(View.load(none))).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('all fails with the first section that does', async () => {
    const View = defineView('View', sections, { policy: 'all' });
    await expect(loadView(View.load(loaders))).rejects.toBe(unreachable);
    expect((await loadView(View.load({ a: () => 'a', b: () => 'b' }))).values).toEqual({ a: 'a', b: 'b' });
  });

  test('best-effort gives an answer even when everything failed, and takes no required section', async () => {
    const View = defineView('View', sections, { policy: 'best-effort' });
    expect((await loadView(View.load(none))).values).toEqual({ a: '-' });
    expect(() => defineView('View', { c: required(z.string()) }, { policy: 'best-effort' })).toThrow(
      'view View: with best-effort every section is optional; required: c',
    );
  });
});

test('a section that waits for something that never comes ends with the deadline of the request', async () => {
  const startedMs = performance.now();
  const context = createContext({ deadline: Deadline.after(60) });
  const { reports } = await runInContext(context, () =>
    load({ ...good, orders: async () => [], titles: () => new Promise<never>(() => undefined) }),
  );
  expect(reports['titles']).toEqual({ status: 'fallback', reason: 'timeout' });
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(100);
});

test('a section has no more time for its calls than it says, and none of those of others', async () => {
  const remaining: Record<string, number> = {};
  const look = (name: string) => {
    remaining[name] = currentContext()?.deadline.remainingMs() ?? 0;
  };
  await runInContext(createContext(), () =>
    load({
      user: () => (look('user'), { name: 'Ada' }),
      orders: () => (look('orders'), []),
      titles: () => ({}),
    }),
  );
  expect(remaining['orders']).toBeLessThanOrEqual(20);
  expect(remaining['user']).toBeGreaterThan(5_000);
});

test('it tells which services were called for which section, and for all of them', async () => {
  const call = (name: string) => currentContext()?.onUpstreamCall?.(name);
  const owner = {};
  const shared = () => perRequest(owner, (runShared) => runShared(() => (call('catalog'), {})));
  const { results, sharedUpstreams } = await runInContext(createContext(), () =>
    load({
      user: () => (call('users'), { name: 'Ada' }),
      orders: () => (call('orders'), call('orders'), shared(), []),
      titles: () => shared(),
    }),
  );
  expect(results.map(({ section, upstreams }) => [section, ...upstreams])).toEqual([
    ['user', 'users'],
    ['orders', 'orders', 'orders'],
    ['titles'],
  ]);
  expect(sharedUpstreams).toEqual(['catalog']);
});

test('a duration that is none, or zero, is a mistake in the declaration', () => {
  expect(() => required(z.string(), { within: '0s' })).toThrow('write it as 400ms, 2s, 10m or 1h');
  expect(() => required(z.string(), { within: 'Infinityms' as '1ms' })).toThrow('is no duration');
  // @ts-expect-error -- a unit is missing
  expect(() => required(z.string(), { within: '10' })).toThrow('is no duration');
});

test('two sections of one name do not compile', () => {
  // @ts-expect-error -- that is what this is about
  // oxlint-disable-next-line no-dupe-keys -- likewise
  const Twice = defineView('Twice', { a: required(z.string()), a: required(z.number()) });
  expect(Object.keys(Twice.sections)).toEqual(['a']);
});
