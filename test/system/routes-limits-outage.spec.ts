import {
  type Answer,
  type Broker,
  brokerTestTimeoutMs,
  describeWithBroker,
  startRedis,
  until,
} from '@bff/testing';
import { p99 } from '../world/load.js';
import { type LateLine, startLateLine } from '../world/late-line.js';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const window = { per: 'address', requests: 30, window: '600s' };
const limited = (name: string) => ({
  name,
  match: { path: `/${name}` },
  upstream: 'legacy',
  access: { public: true },
  limits: window,
});
const tries = 20;
const fresh = (name: string) => Array.from({ length: tries }, (_, number) => `${name}-${number}`);
const routes = [...fresh('healthy'), 'late', 'gone', ...fresh('back')].map(limited);
const roomy = { ...limited('roomy'), limits: { ...window, requests: 1_000_000 } };

describeWithBroker('redis', () => {
  let redis: Broker;
  let line: LateLine;
  let replicas: ProxyWorld[];
  beforeEach(async () => {
    redis = await startRedis();
    line = await startLateLine(redis.url);
    const environment = { REDIS_URL: `redis://127.0.0.1:${line.port}` };
    const start = () => startProxyWorld({ routes: [...routes, roomy] }, environment);
    replicas = await Promise.all([start(), start(), start()]);
  }, brokerTestTimeoutMs);
  afterEach(async () => {
    for (const one of [...(replicas ?? []), line, redis]) await one?.[Symbol.asyncDispose]();
  });

  /** So many calls to each replica, at once. */
  const callAll = (name: string, times: number): Promise<Answer[]> =>
    Promise.all(
      replicas.flatMap(({ bff }) => Array.from({ length: times }, () => bff.anonymous.get(`/${name}`))),
    );
  /** So few at a time that a crowded machine answers within the patience for the store. */
  const callInRounds = async (name: string, rounds: number, each = 3): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let round = 0; round < rounds; round += 1) answers.push(...(await callAll(name, each)));
    return answers;
  };
  /** What no store could answer in time was counted by a replica alone: of that the promise does not hold. */
  const countedAlone = async (): Promise<number> => {
    const pages = await Promise.all(replicas.map(({ bff }) => bff.management.get('/metrics')));
    const counts = pages.map(
      ({ text }) => /bff_limits_counted_total\{where="replica"\} (\d+)/.exec(text)?.[1],
    );
    return counts.reduce((sum, count) => sum + Number(count), 0);
  };
  /** To the first of these routes in whose time the machine never stood still for longer than the patience. */
  const callTogether = async (names: readonly string[]): Promise<{ name: string; answers: Answer[] }> => {
    for (const name of names) {
      const before = await countedAlone();
      const answers = await callInRounds(name, 10);
      if ((await countedAlone()) === before) return { name, answers };
    }
    throw new Error(`the store was late in each of ${names.length} tries`);
  };
  const passed = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;
  const timesOf = async (calls: number) => {
    const samples = [];
    for (let call = 0; call < calls; call += 1) {
      const startedMs = performance.now();
      expect((await replicas[0]!.bff.anonymous.get('/roomy')).status).toBe(200);
      samples.push({ tookMs: performance.now() - startedMs });
    }
    return samples;
  };

  test('three replicas let exactly as many of three times as many pass as a route says', async () => {
    await until('there is a store', async () => {
      const metrics = await Promise.all(replicas.map(({ bff }) => bff.management.get('/metrics')));
      await callAll('roomy', 1);
      return metrics.every(({ text }) => text.includes('bff_store_available 1'));
    });
    const { name, answers } = await callTogether(fresh('healthy'));
    expect(passed(answers)).toBe(30);
    expect(
      replicas.reduce((sum, { seen }) => sum + seen.filter(({ url }) => url === `/${name}`).length, 0),
    ).toBe(30);
    for (const { status, headers } of answers.filter((one) => one.status !== 200))
      expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
  });

  test('a store that is two seconds late costs little, and each replica counts for itself meanwhile', async () => {
    const before = await timesOf(300);
    line.lateMs = 2_000;
    const during = await timesOf(300);
    expect(p99(during)).toBeLessThan(Math.max(20, p99(before)) + 50);
    // Whoever has noticed the lateness first may have counted a call in the store, too late.
    expect(passed(await callAll('late', 40))).toBe(90);
    line.lateMs = 0;
  });

  test('a store that is gone costs nothing, each replica counts for itself, and together again when it is back', async () => {
    await redis.stop();
    await until('it is noticed', async () => {
      const metrics = await Promise.all(replicas.map(({ bff }) => bff.management.get('/metrics')));
      return metrics.every(({ text }) => text.includes('bff_store_available 0'));
    });
    expect(p99(await timesOf(300))).toBeLessThan(100);
    const answers = await callAll('gone', 40);
    expect(passed(answers)).toBe(90);
    expect(String(answers[0]?.headers['ratelimit-policy'])).toContain('"route-gone";q=30;w=600');
    await redis.start();
    let left = Infinity;
    await until(
      'they count together again',
      async () => {
        const told = [];
        for (const { bff } of replicas) told.push(leftOf(await bff.anonymous.get('/roomy')));
        left = told[0] ?? NaN;
        return told[1] === left - 1 && told[2] === left - 2;
      },
      20_000,
    );
    expect(passed((await callTogether(fresh('back'))).answers)).toBe(30);
  }, 60_000);
});

/** What a caller is told is left of the limit of that route. */
function leftOf({ headers }: Answer): number {
  const [, left] = /"route-roomy";r=(\d+)/.exec(String(headers['ratelimit'])) ?? [];
  return Number(left);
}
