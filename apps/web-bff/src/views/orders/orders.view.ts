import { Money, Order, OrderPage, OrderStatus } from '@bff/clients';
import { defineView, required, supporting } from '@bff/views';
import { z } from 'zod';

const OrderRow = z.object({
  id: z.string(),
  number: z.string(),
  status: OrderStatus,
  placedAt: z.string(),
  total: Money,
  items: z.int(),
});

/** `cursor` is the `nextCursor` of the page before. */
export const OrderQuery = z.object({ cursor: z.string().max(500).optional() });
export type OrderQuery = z.infer<typeof OrderQuery>;

/** My orders, newest first; `nextCursor` is null on the last page. */
export const OrderList = defineView('OrderList', {
  found: supporting(OrderPage),
  orders: required(z.array(OrderRow)),
  nextCursor: required(z.string().nullable()),
});

/** The title is null while the catalog cannot be asked, and for products it no longer knows. */
const TitledLine = z.object({
  sku: z.string(),
  title: z.string().nullable(),
  quantity: z.int(),
  unitPrice: Money,
});

export const TitledOrder = OrderRow.omit({ items: true }).extend({ lines: z.array(TitledLine) });

/** One order, its lines with the titles of their products. */
export const OrderDetails = defineView('OrderDetails', {
  found: supporting(Order),
  titles: supporting(z.record(z.string(), z.string()), { otherwise: {} }),
  order: required(TitledOrder),
});
