import { hash } from 'node:crypto';
import type { OpenApiDocument } from '@bff/gateway';
import type { Answer } from '@bff/testing';
import { importGateways } from '../world/gateways.js';
import { type CalledGateway, startCalledGateway } from './callers.js';
import {
  CheckedDocument,
  type Endpoint,
  endpointsOf,
  exampleUrl,
  readRecords,
  successType,
} from './checked-document.js';
import { readJson } from './packages.js';

describe.each(await importGateways())('$name, called as its openapi.json says,', (definition) => {
  const checked = new CheckedDocument(readJson(`apps/${definition.name}/openapi.json`) as OpenApiDocument);
  const endpoints = endpointsOf(checked.document).map((endpoint) => ({
    ...endpoint,
    name: endpoint.operation.operationId,
  }));
  let bff: CalledGateway;
  beforeAll(async () => {
    bff = await startCalledGateway(definition);
  });
  afterAll(() => bff[Symbol.asyncDispose]());

  const call = async (endpoint: Endpoint, accept: string): Promise<Answer> => {
    const { url, headers, body } = await bff.rightRequest(checked, endpoint);
    const options = { headers: { ...headers, accept }, body };
    return successType(endpoint) === 'text/event-stream' && bff.ada.peek !== undefined
      ? bff.ada.peek(url, options)
      : bff.ada.call(endpoint.method.toUpperCase(), url, options);
  };

  test('serves it on the management port', async () => {
    expect((await bff.management.get('/openapi.json')).body).toEqual(checked.document);
  });

  test('shows it to people, on a page that may load nothing but its own style', async () => {
    const { status, headers, text } = await bff.management.get('/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(text) ?? [];
    const styleHash = hash('sha256', style, 'base64');
    expect(headers['content-security-policy']).toContain(
      `default-src 'none'; style-src 'sha256-${styleHash}';`,
    );
    expect(text).not.toMatch(/<script|<link|<img|style=|src=|href="http/);
    for (const { name } of endpoints) expect(text).toContain(`id="${name}"`);
    for (const name of Object.keys(checked.document.components.schemas))
      expect(text).toContain(`id="schema-${name}"`);
  });

  test.each(endpoints)(
    '$name answers what it promises, with no header that it does not',
    async (endpoint) => {
      const type = successType(endpoint);
      const answer = await call(endpoint, 'application/json');
      expect({ status: answer.status, type: typeOf(answer) }).toEqual({ status: answer.status, type });
      const { schema, headers } = checked.promise(endpoint, answer.status, type);
      if (type === 'application/json') expect(checked.mistakesIn(answer.body, schema)).toEqual([]);
      expect(headers).toEqual(expect.arrayContaining(Object.keys(answer.headers).filter(isOfOperation)));
    },
  );

  const progressive = endpoints.filter(({ operation }) => operation['x-view'] !== undefined);
  test.each(progressive)('$name answers what it promises, record by record', async (endpoint) => {
    for (const type of ['application/x-ndjson', 'text/event-stream'] as const) {
      const answer = await call(endpoint, type);
      const { schema } = checked.promise(endpoint, answer.status, type);
      const records = readRecords(answer.text, type);
      expect(records.length).toBeGreaterThan(2);
      for (const record of records) expect(checked.mistakesIn(record, schema)).toEqual([]);
    }
  });

  test.each(endpoints.filter(({ operation }) => operation.security.length > 0))(
    '$name refuses a stranger with a problem as it is described',
    async (endpoint) => {
      const answer = await bff.anonymous.call(endpoint.method.toUpperCase(), exampleUrl(endpoint));
      expect(answer.status).toBe(401);
      const { schema, headers } = checked.promise(endpoint, 401, 'application/problem+json');
      expect(checked.mistakesIn(answer.body, schema)).toEqual([]);
      expect(headers).toEqual(expect.arrayContaining(['x-request-id', 'www-authenticate']));
    },
  );
});

function typeOf({ headers }: Answer): string {
  return String(headers['content-type'] ?? '').replace(/;.*/, '');
}

const ofOperations =
  /^(x-request-id|x-incomplete|etag|cache-control|vary|location|server-timing|traceresponse|ratelimit|retry-after)/;

/** Others are about the connection or about every answer there is. */
function isOfOperation(name: string): boolean {
  return ofOperations.test(name);
}
