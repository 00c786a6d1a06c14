import { Money, Order, OrderPage } from '@bff/clients';
import { defineView, listOf, required, supporting } from '@bff/views';
import { z } from 'zod';

const OrderRow = Order.pick({ id: true, number: true, status: true, placedAt: true, total: true }).extend({
  items: z.int().meta({ description: 'How many lines it has.', examples: [2] }),
});

const cursorExample = 'b3JkZXJzOmJlZm9yZToyMQ';

/** `cursor` is the `nextCursor` of the page before. */
export const OrderQuery = z.object({
  cursor: z
    .string()
    .max(500)
    .optional()
    .meta({ examples: [cursorExample] }),
});
export type OrderQuery = z.infer<typeof OrderQuery>;

/** My orders, newest first; `nextCursor` is null on the last page. */
export const OrderList = defineView(
  'OrderList',
  {
    found: supporting(OrderPage),
    orders: required(listOf('order', OrderRow)),
    nextCursor: required(
      z
        .string()
        .nullable()
        .meta({ examples: [cursorExample] }),
    ),
  },
  { maxBytes: 5_000, maxUpstreamCalls: 1 },
);

/** The title is null while the catalog cannot be asked, and for products it no longer knows. */
const TitledLine = z.object({
  sku: z.string().meta({ examples: ['BK-1843'] }),
  title: z
    .string()
    .nullable()
    .meta({ examples: ['Notes on the Engine'] }),
  quantity: z.int().meta({ examples: [2] }),
  unitPrice: Money.meta({ examples: [{ amount: '24.50', currency: 'GBP' }] }),
});

export const TitledOrder = OrderRow.omit({ items: true }).extend({ lines: listOf('line', TitledLine) });

/** One order, its lines with the titles of their products. */
export const OrderDetails = defineView(
  'OrderDetails',
  {
    found: supporting(Order),
    titles: supporting(z.record(z.string(), z.string()), { otherwise: {} }),
    order: required(TitledOrder),
  },
  { maxBytes: 4_000, maxUpstreamCalls: 2 },
);
