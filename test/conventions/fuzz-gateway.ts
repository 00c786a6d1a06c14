import { randomUUID } from 'node:crypto';
import type { GatewayDefinition, OpenApiDocument } from '@bff/gateway';
import type { Answer, HttpClient } from '@bff/testing';
import * as fc from 'fast-check';
import { type Bff, startApp } from '../world/bff.js';
import { CheckedDocument, type Endpoint, endpointsOf, readRecords } from './checked-document.js';
import { readJson } from './packages.js';

/** A request such as nobody planned for: some of it may be right. */
interface Request {
  readonly who: 'ada' | 'anonymous' | 'forger' | 'without scopes';
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly more: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
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

function requestsFor(checked: CheckedDocument, endpoint: Endpoint): fc.Arbitrary<Request> {
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
    who: fc.constantFrom('ada', 'ada', 'ada', 'anonymous', 'forger', 'without scopes'),
    parameters: fc.record(Object.fromEntries(parameters)),
    more: fc.array(fc.tuple(text, text), { maxLength: 2 }),
    headers: headersOf(),
    body: example === undefined ? fc.constant(undefined) : bodiesOf(example),
  });
}

/** One that is right, and one that nobody can be answered. */
function plainRequests(checked: CheckedDocument, endpoint: Endpoint): Request[] {
  const own = ownParameters(endpoint);
  const right: Request = {
    who: 'ada',
    parameters: Object.fromEntries(
      own.flatMap((one) => (one.in === 'path' ? [[one.name, String(one.example)]] : [])),
    ),
    more: [],
    headers: { accept: 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(checked.bodyExample(endpoint)),
  };
  return [right, { ...right, headers: { accept: 'text/html' } }];
}

/** Others are another path. */
function isSegment(value: string): boolean {
  return value !== '' && value !== '.' && value !== '..' && value.length < 1_000;
}

function urlOf(endpoint: Endpoint, { parameters, more }: Request): string {
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
  const type = String(headers['content-type']).replace(/;.*/, '');
  try {
    const { schema } = checked.promise(endpoint, status, type);
    if (type.endsWith('xml')) return [];
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
  let bff: Bff;
  let clients: Readonly<Record<Request['who'], HttpClient>>;
  beforeAll(async () => {
    bff = await startApp(definition);
    clients = {
      ada: bff.ada,
      anonymous: bff.anonymous,
      forger: await bff.with({ audience: 'urn:somebody:else' }),
      'without scopes': await bff.with({ scope: 'other' }),
    };
  });
  afterAll(() => bff[Symbol.asyncDispose]());

  test.each(endpoints)(
    '$name answers nothing that its openapi.json does not say, and never 5xx',
    async (endpoint) => {
      const statuses = new Set<number>();
      const answersAsDeclared = fc.asyncProperty(requestsFor(checked, endpoint), async (request) => {
        const { who, headers, body } = request;
        const answer = await clients[who].call(endpoint.method.toUpperCase(), urlOf(endpoint, request), {
          headers,
          body,
        });
        statuses.add(answer.status);
        expect(mistakesIn(checked, endpoint, request, answer)).toEqual([]);
      });
      const examples = plainRequests(checked, endpoint).map((request): [Request] => [request]);
      await fc.assert(answersAsDeclared, {
        numRuns: requests,
        examples,
        ...(seed === undefined ? {} : { seed }),
      });
      // Some of them were right, and others were not.
      expect([...statuses].map((status) => Math.floor(status / 100))).toEqual(expect.arrayContaining([2, 4]));
    },
    withinMs,
  );
}
