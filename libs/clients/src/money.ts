import { z } from 'zod';

/** Decimal text, never a float: `{ amount: "89.00", currency: "GBP" }`. */
export const Money = z.object({
  amount: z.string().regex(/^-?\d+(\.\d+)?$/),
  currency: z.string().length(3),
});
export type Money = z.infer<typeof Money>;
