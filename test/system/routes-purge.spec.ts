import { brokerTestTimeoutMs, describeWithBroker, startRedis, until } from '@bff/testing';
import type { Bff } from '../world/bff.js';
import { startCachedRoutes, textAt } from '../world/cached-routes.js';

const purge = (bff: Bff, body: unknown) => bff.management.post('/cache/purge', body);

describe('a purge', () => {
  test.each([
    [{ tags: ['books'] }, [false, false, true]],
    [{ tags: ['books-1'] }, [false, true, true]],
    [{ tags: ['told'] }, [false, false, false]],
    [{ paths: ['/books/2'] }, [true, false, true]],
    [{ routes: ['games'] }, [true, true, false]],
    [{ tags: ['book'] }, [true, true, true]],
  ])('of %j ends what it names, and nothing else', async (body, areKept) => {
    await using world = await startCachedRoutes();
    const paths = ['/books/1', '/books/2?x=1', '/games/1'];
    const before = await Promise.all(paths.map((path) => textAt(world.one, path)));
    const answer = await purge(world.one, body);
    const after = await Promise.all(paths.map((path) => textAt(world.one, path)));

    expect(answer).toMatchObject({
      status: 200,
      body: { purged: areKept.filter((isKept) => !isKept).length },
    });
    expect(after.map((text, at) => text === before[at])).toEqual(areKept);
  });

  test('that is none is told what is wrong, and a page of another site cannot send one', async () => {
    await using world = await startCachedRoutes();
    const mistakes = await Promise.all(
      [{}, { tags: ['a b'] }, { tags: 'books' }, { paths: ['books'] }, { tag: ['books'] }].map((body) =>
        purge(world.one, body),
      ),
    );
    const text = { headers: { 'content-type': 'text/plain' } };
    const foreign = await world.one.management.post('/cache/purge', '{"tags":["books"]}', text);
    const read = await world.one.management.get('/cache/purge');

    expect(mistakes.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(mistakes[0]?.body).toMatchObject({ errors: [{ message: 'needs tags, paths or routes' }] });
    expect([foreign.status, read.status, read.headers['allow']]).toEqual([415, 405, 'POST']);
  });

  test('finds no tag of a service among the headers of its callers', async () => {
    await using world = await startCachedRoutes();
    const answer = await world.one.anonymous.get('/books/1');
    expect(answer.headers).not.toHaveProperty('cache-tag');
  });
});

describeWithBroker('redis', () => {
  test(
    'two gateways on one Redis ask a service once, and a purge at one ends an answer at both',
    async () => {
      await using redis = await startRedis();
      await using world = await startCachedRoutes({ REDIS_URL: redis.url });
      const { one, other } = world;
      let path = '';
      await until('the store is there for both', async () => {
        path = `/books/${world.service.seen.length}`;
        const first = await textAt(one, path);
        return (await textAt(other, path)) === first;
      });
      const before = await textAt(one, path);
      const game = await textAt(one, '/games/1');
      const { body } = await purge(other, { tags: ['books'] });
      await until('the other one has heard of it', async () => (await textAt(one, path)) !== before);

      expect(body).toMatchObject({ replicas: 'told' });
      expect(await textAt(other, path)).not.toBe(before);
      expect(await textAt(one, '/games/1')).toBe(game);
    },
    brokerTestTimeoutMs,
  );
});
