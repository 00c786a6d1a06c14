import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type IncomingMessage } from 'node:http';
import { CallerGoneError, type FailureReason, UpstreamError } from '@bff/problem';
import { HttpClient, listen, type Listening } from '@bff/testing';
import { AnswerCache, type CachedRequest, type CacheOptions } from './answer-cache.js';

type Headers = Record<string, string>;

/** A service whose answers are made by a function; its body is their `body`, or how often it was asked. */
class Service implements AsyncDisposable {
  asked = 0;
  nowMs = Date.now();
  /** What asking ends with, in place of an answer. */
  failure: Error | undefined;
  /** What its answers wait for. */
  gate: Promise<void> = Promise.resolve();
  readonly asks: Promise<unknown>[] = [];
  readonly cache: AnswerCache;
  private readonly client: HttpClient;

  private constructor(
    private readonly listening: Listening,
    options: Partial<CacheOptions>,
  ) {
    this.client = new HttpClient(listening.url);
    this.cache = new AnswerCache('users', { maxBytes: 1e6, shared: false, ...options }, () => this.nowMs);
  }

  static async start(
    answer: (request: IncomingMessage) => Headers & { readonly body?: string },
    options: Partial<CacheOptions> = {},
  ): Promise<Service> {
    const server = createServer((request, response) => {
      service.asked += 1;
      const { body = String(service.asked), ...headers } = answer(request);
      const isConfirmed =
        headers['etag'] !== undefined && headers['etag'] === request.headers['if-none-match'];
      void service.gate.then(() =>
        response.writeHead(isConfirmed ? 304 : 200, headers).end(isConfirmed ? '' : body),
      );
    });
    const service = new Service(await listen(server), options);
    return service;
  }

  /** The body of an answer to this path, for Ada unless another is named. */
  async get(path = '/x', identity = 'ada', headers: Headers = {}): Promise<string> {
    const answer = await this.answer({ path, identity, headers });
    return answer.body.toString();
  }

  answer(request: CachedRequest) {
    return this.cache.get(request, (conditions) => {
      const asking = this.ask(request, conditions);
      this.asks.push(asking.catch(() => undefined));
      return asking;
    });
  }

  async settle(): Promise<void> {
    await Promise.all(this.asks);
    await new Promise(setImmediate);
  }

