import { findFreePort } from '@bff/testing';
import { countCalls } from '../world/services.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { cookieNames, type Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeAll(async () => {
  const environment = { REDIS_URL: `redis://127.0.0.1:${await findFreePort()}` };
  world = await startSessionWorld({ environment });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const unavailable = { type: 'urn:bff:sessions_unavailable', status: 503 };

function withCookie(): Visitor {
  const visitor = world.visitor();
  visitor.cookies.set(cookieNames.session, 'a'.repeat(43));
  return visitor;
}

describe('while the store of sessions cannot be asked', () => {
  test.each([
    ['GET', '/api/dashboard'],
    ['POST', '/api/orders'],
    ['GET', '/bff/user'],
    ['GET', '/bff/sessions'],
    ['DELETE', '/bff/sessions'],
    ['GET', '/bff/session-events'],
    ['POST', '/bff/logout'],
  ])('%s %s with a cookie is a 503: neither somebody nor a stranger', async (method, path) => {
    const before = countCalls(world);
    const visitor = withCookie();
    const answer = await visitor.call(method, path);
    expect([answer.status, answer.body]).toMatchObject([503, unavailable]);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect([visitor.session, visitor.setCookies]).toEqual(['a'.repeat(43), []]);
    expect(countCalls(world)).toBe(before);
  });

  test('a sign-in does not even begin, which programs are told as a problem and people as a page', async () => {
    const visitor = world.visitor();
    const [page, problem] = [
      await visitor.open('/bff/login'),
      await visitor.open('/bff/login', { accept: 'application/json' }),
    ];
    expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect([problem.status, problem.body]).toMatchObject([503, unavailable]);
    for (const { headers } of [page, problem]) expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(visitor.cookies.size).toBe(0);
    expect(world.provider.count('token')).toBe(0);
  });

  test('a logout token is to be sent again', async () => {
    const answer = await world.visitor().send('POST', '/bff/backchannel-logout', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${world.provider.logoutToken({ sub: '7' })}`,
    });
    expect([answer.status, answer.body]).toMatchObject([503, unavailable]);
  });

  test('whoever brings no cookie is a stranger as ever, and a forged call is refused as ever', async () => {
    expect((await world.visitor().get('/api/dashboard')).status).toBe(401);
    expect((await withCookie().send('GET', '/api/dashboard')).status).toBe(403);
  });
});
