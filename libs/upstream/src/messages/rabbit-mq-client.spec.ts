import { inspect } from 'node:util';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { type Broker, brokerTestTimeoutMs, describeWithBroker, startRabbitMq, until } from '@bff/testing';
import { MessageConnection } from './message-connection.js';

const call = { pattern: 'echo', data: { words: 'hello' }, headers: { 'x-request-id': 'r-1' } };
describeWithBroker('rabbitmq', () => {
  let broker: Broker;
  let access: ChannelModel;
  let admin: Channel;
  const open = (query: string) => new MessageConnection('echo', broker.url + query, 5_000);
  const waiting = async (queue: string, durable = true) =>
    (await admin.assertQueue(queue, { durable })).messageCount;

  beforeAll(async () => {
    broker = await startRabbitMq();
    access = await connect(broker.url);
    admin = await access.createChannel();
  }, brokerTestTimeoutMs);
  afterAll(async () => {
    await access.close();
    await broker[Symbol.asyncDispose]();
  }, brokerTestTimeoutMs);

  test('the broker keeps a request that nobody takes as long as its caller waits, and no longer', async () => {
    const connection = open('?queue=kept');
    const patient = connection.send({ ...call, headers: { 'x-deadline-ms': '60000' } });
    const hasty = connection.send({ ...call, headers: { 'x-deadline-ms': '300.5' } });
    await until('two requests', async () => (await waiting('kept')) === 2);
    patient.cancel();
    hasty.cancel();
    await admin.get('kept', { noAck: true });
    await until('none', async () => (await waiting('kept')) === 0);
    await connection.close();
  });

  test('a queue that the service declares in another way is named, and does no harm', async () => {
    await admin.assertQueue('brief', { durable: false });
    const wrong = open('?queue=brief');
    await expect(wrong.send(call).reply).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('PRECONDITION_FAILED'),
    });
    await wrong.close();
    const right = open('?queue=brief&durable=false');
    const request = right.send(call);
    await until('the request', async () => (await waiting('brief', false)) === 1);
    request.cancel();
    await right.close();
  });

  test('a queue that is deleted meanwhile is that nobody listens', async () => {
    const connection = open('?queue=deleted');
    connection.send(call).cancel();
    const first = connection.send(call);
    await until('the request', async () => (await waiting('deleted')) === 1);
    first.cancel();
    await admin.deleteQueue('deleted');
    await expect(connection.send(call).reply).rejects.toThrow('nobody listens');
    await connection.close();
  });

  test.each(['//me:guessed@', '//guest:guessed@'])(
    'a wrong password (%s) is told by no error',
    async (who) => {
      const connection = new MessageConnection('echo', `${broker.url.replace('//', who)}?queue=q`, 5_000);
      const failure: unknown = await connection.send(call).reply.catch((error: unknown) => error);
      expect(failure).toMatchObject({
        reason: 'unreachable',
        message: expect.stringContaining('ACCESS_REFUSED'),
      });
      expect(inspect([failure, connection.displayUrl], { depth: 10, showHidden: true })).not.toContain(
        'guessed',
      );
      await connection.close();
    },
  );

  test('a broker that says nothing is given up in time, and used once it speaks', async () => {
    const connection = open('?queue=frozen');
    broker.freeze();
    await expect(connection.send(call).reply).rejects.toMatchObject({
      reason: 'unreachable',
      retry: 'always',
    });
    broker.thaw();
    await until('a request', async () => {
      const request = connection.send(call);
      request.reply.catch(() => undefined);
      const count = await waiting('frozen');
      request.cancel();
      return count > 0;
    });
    broker.freeze();
    await connection.close();
    broker.thaw();
  });
});
