import { Controller, Get, Module } from '@nestjs/common';
import { Public } from '@bff/auth';
import { UsersClient, UsersClientModule } from '@bff/clients';
import { HandlerFake } from '@bff/testing';
import { defineView, Renders, required } from '@bff/views';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { webBff } from 'web-bff';
import { z } from 'zod';
import { type Bff, startApp, startWebBff } from '../world/bff.js';
import { headersAtServices } from '../world/upstream-headers.js';

const Author = defineView('Author', { author: required(z.object({ name: z.string() })) });

@Controller('author')
class AuthorController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @Public()
  @Renders(Author)
  author() {
    return Author.load({ author: () => this.users.get('7') });
  }

  @Get('signed-in')
  @Renders(Author)
  authorForKnown() {
    return Author.load({ author: () => this.users.get('7') });
  }
}

@Module({ imports: [UsersClientModule], controllers: [AuthorController] })
class AuthorModule {}

/** As a service does it that knows its own name and where the gateway shows its keys. */
async function verify(assertion: string | undefined, audience: string, { gateway }: Bff) {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway.managementUrl));
  const { payload } = await jwtVerify(assertion ?? '', keys, {
    algorithms: ['ES256'],
    typ: 'bff-identity+jwt',
    issuer: 'urn:bff:web-bff',
    audience,
  });
  return payload;
}

test('over HTTP, gRPC and GraphQL a service can check that the gateway called it, and for whom', async () => {
  await using bff = await startWebBff();
  const ada = await bff.with({ subject: '7', scope: 'profile:read orders:read' });
  expect((await ada.get('/api/dashboard')).status).toBe(200);
  const seen = headersAtServices(bff);
  expect(seen.map((headers) => headers['x-user-id'])).toEqual(['7', '7', '7']);
  for (const [at, audience] of ['users', 'orders', 'catalog'].entries()) {
    const claims = await verify(seen[at]?.['x-identity-assertion'], audience, bff);
    expect(claims).toMatchObject({ sub: '7', scope: 'orders:read profile:read' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
  }
});

test('what one service was told convinces no other one', async () => {
  await using bff = await startWebBff();
  await bff.ada.get('/api/dashboard');
  const [call] = bff.users.calls;
  await expect(verify(call?.headers['x-identity-assertion'], 'orders', bff)).rejects.toThrow('"aud"');
});

test('on a public route a service can check that nobody calls', async () => {
  await using bff = await startApp({ ...webBff, module: AuthorModule });
  expect((await bff.anonymous.get('/author')).status).toBe(200);
  const [call] = bff.users.calls;
  expect(call?.headers).not.toHaveProperty('x-user-id');
  const claims = await verify(call?.headers['x-identity-assertion'], 'users', bff);
  expect(claims).not.toHaveProperty('sub');
  expect(claims).not.toHaveProperty('scope');
});

test('an assertion that the caller sends along reaches no service', async () => {
  await using bff = await startWebBff();
  const headers = { 'x-identity-assertion': 'forged', X_Identity_Assertion: 'forged' };
  expect((await bff.ada.get('/api/dashboard', { headers })).status).toBe(200);
  const seen = headersAtServices(bff);
  expect(seen).toHaveLength(3);
  expect(JSON.stringify(seen)).not.toContain('forged');
});

test('what a service answered to one set of scopes is not given to another one of the same caller', async () => {
  await using service = await HandlerFake.start((request, response) => {
    const { scope = 'none' } = decodeJwt(String(request.headers['x-identity-assertion']));
    response.setHeader('cache-control', 'max-age=60').setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: '7', name: scope, email: 'a@b.c' }));
  });
  await using bff = await startApp({ ...webBff, module: AuthorModule }, { USERS_URL: service.url });
  for (const scope of ['wide narrow', 'narrow', 'narrow']) {
    const answer = await (await bff.with({ subject: '7', scope })).get('/author/signed-in');
    expect(answer.body).toMatchObject({ author: { name: scope.split(' ').toSorted().join(' ') } });
  }
  expect((await bff.anonymous.get('/author')).body).toMatchObject({ author: { name: 'none' } });
  expect(service.seen).toHaveLength(3);
});
