import { randomUUID } from 'node:crypto';
import { type GatewayDefinition, readOpenApiDocument } from '@bff/gateway';
import type { Answer, Fault } from '@bff/testing';
import { describeOverBudget } from '@bff/views';
import { type Bff, startApp } from '../world/bff.js';
import { importGateways } from '../world/gateways.js';
import { expectNothingInternal } from '../world/nothing-internal.js';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly example?: unknown;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly object[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { $ref: string }>> }>
    >;
  };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly 'x-sections': Readonly<Record<string, { readonly required: boolean }>>;
}

type Examples = Readonly<Record<string, { readonly value: unknown }>>;

/** One route of one gateway that answers with a view, and a call of it that the sample data has an answer to. */
interface Screen {
  readonly name: string;
  readonly definition: GatewayDefinition;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly body: unknown;
}

const screens = (await Promise.all((await importGateways()).map(screensOf))).flat();
const services = ['users', 'orders', 'catalog'] as const;
const faults: readonly (readonly [Fault, string, readonly number[]])[] = [
  [{ as: 'unreachable' }, 'unreachable', [502]],
  [{ as: 'hanging' }, 'timeout', [504]],
  [{ as: 'answer', answer: { orders: [{}] } }, 'bad_response', [502]],
];
const hastily = { 'x-timeout-ms': '400' };

async function screensOf(definition: GatewayDefinition): Promise<Screen[]> {
  const document = await readOpenApiDocument(definition);
  const paths = Object.entries(document.paths) as [string, Record<string, Operation>][];
  return paths.flatMap(([path, operations]) =>
    Object.entries(operations)
      // What is no view has no sections.
      .filter(([, operation]) => 'x-sections' in operation)
      .map(([method, operation]) => ({
        name: `${definition.name} ${method.toUpperCase()} ${path}`,
        definition,
        method: method.toUpperCase(),
        path: fill(path, operation.parameters ?? []),
        operation,
        body: bodyOf(operation, document.components.examples),
      })),
  );
}

function fill(path: string, parameters: readonly Parameter[]): string {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (filled, { name, example }) => filled.replace(`{${name}}`, encodeURIComponent(String(example))),
      path,
    );
}

/** The example of the body; the documents keep examples among their components. */
function bodyOf({ requestBody }: Operation, examples: Examples): unknown {
  const [example] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  return examples[example?.$ref.split('/').at(-1) ?? '']?.value;
}

const call = (bff: Bff, { method, path, body }: Screen, headers = {}, query = ''): Promise<Answer> =>
  bff.ada.call(method, path + query, {
    headers: { 'idempotency-key': randomUUID(), ...headers },
    body,
  });

type Reports = Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;
const reportsOf = ({ body }: Answer): Reports =>
  (body as { _meta?: { sections?: Reports } })?._meta?.sections ?? {};

test('there are views to try', () => {
  expect(screens.length).toBeGreaterThan(10);
});

describe.each(screens)('$name', (screen) => {
  const { definition, operation } = screen;
  const isPublic = operation.security?.length === 0;

  test('answers the sample data whole, within its budgets, and without what the view does not name', async () => {
    await using bff = await startApp(definition);
    const answer = await call(bff, screen);
    expect(Object.keys(operation.responses)).toContain(String(answer.status));
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers['x-incomplete']).toBeUndefined();
    expectNothingInternal(bff, answer);
    expect([...bff.gateway.views.overBudget].map(({ worst }) => describeOverBudget(worst))).toEqual([]);
  });

  test('is for nobody without a token, unless it is public', async () => {
    await using bff = await startApp(definition);
    const { status } = await bff.anonymous.call(screen.method, screen.path, { body: screen.body });
    expect(status === 401).toBe(!isPublic);
  });

  test('refuses fields that it does not have, with those that it has, and an empty body', async () => {
    await using bff = await startApp(definition);
    const answer = await call(bff, screen, {}, '?fields=no-such-field');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      detail: expect.stringMatching(/^The fields of this endpoint are: \w/),
    });
    if (screen.body === undefined) return;
    const calls = services.map((service) => bff[service].calls.length);
    expect((await call(bff, { ...screen, body: {} })).status).toBe(400);
    expect(services.map((service) => bff[service].calls.length)).toEqual(calls);
  });

  test('with a service missing, hanging or lying is partial where it can be, and a problem where it cannot', async () => {
    await using bff = await startApp(definition);
    await call(bff, screen);
    const used = services.filter((service) => bff[service].calls.length > 0);
    for (const service of used)
      for (const [fault, reason, statuses] of faults) {
        await using world = await startApp(definition);
        await world[service].fails(fault);
        const answer = await call(world, screen, hastily);
        const what = `${service} ${fault.as}`;
        expectNothingInternal(world, answer);
        if (answer.status >= 300) {
          expect({ what, status: statuses.includes(answer.status) }).toEqual({ what, status: true });
          continue;
        }
        const failed = Object.entries(reportsOf(answer)).filter(([, { status }]) => status !== 'ok');
        expect({ what, failed: failed.length > 0 }).toEqual({ what, failed: true });
        for (const [section, report] of failed) {
          expect({ what, section, reason: report.reason }).toEqual({ what, section, reason });
          expect(operation['x-sections'][section]?.required ?? false).toBe(false);
        }
        expect(answer.headers['x-incomplete']).toBe(failed.map(([section]) => section).join(', '));
      }
  }, 30_000);
});
