import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The methods of one gRPC service by name, as its `.proto` file defines them. */
export type GrpcService = Readonly<Record<string, MethodDefinition<object, object>>>;

/**
 * Reads `service` (with its package, e.g. `bff.orders.v1.Orders`) from a `.proto` file. Field names become
 * camelCase, 64-bit integers strings, absent fields their defaults. Throws when file or service is missing.
 */
export function loadGrpcService(protoPath: string, service: string): GrpcService {
  const definition = loadSync(protoPath, { longs: String, enums: String, defaults: true })[service];
  if (definition === undefined || 'format' in definition)
    throw new Error(`${protoPath} defines no service ${service}`);
  return definition;
}
