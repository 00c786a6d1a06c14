import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, describeWithPrograms } from '@bff/testing';
import { type MobileReplicas, orderIdOf, startMobileReplicas } from '../world/mobile-replicas.js';

describeWithPrograms('two replicas on one Redis', ['redis-server'], () => {
  let world: MobileReplicas;
  beforeAll(async () => {
    world = await startMobileReplicas({ count: 2, shared: true });
  }, 90_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('an order that one of them placed is answered again by the other', async () => {
    const first = await world.place(0, 'k-1');
    expect(first.status).toBe(201);
    const again = await world.place(1, 'k-1');
    expect(again).toMatchObject({
      status: 201,
      text: first.text,
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  test('fifty equal calls at once, half of them to each: one order, and everybody gets its answer or is told to wait', async () => {
    const before = await world.orderIds();
    const calls = Array.from({ length: 50 }, (_, index) => world.place(index % 2, 'race'));
    const answers = await Promise.all(calls);
    const first = answers.filter(isFirst);
    expect(first).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const ids = answers.filter(({ status }) => status === 201).map(orderIdOf);
    expect(new Set(ids)).toEqual(new Set([orderIdOf(first[0]!)]));
    for (const { headers } of answers.filter(({ status }) => status === 409))
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(await world.orderIds()).toHaveLength(before.length + 1);
  });

  test('twenty keys, each at both of them at once and again until it is answered: twenty orders', async () => {
    const before = await world.orderIds();
    const untilAnswered = async (at: number, key: string): Promise<string | undefined> => {
      for (;;) {
        const answer = await world.place(at, key);
        if (answer.status !== 409) return orderIdOf(answer);
        await sleep(20);
      }
    };
    const keys = Array.from({ length: 20 }, (_, index) => `each-${index}`);
    const ids = await Promise.all(
      keys.map((key) => Promise.all([untilAnswered(0, key), untilAnswered(1, key)])),
    );
    for (const [one, other] of ids) expect(one).toBe(other);
    expect(new Set(ids.flat()).size).toBe(20);
    expect(await world.orderIds()).toHaveLength(before.length + 20);
  });
});

function isFirst({ status, headers }: Answer): boolean {
  return status === 201 && headers['idempotency-replayed'] === undefined;
}
