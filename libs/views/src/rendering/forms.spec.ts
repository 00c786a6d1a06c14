import { currentContext } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import { until } from '@bff/testing';
import { readXml } from '@bff/xml';
import { z } from 'zod';
import { defineView, listOf, optional, required, supporting } from '../index.js';
import { serveView } from './serve-view.fixture.js';

const Screen = defineView('Screen', {
  user: required(z.object({ id: z.string(), name: z.string(), age: z.int().nullable() })),
  orders: optional(listOf('order', z.object({ id: z.string(), tags: z.array(z.string()) })), {
    otherwise: [],
  }),
  prices: optional(z.record(z.string(), z.number())),
  found: supporting(z.object({})),
});
const good = {
  user: () => ({ id: '7', name: 'Ada <&> \u0001 é', age: null, secret: 'x' }),
  orders: () => [{ id: '42', tags: ['a', ' b '] }],
  prices: () => ({ 'BK 1': 2.5 }),
  found: () => ({}),
};
const accept = (type: string) => ({ accept: type });
const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('NDJSON is a start, a line for each section the moment it is there, and an end with _meta', async () => {
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  await using server = await serveView(() =>
    Screen.load({ ...good, user: async () => (await slow, good.user()) }),
  );
  const answer = await server.get('/', accept('application/x-ndjson'));
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('"prices"')) text += (await reader.read()).value ?? '';
  while (!text.endsWith('\n') || lines(text).length < 3) text += (await reader.read()).value ?? '';
  expect(lines(text)).toEqual([
    { event: 'start', view: 'Screen', sections: ['user', 'orders', 'prices'] },
    { event: 'section', section: 'orders', status: 'ok', data: [{ id: '42', tags: ['a', ' b '] }] },
    { event: 'section', section: 'prices', status: 'ok', data: { 'BK 1': 2.5 } },
  ]);
  release();
  text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  const ok = { status: 'ok' };
  expect(lines(text)).toEqual([
    { event: 'section', section: 'user', status: 'ok', data: expect.objectContaining({ id: '7' }) },
    {
      event: 'complete',
      _meta: { complete: true, sections: { user: ok, orders: ok, prices: ok, found: ok } },
    },
  ]);
});

test('server-sent events carry the same, each under its name', async () => {
  await using server = await serveView(() =>
    Screen.load({
      ...good,
      prices: () => {
        throw new UpstreamError('catalog', 'timeout');
      },
    }),
  );
  const answer = await server.get('/', accept('text/event-stream'));
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const events = (await answer.text()).trimEnd().split('\n\n');
  expect(events[0]).toBe('event: start\ndata: {"view":"Screen","sections":["user","orders","prices"]}');
  expect(events).toContain('event: section\ndata: {"section":"prices","status":"failed","reason":"timeout"}');
  expect(events.at(-1)).toMatch(/^event: complete\ndata: \{"_meta":\{"complete":false,/);
});

test.each([
  [
    'application/x-ndjson',
    /\{"event":"problem","problem":\{"type":"urn:bff:upstream_timeout",.*"status":504/,
  ],
  ['text/event-stream', /event: problem\ndata: \{"problem":\{"type":"urn:bff:upstream_timeout"/],
])('what fails an answer after its start is told in it: %s', async (type, expected) => {
  await using server = await serveView(() =>
    Screen.load({
      ...good,
      user: () => {
        throw new UpstreamError('users', 'timeout');
      },
    }),
  );
  const answer = await server.get('/', accept(type));
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).toMatch(expected);
  expect(text).not.toContain('complete"');
});

test.each([
  ['application/x-ndjson', '{"event":"heartbeat"}\n'],
  ['text/event-stream', ': heartbeat\n\n'],
])('a silent answer shows that it is alive: %s', async (type, beat) => {
  await using server = await serveView(
    () => Screen.load({ ...good, user: () => new Promise<never>(() => undefined) }),
    { heartbeatMs: 10 },
  );
  const answer = await server.get('/', accept(type));
  let text = '';
  for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split(beat).length > 3) break;
  }
  expect(text).toContain(beat + beat);
});

test('a client that leaves a progressive answer ends what is still loading', async () => {
  let ended = false;
  await using server = await serveView(() =>
    Screen.load({
      ...good,
      user: () =>
        new Promise<never>((_resolve, reject) => {
          currentContext()?.ending.add((reason) => {
            ended = true;
            reject(reason);
          });
        }),
    }),
  );
  const leaving = new AbortController();
  const answer = await server.get('/', accept('application/x-ndjson'), leaving.signal);
  await answer.body!.getReader().read();
  leaving.abort();
  await until('the loader was told', () => ended);
});

test('XML has an element for each member, entries for records, and nil for null', async () => {
  await using server = await serveView(() => Screen.load(good));
  const answer = await server.get('/', accept('application/xml'));
  expect(answer.headers.get('content-type')).toBe('application/xml');
  const text = await answer.text();
  expect(text).toContain(
    '<user><id>7</id><name>Ada &lt;&amp;&gt; \ufffd é</name><age xsi:nil="true"/></user>' +
      '<orders><order><id>42</id><tags><item>a</item><item> b </item></tags></order></orders>' +
      '<prices><entry key="BK 1">2.5</entry></prices><_meta><complete>true</complete>',
  );
  expect(text).not.toContain('secret');
  expect(readXml(text)).toMatchObject({ user: { id: '7' } });
});

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/html, */*;q=0.1', 'application/json'],
  ['application/*;q=0.5, application/xml', 'application/xml'],
  ['application/xml;q=0.2, application/json;q=0.3', 'application/json'],
  ['application/json;q=0, */*', 'application/xml'],
  ['text/event-stream', 'text/event-stream'],
])('Accept: %s gets %s', async (wanted, type) => {
  await using server = await serveView(() => Screen.load(good));
  const answer = await server.get('/', wanted === undefined ? {} : accept(wanted));
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('vary')).toContain('Accept');
  await answer.text();
});