  private async ask({ path, headers, identity }: CachedRequest, conditions: Readonly<Headers>) {
    if (this.failure !== undefined) throw this.failure;
    const sent = { ...headers, ...conditions, 'x-user-id': identity };
    const answer = await this.client.get(path, { headers: sent });
    return { ...answer, body: Buffer.from(answer.text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.listening.close();
  }
}

const says = (control: string, more: Headers = {}) => ({ 'cache-control': control, ...more });
const failed = (reason: FailureReason) => new UpstreamError('users', reason);

function createGate() {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

test('while revalidating, everybody gets the stale answer at once and the service is asked once', async () => {
  await using service = await Service.start(() => says('max-age=10, stale-while-revalidate=30'));
  await service.get();
  service.nowMs += 39_000;
  const { gate, open } = createGate();
  service.gate = gate;
  expect(await Promise.all(Array.from({ length: 20 }, () => service.get()))).toEqual(Array(20).fill('1'));
  expect((await service.answer({ path: '/x', identity: 'ada', headers: {} })).headers['age']).toBe('39');
  open();
  await service.settle();
  expect([await service.get(), service.asked]).toEqual(['2', 2]);
  expect(service.cache.state()).toMatchObject({ hits: 1, misses: 1, stale: 21, revalidated: 0 });
});

test('when its time to be stale is over, an answer is waited for, and what had no validator is dropped', async () => {
  await using service = await Service.start(() => says('max-age=10, stale-while-revalidate=30'));
  await service.get();
  service.nowMs += 40_000;
  service.failure = failed('timeout');
  await expect(service.get()).rejects.toMatchObject({ reason: 'timeout' });
  expect(service.cache.state()).toMatchObject({ entries: 0, bytes: 0, stale: 0 });
});

test('a refresh in the background runs in the context of its caller, and its failure is nobody’s', async () => {
  await using service = await Service.start(() => says('max-age=10, stale-while-revalidate=30'));
  await service.get();
  service.nowMs += 20_000;
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const stale = await context.run('ada', () =>
    service.cache.get({ path: '/x', identity: 'ada', headers: {} }, async () => {
      await new Promise(setImmediate);
      seen.push(context.getStore());
      throw failed('unreachable');
    }),
  );
  expect(stale.body.toString()).toBe('1');
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  expect(seen).toEqual(['ada']);
  await service.get();
  await service.settle();
  expect(await service.get()).toBe('2');
});

test.each<FailureReason>(['timeout', 'unreachable', 'overloaded', 'bad_response', 'circuit_open'])(
  'on %s the stale answer serves, for as long as it may',
  async (reason) => {
    await using service = await Service.start(() => says('max-age=10, stale-if-error=30', { etag: '"a"' }));
    await service.get();
    service.failure = failed(reason);
    service.nowMs += 39_000;
    expect(await service.get()).toBe('1');
    expect(service.cache.state()).toMatchObject({ stale: 1, entries: 1 });
    service.nowMs += 1_000;
    await expect(service.get()).rejects.toBe(service.failure);
  },
);

test.each([
  ['a rejection', failed('rejected')],
  ['a caller who left', new CallerGoneError()],
  ['a mistake of ours', new TypeError('x')],
])('%s is not answered with something stale', async (_what, failure) => {
  await using service = await Service.start(() => says('max-age=10, stale-if-error=30'));
  await service.get();
  service.failure = failure;
  service.nowMs += 20_000;
  await expect(service.get()).rejects.toBe(failure);
});

test.each(['must-revalidate', 'proxy-revalidate', 'no-cache', 's-maxage=10, public'])(
  '%s forbids everything stale',
  async (directive) => {
    const control = `max-age=10, stale-if-error=30, stale-while-revalidate=30, ${directive}`;
    await using service = await Service.start(() => says(control, { etag: '"a"' }), { shared: true });
    await service.get();
    service.failure = failed('unreachable');
    service.nowMs += 20_000;
    await expect(service.get()).rejects.toBe(service.failure);
  },
);

test('a change ends what is stored of its path, for everybody, and of no other path', async () => {
  await using service = await Service.start(() => says('max-age=60'));
  const bodies = () => Promise.all([service.get('/x', 'ada'), service.get('/x', 'bob'), service.get('/y')]);
  const [, , other] = await bodies();
  void service.cache.invalidate('/x');
  expect(service.cache.state().entries).toBe(1);
  expect((await bodies())[2]).toBe(other);
  expect(service.asked).toBe(5);
});

test.each([0, 1_000])(
  'an answer asked for before a change is not stored after it, nor after %i more',
  async (more) => {
    await using service = await Service.start(() => says('max-age=60, stale-if-error=60', { body: 'old' }));
    const { gate, open } = createGate();
    service.gate = gate;
    const asking = service.get();
    void service.cache.invalidate('/x');
    for (let n = 0; n < more; n += 1) void service.cache.invalidate(`/${n}`);
    open();
    expect(await asking).toBe('old');
    expect(service.cache.state().entries).toBe(0);
    await service.get();
    expect(service.cache.state().entries).toBe(1);
  },
);

test('what was changed while it was validated is not stored again, though it was confirmed', async () => {
  await using service = await Service.start(() => says('max-age=10', { etag: '"a"' }));
  await service.get();
  service.nowMs += 20_000;
  const asking = service.get();
  void service.cache.invalidate('/x');
  expect(await asking).toBe('1');
  expect(service.cache.state()).toMatchObject({ entries: 0, revalidated: 1 });
});

test('what was changed while it was validated does not stand in for a failure', async () => {
  await using service = await Service.start(() => says('max-age=10, stale-if-error=60'));
  await service.get();
  service.nowMs += 20_000;
  const asking = service.cache.get({ path: '/x', identity: 'ada', headers: {} }, async () => {
    void service.cache.invalidate('/x');
    throw failed('unreachable');
  });
  await expect(asking).rejects.toMatchObject({ reason: 'unreachable' });
});

test.each([
  ['public', true, says('public, max-age=60'), 1],
  ['public, where nothing is shared', false, says('public, max-age=60'), 2],
  ['public, for as long as shared caches may', true, says('public, s-maxage=60'), 1],
  ['public, and for proxies to revalidate afterwards', true, says('public, max-age=60, proxy-revalidate'), 1],
  ['not said to be public', true, says('max-age=60'), 2],
  ['public and private at once', true, says('public, private, max-age=60'), 2],
  ['public with a cookie', true, says('public, max-age=60', { 'set-cookie': 'a=1' }), 2],
  ['public, by a header that names the caller', true, says('public, max-age=60', { vary: 'X-User-Id' }), 2],
  ['public, by credentials', true, says('public, max-age=60', { vary: 'authorization' }), 2],
  ['public, by language', true, says('public, max-age=60', { vary: 'accept-language' }), 1],
])(
  'an answer that is %s (sharing: %s) is asked for once by two callers, or by each',
  async (_what, shared, headers, times) => {
    await using service = await Service.start(() => headers, { shared });
    const credentials = (who: string): Headers => ({ authorization: `Bearer ${who}` });
    for (const who of ['ada', 'bob', 'ada', 'bob']) await service.get('/x', who, credentials(who));
    expect(service.asked).toBe(times);
  },
);

test('what was stored for one caller stays his, though its confirmation says public', async () => {
  let control = 'no-cache';
  await using service = await Service.start(
    ({ headers }) => says(control, { etag: '"a"', body: String(headers['x-user-id']) }),
    {
      shared: true,
    },
  );
  await service.get();
  control = 'public, max-age=60';
  expect(await service.get()).toBe('ada');
  expect(await service.get('/x', 'bob')).toBe('bob');
});
