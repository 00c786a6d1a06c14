import { z } from 'zod';
import { Money } from '../money.js';

export const OrderStatus = z.enum(['placed', 'packed', 'shipped', 'delivered', 'cancelled']);
export type OrderStatus = z.infer<typeof OrderStatus>;

const OrderLine = z.object({ sku: z.string(), quantity: z.int(), unitPrice: Money });

/** An order as the screens need it; the service answers with more. */
export const Order = z.object({
  id: z.string(),
  number: z.string(),
  status: OrderStatus,
  placedAt: z.iso.datetime(),
  total: Money,
  lines: z.array(OrderLine),
});
export type Order = z.infer<typeof Order>;

/** `nextCursor` is empty on the last page. */
export const OrderPage = z.object({ orders: z.array(Order), nextCursor: z.string() });
export type OrderPage = z.infer<typeof OrderPage>;
