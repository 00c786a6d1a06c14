import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Answer, HttpClient } from '@bff/testing';
import { type DeedFault, type DeedsWorld, startDeeds } from '../world/keyed-actions.js';

jest.retryTimes(0);

/** So few that a crowded machine answers them within the time of the service. */
const atOnce = 20;
/** What is met in turn by whatever arrives at the service. */
const faults: readonly DeedFault[] = ['none', 'reset', 'none', 'hang', 'none', 'unavailable'];

let world: DeedsWorld;
const open = async (timeout: string): Promise<void> => {
  const calm = { circuit: { minimumCalls: 1_000_000 }, eject: { after: 1_000_000 } };
  world = await startDeeds({ upstream: { timeout, ...calm } });
};
afterEach(() => world?.[Symbol.asyncDispose]());

/** All of it, so many at a time. */
async function each<T>(work: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = [...work];
  const line = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: atOnce }, line));
}

const keyed = (client: HttpClient, key: string, what: string): Promise<Answer> =>
  client.post('/deeds/pass', { what }, { headers: { 'idempotency-key': key } });

test('10,000 calls of 25 users who choose among the same 40 keys: none gets the answer of another', async () => {
  await open('10s');
  const users = await Promise.all(
    Array.from({ length: 25 }, async (_, index) => {
      const subject = `user-${index}`;
      return { subject, client: await world.bff.with({ subject }) };
    }),
  );
  const calls = Array.from({ length: 10_000 }, () => ({
    user: users[Math.floor(Math.random() * users.length)]!,
    key: `key-${Math.floor(Math.random() * 40)}`,
  }));
  const wrong: Answer[] = [];
  const outcomes = { first: 0, replayed: 0 };
  await each(calls, async ({ user, key }) => {
    const answer = await keyed(user.client, key, key);
    if (answer.status === 409) return;
    outcomes[answer.headers['idempotency-replayed'] === 'true' ? 'replayed' : 'first'] += 1;
    if (!isOf(user.subject, key, answer)) wrong.push(answer);
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  const deeds = world.seen.map(({ by, what }) => `${by} ${what}`);
  expect(new Set(deeds).size).toBe(deeds.length);
  expect(outcomes.first).toBe(deeds.length);
  expect(outcomes.replayed).toBeGreaterThan(8_000);
  expect(new Set(world.seen.map(({ key }) => key)).size).toBe(deeds.length);
}, 120_000);

function isOf(user: string, key: string, { status, body }: Answer): boolean {
  const { done } = body as { readonly done?: { readonly by: string; readonly what: string } };
  return status === 201 && done?.by === user && done.what === key;
}

test('1,000 deeds without a key, with resets, time-outs and refusals at the service: it hears of none twice', async () => {
  await open('500ms');
  world.faultOf = (count) => faults[count % faults.length]!;
  const deeds = Array.from({ length: 1_000 }, (_, index) => `plain-${index}`);
  const statuses = new Set<number>();
  await each(deeds, async (what) => {
    statuses.add((await world.bff.ada.post('/deeds/plain', { what })).status);
  });
  expect(statuses).toEqual(new Set([201, 502, 503, 504]));
  const seen = world.seen.map(({ what }) => what);
  expect(new Set(seen).size).toBe(seen.length);
  // A crowded machine may refuse some before they are sent.
  expect(seen.length).toBeGreaterThan(900);
}, 120_000);

test('1,000 deeds with a key each, sent until they are answered: each is one to a service that knows keys, and is not sent again', async () => {
  await open('500ms');
  world.faultOf = (count) => faults[count % faults.length]!;
  const deeds = Array.from({ length: 1_000 }, (_, index) => `keyed-${index}`);
  const late: string[] = [];
  await each(deeds, async (what) => {
    while ((await keyed(world.bff.ada, what, what)).status !== 201) await sleep(10);
    const before = world.seen.filter((deed) => deed.what === what).length;
    let again = await keyed(world.bff.ada, what, what);
    // Such a gateway may refuse a call because there are too many; what it answers is what it has kept.
    while (again.status === 503) again = await keyed(world.bff.ada, what, what);
    const after = world.seen.filter((deed) => deed.what === what).length;
    if (again.headers['idempotency-replayed'] !== 'true' || after !== before) late.push(what);
  });
  expect(late).toEqual([]);
  const keys = new Map(world.seen.map(({ what, key }) => [what, key]));
  expect([...keys.keys()].toSorted()).toEqual(deeds.toSorted());
  expect(new Set(keys.values()).size).toBe(deeds.length);
  for (const { what, key } of world.seen) expect(key).toBe(keys.get(what));
}, 120_000);
