import type { Header, Ref } from './document.js';

const text = (pattern: string, maxLength: number, example: string) => ({
  type: 'string',
  pattern,
  maxLength,
  examples: [example],
});
const anyText = '^.*$';
const seconds = { type: 'integer', format: 'int32', minimum: 1, maximum: 86_400, examples: [5] };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** What answers carry beside their bodies, by the header's name. */
const headers: Readonly<Record<string, Header>> = {
  'X-Request-Id': {
    description: 'Names this request, in logs and in what is told to services.',
    schema: text('^[A-Za-z0-9._-]{1,128}$', 128, '0192f0c1-7b5e-7c3a'),
  },
  traceresponse: {
    description: 'The trace of this request (W3C Trace Context, level 2).',
    schema: text('^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', 55, traceparent),
  },
  ETag: {
    description: 'Of a complete answer, for `If-None-Match`.',
    schema: text('^(W/)?"[^"]*"$', 200, 'W/"9c9bd7c4bd1cbe4a"'),
  },
  'Cache-Control': {
    description: '`private, no-cache` on complete answers; `no-store` on all others, and on problems.',
    schema: text(anyText, 200, 'private, no-cache'),
  },
  Vary: {
    description: 'The request headers that an answer depends on.',
    schema: text(anyText, 200, 'Accept-Encoding, Accept'),
  },
  'X-Incomplete': {
    description: 'The sections that are missing, stale or stand-ins; absent from complete answers.',
    schema: text(anyText, 2_000, 'recommendations'),
  },
  'Server-Timing': {
    description: 'How long each section took, and what became of it (W3C Server Timing).',
    schema: text(anyText, 8_000, 'user;dur=12.5;desc="ok: users"'),
  },
  RateLimit: {
    description:
      'What is left of each limit, and the seconds until it is whole again. Absent where none applied yet.',
    schema: text(anyText, 500, '"address";r=59999;t=60, "caller";r=11999;t=60'),
  },
  'RateLimit-Policy': {
    description: 'The limits: requests, and the seconds of their windows.',
    schema: text(anyText, 500, '"address";q=60000;w=60, "caller";q=12000;w=60'),
  },
  'Retry-After': {
    description: 'In how many seconds it makes sense to come again; not the same for everybody.',
    schema: seconds,
  },
  'Proxy-Status': {
    description: 'What failed behind the gateway, or in it (RFC 9209); never which service.',
    schema: text('^bff; error=[a-z_]+$', 60, 'bff; error=http_response_timeout'),
  },
  Upgrade: {
    description: 'The version of the app that is served (RFC 9110, section 15.5.22).',
    schema: text('^[a-z0-9-]+-app/[\\w.+-]+$', 150, 'ios-app/2.0.0'),
  },
  Deprecation: {
    description: 'Since when this version of the app is on its way out (RFC 9745). Absent from all others.',
    schema: text('^@\\d+$', 20, '@1790812800'),
  },
  Sunset: {
    description: 'From when on this version of the app is answered 426 (RFC 8594).',
    schema: text(anyText, 40, 'Fri, 01 Jan 2027 00:00:00 GMT'),
  },
  Link: {
    description: 'What to read about a `Deprecation` or `Sunset` (RFC 8288).',
    schema: text(anyText, 2_100, '<https://example.com/app>; rel="deprecation"'),
  },
  'WWW-Authenticate': {
    description: 'How to come in (RFC 9110, section 11.6.1), or what is missing (RFC 6750, section 3).',
    schema: text(anyText, 1_000, 'Bearer realm="bff"'),
  },
  Location: { description: 'Where the new thing is.', schema: text('^/.*$', 2_000, '/api/orders/42') },
  'Idempotency-Replayed': {
    description:
      '`true` on an answer that was first given to an earlier call with the same `Idempotency-Key`.',
    schema: text('^true$', 4, 'true'),
  },
  Next: {
    description: 'Where the browser is to go.',
    schema: text('^(/|https?://).*$', 8_000, '/bff/signed-in?returnUrl=%2F'),
  },
};

/** On every answer that is no problem. */
export const headersOfAll = [
  'X-Request-Id',
  'traceresponse',
  'RateLimit',
  'RateLimit-Policy',
  'Deprecation',
  'Sunset',
  'Link',
] as const;

/** Those that something refers to. */
export function headersIn(part: object): Record<string, Header> {
  const text = JSON.stringify(part);
  const used = Object.entries(headers).filter(([name]) => text.includes(`"#/components/headers/${name}"`));
  return Object.fromEntries(used);
}

/** `Location` of a redirect, which may lead to another site. */
export const redirectHeaders: Readonly<Record<string, Ref>> = {
  Location: { $ref: '#/components/headers/Next' },
};

export function headerRefs(...names: readonly string[]): Record<string, Ref> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
