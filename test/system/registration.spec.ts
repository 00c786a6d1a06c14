import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce, type AnnounceOptions } from '@bff/announce';
import { brokerTestTimeoutMs, describeWithBroker, until } from '@bff/testing';
import { createKeys, startNamedService } from '../world/announced-service.js';
import type { Bff } from '../world/bff.js';
import { keys, otherKeys, ratings, RegistrationWorld, reviews, routes } from '../world/registration-world.js';

describeWithBroker('redis', () => {
  let world: RegistrationWorld;
  let bff: Bff;
  beforeAll(async () => {
    world = await RegistrationWorld.start();
    ({ bff } = world);
  }, brokerTestTimeoutMs);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const as = (options: Partial<AnnounceOptions> & { readonly targets: readonly string[] }) =>
    announce({
      redis: world.redis.url,
      issuer: 'reviews',
      privateKey: keys.privatePem,
      routes,
      leaseSeconds: 2,
      ...options,
    });

  test('a service that announces itself is served as its caller, shown to operators, and gone at its goodbye', async () => {
    await using service = await startNamedService('a');
    const announcing = await as({ targets: [service.url] });
    await world.answers('/api/reviews/42', 200);
    expect((await bff.ada.get('/api/reviews/42')).body).toEqual({
      service: 'a',
      path: '/reviews/42',
      user: '7',
    });
    expect((await bff.anonymous.get('/api/reviews/42')).status).toBe(401);
    const instance = { health: 'ok', targets: [service.url], leaseEndsAt: expect.stringMatching(/^20/) };
    expect((await bff.management.get('/routes')).body).toContainEqual(
      expect.objectContaining({
        name: 'reviews/one',
        path: '/api/reviews/:sku',
        upstream: 'reviews',
        registration: expect.objectContaining({
          issuer: 'reviews',
          instances: [expect.objectContaining(instance)],
        }),
      }),
    );
    expect((await bff.management.get('/upstreams')).body).toContainEqual(
      expect.objectContaining({
        name: 'reviews',
        circuit: 'closed',
        registration: { issuer: 'reviews', instances: [expect.objectContaining(instance)] },
      }),
    );
    expect((await bff.management.get('/metrics')).text).toContain(
      'bff_registration_leases{issuer="reviews"} 1',
    );
    await announcing.close();
    await world.answers('/api/reviews/42', 404);
  });

  test('two gateways serve it within a second, and no longer than a second after its goodbye', async () => {
    await using other = await world.startAnother();
    await using service = await startNamedService('a');
    const both = (status: number) =>
      Promise.all([bff, other].map((one) => world.answers('/api/reviews/42', status, one)));
    const rounds = { served: [] as number[], gone: [] as number[] };
    for (let round = 0; round < 10; round += 1) {
      const announcedAtMs = performance.now();
      const announcing = await as({ targets: [service.url] });
      await both(200);
      rounds.served.push(performance.now() - announcedAtMs);
      const goodbyeAtMs = performance.now();
      await announcing.close();
      await both(404);
      rounds.gone.push(performance.now() - goodbyeAtMs);
    }
    // A machine that stands still may spoil some of the rounds.
    for (const times of Object.values(rounds))
      expect(times.toSorted((one, next) => one - next)[5]).toBeLessThan(1_000);
  }, 30_000);

  test('a renewed lease outlives its length', async () => {
    await using service = await startNamedService('a');
    await using _ = await as({ targets: [service.url] });
    await world.answers('/api/reviews/42', 200);
    const failures: number[] = [];
    for (const endMs = performance.now() + 3_000; performance.now() < endMs; await sleep(20)) {
      const { status } = await bff.ada.get('/api/reviews/42');
      if (status !== 200) failures.push(status);
    }
    expect(failures).toEqual([]);
  });

  test('a process that is killed is gone when its lease ends', async () => {
    await using service = await startNamedService('a');
    const child = fork(new URL('../world/announcing-process.mjs', import.meta.url), {
      execArgv: ['--conditions=@bff/source', '--import=@oxc-node/core/register'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ANNOUNCE: JSON.stringify({
          redis: world.redis.url,
          issuer: 'reviews',
          privateKey: keys.privatePem,
          targets: [service.url],
          routes,
          leaseSeconds: 2,
        }),
      },
    });
    await once(child, 'message');
    await world.answers('/api/reviews/42', 200);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await bff.ada.get('/api/reviews/42')).status).toBe(200);
    await world.answers('/api/reviews/42', 404);
  });

  test('a gateway that starts late hears who is there', async () => {
    await using service = await startNamedService('a');
    await using _ = await as({ targets: [service.url], leaseSeconds: 10 });
    await using late = await world.startAnother();
    await world.answers('/api/reviews/42', 200, late);
  });

  test('instances share the calls, one that drains gets none, and none is lost while they come and go', async () => {
    await using one = await startNamedService('one');
    await using other = await startNamedService('other');
    await using _ = await as({ targets: [one.url] });
    await world.answers('/api/reviews/42', 200);
    const seen: string[] = [];
    const failed: number[] = [];
    let isOver = false;
    const calls = Array.from({ length: 4 }, async () => {
      for (const endMs = performance.now() + 10_000; !isOver && performance.now() < endMs;) {
        const { status, body } = await bff.ada.get('/api/reviews/42');
        if (status === 200) seen.push((body as { service: string }).service);
        else failed.push(status);
      }
    });
    for (let round = 0; round < 5; round += 1) {
      const second = await as({ targets: [other.url] });
      const before = seen.length;
      await until('the new one is asked', () => seen.slice(before).includes('other'));
      await second.drain();
      await sleep(40);
      const drained = seen.length;
      await until('more calls are answered', () => seen.length > drained + 20);
      expect(seen.slice(drained + 10)).not.toContain('other');
      await second.close();
    }
    isOver = true;
    await Promise.all(calls);
    expect(failed).toEqual([]);
  });

  test('routes of the file and views win, whatever a service announces', async () => {
    await using service = await startNamedService('thief');
    const names = ['/api/legacy/exact', '/api/dashboard'];
    await using _ = await as({
      targets: [service.url],
      routes: names.map((path, at) => ({ name: `n${at}`, path })),
    });
    await world.hasLeases(1);
    expect((await bff.ada.get('/api/legacy/exact')).text).toBe('of the file');
    expect((await bff.ada.get('/api/dashboard')).body).toHaveProperty('_meta');
  });

  test('of two services that may have a path the first one keeps it, and the other has it afterwards', async () => {
    await using mine = await startNamedService('mine');
    await using theirs = await startNamedService('theirs');
    const shared = [{ name: 'shared', path: '/api/shared/:id' }];
    const first = await as({ targets: [mine.url], routes: shared });
    await world.answers('/api/shared/1', 200);
    const before = await world.refused('path_taken');
    await using _ = await as({
      issuer: 'ratings',
      privateKey: otherKeys.privatePem,
      targets: [theirs.url],
      routes: shared,
    });
    await until('it is refused', async () => (await world.refused('path_taken')) > before);
    expect((await bff.ada.get('/api/shared/1')).body).toMatchObject({ service: 'mine' });
    await first.close();
    await until('the other one has it', async () =>
      (await bff.ada.get('/api/shared/1')).text.includes('theirs'),
    );
  });

  test('a longer prefix belongs to its service alone, also while that is away', async () => {
    await using mine = await startNamedService('mine');
    await using theirs = await startNamedService('theirs');
    world.reload({ reviews, ratings: { ...ratings, prefixes: ['/api/reviews/stars'] } });
    await using _ = await as({
      targets: [mine.url],
      routes: [{ name: 'all', path: '/api/reviews/**' }],
    });
    await world.answers('/api/reviews/a/b', 200);
    expect((await bff.ada.get('/api/reviews/stars/1')).status).toBe(404);
    const before = await world.refused('path_not_allowed');
    await using __ = await as({
      targets: [mine.url],
      routes: [{ name: 'stars', path: '/api/reviews/stars/:id' }],
    });
    await world.isRefused('path_not_allowed', before);
    const nearer = await as({
      issuer: 'ratings',
      privateKey: otherKeys.privatePem,
      targets: [theirs.url],
      routes: [{ name: 'stars', path: '/api/reviews/stars/:id' }],
    });
    await world.answers('/api/reviews/stars/1', 200);
    expect((await bff.ada.get('/api/reviews/stars/1')).body).toMatchObject({ service: 'theirs' });
    expect((await bff.ada.get('/api/reviews/moons/1')).body).toMatchObject({ service: 'mine' });
    await nearer.close();
    await world.answers('/api/reviews/stars/1', 404);
    world.reload({ reviews, ratings });
  });

  test('a key that is taken out of the file takes its routes with it, and its successor is heard', async () => {
    await using service = await startNamedService('a');
    await using _ = await as({ targets: [service.url] });
    await world.answers('/api/reviews/42', 200);
    const next = createKeys('p256');
    world.reload({ reviews: { ...reviews, keys: [next.publicJwk] }, ratings });
    expect((await bff.ada.get('/api/reviews/42')).status).toBe(404);
    await using successor = await as({ targets: [service.url], privateKey: next.privatePem });
    await world.answers('/api/reviews/42', 200);
    await successor.close();
    world.reload({ reviews, ratings });
    await world.answers('/api/reviews/42', 200);
  });

  test('while Redis is away leases last as long as they do, and are renewed when it is back', async () => {
    await using service = await startNamedService('a');
    const errors: Error[] = [];
    await using _ = await as({ targets: [service.url], onError: (error) => errors.push(error) });
    await world.answers('/api/reviews/42', 200);
    await world.redis.stop();
    expect((await bff.ada.get('/api/reviews/42')).status).toBe(200);
    await world.answers('/api/reviews/42', 404);
    await until('the service is told', () => errors.length > 0);
    await world.redis.start();
    await world.answers('/api/reviews/42', 200);
  });
});
