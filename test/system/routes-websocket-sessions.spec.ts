import { until } from '@bff/testing';
import { exchange } from '../world/raw-http.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { SocketClient } from '../world/socket-client.js';
import { chat, handshake, upstreamsWith } from '../world/socket-routes.js';
import { SocketService } from '../world/socket-service.js';
import { cookieNames, type Visitor } from '../world/visitor.js';

describe('a WebSocket of a browser that is signed in', () => {
  const own = [{ name: 'own', match: { path: '/own' }, ...chat }];
  const friend = 'https://friend.example';
  let service: SocketService;
  let world: SessionWorld;
  let ada: Visitor;
  beforeAll(async () => {
    service = await SocketService.start();
    const config = { routes: own, upstreams: upstreamsWith(service.url), cors: { origins: [friend] } };
    world = await startSessionWorld({ config });
  });
  beforeEach(async () => {
    service.opened.length = 0;
    ada = await world.signedIn();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
  });
  const cookieOf = ({ session = '' }: Visitor) => `${cookieNames.session}=${session}`;
  const headersOf = (visitor: Visitor, origin = world.gateway.url) => ({ cookie: cookieOf(visitor), origin });

  test('is opened for pages of ours and of those that are let in by name', async () => {
    for (const origin of [world.gateway.url, friend]) {
      using client = await SocketClient.open(world.gateway.url, '/own', headersOf(ada, origin));
      client.socket.send('hi');
      await until('the echo', () => client.received.length === 1);
    }
    expect(service.last?.request.headers).toMatchObject({ 'x-user-id': '7' });
    expect(service.last?.request.headers.cookie).toBeUndefined();
  });

  test.each([
    ['no page', []],
    ['a page of another site', ['Origin: https://evil.example']],
    ['a page without an origin', ['Origin: null']],
    ['another page of the same site', ['Origin: http://bff.example', 'Sec-Fetch-Site: same-site']],
    ['a page elsewhere that has the header', ['Origin: https://evil.example', 'X-CSRF: 1']],
  ])('is refused to %s, and no service hears of it', async (_who, more) => {
    const answer = await exchange(
      world.gateway.url,
      handshake('/own', [`Cookie: ${cookieOf(ada)}`, ...more]),
    );
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:bff:cross_site_request' } });
    expect(service.opened).toHaveLength(0);
  });

  test('does not make the header against forgery needless for requests that are no WebSocket', async () => {
    const lines = [`Cookie: ${cookieOf(ada)}`, 'Origin: http://bff.example'];
    const answer = await exchange(world.gateway.url, handshake('/bff/user', lines));
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:bff:cross_site_request' } });
  });

  test('ends with the session', async () => {
    using client = await SocketClient.open(world.gateway.url, '/own', headersOf(ada));
    const other = await world.signedIn();
    using stays = await SocketClient.open(world.gateway.url, '/own', headersOf(other));
    await ada.post('/bff/logout');
    await until('it is closed', () => client.closeCode);
    expect(client.closeCode).toBe(4401);
    await until('the service hears of it', () => service.opened[0]?.isClosed);
    expect(service.opened[0]?.closeCode).toBe(1001);
    stays.socket.send('hi');
    await until('the echo', () => stays.received.length === 1);
    const gone = await exchange(
      world.gateway.url,
      handshake('/own', [`Cookie: ${headersOf(ada).cookie}`, 'Origin: http://bff.example']),
    );
    expect(gone?.status).toBe(401);
  });
});
