import { brokerTestTimeoutMs, describeWithBroker, until } from '@bff/testing';
import { createKeys, openChannel, signAnnouncement } from '../world/announced-service.js';
import { keys, otherKeys, RegistrationWorld, routes } from '../world/registration-world.js';

describeWithBroker('redis', () => {
  let world: RegistrationWorld;
  beforeAll(async () => {
    world = await RegistrationWorld.start();
  }, brokerTestTimeoutMs);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const target = 'http://127.0.0.1:9';
  const claims = { iss: 'reviews', targets: [target], routes };
  const key = { key: keys.private };
  const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;
  test.each<[string, () => string | Promise<string>]>([
    ['unsigned', () => JSON.stringify(claims)],
    [
      'unsigned',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
    ],
    ['oversized', () => 'x'.repeat(32_769)],
    ['malformed', () => 'garbage'],
    ['malformed', () => signAnnouncement({ ...claims, more: 1 }, key)],
    [
      'malformed',
      () => signAnnouncement({ ...claims, routes: [{ name: 'x', path: '/api/reviews/../x' }] }, key),
    ],
    ['malformed', () => signAnnouncement(claims, { ...key, typ: 'JWT' })],
    ['unknown_issuer', () => signAnnouncement({ ...claims, iss: 'constructor' }, key)],
    ['bad_signature', () => signAnnouncement(claims, { key: createKeys().private })],
    ['bad_signature', () => signAnnouncement(claims, { key: otherKeys.private, alg: 'ES256' })],
    ['expired', () => signAnnouncement({ ...claims, iat: seconds(-20), exp: seconds(-10) }, key)],
    ['from_the_future', () => signAnnouncement({ ...claims, iat: seconds(60), exp: seconds(65) }, key)],
    ['lease_too_long', () => signAnnouncement({ ...claims, exp: seconds(3_600) }, key)],
    [
      'path_not_allowed',
      () => signAnnouncement({ ...claims, routes: [{ name: 'x', path: '/api/ratings/1' }] }, key),
    ],
    [
      'path_not_allowed',
      () => signAnnouncement({ ...claims, routes: [{ name: 'x', path: '/api/**' }] }, key),
    ],
    [
      'path_not_allowed',
      () => signAnnouncement({ ...claims, routes: [{ name: 'x', path: '/api/reviewsx' }] }, key),
    ],
    ['target_not_allowed', () => signAnnouncement({ ...claims, targets: ['http://169.254.169.254'] }, key)],
    ['target_not_allowed', () => signAnnouncement({ ...claims, targets: ['http://2130706433:9'] }, key)],
    ['target_not_allowed', () => signAnnouncement({ ...claims, targets: ['http://a@127.0.0.1:9'] }, key)],
    [
      'public_not_allowed',
      () => signAnnouncement({ ...claims, routes: [{ name: 'x', path: '/api/reviews', public: true }] }, key),
    ],
    [
      'too_many_routes',
      () =>
        signAnnouncement(
          { ...claims, routes: [1, 2, 3].map((at) => ({ name: `x${at}`, path: `/api/reviews/${at}` })) },
          key,
        ),
    ],
  ])('%s: refused, counted, and nothing is served', async (reason, make) => {
    await using channel = await openChannel(world.redis.url);
    const before = await world.refused(reason);
    await channel.say(await make());
    await world.isRefused(reason, before);
    expect((await world.bff.management.get('/metrics')).text).toContain('leases{issuer="reviews"} 0');
  });

  test('an announcement that is played again does not bring back who has said goodbye', async () => {
    await using channel = await openChannel(world.redis.url);
    const said = await signAnnouncement({ ...claims, instance: 'i' }, key);
    await channel.say(said);
    await world.hasLeases(1);
    await channel.say(await signAnnouncement({ ...claims, instance: 'i', seq: 2, health: 'gone' }, key));
    const before = await world.refused('replayed');
    await channel.say(said);
    await world.isRefused('replayed', before);
    expect((await world.bff.management.get('/metrics')).text).toContain('leases{issuer="reviews"} 0');
  });

  test('of a flood what cannot be read in time is refused unread, and who comes after it is heard', async () => {
    await using channel = await openChannel(world.redis.url);
    const before = await world.refused('too_many_announcements');
    const forged = await signAnnouncement(claims, { key: createKeys().private });
    await Promise.all(Array.from({ length: 5_000 }, () => channel.say(forged)));
    await until(
      'some were refused unread',
      async () => (await world.refused('too_many_announcements')) > before,
    );
    await channel.say(await signAnnouncement({ ...claims, instance: 'after' }, key));
    await world.hasLeases(1);
    await channel.say(await signAnnouncement({ ...claims, instance: 'after', seq: 2, health: 'gone' }, key));
    await world.hasLeases(0);
  });

  test('one instance too many is refused', async () => {
    await using channel = await openChannel(world.redis.url);
    const before = await world.refused('too_many_instances');
    for (const instance of ['a', 'b', 'c'])
      await channel.say(await signAnnouncement({ ...claims, instance }, key));
    await world.isRefused('too_many_instances', before);
    for (const instance of ['a', 'b'])
      await channel.say(await signAnnouncement({ ...claims, instance, seq: 2, health: 'gone' }, key));
    await world.hasLeases(0);
  });
});
