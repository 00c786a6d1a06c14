import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { startSampleBackend } from '../sample-backend.js';
import { secondFactorAcr } from './acr.js';
import { signInAtGateway, type GatewaySignInOptions } from './sign-in-at-gateway.js';
import { WebClient } from './web-client.fixture.js';

const longLived = 'Path=/; Secure; HttpOnly; SameSite';

/** Does at its two addresses what a gateway does there, with the real provider; everything else is not found. */
async function startGateway() {
  let answer: (req: IncomingMessage, res: ServerResponse) => Promise<void> = async () => undefined;
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      res.writeHead(400, { 'content-type': 'application/problem+json' });
      res.end(JSON.stringify({ status: 400, detail: String(error) }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
  const backend = await startSampleBackend({ webBffOrigins: [origin] });
  const client = new WebClient({ issuer: backend.urls.identity, origin });
  const seen: (string | undefined)[] = [];

  answer = async (req, res) => {
    const url = new URL(req.url ?? '/', origin);
    seen.push(req.headers.cookie);
    if (url.pathname === '/bff/login') {
      const acr = url.searchParams.get('acr_values');
      const request = new URLSearchParams(client.request(acr === null ? {} : { acr_values: acr }));
      const returnUrl = encodeURIComponent(url.searchParams.get('returnUrl') ?? '');
      res.writeHead(302, {
        location: `${backend.urls.identity}/auth?${request.toString()}`,
        'set-cookie': `__Host-sign-in=${returnUrl}; ${longLived}=Lax; Max-Age=600`,
      });
    } else if (url.pathname === '/bff/callback') {
      const { id_token: idToken = '' } = await client.redeem(url);
      res.writeHead(303, {
        location: '/bff/signed-in',
        'set-cookie': [
          `__Host-session=${idToken.split('.')[1]}; ${longLived}=Strict`,
          `__Host-sign-in=; ${longLived}=Lax; Max-Age=0`,
        ],
      });
    } else {
      res.writeHead(url.pathname === '/bff/signed-in' ? 200 : 404);
    }
    res.end();
  };
  return {
    origin,
    seen,
    signIn: (options: Partial<GatewaySignInOptions> = {}) =>
      signInAtGateway({ gatewayUrl: origin, login: 'ada', password: 'ada', ...options }),
    async [Symbol.asyncDispose]() {
      await backend.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const claimsIn = (cookie: string): unknown =>
  JSON.parse(Buffer.from(cookie.replace('__Host-session=', ''), 'base64url').toString());

test('a sign-in at a gateway gives the cookies that the gateway has set, and no others', async () => {
  await using gateway = await startGateway();
  const { cookie, page } = await gateway.signIn({ returnUrl: '/orders?page=2' });
  expect(cookie).toMatch(/^__Host-session=[\w-]+$/);
  expect(claimsIn(cookie)).toMatchObject({ sub: '7', acr: 'urn:bff:acr:password' });
  expect(page.url.href).toBe(`${gateway.origin}/bff/signed-in`);
  expect(gateway.seen[1]).toContain('__Host-sign-in=%2Forders%3Fpage%3D2');
});

test('a browser that the provider still knows sees no form, and is asked for more where more is wanted', async () => {
  await using gateway = await startGateway();
  const { browser } = await gateway.signIn();
  const again = await gateway.signIn({ browser, password: 'not asked for' });
  expect(claimsIn(again.cookie)).toMatchObject({ sub: '7' });
  const stronger = await gateway.signIn({ browser, acrValues: secondFactorAcr });
  expect(claimsIn(stronger.cookie)).toMatchObject({ acr: secondFactorAcr });
});

test.each([
  [
    'a wrong password',
    { password: 'wrong' },
    /^the sign-in was refused: HTTP 422 Login or password is wrong\.$/,
  ],
  ['a gateway that is away', { gatewayUrl: 'http://localhost:1' }, /^http:\/\/localhost:1 does not answer$/],
])('%s is told', async (_, options, reason) => {
  await using gateway = await startGateway();
  await expect(gateway.signIn(options)).rejects.toThrow(reason);
});

test('what has no sign-in is told, with its answer', async () => {
  await using backend = await startSampleBackend();
  const elsewhere = signInAtGateway({ gatewayUrl: backend.urls.faults, login: 'ada', password: 'ada' });
  await expect(elsewhere).rejects.toThrow(`no session: ${backend.urls.faults}/bff/login answered HTTP 404`);
});
