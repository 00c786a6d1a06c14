import { Deadline, runInContext } from '@bff/context';
import { AbandonedError, CallerGoneError } from '@bff/problem';
import { answerStatus, createContext, type Handler, neverAnswer, until } from '@bff/testing';
import { path } from '../path.js';
import { answerAda, openUsers, User } from './open-users.fixture.js';

describe('the end of a call', () => {
  test('a caller who leaves ends it at the socket within a second, and nobody is to blame', async () => {
    await using service = await openUsers(neverAnswer, { timeoutMs: 5_000 });
    const leaving = new AbortController();
    const call = runInContext(createContext({ signal: leaving.signal }), () => service.get());
    await until('it is so', () => service.seen.length === 1);
    leaving.abort();
    await expect(call).rejects.toBeInstanceOf(CallerGoneError);
    await until('it is so', () => service.gone === 1);
    expect(service.upstream.state().calls).toMatchObject({ callerGone: 1, failed: { timeout: 0 } });
  });

  test('a call that nobody needs any more is counted as that', async () => {
    await using service = await openUsers(neverAnswer);
    const siblings = new AbortController();
    const call = runInContext(createContext({ signal: siblings.signal }), () => service.get());
    siblings.abort(new AbandonedError());
    await expect(call).rejects.toBeInstanceOf(AbandonedError);
    expect(service.upstream.state().calls).toMatchObject({ abandoned: 1, callerGone: 0 });
  });

  test('the deadline handed down shrinks by the time that was spent', async () => {
    const arrivedMs: number[] = [];
    await using service = await openUsers((request, response, call) => {
      arrivedMs.push(performance.now());
      if (call === 1) setTimeout(() => answerStatus(503)(request, response, call), 200);
      else answerAda(request, response, call);
    });
    await runInContext(createContext({ deadline: Deadline.after(900) }), () => service.get());
    const [first = 0, second = 0] = service.seen.map(({ headers }) => Number(headers['x-deadline-ms']));
    const [firstMs = 0, secondMs = 0] = arrivedMs;
    expect(first).toBeLessThanOrEqual(900);
    expect(second).toBeLessThanOrEqual(700);
    expect(Math.abs(first - second - (secondMs - firstMs))).toBeLessThan(50);
  });
});

describe('hedging', () => {
  const mostlyQuick: Handler = (request, response, call) =>
    call > 60 && call % 10 === 0
      ? void setTimeout(() => answerAda(request, response, call), 900)
      : answerAda(request, response, call);

  test('a read that takes longer than 95 % of them do is asked for once more, and the slow one is given up', async () => {
    await using service = await openUsers(mostlyQuick, { hedge: true });
    for (let call = 0; call < 60; call += 1) await service.get(String(call));
    const startedMs = performance.now();
    for (let call = 0; call < 40; call += 1) expect(await service.get(String(call))).toEqual({ name: 'Ada' });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    const { calls } = service.upstream.state();
    expect(calls.hedges).toBeGreaterThanOrEqual(3);
    expect(calls).toMatchObject({ ok: 100, failed: { timeout: 0 } });
    await until('it is so', () => service.gone >= 3);
  });

  test('it is paid from the retry budget, and changes are never hedged', async () => {
    await using service = await openUsers(answerAda, {
      hedge: true,
      retry: { budgetShare: 0, budgetPerSecond: 0 },
    });
    for (let call = 0; call < 60; call += 1) await service.get(String(call));
    service.handler = (request, response, call) =>
      void setTimeout(() => answerAda(request, response, call), 60);
    for (let call = 0; call < 5; call += 1) await service.get(String(call));
    expect(service.upstream.state().calls.hedges).toBe(0);
    await using changed = await openUsers(answerAda, { hedge: true });
    for (let call = 0; call < 60; call += 1) await changed.get(String(call));
    changed.handler = (request, response, call) =>
      void setTimeout(() => answerAda(request, response, call), 60);
    const { hedges } = changed.upstream.state().calls;
    for (let call = 0; call < 5; call += 1) await changed.upstream.post(path`/orders`, {}, User);
    expect(changed.upstream.state().calls.hedges).toBe(hedges);
  });
});
