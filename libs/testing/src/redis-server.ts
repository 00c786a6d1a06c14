import { connect } from 'node:net';
import { BrokerProcess, type BrokerPlace } from './broker-process.js';
import { pathOfBroker } from './installed-broker.js';

/** A server that keeps nothing on disk; `more` are arguments beside the usual ones. */
export function startRedisServer(more: (place: BrokerPlace) => readonly string[]): Promise<BrokerProcess> {
  return BrokerProcess.start({
    scheme: 'redis',
    greeting: { says: 'PING\r\n', answer: Buffer.from('+PONG') },
    command: (place) => [
      redisServerPath(),
      '--port',
      String(place.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      // A replica is served at once, instead of after waiting for others.
      '--repl-diskless-sync-delay',
      '0',
      ...more(place),
    ],
  });
}

export function redisServerPath(): string {
  const path = pathOfBroker('redis');
  if (path === undefined) throw new Error('redis-server is not installed');
  return path;
}

/** What the first part of the answer to one inline command is, as Redis writes it. */
export function tellRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (bytes: Buffer) => {
      socket.destroy();
      resolve(bytes.toString());
    });
  });
}
