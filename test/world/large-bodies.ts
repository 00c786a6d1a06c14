import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Issuer, listen } from '@bff/testing';
import { environmentOf } from './bff.js';
import { wideLimits, writeGatewayConfig } from './gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { readResidentBytes } from './resident-bytes.js';
import { startServices } from './services.js';

/** What all bodies are made of, again and again: what is lost, doubled or changed on the way shows. */
const part = randomBytes(262_144);
const growthEveryMs = 20;

/** A route of a gateway in a process of its own that takes and gives bodies of any size. */
export class LargeBodies implements AsyncDisposable {
  private constructor(
    private readonly gateway: GatewayProcess,
    private readonly opened: AsyncDisposableStack,
  ) {}

  private serve: (request: IncomingMessage, response: ServerResponse) => Promise<void> = () =>
    Promise.reject(new Error('nobody has asked for anything yet'));

  /** `limits` are settings of the route: how large bodies may be, and how long on their way. */
  static async start(limits: { readonly maxBody: string; readonly upload?: object }): Promise<LargeBodies> {
    await using opened = new AsyncDisposableStack();
    const services = await startServices();
    for (const one of Object.values(services) as AsyncDisposable[]) opened.use(one);
    const issuer = opened.use(await Issuer.start());
    let world: LargeBodies | undefined;
    const service = await listen(createServer((request, response) => void world?.serve(request, response)));
    opened.defer(() => service.close());
    const upstreams = {
      users: { url: '${USERS_URL}' },
      orders: { url: '${ORDERS_URL}' },
      catalog: { url: '${CATALOG_URL}' },
      large: { url: service.url, timeout: '10s' },
    };
    const route = { name: 'large', match: { path: '/large' }, upstream: 'large', access: { public: true } };
    const routes = [{ ...route, timeout: '10s', ...limits }];
    const file = opened.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, routes }));
    const environment = { ...environmentOf(services, issuer), GATEWAY_CONFIG: file.path };
    const gateway = opened.use(await startGatewayProcess({ app: 'web-bff', environment }));
    world = new LargeBodies(gateway, opened.move());
    return world;
  }

  /** To a caller who stands still for `pauseMs` soon after the first byte. Resolves when all has arrived as it was. */
  async download(bytes: number, pauseMs: number): Promise<void> {
    this.serve = (_request, response) => sendTo(response, bytes);
    const call = httpRequest(`${this.gateway.url}/large`).end();
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    await take(answer, bytes, pauseMs);
  }

  /** To a service that stands still for `pauseMs` soon after the first byte. */
  async upload(bytes: number, pauseMs: number): Promise<void> {
    const arrived = Promise.withResolvers<void>();
    this.serve = async (request, response) => {
      await take(request, bytes, pauseMs).then(arrived.resolve, arrived.reject);
      response.end('ok');
    };
    const call = httpRequest(`${this.gateway.url}/large`, { method: 'POST' });
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    await Promise.all([sendTo(call, bytes), arrived.promise]);
    expect((await answered)[0].statusCode).toBe(200);
  }

  /** How much more memory the gateway had at most while `work` went on than before it. */
  async growthDuring(work: () => Promise<unknown>): Promise<number> {
    const before = await this.residentBytes();
    let most = before;
    let isOver = false;
    const over = work().finally(() => (isOver = true));
    while (!isOver) {
      most = Math.max(most, await this.residentBytes());
      await Promise.race([over, sleep(growthEveryMs)]);
    }
    await over;
    return most - before;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }

  private residentBytes(): Promise<number> {
    return readResidentBytes(this.gateway.managementUrl);
  }
}

async function sendTo(stream: NodeJS.WritableStream, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += part.length)
    if (!stream.write(part.subarray(0, bytes - sent))) await once(stream, 'drain');
  stream.end();
}

/** Rejects when it is not exactly what `sendTo` sends; stands still once, soon after the first byte. */
async function take(stream: NodeJS.ReadableStream, expected: number, pauseMs: number): Promise<void> {
  let [bytes, isPausing] = [0, true];
  for await (const chunk of stream) {
    if (!isNext(chunk as Buffer, bytes)) throw new Error(`another byte came after ${bytes} of ${expected}`);
    bytes += (chunk as Buffer).length;
    if (isPausing && bytes > expected / 50) {
      isPausing = false;
      await sleep(pauseMs);
    }
  }
  expect(bytes).toBe(expected);
}

function isNext(chunk: Buffer, offset: number): boolean {
  for (let at = 0; at < chunk.length;) {
    const from = (offset + at) % part.length;
    const length = Math.min(part.length - from, chunk.length - at);
    if (part.compare(chunk, at, at + length, from, from + length) !== 0) return false;
    at += length;
  }
  return true;
}
