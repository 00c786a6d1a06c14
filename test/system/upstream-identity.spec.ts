import { HandlerFake } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';

const upstreamsWith = (identity: string | object): object => ({
  users: { url: '${USERS_URL}', identity },
  orders: { url: '${ORDERS_URL}', identity },
  catalog: { url: '${CATALOG_URL}' },
});

/** What the user service and the order service saw of who calls, when Ada asks for her dashboard. */
async function seenWith(identity: string): Promise<(string | undefined)[]> {
  using config = writeGatewayConfig('web-bff', { upstreams: upstreamsWith(identity) });
  await using bff: Bff = await startWebBff({ GATEWAY_CONFIG: config.path });
  expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
  return [...bff.users.calls, ...bff.orders.calls].flatMap(({ headers }) => [
    headers['x-user-id'],
    headers['authorization']?.split(' ')[0],
    typeof headers['x-identity-assertion'],
  ]);
}

test('services are told who calls, and nothing of the token', async () => {
  expect(await seenWith('caller')).toEqual(['7', undefined, 'string', '7', undefined, 'string']);
});

test('a service that asks for it gets the caller’s own token', async () => {
  expect(await seenWith('token')).toEqual([
    undefined,
    'Bearer',
    'undefined',
    undefined,
    'Bearer',
    'undefined',
  ]);
});

test('a service that is for everybody is told nobody', async () => {
  const nothing = [undefined, undefined, 'undefined'];
  expect(await seenWith('none')).toEqual([...nothing, ...nothing]);
});

test('a service behind an exchange gets a token of its own, and neither it nor a caller sees the other one', async () => {
  await using provider = await HandlerFake.start((request, response) => {
    request.resume();
    const token = { access_token: 'for-this-service', token_type: 'Bearer', expires_in: 60 };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
  });
  const exchange = { tokenUrl: provider.url, clientId: 'web-bff', clientSecret: 'hidden' };
  using config = writeGatewayConfig('web-bff', { upstreams: upstreamsWith({ exchange }) });
  await using bff: Bff = await startWebBff({ GATEWAY_CONFIG: config.path });
  const token = await bff.issuer.mint({});
  const answer = await bff.anonymous.get('/api/dashboard', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(JSON.stringify([answer.headers, answer.text])).not.toMatch(/for-this-service|hidden/);
  for (const { headers } of [...bff.users.calls, ...bff.orders.calls]) {
    expect(headers['authorization']).toBe('Bearer for-this-service');
    expect(JSON.stringify(headers)).not.toContain(token.split('.')[2]);
  }
  expect(provider.seen).toHaveLength(2);
});
