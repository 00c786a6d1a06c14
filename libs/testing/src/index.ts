export type { Fault, RecordedCall } from './fault.js';
export { startGraphqlFake, type GraphqlFields } from './graphql-fake.js';
export { GrpcFake, type GrpcMethods } from './grpc-fake.js';
export { HttpClient, type Answer, type CallOptions } from './http-client.js';
export { HttpFake, type HttpHandler } from './http-fake.js';
export { Issuer, type IssuerAnswer, type MintOptions } from './issuer.js';
export { findFreePort, listen, type Listening } from './listen.js';
