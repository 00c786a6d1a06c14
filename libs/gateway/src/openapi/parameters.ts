import { toSchemaNode } from '@bff/views';
import { z } from 'zod';
import type { DeclaredRoute } from '../management/route-table.js';
import { serverLimits } from '../server/server-limits.js';
import type { NamedExamples } from './compose-example.js';
import type { Components } from './components.js';
import type { JsonSchema, Parameter, Ref } from './document.js';
import type { RouteInput } from '../management/route-inputs.js';
import { type Access, csrfParameter, needsCsrfHeader } from './security.js';

/** How deep `fields` is listed; deeper names work as well. */
const fieldsDepth = 3;
const maxFields = 200;

/** What an app says of the device; on `Vary` where an answer depends on it. */
const deviceParameters = {
  ...ofDevice('X-App-Platform', 'What the app runs on.', '^[A-Za-z][A-Za-z0-9-]{0,31}$', 'ios'),
  ...ofDevice('X-App-Version', 'The version of the app.', '^\\d{1,9}(\\.\\d{1,9}){0,3}.*$', '2.3.0'),
  ...ofDevice('X-App-OS-Version', 'The version of its system.', '^\\d{1,9}(\\.\\d{1,9}){0,3}$', '18.1'),
  ...ofDevice('Accept-Language', 'What its user reads, in order.', '^.*$', 'en-GB, en;q=0.8'),
  ...ofDevice('X-Time-Zone', 'Where it is, by its IANA time zone.', '^.*$', 'Europe/London'),
  ...ofDevice('ECT', 'How fast its network is.', '^(slow-2g|2g|3g|4g)$', '4g'),
  ...ofDevice('Save-Data', '`on`: its user wants little to be sent.', '^.*$', 'off'),
};

/** By the name of the component, which is that of the header. */
function ofDevice(name: string, description: string, pattern: string, example: string) {
  const told = `${description} What makes no sense counts as not told.`;
  const schema = { type: 'string', pattern, maxLength: 200 } as const;
  const parameter = { name, in: 'header', description: told, required: false, schema, example } as const;
  return { [name]: parameter };
}

/** What a request may say in its headers, by the name of the component. */
const headerParameters = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Names this request; what is no such name is replaced.',
    required: false,
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$', maxLength: 128 },
    example: '0192f0c1-7b5e-7c3a',
  },
  TimeoutMs: {
    name: 'X-Timeout-Ms',
    in: 'header',
    description:
      'How long the caller waits, in milliseconds. Lowers the deadline of the gateway, and never raises it.',
    required: false,
    schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 999_999_999 },
    example: 1500,
  },
  IdempotencyKey: idempotencyKey(true),
  OptionalIdempotencyKey: idempotencyKey(false),
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of the answer that the caller has: 304 when it is still the same.',
    required: false,
    schema: { type: 'string', pattern: '^.*$', maxLength: 2_000 },
    example: 'W/"9c9bd7c4bd1cbe4a"',
  },
  ...deviceParameters,
} as const satisfies Record<string, Parameter>;

const keyParameter = { required: ['IdempotencyKey'], optional: ['OptionalIdempotencyKey'], none: [] };

function idempotencyKey(required: boolean): Parameter {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'New for each action, and the same for every attempt at it: it happens once, and every attempt gets its answer.',
    required,
    schema: { type: 'string', pattern: '^[\\x20-\\x7e]+$', minLength: 1, maxLength: 512 },
    example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
  };
}

/** Those that some operation refers to. */
export function usedParameters(paths: object, access: Access): Record<string, Parameter> {
  const text = JSON.stringify(paths);
  const all = { ...headerParameters, Csrf: csrfParameter(access) };
  const used = Object.entries(all).filter(([name]) => text.includes(`"#/components/parameters/${name}"`));
  return Object.fromEntries(used);
}

/** The parameters of a route: of its path, of its query, and the headers that count. */
export function parametersOf(
  route: DeclaredRoute,
  { components, access }: { readonly components: Components; readonly access: Access },
  named: NamedExamples,
): (Parameter | Ref)[] {
  const own = route.inputs.flatMap((input) => {
    if (input.from === 'path') return pathParameter(input, components, named);
    return input.from === 'query' ? queryParameters(input, components, named) : [];
  });
  const headers = [
    ...(needsCsrfHeader(route, access) ? ['Csrf'] : []),
    'RequestId',
    'TimeoutMs',
    ...(isCached(route) ? ['IfNoneMatch'] : []),
    ...keyParameter[route.idempotency?.key ?? 'none'],
    ...route.deviceHeaders,
  ];
  return [
    ...own,
    ...(route.view === undefined ? [] : [fieldsParameter(route.view)]),
    ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

/** Whether its answers have an `ETag` when they are complete. */
export function isCached({ method, view }: DeclaredRoute): boolean {
  return method === 'GET' && view !== undefined;
}

function pathParameter(
  { name = '', schema }: RouteInput,
  components: Components,
  named: NamedExamples,
): Parameter {
  const taken = schema === undefined ? anySegment : components.toSchema(schema, 'input');
  const description = taken.description ?? `The \`${name}\` of what is asked for.`;
  const example = composed(components, { [name]: taken }, named)[name];
  return { name, in: 'path', description, required: true, schema: taken, example };
}

/** Any text that is no path of its own. */
const anySegment: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: serverLimits.urlLength,
  pattern: '^.+$',
};

function queryParameters(input: RouteInput, components: Components, named: NamedExamples): Parameter[] {
  const { name, schema = z.string() } = input;
  const taken = components.toSchema(schema, 'input');
  const properties = name === undefined ? (taken.properties ?? {}) : { [name]: taken };
  const required = name === undefined ? (taken.required ?? []) : [];
  const examples = composed(components, properties, named);
  return Object.entries(properties).map(([parameter, { description, ...member }]) => ({
    name: parameter,
    in: 'query',
    description: description ?? `The \`${parameter}\` of what is asked for.`,
    required: required.includes(parameter),
    schema: member,
    example: examples[parameter],
  }));
}

function composed(components: Components, properties: Record<string, JsonSchema>, named: NamedExamples) {
  return components.exampleOf({ type: 'object', properties }, named) as Record<string, unknown>;
}

function fieldsParameter({ schema }: { readonly schema: z.ZodObject }): Parameter {
  const names = toSchemaNode(schema.omit({ _meta: true })).names(fieldsDepth);
  const pattern = '^[^,]+$';
  const item = { type: 'string', maxLength: serverLimits.urlLength, pattern };
  const [first = ''] = names;
  return {
    name: 'fields',
    in: 'query',
    description:
      'The parts of the answer that are wanted, with dots between names; the others are neither loaded nor answered, ' +
      `not even where the schema requires them. Everything where nothing is said. There are: ${names.map((name) => `\`${name}\``).join(', ')}.`,
    required: false,
    style: 'form',
    explode: false,
    schema: { type: 'array', items: item, maxItems: maxFields },
    example: [first],
  };
}
