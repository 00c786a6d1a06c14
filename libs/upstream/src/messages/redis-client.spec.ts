import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { type Broker, describeWithBroker, startRedis, until } from '@bff/testing';
import { MessageConnection } from './message-connection.js';

const call = { pattern: 'echo', data: { words: 'hello' }, headers: { 'x-request-id': 'r-1' } };

describeWithBroker('redis', () => {
  let broker: Broker;
  beforeEach(async () => void (broker = await startRedis()));
  afterEach(() => broker[Symbol.asyncDispose]());

  test('the packet published is the one of NestJS, with the headers beside its members', async () => {
    const packets: string[] = [];
    using service = listenTo(broker, (packet) => packets.push(packet));
    await service.redis.subscribe('echo');
    const connection = new MessageConnection('echo', broker.url, 1_000);
    const request = connection.send(call);
    await until('a packet', () => packets.length > 0);
    expect(JSON.parse(packets[0] ?? '')).toEqual({ ...call, id: expect.any(String) });
    request.cancel();
    await connection.close();
  });

  test('a wrong password is why there is no connection, and no error says it', async () => {
    using admin = listenTo(broker, () => undefined);
    await admin.redis.config('SET', 'requirepass', 'right');
    const right = new MessageConnection('echo', broker.url.replace('//', '//:right@'), 1_000);
    await expect(right.send(call).reply).rejects.toMatchObject({
      message: 'echo: unreachable (nobody listens)',
    });
    await right.close();
    const wrong = new MessageConnection('echo', broker.url.replace('//', '//me:guessed@'), 1_000);
    const failure: unknown = await wrong.send(call).reply.catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'unreachable', message: expect.stringContaining('WRONGPASS') });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('guessed');
    await wrong.close();
  });

  test('a broker that says nothing is given up in time, and used once it speaks', async () => {
    const connection = new MessageConnection('echo', broker.url, 100);
    broker.freeze();
    await expect(connection.send(call).reply).rejects.toThrow('not within 100 ms');
    broker.thaw();
    await until('an answer', () => connection.send(call).reply.catch(isNobodyListens));
    await connection.close();
  });

  test('a request that is cancelled before its reply channel is there is not published', async () => {
    const packets: string[] = [];
    using service = listenTo(broker, (packet) => packets.push(packet));
    await service.redis.subscribe('late', 'echo');
    const connection = new MessageConnection('echo', broker.url, 1_000);
    connection.send(call).cancel();
    await until('a connection', () =>
      connection.send({ ...call, pattern: 'nobody' }).reply.catch(isNobodyListens),
    );
    broker.freeze();
    const late = connection.send({ ...call, pattern: 'late' });
    await new Promise(setImmediate);
    late.cancel();
    broker.thaw();
    const request = connection.send(call);
    await until('a packet', () => packets.length > 0);
    expect(packets.map((packet) => (JSON.parse(packet) as typeof call).pattern)).toEqual(['echo']);
    request.cancel();
    await connection.close();
  });

  test('a broker that is killed while it has a request ends the request, and nothing else', async () => {
    const connection = new MessageConnection('echo', broker.url, 1_000);
    await connection.send(call).reply.catch(() => undefined);
    broker.freeze();
    const requests = [call, { ...call, pattern: 'other' }].map((one) => connection.send(one).reply);
    const failures = Promise.allSettled(requests);
    await new Promise(setImmediate);
    await broker[Symbol.asyncDispose]();
    for (const one of await failures) expect(one).toMatchObject({ reason: { reason: 'unreachable' } });
    await connection.close();
  });
});

function isNobodyListens(error: unknown): boolean {
  return String(error).includes('nobody listens');
}

function listenTo(broker: Broker, onPacket: (packet: string) => void) {
  const redis = new Redis(broker.url);
  redis.on('message', (_channel, packet) => onPacket(packet));
  return { redis, [Symbol.dispose]: () => redis.disconnect() };
}
