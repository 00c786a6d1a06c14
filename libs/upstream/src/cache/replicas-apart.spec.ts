import { Replicas, type Serve } from './replicas.fixture.js';
import { WatchedStore } from './watched-store.fixture.js';

test('two callers never see each other’s answer, whichever replica they ask', async () => {
  await using replicas = await Replicas.start(() => ({ 'cache-control': 'max-age=60' }), {
    store: new WatchedStore(),
    shared: true,
  });
  for (const at of [0, 1, 0])
    for (const identity of ['ada', 'bob', '', 'a', 'ada\0', '["ada"]'])
      expect(await replicas.get({ at, identity })).toMatch(
        new RegExp(`^${encodeURIComponent(identity)} \\d`),
      );
  expect(replicas.asked).toBe(6);
});

test('what says public is everybody’s at every replica, where that is switched on', async () => {
  for (const [shared, asked] of [
    [true, 1],
    [false, 2],
  ] as const) {
    await using replicas = await Replicas.start(() => ({ 'cache-control': 'public, max-age=60' }), {
      store: new WatchedStore(),
      shared,
    });
    await replicas.get({ at: 0, identity: 'ada' });
    await replicas.get({ at: 1, identity: 'bob' });
    expect(replicas.asked).toBe(asked);
  }
});

test('a cookie is never stored, and keeps a public answer with the caller who got it', async () => {
  const store = new WatchedStore();
  const serve: Serve = () => ({ 'cache-control': 'public, max-age=60', 'set-cookie': 'sid=secret' });
  await using replicas = await Replicas.start(serve, { store, shared: true, gateways: ['a', 'a', 'a'] });
  await replicas.get({ at: 0, identity: 'ada' });
  expect(await replicas.get({ at: 1, identity: 'ada' })).toBe('ada 1');
  expect(await replicas.get({ at: 1, identity: 'bob' })).toBe('bob 2');
  expect(await replicas.get({ at: 2, identity: 'eve' })).toBe('eve 3');
  expect(JSON.stringify(store.written)).not.toContain('secret');
});

test('what was public and is private now is nobody else’s any more', async () => {
  let control = 'public, max-age=1';
  const serve: Serve = () => ({ 'cache-control': control, etag: `"${control}"` });
  await using replicas = await Replicas.start(serve, { store: new WatchedStore(), shared: true });
  await replicas.get({ at: 0, identity: 'ada' });
  replicas.nowMs += 2_000;
  control = 'private, max-age=60';
  expect(await replicas.get({ at: 0, identity: 'ada' })).toBe('ada 2');
  expect(await replicas.get({ at: 1, identity: 'bob' })).toBe('bob 3');
});

test('no key says who asked, for what, or by which token', async () => {
  const store = new WatchedStore();
  await using replicas = await Replicas.start(() => ({ 'cache-control': 'max-age=60' }), { store });
  await replicas.get({ identity: 'secret.token', path: '/secret' });
  await replicas.caches[0]?.invalidate('/secret');
  expect(store.written).toHaveLength(2);
  for (const { key } of store.written) expect(key).toMatch(/^cache:(path|answer):[\w-]{43}$/);
});

/** Cache-Control by path; the body of what is not public says for whom it was made. */
const kinds = [
  'max-age=60',
  'no-cache',
  'private, max-age=2',
  'max-age=1, stale-while-revalidate=3',
  'max-age=1, stale-if-error=9',
  'public, max-age=3',
  'public, no-cache',
];
const kindOf = (path: string): string => kinds[Number(path.slice(1)) % kinds.length] ?? '';

/** The same numbers each time (Lehmer's generator), so that a failure can be seen again. */
function createRandom(): <T>(choices: readonly T[]) => T {
  let seed = 7;
  return (choices) => choices[(seed = (seed * 48_271) % 2_147_483_647) % choices.length]!;
}

test('in 10,000 calls of every kind at three replicas nobody sees what was made for somebody else', async () => {
  const store = new WatchedStore();
  const serve: Serve = ({ url = '', headers }) => {
    const own = `${url} ${String(headers['x-user-id'])} ${headers['accept-language']}`;
    const isPublic = kindOf(url).startsWith('public');
    const body = isPublic ? url : own;
    const cookie = isPublic ? undefined : { 'set-cookie': own.replaceAll(' ', '_') };
    return { 'cache-control': kindOf(url), vary: 'accept-language', etag: `"${body}"`, body, ...cookie };
  };
  await using replicas = await Replicas.start(serve, { store, shared: true, gateways: ['a', 'a', 'a'] });
  const random = createRandom();
  const paths = Array.from({ length: 14 }, (_, n) => `/${n}`);
  const oneIn50 = Array.from({ length: 50 }, (_, n) => n === 0);

  const isRight = async (): Promise<boolean> => {
    const path = random(paths);
    const identity = random(['', 'ada', 'bob', 'a\nb', 'a']);
    const language = random(['de', 'fr']);
    const at = random([0, 1, 2]);
    if (random(oneIn50)) await replicas.caches[at]?.invalidate(path);
    if (random(oneIn50)) replicas.nowMs += 500;
    if (random(oneIn50)) store.state = random(['well', 'well', 'away']);
    const answer = await replicas.answer({ at, path, identity, headers: { 'accept-language': language } });
    const own = `${path} ${encodeURIComponent(identity)} ${language}`;
    const isPublic = kindOf(path).startsWith('public');
    const cookie = answer.headers['set-cookie'];
    const isBodyRight = answer.body.toString() === (isPublic ? path : own);
    return isBodyRight && (cookie === undefined || String(cookie) === own.replaceAll(' ', '_'));
  };
  for (let round = 0; round < 400; round += 1)
    expect(await Promise.all(Array.from({ length: 25 }, isRight))).not.toContain(false);
  const found = replicas.caches.map((cache) => cache.state().store?.found ?? 0);
  expect(Math.min(...found)).toBeGreaterThan(100);
});
