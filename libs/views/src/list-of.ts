import { z } from 'zod';

/** A list whose items are called `item` where the answer is XML: `listOf('order', OrderRow)`. */
export function listOf<S extends z.ZodType>(item: string, schema: S): z.ZodArray<S> {
  return z.array(schema.meta({ ...schema.meta(), xml: { name: item } })).meta({ xml: { wrapped: true } });
}
