import { connect } from 'node:net';
import { type Broker, startNats, startRedis } from './broker.js';
import { describeWithBroker } from './describe-with-broker.js';
import { until } from './until.js';

/** What a broker says first, or after `says`; undefined where nobody listens, and 'nothing' where nothing comes. */
function hear(broker: Broker, says = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(broker.url).port), '127.0.0.1');
    const settle = (heard: string | undefined): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.once('error', () => settle(undefined));
    socket.once('data', (bytes: Buffer) => settle(bytes.toString()));
    socket.setTimeout(50, () => settle('nothing'));
    socket.write(says);
  });
}

describeWithBroker('redis', () => {
  test('a broker stops, starts again on its port, freezes, thaws, and is gone when it is disposed of', async () => {
    const broker = await startRedis();
    await until('an answer', async () => (await hear(broker, 'PING\r\n')) === '+PONG\r\n');
    await broker.stop();
    expect(await hear(broker, 'PING\r\n')).toBeUndefined();
    await broker.start();
    await until('an answer', async () => (await hear(broker, 'PING\r\n')) === '+PONG\r\n');
    broker.freeze();
    expect(await hear(broker, 'PING\r\n')).toBe('nothing');
    broker.thaw();
    await until('an answer', async () => (await hear(broker, 'PING\r\n')) === '+PONG\r\n');
    broker.freeze();
    await broker[Symbol.asyncDispose]();
    expect(await hear(broker, 'PING\r\n')).toBeUndefined();
  });
});

describeWithBroker('nats', () => {
  test('brokers of one kind do not disturb each other', async () => {
    await using one = await startNats();
    await using other = await startNats();
    expect(one.url).not.toBe(other.url);
    await one.stop();
    expect(await hear(one)).toBeUndefined();
    await until('a greeting', async () => (await hear(other))?.startsWith('INFO'));
  });
});
