import { UpstreamError } from '@bff/problem';
import { until } from '@bff/testing';
import { Replicas, type Serve } from './replicas.fixture.js';
import { WatchedStore } from './watched-store.fixture.js';

const minute: Serve = () => ({ 'cache-control': 'max-age=60' });
const store = () => new WatchedStore();

test('what one replica was answered, another one finds, with its age', async () => {
  await using replicas = await Replicas.start(minute, { store: store() });
  expect(await replicas.get({ at: 0 })).toBe('ada 1');
  replicas.nowMs += 20_000;
  const { body, headers } = await replicas.answer({ at: 1 });
  expect(body.toString()).toBe('ada 1');
  expect(headers['age']).toBe('20');
  replicas.nowMs += 39_999;
  expect(await replicas.get({ at: 1 })).toBe('ada 1');
  replicas.nowMs += 1;
  expect(await replicas.get({ at: 1 })).toBe('ada 2');
  expect(replicas.caches[1]?.state()).toMatchObject({ hits: 2, misses: 1, store: { found: 2, late: 0 } });
});

test('the age that an answer came with counts on', async () => {
  await using replicas = await Replicas.start(() => ({ 'cache-control': 'max-age=60', age: '50' }), {
    store: store(),
  });
  await replicas.get({ at: 0 });
  replicas.nowMs += 9_000;
  expect((await replicas.answer({ at: 1 })).headers['age']).toBe('59');
  replicas.nowMs += 1_000;
  expect(await replicas.get({ at: 1 })).toBe('ada 2');
});

test('what came from another replica with a clock ahead of ours is new, not from the future', async () => {
  await using replicas = await Replicas.start(minute, { store: store() });
  await replicas.get({ at: 0 });
  replicas.nowMs -= 5_000;
  expect((await replicas.answer({ at: 1 })).headers['age']).toBe('0');
  replicas.nowMs += 65_000;
  expect(await replicas.get({ at: 1 })).toBe('ada 2');
});

test.each([
  ['no-store', 'no-store'],
  ['nothing that says how long', 'private'],
])('an answer with %s is no other replica’s either', async (_what, control) => {
  const watched = store();
  await using replicas = await Replicas.start(() => ({ 'cache-control': control }), { store: watched });
  await replicas.get({ at: 0 });
  expect(await replicas.get({ at: 1 })).toBe('ada 2');
  expect(watched.written).toEqual([]);
});

test('an answer is found only by who asks for it in the same way', async () => {
  const serve: Serve = (request) => ({
    'cache-control': 'max-age=60',
    vary: 'accept-language',
    body: String(request.headers['accept-language']),
  });
  await using replicas = await Replicas.start(serve, { store: store() });
  const ask = (at: number, language: string) =>
    replicas.get({ at, headers: { 'accept-language': language } });
  expect([await ask(0, 'de'), await ask(0, 'fr')]).toEqual(['de', 'fr']);
  expect([await ask(1, 'de'), await ask(1, 'fr'), await ask(1, 'it')]).toEqual(['de', 'fr', 'it']);
  expect(replicas.asked).toBe(3);
});

