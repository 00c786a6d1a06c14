import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Issuer, listen, type Listening } from '@bff/testing';
import { environmentOf } from '../world/bff.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from '../world/gateway-process.js';
import { readResidentBytes } from '../world/resident-bytes.js';
import { type Services, startServices } from '../world/services.js';

const mebibyte = 1_048_576;
const part = Buffer.alloc(mebibyte / 4, 'x');
const partsOf = (bytes: number): number => bytes / part.length;
/** So long the slower side stands still. */
const stallMs = 1_500;

const stack = new AsyncDisposableStack();
let service: Listening;
let gateway: GatewayProcess;
let serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
beforeAll(async () => {
  const services: Services = await startServices();
  for (const one of Object.values(services) as AsyncDisposable[]) stack.use(one);
  const issuer = stack.use(await Issuer.start());
  service = await listen(createServer((request, response) => void serve(request, response)));
  stack.defer(() => service.close());
  const upstreams = {
    users: { url: '${USERS_URL}' },
    orders: { url: '${ORDERS_URL}' },
    catalog: { url: '${CATALOG_URL}' },
    large: { url: service.url, timeout: '10s' },
  };
  const route = { name: 'large', match: { path: '/large' }, upstream: 'large', access: { public: true } };
  const routes = [{ ...route, maxBody: '1GiB', timeout: '10s' }];
  const file = stack.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, routes }));
  const environment = { ...environmentOf(services, issuer), GATEWAY_CONFIG: file.path };
  gateway = stack.use(await startGatewayProcess({ app: 'web-bff', environment }));
}, 60_000);
afterAll(() => stack.disposeAsync());

const residentBytes = (): Promise<number> => readResidentBytes(gateway.managementUrl);

/** How much more memory the gateway had at most while `work` went on than before it. */
async function growthDuring(work: Promise<unknown>): Promise<number> {
  const before = await residentBytes();
  let most = before;
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    most = Math.max(most, await residentBytes());
    await Promise.race([over, sleep(20)]);
  }
  await over;
  return most - before;
}

async function sendTo(stream: NodeJS.WritableStream, bytes: number): Promise<void> {
  for (let sent = 0; sent < partsOf(bytes); sent += 1) if (!stream.write(part)) await once(stream, 'drain');
  stream.end();
}

/** How many bytes it had; stands still once, soon after the first of them. */
async function take(stream: NodeJS.ReadableStream, expected: number, pauseMs: number): Promise<number> {
  let [bytes, isPausing] = [0, true];
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (isPausing && bytes > expected / 50) {
      isPausing = false;
      await sleep(pauseMs);
    }
  }
  return bytes;
}

async function download(bytes: number, pauseMs: number): Promise<void> {
  serve = (_request, response) => sendTo(response, bytes);
  const call = httpRequest(`${gateway.url}/large`).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  expect(await take(answer, bytes, pauseMs)).toBe(bytes);
}

async function upload(bytes: number, pauseMs: number): Promise<void> {
  const arrived = Promise.withResolvers<number>();
  serve = async (request, response) => {
    arrived.resolve(await take(request, bytes, pauseMs));
    response.end('ok');
  };
  const call = httpRequest(`${gateway.url}/large`, { method: 'POST' });
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  await sendTo(call, bytes);
  expect(await arrived.promise).toBe(bytes);
  expect((await answered)[0].statusCode).toBe(200);
}

test('200 MiB down to a caller who stands still, and 100 MiB up to a service that does, cost less than 96 MiB of memory', async () => {
  await download(32 * mebibyte, 0);
  await upload(32 * mebibyte, 0);
  expect(await growthDuring(download(200 * mebibyte, stallMs))).toBeLessThan(96 * mebibyte);
  expect(await growthDuring(upload(100 * mebibyte, stallMs))).toBeLessThan(96 * mebibyte);
}, 60_000);
