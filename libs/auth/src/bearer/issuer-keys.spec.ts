import { setTimeout as sleep } from 'node:timers/promises';
import { HttpService } from '@nestjs/axios';
import { HandlerFake, Issuer, type IssuerAnswer } from '@bff/testing';
import { IssuerKeys } from './issuer-keys.js';
import type { KeyTimes } from './key-times.js';

let issuer: Issuer;
beforeEach(async () => {
  issuer = await Issuer.start();
});
afterEach(() => issuer[Symbol.asyncDispose]());

const createKeys = (keyTimes: Partial<KeyTimes> = {}) =>
  new IssuerKeys({ issuer: issuer.url, audience: issuer.audience, keyTimes }, new HttpService());
const brisk = { coolDownMs: 20, fetchTimeoutMs: 100 };

/** Asks again and again for what shall be so soon; returns the last answer. */
async function until<T>(holds: (found: T) => boolean, find: () => Promise<T>): Promise<T> {
  let found = await find();
  for (let round = 0; !holds(found) && round < 300; round += 1) {
    await sleep(10);
    found = await find();
  }
  return found;
}
const isThere = (key: unknown): boolean => key !== undefined;

test('fifty unknown key ids at once cost two fetches: one, and one that began after they were there', async () => {
  const keys = createKeys();
  await Promise.all(Array.from({ length: 50 }, (_, index) => keys.find(`unknown-${index}`)));
  expect(issuer.jwksFetches).toBe(2);
});

test('unknown key ids one after the other cost three fetches, and then one in a cool-down', async () => {
  const keys = createKeys({ coolDownMs: 1_500 });
  for (let index = 0; index < 20; index += 1) expect(await keys.find(`unknown-${index}`)).toBeUndefined();
  expect(issuer.jwksFetches).toBe(3);
  const isFetched = (): boolean => issuer.jwksFetches > 3;
  await until(isFetched, () => keys.find('unknown'));
  for (let index = 0; index < 20; index += 1) await keys.find(`unknown-${index}`);
  expect(issuer.jwksFetches).toBe(4);
});

test('a rotated key is found at once, also soon after the first fetch and behind a wrong key id', async () => {
  const keys = createKeys();
  expect(await keys.find('key-1')).toBeDefined();
  expect(await keys.find('wrong')).toBeUndefined();
  issuer.publish({ ...issuer.publicJwk, kid: 'key-2' });
  expect(await keys.find('key-2')).toBeDefined();
  expect(await keys.find('key-1')).toBeDefined();
});

test('where wrong key ids have used up the fetches, it is found as soon as the cool-down is over', async () => {
  const keys = createKeys({ coolDownMs: 1_500 });
  for (let index = 0; index < 3; index += 1) await keys.find(`wrong-${index}`);
  issuer.publish({ ...issuer.publicJwk, kid: 'key-2' });
  expect(await keys.find('key-2')).toBeUndefined();
  expect(await until(isThere, () => keys.find('key-2'))).toBeDefined();
});

test('a key that was rotated while the keys were being fetched is found too', async () => {
  const before = { ...issuer.publicJwk };
  let answerFirst = (): void => undefined;
  await using slow = await HandlerFake.start((request, response) => {
    const isFirst = slow.seen.filter(({ url }) => url === '/jwks').length === 1;
    const [oldKeys, newKeys] = [[before], [before, { ...before, kid: 'key-2' }]];
    const jwks = { keys: isFirst ? oldKeys : newKeys };
    const isDiscovery = request.url !== '/jwks';
    const send = (): void =>
      void response.end(
        JSON.stringify(isDiscovery ? { issuer: slow.url, jwks_uri: `${slow.url}/jwks` } : jwks),
      );
    if (isDiscovery || !isFirst) send();
    else answerFirst = send;
  });
  const keys = new IssuerKeys({ issuer: slow.url, audience: issuer.audience }, new HttpService());
  const first = keys.find('key-1');
  await until(
    (count: number) => count === 2,
    async () => slow.seen.length,
  );
  const second = keys.find('key-2');
  answerFirst();
  expect(await first).toBeDefined();
  expect(await second).toBeDefined();
});

test.each(['error', 'hang'] as const)('a known key needs no issuer: %s', async (fault) => {
  const keys = createKeys({ ...brisk, refreshAfterMs: 0 });
  await keys.find('key-1');
  issuer.fault = fault;
  for (let round = 0; round < 5; round += 1) {
    expect(await keys.find('key-1')).toBeDefined();
    await sleep(10);
  }
});

test('a known key that the issuer no longer publishes stops working when the keys are refreshed', async () => {
  const keys = createKeys({ coolDownMs: 0, refreshAfterMs: 0 });
  await keys.find('key-1');
  issuer.fault = { path: '/jwks', body: '{"keys":[]}' };
  await keys.find('key-1');
  const isGone = (key: unknown): boolean => key === undefined;
  expect(await until(isGone, () => keys.find('key-1'))).toBeUndefined();
});

test('keys of an issuer that stays away are forgotten in the end', async () => {
  const keys = createKeys({ ...brisk, keepForMs: 30 });
  await keys.find('key-1');
  issuer.fault = 'error';
  await sleep(35);
  expect(await keys.find('key-1')).toBeUndefined();
});

test('an unknown key at a hanging issuer takes no longer than a fetch may', async () => {
  const keys = createKeys({ fetchTimeoutMs: 40 });
  issuer.fault = 'hang';
  const startedMs = performance.now();
  expect(await keys.find('key-1')).toBeUndefined();
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

const elsewhere = 'http://127.0.0.1:1/jwks';
test.each<[string, IssuerAnswer | 'error' | 'hang']>([
  ['errors', 'error'],
  ['a hanging issuer', 'hang'],
  ['no JSON', { path: '/jwks', body: '<html>' }],
  ['cut JSON', { path: '/jwks', body: '{"keys":[' }],
  ['nothing', { path: '/jwks', body: '' }],
  ['null', { path: '/jwks', body: 'null' }],
  ['keys that are no list', { path: '/jwks', body: '{"keys":{"0":{}}}' }],
  ['a list in place of an object', { path: '/jwks', body: '[]' }],
  ['a huge document', { path: '/jwks', body: JSON.stringify({ keys: [], more: 'm'.repeat(300_000) }) }],
  ['a redirect', { path: '/jwks', status: 302, headers: { location: elsewhere }, body: '' }],
  ['a status of 404', { path: '/jwks', status: 404, body: '{"keys":[]}' }],
  ['no discovery document', { path: '/.well-known/openid-configuration', body: '' }],
  ['a discovery document of null', { path: '/.well-known/openid-configuration', body: 'null' }],
  ['a discovery document of another issuer', discovery({ issuer: 'https://evil.example' })],
  ['a discovery document without keys', discovery({ jwks_uri: undefined })],
  ['keys at no URL', discovery({ jwks_uri: 'not a url' })],
  ['keys in a file', discovery({ jwks_uri: 'file:///etc/passwd' })],
])('%s: no key, no failure, and all is well again after recovery', async (_what, fault) => {
  const keys = createKeys(brisk);
  issuer.fault =
    typeof fault === 'string' ? fault : { ...fault, body: fault.body.replaceAll('ISSUER', issuer.url) };
  expect(await keys.find('key-1')).toBeUndefined();
  issuer.fault = undefined;
  expect(await until(isThere, () => keys.find('key-1'))).toBeDefined();
});

function discovery(change: object): IssuerAnswer {
  const body = JSON.stringify({ issuer: 'ISSUER', jwks_uri: 'ISSUER/jwks', ...change });
  return { path: '/.well-known/openid-configuration', body };
}
