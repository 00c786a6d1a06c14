import { setTimeout as sleep } from 'node:timers/promises';
import { runInContext } from '@bff/context';
import { answerStatus, createContext, neverAnswer, until } from '@bff/testing';
import { answerAda, openUsers } from './open-users.fixture.js';

describe('the circuit', () => {
  test('after 20 failures the service is left alone, callers are told at once when to come back, and then it is probed', async () => {
    await using service = await openUsers(answerStatus(500), { circuit: { openMs: 2_000, probes: 2 } });
    await Promise.allSettled(Array.from({ length: 20 }, (_, id) => service.get(String(id))));
    const failures = await Promise.all(
      Array.from({ length: 180 }, async (_, id) => {
        const startedMs = performance.now();
        const reason = await service.get(String(id)).catch((error: { reason: string }) => error.reason);
        return { reason, tookMs: performance.now() - startedMs };
      }),
    );
    expect(service.seen).toHaveLength(20);
    expect(failures.every(({ reason }) => reason === 'circuit_open')).toBe(true);
    expect(Math.max(...failures.map(({ tookMs }) => tookMs))).toBeLessThan(500);
    await expect(service.get()).rejects.toMatchObject({
      reason: 'circuit_open',
      retryAfterMs: expect.any(Number),
    });

    service.handler = (request, response, call) =>
      void setTimeout(() => answerAda(request, response, call), 20);
    const before = service.seen.length;
    await sleep(2_050);
    const results = await Promise.allSettled(Array.from({ length: 100 }, (_, id) => service.get(String(id))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(service.seen.length - before).toBe(1);
    await service.get();
    expect(service.upstream.state().circuit).toBe('closed');
    expect(await service.get()).toEqual({ name: 'Ada' });
  });

  test('4xx, 429 and callers who hang up never open it', async () => {
    await using service = await openUsers((request, response, call) =>
      [answerStatus(404), answerStatus(429), answerStatus(422), neverAnswer][call % 4]?.(
        request,
        response,
        call,
      ),
    );
    const leaving = new AbortController();
    let settled = 0;
    const calls = Array.from({ length: 120 }, (_, id) =>
      runInContext(createContext({ signal: leaving.signal }), () => service.get(String(id)))
        .catch(() => undefined)
        .finally(() => (settled += 1)),
    );
    await until('only those without an answer are left', () => settled === 90);
    leaving.abort();
    await Promise.all(calls);
    expect(service.upstream.state()).toMatchObject({ circuit: 'closed', calls: { callerGone: 30 } });
  });
});

describe('the bulkhead', () => {
  test('calls in flight stay within it, a few wait, the rest is refused at once with a time to come back', async () => {
    let inFlight = 0;
    let most = 0;
    await using service = await openUsers(
      (request, response, call) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        response.once('close', () => (inFlight -= 1));
        setTimeout(() => answerAda(request, response, call), 50);
      },
      { bulkhead: { concurrent: 5, queue: 5, waitMs: 1_000 } },
    );
    const startedMs = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        service.get(String(id)).then(
          () => 'ok',
          (error: { reason: string; retryAfterMs?: number }) => {
            expect(performance.now() - startedMs).toBeLessThan(500);
            expect(error).toMatchObject({ reason: 'overloaded', retryAfterMs: 1_000 });
            return 'refused';
          },
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(10);
    expect(most).toBe(5);
    expect(service.upstream.state()).toMatchObject({ circuit: 'closed', inFlight: 0, queued: 0 });
  });
});
