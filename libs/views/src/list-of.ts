import { z } from 'zod';

/** A list whose items are called `item` where the answer is XML: `listOf('order', OrderRow)`. */
export function listOf<S extends z.ZodType>(item: string, schema: S): z.ZodArray<S> {
  // An id names one schema: its variant in this list is another one.
  const { id: _, ...described } = schema.meta() ?? {};
  return z.array(schema.meta({ ...described, xml: { name: item } })).meta({ xml: { wrapped: true } });
}
