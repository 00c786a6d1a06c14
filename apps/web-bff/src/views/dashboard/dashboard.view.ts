import { Money, OrderStatus, ProductSummary } from '@bff/clients';
import { defineView, optional, required } from '@bff/views';
import { z } from 'zod';

const OrderRow = z.object({
  id: z.string(),
  number: z.string(),
  status: OrderStatus,
  placedAt: z.string(),
  total: Money,
});

/** The first screen after sign-in. */
export const Dashboard = defineView('Dashboard', {
  user: required(z.object({ id: z.string(), name: z.string() })),
  orders: optional(z.array(OrderRow), { otherwise: [] }),
  recommendations: optional(z.array(ProductSummary), { otherwise: [], within: '800ms' }),
});
