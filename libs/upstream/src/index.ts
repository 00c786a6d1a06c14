export { GraphqlUpstream } from './graphql-upstream.js';
export { loadGrpcService, type GrpcService } from './grpc-service.js';
export { GrpcUpstream } from './grpc-upstream.js';
export { HttpUpstream } from './http-upstream.js';
export { EncodedPath, path } from './path.js';
export type { Identify, UpstreamConfig } from './upstream-options.js';
export { Upstream, UpstreamsModule } from './upstreams.module.js';
export { Upstreams, type UpstreamState } from './upstreams.js';
