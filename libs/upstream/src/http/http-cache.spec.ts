import { Ending, type RequestContext, runInContext } from '@bff/context';
import { createContext, type Handler, HandlerFake, until } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import type { UpstreamConfig } from '../upstream-options.js';
import { HttpUpstream } from './http-upstream.js';
import { tellCaller } from '../identity/identities.fixture.js';

const Answer = z.object({ name: z.string() });
const as = (id: string): RequestContext => createContext({ caller: { id, scopes: new Set() } });

/** Answers with the caller's id and how often it was asked, under these headers. */
const whoAndHowOften =
  (headers: Readonly<Record<string, string>>): Handler =>
  (request, response, call) => {
    if (request.method === 'GET' && request.headers['if-none-match'] === '"v1"')
      return void response.writeHead(304, headers).end();
    const body = JSON.stringify({ name: `${String(request.headers['x-user-id'])} ${call}` });
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(body);
  };

const open = (handler: Handler, config: Partial<UpstreamConfig> = {}) =>
  HandlerFake.startFor(handler, (url) => {
    const upstream = new HttpUpstream('users', { url, timeoutMs: 1_000, ...config }, tellCaller);
    return {
      upstream,
      get: async (id = '7') => (await runInContext(as(id), () => upstream.get(path`/me`, Answer))).name,
    };
  });

test('500 equal reads that find nothing stored are one call, and later ones are none', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'max-age=60' }));
  expect(new Set(await Promise.all(Array.from({ length: 500 }, () => service.get())))).toEqual(
    new Set(['7 1']),
  );
  for (let read = 0; read < 10; read += 1) expect(await service.get()).toBe('7 1');
  expect(service.seen).toHaveLength(1);
  expect(service.upstream.state().cache).toMatchObject({ entries: 1, hits: 10, misses: 1 });
});

test('two callers never see each other’s stored answer, though it says public', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'public, max-age=60' }));
  expect([await service.get('7'), await service.get('8'), await service.get('7')]).toEqual([
    '7 1',
    '8 2',
    '7 1',
  ]);
});

test('what says public is shared where the upstream is configured for it', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'public, max-age=60' }), {
    cache: { shared: true },
  });
  expect([await service.get('7'), await service.get('8')]).toEqual(['7 1', '7 1']);
});

test('an answer that is to be checked is confirmed by 304, and costs no second body', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'no-cache', etag: '"v1"' }));
  expect([await service.get(), await service.get()]).toEqual(['7 1', '7 1']);
  expect(service.seen[1]?.headers['if-none-match']).toBe('"v1"');
  expect(service.upstream.state().cache).toMatchObject({ revalidated: 1 });
});

test('a change makes the gateway forget what is stored for its path', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'max-age=60' }));
  await service.get();
  await service.upstream.put(path`/me`, { name: 'Ada' }, Answer);
  expect(await service.get()).toBe('7 3');
});

test('an answer may stand in for a service that fails, even behind an open circuit, for as long as it says', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'max-age=0, stale-if-error=60' }));
  await service.get();
  service.handler = (_request, response) => void response.writeHead(500).end();
  for (let read = 0; read < 30; read += 1) expect(await service.get()).toBe('7 1');
  expect(service.upstream.state()).toMatchObject({ circuit: 'open', cache: { stale: 30 } });
  await expect(service.get('8')).rejects.toMatchObject({ reason: 'circuit_open' });
});

test('a stale answer is given at once while it is refreshed, and the refresh outlives the caller who caused it', async () => {
  const headers = { 'cache-control': 'max-age=0, stale-while-revalidate=60' };
  await using service = await open(whoAndHowOften(headers));
  await service.get();
  service.handler = (request, response, call) =>
    void setTimeout(() => whoAndHowOften(headers)(request, response, call), 30);
  const leaving = new AbortController();
  const context = { ...as('7'), ending: new Ending(leaving.signal) };
  const { name } = await runInContext(context, () => service.upstream.get(path`/me`, Answer));
  expect(name).toBe('7 1');
  leaving.abort();
  await until('the refresh has ended', async () => (await service.get()) === '7 2');
});

test('without a cache every read is a call', async () => {
  await using service = await open(whoAndHowOften({ 'cache-control': 'max-age=60' }), { cache: false });
  expect([await service.get(), await service.get()]).toEqual(['7 1', '7 2']);
});
