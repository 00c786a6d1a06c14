import { ordersProtoPath } from '@bff/clients/protocols';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The gRPC service `bff.orders.v1.Orders`, its messages with camelCase fields and all defaults filled in. */
export const ordersDefinition = readService('bff.orders.v1.Orders');

function readService(name: string): ServiceDefinition {
  const definition = loadSync(ordersProtoPath, { defaults: true })[name];
  if (!definition || 'format' in definition) throw new Error(`${ordersProtoPath} has no service ${name}`);
  return definition;
}
