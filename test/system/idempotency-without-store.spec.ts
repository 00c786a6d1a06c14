import {
  type Answer,
  type Broker,
  brokerTestTimeoutMs,
  describeWithBroker,
  startRedis,
  until,
} from '@bff/testing';
import { type DeedsWorld, startDeeds } from '../world/keyed-actions.js';
import { type LateLine, startLateLine } from '../world/late-line.js';

/** What a store that says nothing may cost a call: the time after which it counts as away, and a crowded machine. */
const addedMs = 1_000;

describeWithBroker('redis', () => {
  let redis: Broker;
  let line: LateLine;
  let world: DeedsWorld;
  beforeAll(async () => {
    redis = await startRedis();
    line = await startLateLine(redis.url);
    world = await startDeeds({ environment: { REDIS_URL: `redis://127.0.0.1:${line.port}` } });
    await until('there is a store', keysAreTaken);
  }, brokerTestTimeoutMs);
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await line?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const send = (choice: 'refuse' | 'pass', key: string): Promise<Answer> =>
    world.bff.ada.post(`/deeds/${choice}`, { what: key }, { headers: { 'idempotency-key': key } });
  /** Each time with a key of its own. */
  const keysAreTaken = async (): Promise<boolean> =>
    (await send('refuse', `probe-${world.seen.length}-${performance.now()}`)).status === 201;
  const timesOf = (key: string): number => world.seen.filter(({ what }) => what === key).length;
  const unavailable = { status: 503, body: { type: 'urn:bff:idempotency_unavailable' } };

  const outages: [string, { begin(): unknown; end(): unknown }][] = [
    ['gone', { begin: () => redis.stop(), end: () => redis.start() }],
    ['frozen', { begin: () => redis.freeze(), end: () => redis.thaw() }],
    ['two seconds late', { begin: () => (line.lateMs = 2_000), end: () => (line.lateMs = 0) }],
  ];

  describe.each(outages)('while Redis is %s', (how, outage) => {
    const keys = {
      before: `before ${how}`.replaceAll(' ', '-'),
      during: `during-${how}`.replaceAll(' ', '-'),
    };
    beforeAll(async () => {
      for (const choice of ['refuse', 'pass'] as const)
        expect(await send(choice, keys.before)).toMatchObject({ status: 201 });
      await outage.begin();
    });
    afterAll(async () => {
      await outage.end();
      await until('the store is back', keysAreTaken, 20_000);
    });

    test('an action that is to be refused is, soon, and the service hears nothing of it', async () => {
      const startedMs = performance.now();
      const answers = [await send('refuse', `${keys.during}-r`), await send('refuse', `${keys.during}-r`)];
      expect(performance.now() - startedMs).toBeLessThan(2 * addedMs);
      for (const answer of answers) {
        expect(answer).toMatchObject(unavailable);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      }
      expect(timesOf(`${keys.during}-r`)).toBe(0);
    });

    test('an action that may pass does, soon, each time with the same key for the service, which has the last word', async () => {
      const startedMs = performance.now();
      const answers = [await send('pass', `${keys.during}-p`), await send('pass', `${keys.during}-p`)];
      expect(performance.now() - startedMs).toBeLessThan(2 * addedMs);
      for (const answer of answers) {
        expect(answer.status).toBe(201);
        expect(answer.headers['idempotency-replayed']).toBeUndefined();
      }
      const seen = world.seen.filter(({ what }) => what === `${keys.during}-p`);
      expect(seen).toHaveLength(2);
      expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
      expect(seen[0]?.key).toMatch(/^[\w-]{43}$/);
    });

    test('what was answered before is not answered from memory: there is none', async () => {
      expect(await send('refuse', keys.before)).toMatchObject(unavailable);
    });
  });

  test('once it is back, keys hold as before, also those of calls that were refused meanwhile', async () => {
    for (const choice of ['refuse', 'pass'] as const)
      for (const [index, how] of outages.map(([name]) => name.replaceAll(' ', '-')).entries()) {
        const key = `during-${how}-${choice[0]}`;
        const first = await until(
          'no lease of the outage is left',
          async () => {
            const answer = await send(choice, key);
            return answer.status !== 409 && answer;
          },
          10_000,
        );
        const again = await send(choice, key);
        expect([index, first.status, again.status, again.text]).toEqual([index, 201, 201, first.text]);
        expect(again.headers['idempotency-replayed']).toBe('true');
      }
  }, 30_000);

  test('what became of keyed calls is counted, by action', async () => {
    const { text } = await world.bff.management.get('/metrics');
    const counted = (route: string, outcome: string): number =>
      Number(
        text.match(
          `bff_keyed_requests_total\\{route="POST /deeds/${route}",outcome="${outcome}"\\} (\\d+)`,
        )?.[1],
      );
    expect(counted('refuse', 'refused_without_store')).toBeGreaterThanOrEqual(9);
    expect(counted('pass', 'passed_without_store')).toBe(6);
    expect(counted('refuse', 'first')).toBeGreaterThanOrEqual(6);
    expect(counted('refuse', 'replayed')).toBeGreaterThanOrEqual(3);
  });
});
