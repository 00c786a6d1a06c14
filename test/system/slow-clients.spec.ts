import { once } from 'node:events';
import { until } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { RawConnection, requestText } from '../world/raw-http.js';
import { type SocketLives, watchSockets } from '../world/socket-lives.js';

/** A product's page, answered by the catalog with enough text to fill the buffers of a socket. */
const large = {
  data: {
    product: {
      sku: 'BK-1843',
      title: 'Notes',
      price: { amount: '1.00', currency: 'GBP' },
      imageUrl: 'https://images.example.com/a.webp',
      author: 'Ada',
      description: 'd'.repeat(6_000_000),
      inStock: true,
    },
  },
};

let bff: Bff;
let usual: readonly string[];
let connections: RawConnection[];
let lives: SocketLives;
beforeAll(async () => {
  bff = await startWebBff();
  usual = ['Host: bff', `Authorization: Bearer ${await bff.issuer.mint()}`];
  connections = [];
  lives = watchSockets(bff.gateway.url);
});
afterAll(async () => {
  lives[Symbol.dispose]();
  for (const connection of connections) connection[Symbol.dispose]();
  await bff[Symbol.asyncDispose]();
});

async function open(bytes: string): Promise<RawConnection> {
  const connection = await RawConnection.open(bff.gateway.url);
  connections.push(connection);
  return connection.send(bytes);
}

/** Stops reading as soon as a large answer has begun. */
async function openReader(bytes: string): Promise<RawConnection> {
  const connection = await open(bytes);
  const [chunk] = (await once(connection.socket, 'data')) as [Buffer];
  connection.socket.pause();
  expect(chunk.toString('latin1')).toMatch(/^HTTP\/1\.1 200 [^]*Content-Length: 6\d{6}\r\n/);
  return connection;
}

/** Says a letter now and then, for as long as it is listened to. */
function drip(connection: RawConnection, text: string): RawConnection {
  const timer = setInterval(() => connection.socket.write(text), 500);
  connection.socket.once('close', () => clearInterval(timer));
  return connection;
}

const json = ['Content-Type: application/json', 'Content-Length: 1000'];
type Kinds = Readonly<Record<string, () => Promise<RawConnection>>>;
const senders: Kinds = {
  'says nothing': () => open(''),
  'stops in its headers': () => open('GET /api/dashboard HTTP/1.1\r\nHost: bff\r\nX-'),
  'drips its headers': async () =>
    drip(await open('GET /api/dashboard HTTP/1.1\r\nHost: bff\r\nX-Slow: '), 'a'),
  'drips headers that end': async () =>
    drip(await open('GET /api/dashboard HTTP/1.1\r\nHost: bff\r\n'), 'X-Slow: a\r\n'),
  'stops in its body': () => open(requestText('POST /api/orders HTTP/1.1', [...usual, ...json], '{')),
  'drips its body': async () =>
    drip(await open(requestText('POST /api/orders HTTP/1.1', [...usual, ...json], '{')), ' '),
  'drips its chunks': async () =>
    drip(
      await open(
        requestText('POST /api/orders HTTP/1.1', [
          ...usual,
          ...json.slice(0, 1),
          'Transfer-Encoding: chunked',
        ]),
      ),
      '1\r\n \r\n',
    ),
  'drips a body that nobody reads': async () =>
    drip(await open(requestText('POST /api/orders HTTP/1.1', ['Host: bff', ...json], '{')), ' '),
};
const product = (): string => requestText('GET /api/products/BK-1843 HTTP/1.1', usual);
const readers: Kinds = {
  'reads the first bytes only': () => openReader(product()),
  'reads the first bytes of many answers': () => openReader(product().repeat(3)),
  'reads a little now and then': async () => {
    const connection = await openReader(product());
    const timer = setInterval(() => connection.socket.read(1), 500);
    connection.socket.once('close', () => clearInterval(timer));
    return connection;
  },
};

test('five hundred clients that send or read too slowly are cut off within 20 s, and nobody else waits', async () => {
  await bff.catalog.fails({ as: 'answer', answer: large });
  for (const start of Object.values(readers)) for (let count = 0; count < 3; count += 1) await start();
  await bff.catalog.recovers();
  for (const start of Object.values(senders)) for (let count = 0; count < 62; count += 1) await start();
  await until('all are open', () => lives.lastedMs.length === connections.length);
  expect(connections.length).toBeGreaterThanOrEqual(500);

  let served = 0;
  await until(
    'all are closed',
    async () => {
      const startedMs = performance.now();
      expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
      expect(performance.now() - startedMs).toBeLessThan(2_000);
      served += 1;
      // The one that is left belongs to the caller who is served.
      return lives.lastedMs.filter((ms) => ms === undefined).length <= 1;
    },
    30_000,
  );
  expect(served).toBeGreaterThan(20);
  expect(Math.max(...lives.lastedMs.map((ms) => ms ?? 0))).toBeLessThan(20_000);
}, 60_000);
