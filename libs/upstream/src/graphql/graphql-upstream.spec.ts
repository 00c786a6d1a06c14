import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphqlFields, HttpFake, startGraphqlFake } from '@bff/testing';
import { z } from 'zod';
import { GraphqlUpstream } from './graphql-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'graphql-'));
const schemaPath = join(folder, 'schema.graphql');
writeFileSync(
  schemaPath,
  'type Query { title: String, price: Int, stock: Int! } type Mutation { order: Int! }',
);
afterAll(() => rmSync(folder, { recursive: true }));

const Page = z.object({ title: z.string(), price: z.int().nullable() });
const document = '{ title price }';

function coded(code: string): never {
  throw Object.assign(new Error('internal words'), { extensions: { code } });
}

async function open(fields: GraphqlFields) {
  const fake = await startGraphqlFake(schemaPath, fields);
  return { fake, ...openAt(fake) };
}

function openAt(fake: HttpFake) {
  const upstream = new GraphqlUpstream('catalog', { url: fake.url, timeoutMs: 500 }, tellNobody);
  const close = async (): Promise<void> => {
    await upstream.close();
    await fake[Symbol.asyncDispose]();
  };
  return { upstream, [Symbol.asyncDispose]: close };
}

test('data is read by its schema', async () => {
  await using catalog = await open({ title: () => 'Notes', price: () => 24 });
  expect(await catalog.upstream.query(document, {}, Page)).toEqual({ title: 'Notes', price: 24 });
});

test.each([
  ['NOT_FOUND', 'rejected', 'not_found'],
  ['BAD_USER_INPUT', 'rejected', 'invalid'],
  ['CONFLICT', 'rejected', 'conflict'],
  ['UNAUTHENTICATED', 'rejected', 'gateway'],
  ['FORBIDDEN', 'rejected', 'gateway'],
  ['SERVICE_UNAVAILABLE', 'overloaded', undefined],
  ['TIMEOUT', 'timeout', undefined],
  ['INTERNAL_SERVER_ERROR', 'bad_response', undefined],
  ['SOMETHING_NEW', 'bad_response', undefined],
])('an error with the code %s is %s (%s)', async (code, reason, rejection) => {
  await using catalog = await open({ title: () => 'Notes', price: () => coded(code) });
  await expect(catalog.upstream.query(document, {}, Page)).rejects.toMatchObject({
    upstream: 'catalog',
    reason,
    rejection,
  });
});

test('an error without a code, and a document that does not fit the schema, are bad responses', async () => {
  const price = () => {
    throw new Error('internal words');
  };
  await using catalog = await open({ title: () => 'Notes', price });
  await expect(catalog.upstream.query(document, {}, Page)).rejects.toMatchObject({ reason: 'bad_response' });
  await expect(catalog.upstream.query('{ nothing }', {}, Page)).rejects.toMatchObject({
    reason: 'bad_response',
  });
});

test('partial data is given with what is missing, where the schema can do without it', async () => {
  await using catalog = await open({ title: () => 'Notes', price: () => coded('TIMEOUT') });
  expect(await catalog.upstream.queryPartial(document, {}, Page)).toEqual({
    data: { title: 'Notes', price: null },
    missing: [{ path: 'price', reason: 'timeout' }],
  });
});

test('partial data that lacks what the schema demands is the failure behind it', async () => {
  await using catalog = await open({ title: () => coded('NOT_FOUND'), price: () => 24 });
  await expect(catalog.upstream.queryPartial(document, {}, Page)).rejects.toMatchObject({
    reason: 'rejected',
    rejection: 'not_found',
  });
});

test('an answer without data is a bad response', async () => {
  await using catalog = openAt(await HttpFake.start(() => ({ data: null })));
  await expect(catalog.upstream.query(document, {}, Page)).rejects.toMatchObject({ reason: 'bad_response' });
});

test('equal queries in flight are one call, mutations never are', async () => {
  let orders = 0;
  await using catalog = await open({ title: () => 'Notes', price: () => 24, order: () => (orders += 1) });
  await Promise.all([1, 2, 3].map(() => catalog.upstream.query(document, {}, Page)));
  expect(catalog.fake.calls).toHaveLength(1);
  await Promise.all(
    [1, 2, 3].map(() => catalog.upstream.query('mutation { order }', {}, z.object({ order: z.int() }))),
  );
  expect(orders).toBe(3);
});

test('a query is tried again when the service is busy, a mutation is not', async () => {
  await using catalog = await open({ title: () => 'Notes', price: () => 24 });
  await catalog.fake.fails({ as: 'status', status: 503 });
  await expect(catalog.upstream.query(document, {}, Page)).rejects.toMatchObject({ reason: 'overloaded' });
  expect(catalog.fake.calls).toHaveLength(3);
  await expect(catalog.upstream.query('mutation { order }', {}, Page)).rejects.toMatchObject({
    reason: 'overloaded',
  });
  expect(catalog.fake.calls).toHaveLength(4);
});
