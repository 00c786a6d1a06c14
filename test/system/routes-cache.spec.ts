import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const page = {
  cache: { maxAge: '60s', shared: true, tags: ['books', 'book-:id'] },
  access: { public: true },
};
const mine = { cache: { maxAge: '60s' } };
const route = (name: string, more: object) => ({
  name,
  match: { path: `/${name}/:id` },
  upstream: 'legacy',
  ...more,
});
const routes = [
  route('page', page),
  route('mine', mine),
  route('told', { ...page, cache: { shared: true } }),
  route('stale', {
    ...page,
    cache: { shared: true, maxAge: '1s', staleIfError: '60s', staleWhileRevalidate: '60s' },
  }),
  route('spare', { ...page, cache: { shared: true, maxAge: '0s', staleIfError: '60s' } }),
  route('small', { ...page, cache: { shared: true, maxAge: '60s', maxBytes: '1KiB' } }),
];

let world: ProxyWorld;
let served = 0;
beforeAll(async () => void (world = await startProxyWorld({ routes })));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  served = world.seen.length;
  let call = 0;
  world.serve = (_request, response) => void response.end(`answer ${(call += 1)}`);
});

const asked = (): number => world.seen.length - served;
const get = (path: string, headers: Record<string, string> = {}) =>
  world.bff.anonymous.get(path, { headers });

describe('what is kept', () => {
  test('an answer is fetched once, and says how it came about', async () => {
    const first = await get('/page/1');
    const second = await get('/page/1');

    expect([first.text, second.text, asked()]).toEqual(['answer 1', 'answer 1', 1]);
    expect(first.headers['cache-status']).toBe('web-bff; fwd=uri-miss; stored');
    expect(second.headers['cache-status']).toMatch(/^web-bff; hit; ttl=(60|59)$/);
    expect(second.headers).toMatchObject({ age: '0', 'content-length': '8' });
  });

  test.each([
    ['max-age=0', 2],
    ['max-age=600', 1],
    ['no-store', 2],
    ['private, max-age=60', 2],
    ['no-cache', 2],
    ['s-maxage=0, max-age=60', 2],
    ['public', 1],
    ['', 1],
  ])('of a public route with "%s", two calls ask the service %i times', async (control, times) => {
    world.serve = (_request, response) =>
      void response.setHeader('cache-control', control === '' ? [] : [control]).end('x');
    const path = `/page/control-${control.replaceAll(/\W/g, '')}`;
    await get(path);
    const { headers } = await get(path);

    expect(asked()).toBe(times);
    expect(headers['cache-control']).toBe(control === '' ? undefined : control);
  });

  test('without a time of its own a route keeps what the service says, and nothing else', async () => {
    await get('/told/1');
    await get('/told/1');
    world.serve = (_request, response) => void response.setHeader('cache-control', 'max-age=60').end('x');
    await get('/told/2');
    await get('/told/2');

    expect(asked()).toBe(3);
  });

  test.each([
    ['a cookie', 'set-cookie', 'a=b'],
    ['Vary: *', 'vary', '*'],
    ['a Vary that is no part of the question', 'vary', 'x-mood'],
    ['a stream of events', 'content-type', 'text/event-stream'],
    ['a tag that nobody could purge', 'cache-tag', 'x'.repeat(129)],
  ])('an answer with %s is not kept', async (_what, name, value) => {
    world.serve = (_request, response) => void response.setHeader(name, value).end('x');
    const path = `/page/never-${name}-${value.length}`;
    await get(path);
    const { headers } = await get(path);

    expect([asked(), headers['cache-status']]).toEqual([2, 'web-bff; fwd=uri-miss']);
  });

  test('an answer that is too large is handed on whole, and not kept', async () => {
    world.serve = (_request, response) => {
      response.write('x'.repeat(1_000));
      setImmediate(() => response.end('y'.repeat(1_000)));
    };
    const { text } = await get('/small/1');
    await get('/small/1');

    expect([text.length, asked()]).toEqual([2_000, 2]);
  });

  test('half an answer breaks off for its caller, and is kept for nobody', async () => {
    world.serve = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    };
    await expect(get('/page/half')).rejects.toThrow('closed');
    world.serve = (_request, response) => void response.end('whole');

    expect((await get('/page/half')).text).toBe('whole');
  });

  test('what a service varies by tells answers apart', async () => {
    world.serve = (request, response) =>
      void response.setHeader('vary', 'Accept-Language').end(request.headers['accept-language']);
    const languages = ['de', 'en', 'de', 'en'];
    const texts: string[] = [];
    for (const language of languages)
      texts.push((await get('/page/vary', { 'accept-language': language })).text);

    expect([texts, asked()]).toEqual([languages, 2]);
  });

  test('a range and a wish of its own go past it', async () => {
    await get('/page/past');
    const ranged = await get('/page/past', { range: 'bytes=0-1' });
    await get('/page/past', { 'cache-control': 'no-cache' });

    expect([asked(), ranged.headers['cache-status']]).toEqual([3, 'web-bff; fwd=bypass']);
  });
});

