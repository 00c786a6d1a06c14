import { z } from 'zod';

/** Decimal text, never a float: `{ amount: "89.00", currency: "GBP" }`. */
export const Money = z
  .object({
    amount: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .meta({ examples: ['89.00'] }),
    currency: z
      .string()
      .length(3)
      .meta({ examples: ['GBP'] }),
  })
  .meta({ id: 'Money', description: 'Decimal text, never a float.' });
export type Money = z.infer<typeof Money>;
