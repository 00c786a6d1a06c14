import { Money, OrderStatus } from '@bff/clients';
import { defineView, optional, required } from '@bff/views';
import { z } from 'zod';

const OpenOrder = z.object({ id: z.string(), number: z.string(), status: OrderStatus, total: Money });
const Pick = z.object({ sku: z.string(), title: z.string(), price: Money });

/** The first screen of the app: one glance, under 2 KB. */
export const Home = defineView('Home', {
  name: required(z.string()),
  orders: optional(z.array(OpenOrder), { otherwise: [] }),
  picks: optional(z.array(Pick), { otherwise: [], within: '800ms' }),
});
