import { STATUS_CODES } from 'node:http';
import { createProblem, type ProblemCode, problemCodes } from '@bff/problem';
import type { DeclaredRoute } from '../management/route-table.js';
import type { Components } from './components.js';
import type { Answer, JsonSchema, Ref } from './document.js';
import { headerRefs } from './headers.js';
import { addPage, pageType } from './plain-answer.js';
import { type Access, needsCsrfHeader } from './security.js';
import { isOfSignIn } from './words.js';

const codes = Object.keys(problemCodes) as ProblemCode[];

const takesBody = ({ inputs }: DeclaredRoute): boolean => inputs.some(({ from }) => from === 'body');
const isPage = ({ answer }: DeclaredRoute): boolean => answer?.form === 'page';
const hasView = ({ view }: DeclaredRoute): boolean => view !== undefined;
const isClosed = ({ access }: DeclaredRoute): boolean => access === 'caller';

/** Which routes can answer with a problem; those that are not here can come from any. */
const only: Partial<Record<ProblemCode, (route: DeclaredRoute, access: Access) => boolean>> = {
  sign_in_failed: isPage,
  idempotency_key_required: ({ idempotency }) => idempotency?.key === 'required',
  idempotency_key_in_use: ({ idempotency }) => idempotency !== undefined,
  idempotency_key_reused: ({ idempotency }) => idempotency !== undefined,
  idempotency_unavailable: ({ idempotency }) => idempotency?.withoutStore === 'refuse',
  unauthenticated: isClosed,
  step_up_required: ({ stepUp }) => stepUp !== undefined,
  insufficient_scope: ({ scopes }) => scopes.length > 0,
  cross_site_request: needsCsrfHeader,
  not_found: (route) => hasView(route) || isClosed(route),
  // That of a path which exists under other methods: of no operation.
  method_not_allowed: () => false,
  // That of a route of gateway.yaml which has had its day: likewise.
  gone: () => false,
  // That of routes which say so.
  sync_token_expired: () => false,
  // The rules of gateway.yaml may come while the gateway runs.
  app_version_blocked: ({ anyAppVersion }) => !anyAppVersion,
  not_acceptable: hasView,
  conflict: (route) => hasView(route) && route.method !== 'GET',
  payload_too_large: takesBody,
  unsupported_media_type: takesBody,
  refused: hasView,
  sessions_unavailable: (route, { methods }) =>
    methods.includes('session') && (isClosed(route) || isOfSignIn(route)),
};

function codesOf(route: DeclaredRoute, access: Access): ProblemCode[] {
  return codes.filter((code) => route.ownProblems.includes(code) || (only[code]?.(route, access) ?? true));
}

/** The problems that a route can answer with, by status. */
export function problemRefs(route: DeclaredRoute, access: Access): Record<string, Ref> {
  const statuses = Object.keys(byStatus(codesOf(route, access)));
  const place = '#/components/responses/';
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: place + nameOf(Number(status), isPage(route)) }]),
  );
}

/** One response a status, for all the routes that have it; those for browsers have their own, as a page too. */
export function problemResponses(
  components: Components,
  routes: readonly DeclaredRoute[],
  access: Access,
): Record<string, Answer> {
  components.addSchema('Problem', problemSchema);
  return Object.assign(
    {},
    ...[false, true].map((asPage) => {
      const some = new Set(
        routes.filter((route) => isPage(route) === asPage).flatMap((route) => codesOf(route, access)),
      );
      const statuses = Object.entries(byStatus(codes.filter((code) => some.has(code))));
      return Object.fromEntries(
        statuses.map(([status, possible]) => [
          nameOf(Number(status), asPage),
          problemResponse(components, possible, asPage),
        ]),
      );
    }),
  ) as Record<string, Answer>;
}

function byStatus(possible: readonly ProblemCode[]): Record<string, ProblemCode[]> {
  return Object.groupBy(possible, (code) => problemCodes[code][0]) as Record<string, ProblemCode[]>;
}

