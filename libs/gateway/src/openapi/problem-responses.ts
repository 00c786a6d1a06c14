import { STATUS_CODES } from 'node:http';
import { createProblem, type ProblemCode, problemCodes } from '@bff/problem';
import type { DeclaredRoute } from '../management/route-table.js';
import type { Components } from './components.js';
import type { Answer, JsonSchema, Ref } from './document.js';
import { headerRefs } from './headers.js';

const codes = Object.keys(problemCodes) as ProblemCode[];
const statuses = [...new Set(codes.map((code) => problemCodes[code][0]))].toSorted((a, b) => a - b);

const takesBody = ({ inputs }: DeclaredRoute): boolean => inputs.some(({ from }) => from === 'body');

/** Which routes can answer with a status; those that are not here can come from any. */
const only: Partial<Record<number, (route: DeclaredRoute) => boolean>> = {
  401: ({ access }) => access === 'caller',
  403: ({ scopes }) => scopes.length > 0,
  // That of a path which exists under other methods: of no operation.
  405: () => false,
  409: ({ method }) => method !== 'GET',
  413: takesBody,
  415: takesBody,
};

/** The problems that a route can answer with, by status. */
export function problemRefs(route: DeclaredRoute): Record<string, Ref> {
  const possible = statuses.filter((status) => only[status]?.(route) ?? true);
  return Object.fromEntries(
    possible.map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

/** One response a status, for all the routes that have it. */
export function problemResponses(
  components: Components,
  routes: readonly DeclaredRoute[],
): Record<string, Answer> {
  components.addSchema('Problem', problemSchema);
  const used = statuses.filter((status) => routes.some((route) => only[status]?.(route) ?? true));
  return Object.fromEntries(used.map((status) => [nameOf(status), problemResponse(components, status)]));
}

function problemResponse(components: Components, status: number): Answer {
  const possible = codes.filter((code) => problemCodes[code][0] === status);
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
    content: { 'application/problem+json': media, 'application/problem+xml': media },
  };
}

function headersOf(status: number): string[] {
  return [
    'X-Request-Id',
    'Cache-Control',
    'Vary',
    ...(status < 500 ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(status === 401 || status === 403 ? ['WWW-Authenticate'] : []),
    ...(status === 429 || status === 503 ? ['Retry-After'] : []),
  ];
}

function exampleOf(code: ProblemCode): object {
  const errors = [{ path: 'lines.0.quantity', message: 'Too small: expected number to be >=1' }];
  const requestId = '0192f0c1-7b5e-7c3a';
  return createProblem(code, code === 'invalid_request' ? { requestId, errors } : { requestId });
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
    detail: text(20_000, 'What it was this time.'),
    requestId: { ...text(128, 'As in `X-Request-Id`.'), pattern: '^[A-Za-z0-9._-]{1,128}$' },
    errors: {
      type: 'array',
      description: 'Every mistake in the input, 50 at most.',
      maxItems: 50,
      xml: { wrapped: true },
      items: inputError,
    },
  },
  required: ['type', 'title', 'status'],
  additionalProperties: false,
  examples: [exampleOf('invalid_request')],
};

/** `Too Many Requests` → `TooManyRequests`. */
function nameOf(status: number): string {
  return (STATUS_CODES[status] ?? `Status ${status}`).replaceAll(/[^A-Za-z]/g, '');
}
