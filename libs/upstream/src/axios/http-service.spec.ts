import { createServer, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { HttpService } from '@nestjs/axios';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type RequestContext, Deadline, Ending, runInContext } from '@bff/context';
import { UpstreamError, unwrapUpstreamError } from '@bff/problem';
import { listen, until } from '@bff/testing';
import type { AxiosError, AxiosRequestConfig } from 'axios';
import { firstValueFrom, forkJoin, map } from 'rxjs';
import { z } from 'zod';

import { path } from '../path.js';
import { Upstream, UpstreamsModule } from '../upstreams.module.js';
import { HttpUpstream } from '../http/http-upstream.js';
import { tellCaller } from '../identity/identities.fixture.js';

/** Code as it stands in services that use `@nestjs/axios`. */
@Injectable()
class OldUsers {
  constructor(
    readonly http: HttpService,
    @Upstream('users') readonly upstream: HttpUpstream,
  ) {}

  get(path: string, config?: AxiosRequestConfig): Promise<unknown> {
    return firstValueFrom(this.http.get<unknown>(path, config).pipe(map(({ data }) => data)));
  }
}

const asAda: RequestContext = {
  requestId: 'r-1',
  trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 },
  deadline: Deadline.after(60_000),
  ending: new Ending(),
  caller: { id: '7', scopes: new Set() },
};

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A service that echoes what it was asked, and answers `/status/…` with that status, `/hang` never. */
async function startWorld() {
  const seen: Seen[] = [];
  let gone = 0;
  const listening = await listen(
    createServer((request, response) => {
      response.once('close', () => (gone += response.writableFinished ? 0 : 1));
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        if (url === '/api/hang') return;
        const status = Number(/status\/(\d+)/.exec(url ?? '')?.[1] ?? 200);
        response.writeHead(status, { 'content-type': 'application/json', 'x-from': 'users' });
        response.end(JSON.stringify({ status }));
      });
    }),
  );
  @Module({
    imports: [
      UpstreamsModule.forRoot({
        upstreams: { users: { url: `${listening.url}/api`, timeoutMs: 1_000 } },
        identities: tellCaller,
      }),
      UpstreamsModule.forHttpService('users'),
      UpstreamsModule.forClient('users', HttpUpstream),
    ],
    providers: [OldUsers],
  })
  class World {}
  const app = await NestFactory.createApplicationContext(World, { logger: false });
  return {
    users: app.get(OldUsers),
    seen,
    gone: () => gone,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await listening.close();
    },
  };
}

const failureOf = async (call: Promise<unknown>): Promise<AxiosError> => {
  const outcome = await call.then(
    () => undefined,
    (error: AxiosError) => error,
  );
  if (outcome === undefined) throw new Error('it did not fail');
  return outcome;
};

test('a GET is made through the engine, with params, identity and request id', async () => {
  await using world = await startWorld();
  const data = await runInContext(asAda, () => world.users.get('/people', { params: { page: 2, q: 'a b' } }));
  expect(data).toEqual({ status: 200 });
  expect(world.seen[0]).toMatchObject({
    method: 'GET',
    url: '/api/people?page=2&q=a+b',
    headers: { 'x-user-id': '7', 'x-request-id': 'r-1', 'x-deadline-ms': expect.any(String) },
  });
});

test('it runs on the same engine as the clients of that upstream', async () => {
  await using world = await startWorld();
  await world.users.get('/a');
  await world.users.upstream.get(path`/b`, z.unknown());
  expect(world.users.upstream.state().calls).toMatchObject({ all: 2, ok: 2 });
});

