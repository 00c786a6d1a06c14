/** Between two neighbours only (RFC 9110, section 7.6.1), with what older proxies take for such. */
export const hopByHop: readonly string[] = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What callers may not tell services: who they are, what the gateway itself tells, and what changes a request's place. */
export const notFromCallers: readonly string[] = [
  // Who is calling.
  'authorization',
  'client-cert',
  'client-cert-chain',
  'dpop',
  'x-api-key',
  'x-csrf',
  'x-identity-assertion',
  'remote-user',
  'x-internal',
  'x-remote-user',
  'x-user',
  // From where, as proxies and networks of delivery say it.
  'cf-connecting-ip',
  'fastly-client-ip',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-original-forwarded-for',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-remote-ip',
  // What each call to a service carries once, from the gateway.
  'host',
  'traceparent',
  'tracestate',
  'x-deadline-ms',
  'x-mirrored',
  'x-request-id',
  'x-timeout-ms',
  // Some frameworks take another path or method from these than the route was chosen by.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
  // CGI makes HTTP_PROXY of it.
  'proxy',
  // Node has answered it.
  'expect',
];

export const prefixesNotFromCallers: readonly string[] = ['x-forwarded-', 'x-internal-', 'x-user-'];

/** What services may not tell callers: what runs there, and what the gateway itself tells. */
export const notFromUpstreams: readonly string[] = [
  'alt-svc',
  'proxy-status',
  'ratelimit',
  'ratelimit-policy',
  'server',
  'server-timing',
  'traceresponse',
  'x-aspnet-version',
  'x-aspnetmvc-version',
  'x-powered-by',
  'x-request-id',
];

/** How to read the body. No list of what is allowed leaves them out. */
export const ofTheBody: readonly string[] = [
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
];

/** What a route may not set: it is the connection's, or the gateway's own. */
export function isSettable(name: string): boolean {
  const lower = name.toLowerCase();
  return !unsettable.has(lower) && !lower.startsWith('x-forwarded-');
}

const unsettable = new Set([
  ...hopByHop,
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'set-cookie',
  'traceparent',
  'tracestate',
  'x-deadline-ms',
  'x-identity-assertion',
  'x-mirrored',
  'x-request-id',
  'x-user-id',
]);

/** What tells a browser which pages may read an answer (WHATWG Fetch, section 3.3). */
export const ofCors = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age',
];
