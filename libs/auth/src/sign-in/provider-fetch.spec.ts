import { gzipSync } from 'node:zlib';
import { answerJson, answerStatus, type Handler, HandlerFake, neverAnswer, until } from '@bff/testing';
import { UpstreamError } from '@bff/problem';
import { fetchFromProvider } from './provider-fetch.js';

let provider: HandlerFake;
beforeAll(async () => {
  provider = await HandlerFake.start(neverAnswer);
});
afterAll(() => provider[Symbol.asyncDispose]());

type Options = Parameters<typeof fetchFromProvider>[1];
const ask = (handler: Handler, more: Partial<Options> = {}) => {
  provider.handler = handler;
  const options: Options = { method: 'GET', body: undefined, headers: {}, redirect: 'manual', ...more };
  return fetchFromProvider(provider.url, options);
};
const failureOf = async (handler: Handler, more?: Partial<Options>): Promise<unknown> =>
  ask(handler, more).then(
    () => 'none',
    (error: unknown) => (error instanceof UpstreamError ? `${error.upstream}: ${error.reason}` : error),
  );

test('an answer comes as it was, with where it came from', async () => {
  const answer = await ask(answerJson({ a: 1 }));
  expect([answer.status, await answer.json(), answer.url]).toEqual([200, { a: 1 }, `${provider.url}/`]);
});

test('a refusal is an answer: what it says is for whoever has asked', async () => {
  const answer = await ask(
    (_request, response) => void response.writeHead(400).end('{"error":"invalid_grant"}'),
  );
  expect([answer.status, await answer.text()]).toEqual([400, '{"error":"invalid_grant"}']);
});

test('a redirect is not followed', async () => {
  const before = provider.seen.length;
  const answer = await ask(answerStatus(302, { location: provider.url }));
  expect([answer.status, provider.seen.length - before]).toEqual([302, 1]);
});

test.each<[string, Handler, string]>([
  ['500', answerStatus(500), 'identity: bad_response'],
  ['a hang-up', (_request, response) => void response.destroy(), 'identity: unreachable'],
  ['a list', answerJson([]), 'identity: bad_response'],
  ['a text', (_request, response) => void response.end('hello'), 'identity: bad_response'],
  ['half of an answer', half, 'identity: unreachable'],
  ['a body without an end', endless, 'identity: bad_response'],
  ['a small body that is large when it is unpacked', packed, 'identity: bad_response'],
])('%s is a failure of the provider', async (_what, handler, failure) => {
  expect(await failureOf(handler)).toBe(failure);
});

test('what is too much is not waited for, and its connection closed', async () => {
  const before = provider.gone;
  await failureOf(endless);
  await until('it is closed', () => provider.gone > before);
});

test('whoever gives up before is heard', async () => {
  const leaving = new AbortController();
  const before = provider.seen.length;
  const asked = failureOf(neverAnswer, { signal: leaving.signal });
  await until('it is asked', () => provider.seen.length > before);
  leaving.abort();
  expect(await asked).toBe('identity: unreachable');
});

test('an empty answer is one where nothing else was promised', async () => {
  expect((await ask(answerStatus(200))).status).toBe(200);
  expect(await failureOf(answerStatus(200, { 'content-type': 'application/json' }))).toBe(
    'identity: bad_response',
  );
});

function half(...[, response]: Parameters<Handler>): void {
  response.writeHead(200, { 'content-length': '100' }).write('{');
  setTimeout(() => response.destroy(), 10);
}

function endless(...[, response]: Parameters<Handler>): void {
  const write = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' ')));
    if (!response.destroyed) response.once('drain', write);
  };
  write();
}

function packed(...[, response]: Parameters<Handler>): void {
  const bomb = gzipSync(JSON.stringify({ much: ' '.repeat(20_000_000) }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
}
