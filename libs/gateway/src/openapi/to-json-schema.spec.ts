import { z } from 'zod';
import { toJsonSchema } from './to-json-schema.js';

test('an integer says how wide it is; one of any size has no limits', () => {
  const schema = z.object({ small: z.int32(), safe: z.int(), large: z.bigint() });
  expect(toJsonSchema(schema, 'output')['properties']).toEqual({
    small: { type: 'integer', format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    safe: {
      type: 'integer',
      format: 'int64',
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
    },
    large: { type: 'integer', format: 'int64' },
  });
});

test('a list says what its items are called in XML', () => {
  const named = z.array(z.string()).meta({ xml: { name: 'tag' } });
  const lists = toJsonSchema(z.object({ tags: z.array(z.string()), named }), 'output')['properties'];
  expect(lists).toMatchObject({ tags: { xml: { wrapped: true }, items: { xml: { name: 'item' } } } });
});
