import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerStatus, listen, neverAnswer, until } from '@bff/testing';
import { path } from '../path.js';
import { HttpUpstream } from './http-upstream.js';
import { answerAda, openUsers, User } from './open-users.fixture.js';
import { tellNobody } from '../identity/identities.fixture.js';

describe('retries', () => {
  test.each([502, 503, 504])('a read that gets %i is tried again, and the answer counts', async (code) => {
    await using service = await openUsers((request, response, call) =>
      (call < 3 ? answerStatus(code) : answerAda)(request, response, call),
    );
    expect(await service.get()).toEqual({ name: 'Ada' });
    expect(service.seen).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 408, 409, 422, 429, 500, 501, 302])(
    '%i is an answer, and not asked for again',
    async (code) => {
      await using service = await openUsers(answerStatus(code));
      await expect(service.get()).rejects.toMatchObject({ upstream: 'users' });
      expect(service.seen).toHaveLength(1);
    },
  );

  test('429 with Retry-After is tried again when that time is over, if there is enough of it', async () => {
    const patient = (request: IncomingMessage, response: ServerResponse, call: number): void =>
      (call === 1 ? answerStatus(429, { 'retry-after': '1' }) : answerAda)(request, response, call);
    await using service = await openUsers(patient, { timeoutMs: 3_000 });
    const startedMs = performance.now();
    expect(await service.get()).toEqual({ name: 'Ada' });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    await using hurried = await openUsers(patient, { timeoutMs: 500 });
    await expect(hurried.get()).rejects.toMatchObject({ reason: 'overloaded', retryAfterMs: 1_000 });
    expect(hurried.seen).toHaveLength(1);
  });

  test('a time-out includes all tries: three of them take no longer than one', async () => {
    await using service = await openUsers(neverAnswer, { timeoutMs: 300, attemptTimeoutMs: 120 });
    const startedMs = performance.now();
    await expect(service.get()).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - startedMs).toBeLessThan(800);
    expect(service.seen.length).toBeGreaterThan(1);
    await until('it is so', () => service.gone === service.seen.length);
  });

  test('a change is sent once, whatever happens to it: 1,000 of them with resets, time-outs and 503', async () => {
    const seen = new Map<string, number>();
    await using service = await openUsers(
      (request, response, call) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as { id: number };
          seen.set(String(body.id), (seen.get(String(body.id)) ?? 0) + 1);
          if (call % 5 === 0) request.socket.resetAndDestroy();
          else if (call % 5 === 1) answerStatus(503)(request, response, call);
          else if (call % 5 === 2) return;
          else answerAda(request, response, call);
        });
      },
      {
        timeoutMs: 300,
        circuit: { minimumCalls: 100_000 },
      },
    );
    const change = (id: number): Promise<string> =>
      service.upstream.post(path`/orders`, { id }, User).then(
        () => 'ok',
        (error: { reason: string }) => error.reason,
      );
    const outcomes: string[] = [];
    while (outcomes.length < 1_000) {
      const batch = Array.from({ length: 100 }, (_, index) => change(outcomes.length + index));
      outcomes.push(...(await Promise.all(batch)));
    }
    expect([...new Set(outcomes)].toSorted()).toEqual(['ok', 'overloaded', 'timeout', 'unreachable']);
    expect([...seen.values()].filter((times) => times > 1)).toEqual([]);
    const answered = outcomes.flatMap((outcome, id) => (/ok|overloaded/.test(outcome) ? [String(id)] : []));
    expect(answered.filter((id) => !seen.has(id))).toEqual([]);
  });

  test('a change with an idempotency key may be sent again, with the same key', async () => {
    await using service = await openUsers((request, response, call) =>
      (call === 1 ? answerStatus(503) : answerAda)(request, response, call),
    );
    const body = { sku: 'BK-1843' };
    expect(await service.upstream.post(path`/orders`, body, User, { idempotencyKey: 'k-1' })).toEqual({
      name: 'Ada',
    });
    expect(service.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1', 'k-1']);
  });

  test('300 failing reads at once cost 1.2 times as many attempts and 30 at most, and none more than three', async () => {
    const attempts = new Map<string, number>();
    await using service = await openUsers(
      (request, response, call) => {
        attempts.set(request.url ?? '', (attempts.get(request.url ?? '') ?? 0) + 1);
        answerStatus(503)(request, response, call);
      },
      { circuit: { minimumCalls: 100_000 }, bulkhead: { concurrent: 300 }, timeoutMs: 5_000 },
    );
    await Promise.allSettled(Array.from({ length: 300 }, (_, id) => service.get(String(id))));
    expect(service.seen.length).toBeLessThanOrEqual(300 * 1.2 + 30);
    expect(service.seen.length).toBeGreaterThan(300);
    expect(Math.max(...attempts.values())).toBeLessThanOrEqual(3);
    expect(service.upstream.state().calls).toMatchObject({ all: 300, retries: service.seen.length - 300 });
  });

  test('an idle connection that the service closes costs the next change nothing, 10 of 10', async () => {
    await using service = await openUsers((request, response, call) => {
      answerAda(request, response, call);
      response.once('finish', () => setTimeout(() => request.socket.destroy(), 5));
    });
    for (let change = 0; change < 10; change += 1) {
      expect(await service.upstream.post(path`/orders`, { change }, User)).toEqual({ name: 'Ada' });
      await sleep(20);
    }
    expect(service.seen).toHaveLength(10);
  });

  test('a service that announces a short keep-alive is never written to after it', async () => {
    const listening = await listen(
      createServer({ keepAliveTimeout: 1_000 }, (request, response) => answerAda(request, response, 1)),
    );
    const upstream = new HttpUpstream('users', { url: listening.url, timeoutMs: 500 }, tellNobody);
    for (let change = 0; change < 3; change += 1) {
      expect(await upstream.post(path`/orders`, { change }, User)).toEqual({ name: 'Ada' });
      for (let waits = 0; waits < 34; waits += 1) await sleep(30);
    }
    await upstream.close();
    await listening.close();
  });
});
