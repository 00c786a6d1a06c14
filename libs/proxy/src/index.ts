export { type ArgumentSource, readArgumentSource } from './calls/argument-source.js';
export type { RouteGraphql } from './calls/route-graphql.js';
export type { RouteGrpc } from './calls/route-grpc.js';
export type { RouteGrpcWeb } from './calls/route-grpc-web.js';
export { isPastSunset, toDeprecationHeaders } from './headers/deprecation-headers.js';
export { isFieldValue } from './headers/field-value.js';
export { type Forwarding, toForwardingHeaders } from './headers/forwarding.js';
export { isSettable } from './headers/header-names.js';
export { RequestHeaders } from './headers/request-headers.js';
export { type ClientHeaders, ResponseHeaders } from './headers/response-headers.js';
export { toUpstreamTarget } from './rewrite/to-upstream-target.js';
export type {
  HeaderRules,
  ProxyRoute,
  QueryRules,
  RouteDeprecation,
  RouteMatch,
  RouteTarget,
  RouteTransform,
  RouteUpload,
  XmlReading,
  XmlRoot,
} from './route.js';
export { segmentKey } from './table/decode-bytes.js';
export { type PathTemplate, readTemplate, rest } from './table/path-template.js';
export { readPath, type RequestPath } from './table/read-path.js';
export { type RouteClash, routeClashes } from './table/route-clashes.js';
export {
  createRouteTable,
  type Mismatch,
  RouteTable,
  type RouteMatched,
  type RouteTableLine,
} from './table/route-table.js';
export { RouteTableError } from './table/route-table.error.js';
export type { RouteRequest, ViewRoute } from './table/table-entry.js';
export { TemplateError } from './table/template.error.js';
export { chooseUpstream } from './traffic/choose-upstream.js';
export { isMirrored } from './traffic/is-mirrored.js';
export type { RouteCache } from './traffic/route-cache.js';
export type { RouteLimit, RouteMirror, RouteSplit, SplitHeader, SplitPart } from './traffic/route-traffic.js';
export { EntityTags } from './transform/entity-tags.js';
export { type JsonRules, ruleMistakes, toValueRule, type ValueRule } from './transform/json-rules.js';
export { JsonTextError } from './transform/json-text.error.js';
export { transformJson } from './transform/transform-json.js';
export { toBodyHeaders, toServiceHeaders, toTransformedHeaders } from './transform/transformed-headers.js';
