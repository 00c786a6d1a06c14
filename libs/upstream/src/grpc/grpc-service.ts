import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export interface GrpcMethod extends MethodDefinition<object, object> {
  /** `idempotency_level = NO_SIDE_EFFECTS` in its definition: it may be shared, tried again and hedged. */
  readonly safe: boolean;
  /** `NO_SIDE_EFFECTS` or `IDEMPOTENT`: it may be tried again. */
  readonly idempotent: boolean;
}

/** The methods of one gRPC service by name, as its `.proto` file defines them. */
export type GrpcService = Readonly<Record<string, GrpcMethod>>;

/**
 * Reads `service` (with its package, e.g. `bff.orders.v1.Orders`) from a `.proto` file. Field names become
 * camelCase, 64-bit integers strings, absent fields their defaults. Throws when file or service is missing.
 */
export function loadGrpcService(protoPath: string, service: string): GrpcService {
  const definition = loadSync(protoPath, { longs: String, enums: String, defaults: true })[service];
  if (definition === undefined || 'format' in definition)
    throw new Error(`${protoPath} defines no service ${service}`);
  const methods = Object.entries(definition).map(([name, method]) => [name, toMethod(method)] as const);
  return Object.fromEntries(methods);
}

function toMethod(method: MethodDefinition<object, object>): GrpcMethod {
  const { options } = method as { options?: { idempotency_level?: string } };
  const level = options?.idempotency_level;
  const safe = level === 'NO_SIDE_EFFECTS';
  return { ...method, safe, idempotent: safe || level === 'IDEMPOTENT' };
}
