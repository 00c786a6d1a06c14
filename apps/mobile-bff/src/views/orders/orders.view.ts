import { Order, OrderPage } from '@bff/clients';
import { countQuery, defineView, listOf, required, supporting } from '@bff/views';
import { z } from 'zod';

const cursorExample = 'kuxmVRcDSwgk0cXyDqNBu29yZGVyczpiZWZvcmU6MjE';

/** `cursor` is the `next` of the page before. What is sent empty counts as not sent. */
export const OrderQuery = z.object({
  cursor: z
    .string()
    .max(500)
    .optional()
    .meta({ examples: [''] }),
  limit: countQuery({ most: 50, otherwise: 10 }),
});
export type OrderQuery = z.infer<typeof OrderQuery>;

const OrderRow = Order.pick({ id: true, number: true, status: true, placedAt: true, total: true });

/** My orders, newest first; `next` is null on the last page. */
export const OrderList = defineView(
  'OrderList',
  {
    found: supporting(OrderPage),
    orders: required(listOf('order', OrderRow)),
    next: required(
      z
        .string()
        .nullable()
        .meta({ examples: [cursorExample] }),
    ),
  },
  { maxBytes: 3_000, maxUpstreamCalls: 1 },
);

/** The title is null while the catalog cannot be asked, and for products it no longer knows. */
const OrderLine = z.object({
  sku: z.string().meta({ examples: ['BK-1843'] }),
  title: z
    .string()
    .nullable()
    .meta({ examples: ['Notes on the Engine'] }),
  quantity: z.int().meta({ examples: [2] }),
});

/** One order, small: what was bought, how much of it, what it came to. */
export const OrderDetails = defineView(
  'OrderDetails',
  {
    found: supporting(Order),
    titles: supporting(z.record(z.string(), z.string()), { otherwise: {} }),
    order: required(OrderRow.extend({ lines: listOf('line', OrderLine) })),
  },
  { maxBytes: 2_000, maxUpstreamCalls: 2 },
);
