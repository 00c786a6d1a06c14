import { Order, ProductSummary, User } from '@bff/clients';
import { defineView, listOf, optional, required } from '@bff/views';

const OrderRow = Order.pick({ id: true, number: true, status: true, placedAt: true, total: true });

/** The first screen after sign-in. */
export const Dashboard = defineView(
  'Dashboard',
  {
    user: required(User.pick({ id: true, name: true })),
    orders: optional(listOf('order', OrderRow), { otherwise: [], staleFor: '10m' }),
    recommendations: optional(listOf('product', ProductSummary), { otherwise: [], within: '800ms' }),
  },
  { maxBytes: 6_000, maxUpstreamCalls: 3 },
);
