import { listOf } from '@bff/views';
import { z } from 'zod';

/** What is ordered. Which products exist and how many one may buy is for the order service to say. */
export const PlaceOrderInput = z.strictObject({
  lines: listOf(
    'line',
    z.strictObject({ sku: z.string().min(1).max(64), quantity: z.int().min(1).max(10_000) }),
  )
    .min(1)
    .max(100),
});
export type PlaceOrderInput = z.infer<typeof PlaceOrderInput>;
