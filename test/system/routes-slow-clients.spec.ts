import { once } from 'node:events';
import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { RawConnection, requestText } from '../world/raw-http.js';
import { type SocketLives, watchSockets } from '../world/socket-lives.js';

const routes = [{ name: 'open', match: { path: '/open/**' }, upstream: 'legacy', access: { public: true } }];
const each = 10;

let world: ProxyWorld;
let lives: SocketLives;
let connections: RawConnection[];
/** Calls that the old system has begun to answer, or waits for the body of, and that have not ended. */
let atService = 0;
beforeEach(async () => {
  world = await startProxyWorld({ routes });
  lives = watchSockets(world.bff.gateway.url);
  connections = [];
  atService = 0;
});
afterEach(async () => {
  for (const connection of connections ?? []) connection[Symbol.dispose]();
  lives?.[Symbol.dispose]();
  await world?.[Symbol.asyncDispose]();
});

async function open(bytes: string): Promise<RawConnection> {
  const connection = await RawConnection.open(world.bff.gateway.url);
  connections.push(connection);
  return connection.send(bytes);
}

const host = 'Host: bff.example';
const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  'stops in its headers': () => open(`GET /open/a HTTP/1.1\r\n${host}\r\nX-`),
  'stops in its body': () => open(requestText('POST /open/a HTTP/1.1', [host, 'Content-Length: 1000'], '{')),
  'stops in its chunks': () =>
    open(requestText('POST /open/a HTTP/1.1', [host, 'Transfer-Encoding: chunked'], '1\r\na\r\n')),
  'reads the first bytes only': async () => {
    const connection = await open(requestText('GET /open/large HTTP/1.1', [host]));
    await once(connection.socket, 'data');
    connection.socket.pause();
  },
};

test('clients of a route that stop are cut off within 20 s, so are their calls at the service, and nobody else waits', async () => {
  const part = Buffer.alloc(64 * 1024, 'x');
  world.serve = ({ url }, response) => {
    if (url !== '/open/large') return void response.end('legacy');
    atService += 1;
    response.once('close', () => (atService -= 1));
    const more = (): void => {
      while (response.write(part));
    };
    response.on('drain', more);
    more();
  };
  for (const start of Object.values(kinds)) for (let count = 0; count < each; count += 1) await start();
  const areOpen = () => lives.lastedMs.length >= connections.length && atService === each;
  await until('all are open', areOpen, 15_000);

  const tookMs: number[] = [];
  await until(
    'all are closed',
    async () => {
      const startedMs = performance.now();
      expect((await world.bff.anonymous.get('/open/next')).status).toBe(200);
      tookMs.push(performance.now() - startedMs);
      // The one that is left belongs to the caller who is served.
      return lives.lastedMs.filter((ms) => ms === undefined).length <= 1;
    },
    30_000,
  );
  // One or two may meet a machine that stands still.
  expect(tookMs.length).toBeGreaterThan(20);
  expect(tookMs.toSorted((one, other) => one - other).at(-3)).toBeLessThan(2_000);
  expect(Math.max(...lives.lastedMs.map((ms) => ms ?? 0))).toBeLessThan(20_000);
  await until('the service is left alone', () => atService === 0);
}, 60_000);
