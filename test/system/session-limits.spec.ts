import { until } from '@bff/testing';
import { SessionEvents } from '../world/session-events.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { passTime, restoreDate } from '../world/set-date.js';
import type { Visitor } from '../world/visitor.js';

/** A session is used again within it on a busy machine, too. */
const idleMs = 3_000;
const absoluteMs = 12 * 3_600_000;
let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld({ session: { idle: `${idleMs}ms`, absolute: '12h' } });
});
afterEach(restoreDate);
afterAll(() => world?.[Symbol.asyncDispose]());

const isIn = async (visitor: Visitor): Promise<boolean> => (await visitor.get('/bff/user')).status === 200;
const secondsLeft = async (visitor: Visitor): Promise<unknown> =>
  ((await visitor.get('/bff/user')).body as { sessionExpiresIn?: unknown }).sessionExpiresIn;
/** As another session of the same user sees it: to be looked at is no use of a session. */
const countOf = async (watching: Visitor): Promise<number> =>
  ((await watching.get('/bff/sessions')).body as { sessions: unknown[] }).sessions.length;

test('a session that nobody uses is over when its idle time is; to wait for its end is no use of it', async () => {
  const startedMs = performance.now();
  const [idle, watching] = [await world.signedIn(), await world.signedIn()];
  await using _tab = await SessionEvents.open(world.gateway.url, idle);
  expect(await countOf(watching)).toBe(2);
  await until('it is over', async () => (await countOf(watching)) === 1, 3 * idleMs);
  expect(performance.now() - startedMs).toBeGreaterThan(idleMs - 50);
  expect(await isIn(idle)).toBe(false);
});

test('one that is used lives longer than that', async () => {
  const visitor = await world.signedIn();
  const startedMs = performance.now();
  await until(
    'its idle time is over twice',
    async () => {
      expect(await isIn(visitor)).toBe(true);
      return performance.now() - startedMs > 2.2 * idleMs;
    },
    4 * idleMs,
  );
});

test('it is over when its whole time is, however much it is used; a new sign-in begins a new time', async () => {
  const [visitor, other] = [await world.signedIn(), await world.signedIn()];
  expect(await secondsLeft(visitor)).toBe(idleMs / 1_000);
  passTime(absoluteMs - 10_000);
  expect([await isIn(visitor), await isIn(other)]).toEqual([true, true]);
  await other.signIn();
  passTime(11_000);
  expect([await isIn(visitor), await isIn(other)]).toEqual([false, true]);
});

test('of the fifty sessions that a user may have, those that nobody uses any more make room first', async () => {
  world.provider.user = { sub: crypto.randomUUID() };
  const used = await world.signedIn();
  for (let number = 1; number <= 48; number += 1) {
    await world.signedIn();
    expect(await isIn(used)).toBe(true);
  }
  const startedMs = performance.now();
  await until('the others are idle for too long', async () => {
    expect(await isIn(used)).toBe(true);
    return performance.now() - startedMs > 1.2 * idleMs;
  });
  const newer = [await world.signedIn(), await world.signedIn(), await world.signedIn()];
  expect(await Promise.all([used, ...newer].map(isIn))).toEqual([true, true, true, true]);
  expect(await countOf(used)).toBe(4);
});
