import { createServer, type IncomingHttpHeaders } from 'node:http';
import { UpstreamError } from '@bff/problem';
import { HttpClient, listen, type Listening } from '@bff/testing';
import { AnswerCache, type CacheOptions } from './answer-cache.js';

interface Given {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** How many requests there were, this one included; also the body, where none is given. */
  readonly count: number;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** A cache before a real service, on a clock that only moves when it is told to. */
class Scene implements AsyncDisposable {
  readonly asked: IncomingHttpHeaders[] = [];
  private nowMs = Date.now();
  private readonly asks: Promise<unknown>[] = [];
  readonly cache: AnswerCache;
  private readonly client: HttpClient;

  private constructor(
    private readonly listening: Listening,
    options: Partial<CacheOptions>,
  ) {
    this.cache = new AnswerCache('users', { maxBytes: 1e6, shared: false, ...options }, () => this.nowMs);
    this.client = new HttpClient(listening.url);
  }

  static async start(
    answer: (given: Given) => Answer | Promise<Answer>,
    options: Partial<CacheOptions> = {},
  ): Promise<Scene> {
    const server = createServer((request, response) => {
      const { url: path = '', headers } = request;
      const count = scene.asked.push(headers);
      void (async () => {
        const { status = 200, headers: own = {}, body } = await answer({ path, headers, count });
        response.writeHead(status, own).end(status === 304 ? undefined : (body ?? String(count)));
      })();
    });
    const scene = new Scene(await listen(server), options);
    return scene;
  }

  wait(seconds: number): void {
    this.nowMs += seconds * 1_000;
  }

  async get(identity = 'ada', headers: Record<string, string> = {}, path = '/x') {
    const answer = await this.cache.get({ path, headers, identity }, (conditions) => {
      const asking = this.ask(path, { ...headers, ...conditions, 'x-user-id': identity });
      this.asks.push(asking.catch(() => undefined));
      return asking;
    });
    return { ...answer, text: answer.body.toString() };
  }

  /** The bodies of so many answers, one after the other. */
  async texts(count: number): Promise<string> {
    let texts = '';
    for (let left = count; left > 0; left -= 1) texts += (await this.get()).text;
    return texts;
  }

  /** Until what goes on in the background has ended, and the cache knows. */
  async settle(): Promise<void> {
    await Promise.all(this.asks);
    await new Promise(setImmediate);
  }

