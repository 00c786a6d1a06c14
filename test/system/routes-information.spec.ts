import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { RawConnection, requestText } from '../world/raw-http.js';

const access = { public: true };
const routes = [
  { name: 'open', match: { path: '/open' }, upstream: 'legacy', access, maxBody: '1KiB' },
  { name: 'mine', match: { path: '/mine' }, upstream: 'legacy', limits: { requests: 1 } },
  { name: 'away', match: { path: '/away' }, upstream: 'away', access },
];

let world: ProxyWorld;
let authorization: string;
beforeEach(async () => {
  world = await startProxyWorld({ routes }, {}, { away: { url: 'http://127.0.0.1:1' } });
  authorization = `Authorization: Bearer ${await world.bff.issuer.mint()}`;
});
afterEach(() => world[Symbol.asyncDispose]());

const open = (): Promise<RawConnection> => RawConnection.open(world.bff.gateway.url);

describe('hints of a service', () => {
  beforeEach(() => {
    world.serve = (_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.writeInformation(102, { connection: 'x-hop', 'x-hop': '1' });
      response.end('legacy');
    };
  });

  test('are handed on before the answer, without what belongs to a connection', async () => {
    using connection = await open();
    connection.send(requestText('GET /open HTTP/1.1', ['Host: bff.example']));
    expect(await connection.answer()).toMatchObject({
      status: 103,
      headers: { link: '</a.css>; rel=preload' },
    });
    expect(await connection.answer()).toEqual({ status: 102, headers: {}, text: '', body: undefined });
    expect(await connection.answer()).toMatchObject({ status: 200, text: 'legacy' });
  });

  test('are not for callers of HTTP/1.0', async () => {
    using connection = await open();
    connection.send(requestText('GET /open HTTP/1.0', ['Host: bff.example']));
    expect((await connection.answer())?.status).toBe(200);
  });
});

describe('whoever asks whether to send a body', () => {
  /** Sends nothing behind the headers. */
  async function ask(path: string, length: number, more: string[] = []): Promise<RawConnection> {
    const headers = ['Host: bff.example', 'Expect: 100-continue', `Content-Length: ${length}`, ...more];
    return (await open()).send(requestText(`POST ${path} HTTP/1.1`, headers));
  }

  test('is asked for it when the request is one for the service, and is answered', async () => {
    using connection = await ask('/mine', 5, [authorization]);
    expect((await connection.answer())?.status).toBe(100);
    expect(world.seen).toHaveLength(0);
    connection.send('hello');
    expect(await connection.answer()).toMatchObject({ status: 200, text: 'legacy' });
    expect(world.seen[0]?.body.toString()).toBe('hello');
    // The connection is as good as any.
    connection.send(requestText('GET /open HTTP/1.1', ['Host: bff.example']));
    expect((await connection.answer())?.status).toBe(200);
  });

  test('is refused without it by each check, and by a service that is away', async () => {
    const refused = async (status: number, ...asked: Parameters<typeof ask>): Promise<void> => {
      using connection = await ask(...asked);
      expect(await connection.answer()).toMatchObject({ status, headers: { connection: 'close' } });
    };
    await refused(401, '/mine', 5);
    await refused(413, '/open', 2_000);
    await refused(502, '/away', 5);
    await world.bff.ada.get('/mine');
    await refused(429, '/mine', 5, [authorization]);
    expect(world.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('and does not wait is not asked before he is known', async () => {
    using connection = await ask('/mine', 5);
    connection.send('hello');
    expect((await connection.answer())?.status).toBe(401);
  });

  test('is asked by views as well, behind the same checks', async () => {
    const json = 'Content-Type: application/json';
    const order = JSON.stringify({ lines: [{ sku: 'BK-1843', quantity: 1 }] });
    using stranger = await ask('/api/orders', order.length, [json]);
    expect((await stranger.answer())?.status).toBe(401);
    using caller = await ask('/api/orders', order.length, [json, authorization]);
    expect((await caller.answer())?.status).toBe(100);
    expect((await caller.send(order).answer())?.status).toBeGreaterThanOrEqual(200);
  });
});