test('only the fields that are asked for leave, and only their sections are loaded', async () => {
  const loaded: string[] = [];
  const told = <T>(name: string, value: T) => {
    loaded.push(name);
    return value;
  };
  await using server = await serveView(() =>
    Screen.load({
      user: () => told('user', good.user()),
      orders: async ({ need }) => (await need('found'), told('orders', good.orders())),
      prices: () => told('prices', good.prices()),
      found: () => told('found', {}),
    }),
  );
  const answer = await server.get('/?fields=orders.id,%20orders.id,orders.tags&fields=user.name&fields=');
  expect(await answer.json()).toEqual({
    user: { name: 'Ada <&> \u0001 é' },
    orders: [{ id: '42', tags: ['a', ' b '] }],
    _meta: {
      complete: true,
      sections: { user: { status: 'ok' }, orders: { status: 'ok' }, found: { status: 'ok' } },
    },
  });
  expect(loaded.toSorted()).toEqual(['found', 'orders', 'user']);
  expect(await (await server.get('/?fields=prices.anything')).json()).toMatchObject({ prices: {} });
});

test.each(['user.nam', 'found', 'orders.0', 'user.name.x', 'constructor', 'user.__proto__'])(
  '?fields=%s is refused with what there is',
  async (name) => {
    await using server = await serveView(() => Screen.load(good));
    const answer = await server.get(`/?fields=user,${name}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: 'urn:bff:invalid_request',
      detail:
        'The fields of this endpoint are: user, user.id, user.name, user.age, orders, orders.id, orders.tags, prices.',
      errors: [{ path: 'fields', message: `there is no "${name}"` }],
    });
  },
);

test('a progressive answer has the selected fields only', async () => {
  await using server = await serveView(() => Screen.load(good));
  const text = await (await server.get('/?fields=user.id', accept('application/x-ndjson'))).text();
  expect(lines(text).map((line) => line['data'] ?? line['event'])).toEqual([
    'start',
    { id: '7' },
    'complete',
  ]);
});

test('Server-Timing tells of each section how long it took and what became of it', async () => {
  await using server = await serveView(() =>
    Screen.load({
      ...good,
      orders: () => {
        throw new UpstreamError('orders', 'unreachable');
      },
    }),
  );
  const timing = (await server.get()).headers.get('server-timing') ?? '';
  expect(timing.replaceAll(/dur=\d+(?:\.\d)?/g, 'dur=N')).toBe(
    'user;dur=N;desc="ok", orders;dur=N;desc="fallback unreachable", prices;dur=N;desc="ok", found;dur=N;desc="ok"',
  );
});

test('integers beyond 2^53 are written as they are', async () => {
  const Big = defineView('Big', { id: required(z.bigint()) });
  await using server = await serveView(() => Big.load({ id: () => 9_007_199_254_740_993n }));
  expect(await (await server.get()).text()).toContain('{"id":9007199254740993,');
  expect(await (await server.get('/', accept('application/xml'))).text()).toContain('9007199254740993');
  expect(await (await server.get('/', accept('application/x-ndjson'))).text()).toContain(
    '"data":9007199254740993',
  );
});
