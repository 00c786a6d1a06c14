import { createServer } from 'node:http';
import { createProblem, ProblemError } from '@bff/problem';
import { listen } from '@bff/testing';
import express from 'express';
import { type ApiKeyEntry, ApiKeyMethod } from './api-key.method.js';
import { generateApiKey, hashApiKey } from './api-key.js';

const entry = (key: string, more: Partial<ApiKeyEntry> = {}): ApiKeyEntry => ({
  name: 'partner',
  sha256: hashApiKey(key),
  scopes: ['catalog:read'],
  ...more,
});

/** The method behind an Express server; it answers with the caller and what it may do, or with the problem. */
async function open(...apiKeys: ApiKeyEntry[]) {
  const method = new ApiKeyMethod({ apiKeys });
  const app = express();
  app.get('/knows', (request, response) => void response.end(String(method.knows(request.headers))));
  app.get('/', (request, response) => {
    try {
      const caller = method.identify(request);
      response.end(caller === undefined ? 'nobody' : `${caller.id} ${[...caller.scopes].join(' ')}`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      response.writeHead(createProblem(error.code).status, error.headers).end(error.detail);
    }
  });
  const listening = await listen(createServer(app));
  const ask = async (key?: string, path = '/') => {
    const headers = key === undefined ? {} : { 'x-api-key': key };
    const answer = await fetch(listening.url + path, { headers });
    const challenge = answer.headers.get('www-authenticate');
    return { status: answer.status, text: await answer.text(), challenge };
  };
  const knows = async (key?: string): Promise<boolean> => (await ask(key, '/knows')).text === 'true';
  return { url: listening.url, ask, knows, [Symbol.asyncDispose]: () => listening.close() };
}

const refused = (text: string) => ({
  status: 401,
  text,
  challenge: 'ApiKey realm="bff", error="invalid_key"',
});

test('a program with a key is known by its name and may do what its entry says', async () => {
  const key = generateApiKey();
  await using server = await open(entry(key, { scopes: ['catalog:read', 'orders:read'] }));
  expect(await server.ask(key)).toMatchObject({
    status: 200,
    text: 'api-key:partner catalog:read orders:read',
  });
});

test('a request without the header is left to the other methods', async () => {
  await using server = await open(entry(generateApiKey()));
  expect(await server.ask()).toMatchObject({ status: 200, text: 'nobody' });
});

test('what is no key, and what is none of ours, is refused', async () => {
  const key = generateApiKey();
  await using server = await open(entry(key));
  const mistyped = key.slice(0, 10) + (key[10] === 'A' ? 'B' : 'A') + key.slice(11);
  for (const wrong of ['', 'x', key.slice(0, -1), `${key}A`, key.toUpperCase(), mistyped, hashApiKey(key)])
    expect(await server.ask(wrong)).toEqual(refused('The API key is mistyped or cut.'));
  expect(await server.ask(generateApiKey())).toEqual(refused('The API key is not known here.'));
});

test('two keys in one request are refused, even when both are good', async () => {
  const [one, two] = [generateApiKey(), generateApiKey()];
  await using server = await open(entry(one), entry(two));
  for (const second of [one, two]) {
    const headers = new Headers([
      ['x-api-key', one],
      ['X-API-Key', second],
    ]);
    const answer = await fetch(server.url, { headers });
    expect([answer.status, await answer.text()]).toEqual([401, 'Send X-API-Key once.']);
  }
});

test('a key stops when its time is over, and is not known any more', async () => {
  const key = generateApiKey();
  const expiresAtMs = Date.now() + 60_000;
  await using server = await open(entry(key, { expiresAtMs }));
  expect((await server.ask(key)).status).toBe(200);
  expect(await server.knows(key)).toBe(true);
  const { now } = Date;
  Date.now = () => expiresAtMs;
  try {
    expect(await server.ask(key)).toEqual(refused('The API key has expired.'));
    expect(await server.knows(key)).toBe(false);
  } finally {
    Date.now = now;
  }
});

test('while a key is rotated, the old one and the new one are the same caller', async () => {
  const [old, fresh] = [generateApiKey(), generateApiKey()];
  await using server = await open(entry(old, { expiresAtMs: Date.now() + 60_000 }), entry(fresh));
  expect([(await server.ask(old)).text, (await server.ask(fresh)).text]).toEqual([
    'api-key:partner catalog:read',
    'api-key:partner catalog:read',
  ]);
});

test('an overloaded process knows whose key was let in before, and nobody else', async () => {
  const [key, unused] = [generateApiKey(), generateApiKey()];
  await using server = await open(entry(key), entry(unused));
  expect(await server.knows(key)).toBe(false);
  await server.ask(key);
  await server.ask(generateApiKey());
  expect([await server.knows(key), await server.knows(unused), await server.knows()]).toEqual([
    true,
    false,
    false,
  ]);
});

test('all mistakes in the entries are told at once', () => {
  const good = entry(generateApiKey());
  const wrong = [
    good,
    { ...good, name: 'Partner One' },
    { ...entry(generateApiKey()), sha256: 'ABC' },
    entry(generateApiKey(), { scopes: ['a b'], expiresAtMs: NaN }),
  ];
  expect(() => new ApiKeyMethod({ apiKeys: wrong })).toThrow(
    [
      'apiKeys[1] (Partner One): name: a letter, then letters, digits and dashes, all in lower case, 63 at most',
      'apiKeys[1] (Partner One): sha256: that of partner; each key has an entry of its own',
      'apiKeys[2] (partner): sha256: 64 hex digits in lower case, as npm run api-key says',
      'apiKeys[3] (partner): scopes: a list of names without spaces',
      'apiKeys[3] (partner): expires: a date and time, like 2030-01-31T00:00:00Z',
    ].join('\n'),
  );
});
