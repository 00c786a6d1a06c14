import { until } from '@bff/testing';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';

const [idleMs, absoluteMs] = [700, 2_500];
let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld({ session: { idle: `${idleMs}ms`, absolute: `${absoluteMs}ms` } });
});
afterAll(() => world[Symbol.asyncDispose]());

const isIn = async (visitor: Visitor): Promise<boolean> => (await visitor.get('/bff/user')).status === 200;
const secondsLeft = async (visitor: Visitor): Promise<unknown> =>
  ((await visitor.get('/bff/user')).body as { sessionExpiresIn?: unknown }).sessionExpiresIn;

test('a session that nobody uses is over when its idle time is', async () => {
  const [idle, watching] = [await world.signedIn(), await world.signedIn()];
  const startedMs = performance.now();
  // To be seen in a list is no use.
  const others = async (): Promise<number> => {
    const { body } = await watching.get('/bff/sessions');
    return (body as { sessions: unknown[] }).sessions.length;
  };
  expect(await others()).toBe(2);
  await until('it is over', async () => (await others()) === 1);
  expect(performance.now() - startedMs).toBeGreaterThan(idleMs - 50);
  expect(await isIn(idle)).toBe(false);
});

test('one that is used lives longer than that, and is over in any case when its whole time is', async () => {
  const visitor = await world.signedIn();
  const startedMs = performance.now();
  expect(await secondsLeft(visitor)).toBe(Math.floor(idleMs / 1_000));
  await until('it is over', async () => !(await isIn(visitor)));
  expect(performance.now() - startedMs).toBeGreaterThan(absoluteMs - 100);
  expect(performance.now() - startedMs).toBeLessThan(absoluteMs + 2_000);
});

test('to wait for its end is no use of it', async () => {
  const visitor = await world.signedIn();
  const startedMs = performance.now();
  const stream = await fetch(`${world.gateway.url}/bff/session-events`, {
    headers: { cookie: `__Host-web-bff-session=${visitor.session ?? ''}`, 'x-csrf': '1' },
  });
  const watching = await world.signedIn();
  await until('it is over', async () => {
    const { body } = await watching.get('/bff/sessions');
    return (body as { sessions: unknown[] }).sessions.length === 1;
  });
  expect(performance.now() - startedMs).toBeLessThan(absoluteMs);
  expect(await isIn(visitor)).toBe(false);
  await stream.body?.cancel();
});

test('signing in again begins a new time', async () => {
  const visitor = await world.signedIn();
  const startedMs = performance.now();
  await until('most of it is over', async () => {
    await isIn(visitor);
    return performance.now() - startedMs > absoluteMs * 0.6;
  });
  await visitor.signIn();
  await until('the first would be over', async () => {
    expect(await isIn(visitor)).toBe(true);
    return performance.now() - startedMs > absoluteMs + 200;
  });
});
