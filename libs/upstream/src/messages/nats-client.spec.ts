import { connect } from '@nats-io/transport-node';
import { type Broker, describeWithBroker, startNats, until } from '@bff/testing';
import { MessageConnection } from './message-connection.js';

const call = { pattern: 'echo', data: { words: 'hello' }, headers: { 'x-request-id': 'r-1' } };

describeWithBroker('nats', () => {
  let broker: Broker;
  let connection: MessageConnection;
  beforeAll(async () => void (broker = await startNats()));
  afterAll(() => broker[Symbol.asyncDispose]());
  beforeEach(() => void (connection = new MessageConnection('echo', broker.url, 200)));
  afterEach(() => connection.close());

  test.each(['no JSON', '', '{"err"'])(
    'the reply %j is a bad response, or that nobody listens',
    async (reply) => {
      const service = await connect({ servers: broker.url });
      service.subscribe('echo', { callback: (_error, message) => void message.respond(reply) });
      await service.flush();
      await expect(connection.send(call).reply).rejects.toMatchObject({
        reason: reply === '' ? 'unreachable' : 'bad_response',
      });
      await service.close();
    },
  );

  test('a request larger than the broker takes is a mistake of ours, not of the service', async () => {
    const service = await connect({ servers: broker.url });
    service.subscribe('echo', { callback: (_error, message) => void message.respond('{}') });
    await service.flush();
    const words = 'x'.repeat(2 * 1024 * 1024);
    await expect(connection.send({ ...call, data: { words } }).reply).rejects.toMatchObject({
      name: 'InvalidArgumentError',
    });
    expect(await connection.send(call).reply).toEqual({});
    await service.close();
  });

  test('a broker that says nothing is given up in time, and used once it speaks', async () => {
    broker.freeze();
    await expect(connection.send(call).reply).rejects.toMatchObject({
      reason: 'unreachable',
      retry: 'always',
    });
    broker.thaw();
    const nobodyListens = (error: unknown): boolean => String(error).includes('nobody listens');
    await until('an answer', () => connection.send(call).reply.catch(nobodyListens));
  });
});
