import { z } from 'zod';
import { path } from '../path.js';
import { wantsExactIntegers } from './exact-integers.js';
import { openUsers } from './open-users.fixture.js';

test.each([
  [z.object({ id: z.coerce.bigint() }), true],
  [z.array(z.record(z.string(), z.union([z.null(), z.coerce.string().optional()]))), true],
  [z.object({ id: z.coerce.string().transform((id) => `#${id}`) }), true],
  [z.object({ id: z.string(), count: z.int(), at: z.iso.datetime() }), false],
])('%#: a schema has a place for large integers, or not', (schema, wanted) => {
  expect(wantsExactIntegers(schema)).toBe(wanted);
});

test('a schema that contains itself is looked at once', () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree);
    },
  });
  expect(wantsExactIntegers(Tree)).toBe(false);
});

test('integers beyond 2^53 survive where the schema has a place for them, and are refused elsewhere', async () => {
  const body = '{"id":9007199254740993,"ref":-9223372036854775808,"small":7,"price":12.5}';
  await using service = await openUsers((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const get = <S extends z.ZodType>(schema: S) => service.upstream.get(path`/big`, schema);
  const Exact = z.object({
    id: z.coerce.string(),
    ref: z.coerce.bigint(),
    small: z.coerce.bigint(),
    price: z.number(),
  });
  expect(await get(Exact)).toEqual({
    id: '9007199254740993',
    ref: -9_223_372_036_854_775_808n,
    small: 7n,
    price: 12.5,
  });
  await expect(get(z.object({ id: z.int() }))).rejects.toMatchObject({ reason: 'bad_response' });
});
