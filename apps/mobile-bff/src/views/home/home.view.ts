import { Order, ProductSummary, User } from '@bff/clients';
import { defineView, listOf, optional, required } from '@bff/views';

const OpenOrder = Order.pick({ id: true, number: true, status: true, total: true });
const Pick = ProductSummary.pick({ sku: true, title: true, price: true }).extend({
  imageUrl: ProductSummary.shape.imageUrl.optional(),
});

/**
 * The first screen of the app: one glance, under 2 KB. Picks have images where the device tells of a network that bears
 * them, larger ones on a fast one, and there are three in place of six where it tells of a slow one.
 */
export const Home = defineView(
  'Home',
  {
    name: required(User.shape.name),
    orders: optional(listOf('order', OpenOrder), { otherwise: [] }),
    picks: optional(listOf('product', Pick), { otherwise: [], within: '800ms' }),
  },
  { maxBytes: 2_000, maxUpstreamCalls: 3, freshFor: '30s' },
);
