import { until } from '@bff/testing';
import { RawConnection } from '../world/raw-http.js';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const routes = [{ name: 'open', match: { path: '/open/**' }, upstream: 'legacy', access: { public: true } }];

let world: ProxyWorld;
beforeEach(async () => {
  world = await startProxyWorld({ routes });
});
afterEach(() => world?.[Symbol.asyncDispose]());

const metric = async (name: string): Promise<number> => {
  const { text } = await world.bff.management.get('/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
};
const left = (): Promise<number> => metric('bff_requests_total{status="499"}');

test('callers who leave at once are counted, each of them, whether or not their requests were begun; the others are answered', async () => {
  const count = 400;
  const asked = `GET /open/a HTTP/1.1\r\nHost: bff\r\n\r\n`;
  world.serve = () => undefined;
  // Begun four in a turn of the gateway's event loop; in the second turn it sees that their caller has left.
  const connection = await RawConnection.open(world.bff.gateway.url);
  connection.send(asked.repeat(count)).socket.destroySoon();
  await until('all are counted', async () => (await left()) === count);
  expect(await metric('bff_requests_in_flight')).toBe(0);
  expect(await metric('bff_requests_waiting')).toBe(0);
  expect(world.seen.length).toBeLessThan(count);

  world.serve = (_request, response) => void response.end('served');
  const answers = await Promise.all(Array.from({ length: 100 }, () => world.bff.anonymous.get('/open/b')));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 served']));
});
