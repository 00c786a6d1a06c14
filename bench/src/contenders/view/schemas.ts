import { Money, OrderStatus, ProductSummary } from '@bff/clients';
import { z } from 'zod';

/** What both contenders answer with. */
export const User = z.object({ id: z.string(), name: z.string() });
export const Orders = z.array(
  z.object({ id: z.string(), number: z.string(), status: OrderStatus, placedAt: z.string(), total: Money }),
);
export const Products = z.array(ProductSummary);
export const recommendationsWithinMs = 800;
