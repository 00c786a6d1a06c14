import { createServer } from 'node:http';
import { HttpClient, listen } from '@bff/testing';
import { AnswerCache, type CachedRequest } from './answer-cache.js';

/** Cache-Control by path; the body of what is not public says for whom it was made, and so does a cookie. */
const kinds = [
  'max-age=60',
  'no-cache',
  'private, max-age=2',
  'max-age=1, stale-while-revalidate=3',
  'max-age=1, stale-if-error=9',
  'public, max-age=3',
  'public, no-cache',
];
const kindOf = (path: string): string => kinds[Number(path.slice(1)) % kinds.length] ?? '';
const isPublic = (path: string): boolean => kindOf(path).startsWith('public');

async function startService() {
  const server = createServer(({ url = '', headers }, response) => {
    const own = `${url} ${String(headers['x-user-id'])} ${headers['accept-language']}`;
    const body = isPublic(url) ? url : own;
    response.setHeader('cache-control', kindOf(url));
    response.setHeader('vary', 'accept-language');
    response.setHeader('etag', `"${body}"`);
    if (!isPublic(url)) response.setHeader('set-cookie', own);
    if (headers['if-none-match'] === `"${body}"`) response.writeHead(304).end();
    else response.end(body);
  });
  const listening = await listen(server);
  const client = new HttpClient(listening.url);
  return {
    ask: async ({ path, headers, identity }: CachedRequest, conditions: Readonly<Record<string, string>>) => {
      const sent = { ...headers, ...conditions, 'x-user-id': encodeURIComponent(identity) };
      const answer = await client.get(path, { headers: sent });
      return { ...answer, body: Buffer.from(answer.text) };
    },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await listening.close();
    },
  };
}

/** The same numbers each time (Lehmer's generator), so that a failure can be seen again. */
function createRandom(): <T>(choices: readonly T[]) => T {
  let seed = 1;
  return (choices) => choices[(seed = (seed * 48_271) % 2_147_483_647) % choices.length]!;
}

test('callers never see each other’s answer or cookie, in 10,000 calls of every kind', async () => {
  await using service = await startService();
  let nowMs = Date.now();
  const cache = new AnswerCache('users', { maxBytes: 130_000, shared: true }, () => nowMs);
  const random = createRandom();
  const paths = Array.from({ length: 14 }, (_, n) => `/${n}`);
  const oneIn50 = Array.from({ length: 50 }, (_, n) => n === 0);

  const isRight = async (): Promise<boolean> => {
    const path = random(paths);
    const identity = random(['', 'ada', 'bob', 'a\nb', 'a']);
    const language = random(['de', 'fr']);
    if (random(oneIn50)) void cache.invalidate(path);
    if (random(oneIn50)) nowMs += 500;
    const request = { path, identity, headers: { 'accept-language': language } };
    const { body, headers } = await cache.get(request, (conditions) => service.ask(request, conditions));
    const own = `${path} ${encodeURIComponent(identity)} ${language}`;
    const isBodyRight = body.toString() === (isPublic(path) ? path : own);
    const cookie = headers['set-cookie'];
    return isBodyRight && (cookie === undefined || String(cookie) === own);
  };
  for (let round = 0; round < 400; round += 1) {
    expect(await Promise.all(Array.from({ length: 25 }, isRight))).not.toContain(false);
    expect(cache.state().bytes).toBeLessThanOrEqual(130_000);
  }
  const { hits, misses, revalidated, stale } = cache.state();
  expect(hits + misses + revalidated + stale).toBe(10_000);
  expect(Math.min(hits, misses, revalidated, stale)).toBeGreaterThan(100);
});
