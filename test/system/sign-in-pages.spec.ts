import type { Answer } from '@bff/testing';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => {
  world.provider.lies = {};
});
afterAll(() => world?.[Symbol.asyncDispose]());

type Open = (visitor: Visitor, headers?: Record<string, string>) => Promise<Answer>;
const at =
  (path: string): Open =>
  (visitor, headers) =>
    visitor.open(path, headers);
const outage: Open = async (visitor, headers) => {
  const callback = await visitor.arrive();
  world.provider.lies = { at: { token: 'cut' } };
  const answer = await visitor.open(callback, headers);
  world.provider.lies = {};
  return answer;
};

const pages: readonly (readonly [string, number, Open])[] = [
  ['somebody is signed in', 200, at('/bff/signed-in?returnUrl=/orders')],
  ['a way back leaves the site', 400, at('/bff/signed-in?returnUrl=//evil.example')],
  ['a way back leaves the site, before', 400, at('/bff/login?returnUrl=//evil.example')],
  ['a wish is none', 400, at('/bff/login?prompt=%3Cscript%3Ealert(1)%3C/script%3E')],
  ['nobody has begun', 400, at('/bff/callback?code=%3Cscript%3E&state=%22%3E%3Cscript%3E')],
  ['the provider fails', 502, outage],
];

describe.each(pages)('when %s (%i)', (_what, status, open) => {
  test('people get a page that nobody can frame, script, sniff, cache or make point elsewhere', async () => {
    const visitor = world.visitor();
    const answer = await open(visitor);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    const policy = policyOf(answer);
    for (const name of ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])
      expect([name, policy.get(name)]).toEqual([name, "'none'"]);
    expect([...policy.keys()].filter((name) => /script|connect|unsafe/.test(name))).toEqual([]);
    const [, nonce = ''] = /'nonce-([\w+/]{22}==)'/.exec(policy.get('style-src') ?? '') ?? [];
    expect(answer.text).toContain(`<style nonce="${nonce}">`);
    expect(policyOf(await open(world.visitor())).get('style-src')).not.toBe(policy.get('style-src'));
    expect(answer.text).not.toMatch(/<script|\son\w+=|javascript:|evil\.example/i);
    expectHeaders(answer);
  });

  test.each(['application/json', 'application/problem+json', '*/*', 'text/plain'])(
    'programs that accept %s get a problem, where it is one',
    async (accept) => {
      const answer = await open(world.visitor(), { accept });
      expect(answer.status).toBe(status);
      if (status === 200) return expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.body).toMatchObject({ status, requestId: answer.headers['x-request-id'] });
      expectHeaders(answer);
    },
  );
});

test('a page says in words what to do, and its only link begins anew', async () => {
  const { text } = await world.visitor().open('/bff/callback?code=x&state=y');
  expect(text).toContain('<h1>The sign-in did not work</h1>');
  expect([...text.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['/bff/login']);
  expect(text).toMatch(/<html lang="en">[^]*<title>[^<]+<\/title>/);
});

test('answers about a session are as closed as pages', async () => {
  const ada = await world.signedIn();
  for (const answer of [
    await ada.get('/bff/user'),
    await ada.get('/bff/sessions'),
    await ada.get('/api/dashboard'),
    await world.visitor().get('/bff/user'),
    await ada.send('GET', '/bff/user'),
    await ada.get('/bff/nowhere'),
    await ada.get('/bff/logout'),
    await ada.post('/bff/logout'),
  ]) {
    expectHeaders(answer);
    expect(policyOf(answer).get('default-src')).toBe("'none'");
    expect(String(answer.headers['cache-control'] ?? 'no-store')).toMatch(/no-store|private/);
  }
});

test('redirects of a sign-in are never kept by anybody, and tell nobody where they come from', async () => {
  const visitor = world.visitor();
  const begun = await visitor.open('/bff/login?returnUrl=/private');
  const callback = await visitor.pass(new URL(String(begun.headers['location'])));
  for (const answer of [begun, await visitor.open(callback)]) {
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toBe('');
    expectHeaders(answer);
  }
});

function policyOf({ headers }: Answer): ReadonlyMap<string, string> {
  const parts = String(headers['content-security-policy']).split(';');
  return new Map(
    parts.map((part) => {
      const [name = '', ...values] = part.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
}

function expectHeaders({ headers }: Answer): void {
  const [, age = '0'] = /max-age=(\d+)/.exec(String(headers['strict-transport-security'])) ?? [];
  expect(Number(age)).toBeGreaterThanOrEqual(365 * 24 * 3_600);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
}
