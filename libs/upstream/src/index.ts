export { ArgumentError } from './argument.error.js';
export { UpstreamSettingError } from './upstream-setting.error.js';
export { AddedUpstreams } from './added-upstreams.js';
export { AnswerCache, type CacheState, noConditions } from './cache/answer-cache.js';
export { CacheControl } from './cache/cache-control.js';
export { type CachedRequest, goesPastCache } from './cache/cached-request.js';
export type { ReplicaCache, ReplicaStore } from './cache/replica-store.js';
export type { CallTotals, UpstreamState } from './engine/upstream-state.js';
export type { CallScope } from './engine/call-scope.js';
export { Flights } from './engine/flights.js';
export { GraphqlDocumentError } from './graphql/graphql-document.error.js';
export {
  type DeclaredVariable,
  type GraphqlOperation,
  readGraphqlOperation,
} from './graphql/graphql-operation.js';
export { GraphqlUpstream, type PartialData } from './graphql/graphql-upstream.js';
export { variableFromJson, variableFromText } from './graphql/graphql-variable.js';
export { loadGrpcService, type GrpcMethod, type GrpcService } from './grpc/grpc-service.js';
export { type GrpcStatus, grpcStatusOf } from './grpc/grpc-stream.js';
export type { MessageSink, RawMethod } from './grpc/raw-method.js';
export { GrpcUpstream } from './grpc/grpc-upstream.js';
export type { HttpAnswer, Keeping } from './http/http-answer.js';
export type { RelayRequest, UpgradeRequest } from './http/http-connection.js';
export { HttpUpstream } from './http/http-upstream.js';
export type { RelaySink } from './http/relay-exchange.js';
export type { UpgradeSink } from './http/upgrade-exchange.js';
export type { Identify, IdentityHeaders, TokenOf } from './identity/upstream-identity.js';
export { readProtoFiles, type ProtoFiles, ProtoFilesError, type ProtoMethod } from './proto/proto-files.js';
export { MessageUpstream, type MessageSemantics } from './messages/message-upstream.js';
export { EncodedPath, path } from './path.js';
export type { Identities, IdentityConfig, UpstreamConfig } from './upstream-options.js';
export { Upstream, UpstreamsModule } from './upstreams.module.js';
export { XmlUpstream, type XmlDocument } from './xml/xml-upstream.js';
export { Upstreams } from './upstreams.js';
export type { UpstreamsChange } from './upstreams-change.js';