describe('whose it is', () => {
  test('of 200 mixed calls of 10 callers none gets what is another one’s', async () => {
    world.serve = (request, response) => void response.end(String(request.headers['x-user-id']));
    const subjects = Array.from({ length: 10 }, (_, index) => `user-${index}`);
    const clients = await Promise.all(subjects.map((subject) => world.bff.with({ subject })));
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const at = index % 10;
        return [subjects[at], (await clients[at]!.get('/mine/1')).text];
      }),
    );

    expect(answers.filter(([subject, text]) => subject !== text)).toEqual([]);
    expect(asked()).toBe(10);
  });
});

describe('at the same time', () => {
  test('500 equal calls ask the service once', async () => {
    world.serve = (_request, response) => void setTimeout(() => response.end('one for all'), 40);
    const answers = await Promise.all(Array.from({ length: 500 }, () => get('/page/crowd')));

    expect(answers.every(({ status, text }) => status === 200 && text === 'one for all')).toBe(true);
    expect(asked()).toBe(1);
  });

  test('what nobody may share is asked for by everybody', async () => {
    world.serve = (_request, response) =>
      void setTimeout(() => response.setHeader('cache-control', 'no-store').end(`${world.seen.length}`), 20);
    const answers = await Promise.all(Array.from({ length: 5 }, () => get('/page/alone')));

    expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
    expect(asked()).toBe(5);
  });

  test('the first bytes go to the caller before the last ones are there', async () => {
    let finish = (): void => undefined;
    world.serve = (_request, response) => {
      response.write('first');
      finish = () => void response.end('last');
    };
    const response = await fetch(`${world.bff.gateway.url}/page/stream`);
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    finish();

    expect(Buffer.from(value ?? []).toString()).toBe('first');
    await reader.cancel();
  });
});

describe('what a caller has already', () => {
  test('is a 304 from the cache', async () => {
    world.serve = (_request, response) =>
      void response.setHeader('etag', '"1"').setHeader('last-modified', new Date(0).toUTCString()).end('x');
    const first = await get('/page/tag', { 'if-none-match': '"1"' });
    const tagged = await get('/page/tag', { 'if-none-match': 'W/"1"' });
    const dated = await get('/page/tag', { 'if-modified-since': new Date().toUTCString() });
    const other = await get('/page/tag', { 'if-none-match': '"2"' });

    expect([first, tagged, dated, other].map(({ status }) => status)).toEqual([304, 304, 304, 200]);
    expect([asked(), tagged.headers['etag'], tagged.text]).toEqual([1, '"1"', '']);
  });
});

describe('when it is old', () => {
  test('a service that confirms it is not asked for the body', async () => {
    world.serve = (request, response) => {
      response.setHeader('cache-control', 'no-cache').setHeader('etag', '"1"');
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.end('kept');
    };
    await get('/page/confirmed');
    const { status, text, headers } = await get('/page/confirmed');

    expect([status, text, asked()]).toEqual([200, 'kept', 2]);
    expect(headers['cache-status']).toBe('web-bff; fwd=stale');
  });

  test('it stands in for a service that fails, for as long as the route says', async () => {
    await get('/spare/1');
    world.serve = (_request, response) => void response.writeHead(500).end('broken');
    const { status, text } = await get('/spare/1');
    const other = await get('/spare/2');

    expect([status, text]).toEqual([200, 'answer 1']);
    expect([other.status, other.text]).toEqual([500, 'broken']);
  });

  test('it does not where the service forbids it', async () => {
    world.serve = (_request, response) =>
      void response.setHeader('cache-control', 'must-revalidate').end('strict');
    await get('/spare/3');
    world.serve = (_request, response) => void response.writeHead(500).end('broken');

    expect(await get('/spare/3')).toMatchObject({ status: 500, text: 'broken' });
  });

  test('it is served while the service is asked again', async () => {
    let call = 0;
    world.serve = (_request, response) => void response.setHeader('age', '1').end(`version ${(call += 1)}`);
    await get('/stale/1');
    const { text, headers } = await get('/stale/1');
    await until('it is renewed', async () => (await get('/stale/1')).text !== 'version 1');

    expect(text).toBe('version 1');
    expect(headers['cache-status']).toMatch(/^web-bff; hit; ttl=(0|-1)$/);
  });
});

test('a question of what may be done changes nothing', async () => {
  await get('/page/options');
  await world.bff.anonymous.call('OPTIONS', '/page/options', {});

  expect((await get('/page/options')).headers['cache-status']).toMatch(/hit/);
});

test('a change makes the service be asked again', async () => {
  await get('/page/changed');
  await world.bff.anonymous.call('POST', '/page/changed', {});
  await get('/page/changed');

  expect(world.seen.filter(({ url }) => url === '/page/changed').map(({ method }) => method)).toEqual([
    'GET',
    'POST',
    'GET',
  ]);
});
