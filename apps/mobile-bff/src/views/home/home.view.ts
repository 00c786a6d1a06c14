import { Order, ProductSummary, User } from '@bff/clients';
import { defineView, listOf, optional, required } from '@bff/views';

const OpenOrder = Order.pick({ id: true, number: true, status: true, total: true });
const Pick = ProductSummary.pick({ sku: true, title: true, price: true });

/** The first screen of the app: one glance, under 2 KB. */
export const Home = defineView(
  'Home',
  {
    name: required(User.shape.name),
    orders: optional(listOf('order', OpenOrder), { otherwise: [] }),
    picks: optional(listOf('product', Pick), { otherwise: [], within: '800ms' }),
  },
  { maxBytes: 2_000, maxUpstreamCalls: 3, freshFor: '30s' },
);