test('what is fresh no longer is confirmed once, and then fresh for all', async () => {
  const serve: Serve = () => ({ 'cache-control': 'max-age=60', etag: '"v1"' });
  await using replicas = await Replicas.start(serve, { store: store(), gateways: ['a', 'a', 'a'] });
  await replicas.get({ at: 0 });
  replicas.nowMs += 61_000;
  for (const at of [1, 2, 0]) expect(await replicas.get({ at })).toBe('ada 1');
  expect(replicas.service.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"']);
});

test('another replica’s answer stands in for a service that fails, for as long as it said', async () => {
  const serve: Serve = () => ({ 'cache-control': 'max-age=1, stale-if-error=60' });
  await using replicas = await Replicas.start(serve, { store: store() });
  await replicas.get({ at: 0 });
  replicas.nowMs += 30_000;
  const down = new UpstreamError('users', 'unreachable');
  const request = { path: '/x', identity: 'ada', headers: {} };
  const answer = await replicas.caches[1]?.get(request, () => Promise.reject(down));
  expect(answer?.body.toString()).toBe('ada 1');
  replicas.nowMs += 31_000;
  await expect(replicas.caches[1]?.get(request, () => Promise.reject(down))).rejects.toBe(down);
});

test('gateways of other names share nothing', async () => {
  await using replicas = await Replicas.start(minute, {
    store: store(),
    gateways: ['web-bff', 'mobile-bff'],
  });
  expect([await replicas.get({ at: 0 }), await replicas.get({ at: 1 })]).toEqual(['ada 1', 'ada 2']);
});

test('a body that is no text is the same bytes at the other replica', async () => {
  const body = Buffer.from([0, 1, 10, 0xff, 0xfe]);
  await using replicas = await Replicas.start(minute, { store: store() });
  const [one, other] = replicas.caches;
  const request = { path: '/x', identity: '', headers: {} };
  const headers = { 'cache-control': 'max-age=60' };
  await one?.get(request, () => Promise.resolve({ status: 200, headers, body }));
  const answer = await other?.get(request, () => Promise.reject(new Error('it asks')));
  expect(answer?.body).toEqual(body);
});

test('what is kept is bounded: an hour at most, and no body of more than half a megabyte', async () => {
  const watched = store();
  const serve: Serve = ({ url = '' }) => ({
    'cache-control': 'max-age=1000000',
    body: 'x'.repeat(Number(url.slice(1))),
  });
  await using replicas = await Replicas.start(serve, { store: watched });
  for (const path of ['/524288', '/524289']) await replicas.get({ path });
  expect(watched.written.map(({ ttlMs, value }) => [ttlMs, value.length > 524_288])).toEqual([
    [3_600_000, true],
  ]);
});

test('what the service does not know any more is forgotten for all', async () => {
  let isKnown = true;
  const serve: Serve = () => (isKnown ? { 'cache-control': 'max-age=10', etag: '"v1"' } : undefined);
  await using replicas = await Replicas.start(serve, { store: store() });
  await replicas.get({ at: 0 });
  replicas.nowMs += 11_000;
  isKnown = false;
  await expect(replicas.get({ at: 1 })).rejects.toMatchObject({ reason: 'rejected' });
  isKnown = true;
  await replicas.get({ at: 1, identity: 'bob' });
  expect(replicas.service.seen.map(({ headers }) => headers['if-none-match'])).toEqual([
    undefined,
    '"v1"',
    undefined,
  ]);
  expect(await replicas.get({ at: 1 })).toBe('ada 4');
});

describe('a change', () => {
  test('at one replica is seen at all others, whoever asks', async () => {
    await using replicas = await Replicas.start(minute, { store: store(), gateways: ['a', 'a', 'a'] });
    for (const at of [0, 1])
      for (const identity of ['ada', 'bob']) await replicas.get({ at, identity, path: '/me' });
    await replicas.caches[1]?.invalidate('/me');
    await until('the first replica has heard of it', () => replicas.caches[0]?.state().entries === 0);
    expect(await replicas.get({ at: 2, identity: 'ada', path: '/me' })).toBe('ada 3');
    expect(await replicas.get({ at: 0, identity: 'ada', path: '/me' })).toBe('ada 3');
    expect(await replicas.get({ at: 0, identity: 'bob', path: '/me' })).toBe('bob 4');
  });

  test('leaves other paths alone', async () => {
    await using replicas = await Replicas.start(minute, { store: store() });
    await replicas.get({ at: 0, path: '/other' });
    await replicas.caches[0]?.invalidate('/me');
    expect(await replicas.get({ at: 1, path: '/other' })).toBe('ada 1');
  });

  test.each([
    ['is heard', false],
    ['is lost', true],
  ])('whose message %s outlives answers that were asked for before it', async (_what, losesMessages) => {
    const open = Promise.withResolvers<void>();
    const watched = Object.assign(store(), { losesMessages });
    await using replicas = await Replicas.start(minute, { store: watched, gateways: ['a', 'a', 'a'] });
    await replicas.get({ at: 0, path: '/known' });
    replicas.nowMs += 61_000;
    replicas.gate = open.promise;
    const paths = ['/known', '/new'];
    const early = paths.map((path) => replicas.get({ at: 0, path }));
    await until('both are at the service', () => replicas.asked === 3);
    for (const path of paths) await replicas.caches[1]?.invalidate(path);
    open.resolve();
    await Promise.all(early);
    for (const path of paths) await replicas.get({ at: 2, path });
    expect(replicas.asked).toBe(5);
    expect(watched.written.filter(({ key }) => key.startsWith('cache:answer:'))).toHaveLength(3);
  });

  test('that the store could not be told is told when it is back', async () => {
    const watched = store();
    await using replicas = await Replicas.start(minute, { store: watched });
    await replicas.get({ at: 0, path: '/me' });
    watched.state = 'away';
    await replicas.caches[1]?.invalidate('/me');
    watched.state = 'well';
    expect(await replicas.get({ at: 1, path: '/me' })).toBe('ada 2');
    watched.recover();
    expect(await replicas.get({ at: 0, path: '/me' })).toBe('ada 3');
  });

  test('may have been missed in a gap, so what is in memory counts no longer', async () => {
    const watched = store();
    await using replicas = await Replicas.start(minute, { store: watched });
    await replicas.get({ at: 0 });
    watched.recover();
    expect(replicas.caches[0]?.state().entries).toBe(0);
    expect(await replicas.get({ at: 0 })).toBe('ada 1');
    expect(replicas.asked).toBe(1);
  });
});

describe('a store that', () => {
  test.each(['away', 'hanging'] as const)(
    'is %s has nothing, keeps nothing and fails nothing',
    async (state) => {
      const watched = store();
      await using replicas = await Replicas.start(minute, { store: watched });
      watched.state = state;
      expect(await replicas.get({ at: 0 })).toBe('ada 1');
      expect(await replicas.get({ at: 1 })).toBe('ada 2');
      await replicas.caches[0]?.invalidate('/x');
      expect(await replicas.get({ at: 0 })).toBe('ada 3');
      expect(await replicas.get({ at: 0 })).toBe('ada 3');
      expect(replicas.caches[0]?.state().store).toEqual({ found: 0, late: 2 });
    },
  );

  test('is known to be away is not asked', async () => {
    const watched = store();
    await using replicas = await Replicas.start(minute, { store: watched });
    await replicas.get({ at: 0 });
    watched.isAvailable = false;
    expect(await replicas.get({ at: 1 })).toBe('ada 2');
    expect(watched.written).toHaveLength(1);
  });

  test.each(['', 'no record', '{}\nbody', '{"generation":1}\n'])(
    'holds %j for an answer holds none',
    async (value) => {
      const watched = store();
      await using replicas = await Replicas.start(minute, { store: watched });
      await replicas.get({ at: 0 });
      await watched.set(watched.written[0]?.key ?? '', value, 60_000);
      expect(await replicas.get({ at: 1 })).toBe('ada 2');
    },
  );
});
