import { startSampleBackend } from '../sample-backend.js';

test('a user comes with everything the service knows, internal fields included', async () => {
  await using backend = await startSampleBackend();
  const answer = await fetch(`${backend.urls.users}/users/7`);
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

test.each(['/users/9', '/users/', '/users/7/orders', '/users/%', '/'])('%s is not found', async (path) => {
  await using backend = await startSampleBackend();
  const answer = await fetch(`${backend.urls.users}${path}`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: 'not_found' });
});

test('users cannot be changed', async () => {
  await using backend = await startSampleBackend();
  const answer = await fetch(`${backend.urls.users}/users/7`, { method: 'DELETE' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('health answers', async () => {
  await using backend = await startSampleBackend();
  expect((await fetch(`${backend.urls.users}/health`)).status).toBe(200);
});
