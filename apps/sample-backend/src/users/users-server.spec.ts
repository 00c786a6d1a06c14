import { startGatewayFixture } from '../gateway-only/gateway.fixture.js';
import { startSampleBackend } from '../sample-backend.js';

/** Asks as a gateway would that calls for user 7, or for `userId`. */
async function startUsers(userId: string | undefined = '7') {
  const gateway = await startGatewayFixture();
  const backend = await startSampleBackend({ gatewayJwksUrls: [gateway.jwksUrl] });
  return {
    url: backend.urls.users,
    ask: async (path: string, init: RequestInit = {}) => {
      const assertion = await gateway.sign({ audience: 'users', userId: userId || undefined });
      return fetch(`${backend.urls.users}${path}`, {
        headers: { 'x-identity-assertion': assertion },
        ...init,
      });
    },
    async [Symbol.asyncDispose]() {
      await backend.close();
      await gateway.close();
    },
  };
}

test('a user comes with everything the service knows, internal fields included', async () => {
  await using users = await startUsers();
  const answer = await users.ask('/users/7');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    id: '7',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    login: 'ada',
    locale: 'en-GB',
    createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    passwordHash: expect.stringMatching(/^scrypt\$/),
    riskScore: expect.any(Number),
    internalNotes: expect.any(String),
    marketingSegment: expect.any(String),
  });
});

test.each(['/users/', '/users/7/orders', '/', '/health/live'])('%s is not found', async (path) => {
  await using users = await startUsers();
  const answer = await users.ask(path);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: 'not_found' });
});

test('a user who does not exist is not found, even by themselves', async () => {
  await using users = await startUsers('9');
  expect((await users.ask('/users/9')).status).toBe(404);
});

test.each([
  ['another user', '7', '/users/8'],
  ['a user who does not exist', '7', '/users/9'],
  ['a user, when the gateway calls for nobody', '', '/users/7'],
  ['half an escape', '7', '/users/%'],
])('%s is not shown', async (_, userId, path) => {
  await using users = await startUsers(userId);
  const answer = await users.ask(path);
  expect([answer.status, await answer.json()]).toEqual([
    403,
    expect.objectContaining({ error: 'forbidden' }),
  ]);
});

test('whoever does not come through a gateway is told so, and how to mend it', async () => {
  await using users = await startUsers();
  const answer = await fetch(`${users.url}/users/7`, { headers: { 'x-user-id': '7' } });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'BFF-Identity']);
  expect(await answer.json()).toEqual({
    error: 'not_through_gateway',
    message: expect.stringMatching(/^The call has no x-identity-assertion\. Call a gateway instead: /),
  });
});

test('users cannot be changed', async () => {
  await using users = await startUsers();
  const answer = await users.ask('/users/7', { method: 'DELETE' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('health answers everybody', async () => {
  await using users = await startUsers();
  expect((await fetch(`${users.url}/health`)).status).toBe(200);
});
