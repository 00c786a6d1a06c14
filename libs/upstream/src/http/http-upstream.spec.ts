import { answerStatus, HandlerFake, HttpFake } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import { HttpUpstream } from './http-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Answer = z.object({ name: z.string() });
const config = { timeoutMs: 500 };

test('an answer is read by its schema, and what that does not name is dropped', async () => {
  await using fake = await HttpFake.start(() => ({ name: 'Ada', passwordHash: 'x' }));
  const upstream = new HttpUpstream('users', { url: fake.url, ...config }, tellNobody);
  expect(await upstream.get(path`/users/7`, Answer)).toEqual({ name: 'Ada' });
  await upstream.close();
});

test.each([
  [302, 'bad_response', undefined],
  [400, 'rejected', 'invalid'],
  [401, 'rejected', 'gateway'],
  [404, 'rejected', 'not_found'],
  [408, 'timeout', undefined],
  [409, 'rejected', 'conflict'],
  [429, 'overloaded', undefined],
  [500, 'bad_response', undefined],
  [502, 'unreachable', undefined],
  [503, 'overloaded', undefined],
  [504, 'timeout', undefined],
])('the status %i is %s (%s)', async (status, reason, rejection) => {
  await using fake = await HandlerFake.start(answerStatus(status));
  const upstream = new HttpUpstream('users', { url: fake.url, ...config }, tellNobody);
  fake.closesWithIt(upstream);
  await expect(upstream.get(path`/users/7`, Answer)).rejects.toMatchObject({
    name: 'UpstreamError',
    upstream: 'users',
    reason,
    rejection,
  });
});

test('a path in the configured URL comes before every path', async () => {
  await using fake = await HttpFake.start(({ path: asked }) => ({ name: asked }));
  const upstream = new HttpUpstream('users', { url: `${fake.url}/people/`, ...config }, tellNobody);
  expect(await upstream.get(path`/users/${7}`, Answer)).toEqual({ name: '/people/users/7' });
  await upstream.close();
});

test.each([
  'ftp://x',
  'users',
  '',
  'http://ada:secret@host',
  'http://2130706433',
  'http://0x7f.1',
  'http://[::ffff:127.0.0.1]',
  'http://a,https://b',
  'http://a/x,http://b/y',
])('the URL %j is refused at start, by the name of its setting', (url) => {
  expect(() => new HttpUpstream('users', { url, ...config }, tellNobody)).toThrow('upstreams.users.url');
});
