import { type Bff, startMobileBff } from '../world/bff.js';
import { writeGatewayConfig, wideLimits } from '../world/gateway-config.js';

const callers = 8;

/** Calls with a new token each time, one call after the other, until `isOver`; gives the statuses. */
async function callUntil(bff: Bff, isOver: () => boolean): Promise<number[]> {
  const statuses: number[] = [];
  while (!isOver()) {
    const authorization = `Bearer ${await bff.issuer.mint()}`;
    statuses.push((await bff.anonymous.get('/v1/products/BK-1843', { headers: { authorization } })).status);
  }
  return statuses;
}

test('the issuer rotates its key twice under load, soon after the start, and no call fails', async () => {
  using config = writeGatewayConfig('mobile-bff', wideLimits);
  await using bff = await startMobileBff({ GATEWAY_CONFIG: config.path });
  const atStart = await bff.issuer.mint();
  let isOver = false;
  const load = Promise.all(Array.from({ length: callers }, () => callUntil(bff, () => isOver)));
  for (let rotation = 0; rotation < 2; rotation += 1) {
    await callUntil(bff, callsOf(25));
    await bff.issuer.rotate();
    await callUntil(bff, callsOf(25));
  }
  isOver = true;
  const statuses = (await load).flat();
  expect(statuses.length).toBeGreaterThan(callers);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(bff.issuer.jwksFetches).toBeLessThanOrEqual(3);
  const headers = { authorization: `Bearer ${atStart}` };
  expect((await bff.anonymous.get('/v1/products/BK-1843', { headers })).status).toBe(200);
});

/** False so many times. */
function callsOf(count: number): () => boolean {
  let calls = 0;
  return () => (calls += 1) > count;
}
