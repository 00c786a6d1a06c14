import { Money, OrderStatus, ProductSummary } from '@bff/clients';
import { defineView, listOf, optional, required } from '@bff/views';
import { z } from 'zod';

const OrderRow = z.object({
  id: z.string(),
  number: z.string(),
  status: OrderStatus,
  placedAt: z.string(),
  total: Money,
});

/** The same contract as that of apps/web-bff. */
export const Dashboard = defineView('Dashboard', {
  user: required(z.object({ id: z.string(), name: z.string() })),
  orders: optional(listOf('order', OrderRow), { otherwise: [], staleFor: '10m' }),
  recommendations: optional(listOf('product', ProductSummary), { otherwise: [], within: '800ms' }),
});
