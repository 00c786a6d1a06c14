import type { ProtoMethod } from '@bff/upstream';
import type { ArgumentSource } from './argument-source.js';

/** The one gRPC method that a route stands for. Already checked. */
export interface RouteGrpc {
  readonly method: ProtoMethod;
  /** By the names of the fields of its request. */
  readonly arguments: Readonly<Record<string, ArgumentSource>>;
  /** The member of the answer that is answered. Empty: all of it. */
  readonly result: readonly string[];
}
