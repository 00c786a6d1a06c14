import { Controller, Get, Module } from '@nestjs/common';
import { createTransport } from '@bff/api-client';
import { StepUp } from '@bff/auth';
import { until } from '@bff/testing';
import { defineView, Renders, required } from '@bff/views';
import { ApiProblem, createWebClient, loginUrl, untilSessionEnds, type WebClient } from '@bff/web-client';
import { webBff } from 'web-bff';
import { z } from 'zod';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';

const secondFactor = 'urn:bff:acr:second-factor';
const Payout = defineView('Payout', { amount: required(z.string()) });

@Controller('payout')
class PayoutController {
  @Get()
  @StepUp({ acrValues: [secondFactor] })
  @Renders(Payout)
  payout() {
    return Payout.load({ amount: () => '12.00' });
  }
}

@Module({ imports: [webBff.module], controllers: [PayoutController] })
class PayoutModule {}

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld({ definition: { ...webBff, module: PayoutModule } });
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

test('a call that wants a stronger sign-in says so, and its problem leads there and back', async () => {
  const visitor = await world.signedIn();
  const cookie = () => ({ cookie: `__Host-web-bff-session=${visitor.session}` });
  const transport = createTransport({ baseUrl: world.gateway.url, csrf: true, headers: cookie });
  const payout = () => transport.call({ method: 'GET', path: '/payout' });
  const problem: unknown = await payout().catch((error: unknown) => error);
  if (!(problem instanceof ApiProblem)) throw new Error('it was let in');
  expect(problem.code).toBe('step_up_required');
  const [path, query] = loginUrl('/payout', problem).split('?');
  expect([path, new URLSearchParams(query).get('acr_values')]).toEqual(['/bff/login', secondFactor]);
  await visitor.signIn(query);
  expect(await payout()).toMatchObject({ data: { amount: '12.00' } });
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
