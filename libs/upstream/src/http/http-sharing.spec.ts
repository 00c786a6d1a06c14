import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline, runInContext } from '@bff/context';
import { CallerGoneError } from '@bff/problem';
import { createContext, type Handler, neverAnswer, until } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import { openUsers, User } from './open-users.fixture.js';

describe('sharing', () => {
  const named: Handler = (request, response) => {
    const name = String(request.headers['x-user-id']);
    setTimeout(
      () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ name })),
      20,
    );
  };
  const as = (id: string, more: Parameters<typeof createContext>[0] = {}) =>
    createContext({ caller: { id, scopes: new Set() }, ...more });

  test('500 equal reads of one caller at once are one call', async () => {
    await using service = await openUsers(named);
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => runInContext(as('7'), () => service.get('me'))),
    );
    expect(service.seen).toHaveLength(1);
    expect(answers.every(({ name }) => name === '7')).toBe(true);
    expect(service.upstream.state().calls).toMatchObject({ all: 500, ok: 500, attempts: 1, shared: 499 });
  });

  test("two callers never see each other's answer: 10,000 mixed reads", async () => {
    await using service = await openUsers(named, {
      bulkhead: { concurrent: 300, queue: 10_000, waitMs: 60_000 },
      timeoutMs: 30_000,
    });
    const ids = Array.from({ length: 10_000 }, (_, index) => String(index % 7));
    const answers = await Promise.all(
      ids.map(async (id, index) => {
        await sleep(index % 40);
        return runInContext(as(id, { deadline: Deadline.after(30_000) }), () => service.get('me'));
      }),
    );
    expect(answers.map(({ name }) => name)).toEqual(ids);
    expect(service.seen.length).toBeLessThan(10_000);
  });

  test('changes, and calls of nobody known, are told apart as well', async () => {
    await using service = await openUsers(named);
    await Promise.all([1, 2, 3].map(() => service.upstream.post(path`/orders`, {}, User)));
    await Promise.all([1, 2, 3].map((id) => service.get(String(id))));
    expect(service.seen).toHaveLength(6);
  });

  test('what one caller does to the answer, the others do not see', async () => {
    const Loose = z.unknown();
    await using service = await openUsers(named);
    const one = service.upstream.get(path`/me`, Loose) as Promise<{ name: string }>;
    const other = service.upstream.get(path`/me`, Loose) as Promise<{ name: string }>;
    (await one).name = 'changed';
    expect((await other).name).not.toBe('changed');
    expect(service.seen).toHaveLength(1);
  });

  test('a leader who leaves does not end the others, a follower who leaves not the leader, and the last one ends the call', async () => {
    await using service = await openUsers(named);
    for (const leaves of [0, 1]) {
      const leaving = new AbortController();
      const calls = [0, 1].map((index) =>
        runInContext(as('7', index === leaves ? { signal: leaving.signal } : {}), () => service.get('me')),
      );
      const left = calls[leaves]?.catch((error: unknown) => error);
      leaving.abort();
      expect(await left).toBeInstanceOf(CallerGoneError);
      expect(await calls[1 - leaves]).toEqual({ name: '7' });
    }
    expect(service.gone).toBe(0);

    service.handler = neverAnswer;
    const leaving = new AbortController();
    const calls = [0, 1].map(() =>
      runInContext(as('7', { signal: leaving.signal }), () => service.get('me')),
    );
    await until('it is so', () => service.seen.length === 3);
    leaving.abort();
    expect(await Promise.all(calls.map((call) => call.catch((error: unknown) => error)))).toEqual([
      expect.any(CallerGoneError),
      expect.any(CallerGoneError),
    ]);
    await until('it is so', () => service.gone === 1);
  });

  test('who has much more time left than a call in flight starts one of his own', async () => {
    await using service = await openUsers(neverAnswer);
    const hurried = runInContext(as('7', { deadline: Deadline.after(100) }), () => service.get('me'));
    const patient = runInContext(as('7'), () => service.get('me'));
    await until('it is so', () => service.seen.length === 2);
    await expect(hurried).rejects.toMatchObject({ reason: 'timeout' });
    await expect(patient).rejects.toMatchObject({ reason: 'timeout' });
  });
});
