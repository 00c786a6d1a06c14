import { BrokerProcess, type BrokerRecipe } from './broker-process.js';
import { type BrokerName, pathOfBroker } from './installed-broker.js';
import { findFreePort } from './listen.js';

/** A real broker that this test alone uses; disposed of, nothing of it is left. */
export interface Broker extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
  /** On the same port again. */
  start(): Promise<void>;
  /** It keeps its connections and says nothing on them. */
  freeze(): void;
  thaw(): void;
}

export function startRedis(): Promise<Broker> {
  return BrokerProcess.start({
    scheme: 'redis',
    greeting: { says: 'PING\r\n', answer: Buffer.from('+PONG') },
    command: ({ port }) => [
      serverOf('redis'),
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ],
  });
}

export function startNats(): Promise<Broker> {
  return BrokerProcess.start({
    scheme: 'nats',
    greeting: { answer: Buffer.from('INFO ') },
    command: ({ port }) => [serverOf('nats'), '--addr', '127.0.0.1', '--port', String(port)],
  });
}

/** Takes seconds: Erlang starts a lot. The user is guest with the password guest, the only vhost `/`. */
export async function startRabbitMq(): Promise<Broker> {
  await using stack = new AsyncDisposableStack();
  const names = stack.use(await BrokerProcess.start(epmd));
  const distributionPort = await findFreePort();
  const server = stack.use(await BrokerProcess.start(rabbitMq(names.place.port, distributionPort)));
  const all = stack.move();
  return {
    url: server.url,
    stop: () => server.stop(),
    start: () => server.start(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Erlang's name server. Without one RabbitMQ starts the machine's, and leaves it running. */
const epmd: BrokerRecipe = {
  scheme: 'epmd',
  // NAMES_REQ of Erlang's distribution protocol; the answer begins with its own port.
  greeting: { says: Buffer.from([0, 1, 0x6e]), answer: Buffer.from([0, 0]) },
  command: ({ port }) => ['epmd', '-port', String(port), '-address', '127.0.0.1'],
};

function rabbitMq(namesPort: number, distributionPort: number): BrokerRecipe {
  return {
    scheme: 'amqp',
    // The header of AMQP 0-9-1; the answer is a method frame on channel 0.
    greeting: { says: 'AMQP\0\0\x09\x01', answer: Buffer.from([1, 0, 0]) },
    command: ({ port, folder }) => [
      `HOME=${folder}`,
      // Then its script becomes the server, instead of waiting for it.
      'RUNNING_UNDER_SYSTEMD=true',
      `ERL_EPMD_PORT=${namesPort}`,
      `RABBITMQ_NODENAME=bff${port}@localhost`,
      `RABBITMQ_NODE_IP_ADDRESS=127.0.0.1`,
      `RABBITMQ_NODE_PORT=${port}`,
      `RABBITMQ_DIST_PORT=${distributionPort}`,
      'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}',
      `RABBITMQ_MNESIA_BASE=${folder}/data`,
      `RABBITMQ_LOG_BASE=${folder}/logs`,
      'RABBITMQ_LOGS=-',
      `RABBITMQ_PID_FILE=${folder}/pid`,
      `RABBITMQ_CONFIG_FILE=${folder}/none`,
      `RABBITMQ_CONF_ENV_FILE=${folder}/none`,
      // There is no such file: no plugins.
      `RABBITMQ_ENABLED_PLUGINS_FILE=${folder}/plugins`,
      serverOf('rabbitmq'),
    ],
  };
}

function serverOf(name: BrokerName): string {
  const path = pathOfBroker(name);
  if (path === undefined) throw new Error(`${name}-server is not installed`);
  return path;
}