test('forkJoin, POST with JSON, headers of one call and its response work as before', async () => {
  await using world = await startWorld();
  const [first, second] = await firstValueFrom(
    forkJoin([
      world.users.http.get<unknown>('/one', { headers: { 'Accept-Language': 'en' } }),
      world.users.http.post<unknown>('/two', { name: 'Ada' }),
    ]),
  );
  expect(first).toMatchObject({ status: 200, data: { status: 200 }, headers: { 'x-from': 'users' } });
  expect(second.config.method).toBe('post');
  const byUrl = new Map(world.seen.map((call) => [call.url, call]));
  expect(byUrl.get('/api/one')?.headers['accept-language']).toBe('en');
  expect(byUrl.get('/api/two')).toMatchObject({
    method: 'POST',
    body: '{"name":"Ada"}',
    headers: { 'content-type': 'application/json' },
  });
});

test('interceptors see requests, answers and failures', async () => {
  await using world = await startWorld();
  const seen: unknown[] = [];
  world.users.http.axiosRef.interceptors.request.use((config) => {
    config.headers.set('x-added', 'yes');
    return config;
  });
  world.users.http.axiosRef.interceptors.response.use(
    (response) => (seen.push(response.status), response),
    (error: AxiosError) => (seen.push(error.response?.status), Promise.reject(error)),
  );
  await world.users.get('/ok');
  await failureOf(world.users.get('/status/404'));
  expect(seen).toEqual([200, 404]);
  expect(world.seen[0]?.headers['x-added']).toBe('yes');
});

test('a status that is not accepted is an AxiosError with its response, and the UpstreamError behind it', async () => {
  await using world = await startWorld();
  const error = await failureOf(world.users.get('/status/404'));
  expect(error).toMatchObject({
    isAxiosError: true,
    code: 'ERR_BAD_REQUEST',
    response: { status: 404, data: { status: 404 } },
  });
  expect(unwrapUpstreamError(error)).toMatchObject({
    upstream: 'users',
    reason: 'rejected',
    rejection: 'not_found',
  });
  const anything = await firstValueFrom(world.users.http.get('/status/404', { validateStatus: () => true }));
  expect(anything.status).toBe(404);
});

test('503 is tried again, as for every other call', async () => {
  await using world = await startWorld();
  const error = await failureOf(world.users.get('/status/503'));
  expect(error.response?.status).toBe(503);
  expect(world.seen).toHaveLength(3);
});

test('a time limit of one call ends it at the socket', async () => {
  await using world = await startWorld();
  const error = await failureOf(world.users.get('/hang', { timeout: 50 }));
  expect(error.code).toBe('ECONNABORTED');
  expect(unwrapUpstreamError(error)).toBeInstanceOf(UpstreamError);
  await until('it is so', () => world.gone() === 1);
});

test('a signal of one call ends it', async () => {
  await using world = await startWorld();
  const leaving = new AbortController();
  const call = failureOf(runInContext(asAda, () => world.users.get('/hang', { signal: leaving.signal })));
  await until('it is so', () => world.seen.length === 1);
  leaving.abort();
  expect((await call).code).toBe('ERR_CANCELED');
  await until('it is so', () => world.gone() === 1);
});

test.each([
  'http://evil.example/',
  'https://users/',
  '//evil.example/x',
  'http://users.evil.example/',
  'file:///etc/passwd',
])('another host is not called: %s', async (url) => {
  await using world = await startWorld();
  expect(await failureOf(world.users.get(url))).toMatchObject({ code: 'ERR_BAD_OPTION' });
  expect(world.seen).toHaveLength(0);
});

test('dots in a path do not lead out of the upstream', async () => {
  await using world = await startWorld();
  await world.users.get('/../../secret');
  expect(world.seen[0]?.url).toBe('/api/secret');
});

test('bytes, text and streams come as asked for', async () => {
  await using world = await startWorld();
  expect(Buffer.isBuffer(await world.users.get('/', { responseType: 'arraybuffer' }))).toBe(true);
  expect(
    await world.users.get('/', { responseType: 'text', transformResponse: (text: string) => text }),
  ).toBe('{"status":200}');
  const stream = (await world.users.get('/', { responseType: 'stream' })) as Readable;
  expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"status":200}');
});