  private async ask(path: string, headers: Record<string, string>) {
    const { status, headers: own, text } = await this.client.get(path, { headers });
    if (status === 403) throw new UpstreamError('users', 'rejected', 'status 403');
    if (status >= 500) throw new UpstreamError('users', 'bad_response', `status ${status}`);
    return { status, headers: own, body: Buffer.from(text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.listening.close();
  }
}

const control = (value: string, more: Record<string, string | string[]> = {}) => ({
  'cache-control': value,
  ...more,
});
const longAgo = 'Thu, 01 Jan 2015 00:00:00 GMT';
const date = 'Wed, 01 Jan 2025 00:00:00 GMT';
const aMinuteLater = 'Wed, 01 Jan 2025 00:01:00 GMT';

test.each([
  ['max-age, before it has passed', control('max-age=60'), 59],
  ['max-age that must be revalidated afterwards', control('max-age=60, must-revalidate'), 59],
  ['max-age that proxies must revalidate afterwards', control('max-age=60, proxy-revalidate'), 59],
  ['max-age in quotes', control('max-age="60"'), 59],
  ['directives in capitals', control('Max-Age=60'), 59],
  ['several Cache-Control lines', control('x', { 'cache-control': ['private', 'max-age=60'] }), 59],
  ['max-age of an answer that has an age', control('max-age=60', { age: '30' }), 29],
  ['an expiry date', { expires: aMinuteLater, date }, 59],
])('%s is answered from the cache', async (_what, headers, seconds) => {
  await using scene = await Scene.start(() => ({ headers }));
  await scene.get();
  scene.wait(seconds);
  expect(await scene.texts(2)).toBe('11');
  expect(scene.cache.state()).toMatchObject({ entries: 1, hits: 2, misses: 1 });
});

test.each([
  ['without any word about it', {}, 0],
  ['with max-age, when it has passed', control('max-age=60'), 60],
  ['with an age as old as its max-age', control('max-age=60', { age: '60' }), 0],
  ['with an expiry date that has passed', { expires: aMinuteLater, date }, 60],
  ['with an expiry date that is none', { expires: '0' }, 0],
  ['changed ten years ago, however old that looks', { 'last-modified': longAgo, date }, 0],
  ['with an entity tag alone', { etag: '"a"' }, 0],
  ['for ever, without saying how long', control('immutable, public'), 0],
  ['for a shared cache only', control('s-maxage=60'), 0],
  ['no-cache', control('no-cache, max-age=60'), 0],
  ['no-cache of old', { pragma: 'no-cache', expires: aMinuteLater, date }, 0],
  ['no-store', control('no-store, max-age=60'), 0],
  ['no-store in capitals', control('No-Store, Max-Age=60'), 0],
  ['with a negative max-age', control('max-age=-60'), 0],
  ['with two different max-ages', control('max-age=60, max-age=90'), 0],
  ['that varies by something unknown', control('max-age=60', { vary: 'accept, *' }), 0],
])('an answer %s is asked for again', async (_what, headers, seconds) => {
  await using scene = await Scene.start(() => ({ headers }));
  await scene.get();
  scene.wait(seconds);
  expect(await scene.texts(2)).toMatch(seconds === 0 ? '23' : '22');
});

test.each([
  ['no-store', 200, control('no-store, max-age=60', { etag: '"a"' })],
  ['Vary: *', 200, control('max-age=60', { etag: '"a"', vary: '*' })],
  ['what could never serve', 200, control('max-age=0')],
  ['a 201', 201, control('max-age=60')],
  ['a part', 206, control('max-age=60')],
  ['a redirect', 301, control('max-age=60')],
  ['a 404 that is not fresh', 404, { etag: '"a"' }],
  ['a 400', 400, control('max-age=60')],
])('%s is never stored', async (_what, status, headers) => {
  await using scene = await Scene.start(() => ({ status, headers }));
  expect(await scene.texts(2)).toBe('12');
  expect(scene.cache.state()).toMatchObject({ entries: 0, bytes: 0, misses: 2 });
});

test.each([203, 404, 410])(
  'a %i that says how long is stored, and answered as what it is',
  async (status) => {
    await using scene = await Scene.start(() => ({ status, headers: control('max-age=60') }));
    await scene.get();
    expect(await scene.get()).toMatchObject({ status, text: '1' });
  },
);

test('a failure is never stored', async () => {
  await using scene = await Scene.start(({ count }) =>
    count === 1 ? { status: 503, headers: control('max-age=60') } : {},
  );
  await expect(scene.get()).rejects.toMatchObject({ reason: 'bad_response' });
  expect((await scene.get()).text).toBe('2');
});

test('cookies and what concerns one connection are not stored, and the age is counted on', async () => {
  const own = {
    'set-cookie': ['a=1', 'b=2'],
    'set-cookie2': 'c=3',
    connection: 'x-hop, close',
    'x-hop': '1',
  };
  const headers = control('private, max-age=60', { ...own, age: '10', date, link: ['<a>', '<b>'] });
  await using scene = await Scene.start(() => ({ headers }));
  expect((await scene.get()).headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] });
  scene.wait(5);
  const { headers: cached } = await scene.get();
  expect(cached).toEqual({ ...control('private, max-age=60'), age: '15', date, link: '<a>, <b>' });
});

describe('validation', () => {
  test.each([
    ['an entity tag', { etag: 'W/"a"' }, { 'if-none-match': 'W/"a"' }],
    ['a date', { 'last-modified': longAgo }, { 'if-modified-since': longAgo }],
  ])(
    'by %s confirms what is stored and brings its headers up to date',
    async (_what, validator, condition) => {
      await using scene = await Scene.start(({ count }) =>
        count === 1
          ? { headers: control('max-age=0', { ...validator, age: '50', 'x-kept': 'a', 'x-changed': 'a' }) }
          : {
              status: 304,
              headers: control('max-age=60', { 'x-changed': 'b', 'x-new': 'b', 'set-cookie': 'c' }),
            },
      );
      await scene.get();
      const renewed = { 'x-kept': 'a', 'x-changed': 'b', 'x-new': 'b', ...control('max-age=60') };
      expect(await scene.get()).toMatchObject({ status: 200, text: '1', headers: renewed });
      expect(scene.asked[1]).toMatchObject(condition);
      scene.wait(59);
      const { text, headers } = await scene.get();
      expect({ text, headers }).toMatchObject({ text: '1', headers: { ...renewed, age: '59' } });
      expect(headers).not.toHaveProperty('set-cookie');
      expect(scene.cache.state()).toMatchObject({ hits: 1, misses: 1, revalidated: 1, stale: 0 });
    },
  );

  test('that says not to store it ends what was stored', async () => {
    await using scene = await Scene.start(({ headers }) =>
      headers['if-none-match'] === undefined
        ? { headers: control('no-cache', { etag: '"a"' }) }
        : { status: 304, headers: control('no-store') },
    );
    expect(await scene.texts(2)).toBe('11');
    expect(scene.cache.state()).toMatchObject({ entries: 0, revalidated: 1 });
  });

  test('that finds another answer puts that in place of the stored one', async () => {
    await using scene = await Scene.start(({ count }) => ({
      headers: control(count === 2 ? 'no-store' : 'no-cache', { etag: `"${count}"` }),
    }));
    expect(await scene.texts(3)).toBe('123');
    expect(scene.asked.map((headers) => headers['if-none-match'])).toEqual([undefined, '"1"', undefined]);
  });

  test('that confirms another answer than the stored one is followed by a question without conditions', async () => {
    await using scene = await Scene.start(({ headers }) =>
      headers['if-none-match'] === undefined
        ? { headers: { etag: '"a"' } }
        : { status: 304, headers: { etag: '"b"' } },
    );
    expect(await scene.texts(2)).toBe('13');
    expect(scene.asked[2]).not.toHaveProperty('if-none-match');
  });

  test('that is rejected ends what was stored', async () => {
    await using scene = await Scene.start(({ count }) =>
      count === 2 ? { status: 403 } : { headers: control('max-age=1, stale-if-error=60', { etag: '"a"' }) },
    );
    await scene.get();
    scene.wait(2);
    await expect(scene.get()).rejects.toMatchObject({ reason: 'rejected' });
    expect(scene.cache.state().entries).toBe(0);
  });
});

test('a request with wishes of its own goes past the cache', async () => {
  await using scene = await Scene.start(({ headers }) =>
    headers['if-none-match'] === undefined ? { headers: control('max-age=60') } : { status: 304 },
  );
  await scene.get();
  expect((await scene.get('ada', { range: 'bytes=0-1' })).text).toBe('2');
  expect((await scene.get('ada', { 'if-none-match': '"a"' })).status).toBe(304);
  expect((await scene.get()).text).toBe('1');
});

test('an answer that varies serves only requests with the same headers, in any order', async () => {
  await using scene = await Scene.start(({ headers }) => ({
    headers: control('max-age=60', { vary: 'Accept-Language' }),
    body: headers['accept-language'] ?? 'any',
  }));
  const ask = async (language?: string) =>
    (await scene.get('ada', language === undefined ? {} : { 'accept-language': language })).text;
  for (const language of ['de', undefined, 'fr', 'de', 'fr', undefined]) {
    expect(await ask(language)).toBe(language ?? 'any');
  }
  expect(scene.asked).toHaveLength(3);
  for (let n = 0; n < 100; n += 1) await ask(`x-${n}`);
  expect(scene.cache.state().entries).toBe(16);
});
