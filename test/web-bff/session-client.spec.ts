import { until } from '@bff/testing';
import { createWebClient, loginUrl, untilSessionEnds, type WebClient } from '@bff/web-client';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

interface Tab {
  readonly client: WebClient;
  /** How often it has begun to wait for the end of its session. */
  readonly watches: () => number;
}

/** A page that is open in that browser. */
function tabIn(visitor: Visitor): Tab {
  let watches = 0;
  const cookie = () => [...visitor.cookies].map((pair) => pair.join('=')).join('; ');
  const client = createWebClient({
    baseUrl: world.gateway.url,
    headers: () => ({ cookie: cookie() }),
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith('/session-events') && answer.ok) watches += 1;
      return answer;
    },
  });
  return { client, watches: () => watches };
}

/** A page that waits for the end of its session already. */
async function waitingTabIn(visitor: Visitor) {
  const tab = tabIn(visitor);
  const end = untilSessionEnds(tab.client);
  await until('it waits', () => tab.watches() === 1);
  return { ...tab, end };
}

test('who is signed in comes with its types, and with what else the provider says', async () => {
  const { data } = await tabIn(await world.signedIn()).client.getSignedInUser();
  expect(data.sub).toBe('7');
  expect(data.sessionExpiresIn).toBeGreaterThan(0);
  expect(data['name']).toBe('Ada Lovelace');
});

test('a session reads and changes what its user may', async () => {
  const { client } = tabIn(await world.signedIn());
  expect((await client.getDashboard()).data.user.name).toBe('Ada Lovelace');
  expect((await client.postOrders({ lines: [{ sku: 'BK-1843', quantity: 1 }] })).status).toBe(201);
});

test('a stranger is told to sign in, and knows where', async () => {
  await expect(tabIn(world.visitor()).client.getDashboard()).rejects.toMatchObject({
    code: 'unauthenticated',
    challenge: expect.stringContaining('form-action="/bff/login"'),
  });
  const { status } = await world.visitor().open(loginUrl('/orders?page=2'));
  expect(status).toBe(302);
});

test('whoever signs out is told where to end the session at the provider, and every tab that it is over', async () => {
  const visitor = await world.signedIn();
  const { end } = await waitingTabIn(visitor);
  const { client } = tabIn(visitor);
  const { data } = await client.signOut();
  expect(data.endSessionUrl).toMatch(/\/end-session\?/);
  expect(await end).toBe('logout');
  await expect(client.getSignedInUser()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a session that is ended from another device tells its tabs', async () => {
  const [laptop, phone] = [await world.signedIn(), await world.signedIn()];
  const { end } = await waitingTabIn(phone);
  const { client } = tabIn(laptop);
  const { data } = await client.getMySessions();
  expect(data.sessions[1]?.current).toBe(true);
  const { status } = await client.endMySession({ id: data.sessions[0]?.id ?? '' });
  expect(status).toBe(204);
  expect(await end).toBe('ended_elsewhere');
  expect((await client.getMySessions()).data.sessions.filter(({ current }) => current)).toHaveLength(1);
});

test('a session that ends at the provider tells its tabs', async () => {
  world.provider.sid = 'of-this-test';
  const { end } = await waitingTabIn(await world.signedIn());
  world.provider.sid = undefined;
  const token = world.provider.logoutToken({ sid: 'of-this-test' });
  await fetch(`${world.gateway.url}/bff/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
  expect(await end).toBe('provider');
});

test('another sign-in in another tab of the browser is no end: the tab waits on in the new session', async () => {
  const visitor = await world.signedIn();
  const { client, watches, end } = await waitingTabIn(visitor);
  await visitor.signIn();
  await until('it waits again', () => watches() === 2);
  await client.endMySessions();
  expect(await end).toBe('ended_elsewhere');
});

test('there is no end to wait for where nobody is signed in', async () => {
  expect(await untilSessionEnds(tabIn(world.visitor()).client)).toBe('expired');
});

test('a call that was under way when the browser signed in again does not take its new cookie away', async () => {
  const visitor = await world.signedIn();
  const cookie = `__Host-web-bff-session=${visitor.session}`;
  await visitor.signIn();
  expect((await visitor.get('/bff/user', { headers: { cookie } })).status).toBe(401);
  expect((await visitor.get('/bff/user')).status).toBe(200);
});
