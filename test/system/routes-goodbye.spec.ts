import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Issuer, listen, until } from '@bff/testing';
import { environmentOf } from '../world/bff.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from '../world/gateway-process.js';
import { requestText } from '../world/raw-http.js';
import { readResidentBytes } from '../world/resident-bytes.js';
import { startServices } from '../world/services.js';
import { SocketService } from '../world/socket-service.js';
import { handshake } from '../world/socket-routes.js';

const each = 1_000;
const atOnce = 50;
const mebibyte = 1_048_576;

const stack = new AsyncDisposableStack();
let gateway: GatewayProcess;
const streams: ServerResponse[] = [];
beforeAll(async () => {
  const services = await startServices();
  for (const one of Object.values(services) as AsyncDisposable[]) stack.use(one);
  const issuer = stack.use(await Issuer.start());
  const chat = stack.use(await SocketService.start());
  const events = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
      streams.push(response);
    }),
  );
  stack.defer(() => events.close());
  const bulkhead = { concurrent: 2 * each };
  const upstreams = {
    users: { url: '${USERS_URL}' },
    orders: { url: '${ORDERS_URL}' },
    catalog: { url: '${CATALOG_URL}' },
    chat: { url: chat.url, bulkhead },
    events: { url: events.url, bulkhead },
  };
  const access = { public: true };
  const routes = [
    { name: 'chat', match: { path: '/chat' }, upstream: 'chat', websocket: true, access },
    { name: 'events', match: { path: '/events' }, upstream: 'events', access },
  ];
  const overload = { inFlight: 3 * each };
  const file = stack.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, routes, overload }));
  const environment = { ...environmentOf(services, issuer), GATEWAY_CONFIG: file.path };
  gateway = stack.use(await startGatewayProcess({ app: 'web-bff', environment }));
}, 60_000);
afterAll(() => stack.disposeAsync());

/** A connection with the end of what came over it. */
class Listener {
  heard = '';
  isOver = false;

  constructor(readonly socket: Socket) {
    socket.on(
      'data',
      (chunk: Buffer) => (this.heard = (this.heard + chunk.toString('latin1')).slice(-2_000)),
    );
    socket.on('error', () => undefined).on('close', () => (this.isOver = true));
    stack.defer(() => void socket.destroy());
  }
}

async function open(request: string, count: number): Promise<Listener[]> {
  const all: Listener[] = [];
  while (all.length < count) {
    const some = Array.from({ length: atOnce }, async () => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      const listener = new Listener(socket);
      await once(socket, 'connect');
      socket.write(request, 'latin1');
      await until('it is open', () => /^HTTP\/1\.1 (101|200)/.test(listener.heard), 20_000);
      return listener;
    });
    all.push(...(await Promise.all(some)));
  }
  return all;
}

const residentBytes = (): Promise<number> => readResidentBytes(gateway.managementUrl);

test('1,000 WebSockets and 1,000 streams of events are open at once, one that is not read costs nothing, and at the end all are told when to come again', async () => {
  const sockets = await open(handshake('/chat'), each);
  const events = await open(requestText('GET /events HTTP/1.1', ['Host: bff.example']), each);
  expect(streams).toHaveLength(each);

  const deaf = events.pop()!;
  deaf.socket.pause();
  const toDeaf = streams.at(-1)!;
  const before = await residentBytes();
  const part = `data: ${'x'.repeat(64 * 1_024)}\n\n`;
  let [written, quietPolls] = [0, 0];
  const write = (): void => {
    quietPolls = 0;
    while (written < 500 * mebibyte && toDeaf.write(part)) written += part.length;
    written += part.length;
  };
  toDeaf.on('drain', write);
  write();
  await until('the service waits, as the reader does', () => (quietPolls += 1) > 50, 20_000);
  expect(written).toBeLessThan(100 * mebibyte);
  for (const stream of streams.slice(0, -1)) stream.write('data: to all\n\n');
  await until('all heard it', () => events.every(({ heard }) => heard.includes('to all')), 20_000);
  expect((await residentBytes()) - before).toBeLessThan(64 * mebibyte);

  const toldAtMs = performance.now();
  gateway.child.kill('SIGTERM');
  expect(await gateway.exit).toBe(0);
  expect(performance.now() - toldAtMs).toBeLessThan(10_000);
  await until(
    'all connections are over',
    () => [...sockets, ...events].every(({ isOver }) => isOver),
    10_000,
  );

  const retries = events.map(({ heard }) => /retry: (\d+)\n\n\r\n0\r\n\r\n$/.exec(heard)?.[1]);
  expect(retries.filter((ms) => ms === undefined)).toEqual([]);
  expect(new Set(retries).size).toBeGreaterThan(500);
  for (const ms of retries.map(Number)) expect(ms >= 2_000 && ms < 10_000).toBe(true);
  const reasons = sockets.map(({ heard }) => closeReasonOf(heard));
  expect(reasons.filter((reason) => !/^1012 retry-after=([2-9]|10)$/.test(reason))).toEqual([]);
  expect(new Set(reasons).size).toBeGreaterThan(6);
}, 120_000);

/** Code and words of the last frame (RFC 6455, section 5.5.1). */
function closeReasonOf(heard: string): string {
  const frame = Buffer.from(heard.slice(heard.lastIndexOf('\x88')), 'latin1');
  return `${frame.readUInt16BE(2)} ${frame.subarray(4).toString()}`;
}
