import 'reflect-metadata';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Ctx,
  MessagePattern,
  type MicroserviceOptions,
  NatsContext,
  Payload,
  RmqContext,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import {
  type Broker,
  brokerTestTimeoutMs,
  describeWithBroker,
  findFreePort,
  startNats,
  startRabbitMq,
  startRedis,
  until,
} from '@bff/testing';
import { MessageConnection } from './message-connection.js';
import { readMessageUrl } from './read-message-url.js';

interface Packet {
  readonly pattern: string;
  readonly data: unknown;
  readonly headers?: object;
}

@Controller()
class Echo {
  @MessagePattern('echo')
  echo(@Payload() data: unknown) {
    return data;
  }

  @MessagePattern('headers')
  headers(@Payload() data: unknown, @Ctx() context: unknown) {
    if (context instanceof NatsContext) return Object.fromEntries(context.getHeaders());
    return context instanceof RmqContext ? context.getMessage()['properties'] : data;
  }

  @MessagePattern('fail')
  fail(@Payload() error: object) {
    throw new RpcException(error);
  }

  @MessagePattern('hang')
  hang() {
    return new Promise(() => undefined);
  }

  @MessagePattern('nothing')
  nothing() {
    return undefined;
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

/** Nothing in NestJS reads the headers of these transports: a service has to do it, and this one shows them as data. */
const deserializer = {
  deserialize: (packet: Packet) =>
    packet.pattern === 'headers' ? { ...packet, data: packet.headers } : packet,
};

function optionsFor(text: string): MicroserviceOptions {
  const { transport, hostname: host, port, queue, durable } = readMessageUrl('echo', text);
  switch (transport) {
    case 'tcp':
      return { transport: Transport.TCP, options: { host, port, deserializer } };
    case 'redis':
      return { transport: Transport.REDIS, options: { host, port, deserializer } };
    case 'nats':
      return { transport: Transport.NATS, options: { servers: `${host}:${port}`, reconnect: false } };
    case 'rabbitmq':
      return { transport: Transport.RMQ, options: { urls: [text], queue, queueOptions: { durable } } };
  }
}

async function startService(url: string): Promise<INestMicroservice> {
  const service = await NestFactory.createMicroservice<MicroserviceOptions>(EchoModule, {
    ...optionsFor(url),
    logger: false,
  });
  await service.listen();
  return service;
}

/** What connections go to: a broker with a service behind it, or the service itself. */
class World implements AsyncDisposable {
  private service: INestMicroservice | undefined;

  private constructor(
    readonly url: string,
    private readonly broker: Broker | undefined,
  ) {}

  static async start(starting?: Promise<Broker>, query = ''): Promise<World> {
    const broker = await starting;
    const world = new World(broker ? broker.url + query : `tcp://127.0.0.1:${await findFreePort()}`, broker);
    world.service = await startService(world.url);
    return world;
  }

  async stop(): Promise<void> {
    const { service } = this;
    this.service = undefined;
    await this.broker?.stop();
    // What it says of a broker that is gone is of no interest.
    await service?.close().catch(() => undefined);
  }

  async startAgain(): Promise<void> {
    await this.broker?.start();
    this.service = await startService(this.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.service !== undefined) await this.stop();
    await this.broker?.[Symbol.asyncDispose]();
  }
}

/** NestJS's client, and what keeps requests: its own map, and ours. */
function kept(connection: MessageConnection): object {
  const { line } = connection as unknown as {
    line: { inFlight: number; lost: Lost; options: { client: Client } };
  };
  const { client } = line.options;
  return {
    ours: line.inFlight,
    observers: line.lost.observers.length,
    requests: client.routingMap.size,
    replies: client.responseEmitter?.eventNames().length ?? 0,
    subscriptions: client.natsClient?.protocol.subscriptions.size() ?? 0,
  };
}

interface Lost {
  readonly observers: readonly unknown[];
}

interface Client {
  readonly routingMap: Map<string, unknown>;
  readonly responseEmitter?: NodeJS.EventEmitter;
  readonly natsClient?: { readonly protocol: { readonly subscriptions: { size(): number } } };
}

const ask = (pattern: string, data: unknown = {}, headers: Record<string, string> = {}) => ({
  pattern,
  data,
  headers,
});

/** The same for all transports; `unheard` is what becomes of a request that no handler is there for. */
function contract(start: () => Promise<World>, unheard: string): void {
  let world: World;
  let connection: MessageConnection;
  const reply = (pattern: string, data?: unknown, headers?: Record<string, string>) =>
    connection.send(ask(pattern, data, headers)).reply;

  beforeAll(async () => void (world = await start()), brokerTestTimeoutMs);
  afterAll(() => world[Symbol.asyncDispose](), brokerTestTimeoutMs);
  beforeEach(() => void (connection = new MessageConnection('echo', world.url, 5_000)));
  afterEach(() => connection.close());

  test('a request gets the reply of its handler', async () => {
    expect(await reply('echo', { id: 42 })).toEqual({ id: 42 });
  });

  test('a request without data gets its reply too', async () => {
    expect(await connection.send({ pattern: 'nothing', data: undefined, headers: {} }).reply).toBeUndefined();
  });

  test('the headers reach the service', async () => {
    const seen = JSON.stringify(await reply('headers', {}, { 'x-request-id': 'r-1', 'x-user-id': '7' }));
    expect(seen).toMatch(/"x-request-id":(\["r-1"\]|"r-1")/);
    expect(seen).toMatch(/"x-user-id":(\["7"\]|"7")/);
  });

  test('an error reply with a status means what that status means over HTTP', async () => {
    await expect(reply('fail', { status: 404 })).rejects.toMatchObject({
      reason: 'rejected',
      rejection: 'not_found',
    });
    await expect(reply('fail', { statusCode: 503 })).rejects.toMatchObject({ reason: 'overloaded' });
  });

  test('an error reply without one is a bad response, and only the message says its words', async () => {
    const failure: unknown = await reply('fail', { status: 'error', message: 'words' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ reason: 'bad_response', message: expect.stringContaining('words') });
    expect(JSON.stringify(failure)).not.toContain('words');
  });

  test(`a request that no handler is there for is ${unheard}`, async () => {
    await expect(reply('nobody')).rejects.toMatchObject({ reason: unheard });
  });

  test('500 requests at once get each its own reply', async () => {
    const numbers = Array.from({ length: 500 }, (_, number) => number);
    expect(await Promise.all(numbers.map((number) => reply('echo', { number })))).toEqual(
      numbers.map((number) => ({ number })),
    );
  });

  test('of 1,000 cancelled requests nothing is kept', async () => {
    await reply('echo');
    const before = kept(connection);
    const requests = Array.from({ length: 1_000 }, () => connection.send(ask('hang')));
    await reply('echo');
    expect(kept(connection)).not.toEqual(before);
    for (const request of requests) request.cancel();
    await reply('echo');
    expect(kept(connection)).toEqual(before);
  });

  test('a request cancelled before there is a connection is not sent', async () => {
    connection.send(ask('hang')).cancel();
    await reply('echo');
    expect(kept(connection)).toMatchObject({ ours: 0, requests: 0 });
  });

  test('what is in flight ends before the connection closes, and nothing is sent afterwards', async () => {
    const pending = reply('echo', { id: 1 });
    await connection.close();
    expect(await pending).toEqual({ id: 1 });
    await expect(reply('echo')).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test(
    'whoever stops loses its requests, and is used again once it is back',
    async () => {
      const idle = new MessageConnection('echo', world.url, 5_000);
      await idle.send(ask('echo')).reply;
      const pending = reply('hang').catch((error: unknown) => error);
      await reply('echo');
      await world.stop();
      expect(await pending).toMatchObject({ reason: 'unreachable', retry: 'if_idempotent' });
      await expect(reply('echo')).rejects.toMatchObject({ reason: 'unreachable', retry: 'always' });
      await world.startAgain();
      for (const one of [connection, idle])
        await until('a reply', () => one.send(ask('echo', 'back')).reply.catch(() => false));
      await idle.close();
    },
    brokerTestTimeoutMs,
  );
}

describe('tcp', () => {
  contract(() => World.start(), 'bad_response');
});
describeWithBroker('redis', () => {
  contract(() => World.start(startRedis()), 'unreachable');
});
describeWithBroker('nats', () => {
  contract(() => World.start(startNats()), 'unreachable');
});
describeWithBroker('rabbitmq', () => {
  contract(() => World.start(startRabbitMq(), '?queue=echo'), 'bad_response');
});
