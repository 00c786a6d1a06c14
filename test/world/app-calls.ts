import type { OpenApiDocument } from '@bff/gateway';
import { CheckedDocument, type Endpoint, endpointsOf } from '../conventions/checked-document.js';
import type { AppCall } from './old-app.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly example?: unknown;
}

/** Handed out by the gateway while the app runs: an app has none from before. */
const handedOut = ['cursor', 'since'];

/**
 * The calls of an app that uses everything its contract offers: each method of the typed client with the examples of the
 * document, section by section too, page by page, about what is not there, and for somebody who is not signed in.
 */
export function appCalls(document: OpenApiDocument): AppCall[] {
  const checked = new CheckedDocument(document);
  return endpointsOf(document).flatMap((endpoint) => callsOf(checked, endpoint));
}

function callsOf(checked: CheckedDocument, endpoint: Endpoint): AppCall[] {
  const { document } = checked;
  const { path, operation } = endpoint;
  const parameters = operation.parameters.map((one): Parameter =>
    '$ref' in one ? (resolve(document, one.$ref) as Parameter) : one,
  );
  const own = parameters.filter((one) => ['path', 'query'].includes(one.in) && one.name !== 'fields');
  const given = own.filter(({ name, example }) => !handedOut.includes(name) && (example ?? '') !== '');
  const params = Object.fromEntries(given.map(({ name, example }) => [name, example]));
  const body = checked.bodyExample(endpoint);
  const needsKey = parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key');
  const call = (method: string, key: string, changed: object = {}): AppCall => ({
    method,
    args: [
      ...(own.length > 0 ? [{ ...params, ...changed }] : []),
      ...(body === undefined ? [] : [body]),
      ...(needsKey ? [{ idempotencyKey: `recorded-${key}` }] : []),
    ],
    signedIn: true,
  });
  const method = operation.operationId;
  const inPath = own.filter((one) => one.in === 'path');
  const missing = Object.fromEntries(inPath.map(({ name }) => [name, 'no-such-thing']));
  return [
    call(method, 'whole'),
    ...(isProgressive(endpoint) ? [call(streamOf(method), 'streamed')] : []),
    ...(own.some(({ name }) => name === 'cursor')
      ? [{ ...call(method, 'paged', { limit: 2 }), goesOn: { cursor: 'next' } }]
      : []),
    ...(path.includes('{') ? [call(method, 'missing', missing)] : []),
    ...(operation.security.length > 0 ? [{ ...call(method, 'stranger'), signedIn: false }] : []),
  ];
}

function isProgressive({ operation }: Endpoint): boolean {
  return JSON.stringify(operation.responses).includes('"application/x-ndjson"');
}

function streamOf(method: string): string {
  return `stream${method.replace(/^get/, '').replace(/^./, (first) => first.toUpperCase())}`;
}

function resolve(document: OpenApiDocument, ref: string): unknown {
  const inside = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];
  return ref.split('/').slice(1).reduce(inside, document);
}
