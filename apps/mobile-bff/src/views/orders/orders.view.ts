import { Money, Order, OrderPage, OrderStatus } from '@bff/clients';
import { defineView, required, supporting } from '@bff/views';
import { z } from 'zod';

const defaultLimit = 10;

/** `cursor` is the `next` of the page before. What is sent empty counts as not sent. */
export const OrderQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z
    .literal('')
    .transform(() => defaultLimit)
    .or(z.coerce.number().int().min(1).max(50))
    .default(defaultLimit),
});
export type OrderQuery = z.infer<typeof OrderQuery>;

const OrderRow = z.object({
  id: z.string(),
  number: z.string(),
  status: OrderStatus,
  placedAt: z.string(),
  total: Money,
});

/** My orders, newest first; `next` is null on the last page. */
export const OrderList = defineView('OrderList', {
  found: supporting(OrderPage),
  orders: required(z.array(OrderRow)),
  next: required(z.string().nullable()),
});

/** The title is null while the catalog cannot be asked, and for products it no longer knows. */
const OrderLine = z.object({ sku: z.string(), title: z.string().nullable(), quantity: z.int() });

/** One order, small: what was bought, how much of it, what it came to. */
export const OrderDetails = defineView('OrderDetails', {
  found: supporting(Order),
  titles: supporting(z.record(z.string(), z.string()), { otherwise: {} }),
  order: required(OrderRow.extend({ lines: z.array(OrderLine) })),
});
