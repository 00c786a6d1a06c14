import { randomUUID } from 'node:crypto';
import type { GatewayDefinition, OpenApiDocument } from '@bff/gateway';
import type { Answer } from '@bff/testing';
import * as fc from 'fast-check';
import { type CalledGateway, type Caller, startCalledGateway } from './callers.js';
import { CheckedDocument, type Endpoint, endpointsOf, readRecords, successType } from './checked-document.js';
import { readJson } from './packages.js';
import type { RightRequest } from './right-requests.js';

/** A request such as nobody planned for: some of it may be right. */
interface Request {
  readonly who: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly more: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** In place of the endpoint's path with its parameters. */
  readonly url?: string;
}

const mediaTypes = ['application/json', 'application/xml', 'application/x-ndjson', 'text/event-stream'];
/** What may stand in a header field. */
const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '%00',
    '../../etc',
    '-1',
    '1e999',
    '9'.repeat(400),
    '__proto__',
    'null',
    '{}',
    "' or 1=1",
  ),
);

function headersOf(): fc.Arbitrary<Record<string, string>> {
  const media = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...mediaTypes, '*/*', 'application/*;q=0.5, text/event-stream;q=0.1'),
    },
    fc.constantFrom('text/html', ';'),
    visible,
  );
  const contentType = fc.oneof(
    { weight: 3, arbitrary: fc.constant('application/json') },
    fc.constantFrom('application/xml', 'application/json; charset=utf-16', 'text/plain'),
    visible,
  );
  const key = fc.oneof(fc.uuid(), visible);
  return fc.record(
    {
      accept: media,
      'content-type': contentType,
      // Long enough for an answer: 504 is what a caller with less patience gets.
      'x-timeout-ms': fc.oneof(
        fc.integer({ min: 2_500, max: 2 ** 53 }).map(String),
        fc.constantFrom('-1', '1.5', 'soon'),
      ),
      'if-none-match': fc.oneof(fc.constantFrom('*', 'W/"a"', '"'), visible),
      'x-request-id': visible,
      traceparent: visible,
      tracestate: visible,
      'idempotency-key': key,
      cookie: visible,
    },
    { requiredKeys: [] },
  );
}

/** As the example, but for one place in it. */
function mutationsOf(value: unknown): fc.Arbitrary<unknown> {
  const anything = fc.jsonValue();
  if (typeof value !== 'object' || value === null) return anything;
  const entries = Object.entries(value);
  const withEntries = (changed: readonly (readonly [string, unknown])[]): unknown =>
    Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
  const inside = entries.map(([key, member], index) =>
    mutationsOf(member).map((other) => withEntries(entries.with(index, [key, other]))),
  );
  const without = entries.map((_, index) => fc.constant(withEntries(entries.toSpliced(index, 1))));
  const added = fc.tuple(fc.string(), anything).map((entry) => withEntries([...entries, entry]));
  return fc.oneof(anything, added, ...inside, ...without);
}

