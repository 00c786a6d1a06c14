import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { decodeJwt } from 'jose';

import { startProcess } from '../start-process.fixture.js';
import { Browser } from './browser.js';

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
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

test('a sign-out asks first, then tells web-bff over the back channel whose session ended', async () => {
  await using bff = await startReceiver();
  // In a process of its own: inside Jest the provider cannot set up its guard against private addresses, which
  // would refuse this call if we did not lift it.
  using identity = startProcess(['identity'], { PORT: '0', WEB_BFF_ORIGINS: bff.origin });
  const issuer = `http://localhost:${(await identity.ready())['identity']}`;
  const browser = new Browser(`${bff.origin}/bff/callback`);
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: 'web-bff',
    redirect_uri: `${bff.origin}/bff/callback`,
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const form = await browser.follow(new URL(`${issuer}/auth?${request.toString()}`));
  const body = new URLSearchParams({ login: 'ada', password: 'ada' });
  expect((await browser.follow(form.url, { method: 'POST', body })).arrived).toBe(true);

  const question = await browser.follow(new URL(`${issuer}/session/end?client_id=web-bff`));
  expect(question.html).toContain('Do you want to sign out?');
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(question.html)?.[1] ?? '';
  const done = await browser.follow(new URL(`${issuer}/session/end/confirm`), {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });

  expect(done.html).toContain('Signed out');
  identity.child.kill('SIGTERM');
  expect(await identity.errors).toBe('');
  expect(bff.logoutTokens.map((token) => decodeJwt(token))).toEqual([
    expect.objectContaining({ iss: issuer, sub: '7', aud: 'web-bff', sid: expect.any(String) }),
  ]);
});