function problemResponse(components: Components, possible: readonly ProblemCode[], asPage: boolean): Answer {
  const [status] = problemCodes[possible[0] ?? 'internal_error'];
  const examples = possible.map((code) => [
    code,
    components.addExample(code, problemCodes[code][1], exampleOf(code)),
  ]);
  const media = {
    schema: { $ref: '#/components/schemas/Problem' },
    examples: Object.fromEntries(examples) as Record<string, Ref>,
  };
  const titles = possible.map((code) => `${problemCodes[code][1]} (\`urn:bff:${code}\`)`);
  return {
    description: `${titles.join('; ')}.`,
    headers: headerRefs(...headersOf(status)),
    content: {
      'application/problem+json': media,
      'application/problem+xml': media,
      ...(asPage ? { [pageType]: addPage(components) } : {}),
    },
  };
}

function headersOf(status: number): string[] {
  return [
    'X-Request-Id',
    'Cache-Control',
    'Vary',
    ...(status < 500 ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(status === 401 || status === 403 ? ['WWW-Authenticate'] : []),
    ...(status === 409 || status === 429 || status === 503 ? ['Retry-After'] : []),
    ...(status === 426 ? ['Upgrade'] : []),
    ...(status > 500 ? ['Proxy-Status'] : []),
  ];
}

function exampleOf(code: ProblemCode): object {
  const errors = [{ path: 'lines.0.quantity', message: 'Too small: expected number to be >=1' }];
  const requestId = '0192f0c1-7b5e-7c3a';
  const more: Partial<Record<ProblemCode, object>> = {
    invalid_request: { errors },
    app_version_blocked: { minimumVersion: '2.0.0', storeUrl: 'https://example.com/app' },
  };
  return createProblem(code, { requestId, ...more[code] });
}

const text = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  maxLength,
  description,
});

const inputError: JsonSchema = {
  type: 'object',
  xml: { name: 'i' },
  properties: {
    path: text(201, 'Where: a dotted path into the body, or the name of a parameter.'),
    message: text(201, 'What is wrong there.'),
  },
  required: ['path', 'message'],
  additionalProperties: false,
};

/** RFC 9457; in XML as its appendix B writes it. */
const problemSchema: JsonSchema = {
  type: 'object',
  description: 'What an error looks like (RFC 9457).',
  xml: { name: 'problem', namespace: 'urn:ietf:rfc:7807' },
  properties: {
    type: {
      type: 'string',
      enum: codes.map((code) => `urn:bff:${code}`),
      'x-extensible-enum': true,
      description: 'What to go by.',
    },
    title: text(200, 'The same for every problem of this type.'),
    status: { type: 'integer', format: 'int32', minimum: 400, maximum: 599 },
    retryable: {
      type: 'boolean',
      description:
        'Whether the same request, sent again, may succeed; not before `Retry-After`, and what must not happen twice with its `Idempotency-Key` only.',
    },
    detail: text(20_000, 'What it was this time.'),
    requestId: { ...text(128, 'As in `X-Request-Id`.'), pattern: '^[A-Za-z0-9._-]{1,128}$' },
    errors: {
      type: 'array',
      description: 'Every mistake in the input, 50 at most.',
      maxItems: 50,
      xml: { wrapped: true },
      items: inputError,
    },
    minimumVersion: text(100, 'Of `app_version_blocked`: the oldest version of the app that is served.'),
    storeUrl: { ...text(2_000, 'Of `app_version_blocked`: where to get it.'), format: 'uri' },
  },
  required: ['type', 'title', 'status', 'retryable'],
  additionalProperties: false,
  examples: [exampleOf('invalid_request')],
};

/** `Too Many Requests` → `TooManyRequests`. */
function nameOf(status: number, asPage: boolean): string {
  const name = (STATUS_CODES[status] ?? `Status ${status}`).replaceAll(/[^A-Za-z]/g, '');
  return asPage ? `${name}Page` : name;
}