function bodiesOf(example: unknown): fc.Arbitrary<string | undefined> {
  const json = fc.oneof({ weight: 2, arbitrary: fc.constant(example) }, mutationsOf(example));
  const broken = fc.oneof(
    text,
    fc.constantFrom('{"a":1', '[[[[', '<a>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
  );
  return fc.option(fc.oneof({ weight: 4, arbitrary: json.map((value) => JSON.stringify(value)) }, broken), {
    nil: undefined,
  });
}

/** Those that other operations do not share. */
function ownParameters({ operation }: Endpoint) {
  return operation.parameters.flatMap((parameter) => ('$ref' in parameter ? [] : parameter));
}

function requestsFor(
  checked: CheckedDocument,
  endpoint: Endpoint,
  callers: readonly string[],
): fc.Arbitrary<Request> {
  const example = checked.bodyExample(endpoint);
  const own = ownParameters(endpoint);
  const parameters = own.map((parameter) => {
    const right = fc.constant(String(parameter.example));
    const value = fc.oneof({ weight: 3, arbitrary: right }, text);
    return [
      parameter.name,
      parameter.in === 'path' ? value.filter(isSegment) : fc.option(value, { nil: undefined }),
    ] as const;
  });
  return fc.record({
    who: fc.oneof({ weight: 1, arbitrary: fc.constant('ada') }, fc.constantFrom(...callers)),
    parameters: fc.record(Object.fromEntries(parameters)),
    more: fc.array(fc.tuple(text, text), { maxLength: 2 }),
    headers: isForm(endpoint) ? headersOf().map(asForm) : headersOf(),
    body: isForm(endpoint) ? forms : example === undefined ? fc.constant(undefined) : bodiesOf(example),
  });
}

const formType = 'application/x-www-form-urlencoded';
const forms = fc.oneof(
  text,
  fc
    .tuple(fc.constantFrom('logout_token', 'logout_token', 'token'), text)
    .map((pair) => new URLSearchParams([pair]).toString()),
);

function isForm({ operation }: Endpoint): boolean {
  return operation.requestBody !== undefined && formType in operation.requestBody.content;
}

function asForm(headers: Record<string, string>): Record<string, string> {
  return { ...headers, 'content-type': formType };
}

/** One that is right, one by somebody who wants to read it, and that by somebody whom nobody knows. */
function plainRequests({ url, headers, body }: RightRequest): Request[] {
  const right: Request = {
    who: 'ada',
    url,
    parameters: {},
    more: [],
    headers: { accept: 'application/json', 'idempotency-key': randomUUID(), ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
  const read = { ...right, headers: { ...headers, accept: 'text/html' } };
  return [right, read, { ...read, who: 'anonymous' }];
}

/** Others are another path. */
function isSegment(value: string): boolean {
  return value !== '' && value !== '.' && value !== '..' && value.length < 1_000;
}

function urlOf(endpoint: Endpoint, { url, parameters, more }: Request): string {
  if (url !== undefined) return url;
  const query = new URLSearchParams(more.map(([name, value]) => [name, value]));
  let { path } = endpoint;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const inPath = path.replace(`{${name}}`, () => encodeURIComponent(value.toWellFormed()));
    if (inPath === path) query.set(name, value);
    path = inPath;
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** What is wrong with an answer, whatever was asked; empty: nothing. */
function mistakesIn(
  checked: CheckedDocument,
  endpoint: Endpoint,
  request: Request,
  answer: Answer,
): string[] {
  const { status, headers } = answer;
  if (status >= 500) return [`status ${status}: ${answer.text}`];
  if (status === 304) return '304' in endpoint.operation.responses ? [] : ['304 is not declared'];
  const type = String(headers['content-type'] ?? '').replace(/;.*/, '');
  try {
    const { schema } = checked.promise(endpoint, status, type);
    if (type === '' && answer.text !== '') return [`a body of no type: ${answer.text}`];
    if (type === '' || type.endsWith('xml') || type === 'text/html') return [];
    const values =
      type.endsWith('json') && !type.endsWith('ndjson') ? [answer.body] : readRecords(answer.text, type);
    const mistakes = values.flatMap((value) => checked.mistakesIn(value, schema));
    // Who selects fields does not get the others, whatever else has to be there.
    const selects = request.parameters['fields'] !== undefined && status === 200;
    return selects ? mistakes.filter((mistake) => !mistake.includes('required property')) : mistakes;
  } catch (error) {
    return [String(error)];
  }
}

export interface Fuzzing {
  /** For each operation. */
  readonly requests: number;
  /** Undefined: other requests each time. */
  readonly seed?: number;
  readonly withinMs: number;
}

/** Tests that call every operation of a gateway in ways that nobody planned. */
export function fuzzGateway(definition: GatewayDefinition, { requests, seed, withinMs }: Fuzzing): void {
  const checked = new CheckedDocument(readJson(`apps/${definition.name}/openapi.json`) as OpenApiDocument);
  const endpoints = endpointsOf(checked.document).map((endpoint) => ({
    ...endpoint,
    name: endpoint.operation.operationId,
  }));
  let called: CalledGateway;
  let callers: Readonly<Record<string, Caller>>;
  beforeAll(async () => {
    called = await startCalledGateway(definition);
    callers = { ada: called.ada, anonymous: called.anonymous, ...called.others };
  });
  afterAll(() => called[Symbol.asyncDispose]());

  const send = (endpoint: Endpoint, { who, headers, body, ...request }: Request): Promise<Answer> => {
    const caller: Caller = callers[who] ?? called.anonymous;
    const url = urlOf(endpoint, { who, headers, body, ...request });
    return successType(endpoint) === 'text/event-stream' && caller.peek !== undefined
      ? caller.peek(url, { headers })
      : caller.call(endpoint.method.toUpperCase(), url, { headers, body });
  };

  test.each(endpoints)(
    '$name answers nothing that its openapi.json does not say, and never 5xx',
    async (endpoint) => {
      const statuses = new Set<number>();
      const requested = requestsFor(checked, endpoint, Object.keys(callers));
      const answersAsDeclared = fc.asyncProperty(requested, async (request) => {
        const answer = await send(endpoint, request);
        statuses.add(answer.status);
        expect(mistakesIn(checked, endpoint, request, answer)).toEqual([]);
      });
      const right = await called.rightRequest(checked, endpoint);
      const examples = plainRequests(right).map((request): [Request] => [request]);
      await fc.assert(answersAsDeclared, {
        numRuns: requests,
        examples,
        ...(seed === undefined ? {} : { seed }),
      });
      // Some of them were right, and others were not.
      const classes = new Set([...statuses].map((status) => (status < 400 ? 'right' : 'wrong')));
      expect(classes).toEqual(new Set(['right', 'wrong']));
    },
    withinMs,
  );
}
