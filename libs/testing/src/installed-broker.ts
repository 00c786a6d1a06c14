import { pathOfProgram } from './installed-program.js';

export type BrokerName = 'redis' | 'nats' | 'rabbitmq';

/** The path of its server; undefined where it is not installed. */
export function pathOfBroker(name: BrokerName): string | undefined {
  return pathOfProgram(`${name}-server`);
}

export function brokerIsInstalled(name: BrokerName): boolean {
  return pathOfBroker(name) !== undefined;
}
