import type { RawMethod } from '@bff/upstream';

/** The gRPC methods that a route lets browsers call. Already checked. */
export interface RouteGrpcWeb {
  /** By `package.Service/Method`. */
  readonly methods: ReadonlyMap<string, RawMethod>;
}
