import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenApiDocument, RunningGateway } from '@bff/gateway';
import { type SampleBackend, signIn, startSampleBackend } from 'sample-backend';
import { CheckedDocument, type Endpoint, endpointsOf } from '../conventions/checked-document.js';
import { readJson, root } from '../conventions/packages.js';
import { importGateways } from '../world/gateways.js';
import { type AppCall, type CallRecord, type ClientModule, makeCall } from '../world/old-app.js';
import { startSampleGateway } from '../world/sample-gateway.js';
import { whatIsMissing } from '../world/what-is-missing.js';

const folder = 'test/old-apps';
const apps = readdirSync(join(root, folder)).flatMap((name) =>
  readdirSync(join(root, folder, name)).map((version) => ({
    name,
    version,
    path: `${folder}/${name}/${version}`,
  })),
);
const gateways = await importGateways();

describe.each(apps)('the app of $version on today’s $name', ({ name, path }) => {
  const document = readJson(`${path}/openapi.json`) as OpenApiDocument;
  const calls = readJson(`${path}/calls.json`) as (AppCall & CallRecord)[];
  const known = new CheckedDocument(opened(document));
  let backend: SampleBackend;
  let gateway: RunningGateway;
  let client: ClientModule;
  let token: string;
  beforeAll(async () => {
    backend = await startSampleBackend();
    gateway = await startSampleGateway(
      gateways.find((one) => one.name === name)!,
      backend,
    );
    client = (await import(pathToFileURL(join(root, path, 'client/index.js')).href)) as ClientModule;
    token = (await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada' })).accessToken;
  });
  afterAll(async () => {
    await gateway?.close();
    await backend?.close();
  });

  test.each(calls.map((call) => ({ ...call, title: titleOf(call) })))(
    '$title: is answered with everything that it was answered with then',
    async (recorded) => {
      const now = await makeCall(client, recorded, { baseUrl: gateway.url, token });
      expect(now.request).toEqual(recorded.request);
      const { status, type, body } = now.answer;
      expect({ status, type }).toEqual({ status: recorded.answer.status, type: recorded.answer.type });
      const { schema } = known.promise(endpointOf(document, recorded), status, type);
      const answers = type === 'application/x-ndjson' ? (body as unknown[]) : [body];
      expect(answers.flatMap((answer) => known.mistakesIn(answer, schema))).toEqual([]);
      expect(whatIsMissing(recorded.result, now.result)).toEqual([]);
    },
  );
});

test.each([
  [
    'renamed',
    { orders: [{ id: '1', sum: 2 }] },
    ['/orders/0/total: number, now undefined', '/orders[then 0]/total: number, now undefined'],
  ],
  [
    'of another type',
    { orders: [{ id: '1', total: '2' }] },
    ['/orders/0/total: number, now string', '/orders[then 0]/total: number, now string'],
  ],
  ['left out where lists are', { orders: [] }, ['/orders: entries, now none']],
  ['only added to', { orders: [{ id: '1', total: 2, tax: 1 }], more: true }, []],
])('a field that is %s is told', (_, now, told) => {
  expect(whatIsMissing({ orders: [{ id: '1', total: 2 }] }, now)).toEqual(told);
});

function titleOf({ method, args, signedIn }: AppCall): string {
  return `${method}(${args.map((arg) => JSON.stringify(arg)).join(', ')})${signedIn ? '' : ' by a stranger'}`;
}

function endpointOf(document: OpenApiDocument, { request }: CallRecord): Endpoint {
  const path = request.target.replace(/\?.*/, '');
  const isOf = (one: Endpoint): boolean =>
    one.method.toUpperCase() === request.method &&
    new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  return endpointsOf(document).find(isOf)!;
}

/** A document as an app reads it that bears what is new: more fields, and more values where it was told to expect some. */
function opened(document: OpenApiDocument): OpenApiDocument {
  const open = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const schema = { ...value } as Record<string, unknown>;
    if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
    if (schema['x-extensible-enum'] === true) delete schema['enum'];
    return schema;
  };
  return JSON.parse(JSON.stringify(document, open)) as OpenApiDocument;
}
