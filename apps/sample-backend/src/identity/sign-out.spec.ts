import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';

import { startProcess } from '../start-process.fixture.js';
import { WebClient } from './web-client.fixture.js';

/** Stands where web-bff would and keeps the logout tokens it is sent. */
async function startReceiver() {
  const logoutTokens: string[] = [];
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      if (req.url === '/bff/backchannel-logout') {
        logoutTokens.push(new URLSearchParams(body).get('logout_token') ?? '');
      }
      res.end();
      return undefined;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    logoutTokens,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * In a process of its own: inside Jest the provider cannot set up its guard against private addresses, which would
 * refuse the call to web-bff if we did not lift it.
 */
async function startWorld(changes: Record<string, string> = {}) {
  const bff = await startReceiver();
  const environment = { PORT: '0', FAULTS_PORT: '0', WEB_BFF_ORIGINS: bff.origin, ...changes };
  const identity = startProcess(['identity'], environment);
  const ports = await identity.ready();
  const issuer = `http://localhost:${ports['identity']}`;
  return {
    bff,
    identity,
    issuer,
    control: `http://127.0.0.1:${ports['faults']}`,
    startClient: () => new WebClient({ issuer, origin: bff.origin }),
    logoutClaims: () => bff.logoutTokens.map((token) => decodeJwt(token)),
    async [Symbol.asyncDispose]() {
      identity[Symbol.dispose]();
      await bff[Symbol.asyncDispose]();
    },
  };
}

test('a sign-out asks first, then tells web-bff over the back channel whose session ended', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  const { id_token: idToken = '' } = await client.redeem(await client.authorize());

  const question = await client.browser.open(`${world.issuer}/session/end?client_id=web-bff`);
  expect(question.html).toContain('Do you want to sign out?');
  expect(world.bff.logoutTokens).toEqual([]);
  const done = await client.browser.submit(question, { logout: 'yes' });

  expect(done.html).toContain('Signed out');
  expect(world.logoutClaims()).toEqual([
    expect.objectContaining({ iss: world.issuer, sub: '7', aud: 'web-bff', sid: decodeJwt(idToken)['sid'] }),
  ]);
  world.identity.child.kill('SIGTERM');
  expect(await world.identity.errors).toBe('');
});

test('a logout token is signed, of its own kind, lives two minutes, is told from every other and has no nonce', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  await client.authorize();
  await client.browser.submit(await client.browser.open(`${world.issuer}/session/end`), { logout: 'yes' });

  const keys = createRemoteJWKSet(new URL(`${world.issuer}/jwks`));
  const [token = ''] = world.bff.logoutTokens;
  const { payload, protectedHeader } = await jwtVerify(token, keys, { audience: 'web-bff' });
  expect(protectedHeader).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' });
  expect(payload).toEqual({
    iss: world.issuer,
    aud: 'web-bff',
    sub: '7',
    sid: expect.any(String),
    jti: expect.any(String),
    iat: expect.any(Number),
    exp: Number(payload.iat) + 120,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
});

test('a client that names itself and no ID token gets its user back when they have said yes', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  await client.authorize();
  const request = new URLSearchParams({
    client_id: 'web-bff',
    logout_hint: 'ada',
    post_logout_redirect_uri: `${world.bff.origin}/`,
    state: 'bye',
  });
  const question = await client.browser.open(`${world.issuer}/session/end?${request.toString()}`);
  expect(question.html).toContain('Do you want to sign out?');
  const { url } = await client.browser.submit(question, { logout: 'yes' });
  expect(url.href).toBe(`${world.bff.origin}/?state=bye`);

  // Who is signed out already is not asked, and comes back all the same.
  const again = await client.browser.open(`${world.issuer}/session/end?${request.toString()}`);
  expect(again.url.href).toBe(`${world.bff.origin}/?state=bye`);
});

test('a sign-out leads to no address that the client has not registered', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  await client.authorize();
  const request = new URLSearchParams({
    client_id: 'web-bff',
    post_logout_redirect_uri: 'http://evil.example/',
  });
  const refused = await client.browser.open(`${world.issuer}/session/end?${request.toString()}`);
  expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('not registered')]);
});

test('the page that asks cannot be put below another one', async () => {
  await using world = await startWorld();
  const { headers } = await fetch(`${world.issuer}/session/end`);
  expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
});

test('who says no stays signed in', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  await client.authorize();
  await client.browser.submit(await client.browser.open(`${world.issuer}/session/end`), {});
  expect((await client.open(client.request({ prompt: 'none' }))).url.searchParams.get('code')).toEqual(
    expect.any(String),
  );
  expect(world.bff.logoutTokens).toEqual([]);
});

test('all sessions of a user can be ended at once: each is told with its own sid, those of others go on', async () => {
  await using world = await startWorld();
  const [here, there, other] = [world.startClient(), world.startClient(), world.startClient()];
  const callbacks = [await here.authorize(), await there.authorize()];
  await other.authorize({}, { login: 'charles', password: 'charles' });
  const tokens = [await here.redeem(callbacks[0]!), await there.redeem(callbacks[1]!)];

  const answer = await fetch(`${world.control}/identity/sessions?userId=7`, { method: 'DELETE' });
  expect([answer.status, await answer.json()]).toEqual([200, { ended: 2 }]);
  const sids = tokens.map((token) => decodeJwt(token['id_token'] ?? '')['sid']);
  const told = world.logoutClaims();
  expect(told.map(({ sub }) => sub)).toEqual(['7', '7']);
  expect(new Set(told.map(({ sid }) => sid))).toEqual(new Set(sids));
  const silently = async (client: WebClient) =>
    (await client.open(client.request({ prompt: 'none' }))).url.searchParams.get('error');
  expect([await silently(here), await silently(there), await silently(other)]).toEqual([
    'login_required',
    'login_required',
    null,
  ]);
});

test('another user who signs in in the same browser ends the session of the first', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  const first = await client.redeem(await client.authorize());
  const charles = { login: 'charles', password: 'charles' };
  const second = await client.redeem(await client.authorize({ prompt: 'login' }, charles));
  const [ada, other] = [first, second].map((tokens) => decodeJwt(tokens['id_token'] ?? ''));
  expect([ada?.sub, other?.sub]).toEqual(['7', '8']);
  expect(world.logoutClaims().map(({ sub, sid }) => [sub, sid])).toEqual([['7', ada?.['sid']]]);
});

test('web-bff can be somewhere else for the provider than for browsers', async () => {
  await using inside = await startReceiver();
  await using world = await startWorld({ WEB_BFF_BACK_CHANNEL: `${inside.origin}/` });
  const client = world.startClient();
  await client.authorize();
  await client.browser.submit(await client.browser.open(`${world.issuer}/session/end`), { logout: 'yes' });
  expect([inside.logoutTokens.length, world.bff.logoutTokens.length]).toEqual([1, 0]);
});

test('a web-bff that does not answer keeps nobody from signing out', async () => {
  await using world = await startWorld();
  const client = world.startClient();
  await client.authorize();
  await world.bff[Symbol.asyncDispose]();
  const question = await client.browser.open(`${world.issuer}/session/end`);
  const done = await client.browser.submit(question, { logout: 'yes' });
  expect(done.html).toContain('Signed out');
  world.identity.child.kill('SIGTERM');
  expect(await world.identity.output).toContain('back-channel logout failed');
});
