import { describeWithPrograms, until } from '@bff/testing';
import { Browser } from 'sample-backend';
import { countOutcomes, p99, type Sample } from '../world/load.js';
import { type Outage, type OutageKind, watchOutage } from '../world/redis-outage.js';
import { type Replicas, startReplicas } from '../world/replicas.js';

const withoutStoreMs = 2_000;
const outageMs = 4_000;
/** Of the time for which users are believed in: it begins with the last answer of Redis, not with its end. */
const slackMs = 700;
const requestsPerAddress = 200;
const worldTimeoutMs = 90_000;
const unavailable = '503 urn:bff:sessions_unavailable';

describeWithPrograms('Redis', ['redis-server', 'haproxy'], () => {
  let world: Replicas;
  beforeAll(async () => {
    world = await startReplicas({
      count: 1,
      accessTokenSeconds: 4,
      config: {
        auth: { session: { withoutStore: `${withoutStoreMs}ms` } },
        limits: {
          address: { requests: requestsPerAddress, window: '60s' },
          caller: { requests: 1_000_000, window: '60s' },
        },
      },
    });
  }, worldTimeoutMs);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const frozen: OutageKind = {
    takeAway: () => world.redis.freeze(),
    bringBack: () => world.redis.thaw(),
    afterwards: 200,
  };
  const emptied: OutageKind = {
    takeAway: () => world.redis.stop(),
    bringBack: () => world.redis.start(),
    afterwards: 401,
  };

  describe.each([
    ['is frozen for a while', frozen],
    ['is stopped, and comes back with nothing in it', emptied],
  ])('%s', (_how, kind) => {
    let outage: Outage;
    beforeAll(async () => {
      const users = await Promise.all(Array.from({ length: 5 }, () => world.signIn()));
      outage = await watchOutage(world, { users, unseen: await world.signIn() }, kind, outageMs);
    }, worldTimeoutMs);

    test('who was just seen stays signed in for the time that is set, and is told after it that nobody knows', () => {
      const { users, goneAtMs, backAtMs } = outage;
      const believed = during(users, goneAtMs, goneAtMs + withoutStoreMs - slackMs);
      expect(Object.keys(countOutcomes(believed))).toEqual(['200']);
      const doubted = during(users, goneAtMs + withoutStoreMs + slackMs, backAtMs - slackMs);
      expect(Object.keys(countOutcomes(doubted))).toEqual([unavailable]);
    });

    test('who was not seen is told at once that nobody knows, and so is who wants to sign in or out', () => {
      expect(Object.keys(countOutcomes(outage.unseen))).toEqual([unavailable]);
      expect(Object.keys(countOutcomes(outage.logouts))).toEqual([unavailable]);
      const { signIns, goneAtMs } = outage;
      const late = signIns.filter(({ atMs }) => atMs > goneAtMs + slackMs);
      expect(Object.keys(countOutcomes(late))).toEqual([unavailable]);
    });

    test('nobody waits long, and nobody gets no answer', () => {
      const { users, unseen, signIns, logouts } = outage;
      const all = [...users, ...unseen, ...signIns, ...logouts];
      expect(p99(all)).toBeLessThan(1_000);
      // Among them those that found out that it is away.
      expect(Math.max(...all.map(({ tookMs }) => tookMs))).toBeLessThan(2_500);
      expect(all.filter(({ status }) => status === 0 || status === 500)).toEqual([]);
    });

    test('limits go on, counted by the replica itself', () => {
      const { limited } = outage;
      expect(limited.filter(({ status }) => status === 429)).toHaveLength(
        limited.length - requestsPerAddress,
      );
    });

    test('the replica stays ready: another one would have no Redis either', () => {
      expect(Object.keys(countOutcomes(outage.readiness))).toEqual(['200']);
    });

    test('all heals by itself soon after, and stays so', () => {
      // Two seconds on a machine with nothing else to do, which the storm of sessions asks for.
      expect(outage.healedAfterMs).toBeLessThan(4_000);
      const after = outage.users.filter(({ atMs }) => atMs > outage.backAtMs + outage.healedAfterMs);
      // Where tests crowd a machine, Redis may be late once more.
      const asBefore = after.filter(({ status }) => status === kind.afterwards);
      expect(asBefore.length / after.length).toBeGreaterThan(0.9);
    });

    test('users sign in and call as before', async () => {
      const user = await until('a sign-in works', () => world.signIn().catch(() => undefined));
      expect(await user.get('/api/dashboard')).toMatchObject({ status: 200, body: { user: { id: '7' } } });
    });
  });

  test('who comes from the provider meanwhile is told to try again, and is signed in when he does', async () => {
    const callback = `${world.url}/bff/callback`;
    const browser = new Browser({ stopAt: callback });
    const form = await browser.open(`${world.url}/bff/login`);
    const { url } = await browser.submit(form, { login: 'ada', password: 'ada' });
    const headers = { cookie: browser.cookies.header(url), accept: 'text/html' };
    const comeBack = () => fetch(url, { headers, redirect: 'manual' });
    await world.redis.stop();
    const answer = await comeBack();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^[5-7]$/);
    expect(answer.headers.getSetCookie()).toEqual([]);
    await world.redis.start();
    const signedIn = await until('he is signed in', async () => {
      const again = await comeBack();
      return again.status === 303 && again;
    });
    expect(signedIn.headers.getSetCookie().at(-1)).toMatch(/^__Host-web-bff-session=[\w-]{43};/);
  });

  test(
    'a replica that starts meanwhile is ready, and knows who is signed in once Redis is back',
    async () => {
      await world.redis.stop();
      await using late = await world.startAnother();
      const who = async ({ headers } = { headers: {} }) =>
        (await fetch(`${late.url}/bff/user`, { headers })).status;
      expect(await who()).toBe(401);
      const readiness = await fetch(`${late.managementUrl}/health/ready`);
      expect(await readiness.json()).toEqual({ status: 'ready', store: 'away' });
      await world.redis.start();
      const user = await until('a sign-in works', () => world.signIn().catch(() => undefined));
      await until('it knows who has signed in', async () => (await who(user)) === 200);
    },
    worldTimeoutMs,
  );

  test('through all of it no fault of the gateway was logged, and its process is the one of the beginning', () => {
    const [gateway] = world.processes;
    expect(gateway!.child.exitCode).toBeNull();
    expect(gateway!.output.stderr).toBe('');
    const lines = gateway!.output.stdout.trim().split('\n');
    const faults = lines.map((line) => JSON.parse(line) as { level: number }).filter(isFault);
    expect(faults).toEqual([]);
  });
});

function during(samples: readonly Sample[], fromMs: number, toMs: number): Sample[] {
  return samples.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
}

/** Levels of pino: `error` and `fatal`. */
function isFault({ level }: { readonly level: number }): boolean {
  return level >= 50;
}
