import { describeWithPrograms, HttpClient, until } from '@bff/testing';
import { Browser } from 'sample-backend';
import { type Replicas, type SignedInUser, startReplicas } from '../world/replicas.js';

const accessTokenSeconds = 8;
const startTimeoutMs = 90_000;
const crowdTimeoutMs = 60_000;

describeWithPrograms('two replicas on one Redis', ['redis-server', 'haproxy'], () => {
  let world: Replicas;
  let users: SignedInUser[];
  let signedInAtMs: number;
  beforeAll(async () => {
    world = await startReplicas({ count: 2, accessTokenSeconds });
    users = await signInMany(2);
    signedInAtMs = performance.now();
  }, startTimeoutMs);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const signInMany = (count: number, login?: string) =>
    Promise.all(Array.from({ length: count }, () => world.signIn(login)));
  const refreshes = () => world.backend.identity.grants['refresh_token'] ?? 0;
  const replicas = () => [world.processes[0]!, world.processes[1]!] as const;

  test('a sign-in that one of them began is finished by the other, and known to both', async () => {
    const [one, other] = replicas();
    const browser = new Browser({ stopAt: `${one.url}/bff/callback` });
    const form = await browser.open(`${one.url}/bff/login?returnUrl=/shop`);
    const { url } = await browser.submit(form, { login: 'ada', password: 'ada' });
    await using client = new HttpClient(other.url, { host: url.host, 'x-csrf': '1' });
    const answer = await client.get(url.pathname + url.search, {
      headers: { cookie: browser.cookies.header(url) },
    });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/bff/signed-in?returnUrl=%2Fshop' } });
    const cookie = [answer.headers['set-cookie']].flat().at(-1)?.split(';')[0] ?? '';
    for (const { url } of replicas()) {
      const who = await fetch(`${url}/bff/user`, { headers: { cookie, 'x-csrf': '1' } });
      expect(await who.json()).toMatchObject({ sub: '7' });
    }
  });

  test(
    'a session that one of them ends is over on the other at the very next call, fifty times of fifty',
    async () => {
      const many = [...(await signInMany(25)), ...(await signInMany(25, 'charles'))];
      for (const [index, user] of many.entries()) {
        const [one, other] = index % 2 === 0 ? replicas() : replicas().toReversed();
        expect((await user.get('/bff/user', other)).status).toBe(200);
        expect((await user.call('POST', '/bff/logout', one)).status).toBe(200);
        expect((await user.get('/bff/user', other)).status).toBe(401);
      }
    },
    crowdTimeoutMs,
  );

  test('a tab that one of them serves is told at once that the other has ended its session', async () => {
    const [one, other] = replicas();
    const user = await world.signIn();
    const events = await fetch(`${other.url}/bff/session-events`, { headers: user.headers });
    expect(events.status).toBe(200);
    await user.call('POST', '/bff/logout', one);
    expect(await events.text()).toContain('event: session-ended\ndata: {"reason":"logout"}');
  });

  test.each([
    ['200 calls by way of the balancer', 200, () => undefined],
    ['100 calls, half of them to each', 100, (index: number) => world.processes[index % 2]],
  ])(
    '%s with an access token that is over: one refresh, and no failed call',
    async (_how, calls, at) => {
      const user = users.pop()!;
      await until(
        'the access token is over',
        () => performance.now() > signedInAtMs + accessTokenSeconds * 1_000,
        10_000,
      );
      const before = refreshes();
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, index) => user.get('/api/dashboard', at(index))),
      );
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(refreshes() - before).toBe(1);
    },
    crowdTimeoutMs,
  );

  test('one of them killed under load: the balancer asks the other, no call fails, and nobody is signed out', async () => {
    const crowd = await signInMany(10);
    const [doomed, survivor] = replicas();
    let answered = 0;
    const failures: unknown[] = [];
    const client = async (user: SignedInUser): Promise<void> => {
      while (answered < 600) {
        const { status, text } = await user.get('/bff/user');
        answered += 1;
        if (status !== 200) failures.push([status, text]);
      }
    };
    const load = [...crowd, ...crowd].map(client);
    await until('there is load', () => answered > 200);
    doomed.child.kill('SIGKILL');
    await Promise.all(load);
    expect(failures).toEqual([]);
    expect(doomed.child.signalCode).toBe('SIGKILL');
    const left = await Promise.all(crowd.map((user) => user.get('/api/dashboard', survivor)));
    expect(left.map(({ status }) => status)).toEqual(crowd.map(() => 200));
  });
});
